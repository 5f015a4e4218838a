"""Two people answer at once: the second answer is stored while the first one is being taken, and is lost by nothing."""

from pathlib import Path
from typing import Any

import pytest

from rpc.client import RpcError
from tests.conftest import StartServer
from tests.debugging.drive import Connection, Debugged, connect, debug, follow, run
from tests.support.server_process import ServerProcess

SOURCE = """
import asyncio, operator
from pathlib import Path
from typing import Annotated, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

HERE = Path(__file__).parent

class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]

def asks(name):
    async def node(state):
        answer = interrupt(name)
        with (HERE / "ran").open("a") as journal:
            journal.write(f"{name} {answer}\\n")
        get_stream_writer()({"past": name})
        if answer == "slow":
            while not (HERE / "go").exists():
                await asyncio.sleep(0.01)
        if answer == "fails":
            raise ValueError("no such answer")
        return {"said": [f"{name}={answer}"]}
    return node

def join(state):
    return {"said": ["join"]}

def side(state):
    return {"said": ["side"]}

builder = StateGraph(State)
for name in "abc":
    builder.add_node(name, asks(name))
    builder.add_edge(START, name)
builder.add_node("side", side)
builder.add_edge(START, "side")
builder.add_node("join", join)
builder.add_edge(["a", "b", "c", "side"], "join")
graph = builder.compile()
"""


class Flow:
    """A server of that graph."""

    def __init__(self, server: StartServer, folder: Path) -> None:
        (folder / "flow.py").write_text(SOURCE, encoding="utf-8")
        self.folder = folder
        self.process: ServerProcess = server(f"flow={folder / 'flow.py'}:graph")

    def go(self) -> None:
        (self.folder / "go").touch()

    @property
    def ran(self) -> list[str]:
        """Nodes that came past their question, and with what answer."""
        return (self.folder / "ran").read_text().splitlines()


@pytest.fixture
def flow(server: StartServer, tmp_path: Path) -> Flow:
    return Flow(server, tmp_path)


def asked(session: Debugged) -> dict[str, str]:
    """Ids of the questions, by node."""
    return {one["node"]: one["interrupt_id"] for one in session.of("input.requested")}


def ended(session: Debugged) -> set[str]:
    """Nodes that have finished."""
    return {one["node"] for one in session.of("node.finished")}


async def answer(one: Connection, session: Debugged, node: str, value: Any, **more: Any) -> Any:
    return await one.call(
        "query.respond",
        session_id=session.id,
        interrupt_id=asked(session)[node],
        value=value,
        **more,
    )


async def taking(one: Connection, session: Debugged) -> None:
    """The first answer is being taken: its node runs behind its question."""
    await answer(one, session, "a", "slow")
    await session.until(lambda: bool(session.of("progress")), "a node behind its question")


async def test_it_is_answered_at_once_and_taken_when_the_first_one_was(flow: Flow) -> None:
    async with connect(flow.process.url) as one:
        session = await run(one)
        await taking(one, session)
        # Nobody waits for the node that is under way.
        told = await answer(one, session, "b", 2)
        assert told["status"] == "running"
        assert (await answer(one, session, "c", 3))["status"] == "running"
        flow.go()
        await session.until(lambda: session.status == "completed", "the end")
        assert session.result["said"] == ["a=slow", "b=2", "c=3", "side", "join"]
        # Each node is past its question once, and both answers are one advance.
        assert sorted(flow.ran) == ["a slow", "b 2", "c 3"]
        statuses = [each["status"] for each in session.of("session.status")]
        assert statuses[-4:] == ["running", "waiting", "running", "completed"]


async def test_it_outlives_the_server(flow: Flow) -> None:
    async with connect(flow.process.url) as one:
        session = await run(one)
        await taking(one, session)
        await answer(one, session, "b", 2, idempotency_key="second")
        session_id = session.id
    flow.process.kill9()
    flow.process.restart()
    async with connect(flow.process.url) as one:
        session = await follow(one, session_id)
        await session.event("session.recovered")
        # Made again, since its answer may have been lost: it is the same one.
        await answer(one, session, "b", 2, idempotency_key="second")
        flow.go()
        # It waits for a moment between the two answers, too.
        await session.until(
            lambda: session.status == "waiting" and ended(session) >= {"a", "b"},
            "what is still asked",
        )
        assert [each.value for each in (await one.client.session(session_id)).interrupts] == ["c"]
        await answer(one, session, "c", 3)
        await session.until(lambda: session.status == "completed", "the end")
        assert session.result["said"] == ["a=slow", "b=2", "c=3", "side", "join"]


