"""Many nodes write to one database at once. A user would lose: an event, or the order of them; or see one twice."""

import asyncio
import signal
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
