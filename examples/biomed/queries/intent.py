"""What a question is after: one work, a comparison, trials, reviews, or an answer. Without I/O."""

from __future__ import annotations

import re
from typing import Literal

from . import designs, identifiers, trial_filters
from .dates import without_dates

Intent = Literal["lookup", "compare", "recruiting", "trials", "review", "question"]
INTENTS: tuple[Intent, ...] = ("lookup", "compare", "recruiting", "trials", "review", "question")

ASKS_YES_OR_NO = re.compile(
    r"(?:^|[:;.–-]\s*)(?:do|does|did|is|are|was|were|can|could|should|would|will|has|have|may|might)\b",
    re.IGNORECASE,
)
"""Whether it can be answered by yes or no."""

_TRIALS = (
    r"\b(?:trials?|rcts?)\b|\b(?:clinical|interventional|randomi[sz]ed|controlled|registered|ongoing|open|recruiting)"
    r" stud(?:y|ies)\b|\bstud(?:y|ies) (?:first posted|posted|registered|starting|started|completing|completed|ending|ended|terminated|withdrawn|suspended|updated|last updated|launched|begun|recruiting)\b"
)
"""Works that a registry has: "neuropathological studies" are none."""


_ONLY = re.compile(
    r"\bonly (?:the |show )?(?:(?:clinical|randomi[sz]ed|controlled|recent|large|phase \d) )*(trials?|rcts?|reviews?|systematic reviews?|meta-?analys[ei]s|guidelines?)\b",
    re.IGNORECASE,
)

_AND_ONLY = re.compile(
    r",\s*(?:any |and |what about )?(?:the )?(trials?|rcts?|reviews?|systematic reviews?|meta-?analys[ei]s|guidelines?)\s*\?*$",
    re.IGNORECASE,
)
"""Asked on: "…, meta-analyses?"."""


_WORK = r"(?:(?:recent|large|new|clinical|randomi[sz]ed|controlled|systematic|literature|published|good) )*(?:trials?|rcts?|reviews?|meta-?analys[ei]s|;)"
_WORKS_FIRST = re.compile(
    r"^\W*(?:(?:are|is|were) there |any |some |show |find |list |give |me |i want |only |the |all )*"
    rf"(?P<works>{_WORK}(?:[\s,]*(?:and|or|&)?[\s,]+{_WORK})*)\s+(?:of|on|about|for|in|comparing|compar\w+|that|which|with|testing|evaluating|since)\b",
    re.IGNORECASE,
)
"""Begins with the works it asks for, and says then what they are of: "RCTs of A versus B"."""


def works_asked(text: str) -> list[Literal["trials", "review"]]:
    """The kinds of works that a question begins with, whatever it asks of them: "systematic reviews and RCTs of …".

    Kinds that have a filter of their own are none of them; see :mod:`.designs`.
    """
    found = _WORKS_FIRST.match(_undated(designs.without_designs(text)))
    if found is None:
        return []
    works: list[Literal["trials", "review"]] = []
    if _has(r"trial|rct", found["works"]):
        works.append("trials")
    if _has(r"review|analys", found["works"]):
        works.append("review")
    return works


_WHEN = re.compile(
    r"(?:\s*;)?\s+(?:published|written|from)(?=\s*;)|\s*;(?=\s*(?:on|of|about|for|in)\b)"
)


def _undated(text: str) -> str:
    """The text without its dates: "reviews published since 2019 on …" are reviews on that."""
    rest = without_dates(text)
    return text if rest == text else _WHEN.sub("", _WHEN.sub("", rest))


_LISTED_TRIALS = re.compile(
    r"\b(?:and|or) (?:(?:randomi[sz]ed|controlled|clinical) )*(?:trials|rcts)\b|^\W*(?:(?:randomi[sz]ed|controlled|clinical) )*(?:trials|rcts) (?:and|or)\b",
    re.IGNORECASE,
)


def lists_trials(text: str) -> bool:
    """Whether trials are asked for beside works of another kind: "cohort studies and RCTs"."""
    return _LISTED_TRIALS.search(text) is not None


def intent_of(text: str) -> Intent:
    """The intent of a question."""
    if identifiers.is_lookup(text):
        return "lookup"
    if _has(
        r"\b(?:versus|vs\.?|compared? (?:to|with)|compare|better than|head[- ]to[- ]head)\b", text
    ):
        return "compare"
    if {"RECRUITING", "NOT_YET_RECRUITING"} & set(trial_filters.statuses(text)):
        return "recruiting"
    if kind := _ONLY.search(text) or _AND_ONLY.search(text):
        return "review" if kind[1].lower()[:2] in ("re", "me", "sy", "gu") else "trials"
    # "Does X work? A randomised trial" asks for X: only who asks for such works gets them alone.
    if ASKS_YES_OR_NO.search(text):
        return "question"
    if _has(
        r"\b(?:systematic reviews?|meta-?analys[ie]s|(?:practice )?guidelines?)\b"
        r"|\breviews? (?:of|on|about)\b|^(?:the )?evidence\b",
        _undated(text),
    ):
        return "review"
    if trial_filters.phases(text) or _has(_TRIALS, text):
        return "trials"
    return "question"


def _has(rule: str, text: str) -> bool:
    return re.search(rule, text, re.IGNORECASE) is not None
