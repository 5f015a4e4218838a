"""The connection that listens is lost and made again: a user would wait for ever for what was told meanwhile, or from then on."""

import asyncio
import threading

from rpc.storage.cluster import Note
from rpc.storage.postgres.bell import PostgresBell
from rpc.storage.postgres.connecting import named, pool, with_defaults
from tests.cluster.conftest import Cluster
from tests.cluster.test_faults import through
from tests.cluster.test_takeover import held, once, reasons
from tests.support.peer import peer
from tests.support.polling import until_true
from tests.support.proxy import Proxy
from tests.support.stream_rules import check_stream

UNLOOKING = ["tests.support.unlooking_node"]

LISTENERS = "pg_stat_activity WHERE query LIKE 'LISTEN %' AND application_name LIKE '% {}' AND datname = current_database()"


def listener(cluster: Cluster, node_id: str) -> int:
    """The process that serves the node's connection that listens."""
    cluster.until(f"SELECT count(*) FROM {LISTENERS.format(node_id)}", 1)
    ((pid,),) = cluster.rows(f"SELECT pid FROM {LISTENERS.format(node_id)}")
    return int(pid)


def kill(cluster: Cluster, pid: int) -> None:
    assert cluster.rows(f"SELECT pg_terminate_backend({pid})") == [(True,)]
    cluster.until(f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}", 0)


async def test_what_came_while_nobody_listened_is_found_and_what_comes_then_is_heard(
    cluster: Cluster,
) -> None:
    """The connection is ended by the database, and none can be made for a while; nobody looks by themselves."""
    async with Proxy(cluster.postgres.port, handshake=b"") as proxy:
        behind = through(proxy, cluster)
        await asyncio.to_thread(cluster.node, "looping", role="worker", entry=UNLOOKING)
        api = await asyncio.to_thread(
            cluster.node, "looping", role="api", entry=UNLOOKING, database=behind
        )
        ((name,),) = cluster.rows("SELECT id FROM nodes WHERE role = 'api'")
        async with peer(api.url) as one:
            one.deadline = 120
            session_id = (await one.call("query.start", query="x"))["session_id"]
            await held(one, session_id)
            pid = await asyncio.to_thread(listener, cluster, name)
            proxy.down = True
            await asyncio.to_thread(kill, cluster, pid)
            cluster.let_go()
            await asyncio.to_thread(
                cluster.until, f"SELECT status FROM sessions WHERE id = '{session_id}'", "completed"
            )
            proxy.down = False
            assert await one.settled(session_id) == "completed"
            assert await asyncio.to_thread(listener, cluster, name) != pid
            again = await one.run("y")
            assert again.status == "completed"
            for each in (session_id, again.session_id):
                check_stream(one.of(each))
                assert reasons(one, each) == []
            assert set(once(cluster, "x").values()) == {1}


async def test_a_connection_that_was_ended_is_made_again_each_time(cluster: Cluster) -> None:
    """Each time it says that something may have been missed, and hears what is told after that."""
    heard: list[Note | None] = []
    guard = threading.Lock()

    def hears(note: Note | None) -> None:
        with guard:
            heard.append(note)

    def missed() -> int:
        with guard:
            return heard.count(None)

    def told(session_id: str) -> bool:
        with guard:
            return any(note is not None and session_id in note.told for note in heard)

    address = with_defaults(cluster.database)
    with pool(address, 2) as connections:
        here = PostgresBell(named(address, "here"), connections, "here")
        there = PostgresBell(named(address, "there"), connections, "there")
        here.open(hears)
        there.open(lambda _: None)
        try:
            for times in range(1, 4):
                await until_true(lambda times=times: missed() == times, 120)
                there.ring(Note("there", told=[f"s{times}"]))
                await until_true(lambda times=times: told(f"s{times}"), 120)
                kill(cluster, listener(cluster, "here"))
            await until_true(lambda: missed() == 4, 120)
        finally:
            here.close()
            there.close()
