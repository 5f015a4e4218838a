"""A letter or number that says which kind of a disease is meant: "type A", "stage III", "group B". Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_ARABIC = {number: roman for roman, number in _ROMAN.items()}
_GRADE = re.compile(
    r"\b((?i:type|stage|grade|group|class|category|serogroup|serotype|subtype|factor))[ -]([A-H]|[1-5][ab]?|I{1,3}|IV|V)\b(?![-'’/]|\.\d)"
)
_WHOLE = re.compile(r"([a-z]+) ([a-h]|[1-5][ab]?|i{1,3}|iv|v)", re.IGNORECASE)


def grades(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each stands, and its words: ``stage III``."""
    for match in _GRADE.finditer(text):
        yield match.start(), match.end(), f"{match[1]} {match[2]}"


def is_grade(words: str) -> bool:
    """Whether words are such a kind, and nothing else."""
    return _GRADE.fullmatch(words) is not None


def written(words: str) -> list[str]:
    """Each way to write it, as a phrase: ``"stage iii"``, ``"stage 3"``."""
    match = _WHOLE.fullmatch(words.lower())
    if match is None:
        return []
    other = _ROMAN.get(match[2]) or _ARABIC.get(match[2])
    return [f'"{match[1]} {one}"' for one in (match[2], other) if one]
