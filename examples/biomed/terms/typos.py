"""The nearest name of a medicine or a disease for a word that is none: ``metfromin`` is metformin."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..words import STOPWORDS, word_set
from .brands import BRANDS, OTHER_NAMES
from .english import is_english
from .everyday import EVERYDAY
from .lay import FELT, LAY
from .names import Name, is_action, key_of, load, singular, unturned
from .word_forms import spellings

SHORTEST = 5
"""Letters: a shorter word is one letter away from too many others."""
LONG = 10
"""From here on two letters may be wrong."""
MOST_AS_NEAR = 8
"""Names looked at for one word."""


_LAY_KEYS = {form: target for lay, target in LAY.items() for form in (lay, key_of(lay))}
_LAY_WORDS = frozenset(key for key in _LAY_KEYS if " " not in key)
_FELT_WORDS = frozenset(key_of(name) for name in FELT if name.isalpha())
"""The table has them as topics, and a question as conditions."""


def _names_of(length: int) -> list[str]:
    lay = [word for word in (*_LAY_WORDS, *_FELT_WORDS) if len(word) == length]
    return [*load().of_length(length), *lay] if length >= SHORTEST else []


def _is_known(word: str) -> bool:
    return word in _LAY_WORDS or load().has_word(word)


@functools.lru_cache(maxsize=10_000)
def nearest_word(word: str) -> str | None:
    """The word of the diseases' longer names that ``word`` is most likely a misspelling of: ``rhumatoid`` → ``rheumatoid``."""
    found = _nearest(word, _words_within, most=1)
    # Another ending is another form: "expressing" is no slip for "expressive".
    key = key_of(word)
    is_cut = found is not None and found == f"{key}e"  # "syndrom", "diseas"
    is_heard = found is not None and (key[-1], found[-1]) == ("k", "c")  # "chronik"
    return found if found and (found[-1] == key[-1] or is_cut or is_heard) else None


_OF_CLASSES = word_set("inhibitor agonist antagonist blocker diuretic anticoagulant antidepressant")
"""How classes of medicines are called by more than one word."""


def _words_within(length: int) -> list[str]:
    classes = [one for one in _OF_CLASSES if len(one) == length]
    return [*load().words_of_length(length), *classes]


@functools.lru_cache(maxsize=10_000)
def nearest(word: str) -> str | None:
    """The key of the one name that ``word`` is most likely a misspelling of; None where it is a word
    itself, of medicine or of English, and where none or several are as near."""
    return None if is_english(word.lower()) else _nearest(word, _names_of)


def _nearest(word: str, names_of: Callable[[int], list[str]], most: int = 2) -> str | None:
    written = key_of(word)
    keys = [written, *spellings(written)] if written.isalpha() else [written]
    if (
        len(written) < SHORTEST
        or not written.isalpha()
        or any(_is_known(key) for key in keys)
        or {word.lower(), singular(word.lower())} & (EVERYDAY | STOPWORDS)
    ):
        return None
    distances: dict[str, float] = {}
    for key in keys:
        for name, distance in _near(key, names_of, most if len(key) >= LONG else 1):
            distances[name] = min(distance, distances.get(name, distance))
    if not distances:
        return None
    distances = {one: far for one, far in distances.items() if _is_said(one, written)}
    if not distances:
        return None
    least = min(distances.values())
    found = _most_likely(written, [one for one in distances if distances[one] == least])
    # A name with an ending of its own is a form of it.
    if found is None or (written.startswith(found) and not _is_foreign_form(written, found)):
        return None
    return found


_SHORT = 8
"""Letters: a word of fewer is one letter away from some name or other that nobody uses."""
_OF_MEDICINES = frozenset(key_of(one) for one in (*BRANDS, *OTHER_NAMES))


def _is_said(name: str, written: str) -> bool:
    """Whether a short word may be a slip for ``name``: people use it, and it is spelt as a word, unlike "SIADH"."""
    if len(written) >= _SHORT or name in _LAY_WORDS or name in _OF_MEDICINES:
        return True
    rows = _rows_of(name)
    return not rows or any(
        key_of(unturned(row.name)) == name
        if row.kind == "drug"
        else row.heading and not any(one.isupper() for one in row.synonyms if key_of(one) == name)
        for row in rows
    )


def _near(key: str, names_of: Callable[[int], list[str]], most: int) -> Iterator[tuple[str, float]]:
    lengths = range(len(key) - most, len(key) + most + 1)
    candidates = {name for length in lengths for name in names_of(length)}
    for name, distance, _ in process.extract(
        key,
        sorted(candidates),
        scorer=OSA.distance,
        score_cutoff=most,
        limit=MOST_AS_NEAR,
        processor=None,
    ):
        yield name, distance


