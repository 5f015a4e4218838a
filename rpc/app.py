"""The ASGI app: routes to transports, and the life of what stands behind them."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from protocol.errors import OVERLOADED, ProtocolError
from protocol.rest import Health
from rpc.auth.authenticator import Authenticator, OwnAuthenticate
from rpc.auth.headers import safely
from rpc.auth.held import Held
from rpc.auth.langgraph_auth import LangGraphAuth
from rpc.auth.middleware import PrincipalMiddleware, principal_of
from rpc.auth.origin import Cors, OriginMiddleware, OriginPolicy, cors
from rpc.auth.principals import Principal
from rpc.auth.rules import known
from rpc.core import Core, StartupError, open_core
from rpc.events.cursor import Cursor
from rpc.outgoing import Policy
from rpc.sessions.health import health
from rpc.sessions.service import Sessions
from rpc.settings import Settings, SettingsError, check
from rpc.startup import Watched
from rpc.storage.opening import ExtraMissing
from rpc.storage.store import StorageError
from rpc.transports.arriving import call_of
from rpc.transports.beside import Beside, Named
from rpc.transports.jsonrpc import post
from rpc.transports.jsonrpc.messages import Dispatcher
from rpc.transports.jsonrpc.websocket import Connection
from rpc.transports.langgraph.agent_stream import AgentProtocol
from rpc.transports.langgraph.lasting import Lasting
from rpc.transports.langgraph.routes import LangGraphApi
from rpc.transports.langgraph.routes import ok as langgraph_ok
from rpc.transports.langgraph.surface import Surface
from rpc.transports.pages import console, docs
from rpc.transports.rest import browser_session, metrics, probes
from rpc.transports.rest.problems import (
    gone,
    http_problem,
    no_socket,
    problem_response,
    refuse_socket,
    refused,
)
from rpc.transports.rest.routes import Rest
from rpc.transports.rest.sse import EventStream
from rpc.version import VERSION

if TYPE_CHECKING:
    from rpc.telemetry.exposition import Exposition

RPC_PATH = "/rpc"


class StepwireApp(Starlette):
    """Serves graphs. Made by `create_app`."""

    def __init__(
        self,
        targets: Mapping[str, Any],
        settings: Settings,
        own: OwnAuthenticate | None = None,
        *,
        parent_user: bool = False,
        beside: ASGIApp | None = None,
        calls: Policy | None = None,
        descriptions: Mapping[str, str] = MappingProxyType({}),
        beside_asks: bool = False,
        surface: Surface = Surface(),  # noqa: B008
        pages: Cors = Cors(),  # noqa: B008
    ) -> None:
        check(settings)
        self.targets = dict(targets)
        # What a project says of its graphs, by name.
        self.descriptions = descriptions
        self.settings = settings
        self.beside = beside
        # Whether who calls must be known to get to the app beside.
        self.beside_asks = beside_asks
        self.beside_routes: list[Beside] = []
        # What of LangGraph's API a project lets answer.
        self.surface = surface
        # A project's rules for webhooks.
        self.calls = calls
        # A project's own rules for LangGraph's API.
        self.guard = own if isinstance(own, LangGraphAuth) else None
        # What answers; None while the app is not running.
        self.core: Core | None = None
        # Open WebSockets.
        self.connections: set[Connection] = set()
        # What Prometheus reads, once it was asked for.
        self.exposition: Exposition | None = None
        # How many sessions are in each status, when the metrics were last asked for.
        self.statuses: Mapping[str, int] = {}
        # Whether the server is about to stop.
        self.stopping = False
        # What a supervisor saw of the server before this one; None where there is no supervisor.
        self.watched: Watched | None = None
        try:
            self.authenticator = Authenticator(settings, own, parent=parent_user)
        except ExtraMissing as error:
            raise StartupError(str(error)) from error
        self.held = Held(settings.max_connections_per_owner)
        self.rest = Rest(
            lambda: self._ready().bus, settings, self.authenticator.watch, self.held.take
        )
        # Streams and sockets of LangGraph's clients.
        self.lasting = Lasting(
            self.held.take,
            self.authenticator.watch,
            lambda: self._ready().langgraph_bus.requests,
            self._socket_opened,
        )
        self.langgraph = LangGraphApi(
            lambda: self._ready().langgraph_bus,
            lambda: self._ready().langgraph_threads,
            settings,
            self.lasting,
            surface,
        )
        self.agent_protocol = AgentProtocol(
            lambda: self._ready().langgraph_bus,
            lambda: self._ready().langgraph_threads,
            settings,
            self.lasting,
            surface,
        )
        hosts = [settings.host, *settings.allowed_hosts]
        policy = OriginPolicy(hosts, settings.allowed_origins, pages.pattern)
        super().__init__(
            routes=self._answered(beside),
            middleware=[
                Middleware(OriginMiddleware, policy=policy),
                *cors(settings.allowed_origins, pages),
                Middleware(
                    PrincipalMiddleware,
                    authenticate=self.authenticator,
                    refuse=self._refuse,
                    decides=self._decides,
                ),
            ],
            exception_handlers={HTTPException: http_problem, ClientDisconnect: gone},
            lifespan=self.lifespan,
        )
        # An address is right or wrong; it is not guessed.
        self.router.redirect_slashes = False

    def _answered(self, beside: ASGIApp | None) -> list[BaseRoute]:
        """What it answers: a worker, its health and metrics alone. `beside`: an app for all other paths."""
        settings = self.settings
        seen: list[BaseRoute] = [
            *probes.routes(self._health),
            *(metrics.routes(self._metrics) if settings.metrics == "on" else ()),
        ]
        if settings.role == "worker":
            return [*seen, WebSocketRoute("/{path:path}", no_socket)]
        own: list[BaseRoute] = [
            WebSocketRoute(RPC_PATH, self._websocket),
            Route(RPC_PATH, self._post, methods=["POST"]),
            *self.rest.routes(),
            Route("/ok", langgraph_ok, methods=["GET"]),
            *seen,
            *browser_session.routes(
                lambda request, given: self.authenticator.verify(request.scope, given),
                self.authenticator.asks,
            ),
            *(
                one
                for one in docs.routes()
                if one.path not in docs.LEADING or self.surface.answers("meta")
            ),
            *console.routes(),
        ]
        theirs: list[BaseRoute] = [*self.langgraph.routes(), *self.agent_protocol.routes()]
        last = WebSocketRoute("/{path:path}", no_socket)
        if beside is None:
            return [*own, *theirs, last]
        asks = self._refuse if self.beside_asks else None
        named, rest = Named(own, beside, asks), Beside([*own, *theirs], beside, asks)
        self.beside_routes = [named, rest]
        return [*own, named, *theirs, rest, last]

    def _decides(self, scope: Scope) -> bool:
        """Whether the app beside says who may be answered."""
        return not self.beside_asks and any(
            route.matches(scope)[0] is not Match.NONE for route in self.beside_routes
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; outside of all else, so that no answer goes without its headers."""
        scope = self._mounted(scope)
        await super().__call__(scope, receive, safely(send))

    def _mounted(self, scope: Scope) -> Scope:
        """Below a project's own prefix all is as if the app were mounted there."""
        prefix = self.surface.prefix
        if not prefix or scope["type"] not in ("http", "websocket"):
            return scope
        root = scope.get("root_path", "")
        path = scope["path"]
        if path != root + prefix and not path.startswith(f"{root}{prefix}/"):
            return scope
        return {**scope, "root_path": root + prefix}

    def lifespan(self, _: Any = None) -> AbstractAsyncContextManager[None]:
        """The app's life, as a parent app's `lifespan`: `FastAPI(lifespan=stepwire.lifespan)`.

        A mounted app's own lifespan is not run by its parent; this is the one line that does it. In a
        lifespan of your own: `async with stepwire.lifespan(): yield`. Raises `StartupError`,
        `GraphLoadError`.
        """
        return self._running()

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        async with self.running():
            await self.recover()
            yield

    async def recover(self) -> None:
        """Let the runs go on that were left unfinished."""
        assert self.core is not None
        await self.core.recover()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """As `lifespan`, for who calls `recover` once calls are answered: what such a run does may end the process."""
        if self.core is not None:
            raise StartupError("this app is running already")
        async with (
            open_core(
                self.settings,
                self.targets,
                self.watched,
                self.guard,
                self.calls,
                self.descriptions,
            ) as core,
            self._asking(),
            self._beside(),
        ):
            self.core = core
            self.stopping = False
            try:
                yield
            finally:
                self.core = self.exposition = None

    @asynccontextmanager
    async def _beside(self) -> AsyncIterator[None]:
        """The life of the app beside, which nobody else runs."""
        if not isinstance(self.beside, Starlette):
            yield
            return
        async with self.beside.router.lifespan_context(self.beside):
            yield

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        try:
            async with self.authenticator.running():
                yield
        except (StorageError, SettingsError) as error:
            raise StartupError(str(error)) from error

    async def reload(
        self, targets: Mapping[str, Any] | None = None, default_graph: str | None = None
    ) -> int:
        """Load the graphs anew while the app runs; how many runs go on with them from their last checkpoints.

        `targets`: by name; those it serves, and the settings' default, where None. All modules of the project are imported again. Raises
        `GraphLoadError`, and then what was loaded before goes on.
        """
        if self.core is None:
            raise StartupError("this app is not running")
        if targets is None:
            targets, default_graph = self.targets, default_graph or self.settings.default_graph
        count = await self.core.reload(targets, default_graph)
        self.targets = dict(targets)
        return count

    def stop(self) -> None:
        """The server is about to stop: `/readyz` says so, and open streams end.

        What serves the app calls it before it waits for its connections; none of them would end by itself.
        """
        self.stopping = True
        self.rest.stop_streams()
        self.lasting.stop_streams()

    async def _health(self, request: Request) -> Health:
        if self.core is None:
            return health(("not_running", "the app is not running: its lifespan was not started"))
        if self.stopping:
            return health(("stopping", "the server is stopping"))
        found = await self.core.health.check()
        return await self._counted(found, principal_of(request.scope), self.core.sessions)

    async def _counted(
        self, found: Health, principal: Principal | None, sessions: Sessions
    ) -> Health:
        """With the sessions of who asks; nobody's are counted to a stranger."""
        if principal is not None and principal.source == "local":
            return found
        active: int | None = None
        if principal is not None and principal.may("read"):
            with suppress(StorageError):
                active = await sessions.active(principal.owner)
        counts = found.counts if principal is not None and principal.may("admin") else {}
        return msgspec.structs.replace(found, active_sessions=active, counts=counts)

    def over(self, limit: str) -> None:
        """Something was refused for a limit before it came here: by its name."""
        if self.core is not None:
            self.core.metrics.over(limit)

    async def _refuse(
        self, error: ProtocolError, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Refuse who is let in nowhere; it is logged and counted as any request."""
        if self.core is not None:
            wire = "websocket" if scope["type"] == "websocket" else "http"
            self.core.bus.refused(error, call_of(HTTPConnection(scope), wire))
        await refused(error, scope, receive, send)

    async def _metrics(self, accept: str) -> tuple[bytes, str]:
        core = self._ready()
        if self.exposition is None:
            self.exposition = await anyio.to_thread.run_sync(self._exposition, core)
        store = core.sessions.store
        try:
            self.statuses = await store.read(store.status_counts)
        except StorageError:
            # Whether storage works is said elsewhere; the other metrics are wanted all the more.
            self.statuses = {}
        return self.exposition.text(accept)

    def _exposition(self, core: Core) -> "Exposition":
        # Here, and in a thread: what it needs takes long to load, and who is never asked needs none of it.
        from rpc.gauges import gauges
        from rpc.telemetry.exposition import Exposition

        def cursors() -> Iterator[Cursor]:
            for connection in self.connections:
                for subscription in connection.subscriptions.values():
                    yield subscription.cursor
            for stream in self.rest.streams:
                if isinstance(stream, EventStream):
                    yield stream.cursor
            yield from self.lasting.cursors()

        found = gauges(
            core.sessions,
            core.loops,
            core.threads,
            Path(self.settings.data_dir),
            lambda: len(self.connections) + self.lasting.sockets,
            lambda: len(self.rest.streams) + len(self.lasting.streams),
            cursors,
            lambda: self.statuses,
        )
        return Exposition(core.metrics, VERSION, lambda: core.graphs.loaded, found)

    def _ready(self) -> Core:
        if self.core is None:
            raise ProtocolError(
                OVERLOADED,
                "the app is not running: a mounted app's lifespan is the parent's to run, with "
                "FastAPI(lifespan=stepwire.lifespan)",
            )
        return self.core

    def _dispatcher(self) -> Dispatcher:
        return Dispatcher(
            self._ready().bus,
            max_batch_size=self.settings.max_batch_size,
            max_json_depth=self.settings.max_json_depth,
            max_frame_bytes=self.settings.max_frame_bytes,
        )

    async def _websocket(self, websocket: WebSocket) -> None:
        try:
            principal = known(principal_of(websocket.scope))
            dispatcher = self._dispatcher()
            release = self.held.take(principal)
        except ProtocolError as error:
            await refuse_socket(websocket, error)
            return
        connection = Connection(
            websocket,
            dispatcher,
            max_message_bytes=self.settings.max_message_bytes,
            max_frame_bytes=self.settings.max_frame_bytes,
            max_inflight=self.settings.max_inflight,
            max_subscriptions=self.settings.max_subscriptions,
        )
        unwatch = self.authenticator.watch(principal, connection.lapse)
        self.connections.add(connection)
        self._socket_opened()
        try:
            await connection.serve()
        finally:
            unwatch()
            release()
            self.connections.discard(connection)

    def _socket_opened(self) -> None:
        self._ready().metrics.connections += 1

    async def _post(self, request: Request) -> Response:
        try:
            dispatcher = self._dispatcher()
        except ProtocolError as error:
            return problem_response(error, _base_path(request))
        return await post.rpc(request, dispatcher, self.settings.max_message_bytes)


def _base_path(connection: HTTPConnection) -> str:
    """The path the app is mounted under."""
    return str(connection.scope.get("root_path", ""))


def create_app(
    graphs: Mapping[str, Any] | Any | None = None,
    settings: Settings | None = None,
    *,
    authenticate: OwnAuthenticate | None = None,
    parent_user: bool = False,
    beside: ASGIApp | None = None,
    calls: Policy | None = None,
    descriptions: Mapping[str, str] = MappingProxyType({}),
    beside_asks: bool = False,
    surface: Surface = Surface(),  # noqa: B008
    pages: Cors = Cors(),  # noqa: B008
) -> StepwireApp:
    """An ASGI app that serves graphs; run it, or mount it in a Starlette or FastAPI app.

    `graphs`: one graph, or graphs by name; each a compiled graph, a builder, a factory, or a target
    `path/to/file.py:name` or `package.module:name`. None: those of the settings. A single graph is served
    as `default`. `settings`: the defaults where None (the environment is not read: `rpc.settings.load`
    does). `authenticate`: says who calls, of a request's headers (their names in lower case): a `rpc.auth.principals.Principal`,
    or None for nobody. `parent_user`: the app that this one is mounted in says it, as Starlette's `AuthenticationMiddleware`
    does (`scope["user"]`). `beside`: another ASGI app, which gets what is at no address of this one's. `calls`: which webhooks may be
    called, beside what the settings say. `descriptions`: of graphs by name, in place of their docstrings. `beside_asks`: who calls must be
    known to get to the app beside. `surface`: what of LangGraph's API answers. `pages`: how pages of other origins
    may use it, beside what the settings say. Nothing is opened before the app's lifespan starts.
    Raises `StartupError` where a database is named and `stepwire[postgres]` is not installed.
    """
    settings = Settings() if settings is None else settings
    if graphs is None:
        targets: Mapping[str, Any] = settings.graphs
    elif isinstance(graphs, Mapping):
        targets = graphs
    else:
        targets = {"default": graphs}
    return StepwireApp(
        targets,
        settings,
        authenticate,
        parent_user=parent_user,
        beside=beside,
        calls=calls,
        descriptions=descriptions,
        beside_asks=beside_asks,
        surface=surface,
        pages=pages,
    )
