"""Between a session's record and the gate: what the gate is told, and what its stops make of the session."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

import msgspec
from msgspec import Struct

from protocol.events import DebugResumed, DebugStopped, EventBody
from protocol.events import StoppedTask as ShownTask
from protocol.sessions import Status
from rpc.engine.gate.gate import Gate
from rpc.engine.gate.stepping import unfinished
from rpc.engine.gate.stops import stopped_task
from rpc.engine.langgraph.nesting import stops_itself
from rpc.engine.langgraph.place import Place
from rpc.engine.running.advance import Asking, Completed, Failed, Outcome, Stopped
from rpc.engine.thread.config import Graph
from rpc.sessions.commands import Command, Recover, Respond, Start, restored
from rpc.sessions.shown import shown_task
from rpc.storage.records import DebugState, Question, SessionRecord, Stepping, StoppedTask

Reason = Literal["failure", "raised", "breakpoint", "change", "pause", "entry", "step"]

REASONS: tuple[Reason, ...] = (
    "failure",
    "raised",
    "breakpoint",
    "change",
    "pause",
    "entry",
    "step",
)
"""Of several tasks that stopped at once, whose reason is the stop's: the first in this order."""


class Rest(Struct, frozen=True):
    """Where a session rests: `status` is `paused` or `waiting`; `bodies` are the events before it."""

    status: Status
    interrupts: list[Question]
    debug: DebugState
    bodies: list[EventBody]


def gate_for(
    graph: Graph,
    record: SessionRecord,
    command: Command,
    *,
    stops: bool = False,
) -> Gate | None:
    """The gate of an advance; None where nothing has to be stopped or held.

    `stops`: a graph was met that was compiled to stop of itself, beside those that can be seen in `graph`.
    """
    told = restored(record.command) if isinstance(command, Recover) else command
    answers = told.answers if isinstance(told, Respond) else {}
    state = record.debug
    if isinstance(told, Start):
        # One that is disabled was set all the same: who set it wants to stop elsewhere.
        entry = not state.breakpoints if told.entry is None else told.entry
        state = settings(state, entry=entry, pausing=state.pausing)
    questions = {one.task_id: one for one in record.interrupts}
    asking = {
        Place.of(ns): questions[task.task_id]
        for ns, task in state.asking.items()
        if task.task_id in questions
    }
    waiting = {place: one for place, one in asking.items() if one.interrupt_id not in answers}
    if not record.debug_mode and not waiting and not stops and not stops_itself(graph):
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
        case Failed(task=task) if (
            gate is not None and gate.debugging and task is not None and not gate.let_fail(task)
        ):
            return _failed(record, gate, outcome, task)
        case Completed(checkpoint_id=checkpoint_id) if gate is not None and gate.result().after:
            result = gate.result()
            why: Reason = "change" if result.changes else "breakpoint"
            behind = ", ".join(one.path for one in result.after)
            said = "; ".join(dict.fromkeys(result.changes.values())) or f"after {behind}"
            debug = settings(record.debug, hits=result.hits, at_end=True)
            detail = f"{said}; the graph has ended, and continues to its result"
            return Rest("paused", [], debug, [DebugStopped(why, [], checkpoint_id, detail)])
        case _:
            return None


def _stopped(record: SessionRecord, gate: Gate, outcome: Stopped) -> Rest:
    result = gate.result()
    debug = _debug(record, gate, outcome)
    asked = list(outcome.interrupts.values())
    fresh = [result.stopped[place] for place in result.fresh]
    reasons = {task.reason for task in fresh}
    reason: Reason = next((one for one in REASONS if one in reasons), "step")
    detail = "; ".join(task.detail for task in fresh if task.detail) or None
    event = DebugStopped(reason, tasks_at_rest(debug), outcome.checkpoint_id, detail)
    return Rest("paused", asked, debug, [event])


