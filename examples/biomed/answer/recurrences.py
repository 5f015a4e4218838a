"""A recurrence that is asked for, "a second stroke": it is told of those who had the first. Without I/O."""

from __future__ import annotations

import re

from .asked import Question
from .asked_on import is_of_settings
from .measured import Source
from .outcomes import is_titled, names_outcome

_AGAIN = re.compile(r"\b(?:recurren\w+|second|another|repeat|further)\b", re.IGNORECASE)
_PREVENTS = re.compile(r"\b(?:prevent\w*|prophyla\w+|events?)\b", re.IGNORECASE)
PRIMARY = re.compile(
    r"\bprimary[- ](?:efficacy )?(?:outcome|end ?-?point)s?(?:[- ]events?)?\b", re.IGNORECASE
)


def asks_another(question: Question) -> bool:
    """Whether a question asks for a recurrence, of those who had the first."""
    return _AGAIN.search(question.asked.outcome) is not None


def prevents_another(source: Source, question: Question) -> bool:
    """Whether a question asks for a recurrence, and a source is by its title on preventing events in those who had the first: what it counts first is that. The same
    of events in whom a session asks for, "and after stroke?"."""
    title = source.whole["title"]
    settings = question.entities.get("settings", [])
    is_of_them = bool(
        settings
        and _EVENTS.search(question.asked.outcome)
        and _EVENTS.search(title)
        and is_of_settings("", source.whole, settings)
    )
    return bool(
        (is_of_them or (asks_another(question) and names_outcome(title, question.asked)))
        and is_titled(source.whole, question.asked)
        and _PREVENTS.search(title)
    )


_EVENTS = re.compile(r"\bevents?\b", re.IGNORECASE)
