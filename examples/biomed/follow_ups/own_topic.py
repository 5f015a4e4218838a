"""Whether a question is one to the sources of the answer before it, or has a topic of its own, and what a reading of it has lost. Without I/O."""

from __future__ import annotations

import re
from typing import Final

from ..answer.answering import Found
from ..answer.asked_words import OPENS, Own
from ..answer.outcomes import asked_of
from ..answer.speaking import Cited
from ..queries.concept import NAMED
from ..queries.narrowing import lifted
from ..state import State
from ..terms.find import find
from . import followups
from .answered import Answered
from .changes import AGAINST, Read
from .named_parts import parts_of
from .other_outcomes import stands_as_outcome
from .replacing import names_what_it_replaces

_LONGEST: Final = 9
"""Words of a question that is whole by itself, and may still be asked of them."""


_BESIDE: Final = re.compile(
    r"^\W*(?:(?:and|but|or|now)\s+)*(?:only|together|plus|combined|both|also|as well|added|alongside|on top of|except|excluding|exclude|leav(?:e|ing) out|instead|without)\b",
    re.IGNORECASE,
)
"""Limits the topic, or adds to what it is about."""


def is_of_its_own(query: str, before: Answered, *, goes_on: bool, read: Read) -> bool:
    """Whether a question is none for those sources: it changes the subject, what it is held against, or in whom or when it is asked."""
    entities = read(query)
    if followups.begun_anew(query) is not None or lifted(query, read) is not None:
        return True
    if AGAINST.match(query) or names_what_it_replaces(before["topic"], query):
        return True
    if _BESIDE.match(query):
        return True
    if not goes_on and len(query.split()) > _LONGEST:
        return True
    return followups.narrows(entities)


def has_lost_its_subject(
    topic: str, now: str, own: Own, found: Found, cited: Cited, read: Read
) -> bool:
    """Whether a question was read so that what it names stands in the place of what the topic is about, or of the disease that it is asked in.

    It rightly does where a source is on that by its title.
    """
    if any(one.kind == "drug" for each in own.names for one in find(each.text)):
        return False
    lost = [
        one
        for one in parts_of(topic, read)
        if one.role in ("taken", "condition")
        and one.text.lower() not in now.lower()
        and not stands_as_outcome(one, topic, read)
    ]
    first = next(record for citation, record in cited if citation["n"] == found.sentences[0].n)
    title = first["title"]
    return bool(lost) and not any(one.share_in(title, title) for one in own.names)


def stands_anywhere(own: Own, before: Answered, state: State, read: Read) -> bool:
    """Whether a question names what is neither a medicine nor a disease nor an outcome, and was read as one of them: no next question is to be asked of that."""
    bare = OPENS.sub("", own.question.text)
    if not own.names or state["topic"] == before["topic"] or not followups.is_bare(bare):
        return False
    return all(
        one.role == "taken" and one.kind != "drug" for one in parts_of(own.question.text, read)
    )


def is_of_them(query: str, found: Found, cited: Cited, before: Answered, read: Read) -> bool:
    """Whether what a search brought to a question that names nothing by its name is of those sources alone: "how much smaller did it get?"."""
    ids = {citation["n"]: citation["id"] for citation, _ in cited}
    entities = read(query)
    is_named = any(one["kind"] in NAMED for one in entities["concepts"])
    asked = asked_of(query, entities["concepts"])
    return (
        bool(found.sentences)
        and not is_named
        and not (asked.exposure and asked.outcome)
        and all(ids[one.n] in before["quoted"] for one in found.sentences)
    )


def is_in_passing(query: str, state: State, found: Found, read: Read) -> bool:
    """Whether a question that nothing before it answers is none by itself: it points back, "does smoking change that?", or is answered by nothing, is short
    and names nothing by its name, "how strong was the scanner?"."""
    if found.sentences:
        return followups.points_back(query) and len(query.split()) <= followups.REFINING
    is_named = any(one["kind"] in NAMED for one in read(query)["concepts"])
    return not is_named and not state.get("aside") and len(query.split()) <= followups.REFINING
