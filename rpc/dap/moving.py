"""The way back, the way round, and edits: rewinds to checkpoints, going on as if a node had run, values set."""

import ast
from typing import Any

import msgspec

from rpc.dap.connection import DapError
from rpc.dap.debuggee import Debuggee
from rpc.dap.looking import Looking
from rpc.dap.places import pointer_of
from rpc.dap.reading import child
from rpc.dap.refs import Frame, Ref
from rpc.dap.telling import Telling
from rpc.json_values import pointed


class Moving:
    """Moves one session while it stands. Raises `DapError` and `RpcError`."""

    def __init__(self, debuggee: Debuggee, telling: Telling, looking: Looking) -> None:
        self.debuggee = debuggee
        self.telling = telling
        self.looking = looking

    async def back(self, frame: Frame) -> None:
        """To where the step before began."""
        task_id = None if frame.stands.path == "(end)" else frame.task_id
        await self._move("debug.stepBack", "step", task_id=task_id)

    async def back_to_breakpoint(self, frame: Frame) -> None:
        """To the breakpoint before, of the thread's graph or of those around it; else to the run's first step."""
        task_id = None if frame.stands.path == "(end)" else frame.task_id
        await self._move("debug.stepBack", None, to="breakpoint", task_id=task_id)

    async def restart(self, frame: Frame) -> None:
        """The frame's node begins again, and those beside it stay as they are; the graph's own frame is its first step."""
        if frame.path:
            which = (
                {"node_name": frame.path} if frame.task_id is None else {"task_id": frame.task_id}
            )
            await self._move("debug.restartNode", "restart", **which)
            return
        await self._move("debug.stepBack", "restart", to="start")

    async def rewind(self, checkpoint_id: str, reason: str) -> None:
        """To a checkpoint; `reason`: of the stop there."""
        await self._move("debug.rewind", reason, checkpoint_id=checkpoint_id)

    async def _move(self, method: str, reason: str | None, **params: Any) -> None:
        """`reason`: of the stop there; None where the server tells it."""
        self.telling.moved = reason
        try:
            await self.debuggee.call(method, **params)
        except BaseException:
            self.telling.moved = None
            raise

    async def go_to(self, path: str, frame: Frame) -> None:
        """Go on as if that node had just run: what follows it stands. `frame`: of the thread that does, where it is in that graph."""
        names = self.debuggee.sources.names(path)
        place = names[-2] if len(names) > 1 else ""
        task_id = await self._task_of(frame) if place == frame.place else None
        await self._move("debug.setState", "goto", values={}, as_node=path, task_id=task_id)

    async def _task_of(self, frame: Frame) -> str | None:
        """The frame's task, where the server needs it to tell which of the graphs at a path is meant."""
        if not frame.place or await self.looking.checkpoint(frame) is None:
            return None
        return frame.task_id

    async def set(self, ref: Ref, name: str, text: str) -> Ref:
        """Set what is inside of a variable; what is there then, with the value as it was understood."""
        if ref.pointer is None or ref.fixed:
            raise DapError(f"{name} cannot be set: only the state and a task's input can")
        pointer, expression = pointed(ref.pointer, name), child(ref, name, None).expression
        return await self._edit(ref.frame, ref.kind, pointer, text, expression)

    async def set_expression(self, frame: Frame, expression: str, text: str) -> Ref:
        """Set what an expression names: `state['hits'][0]`, `state.query`, `input['query']`."""
        root, pointer = pointer_of(expression)
        if root not in ("state", "input"):
            raise DapError(f"{expression} cannot be set: only the state and a task's input can")
        return await self._edit(frame, root, pointer, text, expression)

    async def _edit(
        self, frame: Frame, root: str, pointer: str, text: str, expression: str | None
    ) -> Ref:
        value = value_of(text)
        given: dict[str, Any] = {"value_path": pointer, "value": value}
        if root == "input":
            if frame.task_id is None:
                raise DapError("the input of this frame's task cannot be edited")
            given["task_id"] = frame.task_id
        elif frame.place:
            given["as_node"] = f"{frame.place}/"
            if (task_id := await self._task_of(frame)) is not None:
                given["task_id"] = task_id
        await self.debuggee.client.call(
            "debug.setState", session_id=self.debuggee.session.session_id, **given
        )
        self.looking.forget()
        return Ref(root, frame, pointer, value, True, expression)


def value_of(text: str) -> Any:
    """What a person typed as a value: JSON, or a literal of Python. Raises `DapError`."""
    try:
        return msgspec.json.decode(text.encode())
    except msgspec.DecodeError:
        pass
    try:
        value = ast.literal_eval(text.strip())
        return msgspec.json.decode(msgspec.json.encode(value))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise DapError(
            f"{text!r} is no value: write it as JSON or as a literal of Python, texts in quotes"
        ) from error
