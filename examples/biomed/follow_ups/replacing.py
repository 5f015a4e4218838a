"""What a follow-up puts in the place of something of its topic: a medicine for a medicine, a disease for a disease. Without I/O.

"And diabetes?" after "semaglutide in obesity" asks of diabetes; "also in diabetes" asks of both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ..answer.aspects import asked_aspects
from ..answer.directions import has_one_name
from ..answer.outcomes import asked_of
from ..queries.concept import NAMED, Concept
from ..queries.identifiers import IDENTIFIERS, OF_ARTICLES, OF_TRIALS
from ..queries.shown import is_shown_alone
from ..queries.trial_filters import places
from ..terms.find import find
from ..terms.medicine_classes import class_called
from ..words import stems
from .changes import (
    AGAINST,
    Changed,
    Read,
    changed_at,
    compared_with,
    measure_for,
    with_its_sides,
)
from .measured import (
    OUTCOMES,
    SIDES,
    branches,
    is_event,
    is_measured,
    is_measured_like,
    is_tumour,
)

SHORT = 12
"""Words of a question that only points back."""

_IN_ITS_PLACE = re.compile(
    r"^\s*(?:and|or|what about|how about|what of|(?:and )?(?:the )?same (?:for|in|with|question for)|(?:(?:no|sorry|actually|rather),? )?i mean[t]?|make (?:it|that))\b"
    r"|\binstead\b|^\s*(?:in|for)\s+(?=[^,;]{2,40}$)",
    re.IGNORECASE,
)
_BESIDE_IT = re.compile(
    r"\b(?:with|plus|combin\w+|together|versus|vs|compar\w+|than|without|both|also|as well|too|in addition|additionally)\b",
    re.IGNORECASE,
)
ALSO = re.compile(
    r"\b(?:also|both|as well|too|in addition|additionally|plus)\b(?! (?:much|many|old|young|high|low|late|early))",
    re.IGNORECASE,
)
"""Adds to what is there, also a place or a phase."""
_OLD = re.compile(r"\binstead of\s+([\w' -]+)", re.IGNORECASE)
_BARE = re.compile(
    r"^\s*(?:(?:and|but|what about|how about)\s+)?(?:in|for|on|among|during|after|while|when|if|before|undergoing)\s",
    re.IGNORECASE,
)
"""Says in whom or at what: "and in frail people?" puts frailty in the place of nothing that is taken."""
_PEOPLE = frozenset(
    (
        "Child", "Child, Preschool", "Infant", "Infant, Newborn", "Adolescent", "Adult", "Young Adult", "Aged", "Aged, 80 and over", "Women", "Men",
        "Pregnant Women", "Pregnant People", "Pregnancy", "Female", "Male",
    )
)  # fmt: skip
_BETWEEN = re.compile(r"\s*(?:,|and|or|,\s*and|,\s*or)\s*", re.IGNORECASE)

_COMPARED = re.compile(r"\b(?:versus|vs|than|compar(?:e|ed|ing|ison))\b", re.IGNORECASE)
_INSTEAD = re.compile(r"\binstead\W*$", re.IGNORECASE)


def names_what_it_replaces(topic: str, query: str) -> bool:
    """Whether a question says itself what of the topic it takes the place of: "rivaroxaban instead of apixaban", or only that it does: "rivaroxaban instead"."""
    if len(query.split()) <= SHORT and _INSTEAD.search(query):
        return True
    old = _OLD.search(query)
    return old is not None and old[1].strip(" ?").lower() in topic.lower()


class _Part(NamedTuple):
    role: str
    """``condition``, ``gene``, ``outcome`` or ``taken``: a medicine, or what else is done or had."""
    kind: str
    text: str
    start: int
    end: int


def in_its_place(topic: str, query: str, read: Read) -> Changed | None:
    """The topic with one of its parts replaced by what the query names; None where the query asks for no such thing.

    Args:
        topic: The question before.
        query: What was asked on.
        read: Reads a question's entities.
    """
    if len(query.split()) > SHORT:
        return None
    if asked_on := _ASKED_OF_IT.match(query):
        return _asked_of_it(topic, asked_on["rest"], read)
    if against := AGAINST.match(query):
        return compared_with(topic, against["other"])
    if not _IN_ITS_PLACE.search(query):
        return None
    if _BESIDE_IT.search(re.sub(r"(?i)\bsame with\b", "", query)):
        return None
    if number := _number(query, read):
        numbers = [*IDENTIFIERS.finditer(topic)]
        if len(numbers) == 1:
            return changed_at(topic, numbers[0].start(), numbers[0].end(), number)
        return None
    old = _OLD.search(query)
    asked = query[: old.start()] if old else query
    parts = _parts(asked, read)
    named = [one for one in parts if one.kind in NAMED] or parts
    if len(named) > 1 and named[0].role == "taken" and _PLACE.match(asked[named[0].end :]):
        named = named[:1]
    named = _as_a_whole(asked, named)
    if len(named) != 1 or (_BARE.match(query) and named[0].role != "condition"):
        return None
    if not _BARE.match(query) and (measure := measure_for(named[0].text, topic)) is not None:
        return measure
    if is_shown_alone(query) or _is_of_it(asked, named[0], topic):
        return None
    if not old and (outcome := _outcome_for(query, named[0], topic, read)) is not None:
        return outcome
    there = _meant(_parts(topic, read), named[0], old[1].strip(" ?").lower() if old else "")
    if len(there) > 1 and named[0].role == "taken" and _COMPARED.search(topic):
        # What is compared with stays: after "apixaban versus warfarin" rivaroxaban is compared with warfarin.
        changed = changed_at(topic, there[0].start, there[0].end, named[0].text)
        changed = changed._replace(told=f"{changed.told}, compared with {there[1].text!r}")
        return _in_its(asked, named[0], changed, read)
    if not there and not old and named[0].role == "condition" and not _PLACE.search(query):
        # Nobody in it has a disease: one that is named is what may come of it, "and kidney injury?".
        return _in_outcome(named[0].text, topic, read)
    if not old and not _BARE.match(query) and _may_come_of_it(named[0], there, topic, read):
        if any(_stands_as_outcome(one, topic, read) for one in there):
            return _in_outcome(named[0].text, topic, read)
        # Survival is prolonged, anaemia is not.
        return _asked_of_it(topic, f"cause {named[0].text}", read)
    if not there or not _is_one(topic, there):
        return None
    if _is_beside(named[0], there[0], topic) or (
        _BARE.match(query) and _is_all_it_does(there, topic, read)
    ):
        return None
    start, new = there[0].start, named[0].text
    if when := _WHEN.match(query):
        # "Events after infarction" and "after stroke"; but no "after stroke" in "COPD exacerbations".
        before = _BEFORE_PLACE.search(topic[:start])
        if before is None:
            return None
        start, new = before.start() + 1, f"{when[1]} {new}"
    elif named[0].role == "taken":
        start = with_its_sides(topic, start)
    changed = changed_at(topic, start, there[-1].end, new)
    return _in_its(asked, named[0], changed, read)


_WORD = r"(?!(?:in|for|on|at|with|by|from|to|and|or|after|before|during|while|when|if|among|as)\b)[\w'’-]+"
_ANOTHER = re.compile(
    rf"^\s*(?:and|or|what about|how about|what of)\s+(?:the |an? )?(?P<what>{_WORD}(?: {_WORD}){{1,3}}?)"
    r"(?: (?:then|instead|now|please|too))*\W*$",
    re.IGNORECASE,
)


def _as_a_whole(asked: str, named: list[_Part]) -> list[_Part]:
    """What is named, with the words that stand with it where a question has nothing else: "vertebral fractures", "quality of life"."""
    whole = _ANOTHER.match(asked)
    if whole is None or not named or stems(whole["what"]) & SIDES:
        return named
    text, start, end = whole["what"], whole.start("what"), whole.end("what")
    is_one = len(named) == 1 or is_measured(text)
    if not is_one or not all(start <= one.start and one.end <= end for one in named):
        return named
    # What it is of stands in front: an "apixaban dose" is no apixaban.
    if named[-1].end < end and not is_measured(text):
        return named
    is_name = named[-1].kind in NAMED
    role = "outcome" if is_measured(text) and not is_name else named[-1].role
    return [_Part(role, named[-1].kind, text, start, end)]


_ASKED_OF_IT = re.compile(
    r"^\s*(?:(?:and|but|so)\s+)?(?:does|do|did|can|could|will|would|may|might)\s+(?:it|they|this|these)\s+(?P<rest>[^?]+?)\s*\?*\s*$",
    re.IGNORECASE,
)
"""Asks of what the topic is on what else it does: "and does it increase bleeding?"."""


def asks_of_it(query: str) -> bool:
    """Whether a question has a verb of its own, and only points back to what does it: "does it cause bleeding?"."""
    return _ASKED_OF_IT.match(query) is not None


_PLACE = re.compile(r"\s+((?:in|after|during|for|on)\s+[^?,;]+?)\s*\?*\s*$", re.IGNORECASE)
"""Says of what is named what it is asked in: "and dabigatran in mechanical valves?"."""
_BEFORE_PLACE = re.compile(
    r"\s(?:in|for|after|during|among|before)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE
)
_WHEN = re.compile(
    r"^\s*(?:(?:and|but|what about|how about)\s+)?(after|during|before|while|undergoing)\s",
    re.IGNORECASE,
)
"""Says when, and not of what."""
_LEVEL = re.compile(
    r"(?:low|high|raised|elevated|increased|decreased|reduced)\s+(?!dos|intensity|molecular|risk)",
    re.IGNORECASE,
)
_WITH_IT = re.compile(r"\bwith\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)


def _is_beside(new: _Part, old: _Part, topic: str) -> bool:
    """Whether it is asked of the topic as it is: a low sodium in the blood takes no medicine's place, and what befalls people, as
    suicide, none of a disease that they have."""
    if new.role == "taken":
        return old.kind == "drug" and bool(_LEVEL.match(new.text))
    return is_event(new.text) and bool(_WITH_IT.search(topic[: old.start]))


def _is_all_it_does(there: Sequence[_Part], topic: str, read: Read) -> bool:
    """Whether they are the whole outcome: where it is asked, "and in trauma?", is not what is prevented."""
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    whole = topic[there[0].start : there[-1].end]
    return bool(outcome) and _RISK_OF.sub("", outcome).lower() == whole.lower()


def _asked_of_it(topic: str, rest: str, read: Read) -> Changed | None:
    """The topic with what it asks to happen replaced by what else does, whom and what it is of stays; None where it asks for no such thing."""
    asked = asked_of(topic, read(topic)["concepts"])
    start = topic.find(asked.exposure) + len(asked.exposure)
    at = topic.find(asked.outcome, start) if asked.outcome and asked.exposure else -1
    if at < 0 or not asked_of(f"Does it {rest}?", read(rest)["concepts"]).outcome:
        return None
    changed = changed_at(topic, start, at + len(asked.outcome), f" {rest}")
    return changed._replace(
        told=f"{rest!r} in the place of {topic[start : at + len(asked.outcome)].strip()!r}"
    )


def _may_come_of_it(new: _Part, there: Sequence[_Part], topic: str, read: Read) -> bool:
    """Whether a disease that is named alone is what may come of the topic's medicine, and no other one to give it for: where it asks for a disease in those who have
    another, or for anything in those who have a tumour."""
    if new.role != "condition" or not there:
        return False
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    have = [one for one in there if _BEFORE_PLACE.search(topic[: one.start])]
    if not outcome or not have or any(_are_alike(new.text, one.text) for one in have):
        return False
    is_of_disease = any(_stands_as_outcome(one, topic, read) for one in there)
    return is_of_disease or any(is_tumour(one.text) for one in have)


def _stands_as_outcome(one: _Part, topic: str, read: Read) -> bool:
    """Whether a disease of the topic is what is asked to come of something, and nobody's who takes it."""
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    return one.text in outcome and not _BEFORE_PLACE.search(topic[: one.start])


