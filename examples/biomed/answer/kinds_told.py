"""A kind of what a question names by two words, told in other words: macrolide resistance is an antibiotic resistance, radiation cystitis a radiation injury. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..queries.concept import Concept
from ..terms.find import find
from ..terms.medicine_classes import class_called, classes_of

_RESISTANCE = re.compile(
    r"(?P<of>[\w-]+)[ -]resistan(?:ce|t)|resistan(?:ce|t)(?: \w+)? (?:to|against) (?P<to>[\w -]+)",
    re.IGNORECASE,
)
_RESISTS = re.compile(
    r"(?P<of>(?:[\w-]+ )?[a-zA-Z]{4,})[ -]resistan(?:ce|t)\b(?! (?:to|against) )|\bresistan(?:ce|t) (?:to|against) (?P<to>[\w-]+)",
    re.IGNORECASE,
)
_MICROBES: Final = {
    "antimicrobial": "Anti-Bacterial Agents",
    "antibacterial": "Anti-Bacterial Agents",
}
_ANY: Final = ("drug", "drugs", "medicine", "medicines", "multidrug")
_HARM: Final = r"(?:damage|injur(?:y|ies)|toxicit(?:y|ies)|harm)"
_HARMED = re.compile(
    rf"(?P<by>[\w-]+?)(?:[ -](?:induced|related|associated))? {_HARM}", re.IGNORECASE
)


def beside_kinds(text: str, about: Sequence[Concept]) -> str:
    """A text with the question's own words beside each kind of a resistance or of a harm by something: "macrolide resistance (antibiotic resistance)"."""
    for one in about:
        words = one["text"]
        if one["excluded"] or " " not in words:
            continue
        if resistance := _RESISTANCE.fullmatch(words):
            text = _beside_resistance(text, words, (resistance["of"] or resistance["to"]).lower())
        elif harmed := _HARMED.fullmatch(words):
            text = _beside_harm(text, words, harmed["by"])
    return text


def _beside_resistance(text: str, words: str, to: str) -> str:
    own = class_called(to, *(one.heading for one in find(to)))
    wanted = own.name if own else _MICROBES.get(to.removesuffix("s"))
    if wanted is None and to not in _ANY:
        return text

    def beside(match: re.Match[str]) -> str:
        said = (match["of"] or match["to"]).lower()
        if words.lower() in match[0].lower() or not _is_of(said, wanted):
            return match[0]
        return f"{match[0]} ({words})"

    return _RESISTS.sub(beside, text)


def _is_of(said: str, wanted: str | None) -> bool:
    """Whether a medicine or a class is named that is of the class wanted; of any where none is."""
    names = [said, *said.split()]
    if any(one in _ANY or one in _MICROBES or one.startswith("multi") for one in names):
        return True
    of_it = {each for one in names for each in classes_of(one)}
    if wanted is None:
        return bool(of_it) or any(one.kind == "drug" for one in find(said))
    return wanted in of_it


def _beside_harm(text: str, words: str, by: str) -> str:
    """Of what does the harm, "radiation", each disease that stands behind it; "radio-" is radiation, too."""
    own = rf"{re.escape(by)}(?:[ -](?:induced|related|associated))?"
    name = r"(?P<disease>[a-z]+)"

    def beside(match: re.Match[str]) -> str:
        if words.lower() in match[0].lower() or not _is_harm(match["disease"].lower()):
            return match[0]
        return f"{match[0]} ({words})"

    return re.sub(rf"\b{own} {name}\b", beside, text, flags=re.IGNORECASE)


def _is_harm(word: str) -> bool:
    if re.fullmatch(_HARM, word) or word.endswith("itis"):
        return True
    return any(one.kind == "condition" and one.text.lower() == word for one in find(word))
