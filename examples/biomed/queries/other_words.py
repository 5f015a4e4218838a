"""What a text may call what a question names in everyday words or by a brand: for a search that knows no vocabulary."""

from __future__ import annotations

from ..entities import Entities
from ..terms.english import is_english
from ..terms.lay_words import in_their_place
from ..terms.names import key_of, unturned
from ..words import content_words, unique
from .concept import NAMED

MOST = 12
"""Words that are searched for beside the question's."""


def in_other_words(entities: Entities) -> list[str]:
    """The names of what a question calls otherwise, and what stands for its everyday words, as words; empty where it has them all itself."""
    own = set(content_words(entities["question"]))
    names: list[str] = []
    for one in entities.get("concepts", []):
        if one["excluded"] or one["kind"] not in (*NAMED, "topic"):
            continue
        called = (one["name"], unturned(one["heading"]))
        names += [name for name in called if name and key_of(name) != key_of(one["text"])]
    lay = [
        other.rstrip("*")
        for word in content_words(entities["question"])
        for other in in_their_place(word)
        # A beginning is no word that a search would find.
        if not other.endswith("*") or is_english(other[:-1])
    ]
    words = (word for name in (*names, *lay) for word in content_words(name))
    return unique(word for word in words if word not in own)[:MOST]
