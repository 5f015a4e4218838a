"""Versions beside each other: a newer one changes the schema while an older one serves; one that is too old says so and ends."""

import asyncio

import pytest

from rpc.cli import exits
from rpc.storage.postgres.schema import COMPATIBLE, VERSION
from tests.cluster.conftest import Cluster
from tests.cluster.test_takeover import held, reasons
from tests.support.peer import peer
from tests.support.stream_rules import check_stream

NEWER = ["tests.support.newer_node"]


async def test_an_old_and_a_new_version_side_by_side(cluster: Cluster) -> None:
    """A rolling upgrade: a run of the old one is under way while the new one comes, goes on there, and the old one may come back."""
    old = cluster.node("looping", shutdown_grace_seconds=0.1)
    async with peer(old.url) as one:
        one.deadline = 60
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await held(one, session_id)
        new = await asyncio.to_thread(cluster.node, "looping", entry=NEWER)
        assert cluster.rows("SELECT max(schema) FROM versions") == [(VERSION + 1,)]
        # Both work on it: what is asked of the old one now is stored, and read by the new one.
        beside = (await one.call("query.start", query="y"))["session_id"]
        await held(one, beside)
        async with peer(new.url) as two:
            two.deadline = 60
            for each in (session_id, beside):
                await two.call("session.subscribe", session_id=each, after=0)
            await asyncio.to_thread(old.stop)
            await two.event(session_id, "session.recovered")
            cluster.let_go()
            for each in (session_id, beside):
                assert await two.settled(each) == "completed"
                check_stream(two.of(each))
                assert reasons(two, each) == ["restart"]
    again = await asyncio.to_thread(cluster.node, "looping")
    async with peer(again.url) as one:
        one.deadline = 60
        story = await one.run("z")
        assert story.status == "completed"
        assert (await one.call("session.get", session_id=session_id))["status"] == "completed"


async def test_a_node_that_is_too_old(cluster: Cluster) -> None:
    """It says so and ends, and nothing of the database is touched."""
    cluster.node("several").stop()
    cluster.rows(
        f"INSERT INTO versions (schema, compatible) VALUES ({VERSION + 2}, {VERSION + 1}) RETURNING 1"
    )
    with pytest.raises(RuntimeError, match="newer version") as ended:
        cluster.node("several")
    assert f"this one has {VERSION}" in str(ended.value)
    process = cluster.nodes[-1].process
    assert process is not None
    assert process.poll() == exits.USAGE
    assert cluster.rows("SELECT max(schema) FROM versions") == [(VERSION + 2,)]
    cluster.rows(f"DELETE FROM versions WHERE schema = {VERSION + 2} RETURNING 1")


async def test_a_node_that_becomes_too_old(cluster: Cluster) -> None:
    """It runs when a newer version ends what it could work on: it says so and ends for good, and what it ran goes on elsewhere."""
    old = await asyncio.to_thread(cluster.node, "looping", supervised=True)
    async with peer(old.url) as one:
        one.deadline = 120
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await held(one, session_id)
    new = await asyncio.to_thread(cluster.node, "looping", entry=NEWER)
    async with peer(new.url) as two:
        two.deadline = 120
        await two.call("session.subscribe", session_id=session_id, after=0)
        try:
            cluster.rows(
                f"UPDATE versions SET compatible = {VERSION + 1} WHERE schema = {VERSION + 1} RETURNING 1"
            )
            assert old.process is not None
            assert await asyncio.to_thread(old.process.wait, 120) == exits.USAGE
            await asyncio.to_thread(old.wait_for, f"needs schema {VERSION + 1} or newer")
            await two.event(session_id, "session.recovered")
            cluster.let_go()
            assert await two.settled(session_id) == "completed"
            check_stream(two.of(session_id))
            assert reasons(two, session_id) == ["restart"]
            assert (await two.run("y")).status == "completed"
            with pytest.raises(RuntimeError, match="newer version"):
                await asyncio.to_thread(old.restart)
        finally:
            cluster.rows(
                f"UPDATE versions SET compatible = {COMPATIBLE} WHERE schema = {VERSION + 1} RETURNING 1"
            )
