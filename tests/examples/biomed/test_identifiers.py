"""Numbers of articles and trials, as people write them, and the tags of search boxes that are no words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.entities import parse
from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan

TODAY = date(2026, 11, 28)


def _call(source: Any, question: str) -> dict[str, Any]:
    found = parse(question, TODAY)
    return dict(plan(source, question, found, QueryOptions().as_state())[0]["arguments"])


@pytest.mark.parametrize(
    "question",
    ["PMID: 33567185 and 34010531", "PMIDs 33567185, 34010531", "PMID 33567185 34010531"],
)
def test_each_number_of_a_list_is_looked_up(question: str) -> None:
    assert _call("literature", question)["pmids"] == ["33567185", "34010531"]


def test_numbers_are_read_from_addresses() -> None:
    assert parse("https://europepmc.org/article/MED/33567185", TODAY)["pmids"] == ["33567185"]
    found = parse("https://dx.doi.org/10.1056/NEJMoa2107519?query=featured", TODAY)
    assert found["dois"] == ["10.1056/NEJMoa2107519"]


@pytest.mark.parametrize(
    ("question", "number"),
    [("EudraCT 2017-003436-36", "2017-003436-36"), ("ISRCTN74851356", "ISRCTN74851356")],
)
def test_numbers_of_other_registries_are_searched_for_whole(question: str, number: str) -> None:
    assert _call("literature", question)["query"] == f'"{number}"[si]'
    assert _call("trials", question)["term"] == f'"{number}"'


def test_a_number_with_a_digit_too_few_is_told() -> None:
    (note,) = parse("NCT0418462", TODAY)["notes"]
    assert note.startswith("'NCT0418462' is no number")


def test_tags_and_amounts_are_no_words() -> None:
    assert _call("literature", "semaglutide[MeSH] OR tirzepatide")["query"] == (
        "(semaglutide OR tirzepatide)"
    )
    assert "mg" not in _call("literature", "aspirin 81mg vs 325 mg")["query"]


def test_a_region_is_searched_for_by_all_its_words() -> None:
    query = _call("literature", "diabetes trials in the Middle East")["query"]
    assert "(middl* AND east*)" in query
    assert "OR east*" not in query


@pytest.mark.parametrize(
    ("question", "statuses"),
    [
        ("trials stopped for futility in ALS", ["TERMINATED"]),
        ("halted gene therapy trials", ["SUSPENDED"]),
        ("trials accepting patients for glioblastoma", ["RECRUITING"]),
    ],
)
def test_statuses_by_other_words(question: str, statuses: list[str]) -> None:
    assert _call("trials", question)["statuses"] == statuses


def test_a_single_arm_is_a_design_and_no_limb() -> None:
    assert _call("trials", "single-arm trials of CAR-T")["designs"] == [
        "AREA[DesignInterventionModel]SINGLE_GROUP"
    ]
