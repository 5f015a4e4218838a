"""Graphs of every kind LangGraph users have, served over a real socket, their event streams checked whole."""

import asyncio
import operator
import threading
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict

import pydantic
import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.config import get_stream_writer
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, Send, interrupt

from tests.support import small_graphs
from tests.support.busy_graphs import busy
from tests.support.in_process import Serve
from tests.support.peer import Story, peer
from tests.support.small_graphs import State, chain
from tests.support.stream_rules import check_stream


async def told(serve: Serve, graph: Any, query: Any = "x", **params: Any) -> Story:
    """The story of one query to a graph, its stream checked."""
    async with serve(graph) as server, peer(server.url) as one:
        story = await one.run(query, **params)
        check_stream(story.events)
        return story


# Nodes.


async def test_async_and_sync_nodes(serve: Serve) -> None:
    """A node may be a coroutine or a plain function; a plain one must not stop the server while it works."""
    threads: list[str] = []
    entered, release = threading.Event(), threading.Event()

    def plain(state: State) -> State:
        threads.append(threading.current_thread().name)
        get_stream_writer()("from a thread")
        entered.set()
        assert release.wait(60)
        return {"said": ["plain"]}

    async with (
        serve(chain(plain, small_graphs.hello)) as server,
        peer(server.url) as one,
    ):
        started = await one.call("query.start", query="x")
        await asyncio.to_thread(entered.wait, 60)
        info = await one.call("server.info")
        assert info["active_sessions"] == 1
        release.set()
        await one.settled(started["session_id"])
        story = Story(one, started["session_id"], started["run_id"])
        check_stream(story.events)
        assert story.result["said"] == ["plain", "hello x"]
        assert story.of("progress")[0]["data"] == "from a thread"
        assert story.of("progress")[0]["path"] == "plain"
    assert threads != [threading.main_thread().name]


async def test_the_whole_stream_of_a_small_graph(serve: Serve) -> None:
    """What a reader of the documentation expects to see, in its order."""

    async def first(state: State) -> State:
        get_stream_writer()({"step": 1})
        return {"said": ["one"]}

    async def second(state: State) -> State:
        return {"said": ["two"]}

    story = await told(serve, chain(first, second))
    seen = [
        (event["method"], event["params"].get("path", event["params"].get("status")))
        for event in story.events
    ]
    assert seen == [
        ("session.status", "queued"),
        ("session.status", "running"),
        ("state.checkpoint", ""),
        ("state.checkpoint", ""),
        ("node.started", "first"),
        ("progress", "first"),
        ("node.finished", "first"),
        ("state.checkpoint", ""),
        ("node.started", "second"),
        ("node.finished", "second"),
        ("state.checkpoint", ""),
        ("query.result", None),
        ("session.status", "completed"),
    ]
    assert [p["update"] for p in story.of("node.finished")] == [
        {"said": ["one"]},
        {"said": ["two"]},
    ]
    assert [p["next"] for p in story.of("state.checkpoint")] == [[], ["first"], ["second"], []]
    assert [p["step"] for p in story.of("state.checkpoint")] == [-1, 0, 1, 2]
    parents = [p["parent_checkpoint_id"] for p in story.of("state.checkpoint")]
    assert parents == [None, *[p["checkpoint_id"] for p in story.of("state.checkpoint")][:-1]]
    assert story.result == {"query": "x", "said": ["one", "two"]}


# Shapes.


def fan_out(count: int) -> Any:
    class Fan(TypedDict, total=False):
        query: str
        done: Annotated[list[int], operator.add]

    async def work(state: Any) -> Any:
        get_stream_writer()({"number": state["number"]})
        await asyncio.sleep(0)
        return {"done": [state["number"]]}

    async def join(state: Fan) -> Any:
        return {"query": f"{len(state['done'])} done"}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(Fan)
    builder.add_node("work", work)
    builder.add_node("join", join)
    builder.add_conditional_edges(
        START, lambda _: [Send("work", {"number": number}) for number in range(count)], ["work"]
    )
    builder.add_edge("work", "join")
    builder.add_edge("join", END)
    return builder.compile()


