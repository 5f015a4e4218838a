"""A session's further runs: after one that is over, in line behind one that is not, or on from where one waits or stands."""

from collections.abc import Sequence

import msgspec
from msgspec import UnsetType

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.events import DebugResumed, EventBody
from protocol.queries import QueryStartParams, QueryStartResult
from protocol.sessions import ACTIVE, ENDED
from rpc.clock import now_ms
from rpc.engine.graphs.loading import LoadedGraph
from rpc.sessions.asked import Asker, Beside, answers_to, is_plain, with_given
from rpc.sessions.commands import Command, Respond, Resume, Start, stored
from rpc.sessions.debugging import debuggers
from rpc.sessions.elsewhere import breakpoints_of
from rpc.sessions.launching import Launching
from rpc.sessions.lifecycle import move, wrong_state
from rpc.sessions.lining import queued
from rpc.sessions.making import Making
from rpc.sessions.running.gating import released, resumed
from rpc.sessions.service import Launch, Sessions, nothing
from rpc.sessions.shown import shown_status
from rpc.sessions.updating import labelled
from rpc.storage.records import RunCommand, RunRecord, SessionRecord, Stepping
from rpc.storage.texts import texts_with
from rpc.storage.units import DeleteCheckpoints, DeleteRun, PutRun, PutSession, Row, Unit


