"""Frames, scopes and variables: what an editor asks at a stop, fetched when it is asked for, a page at a time.

A frame is a task and each task that holds it, up to the graph. References to frames and variables are good for as long as their
task stands, whatever others do meanwhile; what they mean is fetched anew where the state may be another. After that they are refused.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from rpc.client import RpcError
from rpc.dap.connection import DapError
from rpc.dap.debuggee import Debuggee
from rpc.dap.sources import source_of
from rpc.dap.telling import Telling
from rpc.dap.threads import Task
from rpc.dap.values import is_cut, members, preview, size, tag, type_of

PAGE = 500
"""Members that are shown at once where the client names no number."""


class Frame(Struct):
    """One level of a task's call stack. `task_id`: None for the graph itself, and where the task is not known.

    `place`: the path of the graph whose state it shows, '' for the top one. `stands`: the task that stands below.
    """

    number: int
    path: str
    name: str
    task_id: str | None
    place: str
    stands: Task
    turn: int

    @property
    def is_there(self) -> bool:
        """Whether its task stands as it did."""
        return self.stands.stop is not None and self.stands.stands == self.turn


class Ref(Struct):
    """What a variables reference means: a value, or where the server has it.

    `pointer`: into the state of the frame's graph where `kind` is `state`, into the task's input where it is `input`; `None` where
    it cannot be fetched or edited. `given`: whether `value` is here.
    """

    kind: str
    frame: Frame
    pointer: str | None
    value: Any = None
    given: bool = False
    expression: str | None = None


class Looking:
    """The stops of one session, looked into."""

    def __init__(self, debuggee: Debuggee, telling: Telling) -> None:
        self.debuggee = debuggee
        self.telling = telling
        self._frames: dict[int, Frame] = {}
        self._refs: dict[int, Ref] = {}
        # Numbers are never used again: an old one is known as such.
        self._last = 0
        # What was fetched is of this many stops and edits.
        self._seen = (0, 0)
        self._looks: dict[tuple[str | None, str], Mapping[str, Any]] = {}

    # Frames

    def stack(self, thread: int) -> list[dict[str, Any]]:
        """The frames of a thread, the innermost first. Raises `DapError`."""
        self._fresh()
        task = self.telling.threads.of(thread)
        if task is None:
            raise DapError(f"there is no thread {thread}")
        sources = self.debuggee.sources
        frames = []
        for frame in self._levels(task):
            self._frames[frame.number] = frame
            node = sources.nodes.get(frame.path)
            shown: dict[str, Any] = {
                "id": frame.number,
                "name": frame.name,
                "line": 0 if node is None else node.first_line,
                "column": 1 if node is not None and node.file else 0,
                "moduleId": sources.graph,
                "canRestart": frame.path != "",
            }
            if node is not None and node.file is not None:
                shown["source"] = source_of(node.file)
                shown["endLine"] = node.last_line
            else:
                shown["presentationHint"] = "label" if not frame.path else "subtle"
            frames.append(shown)
        return frames

    def _levels(self, task: Task) -> list[Frame]:
        known = self.telling.threads.tasks
        sources = self.debuggee.sources
        names = sources.names(task.path)
        chain: list[str | None] = [task.task_id]
        parent = task.parent
        while len(chain) < len(names):
            chain.append(parent)
            holder = None if parent is None else known.get(parent)
            parent = None if holder is None else holder.parent
        frames = []
        for index, path in enumerate(reversed(names)):
            place = names[-index - 2] if index + 1 < len(names) else ""
            node = sources.nodes.get(path)
            name = path[len(place) + 1 if place else 0 :] if node is None else node.name
            frames.append(Frame(self._next(), path, name, chain[index], place, task, task.stands))
        if task.path != "(end)":
            frames.append(Frame(self._next(), "", sources.graph, None, "", task, task.stands))
        return frames

    def innermost(self, task: Task) -> Frame:
        """The frame of a task that stands."""
        return self._levels(task)[0]

    def frame(self, number: Any) -> Frame:
        """A frame of a task that stands. Raises `DapError`."""
        self._fresh()
        frame = self._frames.get(number)
        if frame is None or not frame.is_there:
            raise DapError(f"there is no frame {number} any more: the session went on")
        return frame

    def first(self) -> Frame:
        """The innermost frame of the first thread that stands. Raises `DapError`."""
        for task in self.telling.threads:
            if task.stop is not None:
                return self._levels(task)[0]
        raise DapError("nothing stands: there is no state to look at")

    # Scopes

    async def scopes(self, frame: Frame) -> list[dict[str, Any]]:
        """The scopes of a frame. Raises `RpcError`."""
        looked = await self.look(frame)
        found = [self._scope("State", Ref("state", frame, ""), len(looked["sizes"]))]
        if frame.task_id is not None:
            given = next(
                (one["input"] for one in looked["tasks"] if one["task_id"] == frame.task_id), None
            )
            stop = frame.stands.stop
            if given is None and frame.task_id == frame.stands.task_id and stop is not None:
                given = stop.input
            if given is not None:
                found.append(self._scope("Input", Ref("input", frame, "", given, True)))
        found.append(self._scope("Last update", Ref("update", frame, None)))
        found.append(self._scope("Config", Ref("config", frame, None), hint="globals"))
        error = self.telling.failures.get(frame.task_id or "")
        if error is not None:
            found.append(self._scope("Error", Ref("error", frame, None, dict(error), True)))
        return found

    async def look(self, frame: Frame) -> Mapping[str, Any]:
        """`debug.inspect` of the frame's graph; once a stop."""
        self._fresh()
        key = (frame.task_id, frame.path)
        if key not in self._looks:
            self._looks[key] = await self._inspect(frame)
        return self._looks[key]

    async def _inspect(self, frame: Frame, **more: Any) -> Mapping[str, Any]:
        inspect = "debug.inspect"
        # The top graph's state is what is shown where no task is named.
        task: dict[str, str | None] = {"task_id": frame.task_id}
        node: dict[str, str | None] = {"node_name": frame.path}
        named = [task, node] if frame.place else []
        if not frame.place and not more:
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

    def _scope(
        self, name: str, ref: Ref, named: int | None = None, hint: str | None = None
    ) -> dict[str, Any]:
        scope: dict[str, Any] = {
            "name": name,
            "variablesReference": self._keep(ref),
            "expensive": name == "Last update",
        }
        if named is not None:
            scope["namedVariables"] = named
        if hint or name == "State":
            scope["presentationHint"] = hint or "locals"
        elif name == "Input":
            scope["presentationHint"] = "arguments"
        return scope

    # Variables

    async def variables(
        self, number: Any, start: int = 0, count: int | None = None
    ) -> list[dict[str, Any]]:
        """What is inside of a scope or a variable: `count` from `start` on. Raises `DapError`, `RpcError`."""
        ref = self.ref(number)
        if ref.kind == "update":
            return [self._shown(name, child) for name, child in await self._update(ref.frame)]
        if ref.kind == "config" and not ref.given:
            session = await self.debuggee.client.session(self.debuggee.session.session_id)
            ref.value, ref.given = session.config, True
        inside = await self._inside(ref, start, count or PAGE)
        return [self._shown(name, self._child(ref, name, value)) for name, value in inside]

    async def _inside(self, ref: Ref, start: int, count: int) -> list[tuple[str, Any]]:
        fetched = ref.kind == "state" and ref.pointer is not None
        if fetched and (not ref.given or is_cut(ref.value)):
            return await self._page(ref, start, count)
        found = members(ref.value) or []
        return found[start : start + count]

    async def _page(self, ref: Ref, start: int, count: int) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        at: int | None = start
        while at is not None and len(found) < count:
            looked = await self._inspect(
                ref.frame, value_path=ref.pointer or None, start=at, count=count - len(found)
            )
            values = looked["values"]
            inside = members(values) or []
            if isinstance(values, list):
                inside = [(str(at + index), one) for index, (_, one) in enumerate(inside)]
            found += inside
            at = looked["page"]["next_start"] if inside else None
        return found

    def _child(self, ref: Ref, name: str, value: Any) -> Ref:
        pointer = None
        tagged = tag(ref.value) if ref.given else None
        if ref.pointer is not None and (tagged is None or tagged[0] == "$cut"):
            pointer = f"{ref.pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        root = {"state": "state", "input": "input"}.get(ref.kind)
        expression = ref.expression or root
        if expression is not None:
            key = name if isinstance(ref.value, list) or _is_list(ref, name) else repr(name)
            expression = f"{expression}[{key}]"
        return Ref(ref.kind, ref.frame, pointer, value, True, expression)

    def _shown(self, name: str, ref: Ref) -> dict[str, Any]:
        value = ref.value
        shown: dict[str, Any] = {
            "name": name,
            "value": preview(value),
            "type": type_of(value),
            "variablesReference": 0,
        }
        inside = size(value)
        if inside is not None:
            shown["variablesReference"] = self._keep(ref)
            kind = "indexedVariables" if inside[0] == "array" else "namedVariables"
            shown[kind] = inside[1]
        if ref.expression is not None:
            shown["evaluateName"] = ref.expression
        if ref.pointer is None:
            shown["presentationHint"] = {"attributes": ["readOnly"]}
        return shown

    async def _update(self, frame: Frame) -> list[tuple[str, Ref]]:
        """What the step before changed in the frame's state, by JSON Pointer, and what each node wrote last."""
        looked = await self.look(frame)
        found: list[tuple[str, Ref]] = []
        checkpoint_id = await self.checkpoint(frame)
        if checkpoint_id is not None:
            diff = await self.debuggee.call("debug.diff", checkpoint_id=checkpoint_id)
            for one in diff["differences"]:
                sides = {"added": ("after",), "removed": ("before",)}.get(
                    one["kind"], ("before", "after")
                )
                value = {side: one[side] for side in sides}
                found.append(
                    (f"{one['kind']} {one['path']}", Ref("diff", frame, None, value, True))
                )
        for one in looked["updates"]:
            found.append((f"by {one['path']}", Ref("written", frame, None, one["update"], True)))
        return found

    async def checkpoint(self, frame: Frame) -> str | None:
        """Where the frame's graph stands."""
        if not frame.place:
            top: str | None = (await self.look(frame))["checkpoint_id"]
            return top
        found = await self.debuggee.session.history(path=frame.place)
        return next((one.checkpoint_id for one in found if one.current), None)

    # References

    def shown_value(self, frame: Frame, value: Any, expression: str) -> dict[str, Any]:
        """An expression's value as `evaluate` answers it."""
        shown = self._shown("", Ref("value", frame, None, value, True, expression))
        answer = {"result": shown.pop("value")}
        return {**answer, **{k: v for k, v in shown.items() if k not in ("name", "evaluateName")}}

    def ref(self, number: Any) -> Ref:
        """What a variables reference means. Raises `DapError`."""
        self._fresh()
        ref = self._refs.get(number)
        if ref is None or not ref.frame.is_there:
            raise DapError(f"there is nothing at {number} any more: the session went on")
        return ref

    def forget(self) -> None:
        """The state was edited: what is shown of it is fetched again, by the same references."""
        self._looks.clear()
        for ref in self._refs.values():
            if ref.kind == "state":
                ref.value, ref.given = None, False

    def _keep(self, ref: Ref) -> int:
        number = self._next()
        self._refs[number] = ref
        return number

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _fresh(self) -> None:
        """Forget what was fetched where something has moved or was edited since, and what is of tasks that went on."""
        changes = (self.telling.stop_number, self.telling.edit_number)
        if changes != self._seen:
            self._seen = changes
            self._frames = {n: one for n, one in self._frames.items() if one.is_there}
            self._refs = {n: one for n, one in self._refs.items() if one.frame.is_there}
            self.forget()


def _is_list(ref: Ref, name: str) -> bool:
    found = tag(ref.value) if ref.given else None
    return (
        found is not None and found[0] == "$cut" and found[1]["type"] == "array" and name.isdigit()
    )
