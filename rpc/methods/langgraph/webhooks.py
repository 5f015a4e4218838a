"""Webhooks of runs: what they are told, as LangGraph's server does it."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from rpc.clock import now_ms
from rpc.methods.langgraph.shapes import run, time_of
from rpc.sessions.threads import Threads
from rpc.storage.records import RunRecord


def told(threads: Threads, fields: Collection[str] = ()) -> Callable[[RunRecord], Awaitable[Any]]:
    """What a webhook is told of a run: the run, its thread's values, and why it failed. `fields`: where any are named, only these of it."""

    async def body(found: RunRecord) -> Any:
        record = await threads.store.read(threads.store.session, found.session_id)
        values = None if record is None else await threads.values(record)
        error = found.error
        whole = {
            **run(found),
            "run_started_at": None if found.started_at is None else time_of(found.started_at),
            "run_ended_at": None if found.ended_at is None else time_of(found.ended_at),
            "webhook_sent_at": time_of(now_ms()),
            "values": values,
            "error": None if error is None else {"error": error.type, "message": error.message},
        }
        return {name: value for name, value in whole.items() if not fields or name in fields}

    return body
