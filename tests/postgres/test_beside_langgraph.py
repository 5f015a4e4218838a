"""One database for Stepwire and for what uses LangGraph's own tables: a user would lose either of them, or find the other's rows.

The user is called `stepwire`, so that a schema of this name would come first wherever nothing else is said.
"""

from contextlib import closing
from typing import Any

import psycopg
import pytest
from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.store.postgres import PostgresStore as PlainStore

from rpc.client import connect
from rpc.storage.postgres import migrations
from rpc.storage.postgres.connecting import SCHEMA, within
from rpc.storage.postgres.store import PostgresStore
from tests.postgres import thread_graphs
from tests.postgres.test_threads import ANSWER, config, run
from tests.postgres.thread_graphs import build
from tests.storage.made import made
from tests.support.in_process import Serve, serve

__all__ = ["serve"]

QUOTED = 'of "theirs" \\ and ours'
"""A schema whose name must be quoted everywhere."""


def names(database: str, schema: str) -> set[str]:
    """A schema's tables."""
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)
        ).fetchall()
    return {row[0] for row in rows}


@pytest.mark.parametrize("first", ["ours", "theirs"])
async def test_plain_langgraph_has_its_own_tables(serve: Serve, database: str, first: str) -> None:
    """Whoever makes its tables first: both work, and neither sees the other's."""
    with psycopg.connect(database) as connection:
        assert connection.info.user == "stepwire"
        # As it is where nothing was set.
        assert connection.execute("SHOW search_path").fetchone() == ('"$user", public',)

    def plain() -> Any:
        with PlainStore.from_conn_string(database) as memory:
            memory.setup()
            memory.put(("a",), "k", {"n": 1})
        with PostgresSaver.from_conn_string(database) as saver:
            saver.setup()
            graph = build().compile(checkpointer=saver)
            return graph.invoke({"query": "q"}, config("mine"))["__interrupt__"]

    if first == "theirs":
        assert plain()
    async with (
        serve({"g": thread_graphs.graph}, database=database) as served,
        connect(served.url) as client,
    ):
        assert plain()
        async for event in client.run(input={"query": "q"}):
            last = event
        await client.respond(last.session_id, "red")
        async for _ in client.follow(last.session_id, after=last.seq):
            pass
        assert (await client.session(last.session_id)).result["said"][-1] == ANSWER
    theirs = {"checkpoints", "checkpoint_blobs", "checkpoint_writes", "store"}
    assert theirs & names(database, "public") == theirs
    assert "checkpoint_blobs" not in names(database, SCHEMA)
    with PostgresSaver.from_conn_string(database) as saver:
        assert {one.config["configurable"]["thread_id"] for one in saver.list(None)} == {"mine"}


async def test_a_thread_goes_to_a_schema_that_is_named_and_comes_from_there(
    serve: Serve, database: str
) -> None:
    """Not to where the search path leads, and not from there."""
    async with (
        serve({"g": thread_graphs.graph}, database=database) as served,
        connect(served.url) as client,
    ):
        async for event in client.run(input={"query": "q"}):
            last = event
    words = ["--database", database, "--schema", QUOTED]
    absent = await run("export-thread", last.session_id, "--to", database, *words)
    assert absent.exit_code != 0
    assert "CREATE SCHEMA" in absent.output
    with psycopg.connect(database) as connection:
        name = '"' + QUOTED.replace('"', '""') + '"'
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name}".encode())
    out = await run("export-thread", last.session_id, "--to", database, *words)
    assert out.exit_code == 0, out.output
    assert "checkpoint_blobs" in names(database, QUOTED)
    with PostgresSaver.from_conn_string(within(database, QUOTED)) as saver:
        assert saver.get(config(last.session_id)) is not None
    words += ["--graph", "g=tests/postgres/thread_graphs.py:graph"]
    back = await run("import-thread", last.session_id, "--from", database, "--as", "back", *words)
    assert back.exit_code == 0, back.output
    assert "waiting, 1 to answer" in back.output
    for command, where in (("export-thread", "--to"), ("import-thread", "--from")):
        graph = words[4:] if where == "--from" else []
        wrong = await run(
            command, "x", where, database, "--database", database, "--schema", SCHEMA, *graph
        )
        assert wrong.exit_code != 0
        assert "Stepwire's own tables" in wrong.output


async def test_a_database_whose_tables_were_in_the_users_schema(database: str) -> None:
    """Its sessions are there after it was brought to the schema of today, and nothing is where the user's own is looked for."""
    with closing(PostgresStore(database)) as store:
        store.write([made("a")])
    with psycopg.connect(database) as connection:
        connection.execute(f"ALTER SCHEMA {SCHEMA} RENAME TO {migrations.BEFORE}".encode())
    done = await run("upgrade", "--database", database)
    assert done.exit_code == 0, done.output
    with closing(PostgresStore(database)) as store:
        assert store.session("a") is not None
    assert names(database, migrations.BEFORE) == set()
