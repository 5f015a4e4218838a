"""Abbreviations that are also words: FIT is a test, "fit" is not; which of several is meant the words beside it say."""

from __future__ import annotations

import re

import pytest

from examples.biomed.terms.find import find
from tests.examples.biomed.asking import parsed, pubmed


@pytest.mark.parametrize(
    ("question", "written", "name"),
    [
        ("Is FIT better than colonoscopy?", "FIT", "fecal immunochemical test"),
        ("MAP target in septic shock", "MAP", "mean arterial pressure"),
        ("MAP in Crohn disease", "MAP", "Mycobacterium avium subspecies paratuberculosis"),
        ("CAT score in COPD", "CAT", "COPD assessment test"),
        ("CAT and rivaroxaban", "CAT", "cancer-associated thrombosis"),
        ("AIDS in Africa", "AIDS", "AIDS"),
        ("Is ALL curable in adults?", "ALL", "acute lymphoblastic leukemia"),
        ("SAD and light therapy", "SAD", "seasonal affective disorder"),
        ("SAD in social situations", "SAD", "social anxiety disorder"),
        ("HIT and argatroban", "HIT", "heparin-induced thrombocytopenia"),
        ("TIPS for refractory ascites", "TIPS", "transjugular intrahepatic portosystemic shunt"),
        ("PEG in dementia", "PEG", "percutaneous endoscopic gastrostomy"),
        ("DISH and fracture", "DISH", "diffuse idiopathic skeletal hyperostosis"),
        ("SCAR with allopurinol", "SCAR", "severe cutaneous adverse reactions"),
        ("BED and lisdexamfetamine", "BED", "binge-eating disorder"),
        ("HAND in HIV", "HAND", "HIV-associated neurocognitive disorders"),
        ("TEN and ciclosporin", "TEN", "toxic epidermal necrolysis"),
        ("SOFA and mortality", "SOFA", "organ dysfunction scores"),
        ("PRES in eclampsia", "PRES", "posterior reversible encephalopathy syndrome"),
    ],
)
def test_in_capitals_it_is_read_as_what_it_stands_for(
    question: str, written: str, name: str
) -> None:
    read = {one["text"]: one["name"] for one in parsed(question)["concepts"]}
    assert read[written] == name


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Are patients fit for surgery?", "fit"),
        ("IS THE PATIENT FIT FOR SURGERY", "fit"),
        ("ALL CHILDREN WITH ASTHMA", "all"),
        ("DID ALL IMPROVE WITH SLEEP?", "all"),
        ("a map of the brain", "map"),
        ("sad mood in dementia", "sad"),
        ("hand surgery", "hand"),
        ("tips for better sleep", "tips"),
        ("bed rest in back pain", "bed"),
        ("sofa or chair in back pain", "sofa"),
        ("aids for hearing in dementia", "aids"),
    ],
)
def test_as_a_word_it_is_that_word(question: str, word: str) -> None:
    kinds = {one["text"].lower(): one["kind"] for one in parsed(question)["concepts"]}
    assert kinds.get(word) in (None, "word")


def test_it_is_searched_for_written_out() -> None:
    # PubMed does not tell FIT from "fit".
    query = pubmed("Is FIT better than colonoscopy?")
    assert query.startswith("(fecal immunochemical test OR ")
    assert not re.search(r"\bFIT\b", query)


@pytest.mark.parametrize("word", ["CAR", "EAR", "LEG", "RAT", "FAT"])
def test_a_short_word_in_capitals_among_small_letters_is_an_abbreviation(word: str) -> None:
    assert [one.text for one in find(f"{word} in adults with asthma")] == ["asthma"]
    assert word.lower() in [one.text for one in find(f"{word.lower()} in adults with asthma")]


@pytest.mark.parametrize("text", ["ALL", " ALL ", "ALL?"])
def test_one_word_alone_is_no_text_in_capitals(text: str) -> None:
    assert [one.name for one in find(text)] == ["acute lymphoblastic leukemia"]


@pytest.mark.parametrize("name", ["ELIXA", "PLATO", "EMPERA"])
def test_the_name_of_a_trial_is_no_slip_for_a_medicine(name: str) -> None:
    read = parsed(f"What did {name} find?")
    assert read["drugs"] == []
    assert not any(name in one for one in read["notes"])


def test_a_long_word_in_capitals_may_have_a_slip() -> None:
    assert parsed("Is METFROMIN safe in pregnancy?")["drugs"] == ["metformin"]
    assert parsed("IS EBIXAA SAFE IN DEMENTIA?")["drugs"] == ["memantine"]
