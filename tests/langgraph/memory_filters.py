"""By what memories are found, on each database. A user would lose: what is found where the graph was written, with `langgraph dev`."""

from typing import Any

import pytest
from langgraph.store.memory import InMemoryStore

from rpc.engine.langgraph.memory_store import Shared, memory_of

ITEMS: dict[str, dict[str, Any]] = {
    "plain": {"n": 1, "s": "b", "t": True, "z": None},
    "ten": {"n": 10, "s": "a", "t": False},
    "half": {"n": 9.5, "s": "10", "t": True},
    "text": {"n": "9", "s": "ä"},
    "object": {"o": {"a": 1, "b": {"c": "x", "d": [1, 2]}}},
    "object more": {"o": {"a": 2, "b": {"c": "x"}}, "more": 1},
    "object whole": {"o": {"a": 1}},
    "list": {"l": [1, {"a": 1, "b": 2}, [3]]},
    "list short": {"l": [1]},
    "list of none": {"l": [], "o": {}},
    "odd": {"a.b": 1, "it's": 1, 'a"b': 1, "": 1, "$eq": 1, "ü": 1, "a b": {"0": 1}},
    "nested": {"a": {"b": 1}},
}

FILTERS: list[dict[str, Any]] = [
    {"n": 1}, {"n": 1.0}, {"n": "1"}, {"s": "b"}, {"t": True}, {"t": False}, {"z": None}, {"n": 9.5},
    {"n": 1, "s": "b"}, {"n": 1, "s": "a"}, {"o": {"a": 1}}, {"o": {"b": {"c": "x"}}}, {"o": {}},
    {"o": {"b": {"d": [1, 2]}}}, {"o": {"b": {"d": [2, 1]}}}, {"o": {"b": {"d": None}}}, {"o": None},
    {"o": {"a": {"$ne": 1}}}, {"o": {"a": {"$eq": 1}, "b": {"c": {"$eq": "x"}}}}, {"n": {"a": 1}},
    {"o": {"$eq": {"a": 1}}}, {"o": {"$ne": {"a": 1}}}, {"o": {"$eq": None}}, {"n": {"$ne": 1}},
    {"l": [1, {"a": 1}, [3]]}, {"l": [1, {"a": 1}]}, {"l": [1, {"a": 2}, [3]]}, {"l": [{"$eq": 1}]},
    {"l": [1]}, {"l": []}, {"l": {}}, {"l": {"$eq": [1]}}, {"l": {"0": 1}}, {"l": [1, {}, [{"$eq": 3}]]},
    {"a.b": 1}, {"it's": 1}, {'a"b': 1}, {"": 1}, {"$eq": 1}, {"ü": 1}, {"a b": {"0": 1}}, {"a": {"b": 1}},
    {"nothing": None}, {"nothing": 1}, {"nothing": {"$ne": 1}}, {"nothing": {}},
]  # fmt: skip

ORDERED: list[tuple[dict[str, Any], set[str]]] = [
    ({"n": {"$gt": 9}}, {"ten", "half"}),
    ({"n": {"$gte": "9"}}, {"ten", "half", "text"}),
    ({"n": {"$lt": 9.5}}, {"plain", "text"}),
    ({"n": {"$lte": 1e0}}, {"plain"}),
    ({"n": {"$gt": 1, "$lt": 10}}, {"half", "text"}),
    ({"s": {"$gt": "a"}}, {"plain", "text"}),
    ({"s": {"$lte": "b"}}, {"plain", "ten", "half"}),
    ({"s": {"$lt": "9"}}, set()),
    ({"s": {"$lt": 11}}, {"half"}),
    ({"s": {"$gt": "1e999"}}, {"plain", "ten", "text"}),
    ({"o": {"a": {"$gt": 1}}}, {"object more"}),
    ({"t": {"$gt": 0}}, set()),
    ({"t": 1}, set()),
    ({"n": True}, set()),
    ({"n": {"$eq": True}}, set()),
    ({"t": {"$gt": None}}, set()),
    ({"l": [{"$lte": 1}]}, {"list short"}),
]
"""With what each finds. LangGraph's own raises where there is a value that is no number, and takes true for 1: here it is not found."""

WRONG: list[dict[str, Any]] = [
    {"n": {"$no": 1}}, {"o": {"a": {"$eq": 1, "b": 1}}}, {"l": [{"$no": 1}]}, {"n": {"$gt": 1, "$": 1}},
]  # fmt: skip


async def check_filters(memory: Shared) -> None:
    """What is found is what LangGraph's `InMemoryStore` finds, for the one owner and for others."""
    own = InMemoryStore()
    for part in (memory, memory_of(memory, "ada")):
        assert part is not None
        for key, value in ITEMS.items():
            await part.aput(("notes",), key, value)
            own.put(("notes",), key, value)
        for wanted in FILTERS:
            found = {one.key for one in await part.asearch((), filter=wanted, limit=100)}
            expected = {one.key for one in own.search((), filter=wanted, limit=100)}
            assert found == expected, wanted
        for wanted, keys in ORDERED:
            found = {one.key for one in await part.asearch((), filter=wanted, limit=100)}
            assert found == keys, wanted
        for wanted in WRONG:
            with pytest.raises(ValueError, match="Unsupported operator"):
                own.search((), filter=wanted, limit=100)
            with pytest.raises(ValueError, match="Unsupported operator"):
                await part.asearch((), filter=wanted, limit=100)
        assert len(await part.asearch((), filter={"t": True}, limit=1)) == 1
