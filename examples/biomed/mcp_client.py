"""Reaching the tools as an MCP client, through langchain-mcp-adapters.

Without a configuration the server of :mod:`.tools` runs in process, over the SDK's in-memory
transport. With an ``mcpServers`` JSON file its servers come first, in the file's order; a tool none
of them offers is still taken from the one in process.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from langgraph.errors import GraphBubbleUp

from .errors import SourceError, from_text
from .lookup import look_up
from .settings import Settings

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool
    from mcp import ClientSession
    from mcp.server.fastmcp import FastMCP

    from .tools import Clients

logger = logging.getLogger(__name__)

Progress = Callable[[dict[str, Any]], None]
"""Called with what a tool knows so far: ``found`` and ``partial``, or its plain ``message``."""

IN_PROCESS = "in process"

_TRANSPORTS = {"http": "streamable_http", "streamable-http": "streamable_http"}


Servers = dict[str, dict[str, Any]]
"""Connections of langchain-mcp-adapters by server name."""


def read_servers(file: str) -> Servers:
    """The servers of an ``mcpServers`` file, as connections of langchain-mcp-adapters.

    Understood are ``command`` (with ``args``, ``env``, ``cwd``) and ``url`` (with ``headers``), and
    ``type`` or ``transport`` where the transport is not obvious. Empty for no file.

    Raises:
        SourceError: kind ``not_configured``: the file is missing or not of that form.
    """
    if not file:
        return {}
    try:
        raw = msgspec.json.decode(Path(file).expanduser().read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError) as error:
        raise SourceError("not_configured", f"MCP configuration: {_brief(error)}") from None
    servers = raw.get("mcpServers")
    if not isinstance(servers, dict):
        raise SourceError("not_configured", "MCP configuration: no mcpServers object")
    return {name: _connection(name, entry) for name, entry in servers.items()}


def _connection(name: str, entry: object) -> dict[str, Any]:
    if not isinstance(entry, dict) or not ("command" in entry or "url" in entry):
        raise SourceError("not_configured", f"MCP configuration: {name} has no command or url")
    kept = {
        key: entry[key]
        for key in ("command", "args", "env", "cwd", "url", "headers")
        if key in entry
    }
    if "command" in kept:
        return {"transport": "stdio", "args": [], **kept}
    given = str(entry.get("transport") or entry.get("type") or "http")
    return {"transport": _TRANSPORTS.get(given, given), **kept}


class Toolbox:
    """Tools by name, wherever they are served. Open one with :func:`open_toolbox`."""

    def __init__(
        self, settings: Settings, servers: Servers, stack: AsyncExitStack, progress: Progress
    ) -> None:
        self._settings = settings
        self._servers = servers
        # Owns the sessions: they close when the toolbox does.
        self._stack = stack
        self._progress = progress
        # Found tools by server, in the order of preference.
        self._tools: dict[str, dict[str, BaseTool]] = {}

    async def call(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a tool; its structured result, with the arguments it does not know as warnings.

        ``server`` in it is the configured server that answered; empty for the one in process.

        Raises:
            SourceError: the tool failed, or no server offers it.
        """
        server, tool = await self._find(name)
        known = tool.args
        dropped = sorted(key for key in arguments if key not in known)
        call = {
            "type": "tool_call",
            "id": name,
            "name": name,
            "args": {key: value for key, value in arguments.items() if key in known},
        }
        message = await tool.ainvoke(call)
        result = {**_payload(name, message), "server": server}
        if lost := [key for key in dropped if key != "timeout_ms" and arguments[key]]:
            warning = f"{name} of this server does not take: {', '.join(lost)}"
            result["warnings"] = [*_list(result.get("warnings")), warning]
        return result

    async def _find(self, name: str) -> tuple[str, BaseTool]:
        for server, connection in self._servers.items():
            tools = await self._of(server, partial(_connect, connection))
            if name in tools:
                return server, tools[name]
        tools = await self._of(IN_PROCESS, partial(_connect_in_process, self._settings))
        if name not in tools:
            raise SourceError("not_configured", f"no MCP server offers {name}")
        return "", tools[name]

    async def _of(self, server: str, connect: Callable[[], Awaitable[Any]]) -> dict[str, BaseTool]:
        if server not in self._tools:
            from langchain_mcp_adapters.callbacks import Callbacks
            from langchain_mcp_adapters.tools import load_mcp_tools

            session: ClientSession = await self._stack.enter_async_context(await connect())
            tools = await load_mcp_tools(
                session,
                callbacks=Callbacks(on_progress=self._on_progress),
                server_name=server,
                handle_tool_errors=False,
            )
            self._tools[server] = {tool.name: tool for tool in tools}
        return self._tools[server]

    async def _on_progress(
        self, progress: float, total: float | None, message: str | None, context: object
    ) -> None:
        try:
            known = msgspec.json.decode(message or "", type=dict[str, Any])
        except msgspec.DecodeError:
            known = {"message": message} if message else {}
            if total is not None:
                known["found"] = int(total)
        self._progress(known)


@asynccontextmanager
async def open_toolbox(
    settings: Settings, servers: Servers, progress: Progress
) -> AsyncIterator[Toolbox]:
    """A toolbox for the calls of one search. Sessions are opened when first needed.

    Raises:
        SourceError: whatever failed inside, also where the transports' task groups wrapped it.
    """
    try:
        async with AsyncExitStack() as stack:
            yield Toolbox(settings, servers, stack, progress)
    except GraphBubbleUp:
        raise
    except Exception as error:  # the border to foreign servers
        raise as_source_error(error) from error


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


@functools.cache
def warm_up() -> None:
    """Import what the calls need: most of a second, the first time. Meant for a worker thread."""

    from . import tools  # noqa: F401


@functools.lru_cache(maxsize=8)
def _server(settings: Settings) -> FastMCP[Clients]:
    from .tools import build_server

    return build_server(settings)


async def _connect_in_process(settings: Settings) -> Any:
    from mcp.shared.memory import create_connected_server_and_client_session

    return create_connected_server_and_client_session(_server(settings))


async def _connect(connection: dict[str, Any]) -> Any:
    from langchain_mcp_adapters.client import MultiServerMCPClient

    if "url" in connection:
        await look_up(str(connection["url"]))
    client = MultiServerMCPClient({"server": connection})  # type: ignore[dict-item]
    return client.session("server")


def _payload(name: str, message: Any) -> dict[str, Any]:
    """The result of a call as an object with ``records``: structured content, else JSON text."""
    artifact = getattr(message, "artifact", None)
    payload: Any = artifact.get("structured_content") if isinstance(artifact, dict) else None
    if payload is None:
        content = getattr(message, "content", "")
        blocks = content if isinstance(content, list) else [{"type": "text", "text": content}]
        text = "".join(str(block.get("text", "")) for block in blocks if isinstance(block, dict))
        try:
            payload = msgspec.json.decode(text)
        except msgspec.DecodeError:
            raise SourceError("bad_data", f"{name}: the result is not JSON") from None
    if isinstance(payload, dict) and "records" not in payload and "result" in payload:
        payload = payload["result"]
    if isinstance(payload, list):
        payload = {"records": payload}
    if not isinstance(payload, dict) or not isinstance(payload.get("records"), list):
        raise SourceError("bad_data", f"{name}: the result has no list of records")
    return payload


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _brief(error: BaseException) -> str:
    # The type and, for the operating system's errors, its reason: no paths, no internals.
    reason = getattr(error, "strerror", None)
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__
