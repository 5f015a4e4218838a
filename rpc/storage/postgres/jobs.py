"""The line of jobs, as procrastinate keeps it: what a unit's rows do to it, and who takes from it.

A job is `advance` of one session: its lock and its queueing lock are the session, so that nobody advances what somebody else does, and its queue
is named after its graph. All of a job's life is in the transactions of what it stands for: the command puts it in line, the outcome deletes
it. `ON CONFLICT` says what procrastinate's `AlreadyEnqueued` would, without a savepoint: the newer command counts.
"""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, LiteralString, TypeVar

from procrastinate.connector import BaseAsyncConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from psycopg import Connection, Cursor
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from rpc.storage.cluster import DEAD_SECONDS, LeftJob, TakenJob, Waiting
from rpc.storage.postgres.faults import told
from rpc.storage.postgres.job_statements import END, LET_IN, OTHERS, PUT, TAKE_REFUSED, TRY_AGAIN
from rpc.storage.soundness import Soundness
from rpc.storage.units import PutJob

T = TypeVar("T")

_LEFT = b"""
SELECT j.lock, j.queue_name, s.epoch, j.args->>'asker', j.worker_id
    FROM procrastinate_jobs j
    LEFT JOIN sessions s ON s.id = j.lock
    LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing'
        AND (w.id IS NULL OR w.last_heartbeat <= to_timestamp(0))
    ORDER BY j.id
"""

_LOST = b"""
SELECT s.id, s.graph, s.epoch FROM sessions s
    WHERE s.status IN ('queued', 'running')
        AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.lock = s.id AND j.status = 'doing')
        AND NOT EXISTS (
            SELECT 1 FROM procrastinate_jobs j WHERE j.queueing_lock = s.id AND j.status = 'todo')
        AND NOT EXISTS (SELECT 1 FROM held_jobs h WHERE h.session_id = s.id)
    LIMIT 1000
"""

_HELD = b"SELECT lock FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = $1"

_GIVE_BACK = b"""
WITH held AS (
    DELETE FROM procrastinate_jobs WHERE lock = $1 AND status = 'doing' AND worker_id = $2
        RETURNING queue_name, task_name, lock, queueing_lock, args
)
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args) SELECT * FROM held
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""

_UNSERVED = b"""
SELECT j.lock, j.queue_name FROM procrastinate_jobs j
    WHERE j.status = 'todo'
        AND (j.scheduled_at IS NULL OR j.scheduled_at <= clock_timestamp() OR j.args ? 'refused')
        AND NOT EXISTS (
        SELECT 1 FROM nodes n WHERE j.queue_name = ANY(n.graphs) AND n.role <> 'api'
            AND n.seen_at > clock_timestamp() - make_interval(secs => $1))
    LIMIT 1000
"""


def put(connection: Connection[Any], row: PutJob, epoch: int) -> None:
    """In a unit's transaction: what `PutJob` does. `epoch`: the session's, once the unit is committed. Raises `psycopg.Error`."""
    status = "todo" if row.worker is None else "doing"
    parameters = (row.graph, row.session_id, status, epoch, row.asker, row.recovery)
    most = None if row.worker is not None else row.most
    given = (*parameters, most, row.worker, row.start_at, row.most_of_asker, list(row.refused))
    connection.execute(PUT, given, prepare=True)


def end(connection: Connection[Any], session_id: str) -> None:
    """In a unit's transaction: what `EndJob` does. Raises `psycopg.Error`."""
    connection.execute(END, (session_id,), prepare=True)


class PoolConnector(BaseAsyncConnector):
    """procrastinate's way to the database: connections of the store's pool, in threads."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self.pool = pool

    def rows(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """Run a query of procrastinate's. Raises `psycopg.Error`."""
        given = {
            name: Jsonb(value) if isinstance(value, dict) else value
            for name, value in arguments.items()
        }
        with self.pool.connection() as connection, connection.pipeline():
            with connection.transaction():
                # That a job was taken need not be on the disk by itself: whoever took it commits that its session runs, and that is not
                # there without what was committed before it.
                connection.execute(b"SET LOCAL synchronous_commit TO off")
                # The pool's own cursors take other placeholders.
                cursor = Cursor(connection, row_factory=dict_row)
                cursor.execute(query, given)
            return cursor.fetchall() if cursor.description else []

    async def execute_query_one_async(
        self, query: LiteralString, **arguments: Any
    ) -> dict[str, Any]:
        return self.rows(query, **arguments)[0]


