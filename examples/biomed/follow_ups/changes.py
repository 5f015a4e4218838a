"""A topic with something of it replaced, and what it compares with: "versus placebo?". Without I/O."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from ..entities import Entities
from ..queries.contrasts import is_side
from ..terms.find import find
from ..words import stems
from .measured import OUTCOMES

Read = Callable[[str], Entities]
"""Reads a question's entities."""


class Changed(NamedTuple):
    """A topic with something of it replaced."""

    topic: str
    told: str
    """What stands in the place of what, in words."""


def changed_at(topic: str, start: int, end: int, new: str) -> Changed:
    """The topic with other words in one place of it."""
    if not topic[start:end].lower().startswith("the "):
        new = re.sub(r"(?i)^the ", "", new)
    told = f"{new!r} in the place of {topic[start:end]!r}"
    return Changed(f"{topic[:start]}{new}{topic[end:]}", told)


AGAINST: Final = re.compile(
    r"^\W*(?:(?:and|but|or|what about|how about)\s+)?(?:(?:when |if )?compared (?:to|with|against)|versus|vs\.?|against|relative to|(?:better |worse |safer )?than)\s+"
    r"(?P<other>[^?;:]{2,60}?)\W*$",
    re.IGNORECASE,
)
_WITH: Final = re.compile(
    r"\b(?:versus|vs\.?|compared (?:to|with|against)|than|against)\s+(?P<other>.+?)(?=\s+(?:in|for|after|during|among|on|at|to|as|reduce|lower|improve|prevent)\b|[?;:,.]|$)",
    re.IGNORECASE,
)


def compared_with(topic: str, other: str) -> Changed | None:
    """The topic with what it compares with replaced: "versus placebo?"; None where it compares with nothing."""
    found = _WITH.search(topic)
    return changed_at(topic, found.start("other"), found.end("other"), other) if found else None


_MEASURE_OF = re.compile(
    r"\b(?:the|(?:is|are|on)(?! the))\s+(?P<measure>(?:[\w-]+\s+){0,2}?[\w-]+)\s+(?:of|for|in|after|with)\s",
    re.IGNORECASE,
)


def measure_for(new: str, topic: str) -> Changed | None:
    """The topic with one measure of a thing for another: "and specificity?" after "the sensitivity of FIT"."""
    found = _MEASURE_OF.search(topic)
    if found is None or not stems(new) & OUTCOMES:
        return None
    if not stems(found["measure"]) & OUTCOMES or find(found["measure"]):
        return None
    return changed_at(topic, found.start("measure"), found.end("measure"), new)


def with_its_sides(topic: str, start: int) -> int:
    """Where a thing begins with what says how it is done: "early surgery", "high-dose vitamin D"."""
    for before in (_DOSED, _LAST_WORD):
        if (found := before.search(topic, 0, start)) and is_side(found[1].replace("-", " ")):
            return found.start(1)
    return start


_DOSED = re.compile(r"\b([\w]+[- ](?:dose|intensity))\s+$", re.IGNORECASE)
_LAST_WORD = re.compile(r"\b([\w-]+)\s+$")


_WITHOUT = re.compile(
    r"^\W*(?:(?:and|but|what about|how about)\s+)?(?P<place>(?:(?:in|for|among)\s+[^?;,]*?)?\b(?:without|who (?:have|do) (?:not|no)(?: have)?|not in|free of)\s+(?P<what>[^?;,]{3,40}?))\W*$",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"\s(?P<place>(?:in|among|for|with|after|during|undergoing)\s+(?P<what>[^?;,]+?))(?=\s+(?:after|during|compared|versus|than|in|with)\b|\s*[?;,]|\s*$)",
    re.IGNORECASE,
)


def without_what_it_has(topic: str, query: str) -> Changed | None:
    """The topic in those without what it is asked in, "in sepsis without shock" after "in septic shock"; None where it is not asked in that."""
    match = _WITHOUT.match(query)
    words = stems(match["what"]) if match else set()
    if match is None or not words:
        return None
    for found in reversed(list(_PLACES.finditer(topic))):
        if words <= stems(found["what"]) and not _LACKS.match(found["place"]):
            start, end = found.span("place")
            whom = _WHOM_WITH.search(topic[:start])
            if whom and match["place"].lower().startswith(("in", "for", "among")):
                start = whom.start("whom")
            return changed_at(topic, start, end, match["place"])
    return None


_LACKS = re.compile(r".*\bwithout\b", re.IGNORECASE)
_WHOM_WITH = re.compile(
    r"\s(?P<whom>(?:in|for|among)\s+(?:[\w-]+\s+){0,3}?[\w-]+)\s$", re.IGNORECASE
)
