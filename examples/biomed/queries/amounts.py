"""Amounts and lengths of time that are compared: "5 versus 10 days", "81 mg vs 325 mg", "weekly or every three weeks". Without I/O.

A number by itself is no word of a search; one of two that are compared is what is asked.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ..terms.names import singular
from ..words import word_set

IN_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fourteen": 14, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
"""Numbers as they are written in words."""
_OF_NUMBER = {number: word for word, number in IN_WORDS.items()}
_UNITS = (
    r"(?:days?|weeks?|months?|years?|hours?|hrs?|h|minutes?|mins?|seconds?|mg|mcg|[µμ]g|g|kg|ml|iu|units?|mmhg|mm hg|mmol|cm|mm|gy|%|percent|"
    r"fractions?|doses?|cycles?|sessions?|courses?|injections?|shots?|tablets?|pills?|visits?|stents?|ports?|vessels?|embryos?|times|drugs?|"
    r"weekly|monthly|daily|hourly|stages?|layers?|lumens?|steps?|agents?|samples?|cores?)"
)
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{'|'.join(IN_WORDS)})"
_AMOUNT = re.compile(
    rf"(?<![\w.,-])(?P<before>every |below |under |above |over |less than |more than |[<>≤≥] ?)?(?P<number>{_NUMBER})(?:(?:\s|-)?(?P<unit>{_UNITS})(?!\w))?(?![\w.])",
    re.IGNORECASE,
)
_KINDS = re.compile(
    r"\b(?:types?|stages?|grades?|phases?|class|category|groups?|level|factor|covid|omega|interleukin|complement|vitamin|chromosome|aged?|ages|n|"
    r"pages?|numbers?|in|since|until|before|after|from|by)[ -]$",
    re.IGNORECASE,
)
"""Before a number that names a kind, an age or a year."""
_THEN = r"(?:an? |the |only |just |for |with |after |at |lasting |of |giving |using )*"
_BETWEEN = re.compile(
    rf"\b(?:versus|vs\.?|compared (?:to|with)|rather than|instead of|or|as (?:good|well|effective|safe|efficacious) as|"
    rf"(?:better|worse|safer|inferior|superior|equivalent|similar|comparable|non-?inferior)(?: \w+)? (?:than|to)|than|against)\s+{_THEN}$",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:at|within|in|aged?|over|past|last|next|after|first)\s+$", re.IGNORECASE)
"""Before them stands when something was looked at, either way."""
_FAR = 70
"""Characters between two amounts that are still compared: "5 days of amoxicillin as good as 10 days"."""
_ALSO_AS = {"day": (7, "week"), "month": (12, "year")}
"""How many make one of another unit."""


class Amount(NamedTuple):
    """One side of a comparison."""

    start: int
    end: int
    words: str
    """``5 days``, ``every 3 weeks``."""
    also: tuple[str, ...]
    """How else it is written."""


class _Part(NamedTuple):
    start: int
    end: int
    before: str
    number: str
    unit: str


def compared(text: str, words: tuple[str, ...] = ()) -> Iterator[Amount]:
    """The amounts that a question compares, in its order.

    Args:
        text: The question.
        words: Words that an amount may be compared with as well: ``weekly``.
    """
    found = [
        _part(one) for one in _AMOUNT.finditer(text) if not _KINDS.search(text, 0, one.start())
    ]
    given: set[int] = set()
    for first, second in pairwise(found):
        unit = _shared_unit(text, first, second)
        if unit:
            for one in (first, second):
                if one.start not in given:
                    given.add(one.start)
                    yield _amount(one, one.unit or unit)
    if not words:
        return
    before, behind = _beside(words)
    for one in found:
        if (
            one.unit
            and one.start not in given
            and (before.search(text, 0, one.start) or behind.match(text, one.end))
        ):
            yield _amount(one, one.unit)


@functools.cache
def _beside(words: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How one of these words stands before an amount that it is compared with, and after it."""
    word, joined = (
        rf"\b(?:{'|'.join(words)})",
        r"\s+(?:versus|vs\.?|or|rather than|instead of|compared (?:to|with))\s+",
    )
    return (
        re.compile(rf"{word}(?: \w+)?{joined}{_THEN}$", re.IGNORECASE),
        re.compile(rf"{joined}{word}\b", re.IGNORECASE),
    )


def is_amount(words: str) -> bool:
    """Whether words are such a side."""
    match = _AMOUNT.fullmatch(words)
    return match is not None and bool(match["unit"])


def _part(match: re.Match[str]) -> _Part:
    return _Part(
        match.start(), match.end(), (match["before"] or "").strip().lower(), match["number"].lower(), (match["unit"] or "").lower()
    )  # fmt: skip


def _shared_unit(text: str, first: _Part, second: _Part) -> str:
    """The unit that both are measured in; empty where the two are not compared."""
    between = text[first.end : second.start]
    unit = first.unit or second.unit
    if not unit or len(between) > _FAR or re.search(r"[;?!]|\. ", between):
        return ""
    if first.unit and second.unit and _dimension(first.unit) != _dimension(second.unit):
        return ""
    match = _BETWEEN.search(between)
    if match is None:
        return ""
    is_beside = not between[: match.start()].strip(" ,")
    if not is_beside and not (first.unit and second.unit):
        return ""
    if match[0].lower().startswith("or") and (not is_beside or _AT.search(text, 0, first.start)):
        return ""
    return unit


def _dimension(unit: str) -> str:
    one = singular(unit)
    for kind in (
        ("day", "week", "month", "year", "hour", "hr", "h", "minute", "min", "second"),
        ("mg", "mcg", "µg", "μg", "g", "kg"),
    ):
        if one in kind or unit in kind:
            return kind[0]
    return one


def _amount(part: _Part, unit: str) -> Amount:
    one = unit if unit in _SHORT else singular(unit)
    value = part.number.replace(",", "")
    number = IN_WORDS.get(value, int(value) if value.isdigit() else 0)
    before = "every " if part.before == "every" else ""
    names = list(_written(before, value, number, one))
    if one in _ALSO_AS and not before:
        many, other = _ALSO_AS[one]
        if number and number % many == 0:
            names += _written("", str(number // many), number // many, other)
    if before and f"{one}ly" in _REPEATED:
        names += _written("", value, number, f"{one}ly")
    if one in _REPEATED:
        names += _written("every ", value, number, _REPEATED[one])
    return Amount(part.start, part.end, names[0], tuple(dict.fromkeys(names[1:])))


_SHORT = word_set(
    "h hr hrs min mins mg mcg µg μg g kg ml iu mmhg mm hg mmol cm mm gy % percent times"
)
"""Units that have no plural of their own."""
_TIGHT = word_set("h mg mcg µg μg g kg ml iu gy")
"""Units that are also written without a space."""
_REPEATED = {"weekly": "week", "monthly": "month", "hourly": "hour"}


def _written(before: str, value: str, number: int, unit: str) -> Iterator[str]:
    is_counted = unit not in _SHORT and not unit.endswith("ly")
    units = dict.fromkeys([f"{unit}s", unit] if is_counted and number != 1 else [unit])
    in_words = value if unit in _SHORT else _OF_NUMBER.get(number, value)
    for one in dict.fromkeys([value, str(number) if number else value, in_words]):
        for written in units:
            yield f"{before}{one} {written}"
            if one.isdigit() and written in _TIGHT:
                yield f"{before}{one}{written}"
