"""The questions of the evaluation by kinds: each gets the answer that is right for it, or is told that there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from benchmarks.biomed_kind_answers import RECORDED, RIGHT, answered, is_right, kind_of
from benchmarks.biomed_kinds import QUESTIONS
from examples.biomed.graph import Graph
from examples.biomed.settings import Settings

Make = Callable[[Settings], Graph]


def test_what_is_right_is_written_down_for_each() -> None:
    assert {*RIGHT} == {question for _, question, _ in QUESTIONS}
    assert {*RECORDED} <= {*RIGHT}


async def test_each_has_the_answer_that_is_right(
    graph_of: Make, offline: Settings, shared_data: Path
) -> None:
    corpus = shared_data / "pubmedqa" / "corpus.jsonl"
    graph = graph_of(msgspec.structs.replace(offline, documents=str(corpus)))
    wrong = {}
    for question, right in RIGHT.items():
        part = await answered(graph, question)
        if not is_right(part, right):
            wrong[question] = (right, kind_of(part), part)
    assert not wrong


async def test_the_recorded_services_answer_what_they_can(
    graph_of: Make, settings: Settings, shared_data: Path
) -> None:
    corpus = shared_data / "pubmedqa" / "corpus.jsonl"
    graph = graph_of(msgspec.structs.replace(settings, documents=str(corpus)))
    wrong = {}
    for question, right in RECORDED.items():
        part = await answered(graph, question)
        if not is_right(part, right):
            wrong[question] = (right, kind_of(part), part)
    assert not wrong


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("**Nothing found that answers this.** The nearest are below.\n\n3 results: documents 3.", "nothing"),
        ("**PMID 1** is “A study” (A B, 2020), a cohort study [1].", "look-up"),
        ("**2 registered trials:** A (NCT00000001) [1]; B (NCT00000002) [2].", "list"),
        ("**No registered trial was found for this.**\n\n10 results: documents 10.", "no trial"),
        ("**No registered trial was found for this.**\n\nIt fell by 5%. [1]", "direct"),
        ("_Read so._\n\n**Nothing was found on children.** Of adults.\n\nIt fell. [1]", "told"),
        ("**No result compares A with B directly:** nothing on A.", "not compared"),
    ],
)  # fmt: skip
def test_an_answer_is_known_by_its_first_part(part: str, kind: str) -> None:
    assert kind_of(part) == kind
