"""What frames and variables hold, fetched from the server, a page at a time."""

from collections.abc import Mapping
from typing import Any

from rpc.client import RpcError
from rpc.dap.debuggee import Debuggee
from rpc.dap.refs import Frame, Ref
from rpc.dap.values import is_cut, members, tag
from rpc.json_values import pointed

PAGE = 500
"""Members that are shown at once where the client names no number."""

ROOTS = ("state", "input", "context", "config")
"""What expressions name, and scopes show."""


class Reading:
    """Reads one session that stands."""

    def __init__(self, debuggee: Debuggee) -> None:
        self.debuggee = debuggee

    async def inspect(self, frame: Frame, **more: Any) -> Mapping[str, Any]:
        """`debug.inspect` of a frame's graph. Raises `RpcError`."""
        inspect = "debug.inspect"
        # The top graph's state is what is shown where no task is named.
        task: dict[str, str | None] = {"task_id": frame.of_place}
        node: dict[str, str | None] = {"node_name": frame.path}
        named = [task, node] if frame.place else []
        if not frame.place and "value_path" not in more:
            named = [task]
        for which in named:
            if not all(which.values()):
                continue
            try:
                found: Mapping[str, Any] = await self.debuggee.call(inspect, **which, **more)
            except RpcError as error:
                if error.type != "node_not_found":
                    raise
            else:
                return found
        found = await self.debuggee.call(inspect, **more)
        return dict(found)

    async def inside(self, ref: Ref, start: int, count: int) -> list[tuple[str, Ref]]:
        """So many of what is inside of a variable, from `start` on. Raises `RpcError`."""
        if not ref.fetched:
            found = (members(ref.value) or [])[start : start + count]
            return [(name, child(ref, name, value)) for name, value in found]
        if not ref.given:
            looked = await self.fetch(ref, ref.pointer or "", 0, 1)
            ref.type = looked["types"].get("")
            if tag(looked["values"]) is not None:
                ref.value, ref.given = looked["values"], True
        match tag(ref.value) if ref.given else None:
            case "$table", told:
                return await self._rows(ref, told, start, count)
            case "$array", told:
                return await self._items(ref, told, start, count)
        found_ = await self._pages(ref, ref.pointer or "", start, count)
        return [(name, child(ref, name, value, type)) for name, value, type in found_]

    async def _items(
        self, ref: Ref, told: Mapping[str, Any], start: int, count: int
    ) -> list[tuple[str, Ref]]:
        """Items of an array; of a series each under what it belongs to."""
        place = f"{ref.pointer}/$array"
        items = await self._pages(ref, f"{place}/data", start, count)
        labels = await self._labels(ref, place, told, start, count)
        found = []
        for at, (name, value, _) in enumerate(items):
            shown = name if labels is None else labels[at]
            pointer = f"{place}/data/{name}"
            found.append((shown, Ref(ref.kind, ref.frame, pointer, value, True, fixed=True)))
        return found

    async def _labels(
        self, ref: Ref, place: str, told: Mapping[str, Any], start: int, count: int
    ) -> list[str] | None:
        """What pandas calls so many rows or items; None where they have no names."""
        if "index" not in told:
            return None
        return [str(one) for _, one, _ in await self._pages(ref, f"{place}/index", start, count)]

    async def _rows(
        self, ref: Ref, told: Mapping[str, Any], start: int, count: int
    ) -> list[tuple[str, Ref]]:
        """Rows of a table, each by its columns."""
        place = f"{ref.pointer}/$table"
        columns = [one for _, one, _ in await self._pages(ref, f"{place}/columns", 0, PAGE)]
        rows = await self._pages(ref, f"{place}/rows", start, count)
        labels = await self._labels(ref, place, told, start, count)
        names = [name for name, _, _ in rows] if labels is None else labels
        return [
            (
                name,
                Ref(
                    "row",
                    ref.frame,
                    None,
                    dict(zip(map(str, columns), row, strict=False)),
                    True,
                    type="row",
                ),
            )
            for name, (_, row, _) in zip(names, rows, strict=False)
        ]

    async def _pages(
        self, ref: Ref, pointer: str, start: int, count: int
    ) -> list[tuple[str, Any, str | None]]:
        """So many members of what is at a place: name, value, type."""
        found: list[tuple[str, Any, str | None]] = []
        at: int | None = start
        while at is not None and len(found) < count:
            looked = await self.fetch(ref, pointer, at, count - len(found))
            values, types = looked["values"], looked["types"]
            inside = members(values) or []
            if isinstance(values, list):
                inside = [(str(at + index), one) for index, (_, one) in enumerate(inside)]
            found += [(name, one, types.get(pointed("", name))) for name, one in inside]
            at = looked["page"]["next_start"] if inside else None
        return found

    async def fetch(self, ref: Ref, pointer: str, start: int, count: int) -> Mapping[str, Any]:
        """A page of what is at a place, as `debug.inspect` gives it. Raises `RpcError`."""
        given: dict[str, Any] = {"value_path": pointer or None, "start": start, "count": count}
        if ref.kind == "input":
            found: Mapping[str, Any] = await self.debuggee.call(
                "debug.inspect", task_id=ref.frame.task_id, part="input", **given
            )
            return found
        if ref.kind == "context":
            return dict(await self.debuggee.call("debug.inspect", part="context", **given))
        return await self.inspect(ref.frame, **given)


def child(ref: Ref, name: str, value: Any, type: str | None = None) -> Ref:
    """What is inside of a variable by a name, as one of its own."""
    pointer = None
    if ref.pointer is not None and (not ref.given or tag(ref.value) is None or is_cut(ref.value)):
        pointer = pointed(ref.pointer, name)
    expression = ref.expression or (ref.kind if ref.kind in ROOTS else None)
    if expression is not None:
        key = name if ref.type == "list" or _is_list(ref, name) else repr(name)
        expression = f"{expression}[{key}]"
    return Ref(ref.kind, ref.frame, pointer, value, True, expression, type, ref.fixed)


def _is_list(ref: Ref, name: str) -> bool:
    found = tag(ref.value) if ref.given else None
    return (
        found is not None and found[0] == "$cut" and found[1]["type"] == "array" and name.isdigit()
    )
