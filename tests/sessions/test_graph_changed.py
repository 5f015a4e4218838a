"""A deploy changes a graph under its sessions: nothing is completed by half, no answer is dropped, and `query.resume`
goes on once the code is back."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from rpc.client import RpcError
from tests.conftest import StartServer
from tests.debugging.drive import Debugged, connect, debug, follow, run
from tests.support.server_process import ServerProcess

SOURCE = """
import asyncio, operator
from pathlib import Path
from typing import Annotated, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

HERE = Path(__file__).parent

class State(TypedDict, total=False):
    query: str
    NOTE: str
    said: Annotated[list[str], operator.add]

async def first(state):
    return {"said": ["first"], "NOTE": "kept"}

async def second(state):
    if state["query"] == "hangs":
        while not (HERE / "go").exists():
            await asyncio.sleep(0.01)
    if state["query"] == "fails" and not (HERE / "go").exists():
        raise ValueError("not yet")
    return {"said": ["second"]}

def ask(state):
    return {"said": [interrupt("sure?")]} if state["query"] == "asks" else {"said": ["asked"]}

inner = StateGraph(State)
inner.add_node("SECOND", second)
inner.add_edge(START, "SECOND")

outer = StateGraph(State)
outer.add_node("first", first)
outer.add_node("sub", inner.compile() if NESTED else second)
outer.add_node("ask", ask)
outer.add_edge(START, "first")
outer.add_edge("first", "sub")
outer.add_edge("sub", "ask")
graph = outer.compile()
"""


class Deployed:
    """A server whose graph's file can be deployed anew."""

    def __init__(self, server: StartServer, folder: Path) -> None:
        self.path = folder / "flow.py"
        self.write()
        self.process: ServerProcess = server(f"flow={self.path}:graph")

    def write(self, **changes: str) -> None:
        source = SOURCE
        for old, new in changes.items():
            assert old in source
            source = source.replace(old, new)
        source = (
            source.replace("NOTE", "note").replace("SECOND", "second").replace("NESTED", "False")
        )
        self.path.write_text(source, encoding="utf-8")

    def deploy(self, graphs: list[str] | None = None, **changes: str) -> None:
        """Stop the old one, start the new one."""
        self.process.stop()
        self.write(**changes)
        self.process.graphs = graphs or [f"flow={self.path}:graph"]
        self.process.restart()

    def go(self) -> None:
        (self.path.parent / "go").touch()

    async def begin(self, query: str, node: str | None = None) -> str:
        """A session that rests, or in which that node has started."""
        async with connect(self.process.url) as one:
            if node is None:
                return (await run(one, query)).id
            answer = await one.call("query.start", query=query)
            session = await follow(one, answer["session_id"])
            await session.until(
                lambda: any(each["path"] == node for each in session.of("node.started")), node
            )
            return session.id

    async def rested(self, session_id: str, *calls: tuple[str, dict[str, Any]]) -> Debugged:
        """The session when it has come to rest after these calls; its events read."""
        async with connect(self.process.url) as one:
            for method, params in calls:
                before = (await one.client.session(session_id)).seq
                await one.call(method, session_id=session_id, **params)
                session = await follow(one, session_id)
                await session.rest(before)
            session = await follow(one, session_id)
            await session.rest()
            last = (await one.client.session(session_id)).seq
            await session.until(lambda: session.seq >= last, "all events")
            return session


@pytest.fixture
def deployed(server: StartServer, tmp_path: Path) -> Deployed:
    return Deployed(server, tmp_path)


def error_of(session: Debugged) -> dict[str, Any]:
    assert session.status == "failed"
    error: dict[str, Any] = session.of("query.failed")[-1]["error"]
    assert error["type"] == "graph_changed"
    return error


