"""Questions on what a word or a method means, "What is a hazard ratio?", and the sentences that say it. Without I/O.

A finding that has the word in it, "the hazard ratio was 0.8", says nothing of what it means.
"""

from __future__ import annotations

import re

from ..words import STOPWORDS, words_of
from .ways import all_words, forms_of, has

_WHAT = r"(?:an? )?(?P<what>[^\W\d_][\w'’ -]*?)"
_ASKS = tuple(
    re.compile(rf"^\W*(?:please )?{one}\W*$", re.IGNORECASE)
    for one in (
        rf"what(?:'s| is| are) (?:(?:meant by|the (?:meaning|definition) of) )?(?!the\b){_WHAT}",
        rf"what (?:does|do) (?!the\b|this\b){_WHAT} (?:mean|say|stand for|tell(?: (?:us|me))?|measure|describe)(?: in .+)?",
        rf"(?:define|explain|(?:the )?(?:definition|meaning) of) (?:the )?{_WHAT}",
        rf"how (?:do|does|should|can) (?:i|you|we|one) (?:read|interpret|calculate|compute|understand|define) (?:the )?{_WHAT}",
        rf"how (?:is|are) (?:the )?{_WHAT} (?:defined|calculated|computed|interpreted|read)",
    )
)
_OF_METHODS = tuple(
    re.compile(rf"^\W*{one}\W*$", re.IGNORECASE)
    for one in (
        rf"how (?:do|does) {_WHAT} work",
        rf"(?:what(?:'s| is) the|explain the) difference between {_WHAT}",
    )
)
"""Of a medicine they ask for what was found."""
_MORE = re.compile(
    r"\b(?:for|in|after|during|among|between|with|at|following|by|when|before|from|under|than|best|better|known|new|recommended|used|available)\b",
    re.IGNORECASE,
)
"""Asks for what was found: "what is hypertension treated with?"."""

_PRAISE = (
    r"(?:common|frequent|major|important|leading|strong|significant|independent|useful|effective|safe|reliable|valuable|rare|poor|good|risk|predictor|"
    r"problem|cause|marker|option|alternative|challenge|complication|matter|feature)s?"
)
_SAYS = re.compile(
    rf"\b(?:(?:is|are) (?:an?|the|one of|any|when|how|what|called|known as|whether)\b(?! (?:\w+ ){{0,2}}{_PRAISE}\b)|"
    r"(?:is|are|was|were|can be|may be) (?:\w+ly )?defined (?:as|by)\b|(?:is|are) (?:calculated|computed|obtained|derived|interpreted|read|worked out)\b|"
    r"(?:means?|refers? to|describes?|compares?|denotes?|measures?|expresses|tells?|quantif(?:y|ies)|stands? for|carr(?:y|ies)|estimates?|says?)\b)",
    re.IGNORECASE,
)
"""Present tense, since a meaning is no result."""
_HEAD_WORDS = 10


def asked_meaning(question: str, *, of_medicine: bool = False) -> str:
    """What a question asks the meaning of, as it has it: ``hazard ratio``; empty where it asks for something else.

    ``of_medicine``: it names a disease or a medicine; how that works is found out by research.
    """
    for rule in _ASKS if of_medicine else (*_ASKS, *_OF_METHODS):
        if (asked := rule.match(question)) and not _MORE.search(asked["what"]):
            return asked["what"]
    return ""


def says_meaning(sentence: str, what: str) -> bool:
    """Whether a sentence says what something is: it begins with that, and a verb of meaning comes next."""
    said = _SAYS.search(sentence)
    words = [one for one in words_of(what) if one not in STOPWORDS]
    if said is None or not words:
        return False
    head = sentence[: said.start()]
    return len(words_of(head)) <= _HEAD_WORDS and has(all_words(head), tuple(map(forms_of, words)))
