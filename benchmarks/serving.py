"""A real server in a process of its own, for the time of a measurement."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[1]
GRAPHS = ("stream", "six")

_URL = re.compile(r"ws://\S+:\d+/\S*")


class Served(Struct, frozen=True):
    """A running server. `url`: of its WebSocket. `data_dir`: where it keeps what lasts."""

    url: str
    pid: int
    data_dir: Path

    @property
    def http_url(self) -> str:
        """Without a path."""
        return self.url.replace("ws://", "http://").rsplit("/", 1)[0]

    @property
    def resident_bytes(self) -> int:
        """The memory it holds now, as the kernel counts it."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) * 1024


@contextmanager
def served(
    data_dir: Path | None = None, graphs: Sequence[str] = GRAPHS, more: Sequence[str] = ()
) -> Iterator[Served]:
    """A server with the measured graphs and default settings, on a free port; stopped at the end.

    `data_dir`: kept; where None, one is made and removed. `more`: arguments of `serve`. Raises `RuntimeError` with what the server
    printed if it does not start.
    """
    with tempfile.TemporaryDirectory() as made:
        folder = data_dir or Path(made)
        # Its process is the server's: that one's memory is measured.
        command = ["-m", "rpc.cli", "serve", "--no-supervise", "--port", "0"]
        command += ["--data-dir", str(folder), *more]
        command += [f"{name}=benchmarks.graphs:{name}" for name in graphs]
        with started(command) as (url, process):
            yield Served(url, process.pid, folder)


@contextmanager
def started(arguments: Sequence[str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`python` with the arguments, from its first printed `ws://` address on until the body ends.

    Raises `RuntimeError` with what it printed if it prints none.
    """
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield _url(process), process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def size_bytes(folder: Path) -> int:
    """All files in it."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if found := _URL.search(line):
            return found[0]
    raise RuntimeError("the server did not start:\n" + "".join(lines))
