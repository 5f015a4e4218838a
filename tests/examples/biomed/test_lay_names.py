"""What patients and clinicians say is found under what it is indexed by; and only where it means that."""

from __future__ import annotations

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from examples.biomed.terms.find import find
from examples.biomed.terms.lay_names import LAY_NAMES
from examples.biomed.terms.names import key_of, load
from tests.examples.biomed.asking import parsed, pubmed


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("Does early surgery help after a fractured neck of femur?", "Hip Fractures"),
        ("Does colchicine give you the runs?", "Diarrhea"),
        ("Is aspirin protective against bowel cancer?", "Colorectal Neoplasms"),
        ("screening for cancer of the bowel", "Colorectal Neoplasms"),
        ("Which operation is best for a broken wrist?", "Wrist Fractures"),
        ("swelling of the brain with lecanemab", "Brain Edema"),
        ("Does the pill cause clots in the leg?", "Venous Thrombosis"),
        ("water tablets in heart failure", "Diuretics"),
        ("Does a hip replacement last 20 years?", "Arthroplasty, Replacement, Hip"),
        ("dabigatran with a metal heart valve", "Heart Valve Prosthesis"),
        ("Does weight loss surgery cure diabetes?", "Bariatric Surgery"),
        ("Do heart rhythm problems run in families?", "Arrhythmias, Cardiac"),
        ("hepatitis B vaccination in people who inject drugs", "Substance Abuse, Intravenous"),
    ],
)
def test_everyday_words_are_searched_for_by_their_heading(question: str, heading: str) -> None:
    assert f'"{heading}"[mh]' in pubmed(question)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("the runs of tachycardia on a monitor", "Diarrhea"),
        ("low sodium salt and blood pressure", "Hyponatremia"),
        ("a low iron diet in haemochromatosis", "Iron Deficiencies"),
        ("pacemaker cells of the sinus node", "Pacemaker, Artificial"),
        ("clot strength in thromboelastography", "Thrombosis"),
        ("FIT for blood in the stool", "Seizures"),
        ("new hip fractures in nursing homes", "Arthroplasty, Replacement, Hip"),
    ],
)
def test_where_a_word_means_something_else_it_is_not_read_so(text: str, heading: str) -> None:
    assert heading not in {one.heading for one in find(text)}


def test_no_everyday_name_is_one_that_the_table_has() -> None:
    for word, heading in LAY_NAMES.items():
        assert load().of_key(key_of(heading)), word
        assert not load().of_key(key_of(word)), word


@pytest.mark.parametrize(
    ("question", "naive"),
    [
        ("children with ADHD never treated with stimulants", "stimulant naive"),
        ("rituximab in patients never treated with methotrexate", "methotrexate naive"),
        ("tofacitinib in patients never exposed to biologics", "biologic naive"),
        ("adults who have never taken statins", "statin naive"),
        ("semaglutide in patients not previously treated with insulin", "insulin naive"),
        ("never treated hepatitis C", "treatment naive"),
    ],
)
def test_who_has_never_had_a_medicine_is_naive_to_it(question: str, naive: str) -> None:
    asked = pubmed(question)
    assert naive in asked
    assert " NOT " not in asked
    assert "excluded_interventions" not in _registry(question)


def test_who_was_never_exposed_to_what_is_no_medicine_is_left_out() -> None:
    assert " NOT " in pubmed("lung cancer in workers never exposed to asbestos")


def test_a_cure_of_hepatitis_c_is_a_sustained_virologic_response() -> None:
    asked = pubmed("Hep C cure rates in people who inject drugs")
    assert '"Sustained Virologic Response"[mh]' in asked
    assert "inject* AND cure" not in asked
    assert "virologic" not in pubmed("cure rates of testicular cancer")


def test_the_registry_is_asked_for_the_heading_too() -> None:
    condition = _registry("Hep C trials in people who inject drugs")["condition"]
    assert '"hepatitis c"' in condition
    assert '"intravenous substance abuse"' in condition


def _registry(question: str) -> dict[str, str]:
    calls = plan("trials", question, parsed(question), QueryOptions().as_state())
    return next(iter(calls))["arguments"]
