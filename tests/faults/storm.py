"""Many sessions on one server that meets one fault after the other, and clients that come back whatever happens.

What a client knows of a session is its events, one by one without a gap. It answers what asks, lets go on what failed, and asks more as long
as it is to. Everything is sent with a key, and sent again where its answer was lost.
"""

import asyncio
import os
import random
import resource
import signal
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.support.journal import journal_of
from tests.support.peer import Peer, Refused, peer
from tests.support.proxy import Proxy
from tests.support.server_process import ServerProcess
from tests.support.stream_rules import check_stream

LETTERS = "qqppaae"
TOGETHER = 20
"""Sessions on one connection."""

DEADLINE_SECONDS = 120.0
"""How long nothing may happen, on a machine that does other things too."""

LOST = (OSError, ConnectionClosed, InvalidHandshake, TimeoutError, EOFError)
FAULTS = ("kill", "stop", "cut", "full", "blocked", "failing", "reload")


class Followed:
    """A session as its client knows it."""

    def __init__(self, number: int, program: str) -> None:
        self.number = number
        self.program = program
        self.id: str | None = None
        self.events: list[dict[str, Any]] = []
        # The number of the status that it was moved on from.
        self.moved = 0
        self.over = False

    @property
    def seq(self) -> int:
        return len(self.events)

    def take(self, event: dict[str, Any]) -> None:
        """The next event, and no other."""
        seq = event["params"]["seq"]
        assert seq == self.seq + 1, f"{self.id}: event {seq} after {self.seq}"
        self.events.append(event)
        if event["method"] == "query.result":
            said = [f"{letter}{n}" for n, letter in enumerate(self.program)]
            assert event["params"]["result"]["said"] == said, f"{self.id}: lost or repeated"

    @property
    def done(self) -> int:
        """How many letters of its program are done; of a session that is completed."""
        n: int = self.events[-2]["params"]["result"]["n"]
        return n

    @property
    def rests(self) -> tuple[str, int] | None:
        """The status that somebody must move it from, and that event's number."""
        last = self.events[-1]["params"] if self.events else {}
        if self.events and self.events[-1]["method"] == "session.status":
            status, seq = last["status"], last["seq"]
            if status not in ("queued", "running") and seq > self.moved:
                return status, seq
        return None


