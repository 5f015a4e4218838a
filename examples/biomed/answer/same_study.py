"""Which sources are one study: its article and its registration count once. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..records import Record

_NUMBER = re.compile(r"\bNCT\d{8}\b", re.IGNORECASE)


def study_of(record: Record) -> str:
    """The registry's number of the one study that a record is of; empty where it names none, or several as a review does."""
    if record["type"] == "trial":
        return record["id"].upper()
    text = " ".join([record["title"], record.get("text", ""), *record.get("registry_ids", [])])
    named = {one.upper() for one in _NUMBER.findall(text)}
    return named.pop() if len(named) == 1 else ""


def counted_once(numbers: Sequence[int], records: Mapping[int, Record]) -> list[int]:
    """The numbers of sources in their order without a trial's registration beside its article.

    Two articles of one trial stay: they may tell of other outcomes of it.
    """
    published = {
        study_of(records[n]) for n in numbers if n in records and records[n]["type"] != "trial"
    }
    return [
        n
        for n in numbers
        if n not in records
        or records[n]["type"] != "trial"
        or study_of(records[n]) not in published
    ]
