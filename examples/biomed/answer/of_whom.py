"""Of whom a source is: on the people that a question is about, on them among others, on others. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ..records import Record
from ..sentences import sentences
from .populations import POPULATIONS, Population, plain

_GROUPS: Final = {
    group: frozenset().union(*(one.headings for one in POPULATIONS if one.group == group))
    for group in {one.group for one in POPULATIONS}
}
_TOLD_APART = ("age", "sex", "species")
"""Of these MeSH's indexers tag each article: one that has other tags of the group is not of them."""
_USUAL = ("adults", "humans")
"""What a source is of that says nothing else."""
_YEARS = re.compile(r"(\d+) (year|month|week|day)", re.IGNORECASE)
_A_YEAR = {"year": 1.0, "month": 12.0, "week": 52.0, "day": 365.0}
ON, AMONG, NOT = 2, 1, 0
"""A source is on them, has them among others and reports of all together, is of others."""


def speaks_of(record: Record, wanted: Sequence[Population]) -> int:
    """Whether a record is :data:`ON` one of them, has them :data:`AMONG` others, or is of others: :data:`NOT`."""
    return max(_of(record, one) for one in wanted)


def others(record: Record, wanted: Sequence[Population]) -> list[str]:
    """Whom of the same group it is of instead, as far as it says; at most two."""
    group = wanted[0].group
    found = [
        one.name
        for one in POPULATIONS
        if one.group == group and one not in wanted and _of(record, one, strictly=True) > NOT
    ]
    return found[:2] if len(found) < 4 else []


def _of(record: Record, one: Population, *, strictly: bool = False) -> int:
    if record["type"] == "trial" and (taken := _taken(record, one)) is not None:
        return taken
    times = _mentions(record, one)
    tags = _GROUPS[one.group] & frozenset(record.get("keywords", []))
    if tags & one.headings:
        is_on = times or one.name in _USUAL or tags <= one.headings
        return ON if is_on else AMONG
    if one.name in _USUAL and not strictly:
        # They are meant where nobody else is named.
        rest = [each for each in POPULATIONS if each.group == one.group and each != one]
        named = bool(tags) or any(_mentions(record, each) for each in rest)
        return ON if (times and not tags) or not named else NOT
    if tags and one.group in _TOLD_APART:
        # What the indexers did not see is named in passing.
        is_titled = has_title(record) and one.said.search(plain(record["title"]))
        return ON if times > 1 or is_titled else NOT
    return ON if times else NOT


def has_title(record: Record) -> bool:
    """Whether its title is one, and not the text's first sentence in its place."""
    return not record.get("text", "").startswith(record["title"].rstrip("…"))


def _mentions(record: Record, one: Population) -> int:
    """In how many places a record names them."""
    places: Iterable[str] = (
        record["title"] if has_title(record) else "",
        *sentences(record.get("text", "")),
        record.get("outcome", ""),
        *record.get("conditions", []),
        *(record.get("keywords", []) if one.group not in _TOLD_APART else ()),
    )
    return sum(one.said.search(plain(place)) is not None for place in places)


def _taken(record: Record, one: Population) -> int | None:
    """Of a trial whether its registry lets them take part; None where that says nothing."""
    if one.group == "sex" and (sex := record.get("sex", "").upper()):
        only = {"women": "FEMALE", "men": "MALE"}[one.name]
        return ON if sex == only else AMONG if sex in ("ALL", "BOTH") else NOT
    if one.years is None or not (ages := record.get("ages", "")):
        return None
    bounds = [int(n) / _A_YEAR[unit.lower()] for n, unit in _YEARS.findall(ages)]
    if not bounds:
        return None
    least = 0.0 if ages.startswith("up to") else bounds[0]
    most = 120.0 if ages.startswith("from") else bounds[-1]
    first, last = one.years
    if least > last or most < first:
        return NOT
    return ON if first - 1 <= least and most <= last + 1 else AMONG