def _are_alike(one: str, other: str) -> bool:
    return bool(branches(one) & branches(other))


def _outcome_for(query: str, named: _Part, topic: str, read: Read) -> Changed | None:
    """The topic with its outcome replaced by another that is measured, of which many are diseases, too: bleeding for stroke."""
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    if (
        named.kind == "drug"
        or stems(named.text) & SIDES
        or _BARE.match(query)
        or _PLACE.search(query)
    ):
        return None
    if not (is_measured(named.text) or is_measured_like(named.text, outcome)):
        return None
    return _in_outcome(named.text, topic, read)


def _in_outcome(new: str, topic: str, read: Read) -> Changed | None:
    """The topic with its outcome replaced; None where it has none."""
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    at = topic.find(outcome) if outcome else -1
    if at < 0:
        return None
    risk = _RISK_OF.match(outcome)
    return changed_at(topic, at + (risk.end() if risk else 0), at + len(outcome), new)


_RISK_OF = re.compile(
    r"(?:the |an? )?(?:risk|rates?|incidence|odds|chance|likelihood|severity|number|frequency) of ",
    re.IGNORECASE,
)


def _in_its(asked: str, named: _Part, changed: Changed, read: Read) -> Changed:
    """The same of what the question names with it, "dabigatran *in mechanical valves*", if it names any."""
    place = _PLACE.match(asked[named.end :]) if named.role == "taken" else None
    return _elsewhere(changed, place[1], read) if place else changed


