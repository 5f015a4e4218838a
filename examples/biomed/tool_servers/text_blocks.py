"""Records told in plain text: Markdown, lines with labels, PubMed's own text format (MEDLINE), RIS, a table.

Sources: pubmed.ncbi.nlm.nih.gov/help (MEDLINE format, its tags), the RIS specification (its tags), RFC 4180.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from typing import Any

_PMID_LINE = re.compile(
    r"\bPMID\W{0,6}(\d{1,9})\b|pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,9})", re.IGNORECASE
)
NCT = re.compile(r"\bNCT\d{8}\b")
_LABEL = re.compile(r"^\W{0,8}([A-Za-z][A-Za-z /()-]{1,40}?)\W{0,3}:\W{0,3}\s*(\S.*)$")
_HEADING = re.compile(r"^#{1,5}\s+(?:\d+[.)]\s*)?(\S.*)$")


def blocks(text: str, *, is_trial: bool) -> list[dict[str, Any]]:
    """The fields of each record by its label in small letters and digits: a new one begins where a new identifier does.

    Its headings are under ``heading``, an identifier that stands without a label under ``nctid`` or ``pmid``.
    """
    found: list[dict[str, Any]] = []
    block: dict[str, Any] = {}
    label = ""
    for line in text.splitlines():
        bare = line.strip().strip("*").strip()
        match = _LABEL.match(line.replace("**", ""))
        heading = _HEADING.match(line.strip())
        if heading and not match:
            if _has_id(block):
                found.append(block)
                block = {}
            block["heading"], label = heading[1], "heading"
            _note_id(block, heading[1], is_trial)
            continue
        if match:
            label = re.sub(r"[^a-z0-9]", "", match[1].lower())
            # The label of a record's beginning, a second time: the next record.
            if (
                label in block
                and _has_id(block)
                and label in ("pmid", "nctid", "title", "nctnumber")
            ):
                found.append(block)
                block = {}
            block.setdefault(label, match[2].strip())
        elif bare and label and label != "heading" and not re.match(r"[-=_*#]{3,}", bare):
            block[label] = f"{block.get(label, '')} {bare}"
        _note_id(block, line, is_trial)
    found.append(block)
    return found


def _has_id(block: Mapping[str, Any]) -> bool:
    return any(block.get(name) for name in ("pmid", "nctid", "nctnumber"))


def _note_id(block: dict[str, Any], line: str, is_trial: bool) -> None:
    if is_trial and (found := NCT.search(line)):
        block.setdefault("nctid", found[0])
    elif not is_trial and (pmid := _PMID_LINE.search(line)):
        block.setdefault("pmid", pmid[1] or pmid[2])


_TAG = re.compile(r"^(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,3}- ?(?P<value>.*)$")
_TAGS = {
    "PMID": "pmid",
    "TI": "title",
    "T1": "title",
    "AB": "abstract",
    "N2": "abstract",
    "AU": "authors",
    "A1": "authors",
    "DP": "date",
    "PY": "date",
    "Y1": "date",
    "JT": "journal",
    "JO": "journal",
    "JF": "journal",
    "T2": "journal",
    "MH": "mesh",
    "KW": "mesh",
    "PT": "publicationtypes",
    "DO": "doi",
    "UR": "url",
    "AN": "accession",
    "ID": "accession",
}
_MANY = ("authors", "mesh", "publicationtypes")
_DOI_TAG = re.compile(r"(10\.\d{4,9}/\S+) \[doi\]")


def tagged_records(text: str) -> list[dict[str, Any]]:
    """The records of a text in MEDLINE's or RIS's tags, each field under the name that it has elsewhere."""
    found: list[dict[str, Any]] = []
    record: dict[str, Any] = {}
    name = ""
    for line in text.splitlines():
        tag = _TAG.match(line)
        if not tag:
            if name and line.startswith("      ") and line.strip():
                _go_on(record, name, line.strip())
            continue
        is_next = tag["tag"] in ("PMID", "TY", "ER") and ("title" in record or tag["tag"] == "TY")
        if is_next and record:
            found.append(record)
            record = {}
        name = _TAGS.get(tag["tag"], "")
        value = tag["value"].strip()
        if doi := _DOI_TAG.search(value):
            record.setdefault("doi", doi[1])
        if name in _MANY:
            record.setdefault(name, []).append(value)
        elif name and value:
            record.setdefault(name, value)
    found.append(record)
    return [_numbered(one) for one in found if "title" in one]


def _go_on(record: dict[str, Any], name: str, more: str) -> None:
    if name in _MANY:
        record[name][-1] += f" {more}"
    else:
        record[name] = f"{record.get(name, '')} {more}".strip()


def _numbered(record: dict[str, Any]) -> dict[str, Any]:
    """A record with its PMID, which RIS has under an accession number or in the address."""
    if "pmid" not in record:
        named = re.fullmatch(r"\d{1,9}", record.get("accession", ""))
        found = _PMID_LINE.search(record.get("url", ""))
        pmid = named[0] if named else found and (found[1] or found[2])
        if pmid:
            return {**record, "pmid": pmid}
    return record


def table_records(text: str) -> list[dict[str, Any]]:
    """The rows of a table whose first line names an identifier and a title, its cells apart by commas, tabs, semicolons or bars."""
    lines = [one.strip() for one in text.strip().splitlines() if one.strip()]
    if len(lines) < 2:
        return []
    head = lines[0].lower()
    if not re.search(r"\btitle\b", head) or not re.search(
        r"\b(?:pmid|nct[ _]?(?:id|number)|id|uid)\b", head
    ):
        return []
    apart = max("\t,;|", key=lines[0].count)
    if not lines[0].count(apart):
        return []
    if apart == "|":
        lines = [one.strip("|") for one in lines if not re.fullmatch(r"[|:\s-]+", one)]
    rows = csv.DictReader(lines, delimiter=apart, skipinitialspace=True)
    return [
        {
            str(name).strip().lower(): value.strip()
            for name, value in row.items()
            if isinstance(value, str)
        }
        for row in rows
    ]
