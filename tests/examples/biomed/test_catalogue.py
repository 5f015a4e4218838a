"""The bundled facts: the ones that were checked, and no answer to another question."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from examples.biomed import catalogue
from examples.biomed.entities import parse
from examples.biomed.options import QueryOptions, SourceName


def _ids(query: str, source: SourceName = "trials", **options: Any) -> set[str]:
    entities = parse(query, date(2026, 11, 23))
    found = catalogue.search(source, query, entities, QueryOptions(**options).as_state())
    return {record["id"] for record in found}


def test_the_facts_are_the_checked_ones(shared_data: Path) -> None:
    checked = json.loads((shared_data / "glp1_catalogue.json").read_text())
    bundled = json.loads(catalogue.FILE.read_text())
    assert bundled["trials"] == checked
    assert bundled["bundled_on"] == "2026-11-23"
    assert len(msgspec.to_builtins(catalogue.load())["trials"]) == len(checked)


@pytest.mark.parametrize("source", ["literature", "trials"])
def test_the_class_has_all_its_trials(source: SourceName) -> None:
    assert len(_ids("GLP-1 receptor agonist trials", source)) == 14


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tirzepatide", {"NCT04184622", "NCT03987919"}),
        ("semaglutide in heart failure", {"NCT04788511"}),
        ("GLP-1 in chronic kidney disease", {"NCT03819153"}),
        ("results of SELECT", {"NCT03574597"}),
        ("select patients for a study", set()),
        ("NCT01179048", {"NCT01179048"}),
        ("PMID 27295427", {"NCT01179048"}),
        ("pembrolizumab for melanoma", set()),
        ("obesity", set()),
        ("semaglutide in asthma", set()),
        ("GLP-1 trials by Sanofi", {"NCT01147250", "NCT03496298"}),
        ("phase 2 GLP-1 trials", set()),
        ("recruiting GLP-1 trials", set()),
        ("GLP-1 trials since 2024", {"NCT03819153"}),
    ],
)
def test_only_what_was_asked_for_comes(query: str, expected: set[str]) -> None:
    assert _ids(query) == expected


def test_the_options_filters_hold_too() -> None:
    assert _ids("GLP-1 trials", date_to="2015-06") == {"NCT01147250"}
    assert _ids("GLP-1 trials", phases=["PHASE2"]) == set()


def test_documents_are_not_in_it() -> None:
    assert _ids("GLP-1 trials", "documents") == set()
