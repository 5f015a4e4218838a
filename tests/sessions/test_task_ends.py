"""Every start of a node has one end, however it ends: a client that shows what runs is left with nothing that spins."""

import asyncio
import operator
from collections.abc import Callable
from typing import Annotated, Any, TypedDict

import pytest
from langgraph.cache.memory import InMemoryCache
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, StateGraph
from langgraph.types import CachePolicy, Command, RetryPolicy, Send, interrupt

from tests.debugging.drive import Debugged, connect, debug, follow, run
from tests.support.events import Event
from tests.support.in_process import Serve
from tests.support.server_process import ServerProcess
from tests.support.stream_rules import check_stream


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]


def says(name: str) -> Callable[[State], State]:
    def node(state: State) -> State:
        return {"said": [name]}

    return node


def graph_of(edges: list[tuple[str, str]], compiled: Any = None, **nodes: Any) -> Any:
    """A graph of these edges; a node is what is called, or that with the options of `add_node`."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name, node in nodes.items():
        given, options = node if isinstance(node, tuple) else (node, {})
        builder.add_node(name, given, **options)
    for source, target in edges:
        builder.add_edge(source, target)
    return builder.compile(**(compiled or {}))


def ends(session: Debugged) -> dict[str, list[str]]:
    """What was told of each path, in order, without `node.`."""
    told: dict[str, list[str]] = {}
    for event in session.events:
        kind, params = event["method"], event["params"]
        if kind.startswith("node."):
            told.setdefault(params["path"], []).append(kind.removeprefix("node."))
    return told


@pytest.mark.parametrize("debug_mode", [False, True])
async def test_a_cached_node_is_told_with_its_update(serve: Serve, debug_mode: bool) -> None:
    graph = graph_of(
        [(START, "a"), ("a", "b")],
        {"cache": InMemoryCache()},
        a=(says("a"), {"cache_policy": CachePolicy(key_func=lambda _: b"all")}),
        b=says("b"),
    )
    async with serve(graph) as server, connect(server.url) as client:
        for cached in (False, True):
            session = await (debug(client) if debug_mode else run(client))
            if session.status == "paused":
                await session.on()
            assert session.result["said"] == ["a", "b"]
            assert ends(session) == {"a": ["started", "finished"], "b": ["started", "finished"]}
            first = session.of("node.finished")[0]
            assert (first["cached"], first["update"]) == (cached, {"said": ["a"]})
            check_stream(session.events)


async def test_a_cached_call_is_told_too(serve: Serve) -> None:
    @task(cache_policy=CachePolicy(key_func=lambda *_, **__: b"all"))
    def search(text: str) -> str:
        return f"found {text}"

    @entrypoint(cache=InMemoryCache())
    def flow(query: str) -> str:
        return search(query).result()

    async with serve(flow) as server, connect(server.url) as client:
        for cached in (False, True):
            started = await client.client.start(input="x")
            session = await follow(client, started.session_id)
            assert await session.rest() == "completed"
            (call,) = [one for one in session.of("node.finished") if one["node"] == "search"]
            assert (call["cached"], call["path"]) == (cached, "flow/search")
            (holder,) = [one for one in session.of("node.started") if one["node"] == "flow"]
            assert call["parent_task_id"] == holder["task_id"]
            check_stream(session.events)


@pytest.mark.parametrize("debug_mode", [False, True])
async def test_a_node_that_leaves_its_subgraph_has_finished(serve: Serve, debug_mode: bool) -> None:
    def leaves(state: State) -> Command[Any]:
        return Command(graph=Command.PARENT, goto="last", update={"said": ["left"]})

    sub = graph_of([(START, "leaves")], leaves=leaves)
    graph = graph_of([(START, "sub")], sub=(sub, {"destinations": ("last",)}), last=says("last"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        if debug_mode:
            await session.on()
        assert session.result["said"] == ["left", "last"]
        told = {one["path"]: one for one in session.of("node.finished")}
        assert told["sub/leaves"]["update"] == {"said": ["left"]}
        assert told["sub/leaves"]["parent_task_id"] == told["sub"]["task_id"]
        check_stream(session.events)


def with_a_sibling() -> Any:
    """`bad` raises once `slow` has begun, which never ends."""
    begun = asyncio.Event()

    async def slow(state: State) -> State:
        begun.set()
        await asyncio.Event().wait()
        return {}

    async def bad(state: State) -> State:
        await begun.wait()
        raise ValueError("no")

    return graph_of([(START, "slow"), (START, "bad")], slow=slow, bad=bad)


async def test_the_siblings_of_one_that_fails_are_cancelled(serve: Serve) -> None:
    async with serve(with_a_sibling()) as server, connect(server.url) as client:
        session = await run(client)
        assert session.status == "failed"
        assert session.of("query.failed")[0]["error"]["node"] == "bad"
        assert ends(session) == {"slow": ["started", "cancelled"], "bad": ["started", "failed"]}
        (failed,) = session.of("node.failed")
        assert failed["duration_ms"] >= 0
        assert (failed["attempt"], failed["will_retry"], failed["step"]) == (1, False, 1)
        check_stream(session.events)


async def test_a_cancelled_run_cancels_what_runs_at_every_depth(serve: Serve) -> None:
    async def hangs(state: State) -> State:
        await asyncio.Event().wait()
        return {}

    graph = graph_of([(START, "sub")], sub=graph_of([(START, "hangs")], hangs=hangs))
    async with serve(graph) as server, connect(server.url) as client:
        session = await follow(client, (await client.client.start("x")).session_id)
        await session.event("node.started", 2)
        await client.call("query.cancel", session_id=session.id)
        assert await session.rest() == "cancelled"
        assert ends(session) == {
            "sub": ["started", "cancelled"],
            "sub/hangs": ["started", "cancelled"],
        }
        check_stream(session.events)


async def test_a_node_that_does_not_heed_a_cancellation_is_cancelled_all_the_same(
    serve: Serve,
) -> None:
    async def stubborn(state: State) -> State:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if released.is_set():
                    raise

    released = Event()
    graph = graph_of([(START, "stubborn")], stubborn=stubborn)
    async with (
        serve(graph, cancel_grace_seconds=0.1) as server,
        connect(server.url) as client,
    ):
        session = await follow(client, (await client.client.start("x")).session_id)
        await session.event("node.started")
        await client.call("query.cancel", session_id=session.id)
        assert await session.rest() == "cancelled"
        assert ends(session) == {"stubborn": ["started", "cancelled"]}
        check_stream(session.events)
        released.set()


async def test_a_session_that_is_cancelled_while_it_asks(serve: Serve) -> None:
    def asks(state: State) -> State:
        return {"said": [interrupt("sure?")]}

    graph = graph_of([(START, "sub")], sub=graph_of([(START, "asks")], asks=asks))
    async with serve(graph) as server, connect(server.url) as client:
        session = await run(client)
        assert session.status == "waiting"
        after = session.seq
        await client.call("query.cancel", session_id=session.id)
        assert await session.rest(after=after) == "cancelled"
        assert ends(session) == {
            "sub": ["started", "cancelled"],
            "sub/asks": ["started", "cancelled"],
        }
        check_stream(session.events)


async def test_what_a_rewind_leaves_behind_is_cancelled(serve: Serve) -> None:
    def asks(state: State) -> State:
        return {"said": [interrupt("sure?")]}

    graph = graph_of(
        [(START, "first"), ("first", "sub")],
        first=says("first"),
        sub=graph_of([(START, "asks")], asks=asks),
    )
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client)
        await session.on()
        assert session.status == "waiting"
        (target,) = [one for one in await session.debugger.history() if one.next == ["first"]]
        await session.rewind(target.checkpoint_id)
        assert ends(session)["sub/asks"] == ["started", "cancelled"]
        assert await session.on() == "waiting"
        await session.respond("yes")
        assert session.result["said"][-1] == "yes"
        check_stream(session.events)


@pytest.mark.parametrize("debug_mode", [False, True])
async def test_each_attempt_is_told(serve: Serve, debug_mode: bool) -> None:
    tried: list[int] = []

    async def flaky(state: State) -> State:
        tried.append(1)
        if len(tried) < 3:
            raise ConnectionError(f"try {len(tried)}")
        return {"said": ["well"]}

    policy = RetryPolicy(initial_interval=0.01, jitter=False)
    graph = graph_of([(START, "flaky")], flaky=(flaky, {"retry_policy": policy}))
    async with serve(graph) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        if debug_mode:
            await session.on()
        assert session.status == "completed"
        assert ends(session)["flaky"] == ["started", "failed"] * 2 + ["started", "finished"]
        failed = session.of("node.failed")
        assert [(one["attempt"], one["will_retry"]) for one in failed] == [(1, True), (2, True)]
        assert [one["attempt"] for one in session.of("node.started")] == [1, 2, 3]
        check_stream(session.events)


async def test_the_last_attempt_says_that_it_was_the_last(serve: Serve) -> None:
    def breaks(state: State) -> State:
        raise ConnectionError("no")

    policy = RetryPolicy(initial_interval=0.01, jitter=False, max_attempts=2)
    graph = graph_of([(START, "breaks")], breaks=(breaks, {"retry_policy": policy}))
    async with serve(graph) as server, connect(server.url) as client:
        session = await run(client)
        failed = session.of("node.failed")
        assert [(one["attempt"], one["will_retry"]) for one in failed] == [(1, True), (2, False)]
        check_stream(session.events)


async def test_tasks_of_a_fan_out_into_a_subgraph_name_their_parents(serve: Serve) -> None:
    sub = graph_of([(START, "inner"), ("inner", "next")], inner=says("inner"), next=says("next"))

    def plan(state: State) -> list[Send]:
        return [Send("sub", {"query": "1"}), Send("sub", {"query": "2"})]

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("plan", says("plan"))
    builder.add_node("sub", sub)
    builder.add_edge(START, "plan")
    builder.add_conditional_edges("plan", plan, ["sub", END])
    async with serve(builder.compile()) as server, connect(server.url) as client:
        session = await run(client)
        told = session.of("node.started", "node.finished")
        holders = {one["task_id"] for one in told if one["path"] == "sub"}
        assert len(holders) == 2
        for path, step in (("sub/inner", 1), ("sub/next", 2)):
            inside = [one for one in told if one["path"] == path]
            assert {one["parent_task_id"] for one in inside} == holders
            assert {one["step"] for one in inside} == {step}
        assert {one["step"] for one in told if one["path"] == "sub"} == {2}
        assert {one["parent_task_id"] for one in told if one["path"] in ("plan", "sub")} == {None}
        check_stream(session.events)


def test_what_a_killed_server_ran_is_told_as_cancelled(server: Any) -> None:
    process: ServerProcess = server("tests/support/graphs.py:hangs")

    async def begin() -> str:
        async with connect(process.url) as client:
            session = await follow(client, (await client.client.start("x")).session_id)
            await session.event("node.started")
            return session.id

    async def end(session_id: str) -> Debugged:
        async with connect(process.url) as client:
            session = await follow(client, session_id)
            await session.event("session.recovered")
            await session.until(
                lambda: any(
                    one["seq"] > session.of("session.recovered")[0]["seq"]
                    for one in session.of("node.started")
                ),
                "a node after the restart",
            )
            await client.call("query.cancel", session_id=session_id)
            assert await session.rest() == "cancelled"
            return session

    session_id = asyncio.run(begin())
    process.kill9()
    process.restart()
    session = asyncio.run(end(session_id))
    for told in ends(session).values():
        assert told.count("started") == len(told) / 2
    check_stream(session.events)
