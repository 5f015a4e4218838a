"""Ordering a source's results, each with its scores between 0 and 1.

``score = 0.6 * relevance + 0.2 * recency + 0.2 * authority``; equal scores keep the order of ids,
so the same results always rank the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .entities import Entities
from .records import Record, citable
from .topics import topics
from .vocabulary import CLASS_MEMBERS
from .words import stem, stems

HALF_LIFE_YEARS = 5

_PUBLICATION_AUTHORITY: tuple[tuple[str, float], ...] = (
    ("retracted publication", 0.0),
    ("meta-analysis", 1.0),
    ("systematic review", 1.0),
    ("practice guideline", 0.95),
    ("guideline", 0.95),
    ("randomized controlled trial", 0.9),
    ("clinical trial, phase iv", 0.85),
    ("clinical trial, phase iii", 0.85),
    ("clinical trial", 0.75),
    ("observational study", 0.6),
    ("review", 0.6),
    ("editorial", 0.3),
    ("comment", 0.3),
    ("letter", 0.3),
)
"""The first that one of an article's publication types starts with; 0.5 for none."""

_STATUS_AUTHORITY = {
    "COMPLETED": 0.8,
    "ACTIVE_NOT_RECRUITING": 0.7,
    "RECRUITING": 0.65,
    "ENROLLING_BY_INVITATION": 0.65,
    "NOT_YET_RECRUITING": 0.5,
}
"""By registry status; 0.4 for any other, 0.1 more where results are posted."""


def rank(records: Iterable[object], entities: Entities, asked_on: str, limit: int) -> list[Record]:
    """The best ``limit`` well-formed records, best first, each with ``scores``.

    Args:
        records: In the source's own order, whose rank counts a little.
        entities: What the question names.
        asked_on: ``YYYY-MM-DD``; recency counts from this year.
    """
    usable = [record for one in records if (record := citable(one)) is not None]
    concepts = list(_concepts(entities))
    year = int(asked_on[:4])
    scored: list[Record] = []
    for place, record in enumerate(usable):
        position = record.get("position", place)
        from_order = max(0.0, 1 - position / len(usable))
        scores = {
            "relevance": round(0.7 * coverage(record, concepts) + 0.3 * from_order, 4),
            "recency": round(recency(record.get("year"), year), 4),
            "authority": authority(record),
        }
        scores["score"] = round(
            0.6 * scores["relevance"] + 0.2 * scores["recency"] + 0.2 * scores["authority"], 4
        )
        scored.append({**record, "scores": scores})
    scored.sort(key=lambda record: (-record["scores"]["score"], record["id"]))
    return scored[:limit]


Concept = tuple[float, list[set[str]]]
"""A weight, and alternative sets of word stems: any one whole set is a match."""


def _concepts(entities: Entities) -> Iterator[Concept]:
    """What a result should speak of: named things weigh 1, the question's other words 0.5."""
    for name in (
        *entities["drugs"],
        *entities["conditions"],
        *entities["companies"],
        *entities["nct_ids"],
        *entities["pmids"],
    ):
        yield 1.0, [stems(name)]
    for name in entities["drug_classes"]:
        yield 1.0, [stems(name), *(stems(member) for member in CLASS_MEMBERS.get(name, ()))]
    for word in topics(entities):
        yield 0.5, [{stem(word)}]


def coverage(record: Record, concepts: list[Concept]) -> float:
    """The weighted share of the concepts a record speaks of: in full in its title, else 0.7."""
    if not concepts:
        return 0.5
    title = stems(f"{record['title']} {record['id']}")
    lists = (
        *record.get("conditions", []),
        *record.get("interventions", []),
        *record.get("keywords", []),
    )
    everything = title | stems(f"{record.get('text', '')} {record.get('sponsor', '')}")
    everything |= stems(" ".join(lists))
    total = sum(weight for weight, _ in concepts)
    reached = 0.0
    for weight, alternatives in concepts:
        if any(one <= title for one in alternatives):
            reached += weight
        elif any(one <= everything for one in alternatives):
            reached += 0.7 * weight
    return reached / total


def recency(year: int | None, now: int) -> float:
    """``2 ** (-age / 5)`` with the age in years; 0 where the year is unknown."""
    return 0.0 if year is None else float(2 ** (-max(0, now - year) / HALF_LIFE_YEARS))


def authority(record: Record) -> float:
    """How much weight the kind of evidence carries, by the tables of this module."""
    if record["type"] == "article":
        types = [one.lower() for one in record.get("publication_types", [])]
        for name, value in _PUBLICATION_AUTHORITY:
            if any(one.startswith(name) for one in types):
                return value
        return 0.5
    if record["type"] == "trial":
        value = _STATUS_AUTHORITY.get(record.get("status", ""), 0.4)
        return round(value + 0.1, 4) if record.get("has_results") else value
    return 0.4
