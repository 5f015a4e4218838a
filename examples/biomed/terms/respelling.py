"""A slip of the pen in a word that is no name of its own: ``effcacy``, ``treatmnt``, ``dermatits``. Without I/O.

A word is a slip where nothing has it, neither the names nor English, and one letter more, less, changed or exchanged makes it one of
those that questions are made of: words of everyday and of research, else the words of names. Where two of a kind are as near, none is
taken; nor is a word that may be somebody's, something's or a gene's own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from ..vocabulary import CLASS_MEMBERS, DRUG_ENDINGS
from ..words import STOPWORDS, words_of
from .brands import BRANDS, OTHER_NAMES
from .broad import DISEASE_TAILS, GENERAL
from .english import is_english
from .everyday import EVERYDAY, PEOPLE
from .find import find
from .lay import LAY
from .names import load, singular
from .typos import nearest, nearest_word
from .word_forms import FAMILIES, spellings

SHORTEST: Final = 5
"""Letters: a shorter word is one letter away from too many others."""
SHORTEST_OF_NAMES: Final = 8
"""The same where only the word of a name is near."""
_LONG: Final = 9
"""Letters from which on any other letter may stand for the right one: in a shorter word only one beside it on the keyboard."""


class Respelt(NamedTuple):
    """A word as it was written, and as it is read."""

    written: str
    read: str


_WORD = re.compile(r"(?<![\w'’*./:@#-])[^\W\d_]+(?![\w'’*/@-]|[.:]\w|://)")
_BEGINS = re.compile(r"(?:^|[.?!:]\s+)\W*$")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def mended(text: str) -> tuple[str, list[Respelt]]:
    """A text with its slips mended, and each of them; what is written with capitals inside a sentence is a name and stays."""
    found: list[Respelt] = []
    for match in reversed([*_WORD.finditer(text)]):
        written = match[0]
        is_first = written[1:].islower() and _BEGINS.search(text, 0, match.start()) is not None
        if not (written.islower() or is_first):
            continue
        read = _read(written.lower())
        if read is None:
            continue
        read = read.capitalize() if written[0].isupper() else read
        better = f"{text[: match.start()]}{read}{text[match.end() :]}"
        if nearest_word(written.lower()) and _is_in_a_name(better, match.start()):
            continue  # "rhumatoid arthritis" is read as a name, with what was written beside it
        found.insert(0, Respelt(written, read))
        text = better
    return text, found


def _is_in_a_name(text: str, place: int) -> bool:
    """Whether a name of several words has the word at a place."""
    return any(one.start <= place < one.end and " " in one.text for one in find(text))


@functools.lru_cache(maxsize=10_000)
def _read(word: str) -> str | None:
    """The word that ``word`` is a slip for; None where it is none, or where it may be several."""
    if len(word) < SHORTEST or not word.isascii() or _is_known(word) or _is_made_of_known(word):
        return None
    near = [one for one in dict.fromkeys(_one_away(word)) if one[0] == word[0]]
    near = [one for one in near if not _is_form(word, one)]
    english = [one for one in near if is_english(one)]
    name = nearest(word)
    if name is not None and OSA.distance(word, name) < 2:
        return None  # a name by itself, which is read as one with what was written beside it
    if said := [one for one in near if _is_said(one)]:
        return _most_likely(word, said, english)
    part = nearest_word(word)
    if name is not None or (part is not None and part not in near) or len(word) < SHORTEST_OF_NAMES:
        return None
    named = [one for one in near if _is_of_names(one)]
    return _most_likely(word, named, []) if set(english) <= set(named) else None


def _most_likely(word: str, near: list[str], others: list[str]) -> str | None:
    """The one of those that are near; None where several are as likely, or only another word of English is: ``others``."""
    likely = [one for one in near if _is_likely(word, one)]
    if not likely:
        likely = [one for one in near if not _is_far(word, one)]
        rest = {one for one in others if not _is_far(word, one)} - set(near)
        if rest or len(word) == SHORTEST:
            return None
    if len({singular(one) for one in likely}) != 1:
        return None
    return min(likely, key=lambda one: (singular(one) != one, len(one)))


def _is_likely(word: str, other: str) -> bool:
    """Whether two letters are exchanged, one is doubled, or one is left out: all that is likelier than another letter."""
    is_doubled = len(word) > len(other) and _single(word) == _single(other)
    return sorted(word) == sorted(other) or is_doubled or len(word) < len(other)


def _is_far(word: str, other: str) -> bool:
    """Whether a letter of a word that is not long stands for one that is not beside it on the keyboard."""
    if len(word) != len(other) or len(word) >= _LONG:
        return False
    wrong, right = next(pair for pair in zip(word, other, strict=True) if pair[0] != pair[1])
    return right not in _BESIDE[wrong]


def _single(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def _is_form(word: str, other: str) -> bool:
    """Whether both may be right: they differ in their ends, by a letter more that is no double or by the last letter, or in how they are spelt."""
    if (word[:-1] == other and word[-1] != word[-2]) or word[:-1] == other[:-1]:
        return True
    return _plainly(word) == _plainly(other) or _operation(word) != _operation(other)


def _plainly(word: str) -> str:
    """A word as it is spelt most simply: ``leukocidin`` and "leucocidin", ``haem`` and "hem"."""
    return word.replace("ae", "e").replace("oe", "e").replace("k", "c").replace("ph", "f")


def _operation(word: str) -> str:
    """What is done in surgery, by its ending: an enterotomy is no enterostomy."""
    found = _OPERATION.search(word)
    return found[0] if found else ""


_OPERATION: Final = re.compile(r"(?:ostomy|ectomy|(?<!s)tomy)$")


def _one_away(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
            if len(tail) > 1:
                yield head + tail[1] + tail[0] + tail[2:]
            yield from (head + letter + tail[1:] for letter in _LETTERS)
        yield from (head + letter + tail for letter in _LETTERS)


_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _beside(letter: str) -> str:
    """The letters beside one on a keyboard."""
    row = next(number for number, keys in enumerate(_ROWS) if letter in keys)
    place = _ROWS[row].index(letter)
    near = (
        _ROWS[other][at]
        for other in range(max(0, row - 1), min(3, row + 2))
        for at in range(place - 1, place + 2)
        if 0 <= at < len(_ROWS[other])
    )
    return "".join(one for one in near if one != letter)


_BESIDE: Final = {letter: _beside(letter) for letter in _LETTERS}


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in words_of(text) if word.isalpha())


_SAID: Final = (
    EVERYDAY
    | PEOPLE
    | GENERAL
    | STOPWORDS
    | DISEASE_TAILS
    | _words(LAY)
    | _words(CLASS_MEMBERS)
    | {one for head, rest in FAMILIES.items() for one in (head, *rest) if one.isalpha()}
)
"""Words that questions are made of."""
_NAMED: Final = _words((*BRANDS, *OTHER_NAMES))


def _is_said(word: str) -> bool:
    return word in _SAID or singular(word) in _SAID


def _is_of_names(word: str) -> bool:
    return load().has_word(word) or load().has_word(singular(word))


def _is_known(word: str) -> bool:
    forms = (word, singular(word), *spellings(word))
    return (
        any(_is_said(one) or is_english(one) or _is_of_names(one) for one in forms)
        or word in _NAMED
        or load().gene(word.upper()) is not None
        or (len(word) > 6 and word.endswith(DRUG_ENDINGS))
    )


_PREFIXES: Final = tuple(
    sorted(
        (
            "non", "post", "pre", "peri", "anti", "multi", "inter", "intra", "trans", "sub", "super", "supra", "infra", "hyper", "hypo", "neuro", "cardio", "chemo",
            "radio", "immuno", "micro", "macro", "nano", "bio", "psycho", "physio", "cyto", "histo", "patho", "over", "under", "un", "re", "co", "de", "dis", "mis",
            "auto", "allo", "hetero", "homo", "mono", "bi", "tri", "poly", "oligo", "electro", "photo", "tele", "video", "endo", "exo", "extra", "para", "retro",
            "ultra", "pseudo", "semi", "self", "e", "gastro", "hepato", "nephro", "uro", "osteo", "arthro", "myo", "dermato", "hemato", "haemato", "lymph",
            "lympho", "broncho", "pneumo", "thoraco", "laparo", "angio", "vaso", "veno", "cerebro", "cranio", "spondylo", "oro", "naso", "broncho",
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip
_SUFFIXES: Final = re.compile(
    r"(?:isations?|izations?|ically|ations?|ities|ability|ibility|ments?|ness|ists?|isms?|ically|ally|ially|ably|ibly|ized|ised|izing|ising|ize|ise|able|ible|"
    r"ity|ive|ous|inal|ial|ical|al|ics?|ees?|ly|ion|ions|ing|ed|er|ers|or|ors|es|s|y|ia|oid|ary|like|less|ful|hood|ship|wise|based|related)$"
)
_ROOT_ENDS: Final = ("", "e", "y", "ic", "ia", "us", "is", "um", "a", "al", "ion", "ate")
_SHORTEST_ROOT: Final = 4


def _is_made_of_known(word: str) -> bool:
    """Whether it is a known word with what words begin or end with: ``nonoperative``, ``laparoscopically``."""
    for prefix in _PREFIXES:
        rest = word[len(prefix) :]
        if word.startswith(prefix) and len(rest) >= _SHORTEST_ROOT and _is_rooted(rest):
            return True
    return _is_rooted(word)


def _is_rooted(word: str) -> bool:
    if _is_known(word):
        return True
    for length in range(1, 8):
        root, ending = word[:-length], word[-length:]
        # "Randomsed" is made of no "randoms".
        is_root = len(root) > _SHORTEST_ROOT and (root[-1] != "s" or root[-2] == "s")
        if is_root and _SUFFIXES.fullmatch(ending):
            more = ("",) if ending in ("s", "es") else _ROOT_ENDS
            if any(_is_known(f"{root}{end}") for end in more):
                return True
    return False
