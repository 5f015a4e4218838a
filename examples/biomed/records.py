"""One result of a source: its shape, what makes it citable, and its address."""

from __future__ import annotations

import re
from typing import Any, Literal, cast

from typing_extensions import TypedDict

RecordType = Literal["article", "trial", "document"]

TEXT_LIMIT = 6000
"""Characters of a record's text kept: a whole abstract, whose conclusions come last."""

_PMID = re.compile(r"[1-9]\d{0,8}")
_NCT = re.compile(r"NCT\d{8}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Record(TypedDict, total=False):
    """A result as plain JSON values. ``type``, ``id`` and ``title`` are always there."""

    type: RecordType
    id: str
    title: str
    acronym: str
    """What a trial is called for short, ``STEP 1``."""
    year: int | None
    url: str | None
    text: str
    authors: list[str]
    journal: str
    doi: str
    pmcid: str
    keywords: list[str]
    publication_types: list[str]
    phases: list[str]
    status: str
    why_stopped: str
    """Why a trial ended early, or never began, in its sponsor's words."""
    conditions: list[str]
    interventions: list[str]
    sponsor: str
    enrollment: int | None
    start_date: str
    primary_completion_date: str
    first_posted: str
    eligibility: str
    """Who may take part, in the registry's words."""
    sex: str
    ages: str
    contacts: list[str]
    sites: list[str]
    """Facility, city, country, and whether it recruits."""
    outcomes: list[str]
    """What is measured: ``primary: … (after 68 weeks)``."""
    registry_ids: list[str]
    """What other registries and the sponsor call a trial; of an article: the trials it names."""
    publications: list[str]
    """The PMIDs of articles that came of a trial."""
    has_results: bool
    outcome: str
    origin: str
    as_of: str
    via: str
    """The configured MCP server it is from; empty for the tools of this package."""
    position: int
    scores: dict[str, float]


class Search(TypedDict, total=False):
    """One search as it was made: enough to repeat it, and to report it."""

    source: str
    service: str
    """As it calls itself: ``PubMed``, ``ClinicalTrials.gov``, the name of a configured MCP server."""
    tool: str
    parameters: dict[str, Any]
    """As sent, but for keys and addresses of the sender."""
    translation: str
    """What the service made of the query."""
    said: list[str]
    """Its remarks: phrases it did not find, words it left out."""
    count: int
    """How many results it has in all."""
    returned: int
    """How many of them were read."""
    at: str
    """When it answered; for an answer out of the cache that is earlier than the question."""
    origin: str
    via: str
    by: str
    """``model`` where a model chose it; else it is the rules'."""
    widened: str
    """What it leaves out of the question, because the searches before it found nothing."""
    error: str
    """Why it did not answer; then there are no counts."""


class SearchPage(TypedDict, total=False):
    """What every search tool returns."""

    source: str
    total: int
    records: list[Record]
    retrieved_at: str
    warnings: list[str]
    searched: list[Search]
    """The requests it is from: ``parameters``, ``translation``, ``said``, ``count``."""


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


_TEXTS = (
    "acronym",
    "journal",
    "doi",
    "pmcid",
    "status",
    "why_stopped",
    "sponsor",
    "start_date",
    "primary_completion_date",
    "first_posted",
    "sex",
    "ages",
    "outcome",
    "origin",
    "as_of",
    "via",
)
_LISTS = (
    "authors",
    "keywords",
    "publication_types",
    "phases",
    "conditions",
    "interventions",
    "contacts",
    "sites",
    "outcomes",
    "registry_ids",
    "publications",
)
MAX_LIST = 50
MAX_SITES = 400
"""A question may name the place of any of them."""


Identity = tuple[str, str]
"""A record's type and its identifier: what tells it from every other."""


def identity_of(record: Record) -> Identity:
    """What tells a record from every other; the same one found twice has the same."""
    return record["type"], record["id"]


def citable(raw: object) -> Record | None:
    """A well-formed record, or None: what a foreign tool (or an edited state) holds is checked.

    An article needs a PMID, a trial an NCT number, a document any identifier; all need a title.
    Fields of the wrong type and unknown ones are left out.
    """
    if not isinstance(raw, dict):
        return None
    given = cast(dict[str, Any], raw)
    kind, identifier = given.get("type"), one_line(given.get("id", ""), 200)
    title = one_line(given.get("title", ""), 400)
    well_formed = {
        "article": is_pmid(identifier),
        "trial": is_nct(identifier),
        "document": bool(identifier),
    }
    if not title or not isinstance(kind, str) or not well_formed.get(kind):
        return None
    url = given.get("url")
    record: dict[str, Any] = {
        "type": kind,
        "id": identifier,
        "title": title,
        "year": _whole(given.get("year")),
        "url": url_of(kind, identifier, url if isinstance(url, str) else None),
        "text": one_line(given.get("text") or ""),
    }
    if isinstance(given.get("eligibility"), str):
        record["eligibility"] = one_line(given["eligibility"])
    for name in _TEXTS:
        if isinstance(given.get(name), str):
            record[name] = one_line(given[name], 500)
    for name in _LISTS:
        if isinstance(given.get(name), list):
            most = MAX_SITES if name == "sites" else MAX_LIST
            items = (one_line(item, 200) for item in given[name][:most])
            record[name] = [item for item in items if item]
    for name in ("enrollment", "position"):
        if (number := _whole(given.get(name))) is not None:
            record[name] = number
    if isinstance(given.get("has_results"), bool):
        record["has_results"] = given["has_results"]
    if isinstance(given.get("scores"), dict):
        record["scores"] = {
            str(name): float(score)
            for name, score in given["scores"].items()
            if isinstance(score, int | float)
        }
    return cast(Record, record)


def _whole(value: object) -> int | None:
    """A whole number not below zero; also as a text, as some servers send years."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
