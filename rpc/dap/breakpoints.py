"""Breakpoints as editors keep them, by file and by name, and as the session has them, by node.

Editors give all of a kind anew each time. What the session has is compared with that, and only what differs is set or removed:
what another client has set stays.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from rpc.client import RpcError
from rpc.dap.debuggee import Debuggee
from rpc.dap.sources import Sources, source_of

HITS = re.compile(r"\s*(>=|>|==)?\s*(\d+)\s*$")


class Wanted(Struct):
    """A breakpoint as the editor has it. `nodes`: the paths it is of; `trouble`: why it is not set."""

    number: int
    nodes: list[str]
    fields: dict[str, Any]
    trouble: str | None = None
    file: str | None = None
    line: int | None = None

    def shown(self, sources: Sources) -> dict[str, Any]:
        """As the protocol's `Breakpoint`."""
        told: dict[str, Any] = {"id": self.number, "verified": self.trouble is None}
        if self.trouble is not None:
            told["message"] = self.trouble
        node = sources.nodes.get(self.nodes[0]) if self.nodes else None
        if node is not None and node.file is not None:
            told["source"] = source_of(node.file)
            told["line"], told["endLine"] = node.first_line, node.last_line
        elif self.line is not None:
            told["line"] = self.line
        if self.trouble is None and self.file is not None and sources.changed(self.file):
            told["message"] = (
                "the file was written after the graph was loaded: its lines may be others"
            )
        return told


class Breakpoints:
    """One client's breakpoints."""

    def __init__(self) -> None:
        self._last = 0
        self._by_file: dict[str, list[Wanted]] = {}
        self._functions: list[Wanted] = []
        # What the session has of ours, by node.
        self._set: dict[str, dict[str, Any]] = {}

    @property
    def functions(self) -> set[str]:
        """The nodes that are named by function breakpoints."""
        return {path for one in self._functions for path in one.nodes}

    def in_file(
        self, sources: Sources, file: str, given: Iterable[Mapping[str, Any]]
    ) -> list[Wanted]:
        """All of a file, anew."""
        found = []
        for one in given:
            line = one.get("line", 0)
            nodes = sources.at(file, line)
            fields, trouble = _fields(one)
            if not nodes:
                trouble = sources.near(file)
            found.append(
                Wanted(self._next(), [node.path for node in nodes], fields, trouble, file, line)
            )
        self._by_file[file] = found
        return found

    def by_name(self, sources: Sources, given: Iterable[Mapping[str, Any]]) -> list[Wanted]:
        """All of those by name, path or pattern, anew."""
        self._functions = []
        for one in given:
            name = str(one.get("name", ""))
            nodes = sources.matching(name)
            fields, trouble = _fields(one)
            if not nodes:
                # Below a function it may be met later; the server knows, once there is a session.
                nodes = [name] if "/" in name and "*" not in name else []
                known = ", ".join(sources.nodes)
                trouble = trouble if nodes else f"there is no node {name!r}; there are {known}"
            self._functions.append(Wanted(self._next(), nodes, fields, trouble))
        return self._functions

    def resolved(self, sources: Sources) -> list[Wanted]:
        """All of them, found again in a graph that was loaded anew."""
        self._set.clear()
        for one in self._all():
            if one.file is not None and one.line is not None:
                one.nodes = [node.path for node in sources.at(one.file, one.line)]
                one.trouble = None if one.nodes else sources.near(one.file)
        return self._all()

    def at_start(self) -> list[dict[str, Any]]:
        """What a query is started with."""
        return [{"node_name": node, **_clean(fields)} for node, fields in self._effective().items()]

    def refused(self, index: int, reason: str) -> list[Wanted]:
        """The server does not take one of `at_start`; those that are not set therefore."""
        node = list(self._effective())[index]
        return self._troubled(node, reason)

    def started(self) -> None:
        """The session has what `at_start` gave."""
        self._set = self._effective()

    async def apply(self, debuggee: Debuggee) -> list[Wanted]:
        """Let the session have them; those that it does not take. Raises `ClientError`."""
        wanted = self._effective()
        failed: list[Wanted] = []
        for node in [one for one in self._set if one not in wanted]:
            await debuggee.call("debug.removeBreakpoint", node_name=node)
            del self._set[node]
        for node, fields in wanted.items():
            if self._set.get(node) == fields:
                continue
            session = debuggee.session.session_id
            try:
                await debuggee.client.call(
                    "debug.setBreakpoint", session_id=session, node_name=node, **fields
                )
                self._set[node] = fields
            except RpcError as error:
                if error.type not in ("invalid_params", "node_not_found"):
                    raise
                failed += self._troubled(node, error.detail)
        return failed

    async def clear(self, debuggee: Debuggee) -> None:
        """Take them from the session. Raises `ClientError`."""
        self._by_file.clear()
        self._functions = []
        await self.apply(debuggee)

    def stop_at(self, path: str) -> bool:
        """Whether there is one at a node."""
        return path in self._effective()

    def _troubled(self, node: str, reason: str) -> list[Wanted]:
        found = [one for one in self._all() if node in one.nodes and one.trouble is None]
        for one in found:
            one.trouble = reason
        return found

    def _effective(self) -> dict[str, dict[str, Any]]:
        """What each node has; of several for one, the last."""
        found: dict[str, dict[str, Any]] = {}
        for one in self._all():
            if one.trouble is None:
                for node in one.nodes:
                    found[node] = one.fields
        return found

    def _all(self) -> list[Wanted]:
        in_files = [one for found in self._by_file.values() for one in found]
        return [*self._functions, *in_files]

    def _next(self) -> int:
        self._last += 1
        return self._last


def _fields(given: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Condition, hit count and log text of a breakpoint, as the session takes them; what is wrong with them."""
    fields: dict[str, Any] = {
        "condition": given.get("condition") or None,
        "hit_count": None,
        "log": given.get("logMessage") or None,
    }
    hits = given.get("hitCondition")
    if not hits:
        return fields, None
    found = HITS.match(str(hits))
    if found is None or found[1] == "==":
        return fields, (
            f"a hit condition is a number, or `>= number`: from that time on it stops; not {hits!r}"
        )
    fields["hit_count"] = int(found[2]) + (found[1] == ">")
    return fields, None


def _clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
