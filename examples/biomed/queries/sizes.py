"""How many should take part in a question's trials: "at least 500 participants", "n > 200", "100-500 patients". Without I/O.

A number is read once. Two years with a dash are a time whatever follows them ("2022-2024, adults"); a number right
before those who take part is none ("in 2000 patients"); and an age is no size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .identifiers import IDENTIFIERS

_TAKING_PART = r"(?:participants|patients|subjects|people|persons|enrolled|enrollees|volunteers|adults|children|women|men)"
UNITS = r"(?:[mkµμn]?g|mcg|m?l|iu|[mcnkµμ]m|units?|kcal|kb|hours?|days?|weeks?|months?|years?|yrs?)"
_NOT_MEASURED = rf"(?![\d.])(?!\s*%)(?!(?:\s*|-){UNITS}\b)"
_DIGITS = r"(\d{1,3}(?:,\d{3})+|\d+)"
_NUMBER = rf"{_DIGITS}{_NOT_MEASURED}"
_NOUN = (
    rf"\s+(?:(?!{UNITS}\b|(?:in|for|of|on|with|among|and|or|from|to)\b)[\w-]+ )?{_TAKING_PART}\b"
)
"""Who takes part, with one word before: "diabetic patients"."""
_TO = r"\s*(?:-|–|to|and)\s*"
_NOT_YEARS = r"(?!(?:19|20)\d\d\s*(?:-|–|to|and|until|through)\s*(?:19|20)\d\d\b)"
_MORE, _LESS = (
    r"(?:at least|more than|over|above|greater than|larger than|exceeding|minimum(?: of)?|no (?:fewer|less) than)",
    r"(?:at most|fewer than|less than|under|below|up to|smaller than|maximum(?: of)?|no more than)",
)
_SAMPLE = r"(?:(?:sample |study |trial )?sizes?|n)"
_TAKEN = r"(?:enrol+ments?|participants)"
_OLD = r"(?:over|above|under|below|older than|younger than)"
"""What an age is bounded by too: "participants over 65"."""
_BOUND = r"\s*(?:(?:of|is|was)\s+)?"

_RANGES = re.compile(
    rf"(?<!phase )(?<!phases )(?<!aged )(?<!ages )(?<![\d.,-])\b(?:between\s+)?{_NOT_YEARS}{_NUMBER}{_TO}{_NUMBER}{_NOUN}(?!\s+aged)"
    rf"|\b{_SAMPLE}\s*(?:of\s+|=\s*)?(?:between\s+|from\s+)?{_NUMBER}{_TO}{_NUMBER}"
    rf"|\b{_TAKEN}\s*(?:of\s+)?(?:between\s+|from\s+)?{_NOT_YEARS}(?!\d{{1,2}}\b){_NUMBER}{_TO}{_NUMBER}",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    rf"(?:\b{_LESS}\s*|(?:<=?|≤)\s*){_NUMBER}{_NOUN}|{_DIGITS} or (?:fewer|less){_NOUN}"
    rf"|\b{_SAMPLE}{_BOUND}(?:{_LESS}\s*|(?:<=?|≤)\s*){_NUMBER}"
    rf"|\b{_TAKEN}{_BOUND}(?:(?!{_OLD}\s+\d\d?\b){_LESS}\s*|(?:<=?|≤)\s*){_NUMBER}",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    rf"(?:\b(?:{_MORE}|with|enrol+ing|recruiting)\s*|(?:>=?|≥)\s*){_NUMBER}\+?{_NOUN}(?!\s+(?:years|aged))|{_DIGITS} or more{_NOUN}"
    rf"|\b{_SAMPLE}{_BOUND}(?:{_MORE}\s*|(?:>=?|≥)\s*){_NUMBER}"
    rf"|\b{_TAKEN}{_BOUND}(?:(?!{_OLD}\s+\d\d?\b){_MORE}\s*|(?:>=?|≥)\s*){_NUMBER}",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"\b(?:in|of)\s+{_DIGITS}\s+(?:(?:healthy|adult|older|elderly|young|obese|diabetic|male|female)\s+)?{_TAKING_PART}\b",
    re.IGNORECASE,
)
"""A number of people that bounds nothing."""


def enrollment(text: str) -> tuple[int | None, int | None]:
    """How many participants there should be at least and at most."""
    text = IDENTIFIERS.sub(" ; ", text)
    if match := _RANGES.search(text):
        least, most = sorted(_numbers(match))
        return least, most
    most_ = _first(_AT_MOST.search(text))
    return _first(_AT_LEAST.search(_AT_MOST.sub(" ", text))), most_


def without_sizes(text: str) -> str:
    """The text without how many take part."""
    for rule in (_RANGES, _AT_MOST, _AT_LEAST):
        text = rule.sub(" ; ", text)
    return _COUNTED.sub(lambda match: match[0].replace(match[1], ""), text)


def with_sizes_masked(text: str) -> str:
    """The text with everything but its numbers of people: they are neither ages nor years. As long as it was."""
    for rule in (_RANGES, _AT_MOST, _AT_LEAST, _COUNTED):
        text = rule.sub(lambda match: re.sub(r"\d", "#", match[0]), text)
    return text


def _numbers(match: re.Match[str]) -> Iterator[int]:
    return (int(one.replace(",", "")) for one in match.groups() if one)


def _first(match: re.Match[str] | None) -> int | None:
    return next(_numbers(match), None) if match else None
