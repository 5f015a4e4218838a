"""Who asks of low risk is not told in silence what was found under high risk."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering
from examples.biomed.answer.answering import Found
from examples.biomed.answer.contraries import contraries_of
from examples.biomed.citations import number
from examples.biomed.entities import parse

TITLE = "Aspirin for prevention of preterm pre-eclampsia"
TEXT = (
    "BACKGROUND: Preterm pre-eclampsia is a cause of death. METHODS: 1,700 women at high risk were randomised to aspirin or placebo. "
    "RESULTS: Preterm pre-eclampsia occurred in 1.6% of the aspirin group and 4.3% of the placebo group (OR 0.38). "
    "The incidence of pre-eclampsia at term was not reduced (OR 0.95; 0.57-1.57). "
    "CONCLUSIONS: Aspirin in women at high risk resulted in a lower incidence of preterm pre-eclampsia than placebo."
)


def _found(question: str, title: str = TITLE, text: str = TEXT) -> Found:
    record: Any = {
        "type": "document",
        "id": "one",
        "title": title,
        "url": "",
        "year": 2017,
        "text": text,
    }
    return answering.find(parse(question, date(2026, 11, 23)), number({"documents": [record]}))


@pytest.mark.parametrize(
    "question",
    ["Does aspirin prevent pre-eclampsia at term?", "Does aspirin reduce term pre-eclampsia?"],
)
def test_the_sentence_on_what_is_asked_for_answers_and_none_on_the_other(question: str) -> None:
    found = _found(question)
    assert "OR 0.95" in found.sentences[0].text
    assert not any("OR 0.38" in one.text for one in found.sentences)
    assert not found.of_others


def test_who_asks_for_the_other_is_quoted_that() -> None:
    found = _found("Does aspirin prevent preterm pre-eclampsia?")
    assert not any("OR 0.95" in one.text for one in found.sentences)
    assert not found.of_others


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Does aspirin prevent pre-eclampsia in women at low risk?", "low risk"),
        ("Does aspirin prevent pre-eclampsia in low-risk women?", "low-risk women"),
        ("Does aspirin prevent pre-eclampsia where the risk is low?", "risk is low"),
    ],
)
def test_where_only_the_other_is_told_of_the_answer_says_so_first(
    question: str, asked: str
) -> None:
    found = _found(question)
    assert found.sentences
    assert f'Nothing was found on "{asked}".' in found.of_others
    assert 'What is quoted is on "high risk' in found.of_others
    assert asked in found.lost


@pytest.mark.parametrize(
    "question",
    [
        "Does aspirin prevent pre-eclampsia in women at high risk?",
        "Does aspirin prevent pre-eclampsia?",
        "Is aspirin better in women at low risk or at high risk of pre-eclampsia?",
        "Does low-dose aspirin prevent pre-eclampsia?",
    ],
)
def test_nothing_is_said_where_nothing_is_contrary(question: str) -> None:
    found = _found(question)
    assert found.sentences
    assert "Nothing was found on" not in found.of_others


def test_a_name_is_no_side() -> None:
    """Of chronic pancreatitis a source on acute pancreatitis does not speak at all."""
    read = parse("Does chronic pancreatitis shorten life?", date(2026, 11, 23))
    assert contraries_of(read["question"], read["concepts"]) == []


@pytest.mark.parametrize(
    ("age", "is_told"),
    [("50-year-olds", True), ("a 50-year-old woman", True), ("65-year-olds", False)],
)
def test_an_age_outside_of_those_studied_is_told(age: str, is_told: bool) -> None:
    found = _found(
        f"Does the RSV vaccine protect {age}?",
        "RSV vaccine in older adults",
        "METHODS: 25,000 adults 60 years of age or older were randomised to RSV vaccine or placebo. RESULTS: One dose of RSV vaccine "
        "reduced RSV lower respiratory disease in adults 60 years of age or older (7 v 40 cases).",
    )
    assert found.sentences
    assert ("50-year-old" in found.of_others) == is_told
