"""Signs and shorthand, plurals of short words, parts of the body that people live without, reviews of a time, kinds of studies in words."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from examples.biomed.queries.notations import in_words
from tests.examples.biomed.asking import parsed, pubmed


def _first(source: Any, question: str) -> dict[str, Any]:
    options = QueryOptions().as_state()
    return dict(plan(source, question, parsed(question), options)[0]["arguments"])


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Is 25(OH)D < 20 ng/mL a risk?", "Is 25-hydroxyvitamin D < 20 ng/mL a risk?"),
        ("25-OH vitamin D in falls", "25-hydroxyvitamin D in falls"),
        ("1,25(OH)2D in kidney disease", "calcitriol in kidney disease"),
        ("ω-3 in depression", "omega-3 in depression"),
        ("IFN-γ release assay", "interferon-gamma release assay"),
        ("α1-antitrypsin deficiency", "alpha 1-antitrypsin deficiency"),
        ("Ca2+ channel blockers", "calcium channel blockers"),
        ("low K+ on diuretics", "low potassium on diuretics"),
        ("PE: CT or V/Q scan", "PE: CT or ventilation-perfusion scan"),
        ("65yo man w/ gout w/o CKD s/p CABG", "65-year-old man with gout without CKD after CABG"),
        ("TNF-α inhibitors", "TNF-α inhibitors"),
        ("CO2 and O2", "CO2 and O2"),
        ("K562 cells and Ca19-9", "K562 cells and Ca19-9"),
    ],
)
def test_signs_are_read_as_what_they_stand_for(written: str, words: str) -> None:
    assert in_words(written) == words


@pytest.mark.parametrize(
    ("question", "needed", "unwanted"),
    [
        ("Is 25(OH)D low in people who fall?", "hydroxyvitamin D", "oh AND"),
        ("PE in pregnancy: CT or V/Q scan?", '"Ventilation-Perfusion Scan"[mh]', ") AND scan*"),
        ("APOE ε4 and hormone therapy", 'ε4 OR epsilon4 OR "epsilon 4" OR e4', "AND ε4)"),
        ("Does ω-3 supplementation reduce triglycerides?", "omega 3", "ω"),
        ("IFN-γ release assay in latent tuberculosis", "Interferon-gamma Release Tests", "ifn AND"),
    ],
)
def test_what_is_written_in_signs_is_searched_for(
    question: str, needed: str, unwanted: str
) -> None:
    query = pubmed(question)
    assert needed in query
    assert unwanted not in query


def test_shorthand_denies_as_words_do() -> None:
    assert parsed("stroke prevention in AF w/o CKD")["excluded"] == ["chronic kidney disease"]


@pytest.mark.parametrize(
    ("question", "both"),
    [
        ("Do bed rails prevent falls in hospital?", ("fall OR falls*", "rail OR rails*")),
        ("clots after hip replacement", ("clot OR clots*",)),
        ("Sugar tax and childhood obesity", ("tax OR taxes",)),
    ],
)
def test_a_word_too_short_to_be_cut_off_is_searched_for_in_both_numbers(
    question: str, both: tuple[str, ...]
) -> None:
    query = pubmed(question)
    assert all(one in query for one in both)


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("Can you take ibuprofen if you don't have a spleen?", "Splenectomy"),
        ("Can patients without a gallbladder take semaglutide?", "Cholecystectomy"),
        ("Is hormone therapy needed in women who have no uterus?", "Hysterectomy"),
        ("vaccines for people with no spleen", "Splenectomy"),
    ],
)
def test_who_lives_without_an_organ_had_it_taken_out(question: str, operation: str) -> None:
    assert f'"{operation}"[mh]' in pubmed(question)
    assert parsed(question)["excluded"] == []
    assert operation.lower() in str(_first("trials", question))


@pytest.mark.parametrize(
    ("question", "left_out"),
    [
        ("lithium in bipolar disorder without thyroid disease", "thyroid disease"),
        ("Can adults without gallbladder disease take semaglutide?", "gallbladder disease"),
        ("Can adults without diabetes take semaglutide?", "diabetes"),
    ],
)
def test_a_disease_of_an_organ_is_left_out_and_no_verb_after_it(
    question: str, left_out: str
) -> None:
    assert parsed(question)["excluded"] == [left_out]


@pytest.mark.parametrize(
    "question",
    [
        "Reviews before 2020 on probiotics for colic",
        "Reviews from 2021 on mindfulness for chronic pain",
        "Systematic reviews published since 2019 on acupuncture for migraine",
    ],
)
def test_reviews_of_a_time_are_reviews(question: str) -> None:
    assert "review[pt]" in pubmed(question)
    found = parsed(question)
    assert found["date_from"] or found["date_to"]


@pytest.mark.parametrize(
    ("question", "kind", "unwanted"),
    [
        (
            "Qualitative studies of parents in neonatal care",
            '"Qualitative Research"[mh]',
            "qualit*",
        ),
        ("mixed methods studies of telehealth", "mixed method*[tiab]", "mixed* AND"),
        ("Is apixaban safer than warfarin in kidney failure?", "safe* OR harm*", "safer*"),
    ],
)
def test_kinds_of_studies_and_degrees_are_searched_for_by_their_terms(
    question: str, kind: str, unwanted: str
) -> None:
    query = pubmed(question)
    assert kind in query
    assert unwanted not in query


@pytest.mark.parametrize(
    ("question", "needed", "unwanted"),
    [
        ("survival after out-of-hospital cardiac arrest", '("out of hospital" AND ', "(hospit*"),
        ("out-of-hours primary care and antibiotics", '"out of hours"', ""),
        ("trauma-focused CBT for PTSD", '"trauma focused"', "Wounds and Injuries"),
    ],
)
def test_compounds_are_not_taken_apart(question: str, needed: str, unwanted: str) -> None:
    query = pubmed(question)
    assert needed in query
    assert not unwanted or unwanted not in query


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("metfromin in polycistic ovary syndrom", "polycystic ovary syndrome"),
        ("chronik obstructive pulmonary diseese", "chronic obstructive pulmonary disease"),
    ],
)
def test_slips_in_several_words_of_a_name_hide_it_not(question: str, condition: str) -> None:
    assert parsed(question)["conditions"] == [condition]


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("telehealth for heart failure", "Telemedicine"),
        ("eye drops for glaucoma", "Ophthalmic Solutions"),
        ("physiotherapy for meniscal tears", "Tibial Meniscus Injuries"),
        ("H5N1 in dairy cattle", "Influenza A Virus, H5N1 Subtype"),
        ("How often should a peripheral IV cannula be changed?", "Catheterization, Peripheral"),
    ],
)
def test_everyday_names_have_their_heading(question: str, heading: str) -> None:
    assert f'"{heading}"[mh]' in pubmed(question)


def test_words_that_others_part_in_the_question_are_no_phrase_of_the_registry() -> None:
    asked = _first("trials", "Does chlorhexidine mouthwash stain teeth?")
    assert asked["term"] == "mouthwash AND teeth"
    assert '"bed rails"' in _first("trials", "Do bed rails prevent falls?")["term"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("DPYD*2A genotyping", "DPYD genotyping"),
        ("HLA-B*57:01 and abacavir", "HLA-B and abacavir"),
        ("CBT-I or zopiclone", "CBT for insomnia or zopiclone"),
        ("management of #NOF", "management of femoral neck fracture"),
        ("delirium after hip #", "delirium after hip fracture"),
        ("# wrist in plaster", "wrist fracture in plaster"),
        ("therap* AND asthma", "therap* AND asthma"),
    ],
)
def test_alleles_and_a_surgeons_signs_are_read(written: str, words: str) -> None:
    assert in_words(written) == words


def test_no_pregnant_women_are_asked_for_where_they_are_denied() -> None:
    query = pubmed("Should asymptomatic bacteriuria be treated in non-pregnant women?")
    assert "nonpregn*" in query
    assert "Pregnant Women" not in query


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("VRE decolonisation", "Vancomycin-Resistant Enterococci"),
        ("DKA fluids in children", "Diabetic Ketoacidosis"),
        ("SSI prevention with chlorhexidine", "Surgical Wound Infection"),
        ("MRONJ after dental implants", "Bisphosphonate-Associated Osteonecrosis of the Jaw"),
        ("outcomes of VBAC", "Vaginal Birth after Cesarean"),
        ("ALT in obese children", "Alanine Transaminase"),
    ],
)
def test_abbreviations_of_wards_and_laboratories_are_known(question: str, heading: str) -> None:
    assert f'"{heading}"[mh]' in pubmed(question)


def test_ok_is_no_word_of_a_search() -> None:
    query = pubmed("Is it OK to give MMR to egg-allergic children?")
    assert "ok AND" not in query
    assert "safe* OR" in query


def test_studies_completed_in_a_year_are_no_articles_of_that_year() -> None:
    question = "Studies completed in 2022 on lecanemab"
    assert not {"date_from", "date_to"} & set(_first("literature", question))
    assert _first("trials", question)["date_field"] == "primary_completion"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("aspirina para prevenir preeclampsia", "Spanish"),
        ("para-aortic lymphadenectomy in endometrial cancer", None),
    ],
)
def test_a_small_word_of_spanish_is_a_prefix_in_english(
    question: str, language: str | None
) -> None:
    assert parsed(question)["language"] == language
