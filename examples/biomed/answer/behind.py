"""What stands behind one sentence alone: the figures of a conclusion, the conclusion of a result. Without I/O."""

from __future__ import annotations

from typing import Final

from ..sentences import sentences
from ..words import STOPWORDS
from .asked import Question
from .findings import AMOUNT, has_figures
from .general_words import GENERAL
from .measured import Source
from .no_findings import is_told
from .outcomes import names_outcome
from .speaking import roots
from .telling_sentences import telling_sentences
from .zones import parts_of

_ALIKE: Final = 0.5
"""How much of the shorter of two sentences the other has to name for both to be on the same."""
_LEAST: Final = 2
_EMPTY: Final = frozenset().union(*(roots(one) for one in GENERAL | STOPWORDS))


def behind(source: Source, text: str, question: Question) -> str:
    """The sentence of a source that goes with one that is quoted alone: on the same, with figures where that has none, else its conclusion; empty where
    there is none."""
    if question.meaning or question.fact is not None or question.frequent is not None:
        return ""
    concluded = {
        one.text
        for one in parts_of(sentences(source.record.get("text", "")))
        if one.zone == "concluded"
    }
    wants_figures = AMOUNT.search(text) is None
    found = [
        one
        for one in telling_sentences(source.record, question.wanted, question.text, source.full)
        if one != text
        and is_told(one)
        and (has_figures(one) if wants_figures else one in concluded)
        and _is_on_the_same(source.full(one), source.full(text), question)
    ]
    return found[0] if found else ""


def _is_on_the_same(one: str, other: str, question: Question) -> bool:
    if question.asked.ways and not names_outcome(one, question.asked):
        return False
    words = [
        {root for root in roots(text) if not root[0].isdigit()} - _EMPTY for text in (one, other)
    ]
    shared = len(words[0] & words[1])
    return shared >= _LEAST and shared >= _ALIKE * min(map(len, words))
