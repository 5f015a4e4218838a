"""What a database has, in numbers, for who looks after it."""

from typing import Any

from msgspec import Struct

from rpc.storage.postgres.connecting import SCHEMA, connect, shown, with_defaults
from rpc.storage.postgres.faults import told
from rpc.storage.postgres.migrations import Version, migrate, version_of
from rpc.storage.postgres.schema import VERSION
from rpc.storage.soundness import Soundness


class Status(Struct, frozen=True):
    """Of a database: `schema` and `needs` (the oldest schema that its nodes must know), 0 where there is none. `known`: this version's.

    `bytes`: of the whole database. `rows`: about how many, by table. `sessions`: by status.
    """

    server: str
    schema: int
    needs: int
    known: int
    bytes: int
    trigrams: bool
    rows: dict[str, int]
    sessions: dict[str, int]


def upgrade(address: str, soundness: Soundness) -> Version:
    """Bring the database to this version's schema; what it was. Raises `StorageError`."""
    what = f"the database {shown(address)}"
    with told(soundness, what), connect(with_defaults(address)) as connection:
        return migrate(connection, what)


def status(address: str, soundness: Soundness) -> Status:
    """Look. Raises `StorageError`."""
    with (
        told(soundness, f"the database {shown(address)}"),
        connect(with_defaults(address)) as connection,
    ):
        found = version_of(connection)

        def pairs(statement: str) -> dict[str, Any]:
            return {row[0]: row[1] for row in connection.execute(statement.encode()).fetchall()}

        facts = pairs(
            "SELECT 'server', current_setting('server_version') UNION ALL"
            " SELECT 'bytes', pg_database_size(current_database())::text UNION ALL"
            " SELECT 'trigrams', count(*)::text FROM pg_indexes WHERE indexname = 'session_texts_found'"
        )
        return Status(
            facts["server"],
            found.schema,
            found.compatible,
            VERSION,
            int(facts["bytes"]),
            facts["trigrams"] != "0",
            pairs(
                f"SELECT relname, n_live_tup FROM pg_stat_user_tables WHERE schemaname = '{SCHEMA}' ORDER BY relname"
            ),
            pairs("SELECT status, count(*) FROM sessions GROUP BY status ORDER BY status")
            if found.schema
            else {},
        )
