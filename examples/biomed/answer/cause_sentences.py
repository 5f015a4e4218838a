"""Of a source's sentences those that say what something comes of, and why it was so. Without I/O."""

from __future__ import annotations

from ..records import Record
from ..sentences import sentences
from .asked import Question
from .causes import effect_ways, gives_reason, lists_factors, tells_causes
from .measured import Source
from .of_whom import has_title
from .outcomes import Asked, names_exposure, names_outcome
from .telling_sentences import LONGEST, SHORTEST, telling_sentences
from .ways import all_words, has
from .zones import parts_of


def on_causes(source: Source, told: list[str], question: Question) -> list[str]:
    """The sentences that say what the thing comes of that is asked about: "risk factors were" need not name it again."""
    about = question.entities.get("concepts", [])
    ways = effect_ways(question.effect, about)
    title = all_words(source.whole["title"])
    is_on_it = any(has(title, one) for one in ways)
    found = telling_sentences(source.record, question.wanted, question.text)
    if not is_on_it:
        found = told
    return [
        one
        for one in [*told, *(each for each in found if each not in told)]
        if tells_causes(source.full(one), question.effect, ways, is_on_it=is_on_it)
    ]


def reasons_first(source: Source, told: list[str], question: Question) -> list[str]:
    """Sentences with those first that give a reason, of the end of a trial too: "it was stopped because of bleeding"."""
    giving = [
        one.text
        for one in parts_of(sentences(source.record.get("text", "")))
        if one.zone not in ("before", "beside")
        and SHORTEST <= len(one.text) <= LONGEST
        and gives_reason(one.text, question.text)
    ]
    return [*giving, *(one for one in told if one not in giving)]


def names_as_factor(record: Record, asked: Asked) -> bool:
    """Whether a record that is on an outcome by its title names what is asked to change it among the risk factors."""
    return any(is_factor(record, one, asked) for one in sentences(record.get("text", "")))


def is_factor(record: Record, text: str, asked: Asked) -> bool:
    return bool(
        asked.ways
        and asked.exposures
        and lists_factors(text)
        and names_exposure(text, asked)
        and has_title(record)
        and names_outcome(record["title"], asked)
    )
