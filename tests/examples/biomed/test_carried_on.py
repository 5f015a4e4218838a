"""A sentence that says only in whom, or at what dose, a finding does not hold answers who asks for those, first."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.carried_on import carries_on
from examples.biomed.answer.comparing import compared, direct
from examples.biomed.answer.synthesis import write
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.leaving_out import is_of_left_out
from examples.biomed.records import Record

DAY = date(2026, 11, 23)
TITLE = "Tofacitinib and infections in rheumatoid arthritis"
TEXT = (
    "METHODS: 4000 patients. RESULTS: Herpes zoster was more frequent with tofacitinib than with adalimumab (HR 3.3; 95% CI 2.0-5.4). "
    "{carried} CONCLUSIONS: Tofacitinib was associated with an increased risk of herpes zoster."
)
UNDER_40 = "The risk was not seen in patients younger than 40 years (HR 1.02; 0.4-2.3)."


def _record(carried: str, title: str = TITLE, text: str = TEXT) -> Record:
    text = text.format(carried=carried)
    return Record(type="article", id="1", title=title, url="", year=2020, text=text)


def _found(question: str, carried: str) -> Found:
    return find(parse(question, DAY), number({"literature": [_record(carried)]}))


@pytest.mark.parametrize(
    ("whom", "carried"),
    [
        ("in people under 40", UNDER_40),
        ("under 40 years of age", UNDER_40),
        ("in younger patients", UNDER_40),
        ("in men", "No such association was found in men (HR 1.04; 0.71-1.52)."),
        ("in people over 80", "The effect was not observed in participants aged 80 years or older (RR 0.99; 0.82-1.20)."),
        ("at 5 mg", "The excess was absent at doses of 5 mg (RR 1.03; 0.88-1.21)."),
        ("in people who stopped within a year", "This increase disappeared among people who stopped within a year (HR 1.01; 0.90-1.13)."),
    ],
)  # fmt: skip
def test_that_it_does_not_hold_of_whom_is_asked_for_comes_first(whom: str, carried: str) -> None:
    question = f"Does tofacitinib increase herpes zoster {whom}?"
    found = _found(question, carried)
    assert found.sentences[0].text == carried
    assert "associated with an increased risk" in found.sentences[1].text
    text = write(question, number({"literature": [_record(carried)]}), [], {}, [], found=found)
    assert "[1] says that herpes zoster does not differ significantly" in text
    assert found.lost == []


def test_in_whom_it_was_measured_apart_is_quoted_with_its_figure() -> None:
    found = _found("Does tofacitinib cause herpes zoster in women?", "In women the HR was 3.46.")
    assert found.sentences[0].text == "In women the HR was 3.46."


@pytest.mark.parametrize("whom", ["", " in people over 60", " in women"])
def test_of_others_it_is_not_said(whom: str) -> None:
    found = _found(f"Does tofacitinib cause herpes zoster{whom}?", UNDER_40)
    assert UNDER_40 not in [one.text for one in found.sentences]
    assert found.sentences


def test_what_carries_on_another_finding_is_not_of_this_one() -> None:
    carried = "Tuberculosis was more frequent with adalimumab (HR 2.1; 1.2-3.7). " + UNDER_40
    found = _found("Does tofacitinib cause herpes zoster in people under 40?", carried)
    assert UNDER_40 not in [one.text for one in found.sentences]


@pytest.mark.parametrize(
    ("text", "does"),
    [
        (UNDER_40, True),
        ("In men the hazard ratio was 1.04.", True),
        ("In trials testing more than 1 g per day the HR was 1.49; in those testing 1 g or less per day it was 1.12.", True),
        ("Bleeding was not seen in patients younger than 40 years.", False),
        ("The risk was not seen.", False),
        ("Treatment within 1 hour reduced death from bleeding most (RR 0.66, 0.54-0.80).", False),
        ("In men the risk of stroke was 1.04.", False),
    ],
)  # fmt: skip
def test_what_names_a_thing_of_its_own_does_not_carry_on(text: str, *, does: bool) -> None:
    assert carries_on(text) is does


HIGH, LOW = "High-dose tofacitinib and infections in rheumatoid arthritis", "Tofacitinib by dose"
APART = "In trials with more than 10 mg per day the RR was 1.96 (1.58-2.43); in those with 5 mg or less per day it was 1.21 (1.02-1.44)."


@pytest.mark.parametrize(
    "question",
    [
        "Does low-dose tofacitinib increase herpes zoster?",
        "Does tofacitinib at 5 mg or less increase herpes zoster?",
        "Does tofacitinib below 5 mg increase herpes zoster?",
    ],
)
def test_who_tells_of_the_dose_that_is_asked_for_apart_is_quoted_first(question: str) -> None:
    of_high, of_both = _record("", HIGH), {**_record(APART, LOW), "id": "2"}
    found = find(parse(question, DAY), number({"literature": [of_high, of_both]}))
    assert (found.sentences[0].text, found.sentences[0].n) == (APART, 2)


@pytest.mark.parametrize(
    ("question", "title", "is_left"),
    [
        ("Is warfarin better than dabigatran in atrial fibrillation without valve disease?", "Dabigatran versus warfarin in patients with mechanical heart valves", True),
        ("Is warfarin better than dabigatran in atrial fibrillation without valve disease?", "Dabigatran versus warfarin in patients with nonvalvular atrial fibrillation", False),
        ("Does metformin lower weight in people without thyroid disease?", "Metformin and weight in women with an underactive thyroid", True),
        ("Does metformin lower weight in people without thyroid disease?", "Metformin and weight in women without thyroid nodules", False),
    ],
)  # fmt: skip
def test_who_has_something_of_the_organ_whose_disease_is_left_out_is_left_out(
    question: str, title: str, *, is_left: bool
) -> None:
    entities = parse(question, DAY)
    record = _record("", title)
    cited = number({"literature": [record]})
    assert is_of_left_out(record, entities) is is_left
    if is_left:
        assert (direct(entities, cited), compared(entities, cited)) == ([], "")
