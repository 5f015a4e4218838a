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


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("EUCTR2012-005456-17-DE", "2012-005456-17"),
        ("status of EU CT: 2023-501234-12-00", "2023-501234-12-00"),
        ("study U1111-1200-8148", "U1111-1200-8148"),
        ("JPRN-UMIN000012345", "UMIN000012345"),
        ("trial NL-OMON12345", "NL-OMON12345"),
    ],
)
def test_secondary_numbers_are_searched_for_as_the_registry_keeps_them(
    question: str, number: str
) -> None:
    assert _call("literature", question)["query"] == f'"{number}"[si]'
    assert _call("trials", question)["term"] == f'"{number}"'


@pytest.mark.parametrize(
    "number",
    [
        "NN9536-4373", "I8F-MC-GPGH", "GS-US-380-1489", "MK-3475-189", "CA209-067", "D5290C00004", "BO25126", "B7471007", "CAIN457A2302",
        "EFC12404", "54767414MMY3007", "M16-046",
    ],
)  # fmt: skip
def test_sponsors_numbers_are_searched_for_whole(number: str) -> None:
    """The registry keeps them with its own; articles name them in their text."""
    assert _call("trials", f"results of {number}")["term"] == f'"{number}"'
    assert _call("literature", f"results of {number}")["query"] == f'"{number}"'


@pytest.mark.parametrize(
    "question",
    ["CA125 and IL-6 in COVID-19", "MK-3475 in melanoma", "BNT162b2 and mRNA-1273", "SARS-CoV-2 B117"],
)  # fmt: skip
def test_what_looks_like_a_number_and_is_none(question: str) -> None:
    assert parse(question, TODAY)["registry_ids"] == []


def test_a_number_with_a_digit_too_few_is_told() -> None:
    (note,) = parse("NCT0418462", TODAY)["notes"]
    assert note.startswith("'NCT0418462' is no number")


def test_tags_and_amounts_are_no_words() -> None:
    tagged = "semaglutide[MeSH] OR tirzepatide"
    as_written, read, *_ = plan(
        "literature", tagged, parse(tagged, TODAY), QueryOptions().as_state()
    )
    assert as_written["arguments"]["query"] == tagged
    assert as_written["arguments"]["words"] == "semaglutide or tirzepatide"
    assert read["arguments"]["query"] == "(semaglutide OR tirzepatide)"
    assert _call("trials", tagged)["intervention"] == "semaglutide OR tirzepatide"
    assert "mg" not in _call("literature", "aspirin 81mg after a stroke")["query"]


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
