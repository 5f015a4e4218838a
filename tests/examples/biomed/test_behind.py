"""One sentence alone comes with what stands behind it, and with nothing that is on something else."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer import answering
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

TITLE = "Early tracheostomy in acute brain injury: a randomised trial"
TEXT = (
    "METHODS: 382 adults with acute brain injury had early or late tracheostomy. RESULTS: Survival without severe disability occurred in 43.5% of the early and 47.1% of the late group "
    "(95% CI -14.3 to 7.2). Stoma bleeding occurred in four patients. Ventilator days were 14 and 17 (P=0.02). "
    "CONCLUSIONS: Early tracheostomy did not improve survival without severe disability in acute brain injury."
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Does early tracheostomy improve functional outcome in acute brain injury?",
            ["did not improve survival", "43.5% of the early"],
        ),
        ("Does early tracheostomy cause stoma bleeding in acute brain injury?", ["Stoma bleeding"]),
    ],
)
def test_a_conclusion_comes_with_its_figures_and_another_result_with_none_of_them(
    question: str, told: list[str]
) -> None:
    record = Record(type="article", id="1", title=TITLE, url="", year=2021, text=TEXT)
    found = answering.find(parse(question, date(2026, 12, 1)), number({"literature": [record]}))
    assert len(found.sentences) == len(told)
    assert all(part in one.text for part, one in zip(told, found.sentences, strict=True))
