"""What graphs remember, where nodes share a database. A user would lose: what was remembered on another node."""

import asyncio
from functools import partial
from typing import Any

import psycopg
import pytest
from langgraph.graph import START, StateGraph
from langgraph.store.memory import InMemoryStore
from langgraph.store.postgres.aio import AsyncPostgresStore

from rpc.engine.graphs.load_errors import GraphLoadError
from rpc.engine.graphs.memory import SCHEMA, shared_graph_memory
from rpc.engine.graphs.remembered import NotStorable, Remembered
from rpc.engine.langgraph.memory_store import memory_of
from rpc.engine.running.limits import RememberedTooMuch
from rpc.storage.postgres.connecting import within
from tests.engine.test_memory import SPACE, remember
from tests.langgraph.memory_filters import check_filters
from tests.langgraph.memory_times import SHORT, check_parts_of_minutes, check_reading_renews
from tests.support.in_process import Serve, serve
from tests.support.peer import peer
from tests.support.small_graphs import State, chain

__all__ = ["serve"]


def letters(texts: list[str]) -> list[list[float]]:
    """An embedding."""
    return [[float(len(text)), 1.0] for text in texts]


async def test_nodes_remember_together_and_owners_apart(database: str) -> None:
    async with (
        shared_graph_memory(database, None, ["$"]) as one,
        shared_graph_memory(database, None, ["$"]) as other,
    ):
        # Both make the tables at once.
        await asyncio.gather(
            one.aput(("a", "b"), "k", {"n": 1}), other.aput(("a", "c"), "k", {"n": 2})
        )
        found = await other.aget(("a", "b"), "k")
        assert found is not None
        assert found.value == {"n": 1}
        assert {item.namespace for item in await one.asearch(("a",))} == {("a", "b"), ("a", "c")}
        # As a plain function does, in a thread.
        await asyncio.to_thread(one.put, ("a", "b"), "k", {"n": 3})
        kept = await asyncio.to_thread(other.get, ("a", "b"), "k")
        assert kept is not None
        assert kept.value == {"n": 3}
        ada, bob = memory_of(one, "ada"), memory_of(other, "bob")
        assert ada is not None
        assert bob is not None
        await ada.aput(("a", "b"), "k", {"n": 4})
        assert await bob.aget(("a", "b"), "k") is None
        again = memory_of(other, "ada")
        assert again is not None
        assert (await again.asearch(("a",)))[0].value == {"n": 4}
        await one.adelete(("a", "b"), "k")
        assert await other.aget(("a", "b"), "k") is None


async def test_it_is_found_by_its_members_as_in_memory(database: str) -> None:
    async with shared_graph_memory(database, None, ["$"]) as memory:
        await check_filters(memory)


async def test_what_is_kept_is_counted_whatever_is_done(database: str) -> None:
    """Put, put again, deleted, over nodes: what is counted is what is there, and past the limit nothing is put."""
    async with (
        shared_graph_memory(database, None, ["$"]) as one,
        shared_graph_memory(database, None, ["$"]) as other,
    ):
        one.most_bytes = other.most_bytes = lambda _: 2500
        ada, bob = one.of("ada"), other.of("bob")
        await ada.aput(("a",), "k", {"t": "x" * 1000})
        await other.of("ada").aput(("a",), "k", {"t": "y" * 900})
        await ada.aput(("a",), "l", {"t": "x" * 1000})
        for put in (other.of("ada"), ada):
            with pytest.raises(RememberedTooMuch):
                await put.aput(("a",), "m", {"t": "x" * 1000})
            with pytest.raises(RememberedTooMuch):
                await asyncio.to_thread(put.put, ("a",), "m", {"t": "x" * 1000})
        await bob.aput(("a",), "m", {"t": "x" * 1000})
        await one.aput(("a",), "m", {"t": "x" * 1000})
        assert await ada.aget(("a",), "m") is None
        await ada.adelete(("a",), "k")
        await ada.aput(("a",), "m", {"t": "x" * 1000})
        # What it takes without a limit it takes within one.
        await ada.aput(("a",), "k", {"t": {1: "ü" * 100}})
        kept = await ada.aget(("a",), "k")
        assert kept is not None
        assert kept.value == {"t": {"1": "ü" * 100}}


