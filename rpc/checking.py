"""Which stored sessions would not go on with graphs as they are: looked at without a server."""

from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from typing import Any

from rpc.engine.checkpoints.saver import Saver
from rpc.engine.graphs.registry import open_graphs
from rpc.engine.langgraph.declared_types import serde_for
from rpc.events.encoding import ROOM_BYTES
from rpc.events.log import EventLog
from rpc.keeping import where_of
from rpc.sessions.running.fit import Unfit, unfit
from rpc.settings import Settings
from rpc.startup import StartupError
from rpc.storage.opening import reading
from rpc.storage.records import ResultAt
from rpc.storage.store import StorageError


async def check_sessions(
    settings: Settings, targets: Mapping[str, Any], only: Collection[str] | None
) -> tuple[int, list[Unfit]]:
    """How many unfinished sessions the data directory or the database has, and those that could not go on with these graphs.

    `only`: sessions of these graphs. Nothing is written, and servers may use it. Raises
    `StartupError`, `GraphLoadError`.
    """
    try:
        async with AsyncExitStack() as stack:
            store = stack.enter_context(reading(settings.data_dir, settings.database))

            async def no_result(_: str, __: ResultAt) -> bytes | None:
                return None

            events = EventLog(
                store,
                no_result,
                tail_bytes=settings.tail_bytes,
                pending_bytes=settings.pending_bytes,
                max_event_bytes=settings.max_frame_bytes - ROOM_BYTES,
            )
            graphs = await stack.enter_async_context(
                open_graphs(
                    targets,
                    settings.default_graph,
                    lambda graph: Saver(store, events.line, serde=serde_for(graph)),
                )
            )
            found = [one async for one in unfit(store, graphs, only=only)]
    except StorageError as error:
        raise StartupError(f"{where_of(settings)} cannot be read: {error}") from error
    return len(found), [one for one in found if one is not None]
