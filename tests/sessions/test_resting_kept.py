"""A deploy takes away the node that sessions rest at: each keeps its status until somebody moves it, and then gets that error."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.debugging.drive import Connection, connect, debug, follow, run
from tests.support.server_process import ServerProcess

SOURCE = """
import operator
from typing import Annotated, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]

def first(state):
    return {"said": ["first"]}

def ask(state):
    return {"said": [interrupt("sure?") if state["query"] == "asks" else "last"]}

builder = StateGraph(State)
builder.add_node("first", first)
builder.add_node("ASK", ask)
builder.add_edge(START, "first")
builder.add_edge("first", "ASK")
graph = builder.compile()
"""

CONTINUE: tuple[str, dict[str, Any]] = ("debug.continue", {})
RESPOND: tuple[str, dict[str, Any]] = ("query.respond", {"value": "yes"})
RESTING = {
    "waits": ("waiting", RESPOND),
    "waits, debugged": ("waiting", RESPOND),
    "stands": ("paused", CONTINUE),
    "stands, debugged": ("paused", CONTINUE),
}
"""Its status, and who moves it how."""

LOST = "graph_changed: the graph, as this server has it, has no node 'ask'"


class Deployed:
    """A server whose graph's file is deployed anew."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "flow.py"
        self.save("ask")
        self.process = ServerProcess([f"flow={self.path}:graph"], folder / "data", cwd=folder)
        self.process.more = ["--reload"]

    def save(self, name: str) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(SOURCE.replace("ASK", name), encoding="utf-8")
        new.replace(self.path)

    def deploy(self, how: str, name: str) -> None:
        """The graph with that node in place of the other one is served."""
        if how == "reload":
            before = len(self.process.said(": reloaded "))
            self.save(name)
            self.process.wait_for(": reloaded ", before + 1)
            return
        if how == "a stop":
            self.process.stop()
        else:
            self.process.kill9()
        self.save(name)
        self.process.restart()


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Deployed]:
    made = Deployed(tmp_path)
    made.process.start()
    yield made
    made.process.close()


async def rest(one: Connection, url: str, kind: str) -> str:
    """A session that rests before or in `ask`."""
    if kind == "waits":
        return (await run(one, "asks")).id
    if kind == "waits, debugged":
        session = await debug(one, "asks")
        await session.on()
        return session.id
    if kind == "stands, debugged":
        return (await debug(one, "x", breakpoints=["ask"])).id
    # By LangGraph's own API, nothing is debugged.
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
        thread_id: str = (
            (await http.post("/threads", json={})).raise_for_status().json()["thread_id"]
        )
        body = {"assistant_id": "flow", "input": {"query": "x"}, "interrupt_before": ["ask"]}
        (await http.post(f"/threads/{thread_id}/runs/wait", json=body)).raise_for_status()
    return thread_id


async def assert_told(one: Connection, session_id: str, error: str | None) -> None:
    """Who looks is told what comes next, and why it cannot."""
    looked = await one.call("debug.inspect", session_id=session_id)
    listed = await one.call("debug.history", session_id=session_id, limit=1)
    for each in (looked, *listed["checkpoints"]):
        assert (each["next"], each["error"]) == (["ask"], error)


@pytest.mark.parametrize("how", ["reload", "a stop", "a kill"])
async def test_it_keeps_its_status_until_it_is_moved(deployed: Deployed, how: str) -> None:
    process = deployed.process
    before: dict[str, tuple[str, int]] = {}
    async with connect(process.url) as one:
        for kind, (status, _) in RESTING.items():
            session_id = await rest(one, process.http_url, kind)
            session = await one.client.session(session_id)
            assert (session.status, session.debug_mode) == (status, "debugged" in kind)
            before[kind] = session_id, session.seq
    await asyncio.to_thread(deployed.deploy, how, "gone")
    async with connect(process.url) as one:
        for kind, (status, _) in RESTING.items():
            session = await one.client.session(before[kind][0])
            assert (session.status, session.seq) == (status, before[kind][1]), kind
            await assert_told(one, session.session_id, LOST)
        for kind, (_, (method, params)) in RESTING.items():
            session_id, seq = before[kind]
            await one.call(method, session_id=session_id, **params)
            moved = await follow(one, session_id)
            await moved.rest(seq)
            later = [each["params"] for each in moved.events if each["params"]["seq"] > seq]
            # Nothing was done to it but that.
            assert [each["status"] for each in later if "status" in each] == ["running", "failed"]
            error = moved.of("query.failed")[-1]["error"]
            assert error["type"] == "graph_changed"
            assert error["node"] == "ask"
            await assert_told(one, session_id, LOST)
            before[kind] = session_id, moved.seq
    await asyncio.to_thread(deployed.deploy, how, "ask")
    async with connect(process.url) as one:
        for kind, (session_id, seq) in before.items():
            await assert_told(one, session_id, None)
            await one.call("query.resume", session_id=session_id)
            moved = await follow(one, session_id)
            await moved.rest(seq)
            assert moved.status == "completed"
            last = "yes" if kind.startswith("waits") else "last"
            assert moved.result["said"] == ["first", last]
