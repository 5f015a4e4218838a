"""A kind of what is asked about is told of it: macrolide resistance of antibiotic resistance, radiodermatitis of radiation damage, a city of where."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.answer.answering import find
from examples.biomed.answer.figures import asked_figures, gives
from examples.biomed.answer.findings import tells_of_change
from examples.biomed.answer.kinds_told import beside_kinds
from examples.biomed.answer.populations import POPULATIONS
from examples.biomed.answer.strength import strength
from examples.biomed.citations import number
from tests.examples.biomed.asking import parsed, pubmed


@pytest.mark.parametrize(
    ("question", "text", "read"),
    [
        ("Does azithromycin cause antibiotic resistance?", "Macrolide resistance was higher.", "Macrolide resistance (antibiotic resistance) was higher."),
        ("Does it cause antimicrobial resistance?", "Strains resistant to ciprofloxacin rose.", "Strains resistant to ciprofloxacin (antimicrobial resistance) rose."),
        ("Does prophylaxis lead to antibiotic resistance?", "Vancomycin-resistant enterococci did not differ.", "Vancomycin-resistant (antibiotic resistance) enterococci did not differ."),
        ("Does it lead to antibiotic resistance?", "Insulin resistance and oseltamivir resistance fell.", "Insulin resistance and oseltamivir resistance fell."),
        ("Does it lead to antiviral resistance?", "Oseltamivir resistance fell.", "Oseltamivir resistance (antiviral resistance) fell."),
        ("Does radiotherapy cause radiation injury?", "Radiation cystitis in 6%, radiation doses of 50 Gy.", "Radiation cystitis (radiation injury) in 6%, radiation doses of 50 Gy."),
        ("Does isoniazid cause liver injury?", "Liver toxicity was seen, liver biopsy was normal.", "Liver toxicity (liver injury) was seen, liver biopsy was normal."),
        ("Does metformin lower insulin resistance?", "Macrolide resistance was higher.", "Macrolide resistance was higher."),
    ],
)  # fmt: skip
def test_the_words_of_a_question_stand_beside_a_kind(question: str, text: str, read: str) -> None:
    assert beside_kinds(text, parsed(question)["concepts"]) == read


def _told(question: str, title: str, text: str) -> Any:
    record = {"type": "document", "id": "one", "title": title, "text": text, "year": 2020}
    return find(parsed(question), number({"documents": [record]}))


def test_a_harm_by_another_name_is_not_said_to_be_spoken_of_by_nobody() -> None:
    found = _told(
        "Does partial deflation of the expander worsen radiation damage?",
        "Partial deflation of the tissue expander before radiotherapy",
        "METHODS: 60 women. RESULTS: Chronic radiodermatitis occurred in 20% with partial deflation and 18% with full expansion (P=0.8). "
        "CONCLUSIONS: Partial deflation of the expander did not worsen chronic radiodermatitis.",
    )
    assert found.of_others == ""
    assert "did not worsen" in found.sentences[0].text


def test_gastroduodenal_bleeding_is_gastrointestinal() -> None:
    found = _told(
        "Do corticosteroids increase gastrointestinal bleeding in sepsis?",
        "Corticosteroids in sepsis",
        "RESULTS: Mortality was lower with corticosteroids (RR 0.90). Gastroduodenal bleeding was not increased with corticosteroids.",
    )
    assert found.of_others == ""
    assert "Gastroduodenal" in found.sentences[0].text


def test_a_dose_of_radiation_is_a_dose_and_eleven_to_eighteen_are_adolescents() -> None:
    said = "The dose averaged 0.18 mSv in children age 11-18."
    assert gives(said, asked_figures("What is the radiation dose of a chest CT in teenagers?"))
    teens = next(one for one in POPULATIONS if one.name == "adolescents")
    assert teens.said.search(said)
    assert teens.said.search("Relapse occurred in 40% of those aged 11 to 17.")
    assert not teens.said.search("Children aged 2 to 10.")


@pytest.mark.parametrize(
    "said",
    [
        "The risk of thrombosis was raised in vasculitis (IRR 7.1 [4.0-12.6]).",
        "Mortality was doubled with sepsis.",
        "Blood pressure was raised by 5 mmHg with ibuprofen.",
    ],
)
def test_what_is_raised_or_doubled_is_changed(said: str) -> None:
    assert tells_of_change(said)


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("PE in pregnancy: LMWH or DOAC", "Pulmonary Embolism"),
        ("PE in pregnancy: enoxaparin or rivaroxaban", "Pulmonary Embolism"),
        ("PE in pregnant women: magnesium sulfate or nifedipine", "Pre-Eclampsia"),
        ("aspirin to prevent PE in twin pregnancy", "Pre-Eclampsia"),
    ],
)
def test_an_anticoagulant_asks_for_an_embolism(question: str, heading: str) -> None:
    assert f'"{heading}"[mh]' in pubmed(question)


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("trials in Leeds", ["Leeds"]),
        ("cancer trials in Preston recruiting", ["Preston"]),
        ("trials in Ghent or Bruges for asthma", ["Ghent", "Bruges"]),
        ("trials in Behcet", []),
        ("trials in Graves", []),
        ("trials in Japanese", []),
        ("trials in Hispanics", []),
        ("trials in Veterans", []),
        ("trials in Medicare beneficiaries", []),
        ("trials in Parkinson", []),
    ],
)
def test_where_trials_are_is_a_place_though_no_list_has_it(
    question: str, places: list[str]
) -> None:
    assert parsed(question)["places"] == places


def test_a_trial_of_high_doses_is_not_counted_where_low_ones_are_asked_about() -> None:
    texts = (
        ("High-dose vitamin D and falls", "CONCLUSIONS: Annual high-dose vitamin D increased falls."),
        ("Daily 800 IU vitamin D and falls", "RESULTS: Falls were fewer with vitamin D (RR 0.81; 0.68-0.97). CONCLUSIONS: Vitamin D 800 IU daily reduced falls."),
    )  # fmt: skip
    records = [
        {"type": "document", "id": title, "title": title, "text": text, "year": 2012}
        for title, text in texts
    ]
    cited = number({"documents": records})
    low = find(parsed("Does low-dose vitamin D increase falls?"), cited)
    assert low.sentences[0].n == 2
    told = strength(low, cited)
    assert told.startswith("1 source speaks")
    assert "[1] is of another dose than was asked about, and not counted." in told
    any_dose = strength(find(parsed("Does vitamin D increase falls?"), cited), cited)
    assert any_dose.startswith("2 sources speak")
    assert "another dose" not in any_dose
