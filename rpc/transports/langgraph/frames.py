"""How a stream of LangGraph's is written: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from functools import lru_cache
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode


def frame(name: str, data: Any, id: str) -> bytes:
    """One part as the stream has it."""
    return framed(on_a_line(name), _encode(data), id.encode())


def framed(name: bytes, data: bytes, id: bytes) -> bytes:
    """The same, encoded. `data`: JSON."""
    return b"event: %b\r\ndata: %b\r\nid: %b\r\n\r\n" % (name, data, id)


@lru_cache(64)
def on_a_line(name: str) -> bytes:
    """A part's name has those of nodes in it: an end of a line there would end the stream's."""
    return " ".join(name.splitlines()).encode()
