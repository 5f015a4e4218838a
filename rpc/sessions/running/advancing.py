"""`advance`: one command moves one session until it ends, asks, stops or fails.

The engine's outcome becomes the session's next status. What is committed is the truth; everything else (the job, the
channel) can be lost at any moment and is made again from it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from protocol.errors import ProtocolError
from protocol.events import EVENT_NAMES, EventBody, MessageDelta, NodeBlocked
from rpc.engine.gate.messages import (
    Detach,
    Entered,
    Pause,
    SetBreakpoints,
    SetErrors,
    SetGiven,
    StopAfter,
)
from rpc.engine.graphs.inputs import config_limits, given_with, run_config
from rpc.engine.graphs.loading import FactoryFailed
from rpc.engine.graphs.registry import Graphs
from rpc.engine.langgraph.place import Place
from rpc.engine.running import advance as engine
from rpc.engine.running.limits import EventTooLarge, NodeTimeout
from rpc.engine.running.loops import Blocked, GraphLoops, TakenAwayError, Work
from rpc.engine.running.open_tasks import OpenTasks
from rpc.engine.running.task_events import failure, node_failed
from rpc.events.log import EventLog, RunWriter
from rpc.events.wakeup import WakeUps
from rpc.json_values import copied
from rpc.sessions.commands import Command, Recover, Respond, Resume, Start, restored
from rpc.sessions.hidden import Hidden
from rpc.sessions.quotas import Quotas
from rpc.sessions.results import Results
from rpc.sessions.running import signals
from rpc.sessions.running.deadline import Deadline
from rpc.sessions.running.executor import Job, Recovery, uncancel
from rpc.sessions.running.fit import resting
from rpc.sessions.running.gating import gate_for
from rpc.sessions.running.leases import Lease, take, taken, wait_for_disk
from rpc.sessions.running.left_open import left_open
from rpc.sessions.running.recording import Recording
from rpc.sessions.running.time_limits import GraphLimits, TimeLimits
from rpc.sessions.running.usage import TokenCount
from rpc.sparing import Sparing
from rpc.storage.line import RefusedError
from rpc.storage.records import RunCommand, RunRecord, SessionRecord
from rpc.storage.store import SignalRow, StorageError, Store
from rpc.storage.units import Draft
from rpc.telemetry import ids
from rpc.telemetry.metrics import Metrics

if TYPE_CHECKING:
    from rpc.telemetry.otel import Traces

log = logging.getLogger("stepwire.sessions")
sparing = Sparing(log)

PassesOn = Callable[[Job, RunWriter, Recovery | None], Awaitable[bool]]


class Sizes(Struct, frozen=True):
    """Bytes. `event`: of the largest event that is stored. `result`: of the largest result."""

    event: int
    result: int


class Advancer:
    """Advances sessions of the server's graphs."""

    def __init__(
        self,
        store: Store,
        events: EventLog,
        graphs: Graphs,
        results: Results,
        wakeups: WakeUps,
        loops: GraphLoops,
        metrics: Metrics,
        limits: GraphLimits,
        grace_seconds: float,
        sizes: Sizes,
        quotas: Quotas,
        hidden: Hidden,
        traces: "Traces | None" = None,
    ) -> None:
        self.traces = traces
        self.metrics = metrics
        self.limits = limits
        # How long what is cancelled may take to end.
        self.grace_seconds = grace_seconds
        self.sizes = sizes
        self.quotas = quotas
        self.hidden = hidden
        self.store = store
        self.events = events
        self.graphs = graphs
        self.results = results
        self.wakeups = wakeups
        self.loops = loops
        # Told of each run whose advance has come to an end.
        self.ended: Callable[[str], None] = _nobody
        # Asked of each that cannot go on with the graph as it is here: whether somebody else is to try.
        self.passes_on: PassesOn = _kept

    async def advance(self, job: Job) -> None:
        """Do what the session was last told; returns when the outcome is committed."""
        if await self.events.advancing(job.session_id) is None:
            return
        try:
            while True:
                lease = (
                    await take(self.store, self.events, job.session_id, job.epoch, job.announcement)
                    if job.begun is None
                    else await taken(self.store, self.events, job.begun)
                )
                if lease is None:
                    return
                await self._hide(lease)
                job.graph, job.held = lease.session.graph, lease.writer.epoch
                advance = _Advance(self, job, lease)
                reason = job.recovery
                job.begun, job.announcement, job.recovery = None, None, None
                try:
                    with self._told(lease, reason):
                        again = await advance.run()
                    if lease.run.options.is_followed:
                        self.ended(lease.run.id)
                    if again is None or job.stopping:
                        return
                    job.next(again)
                except TakenAwayError:
                    if job.stopping:
                        return
                    # Under another epoch: what still runs where it was counts no more.
                    job.epoch, job.recovery = lease.writer.epoch, "blocked"
                finally:
                    lease.writer.close()
        finally:
            self.events.rested(job.session_id)

    async def _hide(self, lease: Lease) -> None:
        """What earlier runs brought is in the state, and in no event of this one."""
        session = lease.session
        while session.runs > 1 or session.hidden:
            try:
                lease.emitter.secrets = await self.hidden.up_to(session, lease.run.id)
                return
            except StorageError as error:
                await wait_for_disk(session.id, error)

    def _told(self, lease: Lease, reason: str | None) -> AbstractContextManager[None]:
        """Log lines, and spans where there are some, say which run this is."""
        session, run = lease.session, lease.run
        moved_by = ids.current().moved_by or ids.current().trace
        ids.add(
            session=session.id,
            run=run.id,
            graph=session.graph,
            trace=run.trace,
            moved_by=moved_by,
            secrets=lease.emitter.secrets,
        )
        return nullcontext() if self.traces is None else self.traces.run(reason)

    def asked_to_end(self, session_id: str) -> bool:
        """Whether somebody has asked to cancel the session's run, in a store of one process."""
        return signals.Cancel() in signals.read(self.store.signals(session_id))


