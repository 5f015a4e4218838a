"""The searches a model plans before the first one is made, of each source: which of them are. Without I/O.

They are made beside the rules' own, not in their place. What a model invents is not searched for: a planned search has to
require each drug, disease and gene of the question under one of its names, and may name no number and no year that the question does
not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ..entities import Entities
from ..queries.concept import Concept
from ..queries.concepts import named
from ..queries.pubmed_terms import LONGEST
from ..records import one_line
from ..vocabulary import CLASS_MEMBERS, CLASS_SYNONYMS
from ..words import stems

MOST = 2
"""Planned searches that are made."""

_NUMBERS = re.compile(r"\bNCT\d{8}\b|\b\d{7,9}\b|\b10\.\d{4,9}/\S+", re.IGNORECASE)
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")


TRIAL_FIELDS = ("condition", "intervention", "term")
"""What a search of the registry may be planned in; what narrows it is the rules'."""


def usable(
    queries: Sequence[str], question: str, entities: Entities
) -> tuple[list[str], list[str]]:
    """The queries that may be searched for, and why each of the others may not."""
    kept: list[str] = []
    reasons: list[str] = []
    for one in dict.fromkeys(" ".join(query.split()) for query in queries):
        if not one:
            continue
        reason = next(_faults(one, question, entities), "")
        if reason:
            reasons.append(f"{one_line(one, 80)!r}: {reason}")
        elif len(kept) < MOST:
            kept.append(one)
    return kept, reasons


def usable_in_trials(
    searches: Sequence[Mapping[str, str]], question: str, entities: Entities
) -> tuple[list[dict[str, str]], list[str]]:
    """The same for searches of the registry, each with some of :data:`TRIAL_FIELDS`."""
    kept: list[dict[str, str]] = []
    reasons: list[str] = []
    for given in searches:
        one = {name: " ".join(given[name].split()) for name in TRIAL_FIELDS if given.get(name)}
        if unknown := sorted(set(given) - set(TRIAL_FIELDS)):
            reasons.append(
                f"a search of the registry by {one_line(unknown[0], 40)!r}: there is no such field"
            )
        if not one or one in kept:
            continue
        whole = " AND ".join(f"({value})" for value in one.values())
        if reason := next(_faults(whole, question, entities), ""):
            reasons.append(f"{one_line(whole, 80)!r}: {reason}")
        elif len(kept) < MOST:
            kept.append(one)
    return kept, reasons


def _faults(query: str, question: str, entities: Entities) -> Iterator[str]:
    if len(query) > LONGEST:
        yield f"longer than {LONGEST} characters"
    if query.count('"') % 2 or not _is_closed(query):
        yield "a quotation mark or a parenthesis is left open"
    for number in _NUMBERS.findall(query):
        if number.lower() not in question.lower():
            yield f"{number} is not in the question"
    for year in _YEARS.findall(query):
        if year not in question and year not in "".join(_days(entities)):
            yield f"{year} is not in the question"
    wanted, _, left_out = query.partition(" NOT ")
    about = entities.get("concepts", [])
    # Of choices ("A or B") one is enough.
    groups: dict[object, list[Concept]] = {}
    for place, one in enumerate(named(about)):
        groups.setdefault(one["either"] or ("alone", place), []).append(one)
    for either in groups.values():
        if not any(_names(wanted, one) for one in either):
            yield f"it does not ask for {either[0]['name']!r}"
    for one in about:
        if one["excluded"] and _names(wanted, one) and not _names(left_out, one):
            yield f"it asks for {one['name']!r}, which the question leaves out"
    if not groups and not stems(wanted) & stems(question):
        yield "it shares no word with the question"


def _days(entities: Entities) -> Iterator[str]:
    for day in (entities["date_from"], entities["date_to"]):
        yield day or ""


def _is_closed(query: str) -> bool:
    depth = 0
    for character in re.sub(r'"[^"]*"', "", query):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def _names(query: str, concept: Concept) -> bool:
    """Whether a query has all words of one of a concept's names; a beginning with an asterisk stands for a word."""
    said = stems(re.sub(r"\[[^\]]*\]", " ", query))
    beginnings = tuple(one.lower() for one in re.findall(r"([^\W_]{4,})\*", query))
    name = concept["name"]
    members = (*CLASS_MEMBERS.get(name, ()), *CLASS_SYNONYMS.get(name, ()))
    names = (name, concept["text"], concept["heading"], *concept["synonyms"], *members)
    return any(
        all(word in said or word.startswith(beginnings) for word in stems(one))
        for one in names
        if one
    )
