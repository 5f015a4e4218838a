"""What is stored, opened by a command: a data directory or a database, whichever is meant."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import StorageError, Store


class ExtraMissing(StorageError):
    """A database is named, and what works with one is not installed."""

    def __init__(self, error: ImportError) -> None:
        super().__init__(
            f"`database` needs what {error.name or 'psycopg'} brings: pip install 'stepwire[postgres]'"
        )


@contextmanager
def importing_extra() -> Iterator[None]:
    """Around imports of `rpc.storage.postgres`, and nothing else. Raises `ExtraMissing`."""
    try:
        yield
    except ImportError as error:
        raise ExtraMissing(error) from error


@contextmanager
def reading(data_dir: str, database: str | None) -> Iterator[Store]:
    """To read only: a server may use it meanwhile. Raises `StorageError`."""
    store: Store
    if database is None:
        store = SQLiteStore(Path(data_dir) / "stepwire.db", "normal", only_reads=True)
    else:
        with importing_extra():
            from rpc.storage.postgres.store import PostgresStore
        store = PostgresStore(database, 1, only_reads=True)
    try:
        yield store
    finally:
        store.close()
