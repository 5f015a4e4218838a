"""How much a text says: numbers in digits and in words, shares of people, ratios, times. Without I/O.

"Two thirds", "67%" and "10 of 15" are one share; a hazard ratio of 0.5 halves a risk, and one of 0.68 makes it a third less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from ..sentences import sentences

_ONES = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {name: place + 1 for place, name in enumerate(_ONES)}
_LARGE = {name: 10 * (place + 2) for place, name in enumerate(_TENS)}
_TEN, _ONE = "|".join(_TENS), "|".join(_ONES[:9])
_WORD = re.compile(
    rf"\b(?:(?P<ten>{_TEN})(?:[- ](?P<one>{_ONE}))?|(?P<small>{'|'.join(_ONES)}))\b(?![- ](?:thirds?|quarters?|fifths?|tenths?)\b)",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"[- ](?:percent|per cent|%|in \w+|of \d|out of|fold|times|days?|weeks?|months?|years?|hours?)\b", re.IGNORECASE)  # fmt: skip
"""What stands behind a word that is a number, and no mere "the two groups"."""

_PARTS: Final = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_FRACTION = re.compile(
    r"\b(?:(?P<many>a|an|one|two|three|four|1|2|3|4)[- ])?(?P<part>half|thirds?|quarters?|fifths?|tenths?)\b(?=\s+(?:of|the|as|less|more|fewer|lower|higher|reduction|increase|had|were|among|in|with|for|by|to|and)\b|\s*[.,;)]|\s*$)",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(?<![\d.])(\d+(?:[.·]\d+)?)\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_OF = re.compile(
    r"(?<![\d.,/])(\d[\d,]*)(?: \w+)?(?: \([\d.]+\s?%\))?\s?(?:of|out of|/)\s?(?:the )?(\d[\d,]*)(?![\d./%])"
)
_ONE_IN = re.compile(r"\b(1|one|\d) (?:\w+ )?in (?:every )?(\d{1,3})\b(?!\.\d|%)", re.IGNORECASE)
_RATIO = re.compile(
    r"(?:\b(?:a?HR|a?OR|a?RR|IRR|SIR|SMR)\b|\b(?:hazard|odds|risk|rate|incidence)[- ]?(?:rate )?ratios?\b|\brelative risk\b)(?:\s*\([^()\d]*\))?[\s,:=]*(?:of |was )?(\d+(?:[.·]\d+)?)",
    re.IGNORECASE,
)
_TIMES: Final = (
    (re.compile(r"\bhalv(?:e[sd]?|ing)\b|\bby half\b|\bhalf (?:as|the (?:risk|rate|odds))\b", re.IGNORECASE), 0.4, 0.6),
    (re.compile(r"\bdoubl(?:e[sd]?|ing)\b|\btwice\b|\b(?:two|2)-?fold\b", re.IGNORECASE), 1.7, 2.7),
    (re.compile(r"\btripl(?:e[sd]?|ing)\b|\b(?:three|3)-?fold\b|\bthree times\b", re.IGNORECASE), 2.6, 3.6),
)  # fmt: skip
_TIME = re.compile(r"\b(\d+(?:[.·]\d+)?|a|an|one)[- ](day|week|month|year)s?\b", re.IGNORECASE)
_DAYS: Final = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0}
_NEAR = 0.12
"""How far what is said in words may be from a number, as a share of it."""
_ROUNDED = 2.0
"""Points by which a share may be rounded that a text calls rounded: "about 30%" of 31."""
_ABOUT = re.compile(r"\b(?:about|around|approximately|roughly|nearly|almost|some|close to|circa|over|under)\s+$", re.IGNORECASE)  # fmt: skip
_POINTS = 3.0
"""The same in points of a hundred."""


def in_digits(text: str, *, counted: bool = False) -> str:
    """A text with its numbers in digits; ``counted``: only those that count something."""

    def digits(match: re.Match[str]) -> str:
        is_whole = re.search(r" in (?:every )?$", text[: match.start()]) is not None
        if counted and not is_whole and not _COUNTS.match(text, match.end()):
            return match[0]
        if match["small"]:
            return str(_SMALL[match["small"].lower()])
        return str(_LARGE[match["ten"].lower()] + _SMALL.get((match["one"] or "").lower(), 0))

    return _WORD.sub(digits, text)


def tells_amount(text: str) -> bool:
    """Whether a text says how much: a share, a part or a multiple."""
    rules = (_SHARE, _FRACTION, _ONE_IN, *(rule for rule, _, _ in _TIMES))
    return any(rule.search(text) for rule in rules)


def parts_as_shares(text: str) -> str:
    """A text with its parts in percent: "half of the patients" are 50 % of them."""

    def share(match: re.Match[str]) -> str:
        found = next(_fractions(f"{match[0]} of"), None)
        return match[0] if found is None else f"{found:.0f} %"

    return _FRACTION.sub(share, text)


def without_said_otherwise(claim: str, source: str) -> str:
    """A claim without the shares and times that its source gives in another way: what is left has to be there as it stands.

    Both with their numbers in digits.
    """
    known = [*shares(source), *_changes(source)]
    times = [*_times(source)]

    def share(match: re.Match[str]) -> str:
        value = _number(match[1])
        decimals = len(match[1].replace("·", ".").partition(".")[2])
        is_round = value % 5 == 0 and _ABOUT.search(claim[: match.start()]) is not None
        near = _ROUNDED if is_round else 0.5 * 10**-decimals + 0.05
        is_known = any(abs(value - one) <= near for one in known)
        return " " if is_known else match[0]

    def time(match: re.Match[str]) -> str:
        days = _days(match)
        return " " if any(abs(days - one) <= 0.03 * one for one in times) else match[0]

    return _ONE_IN.sub(" ", _TIME.sub(time, _SHARE.sub(share, claim)))


def is_as_much(claim: str, source: str) -> bool:
    """Whether a source has the parts and multiples that a claim says in words: "a third", "one in nine", "halved".

    Both with their numbers in digits.
    """
    known = [*shares(source), *_changes(source, is_less=_LESS.search(claim) is not None)]
    of_people = [*shares(source, alone=True)]
    if any(
        not any(_is_near(value, one) for one in of_people) for value in _fractions(claim, of=True)
    ):
        return False
    for value in (*_fractions(claim), *_in_so_many(claim)):
        if not any(_is_near(value, one) for one in known):
            return False
    ratios = [*_ratios(source)]
    return all(
        not rule.search(claim) or rule.search(source) or any(low <= one <= high for one in ratios)
        for rule, low, high in _TIMES
    )


def _is_near(value: float, one: float) -> bool:
    return abs(value - one) <= max(_POINTS, _NEAR * value)


_IS_CHANGE = re.compile(
    r"\s?(?:\w+ )?(?:less|more|fewer|lower|higher|greater|reduc\w+|increas\w+|decreas\w+|declin\w+|relative|improve\w+)\b|\s?(?:CI\b|confidence)",
    re.IGNORECASE,
)


def shares(text: str, *, alone: bool = False) -> Iterator[float]:
    """Each share that a text gives, in percent; ``alone``: without those that are how much something changed."""
    yield from (
        _number(one[1])
        for one in _SHARE.finditer(text)
        if not alone or not _IS_CHANGE.match(text, one.end())
    )
    for some, whole in _OF.findall(text):
        if 0 < _number(some) <= _number(whole):
            yield 100 * _number(some) / _number(whole)
    yield from _in_so_many(text)
    yield from _fractions(text)


def _in_so_many(text: str) -> Iterator[float]:
    """ "One in nine", in percent."""
    for some, whole in _ONE_IN.findall(text):
        count = 1 if some.lower() == "one" else int(some)
        if 0 < count < int(whole):
            yield 100 * count / int(whole)


def _fractions(text: str, *, of: bool = False) -> Iterator[float]:
    """Each part in words, in percent; ``of``: only those of people or things."""
    for match in _FRACTION.finditer(text):
        if of and not text.startswith(" of ", match.end()):
            continue
        part, many = match["part"].lower().rstrip("s"), (match["many"] or "a").lower()
        if part != "half" and not match["many"]:
            continue
        count = {"a": 1, "an": 1, **_SMALL}.get(many) or int(many)
        yield 100 * count / _PARTS[part]


def _changes(text: str, *, is_less: bool = False) -> Iterator[float]:
    """By how much, in percent, the ratios of a text raise or lower something; ``is_less``: lower it alone."""
    yield from (100 * abs(1 - one) for one in _ratios(text) if one < 1 or not is_less)


_LESS = re.compile(r"\b(?:less|fewer|lower\w*|reduc\w+|cut|fell|declin\w+|decreas\w+)\b", re.IGNORECASE)  # fmt: skip


def _ratios(text: str) -> Iterator[float]:
    """The ratios of a text, and those of two shares of one sentence."""
    yield from (_number(one) for one in _RATIO.findall(text))
    for sentence in sentences(text):
        found = [*shares(sentence, alone=True)]
        for one, other in pairwise(found):
            if one and other:
                yield one / other
                yield other / one


def _times(text: str) -> Iterator[float]:
    yield from map(_days, _TIME.finditer(text))


def _days(match: re.Match[str]) -> float:
    count = match[1].lower()
    return (1.0 if count in ("a", "an", "one") else _number(count)) * _DAYS[match[2].lower()]


def _number(text: str) -> float:
    return float(re.sub(r",(?=\d{3})", "", text).replace("·", ".").rstrip(",") or 0)
