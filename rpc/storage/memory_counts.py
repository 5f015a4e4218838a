"""Statements by which a file or schema of the graphs' memory counts the bytes that are kept in it, owner by owner.

The tables are those of LangGraph's stores: `store` and `store_vectors`, with the columns `prefix` (a namespace's labels with dots between
them), `key`, `value` and `embedding`. Its SQLite store replaces rows (`INSERT OR REPLACE`, which tells triggers of what is removed only
where `recursive_triggers` is on), its PostgreSQL store updates them. A *root* is what is counted together: so many of the first
characters of a prefix; with none, all.
"""

from collections.abc import Callable

TABLES = {"store": "value", "store_vectors": "embedding"}
"""What is counted, and its largest column."""

KEPT = "SELECT coalesce(sum(bytes), 0) AS bytes FROM kept_bytes WHERE root = {}"
"""How many bytes are kept of a root, for which a parameter takes the place of the braces."""


def sqlite_counting(root: int, vectors: bool) -> list[str]:
    """Statements after which a file counts what is kept of each `root`: so many characters of a namespace, of its first label.

    Where none has counted before, what is there is counted once.
    """
    made = ["CREATE TABLE IF NOT EXISTS kept_bytes (root TEXT PRIMARY KEY, bytes INTEGER NOT NULL)"]
    for table, column in _tables(vectors):
        size, change = _size(column, "CAST({} AS BLOB)", "length"), f"kept_{table}"
        more = (
            f"INSERT INTO kept_bytes VALUES (substr(new.prefix, 1, {root}), {size('new')})"
            " ON CONFLICT (root) DO UPDATE SET bytes = bytes + excluded.bytes;"
        )
        less = f"UPDATE kept_bytes SET bytes = bytes - ({size('old')}) WHERE root = substr(old.prefix, 1, {root});"
        made += [
            f"CREATE TRIGGER IF NOT EXISTS {change}_more AFTER INSERT ON {table} BEGIN {more} END",
            f"CREATE TRIGGER IF NOT EXISTS {change}_less AFTER DELETE ON {table} BEGIN {less} END",
            f"CREATE TRIGGER IF NOT EXISTS {change}_other AFTER UPDATE OF {column} ON {table} BEGIN {less} {more} END",
        ]
    return made


def sqlite_recount(root: int, vectors: bool) -> list[str]:
    """Statements that count what is kept anew."""
    rows = _rows(root, vectors, "CAST({} AS BLOB)", "length")
    return [
        "DELETE FROM kept_bytes",
        f"INSERT INTO kept_bytes SELECT root, sum(size) FROM ({rows}) GROUP BY root",
    ]


def postgres_counting(root: int, vectors: bool) -> list[str]:
    """As `sqlite_counting`, in the schema that the connection is in."""
    made = ["CREATE TABLE IF NOT EXISTS kept_bytes (root text PRIMARY KEY, bytes bigint NOT NULL)"]
    for table, column in _tables(vectors):
        size, change = _size(column, "({})::text", "octet_length"), f"kept_{table}"
        made += [
            f"CREATE OR REPLACE FUNCTION {change}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF TG_OP <> 'INSERT' THEN"
            f" UPDATE kept_bytes SET bytes = bytes - ({size('OLD')}) WHERE root = substr(OLD.prefix, 1, {root});"
            " END IF;"
            " IF TG_OP <> 'DELETE' THEN"
            f" INSERT INTO kept_bytes VALUES (substr(NEW.prefix, 1, {root}), {size('NEW')})"
            " ON CONFLICT (root) DO UPDATE SET bytes = kept_bytes.bytes + excluded.bytes;"
            " END IF; RETURN NULL; END $$",
            f"CREATE OR REPLACE TRIGGER {change} AFTER INSERT OR DELETE OR UPDATE OF {column} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {change}()",
        ]
    return made


def postgres_recount(root: int, vectors: bool) -> list[str]:
    """As `sqlite_recount`."""
    rows = _rows(root, vectors, "({})::text", "octet_length")
    return [
        "DELETE FROM kept_bytes",
        f"INSERT INTO kept_bytes SELECT root, sum(size) FROM ({rows}) counted GROUP BY root",
    ]


def _tables(vectors: bool) -> list[tuple[str, str]]:
    return [one for one in TABLES.items() if vectors or one[0] == "store"]


def _size(column: str, cast: str, length: str) -> Callable[[str], str]:
    def of(row: str) -> str:
        value = cast.format(f"{row}.{column}")
        return f"{length}({value}) + length({row}.key)"

    return of


def _rows(root: int, vectors: bool, cast: str, length: str) -> str:
    return " UNION ALL ".join(
        f"SELECT substr(prefix, 1, {root}) AS root, {_size(column, cast, length)(table)} AS size FROM {table}"
        for table, column in _tables(vectors)
    )
