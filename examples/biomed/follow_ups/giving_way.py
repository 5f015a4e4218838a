"""What a session's question is answered without, where no source says anything to all of it. Without I/O."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from ..answer import answering
from ..answer.speaking import Cited
from ..entities import Entities
from ..state import State
from . import conversation, limits
from .of_the_sources import Fact


def given_way(
    state: State, found: answering.Found, cited: Cited, read: Callable[[str, date], Entities]
) -> tuple[dict[str, Any], answering.Found] | None:
    """The question without what earlier ones asked on, and what the sources say to that, where they say nothing to both; None where nothing gives way."""
    gone = state.get("giving_way", [])
    if not gone or (found.sentences and not found.of_others):
        return None
    before = state["entities"]
    day = date.fromisoformat(state["asked_on"])
    turn = limits.without_settings(
        conversation.Turn(
            state["query"], state["topic"], state["follow_ups"], told=before["follow_up"]
        ),
        gone,
    )
    entities = limits.read_turn(
        turn, cast(list[Fact], before["of_sources"]), lambda text: read(text, day)
    )
    other = answering.find(entities, cited)
    if not other.sentences or (found.sentences and other.of_others):
        return None
    changed = {"entities": entities, "query": turn.query, "follow_ups": turn.follow_ups}
    return changed, other
