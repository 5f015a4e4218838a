"""Reaching the tools as an MCP client: configured servers first, our own in process for the rest.

A server of the ``mcpServers`` file serves a capability (see :mod:`.mcp_capabilities`) if one of
its tools fits; the first in the file's order is asked. What none serves, or none that runs, is
taken from the server of :mod:`.tools`, in process over the SDK's in-memory transport.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import msgspec
from langgraph.errors import GraphBubbleUp

from ..errors import SourceError, from_text
from ..settings import Settings
from . import results
from .arguments import adapt
from .capabilities import CAPABILITIES, Mapped, choose
from .configuration import Configuration, Server, read
from .pool import RunningServer, pool
from .rest import WHOLE

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool
    from mcp import ClientSession
    from mcp.server.fastmcp import FastMCP
    from mcp.types import CallToolResult, Tool

    from ..tools import Clients

logger = logging.getLogger(__name__)

Progress = Callable[[dict[str, Any]], None]
"""Called with what a tool knows so far: ``found`` and ``partial``, or its plain ``message``."""

IN_PROCESS = "in process"
MAX_NAMED = 20
"""Articles that are fetched where a search names them by their numbers alone."""
FOREIGN_SHARE = 0.6
"""The part of a search's time that a configured server's call may take; the rest is for ours in its place."""
FOREIGN_S = 60.0
WAIT_SHARE = 0.4
"""The part of the time budget that a starting server is waited for."""


class ServerState(msgspec.Struct, kw_only=True):
    """How one configured server fares. Becomes plain JSON in the graph's state."""

    name: str
    status: str
    """``used``, ``unused`` (runs, serves no capability), ``failed`` or ``disabled``."""
    serves: dict[str, str] = {}
    """By capability, the tool that serves it."""
    by: dict[str, str] = {}
    """By capability, why: ``settings``, ``name`` or ``description``."""
    tools: list[str] = []
    kind: str = ""
    """Of its failure."""
    reason: str = ""

    def problem(self) -> str:
        """Its failure in words that name it; empty for none."""
        return f"MCP server {self.name or '(configuration)'}: {self.reason}" if self.reason else ""


class Served(msgspec.Struct):
    """The running servers, and what each serves."""

    states: list[ServerState] = []
    running: dict[str, tuple[RunningServer, Server, dict[str, Mapped]]] = {}
    said: dict[str, list[str]] = {}
    """By a failed server's name, the last lines of its standard error: for who runs this, and no part of the graph's state."""

    def serving(self, capability: str) -> tuple[RunningServer, Server, Tool] | None:
        """The first server that serves a capability, with its tool."""
        for server, entry, mapped in self.running.values():
            if capability in mapped:
                name = mapped[capability].tool
                return server, entry, next(one for one in server.tools if one.name == name)
        return None


async def survey(configuration: Configuration, wait_s: float) -> Served:
    """Start what is not started yet, and map the tools. Never raises: each fails alone, by name."""
    found = Served([], {}, {})
    for name, failure in configuration.failures.items():
        found.states.append(
            ServerState(name=name, status="failed", kind=failure.kind, reason=failure.message)
        )
    found.states += [ServerState(name=one, status="disabled") for one in configuration.disabled]
    if not configuration.servers:
        return found
    started = await pool().started(configuration.servers, wait_s)
    could_s = wait_s / WAIT_SHARE * FOREIGN_SHARE
    for entry in configuration.servers:
        server = _awake(started[entry.name], could_s)
        if isinstance(server, SourceError):
            found.said[entry.name] = await pool().said(entry)
            found.states.append(
                ServerState(
                    name=entry.name, status="failed", kind=server.kind, reason=server.message
                )
            )
            continue
        mapped, wrong = choose(server.tools, entry.tools)
        resting = {
            one.tool: why
            for one in mapped.values()
            if (why := server.rests.of(one.tool, could_s)) is not None
        }
        mapped = {name: one for name, one in mapped.items() if one.tool not in resting}
        wrong = [*wrong, *(f"{tool}: {why.message}" for tool, why in resting.items())]
        found.running[entry.name] = (server, entry, mapped)
        reasons = list(wrong)
        if not mapped and not resting:
            count = len(server.tools)
            reasons.append(f"none of its {count} tools serves a capability")
        found.states.append(
            ServerState(
                name=entry.name,
                status="used" if mapped else "unused",
                serves={name: one.tool for name, one in mapped.items()},
                by={name: one.by for name, one in mapped.items()},
                tools=[tool.name for tool in server.tools],
                kind=next(iter(resting.values())).kind
                if resting
                else "not_configured"
                if reasons
                else "",
                reason="; ".join(reasons),
            )
        )
    return found


