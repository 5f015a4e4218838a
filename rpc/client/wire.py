"""Messages to bytes, frames to messages. No I/O."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Raw, Struct

from protocol.feeds import SessionChanged
from rpc.client.errors import RpcError
from rpc.client.event import Event

CHANGED = "session.changed"


class ErrorObject(Struct):
    """A response's `error`."""

    code: int
    message: str
    data: Any = None


class Reply(Struct):
    """A response: `result` is still encoded; `error` is None where the call succeeded.

    `id`: None where the server could not read whose call it refuses.
    """

    id: int | None
    result: Raw
    error: RpcError | None


class _Incoming(Struct, gc=False):
    method: str | None = None
    params: Raw = Raw(b"null")
    id: int | str | None = None
    result: Raw = Raw(b"null")
    error: ErrorObject | None = None


class _Header(Struct, gc=False):
    session_id: str
    run_id: str
    seq: int
    at: str


_one = msgspec.json.Decoder(_Incoming)
_many = msgspec.json.Decoder(list[_Incoming])
_header = msgspec.json.Decoder(_Header)


def encode_call(id: int, method: str, params: Mapping[str, Any]) -> bytes:
    """A request."""
    return msgspec.json.encode({"jsonrpc": "2.0", "id": id, "method": method, "params": params})


def decode(frame: bytes) -> tuple[list[Reply], list[Event]]:
    """The responses and the events of a frame: one message, or an array of them.

    Notifications that are no events are left out, as later servers may send them. Raises
    `msgspec.DecodeError` if it is none of this.
    """
    messages = _many.decode(frame) if frame[:1] == b"[" else [_one.decode(frame)]
    replies: list[Reply] = []
    events: list[Event] = []
    for message in messages:
        if message.method is None:
            _add_reply(replies, message)
            continue
        try:
            head = _header.decode(message.params)
        except msgspec.ValidationError:
            continue
        events.append(
            Event(message.method, head.session_id, head.run_id, head.seq, head.at, message.params)
        )
    return replies, events


def changes(frame: bytes) -> list[SessionChanged]:
    """The changes of sessions in a frame. Raises `msgspec.DecodeError`."""
    messages = _many.decode(frame) if frame[:1] == b"[" else [_one.decode(frame)]
    return [
        msgspec.json.decode(message.params, type=SessionChanged)
        for message in messages
        if message.method == CHANGED
    ]


def _add_reply(replies: list[Reply], message: _Incoming) -> None:
    # Our ids are integers; null is the answer to what the server could not read.
    error = message.error
    if isinstance(message.id, int) or (message.id is None and error is not None):
        failure = None if error is None else RpcError(error.code, error.message, error.data)
        replies.append(Reply(message.id, message.result, failure))
