"""The client: what a program that uses a Stepwire server holds in its hand."""

import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import Any, TypedDict, TypeVar, Unpack

import msgspec
from msgspec import UNSET, Raw, UnsetType

from protocol.methods import METHODS
from protocol.queries import Busy, QueryStartResult
from protocol.sessions import (
    SETTLED,
    CancelResult,
    DeleteResult,
    Session,
    SessionListResult,
    StatusResult,
)
from rpc.client.debugger import Debugger, attached
from rpc.client.errors import CannotConnect
from rpc.client.event import Event
from rpc.client.link import Link
from rpc.client.options import Options
from rpc.client.socket import socket_url
from rpc.client.subscription import State, Subscription
from rpc.client.token import with_token
from rpc.client.values import whole
from rpc.client.watch import Watch

REPEATABLE = frozenset(
    # Those that look; a query's idempotency key makes it so.
    {"query.start", *(name for name, method in METHODS.items() if method.looks)}
)
"""Methods that are sent again when the connection breaks before their answer."""

T = TypeVar("T")


class StartOptions(TypedDict, total=False):
    """What `start` and `run` take beside the query: the params of `query.start`.

    `input`: the graph's input, instead of a query. `graph`: which one. `config`: its own settings.
    `session_id`: for a follow-up. `session_name`: for people. `tags`, `metadata`: the session's. `debug_mode`, `stop_on_entry`, `breakpoints`, `break_on_error`,
    `break_on_raised`, `debugger_id`: for the debugger. `when_busy`: what becomes of it where the session's run is not over. `callbacks`: whether
    LangChain's callbacks are told.
    `idempotency_key`: of a start that another process may repeat; each call has one of its own.
    """

    input: Any
    graph: str | None
    config: dict[str, Any] | None
    session_id: str | None
    session_name: str | None
    tags: list[str]
    metadata: dict[str, Any]
    debug_mode: bool
    debugger_id: str
    stop_on_entry: bool | None
    breakpoints: list[str | dict[str, Any]]
    break_on_error: bool | list[str]
    break_on_raised: bool | list[str]
    when_busy: Busy
    callbacks: bool
    idempotency_key: str | None


@asynccontextmanager
async def connect(
    url: str = "ws://127.0.0.1:8000/rpc",
    *,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
    open_timeout: float = 10.0,
    close_timeout: float = 10.0,
    reconnect_seconds: float | None = 60.0,
    buffer_bytes: int = 4 * 1024 * 1024,
    max_message_bytes: int = 64 * 1024 * 1024,
    on_connection: Callable[[str | None], None] | None = None,
) -> AsyncIterator["Client"]:
    """A connected client. `url`: the server's, `http://` or `ws://`, with or without `/rpc`.

    `token`: says who calls, sent as `Authorization: Bearer`; that of the variable STEPWIRE_TOKEN where it is left out and the
    headers have none. The other arguments are those of `Options`. Raises `CannotConnect`."""
    try:
        with_credentials = with_token(headers or {}, token)
    except ValueError as error:
        raise CannotConnect(str(error)) from error
    options = Options(
        headers=with_credentials,
        open_timeout=open_timeout,
        close_timeout=close_timeout,
        reconnect_seconds=reconnect_seconds,
        buffer_bytes=buffer_bytes,
        max_message_bytes=max_message_bytes,
        on_connection=on_connection,
    )
    try:
        address = socket_url(url)
    except ValueError as error:
        raise CannotConnect(f"{url} is no URL: {error}") from error
    link = Link(address, options)
    await link.open()
    client = Client(link)
    try:
        yield client
    finally:
        await client.close()


