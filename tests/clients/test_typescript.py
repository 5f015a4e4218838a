"""The TypeScript client, in Node, against real servers: what a program would lose if it lost, repeated or reordered anything."""

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from rpc.sessions import upkeep
from tests.auth.test_tokens import create
from tests.clients.conftest import ROOT
from tests.clients.test_npm_clients import SCRIPTS
from tests.support import large_graphs
from tests.support.graphs import flood
from tests.support.in_process import Serve, serve
from tests.support.peer import peer
from tests.support.proxy import Proxy
from tests.support.server_process import ServerProcess

__all__ = ["serve"]

SOURCE = ROOT / "clients" / "typescript"
SECONDS = 100.0

Told = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="session")
def built(npm_package: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client as its package publishes it."""
    compiler = npm_package("typescript") / "bin/tsc"
    folder = tmp_path_factory.mktemp("typescript")
    (folder / "package.json").write_text((SOURCE / "package.json").read_text())
    done = subprocess.run(
        ["node", str(compiler), "-p", str(SOURCE), "--outDir", str(folder / "dist")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture
def told(built: Path, npm_package: Callable[[str], Path]) -> Told:
    """What a scenario of `typescript_client.mjs` tells."""
    npm_package("ws")

    async def run(scenario: str, started: Callable[[], None] | None = None, **args: Any) -> Any:
        process = await asyncio.create_subprocess_exec(
            *("node", str(SCRIPTS / "typescript_client.mjs"), str(built / "dist/index.js")),
            *(scenario, json.dumps(args)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            # The test reads all of what it tells as one line.
            limit=64 * 1024 * 1024,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            async with asyncio.timeout(SECONDS):
                if started is not None:
                    await process.stdout.readline()
                    await asyncio.to_thread(started)
                out, errors = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, errors.decode()
        return json.loads(out)

    return run


def check(seqs: list[int]) -> None:
    """Each once, in order, from the first on."""
    assert seqs == list(range(1, len(seqs) + 1))


async def test_a_query_from_start_to_end(launch: ServerProcess, told: Told) -> None:
    said = await told("whole", url=launch.http_url)
    check(said["seqs"])
    assert (said["status"], said["answer"], said["runs"]) == ("completed", "Apollo is in orbit", 1)
    assert (said["missing"]["name"], said["missing"]["type"]) == ("RpcError", "session_not_found")


async def test_cut_off_many_times(serve: Serve, told: Told) -> None:
    """Nothing is lost, repeated or reordered, no query is started twice, and what was read is what was stored."""
    queries = ["900", "700", "500"]
    cuts = [60 + 173 * turn for turn in range(60)]
    async with (
        serve(flood) as server,
        Proxy(int(server.http_url.rsplit(":", 1)[1]), cuts) as proxy,
    ):
        said = await told("cut", url=proxy.url, queries=queries)
        assert proxy.connections > 50
        assert (said["total"], said["runs"], said["last"]) == (3, 2, "closed")
        assert said["opened"] > 40
        for one in said["seen"]:
            stored = await server.core.sessions.get(one["session_id"])
            seqs = [event["params"]["seq"] for event in one["events"]]
            check(seqs)
            if one is not said["seen"][0]:
                assert seqs[-1] == stored.seq
        first = said["seen"][0]["events"][-1]["params"]["seq"]
        seqs = [event["params"]["seq"] for event in said["followUp"]]
        assert seqs == list(range(first + 1, first + 1 + len(seqs)))


async def test_the_feed_of_all_sessions(serve: Serve, told: Told) -> None:
    """Each session as it is in the end, whatever became of the connection; and from a cursor on."""
    async with (
        serve(flood) as server,
        Proxy(
            int(server.http_url.rsplit(":", 1)[1]), [400 + 150 * turn for turn in range(12)]
        ) as proxy,
    ):
        said = await told(
            "watch", url=proxy.url, direct=server.url, queries=[str(n) for n in range(8)]
        )
        assert proxy.connections > 5
    made = said["made"]
    ends = {one: f"completed Session {one[:8]}" for one in made}
    ends |= {made[0]: "completed first", made[1]: "deleted"}
    first, last = dict(said["first"]), dict(said["last"])
    # Of what was made and deleted while it was away nothing has to be told.
    expected = set(made) - ({made[1]} - last.keys())
    assert last == {one: ends[one] for one in made if one in expected}
    assert first == dict.fromkeys(expected, "created")
    assert dict(said["resumed"]) == {one: "created" for one in made if one != made[1]}
    assert said["ended"] is None
    assert said["wrong"]["type"] == "invalid_params"


async def test_a_server_that_is_killed(told: Told, tmp_path: Path) -> None:
    """The page that asked goes on where it was, once the server is back."""
    server = ServerProcess(["examples/launch.py:graph"], tmp_path)
    try:
        await asyncio.to_thread(server.start)

        def die() -> None:
            server.kill9()
            server.restart()

        said = await told("whole", started=die, url=server.url)
        check(said["seqs"])
        assert (said["status"], said["runs"]) == ("completed", 1)
    finally:
        server.close()


async def test_a_slow_reader(serve: Serve, told: Told) -> None:
    """It loses nothing, and does not keep what it has no room for."""
    async with serve(flood) as server:
        said = await told("slow", url=server.url, query="6000")
    check(said["seqs"])
    assert len(said["seqs"]) > 6000
    assert said["held"] > 0
    # One frame beyond its room, at most.
    assert said["largest"] < 20_000 + 2 * 524_288


async def test_a_batch(serve: Serve, told: Told) -> None:
    """What is refused without an id is told to the calls that it is about, and to no others."""
    async with serve(flood) as server:
        said = await told("batch", url=server.url)
    (fine, graphs), failed, (begun, started) = said["told"]
    assert (fine, graphs, begun) == ("fulfilled", ["graphs"], "fulfilled")
    assert failed == ["rejected", "session_not_found"]
    assert "session_id" in started
    assert (said["many"], said["large"]["type"], said["after"]) == ("too_large", "too_large", 1)


async def test_readers_that_come_and_go(serve: Serve, told: Told) -> None:
    async with serve(flood) as server:
        said = await told("readers", url=server.url, query="300")
    check(said["one"])
    assert said["one"] == said["two"] == said["again"]
    assert said["statuses"] == ["queued", "running", "completed"]
    assert said["deleted"] == "session.deleted"
    assert said["missing"]["type"] == "session_not_found"
    assert said["aborted"]["name"] == "AbortError"
    assert said["closed"]["name"] == "ConnectionLost"


async def test_events_that_are_gone(serve: Serve, told: Told) -> None:
    async with serve(flood) as server:
        async with peer(server.url) as one:
            story = await one.run("500")
        assert await upkeep.remove_old_events(server.core.sessions, -60.0) == 1
        record = await server.core.sessions.get(story.session_id)
        said = await told("gone", url=server.url, session_id=story.session_id, last=record.seq)
    assert said["error"]["type"] == "events_gone"
    assert said["error"]["firstSeq"] == record.first_seq
    assert said["seqs"] == list(range(record.first_seq, record.seq + 1))


async def test_who_calls(told: Told, tmp_path: Path) -> None:
    token = create(tmp_path, "ada", "--scope", "run")
    server = ServerProcess(["examples/launch.py:graph"], tmp_path)
    try:
        await asyncio.to_thread(server.start)
        said = await told("token", url=server.url, token=token)
    finally:
        server.close()
    assert said["owner"] == "ada"
    assert said["without"]["name"] == said["refused"]["name"] == "Unauthorized"
    assert (said["closed"], said["final"]) == ("closed", True)
    assert "two words" not in said["broken"]["message"]


async def test_what_was_cut_is_had_whole(serve: Serve, told: Told) -> None:
    async with serve(large_graphs.text) as server:
        said = await told("large", url=server.url, query="3000000")
    assert said["cut"]
    assert not said["left"]
    assert said["characters"] > 1_500_000


async def test_a_network_that_breaks_in_silence(serve: Serve, told: Told) -> None:
    async with (
        serve(flood) as server,
        Proxy(int(server.http_url.rsplit(":", 1)[1])) as proxy,
    ):
        said = await told("silent", started=proxy.mute_all, url=proxy.url)
    assert said["graphs"] == 1


async def test_nobody_there(told: Told) -> None:
    said = await told("nobody", url="http://127.0.0.1:9")
    assert said["none"]["name"] == "CannotConnect"
    assert (said["given"]["name"], said["status"]) == ("CannotConnect", "closed")
    assert "127.0.0.1:9" in said["none"]["message"]
