"""Values that were cut out of events and answers: found by their reference, given whole or page by page."""

import asyncio
from typing import Any

import anyio.to_thread
import msgspec

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.values import ValueParams, ValueResult
from rpc.events.cutting import at, cut, size_of
from rpc.events.encoding import event_params, event_type
from rpc.events.references import MARK, split
from rpc.json_values import json_type, pointed
from rpc.masking import masked
from rpc.sessions.service import Sessions
from rpc.sessions.shown import RUN

EVENT = "event-"

KEEP_SECONDS = 5.0
"""How long a value is kept for its next page."""

_SHOWN = ("query", "config", "result", "error", "interrupts")
"""What a reference to a run can point into."""


class Values:
    """The values of one server's sessions. `max_bytes`: of one answer."""

    def __init__(self, sessions: Sessions, max_bytes: int) -> None:
        self.sessions = sessions
        self.max_bytes = max_bytes
        # The value of which a page was asked for last, and its size: the next page is of it.
        self.kept: tuple[object, Any, int] | None = None
        self.timer: asyncio.TimerHandle | None = None

    async def value(self, params: ValueParams) -> ValueResult:
        """The value, or the page of it that was asked for, or that fits.

        Raises `ProtocolError`: session not found; invalid params where there is no such value, or no such place in it.
        """
        record = await self.sessions.record(params.session_id)
        key = (params.session_id, params.ref, record.revision, record.seq)
        if self.kept is not None and self.kept[0] == key:
            _, value, size = self.kept
        else:
            source, slash, pointer = params.ref.partition("/")
            text = await self._source(params.session_id, source)
            if text is None:
                raise _none(params.ref)
            # Megabytes take a while: not on the loop.
            value, size = await anyio.to_thread.run_sync(_read, text, slash + pointer, params.ref)
        result = await anyio.to_thread.run_sync(page, value, params, self.max_bytes, size)
        self._keep(None if result.next is None else (key, value, size))
        return result

    def _keep(self, kept: tuple[object, Any, int] | None) -> None:
        """For who goes on at once; nobody's value stays in memory for long."""
        self.kept = kept
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        if kept is not None:
            loop = asyncio.get_running_loop()
            self.timer = loop.call_later(KEEP_SECONDS, self._keep, None)

    async def _source(self, session_id: str, source: str) -> bytes | None:
        """The document that a reference points into, as JSON."""
        if source.startswith(RUN):
            return await self._run(session_id, source.removeprefix(RUN))
        if source.startswith(EVENT):
            return await self._event(session_id, source.removeprefix(EVENT))
        found = await self.sessions.store.beside(session_id, source)
        return None if found is None else await self._whole(session_id, found)

    async def _run(self, session_id: str, run_id: str) -> bytes | None:
        record, run = (
            await self.sessions.record(session_id),
            await self.sessions.store.read(self.sessions.store.run, run_id),
        )
        if run is None or run.session_id != session_id:
            return None
        if run_id == record.run_id:
            session = msgspec.to_builtins(await self.sessions.get(session_id))
            return msgspec.json.encode({name: session[name] for name in _SHOWN})
        return msgspec.json.encode(
            {
                "query": run.input if run.query is None else run.query,
                "config": masked(run.config or {}),
                "result": await self.sessions.results.of(record, run),
                "error": run.error,
            }
        )

    async def _event(self, session_id: str, number: str) -> bytes | None:
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            return None
        seq = int(number)
        for row in await self.sessions.store.events(session_id, seq - 1, 1):
            if row.first_seq <= seq <= row.last_seq:
                event = row.data.split(b"\n")[seq - row.first_seq]
                return await self._whole(session_id, event_params(event, event_type(event)))
        return None

    async def _whole(self, session_id: str, document: bytes) -> bytes | None:
        """A document whose result may be kept elsewhere."""
        if MARK not in document:
            return document
        head, where, tail = split(document)
        result = await self.sessions.results.text(session_id, where)
        return None if result is None else head + result + tail


def _read(text: bytes, pointer: str, ref: str) -> tuple[Any, int]:
    """The value in a document, and its size. Raises `ProtocolError` (invalid params)."""
    try:
        value = at(msgspec.json.decode(text), pointer)
    except (LookupError, ValueError) as error:
        raise _none(ref) from error
    return value, size_of(value)


def page(value: Any, params: ValueParams, limit: int, size: int) -> ValueResult:
    """What of a value, of `size` bytes, is answered in about `limit` bytes. A decision without I/O."""
    parts = list(value.items()) if isinstance(value, dict) else value
    length = len(value) if isinstance(value, dict | list | str) else None
    start = params.start
    if start > (length or 0):
        raise ProtocolError(
            INVALID_PARAMS, f"the value has a length of {length or 0}", path="$.start"
        )
    found, end = value, length
    if length is not None and (start or params.count is not None or size > limit):
        last = length if params.count is None else min(length, start + params.count)
        if isinstance(value, str):
            # A character may take six bytes as JSON.
            end = min(last, start + limit // 6) if size > limit else last
            found = value[start:end]
        else:
            end = start
            members: list[Any] = []
            room = limit
            while end < last:
                key, item = parts[end] if isinstance(value, dict) else (end, parts[end])
                cost = size_of(item) + (size_of(key) + 2 if isinstance(value, dict) else 1)
                if cost > room and members:
                    break
                if cost > room:
                    item = cut(item, max(0, room - size_of(key) - 2), pointed(params.ref, key))
                room -= cost
                members.append((key, item))
                end += 1
            found = dict(members) if isinstance(value, dict) else [item for _, item in members]
    more = length is not None and end is not None and end < length
    return ValueResult(
        session_id=params.session_id,
        ref=params.ref,
        type=json_type(value),
        bytes=size,
        length=length,
        start=start,
        next=end if more else None,
        value=found,
    )


def _none(ref: str) -> ProtocolError:
    return ProtocolError(
        INVALID_PARAMS,
        f"the session has no value {ref!r}; give the `ref` of a `$cut`",
        path="$.ref",
    )
