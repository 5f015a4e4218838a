"""What a graph is told of who asked, and what it remembers for whom; both outlast the server."""

import operator
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.cache.memory import InMemoryCache
from langgraph.config import get_store
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import get_runtime
from langgraph.store.base import BaseStore
from langgraph.types import CachePolicy, interrupt
from langgraph_sdk.runtime import ServerRuntime

from rpc.engine.langgraph.memory_store import MemoryStore
from tests.auth.people import as_peer, by_header
from tests.support.in_process import Serve
from tests.support.peer import Peer, peer


class State(TypedDict, total=False):
    query: str
    seen: Annotated[list[Any], operator.add]


async def tell(state: State, config: RunnableConfig) -> State:
    """Who asks, as a node of LangGraph's server would find out."""
    given = config["configurable"]
    user = given.get("langgraph_auth_user")
    server = get_runtime().server_info
    interrupt("go on?")
    return {
        "seen": [
            {
                "identity": user and user["identity"],
                "display_name": user and user.display_name,
                "team": user and user.get("team"),
                "id": given.get("langgraph_auth_user_id"),
                "permissions": given.get("langgraph_auth_permissions"),
                "runtime": server and server.user and server.user.identity,
            }
        ]
    }


def _one(node: Callable[..., Any]) -> StateGraph[Any]:
    builder = StateGraph(State)
    builder.add_node("node", node)
    builder.add_edge(START, "node")
    builder.add_edge("node", END)
    return builder


telling = _one(tell).compile()


async def remember(state: State) -> State:
    """Does what the query says with the memory, by every method that there is."""
    store = get_store()
    what, _, text = state["query"].partition(" ")
    if what == "put":
        await store.aput(("notes", "a"), "k", {"text": text})
        await store.aput(("other",), "k", {"text": text})
    found = await store.aget(("notes", "a"), "k")
    everything = await store.asearch((), limit=100)
    return {
        "seen": [
            found and found.value["text"],
            sorted([*item.namespace, item.value["text"]] for item in everything),
            sorted(await store.alist_namespaces()),
            sorted(await store.alist_namespaces(prefix=("notes",))),
            sorted(await store.alist_namespaces(suffix=("*", "a"))),
            sorted(await store.alist_namespaces(max_depth=1)),
        ]
    }


def remember_in_thread(state: State) -> State:
    """The same, of a plain function."""
    store = get_store()
    what, _, text = state["query"].partition(" ")
    if what == "put":
        store.put(("notes", "a"), "k", {"text": text})
        store.put(("other",), "k", {"text": text})
    found = store.get(("notes", "a"), "k")
    return {
        "seen": [
            found and found.value["text"],
            sorted([*item.namespace, item.value["text"]] for item in store.search((), limit=100)),
            sorted(store.list_namespaces()),
            sorted(store.list_namespaces(prefix=("notes",))),
            sorted(store.list_namespaces(suffix=("*", "a"))),
            sorted(store.list_namespaces(max_depth=1)),
        ]
    }


def by_factory(runtime: ServerRuntime) -> Any:
    """A graph that is made for each run, with what LangGraph's server gives a factory."""

    async def node(state: State) -> State:
        what, _, text = state["query"].partition(" ")
        if what == "put":
            await runtime.store.aput(("notes", "a"), "k", {"text": text})
        found = await runtime.store.aget(("notes", "a"), "k")
        return {"seen": [found and found.value["text"], runtime.user and runtime.user.identity]}

    return _one(node)


async def seen(one: Peer, query: str, graph: str = "default") -> Any:
    return (await one.run(query, graph=graph)).result["seen"]


async def test_a_graph_is_told_who_asks_also_after_a_restart(serve: Serve) -> None:
    async with serve(telling, by_header) as server, as_peer(server.url, "alice") as alice:
        asked = await alice.run("x")
        assert asked.status == "waiting"
    async with serve(telling, by_header) as server, as_peer(server.url, "alice", "run") as alice:
        await alice.call("session.subscribe", session_id=asked.session_id)
        await alice.call("query.respond", session_id=asked.session_id, value="yes")
        result = await alice.event(asked.session_id, "query.result")
    assert result["result"]["seen"] == [
        {
            "identity": "alice",
            "display_name": "alice's",
            "team": "red",
            "id": "alice",
            "permissions": ["read", "run", "debug"],
            "runtime": "alice",
        }
    ]


