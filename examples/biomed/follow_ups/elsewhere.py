"""The same of another disease or another state that a follow-up names with a medicine: "dabigatran in mechanical valves". Without I/O."""

from __future__ import annotations

import re

from .changes import Changed, Read
from .named_parts import Part, parts_of
from .other_outcomes import BEFORE_PLACE, PLACE


def in_its(asked: str, named: Part, changed: Changed, read: Read) -> Changed:
    """The same of what the question names with it, "dabigatran *in mechanical valves*", if it names any."""
    place = PLACE.match(asked[named.end :]) if named.role == "taken" else None
    return _elsewhere(changed, place[1], read) if place else changed


def _elsewhere(changed: Changed, place: str, read: Read) -> Changed:
    """The same of another disease or another state: in the place of what it was of, where that is said, else beside it."""
    topic = changed.topic
    for one in reversed(parts_of(topic, read)):
        before = BEFORE_PLACE.search(topic[: one.start])
        if one.role == "condition" and before and not _SIDE.match(topic, one.end):
            told = f"{changed.told}, {place!r} in the place of {topic[before.start() : one.end].strip()!r}"
            return Changed(f"{topic[: before.start()]} {place}{topic[one.end :]}", told)
    return Changed(f"{topic.rstrip(' ?.!')} {place}", f"{changed.told}, {place!r} is added")


_SIDE = re.compile(
    r"\s+(?:prevention|prophylaxis|treatment|risk|screening|diagnosis|prognosis|mortality|control)\b"
)
"""Of "for stroke prevention" the prevention is asked about, and not where."""
