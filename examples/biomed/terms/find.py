"""Names in a text: the longest first, each with what it is called and its MeSH heading."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..vocabulary import CLASS_PATTERNS
from ..words import STOPWORDS
from .abbreviations import WORDS
from .brands import BRANDS, OTHER_NAMES
from .broad import DISEASE_TAILS, GENERAL, GENERAL_TREES, NO_MEDICINES, PEOPLES, SILENT, TAKEN
from .english import is_english
from .lay import FELT
from .lay_names import NOT_BEFORE
from .names import Kind, Name, Names, key_of, load, unturned
from .readings import READINGS, is_a_unit, is_shouted
from .rows import KEPT, has_capitals, rows_of, spelt_out
from .showing import shown, synonyms_of

LONGEST = 8
"""Words of a name."""
_WORD = re.compile(r"[^\W_]+(?:['’]s\b)?")


@dataclass(frozen=True)
class Found:
    """A name in a text."""

    start: int
    end: int
    text: str
    kind: Kind
    name: str
    """As a reader would write it: ``type 2 diabetes``, ``semaglutide``."""
    heading: str
    synonyms: tuple[str, ...]
    """A few, the shortest first, without those that only differ in form."""
    id: str
    branches: frozenset[str] = frozenset()
    """Of MeSH, by their letters: ``C`` for diseases."""


def find(text: str, *, general: bool = False) -> list[Found]:
    """All names in ``text``, from left to right; none overlaps another.

    Args:
        text: A question.
        general: Also those that name what research does ("evidence-based practice").
    """
    return list(_found(text, general))


@functools.lru_cache(maxsize=256)
def _found(text: str, general: bool) -> tuple[Found, ...]:
    """One question is looked through a dozen times, for its concepts, its aspects and its notes."""
    return tuple(_find(text, load(), general))


def _find(text: str, names: Names, general: bool) -> Iterator[Found]:
    words = list(_WORD.finditer(text))
    classes = list(_classes(text))
    place = 0
    while place < len(words):
        found = _longest(text, words, place, names, general)
        start = words[place].start()
        of_class = next((one for one in classes if one.start == start), None)
        if of_class is not None and (found is None or found.end <= of_class.end):
            found = of_class
        found = found or _tailed(text, words, place, names)
        if found is None:
            place += 1
            continue
        yield found
        place = next(
            (n for n in range(place, len(words)) if words[n].start() >= found.end), len(words)
        )


def _longest(
    text: str, words: list[re.Match[str]], place: int, names: Names, general: bool
) -> Found | None:
    for last in range(min(len(words), place + LONGEST), place, -1):
        start, end = words[place].start(), words[last - 1].end()
        found = _named(text, start, end, names, general)
        if found is not None:
            return found
    return None


def _classes(text: str) -> Iterator[Found]:
    """Drug classes, as questions write them."""
    for name, rule in CLASS_PATTERNS.items():
        for match in re.finditer(rule, text, re.IGNORECASE):
            yield Found(match.start(), match.end(), match[0], "drug", name, "", (), name)


def _tailed(text: str, words: list[re.Match[str]], place: int, names: Names) -> Found | None:
    """A disease the table does not have, by its last word: ``Phelan-Somebody syndrome``."""
    for last in range(min(len(words), place + 4) - 1, place, -1):
        run = words[place : last + 1]
        written = text[run[0].start() : run[-1].end()]
        if (
            run[-1][0].lower() in DISEASE_TAILS
            and re.fullmatch(r"[\w'’ -]+", written)
            and not any(word[0].lower() in SILENT or word[0].isdigit() for word in run[:-1])
            and not any(
                _longest(text, words, later, names, general=False)
                for later in range(place + 1, last)
            )
        ):
            return Found(run[0].start(), run[-1].end(), written, "condition", written, "", (), "")
    return None


def _named(text: str, start: int, end: int, names: Names, general: bool) -> Found | None:
    written = text[start:end]
    if not _may_name(written, names):
        return None
    if written in READINGS and is_a_unit(text, start, end):
        return None
    if _WORD_AND_NUMBER.fullmatch(written):
        return None
    if (other := NOT_BEFORE.get(written.lower())) and other.match(text, end):
        return None
    if written.isupper() and written.lower() in WORDS and text.isupper() and " " in text.strip():
        return None
    if written.lower() in STOPWORDS and (not spelt_out(written) or is_shouted(text, start, end)):
        return None
    target = spelt_out(written, text)
    rows = rows_of(written, names, target)
    key = key_of(written)
    if len(key) <= 4 and written.isupper() and not text.isupper():
        # "CAR" among small letters is an abbreviation, and no car.
        rows = tuple(row for row in rows if row.kind == "gene" or has_capitals(written, row))
    if not rows:
        return None
    # "Vitamin D" is the heading of that name before it is a synonym of a medicine.
    row = min(rows, key=lambda one: (not _is_heading(one, key), _ORDER[one.kind]))
    kind, name = row.kind, shown(row, written, target)
    if kind == "topic" and key in _OF_MEDICINES:
        kind, name = "drug", unturned(row.name).lower()
    elif kind == "topic" and (row.heading in TAKEN or any(one.kind == "drug" for one in rows)):
        kind = "drug"
    if row.heading in FELT:
        kind = "condition"
    if kind == "drug" and key not in _OF_MEDICINES and is_english(written.lower()):
        # A word of English that MeSH has no substance of is food, "lamb", and no brand either, "calypso".
        if row.id.startswith("DB"):
            kind = "topic"
        elif row.supplement and key_of(row.name) != key:
            return None
    if kind in ("drug", "condition") and not target and _too_general(key, row):
        kind = "topic"
    if not general and not target and _says_little(written, kind, row):
        return None
    branches = frozenset(tree[:1] for tree in row.trees)
    synonyms = synonyms_of(row, key, name)
    # What is listed twice, as a medicine and under a heading, is one thing.
    heading = row.heading or next((one.heading for one in rows if one.heading), "")
    return Found(start, end, written, kind, name, heading, synonyms, row.id, branches)


@functools.lru_cache(KEPT)
def _may_name(written: str, names: Names) -> bool:
    """Whether words that stand together are a name in some text; most are in none."""
    if _APART.search(written):
        return False
    return bool(spelt_out(written) or written in READINGS or rows_of(written, names, None))


_APART = re.compile(r"[;:.?!()\[\]]|,(?! ?type)")
_WORD_AND_NUMBER = re.compile(r"(?:an?|at|by|to|in|on|of|for) \d+")
"""Of "at 150 than at 10" no AT-10, and of "than a 10-day course" no A 10, though medicines are called so."""


def _is_heading(row: Name, key: str) -> bool:
    return bool(row.heading) and key_of(unturned(row.name)) == key


def _says_little(written: str, kind: Kind, row: Name) -> bool:
    if row.trees and all(one.startswith(PEOPLES) for one in row.trees):
        return True
    if kind == "topic" and all(
        word in GENERAL or word in SILENT for word in re.split(r"[\s-]+", written.lower())
    ):
        return True
    return (
        kind != "drug"
        and bool(row.trees)
        and all(one.startswith(GENERAL_TREES) for one in row.trees)
    )


_ORDER = {"drug": 0, "condition": 1, "topic": 2, "gene": 3}


def _too_general(key: str, row: Name) -> bool:
    return key in GENERAL or (row.kind == "drug" and (key in NO_MEDICINES or len(key) < 4))


_OF_MEDICINES = frozenset(key_of(one) for one in (*BRANDS, *OTHER_NAMES))
