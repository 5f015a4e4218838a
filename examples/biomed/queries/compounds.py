"""Words that a hyphen makes one: "steroid-free", which is not about steroids, "anti-VEGF", which is no VEGF. Without I/O."""

from __future__ import annotations

import re
from typing import Final

from ..terms.everyday import PEOPLE
from ..terms.find import Found

_FREE = re.compile(r"(?<![\w-])[A-Za-z]\w+-free\b(?!-)", re.IGNORECASE)
_AGAINST = re.compile(
    r"(?<![\w-])(?i:anti)-(?![A-Z][a-z]{3,}\b)(?=[A-Za-z]*[A-Z0-9])[A-Za-z]\w*(?:-[A-Z]?\d+\w*)?(?![\w-])"
)
"""``anti-VEGF``, ``anti-IL-17``: against what is written with capitals or numbers."""
_ACTING = ("antibod*", "inhibit*", "antagon*", "block*")
_NEXT: Final = re.compile(r"\s+(\w+)")


def made_of(text: str, names: list[Found]) -> list[Found]:
    """The names, and each such compound in place of the names in it; a longer name that has it stays."""
    against = [] if text.isupper() else [*_AGAINST.finditer(text)]
    for match in (*_FREE.finditer(text), *against):
        start, end = match.span()
        is_known = any(one.start <= start and end <= one.end for one in names)
        if is_known or (_FREE.fullmatch(match[0]) and people_after(text, end)):
            continue
        within = [one for one in names if start < one.start < end]
        if match in against and any(one.kind == "condition" or one.end > end for one in within):
            continue  # "anti-HIV", "anti-GBM disease"
        names = [one for one in names if one.end <= start or one.start >= end]
        names.append(Found(start, end, match[0], "topic", match[0], "", (), ""))
    return sorted(names, key=lambda one: one.start)


def people_after(text: str, place: int) -> bool:
    """Whether people stand right at ``place``: "insulin-free patients" are without insulin."""
    after = _NEXT.match(text, place)
    return after is not None and after[1].lower() in PEOPLE


def is_against(text: str) -> bool:
    """Whether it is what acts against something: "anti-VEGF" is a medicine or an antibody, and no growth factor."""
    return _AGAINST.fullmatch(text) is not None


def quoted(text: str) -> list[str]:
    """A compound as PubMed finds it as a phrase, by its words apart it is any "free": ``"steroid free"``; of what acts against something also its target beside what acts; else nothing."""
    words = text.replace("-", " ").lower()
    if _FREE.fullmatch(text):
        return [f'"{words}"']
    if not is_against(text):
        return []
    what = words.partition(" ")[2]
    target = f'"{what}"' if " " in what else what
    return [f'"{words}"', f"({target} AND ({' OR '.join(_ACTING)}))"]
