"""The ``search`` step without LangGraph: cache, tools, and the catalogue in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import anyio
import msgspec
from langgraph.errors import GraphBubbleUp

from . import catalogue
from .answer.listing import unshown
from .entities import Entities
from .errors import SourceError
from .options import SourceName, source_budget_ms
from .records import Record, Search, citable
from .services.cache import Cache, key_of, open_cache
from .settings import Settings
from .state import Call
from .tool_servers.client import (
    WAIT_SHARE,
    Toolbox,
    as_source_error,
    open_toolbox,
    read_configuration,
    warm_up,
)
from .tool_servers.configuration import Configuration

Emit = Callable[[dict[str, Any]], None]
"""Called with progress: ``found``, ``partial`` and ``origin`` as far as known."""

UNCACHED = frozenset({"documents_search"})
"""Local and quick: a cached answer would only hide changed files."""


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


async def fetch(
    source: SourceName,
    plan: list[Call],
    query: str,
    entities: Entities,
    options: dict[str, Any],
    settings: Settings,
    emit: Emit,
    *,
    stand_in: bool = True,
) -> Found:
    """Carry out a plan within the source's time budget. Failures are in the result.

    If a call fails and nothing else was found, the bundled catalogue answers, unless ``stand_in`` is False.
    """
    # Once a process; not the source's time.
    await anyio.to_thread.run_sync(warm_up)
    found = Found()
    if not plan:
        found.warnings.append("the question names nothing to search for here")
    budget_s = source_budget_ms(options) / 1000
    try:
        with anyio.fail_after(budget_s):
            await _carry_out(source, plan, options, settings, emit, found)
    except TimeoutError:
        who = f"{found.asked}: " if found.asked else ""
        late = SourceError("timeout", f"{who}no answer within {budget_s:g} s")
        found.failures.append(late)
        if found.under_way is not None:
            found.searches.append(_unanswered(found.under_way, found, late))
    except SourceError as error:
        found.failures.append(error)
    unanswered = any(failure.kind != "not_found" for failure in found.failures)
    if stand_in and unanswered and not found.records:
        await _stand_in(source, query, entities, options, emit, found)
    for position, record in enumerate(found.records):
        record["position"] = position
    return found


async def _stand_in(
    source: SourceName,
    query: str,
    entities: Entities,
    options: dict[str, Any],
    emit: Emit,
    found: Found,
) -> None:
    """Ask the bundled catalogue in the place of a source that did not answer."""
    records = await anyio.to_thread.run_sync(catalogue.search, source, query, entities, options)
    without = await anyio.to_thread.run_sync(catalogue.left_out, source, query, entities, options)
    if without:
        found.warnings.append(without)
    if records:
        found.records, found.total = records, len(records)
        found.origin, found.as_of, found.via = catalogue.ORIGIN, records[0]["as_of"], ""
        if source == "trials" and (_dated(options) or _dated(entities)):
            found.warnings.append("no start dates in the catalogue; by year of the main paper")
        if source == "trials" and (limits := unshown(entities)):
            found.warnings.append(f"the catalogue is not narrowed by {', '.join(limits)}")
        emit({"origin": found.origin, **summary(records, len(records))})
    if records or without:
        found.searches.append(
            {
                "service": f"bundled catalogue of {catalogue.load().bundled_on}",
                "tool": "catalogue",
                "parameters": {"query": query},
                "said": [without] if without else [],
                "count": len(records),
                "returned": len(records),
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "origin": catalogue.ORIGIN,
                "via": "",
            }
        )


def _dated(bounds: Mapping[str, Any]) -> bool:
    return bool(bounds.get("date_from") or bounds.get("date_to"))


async def _carry_out(
    source: SourceName,
    plan: list[Call],
    options: dict[str, Any],
    settings: Settings,
    emit: Emit,
    found: Found,
) -> None:
    cache = open_cache(settings.cache_path, settings.cache_ttl_s, settings.cache_max_entries)
    policy = options["fetch_policy"]
    servers = await anyio.to_thread.run_sync(read_configuration, settings)
    wait_s = source_budget_ms(options) / 1000 * WAIT_SHARE
    server = _identity(settings, servers)
    is_down = False
    async with open_toolbox(settings, servers, wait_s, emit) as toolbox:
        for call in plan:
            if below := call.get("only_below"):
                if len(found.records) >= below or is_down:
                    continue
                left_out = call.get("widened") or "the question's other words"
                few = f"only {len(found.records)}" if found.records else "nothing"
                found.warnings.append(f"{few} found for all of it; searched without {left_out}")
                emit({"widened": left_out, "kept": len(found.records)})
            found.under_way = call
            key = key_of(server, call["tool"], _cacheable(call))
            usable = policy != "network_only" and call["tool"] not in UNCACHED
            cached = await cache.get(key) if usable else None
            if cached is not None:
                found.hits += 1
                emit({"origin": "cache", **summary(_records(cached), _total(cached))})
            elif usable:
                found.misses += 1
            if is_down and cached is None:
                why = SourceError(found.failures[-1].kind, "not asked, as a call before failed")
                found.searches.append(_unanswered(call, found, why))
            answered = False
            try:
                if not is_down and (cached is None or policy != "cache_first"):
                    left_s = anyio.current_effective_deadline() - anyio.current_time()
                    answered = await _ask(source, toolbox, call, key, cache, found, left_s)
            except SourceError as error:
                # What failed once is not asked again; the cache may still have the rest.
                found.failures.append(error)
                found.searches.append(_unanswered(call, found, error))
                is_down = True
            finally:
                if cached is not None and not answered:
                    _take(found, cached, "cache", call)


async def _ask(
    source: SourceName,
    toolbox: Toolbox,
    call: Call,
    key: str,
    cache: Cache,
    found: Found,
    left_s: float,
) -> bool:
    """Call one tool; False if it has no such record, which does not cost the plan's other calls.

    Raises:
        SourceError: the tool failed.
    """
    found.asked = toolbox.serves(call["tool"])
    try:
        answer = await toolbox.call(call["tool"], call["arguments"], left_s)
    except GraphBubbleUp:
        raise
    except Exception as error:  # the border to foreign tools
        failure = as_source_error(error)
        _note_server(found, failure.failed)
        if failure.kind != "not_found":
            raise failure from None
        found.failures.append(failure)
        found.searches.append(_unanswered(call, found, failure))
        return False
    _note_server(found, answer.get("failed"))
    _take(found, answer, "collection" if source == "documents" else "live", call)
    if call["tool"] not in UNCACHED and not answer.get("warnings"):
        await cache.put(key, answer)
    return True


def _note_server(found: Found, failed: dict[str, str] | None) -> None:
    if failed:
        found.servers[failed["server"]] = failed
        # Whatever comes now is not from there.
        found.asked = ""


def _take(found: Found, answer: dict[str, Any], origin: str, call: Call) -> None:
    """Add an answer's well-formed records, marked with where they came from and when."""
    as_of = str(answer.get("retrieved_at") or "") or None
    via = str(answer.get("server") or "")
    raw = _records(answer)
    known = {(record["type"], record["id"]) for record in found.records}
    refused = 0
    for one in raw:
        record = citable(one)
        if record is None:
            refused += 1
        elif (record["type"], record["id"]) in known:
            found.duplicates += 1
        else:
            known.add((record["type"], record["id"]))
            record["origin"] = origin
            record["as_of"] = str(record.get("as_of") or as_of or "unknown")
            record["via"] = via
            found.records.append(record)
    found.total += max(_total(answer), len(raw))
    found.origin, found.as_of, found.via = origin, as_of, via
    found.searches += _made(answer, call, len(raw), origin)
    found.warnings += [str(one) for one in answer.get("warnings") or []]
    if refused:
        found.warnings.append(f"{refused} malformed results were left out")


