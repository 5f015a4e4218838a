"""What a session asks next is answered by the sources of the answer before, where one of their sentences speaks to it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from examples.biomed.graph import build_graph
from examples.biomed.settings import Settings

DAY = date(2026, 11, 23)
WALKING = {
    "title": "Supervised walking for intermittent claudication",
    "year": 2016,
    "text": "BACKGROUND: Claudication limits walking. METHODS: 212 adults with intermittent claudication at 9 hospitals were assigned to supervised walking or advice. Supervised walking was delivered in 45-minute sessions three times a week for 26 weeks. Participants were examined at 3-month intervals. RESULTS: Maximum walking distance increased by 180 m with supervised walking and by 40 m with advice (P<0.001). Blisters were reported by 14% and 3%. Twenty-one participants stopped because of pain. Mean costs were 310 euros higher with supervised walking. Quality of life did not differ. CONCLUSIONS: Supervised walking improved walking distance in intermittent claudication.",
}
COOLING = {
    "title": "Scalp cooling to prevent hair loss during chemotherapy",
    "year": 2018,
    "text": "METHODS: 182 women with breast cancer were randomised to scalp cooling at 3 °C, from 30 minutes before until 90 minutes after each infusion, or to no cooling. RESULTS: Hair was preserved in 51% of the cooling group and in none of the control group (P<0.001). Headache occurred in 8% of women. CONCLUSIONS: Scalp cooling prevented hair loss during chemotherapy.",
}
MELATONIN = {
    "title": "Melatonin for delirium in intensive care",
    "year": 2021,
    "text": "METHODS: 840 adults in intensive care received melatonin 4 mg or placebo nightly for 14 days. RESULTS: Delirium occurred in 21% of the melatonin group and 20% of the placebo group (P=0.71). Vivid dreams were more frequent with melatonin (6% vs 2%). CONCLUSIONS: Melatonin did not prevent delirium in intensive care.",
}
STATINS = {
    "title": "Statins and muscle pain in older adults",
    "year": 2019,
    "text": "METHODS: 900 adults were randomised to a statin or placebo. RESULTS: Muscle pain occurred in 9% and 8%. Headache was more frequent with placebo. CONCLUSIONS: Statins did not cause muscle pain.",
}

MESSAGES = {
    "title": "Text messages to reduce missed glaucoma visits",
    "year": 2022,
    "text": "METHODS: 610 adults with glaucoma were randomised to text messages or letters. RESULTS: 8% and 15% missed a visit (P<0.001). CONCLUSIONS: Text messages reduced missed glaucoma visits and were more cost-effective than letters.",
}


async def _answers(offline: Settings, tmp_path: Path, *questions: str) -> list[dict[str, Any]]:
    path = tmp_path / "documents.jsonl"
    documents = (WALKING, COOLING, MELATONIN, STATINS, MESSAGES)
    path.write_text("\n".join(json.dumps(one) for one in documents), encoding="utf-8")
    settings = Settings(documents=str(path), cache_dir=offline.cache_dir)
    graph = build_graph(lambda: settings, today=lambda: DAY)
    graph.checkpointer = InMemorySaver()
    session: Any = {"configurable": {"thread_id": "s"}}
    context: Any = {"sources": ["documents"]}
    return [
        dict(await graph.ainvoke({"query": one}, session, context=context)) for one in questions
    ]


def _findings(result: dict[str, Any]) -> str:
    """The answer up to what lists the sources."""
    answer: str = result["answer"]
    return answer.partition("\n## ")[0]


WALK = "Does supervised walking help in intermittent claudication?"
COOL = "Does scalp cooling prevent hair loss during chemotherapy?"


@pytest.mark.parametrize(
    ("topic", "query", "said", "unsaid"),
    [
        # A kind of value, told with what was done.
        (WALK, "how often did they train?", "three times a week", "180 m"),
        (WALK, "for how long?", "for 26 weeks", "180 m"),
        (WALK, "how much more expensive?", "310 euros", "180 m"),
        (WALK, "how many hospitals?", "at 9 hospitals", "180 m"),
        (WALK, "how many stopped because of pain?", "Twenty-one", "180 m"),
        (WALK, "when were they examined?", "at 3-month intervals", "180 m"),
        (WALK, "how often were they checked?", "at 3-month intervals", "180 m"),
        (WALK, "blister problems?", "14% and 3%", "180 m"),
        (COOL, "how many women?", "182", "more frequent with placebo"),
        (COOL, "how cold?", "3 °C", "prevented hair loss"),
        (COOL, "until when?", "until 90 minutes after", "prevented hair loss"),
        # A thing that takes no place in the topic: what came of it, and no treatment or disease.
        (WALK, "and blisters?", "14% and 3%", "180 m"),
        (WALK, "does quality of life suffer?", "did not differ", "180 m"),
        (COOL, "were there headaches?", "8% of women", "more frequent with placebo"),
        (COOL, "headaches?", "8% of women", "more frequent with placebo"),
    ],
)  # fmt: skip
async def test_the_sources_of_the_answer_are_asked_by_the_words_of_the_question(
    offline: Settings, tmp_path: Path, topic: str, query: str, said: str, unsaid: str
) -> None:
    first, second = await _answers(offline, tmp_path, topic, query)
    assert unsaid in _findings(first) or unsaid in str(STATINS["text"])
    assert said in _findings(second)
    assert unsaid not in _findings(second)
    assert "Nothing was found" not in _findings(second)


async def test_what_none_of_them_tells_is_said_and_the_answer_before_not_repeated(
    offline: Settings, tmp_path: Path
) -> None:
    first, second, third = await _answers(
        offline, tmp_path, WALK, "how cold?", "and what about stair climbing?"
    )
    assert "180 m" in _findings(first)
    for one, words in ((second, "how cold"), (third, "stair climbing")):
        assert "Nothing found that answers this" in _findings(one)
        assert words in _findings(one)
        assert "180 m" not in _findings(one)


async def test_a_question_in_passing_that_nothing_answers_is_no_topic(
    offline: Settings, tmp_path: Path
) -> None:
    _, second, third = await _answers(
        offline, tmp_path, WALK, "how loud was the treadmill?", "and blisters?"
    )
    assert "Nothing found that answers this" in _findings(second)
    assert "14% and 3%" in _findings(third)
    assert "supervised walking" in third["query"]


async def test_a_number_is_looked_up_and_not_asked_of_the_sources_before(
    offline: Settings, tmp_path: Path
) -> None:
    _, second = await _answers(offline, tmp_path, WALK, "NCT01234567")
    assert "**No record of NCT01234567 was found.**" in _findings(second)


async def test_no_source_that_is_not_on_the_topic_is_asked(
    offline: Settings, tmp_path: Path
) -> None:
    _, second = await _answers(
        offline, tmp_path, "Does melatonin prevent delirium in intensive care?", "headache?"
    )
    assert "Headache" not in _findings(second)
    assert "Nothing found that answers this" in _findings(second)


async def test_a_question_to_the_sources_leaves_the_topic_as_it_was(
    offline: Settings, tmp_path: Path
) -> None:
    *_, third, fourth = await _answers(
        offline, tmp_path, WALK, "and blisters?", "how many people took part?", "in children?"
    )
    assert "**Taking part:** 212" in _findings(third)
    assert "supervised walking" in fourth["query"]
    assert "blisters" not in fourth["query"]


async def test_a_question_with_a_topic_of_its_own_is_none_to_the_sources_before(
    offline: Settings, tmp_path: Path
) -> None:
    _, second, third = await _answers(
        offline, tmp_path, COOL, "Do statins cause muscle pain?", "and headache?"
    )
    assert second["query"] == "Do statins cause muscle pain?"
    assert "did not cause muscle pain" in _findings(second)
    # What goes on from it is asked of its sources, and not of those before it.
    assert "more frequent with placebo" in _findings(third)
    assert "8% of women" not in _findings(third)


async def test_whom_the_sources_do_not_have_is_no_word_to_be_looked_for_in_them(
    offline: Settings, tmp_path: Path
) -> None:
    _, second = await _answers(
        offline, tmp_path, "Does melatonin prevent delirium in intensive care?", "and in children?"
    )
    assert "Nothing was found on children" in _findings(second)


async def test_a_side_of_the_topic_that_was_quoted_in_other_words_is_not_said_to_be_spoken_of_by_none(
    offline: Settings, tmp_path: Path
) -> None:
    _, after = await _answers(
        offline, tmp_path, "Do text messages reduce missed glaucoma visits?", "is it cheaper?"
    )
    assert "none of them speaks of" not in _findings(after)
    assert "cost-effective" in _findings(after)
