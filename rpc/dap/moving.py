"""The way back, the way round, and edits: rewinds to checkpoints, going on as if a node had run, values set."""

import ast
from collections.abc import Callable
from typing import Any

import msgspec

from rpc.dap.connection import DapError
from rpc.dap.debuggee import Debuggee
from rpc.dap.looking import Looking
from rpc.dap.places import pointer_of
from rpc.dap.refs import Frame, Ref
from rpc.dap.telling import Telling

HISTORY = 1000
"""Checkpoints that are looked through at once."""

Checkpoint = dict[str, Any]


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

    async def back_to(self, stops_at: Callable[[str], bool]) -> None:
        """To the last breakpoint before this, or to the first step."""
        chain = await self._chain("")
        if len(chain) < 2:
            raise DapError("this is the first step: there is nothing before it")
        for one in chain[1:]:
            if any(stops_at(name) for name in one["next"]):
                await self.rewind(one["checkpoint_id"], "breakpoint")
                return
        await self.rewind(chain[-1]["checkpoint_id"], "entry")

    async def restart(self, frame: Frame) -> None:
        """The frame's node begins again, and those beside it stay as they are; the graph's own frame is its first step."""
        if frame.path:
            which = (
                {"node_name": frame.path} if frame.task_id is None else {"task_id": frame.task_id}
            )
            await self._move("debug.restartNode", "restart", **which)
            return
        chain = await self._chain("")
        if not chain:
            raise DapError("nothing has run yet")
        await self.rewind(chain[-1]["checkpoint_id"], "restart")

    async def rewind(self, checkpoint_id: str, reason: str) -> None:
        """To a checkpoint; `reason`: of the stop there."""
        await self._move("debug.rewind", reason, checkpoint_id=checkpoint_id)

    async def _move(self, method: str, reason: str, **params: Any) -> None:
        self.telling.moved = reason
        try:
            await self.debuggee.call(method, **params)
        except BaseException:
            self.telling.moved = None
            raise

    async def go_to(self, path: str) -> None:
        """Go on as if that node had just run: what follows it stands."""
        await self._move("debug.setState", "goto", values={}, as_node=path)

    async def set(self, ref: Ref, name: str, text: str) -> Any:
        """Set what is inside of a variable; the value as it was understood."""
        if ref.pointer is None or ref.fixed:
            raise DapError(f"{name} cannot be set: only the state and a task's input can")
        pointer = f"{ref.pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        return await self._edit(ref.frame, ref.kind, pointer, text)

    async def set_expression(self, frame: Frame, expression: str, text: str) -> Any:
        """Set what an expression names: `state['hits'][0]`, `state.query`, `input['query']`."""
        root, pointer = pointer_of(expression)
        return await self._edit(frame, root, pointer, text)

    async def _edit(self, frame: Frame, root: str, pointer: str, text: str) -> Any:
        value = value_of(text)
        given: dict[str, Any] = {"value_path": pointer, "value": value}
        if root == "input":
            if frame.task_id is None:
                raise DapError("the input of this frame's task cannot be edited")
            given["task_id"] = frame.task_id
        elif frame.place:
            given["as_node"] = f"{frame.place}/"
        await self.debuggee.client.call(
            "debug.setState", session_id=self.debuggee.session.session_id, **given
        )
        self.looking.forget()
        return value

    async def _chain(self, place: str) -> list[Checkpoint]:
        """The checkpoints of a graph from where it stands back to its first, the newest first.

        The input, and copies of it, are left out. Where it went back to one, its copy stands in its place.
        """
        found = await self.debuggee.call("debug.history", limit=HISTORY, path=place)
        known = {one["checkpoint_id"]: one for one in found["checkpoints"]}
        at = next((one for one in found["checkpoints"] if one["current"]), None)
        chain: list[Checkpoint] = []
        while at is not None:
            if at["current"] or at["next"]:
                chain.append(at)
            at = known.get(at["parent_checkpoint_id"])
        return chain


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
