"""`debug.diff` and `debug.evaluate`: questions about states, answered without changing any."""

from itertools import islice
from typing import Any

import anyio.to_thread

from protocol.debugging import Difference as ShownDifference
from protocol.debugging import DiffParams, DiffResult, EvaluateParams, EvaluateResult
from protocol.errors import CHECKPOINT_NOT_FOUND, INVALID_PARAMS, NODE_NOT_FOUND, ProtocolError
from rpc.engine.gate.conditions import Condition, ConditionError
from rpc.engine.langgraph.place import Place
from rpc.engine.thread.state import ThreadState
from rpc.engine.values.cut import cut
from rpc.engine.values.diff import differences
from rpc.engine.values.to_json import to_json
from rpc.sessions.debugging.debugger import Debugger
from rpc.storage.records import SessionRecord

LISTED = 200
"""How many differences an answer lists."""

PART_BYTES = 512
"""How large each of their values is shown."""

VALUE_BYTES = 128 * 1024
"""How large an expression's value is shown."""


class Comparer:
    """Compares and evaluates states of one server's sessions."""

    def __init__(self, debugger: Debugger) -> None:
        self.debugger = debugger

    async def diff(self, params: DiffParams) -> DiffResult:
        """What differs between two checkpoints. Raises `ProtocolError`: session or checkpoint not found."""
        record = await self.debugger.sessions.record(params.session_id)
        found = await self._at(record, params.checkpoint_id)
        other: ThreadState | None = None
        if (other_id := params.other_checkpoint_id or found.parent_id) is not None:
            other = await self._at(record, other_id)

        def compared() -> tuple[list[ShownDifference], int]:
            all_of_them = differences({} if other is None else other.values, found.values)
            listed = [
                ShownDifference(
                    one.path, kind, cut(one.before, PART_BYTES), cut(one.after, PART_BYTES)
                )
                for one in islice(all_of_them, LISTED)
                for kind in [_kind(one.kind)]
            ]
            return listed, len(listed) + sum(1 for _ in all_of_them)

        listed, total = await anyio.to_thread.run_sync(compared)
        return DiffResult(found.checkpoint_id, other_id, listed, total)

    async def _at(self, record: SessionRecord, checkpoint_id: str) -> ThreadState:
        """Raises `ProtocolError`: checkpoint not found."""
        looked = await self.debugger.looked(record, checkpoint_id)
        if looked is None:
            raise _no_checkpoint(record, checkpoint_id)
        return looked.found

    async def evaluate(self, params: EvaluateParams) -> EvaluateResult:
        """What an expression gives. Raises `ProtocolError`: not found, invalid params with the reason."""
        record = await self.debugger.sessions.record(params.session_id)
        looked = await self.debugger.looked(record, params.checkpoint_id)
        if looked is None and params.checkpoint_id is not None:
            raise _no_checkpoint(record, params.checkpoint_id)
        given = await self.debugger.given(record, looked, params.checkpoint_id)
        stopped = record.debug.stopped if record.status == "paused" else {}
        try:
            condition = Condition(params.expression)
        except ConditionError as error:
            raise ProtocolError(INVALID_PARAMS, str(error), path="$.expression") from error
        tasks = (
            {} if looked is None else {one.task_id: one.place for one in looked.found.all_tasks()}
        )
        tasks |= {one.task_id: Place.of(ns) for ns, one in stopped.items()}
        first = [*(one.task_id for one in stopped.values()), *tasks]
        if params.checkpoint_id is not None and looked is not None:
            # What is meant is the state of that checkpoint, though it is one around what stands.
            first = [id for id in first if tasks[id].graph == looked.found.place]
        chosen = params.task_id or next(iter(first), None)
        if chosen is not None and chosen not in tasks:
            raise ProtocolError(NODE_NOT_FOUND, f"no task {chosen!r} at this checkpoint")

        def evaluated() -> Any:
            names: dict[str, Any] = {"state": {}, "input": None, **given.names}
            if looked is not None:
                graph = tasks[chosen].graph if chosen else looked.found.place
                state = looked.found.at(graph) or looked.found
                names["state"] = names["input"] = looked.values(state.place)
                if chosen is not None and chosen in looked.sent:
                    names["input"] = looked.as_json(("sent", chosen), looked.sent[chosen])
            return cut(to_json(condition.value(names)), VALUE_BYTES)

        try:
            value = await anyio.to_thread.run_sync(evaluated)
        except ConditionError as error:
            raise ProtocolError(INVALID_PARAMS, str(error), path="$.expression") from error
        return EvaluateResult(value, chosen)


def _no_checkpoint(record: SessionRecord, checkpoint_id: str) -> ProtocolError:
    return ProtocolError(
        CHECKPOINT_NOT_FOUND,
        f"session {record.id} has no checkpoint {checkpoint_id!r}; `debug.history` lists them",
    )


def _kind(kind: str) -> Any:
    return kind
