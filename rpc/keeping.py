"""Where a server keeps all that it has: a directory of its own, or a database; opened, and what is said where that fails."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from rpc.engine.checkpoints import importing
from rpc.engine.graphs.memory import FILE as MEMORY_FILE
from rpc.engine.graphs.memory import graph_memory, shared_graph_memory
from rpc.engine.langgraph.memory_store import Shared
from rpc.settings import Settings
from rpc.startup import StartupError
from rpc.storage.cluster import SharedLine
from rpc.storage.opening import ExtraMissing, importing_extra
from rpc.storage.soundness import Soundness
from rpc.storage.sqlite import placing
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import StorageError, Store


@contextmanager
def place_of(settings: Settings, folder: Path) -> Iterator[Soundness]:
    """Where all is kept: a directory that is this server's alone, or a database."""
    if settings.database is None:
        with _locked(folder) as soundness:
            yield soundness
    else:
        yield Soundness(Path())


def open_store(
    settings: Settings, folder: Path, soundness: Soundness, node_id: str
) -> tuple[Store, SharedLine | None]:
    """The store and, where others may share it, what nodes share beside it. Raises `StartupError`, `StorageError`."""
    if settings.database is None:
        return SQLiteStore(
            folder / "stepwire.db", settings.synchronous, importing.rows, soundness=soundness
        ), None
    try:
        with importing_extra():
            from rpc.storage.postgres.shared import open_shared
    except ExtraMissing as error:
        raise StartupError(str(error)) from error
    return open_shared(settings.database, settings.pool_size, soundness, node_id)


def open_memory(
    settings: Settings, folder: Path, soundness: Soundness, node_id: str
) -> AbstractAsyncContextManager[Shared]:
    """The graphs' long-term memory, where all else is kept."""
    embedding, fields = settings.memory_embedding, settings.memory_fields
    if settings.database is None:
        return graph_memory(folder, embedding, fields, soundness)
    return shared_graph_memory(settings.database, embedding, fields, node_id)


def databases(folder: Path) -> dict[str, Path]:
    return {"the database": folder / "stepwire.db", "the graphs' memory": folder / MEMORY_FILE}


def where_of(settings: Settings) -> str:
    """Where all is kept; of a database, what fails says which."""
    return "the database" if settings.database else f"the data directory {settings.data_dir}"


def unusable(settings: Settings, error: StorageError, opened: bool) -> str:
    where = where_of(settings)
    if not opened:
        return f"{where} cannot be used: {error}"
    return (
        f"the server has stopped, and what happened last could not be stored in {where.removeprefix('the data directory ')}: "
        f"{error}; what ran goes on from its last checkpoint at the next start"
    )


class _locked:
    """Holds the data directory for one server: two would number the same events."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = FileLock(folder / "lock", timeout=0)

    def __enter__(self) -> Soundness:
        try:
            # It makes the folder too.
            self.lock.acquire()
        except Timeout as error:
            raise StartupError(
                f"the data directory {self.folder} is in use by another server; stop it, or give this "
                "one its own with --data-dir"
            ) from error
        except OSError as error:
            raise StartupError(
                f"the data directory {self.folder} cannot be written: {error.strerror}; give another "
                "one with --data-dir"
            ) from error
        try:
            placing.finish(self.folder)
        except OSError as error:
            self.lock.release()
            raise StartupError(
                f"a restore into {self.folder} that was cut off cannot be finished: {error}"
            ) from error
        soundness = Soundness(self.folder)
        soundness.keep(self.folder, "the data directory")
        soundness.keep(self.folder / "lock", "the data directory's lock")
        return soundness

    def __exit__(self, *_: object) -> None:
        self.lock.release()
