"""The answer first: sentences of the best sources that answer the question, each with its number.

Without a model and without I/O. A sentence is taken as its source wrote it, so what is said is what the source says
(:mod:`choosing_sources` and :mod:`choosing_sentences` choose). Where no source speaks to the question there is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from ..entities import Entities
from ..records import Identity, identity_of
from . import choosing_sources
from .asked import Question, read_question
from .asked_first import asked_first
from .behind import behind
from .best_first import best_first, is_of_more
from .carried_on import carries_on, is_denied
from .changed import Change, shared
from .choosing_sentences import told_by
from .contraries import contraries_of, told_of_the_other
from .directions import Direction, asked_direction
from .findings import tells_of_change
from .held_against import Against, is_of_its_kind, is_of_other_dose, told_against
from .lacking import told_as_lost, unsaid
from .measured import Source, led, measured, share_named
from .nearest import Nearest, lightly, nearest
from .outcomes import is_titled, names_exposure, names_outcome
from .readings import Reading, is_negative, reading
from .speaking import Cited, Concept, said
from .subgroups import names_them, of_whom, what_makes_them
from .telling_sentences import telling_sentences
from .unspoken import told_of_unspoken, unspoken
from .ways import all_words, any_of, forms_of, has, telling

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
    apart: list[int] = []
    """Those of them that are not of whom or what was asked about, as far as it is known: they neither agree nor disagree."""
    shared: list[Change] = []
    """What several of them say of one outcome, where the question names none."""
    unsaid: list[str] = []
    """Where nothing answers: what the nearest sources do not speak of, as plain text."""
    stated: dict[Identity, str] = {}
    """By type and identifier of each result that states a finding, the sentence nearest to the question that does."""
    nearest: Nearest | None = None
    """Where nothing answers: the finding nearest to the question."""


def find(entities: Entities, cited: Cited) -> Found:
    """The sentences that answer, from the sources that speak to the question, best source first.

    A source that is of other people than were asked about is quoted only where none is of them, and the answer says so first.
    """
    question = read_question(entities)
    sources = led([measured(place, one, question) for place, one in enumerate(cited)])
    speaking = choosing_sources.speaking(sources, question)
    lacking = unspoken(question, sources)
    # Who is of the dose that is asked for comes before who is of another.
    speaking = sorted(speaking, key=lambda one: is_of_other_dose(said(one.record), question.text))
    by_number = {one.n: told_by(one, question) for one in speaking}
    telling = [(one, told) for one in speaking if (told := by_number[one.n])]
    wanted = contraries_of(question.text, entities.get("concepts", []))
    telling, speaking = best_first(telling, speaking, question, wanted)
    telling = asked_first(telling, speaking, question)
    if lacking.without:
        # Without the name that nobody knows it would be another question.
        telling = []
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
    if len(quoted) == 1 and (more := behind(quoted[0][1], quoted[0][0], question)):
        quoted.append((more, quoted[0][1]))
    chosen = [
        Sentence(
            text,
            source.n,
            is_negative(source.full(text), question.asked),
            told_against(_of_title(source, text, question), question.text, question.asked),
            is_of_more(source.full(text), question)
            or not is_of_its_kind(said(source.record), question.asked)
            or not _is_of_asked_people(source, question, text),
        )
        for text, source in quoted
    ]
    note, missed = told_as_lost(quoted, sources, question)
    other, not_on = told_of_the_other(
        [one.full(text) for text, one in quoted],
        [one.record["title"] for _, one in quoted],
        wanted,
    )
    note, missed = " ".join(filter(None, (other, note))), [*missed, *not_on]
    said_already = " ".join(missed).lower()
    strange = [
        word
        for word in unspoken(question, {one.n: one for _, one in quoted}.values()).words
        if word.lower() not in said_already
    ]
    if strange:
        note = " ".join(filter(None, (told_of_unspoken(strange), note)))
        missed = [*missed, *strange]
    readings = [read for one in speaking if (read := _read(one, by_number[one.n], question))]
    if telling:
        # Who tells nothing of it speaks of something else; what is registered may have nothing to tell yet.
        heard = {*(one.n for one, _ in telling), *(one.n for one in readings)}
        speaking = [one for one in speaking if one.n in heard or one.record["type"] == "trial"]
    light = lightly(question.entities)
    untold = [] if chosen else [*lacking.without] or unsaid(sources, speaking, question)
    return Found(
        chosen,
        [one.n for one in speaking],
        question.asked.outcome,
        asked_direction(question.text, question.asked),
        note,
        missed,
        readings,
        [one.n for one in speaking if is_of_other_dose(said(one.record), question.text)],
        [
            one.n
            for one in speaking
            if question.asked.ways and _is_apart(one, by_number[one.n], question)
        ],
        shared(speaking, by_number, question),
        untold or ([] if chosen else [*lacking.words]),
        what_each_states(sources, question, light),
        None
        if chosen or (untold and speaking)
        else nearest(sources, question, light, lacking.without),
    )


def what_each_states(
    sources: Sequence[Source], question: Question, wanted: Sequence[Concept]
) -> dict[Identity, str]:
    """What each source found, whether it answers or not: the sentence that names most of what is wanted, of several the most telling."""
    found: dict[Identity, str] = {}
    for one in sources:
        told = telling_sentences(one.record, wanted, question.text, one.full)
        if told:
            most = max(told, key=lambda text: share_named(one.full(text), wanted))
            found[identity_of(one.record)] = most
    return found


def _read(source: Source, told: Sequence[str], question: Question) -> Reading | None:
    """What a source says: by the sentences that answer, ``told``, else by those that name what is asked about and what is asked to change it."""
    asked = question.asked
    if not asked.ways or _is_apart(source, told, question):
        return None
    told = [one for one in told if _is_of_asked_people(source, question, one)] or told
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
    each = [_of_title(source, one, question) for one in told]
    read = reading(source.n, each, question.text, asked)
    if read is not None and not (read.negative or read.against or asked.exposures):
        # Of a question that names nothing to change it, what tells no way tells no effect either.
        return None
    return read


def _is_apart(source: Source, told: Sequence[str], question: Question) -> bool:
    """Whether a source may tell of an effect on something else, under early surgery of surgery at any time, of a composite alone, or of other people than are asked for."""
    return (
        not is_of_its_kind(said(source.record), question.asked)
        or not _is_of_asked_people(source, question, told=told)
        or (bool(told) and all(is_of_more(source.full(one), question) for one in told))
    )


def _is_of_asked_people(
    source: Source, question: Question, text: str = "", told: Sequence[str] = ()
) -> bool:
    """Whether a source is of those whom a question asks for by what makes them so, or a sentence of it is: of all it may not hold.

    Any source is where a question does not ask for such people.
    """
    made = what_makes_them(question.text)
    words = telling(made) or any_of(made)
    if not words:
        return True
    if question.subgroup is not None:
        own = of_whom(source.whole, question.subgroup) in ("them", "both", "")
        return own or any(names_them(one, question.subgroup) for one in (text,) if one)
    way = tuple(map(forms_of, words))
    places = (
        (source.whole["title"], text) if text else (source.whole["title"], *map(source.full, told))
    )
    return any(has(all_words(one), way) for one in places)


_OF_WHAT = re.compile(
    r"\b(?:with|in|on|by|after|among|for|than|versus|vs|compared|group|arm|both|either|between)\b",
    re.IGNORECASE,
)


def _of_title(source: Source, text: str, question: Question) -> str:
    """A sentence as it is read, behind what its source is on by its title where it says of nothing else: "hyperglycaemia was increased"."""
    full, asked = source.full(text), question.asked
    if names_exposure(full, asked) or _OF_WHAT.search(text) or not is_titled(source.whole, asked):
        return full
    return f"{asked.exposure}: {full}"
