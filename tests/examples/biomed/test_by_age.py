"""Who asks of an age, of whoever is older, or of which has the most of a risk, gets the sentence on that, and no untrue notice above it."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer import answering
from examples.biomed.answer.answering import Found
from examples.biomed.answer.bounds import bounds_of
from examples.biomed.answer.figures import asked_figures
from examples.biomed.answer.participants import took_part
from examples.biomed.answer.study_facts import FACTS, asked_fact
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

VACCINE = (
    "Maternal RSV vaccine and hospital admission for bronchiolitis: cohort study",
    "METHODS: 2,104 infants younger than 12 months were followed in two Danish regions. RESULTS: Effectiveness against admission for bronchiolitis was 68% (95% CI 60-75). "
    "It was 79% in infants younger than 3 months and 44% in those of 4 to 6 months. In women older than 85 years the hazard ratio for rash was 2.1. CONCLUSIONS: Maternal RSV vaccine prevented two of three admissions for bronchiolitis.",
)
PILLS = (
    "Sleeping pills and falls in old age",
    "RESULTS: Users of sleeping pills had more falls than non-users (HR 1.40, 95% CI 1.20-1.63), and more fractures of the hip (HR 1.31; 1.10-1.55). "
    "Falls were more frequent at night. The risk was highest with nitrazepam. CONCLUSIONS: Sleeping pills raise the risk of falls.",
)


def _found(question: str, title: str, text: str) -> Found:
    record = Record(type="article", id="1", title=title, url="", year=2020, text=text)
    return answering.find(parse(question, date(2026, 12, 1)), number({"literature": [record]}))


@pytest.mark.parametrize(
    "question",
    [
        "Does the maternal RSV vaccine work less well in older infants for bronchiolitis admission?",
        "Does the effect of maternal RSV vaccine on bronchiolitis admission differ by age?",
        "How effective is maternal RSV vaccine against bronchiolitis admission in babies over 4 months?",
        "Does maternal RSV vaccine prevent bronchiolitis admission in infants younger than 3 months?",
    ],
)
def test_the_value_for_two_ages_leads_where_an_age_is_asked_for(question: str) -> None:
    assert _found(question, *VACCINE).sentences[0].text.startswith("It was 79% in infants")


def test_of_all_ages_the_whole_leads() -> None:
    found = _found("Does maternal RSV vaccine prevent admission for bronchiolitis?", *VACCINE)
    assert not found.sentences[0].text.startswith("It was 79%")


def test_ages_in_months_are_ages() -> None:
    assert [one.kind for one in bounds_of("infants younger than 3 months, those of 6 to 11 months")] == ["age", "age"]  # fmt: skip
    assert [one.kind for one in bounds_of("we followed children for 6 months")] == ["time"]


def test_who_is_older_than_85_is_an_older_person() -> None:
    record = ("Rivaroxaban and major bleeding in atrial fibrillation", "RESULTS: Rivaroxaban caused more major bleeding than warfarin in atrial fibrillation (HR 1.40). In patients older than 85 years the hazard ratio for major bleeding was 1.82.")  # fmt: skip
    found = _found("Does rivaroxaban cause more major bleeding than warfarin in atrial fibrillation in people over 85?", *record)  # fmt: skip
    assert "older than 85" in found.sentences[0].text
    assert found.lost == []


def test_the_highest_risk_is_of_what_the_source_is_on() -> None:
    found = _found("Which sleeping pill had the highest risk of falls?", *PILLS)
    assert found.sentences[0].text == "The risk was highest with nitrazepam."


def test_an_outcome_turned_round_is_that_outcome() -> None:
    found = _found("Do sleeping pills raise the risk of hip fracture?", *PILLS)
    assert "fractures of the hip" in found.sentences[0].text
    assert found.of_others == ""


def test_how_many_people_is_no_dose() -> None:
    for question in ("How many women stop twice-daily iron?", "How many patients take metformin?"):
        assert [one.name for one in asked_figures(question)] == ["a count"]
    for question in ("How many tablets a day?", "How much aspirin should be taken daily?"):
        assert [one.name for one in asked_figures(question)] == ["a dose"]


@pytest.mark.parametrize(
    "question",
    ["Will my gran fall more on sleeping pills?", "Do sleeping pills cause falls in my grandad?"],
)
def test_for_whom_somebody_asks_is_no_topic(question: str) -> None:
    found = _found(question, *PILLS)
    assert found.sentences
    assert found.of_others == ""
    assert found.lost == []


def test_who_could_not_take_part_and_where_it_was() -> None:
    left_out = asked_fact("who could not take part?")
    assert left_out is not None
    assert left_out.name == "left out"
    (place,) = [one for one in FACTS if one.name == "place"]
    assert place.said("Nirsevimab was offered to all infants in three Spanish regions.")
    assert not place.said("Spanish influenza was severe.")
    assert took_part("Among 33,400 twins aged 60 and over, use was not associated with dementia.") == 33_400  # fmt: skip
