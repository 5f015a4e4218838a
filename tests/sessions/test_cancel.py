"""Cancelling stops the run, wherever it is: in line, in a coroutine, in a thread, waiting for a person."""

import asyncio
import threading
from typing import Any

import pytest
from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph

from protocol.queries import QueryStartParams
from rpc.auth.principals import LOCAL
from rpc.methods.call import Call
from tests.support import small_graphs
from tests.support.events import Event
from tests.support.in_process import Serve
from tests.support.peer import Story, peer
from tests.support.polling import until_true
from tests.support.small_graphs import State, chain
from tests.support.stream_rules import check_stream


async def started(one: Any, **params: Any) -> Story:
    answer = await one.call("query.start", **{"query": "x", **params})
    return Story(one, answer["session_id"], answer["run_id"])


async def test_a_running_node_is_stopped(serve: Serve) -> None:
    """The node's own cleanup runs, no node follows, and the answer comes when it has stopped."""
    stopped: list[str] = []

    async def works(state: State) -> State:
        get_stream_writer()("working")
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append("cleaned up")
        return {}

    async with serve(chain(works, small_graphs.hello)) as server, peer(server.url) as one:
        story = await started(one)
        await one.event(story.session_id, "progress")
        answer = await one.call("query.cancel", session_id=story.session_id)
        cancelled = {"session_id": story.session_id, "status": "cancelled", "pending": False}
        assert answer == cancelled
        assert stopped == ["cleaned up"]
        assert await one.settled(story.session_id) == "cancelled"
        check_stream(story.events)
        assert story.paths("node.started") == ["works"]
        session = await one.call("session.get", session_id=story.session_id)
        assert (session["status"], session["result"], session["error"]) == ("cancelled", None, None)
        assert session["duration_ms"] is not None
        await until_true(lambda: server.core.sessions.executor.active == 0)


async def test_a_run_in_line_never_starts(serve: Serve) -> None:
    """What waits for its turn is taken out of the line, and whoever is behind moves up."""
    async with (
        serve(
            {"waiting": small_graphs.waiting, "greeter": small_graphs.greeter}, max_running=1
        ) as (server),
        peer(server.url) as one,
    ):
        first = await started(one)
        await one.event(first.session_id, "progress")
        second = await started(one, graph="greeter")
        third = await started(one, graph="greeter")
        await one.event(third.session_id, "session.status")
        assert second.status == third.status == "queued"
        await one.call("query.cancel", session_id=second.session_id)
        assert await one.settled(second.session_id) == "cancelled"
        assert [p["status"] for p in second.of("session.status")] == ["queued", "cancelled"]
        assert second.of("node.started") == []
        await one.call("query.cancel", session_id=first.session_id)
        assert await one.settled(third.session_id) == "completed"


async def test_cancelled_in_line_and_asked_again(serve: Serve) -> None:
    """Two places in line for one session: only the second query runs, and each of its nodes once."""
    entered: list[str] = []

    async def counts(state: State) -> State:
        entered.append(state["query"])
        return {"said": [state["query"]]}

    async with (
        serve(
            {"waiting": small_graphs.waiting, "counts": chain(counts)},
            max_running=2,
            cancel_grace_seconds=0.05,
        ) as server,
        peer(server.url) as one,
    ):
        hold = [await started(one), await started(one)]
        for story in hold:
            await one.event(story.session_id, "progress")
        second = await started(one, graph="counts")
        await one.call("query.cancel", session_id=second.session_id)
        again = await one.call("query.start", query="again", session_id=second.session_id)
        await asyncio.gather(
            *(one.call("query.cancel", session_id=story.session_id) for story in hold)
        )
        assert await one.settled(second.session_id, run_id=again["run_id"]) == "completed"
        await until_true(lambda: not server.core.sessions.executor.active)
    assert entered == ["again"]
    assert [p["step"] for p in second.of("state.checkpoint")] == [-1, 0, 1]
    check_stream(second.events)


async def test_a_sync_node_is_left_to_its_thread(serve: Serve) -> None:
    """A thread cannot be stopped; the session is cancelled at once, and nothing of it comes after."""
    entered, release, left = threading.Event(), threading.Event(), threading.Event()

    def blocks(state: State) -> State:
        entered.set()
        release.wait(60)
        get_stream_writer()("too late")
        left.set()
        return {"said": ["too late"]}

    async with serve(chain(blocks, small_graphs.hello)) as server, peer(server.url) as one:
        story = await started(one)
        await asyncio.to_thread(entered.wait, 60)
        await one.call("query.cancel", session_id=story.session_id)
        assert await one.settled(story.session_id) == "cancelled"
        seen = len(story.events)
        release.set()
        await asyncio.to_thread(left.wait, 60)
        again = await one.run("y", session_id=story.session_id, graph="default")
        assert again.status == "completed"
        assert again.events[seen]["params"]["status"] == "queued"
        assert "hello y" in again.result["said"]
        check_stream(again.events)