async def test_send_fan_out(serve: Serve) -> None:
    """Fifty tasks of one node are fifty, told apart by their id."""
    story = await told(serve, fan_out(50))
    tasks = [p["task_id"] for p in story.of("node.started") if p["node"] == "work"]
    assert len(set(tasks)) == 50
    assert {p["task_id"] for p in story.of("node.finished") if p["node"] == "work"} == set(tasks)
    assert {p["data"]["number"] for p in story.of("progress")} == set(range(50))
    assert {p["path"] for p in story.of("progress")} == {"work"}
    assert {p["task_id"] for p in story.of("progress")} == set(tasks)
    assert story.result["query"] == "50 done"


@pytest.mark.parametrize("kind", ["coroutines", "functions"])
@pytest.mark.parametrize("where", ["at the top", "in a subgraph", "in a called subgraph"])
async def test_what_siblings_write_names_its_task(serve: Serve, kind: str, where: str) -> None:
    """Of siblings that run at the same time and write in turns, each event says whose it is: node, path, task."""
    turns = 5
    all_here = threading.Barrier(4)
    arrived: list[str] = []
    everybody = asyncio.Event()

    def writes(name: str) -> Any:
        async def coroutine(state: State) -> State:
            arrived.append(name)
            if len(arrived) == 4:
                everybody.set()
            for number in range(turns):
                await everybody.wait()
                get_stream_writer()({"by": state.get("query", name), "node": name, "n": number})
                await asyncio.sleep(0)
            return {"said": [name]}

        def function(state: State) -> State:
            writer = get_stream_writer()
            for number in range(turns):
                all_here.wait(60)
                writer({"by": state.get("query", name), "node": name, "n": number})
            return {"said": [name]}

        return coroutine if kind == "coroutines" else function

    inner: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name in ("one", "two"):
        inner.add_node(name, writes(name))
    inner.add_conditional_edges(
        START,
        lambda _: [Send(name, {"query": f"{name} {n}"}) for name in ("one", "two") for n in (1, 2)],
        ["one", "two"],
    )
    graph = compiled = inner.compile()
    before = ""
    if where != "at the top":
        before = "sub/"

        async def calls(state: State) -> State:
            return {"said": (await compiled.ainvoke({"query": "x"}))["said"]}

        outer: StateGraph[Any, Any, Any, Any] = StateGraph(State)
        outer.add_node("sub", compiled if where == "in a subgraph" else calls)
        outer.add_edge(START, "sub")
        graph = outer.compile()
    story = await told(serve, graph)
    started = {p["task_id"]: p for p in story.of("node.started") if p["path"] != "sub"}
    assert len(started) == 4
    written: dict[str, list[dict[str, Any]]] = {}
    for params in story.of("progress"):
        task = started[params["task_id"]]
        assert params["node"] == task["node"] == params["data"]["node"]
        assert params["path"] == task["path"] == f"{before}{params['node']}"
        written.setdefault(params["task_id"], []).append(params["data"])
    assert written.keys() == started.keys()
    for data in written.values():
        # All of a task's, in its order, and nobody else's.
        assert len({one["by"] for one in data}) == 1
        assert [one["n"] for one in data] == list(range(turns))
    assert len({data[0]["by"] for data in written.values()}) == 4


