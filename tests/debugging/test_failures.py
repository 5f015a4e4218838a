"""A node that raises stops the session: it is looked at, the state is edited, and the node runs again."""

from typing import Any

import pytest
from langgraph.types import RetryPolicy

from tests.debugging import graphs
from tests.debugging.drive import connect, debug
from tests.debugging.graphs import RAN, Flaky, build, says
from tests.support.in_process import Serve

NEVER = 10**9
ONLY_LOGS = [{"node_name": "end", "log": "end"}]
"""Something set, so that the session does not stop at its entry."""


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def test_a_failure_stops_and_the_node_runs_again_after_an_edit(serve: Serve) -> None:
    graph = build(
        ("first", "flaky"), ("flaky", "end"),
        first=says("first"), flaky=Flaky("flaky", NEVER), end=says("end"),
    )  # fmt: skip
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=ONLY_LOGS)
        assert (session.status, session.standing) == ("paused", ["flaky"])
        assert session.stop["reason"] == "failure"
        assert session.stop["tasks"][0]["detail"] == "ValueError: flaky no. 1"
        assert session.stop["tasks"][0]["input"]["said"] == ["first"]
        failed = session.of("node.failed")
        assert [(one["path"], one["error"]["message"]) for one in failed] == [
            ("flaky", "flaky no. 1")
        ]
        assert await session.on() == "paused"
        assert session.stop["tasks"][0]["detail"] == "ValueError: flaky no. 2"
        await session.edit({"query": "mended"})
        assert await session.on() == "completed"
        assert session.result["said"] == ["first", "flaky", "end"]
        assert RAN == {"first": 1, "flaky": 3, "end": 1}
        session.check(RAN)


async def test_siblings_of_a_failed_node_are_kept_and_not_run_again(serve: Serve) -> None:
    graph = build(
        ("flaky", "end"), ("side", "end"), ("slow", "end"),
        flaky=Flaky("flaky"), side=says("side"), slow=graphs.says_in_thread("slow"), end=says("end"),
    )  # fmt: skip
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=ONLY_LOGS)
        assert session.standing == ["flaky"]
        assert RAN == {"flaky": 1, "side": 1, "slow": 1}
        assert await session.on() == "completed"
        assert RAN == {"flaky": 2, "side": 1, "slow": 1, "end": 1}
        session.check(RAN)


async def test_a_failure_two_deep_beside_a_breakpoint(serve: Serve) -> None:
    deeper = build(inner=True, flaky=Flaky("sub/deeper/flaky"))
    sub = build(("before", "deeper"), inner=True, before=says("sub/before"), deeper=deeper)
    graph = build(("sub", "end"), ("side", "end"), sub=sub, side=says("side"), end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["side"])
        assert session.standing == ["side", "sub/deeper/flaky"]
        assert session.stop["reason"] == "failure"
        await session.step(at="sub/deeper/flaky")
        assert session.standing == ["side"]
        assert await session.on() == "completed"
        assert RAN == {"sub/before": 1, "sub/deeper/flaky": 2, "side": 1, "end": 1}
        session.check(RAN, ("sub", "sub/deeper"))


async def test_retries_are_made_before_a_failure_stops(serve: Serve) -> None:
    async with serve(graphs.retried(times=1, attempts=3)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=ONLY_LOGS)
        assert session.status == "completed"
        assert RAN == {"flaky": 2, "side": 1, "end": 1}


async def test_when_the_retries_are_used_up_it_stops_with_its_siblings_kept(serve: Serve) -> None:
    async with serve(graphs.retried(times=4, attempts=3)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=ONLY_LOGS)
        assert session.standing == ["flaky"]
        assert session.stop["tasks"][0]["detail"] == "ValueError: flaky no. 3"
        assert RAN == {"flaky": 3, "side": 1}
        assert await session.on() == "completed"
        assert RAN == {"flaky": 5, "side": 1, "end": 1}


