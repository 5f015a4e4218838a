"""What a question asks of the registry, and what it does not: whom a trial takes, whether it has results, when it ended."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from tests.examples.biomed.asking import parsed


def _first(source: Any, question: str) -> dict[str, Any]:
    options = QueryOptions().as_state()
    return dict(plan(source, question, parsed(question), options)[0]["arguments"])


@pytest.mark.parametrize(
    ("question", "groups"),
    [
        ("RSV vaccine in pregnancy to protect infants", []),
        ("maternal pertussis vaccination to protect newborns", []),
        ("antenatal steroids for preterm infants", []),
        ("antidepressants in breastfeeding mothers and their babies", []),
        ("influenza vaccine in pregnant adolescents", ["CHILD"]),
        ("RSV antibody for infants", ["CHILD"]),
        ("asthma inhalers in children", ["CHILD"]),
    ],
)
def test_a_child_for_whose_sake_mothers_are_treated_shuts_them_out_of_no_trial(
    question: str, groups: list[str]
) -> None:
    asked = _first("trials", question)
    assert parsed(question)["age_groups"] == groups
    assert asked.get("age_groups", []) == groups


@pytest.mark.parametrize(
    ("question", "is_asked"),
    [
        ("aspirin trials with results", True),
        ("trials of semaglutide that have posted results", True),
        ("completed dupilumab studies with results, phase 3", True),
        ("mesh repair with results comparable to open surgery", False),
        ("gene therapy with results in haemophilia", False),
        ("does anybody have a knee replacement with results like mine", False),
        ("a trial of mesh repair with results similar to open surgery", False),
    ],
)
def test_only_of_studies_posted_results_are_wanted(question: str, is_asked: bool) -> None:
    assert parsed(question)["with_results"] is is_asked


@pytest.mark.parametrize(
    "question",
    [
        "semaglutide trials completing before 2024",
        "trials of semaglutide started since 2023",
        "dupilumab trials first posted in the last 6 months",
    ],
)
def test_when_trials_start_and_end_is_no_date_of_articles(question: str) -> None:
    article = _first("literature", question)
    assert not {"date_from", "date_to"} & article.keys()
    asked = _first("trials", question)
    assert asked["date_field"]
    assert asked.get("date_from") or asked.get("date_to")
    assert _first("literature", "asthma since 2022")["date_from"] == "2022"
