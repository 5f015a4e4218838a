"""The agent streaming protocol's commands: a run begins, a question is answered, a thread's tree is asked for."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import anyio
import msgspec

from protocol.errors import (
    CHECKPOINT_NOT_FOUND,
    FORBIDDEN,
    GRAPH_NOT_FOUND,
    INTERNAL_ERROR,
    INVALID_PARAMS,
    SESSION_NOT_FOUND,
    STORAGE_BROKEN,
    UNAUTHORIZED,
    ErrorType,
    ProtocolError,
)
from protocol.sessions import ACTIVE
from rpc.auth.rules import known
from rpc.methods.bus import Bus
from rpc.methods.call import Call
from rpc.sessions.threads import Threads
from rpc.transports.langgraph.agent_events import ROOM

SETTLE_SECONDS = 5.0
"""How long an answer waits for what runs beside the question."""

NAMES: dict[ErrorType, str] = {
    SESSION_NOT_FOUND: "no_such_run",
    CHECKPOINT_NOT_FOUND: "no_such_checkpoint",
    UNAUTHORIZED: "permission_denied",
    FORBIDDEN: "permission_denied",
    INVALID_PARAMS: "invalid_argument",
    GRAPH_NOT_FOUND: "invalid_argument",
    INTERNAL_ERROR: "unknown_error",
    STORAGE_BROKEN: "unknown_error",
}
"""What our errors are called there; the others say that it cannot be done now, which is `invalid_argument` too."""

TREE = {"running": "running", "queued": "running", "completed": "completed", "failed": "failed"}
"""What a thread's status is called in its tree; every other one is `interrupted`."""

Made = dict[str, Any]


class Refused(ValueError):
    """A command that is answered with an error of the protocol's own. `kind`: its name there."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def error(id: int | None, kind: str, message: str) -> Made:
    """A command's answer that says what is wrong with it."""
    return {"type": "error", "id": id, "error": kind, "message": message}


