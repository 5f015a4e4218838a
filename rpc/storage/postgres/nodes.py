"""The nodes of a cluster, as they tell of themselves; as workers, procrastinate knows them too."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from psycopg_pool import ConnectionPool

from rpc.storage.cluster import DEAD_SECONDS, GAP_SECONDS, Beat, GraphNames, NodeRow
from rpc.storage.postgres.faults import told
from rpc.storage.postgres.migrations import newest, outdated
from rpc.storage.soundness import Soundness
from rpc.storage.store import StorageBroken

LISTED_SECONDS = 60.0
"""For how long a node that says nothing more is listed."""

T = TypeVar("T")

# Who was taken for dead is another worker from then on: what the first one held is given to others.
_BEAT = b"""
WITH beat AS (
    UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp()
        WHERE id = $7 AND last_heartbeat > to_timestamp(0) RETURNING id
), made AS (
    INSERT INTO procrastinate_workers (last_heartbeat)
        SELECT clock_timestamp() WHERE NOT EXISTS (SELECT 1 FROM beat) RETURNING id
), node AS (
    INSERT INTO nodes (id, role, version, graphs, concurrency, running, names, started_at)
        VALUES ($1, $2, $3, $4::text[], $5, $6, coalesce($10, '{}'),
            coalesce(to_timestamp(nullif($11::bigint, 0) / 1000.0), clock_timestamp()))
        ON CONFLICT (id) DO UPDATE SET graphs = excluded.graphs, running = excluded.running,
            seen_at = clock_timestamp(), names = coalesce($10, nodes.names)
        RETURNING floor(extract(epoch FROM started_at) * 1000)::bigint AS started_at
), old AS (
    DELETE FROM nodes WHERE id <> $1 AND seen_at < clock_timestamp() - make_interval(secs => $9)
), others AS (
    SELECT role, concurrency FROM nodes
    WHERE id <> $1 AND seen_at > clock_timestamp() - make_interval(secs => $8)
)
SELECT (SELECT id FROM beat), (SELECT id FROM made),
    (SELECT coalesce(sum(concurrency), 0) FROM others WHERE role <> 'api'),
    (SELECT count(*) FROM others), (SELECT started_at FROM node),
    floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
"""

# Said while the database was frozen, it is heard as that wakes up, before others are: who says it had not heard it for as long.
_NOT_SILENT = "clock_timestamp() < to_timestamp($2::bigint / 1000.0) + make_interval(secs => $3)"

# A heartbeat of 1970 is that of the dead: one that comes meanwhile is before this, or too late.
_BURY = f"""
UPDATE procrastinate_workers SET last_heartbeat = to_timestamp(0)
    WHERE last_heartbeat < clock_timestamp() - make_interval(secs => $1) AND last_heartbeat > to_timestamp(0)
        AND {_NOT_SILENT}
""".encode()

# A process that is frozen, or cut off, in the middle of a transaction keeps its locks: no time-out of PostgreSQL's counts while a pipeline
# is not at its end. What was opened after the node was last heard of for so long is of one that is back.
_CUT_OFF = f"""
SELECT pg_terminate_backend(a.pid) FROM nodes n
    JOIN pg_stat_activity a ON right(a.application_name, length(n.id) + 1) = ' ' || n.id
    WHERE n.seen_at < clock_timestamp() - make_interval(secs => $1)
        AND a.backend_start < n.seen_at + make_interval(secs => $1)
        AND a.datname = current_database() AND a.usename = current_user
        AND {_NOT_SILENT}
""".encode()

# What a worker holds is given to others first, and only then it is forgotten.
_PRUNE = b"""
DELETE FROM procrastinate_workers w
    WHERE w.last_heartbeat <= to_timestamp(0)
        AND NOT EXISTS (
            SELECT 1 FROM procrastinate_jobs j WHERE j.worker_id = w.id AND j.status = 'doing')
