"""One connection that outlives its sockets: its calls in flight, its subscriptions, its reconnects."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import Raw
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from protocol.feeds import WatchResult
from rpc.client import wire
from rpc.client.calls import Call, Calls
from rpc.client.errors import CannotConnect, ConnectionLost, RpcError
from rpc.client.options import Options
from rpc.client.socket import open_socket, reopen_socket
from rpc.client.subscriptions import Subscriptions
from rpc.client.watch import Watch

logger = logging.getLogger("stepwire.client")


class Link:
    """Calls and subscriptions over one socket at a time. `open` it, and `close` it."""

    def __init__(self, url: str, options: Options) -> None:
        self.url = url
        self.options = options
        self.subscriptions = Subscriptions()
        # Who is told of all sessions' changes; the server has one a connection.
        self.watch: Watch | None = None
        self._calls = Calls()
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
        call = self._calls.begin(method, params, repeatable, arrived)
        try:
            if self._socket is not None:
                await self._send(self._socket, call)
            return await call.answer
        finally:
            self._calls.end(call)

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
            self._tell(str(why))
            try:
                socket = await reopen_socket(self.url, self.options)
            except CannotConnect as error:
                self._fail(ConnectionLost(f"the connection was lost, and {error}"))
                return
            logger.warning("connected to %s again", self.url)
            self._tell(None)

    def _tell(self, why: str | None) -> None:
        if self.options.on_connection is not None:
            self.options.on_connection(why)

    async def _serve(self, socket: ClientConnection) -> ConnectionClosed | msgspec.DecodeError:
        """Use the socket until it ends; why it did."""
        self._socket = socket
        waiting = self._calls.waiting()
        try:
            async with asyncio.TaskGroup() as tasks:
                keeper = tasks.create_task(self._keep(socket, waiting))
                try:
                    return await self._read(socket)
                finally:
                    keeper.cancel()
        finally:
            self._socket = None
            self._calls.disconnected()
            self.subscriptions.disconnected()
            await socket.close()

    async def _read(self, socket: ClientConnection) -> ConnectionClosed | msgspec.DecodeError:
        try:
            while True:
                frame = await socket.recv(decode=False)
                replies, events = wire.decode(frame)
                for reply in replies:
                    self._calls.answered(reply)
                if events:
                    self.subscriptions.hand_over(events, len(frame))
                if self.watch is not None and wire.CHANGED.encode() in frame:
                    for change in wire.changes(frame):
                        self.watch.offer(change)
        except (ConnectionClosed, msgspec.DecodeError) as error:
            return error

    async def _send(self, socket: ClientConnection, call: Call) -> None:
        call.sends += 1
        # A socket that is closed is seen by the reader, which decides about the calls in flight.
        with suppress(ConnectionClosed):
            await socket.send(call.message, text=True)

    async def _keep(self, socket: ClientConnection, waiting: list[Call]) -> None:
        """Send what waited for a connection, then keep the subscriptions as they should be."""
        for call in waiting:
            await self._send(socket, call)
        async with asyncio.TaskGroup() as tasks:
            if self.watch is not None:
                tasks.create_task(self.begin_watch(self.watch))
            await self.subscriptions.keep(self._ask)

    async def begin_watch(self, watch: Watch) -> None:
        """Have the server send changes, from where the reader is."""

        def arrived(result: Raw, _: int) -> None:
            watch.begun(msgspec.json.decode(result, type=WatchResult).cursor)

        params = {"cursor": watch.reached, "batch": True}
        try:
            await self.call("session.watch", params, repeatable=False, arrived=arrived)
        except RpcError as error:
            watch.fail(error)
        except ConnectionLost as error:
            # Asked for anew on the next connection, where there is one.
            if self._failure is not None:
                watch.fail(error)

    async def _ask(self, method: str, params: dict[str, Any]) -> object:
        # What a subscription needs is decided anew on the next connection.
        return await self.call(method, params, repeatable=False)

    def _fail(self, error: ConnectionLost) -> None:
        if self._failure is None:
            self._failure = error
            self._calls.fail(error)
            self.subscriptions.fail(error)
            if self.watch is not None:
                self.watch.fail(error)
