"""Who asks for a number is quoted the sentence that gives it, and is told where none does."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.figures import asked_figures, gives
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

TEXT = (
    "BACKGROUND: Delirium after cardiac surgery is feared. METHODS: 900 patients had dexmedetomidine 0.4 mg or placebo for cardiac surgery. "
    "RESULTS: Delirium after cardiac surgery was less frequent with dexmedetomidine (HR 0.71, 95% CI 0.55-0.92). Delirium developed in 139 patients (24%). "
    "Delirium lasted 3 days. The number needed to treat was 9. A course of dexmedetomidine cost £120. "
    "The sensitivity of the CAM-ICU was 81% and its specificity 96%. CONCLUSIONS: Dexmedetomidine lowers delirium after cardiac surgery."
)


def _found(question: str, *texts: str) -> Found:
    records = [
        Record(type="document", id=str(place), title="Dexmedetomidine and delirium after cardiac surgery", url="", year=2020, text=text)
        for place, text in enumerate(texts)
    ]  # fmt: skip
    return find(parse(question, date(2026, 11, 30)), number({"documents": records}))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How common is delirium after cardiac surgery?", "Delirium developed in 139"),
        ("What percentage of patients get delirium after cardiac surgery?", "Delirium developed in 139"),
        ("How many patients have delirium after cardiac surgery?", "Delirium developed in 139"),
        ("How long does delirium last after cardiac surgery?", "Delirium lasted 3 days"),
        ("What is the number needed to treat with dexmedetomidine for delirium after cardiac surgery?", "The number needed to treat"),
        ("How much does dexmedetomidine for delirium after cardiac surgery cost?", "A course of"),
        ("What is the sensitivity of the CAM-ICU for delirium after cardiac surgery?", "The sensitivity"),
        ("What dose of dexmedetomidine is given for delirium after cardiac surgery?", "900 patients had dexmedetomidine 0.4 mg"),
    ],
)  # fmt: skip
def test_the_number_that_is_asked_for_comes_first(question: str, first: str) -> None:
    found = _found(question, TEXT)
    assert found.sentences[0].text.startswith(first)
    assert not found.lost


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What percentage of patients get delirium after cardiac surgery?", "a share or a rate"),
        ("How long does delirium last after cardiac surgery?", "a time"),
    ],
)
def test_that_no_sentence_gives_the_number_is_said_first(question: str, kind: str) -> None:
    text = (
        "RESULTS: Delirium after cardiac surgery was less frequent with dexmedetomidine (HR 0.71, 95% CI 0.55-0.92). "
        "CONCLUSIONS: Dexmedetomidine lowers delirium after cardiac surgery."
    )
    found = _found(question, text)
    assert found.of_others == f"**Nothing was found with the number that is asked for, {kind}.**"
    assert found.lost == [kind]
    assert found.sentences


def test_a_source_with_the_number_comes_before_one_without() -> None:
    without = "RESULTS: Delirium after cardiac surgery was common with dexmedetomidine and placebo alike. CONCLUSIONS: Delirium is common after cardiac surgery."
    found = _found("How common is delirium after cardiac surgery?", without, TEXT)
    assert found.sentences[0].n == 2


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Has the prevalence of asthma increased?", []),
        ("Is FIT cost-effective?", []),
        ("Does aspirin reduce mortality?", []),
        ("What are the risk factors for falls?", []),
        ("What is the risk of falls with sedatives?", []),
        ("How high is the risk of falls with sedatives?", ["a share or a rate"]),
        ("What is the sensitivity and specificity of FIT?", ["a sensitivity", "a specificity"]),
        ("What is 20-year survival after the Fontan operation?", ["a share or a rate"]),
        ("How accurate is ultrasound for appendicitis?", ["an accuracy"]),
        ("How many men need to be screened to prevent one death?", ["a number needed"]),
        ("What does FIT screening cost per QALY?", ["a cost"]),
        ("How many episodes are missed?", ["a count"]),
    ],
)
def test_the_kinds_of_number_a_question_asks_for(question: str, kinds: list[str]) -> None:
    assert [one.name for one in asked_figures(question)] == kinds


@pytest.mark.parametrize(
    ("question", "sentence", "does"),
    [
        ("How common is delirium?", "Delirium was rarer (HR 0.71, 95% CI 0.55-0.92).", False),
        ("How common is delirium?", "Delirium or death occurred in 4.7% of patients.", True),
        ("How common is delirium?", "Delirium occurred in 12 of 300.", True),
        (
            "How many people get AF?",
            "Omega-3 went with more AF (HR 1.25, 95% CI 1.07-1.46).",
            False,
        ),
        ("How many people get AF?", "AF was seen with more than 1 g/d after 3 months.", False),
        ("How many people get AF?", "AF came in 31 of them.", True),
        ("How long does it last?", "Patients aged 70 years had delirium.", False),
        ("How long does it last?", "Patients with a delay >24 hours were sicker.", False),
        ("How long does it last?", "It lasted for 2-3 weeks.", True),
        ("What does it cost?", "It was cost-effective at 80% of thresholds.", False),
        ("What is the sensitivity of FIT?", "The specificity was 96%.", False),
        ("What is the sensitivity of FIT?", "A sensitivity above 90.9% was seen.", True),
    ],
)
def test_a_number_of_another_kind_is_none(question: str, sentence: str, does: bool) -> None:
    assert gives(sentence, asked_figures(question)) == does


@pytest.mark.parametrize(
    ("question", "sentence", "does"),
    [
        ("What does it cost?", "The mean cost per patient was USD 1200.", True),
        ("How much does home dialysis cost?", "Annual costs were EUR 45 300 against EUR 61 000.", True),
        ("How much does home dialysis cost?", "Costs were 12 400 US dollars per year.", True),
        ("What did the programme cost?", "The programme cost CHF 320 per patient.", True),
        ("What is the cost of screening?", "Screening cost 1.2 million Australian dollars.", True),
        ("How expensive is it?", "It cost SEK 14,000 more.", True),
        ("How expensive is it?", "Costs were lower in the home group.", False),
        ("How much money does it save?", "It saved $420 per patient.", True),
        ("How long should treatment last?", "Treatment for six weeks was as good as twelve weeks.", True),
        ("How many weeks of treatment are needed?", "Six weeks of treatment cured 95%.", True),
        ("How long did people stay in hospital?", "Median stay was one day shorter with it.", True),
        ("How long did people stay in hospital?", "Patients aged sixty years recovered.", False),
        ("How many days in hospital?", "The stay was 3.2 versus 5.1 days.", True),
        ("What dose was given?", "Two puffs were given twice daily.", True),
        ("What dose was given?", "They took 15 mg/kg every six hours.", True),
        ("What dose of radiation?", "A total of 40 Gy in 15 fractions was given.", True),
        ("How common is it?", "One third of patients had fatigue.", True),
        ("How common is it?", "Two-thirds had fatigue.", True),
        ("How often does it recur?", "It recurred in half the patients.", True),
        ("How often does it recur?", "Recurrence was seen in 1 of every 5 patients.", True),
        ("How likely is death?", "Mortality was 5 per 1,000 births.", True),
        ("How many needed surgery?", "Nearly a third needed surgery.", True),
        ("How many needed surgery?", "Twenty-nine percent needed surgery.", True),
        ("What was the length of stay?", "Length of stay was a week.", False),
    ],
)  # fmt: skip
def test_a_number_counts_however_it_is_written(question: str, sentence: str, does: bool) -> None:
    asked = asked_figures(question)
    assert asked
    assert gives(sentence, asked) is does


def test_who_asks_what_a_measure_means_is_given_no_number_of_it() -> None:
    assert not _found("What is the meaning of sensitivity?", TEXT).sentences


SWITCH = (
    "BACKGROUND: Whether frail patients on a vitamin K antagonist should switch is unknown. METHODS: 1330 frail patients aged 75 or older were randomised to switch to edoxaban or not. "
    "RESULTS: Major bleeding occurred in 15.3% of the switch arm and 9.4% of the other arm (HR 1.69; 1.23-2.32). Thromboembolic events did not differ (HR 1.26; 0.60-2.61). "
    "Death was as frequent in both arms. CONCLUSIONS: Switching frail older patients to edoxaban was associated with more bleeding, without fewer thromboembolic events."
)


def _of_the_switch(question: str) -> Found:
    record = Record(type="document", id="0", title="Frailty and switching to edoxaban", url="", year=2023, text=SWITCH)  # fmt: skip
    return find(parse(question, date(2026, 11, 30)), number({"documents": [record]}))


@pytest.mark.parametrize(
    ("question", "own", "other"),
    [
        ("What was the hazard ratio for bleeding after switching to edoxaban in frail patients?", "HR 1.69", "HR 1.26"),
        ("HR for major bleeding after switching to edoxaban?", "HR 1.69", "HR 1.26"),
        ("What was the hazard ratio of thromboembolic events after switching to edoxaban in frail patients?", "HR 1.26", "HR 1.69"),
        ("What was the rate of bleeding after switching to edoxaban in frail patients?", "15.3%", "HR 1.26"),
    ],
)  # fmt: skip
def test_a_number_that_is_asked_for_of_one_outcome_is_never_that_of_another(
    question: str, own: str, other: str
) -> None:
    found = _of_the_switch(question)
    assert own in found.sentences[0].text
    assert not any(other in one.text for one in found.sentences)
    assert not found.lost


def test_that_a_ratio_is_given_of_other_outcomes_alone_is_said() -> None:
    found = _of_the_switch(
        "What was the hazard ratio for death after switching to edoxaban in frail patients?"
    )
    assert not any("HR" in one.text for one in found.sentences)
    assert not found.sentences or "a ratio" in found.of_others


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Is the risk of atrial fibrillation with omega-3 dose dependent?", "The risk of atrial fibrillation was greater in trials of more than 1 g/d"),
        ("Does the risk of atrial fibrillation with omega-3 depend on the dose?", "The risk of atrial fibrillation was greater in trials of more than 1 g/d"),
    ],
)  # fmt: skip
def test_whether_it_depends_on_the_dose_is_answered_by_who_tells_of_doses(
    question: str, first: str
) -> None:
    records = [
        Record(type="document", id="0", title="Effect of high-dose omega-3 on atrial fibrillation", url="", year=2020,
               text="METHODS: 13 078 people had omega-3 or placebo. RESULTS: Atrial fibrillation was more common with omega-3 (HR 1.69; 95% CI 1.29-2.21). Gastrointestinal adverse events were more common with omega-3 (24.7% vs 14.7%). CONCLUSIONS: Omega-3 did not reduce cardiovascular events."),
        Record(type="document", id="1", title="Omega-3 and atrial fibrillation by dose: a meta-analysis", url="", year=2021,
               text="METHODS: Seven trials of omega-3. RESULTS: Atrial fibrillation was increased with omega-3 (HR 1.25, 95% CI 1.07-1.46). CONCLUSIONS: The risk of atrial fibrillation was greater in trials of more than 1 g/d of omega-3."),
    ]  # fmt: skip
    found = find(parse(question, date(2026, 11, 30)), number({"documents": records}))
    assert found.sentences[0].text.startswith(first)
    assert not any("Gastrointestinal" in one.text for one in found.sentences)


def test_a_part_is_told_before_the_composite_that_it_is_in() -> None:
    text = (
        "METHODS: 4565 patients with rheumatic heart disease had rivaroxaban or a vitamin K antagonist. RESULTS: A primary-outcome event occurred in 560 patients with rivaroxaban and 446 with a vitamin K antagonist (HR 1.25; 95% CI 1.10-1.41). "
        "Death was higher with rivaroxaban. CONCLUSIONS: In rheumatic heart disease, a vitamin K antagonist led to a lower rate of a composite of cardiovascular events or death than rivaroxaban."
    )
    record = Record(type="document", id="0", title="Rivaroxaban in rheumatic heart disease", url="", year=2022, text=text)  # fmt: skip
    found = find(
        parse(
            "Is there more death with rivaroxaban than with a vitamin K antagonist in rheumatic heart disease?",
            date(2026, 11, 30),
        ),
        number({"documents": [record]}),
    )
    assert found.sentences[0].text.startswith("Death was higher")


def test_a_harm_that_was_as_frequent_answers_whether_it_is_more_frequent() -> None:
    text = (
        "BACKGROUND: Stroke recurs. METHODS: 3154 patients with ischaemic stroke had colchicine or usual care. RESULTS: A primary endpoint event occurred in 9.8% with colchicine and 11.7% with usual care (HR 0.84; 95% CI 0.68-1.05). "
        "Serious adverse events were similar in both groups. Diarrhoea was more frequent with colchicine (11.2% vs 6.1%). CONCLUSIONS: No significant benefit of colchicine was observed after stroke."
    )
    record = Record(type="document", id="0", title="Colchicine after ischaemic stroke", url="", year=2024, text=text)  # fmt: skip
    other = Record(type="document", id="1", title="Colchicine after myocardial infarction", url="", year=2024,
                   text="METHODS: 7062 patients had colchicine or placebo. RESULTS: A primary event occurred in 9.1% with colchicine and 9.3% with placebo. CONCLUSIONS: Colchicine did not reduce the composite of death, infarction and stroke.")  # fmt: skip
    found = find(
        parse(
            "Are serious adverse events more frequent with colchicine after stroke?",
            date(2026, 11, 30),
        ),
        number({"documents": [record, other]}),
    )
    assert "Serious adverse events were similar in both groups." in [
        one.text for one in found.sentences
    ]
