"""What a store keeps in memory is what it has stored: compared with a fresh one on the same files, after anything.

A user would lose: the debugger showing a state that a restart takes back.
"""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rpc.storage.sqlite import recent
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import Store
from rpc.storage.units import (
    AddSignal,
    CopyThread,
    DeleteCheckpoints,
    DeleteEvents,
    DeleteSession,
    DeleteThread,
    PutRun,
    PutSession,
    Row,
    TakeSignals,
    Unit,
)
from tests.storage.made import checkpoint, draft, run, session, value, writes
from tests.storage.stores import STORES, Open

# Few of each, so that they meet.
THREADS = ["a", "b"]
NAMESPACES = ["", "in"]
IDS = ["1", "2", "3"]


class Program:
    """Any writes in batches of any size, and reads in between, as chance has it."""

    def __init__(self, lot: Random) -> None:
        self.lot = lot
        # The whole value of each version that was written, without its head, by its place.
        self.whole: dict[tuple[str, str, str, str], bytes] = {}
        self.versions = 0

    def place(self) -> tuple[str, str]:
        """A thread and a namespace, mostly the same."""
        return self.lot.choice("aaab"), self.lot.choice(["", "", "", "in"])

    def unit(self) -> Unit:
        """One of anything."""
        makes = [self.checkpoint, self.writes, self.session, self.conditions, self.deletes]
        return self.lot.choices(makes, [8, 8, 3, 2, 2])[0]()

    def checkpoint(self) -> Unit:
        """A checkpoint as a saver makes it: its channels in versions old and new."""
        thread, namespace = self.place()
        rows: list[Row] = []
        versions: dict[str, str] = {}
        emptied: set[str] = set()
        for channel in self.lot.sample(["x", "y"], self.lot.randrange(3)):
            place = (thread, namespace, channel)
            before = [key[3] for key in self.whole if key[:3] == place]
            how = self.lot.choice(["new", "tail", "old", "empty"])
            base = self.lot.choice(before) if how in ("tail", "old") and before else None
            if how == "old" and base:
                versions[channel] = base
                continue
            self.versions += 1
            version = versions[channel] = f"v{self.versions}"
            if how == "empty":
                emptied.add(channel)
                continue
            data, head = self.lot.randbytes(2), self.lot.randbytes(1)
            whole = (self.whole[(*place, base)] if base else b"") + data
            self.whole[(*place, version)] = whole
            more = {"base": base, "head": head, "whole": head + whole if base else b""}
            rows.append(value(thread, channel, version, data, namespace, **more))
        row = checkpoint(thread, self.lot.choice(IDS), namespace, **versions)
        rows.append(msgspec.structs.replace(row, emptied=frozenset(emptied)))
        return Unit(None, [], rows)

    def writes(self) -> Unit:
        """What a task wrote, at a checkpoint that is there or is to follow."""
        thread, namespace = self.place()
        texts = [self.lot.randbytes(2) for _ in range(self.lot.randrange(3))]
        how = self.lot.choice([{}, {}, {"again": True}, {"only": True}])
        task = self.lot.choice("tu")
        row = writes(thread, self.lot.choice(IDS), task, *texts, namespace=namespace, **how)
        return Unit(None, [], [row])

    def session(self) -> Unit:
        """A session that is made or changed, or cannot be."""
        name = self.lot.choice(THREADS)
        text = self.lot.choice(["x", "y", "\ud800"])
        rows: list[Row] = [
            PutSession(session(name, name=text, run_id=f"r{name}")),
            PutRun(run(f"r{name}", name, query=text)),
            PutRun(run(f"q{name}", name, query=text)),
        ]
        return Unit(name, [draft("e")], rows, raises=self.lot.random() < 0.3)

    def conditions(self) -> Unit:
        """Something that comes too late, or not."""
        rows = [AddSignal("k"), TakeSignals(2)]
        name = self.lot.choice(THREADS)
        return Unit(
            name, [draft("e")], rows, self.lot.randrange(3), self.lot.choice([None, None, 2])
        )

    def deletes(self) -> Unit:
        """Less of something, or a copy of it."""
        name, other = self.lot.sample(THREADS, 2)
        kind = self.lot.choice(["session", "thread", "copy", "events", "some", "some"])
        if kind == "events":
            return Unit(name, [], [DeleteEvents(name, self.lot.randrange(1, 5))])
        # What is gone is no base of what follows.
        for key in [key for key in self.whole if key[0] == name]:
            del self.whole[key]
        if kind == "session":
            return Unit(name, [], [DeleteSession(name)])
        if kind == "thread":
            return Unit(None, [], [DeleteThread(name)])
        if kind == "copy":
            return Unit(None, [], [CopyThread(other, name)])
        places = [(namespace, id) for namespace in NAMESPACES for id in IDS]
        return Unit(None, [], [DeleteCheckpoints(name, self.lot.sample(places, 2))])


def agree(store: Store, fresh: Store) -> None:
    """Both say the same of everything that may be in memory."""
    for name in THREADS:
        assert store.session(name) == fresh.session(name)
        for id in (f"r{name}", f"q{name}"):
            assert store.run(id) == fresh.run(id)
        for namespace in NAMESPACES:
            assert store.checkpoint(name, namespace) == fresh.checkpoint(name, namespace)


@pytest.mark.parametrize("small", [False, True], ids=["all fits", "little fits"])
@pytest.mark.parametrize("open", STORES, ids=lambda open: open.__name__)
def test_memory_is_what_is_stored(open: Open, small: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is read before a restart is different after it."""
    if small:
        monkeypatch.setattr(recent, "RECORDS", 2)
        monkeypatch.setattr(recent, "RECORD_BYTES", 1000)
        monkeypatch.setattr(recent, "CHECKPOINT_BYTES", 3 * recent.PLACE_BYTES)

    @settings(max_examples=40, deadline=None)
    @given(seed=st.integers(0, 2**32))
    def check(seed: int) -> None:
        lot = Random(seed)
        program = Program(lot)
        with TemporaryDirectory() as folder:
            store = open(Path(folder))
            for _ in range(60):
                store.write([program.unit() for _ in range(lot.choice([1, 1, 1, 2, 4]))])
                store.checkpoint(*program.place())
                if lot.random() < 0.15:
                    fresh = open(Path(folder))
                    agree(store, fresh)
                    fresh.close()
                if lot.random() < 0.03:
                    store.close()
                    store = open(Path(folder))
            store.close()

    check()


def test_large_records_are_not_kept_in_memory(tmp_path: Path) -> None:
    """Five hundred inputs of a megabyte each are in the database; in the process are few of them."""
    store = SQLiteStore(tmp_path / "stepwire.db", "normal")
    megabyte = "x" * 1024 * 1024
    for number in range(12):
        name = f"s{number}"
        records: list[Row] = [
            PutSession(session(name, query=megabyte)),
            PutRun(run(f"r{name}", name, input=megabyte)),
        ]
        store.write([Unit(name, [], records)])
    for kept in (store.recent.sessions, store.recent.runs):
        assert len(kept.kept()) == 1
        assert kept.size < recent.RECORD_BYTES
    for number in range(12):
        found = store.run(f"rs{number}")
        assert found is not None
        assert found.input == megabyte
    # Those that were large are counted as what they are now.
    store.write([Unit("s11", [], [PutSession(session("s11")), PutRun(run("rs11", "s11"))])])
    for kept in (store.recent.sessions, store.recent.runs):
        assert kept.size < 10_000
    store.close()
