"""Many nodes write to one database at once. A user would lose: an event, or the order of them; or see one twice."""

import asyncio
import os
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Any

import psycopg
import pytest

from rpc.storage.postgres.store import PostgresStore
from rpc.storage.store import StorageBroken, StorageError
from rpc.storage.units import PutSession, Unit
from tests.storage.made import draft, event, made, reason, session, texts, with_run, written
from tests.support.needs import needs
from tests.support.postgres import Postgres, available

NODES = 4
BATCHES = 25


def test_numbers_have_no_gap_whoever_writes(database: str) -> None:
    """Batches of the same sessions, in any order of them: nobody waits for ever, and each number is given once."""
    names = ["a", "b", "c"]
    with ExitStack() as stack:
        stores = [stack.enter_context(closing(PostgresStore(database))) for _ in range(NODES)]
        stores[0].write([made(name) for name in names])

        def work(number: int) -> None:
            for batch in range(BATCHES):
                order = names[batch % 3 :] + names[: batch % 3]
                if number % 2:
                    order.reverse()
                units = [Unit(name, [draft(f"{number} {batch}")]) for name in order]
                assert not any(reason(one) for one in stores[number].write(units))

        with ThreadPoolExecutor(NODES) as threads:
            list(threads.map(work, range(NODES)))
        for name in names:
            found = asyncio.run(texts(stores[-1], name))
            assert [one.partition(b",")[0] for one in found] == [
                b'{"seq":%d' % seq for seq in range(1, NODES * BATCHES + 1)
            ]
            assert len({one.partition(b",")[2] for one in found}) == NODES * BATCHES


def test_of_two_who_raise_one_epoch_one_does(database: str) -> None:
    """Two nodes that take one session at once: what one of them writes is refused."""
    with closing(PostgresStore(database)) as one, closing(PostgresStore(database)) as other:
        one.write([with_run("a", "r")])
        both = threading.Barrier(2)

        def take(store: PostgresStore) -> str | None:
            both.wait()
            (outcome,) = store.write([Unit("a", [draft("mine")], fence=0, raises=True)])
            return reason(outcome)

        with ThreadPoolExecutor(2) as threads:
            outcomes = list(threads.map(take, (one, other)))
        assert sorted(map(str, outcomes)) == ["None", "epoch"]
        (changed,) = one.write([Unit("a", [], [PutSession(session("a", name="x"))], revision=1)])
        assert reason(changed) is None
        (late,) = other.write([Unit("a", [], [PutSession(session("a", name="y"))], revision=1)])
        assert reason(late) == "revision"
        found = other.session("a")
        assert found is not None
        assert (found.name, found.epoch, found.seq) == ("x", 1, 1)


class _Cut:
    """A connection whose answer to COMMIT is lost: it is cut when that was sent, or before."""

    def __init__(self, store: PostgresStore, address: str, committed: bool) -> None:
        self.real: Any = store.writer._open()
        self.address = address
        self.committed = committed

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def execute(self, query: bytes, *given: Any, **how: Any) -> Any:
        if query == b"COMMIT":
            if self.committed:
                self.real.execute(query)
            self.real.pgconn.flush()
            pid = self.real.info.backend_pid
            with psycopg.connect(self.address, autocommit=True) as other:
                # What was sent before is done first.
                other.execute("SELECT pg_sleep(0.3)")
                other.execute("SELECT pg_terminate_backend(%s)", (pid,))
            self.real.close()
            raise psycopg.OperationalError("the connection is lost")
        return self.real.execute(query, *given, **how)


@pytest.mark.parametrize("committed", [True, False])
def test_a_commit_whose_answer_was_lost_is_neither_repeated_nor_lost(
    database: str, committed: bool
) -> None:
    """It is asked what became of it: events would be there twice, or be told as kept and not be there."""
    with closing(PostgresStore(database)) as store:
        store.write([made("a")])
        store.writer.connection = _Cut(store, database, committed)  # type: ignore[assignment]
        unit = Unit("a", [draft("x")])
        if committed:
            outcomes = store.write([unit])
        else:
            with pytest.raises(StorageError):
                store.write([unit])
            # As the line does.
            outcomes = store.write([unit])
        assert written(outcomes[0]).seq == 1
        assert asyncio.run(texts(store, "a")) == [event(1, "x")]
        assert written(store.write([Unit("a", [draft("y")])])[0]).seq == 2


def test_a_commit_that_a_crash_undid_is_made_again(tmp_path: Any) -> None:
    """Its transaction's number is another one's after the crash, and that one is committed: events would be told as kept, and lost."""
    needs(available(), "PostgreSQL's server, and stepwire[postgres]")
    server = Postgres().start()
    try:
        address = server.database(tmp_path)
        with closing(PostgresStore(address)) as store, ThreadPoolExecutor(1) as threads:
            store.write([made("a")])
            expected = []
            # Where the disk had something of it already, its number is not given again.
            for again in range(10):
                unit = Unit("a", [draft(f"x{again}")])
                other = psycopg.connect(address)
                other.execute("LOCK TABLE stepwire_sessions.events IN SHARE MODE")
                writing = threads.submit(store.write, [unit])
                number = _waiting(address)
                server.stop(signal.SIGKILL)
                other.close()
                with pytest.raises(StorageError):
                    writing.result()
                server.start()
                with psycopg.connect(address, autocommit=True) as burning:
                    taken = _numbers(burning, number)
                assert written(store.write([unit])[0]).seq == again + 1
                expected.append(event(again + 1, f"x{again}"))
                assert asyncio.run(texts(store, "a")) == expected
                if number in taken:
                    return
        pytest.fail("no number was given again")
    finally:
        server.close()


