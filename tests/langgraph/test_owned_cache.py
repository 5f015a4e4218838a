"""LangGraph's caches of nodes: given to its loops by a keyword, asked by namespace and key, cleared by namespace.

A user would lose: that one owner's cached answers are not another's, or that anything is cached at all.
"""

import inspect
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langgraph.cache.base import BaseCache
from langgraph.cache.memory import InMemoryCache
from langgraph.graph import END, START, StateGraph
from langgraph.pregel._loop import AsyncPregelLoop, SyncPregelLoop
from langgraph.types import CachePolicy

from rpc.engine.langgraph.owned_cache import OwnedCache, caches_owned, run_of


class State(TypedDict, total=False):
    x: int
    y: int


def caching(calls: list[int], **more: Any) -> Any:
    def node(state: State) -> State:
        calls.append(state["x"])
        return {"y": state["x"] + len(calls)}

    builder = StateGraph(State)
    builder.add_node("node", node, cache_policy=CachePolicy())
    builder.add_edge(START, "node")
    builder.add_edge("node", END)
    return builder.compile(**more)


@pytest.mark.parametrize("loop", [AsyncPregelLoop, SyncPregelLoop])
def test_a_loop_is_given_its_cache_by_a_keyword(loop: Any) -> None:
    kind = inspect.signature(loop.__init__).parameters["cache"].kind
    assert kind in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@pytest.mark.parametrize("how", ["async", "sync"])
async def test_owners_have_their_own_in_one_cache(how: str) -> None:
    """Also of a subgraph that was compiled with one; and a graph's own way to clear it clears all."""
    calls: list[int] = []
    inner = caching(calls, cache=InMemoryCache())
    builder = StateGraph(State)
    builder.add_node("inner", inner)
    builder.add_edge(START, "inner")
    builder.add_edge("inner", END)
    outer = builder.compile()

    async def ask(owner: str | None) -> int:
        run_of(owner)
        found = await outer.ainvoke({"x": 1}) if how == "async" else outer.invoke({"x": 1})
        return int(found["y"])

    with caches_owned():
        first = {who: await ask(who) for who in ("alice", "bob", None)}
        assert sorted(first.values()) == [2, 3, 4]
        assert {who: await ask(who) for who in first} == first
        assert len(calls) == 3
        inner.clear_cache()
        assert await ask("alice") == 5
    # Outside nothing is changed.
    run_of("alice")
    assert (await outer.ainvoke({"x": 1}))["y"] == 6


def stores(folder: Path) -> list[BaseCache[Any]]:
    found: list[BaseCache[Any]] = [InMemoryCache()]
    try:
        from langgraph.cache.sqlite import SqliteCache
    except ImportError:
        return found
    return [*found, SqliteCache(path=str(folder / "cache.db"))]


async def test_what_is_found_is_found_under_its_own_key(tmp_path: Path) -> None:
    key, other = (("writes", "a"), "k"), (("writes", "a"), "l")
    hers, his = ["c", 1], ["c", 2]
    for cache in stores(tmp_path):
        one, two = OwnedCache(cache, "alice"), OwnedCache(cache, "bob")
        one.set({key: (hers, None)})
        await two.aset({key: (his, None)})
        assert one.get([key, other]) == {key: hers}
        assert await two.aget([key, other]) == {key: his}
        assert cache.get([key]) == {}
        await one.aclear([key[0]])
        assert two.get([key]) == {}
