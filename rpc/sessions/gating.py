"""Between a session's record and the gate: what the gate is told, and what its stops make of the session."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from protocol.events import DebugStopped, EventBody, StoppedTask
from protocol.sessions import Status
from protocol.values import Interrupt
from rpc.engine.advance import Asking, Completed, Failed, Graph, Outcome, Stopped
from rpc.engine.gate import Gate, stopped_task
from rpc.engine.namespaces import split
from rpc.sessions.commands import Command, Recover, Respond, Start, restored
from rpc.storage.records import DebugState, SessionRecord, Stepping

REASONS = ("failure", "breakpoint", "pause", "entry", "step")
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
    answered = [one.task_id for one in record.interrupts if one.interrupt_id in answers]
    waiting = [one.task_id for one in record.interrupts if one.interrupt_id not in answers]
    if not record.debug_mode and not waiting:
        return None
    state = record.debug
    if isinstance(told, Start):
        entry = not any(one.enabled for one in state.breakpoints)
        state = DebugState(breakpoints=state.breakpoints, hits=state.hits, entry=entry)
    return Gate(
        graph,
        state,
        waiting=[one for one in waiting if one is not None],
        answered=[one for one in answered if one is not None],
        debugging=record.debug_mode,
    )


def at_rest(record: SessionRecord, gate: Gate | None, outcome: Outcome) -> Rest | None:
    """Where the outcome leaves the session; None where its run is over."""
    match outcome:
        case Stopped(interrupts=asked, checkpoint_id=checkpoint_id) if gate is not None:
            return _stopped(record, gate, asked.values(), checkpoint_id)
        case Asking(interrupts=asked):
            return Rest("waiting", list(asked.values()), _debug(record, gate, {}), [])
        case Failed(task=task) if gate is not None and gate.debugging and task is not None:
            return _failed(record, gate, outcome, task)
        case Completed() if gate is not None and gate.result().after:
            ended = ", ".join(
                one.rpartition("|")[2].partition(":")[0] for one in gate.result().after
            )
            debug = DebugState(
                breakpoints=record.debug.breakpoints, hits=gate.result().hits, at_end=True
            )
            detail = f"after {ended}; the graph has ended, and continues to its result"
            return Rest("paused", [], debug, [DebugStopped("breakpoint", [], None, detail)])
        case _:
            return None


def _stopped(
    record: SessionRecord, gate: Gate, asked: Iterable[Interrupt], checkpoint_id: str | None
) -> Rest:
    result = gate.result()
    held = {task.task_id for task in result.stopped.values() if task.reason == "interrupt"}
    interrupts = [one for one in record.interrupts if one.task_id in held]
    interrupts += [one for one in asked if one not in interrupts]
    standing = {ns: task for ns, task in result.stopped.items() if task.reason != "interrupt"}
    if not standing:
        return Rest("waiting", interrupts, _debug(record, gate, {}), [])
    debug = _debug(record, gate, result.stopped)
    fresh = [result.stopped[ns] for ns in result.fresh]
    reasons = {task.reason for task in fresh if task.reason != "interrupt"} or {"step"}
    reason = next(one for one in REASONS if one in reasons)
    detail = "; ".join(task.detail for task in fresh if task.detail) or None
    tasks = list(result.stopped.values())
    return Rest(
        "paused",
        interrupts,
        debug,
        [DebugStopped(reason, tasks, checkpoint_id, detail)],
    )


def _failed(record: SessionRecord, gate: Gate, outcome: Failed, task: str) -> Rest:
    """A node raised in a way that took its siblings with it: it stands, to be run again."""
    detail = f"{outcome.error.type}: {outcome.error.message}"
    stopped = {
        **gate.result().stopped,
        task: stopped_task(split(task), "failure", gate.inputs.get(task), detail),
    }
    debug = _debug(record, gate, stopped)
    event = DebugStopped("failure", list(stopped.values()), outcome.checkpoint_id, detail)
    return Rest("paused", list(record.interrupts), debug, [event])


def _debug(record: SessionRecord, gate: Gate | None, stopped: dict[str, StoppedTask]) -> DebugState:
    if gate is None:
        return record.debug
    result = gate.result()
    return DebugState(
        breakpoints=record.debug.breakpoints,
        hits=result.hits,
        stopped={ns: task for ns, task in stopped.items() if task.reason != "interrupt"},
        entered=[ns for ns in result.entered if ns not in stopped],
        stepping=Stepping(),
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
        at_end=False,
    )
