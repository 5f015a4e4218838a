"""Breakpoints as editors keep them, by file and by name, and as the session has them, by node.

Editors give all of a kind anew each time. What the session has is compared with that, and only what differs is set or removed:
what another client has set stays.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from rpc.dap.debuggee import Debuggee
from rpc.dap.set_breakpoints import Key, SetBreakpoints, named
from rpc.dap.sources import Sources, source_of

HITS = re.compile(r"\s*(>=|>|==)?\s*(\d+)\s*$")


class Wanted(Struct):
    """A breakpoint as the editor has it. `nodes`: the paths it is of; `trouble`: why it is not set.

    `channel`: it is of this channel of the graph at the path, '' for the top one.
    """

    number: int
    nodes: list[str]
    fields: dict[str, Any]
    trouble: str | None = None
    file: str | None = None
    line: int | None = None
    channel: str | None = None
    # What another debugger has made of it, and whether it is there yet.
    note: str | None = None
    stands: bool = True

    @property
    def keys(self) -> list[Key]:
        """What the session tells them apart by."""
        return [(node, self.channel) for node in self.nodes]

    def changed(self, sources: Sources) -> dict[str, Any]:
        """As the body of a `breakpoint` event."""
        return {"reason": "changed", "breakpoint": self.shown(sources)}

    def shown(self, sources: Sources) -> dict[str, Any]:
        """As the protocol's `Breakpoint`."""
        told: dict[str, Any] = {"id": self.number, "verified": self.trouble is None and self.stands}
        said = self.trouble or self.note
        if said is not None:
            told["message"] = said
        node = None
        if self.nodes and self.channel is None:
            node = sources.nodes.get(self.nodes[0])
        if node is not None and node.file is not None:
            told["source"] = source_of(node.file)
            told["line"], told["endLine"] = node.first_line, node.last_line
        elif self.line is not None:
            told["line"] = self.line
        if said is None and self.file is not None and sources.changed(self.file):
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
        self._data: list[Wanted] = []
        # What the session has of ours.
        self._set = SetBreakpoints()

    @property
    def functions(self) -> set[str]:
        """The nodes that are named by function breakpoints."""
        return {path for one in self._functions for path in one.nodes}

    def hit(self, path: str) -> list[int]:
        """The numbers of those at a node."""
        return [
            one.number for one in self._all() if one.trouble is None and (path, None) in one.keys
        ]

    def hit_data(self, detail: str) -> list[int]:
        """The numbers of those of the channels that a stop says have changed."""
        return [
            one.number
            for one in self._data
            for path, channel in one.keys
            if one.trouble is None
            if f"{channel} of {path} changed," in detail
            or (not path and f"{channel} changed," in detail)
        ]

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

    def of_data(self, given: Iterable[Mapping[str, Any]]) -> list[Wanted]:
        """All of the state's channels, anew."""
        self._data = []
        for one in given:
            fields, trouble = _fields(one)
            fields["log"] = None
            found = _data_of(one.get("dataId"))
            if found is None:
                trouble = f"there is no data {one.get('dataId')!r}; `dataBreakpointInfo` names it"
            elif one.get("accessType") not in (None, "write"):
                trouble = "only a change of the state can be stopped at: `accessType` is `write`"
            path, channel = found or ("", None)
            nodes = [] if found is None else [path]
            self._data.append(Wanted(self._next(), nodes, fields, trouble, channel=channel))
        return self._data

    def resolved(self, sources: Sources) -> list[Wanted]:
        """All of them, found again in a graph that was loaded anew."""
        self._set.again()
        for one in self._all():
            if one.file is not None and one.line is not None:
                one.nodes = [node.path for node in sources.at(one.file, one.line)]
                one.trouble = None if one.nodes else sources.near(one.file)
        return self._all()

    def at_start(self) -> list[dict[str, Any]]:
        """What a query is started with."""
        return [{**named(key), **_clean(fields)} for key, fields in self._effective().items()]

    def refused(self, index: int, reason: str) -> list[Wanted]:
        """The server does not take one of `at_start`; those that are not set therefore."""
        return self._troubled(list(self._effective())[index], reason)

    def started(self) -> None:
        """The session has what `at_start` gave."""
        self._set.started(self._effective())
        for one in self._all():
            self._note(one)

    async def apply(self, debuggee: Debuggee) -> list[Wanted]:
        """Let the session have them; those that it does not take. Raises `ClientError`."""
        refused = await self._set.apply(debuggee, self._effective())
        failed = [one for key, why in refused.items() for one in self._troubled(key, why)]
        for one in self._all():
            self._note(one)
        return failed

    def take(self, data: Mapping[str, Any]) -> list[Wanted]:
        """A `debug.breakpoint` of the session: those that another debugger has made others, or again what they were."""
        key = self._set.take(data, self._effective())
        found = [] if key is None else [one for one in self._all() if key in one.keys]
        for one in found:
            self._note(one)
        return found

    def _note(self, one: Wanted) -> None:
        lost = [found for key in one.keys if (found := self._set.lost(key)) is not None]
        one.note = lost[0][0] if lost else None
        one.stands = not lost or any(there for _, there in lost) or len(lost) < len(one.keys)

    async def take_back(self, debuggee: Debuggee) -> None:
        """Take them from the session that is left; what is wanted stays so, for another one. Raises `ClientError`."""
        try:
            await self._set.apply(debuggee, {})
        finally:
            # What was there before, and what others have made of them, is of that session.
            self._set = SetBreakpoints()

    def _troubled(self, key: Key, reason: str) -> list[Wanted]:
        found = [one for one in self._all() if key in one.keys and one.trouble is None]
        for one in found:
            one.trouble = reason
        return found

    def _effective(self) -> dict[Key, dict[str, Any]]:
        """What each node and channel has; of several for one, the last."""
        found: dict[Key, dict[str, Any]] = {}
        for one in self._all():
            if one.trouble is None:
                for key in one.keys:
                    found[key] = one.fields
        return found

    def _all(self) -> list[Wanted]:
        in_files = [one for found in self._by_file.values() for one in found]
        return [*self._functions, *in_files, *self._data]

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


def data_id(path: str, channel: str) -> str:
    """What a channel of a (sub)graph is called between the client and this."""
    return msgspec.json.encode([path, channel]).decode()


def _data_of(given: object) -> tuple[str, str] | None:
    try:
        return msgspec.json.decode(str(given).encode(), type=tuple[str, str])
    except msgspec.DecodeError:
        return None


def _clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
