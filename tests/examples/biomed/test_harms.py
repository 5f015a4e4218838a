"""Who asks for a harm is not told of a benefit: the sentence that names the harm is quoted before it."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.findings import finding, tells_of_change
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

BENEFIT = "Yearly denosumab after wrist fracture surgery significantly reduced new fractures compared with placebo."


def _found(question: str, harm: str) -> Found:
    text = (
        "BACKGROUND: Osteoporosis is common. METHODS: 900 women received denosumab or placebo after wrist fracture surgery. "
        f"RESULTS: New fractures occurred in 6% and 11% (P = 0.01). {harm} CONCLUSIONS: {BENEFIT}"
    )
    record = Record(
        type="document", id="1", title="Denosumab after wrist fracture surgery", url="", year=2020, text=text
    )  # fmt: skip
    return find(parse(question, date(2026, 11, 30)), number({"documents": [record]}))


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        ("hypocalcaemia", "Hypocalcemia was more frequent in one group (5% vs 1%)."),
        ("osteonecrosis of the jaw", "No cases of osteonecrosis of the jaw were reported."),
        ("eczema", "There was no eczema in either group."),
    ],
)
def test_the_sentence_on_a_harm_comes_before_the_benefit(harm: str, sentence: str) -> None:
    found = _found(f"Does denosumab cause {harm} in women after wrist fracture surgery?", sentence)
    assert [one.text for one in found.sentences] == [sentence]
    assert not found.lost


@pytest.mark.parametrize(
    "sentence",
    [
        "No cases of liver failure were reported.",
        "There was no apparent interaction between the two drugs.",
        "None of the patients had a seizure.",
        "There were no instances of hypoglycaemia.",
    ],
)
def test_that_nothing_was_seen_is_a_finding(sentence: str) -> None:
    assert finding(sentence) > 0
    assert tells_of_change(sentence)
