"""What a reader should know of how a question was read. Without I/O."""

from __future__ import annotations

from collections.abc import Sequence

from ..terms.find import find
from ..terms.readings import others
from ..terms.typos import nearest, nearest_word
from ..words import unique
from . import identifiers, trial_filters
from .concept import NAMED, Concept
from .regions import told as told_regions


def told(about: Sequence[Concept], language: str | None, text: str) -> list[str]:
    """The notes on a question, its concepts and its language."""
    notes = []
    if trial_filters.is_near_me(text) and not trial_filters.places(text):
        notes.append("where 'near me' is, is not known here: name a city or a country")
    if place := trial_filters.unmeasured(text):
        notes.append(
            f"where {place!r} is, is not known here: sites that name it are searched for, and the distance is not kept; "
            "write the distance from a latitude and longitude, 'within 30 miles of 53.8,-1.55'"
        )
    notes += identifiers.told(text)
    notes += told_regions(trial_filters.places(text))
    if language:
        notes.append(
            f"the question seems to be in {language}; the rules read English, so it is searched for as it is"
        )
    notes += unique(
        f"{one.text!r} was read as {one.name!r}; it also stands for {', '.join(another)}: write out what is meant"
        for one in find(text)
        if (another := others(one.text, one.name))
    )
    for one in about:
        is_respelt = one["name"].lower() != one["text"].lower()
        if one["kind"] in ("drug", "condition") and is_respelt and _is_slip(one["text"]):
            notes.append(f"{one['text']!r} was read as {one['name']!r}; both are searched for")
        is_manner = one["kind"] not in NAMED and one["text"].partition(" ")[0].endswith("ing")
        # "Without freeing the cord" tells how it is done.
        if one["excluded"] and not is_manner:
            notes.append(f"{one['name']!r} is left out, as the question asks")
    return notes


def _is_slip(text: str) -> bool:
    return nearest(text) is not None or any(nearest_word(word) for word in text.split())
