"""What becomes of a word that was read as a slip of the pen: told, and searched for as it was written beside what it is read as. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..terms.respelling import Respelt
from .concept import Concept


def kept_as_written(about: Sequence[Concept], slips: Sequence[Respelt]) -> list[Concept]:
    """The concepts, each with what was written among its other names: it may be somebody's or something's own."""
    kept = []
    for one in about:
        written = one["text"]
        for slip in slips:
            written = _word(slip.read).sub(slip.written, written)
        is_same = one["excluded"] or written == one["text"]
        kept.append(one if is_same else {**one, "synonyms": [written, *one["synonyms"]]})
    return kept


def told(slips: Sequence[Respelt], about: Sequence[Concept], asked: Sequence[Concept]) -> list[str]:
    """What a reader should know of them."""
    return [
        f"searched for {slip.read!r}, you wrote {slip.written!r}, which is searched for too"
        if any(_word(slip.read).search(one["text"]) and not one["excluded"] for one in about)
        else f"searched for {slip.read!r}, you wrote {slip.written!r}"
        if any(_word(slip.read).search(one["text"]) for one in (*about, *asked))
        else f"{slip.written!r} was read as {slip.read!r}"
        for slip in slips
    ]


def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
