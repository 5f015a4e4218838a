"""A question that goes on, asked of the sources of the answer before. Without I/O.

"And pacemakers?" after an answer on a valve may take the place of anything: of the valve, of the disease, of what came of it. Where a
sentence of the very sources speaks of pacemakers, that is what is asked for, however the question could be read. So what a session asks
next is tried on them by its own words and by the kind of value it asks for, beside what a search for it as a whole question brings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, cast

import msgspec

from ..answer import zones
from ..answer.answering import Found, Sentence, what_each_states
from ..answer.asked_words import BY_ITS_KIND, FULL, Own, asked_words
from ..answer.findings import has_figures
from ..answer.measured import Source, measured
from ..answer.no_findings import is_told
from ..answer.speaking import Cited
from ..answer.telling_sentences import LONGEST
from ..answer.unspoken import told_of_unspoken
from ..citations import number
from ..entities import Entities
from ..sentences import sentences
from ..state import State
from . import followups
from .answered import Answered
from .changes import Read
from .own_topic import (
    has_lost_its_subject,
    is_in_passing,
    is_of_its_own,
    is_of_them,
    stands_anywhere,
)

QUOTED: Final = 3
"""Of those sources as many are quoted for it."""
_ADDED: Final = " is added to "
"""Tells of a question that takes the place of nothing in its topic."""
_BEHIND: Final = 0.97
"""What a sentence is worth that stands behind another one."""


class Asked(NamedTuple):
    """A question as it is answered from the sources of the answer before."""

    changed: dict[str, Any]
    """Of the state."""
    cited: Cited
    found: Found


def asked_of_former(
    state: State,
    found: Found,
    cited: Cited,
    read_on: Callable[[str, date], Entities],
    *,
    is_led: bool = False,
) -> Asked | None:
    """The answer to a question from the sources of the answer before; None where what its own search brought stands.

    Where neither speaks to it and the search brings what was said before, that is no answer: it is said that none tells it.
    ``is_led``: whether the search's answer has a beginning of its own, as a look-up has and a list of trials.
    """
    before, query = cast("Answered | None", state.get("answered")), state.get("asked", "")
    day = date.fromisoformat(state["asked_on"])

    def read(text: str) -> Entities:
        return read_on(text, day)

    if before is None or not query or (is_led and not found.sentences):
        return None
    goes_on = bool(state["entities"].get("follow_up"))
    if state["entities"].get("of_sources"):
        return None if found.sentences else _said_again(state, before)
    if is_of_its_own(query, before, goes_on=goes_on, read=read):
        return None
    own = asked_words(query, read(query))
    is_setting = followups.is_setting(query) and own.kind is None
    if own.is_empty or own.question.meaning or (is_setting and not own.names):
        return None
    former = number(before["sources"])
    best = _best(own, former, before, of_whom=is_setting)
    value = _value_of(own, found, cited)
    if best and _comes_first(best[0].value, value, own, state, before, found, cited, read):
        return _answer(query, own, best, former, before, state, read)
    if (
        goes_on
        and not best
        and not (value or found.of_others)
        and found.sentences
        and _is_repeated(found, before)
        and not _is_of_a_side(own)
    ):
        return _untold(query, own, former, before, state)
    if not goes_on and is_of_them(query, found, cited, before, read):
        return Asked(_changed(query, before, state), cited, found)
    if not goes_on and not best and is_in_passing(query, state, found, read):
        return _untold(query, own, former, before, state)
    if goes_on and value >= FULL and stands_anywhere(own, before, state, read):
        changed = _changed(query, before, state)
        return Asked(changed, cited, msgspec.structs.replace(found, readings=[], shared=[]))
    if _ADDED in state["entities"].get("follow_up", "") and found.readings and not is_setting:
        # Which way the findings on the topic go is no answer to what is asked on.
        return Asked({}, cited, msgspec.structs.replace(found, readings=[], shared=[]))
    return None


class _Told(NamedTuple):
    """A sentence of one of the sources."""

    value: float
    source: Source
    text: str
    unnamed: tuple[str, ...]


def _best(own: Own, former: Cited, before: Answered, *, of_whom: bool) -> list[_Told]:
    """The sentences that answer, best source first; none where none does.

    A value alone, "for how long?", is asked of those that were quoted.
    """
    if not own.names:
        former = [one for one in former if one[0]["id"] in before["quoted"]] or former
    sources = [measured(place, pair, own.question) for place, pair in enumerate(former)]
    told = [
        one for source in sources if (one := _told_by(own, source, of_whom=of_whom)) is not None
    ]
    top = max((one.value for one in told), default=0.0)
    return [one for one in told if one.value == top][:QUOTED] if top else []


def _told_by(own: Own, source: Source, *, of_whom: bool) -> _Told | None:
    """The sentence of a source that answers; what is registered may say what is given, and has found nothing yet."""
    if source.record["type"] == "trial" and not own.is_of_methods:
        return None
    found = []
    for place, part in enumerate(zones.parts_of(sentences(source.record.get("text", "")))):
        is_before = part.zone == "before"
        if part.zone == "beside" or len(part.text) > LONGEST:
            continue
        if not (own.kind or own.figures) and (is_before or not is_told(part.text)):
            continue
        value = own.value(source, part.text)
        if of_whom and (value < FULL or not own.is_of_whom(part.text)):
            continue
        if value:
            is_late = is_before and not own.is_of_methods
            key = (-value, is_late, -own.rank(part.text), not has_figures(part.text), place)
            found.append((key, value, part.text))
    if not found:
        return None
    _, value, text = min(found)
    unnamed = own.unnamed(source, text)
    if not own.is_enough(unnamed, value):
        return None
    return _Told(value, source, text, () if value == BY_ITS_KIND else tuple(unnamed))


def _value_of(own: Own, found: Found, cited: Cited) -> float:
    """How well the first sentences that a search brought answer a question by its own words."""
    by_number = {pair[0]["n"]: pair for pair in cited}
    values = [
        own.value(measured(0, by_number[one.n], own.question), one.text)
        for one in found.sentences[:2]
    ]
    # What stands behind another thing is not told first.
    return max((one * _BEHIND**place for place, one in enumerate(values)), default=0.0)


def _comes_first(
    best: float,
    value: float,
    own: Own,
    state: State,
    before: Answered,
    found: Found,
    cited: Cited,
    read: Read,
) -> bool:
    """Whether what the sources of the answer before tell stands in the place of what a search brought."""
    goes_on = bool(state["entities"].get("follow_up"))
    if best > value:
        # Of a question of another sort only what is meant in full is of them.
        return best >= FULL or goes_on
    if not goes_on and followups.points_back(own.question.text):
        # Whoever says "that" does not ask of what another source names.
        return best >= FULL
    if not found.sentences or found.of_others:
        return best >= FULL
    return best >= FULL and has_lost_its_subject(
        before["topic"], state["topic"], own, found, cited, read
    )


def _answer(
    query: str,
    own: Own,
    best: Sequence[_Told],
    former: Cited,
    before: Answered,
    state: State,
    read: Read,
) -> Asked:
    quoted = [Sentence(one.text, one.source.n, negative=False) for one in best]
    sources = [measured(place, pair, own.question) for place, pair in enumerate(former)]
    found = Found(
        quoted,
        [one.n for one in quoted],
        of_others=told_of_unspoken(best[0].unnamed),
        stated=what_each_states(sources, own.question, own.question.wanted),
    )
    return Asked(_changed(query, before, state), former, found)


def _untold(query: str, own: Own, former: Cited, before: Answered, state: State) -> Asked:
    """That none of the sources tells it."""
    sources = [measured(place, pair, own.question) for place, pair in enumerate(former)]
    what = f"“{query.strip(' ?')}”"
    found = Found(
        [], [], unsaid=[what], stated=what_each_states(sources, own.question, own.question.wanted)
    )
    return Asked(_changed(query, before, state), former, found)


def _said_again(state: State, before: Answered) -> Asked | None:
    """What was quoted before, for a question of those sources alone, "how many took part?"."""
    former = number(before["sources"])
    numbers = {citation["id"]: citation["n"] for citation, _ in former}
    quoted = [
        Sentence(one["text"], numbers[one["id"]], negative=False)
        for one in before["said"]
        if one["id"] in numbers
    ]
    if not quoted:
        return None
    speaking = list(dict.fromkeys(one.n for one in quoted))
    return Asked(_changed(state["asked"], before, state), former, Found(quoted, speaking))


def _changed(query: str, before: Answered, state: State) -> dict[str, Any]:
    entities = dict(state["entities"])
    entities["follow_up"] = f"{query!r} is asked of the sources that answer {before['topic']!r}"
    return {
        "entities": entities,
        "query": followups.joined(before["topic"], query),
        "topic": before["topic"],
        "follow_ups": before["follow_ups"],
        "aside": "",
    }


def _is_of_a_side(own: Own) -> bool:
    """Whether a question is on a side of the topic, "is it cheaper?": in other words that may stand in what was quoted."""
    return own.kind is None and not own.figures and bool(own.question.facets.aspects)


def _is_repeated(found: Found, before: Answered) -> bool:
    """Whether a search brought nothing that was not said before."""
    return all(one.text in before["heard"] for one in found.sentences)
