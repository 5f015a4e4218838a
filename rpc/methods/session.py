"""`session.*`: list, get, change, delete, the three ways to read events, and the feed of all."""

import msgspec

from protocol.errors import OVERLOADED, Limit, ProtocolError
from protocol.feeds import (
    ChangesParams,
    ChangesResult,
    UnwatchResult,
    WatchParams,
    WatchResult,
)
from protocol.server import NoParams
from protocol.sessions import (
    DeleteResult,
    RunsParams,
    RunsResult,
    Session,
    SessionListParams,
    SessionListResult,
    SessionParams,
    UpdateParams,
)
from protocol.subscriptions import (
    EventsParams,
    EventsResult,
    SubscribeParams,
    SubscribeResult,
)
from protocol.values import ValueParams, ValueResult
from rpc.events.cursor import Cursor, EventsGone, SessionGone
from rpc.methods.call import Call
from rpc.methods.event_types import wanted
from rpc.methods.turns import Turns
from rpc.sessions.feed import Feed, FeedReader
from rpc.sessions.fitting import fitted
from rpc.sessions.lifecycle import not_found
from rpc.sessions.service import Sessions, events_gone
from rpc.sessions.values import Values
from rpc.storage.store import StorageBroken, TookTooLong
from rpc.storage.unreadable import Unreadable


class SessionMethods:
    """The handlers of `session.*`."""

    def __init__(
        self, sessions: Sessions, feed: Feed, max_bytes: int, turns: Turns, search_seconds: float
    ) -> None:
        self.sessions = sessions
        self.feed = feed
        self.turns = turns
        self.search_seconds = search_seconds
        self.values = Values(sessions, max_bytes)
        # Of one result.
        self.max_bytes = max_bytes

    async def list(self, call: Call, params: SessionListParams) -> SessionListResult:
        async with self.turns.turn(call.counted):
            try:
                return await self.sessions.list(
                    params, call.owner, self.max_bytes, self.search_seconds
                )
            except TookTooLong as error:
                raise ProtocolError(
                    OVERLOADED,
                    f"the search took over {error.seconds:g} s, the limit: ask for less, by a longer text, a "
                    "`status`, a `graph` or a time, and for the next page by `cursor` instead of `offset`",
                    limit=Limit("search_seconds", error.seconds),
                ) from None

    async def get(self, _: Call, params: SessionParams) -> Session:
        return fitted(await self.sessions.get(params.session_id), self.max_bytes)

    async def runs(self, _: Call, params: RunsParams) -> RunsResult:
        return await self.sessions.runs(params, self.max_bytes)

    async def value(self, _: Call, params: ValueParams) -> ValueResult:
        return await self.values.value(params)

    async def delete(self, _: Call, params: SessionParams) -> DeleteResult:
        return await self.sessions.delete(params.session_id)

    async def update(self, _: Call, params: UpdateParams) -> Session:
        return fitted(await self.sessions.update(params), self.max_bytes)

    async def watch(self, call: Call, params: WatchParams) -> WatchResult:
        subscriber = call.subscriber
        assert subscriber is not None
        place = await self.feed.place(params.cursor, call.owner)
        reader = FeedReader(self.feed, call.owner, place)
        call.after_answer(lambda: subscriber.watch(reader, batch=params.batch))
        return WatchResult(params.cursor or self.feed.cursor(place, call.owner))

    async def unwatch(self, call: Call, _: NoParams) -> UnwatchResult:
        assert call.subscriber is not None
        return UnwatchResult(call.subscriber.unwatch())

    async def changes(self, call: Call, params: ChangesParams) -> ChangesResult:
        place = await self.feed.place(params.cursor, call.owner)
        page = await self.feed.page(call.owner, place, params.limit)
        return ChangesResult(page.changes, self.feed.cursor(page.end, call.owner), page.more)

    async def subscribe(self, call: Call, params: SubscribeParams) -> SubscribeResult:
        subscriber = call.subscriber
        assert subscriber is not None
        types = wanted(params.types, "$.types")
        call.after_answer(subscriber.reserve(params.session_id))
        cursor = await self.sessions.cursor(params.session_id, params.after, types)
        call.after_answer(lambda: subscriber.subscribe(cursor, batch=params.batch))
        return SubscribeResult(params.session_id, cursor.last_seq)

    async def unsubscribe(self, call: Call, params: SessionParams) -> SubscribeResult:
        subscriber = call.subscriber
        assert subscriber is not None
        session = await self.sessions.record(params.session_id)
        subscriber.unsubscribe(params.session_id)
        return SubscribeResult(params.session_id, session.seq)

    async def events(self, _: Call, params: EventsParams) -> EventsResult:
        found: list[bytes] = []
        size = 0
        types = wanted(params.types, "$.types")
        cursor = await self.sessions.cursor(params.session_id, params.after, types, follows=False)
        async with cursor:
            try:
                while len(found) < params.limit and (more := await cursor.ready()):
                    for event in more[: params.limit - len(found)]:
                        size += len(event) + 1
                        if size > self.max_bytes and found:
                            return _page(found, cursor)
                        found.append(event)
            except SessionGone:
                raise not_found(params.session_id) from None
            except StorageBroken:
                if not found:
                    raise
            except Unreadable:
                if not found:
                    raise
            except EventsGone as gone:
                if not found:
                    raise events_gone(params.session_id, gone.first_seq) from None
            return _page(found, cursor)


def _page(found: list[bytes], cursor: Cursor) -> EventsResult:
    return EventsResult([msgspec.Raw(event) for event in found], cursor.last_seq)