def _elsewhere(changed: Changed, place: str, read: Read) -> Changed:
    """The same of another disease or another state: in the place of what it was of, where that is said, else beside it."""
    topic = changed.topic
    for one in reversed(_parts(topic, read)):
        before = _BEFORE_PLACE.search(topic[: one.start])
        if one.role == "condition" and before and not _SIDE.match(topic, one.end):
            told = f"{changed.told}, {place!r} in the place of {topic[before.start() : one.end].strip()!r}"
            return Changed(f"{topic[: before.start()]} {place}{topic[one.end :]}", told)
    return Changed(f"{topic.rstrip(' ?.!')} {place}", f"{changed.told}, {place!r} is added")


_SIDE = re.compile(
    r"\s+(?:prevention|prophylaxis|treatment|risk|screening|diagnosis|prognosis|mortality|control)\b"
)
"""Of "for stroke prevention" the prevention is asked about, and not where."""


def _is_of_it(asked: str, named: _Part, topic: str) -> bool:
    """Whether what is named is a side of the topic and nothing in its place: its cost, or the prevention of a disease by it."""
    if named.role == "condition":
        after = asked[named.end :].split()
        sides = stems(after[0]) & OUTCOMES if after else set()
        return bool(sides) and not sides & stems(topic)
    # A mortality stands where a weight stood; a cost does not.
    return (
        bool(asked_aspects(named.text))
        and not has_one_name(named.text)
        and not asked_aspects(topic)
    )


