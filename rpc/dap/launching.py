"""A server of the adapter's own: `stepwire serve` with the user's interpreter, on a free port, ended with the session."""

import asyncio
import os
import re
import shlex
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from rpc.client.errors import ConnectionLost
from rpc.dap.connection import DapError
from rpc.dap.guarding import Guard
from rpc.dap.process import Process

MISSING = re.compile(r"No module named '?(\w+)")
READY = re.compile(r"RPC\s+(wss?://\S+)")
END_SECONDS = 15.0
"""How long the server may take to end before it is killed."""

HUNG_SECONDS = 3.0
"""The same of one that did not answer, or has not begun to."""

LAST_SECONDS = 2.0
"""How long its end may take to be seen behind that of its connection, and its last words behind its end."""

LAST_LINES = 30
"""How much of its output an error shows."""


T = TypeVar("T")


class Server:
    """The server process. `output` is given each line of its output and the stream it is of.

    `hangs`: it was asked something, and did not answer in time.
    """

    def __init__(self, process: Process, folder: Any, guard: Guard) -> None:
        self.process = process
        self.url = ""
        self.hangs = False
        self._folder = folder
        self._guard = guard
        self._readers: list[asyncio.Task[None]] = []

    @classmethod
    async def started(
        cls, arguments: Mapping[str, Any], output: Callable[[str, str], None]
    ) -> "Server":
        """A server that answers, of a `launch` request's arguments. Raises `DapError`, which says why it did not start."""
        targets, cwd = _targets(arguments)
        python = str(arguments.get("python") or sys.executable)
        options = ["--until-stdin-ends", "--host", "127.0.0.1"]
        options += ["--port", str(arguments.get("port") or 0)]
        command = [python, "-m", "stepwire", "serve", *targets, *options]
        data_dir = arguments.get("dataDir")
        folder: tempfile.TemporaryDirectory[str] | None = None
        guard = await _guard()
        try:
            if data_dir is None:
                folder = tempfile.TemporaryDirectory(prefix="stepwire-debug-")
                data_dir = folder.name
                guard.folder(data_dir)
            command += ["--data-dir", str(data_dir), *map(str, arguments.get("serveArgs") or [])]
            process = await Process.started(command, cwd, _environment(arguments.get("env")))
        except BaseException as error:
            if folder is not None:
                folder.cleanup()
            await guard.close()
            if not isinstance(error, OSError):
                raise
            raise DapError(
                f"cannot run {shlex.join(command)} in {cwd}: {error.strerror or error}; `python` is the interpreter "
                "in which `stepwire` and your graph's packages are installed"
            ) from error
        guard.group(process.group)
        server = cls(process, folder, guard)
        await server._until_ready(python, output)
        return server

    async def _until_ready(self, python: str, output: Callable[[str, str], None]) -> None:
        lines: list[str] = []
        ready = asyncio.get_running_loop().create_future()

        async def read(stream: asyncio.StreamReader, category: str) -> None:
            while line := await _line(stream):
                output(line, category)
                if not ready.done():
                    lines.append(line)
                    if (found := READY.search(line)) is not None:
                        ready.set_result(found[1])

        self._readers = [
            asyncio.create_task(read(self.process.stdout, "stdout")),
            asyncio.create_task(read(self.process.stderr, "stderr")),
        ]
        ended = asyncio.create_task(self.process.wait())
        try:
            await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                # What it started may hold its output open.
                self.process.end_group()
                await asyncio.wait(self._readers, timeout=LAST_SECONDS)
                told = "".join(lines[-LAST_LINES:]).strip()
                why = told or f"{python} said nothing; `python` is the interpreter of the graph"
                raise DapError(
                    f"the server did not start ({_code(ended.result())}): {why}{_missing(told, python)}"
                )
            self.url = ready.result()
        except BaseException:
            await self.end()
            raise
        finally:
            ended.cancel()

    async def while_alive(self, work: Awaitable[T]) -> T:
        """What `work` brings. Raises `DapError` where the server ends before."""
        ended = asyncio.create_task(self.until_ended())
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, ended}, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not isinstance(task.exception(), ConnectionLost):
                return task.result()
            # A broken connection may be seen before the end that broke it.
            await asyncio.wait({ended}, timeout=LAST_SECONDS)
            if ended.done():
                raise DapError(ended.result())
            return await task
        finally:
            ended.cancel()
            task.cancel()
            await asyncio.wait({ended, task})

    async def until_ended(self) -> str:
        """Wait for its end, with which what it started ends, too; what is said of it."""
        code = await self.process.wait()
        self.process.end_group()
        self._guard.group(0)
        return f"the server has ended ({_code(code)})"

    def wake(self) -> None:
        """Let it go on where somebody froze it: it is asked something now."""
        self.process.wake()

    async def end(self) -> None:
        """End it and what it started, and remove its data where they were its own."""
        await self.process.end(HUNG_SECONDS if self.hangs or not self.url else END_SECONDS)
        for reader in self._readers:
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader
        self.process.close()
        if self._folder is not None:
            self._folder.cleanup()
        await self._guard.close()


