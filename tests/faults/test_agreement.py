"""The log and the checkpoints agree, whenever the process is killed: a fact and the event that tells it are one."""

import asyncio
import json
import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from rpc.storage.packing import unpacked
from tests.conftest import StartServer
from tests.support.peer import peer
from tests.support.stream_rules import check_stream

KILLS = int(os.environ.get("STEPWIRE_TEST_KILLS", "6"))
"""`make faults` kills a hundred times."""

AT_ONCE = 4
NOT_ENDS = ("__error__", "__interrupt__", "__resume__", "__scheduled__")
INPUT = "00000000-0000-0000-0000-000000000000"


async def test_after_kills_at_random_moments(server: StartServer, tmp_path: Path) -> None:
    """A checkpoint that the log does not know, or a `node.finished` whose work is done again, is a lie to the client."""
    moments = random.Random(19)
    # A run that comes no further between several kills did not do that.
    world = server(
        "busy=tests/support/busy_graphs.py:busy",
        data_dir=tmp_path / "data",
        settings={"recover_limit": 0},
    )
    ids: list[str] = []
    told = kills = 0
    # Where the moments were all too early, there are more of them.
    while kills < KILLS or told == 0:
        kills += 1
        with suppress(ConnectionError, TimeoutError):
            async with peer(world.url) as one:
                for _ in range(AT_ONCE):
                    started = await one.call("query.start", query=f"kill {kills}", subscribe=False)
                    ids.append(started["session_id"])
                # Nothing is waited for: the moment of the kill is to be any.
                await asyncio.sleep(moments.uniform(0, 0.25))
        world.kill9()
        told = agreed(tmp_path / "data" / "stepwire.db")
        world.restart()
    async with peer(world.url) as two:
        # Those that came no further between kills go on one after another, the first of all last.
        two.deadline = 240
        for session_id in ids:
            await two.call("session.subscribe", session_id=session_id, after=0)
            assert await two.settled(session_id) == "completed"
            check_stream(two.of(session_id))
    world.stop()
    agreed(tmp_path / "data" / "stepwire.db")


def agreed(file: Path) -> int:
    """Compare what is saved with what is told; how many facts there were."""
    facts = 0
    with closing(sqlite3.connect(file)) as database:
        for (session_id,) in database.execute("SELECT id FROM sessions").fetchall():
            events = list(_events(database, session_id))
            told = [
                e["params"]["checkpoint_id"] for e in events if e["method"] == "state.checkpoint"
            ]
            saved = _column(
                database, "SELECT checkpoint_id FROM checkpoints WHERE thread_id = ?", session_id
            )
            assert sorted(told) == sorted(saved), session_id
            ended = [e["params"]["task_id"] for e in events if e["method"] == "node.finished"]
            assert len(ended) == len(set(ended)), "a task ended twice"
            marks = ",".join("?" * len(NOT_ENDS))
            done = _column(
                database,
                "SELECT DISTINCT task_id FROM task_writes WHERE thread_id = ?"
                f" AND task_id <> '{INPUT}' AND channel NOT IN ({marks})",
                session_id,
                *NOT_ENDS,
            )
            started = {e["params"]["task_id"] for e in events if e["method"] == "node.started"}
            # What begins a graph is no node; all else that is saved is told.
            assert not (set(done) & started) - set(ended), session_id
            # And what is told of tasks that save is saved.
            unsaved = {
                e["params"]["task_id"]
                for e in events
                if e["method"] == "node.finished" and e["params"]["path"].startswith("unsaved/")
            }
            assert not set(ended) - set(done) - unsaved, session_id
            facts += len(told) + len(ended)
    return facts


def _events(database: sqlite3.Connection, session_id: str) -> Iterator[dict[str, Any]]:
    rows = database.execute(
        "SELECT data FROM events WHERE session_id = ? ORDER BY last_seq", (session_id,)
    )
    for (data,) in rows:
        yield from map(json.loads, unpacked(data).split(b"\n"))


def _column(database: sqlite3.Connection, query: str, *parameters: str) -> list[str]:
    return [row[0] for row in database.execute(query, parameters)]
