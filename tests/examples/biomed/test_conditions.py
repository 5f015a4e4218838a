"""What is asked of a time, an age, a dose, a subgroup or an arm is answered by a sentence on that, or it is said first that none is."""

from __future__ import annotations

import math
from datetime import date

import pytest

from examples.biomed import entities
from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.bounds import bounds_of, held
from examples.biomed.answer.conditions import fits, is_of_other_arm, other_arms
from examples.biomed.citations import number
from examples.biomed.records import Record


def _found(question: str, title: str, text: str) -> Found:
    record = Record(type="article", id="1", title=title, url="", year=None, text=text)
    return find(entities.parse(question, date(2026, 11, 23)), number({"literature": [record]}))


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("in adults over 80?", ("age", 80, math.inf)),
        ("children aged 6 to 11 years", ("age", 6, 11)),
        ("women aged 70 years or older", ("age", 70, math.inf)),
        ("children under 5", ("age", 0, 5)),
        ("if given after 3 hours", ("time", 3, math.inf)),
        ("within 90 days", ("time", 0, 2160)),
        ("12-month mortality", ("time", 8760, 8760)),
        ("semaglutide 2.4 mg", ("dose", 2.4, 2.4)),
    ],
)
def test_bounds_are_read(text: str, bounds: tuple[str, float, float]) -> None:
    (one,) = bounds_of(text)
    assert one[:3] == bounds


@pytest.mark.parametrize("text", ["score of 70 points", "18% against 20 women", "3 of 4 patients"])
def test_what_bounds_nothing_is_none(text: str) -> None:
    assert bounds_of(text) == ()


@pytest.mark.parametrize(
    ("asked", "text", "is_"),
    [
        ("aged 6 to 11 years", "in those aged 12 to 17 years", "other"),
        ("aged 6 to 11 years", "in those aged 6 to 11 years", "same"),
        ("adults over 80", "in adults aged 50 to 64 years", "other"),
        ("after 3 hours", "treatment within 1 hour", "other"),
        ("after 3 hours", "treatment after 3 hours", "same"),
        ("at 5 years", "survival at 1 year", "other"),
        ("1 year", "12 months", "same"),
        ("after 3 hours", "it worked", ""),
    ],
)
def test_a_text_holds_on_what_is_asked(asked: str, text: str, is_: str) -> None:
    (wanted,) = bounds_of(asked)
    assert held(text, wanted) == is_


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("In participants without diabetes, it fell.", "same"),
        ("In participants with type 2 diabetes, it fell.", "other"),
        ("In participants with a prior amputation, it fell.", "other"),
        ("It fell.", ""),
        ("It fell more in patients with cancer than in others.", ""),
    ],
)
def test_a_subgroup_fits(text: str, is_: str) -> None:
    question = "Does dapagliflozin slow kidney disease in people without diabetes?"
    assert fits(text, question, "Dapagliflozin in kidney disease") == is_


def test_an_arm_that_is_compared_with_alone_is_no_answer() -> None:
    question, title = "What are the side effects of ketamine?", "Ketamine versus ECT for depression"
    arms = other_arms(title, "", question)
    assert is_of_other_arm("ECT was associated with memory loss.", title, arms, question)
    assert is_of_other_arm("In the placebo group, nausea rose.", title, arms, question)
    assert not is_of_other_arm("Ketamine led to dissociation.", title, arms, question)
    assert not is_of_other_arm("Memory loss was rarer than with ECT.", title, arms, question)


def test_the_time_that_is_asked_of_comes_before_the_conclusion() -> None:
    found = _found(
        "Does tranexamic acid reduce death from bleeding if given after 3 hours?",
        "Tranexamic acid in injured patients",
        "RESULTS: Tranexamic acid reduced death from bleeding (4.8% vs 5.6%). Treatment after 3 hours increased death from bleeding "
        "(4.3% vs 3.0%). CONCLUSIONS: Tranexamic acid reduced death from bleeding in trauma.",
    )
    assert found.sentences[0].text.startswith("Treatment after 3 hours")
    assert found.lost == []


def test_another_age_is_told_first() -> None:
    found = _found(
        "Is the vaccine effective against influenza in children aged 6 to 11 years?",
        "Vaccine against influenza in children",
        "The vaccine was effective against influenza in children aged 12 to 17 years (78%, p<0.01).",
    )
    assert found.lost == ["children aged 6 to 11 years"]
    assert 'Nothing was found for "children aged 6 to 11 years"' in found.of_others


@pytest.mark.parametrize("brand", ["Prilosec", "Omeprazole"])
def test_a_medicine_by_another_name_is_not_taken_for_the_other_arm(brand: str) -> None:
    found = _found(
        f"Does {brand} cause vitamin B12 deficiency?",
        "Omeprazole and vitamin B12 deficiency",
        "Omeprazole was associated with more B12 deficiency (8.1%; p<0.01).",
    )
    assert [one.n for one in found.sentences] == [1]


def test_who_takes_a_medicine_by_its_generic_name_is_who_is_asked_about() -> None:
    question, names = "Does Glucophage work in people on Zocor?", "metformin simvastatin"
    scope = "In participants taking simvastatin, it fell."
    assert fits(scope, question, "A trial of sugar", names) == "same"
    assert fits(scope, question, "A trial of sugar") == "other"
