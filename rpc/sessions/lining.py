"""Runs that wait for the one under way in their session: whose turn is next. A decision without I/O."""

from collections.abc import Mapping

import msgspec
from msgspec import UNSET, Struct

from protocol.events import SessionStatus
from protocol.sessions import ENDED, Status
from rpc.sessions.commands import Start, stored
from rpc.sessions.lifecycle import move
from rpc.sessions.running.gating import cleared
from rpc.sessions.shown import shown_status
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import Store
from rpc.storage.texts import texts_with
from rpc.storage.units import PutRun, PutSession, Row


def waits_for_answers(session: SessionRecord, known: Mapping[str, RunRecord]) -> bool:
    """Whether the first run in line waits until the one before is answered or continued, where that asks or stands."""
    waiting = (known.get(one) for one in session.line)
    first = next((one for one in waiting if one is not None and one.status == "queued"), None)
    return first is not None and first.options.patient


class Turn(Struct, frozen=True):
    """The next run's: what is committed with the end of the one before. `event`: its first."""

    session: SessionRecord
    run: RunRecord
    event: SessionStatus
    rows: list[Row]


def queued(run: RunRecord, previous: Status | None = None) -> SessionStatus:
    """A run's first event, which says what was asked."""
    query = UNSET if run.query is None else run.query
    asked = run.input if run.query is None and run.input is not None else UNSET
    return SessionStatus("queued", previous, query, asked)


async def in_line(store: Store, session: SessionRecord) -> dict[str, RunRecord]:
    """The runs that wait in a session, by id. Raises `StorageError`."""

    def read() -> dict[str, RunRecord]:
        found = (store.run(id) for id in session.line)
        return {run.id: run for run in found if run is not None}

    return await store.read(read) if session.line else {}


def next_in_line(
    session: SessionRecord, run: RunRecord, known: Mapping[str, RunRecord]
) -> Turn | None:
    """The turn of the first run in line, where the one before is over; None where there is none.

    `session`, `run`: as that one leaves them. `known`: the runs in line, by id.
    """
    if session.status not in ENDED:
        return None
    line = list(session.line)
    while line:
        first = known.get(line.pop(0))
        if first is None or first.status != "queued":
            continue
        previous = shown_status(session.status)
        first = msgspec.structs.replace(first, after=max(first.after, session.seq))
        debug = session.debug
        moved, first, _ = move(
            session,
            first,
            "queued",
            run_id=first.id,
            runs=session.runs + 1,
            query=first.query,
            texts=texts_with(first.query, first.input, session.texts),
            line=line,
            debug=cleared(debug),
            command=stored(Start(previous)),
        )
        return Turn(moved, first, queued(first, previous), [PutSession(moved), PutRun(first)])
    return None
