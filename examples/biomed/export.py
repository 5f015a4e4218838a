"""A result for other programs: its references as RIS, its searches as a PRISMA-style log.

Sources: the RIS format's tags (``TY``, ``AU``, ``ER``), and the PRISMA 2020 flow diagram and PRISMA-S items (database,
platform, exact strings, limits, dates, numbers). Without I/O.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_TYPES = {"article": "JOUR", "trial": "DBASE", "document": "GEN"}
_DATABASES = {"article": "PubMed", "trial": "ClinicalTrials.gov", "document": "documents"}


def ris(result: Mapping[str, Any]) -> str:
    """The citations of a result, as RIS: one entry each, in the answer's order."""
    return "".join(line for one in result.get("citations") or [] for line in _entry(one))


def _entry(citation: Mapping[str, Any]) -> Iterator[str]:
    kind = str(citation["type"])
    fields: list[tuple[str, object]] = [
        ("TY", _TYPES.get(kind, "GEN")),
        *(("AU", _author(str(one))) for one in citation.get("authors") or []),
        ("TI", citation["title"]),
        ("T2", citation.get("journal")),
        ("PY", citation.get("year")),
        (
            "DO",
            re.sub(
                r"(?i)^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", str(citation.get("doi") or "")
            ),
        ),
        ("AN", citation["id"]),
        ("DB", _DATABASES.get(kind, "")),
        ("DP", citation.get("via") or ""),
        ("UR", citation.get("url")),
        ("Y2", str(citation.get("as_of") or "")[:10].replace("-", "/")),
        (
            "N1",
            "not live: from a bundled catalogue" if citation.get("origin") == "catalogue" else "",
        ),
    ]
    for tag, value in fields:
        if text := _line("" if value is None else value):
            yield f"{tag}  - {text}\r\n"
    yield "ER  - \r\n\r\n"


_SUFFIX = r"(?: (Jr|Sr|2nd|3rd|4th|II|III|IV)\.?)?"
_GROUP = re.compile(
    r"\b(?:group|study|trial|investigators|consortium|network|committee|collaborat\w+|society|association|initiative)\b",
    re.IGNORECASE,
)


def _author(name: str) -> str:
    """PubMed's ``Lincoff AM Jr`` as ``Lincoff, A.M., Jr``; a group's name as it is."""
    match = re.fullmatch(rf"(.+) ((?:(?![\d_])[^\W\da-zß-ÿ]){{1,4}}){_SUFFIX}", _line(name))
    if not match or _GROUP.search(name):
        return name
    suffix = f", {match[3]}" if match[3] else ""
    return f"{match[1]}, {'.'.join(match[2])}.{suffix}"


def _line(value: object) -> str:
    """On one line, and without what ends one for other programs."""
    visible = (
        " " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in str(value)
    )
    return " ".join("".join(visible).split())


def prisma(result: Mapping[str, Any]) -> str:
    """How the results were found and chosen, as Markdown: every search as it was made, then the flow of numbers."""
    searches = result.get("searches") or []
    parts = [
        f"# Search log: {_line(result.get('query', ''))}",
        *(_search(number, one) for number, one in enumerate(searches, 1)),
        _flow(result),
        _methods(result),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _search(number: int, one: Mapping[str, Any]) -> str:
    service = one.get("service") or one.get("tool") or one.get("source")
    through = f" through the MCP server {one['via']}" if one.get("via") else ""
    cached = ", out of the cache" if one.get("origin") == "cache" else ""
    lines = [f"## Search {number}: {service}", "", f"- made: {one.get('at')}{cached}{through}"]
    lines += [f"- {name}: `{_value(value)}`" for name, value in one["parameters"].items()]
    if one.get("widened"):
        lines.append(f"- wider, as too little was found before: without {_line(one['widened'])}")
    if one.get("translation"):
        lines.append(f"- read by the service as: `{_value(one['translation'])}`")
    lines += [f"- the service says: {_line(text)}" for text in one.get("said") or []]
    if one.get("error"):
        lines.append(f"- **not answered**: {_line(one['error'])}")
    else:
        lines.append(f"- found: {one['count']}; read: {one['returned']}")
    return "\n".join(lines)


def _value(value: object) -> str:
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return _line(text).replace("`", "'")


def _flow(result: Mapping[str, Any]) -> str:
    reports: Mapping[str, Mapping[str, Any]] = result.get("reports") or {}
    citations: Sequence[Mapping[str, Any]] = result.get("citations") or []
    if not reports:
        return ""
    rows = [
        "| | identified | not read (limit) | duplicates | screened | left out by rank | left out as off the question | cited |",
        "|---|---|---|---|---|---|---|---|",
    ]
    totals = [0] * 7
    for source, report in reports.items():
        numbers = flow(source, report, citations)
        totals = [total + number for total, number in zip(totals, numbers, strict=True)]
        rows.append(f"| {source} | {' | '.join(str(one) for one in numbers)} |")
    rows.append(f"| all | {' | '.join(str(one) for one in totals)} |")
    return "## Flow\n\n" + "\n".join(rows)


def flow(
    source: str, report: Mapping[str, Any], citations: Sequence[Mapping[str, Any]]
) -> tuple[int, int, int, int, int, int, int]:
    """The numbers of one source: identified, not read, duplicates, screened, left out by rank, left out as
    off the question, cited. Identified is the sum of all that follow but screened.
    """
    screened = int(report["retrieved"])
    duplicates = int(report["duplicates"])
    identified = max(int(report["found"]), screened + duplicates)
    kept = int(report["kept"])
    cited = sum(one["source"] == source for one in citations)
    unread = identified - screened - duplicates
    return identified, unread, duplicates, screened, screened - kept, kept - cited, cited


def _methods(result: Mapping[str, Any]) -> str:
    entities = result.get("entities") or {}
    notes = [_line(one) for one in entities.get("notes") or []]
    if how := entities.get("follow_up"):
        notes.insert(0, f"as a follow-up: {_line(how)}")
    failures = [
        f"{one['source']} ({one['kind']}): {_line(one['message'])}"
        for one in result.get("errors") or []
    ]
    parts = []
    if notes:
        parts.append("## How the question was read\n\n" + "\n".join(f"- {one}" for one in notes))
    if failures:
        parts.append("## What did not work\n\n" + "\n".join(f"- {one}" for one in failures))
    parts.append(
        "Screening was automatic: results are ranked by relevance, recency and authority, and the best are kept. "
        "Nobody has read them for eligibility."
    )
    return "\n\n".join(parts)
