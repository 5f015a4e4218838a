"""The sentence of the asked outcome and people is quoted, and what is said of the sources is true of each of them."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.agreement import directly
from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.causes import gives_reason
from examples.biomed.answer.held_against import told_against
from examples.biomed.answer.leading import lead
from examples.biomed.answer.outcomes import asked_of
from examples.biomed.answer.speaking import Cited
from examples.biomed.answer.strength import strength
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

TODAY = date(2026, 11, 30)


def _asked(question: str, *sources: tuple[str, str]) -> tuple[Found, Cited]:
    records = [
        Record(type="document", id=str(place), title=title, url="", year=2022, text=text)
        for place, (title, text) in enumerate(sources)
    ]
    cited = number({"documents": records})
    return find(parse(question, TODAY), cited), cited


def _quoted(question: str, *sources: tuple[str, str]) -> list[str]:
    return [one.text for one in _asked(question, *sources)[0].sentences]


TICAGRELOR = (
    "Ticagrelor 60 mg or 90 mg after myocardial infarction",
    "METHODS: 21,162 patients were randomised to ticagrelor 90 mg, ticagrelor 60 mg or placebo. RESULTS: Major bleeding was 2.60% with high-dose ticagrelor, 2.30% with low-dose "
    "ticagrelor and 1.06% with placebo. Dyspnoea occurred in 18.9%, 15.8% and 6.4%. In patients with a creatinine clearance below 60 mL/min ticagrelor was less effective than "
    "placebo (HR 1.10; 0.88-1.30). CONCLUSIONS: Ticagrelor reduced the rate of cardiovascular death, myocardial infarction or stroke.",
)
HLA = (
    "HLA genotype and rash with carbamazepine",
    "METHODS: 1100 patients with epilepsy. RESULTS: Rash occurred in 8.1% with carbamazepine and 2.0% with lamotrigine. Rash was 3.0% in noncarriers of HLA-A*31:01, 11.2% in heterozygotes "
    "and 29.4% in homozygotes. Seizures fell by 60%. CONCLUSIONS: Carbamazepine controlled seizures in most patients.",
)
BALOXAVIR = (
    "Baloxavir for influenza",
    "METHODS: 1064 patients with influenza were randomised to baloxavir or placebo for 1 day. RESULTS: At 14 days 2 and 3 patients had died. Fever resolved faster with baloxavir (median 1 vs 2 days; "
    "P<0.001). Adverse events were reported in 21% and 25%. CONCLUSIONS: Baloxavir was superior to placebo in alleviating symptoms.",
)
FLECAINIDE = (
    "Flecainide after myocardial infarction",
    "METHODS: 1498 patients were assigned to flecainide or placebo. RESULTS: Death occurred in 7.7% with flecainide and 3.0% with placebo (HR 2.38; 1.59-3.57). Arrhythmia was the main contributor to the "
    "excess mortality. The study was ended early because of an excess of deaths with flecainide. CONCLUSIONS: Flecainide should not be used after myocardial infarction.",
)


@pytest.mark.parametrize(
    ("question", "source", "first"),
    [
        ("Which dose of ticagrelor has the lowest rate of major bleeding?", TICAGRELOR, "Major bleeding was 2.60%"),
        ("Which genotype has the highest rate of rash with carbamazepine?", HLA, "Rash was 3.0%"),
        ("In which HLA group is rash most common with carbamazepine?", HLA, "Rash was 3.0%"),
        ("How many days of fever does baloxavir save?", BALOXAVIR, "Fever resolved faster"),
        ("Why did more patients die on flecainide?", FLECAINIDE, "Arrhythmia was the main contributor"),
        ("Why was the flecainide study after myocardial infarction stopped?", FLECAINIDE, "The study was ended early"),
    ],
)  # fmt: skip
def test_what_has_the_most_how_long_and_why_are_told_by_who_says_that(
    question: str, source: tuple[str, str], first: str
) -> None:
    assert _quoted(question, source)[0].startswith(first)


E_AND_STROKE = (
    "Vitamin E and stroke in health professionals",
    "METHODS: 14,641 men were randomised to vitamin E or placebo. RESULTS: Stroke occurred in 3.1% and 3.0% (HR 1.07; 95% CI 0.89-1.29; P=0.45). In a subgroup with low baseline vegetable intake "
    "HR 1.02. CONCLUSION: Vitamin E did not significantly affect stroke over 8 years.",
)
E_AFTER_BYPASS = (
    "Vitamin E and stroke after bypass surgery",
    "METHODS: 900 patients were randomised to vitamin E or placebo. RESULTS: Stroke occurred in 4.0% and 4.1%. CONCLUSION: Vitamin E did not reduce stroke after bypass surgery.",
)


def test_people_who_are_asked_for_are_told_of_apart_and_a_source_of_others_neither_agrees_nor_not() -> (
    None
):
    question = "Does vitamin E raise stroke in people with low vegetable intake?"
    found, cited = _asked(question, E_AND_STROKE, E_AFTER_BYPASS)
    assert found.sentences[0].text.startswith("In a subgroup with low baseline vegetable intake")
    told = strength(found, cited)
    assert "agree" not in told
    assert "not compared" not in told


MENINGITIS = (
    (
        "Corticosteroids in meningitis: systematic review and meta-analysis",
        "METHODS: 25 trials with 4121 patients. RESULTS: Corticosteroids were associated with reduced mortality (RR 0.80; 95% CI 0.70-0.92). Hearing loss was reduced (RR 0.74). "
        "CONCLUSIONS: Corticosteroids reduced mortality in patients with meningitis.",
    ),
    (
        "Adjunctive glucocorticoid therapy in bacterial meningitis",
        "BACKGROUND: Whether dexamethasone reduces mortality in bacterial meningitis is unclear. METHODS: 465 adults were randomised to dexamethasone or placebo. RESULTS: At 40 days 129 patients in the "
        "dexamethasone group and 120 in the placebo group had died (OR 1.14; 95% CI 0.82-1.60; P=0.40). CONCLUSIONS: Dexamethasone did not result in lower 40-day mortality than placebo.",
    ),
)  # fmt: skip


def test_a_trial_of_a_member_of_the_class_in_a_kind_of_the_disease_is_counted_with_the_others() -> (
    None
):
    found, cited = _asked("Do corticosteroids reduce mortality in meningitis?", *MENINGITIS)
    assert sorted(found.speaking) == [1, 2]
    assert "**The sources do not agree.**" in strength(found, cited)


CORONARY = (
    "Ticlopidine in patients with stable coronary disease",
    "METHODS: 4000 patients with stable coronary disease were randomly assigned to ticlopidine or placebo. RESULTS: A primary end-point event occurred in 6.8% and 9.6% (HR 0.69; 95% CI 0.57 to 0.83; "
    "P<0.001). Ischemic stroke occurred in 0.6% and 0.9%. CONCLUSIONS: The risk of cardiovascular events was significantly lower with ticlopidine than with placebo.",
)
INFARCTION = (
    "Ticlopidine in acute myocardial infarction",
    "METHODS: 3000 patients who had myocardial infarction were randomized to ticlopidine or placebo. RESULTS: A primary-outcome event occurred in 9.1% and 9.3% (HR 0.99; 95% CI 0.85 to 1.16; P=0.93). "
    "CONCLUSIONS: Among patients who had myocardial infarction ticlopidine did not reduce cardiovascular events.",
)


def test_a_disease_whose_words_stand_apart_in_a_text_is_not_the_one_it_is_of() -> None:
    found, cited = _asked(
        "Does ticlopidine reduce cardiovascular events after myocardial infarction?",
        INFARCTION,
        CORONARY,
    )
    assert {one.n for one in found.sentences} == {1}
    assert "do not agree" not in strength(found, cited)


CALCIUM = (
    (
        "Calcium in pre-eclampsia: a trial",
        "METHODS: 800 women with pre-eclampsia received calcium or placebo. RESULTS: Hypertension was less frequent with calcium (10% vs 14%; P=0.03). CONCLUSIONS: Calcium reduced hypertension.",
    ),
    (
        "Calcium in pre-eclampsia: a meta-analysis",
        "METHODS: 12 trials of 9000 women with pre-eclampsia. RESULTS: Hypertension was reduced (RR 0.65). Kidney stones were seen in 1%. CONCLUSIONS: Calcium is cheap.",
    ),
)


def test_what_a_source_tells_under_its_title_is_read_as_of_that() -> None:
    found, cited = _asked("Does calcium reduce hypertension in pre-eclampsia?", *CALCIUM)
    assert "The sources agree: [1][2] say that hypertension goes down." in strength(found, cited)


def test_who_tells_nothing_of_what_is_asked_is_not_counted_among_those_who_speak_to_it() -> None:
    other = (
        "Baloxavir in children with influenza",
        "METHODS: 300 children with influenza were randomised to baloxavir or oseltamivir. RESULTS: Vomiting occurred in 6% and 16% (P=0.01). CONCLUSIONS: Baloxavir was well tolerated.",
    )
    question = "Does baloxavir speed resolution of fever in influenza?"
    found, cited = _asked(question, BALOXAVIR, other)
    assert found.speaking == [1]
    assert strength(found, cited).startswith("1 source speaks to the question")


@pytest.mark.parametrize("outcome", ["prostatectomy outcome", "septic patients"])
def test_of_no_outcome_in_particular_neither_agreement_nor_a_way_is_told(outcome: str) -> None:
    found, cited = _asked("Do corticosteroids reduce mortality in meningitis?", *MENINGITIS)
    found.outcome = outcome
    assert directly(found) == ""
    assert "agree" not in strength(found, cited)


def test_what_is_quoted_first_is_not_led_by_what_another_source_says_alone() -> None:
    found, _ = _asked("Do corticosteroids reduce mortality in meningitis?", *MENINGITIS)
    assert directly(found)
    first = found.sentences[0].n
    found.readings = [one for one in found.readings if one.n != first]
    found.sentences = [
        type(one)(one.text, one.n, one.negative, is_apart=True) if one.n == first else one
        for one in found.sentences
    ]
    assert directly(found) == ""


RIVAROXABAN = (
    "Edoxaban in rheumatic mitral stenosis",
    "METHODS: 4565 patients with rheumatic mitral stenosis were randomized to edoxaban or a vitamin K antagonist. RESULTS: A primary-outcome event occurred in 560 patients in the edoxaban group and 446 "
    "in the vitamin K antagonist group (HR 1.25; 95% CI 1.10-1.41). Death was higher in the edoxaban group. No significant between-group difference in major bleeding was noted. CONCLUSIONS: Vitamin K "
    "antagonist therapy led to a lower rate of cardiovascular events or death than edoxaban therapy.",
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Is edoxaban better than warfarin in mitral stenosis?", "Death was higher"),
        ("Does edoxaban cause more deaths than warfarin in mitral stenosis?", "Death was higher"),
        ("Is edoxaban safer than warfarin for bleeding in mitral stenosis?", "No significant between-group difference in major bleeding"),
    ],
)  # fmt: skip
def test_an_arm_of_vitamin_k_antagonists_is_the_warfarin_that_is_asked_about(
    question: str, told: str
) -> None:
    assert any(one.startswith(told) for one in _quoted(question, RIVAROXABAN))


def test_that_a_source_compares_directly_does_not_stand_without_what_it_found() -> None:
    question = "Edoxaban versus warfarin in mitral stenosis: quality of life"
    entities = parse(question, TODAY)
    _, cited = _asked(question, RIVAROXABAN)
    first = lead(entities, cited, {}, [], Found([], []))
    assert "directly:**" in first.text
    assert "What was found:" in first.text
    assert "HR 1.25" in first.text or "lower rate of cardiovascular events" in first.text


SURGERY = (
    "Urgent surgery for perforated ulcer",
    "METHODS: 400 patients with a perforated ulcer were assigned to urgent surgery (goal within 6 h) or standard care. RESULTS: Complications occurred in 22% in each group. CONCLUSIONS: Urgent surgery did "
    "not reduce complications.",
)


def test_a_time_that_an_arm_is_defined_by_is_reported() -> None:
    found, _ = _asked("Does surgery within 6 hours reduce complications?", SURGERY)
    assert found.sentences
    assert found.of_others == ""


WOUNDS = (
    "Wound infection after caesarean: incidence and risk factors",
    "METHODS: Cohort of 571 women. RESULTS: Wound infection developed in 39 women (7%). Risk factors were diabetes and prolonged labour. CONCLUSION: Wound infection is common after caesarean.",
)


@pytest.mark.parametrize(
    "question",
    [
        "Is diabetes a risk factor for wound infection after caesarean?",
        "Does diabetes increase wound infection after caesarean?",
    ],
)
def test_risk_factors_that_a_source_lists_are_those_of_what_its_title_says(question: str) -> None:
    found, _ = _asked(question, WOUNDS)
    assert [one.text for one in found.sentences] == [
        "Risk factors were diabetes and prolonged labour."
    ]
    assert found.of_others == ""


def test_a_long_list_of_ratios_is_quoted_where_nothing_else_tells_of_the_harm() -> None:
    groups = ", ".join(f"with exposure group {one} {one}.2 [1.1-{one}.9]" for one in range(2, 16))
    text = (
        "METHODS: 75 cases of scleroderma, and 273 controls. RESULTS: Farming was associated with vasculitis (OR 2.3). Significant associations were found for silica exposure (with scleroderma 5.6 "
        f"[1.3-23.5], {groups}). CONCLUSIONS: Farming may be a risk."
    )
    found, _ = _asked("Does silica exposure cause scleroderma?", ("Exposures in vasculitis", text))
    assert "with scleroderma 5.6" in found.sentences[0].text
    assert found.of_others == ""


def test_the_last_part_of_a_compound_name_stands_for_it_once_the_whole_is_named() -> None:
    text = (
        "Uptake in SPECT-CT may depend on weight. METHODS: 219 patients with thyroid cancer had SPECT-CT. RESULTS: The diagnostic power of CT in the obese and the lean did not differ "
        "significantly (AUC 0.96 and 0.95). CONCLUSIONS: More studies are needed."
    )
    question = "Does obesity affect SPECT-CT in thyroid cancer?"
    assert any("did not differ" in one for one in _quoted(question, ("Obesity and imaging", text)))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Does apixaban reduce cardiovascular death?", "Apixaban was noninferior for strokes, and was associated with lower rates of bleeding and death from cardiovascular causes."),
        ("Does omeprazole lower vitamin B12?", "Low vitamin B12 occurred more often with omeprazole than with placebo (P=0.02)."),
        ("Does omeprazole lower vitamin B12?", "Omeprazole was associated with more vitamin B12 deficiency."),
    ],
)  # fmt: skip
def test_neither_causes_of_death_nor_too_little_of_something_say_that_it_goes_up(
    question: str, sentence: str
) -> None:
    concepts = parse(question, TODAY)["concepts"]
    assert told_against(sentence, question, asked_of(question, concepts)) == ""


BRAIN = (
    "Albumin or saline in intensive care",
    "METHODS: 6997 ICU patients were assigned to albumin or saline. RESULTS: Death at 28 days occurred in 20.9% with albumin and 21.1% with saline (RR 0.99; 0.91-1.09). In patients with traumatic brain "
    "injury, death was higher with albumin (33.2% vs 20.4%). CONCLUSIONS: Albumin and saline resulted in similar outcomes at 28 days.",
)
CORONARY_HARM = (
    "Methotrexate in stable coronary disease",
    "METHODS: 4786 patients with stable coronary disease received methotrexate or placebo. RESULTS: Death from cancer was more frequent with methotrexate than with placebo "
    "(1.2% vs 0.7%; P=0.04). A primary end-point event occurred in 4.1% with methotrexate and 4.3% with placebo (HR 0.96; 95% CI 0.79 to 1.16). CONCLUSIONS: Methotrexate did not lower cardiovascular events.",
)


@pytest.mark.parametrize(
    ("question", "source", "first"),
    [
        ("Is saline better than albumin in traumatic brain injury?", BRAIN, "In patients with traumatic brain injury"),
        ("Is methotrexate useful in stable coronary disease?", CORONARY_HARM, ("A primary end-point", "Methotrexate did not")),
        ("How much faster does fever resolve with baloxavir?", BALOXAVIR, "Fever resolved faster"),
        ("Who bleeds most, patients on high-dose ticagrelor or on low-dose ticagrelor?", TICAGRELOR, "Major bleeding was 2.60%"),
    ],
)  # fmt: skip
def test_of_two_treatments_of_use_and_of_speed_the_right_sentence_comes_first(
    question: str, source: tuple[str, str], first: str | tuple[str, ...]
) -> None:
    assert _quoted(question, source)[0].startswith(first)


def test_a_reason_of_something_else_in_the_sentence_is_not_the_one_that_is_asked_for() -> None:
    question = "Why do patients stop tamoxifen?"
    other = "Patients spoke of changes of the body, weakness due to surgery, and tamoxifen."
    assert not gives_reason(other, question)
    assert gives_reason("Most patients stopped tamoxifen because of hot flushes.", question)
    assert gives_reason("Hot flushes were the main reason for stopping tamoxifen.", question)


@pytest.mark.parametrize(
    "question",
    ["Was CALORIES positive?", "What did CALORIES find?", "Did CALORIES show a lower mortality?"],
)
def test_a_study_is_asked_about_by_its_short_name(question: str) -> None:
    feeding = (
        "Early parenteral or enteral nutrition in intensive care (CALORIES)",
        "METHODS: 2400 adults were randomised to the parenteral or the enteral route. RESULTS: At 30 days 33.1% and 34.2% had died (RR 0.97; 0.86-1.08; P=0.57). CONCLUSIONS: The parenteral route did not "
        "result in lower mortality than the enteral route.",
    )
    other = (
        "Calories in hospital food",
        "Patients eat two thirds of the calories that they are served.",
    )
    assert _quoted(question, feeding, other)[0].startswith("The parenteral route did not")
