"""A node cannot hurt the server: what it raises, stops or holds is its own run's."""

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.conftest import StartServer
from tests.support.journal import journal_of
from tests.support.peer import peer
from tests.support.polling import until_true
from tests.support.probes import healthy
from tests.support.server_process import ServerProcess

GRAPHS = "tests/support/bad_graphs.py"
KINDS = ("on_loop", "threaded", "nested", "calling", "calling_sync", "tools")
EXITS = {
    "exit": ("SystemExit", "sys.exit(3)"),
    "exit_text": ("SystemExit", "sys.exit('no more')"),
    "interrupt": ("KeyboardInterrupt", ""),
    "arguments": ("SystemExit", "sys.exit(2)"),
    "own": ("OwnEnd", "enough"),
    "close": ("GeneratorExit", ""),
}


def let_go(server: ServerProcess, name: str = "go") -> None:
    """Let the nodes go that wait for this file."""
    Path(server.env["FAULT_FOLDER"], name).touch()


@pytest.fixture
def bad(server: StartServer, tmp_path: Path) -> ServerProcess:
    """A server of `bad_graphs`."""
    return server(
        *(f"{name}={GRAPHS}:{name}" for name in KINDS),
        settings={
            "synchronous": "normal",
            "blocked_seconds": 0.3,
            "cancel_grace_seconds": 0.3,
            "shutdown_grace_seconds": 0.3,
        },
        env={"FAULT_FOLDER": str(tmp_path)},
    )


async def test_what_ends_a_process_ends_the_run(bad: ServerProcess) -> None:
    async with peer(bad.url) as one:
        waits = await one.call("query.start", query="await go")
        for graph in KINDS:
            for query, (kind, message) in EXITS.items():
                story = await one.run(query, graph=graph)
                assert story.status == "failed", (graph, query)
                error = story.failure
                assert (error["type"], error["message"]) == (kind, message), (graph, query)
                assert error["node"].split("/")[0] == "node"
                (ended,) = [one for one in story.of("node.failed") if one["path"] == "node"]
                assert ended["error"]["type"] == kind
        assert (await one.run("child exit")).failure["type"] == "SystemExit"
        let_go(bad)
        assert await one.settled(waits["session_id"]) == "completed"
        # On a busy machine it may be taken from a loop that gets no time, and goes on elsewhere.
        again = one.of(waits["session_id"], "session.recovered")
        assert {each["params"]["reason"] for each in again} <= {"blocked"}
    assert bad.process is not None
    assert bad.process.poll() is None
    assert 'bad_graphs.py", line' in bad.output
    # Nor does it end the next process.
    bad.kill9()
    bad.restart()
    async with peer(bad.url) as one:
        assert (await one.run("fine")).status == "completed"


async def test_what_runs_out_in_a_thread_ends_the_run(bad: ServerProcess) -> None:
    """A future refuses a `StopIteration`: before Python 3.12 whoever waits for it waits for ever."""
    async with peer(bad.url) as one:
        error = (await one.run("run out", graph="on_loop")).failure
        assert error["type"] == "RuntimeError"
        assert "StopIteration" in error["message"]


@pytest.mark.parametrize("graph", ["on_loop", "threaded", "nested"])
async def test_the_debugger_stops_where_a_node_would_end_the_process(
    bad: ServerProcess, graph: str
) -> None:
    async with peer(bad.url) as one:
        story = await one.run("exit", graph=graph, debug_mode=True)
        await one.call("debug.continue", session_id=story.session_id)
        await one.until(lambda: len(one.of(story.session_id, "debug.stopped")) == 2, "the stop")
        stopped = one.of(story.session_id, "debug.stopped")[1]["params"]
        assert stopped["reason"] == "failure"
        assert "SystemExit" in stopped["detail"]


async def test_a_node_that_stops_the_loop_stops_nobody(bad: ServerProcess) -> None:
    async with peer(bad.url) as one:
        waits = await one.call("query.start", query="await go")
        assert (await one.run("stop")).status == "completed"
        let_go(bad)
        assert await one.settled(waits["session_id"]) == "completed"


@pytest.mark.parametrize("kind", ["block", "compute"])
async def test_a_node_that_blocks_stops_nobody_else(bad: ServerProcess, kind: str) -> None:
    """Those beside it on its loop go on elsewhere; it goes on too; calls and probes are answered."""
    async with peer(bad.url) as one:
        beside = (await one.call("query.start", query="await beside"))["session_id"]
        await one.event(beside, "node.started")
        blocks = (await one.call("query.start", query=f"{kind} go"))["session_id"]
        again = await one.event(beside, "session.recovered")
        assert again["reason"] == "blocked"
        told = await one.event(blocks, "node.blocked")
        assert told["path"] == "node"
        assert told["blocked_ms"] >= 300
        # All while it blocks.
        let_go(bad, "beside")
        assert await one.settled(beside) == "completed"
        for graph in ("on_loop", "threaded", "nested"):
            assert (await one.run("fine", graph=graph)).status == "completed"
        async with httpx.AsyncClient(base_url=bad.http_url, trust_env=False) as http:
            for probe in ("/livez", "/readyz"):
                assert (await http.get(probe)).status_code == 200
            await healthy(http)
        assert (await one.call("session.get", session_id=blocks))["status"] == "running"
        let_go(bad)
        assert await one.settled(blocks) == "completed"
        assert (await one.run("fine")).status == "completed"
    said: list[str] = []

    def is_said() -> bool:
        said[:] = [line for line in bad.said("has blocked for") if blocks in line]
        return bool(said)

    await until_true(is_said)
    line = said[0]
    assert "node node of graph 'on_loop'" in line
    assert bad.said("bad_graphs.py")


