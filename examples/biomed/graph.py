"""The orchestrator: ``parse → route → the chosen sources in parallel → synthesize``.

``graph`` is what a server loads: compiled, without a checkpointer, and made without any I/O. The
environment is read when a question comes. :func:`build_graph` makes one with its parts exchanged.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import anyio.to_thread
import msgspec
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Overwrite, interrupt

from . import entities as rules
from . import quality
from .answer import answering, synthesis
from .answer.leading import Lead, lead
from .answer.nearest import worth_listing
from .answer.notices import notices, read_as
from .answer.told_facts import told_facts
from .citations import number
from .errors import SourceError
from .follow_ups import conversation, followups, limits
from .follow_ups.answered import kept_for_next
from .follow_ups.former_sources import asked_of_former
from .follow_ups.giving_way import given_way
from .follow_ups.of_the_sources import asked_of_sources
from .options import SOURCES, SOURCES_SHARE, QueryOptions, source_budget_ms
from .queries.identifiers import is_article
from .records import one_line
from .settings import Settings, load
from .sources import build_source
from .state import Answer, Ask, SourceFailure, State
from .telling import told
from .timing import READING_SHARE, left_ms, ran, shared_ms
from .tool_servers.client import read_configuration
from .tool_servers.survey import WAIT_SHARE, survey

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

ModelFactory = Callable[[Settings], "BaseChatModel | None"]
Graph = CompiledStateGraph[State, QueryOptions, Ask, Answer]


def _configured_model(settings: Settings) -> BaseChatModel | None:
    if not settings.model:
        return None
    from .model.llm import from_settings

    return from_settings(settings)


def build_graph(
    settings: Callable[[], Settings] = load,
    *,
    model: ModelFactory = _configured_model,
    today: Callable[[], date] = date.today,
) -> Graph:
    """The compiled orchestrator, without a checkpointer.

    Args:
        settings: Where things are; called once a node that needs them.
        model: The chat model of the given settings, or None for rules alone.
        today: The day of the question.
    """

    async def parse(state: State, runtime: Runtime[QueryOptions]) -> dict[str, Any]:
        """Read the question: its entities and its intent."""
        started = time.perf_counter()
        day = today()
        turn = conversation.turn(
            state["query"],
            state.get("topic", ""),
            state.get("follow_ups", []),
            lambda text: rules.parse(text, day),
            state.get("aside", ""),
        )
        query, topic, asked, aside, _ = turn
        entities = limits.read_turn(
            turn, asked_of_sources(state["query"]), lambda text: rules.parse(text, day)
        )
        failures: list[SourceFailure] = []
        options = runtime.context or QueryOptions()
        chosen = options.as_state()
        unclear = followups.asked_back(entities)
        try:
            current = settings()
            if "time_budget_ms" not in options.model_fields_set:
                chosen["time_budget_ms"] = current.time_budget_ms
            if (chat := await anyio.to_thread.run_sync(model, current)) is not None:
                from .model import llm

                if "time_budget_ms" in options.model_fields_set:
                    chosen["whole_budget_ms"] = options.time_budget_ms
                    chosen["source_budget_ms"] = int(options.time_budget_ms * SOURCES_SHARE)
                else:
                    # The sources' time as without a model, and the model's beside it.
                    chosen["whole_budget_ms"] = current.time_budget_ms + current.model_timeout_ms
                wait_ms = min(current.model_timeout_ms, shared_ms(chosen, READING_SHARE))
                entities, voided, unclear = await llm.parse(chat, query, entities, wait_ms)
                failures += [_failure("model", one) for one in voided]
        except SourceError as error:
            failures.append(_failure("model", error))
        # Once a question: the answer to what was asked back is searched for as it is.
        if not options.clarify or state.get("clarified"):
            unclear = ""
        get_stream_writer()(told({"stage": "parse", "intent": entities["intent"]}))
        spent = ran("parse", started)
        return {
            # What an earlier question of the same thread left goes.
            "results": Overwrite({}),
            "reports": Overwrite({}),
            "cache": Overwrite({}),
            "errors": Overwrite(failures),
            "searches": Overwrite([]),
            "nodes_run": Overwrite(spent["nodes_run"]),
            "latencies_ms": Overwrite(spent["latencies_ms"]),
            "query": query,
            "asked": state["query"],
            "topic": topic,
            "follow_ups": asked,
            "giving_way": limits.let_go(turn, state["query"]),
            "aside": aside,
            "entities": entities,
            "options": chosen,
            "unclear": unclear,
            "clarified": False,
            "asked_on": day.isoformat(),
            "answer": "",
            "citations": [],
        }

    async def clarify(state: State) -> dict[str, Any]:
        """Ask back what the question leaves open; the run stops until somebody answers."""
        answer = interrupt({"question": state["unclear"], "about": state["query"]})
        if isinstance(answer, dict):
            answer = answer.get("answer", "")
        said = one_line(answer or "", 500)
        query = followups.joined(state["query"], said) if said else state["query"]
        return {"query": query, "topic": query, "follow_ups": [], "aside": "", "clarified": True}

    async def route(state: State) -> dict[str, Any]:
        """Choose the sources that can answer."""
        started = time.perf_counter()
        found, wanted = state["entities"], state["options"].get("sources")
        skipped: dict[str, str] = {}
        for source in SOURCES:
            if wanted is not None:
                if source not in wanted:
                    skipped[source] = "not asked for"
            elif source == "trials" and is_article(found):
                skipped[source] = "the question names an article"
        selected = [source for source in SOURCES if source not in skipped]
        servers, failures = await _servers(settings, state["options"])
        known = {"servers": servers} if servers else {}
        get_stream_writer()(
            told({"stage": "route", "sources": selected, "skipped": skipped, **known})
        )
        return {
            "selected": selected,
            "skipped": skipped,
            "servers": servers,
            "errors": failures,
            **ran("route", started),
        }

    def chosen(state: State) -> list[str]:
        return [name for name in state["selected"] if name in SOURCES] or ["synthesize"]

    async def synthesize(state: State) -> dict[str, Any]:
        """Write the answer from the ranked results, with numbered citations."""
        started = time.perf_counter()
        selected = [name for name in SOURCES if name in state["selected"]]
        results = state.get("results", {})
        cited = number({name: results.get(name, []) for name in selected})
        entities, changed = state["entities"], dict[str, Any]()
        found = answering.find(entities, cited)
        if (way := given_way(state, found, cited, rules.parse)) is not None:
            changed, found = way
            entities = changed["entities"]
        failures = list(state.get("errors", []))
        reports, searches = state.get("reports", {}), state.get("searches", [])
        first = lead(entities, cited, reports, failures, found)
        former = asked_of_former(state, found, cited, rules.parse, is_led=bool(first.text))
        if former is not None:
            changed, cited, found = changed | former.changed, [*former.cited], former.found
            entities, first = changed.get("entities", entities), Lead("", False)
        elif not found.speaking:
            near = worth_listing(entities, cited, found.nearest)
            kept: dict[str, list[Any]] = {
                name: [one for c, one in cited if c["source"] == name and c["n"] in near]
                for name in selected
            }
            cited = number(kept)
            first = lead(entities, cited, reports, failures, found)
        mine: list[SourceFailure] = []
        query = changed.get("query", state["query"])
        read = read_as(entities)
        body = None
        try:
            current = settings()
            if cited and (chat := await anyio.to_thread.run_sync(model, current)) is not None:
                from .model import llm

                said = [*([read] if read else []), *notices(selected, reports, failures, searches)]
                wait_ms: float = min(current.model_timeout_ms, left_ms(state))
                texts, untold = await llm.summarized(
                    chat, query, cited, state["options"], wait_ms / 2
                )
                mine += [_failure("model", one) for one in untold]
                wait_ms -= (time.perf_counter() - started) * 1000
                written = await llm.compose(chat, query, cited, said, wait_ms, texts)
                body, marked = llm.checked(written.text, cited)
                if marked:
                    _take_back(
                        f"{marked} sentences are not borne out by a result they cite", body.strip()
                    )
                elif written.instead:
                    _take_back(written.instead, body.strip())
        except SourceError as error:
            body = None
            mine.append(_failure("model", error))
            if error.kind != "not_configured":
                _take_back(error.message, None)
        answer = synthesis.write(
            query,
            cited,
            selected,
            reports,
            failures + mine,
            body=body,
            found=found,
            searches=searches,
            read=read if body is not None else read_as(entities, first.text),
            lead=first,
            facts=told_facts(entities, cited, found),
        )
        return {
            "answer": answer,
            "citations": [citation for citation, _ in cited],
            "quality": quality.assess(
                selected, reports, [record for _, record in cited], state["options"]
            ),
            "written_by": "rules" if body is None else "model",
            "errors": mine,
            "answered": kept_for_next(
                cast("State", {**state, **changed}), found, cited, rules.parse
            ),
            **changed,
            **ran("synthesize", started),
        }

    builder = StateGraph(State, context_schema=QueryOptions, input_schema=Ask, output_schema=Answer)
    builder.add_node("parse", parse)
    builder.add_node("route", route)
    builder.add_node("synthesize", synthesize)
    builder.add_edge(START, "parse")
    builder.add_node("clarify", clarify)
    builder.add_conditional_edges(
        "parse", lambda state: "clarify" if state.get("unclear") else "route", ["clarify", "route"]
    )
    builder.add_edge("clarify", "parse")
    for source in SOURCES:
        builder.add_node(source, build_source(source, settings, model))
        builder.add_edge(source, "synthesize")
    builder.add_conditional_edges("route", chosen, [*SOURCES, "synthesize"])
    builder.add_edge("synthesize", END)
    return builder.compile(name="biomed")


async def _servers(
    settings: Callable[[], Settings], options: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[SourceFailure]]:
    """How the configured MCP servers fare, once a question; each failure by the server's name."""
    configuration = await anyio.to_thread.run_sync(read_configuration, settings())
    served = await survey(configuration, source_budget_ms(options) / 1000 * WAIT_SHARE)
    failures: list[SourceFailure] = [
        {"source": f"mcp:{one.name}", "kind": one.kind, "message": one.problem()}
        for one in served.states
        if one.reason
    ]
    return [msgspec.to_builtins(one) for one in served.states], failures


def _take_back(reason: str, text: str | None) -> None:
    """Say that text which may have been streamed does not stand; ``text`` stands in its place."""
    get_stream_writer()(
        told({"stage": "synthesize", "retracted": True, "reason": reason, "replacement": text})
    )


def _failure(source: str, error: SourceError) -> SourceFailure:
    return {"source": source, "kind": error.kind, "message": error.message}


graph = build_graph()
