"""Where a session stops: breakpoints of every kind, log points, and what is refused."""

import pytest

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import connect, debug, follow, run
from tests.debugging.graphs import RAN
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def test_a_stop_tells_every_task_with_its_input_and_the_checkpoint(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/w", "side"])
        stop = session.stop
        assert stop["reason"] == "breakpoint"
        saved = [one for one in session.of("state.checkpoint") if one["path"] == ""]
        assert stop["checkpoint_id"] == saved[-1]["checkpoint_id"]
        by_path = {task["path"]: task for task in stop["tasks"]}
        assert by_path["side"] == {
            "node": "side",
            "path": "side",
            "task_id": session.task("side"),
            "reason": "breakpoint",
            "input": {"query": "q", "said": ["top"]},
            "detail": None,
            "parent_task_id": None,
        }
        assert by_path["left/w"]["node"] == "w"
        assert by_path["left/w"]["input"]["query"] == "q"


async def test_a_name_stops_at_any_depth_and_a_path_only_there(serve: Serve) -> None:
    inner = graphs.line("one/", "same")
    other = graphs.line("two/", "same")
    graph = graphs.build(("one", "two"), one=inner, two=other)
    async with serve(graph) as server, connect(server.url) as client:
        by_name = await debug(client, breakpoints=["same"])
        assert by_name.standing == ["one/same"]
        await by_name.on()
        assert by_name.standing == ["two/same"]
        by_path = await debug(client, breakpoints=["two/same"])
        assert by_path.standing == ["two/same"]
        assert await by_path.on() == "completed"


async def test_a_subgraph_itself_stops_before_it_is_entered(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left"])
        assert session.standing == ["left"]
        assert RAN["left/w"] == 0


async def test_breakpoints_are_set_while_stopped_and_disabled_again(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        result = await session.call("setBreakpoint", node_name="c")
        assert result == {
            "session_id": session.id,
            "node_name": "c",
            "breakpoint_enabled": True,
            "total_breakpoints": 1,
            "node_names": ["c"],
            "file": "tests/debugging/graphs.py",
            "line": result["line"],
            "channel": None,
        }
        await session.call("setBreakpoint", node_name="e", when="after")
        await session.call("setBreakpoint", node_name="d")
        await session.on()
        assert session.standing == ["c"]
        off = await session.call("setBreakpoint", node_name="d", enabled=False)
        assert (off["breakpoint_enabled"], off["total_breakpoints"]) == (False, 2)
        await session.on()
        assert session.standing == ["f"]
        assert session.stop["detail"] == "after e"
        listed = (await session.call("breakpoints"))["breakpoints"]
        assert [(one["node_name"], one["when"], one["enabled"], one["hits"]) for one in listed] == [
            ("c", "before", True, 1),
            ("e", "after", True, 1),
            ("d", "before", False, 0),
        ]
        assert await session.on() == "completed"


async def test_a_breakpoint_set_while_running_stops(serve: Serve) -> None:
    graph, gate = graphs.gated()
    async with serve(graph) as server, connect(server.url) as client:
        started = await client.call(
            "query.start", query="q", debug_mode=True, breakpoints=[{"node_name": "a", "log": "a"}]
        )
        session = await follow(client, started["session_id"])
        await session.event("progress")
        await session.call("setBreakpoint", node_name="c")
        gate.set()
        await session.rest()
        assert session.standing == ["c"]
        assert RAN == {"a": 1, "b": 1}


async def test_after_the_last_node_the_session_stands_at_its_end(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        after_f = {"node_name": "f", "when": "after"}
        session = await debug(client, breakpoints=[after_f])
        assert (session.status, session.standing) == ("paused", [])
        assert session.stop["checkpoint_id"] == session.of("state.checkpoint")[-1]["checkpoint_id"]
        assert (await session.values())["said"] == ["a", "b", "c", "d", "e", "f"]
        assert await session.on() == "completed"
        assert RAN["f"] == 1


async def test_after_a_node_in_a_subgraph_with_siblings(serve: Serve) -> None:
    after = [{"node_name": "left/deeper/x", "when": "after"}]
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=after)
        assert session.standing == ["left/deeper/y"]
        assert RAN["right/q"] == 1
        assert RAN["side"] == 1
        assert await session.on() == "completed"
        session.check(RAN, graphs.DEEP)


async def test_after_a_node_everything_behind_it_stops(serve: Serve) -> None:
    graph = graphs.build(
        ("a", "b"), ("a", "c"), a=graphs.says("a"), b=graphs.says("b"), c=graphs.says("c")
    )
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[{"node_name": "a", "when": "after"}])
        assert session.standing == ["b", "c"]
        assert await session.step(at="c") == "paused"
        assert session.standing == ["b"]
        assert await session.on() == "completed"


async def test_after_a_task_that_a_function_calls(serve: Serve) -> None:
    after = [{"node_name": "first", "when": "after"}]
    async with serve(graphs.functional()) as server, connect(server.url) as client:
        session = await debug(client, input="q", breakpoints=after)
        assert session.standing == ["flow/second", "flow/third"]
        assert RAN["flow/first"] == 1


async def test_conditions_over_state_and_input(serve: Serve) -> None:
    condition = {"node_name": "turn", "condition": "state['n'] >= 2 if 'n' in state else False"}
    async with serve(graphs.cycle(5)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[condition])
        assert RAN["turn"] == 2
        assert session.stop["tasks"][0]["input"]["n"] == 2
        await session.call("setBreakpoint", node_name="turn", condition="input['n'] == 4")
        await session.on()
        assert RAN["turn"] == 4
        assert await session.on() == "completed"


async def test_a_condition_picks_one_task_of_twenty(serve: Serve) -> None:
    condition = {
        "node_name": "work",
        "condition": "input['item'] == 13 and len(state['said']) == 1",
    }
    async with serve(graphs.fan_out(20)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[condition])
        (task,) = session.stop["tasks"]
        assert task["input"] == {"item": 13}
        assert len(RAN) == 20
        assert await session.on() == "completed"


async def test_hit_counts(serve: Serve) -> None:
    async with serve(graphs.cycle(4)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[{"node_name": "turn", "hit_count": 3}])
        assert RAN["turn"] == 2
        await session.on()
        assert RAN["turn"] == 3
        assert await session.on() == "completed"


async def test_log_points_write_and_go_on(serve: Serve) -> None:
    points = [
        {
            "node_name": "turn",
            "log": "turn {state['n'] if 'n' in state else 0} of {input['query']}",
        },
        {"node_name": "check", "when": "after", "log": "checked {len(state['said'])} {1/0}"},
    ]
    async with serve(graphs.cycle(2)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=points)
        assert session.status == "completed", "no breakpoint, no entry stop: only log points"
        texts = [(one["path"], one["text"]) for one in session.of("debug.log")]
        assert [text for path, text in texts if path == "turn"] == ["turn 0 of q", "turn 1 of q"]
        assert texts[1][0] == "check"
        assert texts[1][1].startswith("checked ")
        assert "division by zero" in texts[1][1]
        order = [
            (event["method"], event["params"]["path"])
            for event in session.events
            if event["method"] in ("node.started", "debug.log", "node.finished")
        ]
        assert order[:5] == [
            ("debug.log", "turn"),
            ("node.started", "turn"),
            ("node.finished", "turn"),
            ("node.started", "check"),
            ("node.finished", "check"),
        ]
        session.check(RAN)


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("state['n'] >", "is not an expression"),
        ("n > 3", "unknown name 'n'"),
        ("__import__('os').system('true')", "may be called"),
        ("state.__class__.__mro__[1].__subclasses__()", "may be called"),
        ("(lambda: 1)()", "may be called"),
        ("[x for x in state if x.__class__]", "__class__"),
        ("state := 3", "is not an expression"),
        ("state.n == 1; False", "is not an expression"),
        ("state.n\nFalse", "is not an expression"),
    ],
)
async def test_a_condition_that_does_not_compile_is_refused_at_once(
    serve: Serve, condition: str, says: str
) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        with pytest.raises(RpcError) as refused:
            await client.call(
                "query.start",
                query="q",
                debug_mode=True,
                breakpoints=["a", {"node_name": "b", "condition": condition}],
            )
        assert refused.value.code == -32602
        assert says in refused.value.detail
        assert refused.value.path == "$.breakpoints[1]"
        session = await debug(client)
        with pytest.raises(RpcError) as refused:
            await session.call("setBreakpoint", node_name="b", condition=condition)
        assert refused.value.path == "$.condition"
        assert (await session.call("breakpoints"))["breakpoints"] == []
        with pytest.raises(RpcError, match="log text"):
            await session.call("setBreakpoint", node_name="b", log="{state[")


