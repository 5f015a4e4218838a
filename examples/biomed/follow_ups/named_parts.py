"""What a topic and a follow-up name, each by its role. Without I/O."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..queries.concept import NAMED, Concept
from ..queries.trial_filters import places
from ..terms.find import find
from ..terms.medicine_classes import class_called
from .changes import Read
from .measured import is_measured

_PEOPLE = frozenset(
    (
        "Child", "Child, Preschool", "Infant", "Infant, Newborn", "Adolescent", "Adult", "Young Adult", "Aged", "Aged, 80 and over", "Women", "Men",
        "Pregnant Women", "Pregnant People", "Pregnancy", "Female", "Male",
    )
)  # fmt: skip


class Part(NamedTuple):
    """A thing that a text names, and where."""

    role: str
    """``condition``, ``gene``, ``outcome`` or ``taken``: a medicine, or what else is done or had."""
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
        if role == "taken" and _ILL.fullmatch(concept["text"]):
            role = "condition"
        kind = "drug" if is_class else concept["kind"]
        found.append(Part(role, kind, text[start:end], start, end))
    return sorted(found, key=lambda one: one.start)


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
