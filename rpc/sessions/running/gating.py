"""Between a session's record and the gate: what the gate is told, and what its stops make of the session."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

import msgspec
from msgspec import Struct

from protocol.events import DebugStopped, EventBody, StoppedTask
from protocol.sessions import Status
from protocol.values import Interrupt
from rpc.engine.gate.gate import Gate
from rpc.engine.gate.stops import stopped_task
from rpc.engine.langgraph.namespaces import node_path, split
from rpc.engine.running.advance import Asking, Completed, Failed, Graph, Outcome, Stopped
from rpc.sessions.commands import Command, Recover, Respond, Start, restored
from rpc.storage.records import DebugState, SessionRecord, Stepping

Reason = Literal["failure", "breakpoint", "pause", "entry", "step"]

REASONS: tuple[Reason, ...] = (
    "failure",
    "breakpoint",
    "pause",
    "entry",
    "step",
)
"""Of several tasks that stopped at once, whose reason is the stop's: the first in this order."""


class Rest(Struct, frozen=True):
    """Where a session rests: `status` is `paused` or `waiting`; `bodies` are the events before it."""

    status: Status
    interrupts: list[Interrupt]
    debug: DebugState
    bodies: list[EventBody]


def gate_for(graph: Graph, record: SessionRecord, command: Command) -> Gate | None:
    """The gate of an advance; None where nothing has to be stopped or held."""
    told = restored(record.command) if isinstance(command, Recover) else command
    answers = told.answers if isinstance(told, Respond) else {}
    state = record.debug
    if isinstance(told, Start):
        entry = not any(one.enabled for one in state.breakpoints)
        state = DebugState(
            breakpoints=state.breakpoints, hits=state.hits, entry=entry, pausing=state.pausing
        )
    questions = {one.task_id: one for one in record.interrupts}
    asking = {
        namespace: questions[task.task_id]
        for namespace, task in state.asking.items()
        if task.task_id in questions
    }
    waiting = {ns: one for ns, one in asking.items() if one.interrupt_id not in answers}
    if not record.debug_mode and not waiting:
        return None
    return Gate(
        graph,
        state,
        waiting=waiting,
        answered=asking.keys() - waiting.keys(),
        debugging=record.debug_mode,
    )


def at_rest(record: SessionRecord, gate: Gate | None, outcome: Outcome) -> Rest | None:
    """Where the outcome leaves the session; None where its run is over."""
    match outcome:
        case Stopped() if gate is not None:
            return _stopped(record, gate, outcome)
        case Asking():
            asked = list(outcome.interrupts.values())
            return Rest("waiting", asked, _debug(record, gate, outcome), [])
        case Failed(task=task) if gate is not None and gate.debugging and task is not None:
            return _failed(record, gate, outcome, task)
        case Completed(checkpoint_id=checkpoint_id) if gate is not None and gate.result().after:
            ended = ", ".join(node_path(split(one)) for one in gate.result().after)
            debug = DebugState(
                breakpoints=record.debug.breakpoints, hits=gate.result().hits, at_end=True
            )
            detail = f"after {ended}; the graph has ended, and continues to its result"
            return Rest(
                "paused", [], debug, [DebugStopped("breakpoint", [], checkpoint_id, detail)]
            )
        case _:
            return None


def _stopped(record: SessionRecord, gate: Gate, outcome: Stopped) -> Rest:
    result = gate.result()
    debug = _debug(record, gate, outcome)
    asked = list(outcome.interrupts.values())
    fresh = [result.stopped[ns] for ns in result.fresh]
    reasons = {task.reason for task in fresh}
    reason: Reason = next((one for one in REASONS if one in reasons), "step")
    detail = "; ".join(task.detail for task in fresh if task.detail) or None
    event = DebugStopped(reason, tasks_at_rest(debug), outcome.checkpoint_id, detail)
    return Rest("paused", asked, debug, [event])


def _failed(record: SessionRecord, gate: Gate, outcome: Failed, task: str) -> Rest:
    """A node raised in a way that took its siblings with it: it stands, to be run again."""
    detail = f"{outcome.error.type}: {outcome.error.message}"
    failed = stopped_task(split(task), "failure", gate.inputs.get(task), detail)
    # Questions that were held, and those asked before the failure.
    held = {one.interrupt_id: one for one in gate.waiting.values()}
    asked = {**held, **outcome.interrupts}
    debug = _debug(record, gate, outcome, asked=asked, failed={task: failed})
    event = DebugStopped("failure", tasks_at_rest(debug), outcome.checkpoint_id, detail)
    return Rest("paused", list(asked.values()), debug, [event])


def tasks_at_rest(debug: DebugState) -> list[StoppedTask]:
    """All that `debug.stopped` tells of: what stands, then what asks."""
    return [*debug.stopped.values(), *debug.asking.values()]


def _debug(
    record: SessionRecord,
    gate: Gate | None,
    outcome: Stopped | Asking | Failed,
    *,
    asked: Mapping[str, Interrupt] | None = None,
    failed: Mapping[str, StoppedTask] = MappingProxyType({}),
) -> DebugState:
    """The debugger's part of a session that rests. `asked`: the open questions, where not the outcome's."""
    known = {task.task_id: ns for ns, task in record.debug.asking.items()}
    asking: dict[str, StoppedTask] = {}
    for one in (outcome.interrupts if asked is None else asked).values():
        # A question that was held is told by whatever holds its task.
        ns = known.get(one.task_id or "") or outcome.places[one.interrupt_id]
        given = None if gate is None else gate.inputs.get(ns)
        asking[ns] = record.debug.asking.get(ns) or stopped_task(split(ns), "interrupt", given)
    if gate is None:
        return msgspec.structs.replace(record.debug, asking=asking)
    result = gate.result(broke_off=bool(failed))
    stopped = {**result.stopped, **failed}
    return DebugState(
        breakpoints=record.debug.breakpoints,
        hits=result.hits,
        stopped=stopped,
        entered=[ns for ns in result.entered if ns not in stopped and ns not in asking],
        asking=asking,
        after=result.after,
    )


def cleared(debug: DebugState) -> DebugState:
    """The debugger's part of a session that is not stopped any more."""
    return DebugState(breakpoints=debug.breakpoints, hits=debug.hits)


def released(debug: DebugState, namespaces: Iterable[str], stepping: Stepping) -> DebugState:
    """The state in which the gate lets these tasks pass, and stops by `stepping` next."""
    chosen = set(namespaces)
    return msgspec.structs.replace(
        debug,
        stopped={ns: task for ns, task in debug.stopped.items() if ns not in chosen},
        released=list(chosen),
        stepping=stepping,
        entry=not debug.stopped and not debug.at_end and stepping.mode not in ("continue", "to"),
        pausing=False,
        at_end=False,
    )
