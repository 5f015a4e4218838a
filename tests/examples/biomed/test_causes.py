"""Who asks what a thing comes of is quoted that, and not what comes of it."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.causes import asked_effect, effect_ways, tells_causes
from examples.biomed.answer.unsaid import nothing
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

CONSEQUENCES = "Delirium was associated with higher mortality (HR 2.0, 1.2-3.4). CONCLUSION: Delirium is common after cardiac surgery and predicts death within a year."


def _record(text: str) -> Record:
    return Record(type="document", id="1", title="Delirium after cardiac surgery: a cohort", url="", year=2016, text=text)  # fmt: skip


def _found(question: str, text: str) -> Found:
    return find(parse(question, date(2026, 11, 30)), number({"documents": [_record(text)]}))


@pytest.mark.parametrize(
    "question",
    [
        "What are the risk factors for delirium after cardiac surgery?",
        "What causes delirium after cardiac surgery?",
        "Which factors predict delirium after cardiac surgery?",
        "Why do patients get delirium after cardiac surgery?",
    ],
)
def test_what_it_comes_of_is_quoted_and_not_what_comes_of_it(question: str) -> None:
    factors = "Risk factors were dementia and a long operation."
    found = _found(question, f"RESULTS: {factors} {CONSEQUENCES}")
    assert [one.text for one in found.sentences] == [factors]


def test_where_no_sentence_tells_the_causes_that_is_said() -> None:
    text = f"RESULTS: {CONSEQUENCES}"
    found = _found("What are the risk factors for delirium after cardiac surgery?", text)
    said = nothing(found, number({"documents": [_record(text)]}), {})
    assert "none tells of the causes of delirium" in said


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("Age and dementia predicted falls.", True),
        ("Falls were more common in women than in men.", True),
        ("Falls were due to weakness in most patients.", True),
        ("Sedatives were associated with falls.", True),
        ("Falls were associated with sedatives.", True),
        ("Falls predicted death.", False),
        ("Falls were associated with mortality.", False),
        ("Falls led to fractures.", False),
        ("Falls were reduced by exercise.", True),
        ("Risk factors for fractures were age and falls.", False),
    ],
)
def test_the_two_ends_of_a_cause_are_told_apart(sentence: str, does: bool) -> None:
    ways = effect_ways("falls", ())
    assert tells_causes(sentence, "falls", ways, is_on_it=True) == does


@pytest.mark.parametrize(
    ("question", "effect"),
    [
        ("risk factors for sepsis", "sepsis"),
        ("What increases the risk of preterm birth in twins?", "preterm birth"),
        ("Is smoking a risk factor for falls?", ""),
        ("Does age predict falls?", ""),
    ],
)
def test_what_the_causes_are_asked_of(question: str, effect: str) -> None:
    assert asked_effect(question) == effect


def test_how_a_medicine_works_is_told_by_what_it_does() -> None:
    text = (
        "Sodium-glucose cotransporter 2 inhibitors lower heart failure hospitalisation. Several mechanisms have been proposed. "
        "They inhibit the sodium-hydrogen exchanger in cardiomyocytes, which lowers cytosolic sodium. They also increase ketone body oxidation. "
        "Natriuresis lowers preload. None of these mechanisms alone explains the clinical benefit."
    )
    record = Record(
        type="document", id="1", title="How SGLT2 inhibitors act on the failing heart", url="", year=2021, text=text
    )  # fmt: skip
    question = "How do SGLT2 inhibitors work in heart failure?"
    cited = number({"documents": [record, {**_record(CONSEQUENCES), "id": "2"}]})
    found = find(parse(question, date(2026, 11, 30)), cited)
    assert found.sentences[0].text.startswith("They inhibit the sodium-hydrogen exchanger")
