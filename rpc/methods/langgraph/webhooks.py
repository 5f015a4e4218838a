"""Webhooks of runs: what they are told, as LangGraph's server does it."""

from collections.abc import Awaitable, Callable
from typing import Any

from rpc.methods.langgraph.shapes import run
from rpc.sessions.threads import Threads
from rpc.storage.records import RunRecord


def told(threads: Threads) -> Callable[[RunRecord], Awaitable[Any]]:
    """What a webhook is told of a run: the run, and its thread's values."""

    async def body(found: RunRecord) -> Any:
        record = await threads.store.read(threads.store.session, found.session_id)
        values = None if record is None else await threads.values(record)
        error = found.error
        return {
            **run(found),
            "values": values,
            "error": None if error is None else {"error": error.type, "message": error.message},
        }

    return body
