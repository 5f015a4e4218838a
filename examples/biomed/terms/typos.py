"""The nearest name of a medicine or a disease for a word that is none: ``metfromin`` is metformin."""

from __future__ import annotations

import functools
from collections.abc import Callable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..queries.everyday import EVERYDAY
from ..queries.word_forms import spellings
from ..words import STOPWORDS
from .lay import LAY
from .names import Name, key_of, load, singular

SHORTEST = 5
"""Letters: a shorter word is one letter away from too many others."""
LONG = 10
"""From here on two letters may be wrong."""


_LAY_KEYS = {key_of(lay): target for lay, target in LAY.items()}


_LAY_WORDS = frozenset(key_of(key) for key in LAY if " " not in key)


def _names_of(length: int) -> list[str]:
    lay = [word for word in _LAY_WORDS if len(word) == length]
    return [*load().of_length(length), *lay] if length >= SHORTEST else []


def _is_known(word: str) -> bool:
    return word in _LAY_WORDS or load().has_word(word)


@functools.lru_cache(maxsize=10_000)
def nearest_word(word: str) -> str | None:
    """The word of the diseases' longer names that ``word`` is most likely a misspelling of: ``rhumatoid`` → ``rheumatoid``."""
    found = _nearest(word, load().words_of_length, most=1)
    # Another ending is another form: "expressing" is no slip for "expressive".
    return found if found is not None and found[-1] == key_of(word)[-1] else None


@functools.lru_cache(maxsize=10_000)
def nearest(word: str) -> str | None:
    """The key of the one name that ``word`` is most likely a misspelling of; None where it is a word
    itself, and where none or several are as near."""
    return _nearest(word, _names_of)


def _nearest(word: str, names_of: Callable[[int], list[str]], most: int = 2) -> str | None:
    written = key_of(word)
    key = (spellings(written) or [written])[0] if written.isalpha() else written
    if (
        len(key) < SHORTEST
        or not key.isalpha()
        or _is_known(key)
        or _is_known(written)
        or {word.lower(), singular(word.lower())} & (EVERYDAY | STOPWORDS)
    ):
        return None
    most = most if len(key) >= LONG else 1
    candidates = [
        name for length in range(len(key) - most, len(key) + most + 1) for name in names_of(length)
    ]
    found = process.extract(
        key, candidates, scorer=OSA.distance, score_cutoff=most, limit=2, processor=None
    )
    if not found or (len(found) > 1 and found[0][1] == found[1][1]):
        return None
    name = found[0][0]
    # A different beginning is rarely a slip; a name with an ending of its own is a form of it.
    if name[0] != key[0] or (key.startswith(name) and not _is_foreign_form(key, name)):
        return None
    return name


def _is_foreign_form(key: str, name: str) -> bool:
    """``metformine``, ``ibuprofeno``: a medicine as other languages end it."""
    return key[len(name) :] in ("e", "a", "o") and row_of(name).kind == "drug"


def row_of(key: str) -> Name:
    """What a key of :func:`nearest` names."""
    names = load()
    rows = names.of_key(key) or names.of_key(key_of(_LAY_KEYS[key]))
    return min(rows, key=lambda row: {"drug": 0, "condition": 1}.get(row.kind, 2))
