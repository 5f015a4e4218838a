"""A follow-up in the same thread keeps the topic; a new question leaves it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from examples.biomed.entities import parse
from examples.biomed.follow_ups.conversation import turn
from examples.biomed.follow_ups.followups import is_follow_up
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
        ("compare with topiramate", True, True),
        ("against metformin?", True, True),
        ("except smokers and diabetics", True, True),
        ("I meant rosuvastatin", True, True),
        ("does exercise help?", False, True),
        ("would aspirin work?", True, True),
        ("does aspirin help a headache?", True, False),
        ("why?", False, True),
        ("at what dose?", False, True),
        ("How long?", False, True),
        ("Why is the sky blue?", False, False),
        ("How strong is the evidence?", False, True),
        ("Which has fewer side effects?", False, True),
        ("How strong is the evidence for prayer?", False, False),
        ("How much aspirin is safe?", True, False),
        ("Does metformin lower mortality?", True, False),
        ("Who won the football world cup?", False, False),
        ("New topic: what is known of it?", False, False),
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
        ("I meant tirzepatide", {"drugs": ["tirzepatide"]}),
        ("sorry, I mean type 1 diabetes", {"conditions": ["type 1 diabetes"]}),
        ("except smokers and cancer", {"excluded": ["smokers", "cancer"]}),
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
        ("best pizza in Rome", "best pizza in Rome"),
        ("hotels in Berlin since 2020", "hotels in Berlin since 2020"),
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


DAY = date(2026, 11, 23)


def _asked(*questions: str) -> dict[str, Any]:
    topic, follow_ups, query, aside = "", list[str](), "", ""
    for one in questions:
        query, topic, follow_ups, aside, _ = turn(
            one, topic, follow_ups, lambda text: parse(text, DAY), aside
        )
    return {"question": query, **parse(query, DAY)}


CHAIN = (TOPIC, "and in children?", "only since 2020", "and in Germany?")


@pytest.mark.parametrize(
    ("then", "read"),
    [
        ((), {"age_groups": ["CHILD"], "date_from": "2020", "places": ["Germany"]}),
        (("forget the date",), {"age_groups": ["CHILD"], "date_from": None, "places": ["Germany"]}),
        (("any age",), {"age_groups": [], "date_from": "2020", "places": ["Germany"]}),
        (("drop Germany",), {"age_groups": ["CHILD"], "date_from": "2020", "places": []}),
        (("anywhere",), {"places": [], "date_from": "2020"}),
        (("forget the age and the place",), {"age_groups": [], "date_from": "2020", "places": []}),
        (("remove all filters",), {"age_groups": [], "date_from": None, "places": []}),
        # Of the same kind: in its place.
        (("since 2022",), {"age_groups": ["CHILD"], "date_from": "2022", "places": ["Germany"]}),
        (("what about women?",), {"age_groups": [], "sex": "FEMALE", "places": ["Germany"]}),
        (("and in Spain?",), {"places": ["Spain"], "date_from": "2020"}),
        (("phase 3 only", "any phase"), {"phases": [], "date_from": "2020"}),
        # A question about the topic keeps what narrows it, and the next one takes its place.
        (("compare it with metformin",), {"drugs": ["semaglutide", "metformin"], "date_from": "2020"}),
        (("compare it with metformin", "side effects?"), {"drugs": ["semaglutide"], "date_from": "2020"}),
        (("only meta-analyses", "since 2022"), {"intent": "review", "date_from": "2022"}),
        # Another medicine or disease in its place is narrowed as the first was.
        (("and tirzepatide?",), {"drugs": ["tirzepatide"], "date_from": "2020", "places": ["Germany"]}),
        # Another topic is not.
        (("new topic: gout",), {"conditions": ["gout"], "date_from": None, "places": []}),
        (("Does aspirin prevent stroke?",), {"drugs": ["aspirin"], "date_from": None}),
    ],
)  # fmt: skip
def test_what_narrows_carries_over_until_it_is_taken_away(
    then: tuple[str, ...], read: dict[str, object]
) -> None:
    found = _asked(*CHAIN, *then)
    assert {name: found[name] for name in read} == read


@pytest.mark.parametrize(
    ("questions", "asked"),
    [
        (("asthma trials in France since 2015", "since 2022"), "asthma trials in France, since 2022"),
        (("asthma trials in France since 2015", "no date limit"), "asthma trials in France"),
        (("asthma trials in France since 2015", "worldwide"), "asthma trials since 2015"),
        (("asthma in children", "forget the age", "and in adolescents?"), "asthma, and in adolescents?"),
    ],
)  # fmt: skip
def test_what_the_topic_itself_narrows_by_can_be_changed(
    questions: tuple[str, ...], asked: str
) -> None:
    assert _asked(*questions)["question"] == asked


@pytest.mark.parametrize(
    "query",
    ["without diabetes", "any recruiting trials?", "no side effects?"],
)
def test_what_takes_nothing_away_is_a_question(query: str) -> None:
    assert _asked(TOPIC, "since 2020", query)["date_from"] == "2020"


ASIDE = "Who won the football world cup?"


@pytest.mark.parametrize(
    ("questions", "asked"),
    [
        (("montelukast in asthma", ASIDE, "and in children?"), "montelukast in asthma, and in children?"),
        (("montelukast in asthma", "since 2020", ASIDE, "only randomised trials"),
         "montelukast in asthma, since 2020, only randomised trials"),
        (("montelukast in asthma", ASIDE, "How tall is Mount Everest?", "and in children?"),
         "montelukast in asthma, and in children?"),
        (("montelukast in asthma", ASIDE, "and with theophylline?"), "montelukast in asthma, and with theophylline?"),
        (("montelukast in asthma", ASIDE, "why?"), "Who won the football world cup, why?"),
        (("montelukast in asthma", ASIDE, "and in 2018?", "and in children?"), "montelukast in asthma, and in children?"),
        (("montelukast in asthma", ASIDE, "and in 2018?"), "Who won the football world cup, and in 2018?"),
        (("montelukast in asthma", ASIDE, "since 2020?"), "montelukast in asthma, since 2020?"),
        (("montelukast in asthma", ASIDE, "only since 2020"), "montelukast in asthma, only since 2020"),
        (("montelukast in asthma", ASIDE, "in the last 5 years?"), "montelukast in asthma, in the last 5 years?"),
        (("montelukast in asthma", ASIDE, "before 2010?"), "montelukast in asthma, before 2010?"),
        (("montelukast in asthma", ASIDE, "Does metformin lower mortality?", "and in children?"),
         "Does metformin lower mortality, and in children?"),
        ((ASIDE, "How tall is Mount Everest?", "and in children?"), "How tall is Mount Everest, and in children?"),
        (("montelukast in asthma", ASIDE), ASIDE),
    ],
)  # fmt: skip
def test_a_question_outside_medicine_is_no_topic(questions: tuple[str, ...], asked: str) -> None:
    assert _asked(*questions)["question"] == asked


async def test_a_session_keeps_its_topic_over_a_question_outside_medicine(
    offline: Settings,
) -> None:
    graph = build_graph(lambda: offline, today=lambda: DAY)
    graph.checkpointer = InMemorySaver()
    session: Any = {"configurable": {"thread_id": "s"}}
    context: Any = {"sources": ["documents"]}
    results = [
        await graph.ainvoke({"query": one}, session, context=context)
        for one in ("montelukast in asthma", ASIDE, "and in children?")
    ]
    assert [one["query"] for one in results] == [
        "montelukast in asthma",
        ASIDE,
        "montelukast in asthma, and in children?",
    ]


async def test_a_session_keeps_what_narrows(offline: Settings) -> None:
    graph = build_graph(lambda: offline, today=lambda: DAY)
    graph.checkpointer = InMemorySaver()
    session: Any = {"configurable": {"thread_id": "s"}}
    context: Any = {"sources": ["documents"]}
    for one in (*CHAIN, "forget the date"):
        result = await graph.ainvoke({"query": one}, session, context=context)
    assert result["entities"]["age_groups"] == ["CHILD"]
    assert result["entities"]["places"] == ["Germany"]
    assert result["entities"]["date_from"] is None
