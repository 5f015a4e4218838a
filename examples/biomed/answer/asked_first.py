"""The sentence that a question asks for by its own words, before what its source found above all. Without I/O.

"How long was it cooled?" asks for a time that stands with what was done, "does a valve need a pacemaker more often?" for one result of several:
where what would be quoted tells it not, and another sentence of a source that speaks does, that one leads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..sentences import sentences
from . import zones
from .asked import Question
from .asked_words import FULL, Own, asked_words
from .findings import has_figures, tells_of_change
from .measured import Source
from .most_frequent import MostFrequent, says_it
from .no_findings import is_told
from .telling_sentences import LONGEST

_OF_A_KIND = 0.5
"""How much of a question a sentence names that gives the kind of value it asks for."""
_ANY = 0.01
_NOT_THERE = re.compile(r"\b(?:did not|(?:was|were) (?:not|no)|neither)\b", re.IGNORECASE)
_FIRST = 2
"""Sentences that are quoted of the first source."""


def asked_first(
    telling: list[tuple[Source, list[str]]], speaking: Sequence[Source], question: Question
) -> list[tuple[Source, list[str]]]:
    """The sources with what they tell, that one first which tells what is asked for by its own words, where what stands first does not.

    Args:
        telling: Each source with its sentences that answer, best first.
        speaking: The sources that speak to the question, best first.
        question: What was asked.
    """
    if question.meaning or (question.frequent and _tells_frequent(telling, question.frequent)):
        return telling
    own = asked_words(question.text, question.entities)
    known_elsewhere = question.facets.aspects or question.asked.ways or own.figures
    if not own.names or (own.kind is None and known_elsewhere):
        # Of what a thing costs, what harm it does, how many have it, or what it is asked to change, other rules know the sentence.
        return telling
    quoted = [(source, text) for source, told in telling for text in told[:_FIRST]]
    enough = _OF_A_KIND if own.kind else _ANY
    if any(own.value(source, text) >= enough for source, text in quoted):
        return telling
    for source in speaking:
        text = best_of(own, source)
        if text:
            rest = [one for one in telling if one[0] is not source]
            own_told = next((told for one, told in telling if one is source), [])
            return [(source, [text, *(one for one in own_told if one != text)]), *rest]
    return telling


def best_of(own: Own, source: Source) -> str:
    """The sentence of a source that tells what a question asks by its own words; empty where none does."""
    if source.record["type"] == "trial" and not own.is_of_methods:
        return ""
    title = source.record["title"]
    if own.kind is None and all(one.share_in(title, title) for one in own.names):
        # All that it names is what the source is on.
        return ""
    found = []
    for place, part in enumerate(zones.parts_of(sentences(source.record.get("text", "")))):
        is_before = part.zone == "before"
        if part.zone == "beside" or len(part.text) > LONGEST:
            continue
        if own.kind is None and (is_before or not _is_found(part.text)):
            continue
        value = own.value(source, part.text)
        if value >= (_OF_A_KIND if own.kind else FULL):
            found.append(
                (-value, -own.rank(part.text), not has_figures(part.text), place, part.text)
            )
    return min(found)[-1] if found else ""


def _is_found(text: str) -> bool:
    """Whether a sentence tells what was found, in figures or as what was not there: one without either may tell what was thought before."""
    has_result = has_figures(text) or _NOT_THERE.search(text) is not None
    return has_result and is_told(text) and tells_of_change(text)


def _tells_frequent(telling: Sequence[tuple[Source, list[str]]], frequent: MostFrequent) -> bool:
    """Whether the most frequent of what is asked for leads already."""
    return bool(telling) and says_it(telling[0][1][0], frequent)
