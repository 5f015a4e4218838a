"""Who asks for a harm is not told of a benefit: the sentence that names the harm is quoted before it."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.agreement import directly
from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.asked import read_question
from examples.biomed.answer.findings import finding, tells_of_change
from examples.biomed.answer.other_words import beside_losses
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

BENEFIT = "Yearly denosumab after wrist fracture surgery significantly reduced new fractures compared with placebo."


def _found(question: str, harm: str, *others: Record) -> Found:
    text = (
        "BACKGROUND: Osteoporosis is common. METHODS: 900 women received denosumab or placebo after wrist fracture surgery. "
        f"RESULTS: New fractures occurred in 6% and 11% (P = 0.01). {harm} CONCLUSIONS: {BENEFIT}"
    )
    record = Record(
        type="document", id="1", title="Denosumab after wrist fracture surgery", url="", year=2020, text=text
    )  # fmt: skip
    return find(parse(question, date(2026, 11, 30)), number({"documents": [record, *others]}))


ELSEWHERE = Record(
    type="document", id="2", title="Sugar-free gum and caries", url="", year=2018, text="Sugar-free gum reduced caries by 28% (P=0.01)."
)  # fmt: skip


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        ("hypocalcaemia", "Hypocalcemia was more frequent in one group (5% vs 1%)."),
        ("osteonecrosis of the jaw", "No cases of osteonecrosis of the jaw were reported."),
        ("eczema", "There was no eczema in either group."),
    ],
)
def test_the_sentence_on_a_harm_comes_before_the_benefit(harm: str, sentence: str) -> None:
    found = _found(f"Does denosumab cause {harm} in women after wrist fracture surgery?", sentence)
    assert [one.text for one in found.sentences] == [sentence]
    assert not found.lost


@pytest.mark.parametrize(
    "sentence",
    [
        "No cases of liver failure were reported.",
        "There was no apparent interaction between the two drugs.",
        "None of the patients had a seizure.",
        "There were no instances of hypoglycaemia.",
    ],
)
def test_that_nothing_was_seen_is_a_finding(sentence: str) -> None:
    assert finding(sentence) > 0
    assert tells_of_change(sentence)


@pytest.mark.parametrize(
    ("question", "harm", "says"),
    [
        ("Does denosumab cause infection in women after wrist fracture surgery?", "infection", "speaks of infection"),
        ("Does denosumab raise the risk of infection in women after wrist fracture surgery?", "infection", "speaks of infection"),
    ],
)  # fmt: skip
def test_that_no_source_is_on_a_harm_is_said_before_the_benefit(
    question: str, harm: str, says: str
) -> None:
    found = _found(question, "Back pain was not recorded.", ELSEWHERE)
    assert [one.text for one in found.sentences][:1] == [BENEFIT]
    assert found.of_others.startswith(f"**None of the sources {says}.**")
    assert found.lost == [harm]


def test_a_harm_that_is_named_without_a_finding_is_not_said_to_be_unnamed() -> None:
    found = _found(
        "Does denosumab cause infection in women after wrist fracture surgery?",
        "The aim was to look at infection.",
        ELSEWHERE,
    )
    assert found.of_others.startswith("**None of the sources states a finding on infection.**")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        ("arrhythmia", "Ventricular tachycardia was seen in 3% and 1%."),
        ("cognitive impairment", "Cognitive function declined in 3% and 1% of the women."),
        ("memory loss", "Memory impairments were more common in one group (5% vs 1%)."),
        ("hearing loss", "Hearing was impaired in 3% and 1% of the women."),
        ("fever", "The most frequent adverse events were pyrexia, myalgia and bone pain."),
        ("muscle pain", "The most frequent adverse events were pyrexia, myalgia and bone pain."),
        ("high blood pressure", "Hypertension was as common with denosumab as with placebo."),
    ],
)
def test_a_harm_in_other_words_is_that_harm(harm: str, sentence: str) -> None:
    found = _found(f"Does denosumab cause {harm} in women after wrist fracture surgery?", sentence)
    assert [one.text for one in found.sentences][:1] == [sentence]
    assert not found.lost


@pytest.mark.parametrize(
    "question",
    [
        "Does denosumab reduce fractures in women after wrist fracture surgery?",
        "Does denosumab prevent infection in women after wrist fracture surgery?",
        "Does denosumab improve survival in women after wrist fracture surgery?",
        "Does denosumab increase bone density in women after wrist fracture surgery?",
    ],
)
def test_a_benefit_that_is_asked_for_is_no_harm(question: str) -> None:
    assert not read_question(parse(question, date(2026, 11, 30))).harm


def test_a_loss_of_blood_is_no_loss_of_a_function() -> None:
    about = parse("Does denosumab cause blood loss?", date(2026, 11, 30))["concepts"]
    text = "Blood pressure declined."
    assert beside_losses(text, about) == text


def test_as_common_says_that_nothing_differed() -> None:
    assert finding("Vomiting was as common with paracetamol as with ibuprofen.") > 0
    assert finding("Fever was as high as 40 degrees.") == 0


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("Vomiting was as common with denosumab as with placebo.", "**[1] says that vomiting does not differ significantly.**"),
        ("Vomiting was twice as common with denosumab as with placebo.", ""),
    ],
)  # fmt: skip
def test_as_common_answers_that_it_is_no_different(sentence: str, says: str) -> None:
    question = "Does denosumab cause vomiting in women after wrist fracture surgery?"
    assert directly(_found(question, sentence)) == says


def test_which_of_two_is_better_is_not_told_by_what_both_share() -> None:
    question = "Is ibuprofen better than paracetamol for fever in children?"
    text = (
        "RESULTS: Fever at 4 hours was lower with ibuprofen than with paracetamol (P=0.02). Vomiting was as common with paracetamol as with "
        "ibuprofen. CONCLUSIONS: Ibuprofen reduced fever more than paracetamol in children."
    )
    record = Record(
        type="document", id="1", title="Paracetamol versus ibuprofen for fever in children", url="", year=2019, text=text
    )  # fmt: skip
    found = find(parse(question, date(2026, 11, 30)), number({"documents": [record]}))
    assert directly(found) == ""


def test_the_disease_that_is_treated_is_no_harm() -> None:
    text = (
        "METHODS: 1795 people took lecanemab or placebo. RESULTS: Amyloid fell. CONCLUSIONS: Lecanemab reduced markers of amyloid in early "
        "Alzheimer's disease and resulted in less decline of cognition than placebo at 18 months."
    )
    record = Record(
        type="document", id="1", title="APOE genotype and lecanemab", url="", year=2023, text=text
    )
    found = find(
        parse("Does lecanemab cause dementia?", date(2026, 11, 30)),
        number({"documents": [record, ELSEWHERE]}),
    )
    assert directly(found) == ""
    assert not found.sentences or "dementia" in found.lost
