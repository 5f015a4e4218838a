"""What the fault tests share: a server of graphs that can be held, and its journal."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartServer
from tests.support.in_process import serve
from tests.support.journal import journal_of
from tests.support.peer import Peer
from tests.support.server_process import ServerProcess

__all__ = ["serve"]

GRAPHS = "tests/support/fault_graphs.py"


class Faulty:
    """A server process of `fault_graphs`, and the folder its nodes write to."""

    def __init__(self, server: ServerProcess, folder: Path) -> None:
        self.server = server
        self.folder = folder

    @property
    def url(self) -> str:
        return self.server.url

    def journal(self) -> list[str]:
        """What nodes did, in every process so far."""
        return journal_of(self.folder)

    def let_go(self, name: str = "go") -> None:
        """Let the nodes go that are held under this name."""
        (self.folder / name).touch()

    def dies(self, place: str, number: str) -> None:
        """The next process ends right before (or `+` after) a call, see `tests.support.dying`."""
        self.server.entry = ["tests.support.dying", place, number]

    def lives(self) -> None:
        """The next process does not."""
        self.server.entry = ["rpc.cli"]


StartFaulty = Callable[..., Faulty]


@pytest.fixture
def faulty(server: StartServer, tmp_path: Path) -> StartFaulty:
    """Start a server of these graphs of `fault_graphs`, by name."""

    def launch(
        *names: str, settings: Mapping[str, object] | None = None, start: bool = True
    ) -> Faulty:
        folder = tmp_path / "folder"
        folder.mkdir()
        graphs = [f"{name}={GRAPHS}:{name}" for name in names]
        process = server(
            *graphs,
            settings={"synchronous": "normal", **(settings or {})},
            env={"FAULT_FOLDER": str(folder)},
            start=False,
        )
        if start:
            process.start()
        return Faulty(process, folder)

    return launch


async def rest_of(one: Peer, session_id: str, seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All events of a session: those seen on an earlier connection, and from there to where it rests."""
    last = seen[-1]["params"]["seq"] if seen else 0
    await one.call("session.subscribe", session_id=session_id, after=last)
    await one.settled(session_id, after=last)
    return [*seen, *one.events[session_id]]
