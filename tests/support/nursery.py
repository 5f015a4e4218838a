"""Servers that start without importing everything again: each is a fork of one process that has imported it.

What a server does from its command line on is its own: arguments, settings, graphs, port, loop, threads, signals. Only
the imports of what `stepwire serve` is made of are shared; they are most of the time that a start takes. Whoever tries
how the command itself starts runs the command (`ServerProcess.afresh`).

Run as a module it is that process. It reads what to start from the socket that is its standard input, and tells there
what became of it.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parents[2]

PRELOADED = ("rpc.cli.serve", "rpc.server", "rpc.app")
"""What `stepwire serve` imports before it looks at a graph."""

AVAILABLE = hasattr(os, "pidfd_open") and hasattr(socket, "SOCK_SEQPACKET")
"""Linux has what it takes; elsewhere each server imports for itself."""

_LARGEST = 1 << 20
"""Bytes of what is said in one message: an environment is in it."""


class Child:
    """A process that the nursery started, with the members of a `Popen` that tests use."""

    def __init__(self, pid: int, stdout: TextIO) -> None:
        self.pid = pid
        self.stdout = stdout
        self.stdin = None
        self.returncode: int | None = None
        self._ended = threading.Event()

    def poll(self) -> int | None:
        """The exit code; minus the signal's number where that ended it; None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended. Raises `subprocess.TimeoutExpired`."""
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def ended(self, code: int) -> None:
        """What the nursery tells of it."""
        self.returncode = code
        self._ended.set()


class Nursery:
    """The process that has imported everything, seen from the tests: one for each process of theirs."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket = ours
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.nursery"],
            cwd=ROOT,
            # Threads of a library of numbers would not live on in a fork.
            env={**environment, "OPENBLAS_NUM_THREADS": "1"},
            stdin=theirs,
        )
        theirs.close()
        self._lock = threading.Lock()
        self._born = threading.Condition()
        self._newest: Child | None = None
        self._children: dict[int, Child] = {}
        self._gone = False
        self._output: TextIO | None = None
        threading.Thread(target=self._hear, daemon=True).start()
        atexit.register(self.close)

    def start(
        self, module: str, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> Child:
        """`python -m module arguments`, its output in one pipe. Raises `RuntimeError` where the nursery has ended."""
        request = {
            "module": module,
            "arguments": list(arguments),
            "cwd": str(cwd),
            "environment": dict(environment),
        }
        read, write = os.pipe()
        with self._lock:
            self._newest, self._output = None, os.fdopen(read, encoding="utf-8", errors="replace")
            try:
                socket.send_fds(self._socket, [json.dumps(request).encode()], [write])
            finally:
                os.close(write)
            with self._born:
                self._born.wait_for(lambda: self._newest is not None or self._gone)
                if self._newest is None:
                    raise RuntimeError("the process that servers are forked from has ended")
                return self._newest

    def _hear(self) -> None:
        with suppress(OSError):
            while message := self._socket.recv(_LARGEST):
                told = json.loads(message)
                if "born" in told:
                    assert self._output is not None
                    child = Child(told["born"], self._output)
                    self._children[child.pid] = child
                    with self._born:
                        self._newest = child
                        self._born.notify_all()
                else:
                    self._children.pop(told["ended"]).ended(told["code"])
        with self._born:
            self._gone = True
            self._born.notify_all()
        for child in self._children.values():
            child.ended(-signal.SIGKILL)

    def close(self) -> None:
        """End it, and what it started."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._process.wait(120)
        self._socket.close()


_nursery: Nursery | None = None


def start(
    module: str, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
) -> Child:
    """`python -m module arguments`, forked from this process's own nursery, which begins with the first."""
    global _nursery
    if _nursery is None:
        _nursery = Nursery(environment)
    return _nursery.start(module, arguments, cwd, environment)


def _serve(asked: socket.socket) -> tuple[dict[str, Any], int] | None:
    """Fork for each request. Returns in a fork, with what it is to be; and None when nobody asks any more."""
    children: dict[int, int] = {}
    poll = select.poll()
    poll.register(asked, select.POLLIN)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor != asked.fileno():
                pid = children.pop(descriptor)
                poll.unregister(descriptor)
                os.close(descriptor)
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                with suppress(OSError):
                    asked.send(json.dumps({"ended": pid, "code": code}).encode())
                continue
            message, received, _, _ = socket.recv_fds(asked, _LARGEST, 1)
            if not message:
                for child, pid in children.items():
                    signal.pidfd_send_signal(child, signal.SIGKILL)
                    os.waitpid(pid, 0)
                return None
            if not (pid := os.fork()):
                for child in children:
                    os.close(child)
                return json.loads(message), received[0]
            os.close(received[0])
            descriptor = os.pidfd_open(pid)
            children[descriptor] = pid
            poll.register(descriptor, select.POLLIN)
            asked.send(json.dumps({"born": pid}).encode())


def _become(request: dict[str, Any], output: int) -> None:
    """Run the module as `python -m` would: with its folder first on the path, and what it prints in `output`."""
    if signal.getsignal(signal.SIGINT) is _not_ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path[0] = request["cwd"]
    sys.argv[1:] = request["arguments"]
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


def _not_ours(*_: object) -> None:
    """Ctrl-C at the tests' terminal: the tests end this process."""


def _main() -> None:
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _not_ours)
    gc.disable()
    for name in PRELOADED:
        importlib.import_module(name)
    gc.enable()
    asked = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    assert threading.active_count() == 1, "what is imported starts threads, which no fork has"
    begun = _serve(asked)
    asked.close()
    if begun is not None:
        _become(*begun)


if __name__ == "__main__":
    try:
        _main()
    except Exception:
        traceback.print_exc()
        raise SystemExit(1) from None
