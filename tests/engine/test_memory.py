"""The memory that a server gives its graphs: from every kind of node, over restarts, by meaning."""

import asyncio
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.messages import AIMessage
from langchain_core.tools import tool
from langgraph.config import get_store
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import InjectedStore, ToolNode
from langgraph.runtime import Runtime
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore

from rpc.core import open_core
from rpc.engine.graphs.load_errors import GraphLoadError
from rpc.engine.graphs.remembered import NotStorable, Remembered
from rpc.engine.langgraph.memory_store import open_memory
from rpc.settings import Settings
from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import peer
from tests.support.small_graphs import State, chain

SPACE = ("words",)


async def remember(state: State) -> State:
    """Keeps the query, and says what was kept before."""
    store = get_store()
    before = await store.asearch(SPACE)
    await store.aput(SPACE, str(len(before)), {"text": state["query"]})
    return {"said": sorted(item.value["text"] for item in before)}


def plainly(state: State, *, store: BaseStore) -> State:
    """As a plain function, which is in a thread of its own."""
    before = store.search(SPACE)
    store.put(SPACE, str(len(before)), {"text": state["query"]})
    return {"said": sorted(item.value["text"] for item in before)}


async def inside(state: State, runtime: Runtime[Any]) -> State:
    """From a subgraph, by its runtime."""
    assert runtime.store is not None
    return await remember(state)


@tool
def note(text: str, store: Annotated[BaseStore, InjectedStore()]) -> str:
    """Keeps a note."""
    store.put(SPACE, text, {"text": text})
    return f"noted, {get_store() is store}"


def calls(state: MessagesState) -> Any:
    call = {"name": "note", "args": {"text": state["messages"][-1].content}, "id": "1"}
    return {"messages": [AIMessage("", tool_calls=[call])]}


def tools() -> Any:
    builder = StateGraph(MessagesState).add_node("calls", calls).add_node("tools", ToolNode([note]))
    return builder.add_edge(START, "calls").add_edge("calls", "tools").compile()


def nested() -> Any:
    builder: Any = StateGraph(State).add_node("sub", chain(inside))
    return builder.add_edge(START, "sub").compile()


async def test_all_graphs_share_one_memory_that_outlives_the_server(serve: Serve) -> None:
    """Memory agents run as on LangGraph's own server: what one session keeps another one finds."""
    graphs = {"co": chain(remember), "plain": chain(plainly), "nested": nested(), "tools": tools()}
    async with serve(graphs) as server, peer(server.url) as one:
        assert (await one.run("a", graph="co")).result["said"] == []
        assert (await one.run("b", graph="plain")).result["said"] == ["a"]
        assert (await one.run("c", graph="nested")).result["said"] == ["a", "b"]
        noted = (await one.run("d", graph="tools")).result["messages"][-1]["content"]
        assert noted == "noted, True"
    async with serve(graphs) as server, peer(server.url) as one:
        story = await one.run("e", graph="co")
        assert story.result["said"] == ["a", "b", "c", "d"]


async def test_a_graphs_own_store_is_left_to_it(serve: Serve) -> None:
    own = InMemoryStore()
    builder: Any = StateGraph(State).add_node("remember", remember).add_edge(START, "remember")
    graphs = {"own": builder.compile(store=own), "shared": chain(remember)}
    async with serve(graphs) as server, peer(server.url) as one:
        await one.run("mine", graph="own")
        assert [item.value["text"] for item in own.search(SPACE)] == ["mine"]
        assert (await one.run("x", graph="shared")).result["said"] == []


async def test_a_server_whose_graphs_remember_nothing_has_no_memory(
    serve: Serve, tmp_path: Path
) -> None:
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        await one.run("x")
    assert (tmp_path / "data" / "stepwire.db").is_file()
    assert not list((tmp_path / "data").glob("memory*"))


async def test_many_runs_keep_at_once(serve: Serve) -> None:
    """Nothing is lost where a hundred write at the same time, in threads and on the loop."""

    async def keep(state: State) -> State:
        await get_store().aput(SPACE, state["query"], {"text": state["query"]})
        return {}

    def keep_plainly(state: State, *, store: BaseStore) -> State:
        store.put(SPACE, state["query"], {"text": state["query"]})
        return {}

    graphs = {"co": chain(keep), "plain": chain(keep_plainly), "all": chain(count)}
    async with serve(graphs) as server, peer(server.url) as one:
        starts = [
            one.run(f"{kind}{number}", graph=kind)
            for kind in ("co", "plain")
            for number in range(50)
        ]
        stories = await asyncio.gather(*starts)
        assert {story.status for story in stories} == {"completed"}
        assert (await one.run("x", graph="all")).result["said"] == ["100"]


