"""Servers that are started once a process, each on a task of its own, in a loop of their own.

A session's task groups have to be left by the task that entered them, and event loops come and go
(one a question under ``asyncio.run``). So one thread has the loop that all sessions live in; calls
are handed to it from whatever loop asks.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

import anyio

from ..errors import SourceError
from .chatter import bound
from .configuration import Server
from .running import CLOSE_S, Report, RunningServer, late

if TYPE_CHECKING:
    from mcp.types import CallToolResult

T = TypeVar("T")


class Pool:
    """All servers of this process. Made by :func:`pool`."""

    def __init__(self) -> None:
        bound()
        self.pid = os.getpid()
        self._servers: dict[str, RunningServer] = {}
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="biomed MCP", daemon=True).start()

    async def started(
        self, servers: list[Server], wait_s: float
    ) -> dict[str, RunningServer | SourceError]:
        """The servers by name, started where they are not yet; after ``wait_s`` without the late.

        Who is not there has the reason in its place.
        """
        return await self._handed(self._started(servers, wait_s))

    async def call(
        self,
        server: RunningServer,
        tool: str,
        arguments: Mapping[str, Any],
        report: Report | None = None,
    ) -> CallToolResult:
        """Call a tool of a running server; ``report`` is called in the caller's loop.

        One that ended since it last answered is started again and asked once more: it has not heard of this call.

        Raises:
            SourceError: it is not running, went away in the middle of the call, or refused it.
        """
        loop = asyncio.get_running_loop()

        def here(done: float, total: float | None, message: str | None) -> None:
            if report and not loop.is_closed():
                loop.call_soon_threadsafe(report, done, total, message)

        try:
            return await self._handed(server.call(tool, arguments, here))
        except SourceError:
            if not server.is_gone:
                raise
            again = await self._handed(self._again(server))
            return await self._handed(again.call(tool, arguments, here))

    async def said(self, server: Server) -> list[str]:
        """What a server that was started wrote last to its standard error."""

        async def lines() -> list[str]:
            known = self._servers.get(server.key)
            return known.stderr.so_far() if known else []

        return await self._handed(lines())

    def close(self) -> None:
        """Stop every server; at most a few seconds."""
        if self.pid != os.getpid() or not self._loop.is_running():
            return
        closing = asyncio.run_coroutine_threadsafe(self._close(), self._loop)
        try:
            closing.result(CLOSE_S + 2)
        except TimeoutError:
            closing.cancel()
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _close(self) -> None:
        servers = list(self._servers.values())
        self._servers.clear()
        await asyncio.gather(*(one.close() for one in servers), return_exceptions=True)

    async def _started(
        self, servers: list[Server], wait_s: float
    ) -> dict[str, RunningServer | SourceError]:
        running: dict[str, RunningServer] = {}
        for one in servers:
            known = self._servers.get(one.key)
            if known is None or known.is_over:
                hung = known is not None and known.never_ready
                known = self._servers[one.key] = RunningServer(one, hung_before=hung)
            running[one.name] = known

        async def wait(server: RunningServer) -> None:
            with anyio.move_on_after(server.worth_waiting_s(wait_s)):
                await server.ready()

        await asyncio.gather(*map(wait, running.values()))
        return {
            name: each.failure or (each if each.session is not None else late(each, wait_s))
            for name, each in running.items()
        }

    async def _again(self, server: RunningServer) -> RunningServer:
        """The same server, started anew unless another question has done so."""
        known = self._servers.get(server.server.key)
        if known is None or known is server:
            known = self._servers[server.server.key] = RunningServer(server.server)
        await known.ready()
        return known

    async def _handed(self, work: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return await asyncio.wrap_future(future)


_pool: Pool | None = None
_lock = threading.Lock()


def pool() -> Pool:
    """The pool of this process; a forked child makes its own."""
    global _pool
    with _lock:
        if _pool is None or _pool.pid != os.getpid():
            _pool = Pool()
            atexit.register(_pool.close)
        return _pool
