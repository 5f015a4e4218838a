"""What is told before a question: "I am 54, and … was found. Is molecular testing useful?" is searched for by what it asks. Without I/O.

Of the sentences around it only its subject is taken, and only where the question names little itself: a search that requires all of a case finds nothing. What they deny ("no fever", "I do not want surgery") leaves nothing out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..terms.names import trees_of
from .concept import NAMED, Concept
from .concepts import concepts

LONG: Final = 40
"""Words of a text that tells a case or a setting; a shorter one is a question as a whole."""
_ENOUGH: Final = 2
"""Named things of a question that needs nothing more."""
_SENTENCE = re.compile(
    r"(?<=[a-z0-9)%][.!?])\s+(?=[A-Z\"“(]|\d+ )|(?<=\?)\s+|(?<=[A-Z]{2}[.!?])\s+(?=[A-Z])|(?<= [IVX]\.)\s+(?=[A-Z])"
)
_NOTHING_FOUND = re.compile(
    r"\b(?:(?:normal|unremarkable|negative|stable|intact)\s+(?:[\w-]+\s*,?\s*(?:and|or)?\s*){0,3}|[\w-]+ (?:is|was|are|were) (?:normal|unremarkable|negative|within normal limits)|family history of (?:[\w-]+ ?){1,3})",
    re.IGNORECASE,
)
"""What is told to be as it should be."""


_OF_ONE = {"he": "they", "she": "they", "him": "them", "his": "their", "her": "their"}
_PRONOUN = re.compile(rf"\b(?:{'|'.join(_OF_ONE)})\b", re.IGNORECASE)


def apart(text: str) -> tuple[str, str]:
    """What is told, and what is asked; of a text that asks nothing, or is no longer than a question, nothing and all of it."""
    sentences = [one for one in _SENTENCE.split(text) if one.strip()]
    asked = [one for one in sentences if one.rstrip().endswith("?")]
    if len(text.split()) < LONG or not asked or len(asked) == len(sentences):
        return "", text
    question = _PRONOUN.sub(lambda match: _OF_ONE[match[0].lower()], " ".join(asked))
    return " ".join(one for one in sentences if one not in asked), question


def subject(before: str, about: Sequence[Concept]) -> list[Concept]:
    """What a question takes from what is told before it: the narrowest disease, else the first medicine; nothing where it names enough itself."""
    of_it = [one for one in about if one["kind"] in NAMED and not one["excluded"]]
    if not before or len(of_it) >= _ENOUGH:
        return []
    known = {one["heading"] or one["name"].lower() for one in about}
    found = [
        one
        for one in concepts(_NOTHING_FOUND.sub(" ; ", before))
        if one["kind"] in NAMED
        and not one["excluded"]
        and (one["heading"] or one["name"].lower()) not in known
    ]
    return sorted(found, key=lambda one: (one["kind"] != "condition", -_depth(one)))[:1]


def _depth(one: Concept) -> int:
    return max((tree.count(".") for tree in trees_of(one["heading"])), default=0)


def notes(before: str, question: str, taken: Sequence[Concept]) -> list[str]:
    """What a reader should know of it."""
    if not before:
        return []
    also = "".join(f", and for {one['text']!r} of what is told with it" for one in taken)
    return [f"searched for what is asked, {question!r}{also}"]
