"""What is said of agreement and of direct comparison holds of every source that speaks, quoted or not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering, synthesis
from examples.biomed.answer.answering import Found, Sentence
from examples.biomed.answer.comparing import direct
from examples.biomed.answer.strength import strength
from examples.biomed.citations import number
from examples.biomed.entities import parse

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
    assert "not told plainly enough to be compared with the other sources" in told
    assert "contradicts" not in told
    assert "agree:" not in told


def test_where_all_that_speak_are_quoted_their_agreement_is_said_as_far_as_it_is_known() -> None:
    cited = _sources("A.", "B.")
    same = strength(Found([_sentence(1, "as asked"), _sentence(2, "as asked")], [1, 2]), cited)
    assert "The sources agree: [1][2]" in same
    unknown = strength(Found([_sentence(1, "as asked"), _sentence(2)], [1, 2]), cited)
    assert "agree" not in unknown
    alone = strength(Found([_sentence(1)], [1]), cited)
    assert "One source alone speaks to the question" in alone


PPI = "Do proton pump inhibitors raise the risk of dementia?"


def _article(n: int, year: int, people: int, conclusion: str, kind: str) -> Any:
    return {
        "type": "article",
        "id": str(n),
        "title": f"Proton pump inhibitors and dementia: study {n}",
        "year": year,
        "publication_types": [kind],
        "text": f"It is debated whether proton pump inhibitors cause dementia. We followed {people} patients. {conclusion}",
    }


COHORT, TRIAL = "Observational Study", "Randomized Controlled Trial"
YES = "Proton pump inhibitors were associated with a higher risk of dementia (HR 1.44, 95% CI 1.36-1.52)."
NO = "Proton pump inhibitors were not associated with dementia (HR 1.02, 95% CI 0.90-1.16)."
FIGURES = "With proton pump inhibitors the hazard ratio for dementia was 1.05 (95% CI 0.93-1.18)."
SLIGHT = "Dementia was slightly more common with proton pump inhibitors (OR 1.2; 95% CI 0.9-1.6; P = 0.2)."


def _answered(question: str, *records: Any) -> tuple[answering.Found, str]:
    cited = number({"literature": list(records)})
    found = answering.find(parse(question, DAY), cited)
    return found, synthesis.write(question, cited, ["literature"], {}, [], found=found)


FIVE = (
    _article(1, 2016, 73679, YES, COHORT),
    _article(2, 2018, 3000, YES, COHORT),
    _article(3, 2019, 17598, NO, TRIAL),
    _article(4, 2021, 900, FIGURES, TRIAL),
    _article(5, 2023, 1200, SLIGHT, TRIAL),
)


def test_all_that_speak_are_compared_and_where_they_disagree_it_is_said_how() -> None:
    found, written = _answered(PPI, *FIVE)
    assert sorted(found.speaking) == [1, 2, 3, 4, 5]
    assert (
        "[1][2] say that risk of dementia goes up, and [3][4][5] say that risk of dementia is no different."
        in written.replace("the risk", "risk")
    )
    assert "[1][2] 2 observational studies, 2016–2018, up to 73679 people" in written
    assert "[3][4][5] 3 randomised trials, 2019–2023, up to 17598 people" in written
    assert "not told plainly" not in written


def test_a_source_that_is_not_quoted_counts_too() -> None:
    """Five sentences are quoted at most; what a sixth source concludes is not lost."""
    more = (_article(n, 2020, 500, NO if n == 9 else YES, COHORT) for n in range(6, 10))
    found, written = _answered(PPI, *FIVE[:2], *more)
    nine = 6
    assert nine in found.speaking
    assert nine not in {one.n for one in found.sentences}
    assert "**The sources do not agree.**" in written
    assert "and [6] says that" in written


def test_whom_the_sides_are_on_is_said_where_it_tells_them_apart() -> None:
    young = {
        **FIVE[2],
        "title": "Proton pump inhibitors and dementia in children",
        "text": f"Children took part. {NO}",
    }
    _, written = _answered(PPI, FIVE[0], FIVE[1], young)
    assert "on children" in written


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
