"""How an answer writes a name that was found, and what else the same thing is called."""

from __future__ import annotations

import re

from ..words import word_set
from .abbreviations import SPELT_OUT
from .distinct import DISTINCT
from .names import Name, key_of, unturned
from .rows import spelt_out

MOST_SYNONYMS = 8


def shown(row: Name, written: str, target: str | None = None) -> str:
    """A name as an answer uses it: medicines and genes by their own, all else as the question has it; an
    abbreviation is spelt out."""
    if row.kind == "gene":
        return row.name
    name = unturned(row.name)
    if row.kind == "drug":
        return name.lower()
    if target or (target := spelt_out(written)):
        return SPELT_OUT.get(target) or _small(name)
    return _small(written)


def _small(text: str) -> str:
    """Lower case, but for words with a capital or a digit inside, and for names of people."""
    return " ".join(
        word
        if re.search(r"[A-Z0-9].*[A-Z0-9]|['’]s$|\w-[A-Z]", word) or word.lower() in _EPONYMS
        else word.lower()
        for word in text.split()
    )


_EPONYMS = word_set(
    "alzheimer parkinson crohn hodgkin kaposi marfan turner down cushing addison graves hashimoto sjogren "
    "sjögren raynaud tourette huntington kawasaki guillain barre barré barrett behcet behçet wilson gaucher "
    "fabry pompe ebola zika lyme ewing merkel wilms paget meniere ménière bell asperger rett"
)


def synonyms_of(row: Name, key: str, name: str) -> tuple[str, ...]:
    kept: list[str] = []
    keys = [key, key_of(name)]
    for one in sorted((unturned(name) for name in (row.name, *row.synonyms)), key=len):
        mine = key_of(one)
        if one.isupper() and len(one) < 6:
            continue  # an abbreviation of something else as well
        if row.trees and mine in DISTINCT:
            continue  # narrower than the heading
        if (
            mine in keys
            or len(mine) < 3
            or any(f" {mine} ".find(f" {known} ") >= 0 for known in keys)
        ):
            continue
        keys.append(mine)
        kept.append(one)
    return tuple(kept[:MOST_SYNONYMS])
