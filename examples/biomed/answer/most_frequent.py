"""Questions for the most frequent of its kind, "what is the most common cause?", and how a sentence says which it is. Without I/O."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ..queries.intent import ASKS_YES_OR_NO
from .question_parts import until
from .ways import Way, any_of, forms_of

_OFTEN: Final = r"(?:common|frequent|often|prevalent|usual|wide|popular)(?:ly)?"
_BY_RANK: Final = r"(?:(?P<next>second|2nd|third|3rd|next)[ -])?(?:the )?(?P<way>most|least)"
_ALONE: Final = r"commonest|main|leading|predominant|chief|principal|number one"
_ASKED: Final = re.compile(
    rf"(?:\b(?:what|which|where|who|whom|why|how)\b[^?]*?\b|^(?:the )?)(?:{_BY_RANK}[ -]{_OFTEN}\b|(?:(?<=\bthe )|^)(?:{_ALONE})(?=\s(?!outcomes?\b|end ?points?\b|results?\b|aims?\b|measures?\b|objectives?\b)[a-z]))(?P<after>[^?]*)",
    re.IGNORECASE,
)
_SAID: Final = re.compile(
    rf"\b(?:{_BY_RANK}[ -]{_OFTEN}|(?:{_ALONE})(?! (?:outcomes?|end ?points?|aims?|objectives?|care|school|prevention|measures?)\b)|predominantly|mainly|majority|mostly|followed by)\b",
    re.IGNORECASE,
)
_CAUSES: Final = (
    "cause reason etiology aetiology diagnosis diagnoses disorder disease organism pathogen agent bacterium bacteria isolate species "
    "virus trigger mechanism source origin culprit finding"
)
"""What the cause of a thing is called where it is named by its kind: "the most common organism was …"."""


class MostFrequent(NamedTuple):
    """What a question asks the most frequent of."""

    kind: tuple[Way, ...]
    """How that may be named, "cause", or what it does, "mutated"; empty where the question says it before: of "which drug is most often used?" any drug may be told."""
    is_least: bool
    is_next: bool


def asked_most_frequent(question: str) -> MostFrequent | None:
    """The most frequent of what a question asks for; None where it asks for no such thing."""
    if ASKS_YES_OR_NO.match(question):
        return None
    found = _ASKED.search(" ".join(question.split()))
    if not found:
        return None
    first = any_of(until(found["after"]))[:1]
    ways = [(forms_of(one),) for one in first]
    if first and first[0].rstrip("s") in ("cause", "reason"):
        ways += [(forms_of(one),) for one in _CAUSES.split()]
    return MostFrequent(tuple(ways), found["way"] == "least", found["next"] is not None)


def says_it(text: str, asked: MostFrequent) -> bool:
    """Whether a sentence says what is the most frequent, or the least or the next, as is asked for."""
    return any(
        (one["way"] or "").lower().startswith("least") is asked.is_least
        and (one["next"] is not None) is asked.is_next
        for one in _SAID.finditer(text)
    )