async def test_a_node_that_blocks_can_be_cancelled(bad: ServerProcess) -> None:
    async with peer(bad.url) as one:
        blocks = (await one.call("query.start", query="block go"))["session_id"]
        await one.event(blocks, "node.started")
        assert (await one.call("query.cancel", session_id=blocks))["status"] == "cancelled"
        last = await one.event(blocks, "session.status", 3)
        assert last["status"] == "cancelled"
        again = await one.call("query.start", session_id=blocks, query="fine")
        assert await one.settled(blocks, again["run_id"]) == "completed"
        let_go(bad)
        # What it does when it comes to itself is not told any more.
        assert (await one.run("fine")).status == "completed"
        assert len(one.of(blocks, "node.finished")) == 1


async def test_threads_of_nodes_that_hang_are_replaced(server: StartServer, tmp_path: Path) -> None:
    process = server(
        f"threaded={GRAPHS}:threaded",
        settings={"node_threads": 4, "cancel_grace_seconds": 0.1, "synchronous": "normal"},
        env={"FAULT_FOLDER": str(tmp_path)},
    )
    async with peer(process.url) as one:
        for held in (4, 8):
            hang = [await one.call("query.start", query="block go") for _ in range(4)]
            for started in hang:
                await one.event(started["session_id"], "node.started")
            # What has started and has no thread yet would be cancelled in line.
            await until_true(lambda held=held: journal_of(tmp_path).count("block go") == held)
            await asyncio.gather(
                *(one.call("query.cancel", session_id=each["session_id"]) for each in hang)
            )
        assert (await one.run("fine")).status == "completed"
        async with httpx.AsyncClient(base_url=process.http_url, trust_env=False) as http:

            async def abandoned() -> int:
                counts = (await http.get("/health")).json()["counts"]
                found: int = counts["node_threads_abandoned"]
                return found

            # A cancellation is answered before its thread is counted.
            async with asyncio.timeout(60):
                while (count := await abandoned()) < 8:
                    pass
        assert count == 8
        (tmp_path / "go").touch()


async def test_loops_that_are_blocked_are_bounded(server: StartServer, tmp_path: Path) -> None:
    """Nodes that block do not make threads without end: what comes when all loops are held waits, and then goes on."""
    process = server(
        f"on_loop={GRAPHS}:on_loop",
        settings={"max_blocked_loops": 2, "blocked_seconds": 0.3, "synchronous": "normal"},
        env={"FAULT_FOLDER": str(tmp_path)},
    )
    async with (
        peer(process.url) as one,
        httpx.AsyncClient(base_url=process.http_url, trust_env=False) as http,
    ):
        for _ in range(3):
            held = (await one.call("query.start", query="block go"))["session_id"]
            await one.event(held, "node.blocked")
        more = [await one.call("query.start", query="block go") for _ in range(3)]
        fine = await one.call("query.start", query="fine")
        await until_true(lambda: process.said("nodes block all 3 event loops"))
        assert "stepwire_graph_loops_blocked 3.0" in (await http.get("/metrics")).text
        assert not one.of(fine["session_id"], "node.started")
        assert len(one.of(held, "node.finished")) == 0
        (tmp_path / "go").touch()
        for each in (*more, fine):
            assert await one.settled(each["session_id"]) == "completed"
        assert "stepwire_graph_loops 3.0" in (await http.get("/metrics")).text


async def test_a_server_stops_whatever_its_nodes_hold(bad: ServerProcess, tmp_path: Path) -> None:
    """A cancellation that is swallowed, a loop that is blocked, threads that are left."""
    async with peer(bad.url) as one:
        held = [
            (await one.call("query.start", query=query, graph=graph))["session_id"]
            for query, graph in (
                ("swallow never", "on_loop"),
                ("block never", "threaded"),
                ("block never", "on_loop"),
            )
        ]
        for session_id in held:
            await one.event(session_id, "node.started")
        # What has started and is not in its body yet would end with its cancellation.
        await until_true(lambda: journal_of(tmp_path).count("block never") == 2)
        assert (await one.run("thread", graph="threaded")).status == "completed"
        # ServerProcess gives it 30 s.
        assert await asyncio.to_thread(bad.stop) == 0
    for session_id in held:
        assert bad.said(session_id), "who holds it is said"
