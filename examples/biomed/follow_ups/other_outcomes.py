"""What a follow-up asks to happen in the place of what its topic does: bleeding for stroke, "and does it increase bleeding?". Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..answer.directions import is_good
from ..answer.outcomes import asked_of
from ..terms.find import find
from ..words import stems
from .asked_anew import frame_of
from .changes import Changed, Read, changed_at
from .measured import (
    SIDES,
    branches,
    is_befalling,
    is_level,
    is_measured,
    is_measured_like,
    is_tumour,
)
from .named_parts import Part

BARE: Final = re.compile(
    r"^\s*(?:(?:and|but|what about|how about)\s+)?(?:in|for|on|at|with|below|above|under|over|among|during|after|while|when|once|if|before|undergoing)\s",
    re.IGNORECASE,
)
"""Says in whom or at what: "and in frail people?" puts frailty in the place of nothing that is taken."""


PLACE: Final = re.compile(r"\s+((?:in|after|during|for|on)\s+[^?,;]+?)\s*\?*\s*$", re.IGNORECASE)
"""Says of what is named what it is asked in: "and dabigatran in mechanical valves?"."""


BEFORE_PLACE: Final = re.compile(
    r"\s(?:in|for|after|during|among|before)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE
)


ASKED_OF_IT: Final = re.compile(
    r"^\s*(?:(?:and|but|so)\s+)?(?:does|do|did|can|could|will|would|may|might)\s+(?:it|they(?! (?:have|get|feel|need|live|take|use|stay|stop|die)\b)|this|these)\s+(?P<rest>[^?]+?)\s*\?*\s*$",
    re.IGNORECASE,
)
"""Asks of what the topic is on what else it does: "and does it increase bleeding?"."""


def asks_of_it(query: str) -> bool:
    """Whether a question has a verb of its own, and only points back to what does it: "does it cause bleeding?"."""
    return ASKED_OF_IT.match(query) is not None


def is_all_it_does(there: Sequence[Part], topic: str, read: Read) -> bool:
    """Whether they are the whole outcome: where it is asked, "and in trauma?", is not what is prevented."""
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    whole = topic[there[0].start : there[-1].end]
    return bool(outcome) and _RISK_OF.sub("", outcome).lower() == whole.lower()


def asked_of_it(topic: str, rest: str, read: Read) -> Changed | None:
    """The topic with what it asks to happen replaced by what else does, whom and what it is of stays; None where it asks for no such thing."""
    asked = asked_of(topic, read(topic)["concepts"])
    start = topic.find(asked.exposure) + len(asked.exposure)
    at = topic.find(asked.outcome, start) if asked.outcome and asked.exposure else -1
    if not asked_of(f"Does it {rest}?", read(rest)["concepts"]).outcome:
        return None
    if at < 0:
        frame = frame_of(topic, read)
        told = f"{rest!r} is asked of {frame.who!r}" if frame else ""
        return Changed(frame.asked(rest), told) if frame else None
    changed = changed_at(topic, start, at + len(asked.outcome), f" {rest}")
    return changed._replace(
        told=f"{rest!r} in the place of {topic[start : at + len(asked.outcome)].strip()!r}"
    )


def may_come_of_it(new: Part, there: Sequence[Part], topic: str, read: Read) -> bool:
    """Whether a disease that is named alone is what may come of the topic's medicine, and no other one to give it for: where it asks for a disease in those who have
    another, or for anything in those who have a tumour."""
    if new.role != "condition" or not there:
        return False
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    have = [one for one in there if BEFORE_PLACE.search(topic[: one.start])]
    if not outcome or not have or any(are_alike(new.text, one.text) for one in have):
        return False
    is_of_disease = any(stands_as_outcome(one, topic, read) for one in there)
    return is_of_disease or is_level(new.text) or any(is_tumour(one.text) for one in have)


def stands_as_outcome(one: Part, topic: str, read: Read) -> bool:
    """Whether a disease of the topic is what is asked to come of something, and nobody's who takes it."""
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    return one.text in outcome and not BEFORE_PLACE.search(topic[: one.start])


def are_alike(one: str, other: str) -> bool:
    """Whether two diseases are of one branch of MeSH's tree."""
    return bool(branches(one) & branches(other))


def outcome_for(query: str, named: Part, topic: str, read: Read) -> Changed | None:
    """The topic with its outcome replaced by another that is measured, of which many are diseases, too: bleeding for stroke."""
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    if (
        named.kind == "drug"
        or stems(named.text) & SIDES
        or BARE.match(query)
        or PLACE.search(query)
    ):
        return None
    if not (is_measured(named.text) or is_measured_like(named.text, outcome)):
        return None
    return in_outcome(named.text, topic, read)


def in_outcome(new: str, topic: str, read: Read) -> Changed | None:
    """The topic with its outcome replaced; None where it has none."""
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    at = topic.find(outcome) if outcome else -1
    if at < 0:
        return None
    if verb := _is_odd(topic[:at], new, read):
        return changed_at(topic, verb.start("verb"), at + len(outcome), f"affect {new}")
    risk = _RISK_OF.match(outcome)
    return changed_at(topic, at + (risk.end() if risk else 0), at + len(outcome), new)


_RISK_OF = re.compile(
    r"(?:the |an? )?(?:risk|rates?|incidence|odds|chance|likelihood|severity|number|frequency) of ",
    re.IGNORECASE,
)


_FOR_GOOD = re.compile(
    r"\b(?P<verb>prevent|reduce|lower|decrease|relieve) (?:the )?$", re.IGNORECASE
)
_CAUSES = re.compile(r"\b(?P<verb>cause|trigger|induce) (?:the )?$", re.IGNORECASE)
_FOR_ILL = re.compile(r"\b(?P<verb>improve|prolong|extend|enhance) (?:the )?$", re.IGNORECASE)


def _is_odd(before: str, new: str, read: Read) -> re.Match[str] | None:
    """The verb that nobody uses of an outcome: survival is not prevented, nor is fatigue prolonged."""
    is_wanted = is_good(new, asked_of(f"Does it affect {new}?", read(new)["concepts"]))
    if is_wanted:
        return _FOR_GOOD.search(before) or _CAUSES.search(before)
    if is_wanted is False or is_befalling(new):
        return _FOR_ILL.search(before)
    return None if any(one.kind == "condition" for one in find(new)) else _CAUSES.search(before)
