"""What a source has to speak of to answer a question: each thing that is named, whom it is about, which side of it. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from .aspects import Aspect, asked_aspects
from .entities import Entities
from .leaving_out import is_of_left_out, without_denied
from .naming import unnamed
from .populations import AMONG, NOT, POPULATIONS, Population, asked_populations, others, speaks_of
from .records import Record
from .speaking import said
from .words import stem, words_of

_ASKED_ON = re.compile(
    r",\s*(?:and|but|or|then|also|what about|how about|what of|(?:the )?same (?:for|in|with)|only|(?:and )?(?:in|for|among))\b(?=[^,]*$)",
    re.IGNORECASE,
)
"""Begins what a follow-up joined to its topic asks."""


_PEOPLE = re.compile(
    r"\b(?:people|patients?|persons?|subjects|participants|mothers|or)\b", re.IGNORECASE
)


class Facets(NamedTuple):
    """What a question asks about, apart from its words."""

    entities: Entities
    populations: tuple[tuple[Population, ...], ...] = ()
    """Whom it is about: one of each group."""
    aspects: tuple[Aspect, ...] = ()
    is_asked_on: bool = False
    """Whether the aspects are all that a follow-up asks for: what its topic asked for they replace."""

    def beside(self, outcome: str) -> Facets:
        """The same without the sides that the outcome itself is: "does it reduce mortality?" is asked of sentences that name it."""
        left = tuple(one for one in self.aspects if not one.asked.search(outcome))
        return self._replace(aspects=left)


class Gap(NamedTuple):
    """What a source does not speak of."""

    things: tuple[str, ...] = ()
    populations: tuple[tuple[Population, ...], ...] = ()
    is_left_out: bool = False
    """Whether it is of what the question wants left out."""

    @property
    def is_of_others(self) -> bool:
        """Whether it is whom it is about, and nothing else."""
        return bool(self.populations) and not self.things and not self.is_left_out


def read(entities: Entities) -> Facets:
    """What a question asks about."""
    text = without_denied(entities.get("question", ""))
    on = _ASKED_ON.search(text)
    first, later = (text[: on.start()], text[on.start() :]) if on else (text, "")
    aspects = asked_aspects(later)
    return Facets(
        entities,
        asked_populations(first, later),
        aspects or asked_aspects(first),
        bool(aspects),
    )


def without_outcome(entities: Entities, outcome: str) -> Entities:
    """A question's entities without what it asked for the change of."""
    words = {stem(one) for one in words_of(outcome)}
    if not words:
        return entities
    own = {stem(word) for one in _NAMES for name in entities[one] for word in words_of(name)}
    kept = [
        one
        for one in entities.get("concepts", [])
        if not {stem(word) for word in words_of(one["text"])} <= words - own
    ]
    terms = [one for one in entities["terms"] if stem(one) not in words - own]
    return {**entities, "concepts": kept, "terms": terms}


_NAMES: Final = ("drugs", "drug_classes", "conditions", "genes")


def gap(record: Record, facets: Facets) -> Gap:
    """What a record does not speak of, of what was asked about."""
    return Gap(
        tuple(one for one in unnamed(said(record), facets.entities) if not _is_of_people(one)),
        tuple(one for one in facets.populations if speaks_of(record, one) == NOT),
        is_of_left_out(record, facets.entities),
    )


def _is_of_people(thing: str) -> bool:
    left = thing
    for one in POPULATIONS:
        left = one.asked.sub(" ", left)
    return left != thing and not _PEOPLE.sub("", left).strip()


def called(populations: Sequence[Population]) -> str:
    """``children or adolescents``."""
    return " or ".join(one.name for one in populations)


def lost(records: Sequence[Record], facets: Facets) -> list[str]:
    """Whom of those asked about none of some records is of."""
    return [
        called(wanted)
        for wanted in facets.populations
        if records and all(speaks_of(one, wanted) == NOT for one in records)
    ]


def told_of_others(records: Sequence[Record], facets: Facets) -> str:
    """What a reader has to know first, where the quoted sources are not of whom was asked about; empty where they are.

    Args:
        records: The sources that are quoted.
        facets: What was asked about.
    """
    lines = []
    for wanted in facets.populations:
        found = [speaks_of(one, wanted) for one in records]
        if not found or max(found) > AMONG:
            continue
        name = called(wanted)
        if max(found) == AMONG:
            lines.append(
                f"**The sources have {name} among others, and do not report on them apart.**"
            )
            continue
        rest = dict.fromkeys(other for one in records for other in others(one, wanted))
        of = (
            f"are of {' and '.join(list(rest)[:2])}" if rest else "do not say that they are of them"
        )
        lines.append(f"**Nothing was found on {name}.** The results quoted here {of}.")
    return " ".join(lines)
