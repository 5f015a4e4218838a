"""A follow-up in the same thread keeps the topic; a new question leaves it."""

from __future__ import annotations

from datetime import date

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
