"""What people said, what is one part of several, and what a study counts of its places: each is answered by the sentence on that."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer import answering
from examples.biomed.answer.agreement import agreement
from examples.biomed.answer.answering import Found
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

TALKS = (
    "Why adults with epilepsy do not take their tablets: interviews in two clinics",
    "We held 28 interviews with adults with epilepsy. They rarely feared side effects; most forgot the evening dose or had run out of tablets. Leaflets were not read. "
    "Trust in the nurse made them ask. Text messages and a nurse who calls may help adults with epilepsy to take their tablets.",
)
TRIAL = (
    "Colchicine after myocardial infarction",
    "METHODS: In seven countries 4,745 patients were randomised to colchicine or placebo after myocardial infarction. RESULTS: Cardiovascular death, infarction, stroke or urgent revascularisation occurred in 5.5% with colchicine "
    "and 7.1% with placebo (HR 0.77; 95% CI 0.61-0.96). Stroke was less frequent (HR 0.26; 0.10-0.70). CONCLUSIONS: Colchicine lowered cardiovascular events after myocardial infarction.",
)
OTHER = (
    "Colchicine early after myocardial infarction",
    "RESULTS: Death, infarction, stroke or revascularisation occurred in 9.1% with colchicine and 9.3% with placebo (HR 0.99; 95% CI 0.85-1.16). CONCLUSIONS: Colchicine did not lower cardiovascular events after myocardial infarction.",
)


def _asked(question: str, *records: tuple[str, str]) -> tuple[Found, str]:
    cited = number(
        {
            "literature": [
                Record(type="article", id=str(place), title=title, url="", year=2020, text=text)
                for place, (title, text) in enumerate(records, 1)
            ]
        }
    )
    found = answering.find(parse(question, date(2026, 12, 1)), cited)
    return found, agreement(found, cited)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Why do adults with epilepsy not take their tablets?", "most forgot the evening dose"),
        ("Do adults with epilepsy stop their tablets because of side effects?", "rarely feared side effects"),
    ],
)  # fmt: skip
def test_what_was_said_in_interviews_answers(question: str, told: str) -> None:
    found, _ = _asked(question, TALKS)
    assert told in found.sentences[0].text


def test_one_outcome_comes_before_the_composite_that_it_is_a_part_of() -> None:
    found, told = _asked("Does colchicine prevent stroke after a heart attack?", OTHER, TRIAL)
    assert found.sentences[0].text == "Stroke was less frequent (HR 0.26; 0.10-0.70)."
    assert "do not agree" not in told


def test_of_the_composite_itself_they_disagree() -> None:
    _, told = _asked("Does colchicine prevent cardiovascular events after myocardial infarction?", OTHER, TRIAL)  # fmt: skip
    assert "do not agree" in told


def test_in_how_many_countries_is_told_by_the_methods() -> None:
    found, _ = _asked("In how many countries was colchicine after myocardial infarction studied?", TRIAL)  # fmt: skip
    assert found.sentences[0].text.startswith("In seven countries")


def test_fathers_are_men() -> None:
    record = ("Peer support for postnatal depression", "RESULTS: Postnatal depression was less frequent in women with peer support (13.5% vs 24.8%). CONCLUSIONS: Peer support prevents postnatal depression in women.")  # fmt: skip
    found, _ = _asked("Does peer support prevent postnatal depression in fathers?", record)
    assert "men" in [*found.lost, *found.unsaid]


def test_intolerance_is_said_of_tolerance() -> None:
    record = ("Night meals and glucose in shift workers", "RESULTS: Eating at night led to glucose intolerance in shift workers. CONCLUSIONS: Shift workers should eat by day.")  # fmt: skip
    found, _ = _asked("Does eating at night impair glucose tolerance in shift workers?", record)
    assert "glucose intolerance" in found.sentences[0].text


@pytest.mark.parametrize(
    ("short", "heading"),
    [("DKA", "Diabetic Ketoacidosis"), ("VBAC", "Vaginal Birth after Cesarean"), ("SIBO", "Blind Loop Syndrome"), ("TMS", "Transcranial Magnetic Stimulation")],
)  # fmt: skip
def test_abbreviations_of_practice_are_known(short: str, heading: str) -> None:
    concepts = parse(f"what helps in {short}?", date(2026, 12, 1))["concepts"]
    assert heading in [one["heading"] for one in concepts]
