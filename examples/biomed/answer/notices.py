"""What a reader has to know before an answer: how the question was read, and which sources are missing, replaced or wider. Without I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..entities import Entities
from ..errors import describe
from ..markdown import escape
from ..records import Search
from ..state import SourceFailure, SourceReport
from . import wider

TITLES = {
    "literature": ("Literature", "PubMed"),
    "trials": ("Clinical trials", "ClinicalTrials.gov"),
    "documents": ("Documents", "the document collection"),
}


def read_as(entities: Entities, lead: str = "") -> str:
    """How a question was read, in one line; empty where it is searched for as it stands.

    Args:
        entities: What was read.
        lead: What the answer opens with: what stands there is not said twice.
    """
    follow_up = entities.get("follow_up", "")
    told = [f"Read as a follow-up: {escape(follow_up)}."] if follow_up else []
    notes = [escape(one[:1].upper() + one[1:]) for one in entities.get("notes") or []]
    told += [f"{one}." for one in notes if one not in lead]
    return f"_{' '.join(told)}_" if told else ""


def notices(
    selected: Sequence[str],
    reports: Mapping[str, SourceReport],
    failures: Sequence[SourceFailure],
    searches: Sequence[Search] = (),
) -> list[str]:
    """What a reader has to know before reading: which sources are missing or replaced, and what a wider search left out."""
    found = []
    for name in selected:
        report = reports.get(name)
        kinds = [one["kind"] for one in failures if one["source"] == name]
        if report is None or not kinds:
            continue
        what = f"**{TITLES[name][1]} {describe(kinds[-1])}.**"
        if report["origin"] == "catalogue":
            what += (
                " This is not a live answer: its results below are facts from the catalogue "
                f"bundled with this program, as of {day_of(report['as_of'])}."
            )
        elif report["origin"] == "cache":
            what += f" Its answer of {day_of(report['as_of'])} was taken from the cache."
        elif report["kept"]:
            what += " Its results below are incomplete."
        else:
            what += " It contributes nothing to this answer."
        found.append(f"> {what}")
    for name in selected:
        if (wide := wider.left_out(searches, name)) is not None:
            found.append(f"> {wider.notice((escape(wide[0]), wide[1]), TITLES[name][1])}")
    return found


def day_of(as_of: str | None) -> str:
    """The day of a time, in words where it is not known."""
    return (as_of or "date unknown")[:10] if as_of != "unknown" else "date unknown"
