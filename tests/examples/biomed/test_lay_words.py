"""Who asks in the words of every day, by a brand or by a member of a class is answered from texts that have the other words; and told so where that is less."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from examples.biomed.terms.lay_words import LAY_WORDS, in_their_place
from tests.examples.biomed.asking import parsed

DAY = date(2026, 11, 23)

NSAIDS = (
    "SSRIs, NSAIDs and upper gastrointestinal bleeding",
    "A meta-analysis of 19 studies. The risk of upper gastrointestinal bleeding rose with NSAIDs (OR 4.2, 95% CI 2.8-6.3). NSAIDs doubled readmissions.",
)


def _found(question: str, *about: tuple[str, str]) -> answering.Found:
    records: list[Any] = [
        {"type": "article", "id": str(place), "title": title, "year": 2020, "text": text}
        for place, (title, text) in enumerate(about, 1)
    ]
    return answering.find(parse(question, DAY), number({"literature": records}))


@pytest.mark.parametrize(
    ("question", "title", "sentence"),
    [
        ("Does hydrocortisone make septic patients less confused?", "Hydrocortisone in severe sepsis", "Delirium was less frequent with hydrocortisone than with placebo in sepsis (11.2% vs. 24.5%, P=0.03)."),
        ("Is dabigatran safe with a metal aortic valve?", "Dabigatran in patients with mechanical heart valves", "Dabigatran caused more bleeding complications than warfarin in patients with mechanical heart valves (27% vs. 12%, P=0.01)."),
        ("Does atropine quicken the pulse in divers?", "Atropine in divers", "Heart rate was higher with atropine than with placebo in divers (P<0.001)."),
        ("Do statins make old people forgetful?", "Statins and memory in older people", "Memory did not differ between statins and placebo in older people (P=0.44)."),
        ("Is vaping better than patches for stopping smoking?", "E-cigarettes or nicotine patches for smoking cessation", "E-cigarettes were more effective for smoking cessation than nicotine patches (18.0% vs. 9.9%, P<0.001)."),
    ],
)  # fmt: skip
def test_the_sentence_in_other_words_answers(question: str, title: str, sentence: str) -> None:
    found = _found(question, (title, f"We studied 300 people. {sentence}"))
    assert [one.text for one in found.sentences][:1] == [sentence]
    assert not found.of_others


def test_a_source_on_a_class_answers_for_its_member_and_says_so_first() -> None:
    found = _found("Does naproxen cause gastrointestinal bleeding?", NSAIDS)
    assert found.sentences[0].text.startswith("The risk of upper gastrointestinal bleeding rose")
    assert found.of_others.startswith(
        "**What is quoted is on NSAIDs, of which naproxen is one, and does not report it apart.**"
    )
    assert "naproxen" in found.lost


@pytest.mark.parametrize(
    "question",
    [
        "Does paracetamol cause gastrointestinal bleeding?",
        "Is naproxen or ibuprofen worse for gastrointestinal bleeding?",
        "Does warfarin cause gastrointestinal bleeding?",
        "Is naproxen better than an SSRI for gastrointestinal bleeding?",
    ],
)
def test_a_class_does_not_answer_for_what_is_not_of_it_nor_between_two_of_it(question: str) -> None:
    assert not _found(question, NSAIDS).sentences


def test_what_is_said_of_one_member_of_a_class_is_not_said_of_another() -> None:
    omeprazole = (
        "PPIs with clopidogrel: the omeprazole trial",
        "PPIs may interact with clopidogrel. There was no interaction of omeprazole with clopidogrel (P=0.98). PPIs were safe with clopidogrel.",
    )
    assert not _found("Does pantoprazole interact with clopidogrel?", omeprazole).sentences


def test_who_tells_of_the_medicine_itself_comes_alone() -> None:
    own = (
        "Naproxen and gastrointestinal bleeding",
        "Gastrointestinal bleeding was more frequent with naproxen than with placebo (3% vs. 1%, P=0.01).",
    )
    found = _found("Does naproxen cause gastrointestinal bleeding?", NSAIDS, own)
    assert {one.n for one in found.sentences} == {2}
    assert not found.of_others


def test_a_class_that_is_named_in_passing_does_not_answer_for_its_member() -> None:
    passing = (
        "Gastrointestinal bleeding in the elderly",
        "Gastrointestinal bleeding in the elderly rose by 3% a year. NSAIDs were stopped in all.",
    )
    assert not _found("Does naproxen cause gastrointestinal bleeding?", passing).sentences


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Is Prozac effective in teenagers?", {"fluoxetine", "adolescent"}),
        ("Does Vascepa cause atrial fibrillation?", {"icosapent"}),
        ("Is a fractured neck of femur fixed at night safe?", {"hip"}),
    ],
)
def test_a_collection_is_searched_for_the_other_words_too(question: str, words: set[str]) -> None:
    searched = _searched(question)
    assert searched.startswith(question)
    assert words <= set(searched.lower().split())


def test_nothing_is_added_to_the_words_of_who_asks_as_a_text_has_it() -> None:
    asked = "Is fluoxetine effective in depression?"
    assert _searched(asked).strip() == asked


def _searched(question: str) -> str:
    (call,) = plan("documents", question, parsed(question), QueryOptions().as_state())
    return str(call["arguments"]["query"])


def test_each_line_of_words_stands_for_something_else_than_itself() -> None:
    for word, others in LAY_WORDS.items():
        assert word.islower(), word
        assert others, word
        assert word not in others, word
    assert in_their_place("bruises") == in_their_place("bruise")
    assert in_their_place("warfarin") == ()
