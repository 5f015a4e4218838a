"""A topic with something of it replaced, and what it compares with: "versus placebo?". Without I/O."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Changed(NamedTuple):
    """A topic with something of it replaced."""

    topic: str
    told: str
    """What stands in the place of what, in words."""


def changed_at(topic: str, start: int, end: int, new: str) -> Changed:
    """The topic with other words in one place of it."""
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
