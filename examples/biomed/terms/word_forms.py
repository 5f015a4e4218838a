"""The forms of a word that a search should find with it: truncation, spelling, and word families.

A family holds what medicine calls one thing by, noun and adjective, Greek, Latin and English: who asks about
the kidney means the renal as well. The forms are PubMed's: ``word*`` finds what begins so.
"""

from __future__ import annotations

import re
from typing import Final

from ..words import unique, word_lines, word_set
from .english import is_english
from .word_families import FAMILY_LINES

SHORTEST_STEM = 4
"""PubMed truncates no shorter beginning."""
SURE_STEM = 6
"""From here on a stem is long enough to lose an ending that might be part of the root."""


TRUNCATED: Final = re.compile(r"(?<![\w-])[^\W\d_]{4,}\*")
"""A word that its writer cut off, ``therap*``, no shorter than PubMed takes it."""


def longest_first(words: str) -> list[str]:
    """The words of a list, the longest first, so that what is part of another comes after it."""
    return sorted(word_set(words), key=lambda word: (-len(word), word))


_ENDINGS: Final = longest_first(
    """
    ations ation ational ative atives ating ated itions ition ities ity ional ions ion
    ically ical ics ic ally ied ies ing ings ed es s e y ively ive ments ment ness ously ous
    ences ence ency ances ance ist ists sis isation ization ised ized ising izing ise ize
    ise ism isms able ably ible ly
    """
)
_UNSURE: Final = longest_first(
    """
    al ant ate ates ent ary ory er ers or ors ia ias ian is oid ular
    """
)


def _families() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for head, rest in word_lines(FAMILY_LINES).items():
        found[head] = rest
        # Its other forms stand for the same, where they head no family of their own.
        for form in rest:
            if not form.endswith("*") and form[:3] == head[:3]:
                found.setdefault(form, (head, *(one for one in rest if one != form)))
    return found


FAMILIES: Final = _families()

_SPELLINGS: Final = (
    ("aem", "em", False),
    ("aes", "es", False),
    ("aec", "ec", False),
    ("paed", "ped", False),
    ("oed", "ed", False),
    ("oes", "es", False),
    ("pnoea", "pnea", True),
    ("rrhoea", "rrhea", True),
    ("oea", "ea", False),
    ("haem", "hem", False),
    ("our", "or", False),
    ("yse", "yze", True),
    ("isation", "ization", True),
    ("isations", "izations", True),
    ("sulph", "sulf", True),
    ("leuka", "leuke", True),
    ("paedi", "pedi", True),
    ("tumour", "tumor", True),
    ("oesoph", "esoph", True),
    ("haemo", "hemo", True),
    ("anaem", "anem", True),
    ("behaviour", "behavior", True),
)
"""British, American, and whether the second tells that there is a first."""


_STATE: Final = re.compile(r"(?P<stem>[a-z]{2,}o)(?:sis|tic(?:s|ally)?)")
"""``psychosis`` and ``psychotic``; what has no such adjective is none, ``diagnosis``, nor what has no such noun, ``antibiotic``."""


def _state(word: str) -> str:
    """The beginning that a state in ``-osis`` has in common with its adjective: ``psycho``; empty for any other word.

    By itself it is that of many others, psychology, fibroids, neurons: a search takes the two words.
    """
    match = _STATE.fullmatch(word)
    return (
        match["stem"]
        if match and not match["stem"].endswith(("gno", "bio", "robo", "cyto"))
        else ""
    )


def truncated(word: str) -> str:
    """``word`` without its ending and with an asterisk: ``psychosis`` as ``psychos*``, ``adherence`` as
    ``adher*``. A word too short to be cut is returned unchanged.
    """
    if state := _state(word):
        return f"{state}{'t' if word[len(state)] == 't' else 's'}*"
    for ending in _ENDINGS:
        if ending == "s" and word.endswith(("ss", "us", "is")):
            continue
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SHORTEST_STEM + (len(ending) < 2):
            return _without_unsure(stem) + "*"
    stem = _without_unsure(word)
    return stem + "*" if len(stem) >= SHORTEST_STEM and word.isalpha() else word


def _without_unsure(word: str) -> str:
    for ending in _UNSURE:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SURE_STEM:
            return stem
    return word


def spellings(word: str) -> list[str]:
    """The British or American spelling of ``word``, where it has another."""
    for british, american, both_ways in _SPELLINGS:
        if british in word:
            return [word.replace(british, american)]
        if both_ways and (part := re.search(rf"(?<!c){american}", word)):
            # Chemotherapy is about no blood.
            return [f"{word[: part.start()]}{british}{word[part.end() :]}"]
    return []


def _stems() -> dict[str, tuple[str, ...]]:
    """Families by the stem of a head, ``surg*``, and by a stem among the others, ``sonograph*``."""
    found: dict[str, tuple[str, ...]] = {}
    for head, rest in FAMILIES.items():
        found.setdefault(truncated(head), (head, *rest))
    for head, rest in FAMILIES.items():
        for form in rest:
            if form.endswith("*") and len(form) > SHORTEST_STEM + 1:
                found.setdefault(form, (head, *rest))
    return found


def family(word: str) -> tuple[str, ...]:
    """What else is said for a word; empty where nothing is known: ``sonographers`` is of ultrasound's family."""
    known = FAMILIES.get(word) or (FAMILIES.get(word[:-1]) if word.endswith("s") else None)
    known = known or _BY_STEM.get(truncated(word), ())
    state = _state(word)
    return (f"{state}s*", f"{state}t*", *known) if state else known


_PLURAL = re.compile(r"[a-z]{4}s(?<!ss)(?<!us)(?<!is)(?<!as)")
_SIBILANT = re.compile(r"[a-z]+(?:x|z|ch|sh|s)")


def other_number(word: str) -> list[str]:
    """The singular of a plural that is too short to be cut off, ``tears`` → ``tear``, and the plural of a word that is, ``tax`` → ``taxes``."""
    if _PLURAL.fullmatch(word):
        return [word[:-1]] if is_english(word[:-1]) else []
    if len(word) >= SHORTEST_STEM or not word.isalpha():
        return []
    plural = f"{word}es" if _SIBILANT.fullmatch(word) else f"{word}s"
    is_adjective = is_english(f"{word}er")  # lower, newer
    return [plural] if is_english(plural) and not is_adjective else []


def forms(word: str) -> list[str]:
    """What is searched for a word, itself first: ``renal`` → ``renal``, ``kidney``, ``nephr*`` …"""
    found = [word, *other_number(word)]
    for one in (word, *spellings(word)):
        short = truncated(one)
        found += [short] if short.endswith("*") else [one]
        found += family(one)
    return without_covered(found)


def without_covered(found: list[str]) -> list[str]:
    """The list without repeats, and without what a truncated one finds anyway."""
    distinct = unique(found)
    stems = [one[:-1] for one in distinct if one.endswith("*")]
    return [
        one
        for one in distinct
        if not any(one.removesuffix("*").startswith(stem) and one != stem + "*" for stem in stems)
    ]


_BY_STEM: Final = _stems()
