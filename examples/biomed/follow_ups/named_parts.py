"""What a topic and a follow-up name, each by its role. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ..answer.populations import is_of_people
from ..queries.concept import NAMED, Concept
from ..queries.trial_filters import places
from ..terms.find import find
from ..terms.medicine_classes import class_called
from ..words import stems
from .changes import Read
from .measured import SIDES, is_disease, is_event, is_measured, is_part_of_body

_PEOPLE = frozenset(
    (
        "Child", "Child, Preschool", "Infant", "Infant, Newborn", "Adolescent", "Adult", "Young Adult", "Aged", "Aged, 80 and over", "Women", "Men",
        "Pregnant Women", "Pregnant People", "Pregnancy", "Female", "Male",
    )
)  # fmt: skip


class Part(NamedTuple):
    """A thing that a text names, and where."""

    role: str
    """``condition``, ``gene``, ``outcome``, ``part``, of the body, or ``taken``: a medicine, or what else is done or had."""
    kind: str
    text: str
    start: int
    end: int


def parts_of(text: str, read: Read) -> list[Part]:
    """What a text names, in its order: each by its role."""
    found = [
        Part("taken" if one.kind == "drug" else one.kind, one.kind, one.text, one.start, one.end)
        for one in find(text)
        if one.kind in NAMED
    ]
    for concept in read(text)["concepts"]:
        start = text.lower().find(concept["text"].lower())
        if start < 0 or not _is_thing(concept):
            continue
        end = start + len(concept["text"])
        if any(one.start < end and start < one.end for one in found):
            continue
        is_class = class_called(concept["heading"], concept["name"], concept["text"])
        role = "outcome" if is_measured(concept["text"]) and not is_class else "taken"
        if role == "taken" and not is_class:
            role = _role_of(concept)
        kind = "drug" if is_class else concept["kind"]
        found.append(Part(role, kind, text[start:end], start, end))
    return sorted(found, key=lambda one: one.start)


def _role_of(one: Concept) -> str:
    """What kind of thing it is; what has no name of its own, by its last word: "lung infections" are infections, a "sore arm" is an arm."""
    text, last = one["text"], one["text"].split()[-1]
    is_named = one["kind"] == "topic"
    if _ILL.fullmatch(text) or (not is_named and is_disease(last)):
        return "condition"
    if is_event(text):
        return "outcome"
    return "part" if is_part_of_body(text if is_named else last) else "taken"


_ILL = re.compile(
    r"\w+(?:(?<!home)(?<!oste)(?<!natur)path(?:y|ies)|itis|[ae]mia|algia|rrho?ea|plegia|(?<!hypn)(?<!gn)os[ie]s)",
    re.IGNORECASE,
)
"""How words for diseases end, also those that no table has: "retinopathy"."""


def _is_thing(one: Concept) -> bool:
    """Whether it is neither a person nor a place, nor left out."""
    return (
        one["kind"] in ("topic", "phrase", "word")
        and not one["excluded"]
        and one["heading"] not in _PEOPLE
        and not places(one["text"])
    )


_BETWEEN = re.compile(r"\s*(?:,|and|or|,\s*and|,\s*or)\s*", re.IGNORECASE)


def meant(topic: str, new: Part, old: str, read: Read) -> list[Part]:
    """Those of the topic that it stands for."""
    there = parts_of(topic, read)
    # What people do not have is no disease that they are asked of.
    same = [
        one for one in there if one.role == new.role and not _LACKING.search(topic[: one.start])
    ]
    if old:
        return [one for one in there if one.text.lower() in old or old in one.text.lower()]
    if new.role == "taken":
        # Of a medicine and something else that is done the medicine is asked about.
        kind = [one for one in same if (one.kind == "drug") == (new.kind == "drug")]
        return kind or same
    return same


_LACKING = re.compile(r"\bwithout (?:[\w-]+ ){0,2}$", re.IGNORECASE)


def is_one(topic: str, parts: Sequence[Part]) -> bool:
    """Whether they are one thing of the topic, or several that it lists together: "obesity and diabetes"."""
    return all(_BETWEEN.fullmatch(topic[one.end : other.start]) for one, other in pairwise(parts))


_WORD = r"(?!(?:in|for|on|at|with|by|from|to|and|or|after|before|during|while|when|if|among|as)\b)[\w'’-]+"
_ANOTHER = re.compile(
    rf"^\s*(?:and|or|what about|how about|what of)\s+(?:the |an? )?(?P<what>{_WORD}(?: {_WORD}){{1,3}}?)"
    r"(?: (?:then|instead|now|please|too))*\W*$",
    re.IGNORECASE,
)


def as_a_whole(asked: str, named: list[Part]) -> list[Part]:
    """What is named, with the words that stand with it where a question has nothing else: "vertebral fractures", "quality of life"."""
    whole = _ANOTHER.match(asked)
    if whole is None or not named or stems(whole["what"]) & SIDES:
        return named
    text, start, end = whole["what"], whole.start("what"), whole.end("what")
    is_single = len(named) == 1 or is_measured(text)
    if not is_single or not all(start <= one.start and one.end <= end for one in named):
        return named
    # What it is of stands in front: an "apixaban dose" is no apixaban.
    if named[-1].end < end and not is_measured(text):
        # "Suicidal thoughts" have a name in none of their words.
        is_nameless = named[-1].kind == "word" and start == named[0].start
        is_nameless = is_nameless and not is_of_people(text)
        return [Part("outcome", "word", text, start, end)] if is_nameless else named
    is_name = named[-1].kind in NAMED
    role = "outcome" if is_measured(text) and not is_name else named[-1].role
    return [Part(role, named[-1].kind, text, start, end)]
