"""Answers to what a graph asks.

While one answer is being taken, a question beside it stays open. Its answer is stored as a signal, and whoever advances the
session goes on with it once the first one has come to its end.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import UnsetType

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.queries import RespondParams
from protocol.sessions import ACTIVE, StatusResult
from rpc.sessions import repeats
from rpc.sessions.commands import Respond, restored
from rpc.sessions.lifecycle import wrong_state
from rpc.sessions.running.gating import resumed
from rpc.sessions.running.signals import Answer, answers_of, read
from rpc.sessions.service import Launch, Sessions, nothing
from rpc.storage.records import SessionRecord
from rpc.storage.units import PutSession


async def respond(sessions: Sessions, params: RespondParams) -> tuple[StatusResult, Launch]:
    """Answer a node that asks; the second value lets it go on and must be called after the answer.

    Raises `ProtocolError`: session not found, wrong state (nobody asks), invalid params, overloaded.
    """

    async def change(record: SessionRecord) -> tuple[StatusResult, Launch]:
        running = StatusResult(record.id, "running")
        if repeats.known(record, params) is not None:
            return running, nothing
        left = await _beside(sessions, record)
        if left:
            answers = _answers(left, params)
            remembered = repeats.remembering(record, params, True)
            rows = [] if remembered is record else [PutSession(remembered)]
            await sessions.signal(record, Answer(answers), rows=rows)
            return running, nothing
        # A run that failed for want of the node that asks goes on once that is back.
        if not record.interrupts or record.status not in ("waiting", "paused", "failed"):
            nobody = "be answered: nobody asks, or it does not wait for the answer yet"
            raise wrong_state(record, nobody, ("waiting",))
        answers = _answers([one.interrupt_id for one in record.interrupts], params)
        also = [resumed(record.interrupts, answers)] if record.status == "paused" else []
        record = repeats.remembering(record, params, True)
        return await sessions.resume(record, Respond(answers), also)

    return await sessions.changing(params.session_id, change)


async def _beside(sessions: Sessions, record: SessionRecord) -> list[str]:
    """The questions that are open beside those whose answers are being taken. Raises `StorageError`."""
    command = restored(record.command)
    if record.status not in ACTIVE or not isinstance(command, Respond):
        return []
    kept = answers_of(read(await sessions.store.read(sessions.store.signals, record.id)))
    ids = [one.interrupt_id for one in record.interrupts]
    return [one for one in ids if one not in command.answers and one not in kept]


def check_answer(params: RespondParams) -> None:
    """What is wrong with an answer whatever is asked. Raises `ProtocolError` (invalid params)."""
    if params.answers is None:
        if isinstance(params.value, UnsetType):
            raise ProtocolError(
                INVALID_PARAMS, "give `value`, or `answers` by question", path="$.value"
            )
        return
    if params.interrupt_id is not None or not isinstance(params.value, UnsetType):
        raise ProtocolError(
            INVALID_PARAMS, "give `value`, or `answers`, not both", path="$.answers"
        )
    if not params.answers:
        raise ProtocolError(INVALID_PARAMS, "there is no answer in it", path="$.answers")


def _answers(ids: Sequence[str], params: RespondParams) -> dict[str, Any]:
    """The answers by question. Raises `ProtocolError` (invalid params)."""
    if params.answers is None:
        return {_chosen(ids, params.interrupt_id): params.value}
    for one in params.answers:
        if one not in ids:
            raise ProtocolError(
                INVALID_PARAMS, f"nobody asks {one!r}; open: {', '.join(ids)}", path="$.answers"
            )
    return dict(params.answers)


def _chosen(ids: Sequence[str], wanted: str | None) -> str:
    """Which question is answered. Raises `ProtocolError` (invalid params)."""
    if wanted is None and len(ids) > 1:
        raise ProtocolError(
            INVALID_PARAMS,
            f"{len(ids)} nodes ask: name one of {', '.join(ids)}",
            path="$.interrupt_id",
        )
    chosen = wanted or ids[0]
    if chosen not in ids:
        raise ProtocolError(
            INVALID_PARAMS,
            f"nobody asks {chosen!r}; open: {', '.join(ids)}",
            path="$.interrupt_id",
        )
    return chosen