async def test_a_graph_of_a_server_that_asks_nobody_is_told_nothing(serve: Serve) -> None:
    async with serve(telling) as server, peer(server.url) as one:
        story = await one.run("x")
        await one.respond(story, "yes")
        assert set(story.result["seen"][0].values()) == {None}


async def test_nobody_says_that_they_are_another(serve: Serve) -> None:
    async with serve(telling, by_header) as server, as_peer(server.url, "bob") as bob:
        answer = await bob.exchange(
            {
                "jsonrpc": "2.0",
                "id": 1,
                "method": "query.start",
                "params": {"query": "x", "config": {"langgraph_auth_user_id": "alice"}},
            }
        )
        assert answer["error"]["data"]["type"] == "invalid_params"


@pytest.mark.parametrize("node", [remember, remember_in_thread])
async def test_each_owner_has_a_memory_of_their_own(serve: Serve, node: Any) -> None:
    """By no method is anything of another's found; and each finds their own after a restart."""
    graph = _one(node).compile()
    async with serve(graph) as server, peer(server.url) as local:
        await seen(local, "put of before")
    async with (
        serve(graph, by_header) as server,
        as_peer(server.url, "alice") as alice,
        as_peer(server.url, "alice2") as other,
        as_peer(server.url, "local") as local,
    ):
        await seen(alice, "put hers")
        nothing = [None, [], [], [], [], []]
        assert await seen(other, "look") == nothing
        await seen(other, "put others")
        for who, text in ((alice, "hers"), (other, "others"), (local, "of before")):
            assert await seen(who, "look") == [
                text,
                [["notes", "a", text], ["other", text]],
                [["notes", "a"], ["other"]],
                [["notes", "a"]],
                [["notes", "a"]],
                [["notes"], ["other"]],
            ]
    async with serve(graph, by_header) as server, as_peer(server.url, "alice") as alice:
        assert (await seen(alice, "look"))[0] == "hers"


async def test_a_factorys_store_is_the_owners(serve: Serve) -> None:
    async with (
        serve(by_factory, by_header) as server,
        as_peer(server.url, "alice") as alice,
        as_peer(server.url, "bob") as bob,
    ):
        assert await seen(alice, "put x") == ["x", "alice"]
        assert await seen(bob, "look") == [None, "bob"]


async def test_a_graphs_own_store_is_as_its_author_made_it(serve: Serve, tmp_path: Path) -> None:
    from langgraph.store.memory import InMemoryStore

    shared: BaseStore = InMemoryStore()
    graph = _one(remember).compile(store=shared)
    async with (
        serve(graph, by_header) as server,
        as_peer(server.url, "alice") as alice,
        as_peer(server.url, "bob") as bob,
    ):
        await seen(alice, "put for all")
        assert (await seen(bob, "look"))[0] == "for all"
    assert not isinstance(shared, MemoryStore)


CALLED: list[str] = []


async def costly(state: State) -> State:
    """Notes that it ran."""
    CALLED.append(state["query"])
    return {"seen": [f"{state['query']} {len(CALLED)}"]}


def _cached() -> Any:
    builder = StateGraph(State)
    builder.add_node("node", costly, cache_policy=CachePolicy())
    builder.add_edge(START, "node")
    builder.add_edge("node", END)
    return builder.compile(cache=InMemoryCache())


async def test_what_a_node_gave_before_is_its_owners(serve: Serve) -> None:
    """A hit would tell bob what alice asked, and what she was answered."""
    CALLED.clear()
    async with (
        serve(_cached(), by_header) as server,
        as_peer(server.url, "alice") as alice,
        as_peer(server.url, "bob") as bob,
    ):
        hers = [await alice.run("salary") for _ in range(2)]
        his = await bob.run("salary")
        assert [one.result["seen"] for one in hers] == [["salary 1"]] * 2
        assert his.result["seen"] == ["salary 2"]
        assert [one.of("node.finished")[0]["cached"] for one in (*hers, his)] == [
            False,
            True,
            False,
        ]
    assert len(CALLED) == 2
