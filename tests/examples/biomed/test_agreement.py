"""What is said of agreement and of direct comparison holds of every source that speaks, quoted or not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answering import Found, Sentence
from examples.biomed.citations import number
from examples.biomed.comparing import direct
from examples.biomed.entities import parse
from examples.biomed.strength import strength

DAY = date(2026, 11, 23)


def _sources(*texts: str, title: str = "A study") -> Any:
    return number(
        {
            "documents": [
                {"type": "document", "id": f"{n}.md", "title": title, "text": text, "year": None}
                for n, text in enumerate(texts)
            ]
        }
    )


def _sentence(n: int, against: Any = "", *, negative: bool = False) -> Sentence:
    return Sentence("PPIs raise the risk.", n, negative, against)


@pytest.mark.parametrize(
    "quoted",
    [
        [_sentence(1)],
        [_sentence(1, "as asked"), _sentence(2, "as asked")],
        [_sentence(1, negative=True), _sentence(2, negative=True)],
    ],
)
def test_beside_a_source_that_is_not_quoted_nothing_is_said_of_agreement(
    quoted: list[Sentence],
) -> None:
    told = strength(Found(quoted, [1, 2, 3]), _sources("A.", "B.", "C."))
    assert "not compared with the other sources" in told
    assert "contradicts" not in told
    assert "agree:" not in told


def test_where_all_that_speak_are_quoted_their_agreement_is_said_as_far_as_it_is_known() -> None:
    cited = _sources("A.", "B.")
    same = strength(Found([_sentence(1, "as asked"), _sentence(2, "as asked")], [1, 2]), cited)
    assert "No source that is quoted contradicts another: [1][2]." in same
    unknown = strength(Found([_sentence(1, "as asked"), _sentence(2)], [1, 2]), cited)
    assert "contradicts" not in unknown
    alone = strength(Found([_sentence(1)], [1]), cited)
    assert "One source alone speaks to the question" in alone


@pytest.mark.parametrize(
    ("title", "text", "compares"),
    [
        ("Rituximab versus cyclophosphamide in vasculitis", "Both were given.", True),
        ("A trial", "Rituximab was not inferior to cyclophosphamide in remission.", True),
        ("A trial", "Rituximab was given after cyclophosphamide.", False),
        ("Rituximab in vasculitis", "It was better than placebo.", False),
    ],
)
def test_a_document_that_names_both_sides_compares_them(
    title: str, text: str, compares: bool
) -> None:
    question = parse("rituximab versus cyclophosphamide", DAY)
    assert direct(question, _sources(text, title=title)) == ([1] if compares else [])
