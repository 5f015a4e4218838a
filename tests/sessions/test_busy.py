"""A query in a session whose run is not over: it is refused, waits, takes its place, or undoes it."""

from typing import Any

import pytest

from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import Refused, peer
from tests.support.stream_rules import check_stream


async def test_a_query_that_waits_runs_when_those_before_are_answered(serve: Serve) -> None:
    """Three questions are asked at once; each has its answer, in the order in which they were asked."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        story = await one.run("a")
        session_id = story.session_id
        rest = [
            await one.call("query.start", query=text, session_id=session_id, when_busy="enqueue")
            for text in ("b", "c")
        ]
        assert [one["status"] for one in rest] == ["queued", "queued"]
        waits = await one.call("session.get", session_id=session_id)
        assert waits["status"] == "waiting", "the question was taken away from who answers it"
        for run in [story.run_id, *(one["run_id"] for one in rest)]:
            if run != story.run_id:
                await one.settled(session_id, run)
            await one.respond(story, "yes")
        events = (await one.call("session.events", session_id=session_id))["events"]
        check_stream(events)
        asked = [event["params"]["run_id"] for event in events if event["method"] == "query.result"]
        assert asked == [story.run_id, *(one["run_id"] for one in rest)]


@pytest.mark.parametrize("graph", ["waiting", "asking"])
@pytest.mark.parametrize("how", ["interrupt", "rollback"])
async def test_a_query_takes_the_place_of_the_one_before(
    serve: Serve, graph: str, how: str
) -> None:
    """Whether that runs, or asks: it is cancelled, and what was in line behind it; undone, it is not there any more."""
    graphs = {"waiting": small_graphs.waiting, "asking": small_graphs.asking}
    async with serve(graphs) as server, peer(server.url) as one:
        first = await one.call("query.start", query="x", graph=graph)
        session_id = first["session_id"]
        await one.event(session_id, "progress" if graph == "waiting" else "input.requested")
        line = await one.call("query.start", query="y", session_id=session_id, when_busy="enqueue")
        taking = await one.call("query.start", query="z", session_id=session_id, when_busy=how)
        session = await one.call("session.get", session_id=session_id)
        assert (session["run_id"], session["query"]) == (taking["run_id"], "z")
        assert session["runs"] == (1 if how == "rollback" else 2)
        await one.call("query.cancel", session_id=session_id)
        events = (await one.call("session.events", session_id=session_id))["events"]
        check_stream(events)
        begun = {event["params"]["run_id"] for event in events}
        assert line["run_id"] not in begun, "what was in line ran"
        statuses: list[Any] = [
            event["params"]["status"]
            for event in events
            if event["method"] == "session.status" and event["params"]["run_id"] == first["run_id"]
        ]
        assert statuses[-1] == "cancelled"
        history = (await one.call("debug.history", session_id=session_id))["checkpoints"]
        runs = {one["run_id"] for one in history}
        assert (first["run_id"] in runs) is (how == "interrupt"), runs


async def test_what_cannot_wait_is_said(serve: Serve) -> None:
    """A breakpoint of a query that waits would stop the run before it."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        story = await one.run("a")
        for given in (
            {"debug_mode": True},
            {"session_name": "x"},
            {"tags": ["x"]},
            {"metadata": {"x": 1}},
            {"breakpoints": ["ask"], "debug_mode": True},
            {"break_on_error": True, "debug_mode": True},
        ):
            with pytest.raises(Refused) as refused:
                await one.call(
                    "query.start",
                    query="b",
                    session_id=story.session_id,
                    when_busy="enqueue",
                    **given,
                )
            assert refused.value.type == "invalid_params"
        with pytest.raises(Refused) as refused:
            await one.call("query.start", query="b", session_id=story.session_id)
        assert refused.value.type == "wrong_state"
        with pytest.raises(Refused) as refused:
            await one.call("query.start", query="b", session_id=story.session_id, when_busy="drop")
        assert "when_busy" in refused.value.detail
