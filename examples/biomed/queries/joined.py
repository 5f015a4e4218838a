"""What "and", "or" and commas join to a thing that is left out: of "without diabetes, obesity or insulin" all three. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..terms.everyday import EVERYDAY, PEOPLE
from ..terms.find import Found
from ..words import STOPWORDS

JOINED = re.compile(
    r"\s*(?:,\s*(?:and/or|or|nor|and)\b|\band/or\b|,|/|\bor\b|\bnor\b)\s*", re.IGNORECASE
)
AND = re.compile(
    r"\s*,?\s*(?:\b(?!(?-i:AND))and\b|\bas well as\b|\bplus\b|&|\+)\s*(?:(?:a|an|any|the|other)\s+)*",
    re.IGNORECASE,
)
"""Joins a thing to the one before it: who is without both is without each."""
_BETWEEN = re.compile(r"\b(?:between|both)\b[^,;:.?]*$", re.IGNORECASE)
"""Before them stands what takes the "and": "between the absence of hypertension and stroke"."""
_ITEM_ENDS = re.compile(r"\s*(?:$|[,;:.?)]|(?:and/or|and|or|nor)\b)", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:[\w'’-]+(?: (?!and\b|or\b|nor\b)[\w'’-]+){0,3}, ?)*(?!and\b|or\b|nor\b)[\w'’-]+(?: (?!and\b|or\b|nor\b)[\w'’-]+){0,3},? (?:and/or|and|or|nor)\b",
    re.IGNORECASE,
)
"""Things with commas between them, and the "and" or "or" that closes their list."""
_GO_ON = re.compile(r"\s+(?:with|who|on|in|taking|having)\b", re.IGNORECASE)
PEOPLE_LAST = re.compile(
    r"\b(?:adults?|children|kids|infants?|newborns?|adolescents?|teenagers?|seniors|elderly|women|men|(?:fe)?males?|boys|girls)\s*$",
    re.IGNORECASE,
)
_MORE_PEOPLE = re.compile(
    r"(?:(?:pregnant|lactating|breast-?feeding|nursing|young|younger|old|older|elderly|adult|male|female|preterm|premature|newborn) )*"
    r"(?:adults?|children|kids|infants?|newborns?|adolescents?|teenagers?|seniors|elderly|women|men|(?:fe)?males?|boys|girls)\b"
    r"(?!\s+(?:with|who|on|in|taking|having)\b)",
    re.IGNORECASE,
)


def is_left_out(name: Found) -> bool:
    """Whether a name is a thing that people have or take: a study with it is then not meant."""
    return name.kind in ("drug", "condition") or bool(name.branches & frozenset("CD"))


def listed(
    text: str,
    start: int,
    end: int,
    comma: re.Match[str] | None,
    names: Sequence[Found],
    *,
    is_closed: bool,
) -> int | None:
    """Where another thing stands that a comma or "and" joins to what is left out; None where there is none. `is_closed`: the list
    had its "and" or "or", so that a comma after it ends the phrase.
    """
    if comma is None:
        return _also(text, start, end, names)
    if is_closed:
        return None
    place = comma.end()
    within = [one for one in names if start <= one.start < end]
    name = next((one for one in names if one.start == place), None)
    if name is None or not within:
        return place if _GOES_ON.match(text, place) else None
    # "In adults without diabetes, exercise" and "without diabetes, semaglutide" go on with what is asked about.
    if not is_left_out(name) or _is_taken(name) != _is_taken(within[-1]):
        return None
    return place if _ITEM_ENDS.match(text, name.end) or _GOES_ON.match(text, place) else None


_NEXT = re.compile(r" ([a-z]{4,})\b(?!-)")


def _tells(word: str) -> bool:
    return word not in STOPWORDS and word not in EVERYDAY and word not in PEOPLE


def _is_taken(name: Found) -> bool:
    return name.kind == "drug" or "D" in name.branches


def _also(text: str, start: int, end: int, names: Sequence[Found]) -> int | None:
    """Where another thing stands that "and" joins to what is left out; None where the "and" begins something else."""
    joined = AND.match(text, end)
    if joined is None or _BETWEEN.search(text, 0, start):
        return None
    place = joined.end()
    if PEOPLE_LAST.search(text, start, end):
        people = _MORE_PEOPLE.match(text, place)
        return place if people else None
    name = next((one for one in names if one.start == place), None)
    if name is None:
        return None
    # "Not type 2 diabetes and insulin pumps" asks about the pumps.
    behind = _NEXT.match(text, name.end)
    within = [one for one in names if start <= one.start < end]
    if behind and within and _is_taken(name) != _is_taken(within[-1]) and _tells(behind[1]):
        return None
    # Nobody has a procedure as they have a disease: "without diabetes and bariatric surgery" wants that.
    has_disease = any(one.kind == "condition" for one in names if start <= one.start < end)
    is_done = not has_disease and "E" in name.branches
    are_people = "M" in name.branches and not _GO_ON.match(text, name.end)
    return place if is_left_out(name) or is_done or are_people else None
