"""What a source has to speak of to answer a question: each thing that is named, whom it is about, which side of it. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from ..entities import Entities
from ..leaving_out import is_of_left_out, is_outside, without_denied
from ..records import Record
from ..sentences import sentences
from ..whom import GROWN, OLD
from ..words import stem, words_of
from .aspects import Aspect, asked_aspects
from .naming import unnamed
from .of_whom import AMONG, NOT, others, speaks_of
from .outcomes import Asked, is_of_outcome
from .populations import Population, asked_populations
from .speaking import said
from .ways import telling

_ASKED_ON = re.compile(
    r",\s*(?:and|but|or|then|also|what about|how about|what of|(?:the )?same (?:for|in|with)|only|(?:and )?(?:in|for|among))\b(?=[^,]*$)",
    re.IGNORECASE,
)
"""Begins what a follow-up joined to its topic asks."""
_HUMANS: Final = asked_populations("humans")[0]


class Facets(NamedTuple):
    """What a question asks about, apart from its words."""

    entities: Entities
    populations: tuple[tuple[Population, ...], ...] = ()
    """Whom it is about: one of each group."""
    aspects: tuple[Aspect, ...] = ()
    is_asked_on: bool = False
    """Whether the aspects are all that a follow-up asks for: what its topic asked for they replace."""

    def beside(self, asked: Asked) -> Facets:
        """The same without the sides that the outcome has more words of, "mortality after stroke": that is asked of sentences that name it. A side that is no word of the
        outcome's name, "the cost of treatment of sarcoma", stays."""
        left = tuple(
            one
            for one in self.aspects
            if not (side := one.asked.search(asked.outcome))
            or not is_of_outcome(side[0], asked)
            or not telling(one.asked.sub(" ", asked.outcome))
        )
        return self._replace(aspects=left)


class Gap(NamedTuple):
    """What a source does not speak of."""

    things: tuple[str, ...] = ()
    populations: tuple[tuple[Population, ...], ...] = ()
    is_left_out: bool = False
    """Whether it is of what the question wants left out."""


def read(entities: Entities) -> Facets:
    """What a question asks about."""
    text = without_denied(entities.get("question", ""))
    on = _ASKED_ON.search(text)
    first, later = (text[: on.start()], text[on.start() :]) if on else (text, "")
    aspects = asked_aspects(later)
    return Facets(
        entities,
        asked_populations(first, later) or _by_years(entities),
        aspects or asked_aspects(first),
        bool(aspects),
    )


def _spoken(record: Record, wanted: Sequence[Population], facets: Facets) -> int:
    """Whether a record speaks of some; women are no mice."""
    return NOT if _is_of_animals(record, facets) else speaks_of(record, wanted)


def _is_of_animals(record: Record, facets: Facets) -> bool:
    asked = {one.group for wanted in facets.populations for one in wanted}
    return "species" not in asked and speaks_of(record, _HUMANS) == NOT


def _by_years(entities: Entities) -> tuple[tuple[Population, ...], ...]:
    """Whom years alone name: "under 12 years", "over 70"."""
    youngest, oldest = entities.get("age_from"), entities.get("age_to")
    if oldest is not None and oldest < GROWN:
        return asked_populations("children")
    return asked_populations("elderly") if youngest is not None and youngest >= OLD else ()


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
        tuple(unnamed(said(record), _for(record, facets.entities), _places(record))),
        tuple(one for one in facets.populations if _spoken(record, one, facets) == NOT),
        is_of_left_out(record, facets.entities) or is_outside(record, facets.entities),
    )


def _places(record: Record) -> list[str]:
    """Its title, sentences, headings and facts one by one."""
    text, listed = record.get("text", ""), ("keywords", "conditions", "interventions")
    facts = (one for name in listed for one in cast(list[str], record.get(name, [])))
    return [record["title"], *sentences(text), record.get("outcome", ""), *facts]


def _for(record: Record, entities: Entities) -> Entities:
    """What a record has to name: a place is a limit of the registry's, and need not be a word of its trials."""
    places = {one.lower() for one in entities.get("places", [])}
    if record["type"] != "trial" or not places:
        return entities
    kept = [one for one in entities.get("concepts", []) if one["text"].lower() not in places]
    return {**entities, "concepts": kept}


def called(populations: Sequence[Population]) -> str:
    """``children or adolescents``."""
    return " or ".join(one.name for one in populations)


def lost(records: Sequence[Record], facets: Facets) -> list[str]:
    """Whom of those asked about none of some records is of."""
    return [
        called(wanted)
        for wanted in facets.populations
        if records and all(_spoken(one, wanted, facets) == NOT for one in records)
    ]


def told_of_others(records: Sequence[Record], facets: Facets) -> str:
    """What a reader has to know first, where the quoted sources are not of whom was asked about; empty where they are.

    Args:
        records: The sources that are quoted.
        facets: What was asked about.
    """
    lines = []
    for wanted in facets.populations:
        found = [_spoken(one, wanted, facets) for one in records]
        if not found or max(found) > AMONG:
            continue
        name = called(wanted)
        if max(found) == AMONG:
            lines.append(
                f"**The sources have {name} among others, and do not report on them apart.**"
            )
            continue
        rest = dict.fromkeys(
            "animals" if _is_of_animals(one, facets) else other
            for one in records
            for other in (others(one, wanted) or ("",))
        )
        rest.pop("", None)
        of = f"are of {' and '.join(list(rest)[:2])}" if rest else "do not name them"
        lines.append(f"**Nothing was found on {name}.** The results quoted here {of}.")
    return " ".join(lines)
