"""The lease of a session: whoever begins to advance it raises its epoch, and what is written under an earlier one is refused."""

import logging

import anyio

from rpc.events.log import EventLog, RunWriter
from rpc.sessions.lifecycle import Pair, move
from rpc.sessions.running.executor import Begun
from rpc.sessions.running.signals import applied, read
from rpc.sparing import Sparing
from rpc.storage.line import RefusedError
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import StorageBroken, StorageError, Store
from rpc.storage.units import PutRun, PutSession, Row, Unit

sparing = Sparing(logging.getLogger("stepwire.sessions"))

RETRY_SECONDS = 1.0
"""How long whoever advances a session waits before it looks at the disk again."""


class Lease:
    """One advance's right to a session. `session`, `run`: as they are with what was signalled so far."""

    def __init__(
        self,
        writer: RunWriter,
        session: SessionRecord,
        run: RunRecord,
        revision: int,
        signalled: bool,
    ) -> None:
        self.writer = writer
        # The session's when it was taken, and whether there were signals then: see `quiet`.
        self.revision = revision
        self.signalled = signalled
        self.session = session
        self.run = run
        self.emitter = writer.log.emitter(session.id, run.id, run.config)

    def quiet(self, session: SessionRecord) -> bool:
        """Whether nobody has signalled anything, by the session as it is now: then nothing need be read."""
        return not self.signalled and session.revision == self.revision


async def take(
    store: Store,
    events: EventLog,
    session_id: str,
    epoch: int,
    announcement: Unit | None = None,
) -> Lease | None:
    """Begin to advance a session that is queued or running; None where it is neither, or gone.

    `epoch`: under which it was told to go; None too where somebody has begun, or ended, something since.
    `announcement`: the events that say that it is queued, where they are not committed yet.
    Where it cannot be read now, it waits for the disk.
    """
    while True:
        try:
            found = await load(store, session_id)
            if found is None:
                return None
            session, run = found
            if session.epoch != epoch or session.status not in ("queued", "running"):
                return None
            # Only a session that was changed since it was made can have been told something.
            signals = (
                read(await store.read(store.signals, session_id)) if session.revision > 1 else []
            )
        except StorageError as error:
            await wait_for_disk(session_id, error)
            continue
        drafts = [] if announcement is None else list(announcement.drafts)
        rows = list[Row]()
        if session.status == "queued":
            session, run, event = move(session, run, "running")
            drafts.append(events.emitter(session.id, run.id, run.config).draft(event))
            rows += [PutSession(session), PutRun(run)]
        unit = Unit(session_id, drafts, rows, revision=found[0].revision, raises=True)
        entry = events.put(unit)
        await events.line.settled(entry)
        try:
            written = entry.result()
        except RefusedError as error:
            if error.refused.reason == "revision":
                # Changed meanwhile: cancelled, perhaps.
                continue
            return None
        writer = RunWriter(events, session_id, written.epoch)
        return Lease(writer, applied(session, signals), run, written.revision, bool(signals))


async def taken(store: Store, events: EventLog, begun: Begun) -> Lease | None:
    """The lease of a session that was made running; None where it was ended before this came to it.

    What it was told since is read as any signal is.
    """
    while True:
        try:
            session = await store.read(store.session, begun.session.id)
            break
        except StorageError as error:
            await wait_for_disk(begun.session.id, error)
    if session is None or session.epoch != begun.epoch or session.run_id != begun.run.id:
        return None
    writer = RunWriter(events, begun.session.id, begun.epoch)
    return Lease(writer, begun.session, begun.run, begun.revision, signalled=False)


async def load(store: Store, session_id: str) -> Pair | None:
    """A session and its latest run; None where there is none."""

    def read() -> Pair | None:
        session = store.session(session_id)
        run = None if session is None or session.run_id is None else store.run(session.run_id)
        return None if session is None or run is None else (session, run)

    return await store.read(read)


async def wait_for_disk(session_id: str, error: StorageError) -> None:
    """Something of the session could not be read: say so, and wait a little. Raises `StorageBroken`: it never will be."""
    if isinstance(error, StorageBroken):
        raise error
    sparing.error("session %s waits for the disk: %s", session_id, error)
    await anyio.sleep(RETRY_SECONDS)
