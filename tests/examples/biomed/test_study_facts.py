"""What a study tells of itself, and the one thing that a turn asks: a user would be given the former result in its place, without a word."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from langgraph.checkpoint.memory import InMemorySaver

from examples.biomed.answer.families import asked as asked_families
from examples.biomed.answer.findings import tells_of_change
from examples.biomed.answer.study_facts import asked_fact
from examples.biomed.entities import parse
from examples.biomed.follow_ups.conversation import turn
from examples.biomed.follow_ups.of_the_sources import asked_of_sources
from examples.biomed.graph import build_graph
from examples.biomed.settings import Settings

TRIALS = [
    (
        "Rivastigmine for falls in Parkinson's disease",
        "BACKGROUND: Falls are frequent. METHODS: 130 patients with Parkinson's disease aged 55 to 84 years were randomised to rivastigmine or placebo for 32 weeks "
        "at one hospital in Denmark between 2012 and 2014. Patients with dementia were excluded. RESULTS: Step time variability was lower with rivastigmine (P=0.002). "
        "Falls were less frequent with rivastigmine (2.4 vs 4.1 per month; P=0.01). Hospitalization was 0.13 per year with rivastigmine and 0.19 with placebo. Nine patients dropped out. "
        "Car accidents did not differ. CONCLUSIONS: Rivastigmine improved gait stability and reduced falls in Parkinson's disease.",
    ),
    (
        "Donepezil for apathy",
        "BACKGROUND: Apathy is common. METHODS: Patients with apathy received donepezil or placebo. RESULTS: Apathy was lower with donepezil (P=0.01). "
        "CONCLUSIONS: Donepezil reduced apathy.",
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


def _lead(result: dict[str, Any]) -> str:
    return str(result["answer"].split("## Strength")[0].split("## Documents")[0])


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("how old were they?", "**Age, as told:** 130 patients with Parkinson's disease aged 55 to 84"),
        ("who was left out?", "**Left out, as told:** Patients with dementia were excluded. [1]"),
        ("how many dropped out?", "**Dropping out, as told:** Nine patients dropped out. [1]"),
        ("where was it done?", "**Place, as told:** 130 patients with Parkinson's disease"),
        ("which years?", "**Years, as told:** 130 patients with Parkinson's disease"),
    ],
)  # fmt: skip
async def test_what_a_study_tells_of_itself_is_told_from_its_methods(
    tmp_path: Path, asked: str, told: str
) -> None:
    first, then = await _answers(
        tmp_path, "Does rivastigmine reduce falls in Parkinson's disease?", asked
    )
    assert then["query"] == first["query"]
    assert told in _lead(then)


@pytest.mark.anyio
async def test_what_it_does_not_tell_is_said(tmp_path: Path) -> None:
    _, *then = await _answers(
        tmp_path,
        "Does donepezil reduce apathy?",
        "how old were they?",
        "who was excluded?",
        "how many withdrew?",
        "where was it done?",
    )
    whats = ("how old they were", "who was left out", "how many dropped out", "where it was done")
    for one, what in zip(then, whats, strict=True):
        assert f"[1] does not tell {what}." in _lead(one)


@pytest.mark.anyio
async def test_no_direction_of_the_former_answer_leads(tmp_path: Path) -> None:
    first, then = await _answers(
        tmp_path,
        "Does rivastigmine reduce car accidents in Parkinson's disease?",
        "how old were they?",
    )
    assert "says that car accidents" in _lead(first)
    assert "says that car accidents" not in _lead(then)
    assert "aged 55 to 84" in _lead(then)


@pytest.mark.anyio
async def test_a_first_question_for_it_is_answered_by_it_or_by_nothing(tmp_path: Path) -> None:
    told, untold = await _answers(
        tmp_path,
        "How old were the patients with Parkinson's disease who took rivastigmine?",
        "Who was excluded from the trial of donepezil for apathy?",
    )
    assert "aged 55 to 84" in _lead(told)
    assert "reduced falls" not in _lead(told)
    assert "Donepezil reduced apathy" not in _lead(untold)
    assert "who was left out" in _lead(untold)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("and hospital admissions?", "Hospitalization was 0.13 per year"),
        ("any car accidents?", "Car accidents did not differ."),
    ],
)
async def test_the_outcome_that_is_asked_on_is_what_is_quoted(
    tmp_path: Path, asked: str, told: str
) -> None:
    _, then = await _answers(
        tmp_path, "Does rivastigmine reduce falls in Parkinson's disease?", asked
    )
    assert told in _lead(then)
    assert "reduced falls" not in _lead(then)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What was the mean age of the women in the trial of tibolone?", "age"),
        ("What are the exclusion criteria?", "left out"),
        ("Which patients with asthma were excluded?", "left out"),
        ("Were pregnant women excluded?", ""),
        ("How many patients withdrew because of nausea?", ""),
        ("Where was the study carried out?", "place"),
        ("Where does melanoma spread to?", ""),
        ("When was it carried out?", "years"),
        ("When is it started?", ""),
        ("At which age does screening begin?", ""),
        ("How long were they followed?", ""),
    ],
)
def test_a_fact_of_a_study_is_told_from_what_was_found(question: str, name: str) -> None:
    fact = asked_fact(question)
    assert (fact.name if fact else "") == name


@pytest.mark.parametrize(
    "query", ["how many dropped out because of cough?", "where is the pain worst?", "how old is too old?"]
)  # fmt: skip
def test_what_names_more_is_asked_of_the_topic(query: str) -> None:
    assert asked_of_sources(query) == []


@pytest.mark.parametrize(
    ("question", "outcomes"),
    [
        ("How many died with male sex in cholecystectomy?", ["died"]),
        ("How many patients with a stroke fell?", []),
        ("How long did patients stay in hospital after bypass surgery?", ["stay in hospital"]),
        ("How many trials are on falls?", []),
    ],
)
def test_what_is_counted_or_timed_is_what_is_asked_about(
    question: str, outcomes: list[str]
) -> None:
    assert [one.words for one in asked_families(question, "") if one.is_outcome] == outcomes


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Readmission was 0.4 per year with telecare and 0.7 with usual care.", True),
        ("Nights away were 5.1 with tablets and 7.4 with surgery.", True),
        ("There were 150 patients with asthma and 60 with COPD.", False),
    ],
)
def test_two_rates_side_by_side_tell_of_a_difference(text: str, tells: bool) -> None:
    assert tells_of_change(text) is tells


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("Is it safe to drink alcohol in pregnancy?", "Is it safe to drink alcohol in pregnancy?"),
        ("Is it wise to take ibuprofen before surgery?", "Is it wise to take ibuprofen before surgery?"),
        ("is it safe to take in pregnancy?", "Is modafinil safe to take in pregnancy?"),
    ],
)  # fmt: skip
def test_an_it_that_stands_for_nothing_goes_on_from_nothing(query: str, asked: str) -> None:
    topic = "Does modafinil reduce sleepiness in narcolepsy?"
    read = turn(query, topic, [], lambda text: parse(text, date(2026, 11, 23)))
    assert read.query == asked


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("any road accidents?", "Does modafinil affect road accidents in narcolepsy?"),
        ("any newer alternatives?", "Does modafinil reduce sleepiness in narcolepsy, any newer alternatives?"),
        ("how long did they stay in hospital?", "How long did patients stay in hospital with modafinil in narcolepsy?"),
    ],
)  # fmt: skip
def test_what_no_table_has_is_asked_of_the_topic_too(query: str, asked: str) -> None:
    topic = "Does modafinil reduce sleepiness in narcolepsy?"
    read = turn(query, topic, [], lambda text: parse(text, date(2026, 11, 23)))
    assert read.query == asked
