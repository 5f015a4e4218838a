"""Several clients of one session, attaching, pausing, and what a stopped session costs and survives."""

import asyncio
import gc
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig

from rpc.client import RpcError
from rpc.engine.checkpoints.saver import Saver
from rpc.engine.gate.gate import Gate
from rpc.engine.running.translate import Translator
from rpc.events.log import RunWriter
from rpc.sessions.running.executor import Job
from rpc.sessions.running.leases import Lease
from rpc.storage.store import Store
from tests.conftest import StartServer
from tests.debugging import graphs
from tests.debugging.drive import Debugged, attached, check_events, connect, debug, follow, run
from tests.debugging.graphs import RAN, ran
from tests.support.events import Event
from tests.support.in_process import Serve
from tests.support.polling import until_true


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def test_of_many_that_step_at_once_one_steps_and_the_others_are_told(serve: Serve) -> None:
    gates = [Event() for _ in "abcdef"]

    def waits(path: str) -> Any:
        async def body(state: graphs.State) -> graphs.State:
            ran(path)
            # Who comes when the step is over may step again.
            await gates[RAN.total() - 1].wait()
            return {"said": [path]}

        return body

    async with (
        serve(graphs.line("", *"abcdef", make=waits)) as server,
        connect(server.url) as one,
        connect(server.url) as two,
        connect(server.url) as three,
    ):
        session = await debug(one)
        views = [session, await attached(two, session.id), await attached(three, session.id)]

        async def step(view: Debugged, method: str) -> str:
            try:
                await view.call(method)
            except RpcError as error:
                clear = "running" in error.detail and "paused" in error.detail
                return "refused" if error.type == "wrong_state" and clear else str(error)
            return "stepped"

        for turn in range(4):
            after = session.seq
            outcomes = await asyncio.gather(
                *(step(view, "step") for view in views for _ in range(3))
            )
            assert Counter(outcomes) == {"stepped": 1, "refused": 8}
            gates[turn].set()
            for view in views:
                assert await view.rest(after) == "paused"
            assert RAN.total() == turn + 1, "never a double run"
        assert [view.of("debug.stopped") for view in views] == [session.of("debug.stopped")] * 3
        after = session.seq
        methods = ("continue", "step", "continue")
        outcomes = await asyncio.gather(*map(step, views, methods))
        assert outcomes.count("stepped") == 1
        for gate in gates:
            gate.set()
        session.check()


async def test_a_step_and_a_rewind_and_an_edit_at_once_are_one_after_the_other(
    serve: Serve,
) -> None:
    async with (
        serve(graphs.six()) as server,
        connect(server.url) as one,
        connect(server.url) as two,
    ):
        session = await debug(one, breakpoints=["c"])
        other = await attached(two, session.id)
        here = session.stop["checkpoint_id"]
        after = session.seq
        outcomes = await asyncio.gather(
            session.call("step"),
            other.call("rewind", checkpoint_id=here),
            other.call("setState", values={"said": ["edited"]}),
            return_exceptions=True,
        )
        refused = [one for one in outcomes if isinstance(one, RpcError)]
        assert {error.type for error in refused} <= {"wrong_state"}
        assert not isinstance(outcomes[0], Exception) or not isinstance(outcomes[1], Exception)
        await session.rest(after)
        assert RAN["c"] <= 1
        session.check()


async def test_attaching_to_a_running_session_makes_it_heed_breakpoints(serve: Serve) -> None:
    graph, gate = graphs.gated()
    async with serve(graph) as server, connect(server.url) as client:
        started = await client.call("query.start", query="q")
        session = await follow(client, started["session_id"])
        await session.event("progress")
        assert (await session.call("attach"))["status"] == "running"
        await session.call("setBreakpoint", node_name="c")
        gate.set()
        assert await session.rest() == "paused"
        assert (session.standing, session.stop["reason"]) == (["c"], "breakpoint")
        assert await session.on() == "completed"
        assert RAN == {"a": 1, "b": 1, "c": 1}
        session.check(RAN)


