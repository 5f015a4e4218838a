"""An event as the bytes every reader gets: encoded once, when it happens; numbered when it is committed."""

import time
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from protocol.events import EVENT_NAMES, EventBody
from rpc.storage.units import Draft

_encoder = msgspec.json.Encoder()


class Emitter:
    """Makes the drafts of one run's events."""

    def __init__(self, session_id: str, run_id: str | None) -> None:
        self.session_id = session_id
        self.run_id = run_id
        # What stands before an event's number, by its Struct.
        self.heads: dict[type[EventBody], bytes] = {}

    def draft(self, body: EventBody, stored: EventBody | None = None) -> Draft:
        """`body` as an event that happens now. Its values must be JSON values, or encoded ones (`msgspec.Raw`).

        `stored`: what is stored of it, if not the same.
        """
        kind = type(body)
        head = self.heads.get(kind)
        if head is None:
            ids = _encoder.encode({"session_id": self.session_id, "run_id": self.run_id})
            head = b'{"jsonrpc":"2.0","method":"%b","params":%b,"seq":' % (
                EVENT_NAMES[kind].encode(),
                ids[:-1],
            )
            self.heads[kind] = head
        kept = None if stored is None else _encoder.encode(stored)[1:] + b"}"
        return Draft(head, _at(), _encoder.encode(body)[1:] + b"}", kept)


_AT: tuple[int, bytes] = (0, b"")


def _at() -> bytes:
    """`,"at":"…",` of this millisecond; many events share one."""
    global _AT
    now = time.time_ns() // 1_000_000
    if _AT[0] != now:
        _AT = (now, b',"at":"%b",' % timestamp(now).encode())
    return _AT[1]


def timestamp(ms: int) -> str:
    """Milliseconds since 1970 as RFC 3339 in UTC."""
    seconds, rest = divmod(ms, 1000)
    return f"{_second(seconds)}.{rest:03d}Z"


@lru_cache(64)
def _second(seconds: int) -> str:
    """Formatting a date costs more than all else of a small event; a second has many."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


_METHOD_AT = len(b'{"jsonrpc":"2.0","method":"')


_PARAMS = b'","params":'
_SEQ = b',"seq":'
_TIME = b',"at":"'


def event_seq(notification: bytes) -> int:
    """The event's number, read off its bytes: the ids before it are the server's own."""
    start = notification.index(_SEQ) + len(_SEQ)
    return int(notification[start : notification.index(b",", start)])


def event_at(notification: bytes) -> bytes:
    """When it happened, as it stands in the bytes."""
    start = notification.index(_TIME) + len(_TIME)
    return notification[start : notification.index(b'"', start)]


def event_params(notification: bytes, kind: bytes) -> bytes:
    """The event's params, the bytes as they are. `kind`: its type."""
    return notification[_METHOD_AT + len(kind) + len(_PARAMS) : -1]


def event_type(notification: bytes) -> bytes:
    """The event's type, read off its bytes without decoding them."""
    return notification[_METHOD_AT : notification.index(b'"', _METHOD_AT)]
