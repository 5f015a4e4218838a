"""The session's life: who may follow whom, and a session as clients see it. Decisions without I/O.

A session and its latest run change their status together, by the table of `protocol/sessions.py`, and only here; what
LangGraph's API takes back (`threads.py`) leaves the session as the run before left it.
"""

from typing import Any

import msgspec

from protocol.errors import SESSION_NOT_FOUND, WRONG_STATE, ProtocolError
from protocol.events import SessionStatus
from protocol.sessions import ENDED, TRANSITIONS, Session, Status
from rpc.clock import now_ms
from rpc.events.encoding import timestamp
from rpc.masking import masked, scrubbed_json, secrets_in
from rpc.sessions.shown import shown_failure, shown_question, shown_status, shown_usage
from rpc.storage.records import Failure, ResultAt, RunRecord, SessionRecord

Pair = tuple[SessionRecord, RunRecord]
"""A session and its latest run."""

Moved = tuple[SessionRecord, RunRecord, SessionStatus]
"""A session and its run in their next status, and the event that tells."""


def move(
    session: SessionRecord,
    run: RunRecord,
    status: Status,
    *,
    result: Any = None,
    result_at: ResultAt | None = None,
    error: Failure | None = None,
    **changes: Any,
) -> Moved:
    """The session and its run in their next status, and the event that tells.

    `result` or `result_at`, `error`: of a run that is over. `changes`: of the session. Raises `ProtocolError` (wrong state)
    where the table does not allow it.
    """
    if status not in TRANSITIONS[session.status]:
        raise wrong_state(session, f"become {status}")
    event = SessionStatus(status, shown_status(session.status))
    now = now_ms()
    begins = run.started_at is None and status == "running"
    run = msgspec.structs.replace(
        run,
        status=status,
        started_at=now if begins else run.started_at,
        ended_at=now if status in ENDED else None,
        result=result,
        result_at=result_at,
        results=run.results if result_at is None else [*run.results, result_at.checkpoint_id],
        error=error,
        # What comes to rest has not died of it.
        deaths=run.deaths if status == "running" else None,
    )
    return msgspec.structs.replace(session, status=status, updated_at=now, **changes), run, event


def wrong_state(record: SessionRecord, what: str, allowed: tuple[str, ...] = ()) -> ProtocolError:
    """The error of a request that the session's status does not allow."""
    need = f"; that needs {' or '.join(allowed)}" if allowed else ""
    return ProtocolError(
        WRONG_STATE, f"session {record.id} is {record.status} and cannot {what}{need}"
    )


def not_found(session_id: str) -> ProtocolError:
    """The answer where the session is not, or no longer, there."""
    return ProtocolError(SESSION_NOT_FOUND, f"there is no session {session_id!r}")


def _idle(record: SessionRecord) -> Session:
    """One that has had no run."""
    return Session(
        session_id=record.id,
        graph=record.graph,
        status=shown_status(record.status),
        created_at=timestamp(record.created_at),
        updated_at=timestamp(record.updated_at),
        seq=record.seq,
        first_seq=record.first_seq,
        run_id=None,
        runs=0,
        debug_mode=record.debug_mode,
        session_name=_name(record),
        owner=record.owner,
    )


def _name(record: SessionRecord) -> str:
    return f"Session {record.id[:8]}" if record.name is None else record.name


def view(record: SessionRecord, run: RunRecord | None, result: Any = None) -> Session:
    """The session as clients see it. `run`: its latest, None before any. `result`: the run's, if it is to be shown."""
    if run is None:
        return _idle(record)
    ended = run.ended_at if record.status in ENDED else None
    shown = Session(
        session_id=record.id,
        graph=record.graph,
        status=shown_status(record.status),
        created_at=timestamp(record.created_at),
        updated_at=timestamp(record.updated_at),
        seq=record.seq,
        first_seq=record.first_seq,
        run_id=run.id,
        runs=record.runs,
        debug_mode=record.debug_mode,
        session_name=_name(record),
        query=run.query if run.query is not None else run.input,
        config=masked(run.config or {}),
        result=result if record.status == "completed" else None,
        error=shown_failure(run.error) if record.status == "failed" else None,
        interrupts=[shown_question(one) for one in record.interrupts]
        if record.status in ("waiting", "paused", "failed")
        else [],
        started_at=None if run.started_at is None else timestamp(run.started_at),
        completed_at=None if ended is None else timestamp(ended),
        estimated_duration_ms=run.estimated_duration_ms,
        usage=shown_usage(run.usage),
        owner=record.owner,
        tags=record.tags,
        metadata=record.metadata,
        duration_ms=(
            None
            if ended is None or run.started_at is None
            else max(0.0, float(ended - run.started_at))
        ),
    )
    secrets = secrets_in(run.config) if run.config else ()
    if not secrets:
        return shown
    # A question may quote one.
    return msgspec.json.decode(scrubbed_json(msgspec.json.encode(shown), secrets), type=Session)
