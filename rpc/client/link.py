"""One connection that outlives its sockets: its calls in flight, its subscriptions, its reconnects."""

import asyncio
import itertools
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import Raw
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from rpc.client import wire
from rpc.client.errors import CannotConnect, ConnectionLost, RpcError
from rpc.client.event import Event
from rpc.client.options import Options
from rpc.client.socket import open_socket, reopen_socket
from rpc.client.subscription import State, Subscription

MOST_SENDS = 5
"""How often one call is sent at most: one whose very sending breaks the connection must end."""

logger = logging.getLogger("stepwire.client")


class _Call:
    """A call without an answer yet."""

    __slots__ = ("answer", "arrived", "message", "method", "repeatable", "sends")

    def __init__(
        self,
        method: str,
        message: bytes,
        repeatable: bool,
        arrived: Callable[[Raw, int], None] | None,
    ) -> None:
        self.method = method
        self.message = message
        # Whether it may be sent again when the connection broke under it.
        self.repeatable = repeatable
        # Is told the result and how often the call was sent, before any later frame is looked at.
        self.arrived = arrived
        self.sends = 0
        self.answer: asyncio.Future[Raw] = asyncio.get_running_loop().create_future()


class Link:
    """Calls and subscriptions over one socket at a time. `open` it, and `close` it."""

    def __init__(self, url: str, options: Options) -> None:
        self.url = url
        self.options = options
        self._ids = itertools.count(1)
        self._calls: dict[int, _Call] = {}
        self._subscriptions: dict[str, Subscription] = {}
        # Sessions to unsubscribe from, their readers being gone.
        self._leaving: set[str] = set()
        # Set when the server must be asked for something on a subscription's behalf.
        self._dirty = asyncio.Event()
        # None while there is no connection.
        self._socket: ClientConnection | None = None
        # Why it ended for good.
        self._failure: ConnectionLost | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect. Raises `CannotConnect`."""
        socket = await open_socket(self.url, self.options)
        self._task = asyncio.create_task(self._run(socket), name="stepwire.client")

    async def close(self) -> None:
        """Close the socket; what still waits gets `ConnectionLost`."""
        self._fail(ConnectionLost("the client was closed"))
        if self._socket is not None:
            await self._socket.close()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        repeatable: bool,
        arrived: Callable[[Raw, int], None] | None = None,
    ) -> Raw:
        """The call's result, encoded. Raises `RpcError`, `ConnectionLost`."""
        if self._failure is not None:
            raise ConnectionLost(str(self._failure))
        id = next(self._ids)
        call = _Call(method, wire.encode_call(id, method, params), repeatable, arrived)
        self._calls[id] = call
        try:
            if self._socket is not None:
                await self._send(self._socket, call)
            return await call.answer
        finally:
            del self._calls[id]

    def has(self, session_id: str) -> bool:
        """Whether a subscription to the session is here; the server allows one a connection."""
        return session_id in self._subscriptions

    def add(self, subscription: Subscription) -> None:
        """Keep it subscribed until `leave`."""
        self._subscriptions[subscription.session_id] = subscription
        # Subscribing replaces what an earlier reader left; unsubscribing after it would end this one's.
        self._leaving.discard(subscription.session_id)
        if self._failure is not None:
            subscription.fail(self._failure)
        self.poke()

    def leave(self, subscription: Subscription) -> None:
        """Its reader is gone."""
        if self._subscriptions.get(subscription.session_id) is subscription:
            del self._subscriptions[subscription.session_id]
            if subscription.failure is None:
                self._leaving.add(subscription.session_id)
                self.poke()

    def poke(self) -> None:
        """A subscription's state changed: see what must be asked of the server."""
        self._dirty.set()

    async def _run(self, socket: ClientConnection) -> None:
        while True:
            try:
                why = await self._serve(socket)
            except BaseException as error:
                self._fail(ConnectionLost(f"the client failed: {error!r}"))
                raise
            if self._failure is not None:
                return
            if isinstance(why, msgspec.DecodeError):
                self._fail(ConnectionLost(f"{self.url} sent what is no message of the protocol"))
                return
            if why.sent is not None and why.sent.code == CloseCode.MESSAGE_TOO_BIG:
                limit = self.options.max_message_bytes
                self._fail(
                    ConnectionLost(f"a message from {self.url} is larger than {limit} bytes")
                )
                return
            logger.warning("the connection to %s is lost (%s); reconnecting", self.url, why)
            try:
                socket = await reopen_socket(self.url, self.options)
            except CannotConnect as error:
                self._fail(ConnectionLost(f"the connection was lost, and {error}"))
                return
            logger.warning("connected to %s again", self.url)

    async def _serve(self, socket: ClientConnection) -> ConnectionClosed | msgspec.DecodeError:
        """Use the socket until it ends; why it did."""
        self._socket = socket
        waiting = list(self._calls.values())
        try:
            async with asyncio.TaskGroup() as tasks:
                keeper = tasks.create_task(self._keep(socket, waiting))
                try:
                    return await self._read(socket)
                finally:
                    keeper.cancel()
        finally:
            self._socket = None
            self._disconnected()
            await socket.close()

    async def _read(self, socket: ClientConnection) -> ConnectionClosed | msgspec.DecodeError:
        try:
            while True:
                frame = await socket.recv(decode=False)
                replies, events = wire.decode(frame)
                for reply in replies:
                    self._answer(reply)
                if events:
                    self._hand_over(events, len(frame))
        except (ConnectionClosed, msgspec.DecodeError) as error:
            return error

    def _answer(self, reply: wire.Reply) -> None:
        call = self._calls.get(reply.id)
        if call is None or call.answer.done():
            return
        if reply.error is not None:
            call.answer.set_exception(reply.error)
            return
        if call.arrived is not None:
            call.arrived(reply.result, call.sends)
        call.answer.set_result(reply.result)

    def _hand_over(self, events: list[Event], size: int) -> None:
        session_id = events[0].session_id
        if all(event.session_id == session_id for event in events):
            by_session = {session_id: events}
        else:
            by_session = {}
            for event in events:
                by_session.setdefault(event.session_id, []).append(event)
        for session_id, group in by_session.items():
            subscription = self._subscriptions.get(session_id)
            if subscription is not None:
                subscription.offer(group, size * len(group) // len(events))
                if subscription.needs_server:
                    self.poke()

    async def _send(self, socket: ClientConnection, call: _Call) -> None:
        call.sends += 1
        # A socket that is closed is seen by the reader, which decides about the calls in flight.
        with suppress(ConnectionClosed):
            await socket.send(call.message, text=True)

    async def _keep(self, socket: ClientConnection, waiting: list[_Call]) -> None:
        """Send what waited for a connection, then keep the subscriptions as they should be."""
        for call in waiting:
            await self._send(socket, call)
        self.poke()
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            async with asyncio.TaskGroup() as tasks:
                for session_id in self._leaving:
                    tasks.create_task(self._unsubscribe(session_id))
                self._leaving = set()
            async with asyncio.TaskGroup() as tasks:
                for subscription in self._subscriptions.values():
                    if subscription.needs_server:
                        tasks.create_task(self._adjust(subscription))

    async def _unsubscribe(self, session_id: str) -> None:
        with suppress(ConnectionLost, RpcError):
            await self.call("session.unsubscribe", {"session_id": session_id}, repeatable=False)

    async def _adjust(self, subscription: Subscription) -> None:
        if subscription.state is State.FULL:
            await self._unsubscribe(subscription.session_id)
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
            await self.call("session.subscribe", params, repeatable=False)
        except RpcError as error:
            if self._subscriptions.get(subscription.session_id) is subscription:
                del self._subscriptions[subscription.session_id]
            subscription.fail(error)
        except ConnectionLost:
            pass
        else:
            subscription.attached()

    def _disconnected(self) -> None:
        for call in self._calls.values():
            if call.sends and not (call.repeatable and call.sends < MOST_SENDS):
                error = ConnectionLost(f"the connection broke during {call.method}")
                if not call.answer.done():
                    call.answer.set_exception(error)
        self._leaving.clear()
        for subscription in self._subscriptions.values():
            subscription.disconnected()

    def _fail(self, error: ConnectionLost) -> None:
        if self._failure is not None:
            return
        self._failure = error
        for call in self._calls.values():
            if not call.answer.done():
                call.answer.set_exception(error)
        for subscription in self._subscriptions.values():
            subscription.fail(error)
