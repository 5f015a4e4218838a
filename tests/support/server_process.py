"""A real server: `stepwire serve` in a process of its own, on a port of its own."""

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.support import nursery

ROOT = Path(__file__).resolve().parents[2]
TWO_NODES = bool(os.environ.get("STEPWIRE_TEST_TWO_NODES"))
"""Whether what stands for a server are two nodes of one database, behind a round-robin proxy."""

ON_DATABASE = bool(os.environ.get("STEPWIRE_TEST_DATABASE"))
"""Whether servers that are given no database keep what they have in one on PostgreSQL, in the place of their data directory."""

READY_SECONDS = 120.0
STOP_SECONDS = 60.0
BLOCKED_SECONDS = 60.0
"""Where others are busy the graphs' thread may have no turn for seconds: no node is at fault, and no other run has to be taken from it."""

_RPC_URL = re.compile(
    r"(?:wss?://(?=\S+:\d+/\S*)|https?://(?=\S+:\d+/health))(?P<host>\[[^\]]+\]|[^:/\s]+):(?P<port>\d+)/\S*"
)
"""Where it is reached; of a worker, its health."""


class ServerProcess:
    """One server and its data directory, which outlives its process: kill it, start it again.

    `graphs`: as `stepwire serve` takes them. `settings`: more of its settings, by name. `env`: more
    environment variables. `url`, `http_url` and `port` are known once it has started, and stay the same
    when it is started again.
    """

    def __init__(
        self,
        graphs: Sequence[str],
        data_dir: Path,
        *,
        settings: Mapping[str, object] | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
    ) -> None:
        self.graphs = list(graphs)
        self.data_dir = data_dir
        self.settings = dict(settings or {})
        self.env = dict(env or {})
        self.cwd = cwd
        # The module that is run, and its own arguments.
        self.entry = ["rpc.cli"]
        # More arguments of `serve`.
        self.more: list[str] = []
        # Whether it imports for itself whatever it needs, as the command does; else see `nursery.py`.
        self.afresh = bool(env) or cwd != ROOT or not nursery.AVAILABLE
        # Whether it is started again when it dies; else its death is its process's.
        self.supervised = False
        self.port = 0
        # Holds the port while nothing of the server's does.
        self._held: socket.socket | None = None
        self.process: subprocess.Popen[str] | nursery.Child | None = None
        # All the lines it printed, of all its processes.
        self.lines: list[str] = []
        self._line_read = threading.Condition()
        self._reader: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Of the WebSocket."""
        return f"ws://127.0.0.1:{self.port}/rpc"

    @property
    def http_url(self) -> str:
        """Without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Of the server's process: where it is supervised, of the one that runs now."""
        assert self.process is not None
        pid = self.process.pid
        if not self.supervised:
            return pid
        (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(child)

    @property
    def output(self) -> str:
        """What it printed, to either stream. While it runs, all that it printed before this was asked."""
        self._read_up_to_now()
        return "\n".join(self.lines)

    def said(self, text: str) -> list[str]:
        """The lines with `text` in them, of all that it printed before this was asked."""
        return [line for line in self.output.splitlines() if text in line]

    def wait_for(self, text: str, count: int = 1, *, instead: str | None = None) -> list[str]:
        """The lines with `text`, or what is said `instead`, in them, once there are so many. Raises `TimeoutError`."""
        texts = [text] if instead is None else [text, instead]
        deadline = time.monotonic() + READY_SECONDS
        with self._line_read:
            while (
                len(found := [line for line in self.lines if any(one in line for one in texts)])
                < count
            ):
                if not self._line_read.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"{text!r} was not printed:\n" + "\n".join(self.lines))
        return found

    def _read_up_to_now(self) -> None:
        """A thread reads what the server prints, so that a line is there some time after it was printed.

        Lines come in order: the line of a request made now is the last of those that matter.
        """
        if not self.port or self.process is None or self.process.poll() is not None:
            return
        marker = f"/read-up-to-{uuid.uuid4().hex}"
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                f"{self.http_url}{marker}", timeout=READY_SECONDS
            ):
                pass
        except urllib.error.HTTPError as refused:
            refused.close()
        except OSError:
            # It ends meanwhile, or takes no more requests: what can be read is read when it has ended.
            return
        deadline = time.monotonic() + READY_SECONDS
        with self._line_read:
            while not any(marker in line for line in self.lines):
                if not self._line_read.wait(deadline - time.monotonic()):
                    raise TimeoutError(
                        f"the line of {marker} was not printed:\n" + "\n".join(self.lines)
                    )
            self.lines[:] = [line for line in self.lines if marker not in line]

    def start(self) -> "ServerProcess":
        """Start it and wait until it is ready. Raises `RuntimeError` with its output if it ends instead."""
        assert self.process is None or self.process.poll() is not None
        entry, env = self.entry, dict(self.env)
        if TWO_NODES and entry == ["rpc.cli"] and "database" not in self.settings:
            from tests.support.postgres import shared

            entry = ["tests.support.two_nodes"]
            env["TWO_NODES_DATABASE"] = shared().database(self.data_dir)
        arguments = ["serve", *self.more, *self.graphs]
        arguments += ["--port", str(self.port), "--data-dir", str(self.data_dir)]
        arguments += ["--supervise" if self.supervised else "--no-supervise"]
        settings = {"blocked_seconds": BLOCKED_SECONDS, **self.settings}
        if ON_DATABASE and "database" not in settings:
            from tests.support.postgres import shared

            settings["database"] = shared().database(self.data_dir)
        for name, value in settings.items():
            arguments += ["--set", f"{name}={value}"]
        if entry == ["rpc.cli"] and not (env or self.afresh or self.supervised):
            self.process = nursery.start("rpc.cli", arguments, self.cwd, clean_environment())
        else:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *entry, *arguments],
                cwd=self.cwd,
                env=clean_environment(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        ready: queue.Queue[int | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(self.process, ready), daemon=True)
        self._reader.start()
        try:
            port = ready.get(timeout=READY_SECONDS)
        except queue.Empty:
            self.kill9()
            raise RuntimeError(f"the server was not ready in time:\n{self.output}") from None
        if port is None:
            self.process.wait(STOP_SECONDS)
            raise RuntimeError(f"the server ended ({self.process.returncode}):\n{self.output}")
        self.port = port
        self._let_go_of_port()
        return self

    def _hold_port(self) -> None:
        """Until it is started again, the system must give its port to nobody else."""
        if self._held is not None or not self.port:
            return
        held = socket.socket()
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # On another address than this one, or where a part of it still listens, it cannot be held.
        with suppress(OSError):
            held.bind(("127.0.0.1", self.port))
        self._held = held

    def _let_go_of_port(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def _read(
        self, process: "subprocess.Popen[str] | nursery.Child", ready: "queue.Queue[int | None]"
    ) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with self._line_read:
                self.lines.append(line.rstrip("\n"))
                self._line_read.notify_all()
            if found := _RPC_URL.search(line):
                ready.put(int(found["port"]))
        ready.put(None)

    def kill9(self) -> None:
        """End it as a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it gracefully; its exit code."""
        return self._signal(number)

    def restart(self) -> None:
        """Start it again, on the same port, with the same data."""
        self.start()

    def _signal(self, number: int) -> int:
        assert self.process is not None
        assert self._reader is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(STOP_SECONDS)
        self._hold_port()
        self._reader.join(STOP_SECONDS)
        return code

    def close(self) -> None:
        """End it if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.kill9()
        self._let_go_of_port()


def clean_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without settings of ours, the repository importable."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("STEPWIRE_")}
    env["PYTHONPATH"] = str(ROOT)
    env["PYTHONUNBUFFERED"] = "1"
    # Two graphs that a test writes in one second are files of one age: none is taken for the other.
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    env.pop("FORCE_COLOR", None)
    return env | dict(more or {})
