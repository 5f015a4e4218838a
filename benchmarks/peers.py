"""Servers of LangGraph graphs beside each other, by the same client: LangGraph's Python SDK. `make bench-peers`.

Each is started with its data in a new folder, warmed up, measured, and ended, one after the other. One that cannot be started is
said so in the table. `benchmarks/peers.json`, `benchmarks/peers.md` and `benchmarks/peers.svg` are written; `--draw` writes the last two
anew of the first, and measures nothing.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from langgraph_sdk import get_client

from benchmarks.peers_drawing import drawing

HERE = Path(__file__).parent
ROOT = HERE.parent

GRAPHS = """
import operator
from typing import Annotated, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph


class Flood(TypedDict, total=False):
    count: int


async def write(state: Flood) -> Flood:
    writer = get_stream_writer()
    for number in range(state["count"]):
        writer({"number": number})
    return {"count": state["count"]}


builder = StateGraph(Flood)
builder.add_node(write)
builder.add_edge(START, "write")
flood = builder.compile()


class Chain(TypedDict, total=False):
    text: str
    steps: Annotated[list[int], operator.add]


def step(number: int):
    async def node(state: Chain) -> Chain:
        return {"steps": [number]}

    return node


builder = StateGraph(Chain)
before = START
for number in range(6):
    builder.add_node(f"n{number}", step(number))
    builder.add_edge(before, f"n{number}")
    before = f"n{number}"
chain = builder.compile()
"""

PROJECT = {
    "dependencies": ["."],
    "graphs": {"flood": "./peer_graphs.py:flood", "chain": "./peer_graphs.py:chain"},
}

TARGETS = {
    "first_event_ms": "first event ≤ 10 ms",
    "events_per_second": "≥ 4 × the better peer",
    "runs_per_second": "≥ 5 × the better peer",
}


ON_POSTGRES = "Stepwire on PostgreSQL"


class CannotStart(Exception):
    """A server did not come to answer; the message is the end of what it printed."""


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], folder: Path, url: str, env: dict[str, str]) -> Iterator[str]:
    """A server, until the body ends. Raises `CannotStart`."""
    log = folder / "log.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "LANGSMITH_TRACING": "false", **env},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 120
        while True:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{url}/ok", trust_env=False).status_code == 200:
                    break
                if httpx.get(f"{url}/health", trust_env=False).status_code == 200:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(log.read_text()[-600:].strip())
            time.sleep(0.2)
        yield url
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
                break


@contextmanager
def project() -> Iterator[Path]:
    """A folder with the graphs."""
    folder = Path(tempfile.mkdtemp(prefix="stepwire-peers-"))
    try:
        (folder / "peer_graphs.py").write_text(GRAPHS)
        (folder / "langgraph.json").write_text(json.dumps(PROJECT))
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def stepwire(*, shared: bool = False) -> Iterator[str]:
    """This server, as it is by default; `shared`: on a PostgreSQL of its own, as Aegra has one."""
    port = free_port()
    with ExitStack() as stack:
        folder = stack.enter_context(project())
        more: list[str] = []
        if shared:
            database = stack.enter_context(postgres(folder))
            more = ["--database", f"postgresql://peer@127.0.0.1:{database}/peer"]
        command = [
            sys.executable,
            "-m",
            "rpc.cli",
            "serve",
            "--port",
            str(port),
            "--data-dir",
            "data",
            *more,
        ]
        with running(command, folder, f"http://127.0.0.1:{port}", {"PYTHONPATH": str(ROOT)}) as url:
            yield url


@contextmanager
def langgraph_dev(environment: Path) -> Iterator[str]:
    """LangGraph's own, in memory, without reloading and with as many jobs as the others."""
    port = free_port()
    with project() as folder:
        command = [
            str(environment / "bin" / "langgraph"), "dev", "--no-browser", "--no-reload",
            "--n-jobs-per-worker", "32", "--server-log-level", "warning", "--port", str(port),
        ]  # fmt: skip
        with running(command, folder, f"http://127.0.0.1:{port}", {}) as url:
            yield url


