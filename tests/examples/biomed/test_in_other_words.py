"""A question and a source may word one thing otherwise: an abbreviation, a verb for a noun, a topic that is in the title alone."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.harms import tells_of_more
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record


def _found(question: str, *sources: tuple[str, str]) -> Found:
    records = [
        Record(type="document", id=str(place), title=title, url="", year=2022, text=text)
        for place, (title, text) in enumerate(sources)
    ]
    return find(parse(question, date(2026, 11, 30)), number({"documents": records}))


def _quoted(question: str, *sources: tuple[str, str]) -> list[str]:
    return [one.text for one in _found(question, *sources).sentences]


TICAGRELOR = (
    "Ticagrelor or aspirin after transient ischaemic attack",
    "METHODS: 5000 adults with transient ischaemic attack were assigned to ticagrelor or aspirin. RESULTS: Stroke recurred in 5.0% and 6.3% "
    "(HR 0.79; 95% CI 0.67-0.93). CONCLUSIONS: Ticagrelor lowered recurrent stroke more than aspirin after transient ischaemic attack.",
)
VITAMIN_C = (
    "Vitamin C in sepsis",
    "METHODS: 300 patients with sepsis received vitamin C or placebo. RESULTS: C-reactive protein fell faster with vitamin C than with placebo (P=0.03). "
    "Venous thromboembolism occurred in 3% and 4%. CONCLUSIONS: Vitamin C lowered inflammation but did not change mortality.",
)
OMEPRAZOLE = (
    "Omeprazole deprescribing in long-term users",
    "METHODS: 320 long-term users of omeprazole were assigned to cease or continue treatment. RESULTS: Heartburn returned in 41% of those who ceased omeprazole "
    "and 12% of those who continued (RR 3.4; 95% CI 2.1-5.5). CONCLUSIONS: Ceasing omeprazole led to rebound heartburn in many long-term users.",
)
PREDNISONE = (
    "Low-dose prednisone withdrawal in rheumatoid arthritis",
    "METHODS: 259 patients on 5 mg per day were randomised to continue or taper. RESULTS: Flares occurred in 26% of the withdrawal group and 7% of the "
    "continuation group (RR 3.7; P<0.001). CONCLUSIONS: Continuing prednisone gave better disease control than withdrawal.",
)
ROSS = (
    "The Ross procedure: outcomes at 15 years",
    "METHODS: 310 patients were followed. RESULTS: Survival was 94% at 10 years and 90% at 15 years. Endocarditis predicted reintervention (HR 2.8). "
    "CONCLUSIONS: Results of the operation are excellent in young adults.",
)
CAPSAICIN = (
    "Capsaicin cream in neuropathic pain",
    "METHODS: 212 adults used capsaicin cream or vehicle for 8 weeks. RESULTS: Pain scores fell more with capsaicin than vehicle (-2.1 vs -1.2; P=0.01). "
    "Skin irritation was more frequent with capsaicin (38% vs 9%). CONCLUSIONS: Capsaicin cream reduced neuropathic pain.",
)
DONANEMAB = (
    "Donanemab in early symptomatic Alzheimer disease",
    "METHODS: 1736 participants were randomised to donanemab or placebo. RESULTS: Infusion reactions occurred in 8.7% and 0.5%. "
    "CONCLUSIONS: Donanemab resulted in less decline on the iADRS than placebo at 76 weeks.",
)


@pytest.mark.parametrize(
    ("question", "source", "told"),
    [
        ("Is ticagrelor better than aspirin after TIA?", TICAGRELOR, "Ticagrelor lowered"),
        ("Does vitamin C reduce CRP in sepsis?", VITAMIN_C, "C-reactive protein fell"),
        ("Does vitamin C cause VTE in sepsis?", VITAMIN_C, "Venous thromboembolism"),
    ],
)
def test_an_abbreviation_is_met_by_what_it_stands_for(
    question: str, source: tuple[str, str], told: str
) -> None:
    assert _quoted(question, source)[0].startswith(told)
    assert not _found(question, source).lost


@pytest.mark.parametrize(
    ("question", "source", "told"),
    [
        ("What happens when omeprazole is stopped?", OMEPRAZOLE, "Ceasing omeprazole"),
        ("Does discontinuing omeprazole cause heartburn?", OMEPRAZOLE, "Ceasing omeprazole"),
        ("Does stopping prednisone lead to flares?", PREDNISONE, "Flares occurred"),
        ("Does ceasing prednisone lead to flares?", PREDNISONE, "Flares occurred"),
    ],
)
def test_to_stop_is_to_discontinue_to_withdraw_and_to_cease(
    question: str, source: tuple[str, str], told: str
) -> None:
    assert _quoted(question, source)[0].startswith(told)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is 15-year survival after the Ross procedure?", "Survival was 94%"),
        ("What is 10-year survival after Ross?", "Survival was 94%"),
        ("What predicts reintervention after Ross?", "Endocarditis predicted"),
    ],
)
def test_what_the_title_is_on_need_not_be_known_to_be_of_medicine(question: str, told: str) -> None:
    assert _quoted(question, ROSS)[0].startswith(told)


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("Does capsaicin lower CRP?", (CAPSAICIN, VITAMIN_C)),
        ("What happens when ticagrelor is stopped?", (TICAGRELOR, OMEPRAZOLE)),
        ("Is vitamin C better than aspirin after TIA?", (TICAGRELOR, VITAMIN_C)),
        ("What predicts reintervention after Fontan?", (ROSS,)),
        ("Who won the Ross by-election?", (ROSS,)),
        ("What are the side effects of a weak currency?", (ROSS, CAPSAICIN)),
    ],
)
def test_what_is_of_something_else_stays_refused(
    question: str, sources: tuple[tuple[str, str], ...]
) -> None:
    assert _quoted(question, *sources) == []


def test_the_sentence_that_names_all_of_a_question_comes_first() -> None:
    assert _quoted("Does capsaicin irritate the skin?", CAPSAICIN)[0].startswith("Skin irritation")
    assert _quoted("Does capsaicin relieve neuropathic pain?", CAPSAICIN)[0].startswith("Capsaicin")


def test_less_decline_is_a_slower_one() -> None:
    assert _quoted("Does donanemab slow decline in Alzheimer's disease?", DONANEMAB) == [
        "Donanemab resulted in less decline on the iADRS than placebo at 76 weeks."
    ]


GINGER = (
    "Ginger for nausea of pregnancy",
    "METHODS: 240 women received ginger or placebo. RESULTS: Nausea fell more with ginger. Heartburn occurred in 14% with ginger and 5% with placebo. "
    "CONCLUSIONS: Ginger reduced nausea of pregnancy.",
)


@pytest.mark.parametrize(
    ("question", "source", "told"),
    [
        ("What are the side effects of donanemab?", DONANEMAB, "Infusion reactions"),
        ("What are the side effects of ginger?", GINGER, "Heartburn occurred"),
        ("What side effects does capsaicin have?", CAPSAICIN, "Skin irritation"),
    ],
)
def test_side_effects_are_told_by_what_was_seen_more_often(
    question: str, source: tuple[str, str], told: str
) -> None:
    assert _quoted(question, source)[0].startswith(told)


@pytest.mark.parametrize(
    ("sentence", "tells"),
    [
        ("Oedema was seen in 3% of the placebo group and 10% of the amlodipine group.", True),
        ("Stroke occurred in 9% with placebo and 5% with the drug.", False),
        ("Remission occurred in 44% with the drug and 29% with placebo.", False),
        ("Diarrhoea was reported in 18% and 23%.", False),
    ],
)
def test_what_is_hoped_for_or_was_rarer_is_no_side_effect(sentence: str, tells: bool) -> None:
    assert tells_of_more(sentence) is tells
