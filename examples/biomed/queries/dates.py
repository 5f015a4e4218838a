"""Dates of a question: "since January 2023", "in the last 6 months", and which date of a trial is meant."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from .identifiers import IDENTIFIERS
from .sizes import UNITS, with_sizes_masked
from .trials_query import DateField

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = rf"(?<!\d,)(?:19|20)\d\d(?!\s*{UNITS}\b)"
"""Four digits, and no dose or length: "2000 mg"."""
_DAY = (
    rf"(?:{_YEAR}-\d\d-\d\d|{_YEAR}-\d\d(?!\d)|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? {_YEAR}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}|{_MONTH},? {_YEAR}|(?:the )?(?:beginning|end) of {_YEAR}|{_YEAR})"
)
_NUMBERS = {
    "": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "couple of": 2, "few": 3, "eighteen": 18, "twenty": 20,
}  # fmt: skip
_UNITS = {"day": 1, "week": 7}
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_SPAN = (
    rf"(\d{{1,3}}|(?:a )?(?:couple of|few)|{'|'.join(sorted(filter(str.isalpha, _NUMBERS), key=len, reverse=True))}|)\s*"
    r"(day|week|month|quarter|year|decade)s?\b"
)

_FIELDS: tuple[tuple[DateField, str], ...] = (
    (
        "primary_completion",
        r"\bprimary completion|\b(?:complet|finish|end|read(?:ing)? out|conclud)\w*"
        r"(?= (?:by|before|after|in|since|until|between|on|last|this|next|within|over|during)\b)",
    ),
    (
        "results_posted",
        r"\bresults (?:were |have been |are )?(?:first )?(?:posted|available|reported)\b",
    ),
    ("first_posted", r"\b(?:first )?posted\b|\bregistered\b|\bnewly (?:added|listed)\b|\badded\b"),
    ("last_update", r"\b(?:last )?updated\b"),
    ("start", r"\bstart\w*\b|\bbegan\b|\bbegin\w*\b|\bbegun\b|\blaunched\b"),
)


_FIELD_VERBS = "posted|registered|added|updated|started|launched"


class Period(NamedTuple):
    """Bounds as ``YYYY[-MM[-DD]]``, inclusive, and which of a trial's dates they are of, if said."""

    first: str | None
    last: str | None
    field: DateField | None


def period(text: str, today: date) -> Period:
    """The period a question names; nothing where it names none.

    Args:
        text: The question.
        today: What "the last 6 months" counts back from.
    """
    text = with_sizes_masked(IDENTIFIERS.sub(" ; ", text))
    first, last = _bounds(text, today)
    if first is None and last is None:
        return Period(None, None, None)
    field = _field(text)
    if last is None and field in ("start", "primary_completion") and _found(_BACK, text):
        last = today.isoformat()  # a registry has those that are still to come as well
    return Period(first, last, field)


def _field(text: str) -> DateField | None:
    return next((name for name, rule in _FIELDS if re.search(rule, text, re.IGNORECASE)), None)


_BACK = rf"\b(?:last|past|previous|recent)\s+{_SPAN}"
_AHEAD = rf"\b(?:next|coming)\s+{_SPAN}"
_NAMED = re.compile(
    rf"\b(?:(?:since|from|after|as of|not before|later than|newer than|before|until|up to|till|by|no later than|prior to"
    rf"|older than|between|in|of|during|on)\s+)?{_DAY}(?:\s*(?:-|–|to|and|until|through)\s*{_DAY})?\b"
    r"|\b(?:in|over|within|during)?\s*(?:the )?(?:last|past|previous|recent|next|coming|following)\s+"
    r"(?:(?:a )?couple of\s+|\d{1,3}\s+|\w+\s+)?(?:day|week|month|quarter|year|decade)s?\b"
    r"|\b(?:this|current) (?:year|quarter|month|week)\b"
    r"|(?<=posted )(?:today|yesterday)\b|(?<=updated )(?:today|yesterday)\b|(?<=added )(?:today|yesterday)\b",
    re.IGNORECASE,
)
_OF_TRIALS = re.compile(
    r"\b(?:primary completion(?: date)?|first posted|newly (?:added|listed)|last updated"
    r"|(?:start|complet|finish|end|post|registe?r|updat)(?:s|ed|ing)?(?=\s*;))",
    re.IGNORECASE,
)


def without_dates(text: str) -> str:
    """The question without its dates, and without the verbs that say which of a trial's dates are meant."""
    found = text
    for match in reversed(list(_NAMED.finditer(with_sizes_masked(text)))):
        found = f"{found[: match.start()]} ; {found[match.end() :]}"
    return _OF_TRIALS.sub(" ; ", found) if found != text else text


