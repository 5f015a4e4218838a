"""A real server on a real socket, in the test's own loop: its insides can be looked at."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pytest
import uvicorn

from rpc.app import RPC_PATH, StepwireApp, create_app
from rpc.core import Core
from rpc.settings import Settings
from rpc.transports.jsonrpc.frames import FramesProtocol
from tests.support.balancer import balanced
from tests.support.server_process import BLOCKED_SECONDS, ON_DATABASE, TWO_NODES
from tests.support.stored_logs import check_database, check_logs


class Served:
    """A server and its address."""

    def __init__(self, app: StepwireApp, authority: str) -> None:
        self.app = app
        self.url = f"ws://{authority}{RPC_PATH}"
        self.http_url = f"http://{authority}"

    @property
    def core(self) -> Core:
        """What stands behind the transports."""
        assert self.app.core is not None
        return self.app.core


class ServedByTwo(Served):
    """Two nodes behind one address: which of them a connection comes to is chance."""

    @property
    def core(self) -> Core:
        """Skips the test: it would hold, or look into, a node that its client may not speak to."""
        pytest.skip("it looks into the process that its client speaks to, and there are two")


class Serve(Protocol):
    """The `serve` fixture's type."""

    def __call__(self, graphs: Any, **settings: Any) -> AbstractAsyncContextManager[Served]: ...


class _Server(uvicorn.Server):
    """Uvicorn that starts and stops at once, not at its next tick of 100 ms."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stopped = asyncio.Event()

    async def main_loop(self) -> None:
        self.ready.set()
        await self.stopped.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(500):
            if not self.server_state.connections and not self.server_state.tasks:
                break
            await asyncio.sleep(0.002)
        for task in list(self.server_state.tasks):
            task.cancel()
        if self.config.lifespan != "off":
            await self.lifespan.shutdown()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


@asynccontextmanager
async def listening(
    app: Any, lifespan: str = "off", ws_max_size: int = 1 << 24, ws: Any = "websockets-sansio"
) -> AsyncIterator[str]:
    """Any ASGI app on a socket; its `host:port`. `ws`: uvicorn's WebSocket, or Stepwire's own."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http="httptools",
        ws=ws,
        ws_max_size=ws_max_size,
        ws_per_message_deflate=False,
        # A client that reads nothing for as long as its test says has not gone.
        ws_ping_interval=None,
        lifespan=lifespan,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    with listener:
        task = asyncio.create_task(server.serve([listener]))
        task.add_done_callback(lambda _: server.ready.set())
        try:
            await server.ready.wait()
            if task.done():
                await task
                raise RuntimeError("the app's lifespan failed")
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            server.stopped.set()
            await task


@asynccontextmanager
async def served(
    graphs: Any, settings: Settings, authenticate: Any = None
) -> AsyncIterator[Served]:
    """The app of these graphs, running. `authenticate`: as `create_app` takes it."""
    folder = Path(settings.data_dir)
    if ON_DATABASE and settings.database is None:
        from tests.support.postgres import shared

        settings = msgspec.structs.replace(settings, database=shared().database(folder))
    app = create_app(graphs, settings, authenticate=authenticate)
    most = 4 * settings.max_message_bytes
    async with app.lifespan(), listening(app, ws_max_size=most, ws=FramesProtocol) as where:
        try:
            yield Served(app, where)
        finally:
            app.stop()
    if settings.database is None:
        check_logs(folder)
    else:
        check_database(settings.database)


@asynccontextmanager
async def served_by_two(
    graphs: Any, settings: Settings, authenticate: Any = None
) -> AsyncIterator[Served]:
    """As `served`, by two nodes of one database behind a round-robin proxy."""
    from tests.support.postgres import shared

    database = shared().database(Path(settings.data_dir))
    settings = msgspec.structs.replace(settings, database=database)
    most = 4 * settings.max_message_bytes
    async with AsyncExitStack() as stack:
        apps, ports = [], []
        for _ in range(2):
            app = create_app(graphs, settings, authenticate=authenticate)
            await stack.enter_async_context(app.lifespan())
            where = await stack.enter_async_context(
                listening(app, ws_max_size=most, ws=FramesProtocol)
            )
            apps.append(app)
            ports.append(int(where.rpartition(":")[2]))
        port = await stack.enter_async_context(balanced(ports))
        try:
            yield ServedByTwo(apps[0], f"127.0.0.1:{port}")
        finally:
            for app in apps:
                app.stop()
    check_database(database)


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Serve graphs in this loop: `async with serve(graph) as server: …`; keywords are settings."""

    def begin(
        graphs: Any, authenticate: Any = None, **settings: Any
    ) -> AbstractAsyncContextManager[Served]:
        settings.setdefault("data_dir", str(tmp_path / "data"))
        settings.setdefault("synchronous", "normal")
        settings.setdefault("shutdown_grace_seconds", 0.1)
        # Where others are busy the graphs' thread may have no turn for seconds: no node is at fault.
        settings.setdefault("blocked_seconds", BLOCKED_SECONDS)
        # Nor has what is cancelled, which is given up after this.
        settings.setdefault("cancel_grace_seconds", 60)
        start = served_by_two if TWO_NODES else served
        return start(graphs, Settings(**settings), authenticate)

    return begin
