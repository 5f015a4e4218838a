"""Order and scores: the documented formulas, the same for the same input."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.entities import parse
from examples.biomed.quality import assess
from examples.biomed.ranking import authority, rank, recency
from examples.biomed.records import Record
from examples.biomed.state import SourceReport

ASKED_ON = "2026-11-23"
ENTITIES = parse("semaglutide in obesity", date(2026, 11, 23))


def _article(number: int, title: str = "A title", **more: object) -> Record:
    return {"type": "article", "id": str(number), "title": title, "year": 2021, **more}  # type: ignore[typeddict-item]


def test_what_speaks_of_the_question_comes_first() -> None:
    records = [
        _article(1, "Something else"),
        _article(2, "Semaglutide in obesity"),
        _article(3, "Semaglutide", text="obesity"),
    ]
    assert [record["id"] for record in rank(records, ENTITIES, ASKED_ON, 3)] == ["2", "3", "1"]


def test_newer_and_weightier_evidence_comes_first() -> None:
    old, new = _article(1, year=2001, position=0), _article(2, year=2026, position=0)
    assert [one["id"] for one in rank([old, new], ENTITIES, ASKED_ON, 2)] == ["2", "1"]
    plain = _article(1, position=0)
    strong = _article(2, publication_types=["Meta-Analysis"], position=0)
    assert [one["id"] for one in rank([plain, strong], ENTITIES, ASKED_ON, 2)] == ["2", "1"]


def test_the_score_is_the_documented_formula() -> None:
    (record,) = rank([_article(7, "Semaglutide and obesity")], ENTITIES, ASKED_ON, 1)
    scores = record["scores"]
    assert scores == {"relevance": 1.0, "recency": 0.5, "authority": 0.5, "score": 0.8}


def test_equal_results_keep_one_order() -> None:
    records = [_article(n, position=0) for n in (3, 1, 2)]
    assert [one["id"] for one in rank(records, ENTITIES, ASKED_ON, 3)] == ["1", "2", "3"]


def test_what_is_no_record_is_left_out() -> None:
    odd = [None, 3, {}, _article(1, ""), {"type": "trial", "id": "NCT1", "title": "T"}, _article(5)]
    assert [one["id"] for one in rank(odd, ENTITIES, ASKED_ON, 9)] == ["5"]


@pytest.mark.parametrize(
    ("year", "score"), [(2026, 1.0), (2021, 0.5), (2016, 0.25), (2027, 1.0), (None, 0.0)]
)
def test_recency_halves_every_five_years(year: int | None, score: float) -> None:
    assert recency(year, 2026) == score


@pytest.mark.parametrize(
    ("kind", "weight"),
    [
        ("Meta-Analysis", 1.0),
        ("Systematic Review", 1.0),
        ("Practice Guideline", 0.95),
        ("Guideline", 0.95),
        ("Randomized Controlled Trial", 0.9),
        ("Clinical Trial, Phase IV", 0.85),
        ("Clinical Trial, Phase III", 0.85),
        ("Clinical Trial, Phase II", 0.75),
        ("Observational Study", 0.6),
        ("Review", 0.6),
        ("Editorial", 0.3),
        ("Journal Article", 0.5),
    ],
)
def test_an_articles_authority_is_the_documented_one(kind: str, weight: float) -> None:
    assert authority(_article(1, publication_types=["Journal Article", kind])) == weight


def test_a_retraction_takes_all_authority() -> None:
    types = ["Randomized Controlled Trial", "Retracted Publication"]
    assert authority(_article(1, publication_types=types)) == 0.0


def test_a_trial_has_its_statuss_authority_and_more_with_results() -> None:
    trial: Record = {"type": "trial", "id": "NCT00000001", "title": "T", "status": "COMPLETED"}
    assert authority(trial) == 0.8
    assert authority({**trial, "has_results": True}) == 0.9
    assert authority({**trial, "status": "WITHDRAWN"}) == 0.4


def _report(origin: str | None, kept: int) -> SourceReport:
    return {
        "source": "s",
        "status": "answered",
        "origin": origin,
        "as_of": None,
        "via": "",
        "found": kept,
        "retrieved": kept,
        "duplicates": 0,
        "kept": kept,
        "cache": {},
        "warnings": [],
    }


def test_quality_is_the_documented_formula() -> None:
    cited = rank([_article(7, "Semaglutide and obesity")], ENTITIES, ASKED_ON, 1)
    reports = {"literature": _report("live", 5), "trials": _report("catalogue", 10)}
    quality = assess(["literature", "trials", "documents"], reports, cited, {"limit": 10})
    assert quality["completeness"] == 0.5
    assert quality["relevance"] == 1.0
    assert quality["recency"] == 0.5
    assert quality["authority"] == 0.5
    assert quality["overall"] == pytest.approx(0.3 * 0.5 + 0.2 * 0.5 + 0.2 * 0.5 + 0.3 * 1.0)


def test_an_answer_of_nothing_scores_nothing() -> None:
    quality = assess(["trials"], {"trials": _report(None, 0)}, [], {"limit": 10})
    assert set(quality.values()) == {0.0}
