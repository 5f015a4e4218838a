"""Every method's example is called as it is printed in the documents; only the ids are those of the server that runs. And each has a recipe."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from protocol.examples import METHOD_EXAMPLES
from protocol.methods import METHODS
from tests.clients.recipes import read
from tests.protocol.conformance import check_response
from tests.support.peer import Peer, peer
from tests.support.server_process import ROOT, ServerProcess

# The graph that the examples speak of, as far as they do.
GRAPH = """
import asyncio
from typing import TypedDict
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt

class State(TypedDict, total=False):
    query: str
    answer: str

async def rank(state: State) -> State:
    if state["query"] == "never ends":
        await asyncio.Event().wait()
    return {}

async def synthesize(state: State) -> State:
    return {"answer": interrupt("Send it?")}

inner = StateGraph(State).add_node(rank).add_edge(START, "rank").compile()
builder = StateGraph(State).add_node("literature", inner).add_node(synthesize)
builder.add_edge(START, "literature").add_edge("literature", "synthesize").add_edge("synthesize", END)
graph = builder.compile()
"""

STOPPED = {"debug_mode": True, "breakpoints": ["literature/rank"]}
# How the session stands that an example is about; the others stop at a breakpoint.
STARTS: dict[str, dict[str, Any]] = {
    "query.cancel": {},
    "query.respond": {},
    "query.resume": {"config": {"recursion_limit": 1}},
    "session.delete": {},
    "debug.pause": {
        "query": "never ends",
        "debug_mode": True,
        "breakpoints": [{"node_name": "synthesize"}],
    },
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of that graph."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "graph.py").write_text(GRAPH, encoding="utf-8")
    server = ServerProcess([f"biomed={folder}/graph.py:graph"], folder / "data")
    yield server.start().url
    server.close()


@pytest.fixture
async def client(url: str) -> AsyncIterator[Peer]:
    """A connection to it."""
    async with peer(url) as connected:
        yield connected


async def real(client: Peer, method: str, params: dict[str, Any]) -> dict[str, Any]:
    """The example's params, the ids in them being those of a session that stands where it has to."""
    params = dict(params)
    if "session_id" not in params:
        return params
    start = {"query": "GLP-1", **STARTS.get(method, STOPPED)}
    started = await client.call("query.start", **start)
    session_id = params["session_id"] = started["session_id"]
    if method == "debug.pause":
        await client.event(session_id, "node.started", 2)
    else:
        await client.settled(session_id)
    if "ref" in params:
        params["ref"] = "event-1/status"
    if "checkpoint_id" in params:
        history = await client.call("debug.history", session_id=session_id)
        params["checkpoint_id"] = history["checkpoints"][-2]["checkpoint_id"]
    if "interrupt_id" in params:
        session = await client.call("session.get", session_id=session_id)
        params["interrupt_id"] = session["interrupts"][0]["interrupt_id"]
    return params


@pytest.mark.parametrize("method", METHOD_EXAMPLES)
async def test_it_is_answered_as_it_says(client: Peer, method: str) -> None:
    params, expected = METHOD_EXAMPLES[method]
    answer = await client.answer(method, await real(client, method, params))
    check_response(answer, method)
    assert "result" in answer, answer
    found = answer["result"]
    if method == "rpc.discover":
        # A whole document would be no example.
        assert found.keys() > expected.keys()
        return
    assert found.keys() == expected.keys()
    for name in ("deleted", "node_name", "breakpoint_enabled", "total_breakpoints"):
        assert found.get(name) == expected.get(name)
    if method not in ("debug.attach", "session.get", "session.update"):
        # Of what the session is after the call, the example tells the truth.
        assert found.get("status") == expected.get("status")


def test_there_is_a_websocat_recipe_for_every_method() -> None:
    recipes = read(ROOT / "examples" / "websocat.md")
    called = {one.title for one in recipes if f"{one.title} " in one.command.replace("'", " ")}
    assert [name for name in METHODS if name not in called] == []
