"""What a question is searched for: its concepts, what it leaves out, and what only narrows it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import biomed_names, biomed_queries
from benchmarks.boolean_search import Article, Collection, QuerySyntaxError
from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan, pubmed_queries
from examples.biomed.terms import names
from examples.biomed.terms.abbreviations import ABBREVIATIONS
from examples.biomed.terms.distinct import DISTINCT
from examples.biomed.terms.lay import LAY
from tests.examples.biomed.asking import parsed

REPOSITORY = Path(__file__).parents[3]


def _pubmed(question: str) -> str:
    options = QueryOptions().as_state()
    return next((term for term, _ in pubmed_queries(question, parsed(question), options)), "")


def _groups(term: str) -> list[str]:
    """What a query requires: its parts at the outermost AND."""
    parts, depth = [""], 0
    for piece in re.split(r"(\(|\)| AND )", term):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == " AND " and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _trials(question: str) -> dict[str, Any]:
    options = QueryOptions().as_state()
    first = plan("trials", question, parsed(question), options)[0]["arguments"]
    return {
        name: value
        for name, value in first.items()
        if value and name not in ("limit", "timeout_ms")
    }


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("Does semaglutide reduce weight in adults without diabetes?", ["diabetes"]),
        ("semaglutide in people who do not have diabetes", ["diabetes"]),
        ("statins excluding atorvastatin and their effect on muscle pain", ["atorvastatin"]),
        ("heart failure in patients with no history of hypertension", ["hypertension"]),
        ("nondiabetic obesity", ["diabetic"]),
        ("non-small cell lung cancer", []),
        ("hernia repair without mesh", ["mesh"]),
        ("hypertension in patients with or without diabetes", []),
        ("wound healing with and without diabetes", []),
        ("depression in diabetic and non-diabetic adults", []),
        ("treatment of reflux other than omeprazole", ["omeprazole"]),
        ("vaccination in patients without a history of anaphylaxis", ["anaphylaxis"]),
        ("appendicitis without surgery", ["surgery"]),
        ("ADHD w/o medication", ["medication"]),
        ("type 2 diabetes not on insulin", ["insulin"]),
        ("knee pain in people who are not taking opioids", ["opioids"]),
        ("COPD in non-smokers", ["smokers"]),
        ("lung cancer in people who never smoked", ["smokers"]),
        ("migraine treatment excluding pregnant women", ["pregnant women"]),
        ("asthma trials not in children", ["children"]),
        ("NSCLC without EGFR mutation", ["EGFR mutation"]),
        ("HIV-negative men and PrEP", ["HIV infections"]),
        ("insulin-free patients with type 2 diabetes after gastric bypass", ["insulin"]),
        ("insulin-free treatment of type 1 diabetes", []),
        ("prostate cancer without hormone therapy", ["hormone therapy"]),
        ("epilepsy not caused by trauma", ["trauma"]),
        ("stroke prevention without anticoagulants or aspirin", ["anticoagulants", "aspirin"]),
        ("diabetes without dialysis or surgery in adults", ["dialysis", "surgery"]),
        ("weight loss drugs that are not GLP-1 agonists", ["GLP-1 receptor agonist"]),
        ("heart failure, not diastolic", ["diastolic"]),
        # They have not had it yet; a study may well give it to them.
        ("breast cancer trials with no prior chemotherapy", []),
        ("methotrexate-naive rheumatoid arthritis", []),
        ("HER2-negative breast cancer", []),
    ],
)
def test_a_negation_leaves_out_and_requires_nothing(question: str, excluded: list[str]) -> None:
    found = parsed(question)
    assert found["excluded"] == excluded
    named = [*found["drugs"], *found["drug_classes"], *found["conditions"]]
    assert not set(excluded) & set(named)


def test_what_is_left_out_is_left_out_of_both_searches() -> None:
    question = "In adults without diabetes, does semaglutide reduce weight?"
    excluded = _pubmed(question).partition(" NOT ")[2]
    assert excluded.startswith('("Diabetes Mellitus"[mh] NOT ("without diabetes"[ti:~2] OR ')
    assert _trials(question)["excluded_conditions"] == ["diabetes"]
    assert "condition" not in _trials(question)


@pytest.mark.parametrize(
    ("question", "left_out"),
    [
        # A heading where the thing is had or taken; people on whom alone an article is; else a title; none that denies it.
        (
            "type 2 diabetes not on insulin",
            '("Insulin"[mh] NOT ("without insulin"[ti:~2] OR "no insulin"[ti:~2] OR "not insulin"[ti:~2] OR "non insulin"[ti:~2] OR '
            '"free insulin"[ti:~2] OR "naive insulin"[ti:~2] OR noninsulin*[ti] OR preinsulin*[ti] OR "non insulin*"[ti] OR '
            '"versus insulin"[ti:~3] OR "vs insulin"[ti:~3] OR "compared insulin"[ti:~3] OR "than insulin"[ti:~3] OR "insulin intoleran*"[ti]))',
        ),
        ("asthma trials not in children", '("Child"[mh] NOT "Adult"[mh])'),
        ("migraine excluding pregnant women", '"Pregnancy"[mh]'),
        ("COPD in nonsmokers", '("Smokers"[mh] NOT "Non-Smokers"[mh])'),
        (
            "appendicitis without surgery",
            '("surgery"[ti] NOT ("without surgery"[ti:~2] OR "no surgery"[ti:~2] OR "not surgery"[ti:~2] OR "non surgery"[ti:~2] OR '
            '"free surgery"[ti:~2] OR nonsurg*[ti] OR presurg*[ti] OR "non surg*"[ti]))',
        ),
    ],
)
def test_what_is_left_out_costs_no_article_on_doing_without_it(
    question: str, left_out: str
) -> None:
    wanted, _, rest = _pubmed(question).partition(" NOT ")
    assert rest == left_out
    assert not re.search(r"surger|child|pregnan|\(insulin|\(smok|OR smok", wanted, re.IGNORECASE)


def test_non_smokers_are_required_and_not_by_any_word_of_smoking() -> None:
    groups = _groups(_pubmed("COPD in non-smokers").partition(" NOT ")[0])
    assert groups[-1].startswith('(non smokers OR "Non-Smokers"[mh] OR nonsmok*')
    assert "smoker*" not in groups[-1]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("asthma trials not in children", {"age_groups": ["ADULT", "OLDER_ADULT"]}),
        ("asthma trials excluding women", {"sex": "MALE"}),
        ("asthma trials excluding pregnant women", {"excluded_conditions": ["pregnancy"]}),
        ("asthma trials excluding obese adults", {"excluded_conditions": ["obesity"]}),
        ("asthma trials without surgery", {"excluded_interventions": ["surgery"]}),
        ("asthma trials not in the United States", {"excluded_locations": ["United States"]}),
        (
            "asthma trials excluding phase 1",
            {"phases": ["EARLY_PHASE1", "PHASE2", "PHASE3", "PHASE4"]},
        ),
    ],
)
def test_the_registry_is_told_what_to_leave_out(question: str, asked: dict[str, Any]) -> None:
    assert _trials(question) == {"condition": "asthma", **asked}


@pytest.mark.parametrize(
    ("question", "conditions"),
    [
        ("NASH vs NAFLD", ["nonalcoholic steatohepatitis", "non-alcoholic fatty liver disease"]),
        ("type 1 vs type 2 diabetes", ["type 1 diabetes", "type 2 diabetes"]),
        ("types 1 and 2 diabetes", ["type 1 diabetes", "type 2 diabetes"]),
        ("breast and ovarian cancer", ["breast cancer", "ovarian cancer"]),
        ("hepatitis B and C", ["hepatitis b", "hepatitis c"]),
        (
            "systolic versus diastolic heart failure",
            ["systolic heart failure", "diastolic heart failure"],
        ),
        ("Asperger vs autism", ["Asperger", "autism"]),
        ("asthma and lung cancer", ["asthma", "lung cancer"]),
    ],
)
def test_near_names_are_two_sides(question: str, conditions: list[str]) -> None:
    assert parsed(question)["conditions"] == conditions
    groups = _groups(_pubmed(question))
    assert len(groups) == len(set(groups)) == 2


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("HFmrEF", "heart failure with mildly reduced ejection fraction"),
        ("hfmref", "heart failure with mildly reduced ejection fraction"),
        ("HFimpEF", "heart failure with improved ejection fraction"),
        ("HFrEF", "heart failure with reduced ejection fraction"),
        ("LADA", "latent autoimmune diabetes in adults"),
        ("MODY", "maturity-onset diabetes of the young"),
        ("SLE", "systemic lupus erythematosus"),
        ("GDM", "gestational diabetes"),
        ("PPMS", "primary progressive multiple sclerosis"),
        ("ME/CFS", "chronic fatigue syndrome"),
    ],
)
def test_an_abbreviation_is_the_disease_it_stands_for_and_no_wider_one(
    written: str, name: str
) -> None:
    assert parsed(f"{written} outcomes")["conditions"] == [name]
    term = _pubmed(f"{written} outcomes")
    assert '"Diabetes Mellitus, Type 2"[mh]' not in term
    assert '"Heart Failure"[mh]' not in term


def test_every_abbreviation_and_everyday_name_names_something() -> None:
    for written, target in {**ABBREVIATIONS, **LAY}.items():
        key = names.key_of(target)
        assert key in DISTINCT or names.load().of_key(key), (written, target)


@pytest.mark.parametrize(
    ("question", "intervention"),
    [
        ("GLP-1 agonists vs metformin", "metformin AND ("),
        ("statins vs ezetimibe", "ezetimibe AND ("),
        ("GLP-1 agonists such as semaglutide", "semaglutide"),
    ],
)
def test_a_class_of_medicines_is_a_side_in_the_registry_too(
    question: str, intervention: str
) -> None:
    asked = _trials(question)["intervention"]
    assert asked.startswith(intervention)
    assert (" AND " in asked) is intervention.endswith("(")


def test_a_medicine_that_is_left_out_is_no_condition() -> None:
    asked = _trials("reflux treatment other than omeprazole")
    assert asked["excluded_interventions"] == ["omeprazole"]
    assert "excluded_conditions" not in asked


@pytest.mark.parametrize(
    ("question", "drugs", "conditions"),
    [
        ("Does Ozempic cause thyroid cancer?", ["semaglutide"], ["thyroid cancer"]),
        ("Can aspirin prevent colorectal cancer?", ["aspirin"], ["colorectal cancer"]),
        ("HFpEF", [], ["heart failure with preserved ejection fraction"]),
        ("long COVID", [], ["long COVID"]),
        ("Is metfromin good for PCOS?", ["metformin"], ["polycystic ovary syndrome"]),
        ("P: adults with asthma I: budesonide C: placebo", ["budesonide"], ["asthma"]),
        (
            "PICO: P = heart failure; I = dapagliflozin; C = placebo",
            ["dapagliflozin"],
            ["heart failure"],
        ),
        (
            "P: pregnant women, I: aspirin, C: no treatment, O: preeclampsia",
            ["aspirin"],
            ["preeclampsia"],
        ),
        ("In asthma (P), does budesonide (I) beat placebo (C)?", ["budesonide"], ["asthma"]),
        (
            "Population: asthma. Intervention: budesonide. Outcome: pain",
            ["budesonide"],
            ["asthma", "pain"],
        ),
        ("Can vitamin D prevent rickets?", ["vitamin d"], ["rickets"]),
        ("Loss of folds allows diagnosis of asthma", [], ["asthma"]),
    ],
)
def test_names_are_whole_and_nothing_but_names(
    question: str, drugs: list[str], conditions: list[str]
) -> None:
    found = parsed(question)
    assert found["drugs"] == drugs
    assert found["conditions"] == conditions


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Does clarithromycin interact with simvastatin?", ["clarithromycin", "simvastatin"]),
        ("apixaban versus warfarin in atrial fibrillation", ["apixaban", "warfarin", "atrial"]),
        ("COVID-19 vaccine and myocarditis", ["COVID 19 vaccine", "myocarditis"]),
        ("sugar causes hyperactivity in kids", ["sugar", "hyperactiv*", "kids"]),
        ("laparoscopic vs open appendectomy", ["laparoscop*", "open*", "appendectomy"]),
        (
            "Is surgery better than antibiotics for appendicitis?",
            ["surg*", "antibiotics", "appendic"],
        ),
        ("tirzepatide or semaglutide: which lowers HbA1c more?", ["tirz", "sema", "HbA1c"]),
        (
            "is it safe to breastfeed while taking sertraline",
            ["breastfeed", "sertraline", "adverse"],
        ),
        ("ARDS prone positioning", ["ARDS", "prone positioning"]),
        (
            "non-pharmacological treatment of insomnia",
            ["non pharmacological", "insomnia", "therap*"],
        ),
        ("CFTR modulators in CF", ["CFTR", "CF", "modulat*"]),
        ("Is aspirin useful in people over 70?", ["elderly", "aspirin"]),
        ("EGFR T790M resistance and osimertinib", ["EGFR", "t790m", "osimertinib", "resist*"]),
    ],
)
def test_every_side_is_required(question: str, sides: list[str]) -> None:
    groups = _groups(_pubmed(question))
    assert len(groups) == len(sides)
    for side, group in zip(sides, groups, strict=True):
        assert side in group


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("myocarditis in men", 'OR "Male"[mh]) AND (myocarditis OR '),
        ("myocarditis in young men", '"Male"[mh]) AND (young OR youth* OR '),
        ("montelukast in asthma, and in children?", '(children OR "Child"[mh] OR '),
        ("aspirin in elderly patients", 'OR "Aged"[mh]) AND (aspirin OR '),
    ],
)
def test_whom_it_is_about_is_required_and_left_out_before_any_concept(
    question: str, group: str
) -> None:
    options = QueryOptions().as_state()
    first, wider, *_ = pubmed_queries(question, parsed(question), options)
    assert group in first[0]
    assert first[0].count('"Child"[mh]') <= 1
    assert group not in wider[0]


@pytest.mark.parametrize(
    "question",
    [
        "In type 2 diabetes (P), does tirzepatide (I) reduce HbA1c (O)?",
        "tirzepatide for type 2 diabetes and HbA1c",
        "tirzepatide in type 2 diabetes HbA1c reduction",
    ],
)
def test_a_symbol_is_required_and_labels_are_no_words(question: str) -> None:
    groups = _groups(_pubmed(question))
    assert len(groups) == 3
    assert groups[-1].strip("(").startswith("HbA1c OR ")


def test_older_people_are_required_once() -> None:
    term = _pubmed("side effects of sertraline in the elderly")
    assert term.count('"Aged"[mh]') == 1


@pytest.mark.parametrize(
    ("question", "alternative"),
    [
        ("gastric carcinoma", "((gastr* OR stomach) AND (carcinoma* OR cancer* OR neoplasm*"),
        ("gastric carcinoma", '"Stomach Neoplasms"[mh]'),
        ("what sonographers see in appendicitis", "ultrasound"),
        ("hypertension", "(hypertension OR "),
    ],
)
def test_a_name_is_searched_in_the_words_medicine_has_for_it(
    question: str, alternative: str
) -> None:
    term = _pubmed(question)
    assert alternative in term
    assert " OR pressure" not in term


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("neuropathologic studies of anencephaly", "question"),
        ("clinical studies of melatonin", "trials"),
        ("obesity studies first posted after March 2024", "trials"),
        ("randomised trials of melatonin", "trials"),
    ],
)
def test_studies_are_trials_only_where_they_are_called_so(question: str, intent: str) -> None:
    assert parsed(question)["intent"] == intent


def test_what_was_written_stands_beside_its_heading_and_is_not_quoted() -> None:
    term = _pubmed("thyroid cancer")
    assert term.startswith('(thyroid cancer OR "Thyroid Neoplasms"[mh] OR ')
    assert "[tiab]" not in term


def test_a_misspelt_name_is_searched_as_written_too_and_told() -> None:
    assert _pubmed("metfromin").startswith("(metfromin OR metformin OR ")
    assert "'metfromin' was read as 'metformin'" in parsed("metfromin")["notes"][0]


@pytest.mark.parametrize(
    "question", ["doi:10.1056/NEJMoa2032183", "https://doi.org/10.1056/NEJMoa2032183."]
)
def test_a_doi_is_looked_up_and_is_no_word(question: str) -> None:
    assert _pubmed(question) == '"10.1056/NEJMoa2032183"[doi]'
    assert plan("trials", question, parsed(question), QueryOptions().as_state()) == []


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Studi clinici su dupilumab per dermatite atopica", "Italian"),
        ("Welche Studien gibt es zu Semaglutid bei Adipositas?", "German"),
        ("Ensayos clínicos sobre la semaglutida en niños", "Spanish"),
        ("Essais cliniques de la metformine chez les enfants", "French"),
        ("semaglutide in Crohn disease de novo", None),
    ],
)
def test_a_language_is_told(question: str, language: str | None) -> None:
    assert parsed(question)["language"] == language


def test_a_place_that_is_not_named_is_told() -> None:
    assert "name a city" in parsed("migraine trials near me")["notes"][0]


def test_another_language_is_passed_on_with_a_note() -> None:
    question = "Welche Nebenwirkungen hat die Behandlung mit Cortison bei Kindern?"
    found = parsed(question)
    assert found["language"] == "German"
    assert "German" in found["notes"][0]
    assert _pubmed(question) == question.rstrip("?") or _pubmed(question) == question


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "recruiting phase 3 trials of HFpEF near Munich since January 2023 in women over 60",
            {
                "condition": '"heart failure with preserved ejection fraction"',
                "phases": ["PHASE3"],
                "statuses": ["RECRUITING"],
                "location": "Munich",
                "date_from": "2023-01",
                "sex": "FEMALE",
                "age_groups": ["OLDER_ADULT"],
                "age_from": 60,
            },
        ),
        (
            "melanoma trials completing before 2026 with at least 200 participants",
            {
                "condition": "melanoma",
                "date_to": "2025",
                "date_field": "primary_completion",
                "min_enrollment": 200,
            },
        ),
        (
            "malaria vaccine trials in Kenya started in the last 6 months",
            {
                "term": '"malaria vaccine"',
                "location": "Kenya",
                "date_from": "2026-05-23",
                "date_to": "2026-11-23",
                "date_field": "start",
            },
        ),
        (
            "gout trials that completed in the past 12 months",
            {
                "condition": "gout",
                "statuses": ["COMPLETED"],
                "date_from": "2025-11-23",
                "date_to": "2026-11-23",
                "date_field": "primary_completion",
            },
        ),
        (
            "gout trials completing within the next 3 months",
            {
                "condition": "gout",
                "date_from": "2026-11-23",
                "date_to": "2027-02-23",
                "date_field": "primary_completion",
            },
        ),
        (
            "gout trials expected to complete next year",
            {
                "condition": "gout",
                "date_from": "2027",
                "date_to": "2027",
                "date_field": "primary_completion",
            },
        ),
        (
            "gout trials started in the past couple of years",
            {
                "condition": "gout",
                "date_from": "2024",
                "date_to": "2026-11-23",
                "date_field": "start",
            },
        ),
        ("gout trials of the past decade", {"condition": "gout", "date_from": "2016"}),
        ("gout trials of the last few years", {"condition": "gout", "date_from": "2023"}),
        (
            "asthma trials within 50 km of 48.1,11.6 for ages 12 to 17",
            {
                "condition": "asthma",
                "distance": "distance(48.1,11.6,50km)",
                "age_from": 12,
                "age_to": 17,
            },
        ),
        (
            "trials for people aged 70 or older with melanoma",
            {"condition": "melanoma", "age_from": 70},
        ),
        (
            "yoga trials in patients with no prior surgery for back pain",
            {"condition": '"back pain"', "term": "yoga"},
        ),
        (
            "trials in London, UK for gout",
            {"condition": "gout", "location": 'London OR "United Kingdom"'},
        ),
        ("trials at Mayo Clinic for gout", {"condition": "gout", "location": '"Mayo Clinic"'}),
        ("phase three gout trials", {"condition": "gout", "phases": ["PHASE3"]}),
        ("pediatric gout trials", {"condition": "gout", "age_groups": ["CHILD"]}),
        (
            "gout trials completed last year",
            {
                "condition": "gout",
                "statuses": ["COMPLETED"],
                "date_from": "2025",
                "date_to": "2025",
                "date_field": "primary_completion",
            },
        ),
        (
            "NSCLC trials with enrolment > 100",
            {"condition": '"non-small cell lung cancer"', "min_enrollment": 100},
        ),
        (
            "asthma trials enrolling fewer than 50 people",
            {"condition": "asthma", "max_enrollment": 50},
        ),
        (
            "sepsis trials with between 100 and 500 patients",
            {"condition": "sepsis", "min_enrollment": 100, "max_enrollment": 500},
        ),
        (
            "trials in adults 18-65 with schizophrenia",
            {"condition": "schizophrenia", "age_from": 18, "age_to": 65},
        ),
        ("gout trials in women under 40", {"condition": "gout", "sex": "FEMALE", "age_to": 40}),
        (
            "active, not recruiting trials for gout",
            {"condition": "gout", "statuses": ["ACTIVE_NOT_RECRUITING"]},
        ),
        (
            "gout trials with results posted after June 2024",
            {
                "condition": "gout",
                "with_results": True,
                "date_from": "2024-07",
                "date_field": "results_posted",
            },
        ),
        (
            "randomised trials of yoga completing in 2025",
            {
                "term": "yoga",
                "randomized": True,
                "date_from": "2025",
                "date_to": "2025",
                "date_field": "primary_completion",
            },
        ),
        (
            "obesity studies first posted after March 2024",
            {"condition": "obesity", "date_from": "2024-04", "date_field": "first_posted"},
        ),
    ],
)
def test_the_registry_is_asked_for_place_people_size_and_the_right_date(
    question: str, asked: dict[str, Any]
) -> None:
    assert _trials(question) == asked


def test_what_may_happen_in_years_to_come_is_no_date_of_a_study() -> None:
    found = parsed("risk of stroke in the next 10 years")
    assert (found["date_from"], found["date_to"]) == (None, None)


def test_filters_are_no_words_of_a_literature_search() -> None:
    term = _pubmed("recruiting phase 3 trials of melanoma near Munich since January 2023")
    assert term == '"clinical trial, phase iii"[pt] AND (melanoma OR "Melanoma"[mh] OR melanoma*)'


def test_a_query_stays_short_enough_to_read() -> None:
    many = "; ".join(biomed_names.names(biomed_names.CONDITIONS)[:60])
    term = _pubmed(f"What links {many}?"[:2000])
    assert 0 < len(term) <= 1000


@pytest.mark.parametrize("kind", ["drugs", "conditions"])
def test_common_names_are_known(kind: str) -> None:
    text = biomed_names.DRUGS if kind == "drugs" else biomed_names.CONDITIONS
    listed = biomed_names.names(text)
    unknown = [
        name
        for name in listed
        if not (parsed(name)["drugs"] or parsed(name)["drug_classes"])
        and not (kind == "conditions" and parsed(name)["conditions"])
    ]
    assert len(listed) >= 190
    assert len(unknown) <= len(listed) / 20, unknown


class TestBooleanSearch:
    """The evaluator reads PubMed's syntax as PubMed Help tells it."""

    searched = Collection(
        [
            Article("1", "Renal tumours in mice.", ["Kidney Neoplasms", "Mice"]),
            Article("2", "Aspirin prevents heart attacks", ["Aspirin", "Myocardial Infarction"]),
            Article("3", "Nothing of it.", []),
        ]
    )

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("aspirin", ["2"]),
            ("aspirin OR tumours", ["1", "2"]),
            ("aspirin OR tumours AND mice", ["1"]),
            ("aspirin OR (tumours AND mice)", ["1", "2"]),
            ("mice NOT aspirin", ["1"]),
            ('"heart attacks"', ["2"]),
            ("heart attack", ["2"]),
            ("tumo*", ["1"]),
            ('"Kidney Neoplasms"[mh]', ["1"]),
            ('"Neoplasms"[mh]', ["1"]),
            ('"Neoplasms"[mh:noexp]', []),
            ("kidney cancer", ["1"]),
            ("clinical trial[pt]", []),
        ],
    )
    def test_it_finds(self, query: str, found: list[str]) -> None:
        assert self.searched.search(query) == found

    @pytest.mark.parametrize("query", ["(aspirin", "aspirin AND", '"aspirin', "aspirin)"])
    def test_it_refuses(self, query: str) -> None:
        with pytest.raises(QuerySyntaxError):
            self.searched.search(query)


