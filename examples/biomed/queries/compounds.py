"""Words that a hyphen makes one: "steroid-free", which is not about steroids. Without I/O."""

from __future__ import annotations

import re
from typing import Final

from ..terms.find import Found
from .everyday import PEOPLE

_FREE = re.compile(r"(?<![\w-])[A-Za-z]\w+-free\b(?!-)", re.IGNORECASE)
_NEXT: Final = re.compile(r"\s+(\w+)")


def made_of(text: str, names: list[Found]) -> list[Found]:
    """The names, and each such compound in place of the names in it; a longer name that has it stays."""
    for match in _FREE.finditer(text):
        start, end = match.span()
        is_known = any(one.start <= start and end <= one.end for one in names)
        if is_known or people_after(text, end):
            continue
        names = [one for one in names if one.end <= start or one.start >= end]
        names.append(Found(start, end, match[0], "topic", match[0], "", (), ""))
    return sorted(names, key=lambda one: one.start)


def people_after(text: str, place: int) -> bool:
    """Whether people stand right at ``place``: "insulin-free patients" are without insulin."""
    after = _NEXT.match(text, place)
    return after is not None and after[1].lower() in PEOPLE


def quoted(text: str) -> list[str]:
    """A compound as PubMed finds it as a phrase, by its words apart it is any "free": ``"steroid free"``; else nothing."""
    return [f'"{text.replace("-", " ").lower()}"'] if _FREE.fullmatch(text) else []
