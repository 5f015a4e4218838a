"""What begins once its answer is sent, on a node whose client takes the answer late."""

from typing import Any

import anyio
import psycopg
import pytest

from protocol.queries import QueryStartParams
from rpc.auth.principals import LOCAL
from rpc.methods.call import Call
from rpc.sessions.cluster import keeping
from tests.support import small_graphs
from tests.support.events import Event
from tests.support.in_process import Serve, serve
from tests.support.peer import peer
from tests.support.polling import until_true
from tests.support.small_graphs import State, chain
from tests.support.stream_rules import check_stream

__all__ = ["serve"]

DEADLINE_SECONDS = 120.0


@pytest.mark.parametrize("follows", [False, True])
async def test_nobody_else_is_given_what_is_to_begin(
    serve: Serve, database: str, monkeypatch: pytest.MonkeyPatch, follows: bool
) -> None:
    """The node holds its job and does not do it yet: it runs once, here, when the answer has gone out."""
    looks: list[object] = []
    look = keeping.Keeping._unknown

    async def counted(self: Any, *given: Any) -> None:
        await look(self, *given)
        looks.append(given)

    monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(keeping, "LOST_SECONDS", 0.0)
    monkeypatch.setattr(keeping.Keeping, "_unknown", counted)
    async with serve(small_graphs.greeter, database=database) as server, peer(server.url) as one:
        one.deadline = DEADLINE_SECONDS
        story = await one.run("w") if follows else None
        last = 0 if story is None else story.events[-1]["params"]["seq"]
        start = server.core.bus.handlers["query.start"]
        call = Call(principal=LOCAL).about(LOCAL.owner)
        asked = QueryStartParams(query="x", session_id=story.session_id if story else None)
        result = await start(call, asked)
        session_id = result.session_id
        seen = len(looks)
        await until_true(lambda: len(looks) > seen + 20, DEADLINE_SECONDS)
        found = await one.call("session.events", session_id=session_id, after=last)
        assert [event["params"].get("status") for event in found["events"]] == ["queued", "running"]
        call.answered()
        await one.call("session.subscribe", session_id=session_id, after=last)
        assert await one.settled(session_id, after=last) == "completed"
        await until_true(lambda: not server.core.sessions.executor.active, DEADLINE_SECONDS)
        events = (await one.call("session.events", session_id=session_id, after=0))["events"]
        check_stream(events)
        told = [event["params"]["run_id"] for event in events if event["method"] == "query.result"]
        assert told.count(result.run_id) == 1
        # The place that it had is free, and its job is over.
        assert server.core.sessions.executor.executing == 0
        assert (await one.run("y", session_id=session_id)).status == "completed"


async def test_an_old_job_is_let_go_of_and_a_newer_one_stays(
    serve: Serve, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same session and node: what lets go of the old one may come to the database behind what was told since."""
    # Nobody gives it another one meanwhile.
    monkeypatch.setattr(keeping, "LOST_SECONDS", 3600.0)
    gate = Event()

    async def waits(state: State) -> State:
        await gate.wait()
        return {}

    def jobs() -> int:
        with psycopg.connect(database) as connection:
            row = connection.execute(
                "SELECT count(*) FROM stepwire_sessions.procrastinate_jobs"
            ).fetchone()
            return row[0] if row else 0

    async with serve(chain(waits), database=database) as server, peer(server.url) as one:
        one.deadline = DEADLINE_SECONDS
        started = await one.call("query.start", query="x")
        session_id = started["session_id"]
        await one.until(lambda: one.of(session_id, "node.started"), "the node")
        executor: Any = server.core.sessions.executor
        held = executor.jobs[session_id].held
        drop = executor.jobs_in_line.drop
        await anyio.to_thread.run_sync(drop, session_id, executor.worker, held - 1)
        assert await anyio.to_thread.run_sync(jobs) == 1
        await anyio.to_thread.run_sync(drop, session_id, executor.worker, held)
        assert await anyio.to_thread.run_sync(jobs) == 0
        gate.set()
        assert await one.settled(session_id) == "completed"
