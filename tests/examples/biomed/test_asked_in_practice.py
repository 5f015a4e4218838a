"""What people write in practice: studies by their names, signs of tumours, words with a hyphen, what is eaten, and whom it is about."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan, pubmed_queries
from examples.biomed.queries.trials_query import parameters
from tests.examples.biomed.asking import parsed


def _pubmed(question: str) -> str:
    options = QueryOptions().as_state()
    return next((term for term, _ in pubmed_queries(question, parsed(question), options)), "")


def _trials(question: str) -> dict[str, Any]:
    return plan("trials", question, parsed(question), QueryOptions().as_state())[0]["arguments"]


@pytest.mark.parametrize(
    ("question", "called", "not_by"),
    [
        ("What did SPRINT show about blood pressure targets?", "SPRINT[tiab]", "sprint*"),
        ("What did the RECOVERY trial find on dexamethasone?", "RECOVERY[tiab]", "rehabilitat*"),
        ("DAPA-HF trial results in patients without diabetes", '"DAPA HF"[tiab]', "dapa*"),
        ("the HOPE-3 study of rosuvastatin", '"HOPE 3"[tiab]', "hope*"),
        ("Does PGT-A raise live birth rates after IVF?", '"PGT A"[tiab]', "pgt AND"),
        ("finerenone FIDELIO results in CKD", "fidelio*", "results"),
    ],
)
def test_a_study_is_searched_by_its_name_and_not_by_the_word(
    question: str, called: str, not_by: str
) -> None:
    query = _pubmed(question)
    assert called in query
    assert not_by not in query.removeprefix(called)


@pytest.mark.parametrize(
    "question",
    [
        "RECOVERY OF FUNCTION AFTER STROKE",
        "COVID-19 and burnout",
        "CAR-T in lupus",
        "HIV-TB",
        "AO/OTA 31 A1-3 fractures",
    ],
)
def test_what_is_written_in_capitals_and_known_is_no_study(question: str) -> None:
    assert "[tiab]" not in _pubmed(question)


def test_of_a_studys_name_no_part_is_a_condition() -> None:
    assert parsed("DAPA-HF and kidney outcomes")["conditions"] == []
    assert _trials("DAPA-HF and kidney outcomes")["term"] == '"DAPA-HF" AND kidney'


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("HER2-negative breast cancer and CDK4/6 inhibitors", '"HER2 negative"'),
        ("ER-positive breast cancer and tamoxifen", '"estrogen receptor positive"'),
        ("HR+/HER2- breast cancer, abemaciclib", '"hormone receptor positive" AND "HER2 negative"'),
    ],
)
def test_the_registry_is_asked_for_the_sign_of_a_tumour(question: str, term: str) -> None:
    assert term in _trials(question)["term"]


@pytest.mark.parametrize(
    "question", ["CD4+ cells and mortality", "HIV+ men and smoking", "NAD+ and ageing"]
)
def test_a_sign_that_goes_without_saying_is_not_required(question: str) -> None:
    assert "positiv" not in _pubmed(question)


def test_a_hyphen_before_another_one_is_no_sign() -> None:
    assert "negativ" not in _pubmed("HER2- and HER3-targeted drugs in breast cancer")


@pytest.mark.parametrize(
    ("question", "condition", "heading"),
    [
        ("osteo-arthritis and exercise", "osteo-arthritis", "Osteoarthritis"),
        ("Do stockings prevent post-thrombotic syndrome?", "post-thrombotic syndrome", "Postthrombotic Syndrome"),
        ("phosphate in re-feeding syndrome", "re-feeding syndrome", "Refeeding Syndrome"),
        ("tranexamic acid for post-partum haemorrhage", "post-partum haemorrhage", "Postpartum Hemorrhage"),
        ("hyper-phosphataemia in dialysis", "hyper-phosphataemia", "Hyperphosphatemia"),
    ],
)  # fmt: skip
def test_a_disease_with_a_hyphen_is_the_one_without(
    question: str, condition: str, heading: str
) -> None:
    assert condition in parsed(question)["conditions"]
    assert f'"{heading}"[mh]' in _pubmed(question)
    assert heading.lower() in _trials(question)["condition"]


@pytest.mark.parametrize(
    ("question", "first", "not_by"),
    [
        ("Does eating fish twice a week prevent dementia?", "(fish OR", ("eating", "twice", "week")),
        ("Does drinking coffee lower the risk of Parkinson's?", "(coffee OR", ("drink", "alcohol")),
        ("Does smoking cannabis worsen asthma?", "(cannabis OR", ("smok", "tobacco")),
    ],
)  # fmt: skip
def test_who_asks_of_eating_a_thing_asks_of_the_thing(
    question: str, first: str, not_by: tuple[str, ...]
) -> None:
    query = _pubmed(question)
    assert query.startswith(first)
    assert not [one for one in not_by if one in query]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("eating disorders and bone density", '"Feeding and Eating Disorders"[mh]'),
        ("arsenic in drinking water", '"Drinking Water"[mh]'),
        ("Does smoking worsen asthma?", '"Smoking"[mh]'),
        ("drinking and driving", "drink*"),
    ],
)
def test_what_is_called_by_eating_and_drinking_is_searched_so(question: str, named: str) -> None:
    assert named in _pubmed(question)


def test_how_often_is_required_where_it_is_compared() -> None:
    assert "twice daily" in _pubmed("metformin once daily versus twice a day in PCOS")
    assert "week" in _pubmed("Should levothyroxine be taken once a week rather than once a day?")


@pytest.mark.parametrize(
    ("word", "found", "not_found"),
    [
        ("psychosis", ("psychos*", "psychot*"), "psycho*"),
        ("fibrosis", ("fibros*", "fibrot*"), "fibro*"),
        ("mycosis", ("mycos*", "mycot*"), "myco*"),
        ("diagnosis", ("diagno*",), "diagnot*"),
        ("antibiotic", ("antibiot*",), "antibios*"),
    ],
)
def test_a_disease_is_not_found_by_the_root_that_others_have(
    word: str, found: tuple[str, ...], not_found: str
) -> None:
    from examples.biomed.terms.word_forms import forms

    assert set(found) <= set(forms(word))
    assert not_found not in forms(word)


def test_chemotherapy_is_about_no_blood() -> None:
    assert "chaem" not in _pubmed("trials for AML not fit for chemo or chemotherapy")


@pytest.mark.parametrize(
    ("question", "ages", "kept"),
    [
        ("vitamin D and falls in nursing home residents over 80", (80, None), "resident*"),
        ("screening for AAA in women smokers over 65", (65, None), "smoker*"),
        ("lung function in asthmatics under 30", (None, 30), "asthma"),
        ("statins for women in their fifties", (50, 59), "statin"),
        ("Does mammography in the 40s save lives?", (40, 49), '"Mortality"[mh]'),
    ],
)
def test_how_old_they_are_is_a_filter_and_who_they_are_a_topic(
    question: str, ages: tuple[int | None, int | None], kept: str
) -> None:
    asked = _trials(question)
    assert (asked.get("age_from"), asked.get("age_to")) == ages
    assert kept in _pubmed(question)


@pytest.mark.parametrize(
    ("question", "wanted", "unwanted"),
    [
        ("Is it safe to fly after a collapsed lung?", "flight*", "Diptera"),
        ("genes associated with early onset Parkinson disease", "early onset OR", "onset*"),
        ("clozapine in first episode psychosis", "first episode", "episod*"),
        ("what is the NNT of statins", '"number needed to treat"', "nnt AND"),
        ("PM2.5 and birth weight", '"Particulate Matter"[mh]', "pm2"),
        ("EVT for large core stroke", '"Thrombectomy"[mh]', "evt AND"),
        ("hip protectors in care homes", '"Nursing Homes"[mh]', "(care* AND homes*) AND"),
        ("Which blood pressure drug is best in CKD?", '"Antihypertensive Agents"[mh]', '"Blood Pressure"[mh]'),
    ],
)  # fmt: skip
def test_what_is_said_for_it_is_searched_by_its_name(
    question: str, wanted: str, unwanted: str
) -> None:
    query = _pubmed(question)
    assert wanted in query
    assert unwanted not in query.replace(wanted, "")


def test_the_registry_has_an_everyday_name_and_the_heading() -> None:
    assert _trials("hip protectors in care homes")["term"] == (
        '"hip protectors" AND ("care homes" OR "nursing homes")'
    )


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What can people who cannot take metformin use instead?", "(metformin OR"),
        ("What if my mum can't take statins?", "(statins OR"),
        ("Why don't antibiotics work for colds?", "(antibiotics OR"),
        ("Can my son's asthma be treated at home?", "(asthma OR"),
    ],
)
def test_who_asks_for_whom_and_that_it_cannot_be_is_no_word_of_a_search(
    question: str, first: str
) -> None:
    query = _pubmed(question)
    assert query.startswith(first)
    assert not [
        one
        for one in ("cannot", "don", "mum", "son")
        if f"{one} AND" in query or f"{one}*" in query
    ]


@pytest.mark.parametrize(
    "question",
    [
        "recruiting asthma trials within 30 miles of Boston",
        "recruiting asthma trials less than 30 miles from Boston",
        "recruiting asthma trials in a 30 mile radius of Boston",
        "recruiting asthma trials near Boston within 30 miles",
        "recruiting asthma trials near Boston (Massachusetts) within 30 miles",
    ],
)
def test_a_distance_is_kept_however_it_is_written(question: str) -> None:
    asked = _trials(question)
    assert asked["distance"] == "distance(42.36,-71.06,30mi)"
    assert asked["condition"] == "asthma"
    assert "term" not in asked
    assert "location" not in asked


@pytest.mark.parametrize(
    ("question", "ages", "sex"),
    [
        ("Any trials for my dad, 68, with pancreatic cancer?", (68, 68), "MALE"),
        ("trials for my daughter (12) with lupus", (12, 12), "FEMALE"),
        ("I'm 45 and have MS: any trials?", (45, 45), None),
        ("Trials for a 7yo with leukaemia", (7, 7), None),
        ("trials for my nephew, 12, with leukaemia", (12, 12), "MALE"),
    ],
)
def test_for_whom_trials_are_wanted_narrows_them(
    question: str, ages: tuple[int, int], sex: str | None
) -> None:
    asked = _trials(question)
    assert (asked["age_from"], asked["age_to"]) == ages
    assert asked.get("sex") == sex
    assert "term" not in asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("trials not sponsored by industry on ketamine", "NOT AREA[LeadSponsorClass]INDUSTRY"),
        ("investigator-initiated trials of ketamine", "NOT AREA[LeadSponsorClass]INDUSTRY"),
        ("industry-funded trials of ketamine", "AREA[LeadSponsorClass]INDUSTRY"),
        ("NIH-funded trials of ketamine", "AREA[LeadSponsorClass]NIH"),
    ],
)
def test_who_pays_for_a_trial_is_asked_of_the_registry(question: str, asked: str) -> None:
    arguments = _trials(question)
    assert arguments["designs"] == [asked]
    assert "term" not in arguments
    assert parameters(arguments)["filter.advanced"] == asked


def test_a_question_on_who_pays_is_one_of_the_literature() -> None:
    question = "Do industry-sponsored trials report better results than others?"
    assert "industr*" in _pubmed(question)
    assert "designs" not in _trials(question)


def test_this_month_is_a_date() -> None:
    asked = _trials("trials posted this month about long covid")
    assert (asked["date_from"], asked["date_field"]) == ("2026-11", "first_posted")
    assert "term" not in asked


def test_a_cancer_that_has_spread_is_metastatic() -> None:
    query = _pubmed("nivolumab for melanoma that has spread")
    assert '"Neoplasm Metastasis"[mh]' in query
    assert "spread" not in query


@pytest.mark.parametrize(
    ("question", "wanted", "unwanted"),
    [
        ("bevacizumab in platinum-resistant ovarian cancer", "(platinum* AND refract*)", '"Platinum"[mh]'),
        ("infliximab for steroid-refractory ulcerative colitis", "steroid resistant", '"Adrenal Cortex Hormones"[mh]'),
        ("enzalutamide in castration-resistant prostate cancer", '"Prostatic Neoplasms, Castration-Resistant"[mh]', '"Castration"[mh]'),
        ("do recurrent UTIs need imaging", '"Urinary Tract Infections"[mh]', "AND utis*"),
        ("who benefits from ICDs", '"Defibrillators, Implantable"[mh]', "AND icds*"),
        ("post-op nausea in children", '"Postoperative Nausea and Vomiting"[mh]', "post*)"),
        ("post op nausea in children", '"Postoperative Nausea and Vomiting"[mh]', "operat*"),
        ("Vitamin K at birth: oral vs IM", '"Injections, Intramuscular"[mh]', "AND im"),
        ("How soon after a stroke can patients drive?", '"Automobile Driving"[mh]', "soon"),
        ("Do masks stop flu spreading in schools?", "spread*", "discontinu*"),
        ("Is CT colonography good at finding polyps over 1 cm?", "polyps OR", "AND cm"),
        ("treating hypertension in the over-80s", '"Aged"[mh]', "80s"),
    ],
)  # fmt: skip
def test_what_is_written_short_is_read_whole(question: str, wanted: str, unwanted: str) -> None:
    query = _pubmed(question)
    assert wanted in query
    assert unwanted not in query


def test_what_a_tumour_resists_is_no_treatment_that_is_tried() -> None:
    asked = _trials("bevacizumab in platinum-resistant ovarian cancer")
    assert asked["intervention"] == "bevacizumab"
    assert asked["term"] == '"platinum resistant"'


def test_a_number_that_something_is_is_no_age() -> None:
    asked = _trials("trials in people whose body mass index is 30 and who have asthma")
    assert "age_from" not in asked
    assert "age_to" not in asked


@pytest.mark.parametrize(
    "question",
    [
        "vaccines for the under-5s",
        "treating hypertension in adults over 65 years of age",
        "statins for people between 50 and 60 years old",
        "statins in the over-80s",
    ],
)
def test_of_an_age_in_years_no_word_is_left(question: str) -> None:
    assert "ages" not in _pubmed(question)
