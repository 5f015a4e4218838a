"""What a question asks of the registry, and what it does not: whom a trial takes, whether it has results, when it ended."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.answer import listing
from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from examples.biomed.records import citable
from examples.biomed.services.trials_json import FIELDS, study
from tests.examples.biomed.asking import parsed


def _first(source: Any, question: str) -> dict[str, Any]:
    options = QueryOptions().as_state()
    return dict(plan(source, question, parsed(question), options)[0]["arguments"])


@pytest.mark.parametrize(
    ("question", "groups"),
    [
        ("RSV vaccine in pregnancy to protect infants", []),
        ("maternal pertussis vaccination to protect newborns", []),
        ("antenatal steroids for preterm infants", []),
        ("antidepressants in breastfeeding mothers and their babies", []),
        ("influenza vaccine in pregnant adolescents", ["CHILD"]),
        ("RSV antibody for infants", ["CHILD"]),
        ("asthma inhalers in children", ["CHILD"]),
    ],
)
def test_a_child_for_whose_sake_mothers_are_treated_shuts_them_out_of_no_trial(
    question: str, groups: list[str]
) -> None:
    asked = _first("trials", question)
    assert parsed(question)["age_groups"] == groups
    assert asked.get("age_groups", []) == groups


@pytest.mark.parametrize(
    ("question", "is_asked"),
    [
        ("aspirin trials with results", True),
        ("trials of semaglutide that have posted results", True),
        ("completed dupilumab studies with results, phase 3", True),
        ("mesh repair with results comparable to open surgery", False),
        ("gene therapy with results in haemophilia", False),
        ("does anybody have a knee replacement with results like mine", False),
        ("a trial of mesh repair with results similar to open surgery", False),
    ],
)
def test_only_of_studies_posted_results_are_wanted(question: str, is_asked: bool) -> None:
    assert parsed(question)["with_results"] is is_asked


@pytest.mark.parametrize(
    "question",
    [
        "semaglutide trials completing before 2024",
        "trials of semaglutide started since 2023",
        "dupilumab trials first posted in the last 6 months",
    ],
)
def test_when_trials_start_and_end_is_no_date_of_articles(question: str) -> None:
    article = _first("literature", question)
    assert not {"date_from", "date_to"} & article.keys()
    asked = _first("trials", question)
    assert asked["date_field"]
    assert asked.get("date_from") or asked.get("date_to")
    assert _first("literature", "asthma since 2022")["date_from"] == "2022"


@pytest.mark.parametrize(
    ("question", "statuses"),
    [
        ("Can antiepileptic drugs be withdrawn in seizure-free patients?", []),
        ("Was Vioxx withdrawn because of heart attacks?", []),
        ("Should metformin be suspended before contrast CT?", []),
        ("Outcomes of terminated pregnancies with fetal anomalies", []),
        ("Trials in patients who have completed chemotherapy for ovarian cancer", []),
        ("Is ongoing bleeding after tooth extraction dangerous?", []),
        ("withdrawn trials of aducanumab", ["WITHDRAWN"]),
        ("semaglutide in obesity, completed", ["COMPLETED"]),
        ("semaglutide phase 3 completed or terminated", ["COMPLETED", "TERMINATED"]),
    ],
)
def test_a_status_is_one_of_studies_and_of_nothing_else(question: str, statuses: list[str]) -> None:
    assert parsed(question)["statuses"] == statuses


@pytest.mark.parametrize("what", ["antiepileptic drugs be withdrawn", "metformin be suspended"])
def test_what_is_done_with_a_medicine_is_searched_for(what: str) -> None:
    assert f"{what.rsplit(' ', 1)[1][:7]}" in _first("literature", f"Can {what}?")["query"]


@pytest.mark.parametrize(
    "question",
    [
        "Are there trials for men with breast cancer in Germany that are not yet recruiting?",
        "Trials in lupus that have not started recruiting yet",
        "trials of donanemab that haven't begun recruiting",
        "asthma studies that aren't open yet",
    ],
)
def test_a_study_that_is_not_yet_recruiting_is_wanted_and_no_other(question: str) -> None:
    asked = _first("trials", question)
    assert asked["statuses"] == ["NOT_YET_RECRUITING"]
    assert "term" not in asked


def test_why_trials_were_stopped_is_no_word_of_their_search() -> None:
    asked = _first("trials", "Terminated trials of BACE inhibitors, why were they stopped?")
    assert asked["statuses"] == ["TERMINATED"]
    assert "stopped" not in asked["term"]


@pytest.mark.parametrize(
    "question",
    [
        "Terminated trials of BACE inhibitors, why were they stopped?",
        "Why was the solanezumab trial in mild Alzheimer's disease stopped early?",
        "Why was NCT02245737 terminated?",
        "withdrawn trials of aducanumab and the reasons for withdrawal",
    ],
)
def test_why_a_trial_was_stopped_is_shown_of_it(question: str) -> None:
    assert parsed(question)["shows"] == ["reason for stopping"]


@pytest.mark.parametrize(
    "question",
    ["Why were antidepressants stopped in pregnancy?", "reasons for stopping metformin in sepsis"],
)
def test_why_a_medicine_was_stopped_is_a_question_of_its_own(question: str) -> None:
    assert parsed(question)["shows"] == []


def test_a_record_has_the_reason_and_all_sites_of_a_large_trial() -> None:
    sites = [
        {"facility": f"Hospital {n}", "city": "Madrid", "country": "Spain"} for n in range(120)
    ]
    raw = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT02245737", "briefTitle": "A trial"},
            "statusModule": {"overallStatus": "TERMINATED", "whyStopped": "Futility at interim."},
            "contactsLocationsModule": {"locations": sites},
        }
    }
    record = citable(study(raw))
    assert record is not None
    assert record["why_stopped"] == "Futility at interim."
    assert len(record["sites"]) == 120
    assert "WhyStopped" in FIELDS.split("|")
    told = listing.shown(["reason for stopping"], [(1, record)], [], "ClinicalTrials.gov")
    assert "- NCT02245737 [1]: Futility at interim." in told


@pytest.mark.parametrize(
    ("question", "interventions"),
    [
        (
            "aspirin vs clopidogrel or ticagrelor after stroke",
            "aspirin AND (clopidogrel OR ticagrelor)",
        ),
        ("metformin AND (exenatide OR insulin)", "metformin AND (exenatide OR insulin)"),
        ("budesonide or formoterol in asthma", "budesonide OR formoterol"),
        ("dabigatran versus warfarin in atrial fibrillation", "dabigatran AND warfarin"),
    ],
)
def test_the_registry_is_asked_for_both_sides_and_for_any_of_a_choice(
    question: str, interventions: str
) -> None:
    assert _first("trials", question)["intervention"] == interventions


def test_what_may_be_chosen_instead_of_a_word_is_not_required() -> None:
    asked = _first("trials", "diabetes AND foot ulcer* AND (dressing* OR wound care)")
    assert "wound" not in asked["condition"]
