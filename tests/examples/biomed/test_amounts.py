"""Amounts and lengths of time that are compared are both required; those that are not compared are no words of a search."""

from __future__ import annotations

import pytest

from tests.examples.biomed.asking import parsed, pubmed


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        (
            "5 versus 10 days of antibiotics for pneumonia",
            ['("5 days" OR "5 day" OR "five days" OR "five day")', '"ten days"'],
        ),
        ("7 days vs 14 days of antibiotics for bacteremia", ['"1 week"', '"two weeks"']),
        ("6 or 12 months of dual antiplatelet therapy", ['"six months"', '"1 year"']),
        ("one versus two doses of HPV vaccine", ['"1 dose"', '"2 doses"']),
        ("81 mg vs 325 mg aspirin", ['"81 mg"', '"325 mg"']),
        ("5-day versus 10-day amoxicillin for strep throat", ['"5 day"', '"10 day"']),
        (
            "Is a 3-month course of anticoagulation as good as 6 months for DVT?",
            ['"three months"', '"six months"'],
        ),
        ("weekly vs every three weeks paclitaxel", ["week*", '"every 3 weeks"']),
        ("3-weekly vs weekly paclitaxel", ['"every three weeks"', "week*"]),
        ("Is 12 weeks of sofosbuvir better than 24 weeks?", ['"12 weeks"', '"24 weeks"']),
        (
            "Is four weeks of therapy noninferior to six weeks for osteomyelitis?",
            ['"4 weeks"', '"6 weeks"'],
        ),
        ("two or three embryos transferred in IVF", ['"2 embryos"', '"3 embryos"']),
        ("systolic target below 120 vs below 140 mmHg", ['"120 mmhg"', '"140 mmhg"']),
        ("antibiotics for 3 days instead of 7 days in cellulitis", ['"3 days"', '"7 days"']),
        ("immediate versus 6 weeks delayed weight bearing", ["immediat*", '"6 weeks"']),
        ("low-carb vs low-fat diet for weight loss", ["Carbohydrate-Restricted", "Fat-Restricted"]),
        ("single vs dual antiplatelet therapy after TAVI", ["singl*", "dual*"]),
        ("once weekly or daily alendronate", ["once weekly", "(daily* OR every day"]),
    ],
)
def test_both_sides_are_required_each_however_it_is_written(
    question: str, sides: list[str]
) -> None:
    groups = pubmed(question).split(" AND ")
    query = pubmed(question)
    assert all(one in query for one in sides)
    first, second = (next(n for n, group in enumerate(groups) if one in group) for one in sides[:2])
    assert first != second


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("90-day mortality after stroke", "day"),
        ("follow up at 6 or 12 months after stroke", "month"),
        ("children aged 5 or 10 years with asthma", "year"),
        ("metformin 850 mg and weight", "850"),
        ("type 1 vs type 2 diabetes outcomes", '"1'),
        ("phase 2 vs phase 3 trials of tirzepatide", '"2'),
    ],
)
def test_an_amount_that_is_not_compared_is_no_word(question: str, word: str) -> None:
    assert word not in pubmed(question)


def test_what_is_measured_is_asked_once() -> None:
    """ "Two doses" says the doses: they are no aspect beside it."""
    found = parsed("one versus two doses of HPV vaccine")
    assert [one["text"] for one in found["concepts"]][:2] == ["one dose", "two doses"]
    assert found["aspects"] == []
