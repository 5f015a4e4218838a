"""What a source's search brought so far: records, the searches they are from, and failures. Without I/O."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from .errors import SourceError
from .records import Record, Search, citable, identity_of
from .state import Call


class Found(msgspec.Struct):
    """What a search brought."""

    records: list[Record] = []
    total: int = 0
    origin: str | None = None
    as_of: str | None = None
    via: str = ""
    # The configured server that was asked last, as errors name it.
    asked: str = ""
    warnings: list[str] = []
    failures: list[SourceError] = []
    servers: dict[str, dict[str, str]] = {}
    """By name, the configured servers that failed: ``kind`` and ``message``."""
    hits: int = 0
    misses: int = 0
    duplicates: int = 0
    under_way: Call | None = None
    searches: list[Search] = []


def take(found: Found, answer: dict[str, Any], origin: str, call: Call) -> None:
    """Add an answer's well-formed records, marked with where they came from and when."""
    as_of = str(answer.get("retrieved_at") or "") or None
    via = str(answer.get("server") or "")
    raw = records_of(answer)
    known = set(map(identity_of, found.records))
    refused = 0
    for one in raw:
        record = citable(one)
        if record is None:
            refused += 1
        elif identity_of(record) in known:
            found.duplicates += 1
        else:
            known.add(identity_of(record))
            record["origin"] = origin
            record["as_of"] = str(record.get("as_of") or as_of or "unknown")
            record["via"] = via
            found.records.append(record)
    found.total += max(total_of(answer), len(raw))
    found.origin, found.as_of, found.via = origin, as_of, via
    found.searches += _made(answer, call, len(raw), origin)
    found.warnings += [str(one) for one in answer.get("warnings") or []]
    if refused:
        found.warnings.append(f"{refused} malformed results were left out")


def note_server(found: Found, failed: dict[str, str] | None) -> None:
    """Keep that a configured server failed, if one did."""
    if failed:
        found.servers[failed["server"]] = failed
        # Whatever comes now is not from there.
        found.asked = ""


def _made(answer: dict[str, Any], call: Call, returned: int, origin: str) -> list[Search]:
    """The searches an answer is from; of a server that does not tell, the call itself."""
    told = answer.get("searched")
    listed = [one for one in (told if isinstance(told, list) else []) if isinstance(one, dict)]
    listed = listed or [{"parameters": cacheable(call), "count": total_of(answer)}]
    made: list[Search] = []
    for one in listed:
        is_last = one is listed[-1]
        search: Search = {
            "service": str(answer.get("server") or answer.get("source") or ""),
            "tool": call["tool"],
            "parameters": dict(one.get("parameters") or {}),
            "translation": str(one.get("translation") or ""),
            "said": [str(each) for each in one.get("said") or []],
            "count": int(one.get("count") or 0),
            "returned": returned if is_last else 0,
            "at": str(answer.get("retrieved_at") or ""),
            "origin": origin,
            "via": str(answer.get("server") or ""),
        }
        if left_out := call.get("widened"):
            search["widened"] = left_out
        if by := call.get("by"):
            search["by"] = by
        made.append(search)
    return made


def unanswered(call: Call, found: Found, error: SourceError) -> Search:
    """A call that was made, or was to be, and why it has no answer."""
    search: Search = {
        "service": found.asked,
        "tool": call["tool"],
        "parameters": cacheable(call),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "error": f"{error.kind}: {error.message}",
    }
    if left_out := call.get("widened"):
        search["widened"] = left_out
    return search


def add(found: Found, more: Found) -> list[Record]:
    """Add what a later search brought; the records that are new."""
    known = set(map(identity_of, found.records))
    new = [record for record in more.records if identity_of(record) not in known]
    found.duplicates += more.duplicates + len(more.records) - len(new)
    found.total += len(new)
    if new:
        found.origin, found.as_of = found.origin or more.origin, found.as_of or more.as_of
    for record in new:
        record["position"] = len(found.records)
        found.records.append(record)
    found.hits, found.misses = found.hits + more.hits, found.misses + more.misses
    found.warnings += more.warnings
    found.failures += more.failures
    found.searches += more.searches
    found.servers |= more.servers
    return new


def summary(records: list[Any], total: int) -> dict[str, Any]:
    """``found``, ``kept`` and ``partial`` of a progress event; at most ten titles."""
    partial = [
        {"id": record.get("id"), "title": record.get("title")}
        for record in records[:10]
        if isinstance(record, dict)
    ]
    return {"found": total, "kept": len(records), "partial": partial}


def records_of(answer: dict[str, Any]) -> list[Any]:
    """A tool's records, not checked; none where it has no list of them."""
    records = answer.get("records")
    return records if isinstance(records, list) else []


def total_of(answer: dict[str, Any]) -> int:
    """How many a tool says there are, else how many it gave."""
    total = answer.get("total")
    return total if isinstance(total, int) else len(records_of(answer))


def cacheable(call: Call) -> dict[str, Any]:
    """A call's arguments without the time that the tool may take, which does not change what it answers."""
    return {key: value for key, value in call["arguments"].items() if key != "timeout_ms"}
