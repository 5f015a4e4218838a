"""Webhooks, over the network. A user would lose: the news that a run is over, or a server that calls for ever."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from protocol.langgraph import WEBHOOK_FIELDS
from tests.langgraph_api.conftest import PROJECT
from tests.langgraph_api.sdk import sdk_at
from tests.support.polling import until_true
from tests.support.server_process import ServerProcess

GATED = "gated=tests/langgraph_api/graphs.py:gated"
TRIES = 3


class Receiver:
    """Answers each call with the next status; never, where that is 0 or there is none left. `bodies`: of all calls."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.bodies: list[Any] = []
        self.url = ""

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One call."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        self.bodies.append(json.decode(await reader.readexactly(length)))
        status = self.statuses.pop(0) if self.statuses else 0
        if status:
            location = "location: /elsewhere\r\n"
            writer.write(f"HTTP/1.1 {status} So\r\n{location}content-length: 0\r\n\r\n".encode())
            await writer.drain()
        else:
            # Until the caller has had enough.
            await reader.read()
        writer.close()


@asynccontextmanager
async def receiver(*statuses: int) -> AsyncIterator[Receiver]:
    """One that listens."""
    found = Receiver(*statuses)
    async with await asyncio.start_server(found.take, "127.0.0.1", 0) as listening:
        found.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/done"
        yield found