async def test_command_routing(serve: Serve) -> None:
    """A node that says itself where to go next is followed there."""

    async def route(state: State) -> Command[Literal["left", "right"]]:
        return Command(update={"said": ["routed"]}, goto=state["query"])

    async def left(state: State) -> State:
        return {"said": ["left"]}

    async def right(state: State) -> State:
        return {"said": ["right"]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for node in (route, left, right):
        builder.add_node(node)
    builder.add_edge(START, "route")
    graph = builder.compile()
    story = await told(serve, graph, "right")
    assert story.paths("node.finished") == ["route", "right"]
    assert story.result["said"] == ["routed", "right"]


async def test_a_cycle_and_its_limit(serve: Serve) -> None:
    """A loop runs a node again as a new task; an endless one ends at the recursion limit, by name."""

    class Count(TypedDict, total=False):
        query: str
        n: int

    async def up(state: Count) -> Count:
        return {"n": state.get("n", 0) + 1}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(Count)
    builder.add_node(up)
    builder.add_edge(START, "up")
    builder.add_conditional_edges("up", lambda s: END if s["n"] >= int(s["query"]) else "up")
    graph = builder.compile()
    story = await told(serve, graph, "5")
    assert story.paths("node.started") == ["up"] * 5
    assert len({p["task_id"] for p in story.of("node.started")}) == 5
    assert story.result["n"] == 5
    endless = await told(serve, graph, "1000000", config={"recursion_limit": 7})
    assert endless.status == "failed"
    assert endless.failure["type"] == "GraphRecursionError"
    assert "7" in endless.failure["message"]


def nested() -> Any:
    """main: before → sub (inner: one → two), and `calls`, which calls a graph as a function."""

    async def one(state: State) -> State:
        get_stream_writer()("one writes")
        return {"said": ["one"]}

    async def two(state: State) -> State:
        return {"said": ["two"]}

    inner = chain(one, two)

    async def calls(state: State) -> State:
        result = await inner.ainvoke({"query": state["query"]})
        return {"said": [f"called {len(result['said'])}"]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("sub", inner)
    builder.add_node("calls", calls)
    builder.add_edge(START, "sub")
    builder.add_edge("sub", "calls")
    builder.add_edge("calls", END)
    return builder.compile()


async def test_subgraphs_as_nodes_and_called_by_functions(serve: Serve) -> None:
    """Every node at any depth is seen under its path, wherever its graph is."""
    story = await told(serve, nested())
    assert story.paths("node.started") == [
        "sub",
        "sub/one",
        "sub/two",
        "calls",
        "calls/one",
        "calls/two",
    ]
    assert story.paths("node.finished") == [
        "sub/one",
        "sub/two",
        "sub",
        "calls/one",
        "calls/two",
        "calls",
    ]
    assert {p["path"] for p in story.of("progress")} == {"sub/one", "calls/one"}
    assert {p["path"] for p in story.of("state.checkpoint")} >= {"", "sub"}
    # `sub` shares the key `said`, so what it began with is there twice: LangGraph's own rule.
    assert story.result["said"][-1] == "called 2"


async def test_two_calls_of_a_subgraph_in_one_node(serve: Serve) -> None:
    """A node that calls a graph twice shows both, and their tasks are not confused."""

    async def leaf(state: State) -> State:
        return {"said": [state["query"]]}

    inner = chain(leaf)

    async def twice(state: State) -> State:
        both = await asyncio.gather(inner.ainvoke({"query": "a"}), inner.ainvoke({"query": "b"}))
        return {"said": [one["said"][0] for one in both]}

    story = await told(serve, chain(twice))
    assert story.paths("node.started") == ["twice", "twice/leaf", "twice/leaf"]
    assert len({p["task_id"] for p in story.of("node.started")}) == 3
    assert story.result["said"] == ["a", "b"]


async def test_parallel_branches_that_join(serve: Serve) -> None:
    """Branches of different length each show their nodes, and the join waits for both."""

    def node(name: str) -> Any:
        async def run(state: State) -> State:
            return {"said": [name]}

        run.__name__ = name
        return run

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name in ("a", "b", "b2", "join"):
        builder.add_node(name, node(name))
    builder.add_edge(START, "a")
    builder.add_edge(START, "b")
    builder.add_edge("b", "b2")
    builder.add_edge(["a", "b2"], "join")
    builder.add_edge("join", END)
    story = await told(serve, builder.compile())
    assert sorted(story.paths("node.finished")) == ["a", "b", "b2", "join"]
    assert story.paths("node.finished")[-1] == "join"


# States.


@dataclass
class DataState:
    query: str
    said: Annotated[list[str], operator.add] = field(default_factory=list)


class ModelState(pydantic.BaseModel):
    query: str
    said: Annotated[list[str], operator.add] = []


@pytest.mark.parametrize("kind", [State, DataState, ModelState])
async def test_typed_dict_dataclass_and_pydantic_states(serve: Serve, kind: Any) -> None:
    """A state may be any of the three; its values come out as plain JSON."""

    async def say(state: Any) -> Any:
        query = state["query"] if isinstance(state, dict) else state.query
        assert isinstance(state, dict) == (kind is State)
        return {"said": [f"said {query}"]}

    story = await told(serve, chain(say, state=kind))
    assert story.result == {"query": "x", "said": ["said x"]}


class Draft(State):
    draft: str


class Answer(TypedDict):
    said: list[str]


async def test_the_result_is_of_the_output_schema(serve: Serve) -> None:
    """What a graph keeps for itself is not its answer; a follow-up still finds it."""

    def write(state: Draft) -> dict[str, Any]:
        return {"said": [state.get("draft", "no draft yet")], "draft": "kept"}

    builder: Any = StateGraph(Draft, input_schema=State, output_schema=Answer)
    builder.add_node("write", write)
    builder.add_edge(START, "write")
    async with serve(builder.compile()) as server, peer(server.url) as one:
        first = await one.run("x")
        assert first.result == {"said": ["no draft yet"]}
        second = await one.run("y", session_id=first.session_id)
        assert second.result == {"said": ["no draft yet", "kept"]}


async def test_a_wrong_input_for_a_pydantic_state_fails_by_name(serve: Serve) -> None:
    """A model refuses a value: the client sees which, and the server goes on."""

    class Strict(pydantic.BaseModel):
        query: str
        count: int = 0

    async def say(state: Strict) -> Any:
        return {"count": state.count + 1}

    story = await told(serve, chain(say, state=Strict), None, input={"query": "x", "count": "many"})
    assert story.status == "failed"
    assert story.failure["type"] == "ValidationError"
    assert "count" in story.failure["message"]
    assert "Traceback" not in str(story.events)


async def test_messages_and_streamed_tokens(serve: Serve) -> None:
    """An answer appears word by word, each piece under its message's id, and adds up to the message."""
    text = "Semaglutide lowers weight by fifteen percent"

    async def talk(state: MessagesState) -> Any:
        model = GenericFakeChatModel(messages=iter([AIMessage(text)]))
        return {"messages": [await model.ainvoke(state["messages"])]}

    async def quote(state: MessagesState) -> Any:
        return {"messages": [AIMessage("a whole message", id="whole")]}

    story = await told(serve, chain(talk, quote, state=MessagesState), "weight?")
    pieces = [p for p in story.of("message.delta") if p["node"] == "talk"]
    assert len(pieces) > 5
    assert "".join(p["delta"] for p in pieces) == text
    assert len({p["message_id"] for p in pieces}) == 1
    assert {(p["path"], p["role"], p["partial"]) for p in pieces} == {("talk", "ai", True)}
    (whole,) = [p for p in story.of("message.delta") if p["node"] == "quote"]
    assert (whole["delta"], whole["partial"], whole["message_id"]) == (
        "a whole message",
        False,
        "whole",
    )
    messages = story.result["messages"]
    assert [one["type"] for one in messages] == ["human", "ai", "ai"]
    assert [one["content"] for one in messages] == ["weight?", text, "a whole message"]
    assert messages[1]["id"] == pieces[0]["message_id"]


async def test_tokens_of_a_subgraph_in_a_sync_node(serve: Serve) -> None:
    """Tokens come out of nested graphs and of plain functions too."""

    def talk(state: MessagesState) -> Any:
        model = GenericFakeChatModel(messages=iter([AIMessage("deep words here")]))
        return {"messages": [model.invoke(state["messages"])]}

    inner = chain(talk, state=MessagesState)
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(MessagesState)
    builder.add_node("sub", inner)
    builder.add_edge(START, "sub")
    story = await told(serve, builder.compile())
    assert "".join(p["delta"] for p in story.of("message.delta")) == "deep words here"
    assert {p["path"] for p in story.of("message.delta")} == {"sub/talk"}


async def test_values_that_are_not_json(serve: Serve) -> None:
    """A state holds what Python holds; the stream and the result show it all, none of it fatal."""

    class Odd(TypedDict, total=False):
        query: str
        at: Any
        model: Any
        raw: Any
        nan: Any
        many: Any
        message: Any
        function: Any

    async def odd(state: Odd) -> Any:
        get_stream_writer()({"nan": float("nan"), "raw": b"\x00\xff", "set": {1}})
        return {
            "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            "model": ModelState(query="inside"),
            "raw": b"\x00\xff",
            "nan": float("nan"),
            "many": {3, 1, 2},
            "message": HumanMessage("hi"),
        }

    story = await told(serve, chain(odd, state=Odd))
    assert story.status == "completed", story.events[-2]
    assert story.of("progress")[0]["data"] == {
        "nan": {"$float": "NaN"},
        "raw": {"$bytes": "AP8="},
        "set": [1],
    }
    result = story.result
    assert result["at"] == "2026-01-02T03:04:05+00:00"
    assert result["model"] == {"query": "inside", "said": []}
    assert result["raw"] == {"$bytes": "AP8="}
    assert result["nan"] == {"$float": "NaN"}
    assert result["many"] == [1, 2, 3]
    assert result["message"]["content"] == "hi"
    async with serve(chain(odd, state=Odd)) as server, peer(server.url) as one:
        kept = await one.call("session.get", session_id=story.session_id)
        assert kept["result"] == result


# Interrupts.


async def test_interrupt_is_asked_answered_and_ends(serve: Serve) -> None:
    """A question reaches the client with its value; the answer reaches the node; nothing is told twice."""
    async with (
        serve(chain(small_graphs.hello, small_graphs.ask)) as server,
        peer(server.url) as one,
    ):
        story = await one.run("name?")
        assert story.status == "waiting"
        (asked,) = story.of("input.requested")
        assert asked["value"] == {"question": "name?"}
        assert (asked["node"], asked["path"]) == ("ask", "ask")
        session = await one.call("session.get", session_id=story.session_id)
        assert [i["interrupt_id"] for i in session["interrupts"]] == [asked["interrupt_id"]]
        assert await one.respond(story, "Ada") == "completed"
        check_stream(story.events)
        assert story.paths("node.started") == ["hello", "ask", "ask"]
        assert story.paths("node.finished") == ["hello", "ask"]
        assert len(story.of("input.requested")) == 1
        assert story.result["said"] == ["hello name?", "Ada"]
        session = await one.call("session.get", session_id=story.session_id)
        assert session["interrupts"] == []


async def test_a_node_with_two_interrupts(serve: Serve) -> None:
    """The second question is asked as the first was, and each gets its own answer."""

    async def form(state: State) -> State:
        name = interrupt("name?")
        age = interrupt({"age of": name})
        return {"said": [f"{name} is {age}"]}

    async with serve(chain(form)) as server, peer(server.url) as one:
        story = await one.run("x")
        assert await one.respond(story, "Ada") == "waiting"
        values = [p["value"] for p in story.of("input.requested")]
        assert values == ["name?", {"age of": "Ada"}]
        session = await one.call("session.get", session_id=story.session_id)
        assert [i["value"] for i in session["interrupts"]] == [{"age of": "Ada"}]
        assert await one.respond(story, 36) == "completed"
        check_stream(story.events)
        assert story.result["said"] == ["Ada is 36"]


def polls(count: int) -> Any:
    """A fan-out in which each task asks, beside one that just works."""

    async def ask(state: Any) -> Any:
        return {"said": [f"{state['number']}:{interrupt({'number': state['number']})}"]}

    ran: list[int] = []

    async def work(state: Any) -> Any:
        ran.append(1)
        return {"said": ["worked"]}

    async def join(state: State) -> Any:
        return {"said": [f"joined, worked {len(ran)} times"]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("ask", ask)
    builder.add_node("work", work)
    builder.add_node("join", join)
    builder.add_conditional_edges(
        START,
        lambda _: [*(Send("ask", {"number": n}) for n in range(count)), Send("work", {})],
        ["ask", "work"],
    )
    builder.add_edge("ask", "join")
    builder.add_edge("work", "join")
    builder.add_edge("join", END)
    return builder.compile()


async def test_several_interrupts_at_once(serve: Serve) -> None:
    """Three people are asked; each is answered by the question's id, in any order; the others stay open."""
    async with serve(polls(3)) as server, peer(server.url) as one:
        story = await one.run("x")
        asked = {p["value"]["number"]: p["interrupt_id"] for p in story.of("input.requested")}
        assert sorted(asked) == [0, 1, 2]
        for position, number in enumerate((2, 0, 1)):
            session = await one.call("session.get", session_id=story.session_id)
            assert len(session["interrupts"]) == 3 - position
            status = await one.respond(story, f"answer {number}", asked[number])
        assert status == "completed"
        assert len(story.of("input.requested")) == 3, "a question was asked twice"
        worked = [p for p in story.of("node.started", "node.finished") if p["node"] == "work"]
        assert len(worked) == 2, "a finished task was shown again"
        check_stream(story.events)
        assert sorted(story.result["said"]) == [
            "0:answer 0",
            "1:answer 1",
            "2:answer 2",
            "joined, worked 1 times",
            "worked",
        ]


async def test_an_interrupt_in_a_subgraph(serve: Serve) -> None:
    """A question deep inside names the inner node, and its answer goes there."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("sub", chain(small_graphs.ask))

    async def calls(state: State) -> State:
        inner = await chain(small_graphs.ask).ainvoke({"query": "again?"})
        return {"said": inner["said"]}

    builder.add_node(calls)
    builder.add_edge(START, "sub")
    builder.add_edge("sub", "calls")
    async with serve(builder.compile()) as server, peer(server.url) as one:
        story = await one.run("sure?")
        assert story.of("input.requested")[0]["path"] == "sub/ask"
        assert await one.respond(story, "yes") == "waiting"
        assert story.of("input.requested")[1]["path"] == "calls/ask"
        assert await one.respond(story, "no") == "completed"
        assert len(story.of("input.requested")) == 2
        check_stream(story.events)
        assert story.result["said"] == ["yes", "no"]


# Other ways to make a graph.


async def test_a_functional_entrypoint(serve: Serve) -> None:
    """LangGraph's functional API: tasks are seen as nodes, and `interrupt()` works in them."""

    @task
    async def double(number: int) -> int:
        get_stream_writer()({"doubling": number})
        return number * 2

    @entrypoint()
    async def flow(given: dict[str, Any]) -> Any:
        numbers = await asyncio.gather(*(double(n) for n in given["numbers"]))
        sure = interrupt("sure?")
        return {"doubled": numbers, "sure": sure}

    async with serve(flow) as server, peer(server.url) as one:
        story = await one.run(input={"numbers": [1, 2, 3]})
        assert story.status == "waiting", story.events[-2]
        assert await one.respond(story, "yes") == "completed"
        check_stream(story.events)
        assert story.result == {"doubled": [2, 4, 6], "sure": "yes"}
        starts = story.paths("node.started")
        assert starts.count("flow") == 2
        assert len([path for path in starts if path.endswith("double")]) == 3
        assert {p["data"]["doubling"] for p in story.of("progress")} == {1, 2, 3}


@pytest.mark.parametrize("saver", [None, InMemorySaver, False], ids=["none", "memory", "False"])
async def test_compiled_with_or_without_a_checkpointer(serve: Serve, saver: Any) -> None:
    """Whatever a graph was compiled with, its sessions are kept here, and its questions can be answered."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_sequence([small_graphs.ask, small_graphs.hello])
    builder.add_edge(START, "ask")
    graph = builder.compile(checkpointer=saver() if saver else saver)
    async with serve(graph) as server, peer(server.url) as one:
        story = await one.run("x")
        assert await one.respond(story, "kept") == "completed"
        check_stream(story.events)
        again = await one.run("y", session_id=story.session_id)
        assert again.status == "waiting"
        assert await one.respond(again, "twice") == "completed"
        assert again.result["said"] == ["kept", "hello x", "twice", "hello y"]


async def test_factories(serve: Serve) -> None:
    """A graph may come from a function, a coroutine or a context manager, which is left at the end."""
    left: list[str] = []

    def plain() -> Any:
        return small_graphs.greeter

    async def coroutine(config: RunnableConfig) -> Any:
        return small_graphs.greeter

    @asynccontextmanager
    async def managed() -> Any:
        yield small_graphs.greeter
        left.append("managed")

    graphs = {"plain": plain, "coroutine": coroutine, "managed": managed}
    async with serve(graphs) as server, peer(server.url) as one:
        for name in graphs:
            story = await one.run("x", graph=name)
            assert story.result["said"] == ["hello x"]
        assert left == []
    assert left == ["managed"]


async def test_several_graphs_on_one_server(serve: Serve) -> None:
    """Each query goes to the graph it names, the first where it names none; sessions keep theirs."""
    graphs = {"greeter": small_graphs.greeter, "asking": small_graphs.asking, "nested": nested()}
    async with serve(graphs) as server, peer(server.url) as one:
        listed = (await one.call("graph.list"))["graphs"]
        assert [(g["name"], g["default"]) for g in listed] == [
            ("greeter", True),
            ("asking", False),
            ("nested", False),
        ]
        by_default, asking, deep = await asyncio.gather(
            one.run("x"), one.run("x", graph="asking"), one.run("x", graph="nested")
        )
        assert (by_default.status, asking.status, deep.status) == (
            "completed",
            "waiting",
            "completed",
        )
        for story in (by_default, asking, deep):
            check_stream(story.events)
        other = await one.answer(
            "query.start", {"query": "y", "graph": "nested", "session_id": by_default.session_id}
        )
        assert other["error"]["data"]["path"] == "$.graph"
        follow = await one.run("y", session_id=by_default.session_id)
        assert follow.result["said"] == ["hello x", "hello y"]


async def test_context_and_configurable(serve: Serve) -> None:
    """A query's `config` reaches the graph's context and configurable, checked by the graph's schema."""

    @dataclass
    class Settings:
        tone: str = "plain"
        length: int = 3

    async def say(state: State, config: RunnableConfig, runtime: Runtime[Settings]) -> State:
        return {
            "said": [
                f"{runtime.context.tone} {runtime.context.length}",
                str(config["configurable"].get("tone")),
                str(config.get("tags")),
            ]
        }

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State, context_schema=Settings)
    builder.add_node(say)
    builder.add_edge(START, "say")
    graph = builder.compile()
    story = await told(serve, graph, config={"tone": "warm", "tags": ["t"]})
    assert story.result["said"][:2] == ["warm 3", "warm"]
    assert "t" in story.result["said"][2]
    async with serve(graph) as server, peer(server.url) as one:
        for config, path in (
            ({"tune": "warm"}, "$.config.tune"),
            ({"length": "long"}, "$.config.length"),
            ({"checkpoint_id": "x"}, "$.config.checkpoint_id"),
            ({"configurable": {"__pregel_x": 1}}, "$.config.__pregel_x"),
        ):
            answer = await one.answer("query.start", {"query": "x", "config": config})
            assert answer["error"]["data"]["path"] == path, answer


# What goes wrong inside a graph.


class Strange(Exception):
    """An exception of the graph's own."""


@pytest.mark.parametrize("sync", [False, True])
async def test_a_node_that_raises(serve: Serve, sync: bool) -> None:
    """The client sees the exception's type, its message, the node and the line, and never a traceback."""

    async def breaks(state: State) -> State:
        raise Strange("no such study\nfile: /etc/secret.py")

    def breaks_sync(state: State) -> State:
        raise Strange("no such study\nfile: /etc/secret.py")

    node = breaks_sync if sync else breaks
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("sub", chain(small_graphs.hello, node))
    builder.add_edge(START, "sub")
    story = await told(serve, builder.compile())
    assert story.status == "failed"
    name = node.__name__
    assert story.failure == {
        "type": "Strange",
        "message": "no such study\nfile: /etc/secret.py",
        "node": f"sub/{name}",
        "file": "tests/engine/test_graph_kinds.py",
        "line": node.__code__.co_firstlineno + 1,
    }
    assert story.paths("node.failed") == [f"sub/{name}", "sub"]
    assert "Traceback" not in str(story.events)
    assert str(Path(__file__).parent) not in str(story.events)


async def test_a_session_goes_on_after_a_failure(serve: Serve) -> None:
    """A follow-up query in a failed session starts from what was kept, and can succeed."""
    fails = True

    async def moody(state: State) -> State:
        if fails:
            raise RuntimeError("not now")
        return {"said": [f"now {state['query']}"]}

    async with serve(chain(small_graphs.hello, moody)) as server, peer(server.url) as one:
        story = await one.run("x")
        assert story.status == "failed"
        session = await one.call("session.get", session_id=story.session_id)
        assert session["error"]["type"] == "RuntimeError"
        fails = False
        again = await one.run("y", session_id=story.session_id)
        assert again.status == "completed"
        check_stream(again.events)
        assert again.result["said"][-2:] == ["hello y", "now y"]
        session = await one.call("session.get", session_id=story.session_id)
        assert (session["error"], session["runs"]) == (None, 2)


async def test_a_node_that_drains_its_own_run(serve: Serve) -> None:
    """It is told as what it is; the session would be `running` for ever, with nobody running it."""

    async def leave(state: State, runtime: Runtime[None]) -> State:
        if state["query"] == "leave" and runtime.control is not None:
            runtime.control.request_drain("enough")
        return {"said": ["left"]}

    async with serve(chain(leave, small_graphs.hello)) as server, peer(server.url) as one:
        run = await one.run("leave")
        session = await one.call("session.get", session_id=run.session_id)
        assert session["status"] == "failed"
        assert session["error"]["type"] == "GraphDrained"
        assert "enough" in session["error"]["message"]
        again = await one.call("query.start", query="stay", session_id=run.session_id)
        await one.settled(run.session_id, again["run_id"])
        session = await one.call("session.get", session_id=run.session_id)
        assert session["result"]["said"] == ["left", "left", "hello stay"]


@pytest.mark.parametrize("how", ["raises", "awaits"])
async def test_a_node_that_raises_cancelled_error(serve: Serve, how: str) -> None:
    """A node whose own task was cancelled fails; its session must not hang in `running` for ever."""

    async def torn(state: State) -> State:
        if how == "raises":
            raise asyncio.CancelledError
        task = asyncio.ensure_future(asyncio.Event().wait())
        task.cancel()
        await task
        return {}

    story = await told(serve, chain(torn))
    assert story.status == "failed"
    assert story.failure["type"].endswith("CancelledError")


async def test_a_result_that_cannot_be_checkpointed(serve: Serve) -> None:
    """A value no checkpoint can hold ends the run with the reason, and the server goes on."""

    async def locks(state: State) -> Any:
        return {"said": [threading.Lock()]}

    graphs = {"locks": chain(locks), "good": small_graphs.greeter}
    async with serve(graphs) as server, peer(server.url) as one:
        story = await one.run("x", graph="locks")
        assert story.status == "failed"
        assert story.failure["message"]
        assert (await one.run("x", graph="good")).status == "completed"


async def test_a_node_that_blocks_the_loop_only_delays(serve: Serve) -> None:
    """A coroutine that computes without awaiting delays others, and nothing is lost by it."""

    async def blocks(state: State) -> State:
        time.sleep(0.2)  # noqa: ASYNC251
        return {"said": ["blocked"]}

    graphs = {"a": chain(blocks), "b": small_graphs.greeter}
    async with serve(graphs) as server, peer(server.url) as one:
        for story in await asyncio.gather(one.run("x"), one.run("x", graph="b")):
            check_stream(story.events)
            assert story.status == "completed"


async def test_what_send_makes_of_several_nodes_stands_beside_each_other(serve: Serve) -> None:
    """A task shown below a sibling cannot be stopped, nor found, by the path of its own node."""
    async with serve(busy) as server, peer(server.url) as one:
        story = await one.run("x")
        check_stream(story.events)
        assert story.status == "completed"
    paths = {*story.paths("node.started"), *story.paths("progress")}
    assert paths == {
        *("lap", "speak", "plain", "sub", "sub/speak", "sub/plain"),
        *("unsaved", "unsaved/speak", "unsaved/plain", "calls", "calls/speak", "calls/plain"),
    }
