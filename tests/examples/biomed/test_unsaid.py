"""What an answer says that no result tells holds of each result that it lists, and how the question was read stands at its top."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering, notices, synthesis
from examples.biomed.answer.unsaid import named_in
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.graph import build_graph
from examples.biomed.settings import Settings

DAY = date(2026, 11, 23)


def _article(title: str, text: str) -> Any:
    return {
        "type": "article",
        "id": str(len(title) + 100),
        "title": title,
        "text": text,
        "year": 2019,
    }


def _written(question: str, *records: Any) -> str:
    cited = number({"literature": list(records)})
    found = answering.find(parse(question, DAY), cited)
    return synthesis.write(question, cited, ["literature"], {}, [], found=found)


MONTELUKAST = _article(
    "Montelukast in asthma",
    "Adults with asthma took montelukast. Exacerbations fell by 30% (p = 0.01).",
)


def test_where_nobody_names_it_that_is_said() -> None:
    written = _written("What does montelukast cost in asthma?", MONTELUKAST)
    assert (
        "1 result speaks of what is named, but none tells of costs; they are listed below."
        in written
    )


def test_a_result_that_names_it_in_something_else_is_told_apart() -> None:
    other = _article(
        "The costs of asthma care", "We counted visits to a clinic for asthma in one town."
    )
    third = _article("Asthma at school", "Absence was common. Its price is known to parents.")
    written = _written("What does montelukast cost in asthma?", MONTELUKAST, other, third)
    assert "tells of costs" not in written
    assert (
        "[2] names it in the title, [3] names it in the text, but not as an answer to this."
        in written
    )


def test_the_costs_of_another_thing_are_none_of_this() -> None:
    other = _article("Hip replacement", "The costs of hip replacement were 9,000 euros.")
    written = _written("What does montelukast cost in asthma?", MONTELUKAST, other)
    assert "but not as an answer" not in written


def test_things_that_one_result_names_for_other_reasons_are_not_said_to_be_apart() -> None:
    title = "Statins after myocardial infarction"
    assert (
        named_in("statins and stroke together", _article(title, "A stroke was an end point."))
        == "text"
    )
    assert named_in("statins and stroke together", _article(title, "Most walked again.")) == ""


@pytest.mark.parametrize(
    ("name", "title", "place"),
    [
        ("costs", "Prices of care", ""),
        ("costs", "Is it cost-effective?", "title"),
        ("mortality", "Deaths at home", "title"),
        ("safety", "Adverse events of a vaccine", "title"),
        ("children", "Asthma in the infant and child", "title"),
        ("hepatitis G virus", "Hepatitis C virus in G-strings", ""),
        ("anti-TNF", "Anti TNF agents", "title"),
        ("psoriasis", "Parapsoriasis", ""),
    ],
)  # fmt: skip
def test_what_a_reader_sees_named_is_named(name: str, title: str, place: str) -> None:
    assert named_in(name, _article(title, "Nothing else.")) == place


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Is metfromin good for PCOS?", "'metfromin' was read as 'metformin'"),
        ("Does semaglutide reduce weight in adults without diabetes?", "'diabetes' is left out, as the question asks"),
        ("¿Es eficaz la metformina en la diabetes tipo 2?", "The question seems to be in Spanish"),
    ],
)  # fmt: skip
async def test_who_sees_the_answer_alone_reads_how_the_question_was_read(
    question: str, read: str, tmp_path: Any
) -> None:
    offline = Settings(
        pubmed_url="http://127.0.0.1:9/",
        trials_url="http://127.0.0.1:9/",
        cache_dir=str(tmp_path),
        http_attempts=1,
    )
    state = await build_graph(lambda: offline, today=lambda: DAY).ainvoke({"query": question})
    top = state["answer"].split("\n\n")[1]
    assert read in top
    assert top.startswith("_")
    assert state["answer"].count(read) == 1


def test_what_changed_nothing_stands_nowhere() -> None:
    assert notices.read_as(parse("Does metformin help in diabetes?", DAY)) == ""


def test_what_the_answer_opens_with_is_not_said_before_it_too() -> None:
    read = parse("What did NCT1234567 find?", DAY)
    assert read["notes"]
    assert notices.read_as(read)
    assert notices.read_as(read, f"{read['notes'][0][:1].upper()}{read['notes'][0][1:]}.") == ""
