"""A word that decides a question is not dropped: the sentence of a source that has it comes first, and both sides of a comparison."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.question_parts import parts_of
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record


def _document(key: str, title: str, text: str) -> Record:
    return Record(type="document", id=key, title=title, url="", year=2020, text=text)


PREGABALIN = _document(
    "1",
    "Pregabalin or amitriptyline for neuropathic pain",
    "BACKGROUND: Neuropathic pain is hard to treat. METHODS: 300 adults aged 65 and older with neuropathic pain were randomised to pregabalin, amitriptyline or placebo. "
    "RESULTS: Pain fell by half in 48% with pregabalin, 46% with amitriptyline and 25% with placebo. Pregabalin was superior to placebo (P=0.001). "
    "Tremor was less common with pregabalin. Falls were more frequent with amitriptyline (12%) than with pregabalin (6%). "
    "Hospitalization was 0.10 per year with pregabalin and 0.14 with amitriptyline. Nights missed from sleep were 2.1 with pregabalin and 4.0 with amitriptyline. "
    "Pregabalin was the most acceptable drug. Snoring did not differ between the arms. "
    "Pregabalin and amitriptyline relieved neuropathic pain more than placebo. CONCLUSIONS: Pregabalin was noninferior to amitriptyline on a standard scale.",
)
ELSEWHERE = _document(
    "2", "Sugar-free gum and caries", "Sugar-free gum reduced caries by 28% (P=0.01)."
)


def _found(question: str, *records: Record) -> Found:
    read = parse(question, date(2026, 11, 30))
    return find(read, number({"documents": [*(records or (PREGABALIN,)), ELSEWHERE]}))


def _first(question: str, *records: Record) -> str:
    sentences = _found(question, *records).sentences
    return sentences[0].text if sentences else ""


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Do people with neuropathic pain tremble or have a tremor less on pregabalin?", "Tremor"),
        ("Do people with neuropathic pain snore less on pregabalin?", "Snoring"),
        ("Is pregabalin acceptable to people with neuropathic pain?", "Pregabalin was the most"),
        ("Do people with neuropathic pain go to hospital less on pregabalin?", "Hospitalization"),
        ("Do people with neuropathic pain miss fewer nights of sleep on pregabalin?", "Nights"),
    ],
)
def test_the_sentence_that_has_the_verb_or_the_word_of_every_day_comes_first(
    question: str, first: str
) -> None:
    assert _first(question).startswith(first)


def test_what_the_text_is_on_decides_nothing() -> None:
    question = "Does pregabalin relieve neuropathic pain?"
    assert "relieved neuropathic pain" in _first(question)


def test_what_was_done_does_not_come_first_for_a_word_that_it_has() -> None:
    record = _document(
        "1",
        "Acidosis and muscle in patients on haemodialysis",
        "The aim was to see whether acidosis wastes muscle in patients on haemodialysis. Metabolic acidosis is common in uraemia. "
        "Eight patients were given oral sodium bicarbonate for two weeks, yielding a level of 28.6 +/- 1.6 mmol/l before dialysis. "
        "Muscle protein synthesis did not change significantly (2.1 vs 2.0% per day, p = 0.39). "
        "Growth factors decreased significantly (33 vs 25 nmol/l; p = 0.03). Thyroid hormones did not change.",
    )
    first = _first("Does bicarbonate on haemodialysis build muscle?", record)
    assert first.startswith("Muscle protein synthesis did not change")


@pytest.mark.parametrize(
    ("question", "both"),
    [
        ("Is pregabalin better than placebo in neuropathic pain?", "placebo"),
        ("Is amitriptyline better than placebo in neuropathic pain?", "placebo"),
        ("Is pregabalin better than amitriptyline in neuropathic pain?", "amitriptyline"),
    ],
)
def test_a_comparison_is_answered_by_who_has_both_of_its_sides(question: str, both: str) -> None:
    named = question.split()[1]
    first = _first(question).lower()
    assert named in first
    assert both in first


def test_one_thing_alone_is_not_answered_by_two_together() -> None:
    record = _document(
        "1",
        "Exercise and diet for knee osteoarthritis",
        "METHODS: 400 adults with knee osteoarthritis had exercise, diet, both, or education. "
        "RESULTS: The combination of exercise and diet was superior to education (P=0.001). Diet with exercise was superior to exercise alone. "
        "Pain fell by 40% with the combination, 25% with exercise alone, 20% with diet alone and 15% with education. "
        "CONCLUSIONS: The combination of exercise and diet was best in knee osteoarthritis.",
    )
    first = _first("Is exercise better than education in knee osteoarthritis?", record)
    assert "25% with exercise alone" in first


@pytest.mark.parametrize(
    "question",
    [
        "Is pregabalin as good as amitriptyline for neuropathic pain?",
        "Is pregabalin no worse than amitriptyline for neuropathic pain?",
        "Is pregabalin equivalent to amitriptyline in neuropathic pain?",
    ],
)
def test_whether_it_is_as_good_is_answered_by_how_near_they_are(question: str) -> None:
    assert "noninferior to amitriptyline" in _first(question)


@pytest.mark.parametrize(
    "question",
    [
        "Can my elderly father with neuropathic pain fall more often on amitriptyline?",
        "Do older adults with neuropathic pain fall less on pregabalin than on amitriptyline?",
        "Will I fall on amitriptyline?",
    ],
)
def test_of_people_who_fall_the_falls_are_asked(question: str) -> None:
    assert _first(question).startswith("Falls were more frequent")


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("Does blood pressure in patients fall on ramipril?", "blood pressure"),
        ("Does the platelet count fall with heparin?", "the platelet count"),
        ("Do frail older women fall more often on zolpidem?", "falls"),
        ("Do people fall asleep faster on melatonin?", "asleep faster"),
    ],
)
def test_a_number_falls_and_so_does_who_falls_asleep(question: str, outcome: str) -> None:
    assert parts_of(question)[1] == outcome


def test_of_people_who_have_a_disease_and_fall_the_disease_is_asked_about() -> None:
    assert parts_of("Do older adults with cancer fall more often?") == ("cancer", "falls")
    asked = "Do older adults with cancer fall less on vitamin D than on placebo?"
    assert parts_of(asked) == ("vitamin D", "falls")


def test_harm_to_the_baby_asks_for_what_is_a_harm() -> None:
    record = _document(
        "1",
        "Levetiracetam in pregnancy",
        "METHODS: 400 pregnant women with epilepsy took levetiracetam or lamotrigine. RESULTS: Seizures were less frequent with levetiracetam (P=0.02). "
        "Rates of malformations were 3% and 2%. CONCLUSIONS: In pregnant women with epilepsy seizures were fewer with levetiracetam.",
    )
    assert _first("Does levetiracetam in pregnancy harm the baby?", record).startswith(
        "Rates of malformations"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Do patients take their statin regularly?",
        "How many patients skip doses of their statin?",
        "How often do patients forget their statin?",
    ],
)
def test_who_forgets_a_medicine_is_told_how_many_do(question: str) -> None:
    of_effect = _document(
        "1",
        "Statin after stroke",
        "METHODS: 900 patients. RESULTS: Recurrent stroke occurred in 8% with a statin and 11% with placebo (P=0.03). CONCLUSIONS: A statin reduced recurrent stroke in patients.",
    )
    of_adherence = _document(
        "3",
        "Adherence to statins in primary care",
        "METHODS: 12 cohorts. RESULTS: Good adherence was seen in 61%. CONCLUSIONS: Up to 40% of patients are non-adherent to a statin.",
    )
    first = _first(question, of_effect, of_adherence)
    assert "adheren" in first


@pytest.mark.parametrize(
    "leaning",
    [
        "Of the remaining 28 patients, correct detection of varices by the index was more frequent in six.",
        "They had more correct detection of varices by the index.",
    ],
)
def test_a_sentence_that_needs_the_one_before_it_leads_no_answer(leaning: str) -> None:
    concluded = "Duplex sonography predicts varices in cirrhosis."
    text = (
        "BACKGROUND: Endoscopy is unpleasant. METHODS: 80 patients had duplex sonography. RESULTS: The splenic index predicted varices (P<0.05). "
        f"{leaning} CONCLUSIONS: {concluded}"
    )
    title = "Duplex sonography and varices in cirrhosis"
    record = Record(type="document", id="1", title=title, url="", year=2020, text=text)
    question = "Is correct detection of varices in cirrhosis possible by duplex sonography?"
    found = find(parse(question, date(2026, 11, 30)), number({"documents": [record]}))
    assert found.sentences[0].text == concluded
