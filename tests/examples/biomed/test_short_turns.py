"""A short question after another is asked of what that was about; a user would lose the topic, or have a heart taken for a medicine."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from examples.biomed.entities import parse
from examples.biomed.follow_ups.conversation import Turn, turn
from examples.biomed.graph import build_graph
from examples.biomed.settings import Settings

DAY = date(2026, 11, 23)


def _asked(*questions: str) -> Turn:
    last = Turn("", "", [])
    for one in questions:
        last = turn(one, last.topic, last.follow_ups, lambda text: parse(text, DAY), last.aside)
    return last


@pytest.mark.parametrize(
    ("questions", "asked"),
    [
        # Points back.
        (("Does galcanezumab reduce migraine days?", "how often is it given?"), "How often is galcanezumab given for migraine?"),
        (("Does CPAP reduce blood pressure in sleep apnoea?", "how many hours did they use it?"), "How many hours did patients use CPAP in sleep apnoea?"),
        (("Does teriparatide prevent vertebral fractures?", "how long were they followed?"), "How long were patients followed with teriparatide for vertebral fractures?"),
        (("Is ixekizumab better than etanercept for psoriasis?", "how many of them had infections?"), "How many of the patients had infections with ixekizumab compared with etanercept for psoriasis?"),
        (("Does indacaterol reduce COPD exacerbations?", "how long was the treatment?"), "How long was the treatment with indacaterol in COPD?"),
        (("Does baclofen reduce heavy drinking?", "in whom was it tested?"), "In whom was baclofen tested?"),
        # Of people in the past whom nobody has named.
        (("Is a splint as good as a cast for wrist fracture?", "how many needed an operation later?"), "How many needed an operation later with a splint compared with a cast for wrist fracture?"),
        (("Is rivaroxaban safe in people with mechanical heart valves?", "how many had a stroke?"), "How many had a stroke with rivaroxaban in people with mechanical heart valves?"),
        (("Does sertraline help depressed teenagers?", "did anyone attempt suicide?"), "Did anyone attempt suicide with sertraline in depressed teenagers?"),
        (("Does baclofen help people with alcoholism?", "who stayed sober?"), "Who stayed sober with baclofen in people with alcoholism?"),
        # Compares, and does not say with what.
        (("Does dapagliflozin help people with heart failure?", "did more people die?"), "Did more people die with dapagliflozin in people with heart failure?"),
        (("Does dupilumab help children with eczema?", "were there fewer infections?"), "Were there fewer infections with dupilumab in children with eczema?"),
        # Which dose, and which of two.
        (("Does galcanezumab reduce migraine days?", "and constipation?", "which dose is better?"), "Which dose of galcanezumab is better?"),
        (("Is ixekizumab better than etanercept for psoriasis?", "which one is safer?"), "Is ixekizumab safer than etanercept for psoriasis?"),
        (("Does linzagolix relieve endometriosis pain?", "any harm to the baby?"), "Is linzagolix safe for the baby?"),
        (("Does rapid surgery lower delirium after hip fracture?", "what increases it?"), "What increases delirium after hip fracture?"),
        # A part of the body and what stands after "any" is taken by nobody.
        (("Does teriparatide prevent hip fractures?", "any heart problems?"), "Does teriparatide cause heart problems?"),
        (("Does teriparatide prevent hip fractures?", "and the heart?"), "Does teriparatide affect the heart?"),
        (("Does galcanezumab reduce migraine days?", "any bowel trouble?"), "Does galcanezumab cause bowel trouble?"),
        (("Does a zoster vaccine protect older adults?", "sore arm?"), "Does a zoster vaccine cause sore arm in older adults?"),
        (("Is esketamine good for depression?", "any weird dreams?"), "Does esketamine affect weird dreams for depression?"),
        (("Does dapagliflozin reduce heart failure hospitalisation?", "any better alternatives?"), "Does dapagliflozin reduce heart failure hospitalisation, any better alternatives?"),
        (("Does acupuncture help knee pain?", "and the hip?"), "Does acupuncture help hip pain?"),
        (("Does metoprolol lower mortality in heart failure?", "and the lungs?", "sleep problems?"), "Does metoprolol cause sleep problems in heart failure?"),
        (("Does metoprolol lower mortality in heart failure?", "and the lungs?", "and the liver?"), "Does metoprolol affect the liver in heart failure?"),
        (("Does metoprolol lower mortality in heart failure?", "and in heart problems?"), "Does metoprolol lower mortality in heart problems?"),
        # Whoever has another disease as well, and animals, take the place of nothing.
        (("Does metoprolol lower mortality in heart failure?", "and if they have asthma?"), "Does metoprolol lower mortality in heart failure, and if they have asthma?"),
        (("Does metoprolol affect sexual function?", "and mice?"), "Does metoprolol affect sexual function, and mice?"),
        # When, below what and once what is so, and no other thing to take.
        (("Does aspirin prevent pre-eclampsia?", "and at term?"), "Does aspirin prevent pre-eclampsia, and at term?"),
        (("Does colchicine reduce stroke in coronary disease?", "and below 50?"), "Does colchicine reduce stroke in coronary disease, and below 50?"),
        (("Does lecanemab slow Alzheimer's disease?", "by how many points?"), "Does lecanemab slow Alzheimer's disease, by how many points?"),
        # What was asked so stays for the people who are asked of next; another medicine is asked of the topic.
        (("Is dabigatran safe after valve surgery?", "how many had a stroke?", "and in women?"), "How many had a stroke with dabigatran after valve surgery, and in women?"),
        (("Is dabigatran safe after valve surgery?", "how many had a stroke?", "or apixaban?"), "Is apixaban safe after valve surgery?"),
        # A time that nobody is asked of any more goes, and the topic is there after a question that no source answers.
        (("Does aspirin prevent pre-eclampsia?", "and at term?", "is it safe for the baby?"), "Is aspirin safe for the baby, and at term?"),
        (("Is dabigatran safe after valve surgery?", "was it blinded?", "how many needed surgery?"), "How many needed surgery with dabigatran after valve surgery?"),
    ],
)  # fmt: skip
def test_a_short_question_is_asked_of_what_the_topic_is_about(
    questions: tuple[str, ...], asked: str
) -> None:
    last = _asked(*questions)
    assert last.query == asked
    assert last.told


@pytest.mark.parametrize(
    "query",
    [
        "Did anyone test psilocybin for depression?",
        "How many people die of hip fracture?",
        "How many patients with diabetes had a stroke?",
        "When should dialysis be started in kidney failure?",
        "How long should pneumonia in children be treated?",
        "What happened to hormone replacement therapy?",
        "When is it safe to drive after a stroke?",
        "What does a colonoscopy cost?",
        "Any evidence for turmeric in osteoarthritis?",
        "Which antidepressant is best in adolescents?",
        "How does vedolizumab work in ulcerative colitis?",
        "What is the Fontan operation?",
    ],
)
def test_a_question_that_says_of_what_it_asks_begins_anew(query: str) -> None:
    assert _asked("Does erenumab reduce migraine days?", query) == Turn(query, query, [])


def test_what_was_said_before_a_new_question_is_gone() -> None:
    last = _asked("Does erenumab reduce migraine days?", "new question: any heart problems with romosozumab?")  # fmt: skip
    assert "erenumab" not in last.query


DOCUMENTS = [
    {
        "title": "Abaloparatide or risedronate for fracture prevention",
        "year": 2019,
        "text": "METHODS: 3100 women with osteoporosis received abaloparatide or risedronate for 18 months. RESULTS: Hip fractures occurred in 1.8% with abaloparatide and 3.0% with risedronate (HR 0.60; P=0.01). "
        "Serious cardiac adverse events were more frequent with abaloparatide (2.9% vs 1.4%; P=0.004). Constipation was reported by 5.2% and 2.1%. Six patients on abaloparatide and one on risedronate had a stroke.",
    },
    {
        "title": "Teriparatide for vertebral fractures",
        "year": 2015,
        "text": "METHODS: 900 women received teriparatide or placebo. RESULTS: Vertebral fractures occurred in 4% with teriparatide and 12% with placebo (P<0.001).",
    },
]


async def _answers(offline: Settings, tmp_path: Path, *questions: str) -> list[dict[str, Any]]:
    path = tmp_path / "documents.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in DOCUMENTS), encoding="utf-8")
    settings = Settings(documents=str(path), cache_dir=offline.cache_dir)
    graph = build_graph(lambda: settings, today=lambda: DAY)
    graph.checkpointer = InMemorySaver()
    session: Any = {"configurable": {"thread_id": "s"}}
    context: Any = {"sources": ["documents"]}
    return [
        dict(await graph.ainvoke({"query": one}, session, context=context)) for one in questions
    ]


async def test_a_complaint_is_answered_by_what_a_trial_calls_it(
    offline: Settings, tmp_path: Path
) -> None:
    _, heart, bowel = await _answers(
        offline,
        tmp_path,
        "Does abaloparatide prevent hip fractures?",
        "any heart problems?",
        "and bowel trouble?",
    )
    assert "2.9% vs 1.4%" in heart["answer"]
    assert "5.2% and 2.1%" in bowel["answer"]
    assert "'heart problems' is asked of 'abaloparatide'" in heart["answer"]


async def test_what_is_let_go_leaves_the_short_question_as_it_was(
    offline: Settings, tmp_path: Path
) -> None:
    *_, stroke = await _answers(
        offline,
        tmp_path,
        "Does abaloparatide prevent hip fractures?",
        "and after kidney transplantation?",
        "how many had a stroke?",
    )
    assert stroke["query"] == "How many had a stroke with abaloparatide?"
    assert "let go" in stroke["answer"]
    assert "Six patients on abaloparatide" in stroke["answer"]
