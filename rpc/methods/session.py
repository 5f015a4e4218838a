"""`session.*`: list, get, delete, and the three ways to read events."""

import msgspec

from protocol.errors import INVALID_REQUEST, ProtocolError
from protocol.sessions import (
    DeleteResult,
    Session,
    SessionListParams,
    SessionListResult,
    SessionParams,
)
from protocol.subscriptions import (
    EventsParams,
    EventsResult,
    SubscribeParams,
    SubscribeResult,
)
from rpc.events.cursor import EventsGone, SessionGone
from rpc.methods.call import Call, Subscriber
from rpc.sessions.lifecycle import not_found
from rpc.sessions.service import Sessions, events_gone


class SessionMethods:
    """The handlers of `session.*`."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def list(self, _: Call, params: SessionListParams) -> SessionListResult:
        return await self.sessions.list(params)

    async def get(self, _: Call, params: SessionParams) -> Session:
        return await self.sessions.get(params.session_id)

    async def delete(self, _: Call, params: SessionParams) -> DeleteResult:
        return await self.sessions.delete(params.session_id)

    async def subscribe(self, call: Call, params: SubscribeParams) -> SubscribeResult:
        subscriber = _subscriber(call)
        cursor = self.sessions.cursor(params.session_id, params.after, params.types)
        call.after_answer(lambda: subscriber.subscribe(cursor, batch=params.batch))
        return SubscribeResult(params.session_id, cursor.last_seq)

    async def unsubscribe(self, call: Call, params: SessionParams) -> SubscribeResult:
        subscriber = _subscriber(call)
        session = self.sessions.record(params.session_id)
        subscriber.unsubscribe(params.session_id)
        return SubscribeResult(params.session_id, session.seq)

    async def events(self, _: Call, params: EventsParams) -> EventsResult:
        found: list[bytes] = []
        cursor = self.sessions.cursor(params.session_id, params.after)
        async with cursor:
            try:
                while len(found) < params.limit and (more := await cursor.ready()):
                    found += more
            except SessionGone:
                raise not_found(params.session_id) from None
            except EventsGone as gone:
                if not found:
                    raise events_gone(params.session_id, gone.first_seq) from None
            return EventsResult(
                [msgspec.Raw(event) for event in found[: params.limit]], cursor.last_seq
            )


def _subscriber(call: Call) -> Subscriber:
    if call.subscriber is None:
        raise ProtocolError(
            INVALID_REQUEST,
            "events are sent on a WebSocket only; use `session.events` or the SSE stream here",
        )
    return call.subscriber
