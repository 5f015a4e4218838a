"""Nodes tell each other what is new beside the commits, and need nobody's word: a user would lose commits that follow each other one by
one, or a cancellation, an answer, a pause whose word was lost.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from rpc.sessions.cluster import hearing, taking
from rpc.storage.cluster import Note
from tests.cluster.conftest import Cluster
from tests.cluster.test_takeover import held
from tests.support.peer import Peer, peer
from tests.support.polling import until_true
from tests.support.stream_rules import check_stream

LOCK = "locktype = 'object' AND classid = 'pg_database'::regclass AND objid = 0"
"""What PostgreSQL locks, in `pg_locks`, for a transaction with NOTIFY, from its commit's begin to its end."""

NOTHING_IS_SHORT = 120.0


def local(cluster: Cluster) -> str:
    """The database's address, for nodes whose commits wait for no standby."""
    return f"{cluster.database}&options=-csynchronous_commit%3Dlocal"


@asynccontextmanager
async def nobody_is_told(cluster: Cluster) -> AsyncIterator[None]:
    """Meanwhile nothing that has NOTIFY in it is committed: the lock for it is that of a commit that waits for a standby that is not there."""
    import psycopg

    server = cluster.postgres.url()
    over = threading.Event()

    def keep() -> None:
        with psycopg.connect(server, autocommit=True, application_name="keeper") as keeper:
            while not over.is_set():
                keeper.execute(
                    "SELECT pg_notify('nobody', ''), pg_logical_emit_message(true, 'nobody', '')"
                )

    def standby(setting: str) -> None:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"ALTER SYSTEM {setting}".encode())
            admin.execute("SELECT pg_reload_conf()")

    def is_kept() -> bool:
        keepers = "SELECT pid FROM pg_stat_activity WHERE application_name = 'keeper' AND wait_event = 'SyncRep'"
        locked = f"SELECT count(*) FROM pg_locks WHERE {LOCK} AND granted AND pid IN ({keepers})"
        return bool(cluster.rows(locked)[0][0])

    standby("SET synchronous_standby_names = 'nobody'")
    keeping = threading.Thread(target=keep)
    keeping.start()
    try:
        await until_true(is_kept, NOTHING_IS_SHORT)
        yield
        assert is_kept()
    finally:
        over.set()
        standby("RESET synchronous_standby_names")
        await asyncio.to_thread(keeping.join)


async def test_what_is_told_is_in_no_commit(cluster: Cluster) -> None:
    """Commits go on while nothing can be told; and what came up meanwhile is told at once, however many commits it was of."""
    import psycopg

    from rpc.storage.postgres.bell import CHANNEL

    runs = cluster.node("several", max_running=50, database=local(cluster))
    cluster.node("several", role="api")
    ids: list[str] = []
    told: list[Note] = []
    listening = await psycopg.AsyncConnection.connect(cluster.database, autocommit=True)
    async with listening, peer(runs.url) as one:
        one.deadline = NOTHING_IS_SHORT
        await listening.execute(f"LISTEN {CHANNEL}".encode())
        async with nobody_is_told(cluster):
            waits = False
            while len(ids) < 10 or not waits:
                ids.append((await one.run(f"q{len(ids)}")).session_id)
                waits = waits or bool(
                    cluster.rows(f"SELECT 1 FROM pg_locks WHERE {LOCK} AND NOT granted")
                )
            ((commits,),) = cluster.rows("SELECT count(DISTINCT xmin::text) FROM events")
        last = (await one.run("last")).session_id
        async with asyncio.timeout(NOTHING_IS_SHORT):
            async for notice in listening.notifies():
                told.append(msgspec.json.decode(notice.payload, type=Note))
                if last in told[-1].events:
                    break
    # One that was on its way as long, and one with all that there was to tell when it had gone.
    assert sum(bool(note.events.keys() & ids) for note in told) <= 2
    assert commits >= len(ids)


async def paused(one: Peer, session_id: str, times: int) -> None:
    """Wait until it has stopped so often."""
    await one.event(session_id, "debug.stopped", times)
    last = one.of(session_id, "debug.stopped")[-1]["params"]["seq"]
    assert await one.settled(session_id, after=last - 1) == "paused"


async def test_what_nobody_was_told_is_found(cluster: Cluster) -> None:
    """A start, answers, a cancellation, all that a debugger asks for: by who runs the session, and what came of it by who asks."""
    assert (hearing.POLL_SECONDS, taking.POLL_SECONDS) == (1.0, 1.0)
    database = local(cluster)
    cluster.node("asking", "turning", role="worker", database=database)
    api = cluster.node("asking", "turning", role="api", database=database)
    async with peer(api.url) as one, nobody_is_told(cluster):
        one.deadline = NOTHING_IS_SHORT

        async def asked(method: str, session_id: str, **params: Any) -> Any:
            return await one.call(method, session_id=session_id, **params)

        turns = (await one.call("query.start", query="x", graph="turning"))["session_id"]
        asks = (await one.call("query.start", query="y", graph="asking"))["session_id"]
        await one.event(turns, "progress")
        await asked("debug.attach", turns)
        await asked("debug.pause", turns)
        await paused(one, turns, 1)
        await asked("debug.setState", turns, values={"n": 1_000_000})
        await asked("debug.continue", turns)

        def edited() -> bool:
            return one.of(turns, "progress")[-1]["params"]["data"] > 1_000_000

        await one.until(edited, "a step behind the edit")
        await asked("debug.setBreakpoint", turns, node_name="turn")
        await paused(one, turns, 2)
        await asked("debug.step", turns)
        await paused(one, turns, 3)
        await asked("debug.removeBreakpoint", turns, node_name="turn")
        seen = len(one.of(turns, "progress"))
        await asked("debug.continue", turns)
        await one.until(lambda: len(one.of(turns, "progress")) > seen, "a step behind the stop")
        await asked("query.cancel", turns)
        last = one.of(turns)[-1]["params"]["seq"]
        status = one.of(turns, "session.status")[-1]["params"]["status"]
        if status != "cancelled":
            assert await one.settled(turns, after=last) == "cancelled"

        assert await one.settled(asks) == "waiting"
        await asked("query.respond", asks, value="Ada")
        await held(one, asks)
        cluster.let_go()
        await one.event(asks, "input.requested", 2)
        last = one.of(asks, "input.requested")[-1]["params"]["seq"]
        assert await one.settled(asks, after=last) == "waiting"
        last = one.of(asks, "session.status")[-1]["params"]["seq"]
        await asked("query.respond", asks, value=36)
        assert await one.settled(asks, after=last) == "completed"
        for each in (turns, asks):
            # While it runs on the one, the other tells what a debugger has asked for.
            check_stream(one.of(each), one_node=False)
