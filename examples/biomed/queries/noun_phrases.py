"""The noun phrases of a question, and what concepts each of them is. Without I/O.

A phrase is a run of names and words with nothing between them that ends it: a verb, a preposition, punctuation, a word of everyday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ..terms.abbreviations import WORDS
from ..terms.broad import GENERAL
from ..terms.everyday import EVERYDAY, PEOPLE
from ..terms.find import Found
from ..terms.names import singular
from ..terms.readings import READINGS
from ..terms.rows import spelt_out
from ..terms.word_forms import TRUNCATED
from ..words import STOPWORDS, word_set
from .concept import DESCRIBING, NAMED, Concept, is_general, of_name, of_parts

BREAKS = STOPWORDS | EVERYDAY | PEOPLE
AGES = frozenset(["Child", "Infant", "Infant, Newborn", "Adolescent", "Young Adult"])
"""Whom a question is about is not what it is about."""
SYMBOL = re.compile(r"(?=\w{4})[A-Za-z]+(?:\d|[a-z][A-Z])\w*|[A-Z]-[a-z]{3,}")
"""``HbA1c``, ``IL6``, ``D-dimer``: how nobody writes a word that only describes."""
_TOKEN = re.compile(r"(?<![\w-])[A-Z]-[a-z]{3,}\b|[^\W_]+(?:['’]s\b|\*)?|[^\w\s]")
_MODIFIERS_OF_NOTHING = word_set("anti post pre non per se inter intra sub super bi tri multi co")
_OF_MEDICINE = re.compile(
    r"(?:path(?:y|ies)|it[ie]s|os[ie]s|omas?|a?emias?|algias?|plast(?:y|ies)|[ceo]tom(?:y|ies)|scop(?:y|ies)|graph(?:y|ies)|lys[ie]s|"
    r"therap(?:y|ies))$"
)
"""How nouns of medicine end, of diseases and of what is done."""
_OF_A_DISEASE = word_set("screening progression")
"""Words of research that after a disease are what is asked about: "cancer screening"."""
ADJECTIVES = word_set(
    "mild severe acute subacute benign occult blunt deep rare rapid slow adverse simple complex giant diffuse mixed pure overt covert "
    "gross mature immature likely probable new old young large small short long left right lower upper true false misty"
)
"""Those that do not end as adjectives do."""


_SILENT = EVERYDAY | GENERAL | ADJECTIVES


class _Token(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()


Phrase = list[Found | _Token]


def phrases(text: str, names: list[Found]) -> Iterator[Phrase]:
    """Runs of names and words with nothing between them that ends a noun phrase."""
    phrase: Phrase = []
    shouted = text.isupper()
    covered = {place: name for name in names for place in range(name.start, name.end)}
    done: set[int] = set()
    for match in _TOKEN.finditer(text):
        name = covered.get(match.start())
        if name is not None:
            if name.start not in done:
                done.add(name.start)
                phrase.append(name)
            continue
        token = _Token(re.sub(r"['’]s$", "", match[0]), match.start(), match.end())
        if token.text in "-–'’" and phrase and text[token.start - 1 : token.start].strip():
            continue
        is_of_a_disease = bool(phrase) and token.low in _OF_A_DISEASE
        if not speaks(token.text, shouted) and not is_of_a_disease:
            if phrase:
                yield phrase
            phrase = []
        elif token.low not in _MODIFIERS_OF_NOTHING:
            phrase.append(token._replace(text=token.low) if shouted else token)
    if phrase:
        yield phrase


def speaks(text: str, shouted: bool) -> bool:
    """Whether a word may name a topic. ``shouted``: in a text of capitals, where these tell no abbreviation."""
    if TRUNCATED.fullmatch(text):
        return True  # as a librarian writes it
    if text.isupper() and 1 < len(text) < 7 and text.isalpha() and not shouted:
        return text.lower() not in STOPWORDS  # an abbreviation: ART is no art
    word = text.lower()
    return (
        word[0].isalnum()
        and not {word, singular(word)} & BREAKS
        and len(word) > 1
        and not word.isdigit()
    )


def describes(word: str) -> bool:
    """Whether a word by itself says how something is, or is one of everyday, and names nothing."""
    low = word.lower()
    return bool(DESCRIBING.search(low) or {low, singular(low)} & _SILENT)


def of_phrase(phrase: Phrase) -> Iterator[tuple[int, int, Concept]]:
    """Each drug, disease and gene by itself; the other words of the phrase together."""
    others: Phrase = []
    end = phrase[-1].end
    named, last = False, end
    for part in phrase:
        if isinstance(part, Found) and part.kind in NAMED:
            named, last = True, part.end if part.kind == "condition" else end
            yield part.start, part.end, of_name(part, is_excluded=False)
        else:
            others.append(part)
    # Before a name, plain words only describe it: "displaced fractures"; a noun, "stent thrombosis", is a word of its own.
    # What stands after it is what the phrase is about: "AF ablation", "asthma biologics".
    if named:
        described = [part for part, name in pairwise(phrase) if _stands_before(part, name)]
        others = [
            part
            for part in others
            if isinstance(part, Found)
            or SYMBOL.fullmatch(part.text)
            or _is_called(part.text)
            or (part.start >= last and _is_noun(part))
            or _OF_MEDICINE.search(part.low)
            or TRUNCATED.fullmatch(part.text)
        ]
        for part in described:
            if part not in others:
                yield part.start, part.end, of_parts([part.text], is_excluded=False)
    if len(others) > 1:
        others = [
            part for part in others if not (isinstance(part, Found) and part.heading in AGES)
        ] or others
    if not others:
        return
    start, end = others[0].start, others[-1].end
    if len(others) == 1 and isinstance(others[0], Found):
        yield start, end, of_name(others[0], is_excluded=False)
        return
    is_named = any(isinstance(part, Found) or TRUNCATED.fullmatch(part.text) for part in others)
    # An abbreviation of several readings, or one that is a word, is searched for written out.
    texts = [
        part.name
        if isinstance(part, Found)
        and spelt_out(part.text)
        and (part.text in READINGS or part.text.lower() in WORDS)
        else part.text
        for part in others
    ]
    # A name's own noun is needed as the name is, if it says something.
    is_named = is_named or (named and others[0].start >= last and not is_general(texts[-1]))
    yield start, end, of_parts(texts, is_excluded=False, is_named=is_named)


_SHORTEST_CALLED = 5


def _is_called(text: str) -> bool:
    """Whether a word is in capitals as a study is called, beside the medicine that it tried: "finerenone FIDELIO"."""
    return len(text) >= _SHORTEST_CALLED and text.isupper() and text.isalpha()


def _is_noun(token: _Token) -> bool:
    return token.text.isupper() or token.low in _OF_A_DISEASE or not DESCRIBING.search(token.low)


def _stands_before(part: Found | _Token, name: Found | _Token) -> bool:
    """Whether a word is a noun right before a disease: "gluten ataxia"."""
    return (
        isinstance(part, _Token)
        and isinstance(name, Found)
        and name.kind == "condition"
        and part.end + 1 == name.start
        and _is_noun(part)
        and part.low not in ADJECTIVES
        and not is_general(part.text)
    )