class Following:
    """Of one server."""

    def __init__(self, sessions: Sessions, making: Making, launching: Launching) -> None:
        self.sessions = sessions
        self.quotas = sessions.quotas
        self.store = sessions.store
        self.events = sessions.events
        self.executor = sessions.executor
        self.making = making
        self.launching = launching

    async def further(
        self,
        params: QueryStartParams,
        asker: Asker,
        earlier: SessionRecord,
        beside: Beside,
        undone: Sequence[str],
    ) -> tuple[QueryStartResult, Launch]:
        """Another run in a session. `undone`: runs that are to be as if they had not been."""
        if earlier.status in ("waiting", "paused") and beside.bare:
            if isinstance(beside.answer, UnsetType):
                follows = params.input is None and is_plain(beside.options)
            else:
                # At another state than the newest it is for whoever asks there.
                follows = beside.options.checkpoint_id in (None, await self._newest(earlier.id))
            if follows:
                return await self._following(params, asker, earlier, beside)
        loaded, run = await self.checked(params, asker, earlier, beside)
        given = await breakpoints_of(self.sessions, loaded, params.breakpoints)
        if earlier.status in ("waiting", "paused") and beside.bare:
            async with self.quotas.starting(asker.owner, session=False):
                # What is refused must not end what asks.
                pass
            earlier = await self.sessions.end(earlier)
        waits = beside.busy == "enqueue" and (
            earlier.status in ACTIVE or earlier.status in ("waiting", "paused")
        )
        if earlier.status not in ENDED and earlier.status != "idle" and not waits:
            raise wrong_state(earlier, "take another query", tuple(sorted(ENDED)))
        debugged = debuggers.queried(earlier, params.debug_mode, params.debugger_id)
        earlier = labelled(earlier, params)
        run = msgspec.structs.replace(run, session_id=earlier.id, after=earlier.seq)
        if waits:
            options = msgspec.structs.replace(run.options, patient=not beside.bare)
            run = msgspec.structs.replace(run, options=options)
            changed = msgspec.structs.replace(earlier, line=[*earlier.line, run.id])
            async with self.quotas.starting(asker.owner, session=False) as counted:
                rows: list[Row] = [PutSession(changed), PutRun(run), *counted]
                await self.events.commit(Unit(earlier.id, [], rows, revision=earlier.revision))
            return self.launching.answer(changed, run), nothing
        run = await self._coming_from(run)
        session, run, _ = move(
            earlier,
            run,
            "queued",
            graph=loaded.name,
            metadata={**earlier.metadata, **beside.session_metadata},
            run_id=run.id,
            runs=earlier.runs
            + (0 if beside.busy == "rollback" and earlier.run_id in undone else 1),
            query=params.query,
            texts=texts_with(params.query, params.input, earlier.texts),
            name=earlier.name if params.session_name is None else params.session_name,
            debug_mode=debugged.debug_mode,
            debug=with_given(debugged.debug, given, params),
            command=stored(Start(shown_status(earlier.status), entry=params.stop_on_entry)),
        )
        start_at = run.options.start_at
        previous = shown_status(earlier.status)
        told = [queued(run, previous)] if self.executor.shared else []
        gone = await self._undoing(earlier, undone if beside.busy == "rollback" else ())
        async with self.quotas.starting(asker.owner, session=False) as counted:
            if start_at is None and self.executor.reserve():
                return await self.launching.begun(session, run, [*counted, *gone], earlier.revision)
            job = self.executor.job(session.id, session.graph, start_at=start_at)
            await self.sessions.commit(earlier, session, run, told, rows=[job, *counted, *gone])
        return self.launching.started(session, run, epoch=earlier.epoch)

    async def checked(
        self, params: QueryStartParams, asker: Asker, earlier: SessionRecord, beside: Beside
    ) -> tuple[LoadedGraph, RunRecord]:
        """The run, its session left open. Raises `ProtocolError` where it is refused, whatever becomes of the run before."""
        if params.graph is not None and params.graph != earlier.graph and earlier.run_id:
            raise ProtocolError(
                INVALID_PARAMS,
                f"session {earlier.id} is of graph {earlier.graph!r}; a session keeps its graph",
                path="$.graph",
            )
        if not isinstance(beside.answer, UnsetType):
            # Whoever asks by the time that it runs takes it, as with LangGraph's server.
            command = beside.options.command or RunCommand()
            command = msgspec.structs.replace(command, resume=beside.answer)
            options = msgspec.structs.replace(beside.options, command=command)
            beside = msgspec.structs.replace(beside, options=options)
        debugged = debuggers.queried(earlier, params.debug_mode, params.debugger_id)
        graph = params.graph if earlier.run_id is None and params.graph else earlier.graph
        return await self.making.run(params, asker, graph, debugged.debug_mode, beside)

    async def _undoing(self, session: SessionRecord, runs: Sequence[str]) -> list[Row]:
        """The rows that make it as if these runs had not been."""
        if not runs:
            return []
        saved = await self.store.read(self.store.checkpoints_of_runs, runs)
        places = [(place, id) for thread, place, id in saved if thread == session.id]
        rows: list[Row] = [DeleteRun(one) for one in runs]
        return [DeleteCheckpoints(session.id, places), *rows] if places else rows

    async def _coming_from(self, run: RunRecord) -> RunRecord:
        """The run with the checkpoint that is its thread's newest now."""
        newest = await self._newest(run.session_id)
        if newest is None:
            return run
        options = msgspec.structs.replace(run.options, came_from=newest)
        return msgspec.structs.replace(run, options=options)

    async def _newest(self, session_id: str) -> str | None:
        """The id of a session's newest checkpoint."""
        found = await self.store.read(self.store.checkpoint, session_id, "")
        return None if found is None else found.checkpoint_id

    async def _following(
        self, params: QueryStartParams, asker: Asker, earlier: SessionRecord, beside: Beside
    ) -> tuple[QueryStartResult, Launch]:
        """A run of its own that goes on where the one before waits or stands."""
        _, run = await self.making.run(params, asker, earlier.graph, earlier.debug_mode, beside)
        # Where it goes on is the newest state.
        options = msgspec.structs.replace(run.options, follows=True, checkpoint_id=None)
        run = msgspec.structs.replace(
            run, session_id=earlier.id, after=earlier.seq, options=options
        )
        run = await self._coming_from(run)
        before = await self.sessions.run(earlier)
        questions = earlier.interrupts
        command: Command = Resume()
        debug = earlier.debug
        also: list[EventBody] = []
        if not isinstance(beside.answer, UnsetType) and questions:
            answers = answers_to([one.interrupt_id for one in questions], beside.answer)
            command = Respond(answers)
            if earlier.status == "paused":
                also.append(resumed(questions, answers))
        else:
            chosen = list(debug.stopped)
            if earlier.status == "paused":
                also.append(DebugResumed("continue", [debug.stopped[ns].task_id for ns in chosen]))
            debug = released(debug, chosen, Stepping())
        session, run, event = move(
            earlier,
            run,
            "running",
            run_id=run.id,
            runs=earlier.runs + 1,
            command=stored(command),
            debug=debug,
        )
        ended = PutRun(msgspec.structs.replace(before, ended_at=now_ms()))
        async with self.quotas.starting(asker.owner, session=False) as counted:
            launch = await self.sessions.go_on(
                earlier, session, run, [*also, event], rows=[ended, *counted]
            )
        return self.launching.answer(session, run), launch