async def _guard() -> Guard:
    """Raises `DapError`."""
    try:
        return await Guard.started()
    except OSError as error:
        raise DapError(f"cannot run {sys.executable}: {error.strerror or error}") from error


def _missing(told: str, python: str) -> str:
    """Where a module was not found: where it is to be installed, as a line of its own."""
    found = MISSING.search(told)
    if found is None:
        return ""
    if found[1] in ("stepwire", "rpc"):
        return f"\ninstall it there: {python} -m pip install stepwire"
    return f"\n{found[1]} is to be installed where `python` is: {python}"


def _code(code: int) -> str:
    """How a process ended, for a person."""
    return f"exit code {code}" if code >= 0 else f"signal {-code}, {signal.strsignal(-code)}"


async def _line(stream: asyncio.StreamReader) -> str:
    """One line, or the beginning of a very long one; '' at the end."""
    try:
        data = await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as error:
        data = error.partial
    except asyncio.LimitOverrunError as error:
        data = await stream.read(error.consumed)
    return data.decode("utf-8", "replace")


def _targets(arguments: Mapping[str, Any]) -> tuple[list[str], Path]:
    """What `stepwire serve` is to serve, and in which folder. Raises `DapError`."""
    cwd = Path(arguments.get("cwd") or ".").resolve()
    if not cwd.is_dir():
        raise DapError(f"`cwd` is no folder: {cwd}")
    program = arguments.get("program")
    if not isinstance(program, str) or not program:
        raise DapError("`program` is missing: `path/to/file.py:graph`, or a `langgraph.json`")
    if not program.endswith(".json"):
        file = (cwd / program.rpartition(":")[0]).resolve()
        if not arguments.get("cwd") and file.is_file() and not file.is_relative_to(cwd):
            # Sources are told relative to the folder that the server runs in: what is elsewhere could not be found again.
            return [program], file.parent
        return [program], cwd
    path = (cwd / program).resolve()
    try:
        told = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise DapError(f"cannot read {path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise DapError(f"{path} is not JSON: {error}") from error
    graphs = told.get("graphs") if isinstance(told, dict) else None
    if not isinstance(graphs, dict) or not graphs:
        raise DapError(f"{path} names no `graphs`")
    targets = []
    for name, target in graphs.items():
        given = target.get("path") if isinstance(target, dict) else target
        if not isinstance(given, str):
            raise DapError(f"{path}: graph {name!r} is `path/to/file.py:name`")
        targets.append(f"{name}={given}")
    return targets, path.parent


def _environment(given: Any) -> dict[str, str]:
    """The adapter's own, and what the launch says: null takes a variable away."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    for name, value in (given or {}).items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = str(value)
    return env
