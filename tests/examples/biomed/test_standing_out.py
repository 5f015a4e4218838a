"""What a source is about: by the abbreviations that it introduces itself, and by how much more of a question it names than others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering
from examples.biomed.answer.short_forms import short_forms, written_out
from examples.biomed.citations import number
from examples.biomed.entities import parse

DAY = date(2026, 11, 23)


def _answers(question: str, *texts: str) -> list[tuple[int, str]]:
    records: list[Any] = [
        {"type": "article", "id": str(place), "title": "A report", "year": 2020, "text": text}
        for place, text in enumerate(texts, 1)
    ]
    found = answering.find(parse(question, DAY), number({"literature": records}))
    return [(one.n, one.text) for one in found.sentences]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Use of folic acid (FA) was common.", {"FA": "folic acid"}),
        ("In heart failure [HF], it rose.", {"HF": "heart failure"}),
        ("Serum interleukin (IL)-2 rose.", {"IL": "interleukin"}),
        ("The time to event (TTE; in days) was short.", {"TTE": "time to event"}),
        ("Weight fell in women (n = 12) and men (40%).", {}),
        ("Pain fell in both (see Table).", {}),
        ("Pain fell (SD) in both.", {}),
        ("In 2001. (FA) was used.", {}),
    ],
)
def test_a_text_says_itself_what_its_abbreviations_stand_for(
    text: str, short: dict[str, str]
) -> None:
    assert short_forms(text) == short


def test_written_out_an_abbreviation_is_followed_by_what_it_stands_for() -> None:
    short = {"IL": "interleukin", "FA": "folic acid"}
    text = "Folic acid (FA): FA and IL-2 did nothing to post-FA levels, FAT or the NFA."
    assert written_out(text, short) == (
        "Folic acid (FA): FA folic acid and IL-2 interleukin did nothing to post-FA levels, FAT or the NFA."
    )


COHORT = (
    "Children with congenital heart disease (CHD) were compared with others. Folic acid (FA) was taken by mothers. "
    "FA reduced CHD (OR 0.7, p = 0.01)."
)


def test_a_finding_in_the_abbreviations_of_its_source_answers_and_is_quoted_as_it_stands() -> None:
    told = _answers("Does folic acid prevent congenital heart disease?", COHORT)
    assert told == [(1, "FA reduced CHD (OR 0.7, p = 0.01).")]


def test_an_abbreviation_that_a_source_introduces_for_something_else_does_not_answer() -> None:
    other = COHORT.replace("Folic acid (FA)", "Fusidic acid (FA)")
    assert _answers("Does folic acid prevent congenital heart disease?", other) == []


SCATTERED = (
    "Telephone calls were made by nurses. Discharge was planned by a coordinator. Elderly patients were in the hospital. "
    "Readmission was counted. Fewer elderly patients had problems at home (12% vs. 24%, p = 0.01)."
)
QUESTION = "Should a nurse coordinator telephone elderly patients after hospital discharge to spare them readmission?"


def test_a_source_that_names_far_more_than_any_other_is_about_the_question() -> None:
    told = _answers(
        QUESTION, SCATTERED, "Iron was measured. Ferritin fell in the elderly (p = 0.2)."
    )
    assert told[0] == (1, "Fewer elderly patients had problems at home (12% vs. 24%, p = 0.01).")


def test_beside_one_that_is_as_near_it_is_not() -> None:
    near = (
        "Nurses were trained by telephone. A coordinator saw elderly patients. Readmission was rare. Hospital costs "
        "after discharge were lower with tablets (p = 0.02)."
    )
    assert _answers(QUESTION, SCATTERED, near) == []


def test_alone_it_is_ahead_of_none() -> None:
    assert _answers(QUESTION, SCATTERED) == []


ABOUT = "Metastatic melanoma of the choroid in young adults: which regimen is preferred?"
UNTOLD = "Choroid melanoma in young adults was metastatic in some. Survivors lived longer than others (p = 0.01)."
TOLD = UNTOLD.replace("Survivors", "Those with metastatic disease")
NEARLY = "Melanoma of young adults was metastatic, of the skin, and seen by many."


def test_beside_others_that_are_as_near_a_sentence_says_itself_what_it_is_about() -> None:
    assert [n for n, _ in _answers(ABOUT, UNTOLD, NEARLY)] == []
    assert _answers(ABOUT, TOLD, NEARLY)[0] == (1, "Those with metastatic disease lived longer than others (p = 0.01).")  # fmt: skip


def test_of_a_source_that_is_ahead_it_need_not() -> None:
    assert _answers(ABOUT, UNTOLD, "Iron was measured in blood.")[0] == (1, "Survivors lived longer than others (p = 0.01).")  # fmt: skip
