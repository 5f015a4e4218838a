"""One MCP server that is started once a process: the task that owns it, its session and its tools."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import SourceError
from ..services.lookup import look_up
from .configuration import Server
from .rest import Rests
from .stdio import LastLines, stdio_session

if TYPE_CHECKING:
    from mcp import ClientSession
    from mcp.types import CallToolResult, Tool

logger = logging.getLogger(__name__)

START_S = 30
"""A server that is not ready after this long has failed to start."""
CLOSE_S = 5.0
"""How long one that is stopped may take: the SDK waits two seconds for it to end by itself, and two more once it has told it to."""
RETRY_S = 60
"""How long a failure stands before the server is started again."""

Report = Callable[[float, float | None, str | None], None]


def last(lines: Sequence[str]) -> str:
    """Last lines of a server as the end of a sentence; empty for none."""
    return "; its last lines: " + " | ".join(lines) if lines else ""


class RunningServer:
    """One server: its owner task, its session and its tools. Belongs to the pool's loop."""

    def __init__(self, server: Server, *, hung_before: bool = False) -> None:
        """``hung_before``: it was started before and never became ready, so nobody waits for it now."""
        self.server = server
        self.rests = Rests()
        """What of it is not asked for now."""
        self.hung_before = hung_before
        self.started_at = time.monotonic()
        self.tools: list[Tool] = []
        self.failure: SourceError | None = None
        self.stderr = LastLines()
        """What it wrote last to its standard error; of a server that is no process of ours nothing."""
        self.failed_at = 0.0
        self.is_gone = False
        """Whether it ended between two calls: the last one never reached it."""
        self._has_answered = False
        self.session: ClientSession | None = None
        self._stop = asyncio.Event()
        self._ready = asyncio.Event()
        self._owner = asyncio.create_task(self._own(), name=f"MCP server {server.name}")
        self._watch = asyncio.create_task(self._limit(), name=f"start of {server.name}")

    async def ready(self) -> None:
        """Return once it is known whether it runs."""
        await self._ready.wait()

    def worth_waiting_s(self, wait_s: float) -> float:
        """How long a question that has so many seconds for it still waits: it has the time since its start behind it."""
        return 0 if self.hung_before else max(0.0, wait_s - (time.monotonic() - self.started_at))

    @property
    def is_over(self) -> bool:
        """Whether it is started again: it failed long enough ago, or it had answered before it ended."""
        return self.failure is not None and (
            self._has_answered or time.monotonic() - self.failed_at > RETRY_S
        )

    async def close(self) -> None:
        """Stop it, also one that is not ready yet: its input is closed, then it is told to end, then killed."""
        self._stop.set()
        self._watch.cancel()
        if self.session is None:
            # It waits for an answer that may never come, and not to be told to stop.
            self._owner.cancel()
        _, late = await asyncio.wait({self._owner}, timeout=CLOSE_S)
        if late:
            self._owner.cancel()
            await asyncio.wait({self._owner}, timeout=1)

    async def call(
        self, tool: str, arguments: Mapping[str, Any], report: Report | None
    ) -> CallToolResult:
        """Call one of its tools.

        Raises:
            SourceError: it is not running, or went away.
        """
        if self.session is None:
            raise self.failure or SourceError("unreachable", "it is not running")

        async def on_progress(progress: float, total: float | None, message: str | None) -> None:
            if report:
                report(progress, total, message)

        from anyio import BrokenResourceError, ClosedResourceError
        from mcp.shared.exceptions import McpError

        call = asyncio.ensure_future(
            self.session.call_tool(tool, dict(arguments), progress_callback=on_progress)
        )
        try:
            await asyncio.wait({call, self._owner}, return_when=asyncio.FIRST_COMPLETED)
            if not call.done():
                raise SourceError("unreachable", "it stopped in the middle of a call")
            answer = call.result()
            self._has_answered = True
            return answer
        except (ClosedResourceError, BrokenResourceError):
            self.is_gone = True
            raise self._ended("it ended after its last answer") from None
        except McpError as error:
            said = str(error).lower()
            if "session terminated" in said or "session not found" in said:
                # A server over HTTP that was started anew knows of no session.
                self.is_gone = True
                raise self._ended("it ended the session") from None
            if "closed" in said:
                raise self._ended("it closed the connection") from None
            raise SourceError("tool_error", " ".join(str(error).split())[:300]) from None
        finally:
            call.cancel()

    async def _own(self) -> None:
        from contextlib import AsyncExitStack

        try:
            async with AsyncExitStack() as stack:
                session = await stack.enter_async_context(await _connect(self.server, self.stderr))
                if "command" in self.server.connection:
                    await session.initialize()
                self.tools = await _tools_of(session)
                self.session = session
                self._ready.set()
                await self._stop.wait()
        except asyncio.CancelledError:
            self._fail(SourceError("timeout", f"it was not ready within {START_S} s"))
            raise
        except Exception as error:  # the border to foreign servers
            self._fail(_as_failure(error))
        finally:
            self.session = None
            try:
                await self._tell()
            finally:
                self.stderr.close()
                self._ready.set()

    async def _tell(self) -> None:
        """Log a failure with the last lines of what the server wrote: they are for who runs this, not for who asks."""
        if self.failure is None or "command" not in self.server.connection:
            return
        said = await self.stderr.ended()
        logger.warning("MCP server %s: %s%s", self.server.name, self.failure.message, last(said))

    async def _limit(self) -> None:
        _, late = await asyncio.wait(
            {asyncio.ensure_future(self._ready.wait()), self._owner},
            timeout=START_S,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not self._ready.is_set() and late:
            self._owner.cancel()

    @property
    def never_ready(self) -> bool:
        """Whether it hung when it was started."""
        return self.failure is not None and self.failure.kind == "timeout" and not self.tools

    def _ended(self, how: str) -> SourceError:
        """Note that it is over, and let its task end."""
        self._fail(SourceError("unreachable", how))
        self._stop.set()
        assert self.failure
        return self.failure

    def _fail(self, failure: SourceError) -> None:
        if self.failure is None:
            self.failure, self.failed_at = failure, time.monotonic()


def late(server: RunningServer, wait_s: float) -> SourceError:
    """Why a server that was waited for is not used in this question."""
    if server.hung_before:
        return SourceError(
            "timeout", f"it was not ready within {START_S} s before, and is being tried again"
        )
    return SourceError("timeout", f"it was not ready within {wait_s:g} s; it is used once it is")


async def _connect(server: Server, stderr: LastLines) -> Any:
    if "command" in server.connection:
        return stdio_session(server.connection, stderr)
    from langchain_mcp_adapters.client import MultiServerMCPClient

    await look_up(str(server.connection["url"]))
    client = MultiServerMCPClient({"server": server.connection})  # type: ignore[dict-item]
    return client.session("server")


async def _tools_of(session: ClientSession) -> list[Tool]:
    tools: list[Tool] = []
    cursor: str | None = None
    for _ in range(100):
        page = await session.list_tools(cursor)
        tools += page.tools
        cursor = page.nextCursor
        if not cursor:
            break
    return tools


def _as_failure(error: BaseException) -> SourceError:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, SourceError):
        return error
    if type(error).__name__ in ("McpError", "BrokenResourceError", "ClosedResourceError"):
        return SourceError("unreachable", "it ended, or closed the connection, before it was ready")
    reason = getattr(error, "strerror", None)
    what = f"{type(error).__name__}: {reason}" if reason else type(error).__name__
    return SourceError("unreachable", f"it did not start: {what}")