async def test_a_graphs_own_store_is_left_to_it(serve: Serve, database: str) -> None:
    """Who has none has LangGraph's, in the database: its own class reads there what nodes have kept, over a restart."""
    own = InMemoryStore()
    builder: Any = StateGraph(State).add_node("remember", remember).add_edge(START, "remember")
    graphs = {"own": builder.compile(store=own), "shared": chain(remember)}
    for query, before in (("first", []), ("second", ["ours first"])):
        async with serve(graphs, database=database) as server, peer(server.url) as one:
            assert (await one.run(f"mine {query}", graph="own")).status == "completed"
            found = await one.run(f"ours {query}", graph="shared")
            assert found.result["said"] == before
    assert {item.value["text"] for item in own.search(SPACE)} == {"mine first", "mine second"}
    async with AsyncPostgresStore.from_conn_string(within(database, SCHEMA)) as plain:
        kept = await plain.asearch(SPACE)
    assert {item.value["text"] for item in kept} == {"ours first", "ours second"}


async def test_an_embedding_needs_the_extension_and_says_so(database: str) -> None:
    """At the start, not when a graph first looks for something."""
    with pytest.raises(GraphLoadError, match="vector"):
        async with shared_graph_memory(database, "tests.postgres.test_memory:letters", ["$"]):
            pass


async def one_value(statement: str, memory: Any) -> Any:
    """What a statement reads, or None."""
    async with memory.pool.connection() as connection:
        cursor = await connection.execute(statement)
        row = await cursor.fetchone() if cursor.description else None
    return None if row is None else float(next(iter(row.values())))


async def test_reading_renews_where_it_should(database: str) -> None:
    age = f"UPDATE store SET expires_at = now() + interval '{SHORT} seconds'"
    left = "SELECT extract(epoch FROM expires_at - now()) FROM store"
    async with shared_graph_memory(database, None, ["$"]) as memory:
        await check_reading_renews(memory, partial(one_value, age), partial(one_value, left))


async def test_what_is_kept_for_seconds_is(database: str) -> None:
    """LangGraph's table has whole minutes: also one that was made so before."""
    minutes = partial(one_value, "SELECT ttl_minutes FROM store")
    async with shared_graph_memory(database, None, ["$"]) as memory:
        await check_parts_of_minutes(memory, minutes)
        await one_value("ALTER TABLE store ALTER COLUMN ttl_minutes TYPE int", memory)
    async with shared_graph_memory(database, None, ["$"]) as memory:
        await check_parts_of_minutes(memory, minutes)


@pytest.mark.parametrize(
    ("key", "value", "of"),
    [
        ("k", {"t": "a\0b"}, "value"),
        ("k", {"a\0": 1}, "value"),
        ("\0", {"t": "a"}, "key"),
        ("k", {"t": "\\u0000"}, None),
        ("k", {"t": "\\"}, None),
    ],
)
async def test_texts_that_postgresql_cannot_keep_are_refused(
    database: str, key: str, value: Any, of: str | None
) -> None:
    async with shared_graph_memory(database, None, ["$"]) as memory:
        remembered = Remembered(memory)
        if of is None:
            remembered.check(key, value)
            await remembered.put("ada", ("a",), key, value)
            found = await remembered.get("ada", ("a",), key)
            assert found["value"] == value
            return
        with pytest.raises(NotStorable, match=f"this {of}"):
            remembered.check(key, value)
        with pytest.raises(psycopg.DataError):
            await remembered.put("ada", ("a",), key, value)
