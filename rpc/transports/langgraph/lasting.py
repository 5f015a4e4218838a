"""Streams and sockets of LangGraph's clients, while they are open: whose they are, and what ends them."""

from collections.abc import Callable

from msgspec import Struct

from rpc.auth.principals import Principal
from rpc.events.cursor import Cursor
from rpc.telemetry.requests import Requests

Ends = Callable[[str], None]
"""Ends one, for a reason."""


class Open(Struct, frozen=True):
    """A stream that is open. `cursor`: what it reads, where that is known already. `stop`: cuts it off."""

    cursor: Callable[[], Cursor | None]
    stop: Callable[[], None]


class Lasting:
    """Those that are open.

    `hold`: counts one for its owner until the result is called; raises `ProtocolError` (rate limited). `watch`: ends one whose
    caller is let in no more, until the result is called. `requests`: of the server that answers now. `socket_opened`: counts one.
    """

    def __init__(
        self,
        hold: Callable[[Principal], Callable[[], None]],
        watch: Callable[[Principal, Ends], Callable[[], None]],
        requests: Callable[[], Requests],
        socket_opened: Callable[[], None],
    ) -> None:
        self.hold = hold
        self.watch = watch
        self.requests = requests
        self.socket_opened = socket_opened
        # The streams, and how many sockets are open.
        self.streams: dict[object, Open] = {}
        self.sockets = 0

    def cursors(self) -> list[Cursor]:
        """What the streams read."""
        return [found for one in self.streams.values() if (found := one.cursor()) is not None]

    def stop_streams(self) -> None:
        """The server is about to stop: cut off what is open, none of which would end by itself. Sockets are uvicorn's to close."""
        for one in list(self.streams.values()):
            one.stop()

    def stream(self, principal: Principal, ends: Ends, opened: Open) -> Callable[[], None]:
        """A stream is open until the result is called."""
        key = object()
        unwatch = self.watch(principal, ends)
        self.streams[key] = opened

        def over() -> None:
            unwatch()
            del self.streams[key]

        return over

    def socket(self, principal: Principal, ends: Ends) -> Callable[[], None]:
        """A socket is open until the result is called. Raises `ProtocolError` (rate limited)."""
        self.socket_opened()
        release = self.hold(principal)
        unwatch = self.watch(principal, ends)
        self.sockets += 1

        def over() -> None:
            self.sockets -= 1
            unwatch()
            release()

        return over
