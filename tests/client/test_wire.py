"""Frames as messages."""

import msgspec
import pytest

from protocol.events import EVENTS
from protocol.examples import EVENT_EXAMPLES, EVENT_HEADER
from rpc.client.wire import decode


def notification(name: str) -> dict[str, object]:
    return {"jsonrpc": "2.0", "method": name, "params": {**EVENT_HEADER, **EVENT_EXAMPLES[name]}}


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_of_the_protocol_is_one(name: str) -> None:
    replies, (event,) = decode(msgspec.json.encode(notification(name)))
    assert replies == []
    assert event.type == name
    assert (event.session_id, event.run_id, event.seq, event.at) == tuple(EVENT_HEADER.values())
    assert event.data == EVENT_EXAMPLES[name]
    assert event.as_dict() == {"type": name, **EVENT_HEADER, "data": EVENT_EXAMPLES[name]}


def test_an_array_is_many() -> None:
    answers = [{"jsonrpc": "2.0", "id": 7, "result": None}]
    errors = [{"jsonrpc": "2.0", "id": 8, "error": {"code": -32000, "message": "no", "data": {}}}]
    frame = msgspec.json.encode([notification("progress"), *answers, *errors])
    replies, events = decode(frame)
    assert [event.type for event in events] == ["progress"]
    assert [(reply.id, reply.error and reply.error.code) for reply in replies] == [
        (7, None),
        (8, -32000),
    ]


def test_notifications_of_a_later_server_are_skipped() -> None:
    assert decode(b'{"jsonrpc":"2.0","method":"news","params":{"any":1}}') == ([], [])
    assert decode(b'{"jsonrpc":"2.0","method":"news"}') == ([], [])


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(b"hello")
