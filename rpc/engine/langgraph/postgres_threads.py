"""LangGraph's own saver on PostgreSQL: the tables that it makes, and threads as it reads them.

Borrowed: that a `_DeltaSnapshot` is a msgpack extension of its own (`langgraph.checkpoint.serde.jsonplus`), of which the saver keeps a
mark beside the checkpoint.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.serde.jsonplus import EXT_DELTA_SNAPSHOT

_CODE_AT = {0xC7: 2, 0xC8: 3, 0xC9: 5, **dict.fromkeys(range(0xD4, 0xD9), 1)}
"""Where a msgpack extension's code is, by the first byte."""


def make_tables(address: str) -> None:
    """Its tables, made where missing, brought up where older. Raises `ImportError`, and what psycopg raises."""
    from langgraph.checkpoint.postgres import PostgresSaver

    with PostgresSaver.from_conn_string(address) as saver:
        saver.setup()


@asynccontextmanager
async def plain_saver(
    address: str, serde: SerializerProtocol
) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    """The saver on the tables that are there. Raises `ImportError`, and what psycopg raises."""
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

    async with AsyncPostgresSaver.from_conn_string(address, serde=serde) as saver:
        yield saver


def is_delta_snapshot(data: bytes) -> bool:
    """Whether a value, as msgpack, is what a delta channel begins anew from."""
    at = _CODE_AT.get(data[0]) if data else None
    return at is not None and len(data) > at and data[at] == EXT_DELTA_SNAPSHOT
