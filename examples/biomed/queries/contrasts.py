"""The two sides of a comparison in everyday words: "early vs late surgery", "high-dose or low-dose aspirin". Without I/O.

Such words name no topic by themselves; where they are compared, they are what is asked, and each side is told by any of its names.
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
}
"""What else a side is called; any of it tells the side."""
_WORDS = frozenset(_CALLED) | word_set(
    "earlier later deferred prompt high higher low lower moderate medium intermediate shorter longer prolonged "
    "aggressive conservative invasive noninvasive open closed single double dual triple multiple once twice daily weekly monthly "
    "complete partial full reduced half fixed variable flexible continuous intermittent active passive direct indirect "
    "elective emergency urgent planned primary secondary initial upfront sequential simultaneous regular routine selective universal "
    "robotic endoscopic percutaneous transvaginal abdominal unilateral bilateral topical systemic inhaled epidural spinal regional general "
    "cemented uncemented absorbable permanent removable supervised unsupervised individual group supine prone"
)
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
    for pair in _compared(text):
        if pair.first and pair.between == "or" and not _EITHER.search(text, 0, pair.first.start):
            yield pair.second.start


def sides(text: str) -> Iterator[Side]:
    """The sides of each comparison that are such words, in order; of "conservative vs surgical" the first."""
    for first, second, _ in _compared(text):
        if first:
            yield _side(first, first.measure or second.measure)
        if second.word in _WORDS:
            yield _side(second, second.measure or (first.measure if first else ""))


def is_side(words: str) -> bool:
    """Whether words are such a side: what is compared is still to be named."""
    match = _SIDE_ALONE.fullmatch(words)
    return match is not None and match[1].lower() in _WORDS


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
    also = tuple(f"{one} {measure}".strip() for one in _CALLED.get(part.word, ()))
    return Side(part.start, part.end, f"{part.word} {measure}".strip(), also)
