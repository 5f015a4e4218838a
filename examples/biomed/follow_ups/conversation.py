"""What a question of a session asks as a whole: after the topic, and with what narrowed it in the questions between. Without I/O.

"and in children?", then "only since 2020", then "and in Germany?": each adds to those before, one of the same kind takes its
place, and "forget the date" takes it away.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..answer.outcomes import asked_of
from ..entities import Entities
from ..queries.identifiers import OF_ARTICLES, OF_TRIALS
from ..queries.narrowing import KINDS, kinds, lifted, without
from . import followups
from .asked_anew import harms_of
from .changes import Read, without_what_it_has
from .complaints import any_of_it
from .of_it import cost_of_test, of_it
from .of_the_same import of_the_same
from .of_the_sources import asked_of_sources
from .other_outcomes import asks_of_it
from .pointing import pointed_back, rid_of
from .replacing import ALSO, in_its_place, names_what_it_replaces


class Turn(NamedTuple):
    """A question as it is searched for, and what the next one goes on from."""

    query: str
    topic: str
    """The last question that was whole by itself, without what was taken away since."""
    follow_ups: list[str]
    """What was asked on from it and still holds."""
    aside: str = ""
    """The question outside medicine that was asked last, if any was since; the topic stays as it was."""
    told: str = ""
    """How a question that goes on was read, in words; empty for one that is whole by itself."""


_NAMES = ("drugs", "conditions", *OF_ARTICLES, *OF_TRIALS)
_OF_THE_TOPIC = tuple(kind for kind in KINDS if kind not in ("design", "results"))
"""What a follow-up replaces in the topic itself; "trials" in it may be what it is about."""


def turn(
    query: str,
    topic: str,
    earlier: Sequence[str],
    read: Callable[[str], Entities],
    aside: str = "",
) -> Turn:
    """The question, after those before it in its session.

    Args:
        query: What was asked.
        topic: The topic of the turn before; empty for a session's first question.
        earlier: The follow-ups of the turn before.
        read: Reads a question's entities.
        aside: A question outside medicine that was asked since.
    """
    read = functools.cache(read)
    whole_of = functools.partial(joined, read=read)
    if (other := followups.begun_anew(query)) is not None:
        return Turn(other, other, [])
    if topic and (apart := _HEAD_TO_HEAD.sub("", query)) != query:
        if not apart.strip(" ?.!"):
            # Of what is compared it is the same question.
            return whole_of(topic, list(earlier), f"{query!r} asks for no more than {topic!r}")
        query = apart
    if topic and (gone := lifted(query, read)) is not None:
        told = f"without its limits of {', '.join(gone)}"
        return whole_of(without(topic, gone) or topic, _kept(earlier, gone), told)
    if topic and (rid := rid_of(topic, earlier, query)) is not None:
        return whole_of(rid.topic, rid.earlier, f"without {rid.what!r}")
    if topic and asked_of_sources(query) and _is_answered(read(topic)):
        told = f"{query!r} is asked of the sources that answer {whole_of(topic, list(earlier), '').query!r}"
        return whole_of(topic, list(earlier), told)
    if topic and (came := any_of_it(topic, query, read)) is not None:
        return whole_of(came.topic, _filters(earlier, read), came.told)
    same = of_the_same(topic, query, read) if topic else None
    is_any = followups.asks_for_any(query)
    if topic and not (same or is_any) and followups.is_bare(query) and _is_answered(read(topic)):
        query = f"and {_ANY.sub('', query)}"
    if topic and same is None and (own := followups.is_whole(query, read)):
        return Turn(own, own, [])
    entities = read(query)
    named = any(entities.get(name) for name in _NAMES)
    narrows = followups.narrows(entities)
    goes_on = followups.is_follow_up(query, named, narrows) or names_what_it_replaces(topic, query)
    if not topic or topic == query or not (goes_on or same):
        if topic and _is_outside(entities) and not _is_outside(read(topic)):
            return Turn(query, topic, list(earlier), query)
        return Turn(query, query, [])
    if aside and _is_outside(entities) and not _narrows_a_search(entities):
        # "when?" and "in 2018?" after "Who won the football world cup?", and no "and in children?".
        return Turn(followups.joined(aside, query), topic, list(earlier), aside)
    whole = cost_of_test(topic, query) or pointed_back(topic, query, read)
    if whole is not None:
        return whole_of(whole.topic, _filters(earlier, read), whole.told)
    if (alone := of_it(topic, query, read)) is not None:
        return whole_of(alone.topic, _filters(earlier, read), alone.told)
    if (instead := without_what_it_has(topic, query)) is not None:
        return whole_of(
            instead.topic, [one for one in earlier if followups.narrows(read(one))], instead.told
        )
    is_read = asks_of_it(query) or harms_of(topic, query, read)
    if same is not None and not (is_read and in_its_place(topic, query, read)):
        return whole_of(topic, [query, *_filters(earlier, read)], same.told)
    is_setting = followups.is_setting(query)
    filters = [
        one
        for one in earlier
        if followups.narrows(read(one)) or (followups.is_setting(one) and not is_setting)
    ]
    if not narrows and (changed := in_its_place(topic, query, read)) is not None:
        kept = [one for one in filters if not asks_of_it(query) or not followups.is_event(one)]
        lost = [one for one in filters if one not in kept]
        told = ", ".join([changed.told, *(f"without {one!r}" for one in lost)])
        return whole_of(changed.topic, kept, told)
    # "Also in France" adds to Germany; a time has two bounds and no more.
    added = _ADDED if ALSO.search(query) else ()
    new = [kind for kind in kinds(entities) if kind not in added]
    if _BEARING.search(query) and is_setting:
        # Nobody asks of men or of children in pregnancy.
        topic, new = without(topic, ["people"]) or topic, [*new, "people"]
        filters = _kept([one for one in filters if not _BEARING.search(one)], ["people"])
    elif "people" not in new and _YOUNGER.search(query):
        # Of the young nobody asks what holds of the old.
        topic = _OF_OLD.sub("", _without_people(topic, read))
        new = [*new, "people"]
    elif "people" in new:
        earlier = [one for one in earlier if not _BEARING.search(one)]
    told = f"{query!r} is added to {topic!r}"
    if not narrows:
        # One question about the topic at a time; what narrows it stays.
        return whole_of(topic, [query, *_kept(filters, new)], told)
    replaced = [kind for kind in new if kind in _OF_THE_TOPIC and kind in kinds(read(topic))]
    if "people" in new and _ADULTS.search(topic) and not ALSO.search(query):
        topic, replaced = _ADULTS.sub("", topic), [*replaced, "people"]
    gone = [
        kind
        for kind in new
        if kind in replaced or any(kind in kinds(read(one)) for one in (topic, *earlier))
    ]
    if "people" in replaced:
        topic = _without_people(topic, read)
    if replaced:
        topic = without(topic, [one for one in replaced if one != "people"]) or topic
    if gone:
        told += f", in the place of its {' and '.join(gone)}"
    kept = [*_kept(earlier, new), query]
    # The kind of work is read at the end of a question.
    return whole_of(topic, sorted(kept, key=lambda one: "design" in kinds(read(one))), told)


_HEAD_TO_HEAD = re.compile(
    r"^\W*(?:(?:and|but|so|what about)\s+)?(?:(?:when |if )?(?:directly )?compared\s+)?(?:head[- ]to[- ]head|directly compared)(?:\s+(?:trials?|comparisons?|stud(?:y|ies)|data))?\b\W*$"
    r"|(?<=compared)\s+(?:head[- ]to[- ]head|directly)\b",
    re.IGNORECASE,
)
"""Says that two things are compared in one study."""
_ANY = re.compile(r"^\W*any ", re.IGNORECASE)
_ADDED = ("place", "people", "phase", "status", "design")
"""What a question may ask for several of."""


_OF_MEDICINE = frozenset(("people", "phase", "status", "design", "size", "results"))
"""What only a question about medicine is narrowed by."""


_OF_ANYBODY = re.compile(
    r"^\W*(?:and |but |what about |how about )?(?:in |for |among |with )?(?:the )?(?:[\w-]+ ){0,3}(?:adults|patients|people|persons|humans|animals|mice|rats)\W*$"
    r"|^\W*(?:and |but |what about |how about )?(?:after|at|within|during) (?:[\w-]+ ){1,3}(?:days?|weeks?|months?|years?)\W*$",
    re.IGNORECASE,
)
"""Narrows to people whom no filter is for, and to how long after something."""
_ADULTS = re.compile(r"\s+(?:in|for|among|of) adults\b(?! with\b)", re.IGNORECASE)
"""People whom no filter is for, and in whose place others stand."""
_YOUNGER = re.compile(
    r"\b(?:young(?:er)?|middle-aged|old(?:er)?) (?:people|adults|patients|persons|individuals|ones|men|women)\b",
    re.IGNORECASE,
)
"""People of an age that has no number."""
_OF_OLD = re.compile(r"\b(?:late-life|old-age|geriatric|frail) (?=\w)", re.IGNORECASE)
_OLDER = re.compile(
    r"\b(?:older|elderly|younger|young|middle-aged) (?=(?:people|adults|patients|persons|individuals)\b(?! (?:with|who|aged)))",
    re.IGNORECASE,
)
"""An age of those whom a question is on, "help older people live longer"."""
_BEARING = re.compile(r"\b(?:pregnan\w+|breast-?feeding|lactati\w+)\b", re.IGNORECASE)


def _narrows_a_search(entities: Entities) -> bool:
    """Whether it is what only a search in medicine is narrowed by: people, designs, an aspect, and a time that is open ("since 2020?")."""
    is_open = bool(entities.get("date_from")) != bool(entities.get("date_to"))
    text = entities["question"]
    if _OF_ANYBODY.search(text) or followups.names_nothing(text):
        return True
    return is_open or bool(set(kinds(entities)) & _OF_MEDICINE)


def _is_answered(entities: Entities) -> bool:
    """Whether a topic asks something that studies answer; one that only names things is searched for with what is asked on."""
    asked = asked_of(entities["question"], entities["concepts"])
    return bool(asked.outcome) or _ASKS.match(entities["question"]) is not None


_ASKS = re.compile(
    r"\s*(?:and |but |so )*(?:is|are|was|were|does|do|did|can|could|should|will|would|what|which|how|why)\b",
    re.IGNORECASE,
)


def _is_outside(entities: Entities) -> bool:
    """Whether a question has nothing to do with medicine."""
    named = (*_NAMES, "drug_classes", "genes", "companies")
    return not entities["is_medical"] and not any(entities.get(name) for name in named)


def _without_people(topic: str, read: Callable[[str], Entities]) -> str:
    """A topic without the people that it is asked of; those who do something in it stay as people of any age."""
    if "people" not in kinds(read(topic)):
        return topic
    left = topic
    for match in reversed(list(_OLDER.finditer(topic))):
        if not _AMONG.search(topic[: match.start()]):
            left = f"{left[: match.start()]}{left[match.end() :]}"
    return without(left, ["people"]) or topic


_AMONG = re.compile(r"\b(?:in|for|among|of) (?:[\w-]+ )?$", re.IGNORECASE)


def _filters(earlier: Sequence[str], read: Read) -> list[str]:
    """What was asked on and narrows the topic, or says in whom."""
    return [one for one in earlier if followups.narrows(read(one)) or followups.is_setting(one)]


def _kept(texts: Sequence[str], gone: list[str]) -> list[str]:
    return [left for one in texts if (left := without(one, gone))]


def joined(topic: str, follow_ups: list[str], told: str, read: Read) -> Turn:
    """A question that goes on: its topic with all that was asked on.

    What is whole but for what it is asked of stands in the topic's place: "how many had a stroke?"; the topic stays what the next one goes on from.
    """
    query, added = topic, []
    for one in follow_ups:
        if (same := of_the_same(topic, one, read)) is not None:
            query = same.topic
        else:
            added.append(one)
    for one in added:
        query = followups.joined(query, one)
    return Turn(query, topic, follow_ups, told=told)
