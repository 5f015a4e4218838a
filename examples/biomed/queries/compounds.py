"""Words that a hyphen makes one: "steroid-free", which is not about steroids, "anti-VEGF", which is no VEGF, "DAPA-HF", a study. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..terms.everyday import PEOPLE
from ..terms.find import Found, find
from ..terms.rows import spelt_out
from ..words import STOPWORDS, word_set

_FREE = re.compile(r"(?<![\w-])[A-Za-z]\w+-free\b(?!-)", re.IGNORECASE)
_AGAINST = re.compile(
    r"(?<![\w-])(?i:anti)-(?![A-Z][a-z]{3,}\b)(?=[A-Za-z]*[A-Z0-9])[A-Za-z]\w*(?:-[A-Z]?\d+\w*)?(?![\w-])"
)
"""``anti-VEGF``, ``anti-IL-17``: against what is written with capitals or numbers."""
_CODE = re.compile(r"(?<![\w-])([A-Z](?=[A-Z0-9]*[A-Z])[A-Z0-9]+)(?:-[A-Z0-9]\w*)+(?![\w-])")
"""``DAPA-HF``, ``HOPE-3``, ``PGT-A``: a study or a test that is called so."""
_APART = re.compile(
    r"(?<![\w-])(?:out-of-(?:hours|hospital|home|school|pocket|clinic|office)|trauma-(?:focus+ed|informed|sensitive))\b(?!-)",
    re.IGNORECASE,
)
"""Who is treated out of hours is not asked about hours, and a trauma that a therapy is focused on is no wound."""
_ACTING = ("antibod*", "inhibit*", "antagon*", "block*")
_NEXT: Final = re.compile(r"\s+(\w+)")


def made_of(text: str, names: list[Found]) -> list[Found]:
    """The names, and each such compound in place of the names in it; a longer name that has it stays."""
    against = [] if text.isupper() else [*_AGAINST.finditer(text)]
    for match in (*_FREE.finditer(text), *_APART.finditer(text), *against):
        start, end = match.span()
        is_known = any(one.start <= start and end <= one.end for one in names)
        if is_known or (_FREE.fullmatch(match[0]) and people_after(text, end)):
            continue
        within = [one for one in names if start < one.start < end]
        if match in against and any(one.kind == "condition" or one.end > end for one in within):
            continue  # "anti-HIV", "anti-GBM disease"
        names = [one for one in names if one.end <= start or one.start >= end]
        names.append(Found(start, end, match[0], "topic", match[0], "", (), ""))
    if not text.isupper():
        names = _with_codes(text, names)
    return sorted(names, key=lambda one: one.start)


def _codes(text: str, names: list[Found]) -> Iterator[Found]:
    """The codes that no name has, and of whose beginning nothing is known: "HIV-TB" are two things."""
    for match in _CODE.finditer(text):
        start, end = match.span()
        is_known = any(one.start <= start < one.end for one in names)
        if not is_known and not find(match[1]) and not spelt_out(match[1]):
            yield Found(start, end, match[0], "topic", match[0], "", (), "")


def _with_codes(text: str, names: list[Found]) -> list[Found]:
    """The names and the codes, each in place of the names that are part of it: of "DAPA-HF" no heart failure."""
    codes = [*_codes(text, names)]
    kept = [one for one in names if not any(code.start < one.start < code.end for code in codes)]
    return [*kept, *codes]


_FREE_APART = re.compile(
    r"(?<![\w-])(?P<what>[A-Za-z]{3,})(?P<space> )free(?= (?!of\b|from\b|or\b|and\b|in\b|on\b|to\b|is\b|are\b|versus\b|vs\b)[A-Za-z]{3,}|\W*$)",
    re.IGNORECASE,
)
_SAYS = re.compile(r"^\W*(?:is|are|was|were)\s+(?:the |an? )?$", re.IGNORECASE)


def hyphenated(text: str) -> str:
    """The text with "sugar free gum" as "sugar-free gum": what is free of a thing is not about it.

    "Free" stays apart where what follows is called so, "plasma free fatty acids", and where it is what is asked: "is insulin free?".
    """
    for match in reversed([*_FREE_APART.finditer(text)]):
        start, place = match.start(), match.end() - len("free")
        if match["what"].lower() in STOPWORDS or match["what"].lower() in _FLUIDS:
            continue
        names = find(text)
        is_named = any(one.start == place or one.start <= start < place < one.end for one in names)
        if is_named or _SAYS.match(text[:start]):
            continue
        text = f"{text[: match.start('space')]}-{text[match.end('space') :]}"
    return text


_FLUIDS = word_set(
    "plasma serum blood urine urinary fasting circulating total release cells bound become becomes increase reduce measure"
)
"""In these something is free: "serum free testosterone"."""


def people_after(text: str, place: int) -> bool:
    """Whether people stand right at ``place``: "insulin-free patients" are without insulin."""
    after = _NEXT.match(text, place)
    return after is not None and after[1].lower() in PEOPLE


def is_against(text: str) -> bool:
    """Whether it is what acts against something: "anti-VEGF" is a medicine or an antibody, and no growth factor."""
    return _AGAINST.fullmatch(text) is not None


def code(text: str) -> list[str]:
    """What a study or a test is called, as PubMed finds it, ``"DAPA HF"[tiab]``: mapped to nothing, and no word of it alone; else nothing."""
    is_known = any(one.text == text for one in find(text))
    return [f'"{text.replace("-", " ")}"[tiab]'] if _CODE.fullmatch(text) and not is_known else []


def quoted(text: str) -> list[str]:
    """A compound as PubMed finds it as a phrase, by its words apart it is any "free": ``"steroid free"``; of what acts against something also its target beside what acts; else nothing."""
    words = text.replace("-", " ").lower()
    if _FREE.fullmatch(text) or _APART.fullmatch(text):
        return [f'"{words}"']
    if not is_against(text):
        return []
    what = words.partition(" ")[2]
    target = f'"{what}"' if " " in what else what
    return [f'"{words}"', f"({target} AND ({' OR '.join(_ACTING)}))"]
