"""Frames, scopes and variables: what an editor asks at a stop, fetched when it is asked for, a page at a time.

A frame is a task and each task that holds it, up to the graph. References to frames and variables are good for as long as their
task stands, whatever others do meanwhile; what they mean is fetched anew where the state may be another. After that they are refused.
"""

from collections.abc import Mapping
from typing import Any

from rpc.client import RpcError
from rpc.dap.connection import DapError
from rpc.dap.debuggee import Debuggee
from rpc.dap.places import pointer_of
from rpc.dap.reading import PAGE, Reading
from rpc.dap.refs import Frame, Ref
from rpc.dap.sources import source_of
from rpc.dap.telling import Telling
from rpc.dap.threads import Task
from rpc.dap.values import preview, size, tag, type_of


class Looking:
    """The stops of one session, looked into."""

    def __init__(self, debuggee: Debuggee, telling: Telling) -> None:
        self.debuggee = debuggee
        self.telling = telling
        self.reading = Reading(debuggee)
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
                "canRestart": task.stop is not None and frame.path != "(end)",
            }
            if node is not None and node.file is not None:
                shown["source"] = source_of(node.file)
                shown["endLine"] = node.last_line
            else:
                # Editors look for the source of all that is no label.
                shown["presentationHint"] = "label"
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
            task_id = chain[index]
            frames.append(
                Frame(self._next(), path, name, task_id, place, task, task.stands, task_id)
            )
        if task.path != "(end)":
            top = sources.graph
            frames.append(Frame(self._next(), "", top, None, "", task, task.stands, chain[-1]))
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
                found.append(self._scope("Input", Ref("input", frame, "")))
        found.append(self._scope("Last update", Ref("update", frame, None)))
        if looked["context"] is not None:
            context = Ref("context", frame, "", fixed=True)
            found.append(self._scope("Context", context, hint="globals"))
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
            self._looks[key] = await self.reading.inspect(frame, updates=False)
        return self._looks[key]

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
        self, number: Any, start: int = 0, count: int | None = None, filter: str | None = None
    ) -> list[dict[str, Any]]:
        """What is inside of a scope or a variable: `count` from `start` on, `indexed` or `named` ones only where `filter` says so.

        Raises `DapError`, `RpcError`.
        """
        ref = self.ref(number)
        if filter == ("named" if ref.indexed else "indexed"):
            return []
        if ref.kind == "update":
            return [self._shown(name, child) for name, child in await self._update(ref.frame)]
        if ref.kind == "config" and not ref.given:
            session = await self.debuggee.client.session(self.debuggee.session.session_id)
            ref.value, ref.given = session.config, True
        children = await self.reading.inside(ref, start, count or PAGE)
        return [self._shown(name, child) for name, child in children]

    def _shown(self, name: str, ref: Ref) -> dict[str, Any]:
        value = ref.value
        kind = type_of(value) if ref.type is None else ref.type.rpartition(".")[2]
        text = preview(value)
        if isinstance(value, dict) and tag(value) is None and type_of(value) != kind != "dict":
            text = f"{kind} {text}"
        shown: dict[str, Any] = {"name": name, "value": text, "type": kind, "variablesReference": 0}
        inside = size(value)
        if inside is not None:
            shown["variablesReference"] = self._keep(ref)
            ref.indexed = inside[0] == "array"
            shape = "indexedVariables" if ref.indexed else "namedVariables"
            shown[shape] = inside[1]
        if ref.expression is not None:
            shown["evaluateName"] = ref.expression
        if ref.pointer is None or ref.fixed:
            shown["presentationHint"] = {"attributes": ["readOnly"]}
        return shown

    async def _update(self, frame: Frame) -> list[tuple[str, Ref]]:
        """What the step before changed in the frame's state, by JSON Pointer, and what each node wrote last."""
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
        updates = (await self.reading.inspect(frame))["updates"]
        ran = [one["path"] for one in updates]
        for at, (path, one) in enumerate(zip(ran, updates, strict=True)):
            name = f"{path} #{ran[:at].count(path) + 1}" if ran.count(path) > 1 else path
            found.append((f"by {name}", Ref("written", frame, None, one["update"], True)))
        return found

    async def checkpoint(self, frame: Frame) -> str | None:
        """Where the frame's graph stands; None where it keeps nothing that is known."""
        found: str | None = (await self.look(frame))["graph_checkpoint_id"]
        return found

    # What data breakpoints are of

    def channel_of(self, ref: Ref, name: str) -> tuple[str, str] | None:
        """The (sub)graph's path and the channel that a variable is of, or is in; None of what is no part of a state."""
        if ref.kind != "state" or ref.pointer is None:
            return None
        first = ref.pointer.split("/")[1] if ref.pointer else None
        channel = name if first is None else first.replace("~1", "/").replace("~0", "~")
        return ref.frame.place, channel

    def channel_named(self, frame: Frame, expression: str) -> tuple[str, str] | None:
        """The same of an expression: `state['hits'][0]`, or a channel's bare name."""
        if expression.isidentifier():
            return frame.place, expression
        try:
            root, pointer = pointer_of(expression)
        except DapError:
            return None
        if root != "state":
            return None
        return frame.place, pointer.split("/")[1].replace("~1", "/").replace("~0", "~")

    # References

    def shown_value(self, frame: Frame, value: Any, expression: str) -> dict[str, Any]:
        """An expression's value as `evaluate` answers it."""
        return self._answer(Ref("value", frame, None, value, True, expression))

    async def shown_place(self, frame: Frame, value: Any, expression: str) -> dict[str, Any]:
        """The same of an expression that may be a place in the state or the input: then with its type, and by the page."""
        try:
            root, pointer = pointer_of(expression)
        except DapError:
            return self.shown_value(frame, value, expression)
        if root == "config" or (root == "input" and frame.task_id is None):
            return self.shown_value(frame, value, expression)
        fixed = root == "context"
        return await self.shown_ref(Ref(root, frame, pointer, value, True, expression, fixed=fixed))

    async def shown_ref(self, ref: Ref) -> dict[str, Any]:
        """The same of a place in the state or the input, as the server has it there."""
        try:
            ref.type = (await self.reading.fetch(ref, ref.pointer or "", 0, 1))["types"].get("")
        except RpcError:
            # It is no place that the server knows: the expression's language says more than a pointer does.
            return self._answer(Ref("value", ref.frame, None, ref.value, True, ref.expression))
        return self._answer(ref)

    def _answer(self, ref: Ref) -> dict[str, Any]:
        shown = self._shown("", ref)
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
            if ref.fetched:
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
