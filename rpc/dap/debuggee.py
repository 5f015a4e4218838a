"""The session that is debugged: its server, the client's connection to it, its graph."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import Any

import msgspec

from protocol.debugging import DebuggersResult
from protocol.graphs import DescribeResult
from protocol.sessions import ENDED, Session
from rpc.client import Client, Debugger, Event, RpcError, SessionDeleted, connect
from rpc.client.errors import ClientError
from rpc.client.socket import Refused
from rpc.dap.connection import DapError
from rpc.dap.sources import Sources

NODE_ENDS = ("node.finished", "node.failed", "node.cancelled")
PAGE = 1000

RECONNECT_SECONDS = 60.0
"""How long it is tried again where the connection breaks."""

CLOSE_SECONDS = 2.0
"""How long a server may take to answer that the connection is closed: an editor that stops waits for it."""


class Debuggee:
    """One session under the debugger, and what it takes to reach it. Made by `opened`; `close` it."""

    def __init__(self, client: Client, described: DescribeResult, stack: AsyncExitStack) -> None:
        self.client = client
        self.described = described
        self.sources = Sources(described)
        self._stack = stack
        self._session: Debugger | None = None

    @classmethod
    async def opened(
        cls,
        url: str,
        graph: str | None,
        session_id: str | None,
        token: str | None,
        reconnect_seconds: float | None = None,
        on_connection: Callable[[str | None], None] | None = None,
    ) -> "Debuggee":
        """Connected to a server, knowing the graph: the session's, the one named, or the default one.

        `reconnect_seconds`: how long to try again where the connection breaks; `on_connection`: told of that. Raises `ClientError`, `DapError`.
        """
        stack = AsyncExitStack()
        seconds = RECONNECT_SECONDS if reconnect_seconds is None else reconnect_seconds
        try:
            client = await stack.enter_async_context(
                connect(
                    url,
                    token=token,
                    close_timeout=CLOSE_SECONDS,
                    reconnect_seconds=seconds,
                    on_connection=on_connection,
                )
            )
            if session_id is not None:
                graph = (await client.session(session_id)).graph
            params = {} if graph is None else {"graph": graph}
            described = msgspec.convert(
                await client.call("graph.describe", **params), DescribeResult
            )
        except Refused as error:
            await stack.aclose()
            if error.status != HTTPStatus.UNAUTHORIZED:
                raise
            raise DapError(
                f"{error}; it asks who calls: give a `tokenFile`, a `token`, or the variable STEPWIRE_TOKEN"
            ) from error
        except BaseException:
            await stack.aclose()
            raise
        return cls(client, described, stack)

    @property
    def session(self) -> Debugger:
        """The debugged session. Raises `DapError` where none was started."""
        if self._session is None:
            raise DapError("there is no session yet: it starts when the configuration is done")
        return self._session

    @property
    def has_session(self) -> bool:
        """Whether one was started or joined."""
        return self._session is not None

    async def start(
        self,
        arguments: Mapping[str, Any],
        breakpoints: list[dict[str, Any]],
        on_event: Callable[[Event], None],
        debugger_id: str,
        **errors: bool | list[str],
    ) -> None:
        """Start the query, debugged as `debugger_id`; `errors`: by which to stop, as `query.start` takes them. With `noDebug` nothing stops it.

        Raises `RpcError`.
        """
        given = {
            name: arguments[name] for name in ("query", "input", "config") if name in arguments
        }
        if "query" not in given and "input" not in given:
            given["query"] = ""
        if not arguments.get("noDebug"):
            given.update(
                debug_mode=True,
                debugger_id=debugger_id,
                breakpoints=[*breakpoints],
                stop_on_entry=bool(arguments.get("stopOnEntry")),
                break_on_error=errors.get("break_on_error", True),
                break_on_raised=errors.get("break_on_raised", False),
            )
        started = await self.client.start(
            given.pop("query", None),
            graph=self.sources.graph,
            session_name=arguments.get("name"),
            **given,
        )
        await self._follow(started.session_id, 0, on_event, debugger_id)

    async def join(
        self, session_id: str, on_event: Callable[[Event], None], debugger_id: str, *, debugs: bool
    ) -> tuple[Session, list[str]]:
        """Debug or only follow a session that is there; as it was before, with all that its events are told after, and who else
        debugs it. Raises `RpcError`.
        """
        found = await self.client.session(session_id)
        others: list[str] = []
        if debugs:
            attached = await self.client.call(
                "debug.attach", session_id=session_id, debugger_id=debugger_id
            )
            others = [one for one in attached["debuggers"] if one != debugger_id]
        await self._follow(session_id, found.seq, on_event, debugger_id)
        return found, others

    async def _follow(
        self,
        session_id: str,
        after: int,
        on_event: Callable[[Event], None],
        debugger_id: str,
    ) -> None:
        debugger = Debugger(
            self.client, session_id, after=after, on_event=on_event, debugger_id=debugger_id
        )
        # Its own stack: a session may be followed by another one.
        self._session = await self._stack.enter_async_context(debugger)

    async def until_lost(self) -> str | None:
        """Wait until no more can come of the session; why, for a person. None where that was told by an event."""
        try:
            await self.session.until(lambda: False)
        except SessionDeleted:
            return None
        except ClientError as error:
            return f"the server has gone: {error}"
        return None

    async def newest(self) -> str:
        """The id of the session that was made last. Raises `DapError` where there is none."""
        found = (await self.client.sessions(limit=1)).sessions
        if not found:
            raise DapError("the server has no session; give a `query` to start one")
        return found[0].session_id

    async def running(self) -> list[tuple[str, str, str, str | None]]:
        """The tasks that were told as started and not as ended: id, node, path and the task that holds each."""
        found: dict[str, tuple[str, str, str, str | None]] = {}
        after = 0
        while True:
            page = await self.client.call(
                "session.events",
                session_id=self.session.session_id,
                after=after,
                limit=PAGE,
                types=["node.started", *NODE_ENDS],
            )
            for event in page["events"]:
                one = event["params"]
                after = one["seq"]
                if event["method"] == "node.started":
                    found[one["task_id"]] = (
                        one["task_id"], one["node"], one["path"], one.get("parent_task_id")
                    )  # fmt: skip
                elif not one.get("will_retry"):
                    found.pop(one["task_id"], None)
            if not page["events"]:
                return list(found.values())

    async def call(self, method: str, **params: Any) -> Any:
        """A method of this session. Raises `RpcError`, `DapError`."""
        given = {name: value for name, value in params.items() if value is not None}
        return await self.client.call(method, session_id=self.session.session_id, **given)

    async def cancel(self) -> None:
        """End the run, where it is not over."""
        if self._session is None or self._session.status in ENDED:
            return
        try:
            await self.client.cancel(self.session.session_id)
        except RpcError as error:
            if error.type not in ("wrong_state", "session_not_found"):
                raise

    async def detach(self) -> DebuggersResult | None:
        """Debug the session no more; who does then. None where there is no such session any more."""
        try:
            return await self.session.detach()
        except RpcError as error:
            if error.type != "session_not_found":
                raise
            return None

    async def close(self) -> None:
        """Leave the session as it is."""
        await self._stack.aclose()
