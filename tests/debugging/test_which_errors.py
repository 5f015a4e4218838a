"""Which errors stop a debugged session, and conditions over what the query was given."""

from typing import Any, TypedDict

import pytest
from langgraph.graph import START, StateGraph

from tests.debugging.drive import connect, debug
from tests.support.events import Event
from tests.support.in_process import Serve


class State(TypedDict, total=False):
    query: str


class Context(TypedDict, total=False):
    model: str


class Broken(ValueError):
    """An error of the graph's own."""


def failing(nested: bool = False) -> Any:
    async def breaks(state: State) -> State:
        raise Broken("no")

    def line(node: Any) -> Any:
        builder: StateGraph[Any, Any, Any, Any] = StateGraph(State, context_schema=Context)
        builder.add_node("breaks" if not isinstance(node, str) else node, breaks)
        builder.add_edge(START, "breaks")
        return builder.compile()

    if not nested:
        return line(breaks)
    outer: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    outer.add_node("sub", line(breaks))
    outer.add_edge(START, "sub")
    return outer.compile()


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize(
    ("errors", "status"),
    [
        (True, "paused"),
        (False, "failed"),
        ([], "failed"),
        (["Broken"], "paused"),
        (["ValueError"], "paused"),
        ([f"{__name__}.Broken"], "paused"),
        (["KeyError"], "failed"),
    ],
)
async def test_only_errors_that_were_asked_for_stop(
    serve: Serve, errors: Any, status: str, nested: bool
) -> None:
    async with serve(failing(nested)) as server, connect(server.url) as client:
        session = await debug(client)
        assert (await session.call("breakOnError", errors=errors))["errors"] == errors
        assert await session.on() == status
        if status == "paused":
            assert session.stop["reason"] == "failure"
            # It stays so when the session goes on.
            assert await session.on() == status
        else:
            assert session.of("query.failed")[-1]["error"]["type"] == "Broken"
        session.check()


async def test_a_running_session_heeds_it(serve: Serve) -> None:
    go = Event()

    async def waits(state: State) -> State:
        await go.wait()
        raise Broken("no")

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("waits", waits)
    builder.add_edge(START, "waits")
    async with serve(builder.compile()) as server, connect(server.url) as client:
        session = await debug(client)
        await session.call("continue")
        await session.event("node.started")
        after = session.seq
        await session.call("breakOnError", errors=False)
        go.set()
        assert await session.rest(after=after) == "failed"


@pytest.mark.parametrize(
    ("condition", "stops"),
    [
        ("context['model'] == 'small'", True),
        ("context['model'] == 'large'", False),
        ("config['model'] == 'small'", True),
        ("config['tags'] == ['x']", True),
        ("'y' in config['tags']", False),
    ],
)
async def test_conditions_see_the_config_and_the_context(
    serve: Serve, condition: str, stops: bool
) -> None:
    def a(state: State) -> State:
        return {}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State, context_schema=Context)
    builder.add_node("a", a)
    builder.add_edge(START, "a")
    async with serve(builder.compile()) as server, connect(server.url) as client:
        session = await debug(
            client,
            config={"model": "small", "tags": ["x"]},
            breakpoints=[{"node_name": "a", "condition": condition}],
        )
        assert session.status == ("paused" if stops else "completed")


async def test_by_which_errors_it_stops_is_told_with_the_breakpoints(serve: Serve) -> None:
    """A page that is loaded anew, or another one, shows what was chosen."""
    async with serve(failing()) as server, connect(server.url) as client:
        session = await debug(client)
        for errors, raised in ((True, False), (False, True), (["Broken"], ["KeyError"])):
            await client.call(
                "debug.breakOnError", session_id=session.id, errors=errors, raised=raised
            )
            found = await client.call("debug.breakpoints", session_id=session.id)
            assert (found["errors"], found["raised"]) == (errors, raised)