class AgentCommands:
    """Those of one server. `bus`, `threads`: of the server that answers now."""

    def __init__(self, bus: Callable[[], Bus], threads: Callable[[], Threads]) -> None:
        self.bus = bus
        self.threads = threads

    async def answer(self, thread_id: str, given: Any, call: Call) -> Made:
        """A command's answer."""
        if (
            not isinstance(given, dict)
            or not isinstance(given.get("id"), int)
            or not isinstance(given.get("method"), str)
        ):
            return error(
                None, "invalid_argument", "a command has an integer `id` and a text `method`"
            )
        id, method = given["id"], given["method"]
        # Up to here a client has seen what was before the command: questions of later are new ones.
        record = await self.threads().store.read(self.threads().store.session, thread_id)
        through = 0 if record is None else record.seq * ROOM + ROOM - 1
        try:
            known(call.principal)
            result = await self._result(method, thread_id, _object(given, "params"), call)
        except ProtocolError as refused:
            return error(id, NAMES.get(refused.error, "invalid_argument"), refused.detail)
        except Refused as refused:
            return error(id, refused.kind, str(refused))
        meta = {"applied_through_seq": through}
        return {"type": "success", "id": id, "result": result, "meta": meta}

    async def _result(self, method: str, thread_id: str, params: Made, call: Call) -> Made:
        match method:
            case "run.start":
                return await self._start(thread_id, params, call)
            case "input.respond":
                return await self._respond(thread_id, params, call)
            case "agent.getTree":
                await self.known(thread_id, call)
                record = await self.threads().sessions.record(thread_id)
                status = TREE.get(record.status, "interrupted")
                return {"tree": {"namespace": [], "status": status, "graph_name": record.graph}}
        raise Refused("unknown_command", f"Unknown protocol command: {method}")

    async def made(self, thread_id: str, call: Call) -> None:
        """The thread is there: its first command or reader makes it. Raises `ProtocolError`."""
        if await self.threads().store.read(self.threads().store.session, thread_id) is None:
            made = {"thread_id": thread_id, "if_exists": "do_nothing"}
            await self.bus().call("threads.create", made, call)

    async def known(self, thread_id: str, call: Call) -> None:
        """The caller may see the thread. Raises `ProtocolError`."""
        await self.bus().call("threads.get", {"session_id": thread_id}, call)

    async def kept(self, thread_id: str, run_id: str | None, call: Call) -> tuple[int, int]:
        """The numbers of the oldest of the session's events that is kept, and of the newest.

        `run_id`: one that must be of the thread. Raises `ProtocolError`: that, or the thread, is not there for the caller.
        """
        known(call.principal)
        await self.known(thread_id, call)
        threads = self.threads()
        if run_id is not None:
            await threads.run(thread_id, run_id)
        record = await threads.sessions.record(thread_id)
        return record.first_seq, record.seq

    def told(self, refused: ProtocolError, call: Call, name: str) -> None:
        """A request was refused: it is logged and counted, where the server runs."""
        with suppress(ProtocolError):
            self.bus().refused(refused, call, name)

    async def _start(self, thread_id: str, params: Made, call: Call) -> Made:
        config = _object(params, "config")
        place = config.get("configurable") or {}
        run: Made = {
            "session_id": thread_id,
            "assistant_id": params.get("assistant_id") or "",
            "input": params.get("input"),
            "config": config,
            "metadata": params.get("metadata"),
            "checkpoint_id": place.get("checkpoint_id") if isinstance(place, dict) else None,
            "multitask_strategy": params.get("multitaskStrategy"),
        }
        if not run["assistant_id"]:
            raise Refused("invalid_argument", "run.start requires an assistant_id")
        threads = self.threads()
        await self.made(thread_id, call)
        record = await threads.sessions.record(thread_id)
        branches = run["checkpoint_id"] is not None and isinstance(run["input"], dict)
        if record.interrupts and run["input"] is not None and not branches:
            # While the thread asks, it is the answer, of whatever shape.
            run |= {"input": None, "command": {"resume": run["input"]}}
        return {"run_id": await self._run(run, call)}

    async def _run(self, wanted: Made, call: Call) -> str:
        """Start a run, as any other request: it is logged and counted."""
        given = {name: value for name, value in wanted.items() if value is not None}
        started = msgspec.json.decode(await self.bus().answer("runs.create", given, call))
        return str(started["run_id"])

    async def _respond(self, thread_id: str, params: Made, call: Call) -> Made:
        answers = answers_of(params)
        threads = self.threads()
        await self.known(thread_id, call)
        record = await threads.sessions.record(thread_id)
        if record.status in ACTIVE:
            # A question is told before all that runs beside it has ended.
            with anyio.move_on_after(SETTLE_SECONDS):
                await threads.sessions.at_rest(thread_id, record.run_id)
            record = await threads.sessions.record(thread_id)
        asked = {one.interrupt_id for one in record.interrupts}
        missing = answers.keys() - asked
        if record.status not in ("waiting", "paused") or missing:
            names = ", ".join(sorted(missing or answers))
            raise Refused("no_such_interrupt", f"nobody asks {names}, or it was answered already")
        run = await threads.sessions.run(record)
        more = {name: params[name] for name in ("update", "goto") if params.get(name) is not None}
        wanted = {
            "session_id": thread_id,
            "assistant_id": run.metadata.get("assistant_id") or record.graph,
            "command": {"resume": answers, **more},
            "config": _object(params, "config") or None,
            "metadata": params.get("metadata"),
        }
        return {"run_id": await self._run(wanted, call)}


def answers_of(params: Made) -> dict[str, Any]:
    """The answers of an `input.respond`, by the ids of their questions. Raises `Refused`."""
    many = params.get("responses")
    given = many if isinstance(many, list) else [params]
    if not given:
        raise Refused("invalid_argument", "input.respond requires at least one response")
    answers: dict[str, Any] = {}
    for one in given:
        if not isinstance(one, dict):
            raise Refused("invalid_argument", "`responses` are objects")
        id, place = one.get("interrupt_id"), one.get("namespace", [])
        if not isinstance(id, str):
            raise Refused("invalid_argument", "input.respond requires an interrupt_id, a text")
        if not isinstance(place, list) or not all(isinstance(part, str) for part in place):
            raise Refused("invalid_argument", "a `namespace` is an array of texts")
        answers[id] = one.get("response")
    return answers


def _object(params: Made, name: str) -> Made:
    value = params.get(name)
    return value if isinstance(value, dict) else {}
