"""A slip of the pen in a plain word is mended and told; a word that is right, a name or a gene stays as it is."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from examples.biomed.terms.respelling import mended
from examples.biomed.terms.typos import nearest, nearest_word
from tests.examples.biomed.asking import parsed, pubmed

QUESTIONS = (
    Path(__file__).resolve().parents[3].parent / "shared" / "data" / "pubmedqa" / "questions.jsonl"
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("effcacy", "efficacy"),
        ("antibiotcs", "antibiotics"),
        ("treatmnt", "treatment"),
        ("pregnnt", "pregnant"),
        ("mortaliy", "mortality"),
        ("dermatits", "dermatitis"),
        ("recruting", "recruiting"),
        ("patiens", "patients"),
        ("childern", "children"),
        ("exercize", "exercise"),
        ("preventoin", "prevention"),
        ("informmation", "information"),
    ],
)
def test_a_slip_is_mended(written: str, read: str) -> None:
    assert mended(f"what of {written} then")[0] == f"what of {read} then"


@pytest.mark.parametrize(
    "text",
    [
        "ozempic and zepbound in people on kisunla",
        "does kegel training help after a whipple or nissen procedure",
        "oesophageal tumours, haemoglobin and anaesthesia in paediatric centres",
        "esophageal tumors, hemoglobin and anesthesia in pediatric centers",
        "bolus, tertiles, probit and centiles",
        "minilaparoscopic, nonoperative and laparoscopically assisted",
        "an enterotomy",
        "notch and lrrk in parkin carriers",
        "the Tretment scale of Childern and Effcacy",
        "see https://example.org/treatmnt and mortaliy.org",
        "treatmnt* OR childern*",
    ],
)
def test_what_may_be_right_stays(text: str) -> None:
    assert mended(text) == (text, [])


@pytest.mark.skipif(not QUESTIONS.exists(), reason="the questions are not here")
def test_no_word_of_a_thousand_questions_is_changed_and_most_slips_in_them_are_mended() -> None:
    questions = [json.loads(one)["question"] for one in QUESTIONS.read_text("utf-8").splitlines()]
    assert [one for question in questions for one in mended(question)[1]] == []
    words = sorted({one for text in questions for one in re.findall(r"\b[a-z]{8,}\b", text)})
    chosen = random.Random(5).sample(words, 100)
    slips = [(one, one[:4] + one[5] + one[4] + one[6:]) for one in chosen if one[4] != one[5]]
    right = [
        word in (mended(slip)[0], nearest_word(slip)) or nearest(slip) is not None
        for word, slip in slips
    ]
    assert sum(right) >= 0.65 * len(right)


def test_a_slip_is_told_and_what_was_written_is_searched_for_too() -> None:
    question = "effcacy of steroids for atopic dermatits in bolous pemphigoid"
    notes = parsed("effcacy of steroids for atopic dermatits")["notes"]
    assert notes == [
        "'effcacy' was read as 'efficacy'",
        "searched for 'dermatitis', you wrote 'dermatits', which is searched for too",
    ]
    assert '"Dermatitis, Atopic"[mh]' in pubmed("steroids for atopic dermatits")
    assert " OR pregnnt women" in pubmed("migraine in pregnnt women")
    (documents,) = plan("documents", question, parsed(question), QueryOptions().as_state())
    assert "dermatitis" in documents["arguments"]["query"]


def test_a_slip_in_what_narrows_a_search_narrows_it() -> None:
    read = parsed("recruting trials of yoga sicne 2020 in childern")
    assert (read["statuses"], read["date_from"], read["age_groups"]) == (
        ["RECRUITING"],
        "2020",
        ["CHILD"],
    )


def test_another_language_is_not_mended() -> None:
    assert not any("you wrote" in one for one in parsed("¿Es eficaz la metformina en la diabetes tipo 2?")["notes"])  # fmt: skip
