"""Siblings of questions that were read wrongly: operators, spans of time, other languages, vitamins, adults only."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.answer.naming import unnamed
from tests.examples.biomed.asking import parsed, pubmed


@pytest.mark.parametrize(
    ("question", "wanted", "excluded"),
    [
        ("stroke NOT haemorrhage AND aspirin", ["stroke", "aspirin"], ["haemorrhage"]),
        ("cancer* AND pain* NOT child*", ["cancer", "pain"], ["child"]),
        (
            "asthma AND exercise NOT (child* OR adolescent*)",
            ["asthma", "exercise"],
            ["child", "adolescent"],
        ),
        ("depress* AND exercise NOT bipolar", ["depression", "exercise"], ["bipolar"]),
        ("asthma does NOT respond to salbutamol", ["asthma", "albuterol"], []),
    ],
)
def test_not_is_an_operator_where_the_question_is_written_in_operators(
    question: str, wanted: list[str], excluded: list[str]
) -> None:
    found = parsed(question)["concepts"]
    assert [one["name"] for one in found if not one["excluded"]] == wanted
    assert [one["name"] for one in found if one["excluded"]] == excluded


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("¿Es eficaz la semaglutida para la obesidad?", ["semaglutide"]),
        ("Est-ce que le paracétamol est dangereux pendant la grossesse ?", ["acetaminophen"]),
        ("Il metotrexato è sicuro in gravidanza?", ["methotrexate"]),
        ("HIV Behandlung bei Kindern", ["HIV infections"]),
        ("Wirkt Metformin gegen Krebs?", ["metformin"]),
    ],
)
def test_of_another_language_only_names_that_are_the_same_in_english_are_searched_for(
    question: str, names: list[str]
) -> None:
    found = parsed(question)
    assert found["language"]
    assert found["is_medical"]
    assert [one["name"] for one in found["concepts"]] == names


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("semaglutid and gastroparisis", {"is_medical": True}),
        ("Metallica concert tickets", {"is_medical": False}),
        ("roast lamb with rice", {"is_medical": False}),
        ("rocket launch schedule", {"is_medical": False}),
        ("depress* AND exerc*", {"is_medical": True}),
        ("gene therapy trials for haemophilia A, adults only", {"age_groups": ["ADULT", "OLDER_ADULT"]}),
        ("semaglutide trials only in adults", {"age_groups": ["ADULT", "OLDER_ADULT"]}),
        ("semaglutide trials in adults", {"age_groups": []}),
        ("psilocybin trials in the UK, not recruiting yet", {"statuses": ["NOT_YET_RECRUITING"]}),
        ("asthma trials yet to recruit", {"statuses": ["NOT_YET_RECRUITING"]}),
        ("vit D deficiency in teenagers", {"conditions": ["vitamin d deficiency"]}),
        ("vit. B12 in vegans", {"drugs": ["vitamin b 12"]}),
    ],
)  # fmt: skip
def test_what_is_read_in_a_question(question: str, read: dict[str, Any]) -> None:
    found: dict[str, Any] = {**parsed(question)}
    assert {name: found[name] for name in read} == read


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("acupuncture for chemotherapy-induced nausea", "Acupuncture Therapy"),
        ("chiropractic for neck pain in nurses", "Manipulation, Chiropractic"),
        ("e-cigarettes and asthma in adolescents", "Electronic Nicotine Delivery Systems"),
    ],
)
def test_what_is_asked_about_is_required(question: str, heading: str) -> None:
    assert f'"{heading}"[mh]' in pubmed(question)


@pytest.mark.parametrize(
    ("question", "text", "named"),
    [
        ("Are statins associated with lower cancer mortality?", "Mortality of rectal cancer is lower.", False),
        ("Are statins associated with lower cancer mortality?", "Simvastatin and mortality of lung neoplasms.", True),
        ("Are statins associated with lower cancer mortality?", "Simvastatin and lung neoplasms.", False),
        ("Is breastfeeding protective against obesity?", "A protective vaccine for the elderly.", False),
        ("Does paracetamol help migraine?", "Acetaminophen in migraineurs.", True),
        ("Does paracetamol help migraine?", "Acetaminophen in children with fever.", False),
        ("Does aspirin prevent a heart attack?", "Aspirin after myocardial infarction.", True),
        ("tirzepatide vs semaglutide for obesity", "Semaglutide in obese adults.", False),
        ("tirzepatide vs semaglutide for obesity", "Semaglutide and tirzepatide in obese adults.", True),
        ("tirzepatide or semaglutide for obesity", "Semaglutide in obese adults.", True),
        ("metformin in adults without cancer", "Metformin and blood glucose.", True),
        ("early or late surgery", "Nothing of it.", True),
    ],
)  # fmt: skip
def test_a_source_that_speaks_names_the_medicine_and_the_disease(
    question: str, text: str, named: bool
) -> None:
    assert (not unnamed(text, parsed(question))) is named


@pytest.mark.parametrize(
    "question",
    [
        "Do e-cigarettes help people quit smoking?",
        "do e cigarettes cause cancer",
        "E. coli O157 antibiotics",
        "Do no-fault systems help?",
        "Do no carb diets work as well?",
        "Do high doses of vitamin E harm the eyes?",
        "per protocol analysis bias",
        "en bloc resection per se",
        "Can adults die of measles?",
        "de Quervain tenosynovitis injection",
    ],
)
def test_small_words_that_english_has_too_make_no_other_language(question: str) -> None:
    assert parsed(question)["language"] is None


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Sind Statine sicher in der Schwangerschaft", "German"),
        ("Do que se trata a artrite reumatoide", "Portuguese"),
        ("Come si cura la polmonite", "Italian"),
        ("Per quanto tempo dare antibiotici", "Italian"),
        ("Les statines sont-elles utiles", "French"),
        ("Vacuna contra la gripe en ancianos", "Spanish"),
    ],
)
def test_another_language_is_told_though_some_of_its_words_are_english(
    question: str, language: str
) -> None:
    assert parsed(question)["language"] == language
