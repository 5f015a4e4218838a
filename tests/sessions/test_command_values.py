"""The state that a run goes on from by a command. A user would lose: what the command writes, where a reader is faster than the disk."""

import operator
from typing import Annotated, Any, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

from tests.support.in_process import Serve, serve
from tests.support.peer import peer

__all__ = ["serve"]


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]


def ask(state: State) -> State:
    return {"said": [interrupt("What?")]}


graph: Any = StateGraph(State).add_node(ask).add_edge(START, "ask").compile()


async def test_what_a_command_writes_is_there_before_it_is_stored(serve: Serve) -> None:
    """By the channels' own reducers, twice where it is written twice; channels that the graph does not have are left out."""
    async with serve(graph) as server, peer(server.url) as one:
        story = await one.run("q")
        assert story.status == "waiting"
        threads = server.core.langgraph_threads
        record = await threads.store.read(threads.store.session, story.session_id)
        assert record is not None
        newest = await threads.store.read(threads.store.checkpoint, record.id, "")
        assert newest is not None

        async def values(*update: tuple[str, Any]) -> Any:
            return await threads.values(
                record, newest.checkpoint_id, output=True, told=True, update=update
            )

        assert await values() == {"query": "q", "said": []}
        assert await values(("query", "other"), ("no such", 1)) == {
            "query": "other",
            "said": [],
        }
        assert await values(("said", ["a"]), ("said", ["b"])) == {
            "query": "q",
            "said": ["a", "b"],
        }
