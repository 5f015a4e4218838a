"""The one connection that writes: transactions of whole batches, and what became of one whose answer was lost.

Each transaction writes its number into the writer's row of `commits`: it was committed if that stands there. (`pg_xact_status` would not
tell: a server that crashes may give the number of a transaction that is lost to the next one, of somebody else.)

Many nodes write at once. The rows of a batch's sessions are locked first, in the order of their ids, so that two batches never wait
for each other; what conditions are checked against, and events' numbers, are read under these locks.
"""

import time
import uuid
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import Connection, errors

from rpc.clock import now_ms
from rpc.storage.planning import Head, Plan, Times, plan
from rpc.storage.postgres.connecting import connect
from rpc.storage.postgres.faults import OWN_FAULTS, lost, refused
from rpc.storage.postgres.writing import Stored, Writing
from rpc.storage.soundness import Soundness
from rpc.storage.store import StorageBroken, StorageError
from rpc.storage.units import Outcome, PutRun, Unit

ASK_SECONDS = 3.0
"""How long it is tried at once to learn what became of a commit whose answer was lost."""

DEADLOCKS = 5
"""How often a batch is begun again that another node's was in the way of."""

KEPT_DAYS = 30
"""For how long it is known what a writer that commits nothing more has committed."""

_KNOWN = b"INSERT INTO commits (writer, number) VALUES ($1, 0) ON CONFLICT DO NOTHING"
_OLD = b"DELETE FROM commits WHERE at < clock_timestamp() - make_interval(days => $1::int)"
_COUNT = (
    b"UPDATE commits SET number = $2, at = clock_timestamp() WHERE writer = $1 RETURNING number"
)
# Where the transaction in doubt has not ended, it holds the row.
_COUNTED = b"SELECT number FROM commits WHERE writer = $1 FOR UPDATE NOWAIT"

_HEADS = (
    b"SELECT id, epoch, revision, seq, first_seq, owner, digest, octet_length(record)::bigint"
    b" FROM sessions WHERE id = ANY($1::text[])"
)
_LOCKED = _HEADS + b" ORDER BY id FOR UPDATE"
_RUNS = b"SELECT id, octet_length(record)::bigint FROM runs WHERE id = ANY($1::text[])"


class Doubt(Struct):
    """A commit whose answer was lost: its number, what it held, and what becomes of that if it was committed."""

    number: int
    units: list[Unit]
    outcomes: list[Outcome]


class UnknownWriter(StorageError):
    """The writer's row is gone: it has committed nothing for long."""

    def __init__(self) -> None:
        super().__init__("the database does not know who writes")