async def test_a_condition_that_fails_stops_and_says_so(serve: Serve) -> None:
    broken = {"node_name": "c", "condition": "state['missing'] > 3"}
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[broken])
        assert session.standing == ["c"]
        assert session.stop["reason"] == "breakpoint"
        assert "state['missing'] > 3" in session.stop["detail"]
        assert "missing" in session.stop["tasks"][0]["detail"]
        assert await session.on() == "completed"


async def test_a_condition_cannot_keep_the_server(serve: Serve) -> None:
    greedy = [
        {"node_name": "b", "condition": "9**9**9 > 1"},
        {"node_name": "c", "condition": "len('x' * 10**10) > 1"},
    ]
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=greedy)
        assert session.standing == ["b"]
        assert "failed" in session.stop["detail"]
        await session.on()
        assert session.standing == ["c"]


async def test_unknown_nodes_are_refused_with_the_nearest_names(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client)
        for call, name, near in (
            ("setBreakpoint", "left/deeper/z", "left/deeper/"),
            ("setBreakpoint", "joins", "join"),
            ("step", "sied", "side"),
            ("inspect", "lefd", "left"),
        ):
            with pytest.raises(RpcError) as refused:
                await session.call(call, node_name=name)
            assert refused.value.type == "node_not_found"
            assert near in refused.value.detail.partition(";")[2]
        with pytest.raises(RpcError) as refused:
            await client.call("query.start", query="q", debug_mode=True, breakpoints=["nowhere"])
        assert refused.value.type == "node_not_found"


