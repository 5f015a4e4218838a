"""Ages, times, doses and levels in a question and in a text, and whether a text holds on those that are asked for. Without I/O.

A finding on another of them, however near, is no answer to the one that is asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from .speaking import LEVEL

Kind = Literal["age", "time", "dose", "level"]
Held = Literal["", "same", "other"]
"""Whether a text holds on what is asked for, or on another; empty where it does not say."""


class Bounds(NamedTuple):
    """A range of ages in years, of times in hours, of doses in milligrams, or of levels in their unit, both ends included."""

    kind: Kind
    least: float
    most: float
    text: str
    """As it is written: ``after 3 hours``."""
    unit: str = ""
    """Of a level: ``µg/g``; levels in two units do not meet."""


_N = r"(\d+(?:\.\d+)?)"
_TO = r"(?:\s*[-–]\s*|\s+(?:to|and|through)\s+)"
_OF_YEARS = r"(?:[- ]?years?(?:[- ]olds?| of age)?)?(?!\s*(?:%|mg\b|weeks?\b|months?\b|days?\b|hours?\b|minutes?\b|\d|[.,]\d))"
_WHO = r"(?:adults?|children|people|patients|women|men|those|persons|participants|infants|adolescents|boys|girls|individuals|subjects|aged?|ages)"
_AGED = rf"\b{_WHO}(?: aged| ages| who (?:are|were))?"
_OVER, _UNDER = r"(?:older than|over(?: the age of)?|above(?: the age of)?|≥|>)", r"(?:younger than|under(?: the age of)?|below(?: the age of)?|<)"  # fmt: skip
_YEARS_OLD = r"[- ]years?(?: of age|[- ]olds?)\b"
_AGES: Final = (
    (re.compile(rf"(?:{_AGED} (?:of |between |from )?{_N}{_TO}{_N}{_OF_YEARS}|\b{_N}{_TO}{_N}[- ]years?[- ](?:olds?|of age)\b)", re.IGNORECASE), "between"),
    (re.compile(rf"(?:{_AGED} {_OVER} ?{_N}\b{_OF_YEARS}|\b{_OVER} {_N}{_YEARS_OLD}|\b(?:over|above) the age of {_N}\b|\b(?:aged? )?{_N}(?:[- ]years?(?: of age)?)? (?:and|or) (?:older|over|above)\b)", re.IGNORECASE), "over"),
    (re.compile(rf"(?:{_AGED} {_UNDER} ?{_N}\b{_OF_YEARS}|\b{_UNDER} {_N}{_YEARS_OLD}|\b(?:under|below) the age of {_N}\b|\b(?:aged? )?{_N}(?:[- ]years?(?: of age)?)? (?:and|or) (?:younger|under|below)\b)", re.IGNORECASE), "under"),
    # One age is a range of a year: the 50-year-olds are not among those "aged 60 or older".
    (re.compile(rf"(?<![\d.-]){_N}-years?-olds?\b", re.IGNORECASE), "at"),
)  # fmt: skip
_LITTLE: Final = r"\b(?:infants?|bab(?:y|ies)|newborns?|neonates?|toddlers?|children|boys|girls|those|aged?|ages)(?: who (?:are|were)| aged)?(?: of| between| from)?"
_IN_MONTHS: Final = re.compile(
    rf"{_LITTLE} (?:(?P<over>{_OVER})|(?P<under>{_UNDER}))? ?{_N}(?:{_TO}{_N})? ?(?P<unit>months?|weeks?)\b(?: of age| old)?(?! (?:after|before|of (?!age)|later|follow))",
    re.IGNORECASE,
)
"""The ages of the youngest, "infants younger than 3 months"."""
_IN_A_YEAR: Final = {"m": 12.0, "w": 52.0}
_HOURS: Final = {
    "mi": 1 / 60,
    "h": 1.0,
    "hr": 1.0,
    "ho": 1.0,
    "da": 24.0,
    "we": 168.0,
    "mo": 730.0,
    "ye": 8760.0,
}
_TIME = re.compile(
    rf"\b(?P<how>after|beyond|later than|more than|within|before|at|by|for|first)?\s?(?:the first )?(?<![\d.,-]){_N}(?:{_TO}{_N})?[- ](?P<unit>minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?|years?)\b(?!/)",
    re.IGNORECASE,
)
_LATER = frozenset(["after", "beyond", "later than", "more than"])
_EARLIER = frozenset(["within", "before", "first"])
_MG: Final = {"g": 1000.0, "mg": 1.0, "mcg": 0.001, "µg": 0.001, "μg": 0.001}
_DOSE = re.compile(
    rf"(?P<how>(?:more|greater|higher) than |over |above |exceeding |>\s?|≥\s?|at least |less than |lower than |below |under |<\s?|≤\s?|up to |at most )?"
    rf"(?<![\d.,-]){_N}(?:{_TO}{_N})?[- ]?(?P<unit>mg|mcg|µg|μg|g)\b(?!/(?:d?l|g|ml)\b)"
    r"(?P<then>(?: ?(?:/|per|a|each) ?d(?:ay)?| daily)? or (?:less|lower|below|under|more|higher|above|over)\b)?",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    rf"(?P<how>(?:more|greater|higher) than |over |above |exceeding |>\s?|≥\s?|at least |less than |lower than |below |under |<\s?|≤\s?|up to |at most )?"
    rf"(?<![\d.,-]){_N}(?:{LEVEL.pattern})(?:(?: \w+)? (?:or|and|versus|vs\.?|than|to)(?: at)? {_N}\b(?! ?[\w%/]))?",
    re.IGNORECASE,
)
"""A cut-off or what is measured, "at 150 µg/g than at 10": an amount in an amount."""
_AND_LESS = re.compile(r"\b(?:less|lower|below|under|up to|at most)\b|[<≤]", re.IGNORECASE)


def bounds_of(text: str) -> tuple[Bounds, ...]:
    """The ages, times and doses that a text names."""
    found: list[Bounds] = []
    left = text
    for match in _IN_MONTHS.finditer(left):
        unit = _IN_A_YEAR[match["unit"][0].lower()]
        numbers = [float(one) / unit for one in (match[3], match[4]) if one]
        least = 0.0 if match["under"] else numbers[0]
        most = math.inf if match["over"] else numbers[-1]
        found.append(Bounds("age", least, most, match[0]))
    left = _IN_MONTHS.sub(lambda match: " " * len(match[0]), left)
    for rule, way in _AGES:
        for match in rule.finditer(left):
            numbers = [float(one) for one in match.groups() if one]
            least, most = (
                (numbers[0], numbers[-1])
                if way == "between"
                else (numbers[0], math.inf)
                if way == "over"
                else (0.0, numbers[0])
                if way == "under"
                else (numbers[0], numbers[0])
            )
            found.append(Bounds("age", least, most, match[0]))
        left = rule.sub(lambda match: " " * len(match[0]), left)
    left = re.sub(rf"{_N}[- ]years?[- ](?:olds?|of age)", " ", left)
    for match in _TIME.finditer(left):
        found.append(_time(match))
    for match in _DOSE.finditer(left):
        found.append(_dose(match))
    for match in _LEVEL.finditer(left):
        found += _levels(match)
    return tuple(found)


def _levels(match: re.Match[str]) -> list[Bounds]:
    unit = match[3].lower().replace("μ", "µ").replace("mcg", "µg")
    level, how = float(match[2]), match["how"] or ""
    least, most = (
        (0.0, level) if how and _AND_LESS.search(how) else (level, math.inf if how else level)
    )
    text = f"{how}{match[2]} {match[3]}"
    found = [Bounds("level", least, most, text, unit)]
    if other := match[4]:
        found.append(Bounds("level", float(other), float(other), f"{other} {match[3]}", unit))
    return found


def _dose(match: re.Match[str]) -> Bounds:
    unit = _MG[match["unit"].lower()]
    least, most = float(match[2]) * unit, float(match[3] or match[2]) * unit
    how = f"{match['how'] or ''}{match['then'] or ''}"
    if how and not match[3]:
        least, most = (0.0, most) if _AND_LESS.search(how) else (least, math.inf)
    return Bounds("dose", least, most, match[0].strip())


def _time(match: re.Match[str]) -> Bounds:
    unit = _HOURS[match["unit"][:2].lower()]
    least, most = float(match[2]) * unit, float(match[3] or match[2]) * unit
    how = (match["how"] or "").lower()
    if how in _LATER and not match[3]:
        most = math.inf
    if how in _EARLIER and not match[3]:
        least = 0.0
    return Bounds("time", least, most, match[0].strip())


def held(text: str, wanted: Bounds) -> Held:
    """Whether a text holds on a range: it names that or a part of it, or only others that do not meet it."""
    own = [one for one in bounds_of(text) if (one.kind, one.unit) == (wanted.kind, wanted.unit)]
    if any(_is_within(one, wanted) for one in own):
        return "same"
    return "other" if own and not any(_meets(one, wanted) for one in own) else ""


def is_of_others(text: str, wanted: Sequence[Bounds]) -> bool:
    """Whether a text holds on other ages, times, doses or levels than those asked for; of two of a kind, "at 10 than at 150", one is enough."""
    return any(rank > 0 for rank in ranks_of(text, wanted))


def ranks_of(text: str, wanted: Sequence[Bounds]) -> list[int]:
    """How a text stands to each kind of range that is asked for, by the one that it is nearest to."""
    kinds = dict.fromkeys(one.kind for one in wanted)
    return [min(RANK[held(text, one)] for one in wanted if one.kind == kind) for kind in kinds]


def _is_within(one: Bounds, wanted: Bounds) -> bool:
    if wanted.kind == "time" and math.isinf(one.most) != math.isinf(wanted.most):
        # "At 5 years" is what "after 5 years" asks, too; "at 6" is not.
        return wanted.least == one.least
    return wanted.least <= one.least * 1.02 and one.most <= wanted.most * 1.02


def _meets(one: Bounds, wanted: Bounds) -> bool:
    if one.kind == "age" and not (one.least and wanted.least):
        # Those under 50 have none of the men of 50 to 74.
        return one.least < wanted.most and wanted.least < one.most
    return one.least <= wanted.most and wanted.least <= one.most


RANK: Final[dict[str, int]] = {"same": -1, "": 0, "other": 1}


def told_of_other_bounds(
    quoted: Sequence[str], texts: Sequence[str], wanted: Sequence[Bounds]
) -> tuple[str, list[str]]:
    """What to know first of quoted sentences, as Markdown, and on which ranges that were asked for they are not.

    Args:
        quoted: The sentences.
        texts: The whole texts that they are of.
        wanted: What was asked for.
    """
    notes, lost = [], []
    for one in wanted:
        ways = [held(text, one) for text in quoted]
        if ways and all(way == "other" for way in ways):
            lost.append(one.text)
            notes.append(
                f"**Nothing was found for {_quoted(one)}.** What is quoted is on another {one.kind}."
            )
        elif ways and "same" not in ways and all(held(text, one) == "other" for text in texts):
            notes.append(f"**The sources do not report {_quoted(one)} apart.**")
    return " ".join(notes), lost


def _quoted(one: Bounds) -> str:
    """As Markdown."""
    return '"' + re.sub(r"[<>_*]", lambda match: f"\\{match[0]}", one.text) + '"'
