"""A follow-up in the same thread keeps the topic; a new question leaves it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from examples.biomed.followups import is_follow_up
from examples.biomed.graph import build_graph
from examples.biomed.settings import Settings


@pytest.mark.parametrize(
    ("query", "names", "goes_on"),
    [
        ("and in children?", False, True),
        ("What about older adults?", False, True),
        ("And with metformin?", True, True),
        ("Is it safe in pregnancy?", False, True),
        ("In women?", False, True),
        ("compared with liraglutide?", True, True),
        ("versus placebo?", False, True),
        ("why?", False, True),
        ("at what dose?", False, True),
        ("How long?", False, True),
        ("Why is the sky blue?", False, False),
        ("How much aspirin is safe?", True, False),
        ("Does metformin lower mortality?", True, False),
        ("Who won the football world cup?", False, False),
        ("Is aspirin safe for those with asthma?", True, False),
    ],
)
def test_what_goes_on(query: str, names: bool, goes_on: bool) -> None:
    assert is_follow_up(query, names) is goes_on


TOPIC = "Does semaglutide reduce weight in adults with type 2 diabetes?"


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("and in children?", {"age_groups": ["CHILD"]}),
        ("what about women?", {"sex": "FEMALE"}),
        ("since 2020?", {"date_from": "2020"}),
        ("in the last 5 years", {"date_from": "2021"}),
        ("only randomised trials", {"intent": "trials", "randomized": True}),
        ("only meta-analyses", {"intent": "review"}),
        ("meta-analyses?", {"intent": "review"}),
        ("any recruiting trials?", {"statuses": ["RECRUITING"]}),
        ("show only phase 3", {"phases": ["PHASE3"]}),
        ("not in children", {"excluded": ["children"], "age_groups": ["ADULT", "OLDER_ADULT"]}),
        ("and in Germany?", {"places": ["Germany"]}),
        ("side effects?", {"drugs": ["semaglutide"]}),
        ("compare it with metformin", {"intent": "compare", "drugs": ["semaglutide", "metformin"]}),
        ("Is it better than metformin?", {"drugs": ["semaglutide", "metformin"]}),
        # In the place of what was named.
        ("and tirzepatide?", {"drugs": ["tirzepatide"]}),
        ("how about liraglutide instead?", {"drugs": ["liraglutide"]}),
        ("the same for type 1 diabetes", {"conditions": ["type 1 diabetes"]}),
        ("what about heart failure instead of diabetes?", {"conditions": ["heart failure"]}),
    ],
)
async def test_a_follow_up_changes_what_it_names_and_nothing_else(
    offline: Settings, query: str, read: dict[str, object]
) -> None:
    entities = (await _second(offline, query))["entities"]
    unchanged = {"drugs": ["semaglutide"], "conditions": ["type 2 diabetes"]}
    assert {name: entities[name] for name in {**unchanged, **read}} == {**unchanged, **read}


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("now something else: does aspirin prevent stroke?", "does aspirin prevent stroke?"),
        ("New question: statins and dementia", "statins and dementia"),
        ("different topic - gout", "gout"),
        ("Forget that. What about gout?", "What about gout?"),
        ("let's talk about asthma", "asthma"),
        ("Does metformin lower mortality?", "Does metformin lower mortality?"),
        ("Who won the football world cup?", "Who won the football world cup?"),
    ],
)
async def test_another_topic_leaves_the_first(offline: Settings, query: str, asked: str) -> None:
    result = await _second(offline, query)
    assert result["query"] == asked
    assert "semaglutide" not in result["entities"]["drugs"]


async def _second(settings: Settings, query: str) -> dict[str, Any]:
    graph = build_graph(lambda: settings, today=lambda: date(2026, 11, 23))
    graph.checkpointer = InMemorySaver()
    session: Any = {"configurable": {"thread_id": "s"}}
    context: Any = {"sources": ["documents"]}
    await graph.ainvoke({"query": TOPIC}, session, context=context)
    return dict(await graph.ainvoke({"query": query}, session, context=context))


async def test_a_follow_up_keeps_the_topic(offline: Settings) -> None:
    graph = build_graph(lambda: offline, today=lambda: date(2026, 11, 23))
    graph.checkpointer = InMemorySaver()
    session = {"configurable": {"thread_id": "s"}}
    await graph.ainvoke({"query": "semaglutide trials"}, session)  # type: ignore[arg-type]
    second = await graph.ainvoke({"query": "and in children?"}, session)  # type: ignore[arg-type]
    assert second["entities"]["drugs"] == ["semaglutide"]
    assert "children" in second["entities"]["terms"]
    third = await graph.ainvoke({"query": "what about women?"}, session)  # type: ignore[arg-type]
    assert third["query"] == "semaglutide trials, what about women?"
    fourth = await graph.ainvoke({"query": "liraglutide trials"}, session)  # type: ignore[arg-type]
    assert fourth["entities"]["drugs"] == ["liraglutide"]
