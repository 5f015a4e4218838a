"""Names and words in PubMed's syntax: what is left of foreign text, and all forms of each telling word. Source: PubMed Help ("Truncation")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..terms.word_forms import family, other_number, truncated, without_covered
from ..words import STOPWORDS

MOST_FORMS = 4
"""Of one word of a name: ``lung*``, ``pulmonary``, ``pneumon*``."""

_RESERVED = str.maketrans(dict.fromkeys('"[]()*:{}', " "))


def finds(form: str, word: str) -> bool:
    """Whether a form, cut off or whole, finds a word."""
    return word.startswith(form[:-1]) if form.endswith("*") else word == form


_OUT_OF = re.compile(r"\b(out of \w+)")
"""What is out of hospital is in none: its words stand together."""


def words_of_a_name(name: str) -> list[str]:
    """Its telling words, in their order."""
    found = _OUT_OF.split(plain(name).lower())
    return [
        word
        for place, part in enumerate(found)
        for word in ([part] if place % 2 else part.split())
        if word not in STOPWORDS
    ]


def all_words(name: str) -> list[str]:
    """All telling words of a name in any order and form: ``((gastr* OR stomach) AND (cancer* OR neoplasm*))``.

    A letter or number by itself tells nothing: it stays with the word beside it, ``("type 1" AND diabet*)``.
    """
    units = _units(words_of_a_name(name))
    if not 1 < len(units) <= 4:
        return []
    forms_of_units = [[f'"{one}"'] if " " in one else forms_in_a_name(one) for one in units]
    whole = {one: truncated(one) for one in units if " " not in one}
    # "Rheumatoid arthritis": what is found by the other word is no form of this one.
    kept = [
        [
            form
            for form in forms
            if not any(finds(form, other) for other in whole if other != one)
            or form == whole.get(one)
        ]
        for one, forms in zip(units, forms_of_units, strict=True)
    ]
    return [f"({' AND '.join(map(any_of, kept))})"] if all(kept) else []


def _units(words: Sequence[str]) -> list[str]:
    """The words, each letter and number together with the word before it, or, at the beginning, after it."""
    units: list[str] = []
    for word in words:
        is_bare = len(word) == 1 or word.isdigit()
        if units and (is_bare or units == [one for one in units if len(one) == 1 or one.isdigit()]):
            units[-1] = f"{units[-1]} {word}"
        else:
            units.append(word)
    return units


def forms_in_a_name(word: str) -> list[str]:
    """What finds a word of a name: itself, cut off, and its family."""
    return without_covered([truncated(word), *other_number(word), *family(word)])[:MOST_FORMS]


def plain(text: str) -> str:
    """Foreign text as search words: nothing of PubMed's syntax is left in it."""
    text = re.sub(r"['’]s\b", "", text)
    words = text.translate(_RESERVED).replace("-", " ").split()
    return " ".join(word.lower() if word in ("AND", "OR", "NOT") else word for word in words)


def any_of(parts: Sequence[str]) -> str:
    """The parts joined by OR, in parentheses where there are several."""
    return "".join(parts) if len(parts) < 2 else f"({' OR '.join(parts)})"


def distinct(parts: Iterable[str]) -> list[str]:
    """The parts without those that differ in nothing but case, in their order."""
    seen: dict[str, str] = {}
    for part in parts:
        if part:
            seen.setdefault(part.lower(), part)
    return list(seen.values())
