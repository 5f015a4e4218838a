"""What a debugger does: stop inside a source, look, edit, go on; with any checkpointer."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import AsyncCallbackHandler
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.errors import GraphInterrupt
from langgraph.types import Interrupt

from examples.biomed.graph import Graph
from examples.biomed.settings import Settings
from tests.examples.biomed.replay import Replay

QUESTION = "GLP-1 receptor agonist trials"
THREAD: dict[str, Any] = {"configurable": {"thread_id": "1"}}
Make = Callable[[Settings], Graph]


class Breakpoint(AsyncCallbackHandler):
    """Stops one node of one source before it runs, while it is set."""

    raise_error = True
    run_inline = True

    def __init__(self, source: str, node: str) -> None:
        self.source, self.node, self.is_set = source, node, True

    async def on_chain_start(
        self, serialized: Any, inputs: Any, *, metadata: Any = None, **more: Any
    ) -> None:
        here = metadata or {}
        if (
            self.is_set
            and more.get("name") == here.get("langgraph_node") == self.node
            and here["langgraph_checkpoint_ns"].startswith(f"{self.source}:")
        ):
            raise GraphInterrupt((Interrupt(value="breakpoint"),))


@asynccontextmanager
async def _saver(kind: str, tmp_path: Path) -> AsyncIterator[BaseCheckpointSaver[str]]:
    if kind == "memory":
        # Nothing but plain values: an unknown type in the state would not come back.
        yield InMemorySaver(serde=JsonPlusSerializer(allowed_msgpack_modules=None))
    else:
        async with AsyncSqliteSaver.from_conn_string(str(tmp_path / "threads.sqlite3")) as saver:
            yield saver


async def _stopped(graph: Graph, stop: Breakpoint, **context: Any) -> Any:
    """Run up to the breakpoint; the state of the stopped source."""
    await graph.ainvoke(
        {"query": QUESTION},
        {**THREAD, "callbacks": [stop]},
        context=context or None,  # type: ignore[arg-type]
    )
    snapshot = await graph.aget_state(THREAD, subgraphs=True)
    (task,) = [task for task in snapshot.tasks if task.name == stop.source]
    stop.is_set = False
    return task.state


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_editing_what_was_found_changes_the_answer(
    graph_of: Make, offline: Settings, tmp_path: Path, kind: str
) -> None:
    async with _saver(kind, tmp_path) as saver:
        graph = graph_of(offline)
        graph.checkpointer = saver
        state = await _stopped(graph, Breakpoint("literature", "rank"))
        assert state.next == ("rank",)
        assert len(state.values["found"]) == 14
        keep = {**state.values["found"][0], "title": "Edited in the debugger"}
        await graph.aupdate_state(state.config, {"found": [keep]})
        result = await graph.ainvoke(None, THREAD)
    literature = [one for one in result["citations"] if one["source"] == "literature"]
    assert [one["title"] for one in literature] == ["Edited in the debugger"]
    assert "Edited in the debugger" in result["answer"]
    assert result["nodes_run"].count("literature/search") == 1, "not run again"
    assert len([one for one in result["citations"] if one["source"] == "trials"]) == 10


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_editing_the_question_inside_a_source_changes_the_answer(
    graph_of: Make, offline: Settings, tmp_path: Path, kind: str
) -> None:
    async with _saver(kind, tmp_path) as saver:
        graph = graph_of(offline)
        graph.checkpointer = saver
        await _stopped(graph, Breakpoint("literature", "rank"))
        options = (await graph.aget_state(THREAD)).values["options"]
        edit = {"query": "Another title", "options": {**options, "limit": 2}}
        await graph.aupdate_state(THREAD, edit)
        result = await graph.ainvoke(None, THREAD)
    assert result["answer"].startswith("# Another title")
    assert result["reports"]["literature"]["kept"] == 2
    assert result["nodes_run"].count("literature/rank") == 1


async def test_editing_the_results_before_the_writing_changes_the_answer(
    graph_of: Make, offline: Settings
) -> None:
    graph = graph_of(offline)
    graph.checkpointer = InMemorySaver()
    await graph.ainvoke({"query": QUESTION}, THREAD, interrupt_before=["synthesize"])
    results = (await graph.aget_state(THREAD)).values["results"]
    # The three sources ran side by side, so LangGraph cannot tell which of them speaks.
    edit = {"results": {"trials": results["trials"][:1]}}
    await graph.aupdate_state(THREAD, edit, as_node="trials")
    result = await graph.ainvoke(None, THREAD)
    assert len([one for one in result["citations"] if one["source"] == "trials"]) == 1
    assert len([one for one in result["citations"] if one["source"] == "literature"]) == 10


async def test_options_survive_the_stop(graph_of: Make, settings: Settings, replay: Replay) -> None:
    graph = graph_of(settings)
    graph.checkpointer = InMemorySaver()
    await _stopped(graph, Breakpoint("trials", "search"), limit=3, sources=["trials"])
    result = await graph.ainvoke(None, THREAD)
    assert replay.requests("studies")[0].params["pageSize"] == "3"
    assert len(result["citations"]) == 3


async def test_a_follow_up_starts_clean(graph_of: Make, settings: Settings) -> None:
    graph = graph_of(settings)
    graph.checkpointer = InMemorySaver()
    await graph.ainvoke({"query": QUESTION}, THREAD)
    result = await graph.ainvoke(
        {"query": "yoga for back pain"},
        THREAD,
        context={"sources": ["trials"]},  # type: ignore[arg-type]
    )
    assert result["citations"] == []
    assert result["nodes_run"] == [
        "parse",
        "route",
        "trials/plan",
        "trials/search",
        "trials/rank",
        "synthesize",
    ]
    assert set(result["reports"]) == {"trials"}
    assert "literature" not in result["latencies_ms"]
    assert result["answer"].startswith("# yoga for back pain")


async def test_the_state_is_plain_values(graph_of: Make, settings: Settings) -> None:
    graph = graph_of(settings)
    graph.checkpointer = InMemorySaver()
    await graph.ainvoke({"query": QUESTION}, THREAD)

    def check(value: object) -> None:
        assert value is None or type(value) in (str, int, float, bool, list, dict), type(value)
        if isinstance(value, dict):
            for key, one in value.items():
                assert type(key) is str
                check(one)
        elif isinstance(value, list):
            for one in value:
                check(one)

    async for snapshot in graph.aget_state_history(THREAD):
        check(dict(snapshot.values))


def test_every_node_is_described_for_its_user(graph_of: Make, offline: Settings) -> None:
    graph = graph_of(offline)
    nodes = {name: node for name, node in graph.nodes.items() if not name.startswith("__")}
    assert set(nodes) == {
        "parse",
        "clarify",
        "route",
        "literature",
        "trials",
        "documents",
        "synthesize",
    }
    sources = dict(graph.get_subgraphs())
    assert set(sources) == {"literature", "trials", "documents"}
    for name in ("parse", "route", "synthesize"):
        assert nodes[name].bound.afunc.__doc__  # type: ignore[attr-defined]
    for source in sources.values():
        steps = [name for name in source.nodes if not name.startswith("__")]
        assert steps == ["plan", "search", "rank"]
        for name in steps:
            assert source.nodes[name].bound.afunc.__doc__  # type: ignore[attr-defined]


def test_importing_the_graph_loads_nothing_heavy_and_opens_nothing() -> None:
    import subprocess

    script = (
        "import sys\n"
        "import langgraph.graph, langgraph.runtime\n"
        "opened = []\n"
        "def note(event, args):\n"
        "    if event.startswith(('socket.connect', 'sqlite3.', 'subprocess.')): opened.append(event)\n"
        "    if event == 'open' and not str(args[0]).endswith(('.py', '.pyc', '.so')):\n"
        "        opened.append(str(args[0]))\n"
        "sys.addaudithook(note)\n"
        "from examples.biomed.graph import graph\n"
        "heavy = {'mcp', 'langchain_mcp_adapters', 'langchain', 'httpcore', 'starlette'}\n"
        "print(sorted(heavy & set(sys.modules)), [name for name in opened if 'pyvenv' not in name])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.strip() == "[] []"
