"""A document collection is asked in the question's own words, and for what its things are called by who writes of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from examples.biomed.entities import parse
from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from examples.biomed.services import documents
from examples.biomed.settings import Settings
from examples.biomed.words import content_words


def _query(question: str) -> str:
    options = QueryOptions().as_state()
    call = plan("documents", question, parse(question, date(2026, 11, 23)), options)[0]
    return str(call["arguments"]["query"])


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Does dialysis get rid of bad breath?", "halitosis"),
        ("Are women with high blood pressure less prone to a bad back?", "hypertension"),
        ("Does AF run in families?", "atrial fibrillation"),
        ("Who is sick of IVF?", "fertilization vitro"),
    ],
)
def test_the_name_that_is_written_stands_behind_the_question(question: str, name: str) -> None:
    assert _query(question).startswith(f"{question} ")
    assert name in _query(question)


@pytest.mark.parametrize(
    "question",
    [
        "Does halitosis go with dialysis?",
        "How do trams brake?",
        "Weight loss in adults without diabetes",
    ],
)
def test_nothing_is_added_that_is_said_or_is_wanted_left_out(question: str) -> None:
    added = _query(question).removeprefix(question)
    assert "diabetes" not in added
    assert "halitosis" not in added
    if "trams" in question:
        assert not added


async def test_an_article_that_has_another_name_for_it_is_found(tmp_path: Path) -> None:
    file = tmp_path / "two.jsonl"
    file.write_text(
        '{"id": "1", "title": "Halitosis and xerostomia", "text": "Halitosis fell in three months."}\n'
        '{"id": "2", "title": "Winter", "text": "Cold weather slows the trams."}\n'
    )
    settings = Settings(documents=str(file), cache_dir=str(tmp_path))
    page = await documents.search(settings, _query("What helps against bad breath?"), 5)
    assert [one["id"] for one in page["records"]] == ["1"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cow's milk", ["cow", "milk"]),
        ("can't see the vein", ["see", "vein"]),
        ("it won’t heal", ["heal"]),
        ("Crohn’s disease isn't cured", ["crohn", "disease", "cured"]),
        ("vitamin D deficiency", ["vitamin", "d", "deficiency"]),
    ],
)
def test_what_an_apostrophe_ties_to_a_word_is_none_itself(text: str, words: list[str]) -> None:
    assert content_words(text) == words
