"""Two sources that found the contrary of one outcome are said to disagree, though the question names no outcome; of two outcomes nothing is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering
from examples.biomed.answer.changed import called, changes
from examples.biomed.answer.outcomes import asked_of
from examples.biomed.answer.readings import is_negative, parts_of_sentence
from examples.biomed.answer.strength import strength
from examples.biomed.citations import number
from examples.biomed.entities import parse


def _said(question: str, *sources: tuple[str, str]) -> str:
    cited: Any = number(
        {
            "documents": [
                {"type": "document", "id": f"{n}.md", "title": title, "text": text, "year": 2014}
                for n, (title, text) in enumerate(sources)
            ]
        }
    )
    found = answering.find(parse(question, date(2026, 11, 30)), cited)
    assert {one.n for one in found.sentences}
    return strength(found, cited)


BLIND = (
    "Renal denervation for resistant hypertension: a blinded trial",
    "535 patients were randomised to renal denervation or sham. This blinded trial did not show a significant reduction of systolic blood pressure six "
    "months after renal denervation as compared with a sham control.",
)
ULTRASOUND = (
    "Ultrasound renal denervation for resistant hypertension",
    "136 patients were randomised to renal denervation or sham. Compared with a sham procedure, renal denervation reduced blood pressure at two months.",
)


@pytest.mark.parametrize(
    "question",
    [
        "Is renal denervation effective?",
        "What does renal denervation do in resistant hypertension?",
    ],
)
def test_an_effect_and_none_on_one_outcome_are_told_as_disagreement(question: str) -> None:
    said = _said(question, BLIND, ULTRASOUND)
    assert "**The sources do not agree.**" in said
    assert "says that blood pressure does not differ significantly" in said
    assert "says that blood pressure goes down" in said


def test_of_two_outcomes_of_one_treatment_nothing_is_said() -> None:
    said = _said(
        "Is renal denervation effective?",
        ULTRASOUND,
        (
            "Renal denervation and kidney function",
            "300 patients were randomised to renal denervation or sham. Renal denervation did not change the glomerular filtration rate (P=0.4).",
        ),
    )
    assert "agree" not in said


def test_against_other_comparisons_the_same_treatment_does_not_disagree() -> None:
    said = _said(
        "Is apixaban useful in atrial fibrillation?",
        (
            "Apixaban versus placebo in atrial fibrillation",
            "Apixaban reduced stroke in 500 patients with atrial fibrillation compared with placebo (P<0.001).",
        ),
        (
            "Apixaban versus dabigatran in atrial fibrillation",
            "Apixaban did not reduce stroke in 900 patients with atrial fibrillation (P=0.6).",
        ),
    )
    assert "agree" not in said


def test_of_different_diseases_the_same_treatment_does_not_disagree() -> None:
    said = _said(
        "Is omalizumab effective?",
        ("Omalizumab in asthma", "Omalizumab reduced itch in 525 patients with asthma (P=0.006)."),
        ("Omalizumab in eczema", "Omalizumab did not reduce itch in 20 patients with eczema."),
    )
    assert "agree" not in said


def test_what_a_sentence_says_to_have_changed_is_not_what_changed_it() -> None:
    assert [one.what for one in changes(1, "Ketamine improved depressive symptoms (P<0.001).")] == [
        "depressive symptoms"
    ]
    assert [one.what for one in changes(1, "In-hospital mortality was lower with steroids.")] == [
        "In-hospital mortality"
    ]
    assert not changes(1, "Pain was lower in controls than in users.")


def test_figures_behind_a_semicolon_are_of_what_stands_before_it() -> None:
    sentence = "Mortality was 50% with and 48% without it (RR 1.04; 95% CI 0.94-1.14; P=0.37), whereas shock resolved faster."
    first, second = parts_of_sentence(sentence)
    assert is_negative(first)
    assert not is_negative(second)


def test_stable_angina_is_no_finding() -> None:
    (change,) = changes(
        1, "Stenting improved exercise time in patients with stable angina (P=0.03)."
    )
    assert change.ways == {"better"}
    (change,) = changes(1, "Exercise time was stable.")
    assert change.ways == {"unchanged"}


def test_of_what_the_question_itself_is_on_two_studies_of_other_things_do_not_disagree() -> None:
    said = _said(
        "Hospital mortality rates: are 30-day data enough?",
        ("Hospital mortality and frailty", "Hospital mortality at 30 days was higher in frail patients (P=0.01)."),
        ("Hospital mortality at weekends", "Hospital mortality at 30 days did not differ at weekends (P=0.5)."),
    )  # fmt: skip
    assert "agree" not in said


def test_one_side_against_placebo_says_nothing_of_the_two_sides_that_are_asked_about() -> None:
    said = _said(
        "Is apixaban better than dabigatran for stroke prevention?",
        ("Apixaban versus placebo", "Apixaban reduced stroke compared with placebo (P<0.001)."),
        (
            "Apixaban versus dabigatran",
            "There was no difference in stroke between apixaban and dabigatran (P=0.6).",
        ),
    )
    assert "agree" not in said


def test_of_two_sides_that_both_name_an_effect_and_none_are_a_disagreement() -> None:
    said = _said(
        "Are beta blockers better than ACE inhibitors for hypertension?",
        (
            "Beta blockers versus ACE inhibitors",
            "Stroke was less common with ACE inhibitors than with beta blockers in 1200 patients with hypertension (P=0.01).",
        ),
        (
            "Captopril or atenolol in diabetes",
            "Stroke did not differ between ACE inhibitors and beta blockers in 1148 patients with hypertension (P=0.6).",
        ),
    )
    assert "**The sources do not agree.**" in said


def test_accelerated_is_a_kind_of_surgery_and_no_way_that_delirium_goes() -> None:
    said = _said(
        "Does accelerated surgery reduce delirium in hip fracture?",
        (
            "Early versus delayed surgery for hip fracture",
            "2970 patients with hip fracture had accelerated surgery or standard care. Delirium was less frequent with accelerated surgery (9% vs 12%; OR 0.72, 0.58-0.92).",
        ),
        (
            "Spinal versus general anaesthesia for hip fracture surgery",
            "1600 patients with hip fracture were randomised. The incidence of postoperative delirium after surgery was similar.",
        ),
    )
    assert "could not be read" not in said
    assert "do not agree" not in said


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("Does erenumab halve migraine attacks?", "migraine attacks"),
        ("Do statins cut strokes?", "strokes"),
        ("Does pamidronate ease bone pain?", "bone pain"),
        # What somebody does to a dose is no outcome.
        ("Can you halve the gadolinium without spoiling the pictures?", ""),
    ],
)
def test_verbs_of_change_of_every_day(question: str, outcome: str) -> None:
    assert asked_of(question, parse(question, date(2026, 11, 30))["concepts"]).outcome == outcome


def test_an_outcome_is_called_what_all_its_names_have_in_common() -> None:
    assert called(["new-onset atrial fibrillation", "postoperative atrial fibrillation"]) == (
        "atrial fibrillation"
    )
    assert called(["Systolic blood pressure", "blood pressure"]) == "blood pressure"
    assert called(["Strokes", "stroke"]) == "stroke"
