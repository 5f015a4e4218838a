"""A concept of a question: a name of the table, or words that stand together, as plain JSON values."""

from __future__ import annotations

import re
from typing import Literal

from typing_extensions import TypedDict

from ..terms.broad import GENERAL
from ..terms.find import Found
from ..terms.names import singular

ConceptKind = Literal["drug", "condition", "gene", "topic", "phrase", "word"]
"""``phrase``: several words, or words with a name among them; ``word``: one by itself that no name has."""
NAMED = ("drug", "condition", "gene")
"""Each of these is a concept of its own, also where several stand in one phrase."""


class Concept(TypedDict):
    """One concept of a question, as plain JSON values."""

    kind: ConceptKind
    text: str
    """As the question has it."""
    name: str
    """As it is called in an answer; the same as ``text`` for what is no name."""
    heading: str
    """Its MeSH heading; empty where none is known."""
    parts: list[str]
    """The names and words a phrase is made of: they stand together, and apart only where too little has them so."""
    synonyms: list[str]
    excluded: bool
    """Wanted left out: "without diabetes"."""
    either: int
    """Concepts of the same number, above 0, are choices: "semaglutide or tirzepatide"."""
    compared: bool
    """One side of a comparison, or one of the things that are asked of together: left out of a search only last."""


DESCRIBING = re.compile(
    r"(?:al|ic|ive|ous|ed|ing|ly|ar|ary|able|ible|less|ful|ant|ent|ian|ory|ate|ize|ise|fy|er|est)$"
)
"""How adjectives, adverbs and verbs end; a noun among them is lost as a lone word only."""


def of_parts(parts: list[str], *, is_excluded: bool, is_named: bool = False) -> Concept:
    """The concept of words and names that stand together. ``is_named``: a phrase, though it is a single word."""
    text = " ".join(parts)
    return {
        "kind": "phrase" if is_named or _is_phrase(parts) else "word",
        "text": text,
        "name": text,
        "heading": "",
        "parts": parts,
        "synonyms": [],
        "excluded": is_excluded,
        "either": 0,
        "compared": False,
    }


def _is_phrase(parts: list[str]) -> bool:
    """Whether there is a noun among several words: of adjectives alone, "pathologic, histological", none is."""
    return len(parts) > 1 and not all(DESCRIBING.search(part.lower()) for part in parts)


def of_name(part: Found, *, is_excluded: bool) -> Concept:
    """The concept of a name."""
    return {
        "kind": part.kind,
        "text": part.text,
        "name": part.name,
        "heading": part.heading,
        "parts": [part.text],
        "synonyms": list(part.synonyms),
        "excluded": is_excluded,
        "either": 0,
        "compared": False,
    }


def is_general(word: str) -> bool:
    """Whether a word by itself is too broad to name a topic."""
    return singular(word.lower()) in GENERAL
