"""Which sources speak to a question: each measured against it and against the others. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..records import Record
from ..sentences import sentences
from ..terms.english import is_english
from ..words import STOPWORDS, words_of
from .asked import Question
from .asked_on import is_of_settings
from .bounds import bounds_of
from .cause_sentences import names_as_factor
from .choosing_sentences import told_by
from .how_common import asks_share_of_one, counts_it
from .measured import AHEAD, ALL, WHOLE, Source
from .no_findings import is_told
from .of_whom import has_title
from .outcomes import (
    comes_back_to,
    dwells,
    is_titled,
    names_outcome,
    relates,
    tells_the_risk,
    together,
)
from .populations import asked_populations
from .recurrences import asks_another
from .speaking import coverage, in_one_place, is_named, roots, speaks
from .study_names import calls
from .zones import parts_of

NEAR = 0.25
"""How much less than the best source another one may name."""
ABOUT = 0.4
"""How much of the question one place of a source has to name, its title or a sentence: parts that are named here and there are about something else."""
STANDS_OUT = 0.64
"""How much of a question of :data:`LONG` words a source names that is about it where no other names nearly as much."""


def speaking(sources: Sequence[Source], question: Question) -> list[Source]:
    """The sources that speak to a question, best first."""
    speaking = [
        one
        for one in sources
        if is_named(one.record, question.entities)
        or (calls(question.text, one.record) and not one.gap.things)
        or (
            (question.meaning or not one.gap.things)
            and not one.gap.is_left_out
            and (_stands_out(one, question) or _is_about(one.whole, question))
            and not (question.meaning and not told_by(one, question))
        )
    ]
    # Who is of others speaks only where nobody is of them.
    speaking = [one for one in speaking if not one.gap.populations] or speaking
    # Who tells of a class speaks only where nobody tells of its member.
    speaking = [one for one in speaking if not one.instead] or speaking
    if asks_another(question):
        # A second stroke is had by those who had one: they stand in the title of who is of them.
        speaking = [
            one
            for one in speaking
            if has_title(one.record) and names_outcome(one.whole["title"], question.asked)
        ] or speaking
    if settings := question.entities.get("settings", []):
        # Who is of those whom a session asks for speaks before who is of others.
        speaking = [one for one in speaking if is_of_settings("", one.whole, settings)] or speaking
    speaking.sort(key=lambda one: (round(one.share, 2), -one.place), reverse=True)
    # Beside a source that names all of it, one that names half of it speaks to something else.
    return [one for one in speaking if one.share >= speaking[0].share - NEAR]


def is_of_some(source: Source, question: Question) -> bool:
    """Whether a source says in its title that it is of one age or sex, where a question is of all: "… in people younger than 50 years"."""
    title = source.record["title"]
    if question.facets.populations or not has_title(source.record):
        return False
    is_of_an_age = any(one.kind == "age" for one in bounds_of(title))
    if any(one.kind == "age" for one in question.bounds):
        return False
    return is_of_an_age or any(
        one.group in ("age", "sex") and one.name != "adults"
        for wanted in asked_populations(title)
        for one in wanted
    )


def _stands_out(source: Source, question: Question) -> bool:
    """Whether one source names far more of a question of many words than any other: what it is about is told by that alone."""
    return (
        question.has_many
        and question.entities.get("is_medical", True)
        and source.record["type"] != "trial"
        and source.share >= STANDS_OUT
        and source.lead >= AHEAD
    )


_CAPITAL = re.compile(r"(?<=\w )[A-Z][\w-]+")
"""A word that is written as a name."""


def _is_of_medicine(record: Record, question: Question) -> bool:
    """Whether what a question names is of medicine: known by itself, else by a record that is on all of it and has it in its title.

    "Death after Fontan", "the specificity of FIT" name nothing that is of medicine alone, and who wrote of it in a collection means the same.
    """
    if question.entities.get("is_medical", True):
        return True
    telling = [one for one in question.wanted if one[0] >= 1]
    topics = [
        one["text"] for one in question.entities.get("concepts", []) if one["kind"] == "topic"
    ]
    # "Space" and "first" stand in the title of many a text.
    written = _CAPITAL.findall(question.text)
    names = [
        *topics,
        *written,
        *(one for one in words_of(question.text) if one not in STOPWORDS and not is_english(one)),
    ]
    title = roots(record["title"])
    if not any(roots(one) <= title for one in names):
        return False
    if len(telling) < 2:
        return bool(topics and question.facets.aspects)
    return coverage(record, telling) >= ALL


def _counts(source_text: str, question: Question) -> bool:
    """Whether a text says how many had the one thing that a question asks the share of, wherever it stands: "four (6%) presented with TUR syndrome"."""
    return asks_share_of_one(question) and any(
        one.zone != "before" and is_told(one.text) and counts_it(one.text, question)
        for one in parts_of(sentences(source_text))
    )


def _tells_of_risk(record: Record, question: Question) -> bool:
    """Whether a record that comes back to what is asked about says what changes the risk, without naming it again."""
    return comes_back_to(record, question.asked) and any(
        tells_the_risk(one, question.asked) for one in sentences(record.get("text", ""))
    )


def _is_about(record: Record, question: Question) -> bool:
    """Whether a record is about what is asked, and names enough of it."""
    is_medical = _is_of_medicine(record, question)
    if not speaks(record, question.wanted, is_medical=is_medical) and not (
        is_medical and _counts(record.get("text", ""), question)
    ):
        return False
    if not relates(record, question.asked) or record["type"] == "trial":
        return relates(record, question.asked)
    here = in_one_place(record, question.wanted)
    return here >= ABOUT and (
        (question.is_long and here >= WHOLE)
        or together(record, question.asked)
        or names_as_factor(record, question.asked)
        or (
            coverage(record, question.wanted) >= ALL
            and (
                dwells(record, question.asked)
                or is_titled(record, question.asked)
                or _tells_of_risk(record, question)
            )
        )
    )
