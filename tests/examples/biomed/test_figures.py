"""Who asks for a number is quoted the sentence that gives it, and is told where none does."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.figures import asked_figures, gives
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

TEXT = (
    "BACKGROUND: Delirium after cardiac surgery is feared. METHODS: 900 patients had dexmedetomidine 0.4 mg or placebo for cardiac surgery. "
    "RESULTS: Delirium after cardiac surgery was less frequent with dexmedetomidine (HR 0.71, 95% CI 0.55-0.92). Delirium developed in 139 patients (24%). "
    "Delirium lasted 3 days. The number needed to treat was 9. A course of dexmedetomidine cost £120. "
    "The sensitivity of the CAM-ICU was 81% and its specificity 96%. CONCLUSIONS: Dexmedetomidine lowers delirium after cardiac surgery."
)


def _found(question: str, *texts: str) -> Found:
    records = [
        Record(type="document", id=str(place), title="Dexmedetomidine and delirium after cardiac surgery", url="", year=2020, text=text)
        for place, text in enumerate(texts)
    ]  # fmt: skip
    return find(parse(question, date(2026, 11, 30)), number({"documents": records}))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How common is delirium after cardiac surgery?", "Delirium developed in 139"),
        ("What percentage of patients get delirium after cardiac surgery?", "Delirium developed in 139"),
        ("How many patients have delirium after cardiac surgery?", "Delirium developed in 139"),
        ("How long does delirium last after cardiac surgery?", "Delirium lasted 3 days"),
        ("What is the number needed to treat with dexmedetomidine for delirium after cardiac surgery?", "The number needed to treat"),
        ("How much does dexmedetomidine for delirium after cardiac surgery cost?", "A course of"),
        ("What is the sensitivity of the CAM-ICU for delirium after cardiac surgery?", "The sensitivity"),
        ("What dose of dexmedetomidine is given for delirium after cardiac surgery?", "900 patients had dexmedetomidine 0.4 mg"),
    ],
)  # fmt: skip
def test_the_number_that_is_asked_for_comes_first(question: str, first: str) -> None:
    found = _found(question, TEXT)
    assert found.sentences[0].text.startswith(first)
    assert not found.lost


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What percentage of patients get delirium after cardiac surgery?", "a share or a rate"),
        ("How long does delirium last after cardiac surgery?", "a time"),
    ],
)
def test_that_no_sentence_gives_the_number_is_said_first(question: str, kind: str) -> None:
    text = (
        "RESULTS: Delirium after cardiac surgery was less frequent with dexmedetomidine (HR 0.71, 95% CI 0.55-0.92). "
        "CONCLUSIONS: Dexmedetomidine lowers delirium after cardiac surgery."
    )
    found = _found(question, text)
    assert found.of_others == f"**Nothing was found with the number that is asked for, {kind}.**"
    assert found.lost == [kind]
    assert found.sentences


def test_a_source_with_the_number_comes_before_one_without() -> None:
    without = "RESULTS: Delirium after cardiac surgery was common with dexmedetomidine and placebo alike. CONCLUSIONS: Delirium is common after cardiac surgery."
    found = _found("How common is delirium after cardiac surgery?", without, TEXT)
    assert found.sentences[0].n == 2


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Has the prevalence of asthma increased?", []),
        ("Is FIT cost-effective?", []),
        ("Does aspirin reduce mortality?", []),
        ("What are the risk factors for falls?", []),
        ("What is the risk of falls with sedatives?", []),
        ("How high is the risk of falls with sedatives?", ["a share or a rate"]),
        ("What is the sensitivity and specificity of FIT?", ["a sensitivity", "a specificity"]),
        ("What is 20-year survival after the Fontan operation?", ["a share or a rate"]),
        ("How accurate is ultrasound for appendicitis?", ["an accuracy"]),
        ("How many men need to be screened to prevent one death?", ["a number needed"]),
        ("What does FIT screening cost per QALY?", ["a cost"]),
        ("How many episodes are missed?", ["a count"]),
    ],
)
def test_the_kinds_of_number_a_question_asks_for(question: str, kinds: list[str]) -> None:
    assert [one.name for one in asked_figures(question)] == kinds


@pytest.mark.parametrize(
    ("question", "sentence", "does"),
    [
        ("How common is delirium?", "Delirium was rarer (HR 0.71, 95% CI 0.55-0.92).", False),
        ("How common is delirium?", "Delirium or death occurred in 4.7% of patients.", True),
        ("How common is delirium?", "Delirium occurred in 12 of 300.", True),
        (
            "How many people get AF?",
            "Omega-3 went with more AF (HR 1.25, 95% CI 1.07-1.46).",
            False,
        ),
        ("How many people get AF?", "AF was seen with more than 1 g/d after 3 months.", False),
        ("How many people get AF?", "AF came in 31 of them.", True),
        ("How long does it last?", "Patients aged 70 years had delirium.", False),
        ("How long does it last?", "Patients with a delay >24 hours were sicker.", False),
        ("How long does it last?", "It lasted for 2-3 weeks.", True),
        ("What does it cost?", "It was cost-effective at 80% of thresholds.", False),
        ("What is the sensitivity of FIT?", "The specificity was 96%.", False),
        ("What is the sensitivity of FIT?", "A sensitivity above 90.9% was seen.", True),
    ],
)
def test_a_number_of_another_kind_is_none(question: str, sentence: str, does: bool) -> None:
    assert gives(sentence, asked_figures(question)) == does


def test_who_asks_what_a_measure_means_is_given_no_number_of_it() -> None:
    assert not _found("What is the meaning of sensitivity?", TEXT).sentences
