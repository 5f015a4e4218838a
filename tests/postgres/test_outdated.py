"""A node that a newer version leaves behind learns it when it says that it lives; a user would lose what it writes into a changed schema."""

from pathlib import Path

import psycopg
import pytest

from rpc.storage.cluster import NodeRow
from rpc.storage.postgres.schema import COMPATIBLE, VERSION
from rpc.storage.postgres.shared import open_shared
from rpc.storage.soundness import Soundness
from rpc.storage.store import Reason, StorageBroken
from rpc.storage.units import Unit

NODE = NodeRow("n1", "worker", "1", ["a"], 1, 0, 0, 0)
RAISED = f"UPDATE versions SET compatible = {VERSION + 1} WHERE schema = {VERSION}"
AS_BEFORE = f"UPDATE versions SET compatible = {COMPATIBLE} WHERE schema = {VERSION}"


def run_statement(database: str, statement: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("SET search_path TO stepwire_sessions")
        connection.execute(statement.encode())


@pytest.mark.parametrize("before", [None, "replaced"])
def test_why_it_does_not_fit_counts(database: str, tmp_path: Path, before: Reason | None) -> None:
    """Also where a statement had failed before, for a table that the newer version took away; from then on nothing is written."""
    soundness = Soundness(tmp_path)
    heard: list[Reason] = []
    soundness.listeners.append(lambda fault: heard.append(fault.reason))
    store, shared = open_shared(database, 5, soundness, "n1")
    try:
        worker = shared.roll.beat(NODE, None).worker
        if before is not None:
            soundness.broke(StorageBroken(before, "a table of it is gone"))
        run_statement(database, RAISED)
        for _ in range(2):
            with pytest.raises(StorageBroken, match=f"needs schema {VERSION + 1}"):
                shared.roll.beat(NODE, worker)
        assert heard == ([] if before is None else [before]) + ["outdated"]
        with pytest.raises(StorageBroken, match="newer version"):
            store.write([Unit("a1", [], [])])
    finally:
        run_statement(database, AS_BEFORE)
        shared.roll.leave("n1", None)
        store.close()


def test_a_node_that_stores_nothing_any_more_does_not_say_that_it_lives(
    database: str, tmp_path: Path
) -> None:
    """What it ran is others' after a time."""
    soundness = Soundness(tmp_path)
    store, shared = open_shared(database, 5, soundness, "n1")
    try:
        worker = shared.roll.beat(NODE, None).worker
        soundness.broke(StorageBroken("read_only", "it may not write"))
        (before,) = shared.roll.nodes()
        with pytest.raises(StorageBroken, match="may not write"):
            shared.roll.beat(NODE, worker)
        assert shared.roll.nodes() == [before]
    finally:
        shared.roll.leave("n1", worker)
        store.close()
