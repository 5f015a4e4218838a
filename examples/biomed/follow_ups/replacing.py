"""What a follow-up puts in the place of something of its topic: a medicine for a medicine, a disease for a disease. Without I/O.

"And diabetes?" after "semaglutide in obesity" asks of diabetes; "also in diabetes" asks of both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..answer.aspects import asked_aspects
from ..answer.directions import has_one_name
from ..answer.outcomes import asked_of
from ..answer.populations import is_of_people
from ..queries.concept import NAMED
from ..queries.identifiers import IDENTIFIERS, OF_ARTICLES, OF_TRIALS
from ..queries.shown import is_shown_alone
from ..words import stems
from .asked_anew import asked_anew, frame_of, harms_of, may_befall
from .changes import (
    AGAINST,
    Changed,
    Read,
    changed_at,
    compared_with,
    measure_for,
    with_its_sides,
)
from .elsewhere import in_its
from .measured import (
    OUTCOMES,
    SIDES,
    can_do,
    is_befalling,
    is_event,
    is_measured,
    is_operation,
    is_sign,
    with_level,
)
from .named_parts import Part, as_a_whole, is_one, meant, parts_of
from .other_outcomes import (
    ASKED_OF_IT,
    BARE,
    BEFORE_PLACE,
    PLACE,
    are_alike,
    asked_of_it,
    in_outcome,
    is_all_it_does,
    may_come_of_it,
    outcome_for,
    stands_as_outcome,
)

SHORT = 12
"""Words of a question that only points back."""

_IN_ITS_PLACE = re.compile(
    r"^\s*(?:and|or|what about|how about|what of|(?:and )?(?:the )?same (?:for|in|with|question for)|(?:(?:no|sorry|actually|rather),? )?i mean[t]?|make (?:it|that))\b"
    r"|\binstead\b|^\s*(?:in|for)\s+(?=[^,;]{2,40}$)",
    re.IGNORECASE,
)
_BESIDE_IT = re.compile(
    r"\b(?:with|plus|combin\w+|together|alongside|added to|on top of|versus|vs|compar\w+|than|without|both|also|as well|too|in addition|additionally)\b",
    re.IGNORECASE,
)
ALSO = re.compile(
    r"\b(?:also|both|as well|too|in addition|additionally|plus)\b(?! (?:much|many|old|young|high|low|late|early))",
    re.IGNORECASE,
)
"""Adds to what is there, also a place or a phase."""
_IF_THEY = re.compile(
    r"^\W*(?:(?:and|but|or|what|what about)\s+)*(?:if|when|once)\s+(?:they|people|patients|you|someone|somebody|I)\b",
    re.IGNORECASE,
)
_OLD = re.compile(r"\binstead of\s+([\w' -]+)", re.IGNORECASE)

_WHICH = re.compile(
    r"^\W*(?:and |so |but )?which (?:ones?|of (?:them|these|those|the two|both)) (?:causes?|has|have|gives?|leads? to) (?:the )?(?:more|fewer|less|most|fewest|least)\s+(?P<what>[^?;,]{3,40}?)\W*$",
    re.IGNORECASE,
)
_EATEN = re.compile(r"\b(?:diets?|dietary|intake|eat(?:ing)?|foods?|meals?)\b", re.IGNORECASE)
"""Of these a low salt is less salt, and no level in blood."""
_AGAIN = re.compile(r"(?:new|further|another|more|subsequent|repeat) ", re.IGNORECASE)
_NUMBER_NEEDED = re.compile(r"\bnumbers? needed\b", re.IGNORECASE)
"""Is asked of the whole."""
_COMPARED = re.compile(r"\b(?:versus|vs|than|compar(?:e|ed|ing|ison))\b", re.IGNORECASE)
_INSTEAD = re.compile(r"\binstead\W*$", re.IGNORECASE)


def names_what_it_replaces(topic: str, query: str) -> bool:
    """Whether a question says itself what of the topic it takes the place of: "rivaroxaban instead of apixaban", or only that it does: "rivaroxaban instead"."""
    if len(query.split()) <= SHORT and _INSTEAD.search(query):
        return True
    old = _OLD.search(query)
    return old is not None and old[1].strip(" ?").lower() in topic.lower()


def in_its_place(topic: str, query: str, read: Read) -> Changed | None:
    """The topic with one of its parts replaced by what the query names; None where the query asks for no such thing.

    Args:
        topic: The question before.
        query: What was asked on.
        read: Reads a question's entities.
    """
    if len(query.split()) > SHORT:
        return None
    if (harms := harms_of(topic, query, read)) is not None:
        return harms
    if not _EATEN.search(topic):
        query = with_level(query)
    if which := _WHICH.match(query):
        # Both sides of a comparison are asked of it; of one thing alone nobody asks which.
        compared = (frame := frame_of(topic, read)) is not None and frame.against
        return asked_anew(topic, which["what"], read) if compared else None
    if asked_on := ASKED_OF_IT.match(query):
        return asked_of_it(topic, asked_on["rest"], read)
    if against := AGAINST.match(query):
        return compared_with(topic, against["other"])
    if not _IN_ITS_PLACE.search(query) or _NUMBER_NEEDED.search(query):
        return None
    if _BESIDE_IT.search(re.sub(r"(?i)\bsame with\b", "", query)):
        return None
    if number := _number(query, read):
        numbers = [*IDENTIFIERS.finditer(topic)]
        if len(numbers) == 1:
            return changed_at(topic, numbers[0].start(), numbers[0].end(), number)
        return None
    if _IF_THEY.match(query):
        # Whoever has asthma as well is asked of beside what the others have.
        return None
    old = _OLD.search(query)
    asked = query[: old.start()] if old else query
    parts = parts_of(asked, read)
    named = [one for one in parts if one.kind in NAMED] or parts
    if len(named) > 1 and named[0].role == "taken" and PLACE.match(asked[named[0].end :]):
        named = named[:1]
    named = as_a_whole(asked, named)
    if len(named) != 1 or (BARE.match(query) and named[0].role != "condition"):
        return None
    if not BARE.match(query) and (measure := measure_for(named[0].text, topic)) is not None:
        return measure
    if is_shown_alone(query) or is_of_people(named[0].text) or _is_of_it(asked, named[0], topic):
        return None
    there = meant(topic, named[0], old[1].strip(" ?").lower() if old else "", read)
    is_alone = not old and not BARE.match(query) and not PLACE.search(query)
    if is_alone and (anew := _of_something_else(named[0], there, topic, read)) is not None:
        return anew
    if not old and _AGAIN.match(named[0].text) and not BARE.match(query):
        # "New fractures" befall those who have had one.
        again = in_outcome(named[0].text, topic, read)
        if again is not None:
            return again
    if not old and (outcome := outcome_for(query, named[0], topic, read)) is not None:
        return outcome
    if len(there) > 1 and named[0].role == "taken" and _COMPARED.search(topic):
        # What is compared with stays: after "apixaban versus warfarin" rivaroxaban is compared with warfarin.
        changed = changed_at(topic, there[0].start, there[0].end, named[0].text)
        changed = changed._replace(told=f"{changed.told}, compared with {there[1].text!r}")
        return in_its(asked, named[0], changed, read)
    if not there and not old and named[0].role == "condition" and not PLACE.search(query):
        # Nobody in it has a disease: one that is named is what may come of it, "and kidney injury?".
        return in_outcome(named[0].text, topic, read)
    if not old and not BARE.match(query) and may_come_of_it(named[0], there, topic, read):
        if any(stands_as_outcome(one, topic, read) for one in there):
            return in_outcome(named[0].text, topic, read)
        # Survival is prolonged, anaemia is not.
        return asked_of_it(topic, f"cause {named[0].text}", read)
    if BARE.match(query):
        # "In meningitis" is in the place of where it was asked, and not of what comes of it.
        there = [one for one in there if BEFORE_PLACE.search(topic[: one.start])] or there
    if there and not is_one(topic, there):
        # Of a medicine and what it is taken with, the one that is asked about.
        who = frame.who if (frame := frame_of(topic, read)) else ""
        there = [one for one in there if one.text in who]
    if not there or not is_one(topic, there):
        return None
    if _is_beside(named[0], there[0], topic) or (
        BARE.match(query) and is_all_it_does(there, topic, read)
    ):
        return None
    start, new = there[0].start, named[0].text
    if when := _WHEN.match(query):
        # "Events after infarction" and "after stroke"; but no "after stroke" in "COPD exacerbations".
        before = BEFORE_PLACE.search(topic[:start])
        if before is None:
            return None
        start, new = before.start() + 1, f"{when[1]} {new}"
    elif named[0].role == "taken":
        start = with_its_sides(topic, start)
    else:
        start = _with_its_grade(topic, start, there[-1].end, read)
    changed = changed_at(topic, start, there[-1].end, new)
    return in_its(asked, named[0], changed, read)


def _of_something_else(new: Part, there: Sequence[Part], topic: str, read: Read) -> Changed | None:
    """The topic asked whether what it is about does something else, where what is named is nothing to take or to treat."""
    if new.kind == "drug":
        return None
    if can_do(new.text) and any(is_operation(one.text) for one in there):
        # Who is operated on walks again.
        return asked_anew(topic, new.text, read)
    if any(new.role == one.role and is_sign(one.text) for one in there):
        # One sign for another: itching for pain.
        return None
    frame = frame_of(topic, read)
    is_side = bool(asked_aspects(new.text) or stems(new.text) & SIDES)
    if frame is None or (is_side and not is_befalling(new.text)):
        return None
    if frame.is_judged and new.role == "condition" and not there:
        # Nobody in it has a disease.
        return asked_of_it(topic, f"cause {new.text}", read)
    if frame.is_judged:
        if is_event(new.text):
            # It may be prevented as well as caused.
            return None
        is_new = is_measured(new.text) or may_befall(new.text, topic, read)
        return asked_anew(topic, new.text, read) if is_new else None
    if new.role == "taken":
        return asked_anew(topic, new.text, read) if is_befalling(new.text) else None
    if new.role == "outcome":
        anew = asked_anew if frame.is_treated else in_outcome
        return anew(topic=topic, new=new.text, read=read)
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    has_more = any(one.text in outcome and outcome.split()[-1] not in one.text for one in there)
    # Of "COPD exacerbations" the disease is no outcome, and stays.
    is_of_it = has_more and not any(are_alike(new.text, one.text) for one in there)
    return asked_anew(topic, new.text, read) if is_of_it else None


def _with_its_grade(topic: str, start: int, end: int, read: Read) -> int:
    """Where an outcome begins with what says how bad it is: "serious bleeding" is no serious stroke."""
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    at = topic.find(outcome) if outcome else -1
    before = topic[at:start] if 0 <= at < start and at + len(outcome) == end else ""
    return at if _GRADE.fullmatch(before) else start


_GRADE = re.compile(
    r"(?:(?:serious|severe|major|minor|mild|moderate|fatal|non-?fatal|recurrent|new|new-onset|clinically relevant)\s+)+",
    re.IGNORECASE,
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


def _is_beside(new: Part, old: Part, topic: str) -> bool:
    """Whether it is asked of the topic as it is: a low sodium in the blood takes no medicine's place, and what befalls people, as
    suicide, none of a disease that they have."""
    if new.role == "taken":
        return old.kind == "drug" and bool(_LEVEL.match(new.text))
    return is_event(new.text) and bool(_WITH_IT.search(topic[: old.start]))


def _is_of_it(asked: str, named: Part, topic: str) -> bool:
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
