"""How a client connects."""

from collections.abc import Callable, Mapping

from msgspec import Struct


class Options(Struct, frozen=True, kw_only=True):
    """What `connect` takes beside the URL.

    `headers`: HTTP headers of the handshake, such as `Authorization`. `open_timeout`: seconds for one attempt
    to connect. `close_timeout`: seconds that the server may take to say that it closes, too.
    `reconnect_seconds`: how long to try again after the connection broke; None for ever, 0 not
    at all. `buffer_bytes`: of one subscription's events that wait for their reader. `max_message_bytes`:
    the largest message taken. `on_connection`: called with why the connection broke and is tried again, and with None when it is
    there again.
    """

    headers: Mapping[str, str] = {}
    open_timeout: float = 10.0
    close_timeout: float = 10.0
    reconnect_seconds: float | None = 60.0
    buffer_bytes: int = 4 * 1024 * 1024
    max_message_bytes: int = 64 * 1024 * 1024
    on_connection: Callable[[str | None], None] | None = None
