"""Whether the orchestrator's PubMed queries say all that the question says, find the abstract that answers it, and little else.

Over the 1,000 PubMedQA abstracts with their MeSH headings, by :mod:`benchmarks.boolean_search`; titles are not searched,
because the question is the title::

    python -m benchmarks.biomed_queries [--data FOLDER] [--questions FILE] [--show]

``--questions`` names a file of other questions, a JSON object a line with ``question`` and ``pmid``. The calls of the plan are
made as a search makes them: the first, and the wider ones while fewer than they ask for have been found. That the first matches is a figure of its own, and
so is how many of the question's content words it lacks (:mod:`benchmarks.missing_words`), that no match is bought by dropping one. Of the questions the odd
ones (the second, the fourth …) are printed apart: the words that the first query requires were chosen with the others in view alone, and ``--show`` shows the others alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import biomed_kinds, biomed_names, missing_words
from benchmarks.boolean_search import Article, Collection
from examples.biomed import entities, plans
from examples.biomed.options import QueryOptions

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "pubmedqa"
CLINICIANS = Path(__file__).parent / "biomed_clinicians.jsonl"
TODAY = date(2026, 11, 23)


class Outcome(NamedTuple):
    """How the plan for one question fared."""

    question: str
    query: str
    """The first."""
    is_first: bool
    """Whether it matches the article."""
    matches: bool
    """Whether it does, or one of the wider ones that are made where too few are found."""
    others: int
    """Other articles among all that were found."""
    content: int
    """Content words of the question."""
    missing: list[str]
    """Those of them that the first query lacks."""


def collection(data: Path) -> Collection:
    """The abstracts, without titles."""
    lines = (data / "corpus.jsonl").read_text("utf-8").splitlines()
    return Collection(
        Article(one["pmid"], one["abstract"], one["mesh"]) for one in map(json.loads, lines)
    )


def outcome(question: str, pmid: str, searched: Collection) -> Outcome:
    """Make the calls of the plan, as a search does."""
    options = QueryOptions().as_state()
    read = entities.parse(question, TODAY)
    calls = [
        one
        for one in plans.plan("literature", question, read, options)
        if one["tool"] == "pubmed_search"
    ]
    queries = [one["arguments"]["query"] for one in calls] or [""]
    found: dict[str, int] = {}
    for step, call in enumerate(calls):
        below = call.get("only_below")
        if below is None or len(found) < below:
            for one in searched.search(call["arguments"]["query"]):
                found.setdefault(one, step)
    said = missing_words.missing(question, queries[0])
    return Outcome(
        question,
        queries[0],
        found.get(pmid) == 0,
        pmid in found,
        sum(one != pmid for one in found),
        len(said.content),
        said.missing,
    )


def measure(questions: list[dict[str, Any]], data: Path = DATA) -> list[Outcome]:
    """All of them, one after the other."""
    searched = collection(data)
    return [outcome(one["question"], one["pmid"], searched) for one in questions]


Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


def rows(found: list[Outcome]) -> list[Row]:
    """The figures: of all, and of the odd questions."""
    return [*_rows(found, ""), *_rows(found[1::2], "odd: ")]


def _rows(found: list[Outcome], which: str) -> list[Row]:
    total = len(found)
    first = 100 * sum(one.is_first for one in found) / total
    matches = 100 * sum(one.matches for one in found) / total
    return [
        (f"{which}query matches its article, of {total}, widened as told", matches, "%", ">= 95"),
        (f"{which}  by the first query alone", first, "%", ""),
        (
            f"{which}others found, median",
            statistics.median(one.others for one in found),
            "",
            "<= 10",
        ),
        (f"{which}content words not in the first query", _missing(found), "%", "<= 10"),
        (f"{which}longest query, characters", max(len(one.query) for one in found), "", "<= 1000"),
    ]


def _missing(found: list[Outcome]) -> float:
    return 100 * sum(len(one.missing) for one in found) / sum(one.content for one in found)


def asked() -> list[Row]:
    """The words that the first queries lack of questions as clinicians ask them, and of the kinds of :mod:`benchmarks.biomed_kinds`
    that ask for more than articles by their numbers and for what a registry filters by.
    """
    lines = CLINICIANS.read_text("utf-8").splitlines()
    listed = {
        "clinicians' questions": [json.loads(one)["question"] for one in lines],
        "questions by kind": [
            question
            for kind, question, _ in biomed_kinds.QUESTIONS
            if kind not in ("identifier", "language") and not kind.startswith("trials")
        ],
    }
    empty = Collection([])
    return [
        (
            f"{what}: content words not in the first query",
            _missing([outcome(one, "", empty) for one in questions]),
            "%",
            "<= 10",
        )
        for what, questions in listed.items()
    ]


def recall() -> list[Row]:
    """How many of the common names are read as what they are."""
    known: list[Row] = []
    for what, text in (("drugs", biomed_names.DRUGS), ("conditions", biomed_names.CONDITIONS)):
        listed = biomed_names.names(text)
        # A class ("insulin glargine" is one of a class) is a drug, too.
        kinds = ("drugs", "drug_classes") if what == "drugs" else ("conditions",)
        read = [entities.parse(name, TODAY) for name in listed]
        count = sum(any(one.get(kind) for kind in kinds) for one in read)
        known.append(
            (f"common {what} known, of {len(listed)}", 100 * count / len(listed), "%", ">= 90")
        )
    return known


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--questions", type=Path)
    parser.add_argument(
        "--show",
        action="store_true",
        help="the queries of the even questions that miss their article, or lack a word",
    )
    given = parser.parse_args()
    if not given.data.is_dir():
        sys.exit(f"no data at {given.data}")
    file = given.questions or given.data / "questions.jsonl"
    found = measure([json.loads(one) for one in file.read_text("utf-8").splitlines()], given.data)
    for what, value, unit, bound in [*rows(found), *asked(), *recall()]:
        print(f"{what:60} {value:10.2f} {unit:3} {bound}")
    if given.show:
        for one in found[::2]:
            if not one.matches or one.missing:
                lacks = ", ".join(one.missing) or "nothing"
                print(
                    f"\n{one.question}\n  {one.query}\n  lacks {lacks}{'' if one.matches else '; misses'}"
                )


if __name__ == "__main__":
    main()
