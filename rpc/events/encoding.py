"""An event as the bytes every reader gets: encoded once, when it happens; numbered when it is committed."""

import secrets
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from protocol.events import EVENT_NAMES, EVENTS, EventBody
from rpc.clock import now_ms
from rpc.events.cutting import fit
from rpc.masking import Secrets, scrubbed_json
from rpc.storage.units import Draft

_encoder = msgspec.json.Encoder()

ROOM_BYTES = 4096
"""What of a frame is left for all that stands around an event, be it in an answer or in a stream."""
MAX_EVENT_BYTES = 512 * 1024 - ROOM_BYTES
"""How large an event may be where nothing else is set."""
REFERRED_BYTES = 4096
"""About how much is shown, of an event too large for a frame, of a value that is kept elsewhere."""

HEADER_BYTES = 80
"""About what an event's number, its time and its brackets take."""


def fitted(notification: bytes, max_bytes: int) -> bytes:
    """A stored event in at most `max_bytes`; what is cut out refers to the event itself."""
    if len(notification) <= max_bytes:
        return notification
    document = msgspec.json.decode(notification)
    params = document["params"]
    source = f"event-{params['seq']}"
    limit = max_bytes - (
        len(notification) - len(event_params(notification, event_type(notification)))
    )
    kind = EVENTS[document["method"]].body
    document["params"] = fit(params, kind, limit, lambda pointer: source + pointer)
    return _encoder.encode(document)


STATUS_HEAD = b'{"jsonrpc":"2.0","method":"session.status"'
"""How the events begin that tell of a status."""


class Emitter:
    """Makes the drafts of one run's events. `max_bytes`: of one as it is sent; what is larger is cut. `secrets`: texts that no event may have."""

    def __init__(
        self,
        session_id: str,
        run_id: str | None,
        max_bytes: int = MAX_EVENT_BYTES,
        secrets: Secrets = (),
    ) -> None:
        self.secrets = secrets
        self.session_id = session_id
        self.run_id = run_id
        self.max_bytes = max_bytes
        # What stands before an event's number, by its Struct.
        self.heads: dict[type[EventBody], bytes] = {}

    def draft(
        self, body: EventBody, stored: EventBody | None = None, *, text: bytes | None = None
    ) -> Draft:
        """`body` as an event that happens now. Its values must be JSON values, or encoded ones (`msgspec.Raw`).

        `stored`: what is stored of it, if not the same. `text`: it encoded, where somebody has done so already.
        """
        kind = type(body)
        head = self.heads.get(kind)
        if head is None:
            ids = _encoder.encode({"session_id": self.session_id, "run_id": self.run_id or ""})
            head = b'{"jsonrpc":"2.0","method":"%b","params":%b,"seq":' % (
                EVENT_NAMES[kind].encode(),
                ids[:-1],
            )
            self.heads[kind] = head
        if text is None:
            text = _encoder.encode(body)
        if self.secrets:
            text = scrubbed_json(text, self.secrets)
        if len(text) + len(head) + HEADER_BYTES > self.max_bytes:
            return self._cut(head, text, body, stored)
        kept = None if stored is None else _encoder.encode(stored)[1:] + b"}"
        return Draft(head, _at(), text[1:] + b"}", kept)

    def _cut(self, head: bytes, text: bytes, body: EventBody, stored: EventBody | None) -> Draft:
        """An event too large for a frame: what makes it so is kept beside it, whole."""
        id = secrets.token_hex(8)
        limit = self.max_bytes - len(head) - HEADER_BYTES
        if stored is not None:
            # It is kept elsewhere already: its parts in each run's event would grow with the square of the whole.
            limit = min(limit, REFERRED_BYTES)
        fitted = fit(msgspec.json.decode(text), type(body), limit, lambda pointer: id + pointer)
        whole = text if stored is None else _encoder.encode(stored)
        return Draft(head, _at(), _encoder.encode(fitted)[1:] + b"}", None, (id, whole))


_AT: tuple[int, bytes] = (0, b"")


def _at() -> bytes:
    """`,"at":"…",` of this millisecond; many events share one."""
    global _AT
    now = now_ms()
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


_METHOD_AT = len(b'{"jsonrpc":"2.0","method":"')


_PARAMS = b'","params":'
_SEQ = b',"seq":'
_TIME = b',"at":"'


TO_BODY_BYTES = len(b',"at":"2026-01-01T00:00:00.000Z",')
"""How many bytes are from behind an event's number to its own fields."""


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
