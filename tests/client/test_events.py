"""Events: each once and in order, whatever happens to the connection or to its reader."""

import asyncio
import random

import pytest

from rpc.client import RpcError, connect
from tests.support.proxy import Proxy
from tests.support.server_process import ServerProcess

DEADLINE = 240.0
"""Of all that one test does: a server that is killed meanwhile has to start again."""


async def test_run_gives_the_runs_events_to_its_end(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        events = [event async for event in client.run("2")]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.data["data"]["number"] for event in events if event.type == "progress"] == [0, 1]
    assert events[-1].type == "session.status"
    assert events[-1].data == {"status": "completed", "previous": "running"}
    assert len({(event.session_id, event.run_id) for event in events}) == 1


@pytest.mark.parametrize("seed", range(4))
async def test_cut_anywhere_no_event_is_lost_or_repeated(running: ServerProcess, seed: int) -> None:
    chance = random.Random(seed)
    cuts = [chance.randrange(1, 120_000) for _ in range(25)]
    async with Proxy(running.port, cuts) as proxy, connect(proxy.url) as client:
        async with asyncio.timeout(DEADLINE):
            events = [event async for event in client.run("10000")]
        assert proxy.connections > 3
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    numbers = [event.data["data"]["number"] for event in events if event.type == "progress"]
    assert numbers == list(range(10_000))


async def test_a_server_killed_and_started_again_goes_on_without_a_gap(
    running: ServerProcess,
) -> None:
    async with connect(running.url) as client:
        started = await client.start("x", graph="hangs")
        seqs: list[int] = []
        async with asyncio.timeout(DEADLINE):
            async for event in client.events(started.session_id):
                seqs.append(event.seq)
                if event.type == "progress":
                    break
            running.kill9()
            await asyncio.to_thread(running.restart)
            async for event in client.follow(started.session_id, after=seqs[-1]):
                seqs.append(event.seq)
                if event.type == "progress":
                    await client.cancel(started.session_id)
        assert event.data["status"] == "cancelled"
    assert seqs == list(range(1, len(seqs) + 1))


async def test_a_slow_reader_is_given_up_and_taken_up_again_without_loss(
    running: ServerProcess,
) -> None:
    async with connect(running.url, buffer_bytes=20_000) as client:
        started = await client.start("5000")
        seqs: list[int] = []
        async with asyncio.timeout(DEADLINE):
            async for event in client.follow(started.session_id):
                seqs.append(event.seq)
                if len(seqs) in (1, 2000, 4000):
                    # The reader is busy: others' calls are answered all the same.
                    while (await client.session(started.session_id)).status != "completed":
                        pass
                    assert (await client.call("server.info"))["name"] == "stepwire"
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) > 5000


async def test_two_readers_of_one_session_both_see_all(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        started = await client.start("2000")

        async def read() -> list[int]:
            return [event.seq async for event in client.follow(started.session_id)]

        async with asyncio.timeout(DEADLINE):
            first, second = await asyncio.gather(read(), read())
    assert first == second == list(range(1, len(first) + 1))


async def test_a_reader_may_begin_anywhere(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        all_of_it = [event.seq async for event in client.run("20")]
        session_id = (await client.sessions(limit=1)).sessions[0].session_id
        rest = [event.seq async for event in client.follow(session_id, after=7)]
    assert rest == all_of_it[7:]


async def test_only_wanted_types_come(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        started = await client.start("5")
        wanted = ["progress", "session.status"]
        seen = []
        async with asyncio.timeout(DEADLINE):
            async for event in client.events(started.session_id, types=wanted):
                seen.append(event.type)
                if event.type == "session.status" and event.data["status"] == "completed":
                    break
    assert set(seen) == set(wanted)
    assert seen.count("progress") == 5


async def test_a_question_ends_run_and_an_answer_goes_on(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        seqs = []
        async for event in client.run("x", graph="asks"):
            seqs.append(event.seq)
        for answer in ("blue", "yes"):
            assert event.data["status"] == "waiting"
            await client.respond(event.session_id, answer)
            follow = client.follow(event.session_id, after=event.seq, run_id=event.run_id)
            async for event in follow:
                seqs.append(event.seq)
        assert (await client.session(event.session_id)).result["answer"] == "blue yes"
    assert seqs == list(range(1, len(seqs) + 1))


async def test_a_follow_up_gives_only_its_own_events(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        first = [event async for event in client.run("1")]
        second = [event async for event in client.run("2", session_id=first[-1].session_id)]
    assert second[0].seq == first[-1].seq + 1
    assert {event.run_id for event in second}.isdisjoint(event.run_id for event in first)


async def test_a_failure_is_the_runs_last_words(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        events = [event async for event in client.run("luck", graph="fails")]
    assert events[-1].data["status"] == "failed"
    failed = next(event for event in events if event.type == "query.failed")
    assert failed.data["error"]["type"] == "ValueError"
    assert failed.data["error"]["message"] == "no luck"


async def test_an_unknown_session_has_no_events(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        with pytest.raises(RpcError, match="nobody"):
            async for _ in client.events("nobody"):
                pass


async def test_many_readers_on_one_client(running: ServerProcess) -> None:
    async with connect(running.url) as client:

        async def one(count: int) -> int:
            seqs = [event.seq async for event in client.run(str(count))]
            assert seqs == list(range(1, len(seqs) + 1))
            return len(seqs)

        async with asyncio.timeout(DEADLINE):
            lengths = await asyncio.gather(*(one(50) for _ in range(40)))
    assert len(set(lengths)) == 1


async def test_a_deleted_sessions_events_end(running: ServerProcess) -> None:
    """Who watches a session that somebody else deletes would wait for ever."""
    async with connect(running.url) as client, connect(running.url) as other:
        started = await client.start("go", graph="fails")
        seen = [event async for event in client.follow(started.session_id)]
        watching = client.events(started.session_id, after=seen[-2].seq)
        async with asyncio.timeout(DEADLINE):
            assert (await anext(watching)).seq == seen[-1].seq
            await other.delete(started.session_id)
            last = await anext(watching)
        assert (last.type, last.seq) == ("session.deleted", seen[-1].seq + 1)
        assert last.data == {"reason": "request"}
        with pytest.raises(StopAsyncIteration):
            await anext(watching)
