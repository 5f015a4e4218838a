"""The answer first: sentences of the best sources that answer the question, each with its number.

Without a model and without I/O. A sentence is taken as its source wrote it, so what is said is what the source says
(:mod:`findings` chooses them). Where no source speaks to the question there is no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from .aspects import counted, dwells_on, tells
from .conditions import (
    Bounds,
    bounds_of,
    fitting_first,
    held,
    is_of_other_arm,
    other_arms,
    told_of_other_bounds,
)
from .definitions import asked_meaning, says_meaning
from .directions import Against, Direction, asked_direction, has_one_name, told_against
from .entities import Entities
from .facets import Facets, Gap, called, gap, lost, told_of_others, without_outcome
from .facets import read as facets_of
from .families import Named, beside, exact_first, how, told_otherwise
from .families import asked as asked_families
from .findings import LONGEST, SHORTEST, finding, telling_sentences, tells_of_change
from .instructions import own_words
from .naming import names_of
from .outcomes import (
    Asked,
    asked_of,
    dwells,
    names_exposure,
    names_outcome,
    relates,
    tells_how_long,
    together,
)
from .queries.concept import NAMED
from .readings import Reading, is_negative, reading
from .records import Record
from .sentences import sentences
from .short_forms import short_forms, written_out
from .speaking import (
    Cited,
    Concept,
    concepts,
    coverage,
    in_one_place,
    is_named,
    speaks,
)
from .state import Citation

NEAR = 0.25
"""How much less than the best source another one may name."""
WHOLE = 0.6
"""How much of the question a source names that is about all of it, though its sentences word it otherwise."""
ABOUT = 0.4
"""How much of the question one place of a source has to name, its title or a sentence: parts that are named here and there are about something else."""
ALL = 0.85
"""From here on a source is about a question of any length."""
LONG = 4
"""Telling words of a question that a text may word otherwise; of a shorter one it has to name what is asked about itself."""
MAX_SENTENCES = 5
STANDS_OUT = 0.64
"""How much of a question of :data:`LONG` words a source names that is about it where no other names nearly as much."""
AHEAD = 0.2
"""How much less every other source names then."""
BESIDE = 0.65
"""How much of the question a sentence has to name itself that is quoted from a further source."""


class Sentence(msgspec.Struct, frozen=True):
    """One sentence of the answer."""

    text: str
    n: int
    negative: bool
    """Whether it says that there is no effect or no difference."""
    against: Against = ""
    """Which way it says that something goes, held against the way that was asked about."""


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
    unsaid: list[str] = []
    """Where nothing answers: what the nearest sources do not speak of, as plain text."""


def find(entities: Entities, cited: Cited) -> Found:
    """The sentences that answer, from the sources that speak to the question, best source first.

    A source that is of other people than were asked about is quoted only where none is of them, and the answer says so first.
    """
    question = _question(entities)
    sources = _led([_source(place, one, question) for place, one in enumerate(cited)])
    speaking = _speaking(sources, question)
    telling = [(one, told) for one in speaking if (told := _told(one, question))]
    if question.facets.aspects:
        speaking = [one for one, _ in telling] or speaking
    chosen: list[Sentence] = []
    quoted: list[_Source] = []
    for source, told in telling:
        room = MAX_SENTENCES - len(chosen)
        if room <= 0:
            break
        is_first = source is speaking[0]
        if not is_first:
            told = [one for one in told if _names(source.full(one), question.wanted) >= BESIDE]
        chosen += [
            Sentence(
                text,
                source.n,
                is_negative(source.full(text)),
                told_against(source.full(text), question.text, question.asked),
            )
            for text in told[: min(room, 2 if is_first else 1)]
        ]
        quoted += [source] if told else []
    records = [one.record for one in quoted]
    note, parts = told_otherwise([one.text for one in chosen], question.named)
    of_others = told_of_others(records, question.facets)
    bounds, missed = told_of_other_bounds(
        [one.text for one in chosen],
        [f"{one['title']} {one.get('text', '')}" for one in records],
        question.bounds,
    )
    return Found(
        chosen,
        [one.n for one in speaking],
        question.asked.outcome,
        asked_direction(question.text, question.asked),
        " ".join(filter(None, (of_others, note, bounds))),
        [*lost(records, question.facets), *parts, *missed],
        [read for one in speaking if (read := _read(one, question))],
        [] if chosen else _unsaid(sources, speaking, question),
    )


def _read(source: _Source, question: _Question) -> Reading | None:
    """What a source says: by the sentences that answer, else by those that name what is asked about and what is asked to change it."""
    asked = question.asked
    if not asked.ways:
        # It may tell of an effect on something else.
        return None
    told = _told(source, question)
    if not told and asked.exposures:
        told = [
            one
            for one in telling_sentences(source.record, question.wanted, question.text)
            if tells_of_change(one)
            and names_outcome(source.full(one), asked)
            and names_exposure(source.full(one), asked)
        ]
    return reading(source.n, [source.full(one) for one in told], question.text, asked)


class _Question(NamedTuple):
    text: str
    entities: Entities
    wanted: Sequence[Concept]
    asked: Asked
    is_plain: bool
    """Whether it says what it asks about."""
    has_many: bool
    """Whether it names so much that a text may word a part of it otherwise."""
    is_long: bool
    """The same, or what it asks about is not known; what people are asked about is named so by all."""
    facets: Facets
    """Each thing that it names, whom it is about, and which side of it is asked for."""
    named: tuple[Named, ...] = ()
    """The outcomes that it names and that go by other names too."""
    bounds: tuple[Bounds, ...] = ()
    """The ages, times and doses that it names."""
    meaning: str = ""
    """What it asks the meaning of: that is answered by who says it, and by no finding."""


def _question(entities: Entities) -> _Question:
    text = entities.get("question", "")
    facets = facets_of(entities)
    asked = asked_of(text, entities.get("concepts", []))
    if facets.is_asked_on:
        # "And what about side effects?" asks no longer for what its topic did.
        entities, asked = without_outcome(entities, asked.outcome), Asked()
        facets = facets._replace(entities=entities)
    facets = facets.beside(asked)
    wanted = concepts(entities)
    is_plain = bool(asked.ways or asked.exposures)
    has_many = sum(weight >= 1 for weight, _ in wanted) >= LONG
    is_long = not is_plain or (has_many and not asked.of_people)
    of_medicine = any(one["kind"] in NAMED for one in entities.get("concepts", []))
    meaning = asked_meaning(text, of_medicine=of_medicine)
    named = asked_families(text, asked.outcome)
    return _Question(
        text,
        entities,
        wanted,
        asked,
        is_plain,
        has_many,
        is_long,
        facets,
        named,
        bounds_of(text),
        meaning,
    )


class _Source(NamedTuple):
    place: int
    n: int
    record: Record
    whole: Record
    """The record with its abbreviations written out, and outcomes also as the question calls them: what is measured, and never quoted."""
    short: dict[str, str]
    named: tuple[Named, ...]
    share: float
    """How much of the question it names."""
    gap: Gap
    """What it does not speak of, of what was asked about."""
    lead: float = 0.0
    """How much more than every other."""

    def full(self, text: str) -> str:
        return beside(written_out(text, self.short), self.named)


def _source(place: int, one: tuple[Citation, Record], question: _Question) -> _Source:
    citation, record = one
    record = own_words(record)
    text = record.get("text", "")
    short = short_forms(text)
    whole: Record = {
        **record,
        "title": beside(record["title"], question.named),
        "text": beside(written_out(text, short), question.named),
    }
    share = coverage(whole, question.wanted)
    missing = gap(whole, question.facets)
    return _Source(place, citation["n"], record, whole, short, question.named, share, missing)


def _speaking(sources: Sequence[_Source], question: _Question) -> list[_Source]:
    """The sources that speak to a question, best first."""
    speaking = [
        one
        for one in sources
        if is_named(one.record, question.entities)
        or (
            (question.meaning or not one.gap.things)
            and not one.gap.is_left_out
            and (_stands_out(one, question) or _is_about(one.whole, question))
            and not (question.meaning and not _told(one, question))
        )
    ]
    # Who is of others speaks only where nobody is of them.
    speaking = [one for one in speaking if not one.gap.populations] or speaking
    speaking.sort(key=lambda one: (round(one.share, 2), -one.place), reverse=True)
    # Beside a source that names all of it, one that names half of it speaks to something else.
    return [one for one in speaking if one.share >= speaking[0].share - NEAR]


def _led(sources: Sequence[_Source]) -> list[_Source]:
    """The same, each with how much more of the question it names than every other; one that is alone is ahead of none."""
    return [
        one._replace(lead=one.share - max(each.share for each in sources if each is not one))
        if len(sources) > 1
        else one
        for one in sources
    ]


def _stands_out(source: _Source, question: _Question) -> bool:
    """Whether one source names far more of a question of many words than any other: what it is about is told by that alone."""
    return (
        question.has_many
        and question.entities.get("is_medical", True)
        and source.record["type"] != "trial"
        and source.share >= STANDS_OUT
        and source.lead >= AHEAD
    )


def _is_about(record: Record, question: _Question) -> bool:
    """Whether a record is about what is asked, and names enough of it."""
    if not speaks(record, question.wanted, is_medical=question.entities.get("is_medical", True)):
        return False
    if not relates(record, question.asked) or record["type"] == "trial":
        return relates(record, question.asked)
    here = in_one_place(record, question.wanted)
    return here >= ABOUT and (
        (question.is_long and here >= WHOLE)
        or together(record, question.asked)
        or (coverage(record, question.wanted) >= ALL and dwells(record, question.asked))
    )


def _unsaid(
    sources: Sequence[_Source], speaking: Sequence[_Source], question: _Question
) -> list[str]:
    """What none of the sources, where some are near, speaks of: things, people, or a side of what they are on."""
    if speaking:
        return [one.name for one in question.facets.aspects]
    near = max(sources, key=lambda one: (one.share, -one.place), default=None)
    if near is None:
        return []
    things = [one for one in near.gap.things if all(one in each.gap.things for each in sources)]
    people = [
        one for one in near.gap.populations if all(one in each.gap.populations for each in sources)
    ]
    sides = [
        one.name
        for one in question.facets.aspects
        if not any(one.said.search(each.whole.get("text", "")) for each in sources)
    ]
    if not things and near.gap.things and len(named := names_of(question.entities)) > 1:
        # Each is named somewhere, and nowhere all of them.
        things = [" and ".join(named) + " together"]
    return [*things, *map(called, people), *sides]


def _told(source: _Source, question: _Question) -> list[str]:
    """The sentences of a source that answer, best first: each tells of the side that is asked for."""
    told = _answering(source, question)
    about = question.entities.get("concepts", [])
    for side in question.facets.aspects:
        # Of many words a text that comes back to it may say it otherwise in one place.
        if not (question.has_many and source.share >= WHOLE and dwells_on(source.whole, side)):
            told = [one for one in told if tells(side, _result(source, one), about)]
    told = [one for one in told if counted(source.whole, source.full(one), question.text, about)]
    title, text = source.record["title"], source.record.get("text", "")
    arms = other_arms(title, text, question.text)
    told = [
        one for one in told if not is_of_other_arm(source.full(one), title, arms, question.text)
    ]
    for one in question.named:
        if one.is_outcome and not question.asked.ways:
            # "What is the risk of nausea?" asks for nothing else, of a text that is not on nausea alone.
            naming = [each for each in told if how(written_out(each, source.short), one)]
            parts = sentences(written_out(text, source.short))
            told = naming or (told if sum(how(each, one) == "same" for each in parts) > 1 else [])
    return exact_first(fitting_first(told, question.text, title, question.bounds), question.named)


def _result(source: _Source, told: str) -> str:
    """What a sentence tells, apart from the title that a registered result is told under."""
    return source.record.get("outcome", "") or source.full(told)


def _answering(source: _Source, question: _Question) -> list[str]:
    """The sentences of a source that answer, whichever side of it they tell of."""
    if question.meaning:
        parts = sentences(source.record.get("text", ""))
        return [
            one
            for one in parts
            if SHORTEST <= len(one) <= LONGEST and says_meaning(source.full(one), question.meaning)
        ]
    asked = question.asked
    told = telling_sentences(
        source.record, question.wanted, question.text, lambda one: beside(one, question.named)
    )
    # What changed, or that it did not: to name it is no answer yet.
    found = tells_of_change if asked.ways else finding
    naming = [one for one in told if names_outcome(source.full(one), asked) and found(one)]
    # Best is what names what is asked to change it, too.
    both = [
        one
        for one in naming
        if names_exposure(source.full(one), asked)
        or any(held(one, each) == "same" for each in question.bounds)
    ]
    naming = both or (naming if dwells(source.whole, asked, on_a_part=True) else [])
    here = in_one_place(source.whole, question.wanted)
    if not naming and not has_one_name(asked.outcome) and here >= ALL:
        # It is on nothing else, and names the outcome in its own way: "parity was related to a decreased ISI".
        naming = [
            one
            for one in told
            if tells_of_change(one)
            and names_exposure(source.full(one), asked)
            and tells_how_long(one, asked)
        ]
    if question.is_plain:
        is_about_all = question.is_long and max(source.share, here) >= WHOLE
        return naming or ([one for one in told if found(one)] if is_about_all else [])
    told = naming or told
    if source.lead >= AHEAD:
        return told
    # Beside others that are as near, a sentence says itself what it is about.
    things = [one for one in question.wanted if one[0] >= 1]
    return [one for one in told if _names(source.full(one), things) > 0]


def _names(text: str, wanted: Sequence[Concept]) -> float:
    return coverage({"title": text, "id": ""}, wanted)