def _failed(record: SessionRecord, gate: Gate, outcome: Failed, task: Place) -> Rest:
    """A node raised in a way that took its siblings with it: it stands, to be run again."""
    detail = f"{outcome.error.type}: {outcome.error.message}"
    failed = stopped_task(task, "failure", gate.input_of(task), detail)
    # Questions that were held, and those asked before the failure.
    held = {one.interrupt_id: one for one in gate.questions()}
    asked = {**held, **outcome.interrupts}
    debug = _debug(record, gate, outcome, asked=asked, failed={task: failed})
    event = DebugStopped("failure", tasks_at_rest(debug), outcome.checkpoint_id, detail)
    return Rest("paused", list(asked.values()), debug, [event])


def tasks_at_rest(debug: DebugState) -> list[ShownTask]:
    """All that `debug.stopped` tells of: what stands, then what asks."""
    return [shown_task(one) for one in (*debug.stopped.values(), *debug.asking.values())]


def _debug(
    record: SessionRecord,
    gate: Gate | None,
    outcome: Stopped | Asking | Failed,
    *,
    asked: Mapping[str, Question] | None = None,
    failed: Mapping[Place, StoppedTask] = MappingProxyType({}),
) -> DebugState:
    """The debugger's part of a session that rests. `asked`: the open questions, where not the outcome's."""
    known = {task.task_id: Place.of(ns) for ns, task in record.debug.asking.items()}
    asking: dict[Place, StoppedTask] = {}
    for one in (outcome.interrupts if asked is None else asked).values():
        # A question that was held is told by whatever holds its task.
        place = known.get(one.task_id or "") or outcome.places[one.interrupt_id]
        given = None if gate is None else gate.input_of(place)
        asking[place] = record.debug.asking.get(place.namespace) or stopped_task(
            place, "interrupt", given
        )
    if gate is None:
        return msgspec.structs.replace(record.debug, asking=_stored(asking))
    result = gate.result(broke_off=bool(failed))
    stopped = {**result.stopped, **failed}
    return settings(
        record.debug,
        hits=result.hits,
        stopped=_stored(stopped),
        entered=[
            place.namespace
            for place in result.entered
            if place not in stopped and place not in asking
        ],
        asking=_stored(asking),
        stepping=unfinished(gate.stepping, asking, stopped=bool(result.fresh or failed)),
        after=[place.namespace for place in result.after],
        changes={place.namespace: said for place, said in result.changes.items()},
        passes={place.namespace: number for place, number in result.passes.items()},
        entry=result.entry,
        # What asks was not stopped by it: it still stops whatever starts next.
        pausing=record.debug.pausing and not stopped,
    )


def _stored(tasks: Mapping[Place, StoppedTask]) -> dict[str, StoppedTask]:
    """As a record keeps them: by namespace."""
    return {place.namespace: task for place, task in tasks.items()}


def resumed(questions: Sequence[Question], answers: Collection[str]) -> DebugResumed:
    """The event that says which tasks of a session that stands go on by these answers."""
    tasks = [one.task_id for one in questions if one.interrupt_id in answers]
    return DebugResumed("respond", [one for one in tasks if one is not None])


def settings(debug: DebugState, **more: Any) -> DebugState:
    """What was set of the debugger, and of the rest only `more`."""
    kept = {
        "breakpoints": debug.breakpoints,
        "errors": debug.errors,
        "raised": debug.raised,
        "hits": debug.hits,
        "debuggers": debug.debuggers,
    }
    return DebugState(**{**kept, **more})


def cleared(debug: DebugState) -> DebugState:
    """The debugger's part of a session that is not stopped any more."""
    return settings(debug)


def held(debug: DebugState) -> DebugState:
    """The state before tasks were let go: they stand again."""
    places = [Place.of(ns) for ns in debug.released if ns not in debug.asking]
    again = {place.namespace: stopped_task(place, "pause", None) for place in places}
    return msgspec.structs.replace(debug, stopped={**debug.stopped, **again}, released=[], open={})


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
