"""`runs.*`: from LangGraph's requests to runs of sessions."""

from contextlib import suppress
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET

from protocol import langgraph as api
from protocol.errors import (
    CHECKPOINT_NOT_FOUND,
    INVALID_PARAMS,
    SESSION_NOT_FOUND,
    WRONG_STATE,
    ProtocolError,
)
from protocol.principals import SCOPES
from protocol.queries import Busy, QueryStartParams
from rpc import outgoing
from rpc.clock import now_ms
from rpc.engine.graphs.inputs import given_config
from rpc.methods.call import Call
from rpc.methods.langgraph.assistants import check_config, owner_of
from rpc.methods.langgraph.guarding import shows
from rpc.methods.langgraph.shapes import metadata_of, run, run_status, selected
from rpc.outgoing import Policy
from rpc.sessions.asked import Asker, Beside
from rpc.sessions.assistants import Assistants
from rpc.sessions.threads import Threads
from rpc.storage.records import Assistant, Caller, RunCommand, RunOptions, RunRecord
from rpc.telemetry import ids

BUSY: dict[str | None, Busy] = {
    None: "enqueue",
    "enqueue": "enqueue",
    "reject": "reject",
    "interrupt": "interrupt",
    "rollback": "rollback",
}

MODES = (
    "values", "updates", "messages", "messages-tuple", "custom", "events", "debug", "tasks", "checkpoints",
)  # fmt: skip
"""What a stream can be of."""


