"""Calls that move a session, made again because their answer was lost: what was done is told, and done once.

A key is of one session, and kept with it: the session's record remembers its last calls, in the transaction that carried
them out.
"""

import hashlib
from typing import Any, Protocol

import msgspec

from protocol.errors import INVALID_PARAMS, ProtocolError
from rpc.sessions.lifecycle import wrong_state
from rpc.storage.records import SessionRecord
from rpc.storage.store import Store

MOVES = "stepwire.moves"
"""The member of a record's `metadata` that has the calls, by key, oldest first."""

KEPT = 64
"""How many a session remembers."""


class Moving(Protocol):
    """Params of a call that moves a session."""

    @property
    def idempotency_key(self) -> str | None: ...


def known(record: SessionRecord, params: Moving) -> Any:
    """The result of the same call made before, as JSON; None where there was none.

    Raises `ProtocolError` (invalid params) where the key was another call's.
    """
    key = params.idempotency_key
    before = None if key is None else record.metadata.get(MOVES, {}).get(key)
    if before is None:
        return None
    if before["call"] != _digest(params):
        raise ProtocolError(
            INVALID_PARAMS,
            f"the key {key!r} was used for another call of this session; choose a new one for each",
            path="$.idempotency_key",
        )
    return before["result"]


def remembering(record: SessionRecord, params: Moving, result: Any) -> SessionRecord:
    """The record that knows of the call. `result`: its Struct."""
    key = params.idempotency_key
    if key is None:
        return record
    moves = {**record.metadata.get(MOVES, {})}
    moves[key] = {"call": _digest(params), "result": msgspec.to_builtins(result)}
    kept = dict([*moves.items()][-KEPT:])
    return msgspec.structs.replace(record, metadata={**record.metadata, MOVES: kept})


async def expected(store: Store, record: SessionRecord, checkpoint_id: str | None) -> None:
    """Raises `ProtocolError` (wrong state) where the top graph's newest checkpoint is another one, and `StorageError`."""
    if checkpoint_id is None:
        return
    head = await store.read(store.checkpoint, record.id, "")
    here = None if head is None else head.checkpoint_id
    if here != checkpoint_id:
        raise wrong_state(
            record, f"be moved from {checkpoint_id}: it is at checkpoint {here} by now; look again"
        )


def _digest(params: Moving) -> str:
    call: Any = msgspec.to_builtins(params)
    call.pop("idempotency_key", None)
    text = type(params).__name__.encode() + msgspec.json.encode(call, order="sorted")
    return hashlib.sha256(text).hexdigest()
