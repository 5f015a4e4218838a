"""Running the app on a socket: in this process's loop, until the caller is done."""

import asyncio
import math
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from ipaddress import ip_address
from typing import Any, TypeVar

import uvicorn
from msgspec import Struct

from protocol.rest import DOCS_PATH
from rpc.app import RPC_PATH, StepwireApp, create_app
from rpc.listening import BACKLOG, bind
from rpc.settings import Settings
from rpc.startup import StartupError
from rpc.storage.store import StorageError
from rpc.transports.edge.accepting import Acceptor
from rpc.transports.edge.config import Edge, EdgeConfig
from rpc.transports.edge.http import EdgeProtocol
from rpc.transports.edge.socket import EdgeSocketProtocol
from rpc.transports.edge.watch import watch

__all__ = ["BACKLOG", "Address", "bind", "run", "serving"]

T = TypeVar("T")


class Address(Struct, frozen=True):
    """Where a server is reached. `secure`: by TLS."""

    host: str
    port: int
    secure: bool = False

    @property
    def http_url(self) -> str:
        """Without a path."""
        return f"{'https' if self.secure else 'http'}://{self._authority}"

    @property
    def rpc_url(self) -> str:
        """Of the WebSocket."""
        return f"{'wss' if self.secure else 'ws'}://{self._authority}{RPC_PATH}"

    @property
    def console_url(self) -> str:
        """For people: graphs as they run."""
        return self.http_url + "/"

    @property
    def docs_url(self) -> str:
        """For people who write clients."""
        return self.http_url + DOCS_PATH

    @property
    def health_url(self) -> str:
        """For load balancers."""
        return self.http_url + "/health"

    @property
    def _authority(self) -> str:
        # A server on all addresses is reached on any; a URL has to name one.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"


class _Server(uvicorn.Server):
    """Uvicorn, told by its caller when to stop: signals are the command's business."""

    def __init__(self, config: EdgeConfig) -> None:
        super().__init__(config)
        self.edge = config.edge
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if sys.platform == "win32":
            # Its loop has no `add_reader`.
            await super().startup(sockets)
        else:
            acceptors: list[Any] = [
                Acceptor(one, self._protocol, self.edge, self.config.ssl) for one in sockets or []
            ]
            self.servers = acceptors
            self.started = True
        self.listening.set()

    def _protocol(self) -> asyncio.Protocol:
        return EdgeProtocol(self.config, self.server_state, self.lifespan.state)

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().serve(sockets)
        finally:
            # Whoever waits for it must see that it failed.
            self.listening.set()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end in a loop that is made for serving; Ctrl-C cancels it, as in `asyncio.run`."""
    try:
        import uvloop
    except ImportError:
        # There is none for Windows.
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def check_exposed(host: str, settings: Settings, app: StepwireApp) -> None:
    """A server that other machines reach must know who calls. `host`: an address. Raises `StartupError`."""
    if ip_address(host.partition("%")[0]).is_loopback or settings.insecure_no_auth:
        return
    try:
        app.authenticator.book.read()
    except StorageError as error:
        raise StartupError(str(error)) from error
    if not app.authenticator.on:
        raise StartupError(
            f"listening on {settings.host} without authentication would let in everybody who reaches it. Make a token: "
            f"`stepwire token create NAME --data-dir {settings.data_dir}` (authentication is on as soon as there is one); or "
            "listen on 127.0.0.1; or insist with --insecure-no-auth"
        )


@asynccontextmanager
async def serving(
    settings: Settings,
    graphs: Mapping[str, Any] | Any | None = None,
    listener: socket.socket | None = None,
) -> AsyncIterator[Address]:
    """A server in this loop, ready when the body begins, stopped gracefully when it ends.

    `graphs`: as `create_app` takes them, or an app that it made. `listener`: from `bind`, where that was done before. On the way
    out WebSockets are closed with 1012 (service restart), and runs stop to be resumed by the next
    start. Raises `StartupError`, `GraphLoadError`.
    """
    listener = bind(settings) if listener is None else listener
    app = graphs if isinstance(graphs, StepwireApp) else create_app(graphs, settings)
    edge = Edge(settings)
    edge.over = app.over
    config = EdgeConfig(
        app,
        edge,
        http=EdgeProtocol,
        ws=EdgeSocketProtocol,
        timeout_keep_alive=settings.idle_timeout_seconds,
        ws_max_size=4 * settings.max_message_bytes,
        ws_per_message_deflate=settings.permessage_deflate,
        # The app's life is run here: its errors are for the caller, not for uvicorn's log.
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=max(1, math.ceil(settings.shutdown_grace_seconds)),
        # Nobody's word is taken for who he speaks for, unless he is named.
        proxy_headers=bool(settings.forwarded_allow_ips),
        forwarded_allow_ips=settings.forwarded_allow_ips,
        ssl_certfile=settings.ssl_certfile,
        ssl_keyfile=settings.ssl_keyfile,
    )
    failure: Exception | None = None
    with listener:
        try:
            config.load()
        except (OSError, ssl.SSLError) as error:
            files = " and ".join(filter(None, (settings.ssl_certfile, settings.ssl_keyfile)))
            raise StartupError(f"TLS cannot be served with {files}: {error}") from error
        host, port = listener.getsockname()[:2]
        check_exposed(host, settings, app)
        async with app.running():
            server = _Server(config)
            task = asyncio.create_task(server.serve([listener]), name="stepwire.http")
            await server.listening.wait()
            watching = asyncio.create_task(
                watch(edge, server.server_state.connections), name="stepwire.edge"
            )
            try:
                if task.done():
                    await task
                await app.recover()
                yield Address(host, port, config.ssl is not None)
            except Exception as error:
                # The app's task groups would make an exception group of the body's error.
                failure = error
            finally:
                app.stop()
                server.should_exit = True
                try:
                    await task
                finally:
                    watching.cancel()
    if failure is not None:
        raise failure
