"""A question for a time, an amount or one result of several gets the sentence that tells it, wherever its source has it, and not the main result."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer import answering
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

TITLE = "Prism adaptation for spatial neglect after stroke: a randomised trial"
TEXT = (
    "BACKGROUND: Neglect after stroke hampers recovery. "
    "METHODS: 120 adults with spatial neglect after stroke were randomly assigned to prism adaptation or sham. "
    "Those in the prism group wore prisms for 20 minutes, twice daily for two weeks. "
    "RESULTS: The Behavioural Inattention Test improved by 18 points with prism adaptation and by 17 with sham (P=0.71). "
    "There were no differences in falls (12% vs 13%) or in the need for residential care (9% vs 11%). "
    "Headache occurred in 6% of the prism group and 2% of the sham group. "
    "CONCLUSIONS: Prism adaptation did not improve spatial neglect after stroke."
)


def _first(question: str) -> str:
    cited = number(
        {
            "literature": [
                Record(type="article", id="1", title=TITLE, url="", year=2020, text=TEXT),
                Record(
                    type="article",
                    id="2",
                    title="Constraint-induced movement therapy for the arm after stroke",
                    url="",
                    year=2019,
                    text="CONCLUSIONS: Constraint-induced movement therapy improved arm function after stroke.",
                ),
            ]
        }
    )
    found = answering.find(parse(question, date(2026, 12, 1)), cited)
    return found.sentences[0].text if found.sentences else ""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How long were the prisms worn in the trial of prism adaptation for neglect after stroke?", "20 minutes"),
        ("For how many weeks are prisms worn in prism adaptation for neglect after stroke?", "for two weeks"),
        ("Does prism adaptation for neglect after stroke affect the need for residential care?", "residential care (9% vs 11%)"),
        ("Does prism adaptation improve neglect after stroke?", "did not improve spatial neglect"),
    ],
)  # fmt: skip
def test_what_is_asked_for_by_its_own_words_comes_before_the_main_result(
    question: str, told: str
) -> None:
    assert told in _first(question)
