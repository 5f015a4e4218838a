"""A run that kills the server is found, alone, and ends it three times at most; the others are done no harm."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import WebSocketException

from tests.conftest import StartServer
from tests.support.journal import journal_of
from tests.support.peer import SETTLED, peer
from tests.support.server_process import ServerProcess
from tests.support.stream_rules import check_stream

GRAPHS = "tests/support/bad_graphs.py"
NAMES = ("on_loop", "threaded", "nested", "calling", "calling_sync", "tools")
SECONDS = 150
MANY = "STEPWIRE_TEST_KILLS" in os.environ
"""All kinds, which `make faults` tries; else one."""


@pytest.fixture
def bad(server: StartServer, tmp_path: Path) -> ServerProcess:
    """A server of `bad_graphs`, not started."""
    return server(
        *(f"{name}={GRAPHS}:{name}" for name in NAMES),
        settings={"synchronous": "normal", "shutdown_grace_seconds": 0.3},
        env={"FAULT_FOLDER": str(tmp_path)},
        start=False,
    )


def statuses(events: list[Any]) -> list[str]:
    return [one["params"]["status"] for one in events if one["method"] == "session.status"]


async def told(process: ServerProcess, session_id: str) -> list[Any]:
    """All events of a session until it rests, over as many deaths of the server as there are."""
    seen: list[Any] = []
    async with asyncio.timeout(SECONDS):
        while True:
            with suppress(WebSocketException, OSError, AssertionError):
                async with peer(process.url, open_timeout=60) as one:
                    await one.call("session.subscribe", session_id=session_id, after=len(seen))
                    try:
                        await one.until(lambda o=one: rests(o.of(session_id)))
                    finally:
                        seen += one.of(session_id)
            if rests(seen):
                return seen


def rests(events: list[Any]) -> bool:
    return statuses(events)[-1:] != [] and statuses(events)[-1] in SETTLED


def recovered(events: list[Any]) -> list[dict[str, Any]]:
    return [one["params"] for one in events if one["method"] == "session.recovered"]


@pytest.mark.parametrize(
    ("query", "graph", "node"),
    [
        ("segfault", "calling", "node/node"),
        *([("die 0", "threaded", "node"), ("die 3", "nested", "node/node")] if MANY else []),
    ],
)
async def test_the_poison_among_innocents(
    bad: ServerProcess, tmp_path: Path, query: str, graph: str, node: str
) -> None:
    bad.supervised = True
    bad.start()
    async with peer(bad.url) as one:
        innocents = []
        for name, depth in (("on_loop", 1), ("nested", 2)):
            started = await one.call("query.start", query="await go", graph=name)
            innocents.append(started["session_id"])
            # The innermost one: who begins last is suspected first.
            await one.event(started["session_id"], "node.started", depth)
        poison = (await one.call("query.start", query=query, graph=graph))["session_id"]
    events = await told(bad, poison)
    check_stream(events)
    (failed,) = [one["params"]["error"] for one in events if one["method"] == "query.failed"]
    assert failed["type"] == "server_died"
    assert f"the server died 3 times while it ran in {node};" in failed["message"]
    assert failed["node"] == node
    told_of = [(one["reason"], one["deaths"]) for one in recovered(events)]
    assert told_of == [("restart", 1), ("restart", 2)], bad.output
    assert len(bad.said("it is started again")) == 3
    # Nobody else is held up by then, and nobody suffered.
    async with peer(bad.url) as one:
        assert (await one.run("fine")).status == "completed"
    (tmp_path / "go").touch()
    for session_id in innocents:
        events = await told(bad, session_id)
        check_stream(events)
        assert statuses(events)[-1] == "completed"
        assert max(one["deaths"] for one in recovered(events)) <= 2
    assert journal_of(tmp_path).count(query) == 3


async def test_what_was_meant_to_end_counts_nothing_and_a_failed_run_goes_on(
    bad: ServerProcess, tmp_path: Path
) -> None:
    """Without a supervisor a death is what no stop preceded."""
    bad.settings["recover_limit"] = 2
    bad.start()
    async with peer(bad.url) as one:
        session_id = (await one.call("query.start", query="await go"))["session_id"]
        await one.event(session_id, "node.started")
    for number, end in enumerate((bad.stop, bad.kill9, bad.kill9), 1):
        await asyncio.to_thread(end)
        bad.restart()
        async with peer(bad.url) as one:
            await one.call("session.subscribe", session_id=session_id)
            if number < 3:
                again = await one.event(session_id, "session.recovered", number)
                assert again["deaths"] == number - 1
            else:
                assert await one.settled(session_id) == "failed"
                (failed,) = one.of(session_id, "query.failed")
                assert failed["params"]["error"]["type"] == "server_died"
                (tmp_path / "go").touch()
                after = one.of(session_id)[-1]["params"]["seq"]
                await one.call("query.resume", session_id=session_id)
                assert await one.settled(session_id, after=after) == "completed"
                check_stream(one.events[session_id])


async def test_a_supervisor_that_is_killed_accuses_nobody(
    bad: ServerProcess, tmp_path: Path
) -> None:
    """A power cut, or `kill -9` of it all: no run did that."""
    bad.supervised = True
    bad.settings["recover_limit"] = 1
    bad.start()
    async with peer(bad.url) as one:
        session_id = (await one.call("query.start", query="await go"))["session_id"]
        await one.event(session_id, "node.started")
    await asyncio.to_thread(bad.kill9)
    bad.restart()
    (tmp_path / "go").touch()
    events = await told(bad, session_id)
    assert statuses(events)[-1] == "completed"
    assert [one["deaths"] for one in recovered(events)] == [0]


async def test_who_was_not_alone_is_not_convicted_and_is_alone_the_next_time(
    bad: ServerProcess, tmp_path: Path
) -> None:
    """Each time another one kills the server: one that has run all the while is innocent."""
    bad.entry = ["tests.support.patient_server"]
    bad.supervised = True
    bad.settings["recover_limit"] = 2
    bad.start()
    async with peer(bad.url) as one:
        innocent = (await one.call("query.start", query="await go"))["session_id"]
        await one.event(innocent, "node.started")
        first = (await one.call("query.start", query="die 1 once", graph="threaded"))["session_id"]
        await one.until(lambda o=one: o.closed)
    await told(bad, first)
    async with peer(bad.url) as one:
        other = (await one.call("query.start", query="die 2 once", graph="threaded"))["session_id"]
        await one.until(lambda o=one: o.closed)
    async with peer(bad.url, open_timeout=60) as one:
        await one.call("session.subscribe", session_id=innocent)
        assert (await one.event(innocent, "session.recovered", 2))["deaths"] == 2
        # It is alone: what waits to go on waits, and what is new stands in line.
        new = (await one.call("query.start", query="fine"))["session_id"]
        assert (await one.call("session.get", session_id=new))["status"] == "queued"
        await one.call("session.subscribe", session_id=other)
        assert one.of(other, "session.recovered") == []
        (tmp_path / "go").touch()
        for session_id in (innocent, other, new):
            assert await one.settled(session_id) == "completed"
