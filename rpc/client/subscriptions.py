"""The readers of one connection: each is handed its events, and the server is asked for what they need."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from rpc.client.errors import ConnectionLost, RpcError
from rpc.client.event import Event
from rpc.client.subscription import State, Subscription

Ask = Callable[[str, dict[str, Any]], Awaitable[object]]
"""A call of the server. Raises `RpcError`, `ConnectionLost`."""


class Subscriptions:
    """One a session; `keep` runs while there is a connection."""

    def __init__(self) -> None:
        self._by_session: dict[str, Subscription] = {}
        # Sessions to unsubscribe from, their readers being gone.
        self._leaving: set[str] = set()
        # Set when the server must be asked for something.
        self._dirty = asyncio.Event()
        # Why there will be no connection.
        self._failure: ConnectionLost | None = None

    def has(self, session_id: str) -> bool:
        """Whether one to the session is here; the server allows one a connection."""
        return session_id in self._by_session

    def add(self, subscription: Subscription) -> None:
        """Keep it subscribed until `leave`."""
        self._by_session[subscription.session_id] = subscription
        # Subscribing replaces what an earlier reader left; unsubscribing after it would end this one's.
        self._leaving.discard(subscription.session_id)
        if self._failure is not None:
            subscription.fail(self._failure)
        self.poke()

    def leave(self, subscription: Subscription) -> None:
        """Its reader is gone."""
        if self._by_session.get(subscription.session_id) is subscription:
            del self._by_session[subscription.session_id]
            if subscription.failure is None:
                self._leaving.add(subscription.session_id)
                self.poke()

    def poke(self) -> None:
        """A subscription's state changed: see what must be asked of the server."""
        self._dirty.set()

    def hand_over(self, events: list[Event], size: int) -> None:
        """Give the events of a frame of `size` bytes to their readers."""
        session_id = events[0].session_id
        if all(event.session_id == session_id for event in events):
            by_session = {session_id: events}
        else:
            by_session = {}
            for event in events:
                by_session.setdefault(event.session_id, []).append(event)
        for session_id, group in by_session.items():
            subscription = self._by_session.get(session_id)
            if subscription is not None:
                subscription.offer(group, size * len(group) // len(events))
                if subscription.needs_server:
                    self.poke()

    async def keep(self, ask: Ask) -> None:
        """Keep the server's side as it should be, until cancelled."""
        self.poke()
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            async with asyncio.TaskGroup() as tasks:
                for session_id in self._leaving:
                    tasks.create_task(_unsubscribe(ask, session_id))
                self._leaving = set()
            async with asyncio.TaskGroup() as tasks:
                for subscription in self._by_session.values():
                    if subscription.needs_server:
                        tasks.create_task(self._adjust(ask, subscription))

    async def _adjust(self, ask: Ask, subscription: Subscription) -> None:
        if subscription.state is State.FULL:
            await _unsubscribe(ask, subscription.session_id)
            subscription.parked()
            self.poke()
            return
        subscription.attaching()
        params = {
            "session_id": subscription.session_id,
            "after": subscription.queued,
            "types": subscription.types,
            "batch": True,
        }
        try:
            await ask("session.subscribe", params)
        except RpcError as error:
            if self._by_session.get(subscription.session_id) is subscription:
                del self._by_session[subscription.session_id]
            subscription.fail(error)
        except ConnectionLost:
            pass
        else:
            subscription.attached()

    def disconnected(self) -> None:
        """The connection is gone, and the server's side of all with it."""
        self._leaving.clear()
        for subscription in self._by_session.values():
            subscription.disconnected()

    def fail(self, error: ConnectionLost) -> None:
        """There will be no connection."""
        self._failure = error
        for subscription in self._by_session.values():
            subscription.fail(error)


async def _unsubscribe(ask: Ask, session_id: str) -> None:
    with suppress(ConnectionLost, RpcError):
        await ask("session.unsubscribe", {"session_id": session_id})
