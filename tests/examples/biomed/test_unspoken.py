"""A word that nothing knows is named: the answer opens with it, or it stands in the answer's place where it is what was asked about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering, speaking, unsaid
from examples.biomed.citations import number
from examples.biomed.entities import parse

DAY = date(2026, 11, 23)

WARFARIN = (
    "Edoxaban versus warfarin in atrial fibrillation",
    "We randomised 21,105 patients with atrial fibrillation. Major bleeding was less frequent with edoxaban than with warfarin (2.75% vs. 3.43%, P<0.001).",
)
SEPSIS = (
    "Hydrocortisone in septic shock",
    "Of 3,658 patients with septic shock, half had hydrocortisone. Mortality at 90 days was similar with hydrocortisone and placebo (27.9% vs. 28.8%, P=0.50).",
)
ESCITALOPRAM = (
    "Escitalopram for late-life depression",
    "138 older patients with depression had escitalopram or placebo. Escitalopram was better than placebo in late-life depression (P=0.01).",
)


def _found(question: str, *about: tuple[str, str]) -> tuple[answering.Found, Any]:
    records: list[Any] = [
        {"type": "article", "id": str(place), "title": title, "year": 2020, "text": text}
        for place, (title, text) in enumerate(about, 1)
    ]
    cited = number({"literature": records})
    return answering.find(parse(question, DAY), cited), cited


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Is Zyntrax safer than warfarin for major bleeding in atrial fibrillation?", "Zyntrax"),
        ("Is zyntrax safer than warfarin for major bleeding in atrial fibrillation?", "zyntrax"),
        ("Is major bleeding more common with zyntrax than with warfarin?", "zyntrax"),
        ("Zyntrax versus warfarin in atrial fibrillation", "Zyntrax"),
        ("Does warfarin prevent major bleeding in blimfaritis?", "blimfaritis"),
        ("Does warfarin cause more major bleeding than quoxitinib?", "quoxitinib"),
    ],
)
def test_without_a_name_that_nobody_knows_nothing_is_quoted(question: str, named: str) -> None:
    found, cited = _found(question, WARFARIN)
    assert not found.sentences
    assert named in " ".join(found.unsaid)
    assert named in unsaid.nothing(found, cited, {})


@pytest.mark.parametrize(
    ("question", "about", "word"),
    [
        ("Does hydrocortisone make septic patients less drowsy?", SEPSIS, "drowsy"),
        ("Does sertraline or escitalopram sharpen the wits of old people?", ESCITALOPRAM, "wits"),
        ("Is warfarin or edoxaban better for astronauts?", WARFARIN, "astronauts"),
    ],
)
def test_a_word_of_the_outcome_or_of_whom_is_never_dropped_in_silence(
    question: str, about: tuple[str, str], word: str
) -> None:
    found, _ = _found(question, about)
    told = " ".join([found.of_others, *found.unsaid])
    assert word in told


def test_what_is_quoted_opens_with_the_word_that_it_does_not_have() -> None:
    found, _ = _found("Is escitalopram better than placebo for concentration in late-life depression?", ESCITALOPRAM)  # fmt: skip
    assert [one.n for one in found.sentences] == [1]
    assert found.of_others.startswith("**Nothing was found on “concentration”.**")
    assert "concentration" in found.lost


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Does early physiotherapy speed recanalisation after stroke?", "Early physiotherapy in stroke: 40 patients. Recanalization after stroke was faster with early physiotherapy (P=0.01)."),
        ("Do statins damage the liver?", "In 400 patients on statins, liver injury was seen with statins in 2% (P=0.04)."),
        ("Does extracorporeal shockwave lithotripsy clear kidney stones?", "Extracorporeal shock-wave lithotripsy in 200 patients with kidney stones. Clearance of kidney stones was 80% after extracorporeal shock wave lithotripsy."),
        ("Is goitre more common in iodine deficiency?", "Goiter was more common in iodine deficiency than in others (12% vs. 3%, P<0.001)."),
        ("Are the elderly with stroke undertreated?", "Elderly patients with stroke were less often treated than younger ones with stroke (P=0.02)."),
    ],
)  # fmt: skip
def test_who_says_it_in_another_form_is_told_nothing_of(question: str, text: str) -> None:
    found, _ = _found(question, ("A report", text))
    assert "Nothing was found on" not in found.of_others
    assert not found.unsaid or found.sentences


def test_a_title_in_capitals_has_no_names_in_it() -> None:
    found, _ = _found(
        "Does Zyntracious Warfarin Prevent Stroke in Atrial Fibrillation?",
        ("Warfarin in atrial fibrillation", "Warfarin reduced stroke in atrial fibrillation (P<0.001)."),
    )  # fmt: skip
    assert found.sentences


def test_the_people_that_are_told_of_are_not_told_of_twice() -> None:
    found, _ = _found(
        "Is warfarin or edoxaban better in black men with atrial fibrillation?", WARFARIN
    )
    assert "“black”" not in found.of_others


@pytest.mark.parametrize(
    ("question", "title", "text"),
    [
        # A part of a compound.
        (
            "Binge drinking in pregnancy and psychomotor deficits?",
            "Binge drinking in pregnancy and the child's motor function",
            "We tested 678 children for deficits of motor function. The risk of motor deficits did not differ significantly between children of mothers with and without binge drinking during early pregnancy.",
        ),
        # A word of the same thing.
        (
            "Is the prognosis of breast cancer inherited?",
            "Genetic traits and the prognosis of breast cancer",
            "We followed 2,787 pairs of sisters. Genetic traits were significantly associated with the prognosis of breast cancer (HR 1.6, 95% CI 1.2 to 2.2).",
        ),
        # Where the study was done.
        (
            "Is a scout image before cystourethrography useful at an academic children's hospital?",
            "The scout image before cystourethrography in children",
            "We looked at 181 children of our own institution. The scout image before cystourethrography was not useful and changed no management in children.",
        ),
        # No people: ewes are no women, and more babies are what comes of it.
        (
            "Does epinephrine impair uterine blood flow in pregnant ewes?",
            "Epinephrine and uterine blood flow in the gravid ewe",
            "Ten gravid ewes had infusions. Epinephrine significantly decreased uterine blood flow to 68% of baseline in gravid ewes.",
        ),
        (
            "Metformin during IVF: more babies?",
            "Metformin during IVF",
            "We randomised 134 women to metformin or placebo during IVF. There was no difference between metformin and placebo in rates of live birth after IVF (39.1% vs 46.2%).",
        ),
        # A verb of change is answered by a change.
        (
            "What share of migraine patients halve their migraine days on erenumab?",
            "Erenumab for prevention of episodic migraine",
            "A 50% or greater reduction in migraine days was achieved by 50.0% of patients with migraine on erenumab and 26.6% on placebo.",
        ),
        # The adjective or the verb of a noun that the source has.
        (
            "Is febuxostat more deadly than allopurinol?",
            "Febuxostat or allopurinol in gout",
            "All-cause mortality was higher with febuxostat than with allopurinol (7.8% vs 6.4%; HR 1.22; 95% CI 1.01-1.47).",
        ),
        (
            "How long do people live after a Fontan operation?",
            "Prognosis after the Fontan operation",
            "We followed 1006 patients. Survival was 92% at 10 years, 87% at 15 years and 85% at 20 years after the Fontan operation.",
        ),
        # A toddler is a child, too.
        (
            "Does hydroxyurea reduce pain in a toddler with sickle cell anaemia?",
            "Hydroxyurea in African children with sickle cell anaemia",
            "We treated 606 children aged 1 to 10 years with sickle cell anaemia. Hydroxyurea reduced pain in children with sickle cell anaemia (P<0.001).",
        ),
    ],
)
def test_no_notice_is_false(question: str, title: str, text: str) -> None:
    found, _ = _found(question, (title, text))
    assert found.sentences
    assert not found.lost


def test_an_article_and_a_number_are_no_medicine() -> None:
    read = parse("Does amoxicillin for 5 days cause less diarrhoea than a 10-day course?", DAY)
    assert read["drugs"] == ["amoxicillin"]


def test_babies_that_die_are_people() -> None:
    found, _ = _found(
        "Do more babies die of sepsis with gentamicin?",
        (
            "Gentamicin in adults with sepsis",
            "We treated 300 adults with sepsis. Mortality of sepsis was not significantly different with gentamicin (20% vs 21%).",
        ),
    )
    assert "infants" in " ".join([*found.lost, *found.unsaid])


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("prescribing", "prescription costs"),
        ("prescription", "what was prescribed"),
        ("occlusion", "an occluded vessel"),
        ("atrium", "atrial size"),
        ("viral", "the virus"),
        ("admitted", "hospital admission"),
    ],
)
def test_a_verb_and_its_noun_a_part_and_what_is_of_it_are_one_word(word: str, text: str) -> None:
    said = speaking.said_as(word, parse(f"Does {word} matter in asthma?", DAY))
    assert any(one <= speaking.roots(text) for one in said)


def test_short_words_that_only_begin_alike_are_two() -> None:
    said = speaking.said_as("atrium", parse("Does the atrium matter?", DAY))
    assert not any(one <= speaking.roots("attrition at a trial") for one in said)
