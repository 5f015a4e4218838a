"""The two sides of a comparison in everyday words: "early vs late surgery", "high-dose or low-dose aspirin". Without I/O.

Such words name no topic by themselves; where they are compared, they are what is asked, and each side is told by any of its names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..words import word_set
from . import amounts


class Side(NamedTuple):
    """One side of a comparison."""

    start: int
    end: int
    words: str
    """``early``, ``low dose``."""
    also: tuple[str, ...]
    """What else it is called."""


_CALLED = {
    "early": ("earlier", "immediate", "prompt"),
    "immediate": ("early", "prompt"),
    "late": ("later", "delayed"),
    "delayed": ("late", "deferred"),
    "short": ("shorter", "brief"),
    "long": ("longer", "prolonged"),
    "high": ("higher",),
    "low": ("lower",),
    "intensive": ("aggressive", "tight", "strict"),
    "liberal": ("higher threshold",),
    "restrictive": ("lower threshold",),
    "standard": ("conventional", "usual"),
    "conventional": ("standard", "traditional"),
    "laparoscopic": ("laparoscopy", "minimally invasive"),
    "endovascular": ("stent", "percutaneous"),
    "oral": ("by mouth", "peroral"),
    "intravenous": ("iv", "parenteral"),
    "subcutaneous": ("sc",),
    "conservative": ("nonoperative", "non surgical"),
    "nonoperative": ("conservative", "non surgical"),
    "nonsurgical": ("conservative", "nonoperative"),
    "single": ("mono", "monotherapy"),
    "double": ("dual",),
    "dual": ("double",),
    "daily": ("every day", "once a day"),
    "weekly": ("every week", "once a week"),
    "monthly": ("every month", "once a month"),
    "once daily": ("once a day", "one daily"),
    "twice daily": ("twice a day", "two times daily"),
    "once weekly": ("once a week", "weekly"),
    "low carb": ("low carbohydrate", "carbohydrate restricted"),
    "high carb": ("high carbohydrate",),
    "low salt": ("low sodium", "reduced sodium", "salt restriction"),
    "low sodium": ("low salt", "reduced sodium", "sodium restriction"),
    "low fat": ("reduced fat", "fat restricted"),
    "robotic": ("robot assisted",),
    "regional": ("neuraxial", "spinal", "epidural"),
    "continuous": ("uninterrupted",),
    "elective": ("planned", "scheduled"),
    "emergency": ("urgent", "acute"),
    "drugs": ("drug therapy", "medication", "medical therapy", "pharmacological"),
    "medication": ("drug therapy", "drugs", "medical therapy", "pharmacological"),
    "medications": ("drug therapy", "drugs", "medical therapy", "pharmacological"),
    "medicines": ("drug therapy", "drugs", "medical therapy", "pharmacological"),
}
"""What else a side is called; any of it tells the side."""
_WORDS = frozenset(one for one in _CALLED if " " not in one) | word_set(
    "earlier later deferred prompt normal high higher low lower moderate medium intermediate shorter longer prolonged "
    "aggressive conservative invasive noninvasive open closed single double dual triple multiple once twice daily weekly monthly "
    "complete partial full reduced half fixed variable flexible continuous intermittent active passive direct indirect "
    "elective emergency urgent planned primary secondary initial upfront sequential simultaneous regular routine selective universal "
    "robotic endoscopic percutaneous transvaginal abdominal unilateral bilateral topical systemic inhaled epidural spinal regional general "
    "cemented uncemented absorbable permanent removable supervised unsupervised individual group supine prone"
)
_HOW_OFTEN = word_set("daily weekly monthly once twice")
_ALL_WORDS = tuple(sorted(_WORDS))
_MEASURES = (
    r"(?:dos(?:e|es|ing|age)|term|risk|intensity|volume|frequency|course|duration|flow|fat|carb|carbohydrate|protein|sodium|salt|fiber|fibre|"
    r"calorie|energy|pressure|income|threshold|grade|level|dosage|target|stage|onset|daily|weekly|monthly|agent|therapy)"
)
_WORD = r"[A-Za-z]{3,}"
_SIDE = rf"({_WORD})(?:[- ]({_MEASURES})\b)?"
_COMPARED = re.compile(
    rf"(?<!\w)(?P<between>versus|vs\.?|compared (?:to|with)|or|rather than|instead of|"
    rf"(?:is |are )?(?:better|worse|safer|superior|inferior|more \w+|less \w+) (?:than|to))\s+(?:an? |the )?"
    rf"(?P<second>{_WORD})(?:[- ](?P<other>{_MEASURES})\b)?\b(?![- ]?{_WORD}-)",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"\b(?:{_WORD}[ -]){{0,4}}{_WORD}\s+$", re.IGNORECASE)
"""Where the first side stands: up to three words, and what is measured, before what compares them."""


class _Part(NamedTuple):
    start: int
    end: int
    word: str
    measure: str


class _Pair(NamedTuple):
    first: _Part | None
    second: _Part
    between: str


_EITHER = re.compile(r"\b(?:in|with|at|during|for)\s+(?:an? |the )?$", re.IGNORECASE)
"""Before them stands what is meant either way: "in early or late disease"."""


def told_apart(text: str) -> Iterator[int]:
    """Where the second sides begin of the comparisons that "or" makes: "early or late tracheostomy" asks which."""
    yield from (one.start for one in amounts.compared(text, _ALL_WORDS))
    for pair in _compared(text):
        if pair.first and pair.between == "or" and not _EITHER.search(text, 0, pair.first.start):
            yield pair.second.start


def sides(text: str) -> Iterator[Side]:
    """The sides of each comparison that are amounts or such words, in order; of "conservative vs surgical" the first."""
    measured = [Side(*one) for one in amounts.compared(text, _ALL_WORDS)]
    yield from measured
    for side in _in_words(text, measured):
        if not any(one.start < side.end and side.start < one.end for one in measured):
            yield side


def _in_words(text: str, measured: list[Side]) -> Iterator[Side]:
    for one in measured:
        # "Weekly vs every three weeks"
        beside = (
            _BEFORE_AN_AMOUNT.search(text, 0, one.start),
            _BEHIND_AN_AMOUNT.match(text, one.end),
        )
        for match in beside:
            if match and match[1].lower() in _WORDS:
                part = _Part(match.start(1), match.end(1), match[1].lower(), "")
                yield _side(part, "")
    for first, second, _ in _compared(text):
        if first:
            yield _side(first, first.measure or second.measure)
        if second.word in _WORDS:
            shared = first.measure if first and second.word not in _HOW_OFTEN else ""
            yield _side(second, second.measure or shared)


_JOINED = r"\s+(?:versus|vs\.?|or|rather than|instead of|compared (?:to|with))\s+(?:an? |the )?"
_BEFORE_AN_AMOUNT = re.compile(rf"\b([a-z]{{3,}})(?: [a-z]+)?{_JOINED}$", re.IGNORECASE)
_BEHIND_AN_AMOUNT = re.compile(rf"{_JOINED}([a-z]{{3,}})\b", re.IGNORECASE)


def is_side(words: str) -> bool:
    """Whether words are such a side: what is compared is still to be named."""
    match = _SIDE_ALONE.fullmatch(words)
    return amounts.is_amount(words) or (match is not None and match[1].lower() in _WORDS)


_SIDE_ALONE = re.compile(_SIDE, re.IGNORECASE)


def _compared(text: str) -> Iterator[_Pair]:
    for match in _COMPARED.finditer(text):
        between = match["between"].lower()
        end = match.end("other") if match["other"] else match.end("second")
        second = _Part(
            match.start("second"), end, match["second"].lower(), (match["other"] or "").lower()
        )
        first = _first(text, match.start(), second)
        is_one = first is not None and (first.word, first.measure) == (second.word, second.measure)
        if is_one or (first is None and second.word not in _WORDS):
            continue
        # "Early surgery in adults or late": too far apart for a choice.
        if between == "or" and (
            first is None or second.word not in _WORDS or first.end + 1 < match.start()
        ):
            continue
        yield _Pair(first, second, between)


def _first(text: str, end: int, second: _Part) -> _Part | None:
    """The side before what compares: of several the one that is measured as the second is, else the nearest."""
    window = _BEFORE.search(text, 0, end)
    known = [
        _Part(one.start(), one.end(), one[1].lower(), (one[2] or "").lower())
        for one in (_SIDE_ALONE.finditer(text, window.start(), end) if window else ())
        if one[1].lower() in _WORDS
    ]
    alike = [one for one in known if one.measure == second.measure != ""]
    found = alike or known
    return found[-1] if found else None


def _side(part: _Part, measure: str) -> Side:
    words = f"{part.word} {measure}".strip()
    also = _CALLED.get(words) or tuple(
        f"{one} {measure}".strip() for one in _CALLED.get(part.word, ())
    )
    return Side(part.start, part.end, f"{part.word} {measure}".strip(), also)
