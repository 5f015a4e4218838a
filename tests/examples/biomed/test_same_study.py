"""What is counted as a source, and what a source is read to say of what is asked about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering
from examples.biomed.answer.asked import read_question
from examples.biomed.answer.readings import is_negative, is_of_composite
from examples.biomed.answer.strength import strength
from examples.biomed.citations import number
from examples.biomed.entities import parse

DAY = date(2026, 11, 23)


def _strength(question: str, *records: Any) -> tuple[answering.Found, str]:
    by = {"literature": [one for one in records if one["type"] == "article"]}
    cited = number(by | {"trials": [one for one in records if one["type"] == "trial"]})
    found = answering.find(parse(question, DAY), cited)
    return found, strength(found, cited)


def _article(key: str, text: str) -> Any:
    return {
        "type": "article",
        "id": key,
        "title": "Drug therapy with montelukast in asthma",
        "url": "",
        "year": 2020,
        "text": text,
    }


FEWER = "CONCLUSIONS: Montelukast reduced exacerbations of asthma (HR 0.71; 95% CI 0.60-0.84)."
REGISTERED = {
    "type": "trial",
    "id": "NCT01234567",
    "title": "Montelukast and exacerbations of asthma",
    "url": "",
    "year": 2020,
    "text": "",
    "outcome": "Exacerbations of asthma: montelukast 12%, placebo 20% (p = 0.01)",
}


def test_an_article_and_the_registration_of_its_trial_are_one_source() -> None:
    question = "Does montelukast reduce exacerbations of asthma?"
    found, told = _strength(question, _article("1", f"{FEWER} (NCT01234567)"), REGISTERED)
    assert sorted(found.speaking) == [1, 2]
    assert told.startswith("1 source speaks")
    assert "[1][2] are one study, and count once." in told
    assert "The sources agree" not in told
    _, told = _strength(question, _article("1", f"{FEWER} (NCT07654321)"), REGISTERED)
    assert told.startswith("2 sources speak")


@pytest.mark.parametrize(
    ("sentence", "negative"),
    [
        (
            "Diarrhoea was more common with drug A (9% vs 4%), but serious infections did not differ.",
            False,
        ),
        ("Serious infections were rarer, whereas diarrhoea did not differ between groups.", True),
        ("Diarrhoea was rarer, but this was not significant.", True),
        ("Diarrhoea occurred in 10.3% and 11.1% (P=0.06).", True),
    ],
)
def test_the_part_that_names_the_outcome_is_judged(sentence: str, negative: bool) -> None:
    asked = read_question(parse("Does colchicine cause diarrhoea?", DAY)).asked
    assert is_negative(sentence, asked) is negative


@pytest.mark.parametrize(
    ("sentence", "is_"),
    [
        (
            "Saline led to a higher rate of the composite outcome of death from any cause, dialysis or renal dysfunction.",
            True,
        ),
        ("It reduced the composite primary outcome (death, stroke, or infarction).", True),
        ("It reduced the composite of stroke and infarction; mortality fell, too.", False),
        ("Mortality was lower with saline.", False),
    ],
)
def test_what_a_composite_did_its_part_need_not_have_done(sentence: str, is_: bool) -> None:
    question = "Does saline reduce mortality?"
    assert is_of_composite(sentence, question, read_question(parse(question, DAY)).asked) is is_


@pytest.mark.parametrize(
    "sentence",
    [
        "There was no apparent cardiovascular interaction between clopidogrel and omeprazole.",
        "Concurrent use of omeprazole and clopidogrel led to no more infarctions.",
        "Clopidogrel co-prescribed with omeprazole had a weaker effect on platelets.",
    ],
)
def test_what_two_medicines_do_together_answers_who_asks_whether_they_interact(
    sentence: str,
) -> None:
    text = f"BACKGROUND: PPIs are common. METHODS: 3761 patients took part. RESULTS: Bleeding was 1.1% and 2.9% (P<0.001). CONCLUSIONS: {sentence}"
    record = {
        "type": "article",
        "id": "1",
        "title": "Omeprazole and clopidogrel",
        "url": "",
        "year": 2010,
        "text": text,
    }
    found, _ = _strength("Does omeprazole interact with clopidogrel?", record)
    assert [one.text for one in found.sentences] == [sentence]
