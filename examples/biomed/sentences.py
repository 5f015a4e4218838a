"""A text's sentences. Without I/O."""

from __future__ import annotations

import re

_END = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][\"”)\]]))\s+(?=[A-Z0-9(\"'])"
    r"|\s+[•▪]\s+"
    # A label of a structured abstract, where the space before it got lost.
    r"|(?<=[.!?'\")])(?=(?:AIM|[A-Z]{4,})(?:(?:, AND |, | AND | & |/| )[A-Z&'’]+){0,7}(?:\(S\))?[:/])"
)
_NO_END = re.compile(
    r"\b(vs|e\.g|i\.e|et al|cf|approx|Dr|Fig|no|ca|St|dev|resp)\.$|\b[A-Z]\.$", re.IGNORECASE
)


def sentences(text: str) -> list[str]:
    """A text's sentences; an abbreviation's or a decimal's point ends none."""
    found: list[str] = []
    for part in _END.split(text):
        if found and _NO_END.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part.strip())
    return [one for one in found if one]