async def test_an_error_that_no_policy_is_for_stops_at_once(serve: Serve) -> None:
    policy = RetryPolicy(max_attempts=5, initial_interval=0.001, retry_on=KeyError)
    graph = build(flaky=(Flaky("flaky"), {"retry_policy": policy}), side=says("side"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[{"node_name": "side", "log": "-"}])
        assert session.standing == ["flaky"]
        assert RAN == {"flaky": 1, "side": 1}


async def test_a_subgraph_with_a_policy_is_retried_as_a_whole(serve: Serve) -> None:
    policy = RetryPolicy(max_attempts=2, initial_interval=0.001, jitter=False, retry_on=ValueError)
    sub = build(
        ("before", "flaky"), inner=True, before=says("sub/before"), flaky=Flaky("sub/flaky", 2)
    )
    graph = build(("sub", "end"), sub=(sub, {"retry_policy": policy}), end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=ONLY_LOGS)
        assert session.standing == ["sub"]
        # LangGraph begins a subgraph that it tries again from its start.
        assert RAN == {"sub/before": 2, "sub/flaky": 2}
        assert await session.on() == "completed"
        assert RAN == {"sub/before": 2, "sub/flaky": 3, "end": 1}


@pytest.mark.parametrize("sync", [False, True], ids=["async", "thread"])
async def test_a_function_may_catch_what_its_subgraph_raises(serve: Serve, sync: bool) -> None:
    inner = build(inner=True, fail=Flaky("call/fail", NEVER))

    async def call(state: Any) -> Any:
        graphs.ran("call")
        try:
            await inner.ainvoke({"query": "q"})
        except ValueError as error:
            return {"said": [f"caught {error}"]}
        return {}

    def raising(state: Any) -> Any:
        graphs.ran("call/fail")
        raise ValueError("inside")

    sync_inner = build(inner=True, fail=raising)

    def call_in_thread(state: Any) -> Any:
        graphs.ran("call")
        try:
            sync_inner.invoke({"query": "q"})
        except ValueError as error:
            return {"said": [f"caught {error}"]}
        return {}

    graph = build(("call", "end"), call=call_in_thread if sync else call, end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=ONLY_LOGS)
        assert session.status == "completed"
        assert RAN == {"call": 1, "call/fail": 1, "end": 1}
        assert session.result["said"][0].startswith("caught ")
        assert not session.of("debug.stopped")


async def test_what_a_function_does_not_catch_stops_at_the_function(serve: Serve) -> None:
    inner = build(("good", "fail"), inner=True, good=says("call/good"), fail=Flaky("call/fail"))

    async def call(state: Any) -> Any:
        graphs.ran("call")
        return {"said": (await inner.ainvoke({"query": "q"}))["said"]}

    graph = build(("call", "end"), call=call, end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=ONLY_LOGS)
        assert session.standing == ["call"]
        assert session.stop["reason"] == "failure"
        assert await session.on() == "completed"
        assert session.result["said"] == ["call/good", "call/fail", "end"]
        assert RAN == {"call": 2, "call/good": 1, "call/fail": 2, "end": 1}


async def test_a_failing_task_of_a_function(serve: Serve) -> None:
    tried: list[str] = []

    @graphs.task
    async def good(text: str) -> str:
        graphs.ran("flow/good")
        return text

    @graphs.task
    async def bad(text: str) -> str:
        graphs.ran("flow/bad")
        tried.append(text)
        if len(tried) == 1:
            raise ValueError("bad")
        return text + "!"

    @graphs.entrypoint()
    async def flow(text: str) -> str:
        graphs.ran("flow")
        return await bad(await good(text))

    async with serve(flow) as server, connect(server.url) as client:
        session = await debug(client, input="x", breakpoints=[{"node_name": "bad", "log": "-"}])
        assert (session.standing, session.stop["reason"]) == (["flow"], "failure")
        assert await session.on() == "completed"
        assert session.result == "x!"
        assert RAN == {"flow": 2, "flow/good": 1, "flow/bad": 2}


async def test_an_error_of_langgraph_itself_ends_the_run_which_can_be_rewound(serve: Serve) -> None:
    graph = build(a=says("a", n=1), b=says("b", n=2))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[{"node_name": "a", "log": "-"}])
        assert session.status == "failed"
        assert session.of("query.failed")[0]["error"]["type"] == "InvalidUpdateError"
        found = await session.call("inspect")
        assert found["values"]["query"] == "q"
        newest = (await session.call("history"))["checkpoints"][0]["checkpoint_id"]
        await session.rewind(newest)
        assert session.standing == ["a", "b"]


async def test_a_failure_while_a_sibling_asks(serve: Serve) -> None:
    graph = build(
        ("ask", "end"), ("flaky", "end"),
        ask=graphs.asks("ask"), flaky=Flaky("flaky"), end=says("end"),
    )  # fmt: skip
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=ONLY_LOGS)
        assert session.standing == ["?ask", "flaky"]
        assert await session.on() == "waiting"
        assert RAN == {"ask": 1, "flaky": 2}
        assert await session.respond("yes") == "completed"
        assert RAN == {"ask": 2, "flaky": 2, "end": 1}
        session.check(RAN)
