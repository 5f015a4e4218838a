"""Whether something is otherwise at another age, "does it work less well in older infants?": the sentences that give it for two ages. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..sentences import sentences
from .asked import Question
from .bounds import held
from .measured import Source
from .no_findings import is_told
from .telling_sentences import LONGEST
from .zones import parts_of

_WHO: Final = r"(?:people|persons?|patients?|adults?|women|men|children|kids|infants?|bab(?:y|ies)|girls?|boys?|ones|participants|subjects|age|ages|age groups?)"
_ASKED: Final = re.compile(
    rf"\b(?:less|more|better|worse|as|equally|same|differ\w*|lower|higher|greater|smaller|stronger|weaker|fewer)\b[^?]*\b(?:older|younger|elderly) (?:\w+ )?{_WHO}\b"
    rf"|\b(?:older|younger|elderly) (?:\w+ )?{_WHO}\b[^?]*\b(?:less|more|better|worse|equally|same|differ\w*|lower|higher)\b"
    r"|\b(?:depends? on|vary (?:by|with)|varies (?:by|with)|differ(?:s|ed)? (?:by|with)|change(?:s|d)? with|wane\w* with|by|at (?:what|which)) (?:the )?ages?\b(?! of)",
    re.IGNORECASE,
)
_UNIT: Final = r"(?: ?(?:years?|yrs?|months?|weeks?)(?: of age| old)?)?"
_AN_AGE: Final = re.compile(
    rf"\b(?:(?:young|old)er than|under|over|below|above|at least|up to|aged?(?: of)?|those of|ages|at|in) (?:the age of )?\d{{1,3}}(?: ?(?:to|and|[-–]) ?\d{{1,3}})?{_UNIT}"
    rf"|[<>≥≤] ?\d{{1,3}}{_UNIT}|\b\d{{1,3}}(?: to |[-–])\d{{1,3}}(?:[- ]year[- ]olds| years| months)|\b\d{{1,3}} (?:years )?(?:and|or) (?:over|older|above|under|younger)",
    re.IGNORECASE,
)
_OF_AGE: Final = re.compile(
    r"\b(?:young|old|age|infants?|children|years?|months?|elderly)\w*\b", re.IGNORECASE
)


def asks_by_age(question: Question) -> bool:
    """Whether a question asks if something is otherwise at another age, and names none in years."""
    return _ASKED.search(question.text) is not None and not any(
        one.kind == "age" for one in question.bounds
    )


def by_age_first(source: Source, told: Sequence[str], question: Question) -> list[str]:
    """The sentences of a source that answers, those first that give a value for two ages: "It was 85% in infants younger than 3 months and 61% in …"."""
    is_of_an_age = any(one.kind == "age" for one in question.bounds)
    if not told or not (asks_by_age(question) or is_of_an_age):
        return list(told)
    found = [
        one.text
        for one in parts_of(sentences(source.record.get("text", "")))
        if one.zone not in ("before", "beside")
        and len(one.text) <= LONGEST
        and is_told(one.text)
        and _gives_two(one.text)
        and (asks_by_age(question) or _is_of_age(one.text, question))
    ]
    return [*found, *(one for one in told if one not in found)]


def _is_of_age(text: str, question: Question) -> bool:
    return any(one.kind == "age" and held(text, one) == "same" for one in question.bounds)


def _gives_two(text: str) -> bool:
    """Whether a sentence gives a value each for two ages."""
    ages = _AN_AGE.findall(text)
    values = re.findall(r"\d", _AN_AGE.sub(" ", text))
    return len(ages) > 1 and len(values) > 1 and _OF_AGE.search(text) is not None
