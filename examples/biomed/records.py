"""One result of a source: its shape, what makes it citable, and its address."""

from __future__ import annotations

import re
from typing import Any, Literal, cast

from typing_extensions import TypedDict

RecordType = Literal["article", "trial", "document"]

TEXT_LIMIT = 1500
"""Characters of a record's text kept: state is checkpointed at every step."""

_PMID = re.compile(r"[1-9]\d{0,8}")
_NCT = re.compile(r"NCT\d{8}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Record(TypedDict, total=False):
    """A result as plain JSON values. ``type``, ``id`` and ``title`` are always there."""

    type: RecordType
    id: str
    title: str
    year: int | None
    url: str | None
    text: str
    authors: list[str]
    journal: str
    doi: str
    keywords: list[str]
    publication_types: list[str]
    phases: list[str]
    status: str
    conditions: list[str]
    interventions: list[str]
    sponsor: str
    enrollment: int | None
    start_date: str
    has_results: bool
    outcome: str
    origin: str
    as_of: str
    position: int
    scores: dict[str, float]


class SearchPage(TypedDict, total=False):
    """What every search tool returns."""

    source: str
    total: int
    records: list[Record]
    retrieved_at: str
    warnings: list[str]


def is_pmid(text: str) -> bool:
    """Whether ``text`` is a well-formed PubMed identifier."""
    return _PMID.fullmatch(text) is not None


def is_nct(text: str) -> bool:
    """Whether ``text`` is a well-formed ClinicalTrials.gov number."""
    return _NCT.fullmatch(text) is not None


def url_of(record_type: str, record_id: str, given: str | None = None) -> str | None:
    """The public page of a record.

    Made from the identifier for articles and trials, so that it cannot disagree with it; a
    document's own ``given`` address is used only when it is http(s).
    """
    if record_type == "article" and is_pmid(record_id):
        return f"https://pubmed.ncbi.nlm.nih.gov/{record_id}/"
    if record_type == "trial" and is_nct(record_id):
        return f"https://clinicaltrials.gov/study/{record_id}"
    if given and re.fullmatch(r"https?://[^\s<>()\"]+", given):
        return given
    return None


def one_line(text: object, limit: int = TEXT_LIMIT) -> str:
    """Foreign text as one line of at most ``limit`` characters, without control characters."""
    line = " ".join(_CONTROL.sub(" ", str(text)).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def year_in(text: object) -> int | None:
    """The first plausible year in a text such as ``2001 Jun`` or ``1998 Dec-1999 Jan``."""
    match = re.search(r"\b(1[89]\d\d|20\d\d)\b", str(text))
    return int(match[0]) if match else None


def citable(raw: object) -> Record | None:
    """A well-formed record, or None: what a foreign tool (or an edited state) holds is checked.

    An article needs a PMID, a trial an NCT number, a document any identifier; all need a title.
    """
    if not isinstance(raw, dict):
        return None
    record = cast(dict[str, Any], raw)
    kind, identifier = record.get("type"), one_line(record.get("id", ""), 200)
    title = one_line(record.get("title", ""), 400)
    well_formed = {
        "article": is_pmid(identifier),
        "trial": is_nct(identifier),
        "document": bool(identifier),
    }
    if not title or not well_formed.get(str(kind)):
        return None
    year = record.get("year")
    return cast(
        Record,
        {
            **{key: value for key, value in record.items() if value is not None},
            "id": identifier,
            "title": title,
            "year": year if isinstance(year, int) and not isinstance(year, bool) else None,
            "url": url_of(str(kind), identifier, record.get("url")),
            "text": one_line(record.get("text", "")),
        },
    )