class PostgresJobs:
    """`Jobs` over procrastinate's tables. `what`: the database, in words."""

    def __init__(self, pool: ConnectionPool[Any], soundness: Soundness, what: str) -> None:
        self.pool = pool
        self.soundness = soundness
        self.what = what
        self.manager = JobManager(PoolConnector(pool))

    def take(self, graphs: Sequence[str], worker: int) -> TakenJob | None:
        # Nothing in it waits for a loop: its connector asks at once, in the thread that calls this.
        return self._do(lambda: _taken(_done(self.manager.fetch_job(list(graphs), worker))))

    def take_refused(self, graphs: Sequence[str], worker: int, node_id: str) -> TakenJob | None:
        row = self._one(TAKE_REFUSED, list(graphs), worker, node_id)
        return None if row is None else _job(row[0], row[1])

    def others(self, graph: str, refused: Sequence[str]) -> bool:
        return self._one(OTHERS, graph, list(refused)) is not None

    def try_again(self, node_id: str) -> None:
        self._all(TRY_AGAIN, node_id)

    def claim(self, session_id: str, worker: int) -> TakenJob | None:
        row = self._one(
            b"UPDATE procrastinate_jobs SET status = 'doing', worker_id = $2 WHERE id = ("
            b" SELECT id FROM procrastinate_jobs WHERE queueing_lock = $1 AND status = 'todo'"
            b" FOR UPDATE SKIP LOCKED) RETURNING queue_name, args",
            session_id,
            worker,
        )
        return None if row is None else _job(row[0], row[1])

    def drop(self, session_id: str, worker: int, epoch: int | None = None) -> None:
        self._one(
            b"DELETE FROM procrastinate_jobs WHERE lock = $1 AND status = 'doing' AND worker_id = $2"
            b" AND ($3::bigint IS NULL OR (args->>'epoch')::bigint <= $3)",
            session_id,
            worker,
            epoch,
        )

    def waiting(self, asker: str) -> Waiting:
        row = self._one(
            b"SELECT count(*), count(*) FILTER (WHERE asker = $1) FROM ("
            b" SELECT args->>'asker' AS asker FROM procrastinate_jobs WHERE status = 'todo'"
            b" UNION ALL SELECT asker FROM held_jobs) w",
            asker,
        )
        return Waiting(0, 0) if row is None else Waiting(row[0], row[1])

    def let_in(self, most: int, most_of_asker: int | None) -> list[str]:
        if self._one(b"SELECT 1 FROM held_jobs LIMIT 1") is None:
            return []
        return [row[0] for row in self._all(LET_IN, most, most_of_asker)]

    def left(self) -> list[LeftJob]:
        return [
            LeftJob(row[0], row[1], -1 if row[2] is None else row[2], row[3] or "", row[4] or 0)
            for row in self._all(_LEFT)
        ]

    def held(self, worker: int) -> list[str]:
        return [row[0] for row in self._all(_HELD, worker)]

    def give_back(self, session_id: str, worker: int) -> None:
        self._all(_GIVE_BACK, session_id, worker)

    def lost(self) -> list[LeftJob]:
        return [LeftJob(*row) for row in self._all(_LOST)]

    def unserved(self) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self._all(_UNSERVED, DEAD_SECONDS)]

    def _one(self, statement: bytes, *parameters: Any) -> tuple[Any, ...] | None:
        found = self._all(statement, *parameters)
        return found[0] if found else None

    def _all(self, statement: bytes, *parameters: Any) -> list[tuple[Any, ...]]:
        def read() -> list[tuple[Any, ...]]:
            with self.pool.connection() as connection:
                cursor = connection.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []

        return self._do(read)

    def _do(self, work: Callable[[], T]) -> T:
        with told(self.soundness, self.what):
            return work()


def _taken(job: Job | None) -> TakenJob | None:
    return None if job is None else _job(job.queue, job.task_kwargs)


def _job(graph: str, args: dict[str, Any]) -> TakenJob:
    return TakenJob(
        args["session_id"], graph, args["epoch"], args["asker"], args["recovery"],
        args.get("refused", ()), args.get("until"),
    )  # fmt: skip


def _done(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waits")
