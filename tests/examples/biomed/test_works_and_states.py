"""A search keeps the works it begins with, a gene's state, how a medicine is stopped, what is measured cut short, and tells of a place it does not know."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from tests.examples.biomed.asking import parsed, pubmed

RCT = "randomized controlled trial[pt]"


def _trials(question: str) -> dict[str, Any]:
    options = QueryOptions().as_state()
    return plan("trials", question, parsed(question), options)[0]["arguments"]


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("RCTs of TAVI versus SAVR in low-risk patients", f"{RCT} AND "),
        ("randomized controlled trials of TAVI versus SAVR", f"{RCT} AND "),
        ("randomised trials of warfarin vs aspirin in stroke", f"{RCT} AND "),
        ("RCTs comparing metformin and sulfonylureas", f"{RCT} AND "),
        ("are there any RCTs on yoga for back pain", f"{RCT} AND "),
        ("systematic reviews and RCTs of probiotics", f"({RCT} OR systematic review[pt] OR "),
        ("systematic reviews of yoga versus exercise for back pain", "(systematic review[pt] OR "),
        (
            "cohort studies and RCTs of TAVI versus SAVR",
            f'(("Cohort Studies"[mh] OR cohort*[tiab]) OR {RCT}) AND ',
        ),
    ],
)
def test_the_works_a_question_begins_with_are_kept_in_a_comparison(
    question: str, begins: str
) -> None:
    """Else the reader of "RCTs of A versus B" gets any paper, or one that has the word."""
    query = pubmed(question)
    assert query.startswith(begins)
    assert "rcts*" not in query
    assert query.count("random") == query.count(RCT)


def test_works_of_two_kinds_are_of_no_one_type_in_the_registry() -> None:
    found = _trials("cohort studies and RCTs of TAVI versus SAVR")
    assert not found.get("study_types")
    assert not found.get("randomized")
    assert _trials("RCTs of TAVI versus SAVR")["randomized"] is True


def test_a_question_on_what_trials_show_asks_for_no_kind_of_work() -> None:
    assert "[pt]" not in pubmed("do trials of aspirin show less bleeding?")


@pytest.mark.parametrize(
    ("question", "gene", "forms"),
    [
        ("NSCLC trials, excluding EGFR mutated", "EGFR", ("mutated", "mutant", "mutation")),
        ("melanoma trials without BRAF mutations", "BRAF", ("mutations", "mutant", "mutation")),
        ("breast cancer trials excluding HER2 positive", "HER2", ("positive", "amplified")),
        ("lung cancer trials without ALK rearranged tumours", "ALK", ("rearranged", "fusion")),
    ],
)
def test_the_state_of_a_gene_is_left_out_by_all_its_names(
    question: str, gene: str, forms: tuple[str, ...]
) -> None:
    """A note that says it is left out should be true; it is no medicine, and what is free of it stays."""
    left_out = pubmed(question).split(" NOT ", 1)[1]
    assert all(f'"{gene} {one}"[ti]' in left_out for one in forms)
    assert f'"without {gene}"[ti:~3]' in left_out
    assert "[mh]" not in left_out
    found = _trials(question)
    assert {f"{gene} {one}" for one in forms} <= set(found["excluded_conditions"])
    assert not found.get("excluded_interventions")


@pytest.mark.parametrize(
    "question",
    [
        "relapse after stopping antidepressants",
        "bone loss after quitting denosumab",
        "seizures after withdrawing valproate",
        "rebound after discontinuation of clonidine",
    ],
)
def test_who_stops_a_medicine_discontinues_and_withdraws_it(question: str) -> None:
    query = pubmed(question)
    assert all(f"{one} OR" in query or f"OR {one}" in query for one in ("discontinu*", "withdraw*"))
    assert "stopp*" in query
    assert "cessation" in query


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("does RA increase CV risk", "(cv OR cardio*)"),
        ("does naproxen raise BP", '(BP OR "Blood Pressure"[mh] OR blood pressure'),
        ("dupilumab for BP with blisters", '"Pemphigoid, Bullous"[mh]'),
        ("what is the NPV of FIT", "negative predictive value"),
        ("does iron raise Hb", "(hb OR hemoglobin* OR haemoglobin*)"),
        ("does dapagliflozin protect eGFR", '"Glomerular Filtration Rate"[mh]'),
        ("does timolol lower IOP", '"Intraocular Pressure"[mh]'),
        ("does exercise lower SBP", "systolic blood pressure"),
        ("norfloxacin for SBP in cirrhosis", "spontaneous bacterial peritonitis"),
    ],
)
def test_what_is_measured_is_written_out(question: str, group: str) -> None:
    assert group in pubmed(question)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("trials within 30 miles of Leeds for type 1 diabetes", "Leeds"),
        ("trials within 20 km of Nice for lupus", "Nice"),
    ],
)
def test_a_distance_from_an_unknown_place_keeps_the_place_and_is_told(
    question: str, place: str
) -> None:
    found = _trials(question)
    assert found["location"] == place
    assert not found.get("distance")
    assert any(f"where {place!r} is" in one for one in parsed(question)["notes"])


def test_a_distance_from_a_known_city_is_kept_and_needs_no_note() -> None:
    found = _trials("trials within 30 miles of Manchester for asthma")
    assert found["distance"] == "distance(53.48,-2.24,30mi)"
    assert not found.get("location")
    assert not parsed("trials within 30 miles of Manchester for asthma")["notes"]