@pytest.mark.parametrize("drained", ["attach", "reload"])
async def test_a_run_that_is_drained_before_its_first_node_goes_on_with_its_input(
    serve: Serve, drained: str
) -> None:
    """What it was asked is stored by then: it would be the next checkpoint's to wait for that, and none comes."""
    being_made, gate = Event(), Event()

    async def makes(config: RunnableConfig) -> Any:
        if "thread_id" in config["configurable"]:
            being_made.set()
            await gate.wait()
        return graphs.six()

    async with serve({"g": makes}) as server, connect(server.url) as client:
        started = await client.call("query.start", query="q")
        session = await follow(client, started["session_id"])
        await until_true(being_made.is_set)
        executor = server.core.sessions.executor
        job = executor.jobs[session.id]  # type: ignore[attr-defined]
        if drained == "attach":
            await session.call("attach")
        else:
            assert executor.reload() == 1
        await until_true(lambda: job.control.drain_reason == drained)
        gate.set()
        assert await session.rest() == "completed", session.of("query.failed")
        assert session.result["said"] == ["a", "b", "c", "d", "e", "f"]


async def test_attaching_while_subgraphs_run_shows_none_of_them_twice(serve: Serve) -> None:
    inner, gate = graphs.gated(inner=True)
    graph = graphs.build(("sub", "end"), sub=inner, end=graphs.says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        started = await client.call("query.start", query="q")
        session = await follow(client, started["session_id"])
        await session.event("progress")
        await session.call("attach")
        await session.call("setBreakpoint", node_name="end")
        gate.set()
        assert await session.rest() == "paused"
        assert session.standing == ["end"]
        assert await session.on() == "completed"
        assert RAN == {"a": 1, "b": 1, "c": 1, "end": 1}
        assert Counter(one["path"] for one in session.of("node.started")) == {
            "sub": 1, "sub/a": 1, "sub/b": 1, "sub/c": 1, "end": 1,
        }  # fmt: skip
        session.check()


async def test_pausing_stops_at_the_next_superstep(serve: Serve) -> None:
    graph, gate = graphs.gated()
    async with serve(graph) as server, connect(server.url) as client:
        log = [{"node_name": "a", "log": "-"}]
        started = await client.call("query.start", query="q", debug_mode=True, breakpoints=log)
        session = await follow(client, started["session_id"])
        await session.event("progress")
        await session.call("pause")
        gate.set()
        assert await session.rest() == "paused"
        assert (session.standing, session.stop["reason"]) == (["c"], "pause")
        assert RAN == {"a": 1, "b": 1}
        with pytest.raises(RpcError) as refused:
            await session.call("pause")
        assert refused.value.type == "wrong_state"
        assert await session.on() == "completed"


async def test_attaching_then_pausing_a_running_session(serve: Serve) -> None:
    graph, gate = graphs.gated()
    async with serve(graph) as server, connect(server.url) as client:
        started = await client.call("query.start", query="q")
        session = await follow(client, started["session_id"])
        await session.event("progress")
        await session.call("attach")
        await session.call("pause")
        gate.set()
        assert await session.rest() == "paused"
        assert session.standing == ["c"]
        assert RAN == {"a": 1, "b": 1}


async def test_pausing_a_session_that_is_still_in_line(serve: Serve) -> None:
    graph, gate = graphs.gated()
    async with serve(graph, max_running=1) as server, connect(server.url) as client:
        await client.call("query.start", query="first")
        later = await client.call("query.start", query="q", debug_mode=True, breakpoints=["c"])
        session = await follow(client, later["session_id"])
        assert (await session.call("pause"))["status"] == "queued"
        gate.set()
        assert await session.rest() == "paused"
        assert (session.standing, session.stop["reason"]) == (["a"], "pause")


async def test_a_stopped_session_has_no_job_no_gate_and_no_channel(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        log = {"query": "q", "debug_mode": True, "breakpoints": ["y"], "subscribe": False}
        started = await client.call("query.start", **log)
        session_id = started["session_id"]
        sessions = server.core.sessions
        await until_true(lambda: _status(sessions.store, session_id) == "paused")
        name = f"advance {session_id}"
        await until_true(lambda: name not in {task.get_name() for task in asyncio.all_tasks()})
        assert (await client.call("session.get", session_id=session_id))["status"] == "paused"
        assert sessions.executor.active == 0
        assert sessions.executor.hits(session_id) is None
        assert session_id not in sessions.events.channels
        assert session_id not in sessions.wakeups.callbacks
        assert sessions.events.line.pending == []
        # The call's own lock, and what the thread of graphs and the disk's still hold, go when these have their turn.
        await until_true(lambda: session_id not in sessions.locks.locks and not _of_an_advance())


async def test_a_stopped_session_survives_kill_9_and_goes_on_where_it_stood(
    server: StartServer, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    env = {"RAN_FILE": str(ran)}
    process = server("deep=tests/debugging/graphs.py:served_deep", env=env)
    async with connect(process.url) as client:
        session = await debug(
            client, breakpoints=["left/deeper/y", {"node_name": "right/q", "condition": "True"}]
        )
        await session.edit({"said": ["kept"]}, as_node="left/deeper/")
        stop, seq = session.stop, session.seq
    process.kill9()
    process.restart()
    async with connect(process.url) as client:
        session = await attached(client, session.id)
        assert session.seq == seq, "nothing happened, and nothing was said"
        assert session.status == "paused"
        found = await session.call("inspect")
        assert {task["task_id"] for task in found["stopped"]} == {
            task["task_id"] for task in stop["tasks"]
        }
        listed = (await session.call("breakpoints"))["breakpoints"]
        assert [(one["node_name"], one["hits"]) for one in listed] == [
            ("left/deeper/y", 1),
            ("right/q", 1),
        ]
        await session.step(at="right/q")
        assert session.standing == ["left/deeper/y"]
        process.kill9()
    process.restart()
    async with connect(process.url) as client:
        session = await attached(client, session.id)
        assert await session.on() == "completed"
        assert "kept" in session.result["said"]
        check_events(session.events)
    counts = Counter(ran.read_text().split())
    assert set(counts.values()) == {1}
    assert len(counts) == 8


async def test_killed_in_the_middle_of_a_step_the_step_is_ended(
    server: StartServer, tmp_path: Path
) -> None:
    """The session is stepped past a node that waits for a file; the server dies meanwhile."""
    flag = tmp_path / "flag"
    env = {"RAN_FILE": str(tmp_path / "ran"), "FLAG_FILE": str(flag)}
    process = server("waits=tests/debugging/graphs.py:served_waiting", env=env)
    async with connect(process.url) as client:
        session = await debug(client, breakpoints=["wait", "side"])
        assert session.standing == ["side", "wait"]
        await session.call("step", task_id=session.task("wait"))
        await session.event("progress")
        process.kill9()
    flag.touch()
    process.restart()
    async with connect(process.url) as client:
        session = await attached(client, session.id)
        recovered = await session.event("session.recovered")
        assert await session.rest(recovered["seq"]) == "paused"
        assert session.standing == ["side"]
        await session.step()
        assert session.standing == ["end"], "one breakpoint each, and the step's own rule"
        assert await session.on() == "completed"
    counts = Counter((tmp_path / "ran").read_text().split())
    assert counts == {"wait": 2, "side": 1, "end": 1}


async def test_an_answer_under_way_when_the_server_dies_is_not_lost(
    server: StartServer, tmp_path: Path
) -> None:
    """Two nodes ask; after one answer the other's question was held by the gate, then it is answered."""
    env = {"RAN_FILE": str(tmp_path / "ran"), "FLAG_FILE": str(tmp_path / "flag")}
    process = server("asks=tests/debugging/graphs.py:served_answering", env=env)
    async with connect(process.url) as client:
        session = await run(client)
        ids: dict[str, Any] = {
            one["path"]: one["interrupt_id"] for one in session.of("input.requested")
        }
        assert await session.respond("first", ids["ask"]) == "waiting"
        await client.call(
            "query.respond", session_id=session.id, value="second", interrupt_id=ids["slow"]
        )
        await session.event("progress")
        process.kill9()
    (tmp_path / "flag").touch()
    process.restart()
    async with connect(process.url) as client:
        session = await attached(client, session.id)
        await session.until(lambda: session.status == "completed", "the end")
        assert session.result["said"] == ["ask=first", "slow=second", "end"]


def _of_an_advance() -> list[Any]:
    """What an advance is made of, and is still there."""
    gc.collect()
    kinds = (Job, Gate, Lease, RunWriter, Translator)
    return [
        one
        for one in gc.get_objects()
        # A saver without a session is the graph's own.
        if isinstance(one, kinds) or (isinstance(one, Saver) and one.session_id is not None)
    ]


def _status(store: Store, session_id: str) -> str | None:
    record = store.session(session_id)
    return None if record is None else record.status
