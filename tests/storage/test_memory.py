"""What a store keeps in memory is what it has stored: compared with a fresh one on the same files, after anything.

A user would lose: the debugger showing a state that a restart takes back.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from rpc.storage.sqlite import recent
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
TASKS = ["t", "u"]

names = st.sampled_from(["a", "a", "b"])
namespaces = st.sampled_from(["", "", "", "in"])
ids = st.sampled_from(IDS)
bodies = st.binary(max_size=4)


class Written:
    """Values by their place: a version is written once, as LangGraph's are."""

    def __init__(self) -> None:
        self.whole: dict[tuple[str, str, str, str], bytes] = {}
        self.count = 0


def checkpoint_rows(draw: Any, written: Written) -> list[Row]:
    """A checkpoint with the values that are new: as a saver makes them, of versions old and new."""
    thread, namespace = draw(names), draw(namespaces)
    rows: list[Row] = []
    versions: dict[str, str] = {}
    emptied: set[str] = set()
    for channel in draw(st.sets(st.sampled_from(["x", "y"]))):
        before = [key[3] for key in written.whole if key[:3] == (thread, namespace, channel)]
        how = draw(st.sampled_from(["new", "tail", "old", "empty"]))
        if how in ("tail", "old") and before:
            base = draw(st.sampled_from(before))
            if how == "old":
                versions[channel] = base
                continue
        else:
            base = None
        written.count += 1
        version = versions[channel] = f"v{written.count}"
        if how == "empty":
            emptied.add(channel)
            continue
        data, head = draw(bodies), draw(bodies)
        joined = (written.whole[thread, namespace, channel, base] if base else b"") + data
        written.whole[thread, namespace, channel, version] = joined
        rows.append(
            value(
                thread,
                channel,
                version,
                data,
                namespace,
                base=base,
                head=head,
                whole=head + joined if base else b"",
            )
        )
    row = checkpoint(thread, draw(ids), namespace, **versions)
    rows.append(msgspec.structs.replace(row, emptied=frozenset(emptied)))
    return rows


@st.composite
def write_rows(draw: Any) -> list[Row]:
    return [
        writes(
            draw(names),
            draw(ids),
            draw(st.sampled_from(TASKS)),
            *draw(st.lists(bodies, max_size=3)),
            namespace=draw(namespaces),
            **draw(st.sampled_from([{}, {"again": True}, {"only": True}])),
        )
    ]


class Memory(RuleBasedStateMachine):
    """Any writes, in batches of any kind, and reads in between; then both stores are asked the same."""

    open: Open

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.store = self.open(self.path)
        self.written = Written()
        self.batch: list[Unit] = []
        # How many units wait for another one.
        self.together = 0

    def put(self, unit: Unit) -> None:
        """Mostly by itself, or it would fall together with others that undo it."""
        self.batch.append(unit)
        if len(self.batch) > self.together:
            self.commit()

    def commit(self) -> None:
        batch, self.batch = self.batch, []
        self.store.write(batch)

    @rule(together=st.sampled_from([0, 0, 1, 3]))
    def gathers(self, together: int) -> None:
        self.commit()
        self.together = together

    @initialize()
    def start(self) -> None:
        self.store.write(
            [Unit(name, [draft("x")], [PutSession(session(name))]) for name in THREADS[:1]]
        )

    @rule(data=st.data(), again=st.booleans())
    def checkpoint(self, data: st.DataObject, again: bool) -> None:
        rows = checkpoint_rows(data.draw, self.written)
        if again:
            rows += data.draw(write_rows())
        self.put(Unit(None, [], rows))

    @rule(rows=write_rows())
    def writes(self, rows: list[Row]) -> None:
        self.put(Unit(None, [], rows))

    @rule(name=names, text=st.text("ab", max_size=2), raises=st.booleans())
    def session(self, name: str, text: str, raises: bool) -> None:
        rows: list[Row] = [
            PutSession(session(name, name=text, run_id=f"r{name}")),
            PutRun(run(f"r{name}", name, status="running", query=text)),
        ]
        self.put(Unit(name, [draft(text)], rows, raises=raises))

    @rule(name=names, fence=st.integers(0, 2), revision=st.none() | st.integers(0, 4))
    def conditions(self, name: str, fence: int, revision: int | None) -> None:
        rows: list[Row] = [AddSignal("k"), TakeSignals(2)]
        self.put(Unit(name, [draft("y")], rows, fence=fence, revision=revision))

    @rule(name=names)
    def invalid(self, name: str) -> None:
        self.put(Unit(name, [draft("z")], [PutSession(session(name, name="\ud800"))]))

    @rule(data=st.data(), name=names, other=names)
    def deletes(self, data: st.DataObject, name: str, other: str) -> None:
        kind = data.draw(
            st.sampled_from(["session", "thread", "some", "some", "copy", "events", "events"])
        )
        if kind == "session":
            self.put(Unit(name, [], [DeleteSession(name)]))
        elif kind == "events":
            self.put(Unit(name, [], [DeleteEvents(name, data.draw(st.integers(1, 4)))]))
        else:
            row: Row = DeleteThread(name)
            if kind == "copy":
                row = CopyThread(other, name)
            elif kind == "some":
                places = st.lists(st.tuples(namespaces, ids), max_size=4)
                row = DeleteCheckpoints(name, data.draw(places))
            self.put(Unit(None, [], [row]))
        # What is gone is no base of what follows.
        for key in [key for key in self.written.whole if key[0] == name]:
            del self.written.whole[key]

    @rule(name=names, namespace=namespaces)
    def reads(self, name: str, namespace: str) -> None:
        self.store.checkpoint(name, namespace)
        self.store.session(name)

    @rule(sure=st.integers(0, 4))
    def restarts(self, sure: int) -> None:
        if sure:
            return
        self.store.close()
        self.store = self.open(self.path)

    @rule()
    def agrees(self) -> None:
        """Not after each step: asking makes it remember."""
        fresh = self.open(self.path)
        try:
            for name in THREADS:
                assert self.store.session(name) == fresh.session(name)
                assert self.store.run(f"r{name}") == fresh.run(f"r{name}")
                for namespace in NAMESPACES:
                    # Twice: what is kept, and what was read.
                    for _ in range(2):
                        assert self.store.checkpoint(name, namespace) == fresh.checkpoint(
                            name, namespace
                        )
        finally:
            fresh.close()

    def teardown(self) -> None:
        self.commit()
        self.agrees()
        self.store.close()
        self.folder.cleanup()


@pytest.mark.parametrize("small", [False, True], ids=["all fits", "little fits"])
@pytest.mark.parametrize("open", STORES, ids=lambda open: open.__name__)
def test_memory_is_what_is_stored(open: Open, small: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is read before a restart is different after it."""
    if small:
        monkeypatch.setattr(recent, "RECORDS", 2)
        monkeypatch.setattr(recent, "CHECKPOINT_BYTES", 3 * recent.PLACE_BYTES)
    machine = type("Machine", (Memory,), {"open": staticmethod(open)})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=30, stateful_step_count=50, deadline=None),
    )
