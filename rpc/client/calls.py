"""The calls that have no answer yet, and what becomes of them when the connection breaks. No I/O."""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Raw

from rpc.client import wire
from rpc.client.errors import ConnectionLost, RpcError

MOST_SENDS = 5
"""How often one call is sent at most: one whose very sending breaks the connection must end."""


class Call:
    """A call without an answer yet."""

    __slots__ = ("answer", "arrived", "id", "message", "method", "repeatable", "sends")

    def __init__(
        self,
        id: int,
        method: str,
        params: Mapping[str, Any],
        repeatable: bool,
        arrived: Callable[[Raw, int], None] | None,
    ) -> None:
        self.id = id
        self.method = method
        self.message = wire.encode_call(id, method, params)
        # Whether it may be sent again when the connection broke under it.
        self.repeatable = repeatable
        # Is told the result and how often the call was sent, before any later frame is looked at.
        self.arrived = arrived
        self.sends = 0
        self.answer: asyncio.Future[Raw] = asyncio.get_running_loop().create_future()

    def fail(self, error: Exception) -> None:
        """It gets no answer."""
        if not self.answer.done():
            self.answer.set_exception(error)


class Calls:
    """All of one connection's, by id."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._waiting: dict[int, Call] = {}

    def waiting(self) -> list[Call]:
        """Those without an answer, in the order they were made."""
        return list(self._waiting.values())

    def begin(
        self,
        method: str,
        params: Mapping[str, Any],
        repeatable: bool,
        arrived: Callable[[Raw, int], None] | None,
    ) -> Call:
        """A new call; `end` it."""
        call = Call(next(self._ids), method, params, repeatable, arrived)
        self._waiting[call.id] = call
        return call

    def end(self, call: Call) -> None:
        """Nobody waits for its answer any more."""
        del self._waiting[call.id]

    def answered(self, reply: wire.Reply) -> None:
        """A response came; without an id it is of a message that the server did not read, or could not."""
        if reply.id is None:
            if reply.error is not None:
                for one in self._guilty(reply.error):
                    one.fail(reply.error)
            return
        call = self._waiting.get(reply.id)
        if call is None or call.answer.done():
            return
        if reply.error is not None:
            call.answer.set_exception(reply.error)
            return
        if call.arrived is not None:
            call.arrived(reply.result, call.sends)
        call.answer.set_result(reply.result)

    def _guilty(self, error: RpcError) -> list[Call]:
        """Whose message an error without an id is about: those past the limit that it names, else the largest."""
        sent = [call for call in self._waiting.values() if call.sends and not call.answer.done()]
        limit = error.data.get("limit") if isinstance(error.data, dict) else None
        if limit is not None and limit["name"] == "max_message_bytes":
            sent = [call for call in sent if len(call.message) > limit["value"]] or sent
        largest = max((len(call.message) for call in sent), default=0)
        return [call for call in sent if len(call.message) == largest]

    def disconnected(self) -> None:
        """The connection broke: those that may be sent again wait for the next one, others are lost."""
        for call in self._waiting.values():
            if call.sends and not (call.repeatable and call.sends < MOST_SENDS):
                call.fail(ConnectionLost(f"the connection broke during {call.method}"))

    def fail(self, error: ConnectionLost) -> None:
        """There will be no connection."""
        for call in self._waiting.values():
            call.fail(error)