async def count(state: State) -> State:
    """How many memories there are."""
    return {"said": [str(len(await get_store().asearch(SPACE, limit=1000)))]}


# By meaning.


class Fruits(Embeddings):
    """A text's vector says how much it is about apples and about ships."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [0.1 + text.count("apple"), 0.1 + text.count("ship"), 0.1]


fruits = Fruits()


def embed(texts: list[str]) -> list[list[float]]:
    """The same, as a function."""
    return fruits.embed_documents(texts)


async def find(state: State) -> State:
    """The two memories that mean most what is asked."""
    store = get_store()
    for key, text, other in (
        ("1", "a ship at sea", "apple apple"),
        ("2", "an apple pie", "ship ship"),
        ("3", "a stone", ""),
    ):
        await store.aput(SPACE, key, {"text": text, "other": other})
    found = await store.asearch(SPACE, query=state["query"], limit=1)
    return {"said": [item.value["text"] for item in found]}


@pytest.mark.parametrize(
    "embedding", [f"{__file__}:fruits", f"{__file__}:embed", "tests.engine.test_memory:fruits"]
)
async def test_memories_are_found_by_meaning(serve: Serve, embedding: str) -> None:
    settings = {"memory_embedding": embedding, "memory_fields": ["text"]}
    async with serve(chain(find), **settings) as server, peer(server.url) as one:
        assert (await one.run("apple")).result["said"] == ["an apple pie"]
        assert (await one.run("ship")).result["said"] == ["a ship at sea"]


@pytest.mark.parametrize(
    ("embedding", "words"),
    [
        ("nonsense", "expected provider:model"),
        ("nobody:model", "nobody"),
        ("no/such/file.py:name", "there is no file"),
        (f"{__file__}:SPACE", "neither an Embeddings nor a function"),
        (f"{__file__}:nothing", "has no 'nothing'"),
    ],
)
async def test_an_embedding_that_is_none_is_told_at_the_start(
    tmp_path: Path, embedding: str, words: str
) -> None:
    settings = Settings(data_dir=str(tmp_path), memory_embedding=embedding)
    with pytest.raises(GraphLoadError, match=words):
        async with open_core(settings, {"g": small_graphs.greeter}):
            pass


async def keep(state: State) -> State:
    """Keeps something where it is told to; says whether it is there."""
    store = get_store()
    if state["query"] == "put":
        await store.aput(SPACE, "k", {"text": "kept"})
    found = await store.aget(SPACE, "k")
    return {"said": [found.value["text"]] if found else []}


async def test_what_is_put_without_a_time_of_its_own_is_forgotten(serve: Serve) -> None:
    """After the time that is set for all; that it is read does not keep it where that is not set."""
    settings: dict[str, Any] = {"memory_max_age_minutes": 0.02, "memory_refresh_on_read": False}
    async with serve(chain(keep), **settings) as server, peer(server.url) as one:
        await one.run("put")
        async with asyncio.timeout(60):
            while (await one.run("look")).result["said"]:
                pass


def within_lists(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"v": within_lists(200)}, True),
        ({"v": within_lists(253)}, True),
        ({"v": within_lists(254)}, False),
        ({"v": within_lists(400)}, False),
        ({"v": 2**64 - 1, "w": -(2**63), "t": "\0"}, True),
        ({"v": 2**64}, False),
    ],
)
async def test_it_is_known_beforehand_what_the_memory_takes(
    tmp_path: Path, value: Any, kept: bool
) -> None:
    async with open_memory(tmp_path / "memory.db") as memory:
        remembered = Remembered(memory)
        with nullcontext() if kept else pytest.raises(NotStorable, match="this value"):
            remembered.check("k", value)
        with nullcontext() if kept else pytest.raises(TypeError):
            await remembered.put("local", ("a",), "k", value)


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ({"v": {"a": 1}}, None),
        ({"$eq": [{"a b": {"$ne": 1}}]}, None),
        ({"v": 1, "w": {"$eq": 1, "b": 2}}, "filter.w"),
        ({"w": [{"a": {"$no": 1}}]}, "filter.w"),
        ({"y": 10**30}, "filter.y"),
        ({"v": [0] * 998}, None),
        ({"v": [0] * 1000}, "filter"),
    ],
)
async def test_it_is_known_beforehand_by_what_the_memory_finds(
    tmp_path: Path, wanted: dict[str, Any], where: str | None
) -> None:
    async with open_memory(tmp_path / "memory.db") as memory:
        remembered = Remembered(memory)
        if where is None:
            remembered.check_filter(wanted)
            assert await remembered.search("local", (), filter=wanted) == []
            return
        with pytest.raises(NotStorable) as refused:
            remembered.check_filter(wanted)
        assert refused.value.of == where
