"""What a question is after: one work, a comparison, trials, reviews, or an answer. Without I/O."""

from __future__ import annotations

import re
from typing import Literal

from . import identifiers, trial_filters

Intent = Literal["lookup", "compare", "recruiting", "trials", "review", "question"]
INTENTS: tuple[Intent, ...] = ("lookup", "compare", "recruiting", "trials", "review", "question")

ASKS_YES_OR_NO = re.compile(
    r"(?:^|[:;.–-]\s*)(?:do|does|did|is|are|was|were|can|could|should|would|will|has|have|may|might)\b",
    re.IGNORECASE,
)
"""Whether it can be answered by yes or no."""

_TRIALS = (
    r"\b(?:trials?|rcts?)\b|\b(?:clinical|interventional|randomi[sz]ed|controlled|registered|ongoing|open|recruiting)"
    r" stud(?:y|ies)\b|\bstud(?:y|ies) (?:first posted|posted|registered|starting|started|completing|recruiting)\b"
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
        text,
    ):
        return "review"
    if trial_filters.phases(text) or _has(_TRIALS, text):
        return "trials"
    return "question"


def _has(rule: str, text: str) -> bool:
    return re.search(rule, text, re.IGNORECASE) is not None