async def test_a_node_that_swallows_its_cancellation_ends_the_run(serve: Serve) -> None:
    """A node that goes on after `CancelledError` is let finish; the nodes behind it do not run."""
    ran: list[str] = []

    async def stubborn(state: State) -> State:
        get_stream_writer()("here")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ran.append("stubborn")
        return {"said": ["stubborn"]}

    async def after(state: State) -> State:
        ran.append("after")
        return {"said": ["after"]}

    async with serve(chain(stubborn, after)) as server, peer(server.url) as one:
        story = await started(one)
        await one.event(story.session_id, "progress")
        answer = await one.call("query.cancel", session_id=story.session_id)
        assert answer["status"] == "cancelled"
        assert await one.settled(story.session_id) == "cancelled"
        assert ran == ["stubborn"]
        check_stream(story.events)


@pytest.mark.parametrize("how", ["as a node", "called"])
async def test_nodes_of_a_subgraph_that_swallow_it(serve: Serve, how: str) -> None:
    """The same inside a subgraph: nothing behind the node runs there either."""
    ran: list[str] = []

    async def stubborn(state: State) -> State:
        get_stream_writer()("here")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ran.append("stubborn")
        return {"said": ["stubborn"]}

    async def after(state: State) -> State:
        ran.append("after")
        return {}

    inner = chain(stubborn, after)

    async def calls(state: State) -> State:
        return {"said": (await inner.ainvoke({"query": "x"}))["said"]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("sub", inner if how == "as a node" else calls)
    builder.add_edge(START, "sub")
    async with serve(builder.compile()) as server, peer(server.url) as one:
        story = await started(one)
        await one.event(story.session_id, "progress")
        await one.call("query.cancel", session_id=story.session_id)
        assert await one.settled(story.session_id) == "cancelled"
        await until_true(lambda: not server.core.sessions.executor.active)
        assert ran == ["stubborn"]


async def test_a_node_that_refuses_to_end_is_given_up(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    """After the grace the session is cancelled whatever the node does, and free: a follow-up runs while the
    old node still hangs, and nothing that this one does shows, then or when it ends at last."""
    release, ended = Event(), Event()

    async def deaf(state: State) -> State:
        writer = get_stream_writer()
        if state["query"] != "x":
            return {"said": ["heard"]}
        writer("here")
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue
        writer("too late")
        ended.set()
        return {"said": ["too late"]}

    async with (
        serve(chain(deaf, small_graphs.hello), cancel_grace_seconds=0.05) as server,
        peer(server.url) as one,
    ):
        story = await started(one)
        await one.event(story.session_id, "progress")
        answer = await one.call("query.cancel", session_id=story.session_id)
        assert answer["status"] == "cancelled"
        assert await one.settled(story.session_id) == "cancelled"
        again = await one.run("y", session_id=story.session_id)
        assert (again.status, again.result["said"]) == ("completed", ["heard", "hello y"])
        assert not ended.is_set(), "the old node hangs still"
        release.set()
        await ended.wait()
        name = f"advance {story.session_id}"
        await until_true(lambda: name not in {task.get_name() for task in asyncio.all_tasks()})
        third = await one.run("z", session_id=story.session_id)
        assert third.result["said"] == ["heard", "hello y", "heard", "hello z"]
        check_stream(third.events)
        assert [params["data"] for params in third.of("progress")] == ["here"]
        session = await one.call("session.get", session_id=story.session_id)
        assert session["seq"] == len(third.events), "nothing is stored that was not shown"
        await one.call("debug.attach", session_id=story.session_id)
        history = await one.call("debug.history", session_id=story.session_id, limit=100)
        assert len(history["checkpoints"]) == len(third.of("state.checkpoint"))
        assert "too late" not in str(history)
        assert "could not be recorded" not in caplog.text


async def test_a_session_that_waits_for_a_person(serve: Serve) -> None:
    """Nobody has to answer a question that no longer matters."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        story = await one.run("x")
        answer = await one.call("query.cancel", session_id=story.session_id)
        assert answer["status"] == "cancelled"
        assert await one.settled(story.session_id, after=7) == "cancelled"
        check_stream(story.events)
        session = await one.call("session.get", session_id=story.session_id)
        assert (session["status"], session["interrupts"]) == ("cancelled", [])
        late = await one.answer("query.respond", {"session_id": story.session_id, "value": 1})
        assert late["error"]["data"]["type"] == "wrong_state"


async def test_what_is_over_cannot_be_cancelled(serve: Serve) -> None:
    """The error says what the session is."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("x")
        refused = await one.answer("query.cancel", {"session_id": story.session_id})
        assert refused["error"]["code"] == -32001
        assert "completed" in refused["error"]["data"]["detail"]
        nobody = await one.answer("query.cancel", {"session_id": "nobody"})
        assert nobody["error"]["code"] == -32000


async def test_cancelling_twice_at_once(serve: Serve) -> None:
    """Two people press the button: the run is cancelled once, and both are told."""
    async with serve(small_graphs.waiting) as server, peer(server.url) as one:
        story = await started(one)
        await one.event(story.session_id, "progress")
        answers = await asyncio.gather(
            *(one.answer("query.cancel", {"session_id": story.session_id}) for _ in range(5))
        )
        told = {a["result"]["status"] if "result" in a else a["error"]["code"] for a in answers}
        assert told <= {"cancelled", -32001}
        assert "cancelled" in told
        await one.settled(story.session_id)
        check_stream(story.events)


@pytest.mark.parametrize("ticks", [0, 1, 2, 3, 5, 8, 12, 20, 40, 80])
async def test_cancelling_at_any_moment(serve: Serve, ticks: int) -> None:
    """Between start and end there is no moment at which a cancel leaves the session hanging, or the
    server's writer dead."""
    async with (
        serve({"greeter": small_graphs.greeter, "asking": small_graphs.asking}) as server,
        peer(server.url) as one,
        peer(server.url) as other,
    ):
        for graph in ("greeter", "asking"):
            for _ in range(5):
                story = await started(one, graph=graph)
                for _ in range(ticks):
                    await asyncio.sleep(0)
                answer = await other.answer("query.cancel", {"session_id": story.session_id})
                told = answer.get("result", {}).get("status") or answer["error"]["data"]["type"]
                assert told in ("cancelled", "completed", "wrong_state"), answer
                status = await one.settled(story.session_id)
                if status == "waiting":
                    status = await one.settled(
                        story.session_id, after=story.events[-1]["params"]["seq"] - 1
                    )
                session = await one.call("session.get", session_id=story.session_id)
                assert session["status"] in ("cancelled", "completed")
                await one.until(lambda s=story, n=session["seq"]: len(s.events) == n, "every event")
                check_stream(story.events)
                assert story.status == session["status"]
        await until_true(lambda: not server.core.sessions.executor.active)
        assert (await one.run("still", graph="greeter")).status == "completed"


async def test_cancelled_between_its_commit_and_its_start(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment after `query.start` is committed and before its run is in line: it must not run after
    all, nor may its first event take the number of the cancellation's."""
    async with (
        serve(small_graphs.greeter, cancel_grace_seconds=0.02) as server,
        peer(server.url) as one,
    ):
        executor = server.core.sessions.executor
        submitted: list[Any] = []
        real = executor.begin
        monkeypatch.setattr(executor, "begin", submitted.append)
        story = await started(one)
        await one.until(lambda: submitted, "the launch")
        cancelled = await one.call("query.cancel", session_id=story.session_id)
        assert cancelled["status"] == "cancelled"
        (begun,) = submitted
        real(begun)
        await until_true(lambda: not executor.active)
        await one.settled(story.session_id)
        assert [e["params"]["seq"] for e in story.events] == [1, 2, 3]
        told = [p["status"] for p in story.of("session.status")]
        assert told == ["queued", "running", "cancelled"]
        assert story.of("node.started") == []


async def test_cancelled_while_its_client_does_not_take_the_answer(serve: Serve) -> None:
    """The launch comes after the answer, which a stalled client may never take: the run is cancelled all
    the same, and a launch that comes late starts and says nothing."""
    async with (
        serve(small_graphs.greeter, cancel_grace_seconds=600) as server,
        peer(server.url) as one,
    ):
        start = server.core.bus.handlers["query.start"]
        call = Call(principal=LOCAL).about(LOCAL.owner)
        result = await start(call, QueryStartParams(query="x"))
        cancelled = await one.call("query.cancel", session_id=result.session_id)
        assert cancelled["status"] == "cancelled"
        call.answered()
        await until_true(lambda: not server.core.sessions.executor.active)
        assert (await one.run("y", session_id=result.session_id)).status == "completed"
        events = (await one.call("session.events", session_id=result.session_id))["events"]
        told = [e["params"]["status"] for e in events if e["method"] == "session.status"]
        assert told == ["queued", "running", "cancelled", "queued", "running", "completed"]
