"""One source as a subgraph: ``plan → search → rank``. Built once, for each of the three."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from . import plans
from .errors import SourceError
from .fetching import fetch
from .found import Found, summary
from .model.searching_on import LITTLE, search_on
from .options import SourceName
from .ranking import rank as rank_records
from .settings import Settings
from .state import SourceFailure, SourceInput, SourceOutput, SourceReport, SourceState
from .telling import told

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

SourceGraph = CompiledStateGraph[SourceState, Any, SourceInput, SourceOutput]


def build_source(
    source: SourceName,
    settings: Callable[[], Settings],
    model: Callable[[Settings], BaseChatModel | None] = lambda _: None,
) -> SourceGraph:
    """The compiled subgraph of one source.

    Args:
        source: Which one.
        settings: Called in each search, so that a loaded graph follows the environment.
        model: The chat model that searches on where little is found, or None.
    """

    async def plan(state: SourceState) -> dict[str, Any]:
        """Decide which tools to call, with which arguments."""
        started = time.perf_counter()
        calls = plans.plan(source, state["query"], state["entities"], state["options"])
        _progress(source, "plan", calls=[call["tool"] for call in calls])
        return {"plan": calls, **_ran(f"{source}/plan", started)}

    async def search(state: SourceState) -> dict[str, Any]:
        """Call the tools within the time budget; where they fail, ask the bundled catalogue."""
        started = time.perf_counter()
        # Taken here: a tool's progress arrives in another task, without the run's context.
        writer = get_stream_writer()

        def emit(known: dict[str, Any]) -> None:
            writer(told({"source": source, "stage": "search", **known}))

        current = settings()
        found = await fetch(
            source,
            state["plan"],
            state["query"],
            state["entities"],
            state["options"],
            current,
            emit,
        )
        told_by_model: list[SourceFailure] = []
        if _is_little(source, state, found, current):
            try:
                chat = await anyio.to_thread.run_sync(model, current)
                if chat is not None:
                    await search_on(chat, source, state, current, found, emit, _since(started))
            except SourceError as error:
                told_by_model = [{"source": "model", "kind": error.kind, "message": error.message}]
        writer(
            told(
                {
                    "source": source,
                    "stage": "search",
                    "status": _status(found),
                    "origin": found.origin,
                    **summary(list(found.records), found.total),
                    "errors": [failure.message for failure in found.failures],
                    "elapsed_ms": _since(started),
                }
            )
        )
        failures: list[SourceFailure] = [
            {"source": source, "kind": failure.kind, "message": failure.message}
            for failure in found.failures
        ]
        failures += [
            {"source": f"mcp:{name}", "kind": one["kind"], "message": one["message"]}
            for name, one in found.servers.items()
        ]
        failures += told_by_model
        hits_and_misses = {"hits": found.hits, "misses": found.misses}
        return {
            "found": found.records,
            "total": found.total,
            "origin": found.origin,
            "as_of": found.as_of,
            "via": found.via,
            "warnings": found.warnings,
            "errors": failures,
            "duplicates": found.duplicates,
            "searches": [{"source": source, **one} for one in found.searches],
            "cache": {source: hits_and_misses},
            **_ran(f"{source}/search", started),
        }

    async def rank(state: SourceState) -> dict[str, Any]:
        """Score what was found, and keep the best."""
        started = time.perf_counter()
        limit = plans.limit_of(source, state["options"])
        records = rank_records(state["found"], state["entities"], state["asked_on"], limit)
        failures = state.get("errors", [])
        report: SourceReport = {
            "source": source,
            "status": _verdict(
                state["origin"],
                bool(records),
                # A configured server that was replaced cost nothing.
                any(one["source"] == source for one in failures),
            ),
            "origin": state["origin"] if records else None,
            "as_of": state["as_of"],
            "via": state["via"],
            "found": state["total"],
            "retrieved": len(state["found"]),
            "duplicates": state.get("duplicates", 0),
            "kept": len(records),
            "cache": state.get("cache", {}).get(source, {"hits": 0, "misses": 0}),
            "warnings": state["warnings"],
        }
        ran = _ran(f"{source}/rank", started)
        latencies = {**state.get("latencies_ms", {}), **ran["latencies_ms"]}
        ran["latencies_ms"][source] = round(sum(latencies.values()), 2)
        _progress(source, "rank", **summary(list(records), state["total"]))
        return {"results": {source: records}, "reports": {source: report}, **ran}

    builder = StateGraph(SourceState, input_schema=SourceInput, output_schema=SourceOutput)
    builder.add_sequence([("plan", plan), ("search", search), ("rank", rank)])
    builder.add_edge(START, "plan")
    return builder.compile(name=source)


def _is_little(source: SourceName, state: SourceState, found: Found, settings: Settings) -> bool:
    """Whether it is worth letting a model search on: the source answered, and had hardly anything."""
    return (
        # The bundled notes are three.
        (source != "documents" or bool(settings.documents or settings.mcp_config))
        and bool(state["plan"])
        and state["options"].get("second_round", False)
        and state["entities"]["intent"] != "lookup"
        and not found.failures
        and len(found.records) < LITTLE
    )


def _status(found: Found) -> str:
    return _verdict(found.origin, bool(found.records), bool(found.failures))


def _verdict(origin: str | None, any_results: bool, any_failures: bool) -> str:
    if origin == "catalogue":
        return "fallback"
    if not any_failures:
        return "answered"
    return "partial" if any_results else "failed"


def _progress(source: str, stage: str, **known: Any) -> None:
    get_stream_writer()(told({"source": source, "stage": stage, **known}))


def _ran(node: str, started: float) -> dict[str, Any]:
    return {"nodes_run": [node], "latencies_ms": {node: _since(started)}}


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
