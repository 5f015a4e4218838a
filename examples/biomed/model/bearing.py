"""Whether a source has what a model's sentence says, by its words and its numbers, however it puts them. Without I/O.

Words may be other forms, other spellings or other names of the same thing; numbers may be rounded. Which way something goes, and
of what, is :mod:`.claims`'.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..answer.directions import ways_of
from ..answer.general_words import GENERAL
from ..answer.ways import all_words, forms_of, is_there
from ..records import Record
from ..terms.everyday import EVERYDAY
from ..terms.find import Found, find
from ..words import STOPWORDS, stem, word_set, words_of
from .amounts import in_digits, is_as_much, tells_amount, without_said_otherwise
from .wording import about

ENOUGH = 0.6
"""The share of a sentence's telling words that its source has to have."""
_CITED = re.compile(r"\s*\[\d+\]")
_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*")
_MILLIONS = re.compile(r"(\d+(?:[.·]\d+)?)\s*(million|billion|thousand)\b", re.IGNORECASE)
_LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_ROUND = 0.05
"""How far a number of three digits and more may be rounded."""
_LARGE_COUNT = 100
"""A number that no other thing in a text has by chance."""
_OF_REPORTS = word_set(
    "participant participants subject subjects linked link associated rate rates frequent frequency case cases reported seen found occur occurred group groups roughly nearly "
    "approximately cut fifth quarter third half long-term short-term year month week day cover covered follow-up operative post-operative postoperative "
    "percent combination common twice double doubled twice halve halved threefold twofold fold commoner rarer rare certainty arm arms given receiving treated took stop stopped discontinued"
)
"""Words of reporting, which any source says in its own way."""


def is_borne(sentence: str, record: Record) -> bool:
    """Whether a record has a sentence's numbers, and enough of its telling words."""
    plain = _alike(_CITED.sub("", sentence))
    facts = [
        *record.get("conditions", []),
        *record.get("interventions", []),
        record.get("sponsor", ""),
    ]
    source = " ".join([record["title"], record.get("text", ""), record.get("outcome", ""), *facts])
    source += f" {record.get('enrollment') or ''} {record['year'] or ''} {record['id']}"
    source = _alike(source)
    if not _has_numbers(plain, source):
        return False
    there = _words_and_names(source)
    words = [
        one
        for one in words_of(in_digits(plain).replace("-", " "))
        if not one[0].isdigit()
        and one not in STOPWORDS
        and not {one, stem(one)} & GENERAL
        and not ways_of(one)
    ]
    # A sentence of everyday words alone is held by those.
    telling = [one for one in words if not {one, stem(one)} & (EVERYDAY | _OF_REPORTS)]
    said = " ".join(one for one in words_of(in_digits(plain)) if not {one, stem(one)} & _OF_REPORTS)
    on = about(said)
    if (
        not telling
        and on
        and (tells_amount(plain) or any(value >= _LARGE_COUNT for value, _ in _values(plain)))
    ):
        # How many took part, and how much something changed, is told by the number, of the same thing.
        named_too = frozenset(one for one in on if not one.isdigit() and one in about(source))
        return len(named_too) >= ENOUGH * sum(not one.isdigit() for one in on)
    telling = telling or words
    named = {
        word
        for one in find(plain)
        if _names(one) & there
        for word in words_of(one.text.replace("-", " "))
    }
    had = sum(one in named or is_there(there, forms_of(one)) for one in telling)
    return had >= ENOUGH * len(telling)


_ALIKE = (
    (re.compile(r"\b(?:side|adverse|unwanted|undesirable) (?:effects?|events?|reactions?)\b|\badverse drug reactions?\b", re.IGNORECASE), "adverse events"),
    (re.compile(r"\b(?:certainty|quality|strength) of (?:the )?evidence\b", re.IGNORECASE), "quality of evidence"),
    (re.compile(r"\b(?:withdr[ae]w\w*|discontinu\w+|dropped out|drop-?outs?|stopp(?:ed|ing))\b", re.IGNORECASE), "withdrawal"),
    (re.compile(r"\bgrades? (?:3|III)(?: ?(?:or|and|to|[-–]) ?(?:4|5|IV|V|higher|worse|above))?(?=\W)|\bgrade ?(?:≥|>=) ?3\b", re.IGNORECASE), "severe"),
)  # fmt: skip
"""What trials count, which each report calls in its own way."""


def _alike(text: str) -> str:
    for rule, instead in _ALIKE:
        text = rule.sub(instead, text)
    return text


@lru_cache(64)
def _words_and_names(source: str) -> frozenset[str]:
    """A source's words, and the names that the vocabulary has for what it names."""
    return all_words(source).union(*map(_names, find(source)))


def _names(one: Found) -> frozenset[str]:
    """What a named thing is known by, apart from any word."""
    return frozenset(f"={name.lower()}" for name in (one.name, one.heading) if name)


def _has_numbers(sentence: str, source: str) -> bool:
    """Whether a source has a sentence's numbers, in digits or in words, and its parts and multiples."""
    claim, source = in_digits(sentence, counted=True), in_digits(source)
    if not is_as_much(claim, source):
        return False
    known = _values(source)
    left = _values(without_said_otherwise(claim, source))
    return all(any(_is_rounded(one, other) for other in known) for one in left)


def _values(text: str) -> list[tuple[float, int]]:
    """Each number with how many decimals it is given to; a million is six less."""
    found = []
    for match in _MILLIONS.finditer(text):
        value = float(match[1].replace("·", "."))
        found.append((value * _LARGE[match[2].lower()], 0))
    for match in _NUMBER.finditer(_MILLIONS.sub(" ", text)):
        plain = re.sub(r",(?=\d{3}(?!\d))", "", match[0]).replace("·", ".").replace(",", ".")
        decimals = plain.partition(".")[2]
        if "." not in decimals:
            found.append((float(plain), len(decimals)))
    return found


def _is_rounded(one: tuple[float, int], other: tuple[float, int]) -> bool:
    """Whether a number is another, or that one rounded: 15 of 14.9, 22,000 of 22,043."""
    (value, decimals), (exact, more) = one, other
    if value == exact:
        return True
    if decimals < more and abs(value - exact) <= 0.5 * 10**-decimals:
        return True
    is_round = value >= 100 and value % 10 == 0
    return (is_round and abs(value - exact) <= _ROUND * exact) or (
        10 <= value < 100 and value % 5 == 0 and more > decimals and abs(value - exact) <= 0.5
    )
