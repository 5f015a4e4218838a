"""What a search means, whatever store does it: texts of three characters and more anywhere, shorter ones as beginnings of words."""

import re
from collections.abc import Callable

COUNTED = 10_000
"""Up to here it is counted how many there are."""

FEW = 100_000
"""So many sessions are looked into one by one, rather than by an index in which others' texts are too."""

SEARCHED = 20_000
"""Of long queries only the beginning is searched, or one session could hold up all others."""


def words(text: str) -> list[str]:
    """The words of a text, without case."""
    return _WORD.findall(fold(text))


def holds(text: str) -> Callable[[str | None], bool]:
    """The same search without an index: whether a text holds it."""
    folded = fold(text)
    if len(text) >= 3:
        return lambda found: found is not None and folded in fold(found)
    words = _WORD.findall(folded)
    if not words:
        return lambda found: False
    return lambda found: (
        found is not None and any(word.startswith(words[0]) for word in _WORD.findall(fold(found)))
    )


_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Case away, character by character, as SQLite's tokenizers do."""
    return text.lower() if text.isascii() else "".join(map(str.lower, text))
