"""The ``mcpServers`` file: which servers there are, and which entries cannot be used, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ..errors import SourceError

_TRANSPORTS = {
    "http": "streamable_http",
    "streamable-http": "streamable_http",
    "streamable_http": "streamable_http",
    "streamableHttp": "streamable_http",
    "sse": "sse",
    "websocket": "websocket",
}


class _Entry(msgspec.Struct):
    """The types of what starts or reaches a server."""

    command: str = ""
    args: list[str] = []
    env: dict[str, str] | None = None
    cwd: str | None = None
    url: str = ""
    headers: dict[str, str] | None = None


Connection = dict[str, Any]
"""A connection of langchain-mcp-adapters."""


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that is to be started."""

    name: str
    connection: Connection
    tools: dict[str, str] = {}
    """By capability, the tool the operator chose for it; an empty name: none of this server."""
    arguments: dict[str, dict[str, str]] = {}
    """By capability, the tool's parameter for an argument of ours."""
    values: dict[str, dict[str, Any]] = {}
    """By capability, what is given with every call, by the tool's parameter."""
    offer: list[str] = []
    """The tools that a model may call though they act, see :mod:`.acting`."""

    @property
    def key(self) -> str:
        """What tells one set-up server from another."""
        return msgspec.json.encode(self, order="deterministic").decode()


class Configuration(msgspec.Struct, frozen=True):
    """What a file says: the servers to start, and what is wrong with the other entries."""

    servers: list[Server] = []
    failures: dict[str, SourceError] = {}
    """By the entry's name; an empty name: the file itself."""
    disabled: list[str] = []


def read(file: str) -> Configuration:
    """Read an ``mcpServers`` file; empty for no file. Never raises: a bad entry costs only itself.

    Understood are ``command`` (with ``args``, ``env``, ``cwd``) and ``url`` (with ``headers``),
    ``type`` or ``transport``, ``disabled``, for the mapping ``tools``, ``arguments`` and ``values``, and ``offer``.
    """
    if not file:
        return Configuration()
    try:
        raw = msgspec.json.decode(Path(file).expanduser().read_bytes(), type=dict[str, Any])
    except OSError as error:
        return _unreadable(f"the configuration cannot be read: {_brief(error)}")
    except msgspec.DecodeError as error:
        return _unreadable(f"the configuration is no JSON object: {error}")
    # Some editors call them servers.
    entries = raw.get("mcpServers", raw.get("servers"))
    if not isinstance(entries, dict):
        there = f"; it has {', '.join(map(str, raw))}" if raw else ""
        return _unreadable(f"the configuration has no mcpServers object{there}")
    found = Configuration([], {}, [])
    for name, entry in entries.items():
        if isinstance(entry, dict) and (entry.get("disabled") or entry.get("enabled") is False):
            found.disabled.append(name)
            continue
        try:
            found.servers.append(_server(name, entry))
        except SourceError as error:
            found.failures[name] = error
    return found


def _unreadable(reason: str) -> Configuration:
    return Configuration([], {"": SourceError("not_configured", reason)}, [])


def _server(name: str, entry: object) -> Server:
    if not isinstance(entry, dict) or not ("command" in entry or "url" in entry):
        raise SourceError("not_configured", "its entry has no command or url")
    kept = {
        key: entry[key]
        for key in ("command", "args", "env", "cwd", "url", "headers")
        if key in entry
    }
    try:
        msgspec.convert(kept, _Entry)
    except msgspec.ValidationError as error:
        raise SourceError("not_configured", f"its entry: {error}") from None
    if "command" in kept:
        connection = {"transport": "stdio", "args": [], **kept}
    else:
        given = str(entry.get("transport") or entry.get("type") or "http")
        if given not in _TRANSPORTS:
            there = ", ".join(_TRANSPORTS)
            raise SourceError("not_configured", f"its type is {given}; there are {there}")
        connection = {"transport": _TRANSPORTS[given], **kept}
    try:
        return Server(
            name=name,
            connection=connection,
            tools=msgspec.convert(entry.get("tools") or {}, dict[str, str]),
            arguments=msgspec.convert(entry.get("arguments") or {}, dict[str, dict[str, str]]),
            values=msgspec.convert(entry.get("values") or {}, dict[str, dict[str, Any]]),
            offer=msgspec.convert(entry.get("offer") or [], list[str]),
        )
    except msgspec.ValidationError as error:
        raise SourceError(
            "not_configured", f"its tools, arguments, values or offer: {error}"
        ) from None


def _brief(error: BaseException) -> str:
    reason = getattr(error, "strerror", None)
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__
