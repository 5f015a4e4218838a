"""What is asked on of the studies that answered: how many took part, at which dose, with which p value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from langgraph.checkpoint.memory import InMemorySaver

from examples.biomed.follow_ups.of_the_sources import asked_of_sources
from examples.biomed.graph import build_graph
from examples.biomed.settings import Settings

TRIALS = [
    (
        "Low-dose aspirin for preeclampsia",
        "METHODS: 1,776 pregnant women at high risk took aspirin 150 mg or placebo from 11 to 14 weeks. "
        "RESULTS: Preterm preeclampsia occurred in 1.6% with aspirin and 4.3% with placebo (OR 0.38; 95% CI 0.20-0.74; P=0.004). "
        "CONCLUSIONS: Aspirin reduced preterm preeclampsia.",
    ),
    (
        "Carvedilol in cirrhosis",
        "BACKGROUND: Portal pressure above 12 mmHg is dangerous. METHODS: Patients with compensated cirrhosis received carvedilol or placebo. "
        "RESULTS: Decompensation of cirrhosis occurred in 16% with carvedilol and 27% with placebo (HR 0.51; 95% CI 0.30-0.87). "
        "CONCLUSIONS: Carvedilol reduced decompensation in compensated cirrhosis.",
    ),
]


async def _answers(tmp_path: Path, *questions: str) -> list[dict[str, Any]]:
    file = tmp_path / "trials.jsonl"
    rows = [{"id": f"t{n}", "title": one, "text": text} for n, (one, text) in enumerate(TRIALS)]
    file.write_bytes(b"\n".join(msgspec.json.encode(row) for row in rows))
    settings = Settings(documents=file, cache_dir=tmp_path / "cache")
    graph = build_graph(lambda: settings, model=lambda _: None)
    graph.checkpointer = InMemorySaver()
    own: Any = {"configurable": {"thread_id": "one"}}
    return [
        await graph.ainvoke({"query": one}, own, context={"sources": ["documents"]})
        for one in questions
    ]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("how many women were in it?", "**Taking part:** 1,776 [1]."),
        ("how big was the trial?", "**Taking part:** 1,776 [1]."),
        ("what dose was used?", "took aspirin 150 mg or placebo from 11 to 14 weeks. [1]"),
        ("what was the p value?", "P=0.004). [1]"),
    ],
)
async def test_a_fact_is_told_from_the_sources_of_the_answer_before(
    tmp_path: Path, asked: str, told: str
) -> None:
    first, then = await _answers(tmp_path, "Does aspirin prevent preeclampsia?", asked)
    assert then["query"] == first["query"]
    assert told in then["answer"].split("## Strength")[0]
    assert "is asked of the sources that answer" in then["answer"]


@pytest.mark.anyio
async def test_what_a_source_does_not_tell_is_said(tmp_path: Path) -> None:
    question = "Does carvedilol reduce decompensation in compensated cirrhosis?"
    facts = ("how many patients?", "which dose?", "p value?")
    _, people, dose, p = [
        one["answer"].split("## Strength")[0] for one in await _answers(tmp_path, question, *facts)
    ]
    assert "[1] does not tell how many took part." in people
    assert "[1] does not tell a dose." in dose
    assert "(no p value, an interval) [1]" in p


@pytest.mark.parametrize(
    "asked",
    [
        "how many patients had bleeding?",
        "how many patients need to be treated?",
        "how many studies?",
        "how many years?",
        "what dose in children?",
        "what dose of omega-3?",
        "how much does it cost?",
        "is it safe?",
        "how much?",
        "does the dose matter?",
    ],
)
def test_what_is_asked_of_the_topic_is_asked_of_no_source(asked: str) -> None:
    assert asked_of_sources(asked) == []


@pytest.mark.parametrize(
    ("asked", "fact"),
    [
        ("how many?", "people"),
        ("how many participants did the trial include?", "people"),
        ("what was the sample size?", "people"),
        ("number of patients?", "people"),
        ("how large were these studies?", "people"),
        ("at what dose?", "dose"),
        ("and the dosage?", "dose"),
        ("how much was given?", "dose"),
        ("was the difference statistically significant?", "p"),
        ("is it significant?", "p"),
    ],
)
def test_a_fact_is_asked_for_in_many_ways(asked: str, fact: str) -> None:
    assert asked_of_sources(asked) == [fact]
