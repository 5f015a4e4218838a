"""The trials that a question asks for, counted, and what it wants shown of each. Without I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..entities import Entities
from ..markdown import escape, quoted
from ..records import Record
from ..state import SourceReport
from .speaking import Cited

NAMED = 5
"""Trials that are named one by one before the lists."""
SHOWN = 10
ITEMS = 6
"""Contacts, sites or outcomes of one trial."""
LONGEST = 600

Trials = Sequence[tuple[int, Record]]


def counted(trials: Trials, report: SourceReport | None, unlimited: Sequence[str] = ()) -> str:
    """How many registered trials were found, and which.

    Args:
        trials: The trials with their numbers.
        report: How the registry fared.
        unlimited: The question's limits that were not applied, in words.
    """
    if not trials:
        return ""
    total = max(report["found"] if report else 0, len(trials))
    of = f" (of {total} found)" if total > len(trials) else ""
    many = "1 registered trial" if len(trials) == 1 else f"{len(trials)} registered trials"
    named = "; ".join(
        f"{quoted(record['title'])} ({record['id']}{_status(record)}) [{n}]"
        for n, record in trials[:NAMED]
    )
    rest = len(trials) - NAMED
    more = f"; and {rest} more, listed below" if rest > 0 else ""
    said = f"**{many}{of}:** {named}{more}."
    if unlimited:
        said += f" Not narrowed by {_listed(unlimited)}: the catalogue does not know that of its trials."
    return said


def _status(record: Record) -> str:
    status = record.get("status", "")
    return f", {quoted(status.replace('_', ' ').lower())}" if status else ""


def shown(wanted: Sequence[str], trials: Trials, places: Sequence[str], origin: str) -> str:
    """What a question wants shown of its trials, one line each; what none of them has is said.

    Args:
        wanted: Out of :data:`.queries.shown.SHOWN`.
        trials: The trials with their numbers.
        places: Where the question looks; sites there come first.
        origin: Whose records they are, in words.
    """
    if not wanted or not trials:
        return ""
    missing = [one for one in wanted if not any(_items(one, record, ()) for _, record in trials)]
    lines = [
        f"- {record['id']} [{n}]: " + "; ".join(parts)
        for n, record in trials[:SHOWN]
        if (parts := [*_parts(wanted, record, places)])
    ]
    which = "this trial" if len(trials) == 1 else "these trials"
    untold = f"{origin} has no {_listed(missing)} of {which}." if missing else ""
    head = _listed([one for one in wanted if one not in missing])
    return "\n\n".join(
        one for one in (untold, f"{head.capitalize()}:" if head else "", "\n".join(lines)) if one
    )


def _parts(wanted: Sequence[str], record: Record, places: Sequence[str]) -> Iterator[str]:
    for name in wanted:
        items = _items(name, record, places)
        if items:
            more = f" and {len(items) - ITEMS} more" if len(items) > ITEMS else ""
            label = f"{name}: " if len(wanted) > 1 else ""
            yield f"{label}{'; '.join(items[:ITEMS])}{more}"


def _items(name: str, record: Record, places: Sequence[str]) -> list[str]:
    if name == "contacts":
        # An address is what was asked for here.
        return [escape(one) for one in record.get("contacts", [])]
    items = [quoted(one) for one in _FIELDS[name](record) if one]
    if name == "sites" and places:
        items.sort(key=lambda one: not any(place in one for place in places))
    return items


def _dates(record: Record) -> list[str]:
    return [
        f"{words} {day}"
        for words, day in (
            ("start", record.get("start_date", "")),
            ("primary completion", record.get("primary_completion_date", "")),
        )
        if day
    ]


_FIELDS: Mapping[str, Callable[[Record], Sequence[str]]] = {
    "sites": lambda record: record.get("sites", []),
    "eligibility": lambda record: [
        record.get("eligibility", "")[:LONGEST],
        *([f"ages {ages}"] if (ages := record.get("ages")) else []),
    ],
    "outcomes": lambda record: record.get("outcomes", []) or [record.get("outcome", "")],
    "publications": lambda record: [f"PMID {one}" for one in record.get("publications", [])],
    "sponsor": lambda record: [record.get("sponsor", "")],
    "dates": _dates,
    "status": lambda record: [record.get("status", "").replace("_", " ").lower()],
    "reason for stopping": lambda record: [record.get("why_stopped", "")],
    "enrollment": lambda record: [
        f"{people} participants" if (people := record.get("enrollment")) else ""
    ],
}


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def trials_of(cited: Cited) -> Trials:
    """The trials among the results, with their numbers."""
    return [(citation["n"], record) for citation, record in cited if record["type"] == "trial"]


def unshown(entities: Entities) -> list[str]:
    """The words for limits that only a live registry applies."""
    return [
        words
        for words, names in (
            (f"place ({', '.join(entities['places'])})", ("places",)),
            ("distance", ("distance",)),
            ("sex", ("sex",)),
            ("age", ("age_groups", "age_from", "age_to")),
            ("excluded places", ("excluded_places",)),
        )
        if any(entities.get(name) for name in names)
    ]
