"""`advance`: one command moves one session until it ends, asks, stops or fails.

The engine's outcome becomes the session's next status. What is committed here is the truth; everything
else (the job, the channel) can be lost at any moment and is made again from it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import anyio
import msgspec

from protocol.errors import ProtocolError
from protocol.events import EventBody, QueryFailed, QueryResult
from protocol.sessions import Status
from protocol.values import Failure
from rpc.engine.gate.messages import Entered
from rpc.engine.graphs.inputs import run_config
from rpc.engine.graphs.registry import Graphs
from rpc.engine.running import advance as engine
from rpc.events.encoding import Emitter, now_ms
from rpc.events.log import Channel, Entry, EventLog
from rpc.sessions.commands import Command, Recover, Respond, Resume, Start, restored
from rpc.sessions.lifecycle import transition
from rpc.sessions.running.executor import Job
from rpc.sessions.running.gating import at_rest, cleared, gate_for
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import PutRun, PutSession, Storage, StorageError, Write

log = logging.getLogger("stepwire.sessions")

RETRY_SECONDS = 1.0
"""How long a run whose checkpoint could not be saved waits before it looks at the disk again."""


class Sink:
    """Where one advance's events go: into the log, unless the job was given up."""

    def __init__(self, events: EventLog, channel: Channel, record: SessionRecord, job: Job) -> None:
        self.events = events
        self.channel = channel
        self.session_id = record.id
        self.emitter = Emitter(record.id, record.run_id)
        self.job = job
        # The commit that says the session runs; the outcome must not overtake it.
        self.begun: Entry | None = None

    def emit(self, body: EventBody) -> None:
        """Put one event in line."""
        if not self.job.abandoned:
            self.events.emit(self.session_id, self.channel, self.emitter.emission(body))

    async def commit(
        self, bodies: Sequence[EventBody], record: SessionRecord, run: RunRecord
    ) -> None:
        """Commit a change of the session with the events that tell it."""
        if not self.job.abandoned:
            await self.events.commit(
                self.session_id,
                [self.emitter.emission(body) for body in bodies],
                [PutSession(record), PutRun(run)],
            )


