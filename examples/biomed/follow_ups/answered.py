"""What an answer leaves for the question that goes on from it: its sources, and what was quoted of them. Without I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from typing_extensions import TypedDict

from ..answer.answering import Found
from ..answer.asked import read_question
from ..answer.measured import WHOLE, measured
from ..answer.speaking import Cited
from ..records import Identity, Record, identity_of
from ..state import State

MOST: Final = 8
"""Sources that are kept for the next question."""


class Answered(TypedDict):
    """What an answer leaves for the question that goes on from it."""

    query: str
    topic: str
    follow_ups: list[str]
    sources: dict[str, list[Record]]
    """By source: those that were quoted first, then those that name most of the question."""
    quoted: list[str]
    """The identifiers of those that were quoted since the topic was asked."""
    heard: list[str]
    """All that was quoted since then."""
    said: list[dict[str, str]]
    """What was quoted last: ``text``, and ``id`` of its source."""


def kept_for_next(state: State, found: Found, cited: Cited) -> Answered | None:
    """What an answer leaves for the next question; None where it leaves nothing, and nothing was there before."""
    before = cast("Answered | None", state.get("answered"))
    entities = state["entities"]
    quoted = list(dict.fromkeys(one.n for one in found.sentences))
    question = read_question(entities)
    near = [
        one.n
        for one in (measured(place, pair, question) for place, pair in enumerate(cited))
        if one.n not in quoted and one.share >= WHOLE
    ]
    goes_on = bool(entities.get("follow_up"))
    if before is not None and not found.sentences and (goes_on or not near):
        return before
    order = [*quoted, *near]
    own = [(c["source"], record) for n in order for c, record in cited if c["n"] == n]
    if before is not None and goes_on:
        own += [(name, one) for name, records in before["sources"].items() for one in records]
    sources: dict[str, list[Record]] = {}
    seen: set[Identity] = set()
    for name, record in own:
        if identity_of(record) not in seen and len(seen) < MOST:
            seen.add(identity_of(record))
            sources.setdefault(name, []).append(record)
    if not sources:
        return before
    ids = {citation["n"]: citation["id"] for citation, _ in cited}
    said = [{"text": one.text, "id": ids[one.n]} for one in found.sentences]
    earlier = before if before is not None and goes_on else None
    return Answered(
        query=state["query"],
        topic=state["topic"],
        follow_ups=[*state["follow_ups"]],
        sources=sources,
        quoted=_each([*(one["id"] for one in said), *(earlier["quoted"] if earlier else ())]),
        heard=_each([*(one["text"] for one in said), *(earlier["heard"] if earlier else ())]),
        said=said,
    )


def _each(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(texts))