class RunMethods:
    """The handlers of `runs.*`."""

    def __init__(self, threads: Threads, assistants: Assistants, webhooks: Policy) -> None:
        self.webhooks = webhooks
        self.threads = threads
        self.assistants = assistants
        self.sessions = threads.sessions
        self.starter = threads.starter

    async def create(self, call: Call, params: api.RunCreate) -> Any:
        # A list of them is JSON in a query string only.
        asked = params.stream_mode
        modes_of([asked] if isinstance(asked, str) else asked)
        check_config(params.config)
        if params.command:
            # Front ends send an empty input beside their answer. As with LangGraph's server the command is what counts.
            params = msgspec.structs.replace(params, input=None)
        if params.webhook is not None:
            try:
                outgoing.check(params.webhook, self.webhooks)
            except outgoing.Refused as error:
                raise ProtocolError(
                    INVALID_PARAMS, f"the webhook is refused: {error}", path="$.webhook"
                ) from None
        assistant = await self.assistants.find(params.assistant_id, call.owner)
        await self._thread(call, params)
        metadata = await self._metadata(assistant, params)
        started, launch = await self.starter.start(
            self._asked(call, assistant, params, metadata),
            self._asker(call),
            msgspec.structs.replace(self._beside(assistant, params, metadata), run_id=call.run_id),
        )
        ids.add(session=started.session_id, run=started.run_id)
        call.after_answer(launch)
        made = await self.threads.run(started.session_id, started.run_id)
        # As it was made: it begins after this answer, or has begun on another node.
        return run(msgspec.structs.replace(made, status="queued", started_at=None, ended_at=None))

    async def _thread(self, call: Call, params: api.RunCreate) -> None:
        """The thread is there, or is made. Raises `ProtocolError` (session not found)."""
        session_id = params.session_id
        if session_id is None:
            return
        if (
            params.if_not_exists == "create"
            and await self.sessions.store.read(self.sessions.store.session, session_id) is None
        ):
            await self.threads.create(owner_of(call), session_id, said_of(params), existing=True)
        record = await self.sessions.record(session_id)
        checkpoint_id = _checkpoint_id(params)
        if (
            checkpoint_id is not None
            and await self.sessions.store.read(
                self.sessions.store.checkpoint, session_id, "", checkpoint_id
            )
            is None
        ):
            raise ProtocolError(
                CHECKPOINT_NOT_FOUND, f"thread {session_id} has no checkpoint {checkpoint_id!r}"
            )
        busy = record.status in ("queued", "running")
        if params.multitask_strategy == "reject" and busy:
            raise ProtocolError(
                WRONG_STATE,
                "Thread is already running a task. Wait for it to finish or choose a different multitask strategy.",
            )

    async def _metadata(self, assistant: Assistant, params: api.RunCreate) -> dict[str, Any]:
        """What is said of a run: of its assistant, its thread, and by who starts it."""
        record = None
        if params.session_id is not None:
            record = await self.sessions.record(params.session_id)
        return {
            **assistant.now.metadata,
            **({} if record is None else record.metadata),
            **_named(assistant),
            **said_of(params),
            "assistant_id": assistant.id,
        }

    def _asked(
        self, call: Call, assistant: Assistant, params: api.RunCreate, metadata: dict[str, Any]
    ) -> QueryStartParams:
        graph = self.sessions.graphs.get(assistant.now.graph)
        settings = assistant.now
        if params.context and (params.config or {}).get("configurable"):
            raise ProtocolError(
                INVALID_PARAMS,
                "give `context` or `config.configurable`, not both",
                path="$.context",
            )
        config = given_config(
            graph.graph,
            [
                {
                    "metadata": metadata,
                    "configurable": {"graph_id": assistant.now.graph, "assistant_id": assistant.id},
                },
                settings.config,
                params.config or {},
                {"configurable": call.configurable},
            ],
            {**settings.context, **(params.context or {})},
        )
        return QueryStartParams(
            input=params.input,
            graph=graph.name,
            config=config or None,
            session_id=params.session_id,
        )

    def _asker(self, call: Call) -> Asker:
        owner, caller = owner_of(call), call.caller
        if caller.source == "local":
            return Asker(owner)
        scopes: list[str] = [scope for scope in SCOPES if caller.may(scope)]
        return Asker(owner, Caller(owner, scopes, caller.name, caller.claims))

    def _beside(
        self, assistant: Assistant, params: api.RunCreate, metadata: dict[str, Any]
    ) -> Beside:
        command = params.command or {}
        told = None
        answer = command.get("resume", UNSET)
        if answer is None:
            answer = UNSET
        goto = command.get("goto")
        _check_command(command)
        if command.get("update") is not None or goto:
            told = RunCommand(
                command.get("update"), goto if isinstance(goto, list) else [goto] if goto else []
            )
        if answer is not UNSET and params.session_id is None:
            raise ProtocolError(
                INVALID_PARAMS, "You must provide a thread_id when resuming.", path="$.command"
            )
        if params.multitask_strategy not in BUSY:
            raise ProtocolError(
                INVALID_PARAMS,
                "a strategy is `reject`, `interrupt`, `rollback` or `enqueue`",
                path="$.multitask_strategy",
            )
        later = params.after_seconds
        modes = modes_of(params.stream_mode)
        options = RunOptions(
            command=told,
            checkpoint_id=_checkpoint_id(params),
            stop_before=_names(params.interrupt_before),
            stop_after=_names(params.interrupt_after),
            webhook=params.webhook,
            delete_session=params.session_id is None and params.on_completion != "keep",
            start_at=now_ms() + round(later * 1000) if later and later > 0 else None,
            callbacks="events" in modes,
            modes=modes,
            subgraphs=params.stream_subgraphs,
            busy=params.multitask_strategy,
        )
        return Beside(
            options=options,
            metadata=metadata,
            answer=answer,
            bare=True,
            busy=BUSY[params.multitask_strategy],
            session_metadata={
                **({} if params.session_id is not None else said_of(params)),
                **_named(assistant),
            },
        )

    async def list(self, _: Call, params: api.RunList) -> Any:
        found = [
            run(one)
            for one in await self.threads.runs(params.session_id)
            if params.status is None or run_status(one) == params.status
        ]
        page = found[params.offset : params.offset + params.limit]
        return [selected(one, params.select) for one in page]

    async def get(self, _: Call, params: api.RunId) -> Any:
        return run(await self._run(params))

    async def join(self, _: Call, params: api.RunId) -> Any:
        found = await self._run(params)
        modes = modes_of(params.stream_mode or "values")
        if "events" in modes and not found.options.callbacks:
            raise ProtocolError(
                INVALID_PARAMS,
                "the run was not started with the stream mode `events`, so its callbacks are not kept",
                path="$.stream_mode",
            )
        return run(found)

    async def cancel(self, _: Call, params: api.RunId) -> None:
        await self.threads.cancel(params.session_id, params.run_id, _action(params.action))

    async def cancel_many(self, call: Call, params: api.RunsCancel) -> None:
        action = _action(params.action)
        if params.status is None and params.thread_id is None and params.run_ids is None:
            raise ProtocolError(
                INVALID_PARAMS, "say which: by `thread_id`, `run_ids` or `status`", path="$"
            )
        wanted = None if params.run_ids is None else set(params.run_ids)
        statuses = {"pending": ("queued",), "running": ("running",)}
        cancelled = 0
        for record, _ in await self.threads.matching(
            call.owner, lambda record, _: record.status in ("queued", "running")
        ):
            if params.thread_id is not None and record.id != params.thread_id:
                continue
            if not shows(metadata_of(record)):
                continue
            ids_of = [*record.line, *([record.run_id] if record.run_id else [])]
            for run_id in ids_of:
                found = await self.sessions.store.read(self.sessions.store.run, run_id)
                if found is None or (wanted is not None and run_id not in wanted):
                    continue
                if params.status is not None and found.status not in statuses.get(
                    params.status, ("queued", "running")
                ):
                    continue
                cancelled += 1
                try:
                    await self.threads.cancel(record.id, run_id, action)
                except ProtocolError as error:
                    # It may have ended by itself meanwhile.
                    if error.error not in (WRONG_STATE, SESSION_NOT_FOUND):
                        raise
        if not cancelled:
            raise ProtocolError(SESSION_NOT_FOUND, "no such runs are in line or run")

    async def delete(self, _: Call, params: api.RunId) -> None:
        await self._run(params)
        await self.threads.remove_run(params.session_id, params.run_id, states=True)

    async def _run(self, params: api.RunId) -> RunRecord:
        return await self.threads.run(params.session_id, params.run_id)


