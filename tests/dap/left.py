"""What a launch must leave nothing of: processes and folders."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

from tests.dap.editor import DEADLINE_SECONDS, Editor, editor
from tests.support.polling import until_true


def processes(folder: Path) -> Iterator[int]:
    """Those that were started with something in a folder."""
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                started = (one / "cmdline").read_bytes()
                ended = (one / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            except OSError:
                continue
            if os.fsencode(folder) in started and not ended:
                yield int(one.name)


def parent(pid: int) -> int:
    """The process that started one."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


async def nothing_left(folder: Path) -> None:
    """`folder`: where the adapter puts what is temporary."""
    # What was killed is seen until the system has done it.
    await until_true(lambda: not list(processes(folder)))
    assert os.listdir(folder) == []


@asynccontextmanager
async def leaving_nothing(tmp_path: Path, *, killed: bool = False) -> AsyncIterator[Editor]:
    """An editor, behind which no server and no folder stays. `killed`: the test ends its adapter by SIGKILL."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    async with editor(killed=killed, TMPDIR=str(temporary)) as one:
        yield one
    if killed:
        # What it left is ended behind it.
        await until_true(lambda: not os.listdir(temporary), DEADLINE_SECONDS)
    await nothing_left(temporary)


def servers(one: Editor, tmp_path: Path) -> list[int]:
    """The processes that an adapter started itself."""
    found = processes(tmp_path / "temporary")
    return [pid for pid in found if parent(pid) == one.process.pid]


async def connected(one: Editor) -> ClientConnection:
    """A socket to the server that was launched last."""
    urls = [word for word in one.said("stdout").split() if word.startswith("ws://")]
    return await connect(urls[-1], proxy=None)


async def ended(socket: ClientConnection) -> None:
    """Once the socket's server has ended, which closes it: its port may be another's at once."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        await socket.wait_closed()
