"""The server of our own tools, in this process."""

from __future__ import annotations

import functools
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from ..settings import Settings

if TYPE_CHECKING:
    from mcp import ClientSession
    from mcp.server.fastmcp import FastMCP

    from ..tools import Clients


@functools.cache
def warm_up() -> None:
    """Import what the calls need: most of a second, the first time. Meant for a worker thread."""

    from .. import tools  # noqa: F401


@functools.lru_cache(maxsize=8)
def _server(settings: Settings) -> FastMCP[Clients]:
    from ..tools import build_server

    return build_server(settings)


def connect(settings: Settings) -> AbstractAsyncContextManager[ClientSession]:
    """A session with our own tools, over the SDK's in-memory transport."""
    from mcp.shared.memory import create_connected_server_and_client_session

    return create_connected_server_and_client_session(_server(settings))
