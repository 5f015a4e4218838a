"""What a method is given beside its params: who called, and what to do after the answer."""

from collections.abc import Callable, Collection
from contextvars import copy_context
from functools import partial
from time import perf_counter
from typing import Any, Protocol

from msgspec import UnsetType

from protocol.errors import ProtocolError
from rpc.auth.principals import Principal
from rpc.events.cursor import Cursor
from rpc.sessions.feed import FeedReader


class Subscriber(Protocol):
    """A connection that can be sent events."""

    def reserve(self, session_id: str | None) -> Callable[[], None]:
        """Keep room for a subscription until the result is called; a new session's where None.

        Raises `ProtocolError` (too large) where there is none.
        """

    def subscribe(self, cursor: Cursor, *, batch: bool) -> None:
        """Send what the cursor reads; replaces an earlier subscription to the session."""

    def unsubscribe(self, session_id: str) -> bool:
        """Stop sending the session's events; whether there was a subscription."""

    def subscribed(self, session_id: str) -> bool:
        """Whether it is sent the session's events."""

    def turn(
        self,
        session_id: str,
        after: int,
        types: Collection[str] | UnsetType | None,
        batch: bool | UnsetType,
    ) -> None:
        """Send other types from the event behind `after` on, or in other frames; what is unset stays."""

    def watch(self, reader: FeedReader, *, batch: bool) -> None:
        """Send the changes that the reader reads; replaces an earlier one."""

    def unwatch(self) -> bool:
        """Stop sending changes; whether any were sent."""

    def hold(self, session_id: str) -> Callable[[], None]:
        """Hold the session's next events back until the result is called."""


class Call:
    """One request.

    `subscriber`: the connection, where it can be sent events. `base_path`: the path the app is mounted under.
    `client`: the address whose rate this counts for; None for the server's own calls. `principal`: who calls; None where nobody
    has said so, and then it is refused. `named`: whose sessions the request says it is about, beside its params. `wire`: what
    it came by. `request_id`: what it is called in the log. `trace`: the W3C `traceparent` it came with.
    """

    def __init__(
        self,
        subscriber: Subscriber | None = None,
        base_path: str = "",
        client: str | None = None,
        principal: Principal | None = None,
        named: str | None = None,
        *,
        wire: str = "server",
        request_id: str | None = None,
        trace: str | None = None,
    ) -> None:
        self.subscriber = subscriber
        self.base_path = base_path
        self.client = client
        self.principal = principal
        self.named = named
        # Whose sessions it is about, None for everybody's; the bus says so before a handler runs.
        self.owner: str | None = ""
        self.wire = wire
        self.request_id = request_id
        self.trace = trace
        self.began = perf_counter()
        self.later: list[Callable[[], None]] = []
        # What of its headers a run that it starts has in its config.
        self.configurable: dict[str, Any] = {}
        # The id of the run that it starts, where somebody was told of it before; else one is made.
        self.run_id: str | None = None
        # Of the answer, where its wire has such.
        self.headers: dict[str, str] = {}
        # The longest time that a refusal of it said to wait; None where none did.
        self.retry_after_ms: int | None = None

    @property
    def caller(self) -> Principal:
        """Who calls, in a handler: the bus has let them in."""
        assert self.principal is not None
        return self.principal

    @property
    def counted(self) -> str | None:
        """For whom it counts: an owner, however many addresses they call from; where nobody says who they are, an address."""
        caller = self.principal
        return (
            self.client if caller is None or caller.source == "local" else f"owner {caller.owner}"
        )

    def about(self, owner: str | None) -> "Call":
        """The same for one of its messages, about this owner's sessions: those of a batch may differ."""
        call = Call.__new__(Call)
        call.__dict__.update(self.__dict__)
        call.owner = owner
        return call

    def next(self, request_id: str) -> "Call":
        """Another request of the same connection."""
        call = Call(
            self.subscriber,
            self.base_path,
            self.client,
            self.principal,
            self.named,
            wire=self.wire,
            request_id=request_id,
            trace=self.trace,
        )
        call.configurable = self.configurable
        return call

    def events_wait(self, session_id: str) -> None:
        """Whatever the call makes of the session is told behind its answer."""
        if self.subscriber is not None:
            self.later.append(self.subscriber.hold(session_id))

    def after_answer(self, action: Callable[[], None]) -> None:
        """Do this once the answer is sent, or could not be: a run must not depend on its client."""
        # With the ids of its request, also where it is one of a batch.
        self.later.append(partial(copy_context().run, action))

    def refused(self, error: ProtocolError) -> None:
        """Part of it was refused, by an error object: a transport that has a place for it says when to try again."""
        if error.retry_after_ms is not None:
            self.retry_after_ms = max(self.retry_after_ms or 0, error.retry_after_ms)

    def answered(self) -> None:
        """The answer is sent, or never will be."""
        actions, self.later = self.later, []
        for action in actions:
            action()
