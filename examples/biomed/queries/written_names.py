"""Names that are not written out: with a slip of the pen, cut off, or as another language ends them. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..terms.find import Found, find
from ..terms.names import Kind, is_action
from ..terms.showing import shown
from ..terms.typos import corrected, nearest, nearest_word, row_of, whole_of
from ..terms.word_forms import TRUNCATED

_AS_WORDS = 8
"""Letters: who writes a longer word in capitals means the word."""
_LONG = 7
"""Letters of a word in another language that may be a medicine's name."""


def written(text: str, names: list[Found], *, is_english: bool) -> list[Found]:
    """The names that are known, and those that are not written out, in their order.

    Args:
        text: A question.
        names: Those that the table has.
        is_english: Whether an unknown word may be a misspelt English one.
    """
    if is_english:
        names = _with_misspelt(text, names)
    else:
        # A medicine has nearly one name in all languages: "metformina", "semaglutyd".
        foreign = [one for one in _misspelt(text, names) if one.kind == "drug"]
        long = [one for one in foreign if len(one.text) >= _LONG]
        names = sorted([*names, *long], key=lambda one: one.start)
    # "cancer*" is cut off, though what is left is a name.
    names = [
        replace(one, end=one.end + 1, text=f"{one.text}*")
        if one.text.isalpha() and text[one.end : one.end + 1] == "*"
        else one
        for one in names
    ]
    return sorted([*names, *_truncated(text, names)], key=lambda one: one.start)


def _with_misspelt(text: str, names: list[Found]) -> list[Found]:
    """The names, and those that a slip of the pen hides; where a longer name comes out, it stands for its parts."""
    respelt, places = text, []
    for match in reversed(list(_LONE_WORD.finditer(text))):
        # A name that is only known by its last word, "Altzheimer disease", may have a slip before that.
        if not any(one.start <= match.start() < one.end for one in names if one.id) and (
            better := nearest_word(match[0])
        ):
            places.append((match.start(), match.end(), len(better) - len(match[0])))
            respelt = respelt[: match.start()] + better + respelt[match.end() :]
    longer = [
        moved
        for one in (find(respelt) if places else ())
        if " " in one.text and (moved := _moved(one, text, places)) is not None
    ]
    kept = [one for one in names if not _overlaps(one, longer)]
    single = [one for one in _misspelt(text, names) if not _overlaps(one, longer)]
    return sorted([*kept, *longer, *single], key=lambda one: one.start)


def _moved(name: Found, text: str, places: list[tuple[int, int, int]]) -> Found | None:
    """A name of the respelt text where it stands in the text; None where nothing in it was respelt."""
    start, end, is_respelt = name.start, name.end, False
    for first, last, more in reversed(places):  # from left to right
        if last + more <= start:
            start, end = start - more, end - more
        elif first < end:
            end, is_respelt = end - more, True
    written = text[start:end]
    return replace(name, start=start, end=end, text=written) if is_respelt else None


def _overlaps(name: Found, others: list[Found]) -> bool:
    return any(one.start < name.end and name.start < one.end for one in others)


_LONE_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w*-])")


def _misspelt(text: str, names: list[Found]) -> Iterator[Found]:
    """Words that are none, but nearly the name of a medicine or a disease; what was written is kept."""
    for match in _LONE_WORD.finditer(text):
        if any(one.start <= match.start() < one.end for one in names):
            continue
        if _is_short_for_something(match[0], text):
            continue
        key = nearest(match[0])
        if key is not None:
            row = row_of(key)
            kind: Kind = "drug" if row.kind == "drug" else "condition"
            if is_action(row.heading):
                kind = "topic"  # a class of medicines: "statines"
            name = shown(row, key) if kind == "drug" else corrected(match[0], key)
            yield Found(match.start(), match.end(), match[0], kind, name, row.heading, (), row.id)


def _is_short_for_something(word: str, text: str) -> bool:
    """Whether a word is an abbreviation or what a trial is called, by its capitals among small letters: ELIXA is no Ebixa."""
    return word.isupper() and len(word) < _AS_WORDS and not text.isupper()


def _truncated(text: str, names: list[Found]) -> Iterator[Found]:
    """Diseases and medicines that a user cut off: ``obes*``."""
    for match in TRUNCATED.finditer(text):
        stem = match[0][:-1]
        if any(one.start <= match.start() < one.end for one in names):
            continue
        if key := whole_of(stem):
            row = row_of(key)
            kind: Kind = "drug" if row.kind == "drug" else "condition"
            name = shown(row, key) if kind == "drug" else corrected(key, key)
            yield Found(*match.span(), match[0], kind, name, row.heading, (), row.id)