def _named(assistant: Assistant) -> dict[str, Any]:
    """Of what a run is, as its thread's metadata have it too."""
    return {"graph_id": assistant.now.graph, "assistant_id": assistant.id}


def said_of(params: api.RunCreate) -> dict[str, Any]:
    """What is said of a run by who starts it, and of the thread that it makes."""
    config = (params.config or {}).get("metadata")
    return {**(config if isinstance(config, dict) else {}), **(params.metadata or {})}


def _check_command(command: dict[str, Any]) -> None:
    """Raises `ProtocolError` (invalid params) where LangGraph's `Command` takes no such thing."""
    update, goto = command.get("update"), command.get("goto")
    places = goto if isinstance(goto, list) else [] if goto is None else [goto]
    if not all(isinstance(one, str) or _is_send(one) for one in places):
        raise ProtocolError(
            INVALID_PARAMS,
            "`goto` names nodes: a text, an object with `node` and `input`, or a list of such",
            path="$.command.goto",
        )
    pairs = update if isinstance(update, list) else []
    if not (update is None or isinstance(update, dict | list)) or not all(
        isinstance(one, list) and len(one) == 2 and isinstance(one[0], str) for one in pairs
    ):
        raise ProtocolError(
            INVALID_PARAMS,
            "an `update` is an object, or a list of pairs of a channel and a value",
            path="$.command.update",
        )


def _is_send(given: Any) -> bool:
    return isinstance(given, dict) and isinstance(given.get("node"), str)


def _action(given: str) -> Literal["interrupt", "rollback"]:
    return "rollback" if given == "rollback" else "interrupt"


def _names(given: str | list[str] | None) -> list[str]:
    return [given] if isinstance(given, str) else list(given or [])


def _checkpoint_id(params: api.RunCreate) -> str | None:
    found = params.checkpoint_id or (params.checkpoint or {}).get("checkpoint_id")
    if found is None:
        return None
    try:
        UUID(found)
    except (ValueError, TypeError, AttributeError):
        raise ProtocolError(
            INVALID_PARAMS, "Invalid checkpoint ID", path="$.checkpoint_id"
        ) from None
    return str(found)


def modes_of(given: str | list[str]) -> list[str]:
    """The modes of a stream. Raises `ProtocolError` (invalid params)."""
    modes = [given] if isinstance(given, str) else given
    if isinstance(given, str) and given.startswith("["):
        with suppress(msgspec.DecodeError):
            modes = msgspec.json.decode(given)
    for mode in modes:
        if mode not in MODES:
            raise ProtocolError(
                INVALID_PARAMS,
                f"there is no stream mode {mode!r}; there are {', '.join(MODES)}",
                path="$.stream_mode",
            )
    return modes or ["values"]
