"""A model's sentence in other words than its source is borne; one that says more, or gives an arm the other's number, is not."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import biomed_claims
from examples.biomed.citations import number
from examples.biomed.model.claims import CONTRARY, NOT_FOUND, SURER, doubts


def _doubts(sentence: str, text: str) -> list[str]:
    record: dict[str, Any] = {
        "type": "article", "id": "1", "title": "A study", "year": 2019, "text": text,
    }  # fmt: skip
    return [one.why for one in doubts(f"{sentence[:-1]} [1].", number({"literature": [record]}))]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Paracetamol relieved headache.", "Acetaminophen relieved headache in adults."),
        ("Myocardial infarction was less frequent with atenolol.", "Heart attacks were less common with atenolol."),
        ("Anaemia improved with iron.", "Anemia improved after iron was given."),
        ("About 3,500 nurses took part.", "The survey was answered by 3,482 nurses."),
        ("Weight fell by 7% with liraglutide.", "Liraglutide lowered weight by 7.2%."),
        ("Pain did not differ between gabapentin and placebo.", "There was no significant difference in pain between gabapentin and placebo."),
        ("Gabapentin led to fewer seizures.", "Gabapentin reduced seizures."),
        ("Fever lasted 3 days with oseltamivir and 5 days with placebo.", "Fever was shorter with oseltamivir than with placebo (3 versus 5 days)."),
        ("Fever lasted 3 days with oseltamivir and 5 days with placebo.", "Compared with placebo, oseltamivir shortened fever (3 versus 5 days)."),
    ],
)  # fmt: skip
def test_other_words_for_the_same_are_borne(sentence: str, text: str) -> None:
    assert _doubts(sentence, text) == []


@pytest.mark.parametrize(
    ("sentence", "text", "why"),
    [
        ("See the removed letters.", "Yoga reduced falls.", NOT_FOUND),
        ("About 4,500 nurses took part.", "The survey was answered by 3,482 nurses.", NOT_FOUND),
        ("Weight fell by 8% with liraglutide.", "Liraglutide lowered weight by 7.2%.", NOT_FOUND),
        ("Gabapentin reduced migraine attacks.", "Gabapentin reduced seizures in epilepsy.", NOT_FOUND),
        ("Fever lasted 5 days with oseltamivir and 3 days with placebo.", "Fever was shorter with oseltamivir than with placebo (3 versus 5 days).", CONTRARY),
        ("Yoga definitely reduced back pain.", "Yoga may have reduced back pain.", SURER),
        ("Yoga reduced back pain in all patients.", "Yoga reduced back pain.", SURER),
        ("Yoga reduced fractures.", "Yoga reduced falls. Whether it reduces fractures is unclear.", SURER),
        ("Yoga led to fewer falls.", "Yoga led to more falls.", CONTRARY),
    ],
)  # fmt: skip
def test_what_the_source_does_not_say_is_marked(sentence: str, text: str, why: str) -> None:
    assert _doubts(sentence, text) == [why]


def test_the_measure_of_false_marks_and_misses_holds() -> None:
    rates = {what.partition(", of")[0]: value for what, value, _, _ in biomed_claims.rows()}
    assert rates["claims, looked at: false marks"] <= 10
    assert rates["claims, held: false marks"] <= 10
    assert rates["claims, looked at: misses"] <= 10
    assert rates["claims, held: misses"] <= 20
