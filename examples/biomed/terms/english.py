"""Whether a word is one of English, whatever it is about: then it is no slip for a medicine's name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from . import sorted_lines
from .sorted_lines import SortedLines

FILE = Path(__file__).parent / "english.bin"

SHORTEST = 4
"""Letters: a shorter word is never taken for a slip."""

_ENDINGS = re.compile(r"(?:s|es|ed|d|ing|er|ers|r|rs|ly|ish|less|ness|like|able)$")


@functools.lru_cache(maxsize=10_000)
def is_english(word: str) -> bool:
    """Whether a dictionary has ``word``, in small letters, or the word it is a form of: ``trampolining``."""
    known = _load()
    return any(known.get(one) is not None for one in (word, *_bases(word)))


def _bases(word: str) -> Iterator[str]:
    """What a word may be a form of: ``concerts`` → ``concert``, ``baked`` → ``bake``, ``running`` → ``run``."""
    for place in range(len(word) - 4, len(word)):
        if place >= SHORTEST and _ENDINGS.match(word, place):
            base = word[:place]
            yield base
            yield f"{base}e"
            if base[-1] == base[-2]:
                yield base[:-1]


@functools.cache
def _load() -> SortedLines:
    return sorted_lines.read(FILE)["words"]
