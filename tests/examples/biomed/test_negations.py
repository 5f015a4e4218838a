"""What a denial reaches: of a name after "non-" its first part, of a state no medicine after it, of phases the one named."""

from __future__ import annotations

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from tests.examples.biomed.asking import parsed, pubmed


@pytest.mark.parametrize(
    ("question", "conditions", "excluded"),
    [
        ("semaglutide in non-diabetic kidney disease", ["kidney disease"], ["diabetic"]),
        ("non-diabetic foot ulcer", ["foot ulcer"], ["diabetic"]),
        ("non-cancer pain", ["pain"], ["cancer"]),
        ("non-melanoma skin cancer", ["skin cancer"], ["melanoma"]),
        ("non-COVID pneumonia", ["pneumonia"], ["COVID"]),
        ("non-HIV pneumocystis pneumonia", ["pneumocystis pneumonia"], ["HIV infections"]),
        ("non-CF bronchiectasis", ["bronchiectasis"], ["cystic fibrosis"]),
        ("non-cystic fibrosis bronchiectasis", ["bronchiectasis"], ["cystic fibrosis"]),
        ("non-kidney disease", [], ["kidney disease"]),
        ("non-lung cancer", [], ["lung cancer"]),
        ("without diabetic kidney disease", [], ["diabetic kidney disease"]),
        ("non-Hodgkin lymphoma", ["non Hodgkin lymphoma"], []),
        ("non-STEMI", ["non-STEMI"], []),
    ],
)
def test_non_denies_the_first_part_of_a_disease_name(
    question: str, conditions: list[str], excluded: list[str]
) -> None:
    found = parsed(question)
    assert found["conditions"] == conditions
    assert found["excluded"] == excluded


@pytest.mark.parametrize(
    ("question", "kind", "disease"),
    [
        ("non-alcoholic liver disease", "non alcoholic", "liver disease"),
        ("non-septic shock", "non septic", "shock"),
        ("non-allergic rhinitis", "non allergic", "rhinitis"),
        ("non-viral hepatitis", "non viral", "hepatitis"),
        ("non-valvular atrial fibrillation", "non valvular", "atrial fibrillation"),
        ("non-tuberculous mycobacterial lung disease", "non tuberculous", "lung disease"),
    ],
)
def test_a_describing_word_after_non_is_a_kind_of_its_own(
    question: str, kind: str, disease: str
) -> None:
    texts = [one["text"] for one in parsed(question)["concepts"] if not one["excluded"]]
    assert texts == [kind, disease]


@pytest.mark.parametrize(
    ("question", "drugs", "excluded"),
    [
        ("tirzepatide without metformin and insulin", ["tirzepatide"], ["metformin", "insulin"]),
        ("stroke patients not taking aspirin and clopidogrel", [], ["aspirin", "clopidogrel"]),
        ("no aspirin and warfarin in stroke", [], ["aspirin", "warfarin"]),
        ("type 2 diabetes without sulfonylureas and insulin", [], ["sulfonylureas", "insulin"]),
        ("heart failure without digoxin, amiodarone and the verapamil", [], ["digoxin", "amiodarone", "verapamil"]),
        ("stroke without aspirin and with heparin", ["heparin"], ["aspirin"]),
        ("obesity without diabetes and metformin", [], ["diabetes", "metformin"]),
        ("obesity without diabetes and treated with metformin", ["metformin"], ["diabetes"]),
        ("obesity without diabetes and on metformin", ["metformin"], ["diabetes"]),
    ],
)  # fmt: skip
def test_medicines_that_and_joins_are_left_out_together(
    question: str, drugs: list[str], excluded: list[str]
) -> None:
    """One that people are to have is another thing."""
    found = parsed(question)
    assert (found["drugs"], found["excluded"]) == (drugs, excluded)
    (first, *_) = plan("trials", question, found, QueryOptions().as_state())
    left_out = first["arguments"].get("excluded_interventions", [])
    assert set(left_out) == set(excluded) - {"diabetes"}