async def test_tasks_of_functions_have_breakpoints_and_unknown_ones_are_refused(
    serve: Serve,
) -> None:
    async with serve(graphs.functional()) as server, connect(server.url) as client:
        session = await debug(client, input="q", breakpoints=["flow/third", "second"])
        assert session.standing == ["flow/second", "flow/third"]
        with pytest.raises(RpcError, match="second"):
            await session.call("setBreakpoint", node_name="secnd")


async def test_outside_debug_mode(serve: Serve) -> None:
    async with serve(graphs.asking(1)) as server, connect(server.url) as client:
        session = await run(client)
        for call in ("step", "continue", "pause"):
            with pytest.raises(RpcError) as refused:
                await session.call(call)
            assert refused.value.type == "not_in_debug_mode"
        # Looking changes nothing, and is always allowed.
        for call in ("breakpoints", "inspect", "history"):
            assert (await session.call(call))["session_id"] == session.id
        with pytest.raises(RpcError, match="debug_mode"):
            await client.call("query.start", query="q", breakpoints=["join"])
        with pytest.raises(RpcError) as refused:
            await client.call("debug.step", session_id="nobody")
        assert refused.value.type == "session_not_found"


async def test_up_to_a_named_node(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client)
        await session.step(node_name="left/deeper/y")
        assert session.standing == ["left/deeper/y"]
        assert session.stop["reason"] == "step"
        assert RAN["right/q"] == 1
        await session.step(node_name="join")
        assert session.standing == ["join"]
        session.check(RAN, graphs.DEEP)


async def test_a_follow_up_keeps_the_breakpoints(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["c"])
        assert await session.on() == "completed"
        after = session.seq
        await client.call("query.start", query="again", session_id=session.id)
        assert await session.rest(after) == "paused"
        assert session.standing == ["c"]
        assert await session.on() == "completed"
        assert RAN["f"] == 2