class _Advance:
    """One advance under its lease."""

    def __init__(self, advancer: Advancer, job: Job, lease: Lease) -> None:
        self.store = advancer.store
        self.events = advancer.events
        self.graphs = advancer.graphs
        self.results = advancer.results
        self.wakeups = advancer.wakeups
        self.loops = advancer.loops
        self.metrics = advancer.metrics
        self.limits = advancer.limits
        self.grace_seconds = advancer.grace_seconds
        self.sizes = advancer.sizes
        self.quotas = advancer.quotas
        self.passes_on = advancer.passes_on
        self.job = job
        self.lease = lease
        self.command = _command(job, lease.session)
        # As it began.
        self.first, self.reason = self.command, job.recovery
        self.usage = TokenCount()
        # The number of the last signal that took effect on the job.
        self.heeded = 0
        # What reads signals while there may be some, and whether it is to look again.
        self.heeding: asyncio.Task[None] | None = None
        self.told = False
        self.one_heeds = asyncio.Lock()
        # Whether a graph was met that stops of itself, and no gate did it.
        self.stops = False
        # The tasks that were told as started and have not ended.
        self.tasks = OpenTasks({})
        # The ends of tasks that were ended from outside.
        self.ended: list[EventBody] = []

    async def run(self) -> int | None:
        """The epoch under which it goes on at once, by an answer that was given meanwhile; else None."""
        job = self.job
        self.wakeups.listen(job.session_id, self._heed)
        try:
            try:
                outcome = await self._outcome()
            except asyncio.CancelledError:
                if not job.cancelled:
                    raise
                uncancel(job)
                outcome = engine.Drained()
            # From here on a cancellation comes too late: the task must not be torn from its record.
            job.interruptible = False
            if await self._passed_on(outcome):
                return None
            if not (isinstance(outcome, engine.Drained) and job.stopping and not job.cancelled):
                return await self._recording().record(outcome)
        except RefusedError as error:
            if error.refused.reason == "invalid":
                raise
            # Another advance has begun, or the session is over: what this one did does not count.
            log.info("session %s: %s", job.session_id, error)
        finally:
            self.wakeups.ignore(job.session_id, self._heed)
            if self.heeding is not None:
                self.heeding.cancel()
        return None

    async def _passed_on(self, outcome: engine.Outcome) -> bool:
        """Whether it is somebody else's by now: the graph as it is here cannot go on with it, and ran nothing. Raises `RefusedError`."""
        if self.job.cancelled or not (isinstance(outcome, engine.Failed) and outcome.nothing_ran):
            return False
        # Where nothing ran before either, it begins as it did here.
        as_begun = self.command is self.first and self.reason in (None, "restart", "resume")
        recovery = self.reason if as_begun else "restart"
        passed = await self.passes_on(self.job, self.lease.writer, recovery)
        if passed:
            log.warning(
                "session %s: the graph %r of this node cannot go on with it, another node is to try: %s",
                self.job.session_id,
                self.lease.session.graph,
                outcome.error.message,
            )
        return passed

    def _recording(self) -> Recording:
        return Recording(
            self.store, self.results, self.lease, job=self.job, tasks=self.tasks, ended=self.ended,
            usage=self.usage, max_result_bytes=self.sizes.result,
        )  # fmt: skip

    # Signals

    def _heed(self) -> asyncio.Task[None]:
        """Let what was signalled take effect on what runs, as soon as it is read."""
        self.told = True
        if self.heeding is None or self.heeding.done():
            self.heeding = asyncio.create_task(self._heed_all())
        return self.heeding

    async def _heed_all(self) -> None:
        while self.told:
            self.told = False
            await self._heed_now()

    async def _heed_now(self) -> None:
        async with self.one_heeds:
            try:
                rows = await self.store.read(self._signalled)
            except StorageError as error:
                # The outcome is checked against the signals in its own transaction: none is lost.
                sparing.error(
                    "session %s: its signals cannot be read: %s", self.job.session_id, error
                )
                return
            if rows is None:
                self._fenced()
                return
            for row, signal in zip(rows, signals.read(rows), strict=True):
                self.heeded = row.number
                self._take(signal)

    def _signalled(self) -> list[SignalRow] | None:
        """The signals that have not taken effect; None where the session is not this advance's any more. Raises `StorageError`."""
        session = self.store.session(self.job.session_id)
        if session is None or session.epoch != self.lease.writer.epoch:
            return None
        if self.lease.quiet(session):
            return []
        return self.store.signals(self.job.session_id, self.heeded)

    def _fenced(self) -> None:
        """The session is somebody else's, over or gone: what still runs here writes nothing any more."""
        if self.job.interruptible and self.job.work is not None:
            self.lease.writer.close()
            self.job.work.take_away()

    def _take(self, signal: signals.Signal) -> None:
        job = self.job
        debugged = self.lease.session.debug_mode
        session = self.lease.session = signals.applied(self.lease.session, [signal])
        match signal:
            case signals.Cancel():
                job.cancel()
            case signals.Attach() if not debugged:
                job.attaching = True
                job.control.request_drain("attach")
            case signals.Detach() if job.gate is not None and not session.debug_mode:
                job.gate.tell(Detach())
            case signals.Pause() if job.gate is not None:
                job.gate.tell(Pause())
            case signals.SetErrors(errors=errors, raised=raised) if job.gate is not None:
                job.gate.tell(SetErrors(errors, raised))
            case signals.SetBreakpoint() | signals.RemoveBreakpoint() if job.gate is not None:
                job.gate.tell(SetBreakpoints(self.lease.session.debug.breakpoints))
            case _:
                # Whoever makes the gate next reads it off the session.
                pass

    # The graph

    async def _outcome(self) -> engine.Outcome:
        job = self.job
        await self._open()
        await self._count_on()
        await self._heed_now()
        if job.cancelled:
            return engine.Drained()
        # What was signalled before it begins is in the session by now, and the gate is made from that.
        self._begin_again()
        self._gate()
        while True:
            job.interruptible = True
            try:
                outcome = await self._engine()
                if isinstance(outcome, engine.Ungated):
                    self.stops = True
                    self.command = Resume()
                    self._gate()
                    if self.job.gate is not None:
                        self.job.gate.tell(Entered(outcome.entered))
                        self.job.gate.tell(StopAfter(outcome.after))
                    continue
                if not isinstance(outcome, engine.Drained) or job.cancelled or job.stopping:
                    return outcome
                if job.reloading:
                    self._anew()
                    continue
                if not job.attaching:
                    return outcome
                self._begin_again()
                # An answer may not have reached its node yet; one that has is not taken twice.
                self.command = self.command if isinstance(self.command, Respond) else Resume()
                self._gate()
                if job.gate is not None:
                    job.gate.tell(Entered(outcome.entered))
            except StorageError as error:
                await wait_for_disk(job.session_id, error)
                self.command = Recover("storage")
                self._gate()
            except ProtocolError as error:
                # Its settings were right when the query was taken.
                return engine.changed(f"the run's `config` does not fit the graph: {error.detail}")
            except (RefusedError, TakenAwayError):
                raise
            except Exception as error:
                # The engine's border: a thread that cannot be read fails its run, and does not leave it running.
                return engine.failed(error)

    async def _open(self) -> None:
        """Know the tasks that were left open; those that ran when a process before this one ended are over."""
        session, run = self.lease.session, self.lease.run
        resting = session.debug.open
        while isinstance(self.command, Recover):
            try:
                found = await left_open(self.store, session, run)
            except StorageError as error:
                await wait_for_disk(session.id, error)
                continue
            for body in found.cut:
                self.lease.writer.emit(self.lease.emitter.draft(body))
            resting = {
                namespace: step
                for namespace, step in resting.items()
                if Place.of(namespace).task_id in found.resting
            }
            break
        self.tasks = OpenTasks(resting)

    async def _count_on(self) -> None:
        """What an advance counted that was broken off, and told, was reached all the same."""
        session = self.lease.session
        while session.debug_mode and isinstance(self.command, Recover):
            try:
                told = await self.store.read(self.store.hits, session.id)
            except StorageError as error:
                await wait_for_disk(session.id, error)
                continue
            if told is not None:
                hits = {**told[1], **session.debug.hits}
                hits = {key: max(count, told[1].get(key, 0)) for key, count in hits.items()}
                debug = msgspec.structs.replace(session.debug, hits=hits)
                self.lease.session = msgspec.structs.replace(session, debug=debug)
            return

    def _anew(self) -> None:
        """Go on from the last checkpoint with the graph as it is now."""
        if self.job.gate is not None:
            # What a gate has counted is nowhere else yet.
            session = self.lease.session
            debug = msgspec.structs.replace(session.debug, hits=self.job.gate.hits())
            self.lease.session = msgspec.structs.replace(session, debug=debug)
        self._begin_again()
        self.command = Recover("reload")
        self._gate()

    def _begin_again(self) -> None:
        """Forget that a drain was asked for, unless it is the server's."""
        self.job.attaching = self.job.reloading = False
        if not self.job.stopping:
            self.job.control = engine.RunControl()

    def _gate(self) -> None:
        session = self.lease.session
        loaded = self.graphs.find(session.graph)
        self.job.gate = (
            None
            if loaded is None
            else gate_for(loaded.graph, session, self.command, stops=self.stops)
        )

    async def _engine(self) -> engine.Outcome:
        session, run, writer = self.lease.session, self.lease.run, self.lease.writer
        loaded = self.graphs.find(session.graph)
        if loaded is None:
            return engine.changed(f"the server does not have the graph {session.graph!r} any more")
        if isinstance(self.command, Recover):
            self.metrics.recoveries[self.command.reason] += 1
        # What is given to a graph becomes its own: nodes change what they are given, and this is kept.
        given = copied(run.config)
        limits = self.limits.lowered(session.graph, TimeLimits(**config_limits(given)))

        async def advance() -> engine.Outcome:
            # What checks the settings is the graph's own code, as its nodes are.
            config = run_config(loaded.graph, given)
            gate = self.job.gate
            if gate is not None and gate.debugging:
                gate.tell(SetGiven(given_with(run.config, config.context).names))
            with self.graphs.used():
                async with loaded.for_run(
                    session.id, run.id, config, run.owner, run.caller, writer
                ) as graph:
                    if gate is not None and loaded.remake is not None:
                        gate.runs(graph)
                    return await engine.advance(
                        graph,
                        session_id=session.id,
                        run_id=run.id,
                        move=_move(self.command, session, run),
                        config=config,
                        writer=writer,
                        draft=self._draft,
                        tasks=self.tasks,
                        store=self.store,
                        control=self.job.control,
                        gate=gate,
                        known={one.interrupt_id: one for one in session.interrupts},
                        resting=resting(session),
                        node_seconds=limits.node,
                        caller=run.caller,
                        secrets=self.lease.emitter.secrets,
                        stops=(run.options.stop_before, run.options.stop_after),
                        callbacks=session.graph if run.options.callbacks else None,
                    )

        def begun(work: Work[engine.Outcome]) -> None:
            self.job.work = work

        ran = run.ran_ms / 1000 + self.job.ran
        deadline = Deadline(
            self.job, self.tasks, limits, ran, self.grace_seconds,
            lambda: self.quotas.stored_too_much(run.owner),
        )  # fmt: skip

        def blocks(blocked: Blocked) -> None:
            self._blocks(blocked)
            deadline.blocked(blocked)

        try:
            with deadline:
                name = f"graph {session.graph!r}, session {session.id}"
                outcome = await self.loops.run(name, advance, blocks=blocks, begun=begun)
            if isinstance(outcome, engine.Drained | engine.Failed):
                return self._late(deadline) or outcome
            return outcome
        except FactoryFailed as error:
            return self._late(deadline) or engine.failed(error.cause)
        except (asyncio.CancelledError, TakenAwayError):
            if (late := self._late(deadline)) is None:
                raise
            uncancel(self.job)
            return late
        finally:
            self.job.work = None

    def _late(self, deadline: Deadline) -> engine.Outcome | None:
        """The outcome of what was ended since it took too long; None where it was not."""
        if deadline.over is None or self.job.cancelled or self.job.stopping:
            return None
        # What it still does counts no more.
        self.lease.writer.close()
        place = deadline.place
        if place is not None and isinstance(deadline.over, NodeTimeout):
            ended = self.tasks.end(place.task_id)
            if ended is not None:
                self.ended.append(node_failed(ended, failure(deadline.over, place.path)))
        return engine.over_limit(deadline.over, place)

    def _blocks(self, blocked: Blocked) -> None:
        """A node of this run holds the loop of others."""
        place = blocked.place
        body = NodeBlocked(
            None if place is None else place.node,
            None if place is None else place.path,
            None if place is None else place.task_id,
            round(blocked.seconds * 1000),
        )
        self.lease.writer.emit(self._draft(body))

    def _draft(self, body: EventBody, *, text: bytes | None = None) -> Draft:
        if isinstance(body, MessageDelta):
            self.usage.add(body)
        draft = self.lease.emitter.draft(body, text=text)
        if draft.size > self.sizes.event:
            raise EventTooLarge(EVENT_NAMES[type(body)], draft.size, self.sizes.event)
        return draft


