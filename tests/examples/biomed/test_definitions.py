"""Who asks what a word means is answered by a sentence that says it, or told that nothing does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering, synthesis, unsaid
from examples.biomed.answer.definitions import asked_meaning, says_meaning
from examples.biomed.citations import number
from examples.biomed.entities import parse

DAY = date(2026, 11, 23)


def _answer(question: str, text: str) -> tuple[list[str], str]:
    record: Any = {"type": "document", "id": "a", "title": "A report", "year": 2020, "text": text}
    cited = number({"documents": [record]})
    found = answering.find(parse(question, DAY), cited)
    written = synthesis.write(question, cited, ["documents"], {}, [], found=found)
    return [one.text for one in found.sentences], written


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("What is a non-inferiority margin?", "non-inferiority margin"),
        ("What is sarcopenia?", "sarcopenia"),
        ("What does a p-value mean?", "p-value"),
        ("what does heterogeneity mean in a meta-analysis", "heterogeneity"),
        ("Define number needed to treat", "number needed to treat"),
        ("What is the meaning of censoring?", "censoring"),
        ("How do I read a forest plot?", "forest plot"),
        ("How is an odds ratio calculated?", "odds ratio"),
        ("How does a Kaplan-Meier curve work?", "Kaplan-Meier curve"),
        ("What is the difference between odds ratio and relative risk?", "odds ratio and relative risk"),
        ("What is the sensitivity of ultrasound?", ""),
        ("What is the best treatment of gout?", ""),
        ("What is used for gout?", ""),
        ("What are risk factors for falls?", ""),
        ("Is a hazard ratio useful?", ""),
        ("How do statins lower mortality?", ""),
        ("What does the trial say?", ""),
    ],
)  # fmt: skip
def test_it_is_known_when_a_meaning_is_asked_for(question: str, what: str) -> None:
    assert asked_meaning(question) == what


@pytest.mark.parametrize(
    "question",
    ["How does metformin work?", "What is the difference between apixaban and warfarin?"],
)
def test_of_a_medicine_a_finding_is_asked_for(question: str) -> None:
    assert asked_meaning(question)
    assert asked_meaning(question, of_medicine=True) == ""


@pytest.mark.parametrize(
    ("sentence", "what", "says"),
    [
        ("A hazard ratio compares how fast events happen in two arms.", "hazard ratio", True),
        ("Sarcopenia is the loss of muscle with age.", "sarcopenia", True),
        ("Sarcopenia was defined as a low muscle mass.", "sarcopenia", True),
        ("The odds ratio is calculated from a table of four fields.", "odds ratio", True),
        ("The hazard ratio was 0.8 (p = 0.01).", "hazard ratio", False),
        ("Sarcopenia is a common complication of cirrhosis.", "sarcopenia", False),
        ("Sarcopenia is more frequent in men.", "sarcopenia", False),
        ("Falls are the leading harm, and sarcopenia is seen in many.", "sarcopenia", False),
        ("Death is defined as the end, beside sarcopenia.", "sarcopenia", False),
    ],
)
def test_a_sentence_says_a_meaning_or_a_finding(sentence: str, what: str, says: bool) -> None:
    assert says_meaning(sentence, what) is says


NEIGHBOUR = (
    "We compared two anticoagulants in 900 patients. The non-inferiority margin was met (p = 0.01). "
    "Bleeding was less frequent with the first (HR 0.8, p = 0.02). The non-inferiority margin for stroke was not."
)


def test_where_no_source_says_it_nothing_answers() -> None:
    told, written = _answer("What is a non-inferiority margin?", NEIGHBOUR)
    assert told == []
    assert unsaid.NOTHING in written
    assert "speaks to the question" not in written


def test_where_a_source_says_it_that_sentence_alone_answers() -> None:
    meaning = "A non-inferiority margin is the largest loss of effect that is accepted."
    told, _ = _answer("What is a non-inferiority margin?", f"{meaning} {NEIGHBOUR}")
    assert told == [meaning]
