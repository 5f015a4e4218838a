"""What a session's question is answered without, where no source says anything to all of it. Without I/O."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final, cast

from ..answer import answering
from ..answer.naming import names_one
from ..answer.outcomes import asked_of
from ..answer.speaking import Cited, roots, said_as
from ..entities import Entities
from ..queries.concept import NAMED
from ..records import Record
from ..state import State
from ..words import STOPWORDS, words_of
from . import conversation, limits
from .asked_anew import frame_of
from .changes import Read
from .of_the_sources import Fact

_BY_MODEL: Final = ("drugs", "drug_classes", "conditions", "companies", "phases", "statuses", "date_from", "date_to", "intent", "planned", "planned_trials", "planned_documents")  # fmt: skip
"""What a model may have read otherwise than the rules."""


def given_way(
    state: State, found: answering.Found, cited: Cited, read_on: Callable[[str, date], Entities]
) -> tuple[dict[str, Any], answering.Found] | None:
    """The question without what earlier ones asked on, and what the sources say to that, where they say nothing to both; None where nothing gives way.

    What a model read in the question stays read, but for what is let go; a source that does not name what the topic is about answers nothing.
    """
    gone = state.get("giving_way", [])
    if not gone or (found.sentences and not found.of_others):
        return None
    before = state["entities"]
    day = date.fromisoformat(state["asked_on"])

    def read(text: str) -> Entities:
        return read_on(text, day)

    whole = conversation.Turn(
        state["query"], state["topic"], state["follow_ups"], told=before["follow_up"]
    )
    turn = limits.without_settings(whole, gone, read)
    of_sources = cast(list[Fact], before["of_sources"])
    entities = limits.read_turn(turn, of_sources, read)
    by_rules = limits.read_turn(whole, of_sources, read)
    entities = _as_the_model(entities, before, by_rules, [read(one) for one in gone])
    other = answering.find(entities, cited)
    if not other.sentences or (found.sentences and other.of_others):
        return None
    records = {citation["n"]: record for citation, record in cited}
    about = is_about(turn.topic, read)
    if not all(names_all(records[one.n], about, entities) for one in other.sentences):
        return None
    changed = {"entities": entities, "query": turn.query, "follow_ups": turn.follow_ups}
    return changed, other


def _as_the_model(
    entities: Entities, before: Entities, by_rules: Entities, gone: list[Entities]
) -> Entities:
    """What the rules read, with what a model had read otherwise, and without what is let go."""
    read: dict[str, Any] = {**entities}
    was, rules = cast(dict[str, Any], before), cast(dict[str, Any], by_rules)
    for name in _BY_MODEL:
        if was[name] == rules[name]:
            continue
        lost = [one for each in gone for one in _listed(cast(dict[str, Any], each)[name])]
        value = was[name]
        read[name] = [one for one in value if one not in lost] if isinstance(value, list) else value
    return cast(Entities, read)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def is_about(topic: str, read: Read) -> str:
    """What a topic is about, as it has it; empty where it does not say so plainly."""
    if (frame := frame_of(topic, read)) is not None:
        return frame.who
    return asked_of(topic, read(topic)["concepts"]).exposure


def names_all(record: Record, about: str, entities: Entities) -> bool:
    """Whether a source names all of what a topic is about, each word in any of its forms."""
    text = f"{record['title']} {record.get('text', '')} {' '.join(record.get('interventions', []))}"
    said, left = roots(text), about.lower()
    for one in entities["concepts"]:
        if one["kind"] in NAMED and one["text"].lower() in left and names_one(text, one):
            left = left.replace(one["text"].lower(), " ")
    return all(
        word in STOPWORDS or any(way <= said for way in said_as(word, entities))
        for word in words_of(left)
    )
