"""A follow-up is answered as asked, or the answer says what it keeps, lets go or does not have."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langgraph.checkpoint.memory import InMemorySaver

from examples.biomed.entities import Entities, parse
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
        # What else may come of what the topic judges: of the same people, compared with the same.
        (("Is dabigatran safer than warfarin in atrial fibrillation?", "and gastrointestinal bleeding?"), "Does dabigatran cause gastrointestinal bleeding compared with warfarin in atrial fibrillation?"),
        (("Is nerve block better than opioids for hip fracture?", "and delirium?"), "Does nerve block cause delirium compared with opioids for hip fracture?"),
        (("Is mirtazapine effective in old-age depression?", "and hyponatraemia?"), "Does mirtazapine cause hyponatraemia in old-age depression?"),
        (("Do nasal sprays help children with rhinitis?", "throat irritation?"), "Do nasal sprays cause throat irritation in children with rhinitis?"),
        (("Does varenicline help smokers quit?", "nightmares?"), "Does varenicline cause nightmares in smokers?"),
        (("Is rituximab safe after stroke?", "pneumonia?"), "Does rituximab cause pneumonia after stroke?"),
        (("Is nortriptyline better than placebo in late-life depression?", "which one causes more falls?"), "Does nortriptyline cause falls compared with placebo in late-life depression?"),
        # A disease for a disease, where nothing says that it comes of what is given.
        (("Is adalimumab effective in psoriasis?", "and Crohn's disease?"), "Is adalimumab effective in Crohn's disease?"),
        (("Is sumatriptan effective for migraine?", "and cluster headache?"), "Is sumatriptan effective for cluster headache?"),
        # A verb goes with what it is asked of.
        (("Does risedronate prevent fractures in older women?", "and quality of life?"), "Does risedronate affect quality of life in older women?"),
        (("Does radiotherapy prolong survival in glioblastoma?", "and fatigue?"), "Does radiotherapy affect fatigue in glioblastoma?"),
        (("Does roflumilast reduce COPD exacerbations?", "weight loss?"), "Does roflumilast cause weight loss in COPD?"),
        (("Does roflumilast reduce COPD exacerbations?", "and exercise capacity?"), "Does roflumilast affect exercise capacity in COPD?"),
        (("Does apixaban reduce serious bleeding?", "and stroke?"), "Does apixaban reduce stroke?"),
        # Harms and costs are asked for in the place of what was.
        (("Does dexamethasone reduce mortality in meningitis?", "side effects?"), "What are the side effects of dexamethasone in meningitis?"),
        (("Does dexamethasone reduce mortality in meningitis?", "side effects?", "and hearing loss?"), "Does dexamethasone cause hearing loss in meningitis?"),
        (("Does surfactant reduce mortality in preterm infants?", "what does it cost?"), "What does surfactant cost in preterm infants?"),
        (("Does ketamine relieve depression?", "response rates?", "and dissociation?"), "Does ketamine cause dissociation in depression?"),
        # Whom the topic is on gives way to those without what they have, and an age to another.
        (("Does albumin reduce mortality in septic shock?", "and in sepsis without shock?"), "Does albumin reduce mortality in sepsis without shock?"),
        (("Does insulin reduce mortality in patients with diabetes?", "and in people without diabetes?"), "Does insulin reduce mortality in people without diabetes?"),
        (("Does insulin reduce mortality in people without diabetes?", "and kidney disease?"), "Does insulin reduce kidney disease in people without diabetes?"),
        (("Is mirtazapine effective in late-life depression?", "in younger adults?"), "Is mirtazapine effective in depression, in younger adults?"),
        (("Does calcium prevent fractures?", "in women under 50?", "and in older ones?"), "Does calcium prevent fractures, and in older ones?"),
        (("Does aspirin help healthy older people live longer?", "and in people under 60?"), "Does aspirin help healthy people live longer, and in people under 60?"),
        (("Is tight blood pressure control good in the elderly?", "what about younger people?"), "Is tight blood pressure control good, what about younger people?"),
        # What is done together is added.
        (("Does sertraline help adolescents with depression?", "on top of CBT?"), "Does sertraline help adolescents with depression, on top of CBT?"),
        (("Does hydrocortisone reduce delirium in sepsis?", "added to fludrocortisone?"), "Does hydrocortisone reduce delirium in sepsis, and added to fludrocortisone?"),
        # The medicine that is asked about, and not what it is taken with; a question with its own subject is whole.
        (("Does clarithromycin raise the risk of bleeding with rivaroxaban?", "what about azithromycin?"), "Does azithromycin raise the risk of bleeding with rivaroxaban?"),
        (("Are statins taken as prescribed after infarction?", "and does poor adherence cause strokes?"), "does poor adherence cause strokes?"),
        (("Is total knee replacement better than physiotherapy for osteoarthritis?", "dislocation?", "and function?"), "Does total knee replacement affect function compared with physiotherapy for osteoarthritis?"),
        # A level in blood by the name that it is known by; where less of it is eaten it is none.
        (("Is duloxetine better than placebo in old-age depression?", "what about low sodium?"), "Does duloxetine cause low blood sodium compared with placebo in old-age depression?"),
        (("Is eplerenone effective in heart failure?", "high potassium?"), "Does eplerenone cause high blood potassium in heart failure?"),
        (("Does dexamethasone reduce mortality in meningitis?", "high blood sugar?", "and in pneumonia?"), "Does dexamethasone cause high blood sugar in pneumonia?"),
        (("Does a low-salt diet lower blood pressure?", "and high potassium?"), "Does a high potassium lower blood pressure?"),
        # What comes of stopping it, how many it is needed in, and a comparison in one study are of the topic.
        (("Is sertraline better than placebo in adolescent depression?", "what happens after stopping?"), "What are the effects of stopping sertraline?"),
        (("Do statins prevent infarction in older people?", "and what happens if they stop taking them?"), "What are the effects of stopping statins?"),
        (("Does mammography reduce breast cancer deaths?", "how many women must be screened?"), "How many women must be screened for mammography?"),
        (("Does liraglutide lower body weight?", "compared head to head with semaglutide?"), "Does liraglutide lower body weight, compared with semaglutide?"),
        (("Is apixaban better than warfarin in atrial fibrillation?", "compared head to head?"), "Is apixaban better than warfarin in atrial fibrillation?"),
        # After an operation people walk again; walking takes no operation's place, but a training's.
        (("Is hemiarthroplasty better than total hip arthroplasty for hip fracture?", "and walking?"), "Does hemiarthroplasty affect walking compared with total hip arthroplasty for hip fracture?"),
        (("Does yoga help back pain?", "and walking?"), "Does walking help back pain?"),
        # Where the safety of something is judged an infection may come of it; another lasting disease is another one to judge it in.
        (("Is ocrelizumab safe in multiple sclerosis?", "and pneumonia?"), "Does ocrelizumab cause pneumonia in multiple sclerosis?"),
        (("Is metformin safe in kidney disease?", "and heart failure?"), "Is metformin safe in heart failure?"),
        (("Is nicotine gum better than placebo for quitting smoking?", "and dermatitis?"), "Does nicotine gum cause dermatitis compared with placebo?"),
        (("Does risedronate reduce mortality after hip fracture?", "and new fractures?"), "Does risedronate reduce new fractures after hip fracture?"),
        (("Is rivaroxaban noninferior to warfarin for stroke prevention in atrial fibrillation?", "major bleeding?"), "Does rivaroxaban cause major bleeding compared with warfarin in atrial fibrillation?"),
        # A test costs the same whatever it is to find.
        (("What is the sensitivity of FIT for colorectal cancer?", "and specificity?", "what does it cost?"), "What does FIT cost?"),
    ],
)  # fmt: skip
def test_what_is_asked_on_is_asked_of_what_the_topic_is_about(
    questions: tuple[str, ...], asked: str
) -> None:
    assert _asked(*questions).query == asked


TRIALS = [
    {
        "title": "Balloon dilation of the airway for severe asthma",
        "year": 2012,
        "text": "METHODS: 210 adults with severe asthma were randomised to balloon dilation or sham. RESULTS: Lung function did not differ between balloon dilation and sham (P=0.61). CONCLUSIONS: Airway dilation with a balloon did not improve lung function in severe asthma.",
    },
    {
        "title": "Cryogenic dilation of the airway for severe asthma",
        "year": 2022,
        "text": "METHODS: 96 adults with severe asthma were randomised to cryogenic dilation or sham. RESULTS: Lung function was better with cryogenic dilation than with sham (P=0.01). CONCLUSIONS: Cryogenic airway dilation improved lung function in severe asthma.",
    },
    {
        "title": "Sertraline with or without cognitive behavioural therapy in adolescents with anxiety",
        "year": 2010,
        "text": "METHODS: 320 adolescents were randomised to sertraline, cognitive behavioural therapy (CBT), both or placebo. RESULTS: Sertraline alone was superior to CBT alone (P=0.04). The combination of sertraline and CBT was superior to each (P<0.001). CONCLUSIONS: Sertraline improved anxiety in adolescents.",
    },
    {
        "title": "Stool antigen test for stomach cancer",
        "year": 2019,
        "text": "METHODS: 5200 patients had a stool antigen test before endoscopy. RESULTS: At 10 µg/g sensitivity for stomach cancer was 91.2% and specificity 80.1%. At 150 µg/g sensitivity was 68.3% and specificity 95.4%.",
    },
    {
        "title": "Stool antigen test in people younger than 50 years",
        "year": 2021,
        "text": "METHODS: 900 patients aged 18 to 49 years had a stool antigen test. RESULTS: At 10 µg/g sensitivity for stomach cancer was 86.0% and specificity 84.9%.",
    },
    {
        "title": "Switching from warfarin to apixaban in frail older patients",
        "year": 2023,
        "text": "METHODS: 1200 frail patients aged 75 or older were randomised to switch from warfarin to apixaban or to stay. RESULTS: Switching to apixaban increased bleeding (HR 1.58; 1.20-2.08). CONCLUSIONS: Switching from warfarin to apixaban increased bleeding in frail older patients.",
    },
    {
        "title": "Montelukast after myocardial infarction",
        "year": 2020,
        "text": "METHODS: 4100 patients with a recent myocardial infarction were randomised to montelukast or placebo. RESULTS: Montelukast did not reduce cardiovascular events (death, infarction or stroke; HR 0.97, 0.85-1.11).",
    },
    {
        "title": "Montelukast for prevention of cardiovascular events in survivors of ischaemic stroke",
        "year": 2023,
        "text": "METHODS: 2800 patients with a recent ischaemic stroke were randomised to montelukast or usual care. RESULTS: A primary endpoint event occurred in 8.1% with montelukast and 11.0% with usual care (HR 0.72; 0.57-0.92). Nightmares were more frequent with montelukast (4% vs 1%).",
    },
]


async def _answers(
    offline: Settings,
    tmp_path: Path,
    *questions: str,
    documents: Sequence[dict[str, Any]] = TRIALS,
) -> list[dict[str, Any]]:
    path = tmp_path / "documents.jsonl"
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
    return answer.partition("\n## ")[0].partition("\n### ")[0]


async def test_a_method_alone_keeps_the_other_out_of_the_answer(
    offline: Settings, tmp_path: Path
) -> None:
    first, only, dated, without = await _answers(
        offline,
        tmp_path,
        "Does airway dilation improve lung function in severe asthma?",
        "only cryogenic",
        "since 2020?",
        "new topic: does airway dilation improve lung function in severe asthma?",
    )
    assert "balloon did not improve" in _findings(first)
    assert "do not" not in _findings(only)
    for one in (only, dated):
        assert "Cryogenic airway dilation improved" in _findings(one)
        assert "does not differ" not in _findings(one)
        assert "balloon" not in _findings(one)
    assert "balloon did not improve" in _findings(without)


async def test_a_time_leaves_out_the_documents_of_another(
    offline: Settings, tmp_path: Path
) -> None:
    _, early, none = await _answers(
        offline,
        tmp_path,
        "Does airway dilation improve lung function in severe asthma?",
        "before 2015?",
        "before 2005?",
    )
    assert "balloon did not improve" in _findings(early)
    assert "Cryogenic" not in _findings(early)
    assert "none of them speaks of the years that are asked for" in _findings(none)


async def test_what_is_taken_together_is_told_of_the_two_together(
    offline: Settings, tmp_path: Path
) -> None:
    _, both = await _answers(
        offline,
        tmp_path,
        "Does sertraline help adolescents with anxiety?",
        "and together with CBT?",
    )
    assert "The combination of sertraline and CBT was superior" in _findings(both)
    assert "alone" not in _findings(both)


async def test_a_restriction_that_no_source_bears_is_let_go_and_told(
    offline: Settings, tmp_path: Path
) -> None:
    _, young, cut, after = await _answers(
        offline,
        tmp_path,
        "What is the sensitivity of the stool antigen test for stomach cancer?",
        "and in people under 50?",
        "at 150 µg/g?",
        "and specificity?",
    )
    assert "86.0%" in _findings(young)
    assert "let go" not in _findings(young)
    assert "'in people under 50' was let go" in _findings(cut)
    assert _findings(cut).find("At 150 µg/g sensitivity was 68.3%") > 0
    # It is gone for the next question, too, which does not say so again.
    assert "under 50" not in after["query"]
    assert "let go" not in _findings(after)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("is there anything in younger people?", "Nothing was found on younger people."),
        ("and after surgery?", 'Nothing was found on "after surgery".'),
    ],
)
async def test_whom_no_source_is_of_is_told_before_what_is_quoted(
    offline: Settings, tmp_path: Path, query: str, told: str
) -> None:
    first, second = await _answers(
        offline,
        tmp_path,
        "Does switching from warfarin to apixaban increase bleeding in frail older patients?",
        query,
    )
    assert "Nothing was found" not in _findings(first)
    findings = _findings(second)
    assert 0 < findings.find(told) < findings.find("Switching")


async def test_who_had_what_is_asked_on_is_quoted_and_no_one_else(
    offline: Settings, tmp_path: Path
) -> None:
    first, after, harm = await _answers(
        offline,
        tmp_path,
        "Does montelukast reduce cardiovascular events after myocardial infarction?",
        "and after stroke?",
        "nightmares?",
    )
    assert "HR 0.97" in _findings(first)
    # A stroke that is counted in the others is none that they have had.
    assert "HR 0.72" in _findings(after)
    assert "HR 0.97" not in _findings(after)
    assert "4% vs 1%" in _findings(harm)
    assert "Nothing was found" not in _findings(harm)


HARMS_AND_COSTS = [
    {
        "title": "Duloxetine or placebo for depression in old age",
        "year": 2018,
        "text": "METHODS: 310 adults aged 65 and older were randomised to duloxetine or placebo. RESULTS: Remission occurred in 41% with duloxetine and 30% with placebo (P=0.02). Hyponatraemia occurred in 7% of the duloxetine group and 1% of the placebo group.",
    },
    {
        "title": "Stopping duloxetine after remission",
        "year": 2020,
        "text": "METHODS: 290 patients who took duloxetine were assigned to continue or to stop. RESULTS: Relapse occurred in 51% of those who stopped and 33% of those who continued (HR 1.9; 1.4-2.6). Withdrawal symptoms were more common in those who stopped.",
    },
    {
        "title": "PSA screening and prostate cancer mortality",
        "year": 2019,
        "text": "METHODS: 150 000 men aged 55-70 were randomised to screening or control. RESULTS: The rate ratio of prostate cancer mortality was 0.82 (95% CI 0.74-0.91). CONCLUSIONS: PSA screening reduces prostate cancer mortality.",
    },
    {
        "title": "Diagnostic accuracy of FIT for colorectal cancer",
        "year": 2021,
        "text": "METHODS: 7000 patients had FIT before colonoscopy. RESULTS: Sensitivity of FIT for colorectal cancer was 91.4% and specificity 82.2%.",
    },
    {
        "title": "Cost-effectiveness of FIT screening every two years",
        "year": 2018,
        "text": "OBJECTIVES: To estimate cost-effectiveness. RESULTS: FIT every two years had an ICER of £5,940 per QALY gained compared with no screening. CONCLUSIONS: Biennial FIT screening is cost-effective.",
    },
]


async def test_no_source_of_another_topic_tells_what_it_costs(
    offline: Settings, tmp_path: Path
) -> None:
    asked = ("Does PSA screening reduce prostate cancer mortality?", "in men under 50?")
    *_, cost = await _answers(
        offline, tmp_path, *asked, "what does it cost?", documents=HARMS_AND_COSTS
    )
    assert "Nothing found that answers this" in _findings(cost)
    assert "5,940" not in _findings(cost)
    *_, cost = await _answers(
        offline,
        tmp_path,
        "What is the sensitivity of FIT for colorectal cancer?",
        "in people under 50?",
        "what does it cost?",
        documents=HARMS_AND_COSTS,
    )
    assert "5,940 per QALY" in _findings(cost)


async def test_a_level_in_blood_and_what_comes_of_stopping_are_found_by_their_names(
    offline: Settings, tmp_path: Path
) -> None:
    _, low, stopped = await _answers(
        offline,
        tmp_path,
        "Is duloxetine better than placebo in old-age depression?",
        "what about low sodium?",
        "what happens after stopping?",
        documents=HARMS_AND_COSTS,
    )
    assert "Hyponatraemia occurred in 7%" in _findings(low)
    assert "Relapse occurred in 51%" in _findings(stopped)
    assert "without 'compared with placebo in old-age depression'" in _findings(stopped)
    assert "Nothing was found" not in _findings(stopped)


def test_each_text_of_a_question_is_read_once() -> None:
    texts: list[str] = []

    def read(text: str) -> Entities:
        texts.append(text)
        return parse(text, DAY)

    for query in ("and falls?", "in younger people?", "and in women?", "what does it cost?"):
        texts.clear()
        turn(query, "Is yoga better than walking for older people with back pain?", [], read)
        assert texts.count("Is yoga better than walking for older people with back pain?") <= 1


class Reader(GenericFakeChatModel):
    """Plans another wording for the documents, and writes no answer."""

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        read = '{"intent": "evidence", "document_queries": ["stool antigen sensitivity stomach cancer"]}'
        text = "" if "Results:" in str(messages[-1].content) else read
        yield ChatGenerationChunk(message=AIMessageChunk(content=text))


async def test_what_a_model_read_stays_where_a_restriction_is_let_go(
    offline: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "documents.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in TRIALS), encoding="utf-8")
    settings = Settings(documents=str(path), cache_dir=offline.cache_dir)
    chat = Reader(messages=iter([AIMessage(content="")]))
    graph = build_graph(lambda: settings, model=lambda _: chat, today=lambda: DAY)
    graph.checkpointer = InMemorySaver()
    session: Any = {"configurable": {"thread_id": "s"}}
    context: Any = {"sources": ["documents"]}
    for query in (
        "What is the sensitivity of the stool antigen test for stomach cancer?",
        "and in people under 50?",
        "at 150 µg/g?",
    ):
        result = await graph.ainvoke({"query": query}, session, context=context)
    assert "'in people under 50' was let go" in _findings(dict(result))
    read = (await graph.aget_state(session)).values["entities"]
    assert read["planned_documents"] == ["stool antigen sensitivity stomach cancer"]
