"""How much is remembered is bounded by `batch` and `abatch`: every other method of a store is one of them.

A user would lose: the bound on what one owner's runs remember, by a method that goes past it.
"""

import inspect

import pytest
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore

from rpc.engine.langgraph.bounded_memory import BoundedMemory
from rpc.engine.running.limits import RememberedTooMuch


def bounded(store: BaseStore, kept: int) -> BoundedMemory:
    async def now() -> int:
        return kept

    return BoundedMemory(store, 1_000, now, lambda: kept)


def test_every_method_is_a_batch() -> None:
    for name, method in vars(BaseStore).items():
        if name.startswith("_") or not inspect.isfunction(method) or name in ("batch", "abatch"):
            continue
        source = inspect.getsource(method)
        assert f"self.{'a' if name.startswith('a') else ''}batch(" in source, (
            f"`{name}` is not counted"
        )


async def test_what_puts_too_much_is_refused_and_puts_nothing() -> None:
    store = InMemoryStore()
    memory = bounded(store, 900)
    memory.put(("a",), "k", {"text": "short"})
    await memory.aput(("a",), "l", {"text": "short"})
    with pytest.raises(RememberedTooMuch):
        memory.put(("a",), "m", {"text": "x" * 100})
    with pytest.raises(RememberedTooMuch):
        await memory.aput(("a",), "m", {"text": "x" * 100})
    assert sorted(item.key for item in store.search(("a",))) == ["k", "l"]
    memory.delete(("a",), "k")
    assert memory.get(("a",), "k") is None


async def test_who_is_over_the_bound_may_still_look_and_forget() -> None:
    store = InMemoryStore()
    store.put(("a",), "k", {"text": "there"})
    memory = bounded(store, 2_000)
    found = await memory.aget(("a",), "k")
    assert found is not None
    assert found.value == {"text": "there"}
    assert [item.key for item in await memory.asearch(("a",))] == ["k"]
    assert await memory.alist_namespaces() == [("a",)]
    await memory.adelete(("a",), "k")
    assert store.get(("a",), "k") is None
