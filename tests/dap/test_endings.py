"""An editor or a server that breaks off, and what stays of a launch: nothing."""

import asyncio
import os
import signal
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dap.conftest import FLOW
from tests.dap.editor import DEADLINE_SECONDS, LIMIT_BYTES, Editor, RefusedError, adapter
from tests.dap.left import connected, ended, leaving_nothing, nothing_left, servers

LOADS = "import time\nprint('loading', flush=True)\ntime.sleep(600)\n"
"""A graph's file whose server is not ready before a test has ended."""

STARTS = f"""import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", os.environ["TMPDIR"]])
sys.path.insert(0, {str(Path(FLOW).parent)!r})
"""
"""The beginning of one that starts a process, which holds the server's output, and leaves it running."""


async def loading(one: Editor, tmp_path: Path) -> None:
    """A launch whose server loads its graph."""
    (tmp_path / "loads.py").write_text(LOADS)
    await one.ask("initialize", adapterID="x")
    one.send("launch", program=f"{tmp_path / 'loads.py'}:graph")
    await one.event("output", lambda body: "loading" in body["output"])


async def unconfigured(one: Editor, tmp_path: Path) -> None:
    """A launch that waits for the editor's configuration."""
    await one.ask("initialize", adapterID="x")
    one.send("launch", program=f"{FLOW}:graph", query="q", cwd=str(tmp_path))
    await one.event("initialized")


async def at_a_stop(one: Editor, tmp_path: Path) -> None:
    await one.launch(f"{FLOW}:graph", query="q", functions=["ask"], cwd=str(tmp_path))
    await one.stopped("function breakpoint")


BEGINNINGS = pytest.mark.parametrize("begin", [loading, unconfigured, at_a_stop])
"""How far a launch has come."""


@BEGINNINGS
async def test_an_editor_that_breaks_off_leaves_nothing(
    tmp_path: Path, begin: Callable[[Editor, Path], asyncio.Future[None]]
) -> None:
    """Without a word: its end of the streams is closed, and the adapter ends by itself."""
    async with leaving_nothing(tmp_path) as one:
        await begin(one, tmp_path)
        assert servers(one, tmp_path)


@BEGINNINGS
async def test_an_adapter_that_is_terminated_leaves_nothing(
    tmp_path: Path, begin: Callable[[Editor, Path], asyncio.Future[None]]
) -> None:
    """As VS Code ends an adapter: SIGTERM, its streams still open."""
    async with leaving_nothing(tmp_path) as one:
        await begin(one, tmp_path)
        one.process.terminate()
        async with asyncio.timeout(DEADLINE_SECONDS):
            assert await one.process.wait() == 0


async def starting(one: Editor, tmp_path: Path) -> None:
    """A stop of a graph that has started a process."""
    graph = tmp_path / "starts.py"
    graph.write_text(f"{STARTS}from flow import graph\n")
    await one.launch(f"{graph}:graph", query="q", functions=["ask"])
    await one.stopped("function breakpoint")


async def frozen(one: Editor, tmp_path: Path) -> None:
    """The same, of a server that takes no signal and hears of no end."""
    await starting(one, tmp_path)
    (server,) = servers(one, tmp_path)
    os.kill(server, signal.SIGSTOP)


@pytest.mark.parametrize("begin", [loading, unconfigured, at_a_stop, starting, frozen])
async def test_an_adapter_that_is_killed_leaves_nothing(
    tmp_path: Path, begin: Callable[[Editor, Path], asyncio.Future[None]]
) -> None:
    """SIGKILL, of which an adapter hears nothing: neither its server stays, nor what that started, nor a folder."""
    async with leaving_nothing(tmp_path, killed=True) as one:
        await begin(one, tmp_path)
        assert os.listdir(tmp_path / "temporary")
        one.process.kill()


async def test_a_frozen_server_of_its_own_keeps_no_editor(tmp_path: Path) -> None:
    async with leaving_nothing(tmp_path) as one:
        await frozen(one, tmp_path)
        await one.ask("disconnect")


async def test_what_the_graph_started_ends_with_its_server(tmp_path: Path) -> None:
    async with leaving_nothing(tmp_path) as one:
        await starting(one, tmp_path)
        await one.ask("disconnect")


async def test_what_the_graph_started_ends_with_a_server_that_was_killed(tmp_path: Path) -> None:
    async with leaving_nothing(tmp_path) as one:
        await starting(one, tmp_path)
        (server,) = servers(one, tmp_path)
        os.kill(server, signal.SIGKILL)
        await one.event("terminated")


async def test_what_the_graph_started_does_not_keep_a_launch_that_fails(tmp_path: Path) -> None:
    graph = tmp_path / "starts.py"
    graph.write_text(f"{STARTS}raise OSError('no model here')\n")
    async with leaving_nothing(tmp_path) as one:
        with pytest.raises(RefusedError, match="no model here"):
            await one.launch(f"{graph}:graph", query="q")
        await one.event("terminated")


async def test_a_server_that_ends_before_the_configuration_is_done(tmp_path: Path) -> None:
    async with leaving_nothing(tmp_path) as one:
        await one.ask("initialize", adapterID="x")
        launched = one.send("launch", program=f"{FLOW}:graph", query="q", cwd=str(tmp_path))
        await one.event("initialized")
        (server,) = servers(one, tmp_path)
        os.kill(server, signal.SIGKILL)
        with pytest.raises(RefusedError, match=r"the server has ended \(signal 9, Killed\)"):
            await one.answer(launched)
        await one.event("terminated")
        # The adapter is there for another try.
        await at_a_stop(one, tmp_path)


async def test_an_editor_that_resets_its_connection_ends_what_is_its_own(tmp_path: Path) -> None:
    """Two editors at the port of one adapter: the other one's session goes on, until the adapter is terminated."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = await adapter("--port", "0", TMPDIR=str(temporary))
    try:
        assert process.stdout is not None
        said = (await process.stdout.readline()).decode()
        assert said.startswith("Stepwire's debug adapter listens on 127.0.0.1:")
        port = int(said.rpartition(":")[2])
        one, other = [
            Editor(process, await asyncio.open_connection("127.0.0.1", port, limit=LIMIT_BYTES))
            for _ in range(2)
        ]
        for each in (one, other):
            await at_a_stop(each, tmp_path)
        server, others = await connected(one), await connected(other)
        opened = one.writer.get_extra_info("socket")
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.writer.transport.abort()
        await ended(server)
        assert (await other.ask("threads"))["threads"]
        process.terminate()
        await ended(others)
        async with asyncio.timeout(DEADLINE_SECONDS):
            assert await process.wait() == 0
        await other.closed()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    await nothing_left(temporary)
