"""Which tool of which configured server serves which capability, and how each server fares.

Started once a process (:mod:`.pool`) and mapped by :mod:`.capabilities`: each server fails alone, by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ..errors import SourceError
from .capabilities import CAPABILITIES, Mapped, choose, nearly
from .configuration import Configuration, Server
from .pool import pool
from .rest import WHOLE
from .running import RunningServer

if TYPE_CHECKING:
    from mcp.types import Tool

IN_PROCESS = "in process"
"""What stands in the place of a server's name where our own tools serve."""
FOREIGN_SHARE = 0.6
"""The part of a search's time that a configured server's call may take; the rest is for ours in its place."""
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
        mapped, wrong = choose(server.tools, entry.tools, entry.values)
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
            reasons += nearly(server.tools, mapped)
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