def test_queries_find_the_abstract_that_answers(shared_data: Path) -> None:
    """Every fifth of the 500 questions; the whole set is a benchmark."""
    data = shared_data / "pubmedqa"
    lines = (data / "questions.jsonl").read_text("utf-8").splitlines()[::5]
    found = biomed_queries.measure([json.loads(one) for one in lines], data)
    assert sum(one.matches for one in found) >= 0.95 * len(found)
    assert sorted(one.others for one in found)[len(found) // 2] <= 10
    assert max(len(one.query) for one in found) <= 1000


@pytest.mark.parametrize(
    ("brand", "medicine"),
    [
        ("Lipitor", "atorvastatin"),
        ("Eliquis", "apixaban"),
        ("Keytruda", "pembrolizumab"),
        ("Advil", "ibuprofen"),
        ("Vyvanse", "lisdexamfetamine dimesylate"),
        ("paracetamol", "acetaminophen"),
        ("valproate", "valproic acid"),
    ],
)
def test_brands_and_other_names_are_read_as_the_medicine(brand: str, medicine: str) -> None:
    assert parsed(f"Is {brand} safe in pregnancy?")["drugs"] == [medicine]
    assert f"({brand} OR {medicine}" in _pubmed(f"Is {brand} safe in pregnancy?")


def test_a_first_question_reads_little_of_the_table() -> None:
    """In a process of its own: milliseconds of work, where reading the table whole takes half a second."""
    code = (
        "import time; from datetime import date; from examples.biomed.entities import parse\n"
        "started = time.process_time()\n"
        "parse('Does metfromin lower weight in women with PCOS?', date(2026, 11, 23))\n"
        "from examples.biomed.terms.names import load\n"
        "unpacked = sum(len(one._unpacked) for one in load()._tables.values())\n"
        "print(time.process_time() - started, unpacked)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    seconds, unpacked = done.stdout.split()
    assert int(unpacked) < 300, "of 3,000 blocks"
    assert float(seconds) < 0.25


def test_the_tables_keys_are_those_names_are_looked_up_by() -> None:
    table = names.load()
    for row in list(table.rows())[::500]:
        for key in names.keys_of(row.kind, row.name, row.synonyms):
            assert row in table.of_key(key), (row.name, key)