class Advancer:
    """Advances sessions of the server's graphs."""

    def __init__(
        self,
        storage: Storage,
        events: EventLog,
        graphs: Graphs,
        lock: Callable[[str], anyio.Lock],
    ) -> None:
        self.storage = storage
        self.events = events
        self.graphs = graphs
        # The lock of a session: held while its status is read and changed.
        self.lock = lock

    async def advance(self, job: Job) -> None:
        """Do what `job` says; returns when the outcome is committed."""
        channel = await self.events.pin(job.session_id)
        if channel is None:
            return
        try:
            await self._guarded(job, channel)
        finally:
            self.events.unpin(job.session_id)

    async def _guarded(self, job: Job, channel: Channel) -> None:
        # Who changes the session while it runs sees it running, and the run sees their change.
        async with self.lock(job.session_id):
            record, run = await self._load(job.session_id)
            sink = Sink(self.events, channel, record, job)
            if job.stopping:
                return
            if not job.cancelled:
                record, run = self._begin(sink, record, run)
                self._gate(job, job.command, record)
        try:
            if job.cancelled:
                raise asyncio.CancelledError
            job.interruptible = True
            outcome = await self._outcome(job, sink, record, run)
        except asyncio.CancelledError:
            if not job.cancelled or job.abandoned:
                raise
            task = asyncio.current_task()
            while task is not None and task.cancelling():
                task.uncancel()
            outcome = engine.Drained()
        # From here on a cancellation comes too late: the task must not be torn from its record.
        job.interruptible = False
        if job.abandoned:
            return
        if job.cancelled and not isinstance(outcome, engine.Completed):
            await self._finish(sink, "cancelled", [])
        else:
            await self._record(job, sink, record, run, outcome)

    async def _outcome(
        self, job: Job, sink: Sink, record: SessionRecord, run: RunRecord
    ) -> engine.Outcome:
        command = job.command
        while True:
            try:
                outcome = await self._engine(job, sink, command, record, run)
                if not (isinstance(outcome, engine.Drained) and job.attaching) or job.cancelled:
                    return outcome
                job.attaching = False
                job.control = engine.RunControl()
                # An answer may not have reached its node yet; one that has is not taken twice.
                command = command if isinstance(command, Respond) else Resume()
                async with self.lock(record.id):
                    record, run = await self._read(sink)
                    self._gate(job, command, record)
                if job.gate is not None:
                    job.gate.tell(Entered(outcome.entered))
            except StorageError as error:
                log.error("session %s waits for the disk: %s", record.id, error)
                await self._store_works()
                command = Recover("storage")
                self._gate(job, command, record)
            except ProtocolError as error:
                # The graph has changed since the query was taken: its settings do not fit any more.
                return engine.Failed(Failure(error.error.type, error.detail))

    def _begin(
        self, sink: Sink, record: SessionRecord, run: RunRecord
    ) -> tuple[SessionRecord, RunRecord]:
        """The session starts to run."""
        bodies: list[EventBody] = []
        if record.status == "queued":
            record, event = transition(record, "running")
            run = msgspec.structs.replace(run, status="running", started_at=now_ms())
            bodies.append(event)
        if bodies:
            emissions = [sink.emitter.emission(body) for body in bodies]
            writes: list[Write] = [PutSession(record), PutRun(run)]
            sink.begun = self.events.append(record.id, emissions, writes)
        return record, run

    async def _store_works(self) -> None:
        """Wait until something can be written."""
        while True:
            await anyio.sleep(RETRY_SECONDS)
            try:
                return await self.storage.check()
            except StorageError:
                continue

    def _gate(self, job: Job, command: Command, record: SessionRecord) -> None:
        loaded = self.graphs.find(record.graph)
        job.gate = None if loaded is None else gate_for(loaded.graph, record, command)

    async def _engine(
        self,
        job: Job,
        sink: Sink,
        command: Command,
        record: SessionRecord,
        run: RunRecord,
    ) -> engine.Outcome:
        loaded = self.graphs.find(record.graph)
        if loaded is None:
            return engine.Failed(
                Failure("GraphNotFound", f"the server no longer has the graph {record.graph!r}")
            )
        return await engine.advance(
            loaded.graph,
            session_id=record.id,
            run_id=run.id,
            move=_move(command, record, run),
            config=run_config(loaded.graph, run.config),
            emit=sink.emit,
            room=self.events.room,
            control=job.control,
            gate=job.gate,
            known={one.interrupt_id: one for one in record.interrupts},
        )

    async def _record(
        self,
        job: Job,
        sink: Sink,
        record: SessionRecord,
        run: RunRecord,
        outcome: engine.Outcome,
    ) -> None:
        if await self._rest(job, sink, outcome):
            return
        took = float(now_ms() - (run.started_at or run.created_at))
        match outcome:
            case engine.Completed(output=output):
                await self._finish(sink, "completed", [QueryResult(output, took)], result=output)
            case engine.Failed(error=error):
                await self._finish(sink, "failed", [QueryFailed(error, took)], error=error)
            case engine.Drained() if job.stopping:
                pass
            case engine.Drained():
                # Nobody here asked for it: a node did, through its runtime's control.
                reason = job.control.drain_reason or "it was asked to"
                error = Failure("GraphDrained", f"the run stopped itself: {reason}")
                await self._finish(sink, "failed", [QueryFailed(error, took)], error=error)
            case _:
                raise AssertionError(f"unexpected outcome {outcome}")

    async def _finish(
        self, sink: Sink, status: Status, bodies: list[EventBody], **run_changes: Any
    ) -> None:
        """The run is over."""
        async with self.lock(sink.session_id):
            record, run = await self._read(sink)
            record, event = transition(
                record, status, interrupts=[], command=None, debug=cleared(record.debug)
            )
            run = msgspec.structs.replace(run, status=status, ended_at=now_ms(), **run_changes)
            await sink.commit([*bodies, event], record, run)

    async def _rest(self, job: Job, sink: Sink, outcome: engine.Outcome) -> bool:
        """The session stops or asks; False where its run is over."""
        async with self.lock(sink.session_id):
            record, run = await self._read(sink)
            rest = at_rest(record, job.gate, outcome)
            if rest is None:
                return False
            record, event = transition(
                record, rest.status, interrupts=rest.interrupts, debug=rest.debug, command=None
            )
            run = msgspec.structs.replace(run, status=rest.status)
            await sink.commit([*rest.bodies, event], record, run)
            return True

    async def _read(self, sink: Sink) -> tuple[SessionRecord, RunRecord]:
        """The session as it is now: others may have changed it while it ran (breakpoints, its name)."""
        session_id = sink.session_id
        if sink.begun is not None:
            await sink.begun.done.wait()
        return await self._load(session_id)

    async def _load(self, session_id: str) -> tuple[SessionRecord, RunRecord]:
        record = await self.storage.session(session_id)
        run = None if record is None else await self.storage.run(record.run_id)
        if record is None or run is None:
            raise LookupError(f"session {session_id} or its run is not stored")
        return record, run


def _move(command: Command, record: SessionRecord, run: RunRecord) -> engine.Move:
    match command:
        case Start():
            return engine.Begin(run.input)
        case Respond(answers=answers):
            return engine.Answer(answers)
        case Resume():
            return engine.GoOn()
        case Recover(reason=reason):
            told = restored(record.command)
            answers = told.answers if isinstance(told, Respond) else {}
            return engine.Recover(run.input, answers, reason)
