"""A source beside a question: its text as it is measured, how much of the question that names, and what it does not speak of. Without I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..records import Record
from ..sentences import sentences
from ..state import Citation
from .asked import Question
from .facets import Gap, gap
from .families import beside
from .figures import gives
from .instructions import own_words
from .kinds_told import beside_kinds
from .narrower import asked_with, is_class, narrower, only_denied
from .of_a_class import classes_told
from .other_words import beside_losses, beside_narrower, other_names
from .short_forms import beside_abbreviated, short_forms, understood, written_out
from .speaking import Concept, coverage, roots, said
from .ways import Way, all_words, has

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
    """The record as it is read, see :func:`as_read`: what is measured, and never quoted."""
    short: dict[str, str]
    question: Question
    share: float
    """How much of the question it names."""
    gap: Gap
    """What it does not speak of, of what was asked about."""
    lead: float = 0.0
    """How much more than every other."""
    instead: tuple[tuple[str, str], ...] = ()
    """Each class that it tells of in the place of a medicine of the question, with that."""

    def full(self, text: str) -> str:
        return as_read(text, self.short, self.question)

    def gives(self, text: str) -> bool:
        """Whether a sentence gives the number that is asked for; a share and a time are of anything, so it names something of the question."""
        if not gives(text, self.question.figures) or self.is_of_another(text):
            return False
        if any(one.is_its_own and gives(text, [one]) for one in self.question.figures):
            return True
        things = [one for one in self.question.wanted if one[0] >= 1]
        return share_named(self.full(text), things) > 0 or not self.question.figures

    def is_of_another(self, text: str) -> bool:
        """Whether a sentence gives a number of the kind that is asked for, and of something else: of a thromboembolism where a bleeding is asked about.

        Under a title that names what is asked about a sentence need not, unless another sentence does.
        """
        of, figures = self.question.of, self.question.figures
        if not of or not figures or not gives(text, figures) or self._names(text, of):
            return False
        ratio = any(one.is_ratio for one in figures)
        if ratio and not self._names(self.record["title"], of):
            return True
        own = sentences(self.record.get("text", ""))
        return any(gives(one, figures) and self._names(one, of) for one in own)

    def names_of(self, text: str) -> bool:
        """Whether a sentence names what the number is asked of."""
        return self._names(text, self.question.of)

    def gives_of(self, text: str) -> bool:
        """Whether a sentence names that, and gives the number."""
        return self.names_of(text) and self.gives(text)

    def _names(self, text: str, ways: Sequence[Way]) -> bool:
        words = all_words(self.full(text))
        return any(has(words, one) for one in ways)


def as_read(text: str, short: dict[str, str], question: Question) -> str:
    """A text with its abbreviations written out, and with the question's own words beside other names of what it asks about."""
    about = question.entities.get("concepts", [])
    text = beside_abbreviated(written_out(text, short), about)
    text = beside_kinds(beside_losses(beside(text, question.named), about), about)
    return beside_narrower(text, question.harm, about)


def measured(place: int, one: tuple[Citation, Record], question: Question) -> Source:
    """A result beside the question, ``place`` down in the list."""
    citation, record = one
    record = own_words(record)
    both = f"{record['title']}. {record.get('text', '')}"
    about = question.entities.get("concepts", [])
    short = understood(both, about) | short_forms(both)
    whole = _written_out(record, short, question)
    missing = gap(whole, question.facets)
    wanted = asked_with(about, question.asked.outcome)
    # A text on amlodipine may name the hypertension, and only seem to name the antihypertensives.
    # One that it seems to name, "septic" for sepsis, it may only name a kind of: it is to be seen as such by every measure.
    own = roots(said(whole))
    wide = (
        wanted
        if missing.things
        else [one for one in wanted if is_class(one) or not roots(one["text"]) <= own]
    )
    lacking = [one for one in about if one["text"] in missing.things]
    kinds = narrower(both, wide) if len(missing.things) <= _MISSING else {}
    kinds |= other_names(both, lacking)
    instead = (
        {}
        if question.entities["intent"] == "compare"
        else classes_told(record["title"], record.get("text", ""), lacking)
    )
    instead = {name: own for name, own in instead.items() if own not in kinds.values()}
    if kinds or instead:
        short = {**instead, **kinds, **short}
        whole = _written_out(record, short, question)
        missing = gap(whole, question.facets)
    if not missing.things and (denied := only_denied(whole, wanted, short)):
        missing = missing._replace(things=tuple(denied))
    share = coverage(whole, question.wanted)
    return Source(
        place,
        citation["n"],
        record,
        whole,
        short,
        question,
        share,
        missing,
        instead=tuple(instead.items()),
    )


def _written_out(record: Record, short: dict[str, str], question: Question) -> Record:
    return {
        **record,
        "title": as_read(record["title"], short, question),
        "text": as_read(record.get("text", ""), short, question),
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
