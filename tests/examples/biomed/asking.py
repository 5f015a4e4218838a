"""What the example makes of a question, on one day."""

from __future__ import annotations

from datetime import date

from examples.biomed.entities import Entities, parse
from examples.biomed.options import QueryOptions
from examples.biomed.plans import pubmed_queries

TODAY = date(2026, 11, 23)


def parsed(question: str) -> Entities:
    """What is read in it."""
    return parse(question, TODAY)


def pubmed(question: str) -> str:
    """The first search in PubMed for it. Raises `StopIteration` where there is none."""
    return next(pubmed_queries(question, parsed(question), QueryOptions().as_state()))[0]
