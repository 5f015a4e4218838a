"""A thread that comes from plain LangGraph, as a session: decisions without I/O.

Where it asks, the session waits; where something is still to run, it stands, as at a debugger's stop; else it has completed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, structs

from protocol.events import DebugStopped, EventBody, InputRequested, QueryResult
from protocol.sessions import Status
from rpc.clock import now_ms
from rpc.engine.gate.stops import stopped_task
from rpc.engine.langgraph.place import Place
from rpc.engine.thread.state import ThreadState
from rpc.events.encoding import Emitter
from rpc.sessions.debugging.restanding import standing
from rpc.sessions.lifecycle import move
from rpc.sessions.running.gating import tasks_at_rest
from rpc.storage.records import (
    AuditRecord,
    DebugState,
    Question,
    RunRecord,
    SessionRecord,
    StoppedTask,
)
from rpc.storage.units import PutAudit, PutRun, PutSession, Row, Unit


class Arrival(Struct, frozen=True):
    """As what a thread comes. `began_at`: when its first checkpoint was made; `by`: who brings it, for the audit."""

    session_id: str
    run_id: str
    graph: str
    owner: str
    name: str | None
    began_at: int
    by: str


def arrived(
    arrival: Arrival,
    rows: Sequence[Row],
    found: ThreadState,
    inputs: Mapping[str, Any],
    output: Any,
) -> tuple[Unit, Status]:
    """What is to be committed, and the status of the session that it makes.

    `rows`: the thread's. `found`: its state as its graph sees it, and `inputs`: what its tasks get that `Send` made, by task id.
    `output`: what the graph gives out in this state, a JSON value.
    """
    now = now_ms()
    session = SessionRecord(
        id=arrival.session_id,
        graph=arrival.graph,
        status="queued",
        name=arrival.name,
        created_at=min(arrival.began_at, now),
        updated_at=now,
        run_id=arrival.run_id,
        runs=1,
        query=None,
        owner=arrival.owner,
    )
    run = RunRecord(
        id=arrival.run_id,
        session_id=arrival.session_id,
        graph=arrival.graph,
        query=None,
        input=None,
        config=None,
        idempotency_key=None,
        created_at=now,
        after=0,
        estimated_duration_ms=0,
        owner=arrival.owner,
    )
    emitter = Emitter(session.id, run.id)
    session, run, begun = move(session, run, "running")
    bodies: list[EventBody] = []
    status: Status
    if questions := _questions(found):
        status = "waiting"
        asking = {place.namespace: stopped_task(place, "interrupt", None) for place, _ in questions}
        session = structs.replace(
            session,
            interrupts=[one for _, one in questions],
            debug=DebugState(asking=asking, entered=_entered(found, asking)),
        )
        bodies += [
            InputRequested(one.interrupt_id, one.value, place.node, place.path, one.task_id)
            for place, one in questions
        ]
    elif found.tasks:
        status = "paused"
        stopped = standing(found, {}, inputs)
        debug = DebugState(stopped=stopped, entered=_entered(found, stopped))
        session = structs.replace(session, debug=debug, debug_mode=True)
        told = "the thread came from plain LangGraph"
        bodies.append(DebugStopped("pause", tasks_at_rest(debug), found.checkpoint_id, told))
    else:
        status = "completed"
        bodies.append(QueryResult(output, 0.0))
    session, run, ended = move(
        session, run, status, result=output if status == "completed" else None
    )
    audit = AuditRecord(
        now,
        "session.import",
        session.id,
        run.id,
        arrival.owner,
        arrival.by,
        detail={"checkpoint_id": found.checkpoint_id},
    )
    return (
        Unit(
            session.id,
            [emitter.draft(one) for one in (begun, *bodies, ended)],
            [*rows, PutSession(session), PutRun(run), PutAudit(audit)],
            revision=0,
        ),
        status,
    )


def _questions(found: ThreadState) -> list[tuple[Place, Question]]:
    return [
        (task.place, Question(id, value, task.place.path, task.task_id))
        for task in found.asking_tasks()
        for id, value in task.questions.items()
    ]


def _entered(found: ThreadState, resting: Mapping[str, StoppedTask]) -> list[str]:
    """The tasks that hold one at rest."""
    places = [Place.of(namespace) for namespace in resting]
    return [
        task.place.namespace
        for task in found.all_tasks()
        if any(one.is_inside(task.place) for one in places)
    ]
