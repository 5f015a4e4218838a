"""Of a source's sentences those that say what something comes of, and why it was so. Without I/O."""

from __future__ import annotations

import re
from typing import Final

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


_ON_REASONS: Final = re.compile(
    r"\b(?:why|reasons?|barriers?|obstacles?|motiv(?:es?|ations?)|facilitators?|views?|perceptions?|experiences?|attitudes?|beliefs?|perspectives?|concerns?|hesitan\w+)\b",
    re.IGNORECASE,
)
_HINDERS: Final = re.compile(
    r"\b(?:problems?|difficult\w*|fear(?:s|ed)?|lack(?:s|ed|ing)?|no (?:time|appointments?|access|money|information|support)|costs?|forg[oe]t\w*|believ\w+|beliefs?|worr(?:y|ies|ied)|concern(?:s|ed)?|"
    r"could not|did not know|mistrust|distrust|barriers?|reasons?|inconvenien\w+|unaware|felt|thought|wished|wanted|preferred|too (?:busy|expensive|far|late|ill))\b",
    re.IGNORECASE,
)


_INTERVIEWS: Final = re.compile(
    r"\b(?:interviews?|interviewed|focus groups?|qualitative|thematic|grounded theory|phenomenolog\w+|ethnograph\w+)\b",
    re.IGNORECASE,
)


def is_of_what_was_said(source: Source) -> bool:
    """Whether a source tells what people said in interviews or groups, and counts nothing."""
    return (
        _INTERVIEWS.search(f"{source.record['title']} {source.record.get('text', '')}") is not None
    )


def is_on_reasons(source: Source) -> bool:
    """Whether a source asked people for their reasons, views or experiences, by its title or its aim: what it found are those."""
    record = source.record
    aims = (one.text for one in parts_of(sentences(record.get("text", ""))) if one.zone == "before")
    places = (record["title"] if has_title(record) else "", *aims)
    return any(_ON_REASONS.search(one) for one in places)


def reasons_of(source: Source, question: Question) -> list[str]:
    """What a source that asked for reasons found, what hinders or moves people first."""
    told = telling_sentences(source.record, question.wanted, question.text, source.full)
    return sorted(told, key=lambda one: _HINDERS.search(one) is None)


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
