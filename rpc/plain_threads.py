"""A session's thread to the tables of plain LangGraph's saver on PostgreSQL, and a thread of these as a session.

The store is a data directory or the database that nodes share. Needs the extra `stepwire[postgres]`.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from msgspec import Struct

from protocol.sessions import ACTIVE, Status
from rpc.engine.checkpoints import importing
from rpc.engine.checkpoints.binding import bound
from rpc.engine.checkpoints.listing import PAGE
from rpc.engine.checkpoints.plain import from_rows, to_rows
from rpc.engine.checkpoints.saver import Saver
from rpc.engine.graphs.registry import open_graphs
from rpc.engine.langgraph.declared_types import serde_for, serializer
from rpc.engine.langgraph.postgres_threads import make_tables, plain_saver
from rpc.engine.thread import look
from rpc.engine.values.to_json import to_json
from rpc.events.log import EventLog
from rpc.sessions.arriving import Arrival, arrived
from rpc.sessions.new_ids import new_id
from rpc.settings import Settings
from rpc.storage.opening import reading
from rpc.storage.postgres import langgraph_tables
from rpc.storage.postgres.connecting import within
from rpc.storage.postgres.store import PostgresStore
from rpc.storage.records import ResultAt
from rpc.storage.sqlite import placing
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import StorageError, Store
from rpc.storage.thread_rows import ThreadRows
from rpc.storage.units import PutCheckpoint, Refused

ID_CHARACTERS = 128
"""How long a session's id may be."""


class MoveError(Exception):
    """A thread cannot be moved; the text says why, and what would be right."""


class Imported(Struct, frozen=True):
    """A session that was made of a thread."""

    session_id: str
    status: Status
    checkpoints: int
    questions: int


def export_thread(
    settings: Settings,
    session_id: str,
    to: str,
    thread_id: str,
    *,
    replaces: bool,
    schema: str | None = None,
) -> int:
    """Copy a session's thread to the tables at `to`, made where missing; how many checkpoints it has.

    `schema`: which one has the tables, where it is not the first of the address's own search path. Of a data directory, a server may use it meanwhile. Raises `MoveError`, `StorageError`, `ImportError`.
    """
    to = within(to, schema)
    langgraph_tables.check_place(to)
    with reading(settings.data_dir, settings.database) as store:
        record = store.session(session_id)
        if record is not None and record.status in ACTIVE:
            raise MoveError(
                f"session {session_id} is {record.status}, and its thread still grows: wait for its end, pause or cancel it"
            )
        if not store.checkpoints(session_id, limit=1):
            raise MoveError(
                f"there is no session {session_id!r}"
                if record is None
                else f"session {session_id} has no checkpoint yet"
            )
        try:
            make_tables(to)
        except Exception as error:
            # psycopg's, which is of the storage's rooms; what it says may quote the address, but not its password.
            said = str(error).strip().partition("\n")[0]
            raise StorageError(f"LangGraph's tables could not be made: {said}") from error
        return langgraph_tables.write(to, thread_id, _pages(store, session_id), replaces=replaces)


def _pages(store: Store, session_id: str) -> Iterator[ThreadRows]:
    """All of a thread, a few checkpoints at a time: each is read with all of its values."""
    serde = serializer()
    done = set[tuple[str, str, str]]()
    for namespace in sorted({one.namespace for one in store.outlines(session_id)}):
        before = None
        while page := store.checkpoints(session_id, namespace, before, PAGE):
            for found in page:
                rows = to_rows(found, serde)
                new = [
                    one
                    for one in rows.values
                    if (one.namespace, one.channel, one.version) not in done
                ]
                done.update((one.namespace, one.channel, one.version) for one in new)
                yield ThreadRows(rows.checkpoints, new, rows.writes)
            before = page[-1].checkpoint_id


async def import_thread(
    settings: Settings,
    source: str,
    thread_id: str,
    graph: tuple[str, Any],
    *,
    session_id: str,
    owner: str,
    name: str | None,
    by: str,
    schema: str | None = None,
) -> Imported:
    """Make a session of a thread of the tables at `source`, which stays there as it is.

    `graph`: its name and target; it is loaded, and looks at the thread: where it stands, and what it asks. A data directory must be no
    server's meanwhile. `by`: who does it, for the audit. `schema`: as in `export_thread`. Raises `MoveError`, `StorageError`, `GraphLoadError`, `ImportError`.
    """
    if not 0 < len(session_id) <= ID_CHARACTERS:
        raise MoveError(f"a session's id has 1 to {ID_CHARACTERS} characters; --as gives one")
    source = within(source, schema)
    langgraph_tables.check_place(source)
    thread = langgraph_tables.read(source, thread_id)
    if not any(not one.namespace for one in thread.checkpoints):
        raise MoveError(f"there is no thread {thread_id!r} in the tables there")
    try:
        rows = list(from_rows(thread, session_id))
    except ValueError as error:
        raise MoveError(f"thread {thread_id!r} cannot be read: {error}") from error
    with _writing(settings) as store:
        if store.session(session_id) is not None or store.outlines(session_id):
            raise MoveError(f"there is a session {session_id!r} already; --as gives another id")
        async with AsyncExitStack() as stack:
            graphs = await stack.enter_async_context(
                open_graphs({graph[0]: graph[1]}, None, _saver(store, settings))
            )
            loaded = graphs.get(graph[0]).graph
            plain = bound(
                loaded, await stack.enter_async_context(plain_saver(source, serde_for(loaded)))
            )
            found = await look.state(plain, thread_id, standing=None)
            if found is None or found.checkpoint_id != _newest(thread):
                raise MoveError(
                    f"thread {thread_id!r} is being changed: stop who runs it, and try again"
                )
            inputs = await look.sent_inputs(plain, thread_id, found)
            output = to_json(look.output_of(plain, found))
        run_id = found.run_id
        if run_id is None or store.run(run_id) is not None:
            run_id = new_id()
        began_at = min(one.created_at for one in rows if isinstance(one, PutCheckpoint))
        arrival = Arrival(session_id, run_id, graph[0], owner, name, began_at, by)
        unit, status = arrived(arrival, rows, found, inputs, output)
        (outcome,) = store.write([unit])
        if isinstance(outcome, Refused):
            raise MoveError(
                f"thread {thread_id!r} could not be stored: {outcome.detail or outcome.reason}"
            )
    return Imported(session_id, status, len(thread.checkpoints), len(found.open_questions()))


def _newest(thread: ThreadRows) -> str:
    return max(one.checkpoint_id for one in thread.checkpoints if not one.namespace)


def _saver(store: Store, settings: Settings) -> Any:
    async def no_result(_: str, __: ResultAt) -> bytes | None:
        return None

    events = EventLog(
        store, no_result, tail_bytes=settings.tail_bytes, pending_bytes=settings.pending_bytes
    )
    return lambda graph: Saver(store, events.line, serde=serde_for(graph))


@contextmanager
def _writing(settings: Settings) -> Iterator[Store]:
    if settings.database is not None:
        shared = PostgresStore(settings.database, 1)
        try:
            yield shared
        finally:
            shared.close()
        return
    folder = Path(settings.data_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=0):
            placing.finish(folder)
            own = SQLiteStore(folder / "stepwire.db", settings.synchronous, importing.rows)
            try:
                yield own
            finally:
                own.close()
    except Timeout as error:
        raise MoveError(f"a server uses {folder}: stop it first") from error
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror}") from error