def _nobody(_: str) -> None:
    pass


async def _kept(_: Job, __: RunWriter, ___: Recovery | None) -> bool:
    return False


def _command(job: Job, session: SessionRecord) -> Command:
    return restored(session.command) if job.recovery is None else Recover(job.recovery)


def _move(command: Command, session: SessionRecord, run: RunRecord) -> engine.Move:
    options = run.options
    match command:
        case Start() if run.input is None and options.command is None:
            return engine.GoOn(options.checkpoint_id)
        case Start():
            return engine.Begin(copied(run.input), _told(options.command), options.checkpoint_id)
        case Respond(answers=answers):
            first = options.follows and not run.ran_ms
            return engine.Answer(copied(answers), _told(options.command) if first else None)
        case Resume():
            return engine.GoOn()
        case Recover(reason=reason):
            told = restored(session.command)
            answers = told.answers if isinstance(told, Respond) else {}
            discard = not isinstance(told, Recover) and told.discard
            deaths = 0 if run.deaths is None else run.deaths.count
            return engine.Recover(
                copied(run.input), copied(answers), reason, discard, deaths, options
            )


def _told(command: RunCommand | None) -> RunCommand | None:
    """The same, for a graph, which may change what is in it."""
    return None if command is None else msgspec.convert(copied(command), RunCommand)
