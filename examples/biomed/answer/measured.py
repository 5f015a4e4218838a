"""A source beside a question: its text as it is measured, how much of the question that names, and what it does not speak of. Without I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..records import Record
from ..state import Citation
from .asked import Question
from .facets import Gap, gap
from .families import Named, beside
from .instructions import own_words
from .narrower import asked_with, narrower, only_denied
from .short_forms import short_forms, understood, written_out
from .speaking import Concept, coverage

WHOLE = 0.6
"""How much of the question a source names that is about all of it, though its sentences word it otherwise."""
ALL = 0.85
"""From here on a source is about a question of any length."""
_MISSING = 2
"""Names of a question that a source may have narrower names for."""
AHEAD = 0.2
"""How much more of the question than any other source one names that is told by that."""


class Source(NamedTuple):
    """One result beside the question."""

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


def measured(place: int, one: tuple[Citation, Record], question: Question) -> Source:
    """A result beside the question, ``place`` down in the list."""
    citation, record = one
    record = own_words(record)
    both = f"{record['title']}. {record.get('text', '')}"
    short = understood(both, question.entities.get("concepts", [])) | short_forms(both)
    whole = _written_out(record, short, question)
    missing = gap(whole, question.facets)
    wanted = asked_with(question.entities.get("concepts", []), question.asked.outcome)
    if 0 < len(missing.things) <= _MISSING and (kinds := narrower(both, wanted)):
        short = {**kinds, **short}
        whole = _written_out(record, short, question)
        missing = gap(whole, question.facets)
    if not missing.things and (denied := only_denied(whole, wanted, short)):
        missing = missing._replace(things=tuple(denied))
    share = coverage(whole, question.wanted)
    return Source(place, citation["n"], record, whole, short, question.named, share, missing)


def _written_out(record: Record, short: dict[str, str], question: Question) -> Record:
    return {
        **record,
        "title": beside(written_out(record["title"], short), question.named),
        "text": beside(written_out(record.get("text", ""), short), question.named),
    }


def led(sources: Sequence[Source]) -> list[Source]:
    """The same, each with how much more of the question it names than every other; one that is alone is ahead of none."""
    return [
        one._replace(lead=one.share - max(each.share for each in sources if each is not one))
        if len(sources) > 1
        else one
        for one in sources
    ]


def share_named(text: str, wanted: Sequence[Concept]) -> float:
    """The share of what is wanted that a text names, 0 to 1."""
    return coverage({"title": text, "id": ""}, wanted)
