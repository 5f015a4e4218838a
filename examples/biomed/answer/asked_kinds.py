"""What kind of finding a question asks for, and whether a sentence has it: harm, an amount, a comparison, a change, a relation, an accuracy. Without I/O."""

from __future__ import annotations

import re

from .findings import AMOUNT, CHANGES, DEPENDS

_HARM = re.compile(
    r"\b(?:safe\w*|unsafe|adverse|complicat\w+|toler\w+|toxic\w*|harm\w*|side effects?|mortality|bleeding|events?|risks?)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:than|versus|vs|compared|higher|lower|greater|superior|inferior|better|worse|best|most|similar|differ\w*|equal|comparable)\b",
    re.IGNORECASE,
)
_MEASURES = re.compile(
    r"\b(?:sensitiv\w+|specific\w+|accura\w+|detect\w+|kappa|agree\w*|correlat\w+|reliab\w+|predictive|auc|identif\w+|correct\w*|concordan\w+|valid\w*|precis\w+|"
    r"distinguish\w*|different\w*)\b",
    re.IGNORECASE,
)


def _asks(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (_asks("safe|safety|harmful|dangerous|risky|side effects?|complications?"), _HARM),
    (
        _asks(
            r"how (?:much|many|often|long|high|large|common|frequent)|what (?:proportion|percentage|dose|is the (?:rate|incidence|prevalence))"
        ),
        AMOUNT,
    ),
    (
        _asks(
            r"which|better|worse|best|superior|compared|versus|vs|differ\w*|more \w+ than|alternative|equivalent|as \w+ as"
        ),
        _COMPARES,
    ),
    (
        _asks(
            r"improv\w+|reduc\w+|increas\w+|decreas\w+|prevent\w*|lower|effective\w*|efficacy|benefit\w*|helps?|works?|relieve|impair|enhance|change"
        ),
        CHANGES,
    ),
    (
        _asks(
            r"associat\w+|relat\w+|correlat\w+|predict\w*|influenc\w+|affects?|impact|effects?|roles?|depend\w*|determin\w+|risk factors?|contribut\w+|matters?|link\w*"
        ),
        DEPENDS,
    ),
    (
        _asks(
            r"detect\w*|diagnos\w+|accura\w+|reliab\w+|valid\w*|screening|assess\w*|measur\w+|identif\w+|distinguish|predict\w*|useful|tests?"
        ),
        _MEASURES,
    ),
)
"""What a question asks for, and what a sentence that answers it has."""


def has_asked_kind(sentence: str, question: str) -> bool:
    """Whether a sentence has a kind of finding that a question asks for."""
    return any(asks.search(question) and has.search(sentence) for asks, has in _KINDS)