@pytest.mark.parametrize(
    ("question", "wanted", "excluded"),
    [
        ("heart failure in patients without diabetes and hypertension", ["heart failure"], ["diabetes", "hypertension"]),
        ("heart failure in patients without diabetes or hypertension", ["heart failure"], ["diabetes", "hypertension"]),
        ("stroke in adults without diabetes and/or hypertension", ["stroke"], ["diabetes", "hypertension"]),
        ("stroke without diabetes as well as hypertension", ["stroke"], ["diabetes", "hypertension"]),
        ("exercise in patients without either diabetes or obesity", ["exercise"], ["diabetes", "obesity"]),
        ("asthma in patients with neither diabetes nor hypertension", ["asthma"], ["diabetes", "hypertension"]),
        ("obesity in women with neither diabetes nor on metformin", ["obesity"], ["diabetes", "metformin"]),
        ("excluding diabetes, hypertension and stroke, does exercise help obesity", ["exercise", "obesity"], ["diabetes", "hypertension", "stroke"]),
        ("excluding diabetes, hypertension, stroke: exercise in obesity", ["exercise", "obesity"], ["diabetes", "hypertension", "stroke"]),
        ("type 2 diabetes not on insulin or metformin, effect of exercise", ["type 2 diabetes", "exercise"], ["insulin", "metformin"]),
        ("obesity except diabetics and smokers", ["obesity"], ["diabetics", "smokers"]),
        ("obesity except diabetes and cancer", ["obesity"], ["diabetes", "cancer"]),
        ("stroke without warfarin and atrial fibrillation", ["stroke"], ["warfarin", "atrial fibrillation"]),
        ("asthma without eczema and steroids", ["asthma"], ["eczema", "steroids"]),
        ("lung cancer without smoking and asbestos", ["lung cancer"], ["smoking", "asbestos"]),
        ("breast cancer without chemotherapy and radiotherapy", ["breast cancer"], ["chemotherapy", "radiotherapy"]),
        ("migraine in women not pregnant or breastfeeding", ["migraine"], ["pregnant", "breastfeeding"]),
        ("back pain without previous surgery, injections or radiculopathy", ["back pain"], ["surgery", "injections", "radiculopathy"]),
        ("COVID-19 in people without cancer, HIV, or transplant", ["COVID-19"], ["cancer", "HIV infections", "transplant"]),
    ],
)  # fmt: skip
def test_all_of_a_list_is_left_out(question: str, wanted: list[str], excluded: list[str]) -> None:
    found = parsed(question)
    assert [one["name"] for one in found["concepts"] if not one["excluded"]] == wanted
    assert set(excluded) <= set(found["excluded"]) | {"surgery"}
    assert len(found["excluded"]) in (len(excluded), len(excluded) - ("surgery" in excluded))


@pytest.mark.parametrize(
    ("question", "wanted", "excluded"),
    [
        ("semaglutide in obesity without diabetes but with hypertension", ["semaglutide", "obesity", "hypertension"], ["diabetes"]),
        ("heart failure without diabetes and with kidney disease", ["heart failure", "kidney disease"], ["diabetes"]),
        ("stroke without hypertension and undergoing thrombectomy", ["stroke", "thrombectomy"], ["hypertension"]),
        ("arthritis patients who are not on methotrexate and have anemia", ["arthritis", "anemia"], ["methotrexate"]),
        ("obesity without diabetes and bariatric surgery", ["obesity", "bariatric surgery"], ["diabetes"]),
        ("obesity without diabetes, semaglutide", ["obesity", "semaglutide"], ["diabetes"]),
        ("in adults without diabetes, exercise and weight loss", ["exercise", "weight loss"], ["diabetes"]),
        ("in patients without diabetes, stroke risk with aspirin", ["stroke", "aspirin"], ["diabetes"]),
        ("all cancers except breast and lung cancer, exercise", ["cancers", "exercise"], ["breast cancer", "lung cancer"]),
        ("asthma in adults without diabetes and children with eczema", ["asthma", "children", "eczema"], ["diabetes"]),
        ("association between the absence of hypertension and dementia", ["dementia"], ["hypertension"]),
        ("migraine with and without aura", ["migraine", "aura"], []),
    ],
)  # fmt: skip
def test_what_is_left_out_ends_where_another_thing_begins(
    question: str, wanted: list[str], excluded: list[str]
) -> None:
    found = parsed(question)
    assert [one["name"] for one in found["concepts"] if not one["excluded"]] == wanted
    assert found["excluded"] == excluded