async def test_what_is_refused_is_said_and_the_rest_is_kept(flow: Flow) -> None:
    async with connect(flow.process.url) as one:
        session = await run(one)
        await taking(one, session)
        with pytest.raises(RpcError, match="nobody asks 'zzz'; open: "):
            await one.call("query.respond", session_id=session.id, interrupt_id="zzz", value="mine")
        with pytest.raises(RpcError, match="2 nodes ask: name one of"):
            await one.call("query.respond", session_id=session.id, value="mine")
        with pytest.raises(RpcError, match="nobody asks"):
            await answer(one, session, "a", "twice")
        await answer(one, session, "b", "first")
        with pytest.raises(RpcError, match="nobody asks"):
            await answer(one, session, "b", "second")
        # The last one that is open need not be named.
        await one.call("query.respond", session_id=session.id, value="last")
        with pytest.raises(RpcError, match="nobody asks"):
            await one.call("query.respond", session_id=session.id, value="more")
        flow.go()
        await session.until(lambda: session.status == "completed", "the end")
        assert session.result["said"] == ["a=slow", "b=first", "c=last", "side", "join"]


async def test_while_another_task_stands_in_the_debugger(flow: Flow) -> None:
    async with connect(flow.process.url) as one:
        session = await debug(one, breakpoints=["side"])
        assert session.standing == ["?a", "?b", "?c", "side"]
        await taking(one, session)
        await answer(one, session, "b", 2)
        flow.go()
        await session.until(lambda: len(session.of("debug.stopped")) >= 3, "both answers")
        assert session.standing == ["?c", "side"]
        tasks = {each["node"]: each["task_id"] for each in session.of("input.requested")}
        resumed = [(each["action"], each["task_ids"]) for each in session.of("debug.resumed")]
        assert resumed == [("respond", [tasks["a"]]), ("respond", [tasks["b"]])]
        assert await session.on() == "waiting"
        await answer(one, session, "c", 3)
        await session.until(lambda: session.status == "completed", "the end")
        assert session.result["said"] == ["a=slow", "b=2", "c=3", "side", "join"]


async def test_a_run_that_is_cancelled_takes_it_along(flow: Flow) -> None:
    async with connect(flow.process.url) as one:
        session = await run(one)
        await taking(one, session)
        await answer(one, session, "b", 2)
        await one.call("query.cancel", session_id=session.id)
        assert await session.rest() == "cancelled"
        assert flow.ran == ["a slow"]
        # And the session goes on with another query, in which the same questions stand open.
        await one.call("query.start", session_id=session.id, query="again")
        await session.until(lambda: session.status == "waiting", "the next run's questions")
        assert len((await one.client.session(session.id)).interrupts) == 3


async def test_with_a_node_that_was_renamed_meanwhile_both_are_kept(flow: Flow) -> None:
    """The first answer could not be taken: nothing ran, and `query.resume` takes both."""
    async with connect(flow.process.url) as one:
        session = await run(one)
        await taking(one, session)
        await answer(one, session, "b", 2)
        session_id = session.id
    flow.process.kill9()
    source = flow.folder / "flow.py"
    source.write_text(
        SOURCE.replace('for name in "abc"', 'for name in "xbc"').replace('"a", "b"', '"x", "b"')
    )
    flow.process.restart()
    async with connect(flow.process.url) as one:
        session = await follow(one, session_id)
        assert await session.rest() == "failed"
        assert session.of("query.failed")[-1]["error"]["type"] == "graph_changed"
    flow.process.stop()
    source.write_text(SOURCE)
    flow.go()
    flow.process.restart()
    async with connect(flow.process.url) as one:
        session = await follow(one, session_id)
        await one.call("query.resume", session_id=session_id)
        assert await session.rest() == "waiting"
        await answer(one, session, "c", 3)
        await session.until(lambda: session.status == "completed", "the end")
        assert session.result["said"] == ["a=slow", "b=2", "c=3", "side", "join"]
