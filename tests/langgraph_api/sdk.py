"""LangGraph's Python SDK, at a server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from langgraph_sdk import get_client

from tests.support.server_process import ServerProcess


@asynccontextmanager
async def sdk_at(process: ServerProcess) -> AsyncIterator[Any]:
    """A client of the server's, which is closed in the end."""
    client = get_client(url=process.http_url, api_key=None)
    try:
        yield client
    finally:
        await client.aclose()
