"""Words of a question: the ones that carry meaning, in a form that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


_WILL_NOT = re.compile(r"\bwon['’]t\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(can|could|do|does|did|is|are|was|were|has|have|had|would|should|must|need)(?:n)?['’]t\b",
    re.IGNORECASE,
)
_CLITIC = re.compile(r"(?<=\w)['’](?:s|re|ve|ll|d|m)\b", re.IGNORECASE)
"""What is tied to a word by an apostrophe, and is none itself."""


def word_set(text: str) -> frozenset[str]:
    """The words of a space-separated list."""
    return frozenset(text.split())


def word_lines(text: str) -> dict[str, tuple[str, ...]]:
    """Lines of words as a table: by the first word of each line, the others. Raises `ValueError` where two lines have the same first word."""
    table: dict[str, tuple[str, ...]] = {}
    for head, *rest in map(str.split, text.strip().splitlines()):
        if head in table:
            raise ValueError(f"two lines begin with {head!r}: the later one would hide the other")
        table[head] = tuple(rest)
    return table


STOPWORDS = word_set(
    "a about after all also among an and any are as at be been before being between both but "
    "by can cannot could did do does doing during each either find for from further get give had has have "
    "having how i if in into is it its last latest list may me might more most my neither no nor not "
    "of on or other our out over past please recent search should show since so some such "
    "tell than that the their them then there these they this those through to under until up "
    "use used using was we were what when where whether which while who whom why will with "
    "within would year years you your"
)


def words_of(text: str) -> list[str]:
    """All words, lower case, in order; ``GLP-1`` stays one word."""
    return [match[0].lower() for match in _WORD.finditer(text)]


def content_words(text: str) -> list[str]:
    """The words of ``text`` without stop words and repeats, in order; of "cow's" and "can't" no letter is one."""
    whole = _CLITIC.sub("", _NOT.sub(r"\1", _WILL_NOT.sub("will", text)))
    return unique(word for word in words_of(whole) if word not in STOPWORDS)


def stem(word: str) -> str:
    """A rough singular: enough to let ``trials`` meet ``trial``; not a linguistic stem."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(text: str) -> set[str]:
    """The stems of all words of ``text``, compounds also in their parts."""
    found = set()
    for word in words_of(text):
        found.add(stem(word))
        found.update(stem(part) for part in word.split("-"))
    return found


def unique(items: Iterable[str]) -> list[str]:
    """Each once, where it comes first."""
    return list(dict.fromkeys(items))