"""

_NODES = b"""
SELECT id, role, version, graphs, concurrency, running,
    floor(extract(epoch FROM started_at) * 1000)::bigint, floor(extract(epoch FROM seen_at) * 1000)::bigint
    FROM nodes ORDER BY started_at, id
"""

_NAMES = b"""
SELECT id, names FROM nodes
    WHERE role <> 'api' AND $1 = ANY(graphs) AND id <> $2
        AND seen_at > clock_timestamp() - make_interval(secs => $3)
    ORDER BY started_at, id
"""

_named = msgspec.json.Decoder(dict[str, GraphNames])


class PostgresRoll:
    """`Roll` in the table `nodes`. `apart`: for the beats, which wait for nobody who reads. `what`: the database, in words."""

    def __init__(
        self,
        pool: ConnectionPool[Any],
        apart: ConnectionPool[Any],
        soundness: Soundness,
        what: str,
    ) -> None:
        self.pool = pool
        self.apart = apart
        self.soundness = soundness
        self.what = what
        # What this node's graphs have, as it was told last; not with every beat.
        self.told: dict[str, GraphNames] | None = None

    def beat(self, node: NodeRow, worker: int | None) -> Beat:
        own = 0 if node.role == "api" else node.concurrency

        def work(connection: Any) -> Beat:
            self._fits(connection)
            given = (node.id, node.role, node.version, node.graphs, node.concurrency, node.running)
            names = None if node.names == self.told else msgspec.json.encode(node.names).decode()
            row = connection.execute(
                _BEAT, (*given, worker, DEAD_SECONDS, LISTED_SECONDS, names, node.started_at)
            ).fetchone()
            kept, made, places, others, *times = row
            # Of one that was missed for long, all that it told is gone.
            self.told = None if kept is None and worker is not None else node.names
            return Beat(kept or made, kept is not None, int(places) + own, others + 1, *times)

        return self._do(work, self.apart)

    def bury(self, heard_at: int) -> None:
        def work(connection: Any) -> None:
            for statement in (_BURY, _CUT_OFF):
                connection.execute(statement, (DEAD_SECONDS, heard_at, GAP_SECONDS))

        self._do(work)

    def prune(self) -> None:
        """Forget the workers that are dead, and hold nothing any more."""
        self._do(lambda connection: connection.execute(_PRUNE))

    def leave(self, node_id: str, worker: int | None) -> None:
        def work(connection: Any) -> None:
            connection.execute(b"DELETE FROM nodes WHERE id = $1", (node_id,))
            connection.execute(b"DELETE FROM procrastinate_workers WHERE id = $1", (worker,))

        self._do(work)

    def nodes(self) -> list[NodeRow]:
        return self._do(
            lambda connection: [NodeRow(*row) for row in connection.execute(_NODES).fetchall()]
        )

    def names(self, graph: str, but: str) -> dict[str, GraphNames]:
        rows = self._do(
            lambda connection: connection.execute(_NAMES, (graph, but, DEAD_SECONDS)).fetchall()
        )
        return {id: _named.decode(names).get(graph, GraphNames()) for id, names in rows}

    def up_seconds(self) -> float:
        row = self._do(
            lambda connection: connection.execute(
                b"SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8"
            ).fetchone()
        )
        return float(row[0])

    def _fits(self, connection: Any) -> None:
        """Raises `StorageBroken` where a newer version changed the database so that this one cannot work on it; and where what this node
        does is not stored any more: nobody is to take it for alive."""
        if (why := outdated(newest(connection), self.what)) is not None:
            raise self.soundness.broke(StorageBroken("outdated", why))
        if self.soundness.fault is not None:
            raise self.soundness.fault

    def _do(self, work: Callable[[Any], T], pool: ConnectionPool[Any] | None = None) -> T:
        with told(self.soundness, self.what), (pool or self.pool).connection() as connection:
            return work(connection)
