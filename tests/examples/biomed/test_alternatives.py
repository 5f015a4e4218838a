"""Who asks for the one of several is not told in silence what was found of another, nor of whom a study left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering
from examples.biomed.answer.answering import Found
from examples.biomed.citations import number
from examples.biomed.entities import parse

TEXTS = {
    "infusion": (
        "Continuous infusion of meropenem in critically ill patients with sepsis",
        "METHODS: 607 critically ill adults with sepsis were given meropenem by continuous infusion. Patients with MRSA infection and those on dialysis "
        "were excluded. RESULTS: Continuous infusion of meropenem did not reduce mortality (47% v 49%; RR 0.96; 95% CI 0.81-1.13).",
    ),
    "angiography": (
        "Immediate angiography after cardiac arrest without ST elevation",
        "METHODS: 552 patients resuscitated after out-of-hospital cardiac arrest without ST-segment elevation underwent immediate coronary angiography. "
        "RESULTS: Immediate angiography did not improve survival at 90 days (64.5% v 67.2%).",
    ),
    "ivermectin": (
        "Ivermectin in outpatients with mild COVID-19",
        "METHODS: 1591 non-pregnant adults with mild COVID-19 received oral ivermectin once daily as outpatients. "
        "RESULTS: Ivermectin did not reduce hospital admission (RR 0.90; 95% CI 0.70-1.16).",
    ),
    "timing": (
        "Early versus delayed antiretroviral therapy in tuberculosis",
        "METHODS: 661 adults with HIV and tuberculosis were randomised to early or delayed antiretroviral therapy. "
        "RESULTS: Early antiretroviral therapy reduced mortality by 34% (hazard ratio 0.66; 95% CI 0.44-0.99).",
    ),
    "repair": (
        "Laparoscopic repair of inguinal hernia",
        "METHODS: 989 men with a first inguinal hernia had laparoscopic repair. Vaginal and oral drugs were not used. "
        "RESULTS: Laparoscopic repair reduced chronic pain (9.4% v 18.8%; P<0.001).",
    ),
}


def _found(study: str, question: str) -> Found:
    title, text = TEXTS[study]
    record: Any = {
        "type": "document",
        "id": "one",
        "title": title,
        "url": "",
        "year": 2020,
        "text": text,
    }
    return answering.find(parse(question, date(2026, 11, 23)), number({"documents": [record]}))


@pytest.mark.parametrize(
    ("study", "question", "lost", "on"),
    [
        ("infusion", "Does intermittent infusion of meropenem reduce mortality in sepsis?", "intermittent infusion", "Continuous infusion"),
        ("angiography", "Does delayed angiography improve survival after cardiac arrest?", "delayed angiography", "Immediate angiography"),
        ("angiography", "Does immediate angiography improve survival after in-hospital cardiac arrest?", "in-hospital cardiac arrest", "out-of-hospital cardiac"),
        ("ivermectin", "Does ivermectin reduce hospital admission in inpatients with COVID-19?", "inpatients", "outpatients"),
        ("ivermectin", "Does intravenous ivermectin reduce hospital admission in COVID-19?", "intravenous ivermectin", "oral ivermectin"),
        ("repair", "Does open repair reduce chronic pain after inguinal hernia?", "open repair", "Laparoscopic repair"),
        ("repair", "Does laparoscopic repair reduce chronic pain after a recurrent hernia?", "recurrent hernia", "first inguinal hernia"),
    ],
)  # fmt: skip
def test_what_is_quoted_is_on_another_than_was_asked_for(
    study: str, question: str, lost: str, on: str
) -> None:
    found = _found(study, question)
    assert found.sentences
    assert any(lost in one for one in found.lost)
    assert f'What is quoted is on "{on}".' in found.of_others


@pytest.mark.parametrize(
    ("study", "question", "lost"),
    [
        ("infusion", "Does continuous meropenem reduce mortality in MRSA sepsis?", "MRSA"),
        ("infusion", "Does continuous meropenem reduce mortality in patients on dialysis?", "dialysis"),
        ("ivermectin", "Does ivermectin reduce hospital admission in pregnant women with COVID-19?", "pregnant women"),
    ],
)  # fmt: skip
def test_whom_a_study_left_out_it_is_not_of(study: str, question: str, lost: str) -> None:
    found = _found(study, question)
    assert lost in found.lost
    assert f'Nothing was found on "{lost}".** The source that is quoted first left out' in (
        found.of_others
    )


@pytest.mark.parametrize(
    ("study", "question"),
    [
        ("infusion", "Does continuous infusion of meropenem reduce mortality in sepsis?"),
        ("infusion", "Does meropenem reduce mortality in patients without MRSA infection?"),
        ("angiography", "Does immediate angiography improve survival after cardiac arrest?"),
        (
            "angiography",
            "Does immediate angiography improve survival in patients without ST elevation?",
        ),
        ("ivermectin", "Does oral ivermectin reduce hospital admission in mild COVID-19?"),
        ("ivermectin", "Does ivermectin reduce hospital admission in outpatients?"),
        ("timing", "Does delayed antiretroviral therapy reduce mortality in tuberculosis?"),
        ("timing", "Does early or delayed antiretroviral therapy reduce mortality?"),
        ("repair", "Does laparoscopic repair reduce chronic pain after a first hernia?"),
    ],
)
def test_of_what_is_quoted_itself_of_both_and_of_neither_nothing_is_said(
    study: str, question: str
) -> None:
    found = _found(study, question)
    assert found.sentences
    assert (found.of_others, found.lost) == ("", [])