def _most_likely(written: str, names: list[str]) -> str | None:
    """The one of several names as near; None where none of them is likelier than the others."""
    # A different beginning is rarely a slip.
    names = [one for one in names if one[0] == written[0]]
    if len(names) > 1 and (alike := [one for one in names if _sound(one) == _sound(written)]):
        names = alike  # "artritis" is said as "arthritis" is, not as "arteritis"
    if len(names) < 2:
        return names[0] if names else None
    rows = {_row_id(one) for one in names}
    if len(rows) > 1:
        return None
    return min(names, key=lambda one: (bool(_DESCRIBES.search(one)), one))


_DESCRIBES = re.compile(r"(?:ic|al|ous|ive)$")
_SILENT_LETTERS = re.compile(r"(?<=[rtpck])h|(.)(?=\1)")


def _sound(word: str) -> str:
    """A word without what is not heard: ``rh`` and ``r``, ``y`` and ``i``, double letters."""
    word = word.replace("ph", "f").replace("y", "i").replace("ae", "e").replace("oe", "e")
    return _SILENT_LETTERS.sub("", word)


def _row_id(key: str) -> str:
    return row_of(key).id if load().of_key(key) or key in _LAY_KEYS else key


@functools.lru_cache(maxsize=10_000)
def whole_of(stem: str) -> str | None:
    """The one-word name of a disease or a medicine that a cut-off word begins, at most four letters longer: ``obes`` → ``obesity``.
    The one that its vocabulary prefers and that stands highest in it, else the shortest."""
    begun = stem.lower()
    whole = [row for end in _ENDS for row in load().of_key(begun + end)]
    if any(row.kind == "topic" and row.heading not in FELT for row in whole):
        return None  # "vaccin*" is vaccines rather than vaccinia
    found = [name for more in range(5) for name in _begun(begun, len(begun) + more)]
    found = [name for name in found if not _DESCRIBING.search(name) and not _is_some_brand(name)]
    return min(found, key=lambda name: (_depth(name), len(name), name), default=None)


def _is_some_brand(name: str) -> bool:
    """Whether a medicine is called so by one maker or other, and by nobody who cuts words off: "inhib*" is no Inhibace."""
    rows = _rows_of(name)
    return name not in _OF_MEDICINES and all(
        row.kind == "drug" and key_of(unturned(row.name)) != name for row in rows
    )


_NOT_PREFERRED = 99


def _depth(name: str) -> int:
    """How deep in MeSH what is called so stands; beyond all of it what is only called so, too."""
    preferred = [row for row in _rows_of(name) if key_of(unturned(row.name)) == name]
    places = [tree.count(".") for row in preferred for tree in row.trees]
    return min(places, default=_NOT_PREFERRED - bool(preferred))


_ENDS = ("", "e", "ion", "ation", "ization", "ity", "y", "ment", "ing", "er")


def _begun(begun: str, length: int) -> list[str]:
    names = {*load().of_length(length)}
    names |= {one for one in _LAY_WORDS | _FELT_WORDS if len(one) == length}
    return sorted(one for one in names if one.startswith(begun))


_DESCRIBING = re.compile(r"(?:ic|al|ous|ive|ese|ed)$")


def corrected(word: str, key: str) -> str:
    """How the name of a key of :func:`nearest` is written, as near as can be to ``word``: ``psoriasis``, no "psoriase"."""
    row = row_of(key)
    own = unturned(row.name).lower()
    others = [unturned(one).lower() for one in row.synonyms]
    lay = [one for one, target in LAY.items() if key_of(target) == key_of(row.name)]
    forms = [one for one in (own, *lay, *others) if one.isalpha()]
    if not forms:
        return key
    return min(
        forms,
        key=lambda one: (
            OSA.distance(word.lower(), one),
            bool(_DESCRIBES.search(one)),
            one != own,
            key_of(one) != key,
        ),
    )


def _is_foreign_form(key: str, name: str) -> bool:
    """``metformine``, ``ibuprofeno``: a medicine as other languages end it."""
    if key[len(name) :] not in ("e", "a", "o"):
        return False
    return any(row.kind == "drug" or is_action(row.heading) for row in _rows_of(name))


def row_of(key: str) -> Name:
    """What a key of :func:`nearest` names."""
    return min(_rows_of(key), key=lambda row: {"drug": 0, "condition": 1}.get(row.kind, 2))


def _rows_of(key: str) -> list[Name]:
    """The rows of a key; none for a word that is only part of names."""
    names = load()
    target = _LAY_KEYS.get(key)
    return names.of_key(key) or (names.of_key(key_of(target)) if target else [])
