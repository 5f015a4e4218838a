"""What stands before the quoted findings: the records that were looked up, the trials that were asked for, who compares directly.

Without I/O. Where the question wants nothing else, this is the whole answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from ..entities import Entities
from ..errors import describe
from ..markdown import quoted
from ..queries.concepts import required
from ..queries.identifiers import told
from ..state import SourceFailure, SourceReport
from .answering import Found
from .comparing import compared, direct
from .listing import counted, shown, trials_of, unshown
from .looked_up import asked_numbers, called, looked_up
from .notices import TITLES
from .speaking import Cited

_WHAT_CAME_OUT: Final = re.compile(
    r"\b(?:results?|find|found|findings|show(?:n|s|ed)?|report(?:s|ed)?|say|tell|evidence|what (?:do|does|did|have|has|is|are)|how (?:do|does|did|well|much|effective))\b",
    re.IGNORECASE,
)
"""Asks for what trials came to, and not for trials."""


class Lead(NamedTuple):
    """The first part of an answer."""

    text: str
    is_all: bool
    """Whether nothing else was asked for, so that no finding need follow."""


def lead(
    entities: Entities,
    cited: Cited,
    reports: Mapping[str, SourceReport],
    failures: Sequence[SourceFailure],
    found: Found,
) -> Lead:
    """The first part of the answer to a question; empty where there is nothing to say before its findings."""

    def why(source: str) -> str:
        kinds = [one["kind"] for one in failures if one["source"] == source]
        if not kinds:
            return ""
        instead = "" if kinds[-1] == "not_found" else ", and the bundled catalogue has none"
        return f"{TITLES[source][1]} {describe(kinds[-1])}{instead}."

    wanted = entities.get("shows", [])
    trials = trials_of(cited)
    report = reports.get("trials")
    is_bundled = report is not None and report["origin"] == "catalogue"
    origin = "The bundled catalogue" if is_bundled else TITLES["trials"][1]
    details = shown(wanted, trials, entities["places"], origin)
    if asked_numbers(entities):
        records = looked_up(entities, cited, why)
        is_all = bool(wanted) or not required(entities.get("concepts", []))
        return Lead("\n\n".join(one for one in (details, records) if one), is_all)
    if broken := told(entities["question"]):
        said = " ".join(f"{quoted(one[:1].upper() + one[1:])}." for one in broken)
        return Lead(
            f"**Nothing was looked up.** {said}", not required(entities.get("concepts", []))
        )
    if named := called(entities, cited):
        return Lead("\n\n".join(one for one in (details, named) if one), bool(details))
    if entities["intent"] == "compare":
        text = compared(entities, cited, is_alone=not found.sentences)
        if (
            text
            and found.sentences
            and not {one.n for one in found.sentences} & {*direct(entities, cited)}
        ):
            text += "\n\nWhat is quoted next compares neither side with the other:"
        return Lead(text, False)
    # A place is a limit of the registry's, and no word of its records.
    unplaced = bool(found.unsaid) and {*found.unsaid} <= {*entities["places"]}
    of_trials = [(n, record) for n, record in trials if unplaced or n in found.speaking]
    if entities["intent"] in ("trials", "recruiting") or wanted:
        if report and not report["retrieved"]:
            # A finding on its topic is none of the trials that were asked for.
            is_all = not found.outcome and not _WHAT_CAME_OUT.search(entities["question"])
            return Lead(_none(report, why("trials")), is_all)
        listed = counted(of_trials, report, unshown(entities) if is_bundled else ())
        return Lead("\n\n".join(one for one in (listed, details) if one), bool(wanted and listed))
    return Lead("", False)


def _none(report: SourceReport, why: str) -> str:
    """That no trial was found, and what may be the reason."""
    reasons = [why, *(f"{one[:1].upper()}{one[1:]}." for one in report["warnings"])]
    return " ".join(["**No registered trial was found for this.**", *filter(None, reasons)])
