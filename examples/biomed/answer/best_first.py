"""Which source of an answer comes first: who tells it of what is asked for, before who is nearer by all else. Without I/O."""

from __future__ import annotations

from collections.abc import Sequence

from .asked import Question
from .asked_on import is_of_settings
from .carried_on import carries_on
from .choosing_sources import is_of_some
from .contraries import Contrary, on_their_side
from .families import how
from .measured import Source
from .most_frequent import says_it
from .readings import is_of_composite
from .superlatives import asks_by_dose, tells_by_dose


def best_first(
    telling: list[tuple[Source, list[str]]],
    speaking: list[Source],
    question: Question,
    wanted: Sequence[Contrary],
) -> tuple[list[tuple[Source, list[str]]], list[Source]]:
    """The sources with what they tell, those first that tell it of what is asked for, and those that speak in the same order."""
    if question.of and any(one.gives_of(text) for one, told in telling for text in told):
        # What others say of something else is no second to the number of what was asked.
        telling = [
            (one, [text for text in told if one.names_of(text)])
            for one, told in telling
            if any(map(one.gives_of, told))
        ]
    if question.figures:
        # Who gives the number that is asked for comes before who does not, and that of all before that of some.
        telling.sort(key=lambda one: is_of_some(one[0], question))
        telling.sort(key=lambda one: not any(map(one[0].gives, one[1])))
        speaking = _in_their_order(telling, speaking)
    if asks_by_dose(question):
        telling.sort(key=lambda one: not tells_by_dose(one[1][0]))
        speaking = _in_their_order(telling, speaking)
    if question.asked.ways and any(carries_on(told[0]) for _, told in telling):
        # So does who tells of whom is asked for apart.
        telling.sort(key=lambda one: not carries_on(one[1][0]))
        speaking = _in_their_order(telling, speaking)
    if wanted:
        telling = on_their_side(telling, wanted, question)
        speaking = _in_their_order(telling, speaking)
    if question.asked.ways:
        # What is told of several outcomes together, or of a wider one, comes after what is told of the one.
        telling.sort(key=lambda one: is_of_more(one[0].full(one[1][0]), question))
        speaking = _in_their_order(telling, speaking)
    if (frequent := question.frequent) is not None:
        # One that is the most frequent is told on whichever side of it.
        telling = [
            (one, sorted(told, key=lambda text: not says_it(text, frequent)))
            for one, told in telling
        ]
        telling.sort(key=lambda one: not says_it(one[1][0], frequent))
        speaking = _in_their_order(telling, speaking)
    if settings := question.entities.get("settings", []):
        # Who is of those that a session asks for comes first.
        telling.sort(key=lambda one: not is_of_settings(one[1][0], one[0].whole, settings))
        speaking = _in_their_order(telling, speaking)
    if question.facets.aspects:
        speaking = [one for one, _ in telling] or speaking
    return telling, speaking


def _in_their_order(
    telling: Sequence[tuple[Source, list[str]]], speaking: Sequence[Source]
) -> list[Source]:
    """The sources that speak, those first that tell something, as they stand."""
    first = [one for one, _ in telling]
    return [*first, *(one for one in speaking if one not in first)]


def is_of_more(text: str, question: Question) -> bool:
    """Whether a sentence tells of a composite that the outcome which is asked about is a part of, and not of that."""
    return is_of_composite(text, question.text, question.asked) or any(
        one.is_outcome and how(text, one) == "wider" for one in question.named
    )