class Storm:
    """The sessions, and the faults that happen to their server. `news`: an event came."""

    def __init__(self, process: ServerProcess, proxy: Proxy, folder: Path, seed: int) -> None:
        self.process = process
        self.proxy = proxy
        self.folder = folder
        self.random = random.Random(seed)
        self.followed: list[Followed] = []
        # Letters that the next programs get.
        self.wanted: list[str] = []
        self.more = True
        self.rounds = 0
        self.events = 0
        self.news = asyncio.Event()
        self.done: Counter[str] = Counter()

    def program(self) -> str:
        letters = self.random.choices(LETTERS, k=self.random.randint(2, 5))
        if self.wanted:
            letters.insert(self.random.randrange(len(letters)), self.wanted.pop())
        return "".join(letters)

    # Clients

    def begin(self, sessions: int) -> list["asyncio.Task[None]"]:
        """Ask so many queries; the tasks end when all of their sessions are over."""
        self.rounds += 1
        self.followed = [Followed(number, self.program()) for number in range(sessions)]
        return [
            asyncio.create_task(self._follow(self.followed[at : at + TOGETHER]))
            for at in range(0, sessions, TOGETHER)
        ]

    async def _follow(self, group: list[Followed]) -> None:
        while not all(one.over for one in group):
            with suppress(*LOST, Lost):
                async with peer(self.proxy.url, ping_interval=None) as connection:
                    connection.deadline = DEADLINE_SECONDS
                    await self._drive(connection, group)

    async def _drive(self, connection: Peer, group: list[Followed]) -> None:
        for one in group:
            if one.id is not None:
                await call(connection, "session.subscribe", session_id=one.id, after=one.seq)
        while not all(one.over for one in group):
            changed = connection.changed()
            for one in group:
                self._take(connection, one)
                await self._move(connection, one)
                self._take(connection, one)
            if connection.closed is not None:
                raise Lost
            if not all(one.over for one in group):
                await changed.wait()

    def _take(self, connection: Peer, one: Followed) -> None:
        if one.id is None:
            return
        for event in connection.events.pop(one.id, ()):
            one.take(event)
            self.events += 1
            self.news.set()

    async def _move(self, connection: Peer, one: Followed) -> None:
        if one.id is None:
            params = {"query": one.program, "idempotency_key": f"{self.rounds} {one.number}"}
            one.id = (await call(connection, "query.start", **params))["session_id"]
            return
        if (rests := one.rests) is None or one.over:
            return
        status, seq = rests
        params = {"session_id": one.id, "idempotency_key": f"{one.id} {seq}"}
        match status:
            case "waiting":
                await call(connection, "query.respond", value="y", **params)
            case "failed":
                await call(connection, "query.resume", **params)
            case "completed" if self.more or len(one.program) > one.done:
                # The same when it has to be sent again.
                if len(one.program) == one.done:
                    one.program += self.program()
                await call(connection, "query.start", query=one.program, **params)
            case "completed":
                one.over = True
            case _:
                raise AssertionError(f"{one.id} became {status}")
        one.moved = seq

    # Faults

    async def fault(self, kinds: tuple[str, ...] = FAULTS) -> None:
        """One of them; and then it goes on."""
        kind = self.random.choice(kinds)
        self.done[kind] += 1
        match kind:
            case "kill":
                await asyncio.to_thread(self.process.kill9)
                await asyncio.to_thread(self.process.restart)
            case "stop":
                os.kill(self.process.pid, signal.SIGSTOP)
                await self.some_time()
                os.kill(self.process.pid, signal.SIGCONT)
            case "cut":
                self.proxy.cut_all()
            case "full":
                fill(self.process.pid, True)
                await self.some_time()
                fill(self.process.pid, False)
            case "blocked":
                self.wanted += ["b", "t"]
            case "failing":
                self.wanted += ["f"] * 3
            case "reload":
                with (self.folder / "storm_graph.py").open("a") as file:
                    file.write("\n")
        await self.goes_on(self.random.randint(1, 60))

    async def some_time(self) -> None:
        """How long a fault lasts."""
        await asyncio.sleep(self.random.uniform(0.05, 0.6))

    async def goes_on(self, events: int) -> None:
        """Wait until so many more events have come. Raises `AssertionError` where it is stuck."""
        until = self.events + events
        try:
            while self.events < until:
                async with asyncio.timeout(DEADLINE_SECONDS):
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            raise AssertionError(f"nothing goes on after {dict(self.done)}") from None

    async def ends(self) -> None:
        """Wait until all sessions are over. Raises `AssertionError` where one is stuck."""
        while not all(one.over for one in self.followed):
            try:
                await self.goes_on(1)
            except AssertionError:
                left = [one for one in self.followed if not one.over]
                told = [(one.id, one.program, one.moved, one.events[-3:]) for one in left[:3]]
                raise AssertionError(
                    f"{len(left)} are stuck after {dict(self.done)}: {told}"
                ) from None

    # What became of it

    def check(self) -> None:
        """Nothing was lost, repeated or is stuck."""
        for one in self.followed:
            assert one.over
            check_stream(one.events)
            assert one.events[-1]["params"]["status"] == "completed"
        keys: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        did = journal_of(self.folder)
        for line in did:
            session_id, visit, key = line.split()
            keys[session_id, visit].add(key)
        assert all(len(found) == 1 for found in keys.values()), "a try had another key"
        assert len({key for found in keys.values() for key in found}) == len(keys)
        wanted = {
            (one.id, str(n))
            for one in self.followed
            for n, letter in enumerate(one.program)
            if letter == "e"
        }
        assert wanted == set(keys), "an effect was lost"


class Lost(Exception):
    """The connection ended, or the server cannot now: come again."""


async def call(connection: Peer, method: str, **params: Any) -> Any:
    """The result. Raises `Lost`."""
    try:
        return await connection.call(method, **params)
    except Refused as refused:
        if refused.type not in ("overloaded", "storage_broken"):
            raise
        raise Lost from refused
    except AssertionError as error:
        if connection.closed is None:
            raise
        raise Lost from error


def fill(pid: int, full: bool) -> None:
    """Have every write of the process to a file fail as on a full disk; or no longer."""
    hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1 if full else hard, hard))
