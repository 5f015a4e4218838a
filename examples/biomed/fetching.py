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
from .found import (
    Found,
    cacheable,
    note_server,
    records_of,
    summary,
    take,
    total_of,
    unanswered,
)
from .options import SourceName, source_budget_ms
from .services.cache import Cache, key_of, open_cache
from .settings import Settings
from .state import Call
from .tool_servers.client import Toolbox, open_toolbox, read_configuration
from .tool_servers.configuration import Configuration
from .tool_servers.failures import as_source_error
from .tool_servers.in_process import warm_up
from .tool_servers.survey import WAIT_SHARE

Emit = Callable[[dict[str, Any]], None]
"""Called with progress: ``found``, ``partial`` and ``origin`` as far as known."""

UNCACHED = frozenset({"documents_search"})
"""Local and quick: a cached answer would only hide changed files."""


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
            found.searches.append(unanswered(found.under_way, found, late))
    except SourceError as error:
        found.failures.append(error)
    is_short = any(failure.kind != "not_found" for failure in found.failures)
    if stand_in and is_short and not found.records:
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
            key = key_of(server, call["tool"], cacheable(call))
            usable = policy != "network_only" and call["tool"] not in UNCACHED
            cached = await cache.get(key) if usable else None
            if cached is not None:
                found.hits += 1
                emit({"origin": "cache", **summary(records_of(cached), total_of(cached))})
            elif usable:
                found.misses += 1
            if is_down and cached is None:
                why = SourceError(found.failures[-1].kind, "not asked, as a call before failed")
                found.searches.append(unanswered(call, found, why))
            answered = False
            try:
                if not is_down and (cached is None or policy != "cache_first"):
                    left_s = anyio.current_effective_deadline() - anyio.current_time()
                    answered = await _ask(source, toolbox, call, key, cache, found, left_s)
            except SourceError as error:
                # What failed once is not asked again; the cache may still have the rest.
                found.failures.append(error)
                found.searches.append(unanswered(call, found, error))
                is_down = True
            finally:
                if cached is not None and not answered:
                    take(found, cached, "cache", call)


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
        note_server(found, failure.failed)
        if failure.kind != "not_found":
            raise failure from None
        found.failures.append(failure)
        found.searches.append(unanswered(call, found, failure))
        return False
    note_server(found, answer.get("failed"))
    take(found, answer, "collection" if source == "documents" else "live", call)
    if call["tool"] not in UNCACHED and not answer.get("warnings"):
        await cache.put(key, answer)
    return True


def _identity(settings: Settings, servers: Configuration) -> str:
    """What tells one set of tool servers from another, for cache keys."""
    places = [one.key for one in servers.servers]
    own = [settings.pubmed_url, settings.trials_url]
    return msgspec.json.encode([places, own], order="deterministic").decode()
