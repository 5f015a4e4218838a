"""Whether the orchestrator's PubMed queries find the abstract that answers the question, and little else.

Over the 1,000 PubMedQA abstracts with their MeSH headings, by :mod:`benchmarks.boolean_search`; titles are not searched,
because the question is the title::

    python -m benchmarks.biomed_queries [--data FOLDER] [--questions FILE] [--show]

``--questions`` names a file of other questions, a JSON object a line with ``question`` and ``pmid``. Whether the first query
of the plan matches is counted, and that for the words of its phrases apart where the first finds fewer than five, as a search does; wider ones for the case that it finds nothing are a figure of their own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import biomed_names
from benchmarks.boolean_search import Article, Collection
from examples.biomed import entities, plans
from examples.biomed.options import QueryOptions

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "pubmedqa"
TODAY = date(2026, 11, 23)


class Outcome(NamedTuple):
    """How the plan for one question fared."""

    question: str
    query: str
    together: bool
    """Whether the first query matches, which wants the words of each phrase together."""
    matches: bool
    """Whether it does, or the one for the words apart that is made where the first finds too few."""
    others: int
    widened: bool
    """Whether a wider query matches where the first found nothing at all."""


def collection(data: Path) -> Collection:
    """The abstracts, without titles."""
    lines = (data / "corpus.jsonl").read_text("utf-8").splitlines()
    return Collection(
        Article(one["pmid"], one["abstract"], one["mesh"]) for one in map(json.loads, lines)
    )


def outcome(question: str, pmid: str, searched: Collection) -> Outcome:
    """Ask the first query of the plan, and the wider ones where it finds nothing."""
    options = QueryOptions().as_state()
    found = entities.parse(question, TODAY)
    planned = list(plans.pubmed_queries(question, found, options)) or [("", "")]
    queries = [term for term, _ in planned]
    first = together = searched.search(queries[0]) if queries[0] else []
    if len(first) < plans.ENOUGH and len(planned) > 1 and planned[1][1].startswith(plans.APART):
        first = searched.search(queries[1])
        queries = queries[1:]
    wider = next((hits for term in queries[1:] if (hits := searched.search(term))), [])
    return Outcome(
        question,
        queries[0],
        pmid in together,
        pmid in first,
        sum(one != pmid for one in first),
        not first and pmid in wider,
    )


def measure(questions: list[dict[str, Any]], data: Path = DATA) -> list[Outcome]:
    """All of them, one after the other."""
    searched = collection(data)
    return [outcome(one["question"], one["pmid"], searched) for one in questions]


Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


def rows(found: list[Outcome]) -> list[Row]:
    """The figures."""
    matches = sum(one.matches for one in found)
    together = sum(one.together for one in found)
    widened = sum(one.widened for one in found)
    total = len(found)
    return [
        (f"query matches its article, of {total}", 100 * matches / total, "%", ">= 95"),
        ("  with the words of each phrase together", 100 * together / total, "%", ""),
        ("the same, widened where nothing is found", 100 * (matches + widened) / total, "%", ""),
        ("others that match, median", statistics.median(one.others for one in found), "", "<= 10"),
        ("longest query, characters", max(len(one.query) for one in found), "", "<= 1000"),
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
    parser.add_argument("--show", action="store_true", help="the queries that miss")
    given = parser.parse_args()
    if not given.data.is_dir():
        sys.exit(f"no data at {given.data}")
    file = given.questions or given.data / "questions.jsonl"
    found = measure([json.loads(one) for one in file.read_text("utf-8").splitlines()], given.data)
    for what, value, unit, bound in [*rows(found), *recall()]:
        print(f"{what:60} {value:10.2f} {unit:3} {bound}")
    if given.show:
        for one in found:
            if not one.matches:
                print(f"\n{one.question}\n  {one.query}")


if __name__ == "__main__":
    main()
