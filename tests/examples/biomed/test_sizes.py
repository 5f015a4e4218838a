"""A number of a question is read once: as a time, as how many take part, as an age, or as none of these."""

from __future__ import annotations

from typing import Any

import pytest

from tests.examples.biomed.asking import parsed

READ = (
    "date_from", "date_to", "min_enrollment", "max_enrollment", "age_from", "age_to", "age_groups", "sex", "phases",
)  # fmt: skip


def _read(question: str) -> dict[str, Any]:
    entities: Any = parsed(question)
    return {name: entities[name] for name in READ if entities[name]}


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("semaglutide trials 2022-2024, adults", {"date_from": "2022", "date_to": "2024"}),
        ("semaglutide trials 2022-2024 participants", {"date_from": "2022", "date_to": "2024"}),
        ("semaglutide trials 2022–2024 patients", {"date_from": "2022", "date_to": "2024"}),
        (
            "semaglutide trials 2022-2024 women",
            {"date_from": "2022", "date_to": "2024", "sex": "FEMALE"},
        ),
        ("obesity trials between 2022 and 2024 adults", {"date_from": "2022", "date_to": "2024"}),
        ("obesity participants 2022-2024", {"date_from": "2022", "date_to": "2024"}),
        (
            "obesity trials in 2019, patients with asthma",
            {"date_from": "2019", "date_to": "2019"},
        ),
        ("obesity trials from 2020", {"date_from": "2020"}),
        (
            "obesity trials since 2020 with more than 200 participants",
            {"date_from": "2020", "min_enrollment": 200},
        ),
        ("obesity trials more than 1,000 patients", {"min_enrollment": 1000}),
        ("obesity trials over 2000 patients", {"min_enrollment": 2000}),
        ("obesity trials up to 2000 patients", {"max_enrollment": 2000}),
        (
            "obesity trials n = 2000-2050",
            {"min_enrollment": 2000, "max_enrollment": 2050},
        ),
        (
            "obesity trials with 2000-2500 participants",
            {"min_enrollment": 2000, "max_enrollment": 2500},
        ),
        ("obesity trials 100-500 patients", {"min_enrollment": 100, "max_enrollment": 500}),
        ("asthma trials enrolling 300 or more participants", {"min_enrollment": 300}),
        ("metformin in 2000 patients", {}),
        ("metformin trials of 2,000 patients", {}),
        ("participants over 65 with obesity", {"age_from": 65, "age_groups": ["OLDER_ADULT"]}),
        ("obesity trials, participants over 500", {"min_enrollment": 500}),
        ("obesity trials with over 65 participants", {"min_enrollment": 65}),
        ("obesity trials aged 18-65 patients", {"age_from": 18, "age_to": 65}),
        ("participants at least 18 years old with asthma", {"age_from": 18}),
        (
            "obesity trials in at least 100 children",
            {"min_enrollment": 100, "age_groups": ["CHILD"]},
        ),
        ("phase 2-3 participants with obesity", {"phases": ["PHASE2", "PHASE3"]}),
        ("24-52 week adults semaglutide", {}),
        ("semaglutide 5 mg, vitamin D of 2000 IU, up to 2000 mg of metformin", {}),
        ("breast cancer with a tumour size > 20 mm", {}),
        ("the results of 2017-003436-36", {}),
    ],
)
def test_a_number_is_read_once(question: str, read: dict[str, Any]) -> None:
    assert _read(question) == read


@pytest.mark.parametrize(
    "question",
    [
        "semaglutide trials 2022-2024, adults",
        "semaglutide trials with 2000-2500 participants",
        "semaglutide in 2000 patients",
        "semaglutide trials in at least 500 adults since 2020",
    ],
)
def test_no_number_of_a_limit_is_searched_for(question: str) -> None:
    assert [one["name"] for one in parsed(question)["concepts"]] == ["semaglutide"]