def test_people_that_and_joins_are_left_out_together() -> None:
    found = parsed("sepsis except in children and pregnant women")
    assert found["excluded"] == ["children", "pregnant women"]
    assert (found["sex"], found["age_groups"]) == (None, ["ADULT", "OLDER_ADULT"])


@pytest.mark.parametrize(
    ("question", "medicine", "excluded"),
    [
        ("without EGFR mutation osimertinib", "osimertinib", "EGFR mutation"),
        ("melanoma without BRAF mutation nivolumab", "nivolumab", "BRAF mutation"),
        ("without ALK rearrangement pembrolizumab", "pembrolizumab", "ALK rearrangement"),
        ("without FLT3 mutation midostaurin AML", "midostaurin", "FLT3 mutation"),
        ("without EGFR mutation NSCLC osimertinib", "osimertinib", "EGFR mutation"),
        ("no EGFR mutation osimertinib", "osimertinib", "EGFR mutation"),
        ("no HER2 amplification trastuzumab", "trastuzumab", "HER2 amplification"),
        ("without PD-L1 expression nivolumab", "nivolumab", "PD-L1 expression"),
        ("heart failure without diabetes empagliflozin", "empagliflozin", "diabetes"),
        ("without statin therapy ezetimibe", "ezetimibe", "statin"),
    ],
)
def test_a_medicine_after_a_denied_state_is_wanted(
    question: str, medicine: str, excluded: str
) -> None:
    found = parsed(question)
    assert found["drugs"] == [medicine]
    (left_out,) = found["excluded"]
    assert left_out.startswith(excluded)


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("asthma without high-dose budesonide", ["budesonide"]),
        ("diabetes without insulin glargine", ["insulin glargine"]),
        ("arthritis without concomitant methotrexate", ["methotrexate"]),
    ],
)
def test_a_medicine_that_is_denied_itself_is_left_out(question: str, excluded: list[str]) -> None:
    found = parsed(question)
    assert found["drugs"] == []
    assert found["excluded"] == excluded


@pytest.mark.parametrize(
    ("question", "phases"),
    [
        ("phase 3 not phase 2 semaglutide", ["PHASE3"]),
        ("phase 3 semaglutide, not phase 2", ["PHASE3"]),
        ("semaglutide phase 2/3 not phase 1", ["PHASE2", "PHASE3"]),
        ("phase III only, no phase II, retatrutide", ["PHASE3"]),
        ("phase 3 rather than phase 2 lecanemab trials", ["PHASE3"]),
        ("phase 3 instead of phase 2 trials of dupilumab", ["PHASE3"]),
        ("not phase 4 semaglutide", ["EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3"]),
        ("neither phase 1 nor phase 2 donanemab", ["EARLY_PHASE1", "PHASE3", "PHASE4"]),
        ("not early phase 1 CAR T trials", ["PHASE1", "PHASE2", "PHASE3", "PHASE4"]),
        ("phase 2 or phase 3 semaglutide", ["PHASE2", "PHASE3"]),
    ],
)
def test_a_denied_phase_is_not_asked_for(question: str, phases: list[str]) -> None:
    assert parsed(question)["phases"] == phases


@pytest.mark.parametrize(
    ("question", "statuses"),
    [
        ("recruiting not completed semaglutide trials", ["RECRUITING"]),
        ("completed not terminated semaglutide trials", ["COMPLETED"]),
        ("semaglutide trials not yet recruiting", ["NOT_YET_RECRUITING"]),
        ("semaglutide trials active, not recruiting", ["ACTIVE_NOT_RECRUITING"]),
    ],
)
def test_a_denied_status_is_not_asked_for(question: str, statuses: list[str]) -> None:
    assert parsed(question)["statuses"] == statuses


