"""Which unfinished sessions the graphs, as they are, could not go on with."""

import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence

import anyio
import anyio.lowlevel
from msgspec import Struct

from protocol.errors import ProtocolError
from rpc.engine.graphs.inputs import run_config
from rpc.engine.graphs.registry import Graphs
from rpc.engine.langgraph.place import Place
from rpc.engine.running.looks import Looks, LookTimeoutError
from rpc.engine.thread import look
from rpc.engine.thread.changed import lacks
from rpc.sessions.shown import shown_status
from rpc.storage.records import SessionRecord
from rpc.storage.store import StorageError, Store

log = logging.getLogger("stepwire.sessions")

UNFINISHED = ("queued", "running", "paused", "waiting")
SHOWN = 3
"""How many of several sessions with one fault a log line names."""


class Unfit(Struct, frozen=True):
    """A session that could not go on, and why, for a person."""

    session_id: str
    graph: str
    status: str
    why: str


async def unfit(
    store: Store,
    graphs: Graphs,
    statuses: Sequence[str] = UNFINISHED,
    only: Collection[str] | None = None,
    looks: Looks | None = None,
) -> AsyncIterator[Unfit | None]:
    """Each unfinished session: None where it could go on. Raises `StorageError`.

    `only`: sessions of these graphs. `looks`: where code of a graph's may run, which may take long.
    """
    for record in await store.in_status(statuses):
        if only is not None and record.graph not in only:
            continue
        why = await _why(store, graphs, record, looks)
        yield (
            None
            if why is None
            else Unfit(record.id, record.graph, shown_status(record.status), why)
        )
        # Others have work to do too.
        await anyio.lowlevel.checkpoint()


def resting(record: SessionRecord) -> list[Place]:
    """The tasks that ask, stand, or were let go."""
    debug = record.debug
    return [Place.of(one) for one in (*debug.asking, *debug.stopped, *debug.released)]


async def report(store: Store, graphs: Graphs, looks: Looks) -> None:
    """Log what cannot go on of what rests; what runs is told when it is tried."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    try:
        async for one in unfit(store, graphs, ("paused", "waiting"), looks=looks):
            if one is not None:
                found[one.graph, one.why].append(one.session_id)
    except StorageError as error:
        log.error("sessions could not be compared with their graphs: %s", error)
        return
    for (graph, why), ids in found.items():
        named = ", ".join(ids[:SHOWN]) + (" …" if len(ids) > SHOWN else "")
        log.warning(
            "graph %r changed: %d of its sessions that wait or stand cannot go on, %s (%s)",
            graph,
            len(ids),
            why,
            named,
        )


async def _why(
    store: Store, graphs: Graphs, record: SessionRecord, looks: Looks | None
) -> str | None:
    try:
        return await _lack(store, graphs, record, looks)
    except StorageError:
        raise
    except LookTimeoutError as error:
        return str(error)
    except Exception as error:
        # The border of what looks at all sessions: one whose thread cannot be read is one of them.
        return f"what is stored of it cannot be read: {error}"


async def _lack(
    store: Store, graphs: Graphs, record: SessionRecord, looks: Looks | None
) -> str | None:
    loaded = graphs.find(record.graph)
    run = None if record.run_id is None else await store.read(store.run, record.run_id)
    if loaded is None:
        return f"there is no graph {record.graph!r}"
    if run is None:
        return None
    graph = loaded.graph

    async def compared() -> str | None:
        try:
            run_config(graph, run.config)
        except ProtocolError as error:
            return f"the run's `config` does not fit: {error.detail}"
        if await look.newest_run(graph, record.id) != run.id:
            # It begins anew, with its input.
            return None
        missing = await lacks(graph, record.id, resting(record))
        return f"there is {missing}" if missing else None

    if looks is None:
        return await compared()
    return await looks.run(f"a look into session {record.id} of graph {record.graph!r}", compared)
