"""What is made of a word: the noun of a verb, the verb of a noun, the noun of a quality. By rule, and without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_OF_A_QUALITY = re.compile(r"(?P<of>\w{3,}?)(?P<s>ive|ic|ate|ivity|icity|acy)")
_QUALITIES = {
    "ive": "ivity",
    "ic": "icity",
    "ate": "acy",
    "ivity": "ive",
    "icity": "ic",
    "acy": "ate",
}
_OF_A_VERB = re.compile(
    r"(?P<of>\w{3,})(?:at(?:e[sd]?|ing|ions?)|(?P<s>i[sz])(?:e[sd]?|ing|ations?))"
)


_TURNS: Final = (
    ("scrib", "script"), ("duc", "duct"), ("ceiv", "cept"), ("sorb", "sorpt"), ("mit", "miss"), ("mitt", "miss"), ("clud", "clus"), ("vert", "vers"),
    ("tain", "tent"), ("solv", "solut"), ("spond", "spons"), ("rupt", "rupt"), ("fus", "fus"), ("ject", "ject"),
    ("sect", "sect"), ("fect", "fect"), ("tect", "tect"), ("lect", "lect"), ("struct", "struct"), ("stitut", "stitut"),
)  # fmt: skip
"""How a verb's stem ends, and its noun's: "prescribe" and "prescription", "occlude" and "occlusion"."""
_VERB_FORMS: Final = ("e", "es", "ed", "ing", "", "s")
_NOUN_FORMS: Final = ("ion", "ions")
_OF_A_PART: Final = re.compile(r"(?P<of>\w{3,4})(?:um|us|is|al|ic)")
"""A part of a body and what is of it, where both are too short to be told by their beginning: "atrium" and "atrial"."""


def _turned(word: str) -> Iterator[str]:
    """The noun of a verb whose stem changes, and the verb of such a noun."""
    for verb, noun in _TURNS:
        for own, endings, other, others in (
            (verb, _VERB_FORMS, noun, _NOUN_FORMS),
            (noun, _NOUN_FORMS, verb, _VERB_FORMS),
        ):
            for ending in endings:
                base = word.removesuffix(own + ending)
                if base != word and base:
                    yield from (base + other + each for each in others)
    if part := _OF_A_PART.fullmatch(word):
        yield from (part["of"] + one for one in ("um", "us", "is", "al", "ic"))


_FULL_OF: Final = re.compile(r"(?P<of>\w{4,}?)(?:ful|less|y)")
"""An adjective and the noun that it is made of: "painful" and "pain", "itchy" and "itch"."""


def base_of_quality(word: str) -> str:
    """The noun that an adjective in -ful, -less or -y is made of, if it is one; empty for any other word."""
    found = _FULL_OF.fullmatch(word)
    return found["of"] if found else ""


_OF_DOING: Final = ("ing", "ed")
_FORMS: Final = ("", "e", "s", "ing", "ed", "ment", "ure")
_LEAST: Final = 4
"""Letters of a verb that an ending is taken from."""


def inflected(word: str) -> Iterator[str]:
    """What is called by what was done, and the other way round: "screening" of "screened", "closure" of "closed", "stapled" of "stapling"."""
    for ending in _OF_DOING:
        base = word.removesuffix(ending)
        if base == word or len(base) < _LEAST:
            continue
        if base[-1] == base[-2] and base[-1] not in "ls":
            base = base[:-1]
        yield from (base + one for one in _FORMS)


def verb_and_noun(word: str) -> Iterator[str]:
    """The verb of a noun and the noun of a verb, in their forms: "irritation" of "irritate"; of a quality the noun, "sensitivity" of "sensitive"."""
    if made := _OF_A_VERB.fullmatch(word):
        verb, noun = (made["s"], f"{made['s']}ation") if made["s"] else ("at", "ation")
        for ending in (f"{verb}e", f"{verb}es", f"{verb}ed", f"{verb}ing", noun, f"{noun}s"):
            yield made["of"] + ending
    yield from _turned(word)
    if word.endswith(("ful", "less")) and (noun := base_of_quality(word)):
        yield noun
    if quality := _OF_A_QUALITY.fullmatch(word):
        yield quality["of"] + _QUALITIES[quality["s"]]
