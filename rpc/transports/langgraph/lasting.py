"""Streams and sockets of LangGraph's clients, while they are open: whose they are, and what ends them."""

from collections.abc import Callable

from rpc.auth.principals import Principal
from rpc.events.cursor import Cursor
from rpc.telemetry.requests import Requests

Ends = Callable[[str], None]
"""Ends one, for a reason."""


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
        # What each reads, where it is known already; and how many sockets are open.
        self.streams: dict[object, Callable[[], Cursor | None]] = {}
        self.sockets = 0

    def cursors(self) -> list[Cursor]:
        """What the streams read."""
        return [found for cursor in self.streams.values() if (found := cursor()) is not None]

    def stream(
        self, principal: Principal, ends: Ends, cursor: Callable[[], Cursor | None]
    ) -> Callable[[], None]:
        """A stream is open until the result is called."""
        key = object()
        unwatch = self.watch(principal, ends)
        self.streams[key] = cursor

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
