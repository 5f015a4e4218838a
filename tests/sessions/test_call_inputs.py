"""What a function's calls were given is told, within bounds. A user would lose: what a `@task` worked on, or the room that telling it takes."""

from typing import Any, TypedDict

from langgraph.func import entrypoint, task
from langgraph.graph import END, START, StateGraph

from tests.debugging.drive import connect, follow
from tests.support.in_process import Serve

LARGE = "x" * 16 * 1024
"""As an argument, JSON of more than is told."""


class State(TypedDict, total=False):
    query: str


@task
async def measured(text: str, *, unit: str = "letters") -> str:
    return f"{len(text)} {unit}"


@entrypoint()
async def flow(query: str) -> list[str]:
    return [await measured(query), await measured(query, unit="signs"), await measured(LARGE)]


async def given(serve: Serve, graph: Any, asked: Any) -> list[Any]:
    """The node and, where it is told, the input of each task that was begun."""
    async with serve(graph) as server, connect(server.url) as client:
        started = await client.client.start(input=asked)
        session = await follow(client, started.session_id)
        assert await session.rest() == "completed"
        begun = session.of("node.started")
        return [[one["node"], *([one["input"]] if "input" in one else [])] for one in begun]


async def test_a_call_is_told_with_its_arguments(serve: Serve) -> None:
    """By place, then by name; the function itself has its run's input."""
    assert await given(serve, flow, "abc") == [
        ["flow"],
        ["measured", [["abc"], {}]],
        ["measured", [["abc"], {"unit": "signs"}]],
        ["measured"],
    ]


async def test_a_node_is_not(serve: Serve) -> None:
    """Its state is in checkpoints, and would be kept twice."""
    builder = StateGraph(State)
    builder.add_node("leaf", lambda state: {"query": state["query"] * 2})
    builder.add_edge(START, "leaf")
    builder.add_edge("leaf", END)
    assert await given(serve, builder.compile(), {"query": "abc"}) == [["leaf"]]