@contextmanager
def postgres(folder: Path) -> Iterator[int]:
    """A PostgreSQL of its own; its port. Raises `CannotStart`."""
    initdb = shutil.which("initdb") or next(
        (str(one) for one in Path("/usr/lib/postgresql").glob("*/bin/initdb")), None
    )
    if initdb is None:
        raise CannotStart("PostgreSQL is not installed")
    programs = Path(initdb).resolve().parent
    port, data = free_port(), folder / "pg"
    wrap: list[str] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to be root's.
        folder.chmod(0o777)
        wrap = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
    made = subprocess.run(
        [*wrap, initdb, "-D", str(data), "-U", "peer", "-A", "trust", "-E", "UTF8"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise CannotStart(made.stderr[-400:])
    with (folder / "pg.txt").open("w") as output:
        process = subprocess.Popen(
            [
                *wrap,
                str(programs / "postgres"),
                "-D",
                str(data),
                "-p",
                str(port),
                "-k",
                str(folder),
            ],
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                time.sleep(1)
                break
            time.sleep(0.2)
        subprocess.run(
            [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "peer", "peer"],
            capture_output=True,
            check=False,
        )
        yield port
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def aegra(environment: Path) -> Iterator[str]:
    """Aegra, with a PostgreSQL of its own, 32 jobs a worker, no debug logging, no reloading."""
    port = free_port()
    with project() as folder, postgres(folder) as database:
        (folder / "aegra.json").write_text(json.dumps(PROJECT))
        env = {
            "DATABASE_URL": f"postgresql+asyncpg://peer@127.0.0.1:{database}/peer",
            "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": str(database),
            "POSTGRES_USER": "peer",
            "POSTGRES_PASSWORD": "peer",
            "POSTGRES_DB": "peer",
            "AUTH_TYPE": "noop",
            "ENV_MODE": "PRODUCTION",
            "LOG_LEVEL": "WARNING",
            "DEBUG": "false",
            "AEGRA_CONFIG": str(folder / "aegra.json"),
            "N_JOBS_PER_WORKER": "32",
            "REDIS_BROKER_ENABLED": "false",
        }
        command = [
            str(environment / "bin" / "python"), "-m", "uvicorn", "aegra_api.main:app",
            "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning",
        ]  # fmt: skip
        with running(command, folder, f"http://127.0.0.1:{port}", env) as url:
            yield url


async def measured(url: str, *, short: bool) -> dict[str, float]:
    """The three figures of a server."""
    sdk = get_client(url=url, api_key=None, timeout=300)
    events, rounds, each = (1000, 3, 3) if short else (10_000, 20, 20)

    async def first_event() -> float:
        thread = (await sdk.threads.create())["thread_id"]
        began = time.perf_counter()
        took = 0.0
        stream = sdk.runs.stream(thread, "flood", input={"count": 1}, stream_mode="custom")
        async for part in stream:
            if part.event == "custom" and not took:
                took = (time.perf_counter() - began) * 1000
        return took

    async def flood(count: int) -> float:
        thread = (await sdk.threads.create())["thread_id"]
        began = time.perf_counter()
        seen = 0
        stream = sdk.runs.stream(thread, "flood", input={"count": count}, stream_mode="custom")
        async for part in stream:
            seen += part.event == "custom"
        took = time.perf_counter() - began
        if seen != count:
            raise CannotStart(f"{seen} of {count} events came")
        return count / took

    async def client(count: int) -> None:
        for _ in range(count):
            thread = (await sdk.threads.create())["thread_id"]
            done: Any = await sdk.runs.wait(thread, "chain", input={"text": "x"})
            if done.get("steps") != list(range(6)):
                raise CannotStart(f"a run came to {done}")

    await first_event()
    await flood(100)
    await client(2)
    firsts = [await first_event() for _ in range(rounds)]
    floods = [await flood(events) for _ in range(1 if short else 3)]
    began = time.perf_counter()
    await asyncio.gather(*(client(each) for _ in range(16)))
    runs = 16 * each / (time.perf_counter() - began)
    await sdk.aclose()
    return {
        "first_event_ms": round(statistics.median(firsts), 1),
        "events_per_second": round(statistics.median(floods)),
        "runs_per_second": round(runs, 1),
    }


def table(found: dict[str, Any]) -> str:
    """The figures as Markdown."""
    lines = [
        "| server | first event, ms | events/s | six-node runs/s by 16 clients |",
        "|---|---|---|---|",
    ]
    for name, row in found.items():
        if "error" in row:
            lines.append(f"| {name} | could not be measured: {row['error']} | | |")
            continue
        lines.append(
            f"| {name} | {row['first_event_ms']} | {row['events_per_second']:,} | {row['runs_per_second']} |"
        )
    lines.append(f"| *wanted of Stepwire* | {' | '.join(TARGETS.values())} |")
    return "\n".join(lines)


def above(found: dict[str, Any]) -> str:
    """How many times Aegra's runs Stepwire's are, each on a PostgreSQL of its own; nothing where one of both was not measured."""
    rows = [found.get(name, {}).get("runs_per_second") for name in (ON_POSTGRES, "Aegra")]
    if not all(rows):
        return ""
    return f"\nBoth on PostgreSQL, Stepwire's runs a second are {rows[0] / rows[1]:.1f} times Aegra's (reach 3).\n"


def page(stored: dict[str, Any]) -> str:
    """`peers.md`, of what `peers.json` has."""
    found = stored["servers"]
    about = (__doc__ or "").splitlines()[0].removesuffix(" `make bench-peers`.")
    return (
        f"# Beside peers\n\n`make bench-peers`: {about}\nMeasured on {stored['machine']}.\n\n"
        f"{table(found)}\n{above(found)}\n![The same figures as bars](peers.svg)\n"
    )


def written(stored: dict[str, Any]) -> dict[str, str]:
    """The files that are made of what `peers.json` has, by their names."""
    return {"peers.md": page(stored), "peers.svg": drawing(stored["machine"], stored["servers"])}


def draw(folder: Path) -> None:
    """Write the page and the drawing anew, of the figures in the folder."""
    stored = json.loads((folder / "peers.json").read_text())
    for name, text in written(stored).items():
        (folder / name).write_text(text)


def main(*, short: bool = False, dev: Path, aegra_at: Path, only: Sequence[str] = ()) -> None:
    """Measure all, and write the tables; `only` some, and print theirs."""
    servers: dict[str, Callable[[], AbstractContextManager[str]]] = {
        "Stepwire": stepwire,
        ON_POSTGRES: lambda: stepwire(shared=True),
        "langgraph dev": lambda: langgraph_dev(dev),
        "Aegra": lambda: aegra(aegra_at),
    }
    found: dict[str, Any] = {}
    for name, server in servers.items():
        if only and name not in only:
            continue
        try:
            with server() as url:
                found[name] = asyncio.run(measured(url, short=short))
        except (CannotStart, OSError, httpx.HTTPError) as error:
            found[name] = {"error": " ".join(str(error).split())[-300:]}
        print(name, found[name], flush=True)
    if only:
        print(table(found) + above(found))
        return
    about = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    if short:
        about += "; short rounds (`--short`), which say about where it stands"
    (HERE / "peers.json").write_text(
        json.dumps({"machine": about, "servers": found}, indent=2) + "\n"
    )
    draw(HERE)
    print(table(found) + above(found))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--dev", type=Path, default=ROOT / ".venv-langgraph-dev")
    parser.add_argument("--aegra", type=Path, default=ROOT / ".venv-aegra")
    parser.add_argument(
        "--only", action="append", default=[], help="a server's name, as in the table"
    )
    parser.add_argument(
        "--draw", action="store_true", help="write page and drawing anew; measure nothing"
    )
    parser.add_argument("--folder", type=Path, default=HERE, help="of `peers.json`, with `--draw`")
    given = parser.parse_args()
    if given.draw:
        draw(given.folder)
        sys.exit()
    main(short=given.short, dev=given.dev, aegra_at=given.aegra, only=given.only)
