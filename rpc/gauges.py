"""What is read off the server's parts when somebody asks for the metrics."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from rpc.engine.running.loops import GraphLoops
from rpc.engine.running.node_threads import NodeThreads
from rpc.events.cursor import Cursor
from rpc.sessions.service import Sessions
from rpc.telemetry.exposition import Gauge


def gauges(
    sessions: Sessions,
    loops: GraphLoops,
    threads: NodeThreads,
    folder: Path,
    connections: Callable[[], int],
    streams: Callable[[], int],
    cursors: Callable[[], Iterable[Cursor]],
    statuses: Callable[[], Mapping[str, int]],
) -> list[Gauge]:
    """Those of one core. `connections`, `streams`: how many are open. `cursors`: of all who read; `folder`: the data directory. `statuses`: how many sessions are in each."""
    line = sessions.events.line

    def one(name: str, text: str, read: Callable[[], float]) -> Gauge:
        return Gauge(f"stepwire_{name}", text, lambda: {"": read()})

    def running() -> dict[str, float]:
        found = Counter(dict.fromkeys(sessions.graphs.loaded, 0))
        for job in sessions.executor.running():
            if job in found:
                found[job] += 1
        return {**found}

    def stored() -> dict[str, float]:
        return {**statuses()}

    def lags() -> dict[str, float]:
        found = [cursor.lag for cursor in cursors()]
        return {"": max(found, default=0)}

    return [
        one("connections_open", "WebSockets open.", connections),
        one("streams_open", "SSE streams open.", streams),
        one("subscriptions", "Sessions' events that somebody reads.", lambda: len(list(cursors()))),
        Gauge(
            "stepwire_cursor_lag_events",
            "How many committed events the reader that is furthest behind has not been sent.",
            lags,
        ),
        one(
            "cursors_behind",
            "Readers that have not been sent all that is committed.",
            lambda: sum(cursor.lag > 0 for cursor in cursors()),
        ),
        Gauge("stepwire_runs_running", "Runs that execute, by graph.", running, "graph"),
        one("runs_queued", "Runs that wait for their turn.", lambda: sessions.executor.queued),
        Gauge("stepwire_sessions", "Sessions kept, by status.", stored, "status"),
        one("pending_bytes", "Uncommitted, in the durable line.", lambda: line.pending_size),
        one(
            "storage_failing", "1 while the store cannot commit.", lambda: line.failure is not None
        ),
        one("database_bytes", "Size of the database with its log.", lambda: _size(folder)),
        one("node_threads", "Threads for nodes that are not coroutines.", lambda: threads.alive),
        one("node_threads_idle", "Of these, without work.", lambda: threads.idle),
        one(
            "node_threads_abandoned",
            "Of these, with a node that does not return and nobody waits for.",
            lambda: len(threads.lost),
        ),
        one(
            "node_calls_waiting",
            "Nodes that wait for a thread.",
            lambda: len(threads.waiting),
        ),
        one("graph_loops", "Event loops on which graphs run.", lambda: len(loops.loops)),
        one(
            "graph_loops_blocked",
            "Of these, held by a node that blocks.",
            lambda: sum(one.late >= loops.blocked_seconds for one in loops.loops),
        ),
    ]


def _size(folder: Path) -> int:
    total = 0
    for name in ("stepwire.db", "stepwire.db-wal"):
        try:
            total += (folder / name).stat().st_size
        except OSError:
            # It is gone, or nobody may look: the other one counts.
            continue
    return total
