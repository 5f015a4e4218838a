"""An answer that says the contrary of what was asked says so, and one that cannot be told says nothing of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering, synthesis
from examples.biomed.answer.directions import asked_direction
from examples.biomed.answer.held_against import told_against
from examples.biomed.answer.outcomes import Asked, asked_of
from examples.biomed.citations import number
from examples.biomed.entities import parse

DAY = date(2026, 11, 23)


def _asked(question: str) -> Asked:
    return asked_of(question, parse(question, DAY)["concepts"])


@pytest.mark.parametrize(
    ("question", "direction"),
    [
        ("Does diabetes raise mortality?", "up"),
        ("Do statins lower the risk of dementia?", "down"),
        ("Does depression worsen sleep?", "worse"),
        ("Does exercise improve quality of life?", "better"),
        ("Do smokers have more pain?", "up"),
        ("Are women less likely to die after stroke?", "down"),
        ("Does low birth weight lower IQ?", "down"),
        ("Does apixaban cause less bleeding than warfarin?", "down"),
        ("Does yoga lead to better sleep than stretching?", "better"),
        ("Does fish oil at 1 g per day or less increase stroke?", "up"),
        ("Does treatment for less than 7 days increase relapse?", "up"),
        ("Does yoga reduce pain less than exercise?", ""),
        ("Does smoking affect mortality?", ""),
        ("Is obesity associated with asthma?", ""),
    ],
)
def test_which_way_a_question_asks_about_is_read(question: str, direction: str) -> None:
    assert asked_direction(question, _asked(question)) == direction


@pytest.mark.parametrize(
    ("question", "sentence", "against"),
    [
        ("Does diabetes raise mortality?", "Diabetes was associated with higher mortality.", "as asked"),
        ("Does diabetes raise mortality?", "Diabetes was associated with lower mortality (p = 0.01).", "contrary"),
        ("Does diabetes raise mortality?", "Diabetes did not change mortality.", "unchanged"),
        ("Does diabetes lower survival?", "Diabetes was associated with higher mortality.", "as asked"),
        ("Does exercise improve pain?", "Exercise reduced pain.", "as asked"),
        ("Does exercise improve pain?", "Exercise increased pain (p = 0.02).", "contrary"),
        ("Do statins worsen atrial fibrillation?", "Atrial fibrillation was lower in the statin group compared with the non-statin group.", "contrary"),
        ("Does depression worsen sleep?", "Depression was associated with better sleep.", "contrary"),
        ("Do statins lower dementia?", "Statin use was inversely associated with lower rates of dementia.", "contrary"),
        ("Do statins reduce stroke?", "Statins did not reduce fever or stroke.", "unchanged"),
        ("Does early or late treatment reduce mortality?", "Early or late treatment reduced mortality.", "as asked"),
        # The name of what is asked to change it is no way.
        ("Does hearing loss increase dementia?", "Hearing loss was associated with dementia (HR 1.9; 95% CI 1.4-2.7).", "as asked"),
        ("Does weight loss increase mortality?", "Weight loss was associated with higher mortality (p = 0.01).", "as asked"),
        ("Does protein-losing enteropathy raise mortality?", "Protein-losing enteropathy predicted mortality (HR 3.4; 95% CI 1.2-9.1).", "as asked"),
        ("Does reduced sleep raise mortality?", "Reduced sleep was associated with lower mortality (p = 0.01).", "contrary"),
        ("Does increased salt raise mortality?", "Increased salt intake increased mortality (p = 0.01).", "as asked"),
        # It is not told of what was asked.
        ("Is ferritin lower in restless legs?", "Ferritin in restless legs was not correlated with age.", ""),
        # What its end does, it does not do itself.
        ("Does stopping warfarin increase stroke?", "Warfarin reduced stroke (p = 0.01).", ""),
        ("Does warfarin increase stroke?", "Discontinuation of warfarin increased stroke (p = 0.01).", ""),
        ("Does quitting smoking raise weight?", "Quitting smoking was associated with higher weight (p = 0.01).", "as asked"),
        ("Does switching to warfarin increase stroke?", "Switching to warfarin raised bleeding without an associated reduction in stroke.", ""),
        # It is of more than what is asked about, or of a part of it.
        ("Do statins reduce mortality?", "Statins lowered the composite of mortality and dialysis.", ""),
        ("Do statins reduce mortality?", "Statins lowered the risk of death or acute kidney injury.", ""),
        ("Do statins reduce mortality?", "Statins lowered cancer mortality.", ""),
        ("Do statins increase mortality?", "Statins did not prolong disability-free survival.", ""),
        ("Do statins reduce cardiovascular death?", "Statins lowered non-cardiovascular death.", ""),
        # Nobody can tell from the words alone.
        ("Does diabetes raise mortality?", "Mortality was lower in controls than in those with diabetes.", ""),
        ("Does diabetes raise mortality?", "Mortality was lower in patients without diabetes.", ""),
        ("Does late treatment raise mortality?", "Early treatment was associated with lower mortality.", ""),
        ("Does salt raise mortality?", "A low salt intake was associated with lower mortality.", ""),
        ("Does diabetes raise mortality?", "Diabetes with a higher weight had a lower mortality.", ""),
        ("Does a high score predict higher mortality?", "Patients with a score <10 had a lower mortality.", ""),
        ("Does diabetes affect mortality?", "Diabetes was associated with lower mortality.", ""),
        ("Does depression worsen sleep?", "Depression was associated with more sleep.", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_held_against_what_was_asked(
    question: str, sentence: str, against: str
) -> None:
    assert told_against(sentence, question, _asked(question)) == against


def _written(question: str, *texts: str) -> str:
    sources: list[dict[str, Any]] = [
        {"type": "article", "id": str(place), "title": question, "year": 2019, "text": text}
        for place, text in enumerate(texts, 11)
    ]
    cited = number({"literature": sources})
    found = answering.find(parse(question, DAY), cited)
    return synthesis.write(question, cited, ["literature"], {}, [], found=found)


def test_an_answer_that_says_the_contrary_says_so_first() -> None:
    written = _written(
        "Does coffee raise mortality?", "Coffee was associated with lower mortality (p = 0.01)."
    )
    said = "**[1] says that mortality goes down, not up.**"
    assert written.index(said) < written.index("Coffee was associated with lower")


def test_sources_that_say_contrary_things_do_not_agree() -> None:
    written = _written(
        "Does coffee raise mortality?",
        "Coffee was associated with lower mortality (p = 0.01).",
        "Coffee was associated with higher mortality (p = 0.01).",
        "Coffee was not associated with mortality (p = 0.7).",
    )
    assert "**[2] says that mortality goes up, [1] says that mortality goes down, and [3] says that mortality does not differ significantly.**" in written  # fmt: skip
    assert "**The sources do not agree.**" in written


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Does edoxaban cause more gastrointestinal bleeding than warfarin?",
            "Edoxaban was associated with lower rates of bleeding than warfarin (p = 0.01).",
        ),
        (
            "Do anticoagulants raise the risk of intracranial haemorrhage?",
            "Anticoagulants were associated with lower rates of major bleeding (p = 0.01).",
        ),
        (
            "Does dapagliflozin increase hip fractures?",
            "Dapagliflozin reduced fractures (p = 0.01).",
        ),
        (
            "Does aspirin increase haemorrhagic stroke?",
            "Aspirin reduced strokes (p = 0.01).",
        ),
    ],
)
def test_what_the_whole_does_is_not_said_of_its_part(question: str, text: str) -> None:
    """Bleeding as a whole goes down where bleeding into the gut goes up."""
    written = _written(question, text)
    assert ", not up" not in written
    assert "is a part, and does not report it apart" in written


def test_a_plainer_sentence_on_something_else_does_not_stand_for_the_answer() -> None:
    """The way is that of the sentence that answers, or none is told."""
    written = _written(
        "Is ferritin lower in restless legs?",
        "Ferritin was lower in patients than in controls (p < 0.001). Ferritin in restless legs was not correlated with age.",
    )
    assert "does not differ" not in written


def test_nothing_is_said_of_it_where_all_say_what_was_asked() -> None:
    written = _written(
        "Does coffee raise mortality?", "Coffee was associated with higher mortality (p = 0.01)."
    )
    assert "that mortality goes" not in written


def test_what_is_asked_about_is_no_markdown() -> None:
    written = _written(
        "Does coffee raise [2] *mortality*?",
        "Coffee was associated with lower mortality (p = 0.01).",
    )
    assert "that [2]" not in written