class Client:
    """Calls to one server, and its sessions' events. Made by `connect`.

    It reconnects by itself: events go on after the last one, calls that are safe to repeat are repeated
    (`query.start` carries a key that makes it so), others raise `ConnectionLost`. Every method
    raises `RpcError` when the server answers with an error.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        # Connections for second readers of a session: the server allows one a connection.
        self._extra: set[Link] = set()

    @property
    def url(self) -> str:
        """Of the server."""
        return self._link.url

    async def close(self) -> None:
        """Close all connections. Runs go on: a session belongs to the server."""
        for link in (self._link, *self._extra):
            await link.close()

    async def call(self, method: str, /, **params: Any) -> Any:
        """Any method's result as JSON says it. For events use `events` and `run`: those of a `subscribe` of
        your own have no reader here."""
        return msgspec.json.decode(await self._call(method, params))

    async def start(
        self, query: str | None = None, **options: Unpack[StartOptions]
    ) -> QueryStartResult:
        """Start a query (or `input` as it is) without reading its events."""
        return await self._typed(QueryStartResult, "query.start", _params(query, options))

    async def run(
        self, query: str | None = None, **options: Unpack[StartOptions]
    ) -> AsyncGenerator[Event, None]:
        """Start a query and give its events until it is over, asks, or is stopped by the debugger.

        The last one is then a `session.status`. After an answer or a step, `follow` gives what comes next.
        """
        params = _params(query, options)
        if options.get("session_id") is not None:
            # Somebody may be reading this session here already: let `follow` find a connection.
            started = await self._typed(QueryStartResult, "query.start", params)
            async for event in self.follow(
                started.session_id, after=started.seq, run_id=started.run_id
            ):
                yield event
            return

        subscription: Subscription | None = None
        link = self._link

        def arrived(result: Raw, sends: int) -> None:
            nonlocal subscription
            started = msgspec.json.decode(result, type=QueryStartResult)
            subscription = self._subscription(started.session_id, started.seq, None)
            if sends == 1:
                subscription.state = State.ATTACHED
            link.subscriptions.add(subscription)

        # One round trip: the server subscribes this connection, and answers before the first event.
        params["subscribe"] = {"batch": True}
        try:
            result = await self._call("query.start", params, arrived)
            started = msgspec.json.decode(result, type=QueryStartResult)
            assert subscription is not None
            async for event in _read(link, subscription):
                yield event
                if _settles(event, started.run_id):
                    return
        finally:
            if subscription is not None:
                link.subscriptions.leave(subscription)

    async def follow(
        self, session_id: str, *, after: int = 0, run_id: str | None = None
    ) -> AsyncGenerator[Event, None]:
        """A session's events until a run (`run_id`, or any) is over, asks, or is stopped.

        Of a session that rests: those up to now, none where there are none after `after`. A rewind or an edit may
        have been told without a status, where it stood before.
        """
        record = await self.session(session_id)
        rests = record.status in SETTLED or (run_id is not None and record.run_id != run_id)
        if rests and record.seq <= after:
            return
        async with aclosing(self.events(session_id, after=after)) as events:
            async for event in events:
                yield event
                if _settles(event, run_id) or (rests and event.seq >= record.seq):
                    return

    async def events(
        self, session_id: str, *, after: int = 0, types: Iterable[str] | None = None
    ) -> AsyncGenerator[Event, None]:
        """A session's events from `after + 1` on; only `types` where given. Ends if it is deleted."""
        wanted = None if types is None else list(types)
        subscription = self._subscription(session_id, after, wanted)
        link = self._link
        if link.subscriptions.has(session_id):
            link = Link(link.url, link.options)
            self._extra.add(link)
        try:
            if link is not self._link:
                await link.open()
            link.subscriptions.add(subscription)
            async for event in _read(link, subscription):
                yield event
        finally:
            link.subscriptions.leave(subscription)
            if link is not self._link:
                self._extra.discard(link)
                await link.close()

    @asynccontextmanager
    async def watch(self, *, cursor: str | None = None) -> AsyncIterator[Watch]:
        """The changes of all sessions that the caller may see, from `cursor` on or from now, on a connection of its own:
        iterate what it gives. Raises `CannotConnect`, `RpcError` (`events_gone`: list anew, and watch without a cursor)."""
        link = Link(self.url, self._link.options)
        self._extra.add(link)
        try:
            found = link.watch = Watch(cursor)
            await link.open()
            await found.started()
            yield found
        finally:
            self._extra.discard(link)
            await link.close()

    async def update(
        self,
        session_id: str,
        *,
        session_name: str | UnsetType | None = UNSET,
        tags: Iterable[str] | UnsetType = UNSET,
        metadata: Mapping[str, Any] | UnsetType = UNSET,
    ) -> Session:
        """Change a session's name, tags or metadata; what is left out stays."""
        params: dict[str, Any] = {"session_id": session_id}
        if session_name is not UNSET:
            params["session_name"] = session_name
        if not isinstance(tags, UnsetType):
            params["tags"] = list(tags)
        if not isinstance(metadata, UnsetType):
            params["metadata"] = dict(metadata)
        return await self._typed(Session, "session.update", params)

    @asynccontextmanager
    async def debug(
        self,
        query: str | None = None,
        *,
        on_event: Callable[[Event], None] | None = None,
        **options: Unpack[StartOptions],
    ) -> AsyncIterator[Debugger]:
        """Start a query in debug mode; the session at its first rest. `on_event` is called with each event."""
        options["debug_mode"] = True
        started = await self.start(query, **options)
        async with Debugger(
            self,
            started.session_id,
            after=started.seq,
            on_event=on_event,
            debugger_id=options.get("debugger_id"),
        ) as session:
            await session.rest()
            yield session

    def attach(
        self,
        session_id: str,
        *,
        breakpoints: Iterable[str | Mapping[str, Any]] = (),
        on_event: Callable[[Event], None] | None = None,
        debugger_id: str | None = None,
    ) -> AbstractAsyncContextManager[Debugger]:
        """Debug a session that is there, running or not, from where it is now; it is in debug mode from then on.

        `debugger_id`: as whom, so that who leaves does not let it go for others.
        """
        return attached(self, session_id, breakpoints, on_event, debugger_id)

    async def respond_all(self, session_id: str, answers: Mapping[str, Any]) -> StatusResult:
        """Answer several nodes that ask, by interrupt id."""
        params = {"session_id": session_id, "answers": dict(answers)}
        return await self._typed(StatusResult, "query.respond", params)

    async def respond(
        self, session_id: str, value: Any, interrupt_id: str | None = None
    ) -> StatusResult:
        """Answer a node that asks; `interrupt_id` where several do."""
        params = {"session_id": session_id, "value": value}
        if interrupt_id is not None:
            params["interrupt_id"] = interrupt_id
        return await self._typed(StatusResult, "query.respond", params)

    async def resume(self, session_id: str, *, discard: bool = False) -> StatusResult:
        """Let a failed run go on from its last checkpoint; `discard`: without keys of the state that are gone."""
        params = {"session_id": session_id, "discard": discard}
        return await self._typed(StatusResult, "query.resume", params)

    async def cancel(self, session_id: str) -> CancelResult:
        """Stop a session's run; `pending`: that is not stored yet."""
        return await self._typed(CancelResult, "query.cancel", {"session_id": session_id})

    async def session(self, session_id: str, *, whole: bool = False) -> Session:
        """One session with its result; `whole`: with what was cut out of that, however large it is."""
        found = await self._typed(Session, "session.get", {"session_id": session_id})
        if not whole:
            return found
        result = await self.whole(session_id, found.result)
        return msgspec.structs.replace(found, result=result)

    async def sessions(
        self,
        *,
        limit: int = 50,
        cursor: str | None = None,
        status: str | None = None,
        search: str | None = None,
        id_prefix: str | None = None,
        tags: Iterable[str] | None = None,
    ) -> SessionListResult:
        """A page of the sessions, newest first; the filters are those of `session.list`."""
        filters: dict[str, Any] = {"status": status, "search": search, "id_prefix": id_prefix}
        if tags is not None:
            filters["tags"] = list(tags)
        params = {"limit": limit, "cursor": cursor, **filters}
        return await self._typed(SessionListResult, "session.list", params)

    async def whole(self, session_id: str, value: Any) -> Any:
        """A value of one of the session's events or answers, with all that was cut out of it (`$cut`)."""

        async def fetch(ref: str, start: int) -> Any:
            return await self.call("session.value", session_id=session_id, ref=ref, start=start)

        return await whole(value, fetch)

    async def delete(self, session_id: str) -> DeleteResult:
        """Delete a session with all it owns."""
        return await self._typed(DeleteResult, "session.delete", {"session_id": session_id})

    async def _typed(self, type: type[T], method: str, params: dict[str, Any]) -> T:
        return msgspec.json.decode(await self._call(method, params), type=type)

    async def _call(self, method: str, params: dict[str, Any], arrived: Any = None) -> Raw:
        if method == "query.start":
            params.setdefault("subscribe", False)
            if params.get("idempotency_key") is None:
                params["idempotency_key"] = secrets.token_hex(16)
        return await self._link.call(
            method, params, repeatable=method in REPEATABLE, arrived=arrived
        )

    def _subscription(self, session_id: str, after: int, types: list[str] | None) -> Subscription:
        return Subscription(session_id, after, types, self._link.options.buffer_bytes)


async def _read(link: Link, subscription: Subscription) -> AsyncIterator[Event]:
    while True:
        for event in await subscription.take():
            yield event
            if event.type == "session.deleted":
                return
        if subscription.caught_up():
            link.subscriptions.poke()


def _settles(event: Event, run_id: str | None) -> bool:
    return (
        event.type == "session.status"
        and (run_id is None or event.run_id == run_id)
        and event.data["status"] in SETTLED
    )


def _params(query: str | None, options: StartOptions) -> dict[str, Any]:
    given = {"query": query, **options}
    return {name: value for name, value in given.items() if value is not None}