def _awake(server: RunningServer | SourceError, could_s: float) -> RunningServer | SourceError:
    """The server, or why it is not asked: it hung a while ago."""
    if isinstance(server, SourceError):
        return server
    return server.rests.of(WHOLE, could_s) or server


class Toolbox:
    """Tools by capability, wherever they are served. Open one with :func:`open_toolbox`."""

    def __init__(
        self, settings: Settings, mapping: Served, stack: AsyncExitStack, progress: Progress
    ) -> None:
        self._settings = settings
        self._mapping = mapping
        # Owns the session in process: it closes when the toolbox does.
        self._stack = stack
        self._progress = progress
        self._own: dict[str, BaseTool] = {}
        self._failed: dict[str, SourceError] = {}
        """By a configured server's name, why it is not asked again in this search."""

    def serves(self, name: str) -> str:
        """The configured server that serves a capability, as errors name it; empty for the one in process."""
        found = self._mapping.serving(name)
        return "" if found is None else f"MCP server {found[1].name}"

    async def call(
        self, name: str, arguments: Mapping[str, Any], budget_s: float = FOREIGN_S
    ) -> dict[str, Any]:
        """Call what serves a capability; its records, with what could not be passed on as warnings.

        ``server`` in it is the configured server that answered; empty for the one in process. Where a
        configured server's call fails, or takes longer than its share of ``budget_s`` seconds, the tool in
        process is called in its place; ``failed`` in the answer is then the server's name, kind and message.

        Raises:
            SourceError: the tool failed, or nothing serves ``name``. Where both fail, the one in process
                is raised, with the server's failure in ``failed``.
        """
        found = self._mapping.serving(name)
        if found is None:
            return await self._call_own(name, arguments)
        entry = found[1]
        failure = self._failed.get(entry.name)
        if failure is None:
            try:
                with anyio.fail_after(budget_s * FOREIGN_SHARE):
                    answer = await self._call_configured(found, name, arguments)
                # Out of the scope above: a session that is opened here outlives it.
                found[0].rests.answered(found[2].name)
                if numbers := answer.pop("numbers", None):
                    return await self.call("pubmed_get", {"pmids": numbers}, budget_s)
                return answer
            except TimeoutError:
                late = f"no answer within {budget_s * FOREIGN_SHARE:g} s"
                failure = SourceError("timeout", f"MCP server {entry.name}: {late}")
                found[0].rests.note(WHOLE, SourceError("timeout", late), budget_s * FOREIGN_SHARE)
            except SourceError as error:
                if error.kind == "not_found":
                    raise
                failure = error
                found[0].rests.note(found[2].name, _bare(error), budget_s * FOREIGN_SHARE)
            self._failed[entry.name] = failure
        failed = {"server": entry.name, "kind": failure.kind, "message": failure.message}
        try:
            answer = await self._call_own(name, arguments)
        except Exception as error:  # the border to our own tools, which fail as MCP tools do
            own = as_source_error(error)
            own.failed = failed
            raise own from None
        warning = f"the MCP server {entry.name} failed; asked without it"
        return {**answer, "warnings": [*_list(answer.get("warnings")), warning], "failed": failed}

    async def _call_configured(
        self, found: tuple[RunningServer, Server, Tool], name: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        server, entry, tool = found
        label = f"MCP server {entry.name}"
        calls, lost = adapt(
            name,
            arguments,
            tool.inputSchema,
            tool.description or "",
            entry.arguments.get(name),
        )
        answer: dict[str, Any] = {"records": [], "total": 0}
        for call in calls:
            part = await self._call_foreign(label, server, tool, name, call)
            answer = {
                **part,
                "records": [*answer["records"], *part["records"]],
                "total": answer["total"] + _whole(part.get("total"), len(part["records"])),
            }
        if lost:
            warning = f"{tool.name} of this server does not take: {', '.join(sorted(lost))}"
            answer["warnings"] = [*_list(answer.get("warnings")), warning]
        asked = [{"parameters": {"tool": tool.name, **call}} for call in calls]
        asked[-1]["count"] = answer["total"]
        return {**answer, "server": entry.name, "searched": asked}

    async def _call_foreign(
        self, label: str, server: RunningServer, tool: Tool, name: str, call: dict[str, Any]
    ) -> dict[str, Any]:
        from langchain_core.tools import StructuredTool

        async def run(**arguments: Any) -> tuple[str, CallToolResult]:
            result = await pool().call(server, tool.name, arguments, self._report)
            return "", result

        # As a tool of LangChain's, so that a debugger and a tracer see the call.
        wrapped = StructuredTool(
            name=tool.name,
            description=tool.description or tool.name,
            args_schema=tool.inputSchema,
            coroutine=run,
            response_format="content_and_artifact",
        )
        try:
            message = await wrapped.ainvoke(
                {"type": "tool_call", "id": name, "name": tool.name, "args": call}
            )
            result: CallToolResult = message.artifact
            texts = _texts(result)
            if result.isError:
                raise from_text(" ".join(texts) or "no reason given")
            unread: SourceError | None = None
            found: dict[str, Any] = {"records": [], "total": 0}
            try:
                found = results.read(name, result.structuredContent, texts)
            except SourceError as error:
                if error.kind != "bad_data":
                    raise
                unread = error
            # Some search tools name the articles by their numbers alone.
            is_search = name == "pubmed_search" and not found["records"]
            if is_search and (named := results.pmids(result.structuredContent, texts)):
                return {**found, "numbers": named[:MAX_NAMED]}
            if unread is not None:
                raise unread
            return found
        except SourceError as error:
            raise SourceError(error.kind, f"{label}, {tool.name}: {error.message}") from None

    async def _call_own(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if not self._own:
            from langchain_mcp_adapters.callbacks import Callbacks
            from langchain_mcp_adapters.tools import load_mcp_tools

            session: ClientSession = await self._stack.enter_async_context(
                await _connect_in_process(self._settings)
            )
            tools = await load_mcp_tools(
                session,
                callbacks=Callbacks(on_progress=self._on_progress),
                server_name=IN_PROCESS,
                handle_tool_errors=False,
            )
            self._own = {tool.name: tool for tool in tools}
        tool = self._own.get(name)
        if tool is None:
            raise SourceError("not_configured", f"nothing serves {name}")
        known = {key: value for key, value in arguments.items() if key in tool.args}
        message = await tool.ainvoke({"type": "tool_call", "id": name, "name": name, "args": known})
        artifact = getattr(message, "artifact", None)
        payload = artifact.get("structured_content") if isinstance(artifact, dict) else None
        if not isinstance(payload, dict) or not isinstance(payload.get("records"), list):
            raise SourceError("bad_data", f"{name}: the result has no list of records")
        return {**payload, "server": ""}

    async def _on_progress(
        self, progress: float, total: float | None, message: str | None, context: object
    ) -> None:
        self._report(progress, total, message)

    def _report(self, progress: float, total: float | None, message: str | None) -> None:
        try:
            known = msgspec.json.decode(message or "", type=dict[str, Any])
        except msgspec.DecodeError:
            known = {"message": message} if message else {}
            if total is not None:
                known["found"] = int(total)
        self._progress(known)


async def call_text(
    served: Served, server: str, tool: str, arguments: Mapping[str, Any], wait_s: float = 30.0
) -> str:
    """The text a tool of a running server answers, whatever it serves.

    Raises:
        SourceError: it failed, or was late.
    """
    with anyio.move_on_after(wait_s):
        result = await pool().call(served.running[server][0], tool, arguments)
        text = "\n".join(_texts(result))
        if result.isError:
            raise from_text(text or "no reason given")
        return text
    raise SourceError("timeout", f"MCP server {server}, {tool}: no answer within {wait_s:g} s")


@asynccontextmanager
async def open_toolbox(
    settings: Settings, configuration: Configuration, wait_s: float, progress: Progress
) -> AsyncIterator[Toolbox]:
    """A toolbox for the calls of one search; the server in process is opened when first needed.

    Raises:
        SourceError: whatever failed inside, also where the transports' task groups wrapped it.
    """
    try:
        mapping = await survey(configuration, wait_s)
        async with AsyncExitStack() as stack:
            yield Toolbox(settings, mapping, stack, progress)
    except GraphBubbleUp:
        raise
    except Exception as error:  # the border to foreign servers
        raise as_source_error(error) from error


def _bare(error: SourceError) -> SourceError:
    """Its failure without the server's and the tool's name before it."""
    return SourceError(error.kind, error.message.split(": ", 1)[-1])


def as_source_error(error: BaseException) -> SourceError:
    """The cause of a failed call as a :class:`SourceError`, out of any exception group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, SourceError):
        return error
    logger.debug("a tool call failed", exc_info=error)
    from langchain_core.tools import ToolException

    if isinstance(error, ToolException):
        return from_text(str(error))
    if isinstance(error, TimeoutError):
        return SourceError("timeout", "no answer within the time budget")
    return SourceError("unreachable", f"MCP server: {_brief(error)}")


def read_configuration(settings: Settings) -> Configuration:
    """The configured servers. Reads a file: meant for a worker thread."""
    return read(settings.mcp_config)


def table(mapping: Served) -> str:
    """What serves each capability, and how each server fares, as lines for a terminal."""
    lines = []
    for capability in CAPABILITIES:
        found = mapping.serving(capability)
        if found is None:
            lines.append(f"{capability:18} {IN_PROCESS}")
            continue
        _, entry, tool = found
        by = mapping.running[entry.name][2][capability].by
        lines.append(f"{capability:18} {entry.name}: {tool.name} (by {by})")
    for state in mapping.states:
        detail = state.reason or (f"{len(state.tools)} tools" if state.tools else "not started")
        lines.append(f"{state.name or '(configuration)'}: {state.status}; {detail}")
        lines += [f"    {one}" for one in mapping.said.get(state.name, [])]
    return "\n".join(lines) + "\n"


@functools.cache
def warm_up() -> None:
    """Import what the calls need: most of a second, the first time. Meant for a worker thread."""

    from .. import tools  # noqa: F401


@functools.lru_cache(maxsize=8)
def _server(settings: Settings) -> FastMCP[Clients]:
    from ..tools import build_server

    return build_server(settings)


async def _connect_in_process(settings: Settings) -> Any:
    from mcp.shared.memory import create_connected_server_and_client_session

    return create_connected_server_and_client_session(_server(settings))


def _texts(result: CallToolResult) -> list[str]:
    found = []
    for block in result.content:
        text = getattr(block, "text", None) or getattr(getattr(block, "resource", None), "text", "")
        if text:
            found.append(str(text))
    return found


def _whole(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _brief(error: BaseException) -> str:
    # The type and, for the operating system's errors, its reason: no paths, no internals.
    reason = getattr(error, "strerror", None)
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__
