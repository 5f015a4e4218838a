"""The two sides of a comparison in everyday words: "early vs late surgery", "high-dose or low-dose aspirin". Without I/O.

Such words name no topic by themselves and are not searched for; where they are compared, they are what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..words import word_set


class Side(NamedTuple):
    """One side of a comparison."""

    start: int
    end: int
    words: str
    """``early``, ``low dose``."""
    also: tuple[str, ...]
    """What else it is called."""


_CALLED = {
    "early": ("immediate", "prompt"),
    "immediate": ("early", "prompt"),
    "late": ("delayed", "later"),
    "delayed": ("late", "deferred"),
    "short": ("shorter",),
    "long": ("longer", "prolonged"),
    "intensive": ("aggressive", "tight"),
    "liberal": ("higher threshold",),
    "restrictive": ("lower threshold",),
    "standard": ("conventional", "usual"),
    "conventional": ("standard", "traditional"),
}
_WORDS = frozenset(_CALLED) | word_set(
    "earlier later deferred prompt high higher low lower moderate medium intermediate shorter longer prolonged "
    "aggressive conservative invasive noninvasive open closed single double dual triple multiple once twice daily weekly monthly "
    "complete partial full reduced half fixed variable flexible continuous intermittent active passive direct indirect "
    "elective emergency urgent planned primary secondary initial upfront sequential simultaneous regular routine selective universal"
)
_MEASURES = (
    r"(?:dos(?:e|es|ing|age)|term|risk|intensity|volume|frequency|course|duration|flow|fat|carb|carbohydrate|protein|sodium|salt|fiber|fibre|"
    r"calorie|energy|pressure|income|threshold|grade|level|dosage|target|stage|onset|daily|weekly|monthly|agent|therapy)"
)
_WORD = r"[A-Za-z]{3,}"
_SIDE = rf"({_WORD})(?:[- ]({_MEASURES}))?"
_COMPARED = re.compile(
    rf"\b{_SIDE}(?:[ ]{_WORD}){{0,3}}?\s+(versus|vs\.?|compared (?:to|with)|or|rather than|instead of|"
    rf"(?:is |are )?(?:better|worse|safer|superior|inferior|more \w+|less \w+) (?:than|to))\s+(?:an? |the )?{_SIDE}\b(?![- ]?{_WORD}-)",
    re.IGNORECASE,
)


_EITHER = re.compile(r"\b(?:in|with|at|during|for)\s+(?:an? |the )?$", re.IGNORECASE)
"""Before them stands what is meant either way: "in early or late disease"."""


def told_apart(text: str) -> Iterator[int]:
    """Where the second sides begin of the comparisons that "or" makes: "early or late tracheostomy" asks which."""
    for match in _compared(text):
        if match[3].lower() == "or" and not _EITHER.search(text, 0, match.start()):
            yield match.start(4)


def sides(text: str) -> Iterator[Side]:
    """The sides of each comparison that are such words, in order; of "conservative vs surgical" the first."""
    for match in _compared(text):
        first, measure, _, second, other = match.groups()
        known = [one.lower() in _WORDS for one in (first, second)]
        shared = measure or other or ""
        if known[0]:
            yield _side(match.start(1), match.end(2 if measure else 1), first, measure or shared)
        if known[1]:
            yield _side(match.start(4), match.end(5 if other else 4), second, other or shared)


def is_side(words: str) -> bool:
    """Whether words are such a side: what is compared is still to be named."""
    match = _SIDE_ALONE.fullmatch(words)
    return match is not None and match[1].lower() in _WORDS


_SIDE_ALONE = re.compile(_SIDE, re.IGNORECASE)


def _compared(text: str) -> Iterator[re.Match[str]]:
    for match in _COMPARED.finditer(text):
        first, measure, between, second, other = match.groups()
        known = [one.lower() in _WORDS for one in (first, second)]
        if (first.lower(), measure) == (second.lower(), other) or not any(known):
            continue
        if between.lower() == "or" and not all(known):
            continue
        if between.lower() == "or" and match.end(2 if measure else 1) + 1 < match.start(3):
            continue  # "early surgery in adults or late": too far apart for a choice
        yield match


def _side(start: int, end: int, word: str, measure: str) -> Side:
    word, measure = word.lower(), measure.lower()
    words = f"{word} {measure}".strip()
    also = tuple(f"{one} {measure}".strip() for one in _CALLED.get(word, ()))
    return Side(start, end, words, also)
