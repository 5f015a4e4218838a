"""The bundled catalogue: facts of GLP-1 receptor agonist trials, for when the network is away.

It is not a live answer, and every record says so: ``origin`` is ``catalogue`` and ``as_of`` the
day the facts were bundled.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import msgspec

from .entities import Entities
from .leaving_out import is_of_left_out
from .options import SourceName, first_day, last_day
from .queries.identifiers import OF_ARTICLES, OF_TRIALS
from .records import Record
from .vocabulary import CLASS_MEMBERS
from .words import stem, stems, word_set

ORIGIN = "catalogue"
FILE = Path(__file__).parent / "data" / "glp1_catalogue.json"

GENERIC = word_set(
    "clinical drug evidence medication medicine outcome paper phase publication randomised "
    "randomized result study therapy treatment trial"
)
"""Words that describe every entry, and hence select none."""
CHANGE = word_set("loss gain change reduction increase decrease")
"""Of "weight loss" the weight is measured; which way it went is the result."""


class Publication(msgspec.Struct, frozen=True):
    """The paper with a trial's primary result."""

    pmid: str
    title: str
    journal: str
    year: int
    first_author: str


class Outcome(msgspec.Struct, frozen=True):
    """A trial's primary result; the interval is the 95% confidence interval."""

    outcome: str
    measure: str
    point: float
    ci_low: float | None = None
    ci_high: float | None = None


class Entry(msgspec.Struct, frozen=True):
    """One trial and its paper."""

    acronym: str
    nct_id: str
    intervention: str
    comparator: str
    condition: str
    sponsor: str
    phase: str
    status: str
    enrollment: int
    publication: Publication
    primary_outcome: Outcome | None = None


class Numbers(msgspec.Struct, frozen=True):
    """What else a paper is known by; empty where it has no such number, or none that was checked."""

    doi: str = ""
    pmcid: str = ""


class Catalogue(msgspec.Struct, frozen=True):
    """The whole file."""

    title: str
    bundled_on: str
    provenance: str
    identifiers: dict[str, Numbers]
    """By PMID."""
    trials: list[Entry]


@functools.cache
def load() -> Catalogue:
    """The bundled catalogue, read once."""
    return msgspec.json.decode(FILE.read_bytes(), type=Catalogue)


def search(
    source: SourceName, query: str, entities: Entities, options: dict[str, Any]
) -> list[Record]:
    """The catalogue's records for a question, best first: papers or registry entries.

    Nothing for ``documents``, and nothing for a question about something else: a catalogue of
    one drug class must not answer a question about another, nor with trials in what it wants left out.
    """
    if source == "documents":
        return []
    catalogue = load()
    build = _article if source == "literature" else _trial
    found = [
        (_score(entry, query, entities), entry)
        for entry in catalogue.trials
        if _passes(entry, entities, options) and not is_of_left_out(_trial(entry, ""), entities)
    ]
    ranked = sorted(found, key=lambda pair: (-pair[0], pair[1].nct_id))
    return [build(entry, catalogue.bundled_on) for score, entry in ranked if score > 0]


def left_out(source: SourceName, query: str, entities: Entities, options: dict[str, Any]) -> str:
    """How many of its entries match a question but for the question's limits, in words; empty for none."""
    names = [name for _, fields in _LIMITS for name in fields]
    free: Any = {**entities, **{name: [] for name in names}}
    unbound = {**options, **{name: [] for name in names if name in options}}
    every = len(search(source, query, free, unbound))
    more = every - len(search(source, query, entities, options))
    named = []
    for words, fields in _LIMITS:
        only: Any = {**free, **{name: entities.get(name) for name in fields}}
        bound = {**unbound, **{name: options[name] for name in fields if name in options}}
        if len(search(source, query, only, bound)) < every:
            named.append(words)
    what = "1 of the catalogue is" if more == 1 else f"{more} of the catalogue are"
    return f"{what} left out by {' and '.join(named)}" if more > 0 and named else ""


_LIMITS = (
    ("phase", ("phases",)),
    ("status", ("statuses",)),
    ("date", ("date_from", "date_to")),
    ("number of participants", ("min_enrollment", "max_enrollment")),
    ("sponsor", ("companies",)),
)
"""What a search of the catalogue is narrowed by, by the fields of entities and options."""


