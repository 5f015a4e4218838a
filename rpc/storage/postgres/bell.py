"""What nodes tell each other: NOTIFY, outside of all commits, and one connection that LISTENs and does nothing else.

NOTIFY in a transaction takes a lock of the whole database until that is committed, so that all commits follow each other
(https://www.postgresql.org/docs/current/sql-notify.html): here it is a transaction of its own, for all that has come up since the last one.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import msgspec
import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from rpc.sparing import Sparing
from rpc.storage.cluster import Note
from rpc.storage.postgres.connecting import connect

log = logging.getLogger("stepwire.storage")
sparing = Sparing(log)

CHANNEL = "stepwire"

NOTE_BYTES = 7000
"""A payload of NOTIFY is under 8000 bytes."""

LOOK_SECONDS = 0.5
"""How often who listens looks whether it is to end."""

RETRY_SECONDS = 0.5

DEAF = "what other nodes tell is not heard, and looked for once a second: %s"

_decoder = msgspec.json.Decoder(Note)
_encode = msgspec.json.Encoder().encode


class PostgresBell:
    """`Bell` of one node. `conninfo`: of the connection that listens."""

    def __init__(self, conninfo: str, pool: ConnectionPool[Any], node_id: str) -> None:
        self.conninfo = conninfo
        self.pool = pool
        self.node_id = node_id
        self.hears: Callable[[Note | None], Any] = lambda _: None
        # Guards what is to be told.
        self.some = threading.Condition()
        self.events: dict[str, int] = {}
        self.told: set[str] = set()
        self.gone: set[str] = set()
        self.jobs = False
        self.hello = False
        self.closing = False
        self.threads = [
            threading.Thread(target=self._listen, name="stepwire-listener", daemon=True),
            threading.Thread(target=self._tell, name="stepwire-bell", daemon=True),
        ]

    def open(self, hears: Callable[[Note | None], Any]) -> None:
        self.hears = hears
        for thread in self.threads:
            thread.start()

    def ring(self, note: Note) -> None:
        with self.some:
            self.events.update(note.events)
            self.told.update(note.told)
            self.gone.update(note.gone)
            self.jobs |= note.jobs
            self.hello |= note.hello
            self.some.notify()

    def close(self) -> None:
        with self.some:
            self.closing = True
            self.some.notify()
        for thread in self.threads:
            if thread.ident is not None:
                thread.join(2.0)

    # The thread that tells

    def _tell(self) -> None:
        while True:
            with self.some:
                while not (self._something() or self.closing):
                    self.some.wait()
                if not self._something():
                    return
                some = Note(
                    self.node_id,
                    self.events,
                    list(self.told),
                    list(self.gone),
                    self.jobs,
                    self.hello,
                )
                self.events, self.told, self.gone = {}, set(), set()
                self.jobs = self.hello = False
            # One that is lost is found by who looks.
            with suppress(psycopg.Error, PoolTimeout), self.pool.connection() as connection:
                connection.execute(
                    b"SELECT pg_notify($1, note) FROM unnest($2::text[]) note",
                    (CHANNEL, list(parts(some))),
                )

    def _something(self) -> bool:
        return bool(self.events or self.told or self.gone or self.jobs or self.hello)

    # The thread that hears

    def _listen(self) -> None:
        while not self.closing:
            try:
                with connect(self.conninfo) as connection:
                    connection.execute(f"LISTEN {CHANNEL}".encode())
                    sparing.over(DEAF)
                    # Whatever was told meanwhile was not heard.
                    self.hears(None)
                    while not self.closing:
                        for notice in connection.notifies(timeout=LOOK_SECONDS):
                            self._heard(notice.payload)
                            if self.closing:
                                break
            except psycopg.Error as error:
                if not self.closing:
                    sparing.error(DEAF, str(error).strip())
                    time.sleep(RETRY_SECONDS)

    def _heard(self, payload: str) -> None:
        try:
            note = _decoder.decode(payload)
        except msgspec.MsgspecError:
            # A newer version may tell what this one does not know.
            self.hears(None)
            return
        if note.node != self.node_id:
            self.hears(note)


def parts(note: Note) -> Iterator[str]:
    """All that is to be told, as payloads that are small enough."""
    part, size = Note(note.node, {}, [], [], note.jobs, note.hello), 0
    telling: list[tuple[str, Callable[[Note], object]]] = [
        *(
            (id, lambda one, id=id, seq=seq: one.events.update({id: seq}))
            for id, seq in note.events.items()
        ),
        *((id, lambda one, id=id: one.told.append(id)) for id in note.told),
        *((id, lambda one, id=id: one.gone.append(id)) for id in note.gone),
    ]
    for id, tell in telling:
        cost = len(id.encode()) + 32
        if size + cost > NOTE_BYTES:
            yield _encode(part).decode()
            part, size = Note(note.node, {}, [], []), 0
        size += cost
        tell(part)
    yield _encode(part).decode()