def _bounds(text: str, today: date) -> tuple[str | None, str | None]:
    between = _found(rf"\b({_DAY})\s*(?:-|–|to|and|until|through)\s*({_DAY})\b", text)
    if between:
        earlier, later = sorted((_day(between[1]), _day(between[2])))
        return earlier, later
    if _found(r"(?<!the )(?<!in )(?<!of )(?<!past )\blast year\b", text):
        return str(today.year - 1), str(today.year - 1)
    if span := _found(_BACK, text):
        return _away(today, -_number(span[1]), span[2].lower()), None
    # "Risk in the next 10 years" is no date of a study.
    if (span := _found(_AHEAD, text)) and _field(text) in ("start", "primary_completion"):
        end = _away(today, _number(span[1]), span[2].lower())
        if span[0].lower() == "next year" and not _found(r"\bthe next year\b", text):
            return end[:4], end[:4]
        return today.isoformat(), end
    if this := _found(r"\b(?:this|current) (year|quarter|month|week)\b", text):
        return _began(this[1].lower(), today), None
    if _found(rf"\b(?:{_FIELD_VERBS}) (?:today|yesterday)\b", text):
        return date.fromordinal(today.toordinal() - 1).isoformat(), None
    start = _found(
        rf"\b(since|from|after|as of|not before|later than|newer than)\s+({_DAY})\b", text
    )
    until = _found(
        rf"\b(before|until|up to|till|by|no later than|prior to|older than)\s+({_DAY})\b", text
    )
    first: str | None = _day(start[2]) if start else None
    if first and start and start[1].lower() in ("after", "later than", "newer than"):
        first = _next(first)
    last: str | None = _day(until[2]) if until else None
    if last and until and until[1].lower() in ("before", "prior to", "older than"):
        last = _previous(last)
    if first or last:
        return first, last
    exact = _found(rf"\b(?:in|of|during|on)\s+({_DAY})\b", text)
    return (_day(exact[1]), _day(exact[1])) if exact else (None, None)


def _began(unit: str, today: date) -> str:
    """When this year, quarter, month or week began."""
    if unit == "year":
        return str(today.year)
    if unit == "week":
        return date.fromordinal(today.toordinal() - today.weekday()).isoformat()
    month = today.month if unit == "month" else today.month - (today.month - 1) % 3
    return f"{today.year}-{month:02}"


def _found(rule: str, text: str) -> re.Match[str] | None:
    return re.search(rule, text, re.IGNORECASE)


def _day(text: str) -> str:
    """``January 2023`` as ``2023-01``; what is no date of the calendar, as its year."""
    low = text.lower().replace(",", " ").replace(".", " ")
    year = re.search(_YEAR, low)
    assert year is not None
    if re.fullmatch(rf"{_YEAR}-\d\d(?:-\d\d)?", low):
        parts = [int(part) for part in low.split("-")]
        return low if _exists(*parts) else year[0]
    if "beginning of" in low:
        return f"{year[0]}-01-01"
    month = next((n for n, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}", low)), None)
    if month is None:
        return year[0]
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", low.replace(year[0], " "))
    if day and _exists(int(year[0]), month, int(day[1])):
        return f"{year[0]}-{month:02}-{int(day[1]):02}"
    return f"{year[0]}-{month:02}"


def _exists(year: int, month: int = 1, day: int = 1) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _next(day: str) -> str:
    """What comes right after a year, month or day, in the same form."""
    parts = [int(part) for part in day.split("-")]
    if len(parts) == 1:
        return str(parts[0] + 1)
    if len(parts) == 2:
        year, month = (parts[0] + 1, 1) if parts[1] == 12 else (parts[0], parts[1] + 1)
        return f"{year}-{month:02}"
    return date.fromordinal(date(*parts).toordinal() + 1).isoformat()


def _previous(day: str) -> str:
    parts = [int(part) for part in day.split("-")]
    if len(parts) == 1:
        return str(parts[0] - 1)
    if len(parts) == 2:
        year, month = (parts[0] - 1, 12) if parts[1] == 1 else (parts[0], parts[1] - 1)
        return f"{year}-{month:02}"
    return date.fromordinal(date(*parts).toordinal() - 1).isoformat()


def _number(text: str) -> int:
    """How many a span says."""
    return int(text) if text.isdigit() else _NUMBERS[text.lower().removeprefix("a ").strip() or ""]


def _away(today: date, number: int, unit: str) -> str:
    """The day that so many units after `today` are, before it where they are fewer than none."""
    if unit in _UNITS:
        day = min(max(1, today.toordinal() + number * _UNITS[unit]), date.max.toordinal())
        return date.fromordinal(day).isoformat()
    months = today.year * 12 + today.month - 1 + number * _MONTHS_OF[unit]
    year, month = max(1, months // 12), months % 12 + 1
    # Whole years that are gone are wanted roughly, months to the day.
    if number < 0 and (unit == "decade" or (unit == "year" and number < -1)):
        return f"{year:04}"
    return f"{year:04}-{month:02}-{min(today.day, monthrange(year, month)[1]):02}"