def _number(query: str, read: Read) -> str:
    """The one number that a query is about; empty where it names none, or several."""
    entities: dict[str, list[str]] = read(query)  # type: ignore[assignment]
    named = [one for kind in (*OF_TRIALS, *OF_ARTICLES) for one in entities.get(kind) or ()]
    match = IDENTIFIERS.search(query)
    return match[0].rstrip("?.!,;") if match and len(named) == 1 else ""


def _parts(text: str, read: Read) -> list[_Part]:
    """What a text names, in its order: each by its role."""
    found = [
        _Part("taken" if one.kind == "drug" else one.kind, one.kind, one.text, one.start, one.end)
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
        found.append(_Part(role, kind, text[start:end], start, end))
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


def _meant(there: Sequence[_Part], new: _Part, old: str) -> list[_Part]:
    """Those of the topic that it stands for."""
    same = [one for one in there if one.role == new.role]
    if old:
        return [one for one in there if one.text.lower() in old or old in one.text.lower()]
    if new.role == "taken":
        # Of a medicine and something else that is done the medicine is asked about.
        kind = [one for one in same if (one.kind == "drug") == (new.kind == "drug")]
        return kind or same
    return same


def _is_one(topic: str, parts: Sequence[_Part]) -> bool:
    """Whether they are one thing of the topic, or several that it lists together: "obesity and diabetes"."""
    return all(_BETWEEN.fullmatch(topic[one.end : other.start]) for one, other in pairwise(parts))
