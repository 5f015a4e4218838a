"""A store that nodes share, and what they share beside it."""

from rpc.storage.cluster import SharedLine
from rpc.storage.postgres.bell import PostgresBell
from rpc.storage.postgres.connecting import named, with_defaults
from rpc.storage.postgres.jobs import PostgresJobs
from rpc.storage.postgres.nodes import PostgresRoll
from rpc.storage.postgres.store import PostgresStore
from rpc.storage.soundness import Soundness


def open_shared(
    address: str, pool_size: int, soundness: Soundness, node_id: str
) -> tuple[PostgresStore, SharedLine]:
    """The database at `address`. Raises `StorageError`."""
    store = PostgresStore(named(with_defaults(address), node_id), pool_size, soundness=soundness)
    store.apart.open()
    return store, SharedLine(
        PostgresJobs(store.pool, soundness, store.what),
        PostgresRoll(store.pool, store.apart, soundness, store.what),
        PostgresBell(store.conninfo, store.pool, node_id),
    )
