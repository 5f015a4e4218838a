"""A foreign tool's object as a record: the names that its fields go by, and how their values are read. Without I/O."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from ..records import year_in
from .text_blocks import NCT

_TITLE = "title articletitle brieftitle studytitle officialtitle name heading"
_COMMON = {
    "title": _TITLE,
    "url": "url link studyurl webpage href pubmedurl",
}
_ARTICLE = {
    **_COMMON,
    "id": "pmid pubmedid uid id articleid",
    "text": "abstract abstracttext text summary content snippet body",
    "authors": "authors author authorlist",
    "journal": "journal journaltitle fulljournalname source journalname isoabbreviation",
    "doi": "doi",
    "year": "year pubyear publicationyear pubdate publicationdate date epubdate publicationdatestring",
    "keywords": "meshterms mesh keywords meshheadings",
    "publication_types": "publicationtypes pubtypes pubtype publicationtype",
}
_TRIAL = {
    **_COMMON,
    "id": "nctid nctnumber nct id studyid trialid",
    "text": "briefsummary studysummary summary description detaileddescription abstract text",
    "status": "overallstatus studystatus status recruitmentstatus recruitingstatus",
    "phases": "phases phase",
    "conditions": "conditions condition diseases",
    "interventions": "interventions intervention armsinterventions",
    "sponsor": "leadsponsor sponsor leadsponsorname sponsorname",
    "enrollment": "enrollment enrollmentinfo enrollmentcount",
    "start_date": "startdate startdatestruct studystart studystartdate start",
}
_DOCUMENT = {
    **_COMMON,
    "id": "id documentid docid uri path file filename source",
    "text": "text content snippet body excerpt passage abstract",
    "year": "year date published",
}
KINDS = {"pubmed": ("article", _ARTICLE), "trials": ("trial", _TRIAL)}


def record_of(capability: str, raw: Mapping[str, Any]) -> dict[str, Any] | None:
    """An object of a foreign tool's as a record; None where it names none: no identifier, or no title."""
    kind, fields = KINDS.get(capability.split("_")[0], ("document", _DOCUMENT))
    values = flat(raw)
    record: dict[str, Any] = {"type": kind}
    for name, aliases in fields.items():
        for alias in aliases.split():
            if values.get(alias) not in (None, "", [], {}):
                record[name] = _value(name, values[alias])
                break
    if kind == "trial":
        match = NCT.search(str(record.get("id", "")))
        record["id"] = match[0] if match else ""
        record["year"] = year_in(record.get("start_date", ""))
        record["status"] = re.sub(r"\W+", "_", record.get("status", "")).strip("_").upper()
        record["phases"] = [_phase(one) for one in record.get("phases", [])]
        if isinstance(values.get("hasresults"), bool):
            record["has_results"] = values["hasresults"]
    elif kind == "article":
        digits = re.fullmatch(r"(?:PMID\W*)?(\d{1,9})", str(record.get("id", "")), re.IGNORECASE)
        record["id"] = digits[1] if digits else ""
        if "doi" not in record and (doi := _doi_among(values)):
            record["doi"] = doi
        if in_journal := _YEAR_LAST.search(record.get("journal", "")):
            # "N Engl J Med (2021)"
            record["journal"] = record["journal"][: in_journal.start()]
            record.setdefault("year", int(in_journal[1]))
    if not record.get("id") or not record.get("title"):
        return None
    return record


_YEAR_LAST = re.compile(r"[,;.]?\s*\(?\b((?:19|20)\d\d)\b\)?\.?\s*$")


def _doi_among(values: Mapping[str, Any]) -> str:
    """The DOI of a list of identifiers that each say their type, as PubMed's ESummary has it."""
    for name in ("articleids", "articleidlist", "identifiers", "externalids"):
        listed = values.get(name)
        for one in listed if isinstance(listed, list) else []:
            named = flat(one) if isinstance(one, Mapping) else {}
            if str(named.get("idtype") or named.get("type") or "").lower() == "doi":
                return plain(named.get("value") or named.get("id") or "")
    return ""


def flat(raw: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """All named values by the letters of their names; the outer ones win."""
    found: dict[str, Any] = {}
    for name, value in raw.items():
        found.setdefault(re.sub(r"[^a-z0-9]", "", str(name).lower()), value)
    if depth < 5:
        for value in raw.values():
            if isinstance(value, dict):
                for name, inner in flat(value, depth + 1).items():
                    found.setdefault(name, inner)
    return found


def _value(name: str, value: Any) -> Any:
    if name in (
        "authors",
        "keywords",
        "publication_types",
        "phases",
        "conditions",
        "interventions",
    ):
        if isinstance(value, str):
            parts = re.split(r"\s*[;|]\s*|\s*,\s+", value)
            return [part for part in parts if part and part.lower() != "et al."]
        return [plain(one) for one in (value if isinstance(value, list) else [value])]
    if name == "year":
        return year_in(plain(value))
    if name == "enrollment":
        digits = re.search(r"\d+", plain(value).replace(",", ""))
        return int(digits[0]) if digits else None
    return html.unescape(plain(value))


def plain(value: Any) -> str:
    """A value as text: an object by its name, a person by surname and initials."""
    if isinstance(value, dict):
        named = flat(value)
        if last := named.get("lastname"):
            first = named.get("initials") or named.get("forename") or named.get("firstname") or ""
            return f"{last} {first}".strip()
        for key in (
            "name",
            "title",
            "fullname",
            "text",
            "value",
            "date",
            "count",
            "descriptorname",
            "year",
        ):
            if named.get(key):
                return plain(named[key])
        return " ".join(f"{name}: {plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return " ".join(plain(one) for one in value)
    return str(value)


def _phase(text: str) -> str:
    digits = re.search(r"\d|\b(IV|III|II|I)\b", text)
    if not digits:
        return text.upper()
    roman = {"I": "1", "II": "2", "III": "3", "IV": "4"}
    early = "EARLY_" if "early" in text.lower() else ""
    return f"{early}PHASE{roman.get(digits[0], digits[0])}"