@pytest.fixture
async def calling(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server that may call this machine."""
    process = ServerProcess([GATED, "--set", "webhook_hosts=127.0.0.1"], tmp_path / "data")
    await asyncio.to_thread(process.start)
    yield process
    await asyncio.to_thread(process.close)


@pytest.mark.timeout(300)
async def test_a_webhook_is_tried_again_and_given_up(
    calling: ServerProcess, tmp_path: Path
) -> None:
    """One that is ill for a while is told; the calls of one that stays so are counted, and what came of them is logged with the run."""
    open_gate = tmp_path / "open"
    open_gate.touch()
    async with (
        sdk_at(calling) as sdk,
        receiver(500, 503, 204) as ill,
        receiver() as silent,
        receiver(404) as lost,
        receiver(302) as moved,
        receiver(500, 500, 502) as broken,
    ):
        hooks = [ill, silent, lost, moved, broken]
        runs = []
        for hook in hooks:
            thread = (await sdk.threads.create())["thread_id"]
            asked = {"file": str(open_gate)}
            run = await sdk.runs.create(thread, "gated", input=asked, webhook=hook.url)
            runs.append(run["run_id"])
            assert await sdk.runs.join(thread, run["run_id"]) == {**asked, "done": True}
        for run_id, came in (
            (runs[1], f"given up after {TRIES} tries: cannot be reached: no answer within 10 s"),
            (runs[2], "answered 404"),
            (runs[3], "answered 302"),
            (runs[4], f"given up after {TRIES} tries: answered 502"),
        ):
            said = f"run {run_id}: its webhook {'is ' if 'given' in came else ''}{came}"
            await asyncio.to_thread(calling.wait_for, said)
        for hook, run_id, calls in zip(hooks, runs, (3, 3, 1, 1, 3), strict=True):
            # A call that the server has given up may be taken a little later.
            await until_true(lambda hook=hook, calls=calls: len(hook.bodies) == calls)
            assert {(one["run_id"], one["status"]) for one in hook.bodies} == {(run_id, "success")}
            assert all(one["values"]["done"] is True for one in hook.bodies)
        assert calling.said(f"run {runs[0]}: its webhook answered 500")
        assert calling.said(f"run {runs[0]}: its webhook answered 503")
        assert not calling.said(f"run {runs[0]}: its webhook is given up")


@pytest.mark.timeout(240)
async def test_a_run_that_ends_after_a_restart_tells_its_webhook(
    calling: ServerProcess, tmp_path: Path
) -> None:
    """Once, by the server that ends it."""
    file = tmp_path / "go"
    async with sdk_at(calling) as sdk, receiver(204, 204) as hook:
        thread = (await sdk.threads.create())["thread_id"]
        run = await sdk.runs.create(thread, "gated", input={"file": str(file)}, webhook=hook.url)
        await asyncio.to_thread(calling.kill9)
        await asyncio.to_thread(calling.restart)
        file.touch()
        assert (await sdk.runs.join(thread, run["run_id"]))["done"] is True
        await until_true(lambda: len(hook.bodies) == 1, 90)
        assert hook.bodies[0]["run_id"] == run["run_id"]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("fields", [None, ["run_id", "status", "error"]])
async def test_a_run_that_fails_tells_its_webhook_why(
    tmp_path: Path, fields: list[str] | None
) -> None:
    """And when; nothing but what its project lets it tell."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(PROJECT / "graphs.py", folder / "graphs.py")
    given = {"graphs": {"broken": "./graphs.py:broken"}, "webhooks": {"allowed_fields": fields}}
    (folder / "langgraph.json").write_bytes(json.encode(given))
    server = ServerProcess(["--set", "webhook_hosts=127.0.0.1"], tmp_path / "data", cwd=folder)
    await asyncio.to_thread(server.start)
    try:
        async with sdk_at(server) as sdk, receiver(204) as hook:
            thread = (await sdk.threads.create())["thread_id"]
            asked = {"seconds": 1}
            run = await sdk.runs.create(thread, "broken", input=asked, webhook=hook.url)
            await until_true(lambda: len(hook.bodies) == 1, 90)
    finally:
        await asyncio.to_thread(server.close)
    (told,) = hook.bodies
    assert (told["run_id"], told["status"]) == (run["run_id"], "error")
    assert told["error"] == {"error": "ValueError", "message": "this is wrong"}
    if fields is not None:
        assert sorted(told) == sorted(fields)
        return
    assert set(WEBHOOK_FIELDS) <= set(told)
    assert told["values"] == asked
    times = [told[f"{name}_at"] for name in ("created", "run_started", "run_ended", "webhook_sent")]
    assert times == sorted(times)
    assert None not in times


def due(server: ServerProcess) -> int:
    """Of how many runs something is to follow their end."""
    with closing(sqlite3.connect(server.data_dir / "stepwire.db")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM aftermaths").fetchone()
    return int(count)


async def killed(server: ServerProcess) -> None:
    """It ends as by a power cut, and is started again."""
    await asyncio.to_thread(server.kill9)
    await asyncio.to_thread(server.restart)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("end", ["kill9", "stop"])
async def test_a_webhook_that_was_cut_off_is_called_by_the_next_server(
    calling: ServerProcess, tmp_path: Path, end: str
) -> None:
    """However the one before ended; once it has answered, nothing is due any more."""
    open_gate = tmp_path / "open"
    open_gate.touch()
    async with sdk_at(calling) as sdk, receiver(0, 204) as hook:
        thread = (await sdk.threads.create())["thread_id"]
        asked = {"file": str(open_gate)}
        run = await sdk.runs.create(thread, "gated", input=asked, webhook=hook.url)
        await until_true(lambda: len(hook.bodies) == 1, 90)
        await asyncio.to_thread(getattr(calling, end))
        await asyncio.to_thread(calling.restart)
        await until_true(lambda: len(hook.bodies) >= 2 and not hook.statuses, 90)
        assert {(one["run_id"], one["status"]) for one in hook.bodies} == {
            (run["run_id"], "success")
        }
        assert hook.bodies[0]["values"] == hook.bodies[-1]["values"] == {**asked, "done": True}
        await until_true(lambda: due(calling) == 0, 90)


@pytest.mark.timeout(400)
async def test_a_webhook_that_ends_its_servers_is_given_up(
    calling: ServerProcess, tmp_path: Path
) -> None:
    """After three of them."""
    open_gate = tmp_path / "open"
    open_gate.touch()
    async with sdk_at(calling) as sdk, receiver() as hook:
        thread = (await sdk.threads.create())["thread_id"]
        asked = {"file": str(open_gate)}
        run = await sdk.runs.create(thread, "gated", input=asked, webhook=hook.url)
        for _ in range(TRIES):
            before = len(hook.bodies)
            await until_true(lambda before=before: len(hook.bodies) > before, 90)
            await killed(calling)
        said = (
            f"run {run['run_id']}: its webhook is given up: each server that called it has stopped"
        )
        await asyncio.to_thread(calling.wait_for, said)
        await until_true(lambda: due(calling) == 0, 90)


@pytest.mark.timeout(300)
async def test_a_run_that_is_cancelled_in_line_tells_its_webhook(
    calling: ServerProcess, tmp_path: Path
) -> None:
    """No server has advanced it."""
    async with sdk_at(calling) as sdk, receiver(204) as hook:
        thread = (await sdk.threads.create())["thread_id"]
        asked = {"file": str(tmp_path / "never")}
        first = await sdk.runs.create(thread, "gated", input=asked)
        second = await sdk.runs.create(thread, "gated", input=asked, webhook=hook.url)
        await sdk.runs.cancel(thread, second["run_id"])
        await until_true(lambda: len(hook.bodies) == 1, 120)
        assert (hook.bodies[0]["run_id"], hook.bodies[0]["status"]) == (
            second["run_id"],
            "interrupted",
        )
        await sdk.runs.cancel(thread, first["run_id"], wait=True)


@pytest.mark.timeout(300)
async def test_the_thread_of_a_run_without_one_is_removed_by_the_next_server(
    calling: ServerProcess, tmp_path: Path
) -> None:
    """Nobody read the run's end, and its server was killed before it removed it."""
    open_gate = tmp_path / "open"
    open_gate.touch()
    async with sdk_at(calling) as sdk:
        mark = {"mark": str(tmp_path)}
        await sdk.runs.create(None, "gated", input={"file": str(open_gate)}, metadata=mark)
        assert due(calling) == 1
        await killed(calling)
        # It is removed with its thread, half a minute after that is found.
        await until_true(lambda: due(calling) == 0, 200)
        assert await sdk.threads.count(metadata=mark) == 0
