"""`stepwire db export-thread` and `import-thread`: a user would lose a conversation that changes between Stepwire and plain LangGraph."""

import asyncio
import os
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.types import Command, StateSnapshot

from protocol.sessions import Session
from rpc.cli.main import cli
from rpc.client import Client, connect
from rpc.engine.checkpoints.saver import Saver
from rpc.engine.langgraph.declared_types import serde_for
from rpc.storage.postgres.store import PostgresStore
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import Store
from tests.postgres import thread_graphs
from tests.postgres.thread_graphs import RAN, build
from tests.support.in_process import Serve, serve
from tests.support.postgres import shared

__all__ = ["serve"]

GRAPH = "g=tests/postgres/thread_graphs.py:graph"
ANSWER = "nul\0 and ü of 1999: red"


class Place:
    """Where Stepwire keeps sessions: a data directory or a database."""

    def __init__(self, folder: Path, database: str | None) -> None:
        self.folder = folder
        self.database = database

    @property
    def settings(self) -> dict[str, Any]:
        return {"data_dir": str(self.folder), "database": self.database}

    @property
    def flags(self) -> list[str]:
        if self.database is None:
            return ["--data-dir", str(self.folder)]
        return ["--database", self.database]

    @contextmanager
    def store(self) -> Iterator[Store]:
        with closing(
            SQLiteStore(self.folder / "stepwire.db", "normal")
            if self.database is None
            else PostgresStore(self.database, 2)
        ) as store:
            yield store