@pytest.mark.parametrize(
    ("changes", "node"),
    [
        ({'"sub"': '"renamed"'}, "sub"),
        ({"NESTED": "True"}, None),
        ({"NESTED": "True", "SECOND": "renamed"}, "sub/renamed"),
    ],
)
async def test_a_run_that_was_killed_does_not_complete_by_half(
    deployed: Deployed, changes: dict[str, str], node: str | None
) -> None:
    before: dict[str, str] = {} if node != "sub/renamed" else {"NESTED": "True"}
    if before:
        await asyncio.to_thread(deployed.deploy, **before)
    session_id = await deployed.begin("hangs", "sub/second" if before else "sub")
    deployed.process.kill9()
    await asyncio.to_thread(deployed.deploy, **changes)
    if node is None:
        # A node that became a subgraph is the same node: it runs again, as after any crash.
        deployed.go()
        session = await deployed.rested(session_id)
        assert session.status == "completed"
        return
    error = error_of(await deployed.rested(session_id))
    missing = "sub/second" if before else "sub"
    assert repr(missing) in error["message"]
    assert error["node"] == missing
    await asyncio.to_thread(deployed.deploy, **before)
    deployed.go()
    session = await deployed.rested(session_id, ("query.resume", {}))
    # A subgraph gives back what it was given, too.
    inner = ["first"] if before else []
    assert session.result["said"] == ["first", *inner, "second", "asked"]


async def test_an_answer_that_was_taken_is_used_when_the_node_is_back(deployed: Deployed) -> None:
    session_id = await deployed.begin("asks")
    await asyncio.to_thread(deployed.deploy, **{'"ask"': '"asks"'})
    async with connect(deployed.process.url) as one:
        assert (await one.client.session(session_id)).status == "waiting"
    session = await deployed.rested(session_id, ("query.respond", {"value": "yes"}))
    assert "'ask'" in error_of(session)["message"]
    # Resumed too early, it is told again, and nothing is lost.
    error_of(await deployed.rested(session_id, ("query.resume", {})))
    await asyncio.to_thread(deployed.deploy)
    session = await deployed.rested(session_id, ("query.resume", {}))
    assert session.status == "completed"
    assert session.result["said"] == ["first", "second", "yes"]
    assert [one["reason"] for one in session.of("session.recovered")] == ["resume"]


async def test_a_key_of_the_state_that_is_gone_is_named_and_may_be_given_up(
    deployed: Deployed,
) -> None:
    session_id = await deployed.begin("asks")
    await asyncio.to_thread(deployed.deploy, NOTE="remark")
    session = await deployed.rested(session_id, ("query.respond", {"value": "yes"}))
    assert "no key 'note' in its state" in error_of(session)["message"]
    session = await deployed.rested(session_id, ("query.resume", {"discard": True}))
    assert session.result == {"query": "asks", "said": ["first", "second", "yes"]}


async def test_a_graph_that_is_gone(deployed: Deployed) -> None:
    waiting = await deployed.begin("asks")
    running = await deployed.begin("hangs", "sub")
    deployed.process.kill9()
    await asyncio.to_thread(deployed.deploy, [f"other={deployed.path}:graph"])
    assert "'flow'" in error_of(await deployed.rested(running))["message"]
    session = await deployed.rested(waiting, ("query.respond", {"value": "yes"}))
    assert "'flow'" in error_of(session)["message"]
    await asyncio.to_thread(deployed.deploy)
    deployed.go()
    for session_id, last in ((waiting, "yes"), (running, "asked")):
        session = await deployed.rested(session_id, ("query.resume", {}))
        assert session.result["said"] == ["first", "second", last]


async def test_one_that_stands_keeps_standing_and_goes_on_by_resume(deployed: Deployed) -> None:
    async with connect(deployed.process.url) as one:
        session_id = (await debug(one, "x", breakpoints=["sub"])).id
    await asyncio.to_thread(deployed.deploy, **{'"sub"': '"renamed"'})
    async with connect(deployed.process.url) as one:
        assert (await one.client.session(session_id)).status == "paused"
    error_of(await deployed.rested(session_id, ("debug.continue", {})))
    await asyncio.to_thread(deployed.deploy)
    session = await deployed.rested(session_id, ("query.resume", {}))
    assert session.result["said"] == ["first", "second", "asked"]


async def test_a_node_that_raised_runs_again_and_what_had_ended_does_not(
    deployed: Deployed,
) -> None:
    session_id = await deployed.begin("fails")
    deployed.go()
    resume = ("query.resume", {"idempotency_key": "one"})
    session = await deployed.rested(session_id, resume)
    assert session.result["said"] == ["first", "second", "asked"]
    started = [one["path"] for one in session.of("node.started")]
    assert started == ["first", "sub", "sub", "ask"]
    async with connect(deployed.process.url) as one:
        # Its answer was lost: it is told again, and nothing is done.
        again = await one.call("query.resume", session_id=session_id, idempotency_key="one")
        assert again["status"] == "running"
        with pytest.raises(RpcError, match="is completed and cannot be resumed"):
            await one.call("query.resume", session_id=session_id)
