"""What a foreign tool answered, as records: out of structured content, JSON, or text with labels.

Without I/O. What is read here is still checked by :func:`..records.citable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ..errors import SourceError
from ..records import Record
from ..services.pubmed_xml import parse_articles
from .fields import KINDS, flat, plain, record_of
from .text_blocks import blocks, table_records, tagged_records

_TOTAL = frozenset(
    ["total", "totalcount", "count", "totalresults", "totalfound", "found", "numfound", "hits"]
)
_ARTICLES = re.compile(r"<PubmedArticleSet\b.*</PubmedArticleSet>", re.DOTALL)
MAX_DEPTH = 8


def read(capability: str, structured: object, texts: list[str]) -> dict[str, Any]:
    """A tool's answer as ``{"records": [...], "total": n, …}``.

    Raises:
        SourceError: kind ``bad_data``: nothing in it can be read as records, and it does not say
            that there are none; kind ``tool_error``: it says that it failed.
    """
    if structured is not None and (found := _answer_in(capability, structured)) is not None:
        return found
    known, failures = [], []
    for text in texts:
        try:
            known.append(_answer_in(capability, _decoded(text)))
        except SourceError as error:
            failures.append(error)
    parts = [one for one in known if one is not None]
    if failures and not parts:
        raise failures[0]
    if len(parts) == 1:
        return parts[0]
    if parts:
        # A block of text for each record, and perhaps one that counts them.
        each: dict[str, Any] = {}
        for one in (record for part in parts for record in part["records"]):
            each.setdefault(one["id"], one)
        return {
            "records": [*each.values()],
            "total": max(len(each), *(_total(part) for part in parts)),
        }
    if any(_is_empty(text) for text in texts) or (not texts and not structured):
        return {"records": [], "total": 0}
    said = " ".join(" ".join(texts).split())[:160]
    if re.match(r"\W*(\w+\s+){0,4}(error|failed|failure)\b", said, re.IGNORECASE):
        raise SourceError("tool_error", said)
    raise SourceError("bad_data", f"no records in its answer: {said}")


def _answer_in(capability: str, one: object) -> dict[str, Any] | None:
    """The answer that one part of a tool's holds; None where nothing in it can be read as records.

    Raises:
        SourceError: it is broken, or says that it failed.
    """
    value = _unwrapped(one)
    if capability.startswith("pubmed") and (articles := _from_xml(value)):
        return {"records": articles, "total": len(articles)}
    if isinstance(value, str):
        found = _from_text(capability, value)
        return {"records": found, "total": len(found)} if found else None
    if not isinstance(value, dict | list):
        return None
    if isinstance(value, dict) and _is_own(value):
        return dict(value)
    if (found := _records(capability, value)) or _says_none(value):
        return {"records": found, "total": max(_total(value), len(found))}
    if isinstance(value, dict) and isinstance(value.get("error"), str | dict):
        raise SourceError("tool_error", _message(value["error"]))
    return None


def _from_xml(value: Any, depth: int = 0) -> list[Record]:
    """PubMed's own XML, which some tools pass on as it came: as the text, or within a value.

    Raises:
        SourceError: kind ``bad_data``: it is broken, or unsafe.
    """
    if isinstance(value, str) and (text := _ARTICLES.search(value)):
        return parse_articles(text[0].encode())
    if isinstance(value, dict | list) and depth <= MAX_DEPTH:
        inner = value.values() if isinstance(value, dict) else value
        return next((found for one in inner if (found := _from_xml(one, depth + 1))), [])
    return []


_IDENTIFIERS = ("pmids", "idlist", "ids", "pubmedids", "articleids")


def pmids(structured: object, texts: list[str]) -> list[str]:
    """The PMIDs of an answer that names articles by these alone."""
    for one in [structured, *(_decoded(text) for text in texts)]:
        value = _unwrapped(one)
        if isinstance(value, list):
            value = {"pmids": value}
        if isinstance(value, dict):
            named = flat(value)
            for name in _IDENTIFIERS:
                listed = named.get(name)
                if isinstance(listed, list) and listed:
                    return [
                        str(item) for item in listed if re.fullmatch(r"[1-9]\d{0,8}", str(item))
                    ]
        elif isinstance(value, str) and (
            found := re.search(r"\b(?:PMIDs?|IDs)\b[^0-9\n]{0,20}((?:\d{5,9}[,;\s]*)+)", value)
        ):
            return re.findall(r"\d{5,9}", found[1])
    return []


def _is_own(value: Mapping[str, Any]) -> bool:
    records = value.get("records")
    return isinstance(records, list) and all(
        isinstance(one, dict) and {"type", "id"} <= set(one) for one in records
    )


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _unwrapped(value: Any) -> Any:
    # FastMCP puts what is no object under "result"; a text there may be JSON once more.
    for _ in range(3):
        if isinstance(value, dict) and set(value) == {"result"}:
            value = value["result"]
        if isinstance(value, str):
            decoded = _decoded(value)
            if decoded is value or isinstance(decoded, str | int | float):
                return value
            value = decoded
    return value


def _records(capability: str, value: Any) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in _objects(capability, value):
        record = record_of(capability, one)
        if record and record["id"] not in found:
            found[record["id"]] = record
    return list(found.values())


def _objects(capability: str, value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The outermost objects that name a record."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        if record_of(capability, value):
            yield value
            return
        for name, inner in value.items():
            if isinstance(inner, dict) and KINDS.get(capability.split("_")[0]):
                # Such as {"12345678": {"title": …}}.
                inner = {"id": name, **inner} if re.fullmatch(r"\d{1,9}|NCT\d{8}", name) else inner
            yield from _objects(capability, inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(capability, inner, depth + 1)


def _from_text(capability: str, text: str) -> list[dict[str, Any]]:
    if not capability.startswith(("pubmed", "trials")):
        return (
            [{"type": "document", "id": "answer", "title": text.strip()[:80], "text": text}]
            if (text.strip() and not _is_empty(text))
            else []
        )
    is_trial = capability.startswith("trials")
    tagged = tagged_records(text) or table_records(text)
    return _records(capability, tagged) or _records(capability, blocks(text, is_trial=is_trial))


def _total(value: Any) -> int:
    if not isinstance(value, dict):
        return 0
    named = flat(value)
    return next((named[name] for name in _TOTAL if type(named.get(name)) is int), 0)


def _says_none(value: Any) -> bool:
    if isinstance(value, list):
        return not value
    named = flat(value)
    if any(type(named.get(name)) is int and named[name] == 0 for name in _TOTAL):
        return True
    lists = [one for one in named.values() if isinstance(one, list)]
    return bool(lists) and not any(lists) and "error" not in named


def _is_empty(text: str) -> bool:
    return bool(
        re.search(
            r"\b(no|0)\s+(\w+\s+){0,4}(found|results?|matches|match|records?)\b",
            text[:300],
            re.IGNORECASE,
        )
    )


def _message(error: Any) -> str:
    return " ".join(plain(error).split())[:300] or "no reason given"