@pytest.fixture(params=["a data directory", "a database"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    folder = tmp_path / "ours"
    folder.mkdir()
    in_database = request.param == "a database"
    yield Place(folder, shared().database(folder) if in_database else None)
    if in_database:
        shared().release(folder)


@pytest.fixture
def database(place: Place, tmp_path: Path) -> Iterator[str]:
    """Plain LangGraph's: where sessions are in a database, that one, and the user is the same."""
    if place.database is not None:
        yield place.database
        return
    yield shared().database(tmp_path)
    shared().release(tmp_path)


async def run(*words: str) -> Result:
    """The command, in a thread: it has a loop of its own."""
    others = {name: None for name in os.environ if name.startswith("STEPWIRE_")}
    return await asyncio.to_thread(lambda: CliRunner().invoke(cli, ["db", *words], env=others))


@contextmanager
def plain(database: str, **compiled: Any) -> Iterator[Any]:
    """The graph as plain LangGraph runs it."""
    with PostgresSaver.from_conn_string(database) as saver:
        saver.setup()
        graph = build().compile(checkpointer=saver, **compiled)
        saver.serde = serde_for(graph)
        yield graph


def config(thread_id: str) -> Any:
    """Of a thread."""
    return {"configurable": {"thread_id": thread_id}}


def told(found: StateSnapshot) -> Any:
    """What a snapshot says, whichever thread's and saver's it is."""
    place = found.config["configurable"]
    parent = (found.parent_config or {}).get("configurable", {})
    return (
        found.values,
        found.next,
        place["checkpoint_id"],
        parent.get("checkpoint_id"),
        found.metadata,
        found.created_at,
        [
            (
                task.id,
                task.name,
                task.path,
                task.error,
                task.interrupts,
                task.result,
                task.state is None,
            )
            for task in found.tasks
        ],
    )


def stored(saver: BaseCheckpointSaver[Any], thread_id: str) -> Any:
    """All checkpoints of all its graphs: values, writes, metadata."""
    found = [
        (
            one.config["configurable"]["checkpoint_ns"],
            one.checkpoint["id"],
            one.checkpoint["channel_values"],
            {node: set(seen) for node, seen in one.checkpoint["versions_seen"].items()},
            set(one.checkpoint["channel_versions"]),
            one.pending_writes,
            one.metadata,
        )
        for one in saver.list(config(thread_id))
    ]
    return sorted(found, key=lambda one: one[:2])


def ours(store: Store) -> Any:
    """The graph on Stepwire's own saver, to look only."""
    graph = build().compile()
    return graph.copy(update={"checkpointer": Saver(store, None, serde=serde_for(graph))})  # type: ignore[arg-type]


async def test_a_thread_goes_to_plain_langgraph_and_on(
    serve: Serve, place: Place, database: str
) -> None:
    """With all of its history, and the question that is open in its subgraph."""
    async with serve({"g": thread_graphs.graph}, **place.settings) as served:
        async with connect(served.url) as client:
            session_id = await _asked(client)
        done = await run("export-thread", session_id, "--to", database, *place.flags)
        assert done.exit_code == 0, done.output
    with place.store() as store, plain(database) as graph:
        mine = ours(store)
        history = [told(one) for one in mine.get_state_history(config(session_id))]
        assert len(history) == 4
        assert [told(one) for one in graph.get_state_history(config(session_id))] == history
        assert stored(graph.checkpointer, session_id) == stored(mine.checkpointer, session_id)
        RAN.clear()
        ended = graph.invoke(Command(resume="red"), config(session_id))
        assert ended["said"][-1] == ANSWER
        assert ended["score"] == 2.5
        assert RAN == ["ask", "end"]
        # What it counts on from is greater than what came.
        (newest,) = list(graph.checkpointer.list(config(session_id) | {}, limit=1))
        assert max(newest.checkpoint["channel_versions"].values()).startswith("0" * 30)


async def _asked(client: Client) -> str:
    """A session that waits for its answer; its id."""
    async for event in client.run(input={"query": "q"}):
        last = event
    found = await client.session(last.session_id)
    assert found.status == "waiting", found
    return found.session_id


async def _ended(client: Client, session_id: str, after: int) -> Session:
    """The session when what runs has ended."""
    async for _ in client.follow(session_id, after=after):
        pass
    return await client.session(session_id)


async def test_a_thread_comes_from_plain_langgraph_and_is_answered(
    serve: Serve, place: Place, database: str
) -> None:
    """With all of its history; and the next query goes on from there."""
    thread_id = str(uuid.uuid4())
    with plain(database) as graph:
        graph.invoke({"query": "q"}, config(thread_id))
        history = [told(one) for one in graph.get_state_history(config(thread_id))]
        every = stored(graph.checkpointer, thread_id)
    words = ["--from", database, "--graph", GRAPH, "--name", "came", *place.flags]
    done = await run("import-thread", thread_id, *words)
    assert done.exit_code == 0, done.output
    assert done.output == f"{thread_id}: {len(every)} checkpoints, waiting, 1 to answer\n"
    again = await run("import-thread", thread_id, *words)
    assert again.exit_code != 0
    assert "already" in again.output
    with place.store() as store:
        mine = ours(store)
        assert [told(one) for one in mine.get_state_history(config(thread_id))] == history
        assert stored(mine.checkpointer, thread_id) == every
        (row,) = await store.audit_page(limit=5)
        assert (row.action, row.session_id) == ("session.import", thread_id)
    async with (
        serve({"g": thread_graphs.graph}, **place.settings) as served,
        connect(served.url) as client,
    ):
        found = await client.session(thread_id)
        assert (found.status, found.session_name) == ("waiting", "came")
        (question,) = found.interrupts
        assert question.value == {"question": "Which?", "of": ["red", "blue"]}
        assert question.node == "review/ask"
        RAN.clear()
        await client.respond(thread_id, "red")
        ended = await _ended(client, thread_id, found.seq)
        assert ended.status == "completed", ended
        assert ended.result["said"][-1] == ANSWER
        assert RAN == ["ask", "end"]
        await client.start(input={"query": "again"}, session_id=thread_id)
        asked = await _ended(client, thread_id, ended.seq)
        assert asked.status == "waiting"
        # Both are looked at at once, each in its thread.
        assert sorted(RAN[3:5]) == ["look one", "look two"]
        assert [*RAN[2:3], *RAN[5:]] == ["plan", "draft", "ask"]


async def test_a_thread_that_was_stopped_is_stepped(
    serve: Serve, place: Place, database: str
) -> None:
    """Where plain LangGraph stopped before a node, in a subgraph's parent or elsewhere, the debugger stands."""
    thread_id = str(uuid.uuid4())
    with plain(database, interrupt_before=["review"]) as graph:
        graph.invoke({"query": "q"}, config(thread_id))
    words = ["--from", database, "--graph", GRAPH, "--as", "stood", *place.flags]
    done = await run("import-thread", thread_id, *words)
    assert done.exit_code == 0, done.output
    async with (
        serve({"g": thread_graphs.graph}, **place.settings) as served,
        connect(served.url) as client,
        client.attach("stood") as session,
    ):
        assert [task.path for task in session.tasks] == ["review"]
        assert session.status == "paused"
        RAN.clear()
        await session.step("into")
        assert [task.path for task in session.tasks] == ["review/draft"]
        assert RAN == []
        await session.step("over")
        assert RAN == ["draft"]
        assert await session.resume() in ("waiting", "paused")
        assert await session.respond("red") == "completed"
        assert session.result["said"][-1] == ANSWER


async def test_a_thread_that_ended_has_completed_and_goes_both_ways(
    serve: Serve, place: Place, database: str
) -> None:
    """What goes out and comes back under another name is the same, its versions too."""
    thread_id = str(uuid.uuid4())
    with plain(database) as graph:
        graph.invoke({"query": "q"}, config(thread_id))
        graph.invoke(Command(resume="red"), config(thread_id))
    words = ["--from", database, "--graph", GRAPH, *place.flags]
    done = await run("import-thread", thread_id, *words)
    assert done.exit_code == 0, done.output
    async with (
        serve({"g": thread_graphs.graph}, **place.settings) as served,
        connect(served.url) as client,
    ):
        found = await client.session(thread_id)
        assert found.status == "completed"
        assert found.result["said"][-1] == ANSWER
        async with client.debug(input={"query": "more"}, session_id=thread_id) as session:
            assert session.status == "paused"
    out = await run(
        "export-thread", thread_id, "--to", database, "--as", f"{thread_id}-b", *place.flags
    )
    assert out.exit_code == 0, out.output
    back = await run("import-thread", f"{thread_id}-b", "--as", "back", *words)
    assert back.exit_code == 0, back.output
    assert "paused" in back.output
    with place.store() as store:
        one, other = (store.checkpoints(id) for id in (thread_id, "back"))
        # Versions count up and differ between branches: what came from here is as it was.
        assert [each.versions for each in one] == [each.versions for each in other]
        assert [each.values for each in one] == [each.values for each in other]
        told_first, told_last = (
            stored(ours(store).checkpointer, thread_id),
            stored(ours(store).checkpointer, "back"),
        )
    # The debugger's stop asks nobody, so that it is no question of plain LangGraph's.
    assert [row[:5] for row in told_first] == [row[:5] for row in told_last]
    with plain(database) as graph:
        found = graph.get_state(config(f"{thread_id}-b"))
        assert found.next == ("plan",)
        assert found.interrupts == ()


async def test_what_cannot_be_moved_is_refused_and_changes_nothing(
    serve: Serve, place: Place, database: str
) -> None:
    """Who asks is told what is wrong, and what would be right."""
    words = ["--graph", GRAPH, *place.flags]
    none = await run("import-thread", "nothing", "--from", database, *words)
    assert none.exit_code != 0
    with plain(database) as graph:
        graph.invoke({"query": "q"}, config("fine"))
        graph.invoke({"query": "q"}, config("refused"))
        graph.checkpointer.conn.execute(
            "UPDATE checkpoint_blobs SET type = 'pickle' WHERE thread_id = 'refused' AND channel = 'paper'"
        )
    assert (
        "no thread 'nothing'"
        in (await run("import-thread", "nothing", "--from", database, *words)).output
    )
    refused = await run("import-thread", "refused", "--from", database, *words)
    assert refused.exit_code != 0
    assert "'paper'" in refused.output
    assert "'pickle'" in refused.output
    unnamed = await run("import-thread", "refused", "--from", database, *place.flags)
    assert unnamed.exit_code != 0
    assert "--graph" in unnamed.output
    async with serve({"g": thread_graphs.graph}, **place.settings) as served:
        async with connect(served.url) as client:
            session_id = await _asked(client)
        if place.database is None:
            used = await run("import-thread", "fine", "--from", database, *words)
            assert "stop it first" in used.output
        lost = await run("export-thread", "lost", "--to", database, *place.flags)
        assert "no session 'lost'" in lost.output
        assert (
            await run("export-thread", session_id, "--to", database, *place.flags)
        ).exit_code == 0
        twice = await run("export-thread", session_id, "--to", database, *place.flags)
        assert twice.exit_code != 0
        assert "--replace" in twice.output
        once_more = await run(
            "export-thread", session_id, "--to", database, "--replace", *place.flags
        )
        assert once_more.exit_code == 0, once_more.output
    with place.store() as store:
        assert store.session("refused") is None
        assert store.outlines("refused") == []
