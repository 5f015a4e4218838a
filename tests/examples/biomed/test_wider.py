"""What a wider search left out stands at the top of the answer, not in its log alone."""

from __future__ import annotations

import pytest

from examples.biomed.answer import synthesis
from examples.biomed.pubmed_steps import APART
from examples.biomed.records import Search


def _search(returned: int, widened: str = "", source: str = "literature") -> Search:
    made: Search = {"source": source, "returned": returned, "count": returned}
    return {**made, "widened": widened} if widened else made


@pytest.mark.parametrize(
    ("searches", "told"),
    [
        (
            [_search(0), _search(7, "'asthma'")],
            "> **PubMed has nothing for all of the question.** Its results below are of a wider search, without 'asthma'.",
        ),
        (
            [_search(0), _search(0, "'asthma'"), _search(4, "that all of it is in one article")],
            "> **PubMed has nothing for all of the question.** Its results below are of a wider search, "
            "without that all of it is in one article.",
        ),
        (
            [_search(1), _search(7, "whom it is about")],
            "> **PubMed has only 1 result for all of the question.** The others below are of a wider search, "
            "without whom it is about.",
        ),
        (
            [_search(0), _search(2, "'a [1]'")],
            "> **PubMed has nothing for all of the question.** Its results below are of a wider search, without 'a \\[1\\]'.",
        ),
    ],
)
def test_what_was_left_out_is_said_first(searches: list[Search], told: str) -> None:
    text = synthesis.write("A question", [], ["literature"], {}, [], searches=searches)
    assert text.split("\n\n")[1] == told


@pytest.mark.parametrize(
    "searches",
    [
        [_search(3)],
        [_search(0), _search(0, "'asthma'")],
        [_search(1), _search(7, APART + "'nurse staffing'")],
        [_search(0), _search(3, "'asthma'", "trials")],
    ],
)
def test_nothing_is_said_where_nothing_was_lost(searches: list[Search]) -> None:
    assert synthesis.notices(["literature"], {}, [], searches) == []