def _waiting(address: str) -> int:
    """The number of the transaction that waits for a lock."""
    return _found(address, "wait_event_type = 'Lock' AND backend_xid IS NOT NULL")


def _found(address: str, where: str) -> int:
    """Wait for a connection to the database that is so; the number of its transaction, 0 where it has none."""
    with psycopg.connect(address, autocommit=True) as other:
        while True:
            row = other.execute(
                "SELECT coalesce(backend_xid::text::bigint, 0) FROM pg_stat_activity"
                f" WHERE {where} AND datname = current_database() AND pid <> pg_backend_pid()".encode()
            ).fetchone()
            if row is not None:
                return int(row[0])


def _numbers(connection: psycopg.Connection[Any], until: int) -> list[int]:
    """The numbers of transactions that are committed, up to this one's."""
    found = [0]
    while found[-1] < until:
        row = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        assert row is not None
        found.append(int(row[0]))
    return found


def test_what_has_not_ended_at_the_server_is_waited_for(database: str) -> None:
    """The connection is lost, and the server goes on with what was sent before: it commits that after all."""
    with closing(PostgresStore(database)) as store, ThreadPoolExecutor(1) as threads:
        store.write([made("a")])
        unit = Unit("a", [draft("x")])
        with psycopg.connect(database) as other:
            other.execute("LOCK TABLE stepwire_sessions.events IN SHARE MODE")
            writing = threads.submit(store.write, [unit])
            _waiting(database)
            # What is sent behind what waits is at the server by then.
            other.execute("SELECT pg_sleep(0.5)")
            assert store.writer.connection is not None
            with socket.socket(fileno=os.dup(store.writer.connection.fileno())) as cut:
                cut.shutdown(socket.SHUT_RDWR)
            # It has asked what became of it.
            _found(database, "query LIKE 'SELECT number FROM commits%'")
        try:
            outcomes = writing.result()
        except StorageError:
            # On a machine that is slow the server itself gave the transaction up.
            outcomes = store.write([unit])
        assert written(outcomes[0]).seq == 1
        assert asyncio.run(texts(store, "a")) == [event(1, "x")]


def test_a_writer_that_was_forgotten_is_known_again(database: str) -> None:
    """It had committed nothing for so long that its row was removed."""
    with closing(PostgresStore(database)) as store:
        store.write([made("a")])
        with psycopg.connect(database, autocommit=True) as other:
            other.execute("UPDATE stepwire_sessions.commits SET at = at - interval '31 days'")
            with closing(PostgresStore(database)) as second:
                second.write([made("b")])
            rows = "SELECT number FROM stepwire_sessions.commits"
            assert other.execute(rows).fetchall() == []
            assert written(store.write([Unit("a", [draft("x")])])[0]).seq == 1
            assert len(other.execute(rows).fetchall()) == 1


def test_it_works_again_when_the_database_was_away(tmp_path: Any) -> None:
    """A fault that passes is told as one; when the server is back, all goes on by itself."""
    needs(available(), "PostgreSQL's server, and stepwire[postgres]")
    server = Postgres().start()
    try:
        with closing(PostgresStore(server.database(tmp_path))) as store:
            store.write([made("a", drafts=[draft("x")])])
            server.stop(signal.SIGQUIT)
            for act in (lambda: store.write([Unit("a", [draft("y")])]), lambda: store.session("a")):
                with pytest.raises(StorageError) as raised:
                    act()
                assert not isinstance(raised.value, StorageBroken)
            server.start()
            assert written(store.write([Unit("a", [draft("y")])])[0]).seq == 2
            found = store.session("a")
            assert found is not None
            assert found.seq == 2
            assert store.soundness.fault is None
    finally:
        server.close()


def test_a_database_that_was_made_anew_is_not_written_to(database: str) -> None:
    """What would be told as kept is in no database that anybody looks into."""
    with closing(PostgresStore(database)) as store:
        store.write([made("a")])
        store.writer.close()
        with psycopg.connect(database, autocommit=True) as other:
            before = other.execute(
                "SELECT value FROM stepwire_sessions.secrets WHERE name = 'identity'"
            ).fetchone()
            assert before is not None
            other.execute(
                "UPDATE stepwire_sessions.secrets SET value = 'other' WHERE name = 'identity'"
            )
            try:
                with pytest.raises(StorageBroken, match="not the one that was opened"):
                    store.write([Unit("a", [draft("x")])])
            finally:
                other.execute(
                    "UPDATE stepwire_sessions.secrets SET value = %s WHERE name = 'identity'",
                    before,
                )


def test_a_password_is_in_no_message() -> None:
    """Addresses are in logs and errors."""
    for address in (
        "postgresql://u:hidden@127.0.0.1:1/db",
        "host=127.0.0.1 port=1 user=u password=hidden",
        "postgresql://u:hidden@[bad/db",
    ):
        with pytest.raises(StorageError) as raised:
            PostgresStore(address)
        assert "hidden" not in str(raised.value)
        assert "hidden" not in str(raised.value.__cause__)
