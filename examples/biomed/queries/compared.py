"""What a question compares, or asks of together: each side of it is left out of a search only last. Without I/O."""

from __future__ import annotations

import re
from itertools import pairwise

from ..terms.names import branches_of, key_of
from . import contrasts
from .concept import Concept

Placed = tuple[int, int, Concept]
"""Where a concept begins and ends, and it."""

_CHOICE = re.compile(r"[*)\s\"”]*(?:/|,?\s+(?:and/)?or\s+(?:an? |the )?)[(\s\"“]*", re.IGNORECASE)
_BOTH = re.compile(
    r"\b(?:versus|vs\.?|compar\w+|better|worse|safer|superior|inferior|head[- ]to[- ]head|differ\w*"
    r"|interact\w*|interchang\w+|combin\w+|switch\w*)\b",
    re.IGNORECASE,
)
"""A comparison and an interaction need both sides."""
_EXPLICIT = re.compile(
    r"\b(?:versus|vs\.?|compar\w+ (?:to|with)|compar\w+ (?:[\w-]+ ){1,4}(?:to|with|versus|against)|than)\b",
    re.IGNORECASE,
)
"""Says itself what is compared: what "or" joins beside that are choices, "this versus that on death or stroke"."""
_WHICH = re.compile(r"\bwhich\b", re.IGNORECASE)
_SIDES = re.compile(
    r"\b(?:versus|vs\.?|compared (?:to|with)|(?:better|worse|safer|more|less)(?: \w+){0,2} than)\b",
    re.IGNORECASE,
)
_BESIDE = 2
"""Characters between a side of a comparison and the word that compares it."""

_TOGETHER = re.compile(r"\b(?:interact\w*|interchang\w+|combin\w+|switch\w*)\b", re.IGNORECASE)
_PAIRED = re.compile(
    r"\b(?:between|both|compar(?:e|es|ing|isons? (?:of|between)))\s+(?:the )?$", re.IGNORECASE
)
"""Before two things that "and" joins."""
_AND = re.compile(r"[*)\s]*,?\s*(?:and|with|to|&)\s+(?:an? |the )?[(\s]*", re.IGNORECASE)
_TAKEN = frozenset("D")


def mark_choices(text: str, found: list[Placed], apart: frozenset[int]) -> None:
    """Things of one kind joined by "or" are choices, where nobody asks which of them is better. `apart`: where those begin that
    are told from what stands before them.
    """
    is_told = _EXPLICIT.search(text) is not None
    if _BOTH.search(text) and not is_told:
        return
    number, shouted = 0, text.isupper()
    for (_, end, left), (start, _, right) in pairwise(found):
        # "OR" in capitals joins whatever stands there.
        is_joined = left["kind"] == right["kind"] or (" OR " in text[end:start] and not shouted)
        if is_told and "/" in text[end:start]:
            continue  # "amoxicillin/clavulanate versus amoxicillin" has a medicine made of two
        same = is_joined and left["excluded"] == right["excluded"]
        if left["kind"] == "drug" and _WHICH.search(text):
            continue  # "which lowers it more, this or that?"
        if start in apart:
            continue  # "early or late tracheostomy?"
        if same and start >= end and _CHOICE.fullmatch(text[end:start]):
            if not left["either"]:
                number += 1
                left["either"] = number
            right["either"] = left["either"]


_LISTED = re.compile(r"\s*(?:,\s*(?:and\b|or\b)?|\band\b|\bor\b|&|/)\s*(?:the )?", re.IGNORECASE)
_APART = re.compile(r"\b(?:between|differ\w*|versus|vs\.?|compar\w+)\b", re.IGNORECASE)
_PLACES = frozenset("Z")


def mark_places(text: str, found: list[Placed]) -> None:
    """Countries that are named together are choices: a study in one of them is meant, but where they are compared."""
    if _APART.search(text):
        return
    for (_, end, left), (start, _, right) in pairwise(found):
        are_places = all(branches_of(one["heading"]) & _PLACES for one in (left, right))
        same = left["excluded"] == right["excluded"]
        if are_places and same and start >= end and _LISTED.fullmatch(text[end:start]):
            number = max(one["either"] for _, _, one in found) + 1
            left["either"] = right["either"] = left["either"] or number


def mark_sides(text: str, found: list[Placed]) -> None:
    """The sides of a comparison, and what is asked of together, are marked: a lone word among them is needed as a name is,
    "laparoscopic vs open appendectomy".
    """
    wanted = [one for one in found if not one[2]["excluded"]]
    for one in wanted:
        if contrasts.is_side(one[2]["text"]):
            one[2]["compared"] = True
    for match in _SIDES.finditer(text):
        before = [one for one in wanted if one[1] <= match.start()]
        after = [one for one in wanted if one[0] >= match.end()]
        for one, between in (
            *((one, text[one[1] : match.start()]) for one in before[-1:]),
            *((one, text[match.end() : one[0]]) for one in after[:1]),
        ):
            if not re.search(r"[;?!.]", between):
                _mark(one[2], is_beside=len(between) <= _BESIDE)
    for left, right in pairwise(wanted):
        between = text[left[1] : right[0]]
        is_pair = _AND.fullmatch(between) and _PAIRED.search(text, 0, left[0])
        is_choice = _CHOICE.fullmatch(between) and _BOTH.search(text)
        if is_pair or (is_choice and not left[2]["either"]):
            _mark(left[2], is_beside=True)
            _mark(right[2], is_beside=True)
    for match in _TOGETHER.finditer(text):
        for each in _of_together(wanted, match.start()):
            _mark(each, is_beside=False)


def _mark(one: Concept, *, is_beside: bool) -> None:
    one["compared"] = True
    if is_beside and one["kind"] == "word":
        one["kind"] = "phrase"


def _of_together(wanted: list[Placed], place: int) -> list[Concept]:
    """The medicines, where there are two; else the two things that stand nearest."""
    taken = [
        one for _, _, one in wanted if one["kind"] == "drug" or branches_of(one["heading"]) & _TAKEN
    ]
    if len(taken) > 1:
        return taken
    near = sorted(wanted, key=lambda one: min(abs(one[0] - place), abs(one[1] - place)))
    return [one for _, _, one in near[:2]]


_DIFFER = re.compile(r"\b(?:distinguish\w*|versus|same as|or)\b", re.IGNORECASE)


def is_comparison(text: str) -> bool:
    """Whether a question may tell things from one another."""
    return bool(_BOTH.search(text) or _DIFFER.search(text))


def told_apart(about: list[Concept]) -> list[Concept]:
    """Two names that share a heading, where they are compared: each by its own words, as the heading finds both."""
    of_heading: dict[str, set[str]] = {}
    for one in about:
        if one["heading"] and not one["excluded"]:
            of_heading.setdefault(one["heading"], set()).add(key_of(one["name"]))
    return [
        {**one, "heading": "", "synonyms": []}
        if len(of_heading.get(one["heading"], ())) > 1 and not one["excluded"]
        else one
        for one in about
    ]
