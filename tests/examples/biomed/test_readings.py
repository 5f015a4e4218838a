"""Abbreviations with several readings, the noun after a disease, and comparisons in everyday words."""

from __future__ import annotations

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan, pubmed_queries
from examples.biomed.queries.pubmed_terms import alternatives
from examples.biomed.queries.pubmed_words import any_of
from examples.biomed.terms import names
from examples.biomed.terms.distinct import DISTINCT
from examples.biomed.terms.readings import READINGS
from tests.examples.biomed.asking import parsed, pubmed


@pytest.mark.parametrize(
    ("question", "name", "other"),
    [
        ("secukinumab in AS", "ankylosing spondylitis", "aortic stenosis"),
        ("AS and TAVI", "aortic stenosis", "ankylosing spondylitis"),
        ("blinatumomab in ALL", "acute lymphoblastic leukemia", "anterolateral ligament"),
        ("ocrelizumab in MS", "multiple sclerosis", "mitral stenosis"),
        ("valve repair in MS", "mitral stenosis", "multiple sclerosis"),
        ("levodopa in PD", "Parkinson disease", "peritoneal dialysis"),
        ("agoraphobia in PD", "panic disorder", "Parkinson disease"),
        ("gene therapy for SCD", "sickle cell disease", "sudden cardiac death"),
        ("SCD in athletes", "sudden cardiac death", "sickle cell disease"),
        ("thrombolysis for PE", "pulmonary embolism", "preeclampsia"),
        ("PE in pregnancy and aspirin", "preeclampsia", "pulmonary embolism"),
        ("AF and apixaban", "atrial fibrillation", "anal fistula"),
        ("lecanemab in AD", "Alzheimer disease", "atopic dermatitis"),
        ("dupilumab in AD", "atopic dermatitis", "Alzheimer disease"),
        ("metformin in DM", "diabetes mellitus", "dermatomyositis"),
        ("infliximab in CD", "Crohn's disease", "celiac disease"),
        ("gluten in CD", "celiac disease", "Crohn's disease"),
        ("BPD and lithium", "borderline personality disorder", "bronchopulmonary dysplasia"),
        ("BPD in preterm infants", "bronchopulmonary dysplasia", "borderline personality disorder"),
        ("rituximab in MG", "myasthenia gravis", "milligram"),
    ],
)
def test_an_abbreviation_is_read_by_its_neighbours_and_its_readings_are_told(
    question: str, name: str, other: str
) -> None:
    found = parsed(question)
    assert name in found["conditions"]
    (note,) = [one for one in found["notes"] if "stands for" in one]
    assert f"was read as {name!r}" in note
    assert other in note
    assert name not in note.partition("stands for")[2]


@pytest.mark.parametrize(
    "question",
    [
        "Does it help ALL patients with asthma?",
        "asthma in ALL adults",
        "ARE STATINS SAFE IN ALL ADULTS WITH ASTHMA",
        "500 MG of budesonide in asthma",
        "CD 20 and asthma",
        "AR-V7 and asthma",
        "LC-MS in asthma",
        "asthma and multiple sclerosis",
        "IN ASTHMA, AS SOON AS POSSIBLE",
    ],
)
def test_what_is_no_abbreviation_is_not_read_as_one(question: str) -> None:
    found = parsed(question)
    conditions = {one.lower() for one in found["conditions"]}
    assert {"asthma"} <= conditions <= {"asthma", "multiple sclerosis"}
    assert not [one for one in found["notes"] if "stands for" in one]


@pytest.mark.parametrize("written", ["ALL", "AS"])
def test_an_abbreviation_that_pubmed_leaves_out_is_searched_for_written_out(written: str) -> None:
    term = pubmed(f"treatment of {written}")
    assert '"[mh]' in term
    assert written.lower() not in term.lower().replace("(", " ").split()


def test_every_reading_that_can_be_taken_names_something() -> None:
    for written, readings in READINGS.items():
        assert len(readings) > 1, written
        assert readings[0].target, written
        for one in readings:
            key = names.key_of(one.target)
            assert not one.target or key in DISTINCT or names.load().of_key(key), (written, one)


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("AF ablation", "ablat*"),
        ("semaglutide after AF ablation", "ablat*"),
        ("asthma biologics", "biolog*"),
        ("PE thrombolysis", "thromboly*"),
        ("stroke thrombectomy", "thrombectom*"),
        ("CF modulators", "modulat*"),
        ("migraine prophylaxis", "prophylax*"),
        ("epilepsy surgery", "surg*"),
        ("HIV stigma", "stigma*"),
        ("sepsis biomarkers", "biomark*"),
        ("CKD progression", "progress*"),
        ("cancer screening", "screen*"),
        ("ED overcrowding", "overcrowd*"),
        ("nondiabetic nephropathy SGLT2 inhibitors", "nephropath*"),
    ],
)
def test_the_noun_after_a_disease_is_searched_for(question: str, noun: str) -> None:
    assert noun in pubmed(question)


