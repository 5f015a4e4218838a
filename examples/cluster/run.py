"""A cluster on this machine, without containers: PostgreSQL, two nodes that answer clients, three workers; and what happens when workers die.

    python examples/cluster/run.py

It prints what it kills and what goes on. It needs `stepwire[postgres]` and PostgreSQL's programs (Debian: `postgresql`).
"""

import asyncio
import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from rpc.client import Client, Event, connect

HERE = Path(__file__).resolve().parent
GRAPHS = [f"{name}={HERE / 'graphs.py'}:{name}" for name in ("streaming", "waiting", "debugged")]
READY_SECONDS = 60.0
FROZEN_SECONDS = 10.0


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


class Postgres:
    """A server in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("initdb")
        programs = [Path(found).resolve().parent] if found else []
        programs += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        if not programs:
            sys.exit("PostgreSQL's programs were not found; on Debian: apt install postgresql")
        # PostgreSQL does not run as root.
        self.user: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
            self.user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        subprocess.run(
            [programs[0] / "initdb", "-D", "data", "-A", "trust", "-U", "stepwire", "-E", "UTF8"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **self.user,
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"postgresql://stepwire@127.0.0.1:{port}/postgres"
        self.log = folder / "postgres.log"
        command = [str(programs[0] / "postgres"), "-D", "data", "-k", str(folder), "-p", str(port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, stdout=log, stderr=log, **self.user
            )

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


class Node:
    """A node, and what it prints."""

    def __init__(self, name: str, role: str, database: str, folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        command = [sys.executable, "-m", "rpc.cli", "serve", *GRAPHS, "--port", "0"]
        command += ["--database", database, "--role", role, "--no-supervise"]
        command += ["--data-dir", str(folder / name)]
        env = {key: value for key, value in os.environ.items() if not key.startswith("STEPWIRE_")}
        root = str(HERE.parents[1])
        env |= {"PYTHONUNBUFFERED": "1", "PYTHONPATH": root}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=env, cwd=root)

    def said(self, text: str) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if text in line]

    async def ready(self) -> "Node":
        await until(lambda: self.said("health "), f"{self.name}: {self.log.read_text()}", self)
        return self

    @property
    def url(self) -> str:
        """Of its WebSocket."""
        return self.said("RPC ")[0].split()[-1]

    @property
    def id(self) -> str:
        """By which it lists itself."""
        return self.said("this is node ")[0].rpartition("this is node ")[2].split()[0].rstrip(",")

    def signal(self, number: int) -> None:
        self.process.send_signal(number)


async def until(found: Callable[[], Any], what: str, node: Node | None = None) -> Any:
    ends = time.monotonic() + READY_SECONDS
    while not (value := found()):
        if time.monotonic() > ends or (node is not None and node.process.poll() is not None):
            raise SystemExit(f"it did not come to it: {what}")
        await asyncio.sleep(0.05)
    return value


class Watched:
    """A session as a client on another node sees it: each event is the one after the last."""

    def __init__(self, client: Client, session_id: str) -> None:
        self.client = client
        self.id = session_id
        self.seen: list[Event] = []
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for event in self.client.events(self.id):
            expected = len(self.seen) + 1
            if event.seq != expected:
                raise SystemExit(f"a gap: event {event.seq} where {expected} was next")
            self.seen.append(event)

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.seen if event.type == kind]

    @property
    def status(self) -> str:
        told = self.of("session.status")
        return str(told[-1].data["status"]) if told else ""

    async def reaches(self, status: str, after: int = 0) -> None:
        def there() -> bool:
            return self.status == status and self.of("session.status")[-1].seq > after

        await until(there, f"{self.id} to be {status}")

    async def goes_on(self, since: float) -> float:
        """Until it says that it was recovered; how many seconds after `since`."""
        await until(lambda: self.of("session.recovered"), f"{self.id} to go on")
        return time.monotonic() - since


@asynccontextmanager
async def watching(client: Client, session_id: str) -> AsyncIterator[Watched]:
    watched = Watched(client, session_id)
    try:
        yield watched
    finally:
        watched.task.cancel()
        with suppress(asyncio.CancelledError):
            await watched.task


async def runner(client: Client, workers: list[Node]) -> Node:
    """The worker that runs something."""
    while True:
        listed = await client.call("server.nodes")
        busy = {node["id"] for node in listed["nodes"] if node["running"]}
        for worker in workers:
            if worker.process.poll() is None and worker.id in busy:
                return worker
        await asyncio.sleep(0.1)


async def streaming(left: Client, right: Client, workers: list[Node]) -> None:
    say("a streaming session: started on api-1, watched on api-2")
    started = await left.start("count", graph="streaming")
    async with watching(right, started.session_id) as watched:
        await until(lambda: len(watched.of("progress")) > 5, "progress")
        worker = await runner(left, workers)
        say(f"kill -9 {worker.name}, which runs it, after event {watched.seen[-1].seq}")
        killed = time.monotonic()
        worker.signal(signal.SIGKILL)
        took = await watched.goes_on(killed)
        say(
            f"  goes on after {took:.1f} s: session.recovered is event {watched.of('session.recovered')[0].seq}"
        )
        await watched.reaches("completed")
        say(f"  completed: events 1 to {watched.seen[-1].seq}, none missing, none twice")


async def waiting(
    left: Client, right: Client, workers: list[Node], start: Callable[[], Any]
) -> None:
    say("a session that waits for a person: asked on api-1")
    started = await left.start("ask", graph="waiting")
    async with watching(right, started.session_id) as watched:
        await watched.reaches("waiting")
        for worker in workers:
            if worker.process.poll() is None:
                say(f"kill -9 {worker.name}")
                worker.signal(signal.SIGKILL)
        workers[:] = await start()
        say("  other workers have come; answered on api-2")
        await right.respond(started.session_id, "yes")
        await watched.reaches("completed")
        say(f"  completed: {watched.of('query.result')[-1].data['result']['said']}")


async def debugged(
    left: Client, right: Client, workers: list[Node], start: Callable[[], Any]
) -> None:
    say("a debugged session: it stands before `second`, seen on api-2")
    started = await left.start(
        "step", graph="debugged", debug_mode=True, breakpoints=[{"node_name": "second"}]
    )
    async with watching(right, started.session_id) as watched:
        await watched.reaches("paused")
        for worker in workers:
            if worker.process.poll() is None:
                say(f"kill -9 {worker.name}")
                worker.signal(signal.SIGKILL)
        workers[:] = await start()
        looked = await right.call("debug.inspect", session_id=started.session_id)
        say(f"  inspected on api-2: next is {looked['next']}; stepped on api-1")
        last = watched.seen[-1].seq
        await left.call("debug.step", session_id=started.session_id)
        await watched.reaches("paused", after=last)
        say("  stands before `third`; continued on api-2")
        await right.call("debug.continue", session_id=started.session_id)
        await watched.reaches("completed")
        say(f"  completed: events 1 to {watched.seen[-1].seq}, none missing, none twice")


async def frozen(left: Client, right: Client, workers: list[Node]) -> None:
    say("a worker that is frozen past its time-out, and wakes up")
    # It sees within moments that it was taken for dead, and stops: most times it has written something before.
    while not await _frozen(left, right, workers):
        say("  it saw that before it wrote anything: once more")


async def _frozen(left: Client, right: Client, workers: list[Node]) -> bool:
    """Whether it wrote anything, which was refused."""
    started = await left.start("count", graph="streaming")
    async with watching(right, started.session_id) as watched:
        await until(lambda: len(watched.of("progress")) > 5, "progress")
        worker = await runner(left, workers)
        say(f"kill -STOP {worker.name}")
        worker.signal(signal.SIGSTOP)
        stopped = time.monotonic()
        took = await watched.goes_on(stopped)
        say(f"  another one goes on after {took:.1f} s")
        await asyncio.sleep(max(0.0, FROZEN_SECONDS - (time.monotonic() - stopped)))
        say(f"kill -CONT {worker.name}: it goes on writing where it was")
        worker.signal(signal.SIGCONT)
        await until(lambda: worker.said("taken for dead"), "the zombie to see it")
        for line in worker.said("were refused")[:3] + worker.said("taken for dead"):
            say(f"  {worker.name}: {line.partition(': ')[2]}")
        await watched.reaches("completed")
        said = watched.of("query.result")[-1].data["result"]["said"]
        if said != [f"step {n}" for n in range(1, 13)]:
            raise SystemExit(f"the result is not what one run makes: {said}")
        say(f"  completed: events 1 to {watched.seen[-1].seq}, each step once")
        return bool(worker.said("were refused"))


def made_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="stepwire-cluster-"))
    # PostgreSQL's user must come to what is in it.
    folder.chmod(0o755)
    return folder


async def main() -> None:
    folder = made_folder()
    nodes: list[Node] = []
    postgres = Postgres(folder)

    def end() -> None:
        for node in nodes:
            if node.process.poll() is None:
                node.signal(signal.SIGCONT)
                node.signal(signal.SIGKILL)
                node.process.wait()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)

    async def begin(role: str, *names: str) -> list[Node]:
        begun = [Node(name, role, postgres.url, folder) for name in names]
        nodes.extend(begun)
        return [await node.ready() for node in begun]

    count = iter(range(1, 100))

    async def three() -> list[Node]:
        return await begin("worker", *(f"worker-{next(count)}" for _ in range(3)))

    await until(lambda: "ready to accept" in postgres.log.read_text(), "PostgreSQL")
    say("PostgreSQL runs")
    (first,) = await begin("api", "api-1")
    (second,) = await begin("api", "api-2")
    workers = await three()
    say("api-1, api-2, worker-1, worker-2 and worker-3 run")
    async with connect(first.url) as left, connect(second.url) as right:
        await streaming(left, right, workers)
        await waiting(left, right, workers, three)
        await debugged(left, right, workers, three)
        await frozen(left, right, workers)
    say("done: every client saw every session go on")


if __name__ == "__main__":
    asyncio.run(main())
