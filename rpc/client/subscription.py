"""What a reader has been handed of a session's events, and what must be asked of the server.

Decisions without I/O: `rpc.client.link` carries them out. Memory is bounded: past `buffer_bytes` that its
reader has not taken, a subscription is given up, and taken up again where it stopped once the reader has
caught up. The server keeps the events, so nothing is lost, and no response waits behind a slow reader.
"""

import asyncio
from enum import Enum

from rpc.client.event import Event


class State(Enum):
    """Where a subscription stands with the server."""

    DETACHED = "to be subscribed"
    ATTACHING = "subscribe was sent"
    ATTACHED = "events come"
    FULL = "to be unsubscribed, its reader is slow"
    PARKED = "unsubscribed until its reader has caught up"


class Subscription:
    """One reader of one session: each event once, in order.

    `after`: the last event that is not wanted. `types`: only these; None for all.
    """

    def __init__(
        self, session_id: str, after: int, types: list[str] | None, buffer_bytes: int
    ) -> None:
        self.session_id = session_id
        self.types = types
        self.buffer_bytes = buffer_bytes
        self.state = State.DETACHED
        # The last event in the buffer or handed over: where to go on from.
        self.queued = after
        # Why no more events will come.
        self.failure: Exception | None = None
        self._events: list[Event] = []
        self._bytes = 0
        self._changed = asyncio.Event()

    @property
    def needs_server(self) -> bool:
        """Whether something must be asked of the server."""
        return self.state in (State.DETACHED, State.FULL)

    def offer(self, events: list[Event], size: int) -> None:
        """Take what came for this session in a frame, `size` its bytes."""
        if self.state not in (State.ATTACHING, State.ATTACHED):
            return
        queued = self.queued
        fresh = []
        for event in events:
            seq = event.seq
            if seq <= queued:
                continue
            if seq != queued + 1 and self.types is None:
                # A gap. While attaching, it is what an earlier subscription still had under way.
                if self.state is State.ATTACHED:
                    self.state = State.DETACHED
                break
            queued = seq
            fresh.append(event)
        if not fresh:
            return
        self.queued = queued
        self._events += fresh
        self._bytes += size
        if self._bytes > self.buffer_bytes and self.state is not State.DETACHED:
            self.state = State.FULL
        self._changed.set()

    async def take(self) -> list[Event]:
        """All that is there, at least one; waits for it. Raises what ended the subscription."""
        while not self._events:
            if self.failure is not None:
                raise self.failure
            self._changed.clear()
            await self._changed.wait()
        events, self._events = self._events, []
        self._bytes = 0
        return events

    def attaching(self) -> None:
        """Subscribe is being sent."""
        self.state = State.ATTACHING

    def attached(self) -> None:
        """Subscribe was answered."""
        if self.state is State.ATTACHING:
            self.state = State.ATTACHED

    def parked(self) -> None:
        """Unsubscribe was answered."""
        self.state = State.PARKED if self._events else State.DETACHED

    def caught_up(self) -> bool:
        """The reader took all: whether to subscribe again."""
        if self.state is State.PARKED and not self._events:
            self.state = State.DETACHED
            return True
        return False

    def disconnected(self) -> None:
        """The connection is gone, and the server's side of this with it."""
        slow = self.state in (State.FULL, State.PARKED) and self._events
        self.state = State.PARKED if slow else State.DETACHED

    def fail(self, error: Exception) -> None:
        """No more events will come."""
        self.failure = error
        self._changed.set()
