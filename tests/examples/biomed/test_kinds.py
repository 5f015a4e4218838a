"""The questions of the evaluation by kinds: every one is read, and searched for, as it should be."""

from __future__ import annotations

import pytest

from benchmarks import biomed_judged
from benchmarks.biomed_kinds import QUESTIONS, TODAY, Expected, faults
from examples.biomed.entities import parse


@pytest.mark.parametrize(
    ("question", "expected"), [(question, expected) for _, question, expected in QUESTIONS]
)
def test_a_question_is_searched_for_as_it_should_be(question: str, expected: Expected) -> None:
    assert faults(question, expected) == []


def test_a_question_that_is_not_is_told() -> None:
    wrong = faults("aspirin and ibuprofen", {"requires": ["warfarin"], "asks": {"sex": "MALE"}})
    assert len(wrong) == 2


@pytest.mark.parametrize(
    "question",
    [
        # Siblings of theirs that nothing is written down for: each side is excluded, respelt or placed.
        "asthma treatment in people who have never taken steroids",
        "migraine prevention without propranolol",
        "pain control in patients not taking opioid analgesics",
    ],
)
def test_what_was_never_taken_is_left_out(question: str) -> None:
    assert len(parse(question, TODAY)["excluded"]) == 1


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("alzheimers diseese prevention", "alzheimers disease"),
        ("myocardial infraction and aspirin", "myocardial infarction"),
        ("multiple schlerosis", "multiple sclerosis"),
        ("ulcerative collitis", "ulcerative colitis"),
    ],
)
def test_a_slip_inside_a_longer_name_is_seen(written: str, name: str) -> None:
    assert parse(written, TODAY)["conditions"] == [name]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("diabetis", "diabetes"),
        ("diabetus", "diabetes"),
        ("diabeties", "diabetes"),
        ("psoriasys", "psoriasis"),
        ("psoriosis", "psoriasis"),
        ("endometriosys", "endometriosis"),
        ("sarcoidosys", "sarcoidosis"),
        ("thrombosys", "thrombosis"),
        # Two spellings of it, British and American.
        ("leukemea", "leukemia"),
        ("anemea", "anemia"),
        ("anaemea", "anemia"),
        # As near to "arteritis", which is not said so.
        ("artritis", "arthritis"),
        ("ezcema", "eczema"),
        ("depresion", "depression"),
        ("anxeity", "anxiety"),
        ("hepatitus", "hepatitis"),
    ],
)
def test_a_misspelt_disease_is_read_as_it_is_written_right(written: str, name: str) -> None:
    found = parse(f"treatment of {written}", TODAY)
    assert found["conditions"] == [name]
    assert found["notes"] == [f"{written!r} was read as {name!r}; both are searched for"]


def test_sentences_of_fifty_answers_are_judged_by_hand() -> None:
    judged = biomed_judged.judgements()
    rounds = [one["round"] for one in biomed_judged.rounds()]
    assert rounds == ["first", "before", "after", "anew", "clinicians"]
    assert all(len(biomed_judged.judgements(one)) >= 50 for one in rounds)
    assert {one["answers"] for one in judged} <= {"yes", "part", "no"}
    assert all(one["reason"] and one["sentence"] and one["citation"].isdigit() for one in judged)
