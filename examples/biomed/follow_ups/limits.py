"""What a session's question is limited to, and what of that gives way: in whom it asks, what alone or what not. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..answer.populations import POPULATIONS
from ..answer.question_parts import CHANGES
from ..entities import Entities, Setting
from ..queries.concept import NAMED, Concept
from ..queries.narrowing import kinds
from ..words import stems, word_set
from . import followups
from .conversation import Turn, joined
from .of_the_sources import Fact

Read = Callable[[str], Entities]


def read_turn(one: Turn, of_sources: Sequence[Fact], read: Read) -> Entities:
    """What a question of a session asks, with what it is limited to by those before it.

    Args:
        one: The question.
        of_sources: What it asks of the studies that answered the one before.
        read: Reads a text's entities.
    """
    entities = read(one.query)
    entities["follow_up"] = one.told
    if one.told:
        entities["of_sources"] = [*of_sources]
        entities["settings"] = _settings(one, read)
        entities["only"] = _named_after(_ONLY, one, read)
        entities["except_for"] = _named_after(_EXCEPT, one, read)
    return entities


def _settings(one: Turn, read: Read) -> list[Setting]:
    """In whom or after what it asks, "after surgery", "in frail people"; ages, sexes and numbers are told of elsewhere."""
    asked = [
        _SAYS.sub("", each).strip(" ?.") for each in one.follow_ups if followups.is_setting(each)
    ]
    events = [_until_named(match["place"], read) for match in _EVENT.finditer(one.topic)]
    found: list[Setting] = []
    for each in dict.fromkeys((*events, *asked)):
        entities = read(each)
        named = [
            one for one in entities["concepts"] if not one["excluded"] and _is_thing(one, each)
        ]
        if named and not kinds(entities) and not _NUMBER.search(each):
            found.append({"text": each, "by": named})
    return found


def _until_named(place: str, read: Read) -> str:
    """A place without the verb that stands behind what it names, "after cardiac arrest save lives"."""
    ends = [
        place.lower().find(one["text"].lower()) + len(one["text"])
        for one in read(place)["concepts"]
        if one["kind"] in (*NAMED, "topic")
    ]
    return place[: max(ends)] if ends else place


def _is_thing(one: Concept, setting: str) -> bool:
    """Whether it tells whom or what is meant, and is no word for people."""
    left = setting
    for people in POPULATIONS:
        left = people.asked.sub(" ", left)
    return one["text"].lower() in left.lower() and not stems(one["text"]) <= _ANYBODY


_ANYBODY = word_set("people patients persons users ones those others someone anyone subjects")
_SAYS = re.compile(r"^\W*(?:(?:and|but|what about|how about|only)\s+)*", re.IGNORECASE)
_VERB = rf"(?:{CHANGES.pattern}|(?:save|help|work|relieve|protect|make|keep|benefit|need|extend|treat)s?)"
_EVENT = re.compile(
    rf"\s(?P<place>(?:after|during|before|following|undergoing)\s+[^?;,]+?)(?=\s+(?:compared|versus|than|in|with|among|{_VERB})\b|\s*[?;,]|\s*$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d")


def _named_after(word: re.Pattern[str], one: Turn, read: Read) -> list[Concept]:
    """What stands after a word that limits, where that is no person, time or number: "only ultrasound"."""
    asked = [word.sub("", each) for each in one.follow_ups if word.match(each)]
    return [
        concept
        for each in asked
        if not followups.is_setting(each) and not kinds(read(each)) and not _NUMBER.search(each)
        for concept in read(each)["concepts"]
    ]


_ONLY = re.compile(r"^\W*(?:(?:and|but|now)\s+)*only\s+", re.IGNORECASE)
_EXCEPT = re.compile(
    r"^\W*(?:(?:and|but|now)\s+)*(?:except(?:ing)?(?: for)?|excluding|exclude|leav(?:e|ing) out|but not)\s+",
    re.IGNORECASE,
)


def let_go(one: Turn, query: str) -> list[str]:
    """What earlier questions asked on, and the present one does not, in whom and at what: it gives way where nothing is of both.

    Args:
        one: The question as it is read.
        query: As it was asked.
    """
    asked = stems(query)
    return [
        each
        for each in one.follow_ups
        if one.told
        and not stems(each) <= asked
        and followups.is_setting(each)
        and not _ONLY.match(each)
    ]


def without_settings(one: Turn, gone: Sequence[str], read: Read) -> Turn:
    """The question without what gives way; how it was read says so."""
    names = " and ".join(repr(_SAYS.sub("", each).strip(" ?.")) for each in gone)
    were = "was" if len(gone) == 1 else "were"
    told = f"{one.told}; {names} {were} let go, as no source answers this with it"
    kept = [each for each in one.follow_ups if each not in gone]
    return joined(one.topic, kept, told, read)
