"""The tables of schema 3: procrastinate's line of jobs, what is held back from it, and the nodes.

procrastinate's tables are as its release makes them (https://procrastinate.readthedocs.io), in the schema of ours. Two kinds of its triggers are
off: NOTIFY inside a commit lets the commits of a database follow each other one by one, and a history of jobs that are deleted when they
end is read by nobody.
"""

from typing import Any

from procrastinate.schema import SchemaManager
from psycopg import ClientCursor, Connection

NODES = """
CREATE TABLE nodes (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    role text COLLATE "C" NOT NULL,
    version text NOT NULL,
    graphs text[] COLLATE "C" NOT NULL,
    concurrency int NOT NULL,
    running int NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Sessions that are to be advanced, of askers who have as many jobs as may be.
CREATE TABLE held_jobs (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id text COLLATE "C" NOT NULL UNIQUE,
    graph text COLLATE "C" NOT NULL,
    asker text COLLATE "C" NOT NULL,
    args jsonb NOT NULL
);
CREATE INDEX held_jobs_asker ON held_jobs (asker, number);

CREATE INDEX procrastinate_jobs_asker ON procrastinate_jobs ((args->>'asker'))
    WHERE status IN ('todo', 'doing');
"""

OFF = (
    "procrastinate_jobs_notify_queue_job_inserted_v1",
    "procrastinate_trigger_status_events_insert_v1",
    "procrastinate_trigger_status_events_update_v1",
)
"""Triggers of procrastinate's that are not wanted."""


def line_of_jobs(connection: Connection[Any]) -> None:
    """Schema 3, in an open transaction whose search path begins with the schema of ours."""
    # Many statements at once: as text, without parameters.
    ClientCursor(connection).execute(SchemaManager.get_schema())
    ClientCursor(connection).execute(NODES)
    for trigger in OFF:
        ClientCursor(connection).execute(
            f"ALTER TABLE procrastinate_jobs DISABLE TRIGGER {trigger}".encode()
        )
