"""What an answer leaves for the question that goes on from it: its sources, and what was quoted of them. Without I/O."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, TypeVar, cast

from typing_extensions import TypedDict

from ..answer.answering import Found
from ..answer.asked import read_question
from ..answer.measured import WHOLE, measured
from ..answer.speaking import Cited
from ..entities import Entities
from ..records import Identity, Record, identity_of
from ..state import State
from .giving_way import is_about, names_all

_T = TypeVar("_T")

MOST: Final = 8
"""Sources that are kept for the next question."""


class Answered(TypedDict):
    """What an answer leaves for the question that goes on from it."""

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


def kept_for_next(
    state: State, found: Found, cited: Cited, read_on: Callable[[str, date], Entities]
) -> Answered | None:
    """What an answer leaves for the next question; None where it leaves nothing, and nothing was there before."""
    before = cast("Answered | None", state.get("answered"))
    entities = state["entities"]
    day = date.fromisoformat(state["asked_on"])
    goes_on = bool(entities.get("follow_up"))
    earlier = before if before is not None and goes_on else None
    quoted = _each([one.n for one in found.sentences])
    by_number = {citation["n"]: (citation["source"], record) for citation, record in cited}
    question = read_question(entities)
    about = is_about(state["topic"], lambda text: read_on(text, day))

    def is_near(record: Record) -> bool:
        pair = (next(iter(cited))[0], record)
        source = measured(0, pair, question)
        return (
            source.share >= WHOLE and not source.gap.things and names_all(record, about, entities)
        )

    nearest = found.nearest.result if found.nearest is not None else None
    near = [
        n
        for n, (_, record) in by_number.items()
        if n not in quoted and (identity_of(record) == nearest or is_near(record))
    ]
    if before is not None and not found.sentences and (goes_on or not near):
        return before
    own = [by_number[n] for n in (*quoted, *near)]
    if earlier is not None:
        # Of those who were asked about before not all have what is asked about now.
        same = earlier["topic"] == state["topic"]
        own += [
            (name, one)
            for name, records in earlier["sources"].items()
            for one in records
            if same or is_near(one)
        ]
    sources: dict[str, list[Record]] = {}
    seen: set[Identity] = set()
    for name, record in own:
        if identity_of(record) not in seen and len(seen) < MOST:
            seen.add(identity_of(record))
            sources.setdefault(name, []).append(record)
    if not sources:
        return before
    said = [{"text": one.text, "id": by_number[one.n][1]["id"]} for one in found.sentences]
    return Answered(
        topic=state["topic"],
        follow_ups=[*state["follow_ups"]],
        sources=sources,
        quoted=_each([*(one["id"] for one in said), *(earlier["quoted"] if earlier else ())]),
        heard=_each([*(one["text"] for one in said), *(earlier["heard"] if earlier else ())]),
        said=said,
    )


def _each(of: Sequence[_T]) -> list[_T]:
    return list(dict.fromkeys(of))
