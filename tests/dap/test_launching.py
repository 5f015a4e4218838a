"""A launch: a server of the editor's own, and why it does not start."""

import asyncio
import os
import socket
from pathlib import Path

import pytest

from tests.dap.conftest import FLOW
from tests.dap.editor import DEADLINE_SECONDS, RefusedError, editor

SOURCE = Path(FLOW).read_text()


async def test_a_server_of_its_own_ends_with_the_session(tmp_path: Path) -> None:
    async with editor() as one:
        await one.launch(f"{FLOW}:graph", query="q", functions=["ask"], cwd=str(tmp_path))
        thread, name = await one.stopped("function breakpoint")
        assert name == "ask"
        assert "Stepwire serves" in one.said("stdout")
        url = next(word for word in one.said("stdout").split() if word.startswith("ws://"))
        # Once more, from the beginning.
        await one.ask("restart")
        again, name = await one.stopped("function breakpoint")
        assert name == "ask"
        await one.ask("continue", threadId=again)
        await one.event("terminated")
        await one.ask("disconnect")
        assert thread
    host, port = url.removeprefix("ws://").partition("/")[0].split(":")
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection(host, int(port))
    # Nothing of it stays.
    assert os.listdir(tmp_path) == []


async def test_an_adapter_that_is_killed_leaves_no_server(tmp_path: Path) -> None:
    """As an editor does that ends at once, or hangs and is ended."""
    async with editor(killed=True) as one:
        await one.launch(f"{FLOW}:graph", query="q", functions=["ask"], cwd=str(tmp_path))
        await one.stopped("function breakpoint")
        url = next(word for word in one.said("stdout").split() if word.startswith("ws://"))
        host, port = url.removeprefix("ws://").partition("/")[0].split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        one.process.kill()
        # The server closes what is open, at its end.
        async with asyncio.timeout(DEADLINE_SECONDS):
            assert await reader.read() == b""
        writer.close()


async def test_lines_of_a_program_in_another_folder(tmp_path: Path) -> None:
    """An editor that says no `cwd` starts the adapter anywhere: the dots in its file are of that file."""
    path = tmp_path / "flow_elsewhere.py"
    path.write_text(SOURCE)
    line = next(n for n, text in enumerate(SOURCE.splitlines(), 1) if "def ask(" in text)
    async with editor() as one:
        await one.launch(f"{path}:graph", query="q", breakpoints={str(path): [line]})
        _, name = await one.stopped("breakpoint")
        assert name == "ask"


@pytest.mark.parametrize(
    ("source", "more", "reason"),
    [
        ("def (", {}, "SyntaxError"),
        ("x = 1", {}, "graph"),
        (None, {}, "flow_of_mine.py"),
        ("x = 1", {"python": "/nowhere/python"}, "cannot run /nowhere/python"),
        ("x = 1", {"cwd": "/nowhere"}, "`cwd` is no folder: /nowhere"),
    ],
)
async def test_why_it_does_not_start(
    tmp_path: Path, source: str | None, more: dict[str, str], reason: str
) -> None:
    path = tmp_path / "flow_of_mine.py"
    if source is not None:
        path.write_text(source)
    async with editor() as one:
        with pytest.raises(RefusedError, match=reason):
            await one.launch(f"{path}:graph", **more)
        await one.event("terminated")


async def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with editor() as one:
            with pytest.raises(RefusedError, match=str(taken.getsockname()[1])):
                await one.launch(f"{FLOW}:graph", port=taken.getsockname()[1])


async def test_a_langgraph_json(tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text(SOURCE)
    (tmp_path / "langgraph.json").write_text('{"graphs": {"mine": "./flow.py:graph"}}')
    async with editor() as one:
        await one.launch("langgraph.json", cwd=str(tmp_path), query="q", stopOnEntry=True)
        thread, _ = await one.stopped("entry")
        assert (await one.frames(thread))[-1]["name"] == "mine"
