"""The answer first: sentences of the best sources that answer the question, each with its number.

Without a model and without I/O. A sentence is taken as its source wrote it, so what is said is what the source says
(:mod:`choosing_sources` and :mod:`choosing_sentences` choose). Where no source speaks to the question there is no answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..entities import Entities
from . import choosing_sources
from .asked import Question, read_question
from .carried_on import carries_on, is_denied
from .choosing_sentences import told_by
from .choosing_sources import is_of_some
from .directions import Direction, asked_direction
from .findings import tells_of_change
from .held_against import Against, is_of_its_kind, is_of_other_dose, told_against
from .lacking import told_as_lost, unsaid
from .measured import Source, led, measured, share_named
from .outcomes import names_exposure, names_outcome
from .readings import Reading, is_negative, is_of_composite, reading
from .speaking import Cited, said
from .telling_sentences import telling_sentences

MAX_SENTENCES = 5
BESIDE = 0.65
"""How much of the question a sentence has to name itself that is quoted from a further source."""
AS_NEAR = 0.1
"""How much less than the best source another one names that speaks as well where the best one tells nothing."""


class Sentence(msgspec.Struct, frozen=True):
    """One sentence of the answer."""

    text: str
    n: int
    negative: bool
    """Whether it says that there is no effect or no difference."""
    against: Against = ""
    """Which way it says that something goes, held against the way that was asked about."""
    is_apart: bool = False
    """Whether it tells of a composite that what is asked about is a part of, or of any kind where one was asked about: of that it says nothing."""


class Found(msgspec.Struct):
    """What the sources say to the question."""

    sentences: list[Sentence]
    speaking: list[int]
    """The numbers of the sources that speak to it, best first."""
    outcome: str = ""
    """What is asked about, as the question has it."""
    direction: Direction = ""
    """Which way the question asks whether that goes."""
    of_others: str = ""
    """What to know first, as Markdown, where the quoted sources are not of whom was asked about, or not of them alone."""
    lost: list[str] = []
    """Whom the quoted sources are not of."""
    readings: list[Reading] = []
    """What each source that speaks says, quoted or not, as far as it can be told."""
    of_other_dose: list[int] = []
    """Those of them that are of high doses where low ones are asked about, or the other way round: of these they say nothing."""
    unsaid: list[str] = []
    """Where nothing answers: what the nearest sources do not speak of, as plain text."""
    stated: dict[tuple[str, str], str] = {}
    """By type and identifier of each result that states a finding, the sentence nearest to the question that does."""


def find(entities: Entities, cited: Cited) -> Found:
    """The sentences that answer, from the sources that speak to the question, best source first.

    A source that is of other people than were asked about is quoted only where none is of them, and the answer says so first.
    """
    question = read_question(entities)
    sources = led([measured(place, one, question) for place, one in enumerate(cited)])
    speaking = choosing_sources.speaking(sources, question)
    # Who is of the dose that is asked for comes before who is of another.
    speaking = sorted(speaking, key=lambda one: is_of_other_dose(said(one.record), question.text))
    telling = [(one, told) for one in speaking if (told := told_by(one, question))]
    if question.figures:
        # Who gives the number that is asked for comes before who does not, and that of all before that of some.
        telling.sort(key=lambda one: is_of_some(one[0], question))
        telling.sort(key=lambda one: not any(map(one[0].gives, one[1])))
        speaking = _in_their_order(telling, speaking)
    if question.asked.ways and any(carries_on(told[0]) for _, told in telling):
        # So does who tells of whom is asked for apart.
        telling.sort(key=lambda one: not carries_on(one[1][0]))
        speaking = _in_their_order(telling, speaking)
    if question.facets.aspects:
        speaking = [one for one, _ in telling] or speaking
    quoted: list[tuple[str, Source]] = []
    for source, told in telling:
        room = MAX_SENTENCES - len(quoted)
        if room <= 0:
            break
        is_first = source is speaking[0] or (
            source is telling[0][0]
            and bool(question.asked.ways)
            and source.share > speaking[0].share - AS_NEAR
        )
        if not is_first:
            told = [
                one
                for one in told
                if carries_on(one) or share_named(source.full(one), question.wanted) >= BESIDE
            ]
        quoted += [(text, source) for text in told[: min(room, 2 if is_first else 1)]]
    chosen = [
        Sentence(
            text,
            source.n,
            is_negative(source.full(text), question.asked),
            told_against(source.full(text), question.text, question.asked),
            is_of_composite(source.full(text), question.text, question.asked)
            or not is_of_its_kind(said(source.record), question.asked),
        )
        for text, source in quoted
    ]
    note, missed = told_as_lost(quoted, sources, question)
    return Found(
        chosen,
        [one.n for one in speaking],
        question.asked.outcome,
        asked_direction(question.text, question.asked),
        note,
        missed,
        [read for one in speaking if (read := _read(one, question))],
        [one.n for one in speaking if is_of_other_dose(said(one.record), question.text)],
        [] if chosen else unsaid(sources, speaking, question),
        {
            (one.record["type"], one.record["id"]): stated[0]
            for one in sources
            if (stated := _stated(one, question))
        },
    )


def _stated(source: Source, question: Question) -> list[str]:
    """What a source found, whether it answers or not, the nearest to the question first."""
    return telling_sentences(source.record, question.wanted, question.text, source.full)


def _in_their_order(
    telling: Sequence[tuple[Source, list[str]]], speaking: Sequence[Source]
) -> list[Source]:
    """The sources that speak, those first that tell something, as they stand."""
    first = [one for one, _ in telling]
    return [*first, *(one for one in speaking if one not in first)]


def _read(source: Source, question: Question) -> Reading | None:
    """What a source says: by the sentences that answer, else by those that name what is asked about and what is asked to change it."""
    asked = question.asked
    if not asked.ways or not is_of_its_kind(said(source.record), asked):
        # It may tell of an effect on something else, or under early surgery of surgery at any time.
        return None
    told = told_by(source, question)
    if told and carries_on(told[0]) and is_denied(told[0]):
        # Of whom is asked for it is not so, whatever it is of all.
        return Reading(source.n, True, "unchanged")
    if not told and asked.exposures:
        told = [
            one
            for one in telling_sentences(source.record, question.wanted, question.text)
            if tells_of_change(one)
            and names_outcome(source.full(one), asked)
            and names_exposure(source.full(one), asked)
        ]
    return reading(source.n, [source.full(one) for one in told], question.text, asked)