class Committing:
    """See the module. For one thread. `what`: the database, in words. `identity`: by which it is known again.

    `pipelined`: False for a process that somebody may suspend, and that no node would take for dead: no time-out of PostgreSQL's lets
    go what it holds while a pipeline is not at its end.
    """

    def __init__(
        self,
        conninfo: str,
        soundness: Soundness,
        what: str,
        identity: bytes,
        *,
        pipelined: bool = True,
    ) -> None:
        self.conninfo = conninfo
        self.soundness = soundness
        self.what = what
        self.identity = identity
        self.pipelined = pipelined
        self.times = Times()
        self.connection: Connection[Any] | None = None
        self.doubt: Doubt | None = None
        # Its name in `commits`, and the number of its last transaction; 0 in `counted` until that has written it.
        self.name = uuid.uuid4().hex
        self.known = False
        self.number = 0
        self.counted = 0

    def write(self, units: Sequence[Unit]) -> list[Outcome]:
        """Commit all units that may be. Raises `psycopg.Error`, `StorageError`."""
        done = self._settled(units)
        left = [unit for unit in units if id(unit) not in done]
        if not left:
            return [done[id(unit)] for unit in units]
        for again in range(DEADLOCKS):
            try:
                outcomes = self._committed(left)
                break
            except (errors.DeadlockDetected, errors.SerializationFailure):
                if again == DEADLOCKS - 1:
                    raise
            except UnknownWriter:
                if again == DEADLOCKS - 1:
                    raise
                self._make_known(self._open())
            except psycopg.OperationalError:
                # One that was idle while the database was away turns out to be gone, before anything could be committed on it.
                if again or self.connection is not None or self.doubt is not None:
                    raise
        done |= {id(unit): outcome for unit, outcome in zip(left, outcomes, strict=True)}
        return [done[id(unit)] for unit in units]

    def close(self) -> None:
        """Close the connection."""
        if self.connection is None:
            return
        if self.doubt is None:
            with suppress(psycopg.Error):
                self.connection.execute(b"DELETE FROM commits WHERE writer = $1", (self.name,))
        self.connection.close()

    def _committed(self, units: Sequence[Unit]) -> list[Outcome]:
        try:
            return self._together(units)
        except OWN_FAULTS:
            # Somebody's values: find out whose, each by itself.
            return self._apart(units)

    def _together(self, units: Sequence[Unit]) -> list[Outcome]:
        connection = self._open()
        planned: Plan | None = None
        try:
            with connection.pipeline() if self.pipelined else nullcontext():
                heads, stored = self._begun(connection, units)
                planned = plan(units, heads, self.times)
                self._apply(connection, planned, stored)
                connection.execute(b"COMMIT")
        except BaseException as error:
            self._failed(error, units, None if planned is None else planned.outcomes)
            if self.doubt is None or not isinstance(error, psycopg.OperationalError):
                raise
            return self._asked(units, error)
        return planned.outcomes

    def _apart(self, units: Sequence[Unit]) -> list[Outcome]:
        connection = self._open()
        outcomes: list[Outcome] = []
        try:
            self._begun(connection, units)
            for unit in units:
                connection.execute(b"SAVEPOINT unit")
                try:
                    heads, stored = self._heads(connection, _HEADS, [unit])
                    planned = plan([unit], heads, self.times)
                    self._apply(connection, planned, stored)
                    outcomes += planned.outcomes
                except OWN_FAULTS as error:
                    connection.execute(b"ROLLBACK TO unit")
                    outcomes.append(refused(error))
                connection.execute(b"RELEASE unit")
            connection.execute(b"COMMIT")
        except BaseException as error:
            self._failed(error, units, outcomes if len(outcomes) == len(units) else None)
            if self.doubt is None or not isinstance(error, psycopg.OperationalError):
                raise
            return self._asked(units, error)
        return outcomes

    def _begun(
        self, connection: Connection[Any], units: Sequence[Unit]
    ) -> tuple[dict[str, Head], Stored]:
        """Begin a transaction, with its sessions locked. Raises `UnknownWriter`."""
        self.number += 1
        self.counted = 0
        connection.execute(b"BEGIN")
        counted = connection.execute(_COUNT, (self.name, self.number), prepare=True, binary=True)
        heads = self._heads(connection, _LOCKED, units)
        if counted.fetchone() is None:
            raise UnknownWriter
        self.counted = self.number
        return heads

    def _heads(
        self, connection: Connection[Any], statement: bytes, units: Sequence[Unit]
    ) -> tuple[dict[str, Head], Stored]:
        # Texts that PostgreSQL cannot hold are of no session.
        names = sorted(
            {
                unit.session_id
                for unit in units
                if unit.session_id is not None and "\0" not in unit.session_id
            }
        )
        runs = {
            row.record.id
            for unit in units
            for row in unit.rows
            if isinstance(row, PutRun) and "\0" not in row.record.id
        }
        # In this order: what is not locked yet may still be changed.
        locked = (
            connection.execute(statement, (names,), prepare=True, binary=True) if names else None
        )
        sizes = (
            connection.execute(_RUNS, (list(runs),), prepare=True, binary=True) if runs else None
        )
        found = [] if locked is None else locked.fetchall()
        stored = Stored(
            {row[0]: row[5] for row in found},
            {row[0]: row[6] for row in found},
            {row[0]: row[7] for row in found},
            {} if sizes is None else dict(sizes.fetchall()),
        )
        return {row[0]: Head(*row[1:5]) for row in found}, stored

    def _apply(self, connection: Connection[Any], planned: Plan, stored: Stored) -> None:
        Writing(connection, now_ms(), stored).apply(planned)

    def _open(self) -> Connection[Any]:
        connection = self.connection
        if connection is not None and not connection.closed:
            return connection
        connection = connect(self.conninfo)
        try:
            row = connection.execute(
                b"SELECT value FROM secrets WHERE name = 'identity'", binary=True
            ).fetchone()
            if row is None or row[0] != self.identity:
                raise self.soundness.broke(
                    StorageBroken(
                        "replaced",
                        f"{self.what} is not the one that was opened: it was made anew or restored while the server used it; "
                        "start the server again once it is the right one",
                    )
                )
            if not self.known:
                self._make_known(connection)
        except BaseException:
            connection.close()
            raise
        self.connection = connection
        return connection

    def _make_known(self, connection: Connection[Any]) -> None:
        """Have a row for its numbers, in a transaction of its own: one that is not there cannot be held by one in doubt."""
        connection.execute(_KNOWN, (self.name,))
        connection.execute(_OLD, (KEPT_DAYS,))
        self.known = True

    def _failed(
        self, error: BaseException, units: Sequence[Unit], outcomes: list[Outcome] | None
    ) -> None:
        """Leave the transaction. One whose connection is lost may have been committed, if it was whole."""
        connection = self.connection
        if connection is None:
            return
        if not connection.closed:
            with suppress(psycopg.Error):
                connection.execute(b"ROLLBACK")
        if isinstance(error, errors.ReadOnlySqlTransaction):
            # Another connection may be one that writes.
            connection.close()
            self.connection = None
            return
        if connection.closed or connection.broken or connection.info.transaction_status != 0:
            connection.close()
            self.connection = None
            if outcomes is not None and self.counted and isinstance(error, psycopg.Error):
                self.doubt = Doubt(self.counted, list(units), outcomes)

    def _asked(self, units: Sequence[Unit], error: psycopg.OperationalError) -> list[Outcome]:
        """What became of it, where that can be learned soon. Raises `error` where it cannot, or it was not committed."""
        ends = time.monotonic() + ASK_SECONDS
        while True:
            try:
                done = self._settled(units)
            except (psycopg.Error, StorageError):
                if time.monotonic() > ends:
                    raise error from None
                time.sleep(0.1)
                continue
            if not done:
                raise error
            return [done[id(unit)] for unit in units]

    def _settled(self, units: Sequence[Unit]) -> dict[int, Outcome]:
        """By their ids, what became of those that were committed in doubt. Raises `psycopg.Error`, `StorageError`."""
        doubt = self.doubt
        if doubt is None:
            return {}
        try:
            row = self._open().execute(_COUNTED, (self.name,)).fetchone()
        except errors.LockNotAvailable as error:
            raise StorageError(
                f"{self.what} has not ended a transaction that was cut off", "locked"
            ) from error
        except psycopg.Error as error:
            if self.connection is not None and lost(error, self.connection):
                self.connection = None
            raise
        self.doubt = None
        if row is None or row[0] != doubt.number:
            return {}
        known = {id(unit) for unit in units}
        return {
            id(unit): outcome
            for unit, outcome in zip(doubt.units, doubt.outcomes, strict=True)
            if id(unit) in known
        }
