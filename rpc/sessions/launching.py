"""From a run that is made to one that is advanced: begun at once where there is a place, else put in line; and after a crash."""

from collections.abc import Sequence

from protocol.queries import QueryStartResult
from rpc.clock import now_ms
from rpc.sessions.commands import Start, restored
from rpc.sessions.lifecycle import move
from rpc.sessions.lining import queued
from rpc.sessions.running.executor import Begun
from rpc.sessions.service import Launch, Sessions
from rpc.sessions.shown import shown_status
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.units import Draft, PutRun, PutSession, Row, Unit
from rpc.telemetry import ids


class Launching:
    """Of one server."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.events = sessions.events
        self.executor = sessions.executor

    async def begun(
        self,
        session: SessionRecord,
        run: RunRecord,
        rows: Sequence[Row],
        revision: int | None = None,
    ) -> tuple[QueryStartResult, Launch]:
        """A run that need not stand in line, in a place that was reserved, is made as one that runs: its beginning is no commit of its own.

        `rows`: what is committed with it. `revision`: of the session that it is the next run of; None where that is made with it.
        """
        held = False
        try:
            # Its first readers find its first events in memory.
            if revision is None:
                self.events.expect(session.id)
                held = True
            else:
                held = await self.events.pin(session.id) is not None
            answer = self.answer(session, run)
            first = self.told_queued(session, run)
            session, run, running = move(session, run, "running")
            told = [first, self.events.emitter(session.id, run.id, run.config).draft(running)]
            job = self.executor.job(session.id, session.graph, reserved=True)
            put: list[Row] = [PutSession(session), PutRun(run), job, *rows]
            written = await self.events.commit(
                Unit(session.id, told, put, revision=revision, raises=True)
            )
        except BaseException:
            if held:
                self.events.unpin(session.id)
            self.executor.release()
            raise
        begun = Begun(session, run, written.epoch, written.revision)
        self.executor.expect(begun)

        def launch() -> None:
            self.executor.begin(begun)
            if held:
                self.events.unpin(session.id)

        return answer, launch

    def started(
        self, session: SessionRecord, run: RunRecord, epoch: int
    ) -> tuple[QueryStartResult, Launch]:
        return self.answer(session, run), lambda: self._launch(session, run, epoch)

    def _launch(self, session: SessionRecord, run: RunRecord, epoch: int) -> None:
        """Put a queued session in line, its first event being that it is queued."""
        if self.executor.shared:
            # It was committed with the run.
            self.executor.submit(session.id, epoch)
            return
        draft = self.told_queued(session, run)
        # Refused where it was cancelled before.
        announcement = Unit(session.id, [draft], fence=epoch)
        self.executor.submit(
            session.id, epoch, announcement=announcement, delay_seconds=_delay(run)
        )

    def told_queued(self, session: SessionRecord, run: RunRecord) -> Draft:
        """The first event of a run that stands in line."""
        command = restored(session.command)
        previous = command.previous if isinstance(command, Start) else None
        return self.events.emitter(session.id, run.id, run.config).draft(queued(run, previous))

    async def recover(self, session: SessionRecord) -> None:
        """Set a session going again that a process before this one left queued or running."""
        # Its place is one of its owner's.
        ids.add(owner=session.owner)
        if session.status == "running":
            self.executor.submit(session.id, session.epoch, "restart")
            return
        run = await self.sessions.run(session)
        if session.seq == run.after:
            # It ended before it could say that the session is queued.
            self._launch(session, run, session.epoch)
        else:
            self.executor.submit(session.id, session.epoch, delay_seconds=_delay(run))

    def answer(self, session: SessionRecord, run: RunRecord) -> QueryStartResult:
        return QueryStartResult(
            session_id=session.id,
            run_id=run.id,
            status=shown_status(session.status if session.run_id == run.id else run.status),
            query=run.query,
            estimated_duration_ms=run.estimated_duration_ms,
            stream_url=stream_path(session.id),
            seq=run.after,
        )


def _delay(run: RunRecord) -> float:
    """For how many seconds it is not to begin."""
    start_at = run.options.start_at
    return 0.0 if start_at is None else max(0.0, (start_at - now_ms()) / 1000)


def stream_path(session_id: str) -> str:
    """Where SSE clients read a session's events, below the app's own root."""
    return f"/v1/orchestrator/stream/{session_id}"
