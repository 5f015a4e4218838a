"""The session's life: who may follow whom, and a session as clients see it. Decisions without I/O."""

import msgspec

from protocol.errors import WRONG_STATE, ProtocolError
from protocol.events import SessionStatus
from protocol.sessions import ENDED, TRANSITIONS, Session, Status
from rpc.events.encoding import now_ms, timestamp
from rpc.storage.records import RunRecord, SessionRecord


def transition(
    record: SessionRecord, status: Status, **changes: object
) -> tuple[SessionRecord, SessionStatus]:
    """The session in its next status, and the event that tells.

    Raises `ProtocolError` (wrong state) where the table does not allow it.
    """
    if status not in TRANSITIONS[record.status]:
        raise wrong_state(record, f"become {status}")
    event = SessionStatus(status, record.status)
    return msgspec.structs.replace(record, status=status, updated_at=now_ms(), **changes), event


def wrong_state(record: SessionRecord, what: str, allowed: tuple[str, ...] = ()) -> ProtocolError:
    """The error of a request that the session's status does not allow."""
    need = f"; that needs {' or '.join(allowed)}" if allowed else ""
    return ProtocolError(
        WRONG_STATE, f"session {record.id} is {record.status} and cannot {what}{need}"
    )


def view(record: SessionRecord, run: RunRecord, *, with_result: bool = True) -> Session:
    """The session as clients see it."""
    ended = run.ended_at if record.status in ENDED else None
    return Session(
        session_id=record.id,
        graph=record.graph,
        status=record.status,
        created_at=timestamp(record.created_at),
        updated_at=timestamp(record.updated_at),
        seq=record.seq,
        run_id=record.run_id,
        runs=record.runs,
        debug_mode=record.debug_mode,
        session_name=record.name,
        query=run.query if run.query is not None else run.input,
        result=run.result if with_result and record.status == "completed" else None,
        error=run.error if record.status == "failed" else None,
        interrupts=record.interrupts if record.status in ("waiting", "paused") else [],
        started_at=None if run.started_at is None else timestamp(run.started_at),
        duration_ms=(
            None if ended is None or run.started_at is None else float(ended - run.started_at)
        ),
    )
