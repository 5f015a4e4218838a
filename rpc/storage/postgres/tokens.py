"""The tokens of a database: a command makes and revokes them, and every node knows of it within seconds."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
from psycopg import Connection

from rpc.storage.postgres.connecting import connect, shown, with_defaults
from rpc.storage.postgres.migrations import migrate
from rpc.storage.store import StorageError
from rpc.storage.tokens import NameTaken, TokenRecord

_COLUMNS = "id, name, owner, scopes, digest, created_at, expires_at, revoked_at, used_at, made_by, revoked_by"
_ALL = f"SELECT {_COLUMNS.replace('scopes', 'scopes::text')} FROM tokens ORDER BY created_at, number".encode()
_ADD = f"INSERT INTO tokens ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)".encode()
# Tokens are made and revoked, and never removed. Committed with what changed, so that nobody sees the one without the other.
_CHANGES = b"SELECT count(*), count(revoked_at) FROM tokens"
# By which nodes of an earlier version see that something changed.
_CHANGED = b"SELECT nextval('token_changes')"


class TokenTable:
    """`Tokens` of the database at `address`, by a connection of their own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.what = f"the tokens in {shown(address)}"
        self.connection: Connection[Any] | None = None
        self.lock = threading.Lock()
        # How many there were, and how many of them revoked, when they were looked at.
        self.seen: tuple[int, int] | None = None

    def changed(self) -> bool:
        """See `Tokens`."""
        with self._used() as connection:
            return connection.execute(_CHANGES).fetchone() != self.seen

    def all(self) -> list[TokenRecord]:
        """See `Tokens`."""
        with self._used() as connection:
            # Before the rows: what changes meanwhile is then looked at again.
            self.seen = connection.execute(_CHANGES).fetchone()
            rows = connection.execute(_ALL, binary=True).fetchall()
            return [
                TokenRecord(row[0], row[1], row[2], msgspec.json.decode(row[3]), *row[4:])
                for row in rows
            ]

    def add(self, record: TokenRecord) -> None:
        """See `Tokens`."""
        row = (
            record.id,
            record.name,
            record.owner,
            msgspec.json.encode(record.scopes).decode(),
            record.digest,
            record.created_at,
            record.expires_at,
            record.revoked_at,
            record.used_at,
            record.made_by,
            record.revoked_by,
        )
        with self._used() as connection, connection.transaction():
            try:
                connection.execute(_ADD, row)
            except psycopg.errors.UniqueViolation as error:
                raise NameTaken(record.name) from error
            connection.execute(_CHANGED)

    def revoke(self, named: str, now_ms: int, by: str | None = None) -> list[TokenRecord]:
        """See `Tokens`."""
        found = [
            one for one in self.all() if one.revoked_at is None and named in (one.name, one.id)
        ]
        if found:
            with self._used() as connection, connection.transaction():
                connection.execute(
                    "UPDATE tokens SET revoked_at = $1, revoked_by = $3"
                    " WHERE revoked_at IS NULL AND (name = $2 OR id = $2)",
                    (now_ms, named, by),
                )
                connection.execute(_CHANGED)
        return found

    def used(self, times: Mapping[str, int]) -> None:
        """See `Tokens`."""
        with self._used() as connection, connection.transaction():
            # In one order: other nodes write the same.
            for id, at in sorted(times.items()):
                connection.execute(
                    "UPDATE tokens SET used_at = greatest(coalesce(used_at, 0), $1) WHERE id = $2",
                    (at, id),
                )

    def close(self) -> None:
        """See `Tokens`."""
        with self.lock:
            if self.connection is not None:
                self.connection.close()
                self.connection = None

    @contextmanager
    def _used(self) -> Iterator[Connection[Any]]:
        with self.lock:
            try:
                yield self._open()
            except psycopg.Error as error:
                said = str(error).strip().partition("\n")[0]
                raise StorageError(f"{self.what} cannot be read or written: {said}") from error

    def _open(self) -> Connection[Any]:
        if self.connection is None or self.connection.closed:
            connection = connect(with_defaults(self.address))
            try:
                migrate(connection, f"the database {shown(self.address)}")
            except BaseException:
                connection.close()
                raise
            self.connection = connection
        return self.connection