def _score(entry: Entry, query: str, entities: Entities) -> float:
    """0 for no match. Otherwise the number of the question's words the entry has, plus 1."""
    if wanted := _numbers_asked(entities):
        return 1.0 if wanted & _numbers_of(entry) else 0.0
    drug = entry.intervention.split(" (")[0]
    members = [name for one in entities["drug_classes"] for name in CLASS_MEMBERS.get(one, ())]
    allowed = {*entities["drugs"], *members}
    # "obesity, without diabetes" is not about diabetes.
    condition = entry.condition.split("without")[0]
    text = stems(
        f"{entry.acronym} {entry.intervention} {entry.comparator} {condition} "
        f"{entry.sponsor} {entry.publication.title}"
        f" {entry.primary_outcome.outcome if entry.primary_outcome else ''}"
    )
    shared = {stem(word) for word in entities["terms"]} - GENERIC
    overlap = len(shared & text)
    if allowed:
        if drug not in allowed and not any(name in entry.comparator for name in allowed):
            return 0.0
        sides = [one for one in allowed if one in f"{drug} {entry.comparator}"]
        is_both = entities["intent"] == "compare" and len(sides) > 1
        conditions = [stems(one) - GENERIC - CHANGE for one in entities["conditions"]]
        if (
            conditions
            and not is_both
            and not any(len(one & text) * 2 > len(one) for one in conditions)
        ):
            return 0.0
        return 1.0 + overlap
    # As written: SELECT is a trial, "select" is not.
    named = re.search(rf"\b{re.escape(entry.acronym)}\b", query)
    return 1.0 + overlap if named else 0.0


def _numbers_asked(entities: Entities) -> set[str]:
    """What is looked up, in small letters."""
    named: Any = entities
    return {one.lower() for kind in (*OF_ARTICLES, *OF_TRIALS) for one in named.get(kind, ())}


def _numbers_of(entry: Entry) -> set[str]:
    pmid = entry.publication.pmid
    known = load().identifiers.get(pmid, Numbers())
    return {one.lower() for one in (entry.nct_id, pmid, known.doi, known.pmcid) if one}


def _passes(entry: Entry, entities: Entities, options: dict[str, Any]) -> bool:
    phases = options.get("phases") or entities["phases"]
    statuses = options.get("statuses") or entities["statuses"]
    date_from = options.get("date_from") or entities["date_from"]
    date_to = options.get("date_to") or entities["date_to"]
    companies = [company.lower() for company in entities["companies"]]
    year = entry.publication.year
    return (
        (not phases or entry.phase in phases)
        and (not statuses or entry.status in statuses)
        and (not date_from or year >= int(first_day(date_from)[:4]))
        and (not date_to or year <= int(last_day(date_to)[:4]))
        and entry.enrollment >= (entities.get("min_enrollment") or 0)
        and entry.enrollment <= (entities.get("max_enrollment") or entry.enrollment)
        and (not companies or any(name in entry.sponsor.lower() for name in companies))
    )


def _article(entry: Entry, as_of: str) -> Record:
    paper = entry.publication
    known = load().identifiers.get(paper.pmid, Numbers())
    return {
        "type": "article",
        "id": paper.pmid,
        "acronym": entry.acronym,
        "title": paper.title,
        "year": paper.year,
        "text": _facts(entry),
        "authors": [paper.first_author],
        "journal": paper.journal,
        "doi": known.doi,
        "pmcid": known.pmcid,
        "registry_ids": [entry.nct_id],
        "publication_types": ["Randomized Controlled Trial"],
        "outcome": _result(entry),
        "origin": ORIGIN,
        "as_of": as_of,
    }


def _trial(entry: Entry, as_of: str) -> Record:
    return {
        "type": "trial",
        "id": entry.nct_id,
        "acronym": entry.acronym,
        "title": f"{entry.acronym}: {entry.intervention} versus {entry.comparator} "
        f"in {entry.condition}",
        # The catalogue has no start dates: the year is that of the primary publication.
        "year": entry.publication.year,
        "text": _facts(entry),
        "phases": [entry.phase],
        "status": entry.status,
        "conditions": [entry.condition],
        "interventions": [entry.intervention, entry.comparator],
        "sponsor": entry.sponsor,
        "enrollment": entry.enrollment,
        "publications": [entry.publication.pmid],
        "has_results": entry.primary_outcome is not None,
        "outcome": _result(entry),
        "origin": ORIGIN,
        "as_of": as_of,
    }


def _facts(entry: Entry) -> str:
    result = _result(entry)
    return (
        f"{entry.acronym} ({entry.nct_id}): {entry.intervention} versus {entry.comparator} in "
        f"{entry.condition}; {entry.enrollment} participants; sponsor {entry.sponsor}."
        + (f" Primary result: {result}." if result else "")
    )


def _result(entry: Entry) -> str:
    one = entry.primary_outcome
    if one is None:
        return ""
    digits = ".2f" if one.measure == "HR" else "g"
    interval = (
        f" (95% CI {one.ci_low:{digits}} to {one.ci_high:{digits}})"
        if one.ci_low is not None and one.ci_high is not None
        else ""
    )
    return f"{one.outcome}, {one.measure} {one.point:{digits}}{interval}"
