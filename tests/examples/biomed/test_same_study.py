"""What is counted as a source, and what a source is read to say of what is asked about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering
from examples.biomed.answer.asked import read_question
from examples.biomed.answer.designs import design_of
from examples.biomed.answer.readings import is_negative, is_of_composite
from examples.biomed.answer.same_study import is_one_study
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


def _told_of(title: str, text: str, **facts: Any) -> Any:
    return {"type": "article", "id": "1", "title": title, "url": "", "year": 2015, "text": text, **facts}  # fmt: skip


STOPAH = _told_of(
    "Prednisolone or pentoxifylline for alcoholic hepatitis",
    "METHODS: 1103 patients were randomised in the STOPAH trial. CONCLUSIONS: Prednisolone did not improve survival.",
    authors=["Thursz MR", "Richardson P"],
    registry_ids=["ISRCTN88782125"],
)


@pytest.mark.parametrize(
    ("title", "text", "facts", "is_one"),
    [
        ("Prednisolone in hepatitis", "Its number is ISRCTN 88782125.", {}, True),
        ("Steroids for alcoholic hepatitis (STOPAH): cost-effectiveness", "METHODS: 1103 patients took part.", {}, True),
        ("Protocol of the STOPAH trial", "METHODS: 1200 patients will be randomised.", {}, True),
        ("Prednisolone and infection", "METHODS: 1103 patients were randomised.", {"authors": ["Vergis N", "Thursz M"]}, True),
        ("Prednisolone and infection", "METHODS: 1103 patients were randomised.", {}, True),
        ("Prednisolone and infection", "METHODS: 1103 patients were randomised.", {"authors": ["Smith A"]}, False),
        ("Prednisolone and infection", "METHODS: 418 patients were randomised.", {}, False),
        ("Prednisolone in hepatitis", "METHODS: 1103 patients. ISRCTN11111111.", {}, False),
        ("A meta-analysis of steroids (STOPAH, ISRCTN88782125)", "METHODS: 1103 patients took part.", {}, False),
    ],
)  # fmt: skip
def test_two_articles_of_one_study_are_told_by_its_number_its_name_or_its_people(
    title: str, text: str, facts: dict[str, Any], *, is_one: bool
) -> None:
    other = _told_of(title, text, **facts)
    assert is_one_study(STOPAH, other) is is_one
    assert is_one_study(other, STOPAH) is is_one


def test_two_articles_of_one_study_count_once_and_agree_with_nobody() -> None:
    again = {**STOPAH, "id": "2", "title": "Alcoholic hepatitis: secondary analysis of STOPAH"}
    question = "Does prednisolone improve survival in alcoholic hepatitis?"
    _, told = _strength(question, STOPAH, again)
    assert told.startswith("1 source speaks")
    assert "[1][2] are one study, and count once." in told
    assert "The sources agree" not in told
    better = {**again, "text": "CONCLUSIONS: Prednisolone improved survival. It is of the STOPAH trial."}  # fmt: skip
    _, told = _strength(question, STOPAH, better)
    assert "**The sources do not agree.** [2] says that survival gets better" in told


@pytest.mark.parametrize(
    "title",
    [
        "Colchicine in pericarditis: pooled analysis of placebo-controlled studies",
        "Colchicine in pericarditis: individual patient data from five trials",
        "Colchicine: combined analysis of randomised trials",
    ],
)
def test_a_meta_analysis_by_another_name_is_one(title: str) -> None:
    assert design_of(_told_of(title, "Patients were randomised.")) == "meta-analysis"


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
