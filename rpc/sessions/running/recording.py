"""What an advance came to, made of its session: the next status, committed with the events that tell of it."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from protocol.events import DebugResumed, EventBody, QueryFailed, QueryResult
from protocol.sessions import Status
from protocol.values import Failure
from rpc.clock import now_ms
from rpc.engine.gate.messages import Detach
from rpc.engine.running import advance as engine
from rpc.engine.running import open_tasks
from rpc.engine.running.limits import ResultTooLarge
from rpc.engine.running.open_tasks import OpenTasks
from rpc.engine.values.to_json import encode
from rpc.events.encoding import Emitter
from rpc.events.references import referring
from rpc.masking import Secrets, scrubbed, scrubbed_json, secrets_in
from rpc.sessions.commands import Respond, Resume, restored, stored
from rpc.sessions.lifecycle import Moved, move
from rpc.sessions.lining import in_line, next_in_line, waits_for_answers
from rpc.sessions.results import Results
from rpc.sessions.running import signals
from rpc.sessions.running.executor import Job
from rpc.sessions.running.gating import at_rest, cleared, held, released, resumed
from rpc.sessions.running.leases import Lease, load, wait_for_disk
from rpc.sessions.running.usage import TokenCount
from rpc.sessions.shown import shown_usage, stored_failure
from rpc.storage.line import RefusedError
from rpc.storage.records import Question, ResultAt, RunRecord, SessionRecord, Stepping
from rpc.storage.store import StorageError, Store
from rpc.storage.units import Draft, EndJob, PutRun, PutSession, Row, TakeSignals, Unit

log = logging.getLogger("stepwire.sessions")


class Recording:
    """Of one advance. `tasks`: those that were told as started and not as ended; `ended`: the ends of those that were ended
    from outside."""

    def __init__(
        self,
        store: Store,
        results: Results,
        lease: Lease,
        *,
        job: Job,
        tasks: OpenTasks,
        ended: Sequence[EventBody],
        usage: TokenCount,
        max_result_bytes: int,
    ) -> None:
        self.store = store
        self.results = results
        self.lease = lease
        self.job = job
        self.tasks = tasks
        self.ended = ended
        self.usage = usage
        self.max_result_bytes = max_result_bytes

    async def record(self, outcome: engine.Outcome) -> int | None:
        """Commit what the outcome makes of the session. Signals that came meanwhile are looked at first.

        The session's epoch where it goes on at once; else None.
        """
        result_at = None
        outcome = self._bounded(self._scrubbed(outcome))
        if isinstance(outcome, engine.Completed):
            result_at = await self.results.place(self.lease.session, outcome)
        while True:
            try:
                found = await load(self.store, self.job.session_id)
                pending = await self._pending(found[0]) if found is not None else []
                waits = await in_line(self.store, found[0]) if found is not None else {}
            except StorageError as error:
                await wait_for_disk(self.job.session_id, error)
                continue
            if found is None or found[0].epoch != self.lease.writer.epoch:
                # Deleted, or given up: what the session is now is not this advance's.
                return None
            session = self._counted(signals.applied(found[0], pending))
            usage = self.usage.with_earlier(found[1].usage)
            ran_ms = found[1].ran_ms + round(self.job.ran * 1000)
            run = msgspec.structs.replace(found[1], usage=usage, ran_ms=ran_ms)
            if self.job.gate is not None and signals.let_go(session, pending):
                # It may not have heard of it.
                self.job.gate.tell(Detach())
            cancelled = self.job.cancelled or signals.Cancel() in pending
            if cancelled and not isinstance(outcome, engine.Completed):
                drafts = self._cancelled()
                moved = _over(session, run, "cancelled")
            else:
                drafts, moved = self._moved(session, run, outcome, result_at)
            drafts, moved = self._gone_on(drafts, moved, pending)
            rows: list[Row] = [PutSession(moved[0]), PutRun(moved[1])]
            if pending:
                rows.append(TakeSignals(found[0].revision))
            drafts = [*drafts, self.lease.emitter.draft(moved[2])]
            rests = moved[0].status in ("waiting", "paused")
            if rests and moved[0].line and not waits_for_answers(moved[0], waits):
                # Whoever asked for another run waits for no answer.
                drafts += map(self.lease.emitter.draft, open_tasks.cancelled(moved[0].debug.open))
                moved = _over(moved[0], moved[1], "cancelled")
                drafts.append(self.lease.emitter.draft(moved[2]))
                rows += [PutSession(moved[0]), PutRun(moved[1])]
            turn = next_in_line(moved[0], moved[1], waits)
            if turn is not None:
                rows += turn.rows
                emitter = Emitter(
                    session.id,
                    turn.run.id,
                    self.lease.emitter.max_bytes,
                    secrets_in(turn.run.config),
                )
                drafts.append(emitter.draft(turn.event))
            if turn is None and moved[0].status != "running":
                rows.append(EndJob(session.id))
            unit = Unit(
                session.id,
                drafts,
                rows,
                revision=found[0].revision,
                # What its nodes' threads still write is refused from here on.
                raises=True,
            )
            try:
                written = await self.lease.writer.commit(unit)
                self.lease.writer.recorded = True
                self.job.ran = 0.0
                self.job.over = turn is None and moved[0].status != "running"
                _log_failure(moved, outcome)
                return written.epoch if turn or moved[0].status == "running" else None
            except RefusedError as error:
                if error.refused.reason != "revision":
                    raise

    def _counted(self, session: SessionRecord) -> SessionRecord:
        """The session with how often its breakpoints were reached, however the run ends."""
        gate = self.job.gate
        if gate is None or not gate.debugging:
            return session
        debug = msgspec.structs.replace(session.debug, hits=gate.hits())
        return msgspec.structs.replace(session, debug=debug)

    def _scrubbed(self, outcome: engine.Outcome) -> engine.Outcome:
        """Without the secrets of the runs' configs: what is stored of it is shown."""
        secrets = self.lease.emitter.secrets
        if not secrets:
            return outcome
        if isinstance(outcome, engine.Completed):
            text = encode(outcome.output)
            if (clean := scrubbed_json(text, secrets)) != text:
                return engine.Completed(msgspec.json.decode(clean))
        if isinstance(outcome, engine.Asking | engine.Stopped | engine.Failed):
            outcome = msgspec.structs.replace(
                outcome, interrupts=_clean(outcome.interrupts, secrets)
            )
        if isinstance(outcome, engine.Failed):
            message = scrubbed(outcome.error.message, secrets)
            error = msgspec.structs.replace(outcome.error, message=message)
            return msgspec.structs.replace(outcome, error=error)
        return outcome

    def _bounded(self, outcome: engine.Outcome) -> engine.Outcome:
        """A result that is too large is none: its run has failed."""
        if isinstance(outcome, engine.Completed):
            size = len(encode(outcome.output))
            if size > self.max_result_bytes:
                return engine.over_limit(ResultTooLarge(size, self.max_result_bytes), None)
        return outcome

    async def _pending(self, session: SessionRecord) -> list[signals.Signal]:
        """What was signalled and has not been committed as taken."""
        quiet = self.lease.quiet(session)
        return [] if quiet else signals.read(await self.store.read(self.store.signals, session.id))

    def _gone_on(
        self, drafts: list[Draft], moved: Moved, pending: Sequence[signals.Signal]
    ) -> tuple[list[Draft], Moved]:
        """What was moved, and goes on at once where one of its open questions was answered meanwhile, or the debugger in which
        it stands has left."""
        session, run, event = moved
        answers = signals.answers_of(pending)
        questions = session.interrupts
        given = {
            one.interrupt_id: answers[one.interrupt_id]
            for one in questions
            if one.interrupt_id in answers
        }
        if session.status == "failed" and given:
            # The answers that were being taken are still to be taken, these with them.
            told = restored(session.command)
            earlier = told.answers if isinstance(told, Respond) else {}
            command = stored(Respond({**given, **earlier}))
            return drafts, (msgspec.structs.replace(session, command=command), run, event)
        left = self._left_by_the_debugger(session, pending)
        if not given and not left:
            return drafts, moved
        bodies: list[EventBody] = [event]
        if session.status == "paused" and given:
            bodies.append(resumed(questions, given))
        debug = session.debug
        if left:
            bodies.append(DebugResumed("detach", [debug.stopped[ns].task_id for ns in left]))
            debug = released(debug, left, Stepping())
        drafts = [*drafts, *map(self.lease.emitter.draft, bodies)]
        command = stored(Respond(given) if given else Resume())
        return drafts, move(session, run, "running", command=command, debug=debug)

    def _left_by_the_debugger(
        self, session: SessionRecord, pending: Sequence[signals.Signal]
    ) -> list[str]:
        """The namespaces that stand in a debugger which has left meanwhile: not where the graph stops of itself."""
        gate = self.job.gate
        if gate is None or not signals.let_go(session, pending) or session.status != "paused":
            return []
        stood = {place.namespace for place in gate.stood_at_detach}
        return [ns for ns in session.debug.stopped if ns in stood]

    def _moved(
        self,
        session: SessionRecord,
        run: RunRecord,
        outcome: engine.Outcome,
        result_at: ResultAt | None,
    ) -> tuple[list[Draft], Moved]:
        """Where the outcome leaves the session, and the events before the one that says so."""
        draft = self.lease.emitter.draft
        rest = at_rest(session, self.job.gate, outcome)
        if rest is not None:
            interrupts = rest.interrupts
            debug = msgspec.structs.replace(rest.debug, open=self.tasks.rest())
            moved = move(
                session, run, rest.status, interrupts=interrupts, debug=debug, command=None
            )
            return [draft(body) for body in rest.bodies], moved
        # Another node's clock may have said when it began.
        took = max(0.0, float(now_ms() - (run.started_at or run.created_at)))
        ends = self._cancelled()
        match outcome:
            case engine.Completed(output=output):
                result = QueryResult(output, took, shown_usage(run.usage))
                if result_at is None:
                    return [*ends, draft(result)], _over(session, run, "completed", result=output)
                stored = referring(result, result_at)
                return [*ends, draft(result, stored)], _over(
                    session, run, "completed", result_at=result_at
                )
            case engine.Failed(error=error, nothing_ran=True):
                # What asked or stood does so still, and can be answered or continued later.
                moved = move(
                    session,
                    run,
                    "failed",
                    error=stored_failure(error),
                    # It is still to be done.
                    command=session.command,
                    debug=held(session.debug),
                )
                return [*ends, draft(QueryFailed(error, took))], moved
            case engine.Failed(error=error):
                return [*ends, draft(QueryFailed(error, took, shown_usage(run.usage)))], _over(
                    session, run, "failed", error=stored_failure(error)
                )
            case engine.Drained():
                # Nobody here asked for it: a node did, through its runtime's control.
                reason = self.job.control.drain_reason or "it was asked to"
                error = Failure("GraphDrained", f"the run stopped itself: {reason}")
                return [*ends, draft(QueryFailed(error, took, shown_usage(run.usage)))], _over(
                    session, run, "failed", error=stored_failure(error)
                )
            case _:
                raise AssertionError(f"unexpected outcome {outcome}")

    def _cancelled(self) -> list[Draft]:
        """The ends of the tasks that have none of their own."""
        return [*map(self.lease.emitter.draft, [*self.ended, *self.tasks.cancelled()])]


def _log_failure(moved: Moved, outcome: engine.Outcome) -> None:
    """Every run that failed is told to who wrote its graph: clients get type and message, here are the lines."""
    session, run, _ = moved
    if session.status == "cancelled":
        return
    trace = None
    if isinstance(outcome, engine.Failed):
        error, trace = stored_failure(outcome.error), outcome.trace
    elif session.status == "failed" and run.error is not None:
        error = run.error
    else:
        return
    told = f": {error.type}: {error.message}" if trace is None else f"\n{trace}"
    where = "outside its nodes" if error.node is None else f"in {error.node}"
    log.error(
        "session %s: run %s of graph %r failed %s%s", session.id, run.id, session.graph, where, told
    )


def _over(session: SessionRecord, run: RunRecord, status: Status, **changes: Any) -> Moved:
    """The run is over."""
    debug = cleared(session.debug)
    return move(session, run, status, interrupts=[], command=None, debug=debug, **changes)


def _clean(questions: Mapping[str, Question], secrets: Secrets) -> dict[str, Question]:
    """What nodes ask may quote one."""
    text = msgspec.json.encode(questions)
    return msgspec.json.decode(scrubbed_json(text, secrets), type=dict[str, Question])
