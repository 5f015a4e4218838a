"""The finding nearest to a question that no source answers in its own words. Without I/O.

Who asks as people speak ("does pushing up milk feeds slowly bring more late sepsis?") shares few words with who wrote of it. So where
nothing answers, the words of a question count by what they tell: a name in full, a word of plain English half, and one that
any question may have ("bring", "keep", "once") a quarter. What is quoted so is no answer, and is told as none: the words that the
source does not have stand before it. A source may lack what is asked of a medicine ("does lecanemab slow memory loss?"), and no medicine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from ..entities import Entities
from ..queries.identifiers import OF_ARTICLES, OF_TRIALS
from ..records import Identity, identity_of
from ..sentences import sentences
from ..terms.english import is_english
from ..terms.everyday import EVERYDAY
from ..terms.find import find
from ..topics import topics
from ..words import words_of
from .asked import Question
from .choosing_sentences import told_by
from .measured import Source, share_named
from .of_whom import has_title
from .populations import is_of_people
from .speaking import Cited, Concept, concepts, coverage, in_one_place, named_together, said_as
from .telling_sentences import telling_sentences

PLAIN, GENERAL = 0.5, 0.25
"""What a word weighs that is plain English, and one that any question may have; a name weighs 1."""
SHARE, HERE = 0.3, 0.2
"""How much of the question, so weighed, the nearest source has to name, and one place of it: its title or a sentence."""
NAMES = 2
"""How many things of full weight it has to name. Of 120 questions outside medicine none has a source that does; one name alone, "heart" or "burn", eleven have."""
SHARE_OF_ONE = 0.4
"""How much of the question a source has to name that names one thing of full weight alone."""
MOST = 2
"""Sentences that are shown of it."""


class Nearest(msgspec.Struct, frozen=True):
    """A result near to a question, and what it has to tell."""

    result: Identity
    sentences: list[str]
    unnamed: list[str]
    """The question's own words that it does not have, in their order; none that any question may have."""


def nearest(
    sources: Sequence[Source],
    question: Question,
    wanted: Sequence[Concept],
    without: Sequence[str] = (),
) -> Nearest | None:
    """The source that names most of a question, with its findings; None where none is near, where what it lacks is a medicine, a gene or a
    name that nobody knows, where studies are asked about themselves, or where the question is of another language.

    Args:
        sources: What was found, each beside the question.
        question: One that none of them answers.
        wanted: What it names, see :func:`lightly`.
        without: What of it no source has in any form and it cannot be answered without.
    """
    entities = question.entities
    if (
        question.meaning
        or question.fact is not None
        or not entities.get("is_medical", True)
        or entities.get("language")
        or not all(is_english(word.lower()) for one in without for word in one.split())
    ):
        return None
    full = [one for one in wanted if one[0] >= 1]
    near = [
        (coverage(one.whole, wanted), -one.place, one)
        for one in sources
        if not one.gap.is_left_out
        and not one.gap.populations
        and _is_near(one, question, full, coverage(one.whole, wanted))
        and in_one_place(one.whole, wanted) >= HERE
    ]
    share, _, source = max(near, key=lambda one: one[:2], default=(0.0, 0, None))
    if source is None or share < SHARE:
        return None
    told = _told(source, question, wanted)
    lacked = {word for thing in source.gap.things for word in words_of(thing)}
    unnamed = [
        word
        for word in topics(entities)
        if weighed(word) > GENERAL
        and word not in lacked
        and not coverage(source.whole, [(1.0, said_as(word, entities))])
    ]
    return Nearest(identity_of(source.record), told, unnamed) if told else None


def _is_near(source: Source, question: Question, full: Sequence[Concept], share: float) -> bool:
    """Whether a source has enough of what a question names by a name: two things, or one that is much of it."""
    things = source.gap.things
    named = sum(coverage(source.whole, [each]) > 0 for each in full)
    if any(
        one["kind"] in _DECIDING and any(one["text"] in thing for thing in things)
        for one in question.entities.get("concepts", [])
    ):
        return False
    if not things and named >= NAMES:
        return True
    # Who asks what it costs is shown nothing else of one medicine; and what is one thing of many in a text is none that the text is on.
    return (
        0 < named >= len(things)
        and share >= SHARE_OF_ONE
        and not question.facets.aspects
        and (
            not has_title(source.record)
            or any(share_named(source.whole["title"], [each]) for each in full)
        )
    )


_DECIDING: Final = ("drug", "gene")
"""A source without one of them is on something else."""


def _told(source: Source, question: Question, wanted: Sequence[Concept]) -> list[str]:
    light = question._replace(wanted=wanted, has_many=True, is_long=True)
    chosen = told_by(source._replace(question=light), light)
    found = telling_sentences(source.record, wanted, question.text, source.full)
    return (chosen or found)[:MOST]


def lightly(entities: Entities) -> list[Concept]:
    """What a question names, weighed by what it tells: see the head of this file."""
    words = (
        (PLAIN if is_of_people(word) else weighed(word), said_as(word, entities))
        for word in topics(entities)
    )
    return [*concepts({**entities, "terms": []}), *words]


def worth_listing(entities: Entities, cited: Cited, near: Nearest | None) -> list[int]:
    """The numbers of what is shown though nothing answers: the nearest results.

    A question that names nothing known and nothing of medicine has none: that is what one outside biomedicine looks like. A document has to
    name something of the question, a service's own search already had to; where the question names no medicine, disease, company or
    number, two of its telling words in one place.
    """
    known = ("drugs", "drug_classes", "conditions", "companies", *OF_ARTICLES, *OF_TRIALS)
    telling = [one for one in concepts(entities) if one[0] >= 1]
    if any(entities.get(name) for name in known):
        return [
            citation["n"]
            for citation, record in cited
            if record["type"] != "document" or coverage(record, telling) > 0
        ]
    words = [(1.0, said_as(one, entities)) for one in topics(entities) if weighed(one) > GENERAL]
    return [
        citation["n"]
        for citation, record in cited
        if (near is not None and identity_of(record) == near.result)
        or (
            entities.get("is_medical")
            and named_together((record["title"], *sentences(record.get("text", ""))), words)
            >= NAMES
        )
    ]


def weighed(word: str) -> float:
    """How much a word of a question tells of what it is about, 0 to 1."""
    low = word.lower()
    if low in EVERYDAY or len(low) < 2:
        return GENERAL
    is_name = any(len(one.text) == len(low) for one in find(low))
    return PLAIN if is_english(low) and not is_name else 1.0