def test_two_denied_statuses_are_left_out() -> None:
    statuses = parsed("trials not terminated or withdrawn semaglutide")["statuses"]
    assert "COMPLETED" in statuses
    assert not {"TERMINATED", "WITHDRAWN"} & set(statuses)


@pytest.mark.parametrize(
    ("question", "sex", "groups"),
    [
        ("asthma trials in women not men", "FEMALE", []),
        ("osteoporosis in men instead of women", "MALE", []),
        ("asthma trials in adults not children", None, ["ADULT", "OLDER_ADULT"]),
        ("asthma in children rather than adults", None, ["CHILD"]),
        ("asthma whether or not children smoke", None, ["CHILD"]),
    ],
)
def test_denied_people_are_not_asked_for(question: str, sex: str | None, groups: list[str]) -> None:
    found = parsed(question)
    assert (found["sex"], found["age_groups"]) == (sex, groups)


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("pembrolizumab not in combination with chemotherapy in lung cancer", ["chemotherapy"]),
        ("chemotherapy, not combined with radiotherapy, for glioblastoma", ["radiotherapy"]),
        ("screening in people who haven't had a colonoscopy for colon cancer", ["colonoscopy"]),
        ("anticoagulation in patients who aren't on dialysis", ["dialysis"]),
        ("awake prone positioning in patients not yet intubated", ["intubated"]),
        ("hepatitis B vaccine for people who were never vaccinated", ["vaccinated"]),
        ("tranexamic acid in trauma patients not given blood transfusion", ["blood transfusion"]),
        ("atrial fibrillation in patients no longer taking warfarin", ["warfarin"]),
        ("weight loss drugs with the exception of orlistat", ["orlistat"]),
        ("exercise in adults without a diagnosis of dementia", ["dementia"]),
        ("PICC infection in ICU patients without central lines", ["central lines"]),
        ("semaglutide for patients free of asthma", ["asthma"]),
        ("aspirin in people with no history of stroke", ["stroke"]),
        ("tuberculosis in people who are HIV negative", ["hiv infections"]),
    ],
)
def test_other_words_deny_too_and_none_of_them_is_asked_for(
    question: str, excluded: list[str]
) -> None:
    found = parsed(question)
    assert [one["name"].lower() for one in found["concepts"] if one["excluded"]] == excluded
    asked = {one["text"].lower() for one in found["aspects"]}
    assert not asked & {"free", "history", "combination", "combined", "treated", "diagnosis"}
    required = pubmed(question).partition(" NOT ")[0]
    assert all(one not in required for one in excluded)


@pytest.mark.parametrize(
    ("question", "disease"),
    [
        ("Why are antibiotics not given for viral infections?", "viral infections"),
        ("Why is metformin not used in chronic kidney disease?", "chronic kidney disease"),
    ],
)
def test_what_nobody_gets_it_for_is_still_what_is_asked_about(question: str, disease: str) -> None:
    assert parsed(question)["conditions"] == [disease]


@pytest.mark.parametrize(
    "question",
    [
        "sofosbuvir in treatment-naive hepatitis C",
        "levodopa in drug-naïve Parkinson disease",
        "infliximab in therapy-naive Crohn disease",
    ],
)
def test_who_had_no_treatment_is_required_by_any_word_for_it(question: str) -> None:
    query = pubmed(question)
    assert "naive*" in query
    assert "untre" in query
    assert '"therapy"[sh]' not in query


def test_who_is_kept_from_a_disease_is_not_left_out_for_it() -> None:
    """Trials of prevention in people without a stroke have its heading all the same, with the subheading that says so."""
    query = pubmed("Is aspirin useful for primary prevention in people with no history of stroke?")
    assert '"Stroke/prevention and control"[mh]))' in query.partition(" NOT ")[2]
