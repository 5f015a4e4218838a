"""Concepts that a search lost, required or excluded, and should not: anti-VEGF, "head to head", titles that deny it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from benchmarks.boolean_search import Article, Collection
from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from tests.examples.biomed.asking import parsed


def _arguments(source: Any, question: str) -> dict[str, Any]:
    calls = plan(source, question, parsed(question), QueryOptions().as_state())
    return dict(calls[0]["arguments"])


def _pubmed(question: str) -> str:
    return str(_arguments("literature", question)["query"])


_CKD = ["Renal Insufficiency, Chronic"]
_OF_KIDNEYS = [
    Article("1", "Dapagliflozin in CKD.", _CKD, "Dapagliflozin in Patients Not Undergoing Dialysis"),
    Article("2", "Dapagliflozin in CKD.", _CKD, "Dapagliflozin in nondialysis-dependent kidney disease"),
    Article("3", "Dapagliflozin in CKD.", _CKD, "Dapagliflozin in predialysis patients"),
    Article("4", "Dapagliflozin in CKD.", _CKD, "Dapagliflozin without dialysis"),
    Article("5", "Dapagliflozin in CKD.", _CKD, "Dapagliflozin in patients not receiving maintenance dialysis"),
    Article("6", "Dapagliflozin in CKD.", _CKD, "Dapagliflozin during dialysis"),
]  # fmt: skip
_SUGAR = ["Diabetes Mellitus"]
_OF_SUGAR = [
    Article("1", "Semaglutide.", _SUGAR, "Semaglutide in people with or without diabetes"),
    Article("2", "Semaglutide.", _SUGAR, "Semaglutide in nondiabetic adults"),
    Article("3", "Semaglutide.", _SUGAR, "Semaglutide in prediabetes"),
    Article("4", "Semaglutide.", _SUGAR, "Semaglutide in diabetes"),
]


@pytest.mark.parametrize(
    ("question", "articles", "found"),
    [
        ("dapagliflozin in CKD not on dialysis", _OF_KIDNEYS, ["1", "2", "3", "4", "5"]),
        ("semaglutide in people who do not have diabetes", _OF_SUGAR, ["1", "2", "3"]),
    ],
)
def test_a_title_that_denies_it_or_has_both_is_not_excluded(
    question: str, articles: list[Article], found: list[str]
) -> None:
    assert Collection(articles).search(_pubmed(question)) == found


@pytest.mark.parametrize(
    ("question", "unwanted"),
    [
        (
            "head to head trials of adalimumab and etanercept in psoriasis",
            ["head", "cranial", "trial"],
        ),
        ("who is running trials of psilocybin for depression", ["running", "runn"]),
        ("metformin in patients with eGFR below 30 mL/min", ["min", "ml"]),
        ("trials running in Germany on ketamine for depression", ["running", "runn"]),
    ],
)
def test_words_that_are_no_concept_are_not_required(question: str, unwanted: list[str]) -> None:
    required = _pubmed(question).replace("clinical trial[pt]", "")
    assert not {*unwanted} & {*re.findall(r"[a-z]+", required.lower())}


def test_running_itself_is_still_a_topic() -> None:
    assert '"Running"[mh]' in _pubmed("trials of running for knee osteoarthritis")


@pytest.mark.parametrize("question", ["do statins cause diabetes", "does ibuprofen cause gout"])
def test_a_cause_is_told_by_harm_and_risk_as_well(question: str) -> None:
    query = _pubmed(question)
    assert '"adverse effects"[sh] OR "chemically induced"[sh] OR "etiology"[sh] OR risk*' in query


@pytest.mark.parametrize(
    ("question", "wanted", "unwanted"),
    [
        ("anti-VEGF for diabetic macular edema", '"anti vegf"', "Growth Factor"),
        ("anti-CD20 in multiple sclerosis", '"anti cd20"', " cd20 AND (multiple"),
        ("anti-PCSK9 in familial hypercholesterolemia", '"anti pcsk9"', "(PCSK9 OR"),
        ("AF ablation vs drugs", "medical* AND", "\0"),
        ("surgery versus medication for GERD", "pharmacolog*", "\0"),
        ("drug-eluting vs bare-metal stents", '"Drug-Eluting Stents"[mh]', "AND elut* AND (bare"),
        ("stroke incidence in the UK", '"United Kingdom"[mh]', " uk "),
        ("asthma prevalence USA", '"United States"[mh]', " usa "),
        ("depression in the UK Biobank", "biobank*", '"United Kingdom"[mh]'),
        ("malaria in Kenya and Uganda", "kenya* OR Uganda", "kenya*) AND (Uganda"),
        ("difference in mortality between Norway and Sweden", ") AND (Sweden", "norw* OR Sweden"),
        ("DAPT after DES", '"Drug-Eluting Stents"[mh]', "\0"),
        ("DES daughters and cancer", '"Diethylstilbestrol"[mh]', "Stents"),
        ("ONC201 in DIPG", '"Diffuse Intrinsic Pontine Glioma"[mh]', "\0"),
        ("dMMR colorectal cancer pembrolizumab", "mismatch*", "\0"),
        ("complications of Whipple", '"Pancreaticoduodenectomy"[mh]', "Whipple Disease"),
        ("Whipple disease antibiotics", '"Whipple Disease"[mh]', "Pancreatico"),
        ("D-dimer to rule out PE in pregnancy", '"Pulmonary Embolism"[mh]', "Eclampsia"),
        ("CT angiography for PE in pregnant women", '"Pulmonary Embolism"[mh]', "Eclampsia"),
        ("aspirin for PE in pregnancy", '"Pre-Eclampsia"[mh]', "Embolism"),
        ("RA pressure in pulmonary hypertension", "right atrium", "Arthritis"),
        ("RA patients with hypertension", '"Arthritis, Rheumatoid"[mh]', "Atria"),
    ],
)
def test_a_concept_is_what_is_meant(question: str, wanted: str, unwanted: str) -> None:
    query = _pubmed(question)
    assert wanted in query
    assert unwanted not in query


def test_whom_trials_enrol_is_no_status() -> None:
    assert parsed("trials enrolling people without diabetes, semaglutide")["statuses"] == []
    assert parsed("trials currently enrolling people with lupus")["statuses"] == ["RECRUITING"]
    assert parsed("trials recruiting women with lupus")["statuses"] == ["RECRUITING"]


@pytest.mark.parametrize(
    "question", ["Verursacht Metformin einen Vitamin-B12-Mangel?", "Senkt Semaglutid das Gewicht?"]
)
def test_a_verb_and_an_article_of_german_tell_it(question: str) -> None:
    assert parsed(question)["language"] == "German"
