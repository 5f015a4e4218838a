"""Whether a source is of the disease or the medicine that a question names, though it calls it by a narrower name, or only denies it. Without I/O.

End-stage kidney disease is a chronic kidney disease: MeSH's tree has it. Propranolol is a beta blocker: its stem says it (:mod:`..terms.medicine_classes`). Of what is asked about a part is not the whole
(:mod:`.families`); this is of whom and with what it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from ..leaving_out import is_of_both, without_denied
from ..queries.concept import NAMED, Concept
from ..records import Record
from ..sentences import sentences
from ..terms.find import find
from ..terms.medicine_classes import class_called, classes_of
from ..terms.names import trees_of
from ..vocabulary import CLASS_MEMBERS, CLASS_PATTERNS
from .naming import names_one

_BEGINNING = 900
"""Characters of a text, its title among them, by which end it has said whom it is of."""
_BRANCHES: Final = {"C": 2, "F": 2, "D": 3}
"""How far down a branch of MeSH a name has to stand for those below it to be kinds of it: all below "Infections" are not one thing."""
_DENIES = re.compile(r"\b(?:without|no|not|non|never|free|excluding|except|absence)\b", re.IGNORECASE)  # fmt: skip


def asked_with(about: Sequence[Concept], outcome: str) -> list[Concept]:
    """Of what a question names the diseases and medicines that are not what it asks about."""
    low = outcome.lower()
    return [
        one
        for one in about
        if one["kind"] in (*NAMED, "topic")
        and not one["excluded"]
        and one["text"].lower() not in low
    ]


_COUMARINS: Final = "vitamin K antagonist"
"""A class that trials give as one: its arm is the warfarin arm, dosed by the same test."""


def coumarin_arm(text: str, name: str) -> str:
    """What a text calls an arm of that class, for one of its members and where it names no other; empty where it has none."""
    members = CLASS_MEMBERS[_COUMARINS]
    if name not in members or any(one in text.lower() for one in {*members} - {name}):
        return ""
    arm = re.search(CLASS_PATTERNS[_COUMARINS], text, re.IGNORECASE)
    return arm[0] if arm else ""


def is_class(one: Concept) -> bool:
    """Whether it is a class of medicines, whose members go by the stems of their names."""
    return class_called(one["heading"], one["name"], one["text"]) is not None


def narrower(text: str, wanted: Sequence[Concept]) -> dict[str, str]:
    """By a name near the beginning of a text, what of a question that is a kind of."""
    found: dict[str, str] = {}
    for each in wanted:
        if arm := coumarin_arm(text, each["name"]):
            found |= dict.fromkeys((arm, "VKA", arm.capitalize()), each["text"])
    classes = {
        one["text"]: of.name
        for one in wanted
        if (of := class_called(one["heading"], one["name"], one["text"]))
    }
    # A macrolide of MeSH's tree of substances is also everolimus: of a class its stems tell.
    trees = {one["text"]: _trees(one["heading"]) for one in wanted if one["text"] not in classes}
    if not classes and not any(trees.values()):
        return found
    # Who asks for carvedilol against other beta blockers asks for both.
    asked = {one["name"].lower() for one in wanted}
    for name in find(text[:_BEGINNING]):
        below = _trees(name.heading)
        for wide, own in trees.items():
            if any(one.startswith(f"{each}.") for one in below for each in own):
                found[name.text] = wide
        if not classes or name.kind == "condition" or name.name.lower() in asked:
            continue
        of_it = classes_of(name.heading) | classes_of(name.name)
        for wide, one in classes.items():
            if one in of_it:
                found[name.text] = wide
    return found


@lru_cache(1000)
def _trees(heading: str) -> tuple[str, ...]:
    return tuple(
        tree for tree in trees_of(heading) if tree.count(".") + 1 >= _BRANCHES.get(tree[:1], 99)
    )


def only_denied(record: Record, wanted: Sequence[Concept], short: Mapping[str, str]) -> list[str]:
    """What a record names only to say that those it is of have it not: "patients without diabetes".

    Args:
        record: With its abbreviations written out.
        wanted: What it has to name.
        short: Its abbreviations, with what stands after each.
    """
    places = [record["title"], *sentences(record.get("text", ""))]
    for cut, long in short.items():
        places = [each.replace(f"{cut} {long}", long) for each in places]
    places += [*record.get("conditions", []), *record.get("keywords", [])]
    if not any(map(_DENIES.search, places)):
        return []
    denied = []
    for one in wanted:
        naming = [each for each in places if names_one(each, one)]
        if naming and all(_is_denied(each, one) for each in naming):
            denied.append(one["text"])
    return denied


def _is_denied(place: str, one: Concept) -> bool:
    if not _DENIES.search(place) or is_of_both(place, one):
        return False
    return not names_one(without_denied(place), one)
