"""LangGraph's store on SQLite, opened when it is first used, and compared without sqlite-vec where that cannot load.

A user would lose: what graphs remember, or an idle server's file and thread too many.
"""

import asyncio
import sqlite3
import sys
from array import array
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from langgraph.store.sqlite.aio import AsyncSqliteStore
from langgraph_sdk.runtime import ServerRuntime

from rpc.engine.langgraph import server_runtime
from rpc.engine.langgraph.memory_store import MemoryStore, cosine_distance, open_memory
from rpc.engine.langgraph.owned_memory import label
from tests.langgraph.memory_filters import check_filters
from tests.langgraph.memory_times import SHORT, check_parts_of_minutes, check_reading_renews


async def test_it_is_opened_by_its_first_use(tmp_path: Path) -> None:
    file = tmp_path / "memory.db"
    async with open_memory(file) as store:
        assert not file.exists()
        await store.aput(("a",), "k", {"v": 1})
    async with open_memory(file) as store:
        found = await store.aget(("a",), "k")
        assert found is not None
        assert found.value == {"v": 1}


async def test_it_is_found_by_its_members_as_in_memory(tmp_path: Path) -> None:
    async with (
        open_memory(tmp_path / "memory.db") as store,
        open_memory(tmp_path / "others.db", owners=True) as store.others,
    ):
        await check_filters(store)


async def test_its_first_users_may_come_at_once(tmp_path: Path) -> None:
    """A node that reads, a limit that counts and what forgets the old: whoever comes while it is being opened waits."""
    for number in range(20):
        file = tmp_path / f"{number}.db"
        for _ in range(2):
            async with open_memory(file, owners=True) as store:
                await asyncio.gather(
                    store.forget_expired(),
                    store.aget(("a",), "k"),
                    store.kept_bytes("x"),
                    store.aput(("a",), "k", {"v": 1}),
                    store.aget(("b",), "k"),
                )


async def test_what_is_kept_is_counted_whatever_is_done(tmp_path: Path) -> None:
    """Put, put again, by an index of meanings, deleted: what is counted is what is there."""

    def embed(texts: list[str]) -> list[list[float]]:
        return [[1.0, 2.0] for _ in texts]

    one, other = label("one"), label("other")
    async with open_memory(tmp_path / "memory.db", embed, ["t"], owners=True) as store:
        await store.aput((one, "a"), "key", {"t": "x" * 1000})
        once = await store.kept_bytes(one)
        assert 1000 < once < 1100
        await store.aput((one, "a"), "key", {"t": "y" * 3000})
        assert await store.kept_bytes(one) == once + 2000
        await store.aput((one, "a"), "key", {"t": "z" * 1000})
        await store.aput((other,), "key", {"t": "z" * 500})
        assert await store.kept_bytes(one) == once
    async with open_memory(tmp_path / "memory.db", embed, ["t"], owners=True) as store:
        assert await store.kept_bytes(one) == once
        await store.adelete((one, "a"), "key")
        assert await store.kept_bytes(one) == 0
        assert await store.kept_bytes(other) > 500


async def test_a_memory_that_never_counted_is_counted_once(tmp_path: Path) -> None:
    """One of a version before: what it remembers is not free."""
    file = tmp_path / "memory.db"
    async with AsyncSqliteStore.from_conn_string(str(file)) as plain:
        await plain.aput(("a", "b"), "key", {"t": "x" * 1000})
    async with open_memory(file) as store:
        assert 1000 < await store.kept_bytes("") < 1100


def test_distances_are_sqlite_vecs() -> None:
    def vector(*numbers: float) -> bytes:
        return array("f", numbers).tobytes()

    assert cosine_distance(vector(1, 0), vector(1, 0)) == pytest.approx(0)
    assert cosine_distance(vector(1, 0), vector(0, 2)) == pytest.approx(1)
    assert cosine_distance(vector(1, 0), vector(-3, 0)) == pytest.approx(2)
    assert cosine_distance(vector(1, 0), vector(0, 0)) is None
    with pytest.raises(ValueError, match="another embedding"):
        cosine_distance(vector(1, 0), vector(1))


@pytest.mark.skipif(
    not hasattr(sqlite3.Connection, "enable_load_extension"),
    reason="this SQLite loads no extension",
)
async def test_without_extensions_it_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def embed(texts: list[str]) -> list[list[float]]:
        return [[float(len(text)), 1.0] for text in texts]

    found: list[Any] = []
    for file in ("with.db", "without.db"):
        if file == "without.db":
            monkeypatch.delattr(aiosqlite.Connection, "enable_load_extension")
        async with open_memory(tmp_path / file, embed, ["t"]) as store:
            for text in ("a", "aaaa", "a" * 9):
                await store.aput(("s",), text, {"t": text})
            found.append(
                [(one.key, one.score) for one in await store.asearch(("s",), query="aaaaa")]
            )
    assert [key for key, _ in found[0]] == [key for key, _ in found[1]]
    assert [score for _, score in found[0]] == pytest.approx([score for _, score in found[1]])


@pytest.mark.parametrize(
    "annotation", [ServerRuntime, ServerRuntime[int], ServerRuntime[int] | None]
)
def test_a_server_runtime_is_known_by_its_annotation(annotation: Any) -> None:
    assert server_runtime.is_server_runtime(annotation)
    assert not server_runtime.is_server_runtime(int)
    assert server_runtime.MODULE in sys.modules
    assert server_runtime.for_run(None, 3).execution_runtime.context == 3
    assert server_runtime.for_reading(None).execution_runtime is None


@asynccontextmanager
async def timed(folder: Path) -> AsyncIterator[tuple[MemoryStore, Callable[..., Any]]]:
    """A memory with its owners', and what reads one value by a statement, or changes rows."""
    async with (
        open_memory(folder / "memory.db") as memory,
        open_memory(folder / "owners.db", owners=True) as others,
    ):
        memory.others = others

        async def one(statement: str, store: Any) -> Any:
            async with store.lock:
                row = await (await store.conn.execute(statement)).fetchone()
            return None if row is None else row[0]

        yield memory, one


async def test_reading_renews_where_it_should(tmp_path: Path) -> None:
    age = f"UPDATE store SET expires_at = DATETIME(CURRENT_TIMESTAMP, '+{SHORT} seconds')"
    left = "SELECT (julianday(expires_at) - julianday(CURRENT_TIMESTAMP)) * 86400 FROM store"
    async with timed(tmp_path) as (memory, one):
        await check_reading_renews(memory, partial(one, age), partial(one, left))


async def test_what_is_kept_for_seconds_is(tmp_path: Path) -> None:
    async with timed(tmp_path) as (memory, one):
        await check_parts_of_minutes(memory, partial(one, "SELECT ttl_minutes FROM store"))