def add(found: Found, more: Found) -> list[Record]:
    """Add what a later search brought; the records that are new."""
    known = {(record["type"], record["id"]) for record in found.records}
    new = [record for record in more.records if (record["type"], record["id"]) not in known]
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


def _made(answer: dict[str, Any], call: Call, returned: int, origin: str) -> list[Search]:
    """The searches an answer is from; of a server that does not tell, the call itself."""
    told = answer.get("searched")
    listed = [one for one in (told if isinstance(told, list) else []) if isinstance(one, dict)]
    listed = listed or [{"parameters": _cacheable(call), "count": _total(answer)}]
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


def _unanswered(call: Call, found: Found, error: SourceError) -> Search:
    search: Search = {
        "service": found.asked,
        "tool": call["tool"],
        "parameters": _cacheable(call),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "error": f"{error.kind}: {error.message}",
    }
    if left_out := call.get("widened"):
        search["widened"] = left_out
    return search


def summary(records: list[Any], total: int) -> dict[str, Any]:
    """``found``, ``kept`` and ``partial`` of a progress event; at most ten titles."""
    partial = [
        {"id": record.get("id"), "title": record.get("title")}
        for record in records[:10]
        if isinstance(record, dict)
    ]
    return {"found": total, "kept": len(records), "partial": partial}


def _records(answer: dict[str, Any]) -> list[Any]:
    records = answer.get("records")
    return records if isinstance(records, list) else []


def _total(answer: dict[str, Any]) -> int:
    total = answer.get("total")
    return total if isinstance(total, int) else len(_records(answer))


def _cacheable(call: Call) -> dict[str, Any]:
    # The time a tool may take does not change what it answers.
    return {key: value for key, value in call["arguments"].items() if key != "timeout_ms"}


def _identity(settings: Settings, servers: Configuration) -> str:
    """What tells one set of tool servers from another, for cache keys."""
    places = [one.key for one in servers.servers]
    own = [settings.pubmed_url, settings.trials_url]
    return msgspec.json.encode([places, own], order="deterministic").decode()
