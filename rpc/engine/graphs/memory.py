"""The long-term memory of a server's graphs, as its settings have it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings

from rpc.engine.graphs.load_errors import GraphLoadError, failure
from rpc.engine.graphs.loading import import_object
from rpc.engine.graphs.targets import is_file
from rpc.engine.langgraph.memory_store import Shared, open_memory
from rpc.storage.soundness import Soundness

FILE = "memory.db"
"""Its name in the data directory."""

OWNERS_FILE = "owners-memory.db"
"""That of all owners but the local one. Another file: no graph of the local one's finds what is in it."""

SCHEMA, OWNERS_SCHEMA = "stepwire_memory", "stepwire_owners_memory"
"""The same two in a database."""

FILES = {FILE: SCHEMA, OWNERS_FILE: OWNERS_SCHEMA}
"""The schemas that take what the files have."""


@asynccontextmanager
async def graph_memory(
    folder: Path, embedding: str | None, fields: list[str], soundness: Soundness
) -> AsyncIterator[Shared]:
    """The memory in `folder`, found by meaning too where there is an `embedding`.

    `embedding`: `provider:model` as LangChain's `init_embeddings` takes it, or `path/to/file.py:name` or
    `package.module:name` of an `Embeddings` or of a function from texts to vectors. `fields`: of the values, those
    that are embedded. `soundness`: of the folder. Raises `GraphLoadError` where there is no such embedding.
    """
    embed = None if embedding is None else _embedding(embedding)
    async with AsyncExitStack() as stack:
        try:
            memory = await stack.enter_async_context(
                open_memory(folder / FILE, embed, fields, soundness)
            )
            memory.others = await stack.enter_async_context(
                open_memory(folder / OWNERS_FILE, embed, fields, soundness, owners=True)
            )
        except Exception as error:
            # Providers' packages raise what they like: not installed, no key, no such model.
            raise failure(f"the embedding {embedding}", error) from error
        yield memory


def _embedding(named: str) -> Any:
    left, _, right = named.rpartition(":")
    if not (left and right):
        raise GraphLoadError(
            f"cannot load the embedding {named!r}\n  expected provider:model, path/to/file.py:name or"
            " package.module:name"
        )
    if not is_file(left) and "." not in left:
        return named
    found = import_object(named)
    if not (isinstance(found, Embeddings) or callable(found)):
        raise GraphLoadError(
            f"cannot load the embedding {named}\n  it is a {type(found).__name__}, neither an Embeddings nor a function"
        )
    return found


@asynccontextmanager
async def shared_graph_memory(
    database: str, embedding: str | None, fields: list[str], node_id: str | None = None
) -> AsyncIterator[Shared]:
    """As `graph_memory`, in a PostgreSQL that nodes share: in schemas of its own. `database`: its address; `node_id`: whose memory this is.

    Raises `GraphLoadError`, `StorageError`.
    """
    from rpc.engine.langgraph.postgres_memory import open_postgres_memory
    from rpc.storage.postgres.connecting import named, with_defaults

    embed = None if embedding is None else _embedding(embedding)
    conninfo = with_defaults(database)
    if node_id is not None:
        conninfo = named(conninfo, node_id)
    async with AsyncExitStack() as stack:
        try:
            memory = await stack.enter_async_context(
                open_postgres_memory(conninfo, SCHEMA, embed, fields)
            )
            memory.others = await stack.enter_async_context(
                open_postgres_memory(conninfo, OWNERS_SCHEMA, embed, fields, owners=True)
            )
            if embed is not None:
                # Whether the database can compare vectors is known before a graph needs it.
                await memory.setup()
        except Exception as error:
            raise failure(f"the embedding {embedding}", error) from error
        yield memory


async def make_shared_memory(database: str, embedding: str | None, fields: list[str]) -> None:
    """Make the tables of `shared_graph_memory`, as a graph's first use of it would. Raises `GraphLoadError`, `StorageError`."""
    async with shared_graph_memory(database, embedding, fields) as memory:
        for one in (memory, memory.others):
            if one is not None:
                # It makes its tables before it looks.
                await one.aget(("stepwire",), "made")
