"""The labels of a question asked in parts (PICO, PECO, SPIDER …): they say which part it is, and are no words of it."""

from __future__ import annotations

import re

_PARTS = (
    r"(?:population|patients?|problem|participants?|intervention|exposure|index test|comparison|comparators?|control"
    r"|outcomes?|timeframe|time|study design|setting)"
)
_LABELS = re.compile(
    rf"(?:(?<=^)|(?<=[\s;,.(|/]))(?:[PICOETSD]|{_PARTS})(?:\s*\([PICOETSD]\))?\s*[:=]\s*"
    r"|\(\s*[PICOET]\s*\)"
    r"|\bPE?I?COT?S?\b(?:\s+(?:question|format))?\s*[:=]?\s*",
)
_ITSELF = re.compile(r"^\W*PE?I?COT?S?\b(?:\s+(?:question|format))?\s*[:=.–-]\s*")
_ENOUGH = 2
"""Labels: one by itself may be part of a name."""


def without_labels(text: str) -> str:
    """``P: adults I: aspirin`` as ``; adults ; aspirin``; a text without such labels as it is."""
    text = _ITSELF.sub("", text)
    flexible = re.compile(_LABELS.pattern.replace(_PARTS, f"(?i:{_PARTS})"))
    if len(flexible.findall(text)) < _ENOUGH:
        return text
    return " ".join(flexible.sub(" ; ", text).split()).strip(" ;")