def test_the_salt_of_a_medicine_is_not() -> None:
    assert "hydrochlor" not in pubmed("oxybutynin hydrochloride in incontinence")


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("early vs late cholecystectomy", ["early", "late"]),
        ("early versus delayed antibiotic treatment", ["early", "delayed"]),
        ("immediate versus delayed cord clamping", ["immediate", "delayed"]),
        ("high-dose vs low-dose aspirin", ["high dose", "low dose"]),
        ("high vs low dose vitamin D", ["high dose", "low dose"]),
        ("short vs long course antibiotics", ["short course", "long course"]),
        ("once daily vs twice daily insulin", ["once daily", "twice daily"]),
        ("intensive vs standard blood pressure control", ["intensive", "standard"]),
        ("single vs double mastectomy", ["single", "double"]),
        ("primary vs secondary prevention with aspirin", ["primary", "secondary"]),
        ("Is early surgery better than late surgery?", ["early", "late"]),
        ("low-fat versus low-carb diet", ["low-fat diet", "low-carb diet"]),
        # The other side is no everyday word.
        ("conservative versus surgical treatment of appendicitis", ["conservative"]),
    ],
)
def test_both_sides_of_a_comparison_in_everyday_words_are_required(
    question: str, sides: list[str]
) -> None:
    found = parsed(question)["concepts"]
    needed = [one["text"] for one in found if one["kind"] in ("phrase", "topic")]
    assert [one for one in needed if one in sides] == sides
    (trials, *_) = plan("trials", question, parsed(question), QueryOptions().as_state())
    assert all(one in trials["arguments"]["term"] for one in sides)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("early or late tracheostomy in ventilated patients", ["early", "late"]),
        ("high or low dose aspirin after stroke", ["high dose", "low dose"]),
        ("liberal or restrictive transfusion", ["liberal", "restrictive"]),
        ("elective or emergency cholecystectomy", ["elective", "emergency"]),
    ],
)
def test_sides_that_or_tells_apart_are_both_required(question: str, sides: list[str]) -> None:
    """Who asks which of them does not want all that is about either."""
    found = parsed(question)["concepts"]
    of_sides = [one for one in found if one["text"] in sides]
    assert [(one["text"], one["either"]) for one in of_sides] == [(one, 0) for one in sides]
    one, other = (any_of(alternatives(side)) for side in of_sides)
    assert pubmed(question).startswith(f"{one} AND {other} AND ")


def test_what_holds_either_way_is_a_choice() -> None:
    found = parsed("levodopa in early or late Parkinson disease")["concepts"]
    numbers = {one["text"]: one["either"] for one in found}
    assert numbers["early"] == numbers["late"] > 0


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("stent thrombosis", "stent*"),
        ("gluten ataxia treatment", "gluten*"),
        ("needle phobia", "needl*"),
        ("helmet head injuries", "helmet*"),
        ("playground head injuries", "playground*"),
        ("chainsaw wounds", "chainsaw*"),
    ],
)
def test_the_noun_before_a_disease_is_searched_for(question: str, noun: str) -> None:
    """Which of the disease's kinds is meant."""
    assert noun in pubmed(question)


@pytest.mark.parametrize(
    ("question", "how"),
    [
        ("mild COVID-19", "mild*"),
        ("severe asthma", "sever*"),
        ("displaced femoral fractures", "displac*"),
    ],
)
def test_an_adjective_before_a_disease_is_required_and_not_in_the_last_of_the_wider_searches(
    question: str, how: str
) -> None:
    first, *_, last = pubmed_queries(question, parsed(question), QueryOptions().as_state())
    assert how in first[0]
    assert how not in last[0]


@pytest.mark.parametrize(
    "question", ["early surgery", "high risk of asthma", "aspirin in late life"]
)
def test_everyday_words_that_nothing_is_compared_with_are_not(question: str) -> None:
    texts = [one["text"] for one in parsed(question)["concepts"]]
    assert not {"early", "high", "high risk", "late"} & set(texts)
