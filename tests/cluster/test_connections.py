"""Long-lived connections are few, and each is bounded: a user would lose a database whose connections are used up, or held for ever."""

import asyncio
import os
from contextlib import AsyncExitStack

from websockets.asyncio.client import connect

from tests.cluster.conftest import Cluster
from tests.cluster.test_takeover import held, reasons
from tests.support.peer import Peer, peer

SOCKETS = 3000 if "STEPWIRE_TEST_CLUSTER_SESSIONS" in os.environ else 300
POOL = 10

OPEN = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'stepwire %' AND datname = current_database()"


async def test_idle_sockets_use_no_connection(cluster: Cluster) -> None:
    """However many there are; and while many ask at once, a node has its pool's and one that listens."""
    limits = {"max_connections": SOCKETS + 100, "max_connections_per_address": SOCKETS + 100}
    node = cluster.node("steps", pool_size=POOL, max_running=16, **limits)
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(peer(node.url))
        one.deadline = 120
        for _ in range(0, SOCKETS, 100):
            opened = [connect(node.url, proxy=None, ping_interval=None) for _ in range(100)]
            for socket in await asyncio.gather(*opened):
                stack.push_async_callback(socket.close)
        assert (await one.call("graph.list"))["graphs"]
        assert cluster.rows(OPEN)[0][0] <= POOL + 1
        started = await asyncio.gather(*(one.call("query.start", query=f"q{n}") for n in range(30)))
        ends = [asyncio.create_task(one.settled(each["session_id"])) for each in started]
        most = 0
        while not all(end.done() for end in ends):
            looks = [one.call("session.list", limit=5) for _ in range(10)]
            await asyncio.gather(*looks)
            most = max(most, (await asyncio.to_thread(cluster.rows, OPEN))[0][0])
        assert {end.result() for end in ends} == {"completed"}
        assert 0 < most <= POOL + 1


async def test_no_connection_waits_for_ever(cluster: Cluster) -> None:
    """Statements, locks and what is left open end by themselves, and a peer that is gone is noticed: on every connection."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    from rpc.engine.graphs.memory import shared_graph_memory
    from rpc.storage.postgres import connecting

    address = connecting.with_defaults(cluster.database)
    given = conninfo_to_dict(address)
    for name in ("connect_timeout", "keepalives_idle", "keepalives_interval", "tcp_user_timeout"):
        assert int(given[name]) > 0
    # What the address says itself stays.
    assert (
        conninfo_to_dict(connecting.with_defaults(f"{address} keepalives_idle=77"))[
            "keepalives_idle"
        ]
        == "77"
    )
    wanted = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")

    def bounded(connection: "psycopg.Connection[tuple[str, ...]]") -> bool:
        found = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in wanted]
        return all(row is not None and row[0] != "0" for row in found)

    with connecting.connect(address) as connection:
        assert bounded(connection)
    pool = connecting.pool(address, 2)
    pool.open()
    with pool.connection() as connection:
        assert bounded(connection)
    pool.close()
    async with shared_graph_memory(cluster.database, None, ["$"]) as memory:
        await memory.aput(("a",), "k", {"n": 1})
        async with memory.pool.connection() as used:
            for name in wanted:
                row = await (await used.execute(f"SHOW {name}".encode())).fetchone()
                assert row[name] != "0", name


async def test_who_searches_for_long_makes_no_node_look_dead(cluster: Cluster) -> None:
    """All connections that read wait for somebody; that it lives is said on another one."""
    import psycopg

    node = cluster.node("looping", pool_size=6)
    cluster.node("looping", role="api")
    beats = "SELECT max(seen_at)::text FROM nodes WHERE role = 'all'"
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(peer(node.url))
        one.deadline = 120
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await held(one, session_id)
        askers = [await stack.enter_async_context(peer(node.url)) for _ in range(3)]
        with psycopg.connect(cluster.database) as other:
            other.execute("LOCK TABLE stepwire_sessions.session_texts IN ACCESS EXCLUSIVE MODE")

            async def search(asker: Peer) -> None:
                asker.deadline = 120
                while True:
                    await asker.answer("session.list", {"search": "x"})

            searching = [asyncio.create_task(search(asker)) for asker in askers]
            heard: set[str] = set()
            async with asyncio.timeout(120):
                while len(heard) < 8:
                    heard.add((await asyncio.to_thread(cluster.rows, beats))[0][0])
            for each in searching:
                each.cancel()
            await asyncio.gather(*searching, return_exceptions=True)
        cluster.let_go()
        assert await one.settled(session_id) == "completed"
        assert reasons(one, session_id) == []
    assert "cannot say that it lives" not in node.output
