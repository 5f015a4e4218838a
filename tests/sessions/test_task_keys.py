"""A task's key: the same on every try, another one for everything else. What a service is given by it is done once."""

import operator
from collections import defaultdict
from typing import Annotated, Any, TypedDict

import pytest
from langchain_core.messages import AIMessage, AnyMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import tool
from langgraph.config import get_config
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode
from langgraph.runtime import Runtime
from langgraph.types import RetryPolicy, Send, interrupt

from tests.debugging.drive import connect, debug
from tests.support.in_process import Serve
from tests.support.peer import Refused, peer

USED: dict[str, list[str]] = defaultdict(list)
"""The keys that nodes found, by what they are called here, in order."""

BROKEN: set[str] = set()
"""What raises when it runs next."""


@pytest.fixture(autouse=True)
def _nothing_used() -> None:
    USED.clear()
    BROKEN.clear()


class State(TypedDict, total=False):
    query: str
    n: int
    said: Annotated[list[str], operator.add]


def use(name: str, config: Any = None) -> None:
    """A node does something in the world, by its key, and then raises where it is to."""
    USED[name].append((config or get_config())["configurable"]["stepwire_task_key"])
    if name in BROKEN:
        BROKEN.remove(name)
        raise ConnectionError(f"{name} broke")


def one_node(name: str, asynchronous: bool = False, **options: Any) -> Any:
    def plain(state: State) -> State:
        use(name)
        return {"said": [name]}

    async def waiting(state: State) -> State:
        use(name)
        return {"said": [name]}

    builder: Any = StateGraph(State)
    builder.add_node("leaf", waiting if asynchronous else plain)
    builder.add_edge(START, "leaf")
    return builder.compile(**options)


@task
async def called(name: str) -> str:
    use(f"called {name}")
    return name


@task
def called_plainly(name: str) -> str:
    use(f"called {name}")
    return name


def holding(checkpointer: Any, nested: Any = None, **options: Any) -> Any:
    """A function that calls two graphs and two `@task`s, and may break after them."""
    inner = nested or one_node("inner", checkpointer=checkpointer)
    second = nested or one_node("second", checkpointer=checkpointer)

    async def holder(state: State, config: RunnableConfig) -> State:
        await inner.ainvoke(state)
        if checkpointer is not True:
            await second.ainvoke(state)
        await called("a")
        await called("b")
        use("holder", config)
        return {"said": ["holder"]}

    builder: Any = StateGraph(State)
    builder.add_node("holder", holder, **options)
    builder.add_edge(START, "holder")
    return builder.compile()


AGAIN = RetryPolicy(max_attempts=3, initial_interval=0.001, jitter=False)


def assert_same_on_every_try(most: int = 2) -> None:
    """Each thing by one key, in all tries, and different things by different ones."""
    assert USED
    for name, keys in USED.items():
        assert len(set(keys)) == 1, f"{name}: {keys}"
        assert len(keys) <= most
    assert len({keys[0] for keys in USED.values()}) == len(USED)


@pytest.mark.parametrize("checkpointer", [None, False, True])
@pytest.mark.parametrize("breaks", ["holder", "inner", "called b"])
async def test_tried_again_by_its_policy(serve: Serve, checkpointer: Any, breaks: str) -> None:
    """Whatever LangGraph runs again in another try, and under whatever ids."""
    BROKEN.add(breaks)
    graph = holding(checkpointer, retry_policy=AGAIN)
    async with serve(graph) as server, peer(server.url) as one:
        story = await one.run("x")
        assert story.status == "completed", story.failure
        shown = {e["task_key"] for e in story.of("node.started")}
    assert_same_on_every_try()
    assert len(USED[breaks]) == 2
    assert shown == {keys[0] for keys in USED.values()}


@pytest.mark.parametrize("checkpointer", [None, False, True])
@pytest.mark.parametrize("breaks", ["holder", "inner", "called b"])
async def test_resumed_after_it_failed(serve: Serve, checkpointer: Any, breaks: str) -> None:
    BROKEN.add(breaks)
    async with serve(holding(checkpointer)) as server, peer(server.url) as one:
        story = await one.run("x")
        assert story.status == "failed"
        last = story.events[-1]["params"]["seq"]
        await one.call("query.resume", session_id=story.session_id)
        assert await one.settled(story.session_id, after=last) == "completed"
    assert_same_on_every_try()
    assert len(USED[breaks]) == 2


async def test_a_graph_with_checkpoints_inside_one_without(serve: Serve) -> None:
    """Its checkpoints are in a place of another name on every try."""
    innermost = one_node("innermost", asynchronous=True)

    async def middle(state: State) -> State:
        await innermost.ainvoke(state)
        use("middle")
        return {}

    builder: Any = StateGraph(State)
    builder.add_node(middle)
    builder.add_edge(START, "middle")
    graph = holding(False, builder.compile(checkpointer=False), retry_policy=AGAIN)
    BROKEN.add("holder")
    async with serve(graph) as server, peer(server.url) as one:
        assert (await one.run("x")).status == "completed"
    # It is called twice by each try.
    for name in ("innermost", "middle"):
        first, second, *again = USED.pop(name)
        assert first != second
        assert again == [first, second]
    assert_same_on_every_try()


async def test_asked_and_answered(serve: Serve) -> None:
    def asks(state: State) -> State:
        use("asks")
        return {"said": [interrupt("sure?")]}

    builder: Any = StateGraph(State)
    builder.add_node(asks)
    builder.add_edge(START, "asks")
    async with serve(builder.compile()) as server, peer(server.url) as one:
        story = await one.run("x")
        assert await one.respond(story, "yes") == "completed"
        started = [e["task_key"] for e in story.of("node.started")]
    assert started == USED["asks"]
    assert_same_on_every_try()


async def test_other_visits_sends_runs_and_sessions(serve: Serve) -> None:
    def loop(state: State) -> State:
        use("loop")
        return {"n": state.get("n", 0) + 1}

    def each(state: State, runtime: Runtime[Any]) -> State:
        use("each")
        return {"said": [state["query"]]}

    def onward(state: State) -> Any:
        more = state["n"] % 3
        return "loop" if more else [Send("each", {"query": "same"})] * 3

    builder: Any = StateGraph(State)
    builder.add_node(loop)
    builder.add_node(each)
    builder.add_edge(START, "loop")
    builder.add_conditional_edges("loop", onward, ["loop", "each"])
    builder.add_edge("each", END)
    async with serve(builder.compile()) as server, peer(server.url) as one:
        story = await one.run("x")
        again = await one.run("x")
        follow = await one.run("x", session_id=story.session_id)
        assert {story.status, again.status, follow.status} == {"completed"}
    keys = [*USED["loop"], *USED["each"]]
    assert len(keys) == 18
    assert len(set(keys)) == 18


async def test_entrypoints_and_their_tasks(serve: Serve) -> None:
    """Their first checkpoint is saved while they run already."""

    @entrypoint()
    async def flow(query: str) -> str:
        use("flow")
        await called(query)
        # The same arguments, and another call.
        await called(query)
        if "end" in BROKEN:
            use("end")
        return query

    BROKEN.add("end")
    async with serve(flow) as server, peer(server.url) as one:
        story = await one.run("x")
        assert story.status == "failed"
        last = story.events[-1]["params"]["seq"]
        await one.call("query.resume", session_id=story.session_id)
        assert await one.settled(story.session_id, after=last) == "completed"
    first, second = USED.pop("called x")
    assert first != second
    USED.pop("end")
    assert_same_on_every_try()


async def test_a_plain_function_and_its_tasks(serve: Serve) -> None:
    def plain(state: State) -> State:
        assert called_plainly("a").result() + called_plainly("b").result() == "ab"
        use("plain")
        return {}

    builder: Any = StateGraph(State)
    builder.add_node("plain", plain, retry_policy=AGAIN)
    builder.add_edge(START, "plain")
    BROKEN.add("plain")
    async with serve(builder.compile()) as server, peer(server.url) as one:
        assert (await one.run("x")).status == "completed"
    assert_same_on_every_try()


async def test_tools_find_it(serve: Serve) -> None:
    @tool
    def by_config(text: str, config: RunnableConfig) -> str:
        """Uses its config."""
        use("tools", config)
        return text

    @tool
    async def by_itself(text: str) -> str:
        """Uses LangGraph's."""
        use("tools")
        return text

    class Messages(TypedDict, total=False):
        query: str
        messages: Annotated[list[AnyMessage], add_messages]

    calls: Any = [
        {"name": name, "args": {"text": "x"}, "id": name, "type": "tool_call"}
        for name in ("by_config", "by_itself")
    ]
    builder: Any = StateGraph(Messages)
    builder.add_node("model", lambda state: {"messages": [AIMessage("", tool_calls=calls)]})
    builder.add_node("tools", ToolNode([by_config, by_itself]))
    builder.add_edge("model", "tools")
    builder.add_edge(START, "model")
    async with serve(builder.compile()) as server, peer(server.url) as one:
        story = await one.run("x")
        assert story.status == "completed"
        (shown,) = [e["task_key"] for e in story.of("node.started") if e["node"] == "tools"]
    assert USED["tools"] == [shown, shown]


async def test_a_stop_an_edit_and_a_rewind(serve: Serve) -> None:
    """A stopped task that failed is the same task; edited, or from another branch, it does something else."""
    async with serve(holding(None)) as server, connect(server.url) as one:
        BROKEN.add("inner")
        session = await debug(one)
        assert await session.on() == "paused"
        assert session.stop["reason"] == "failure"
        assert await session.on() == "completed"
        assert_same_on_every_try()
        first = {name: keys[0] for name, keys in USED.items()}
        (start,) = [c for c in session.of("state.checkpoint") if c["next"] == ["holder"]][:1]
        await session.rewind(start["checkpoint_id"])
        USED.clear()
        BROKEN.add("holder")
        assert await session.on() == "paused"
        branch = {name: keys[0] for name, keys in USED.items()}
        assert not set(first.values()) & set(branch.values())
        # In place: the task stands as it did, and has another input.
        await session.edit({"query": "y"})
        USED.clear()
        BROKEN.add("holder")
        assert await session.on() == "paused"
        edited = USED["holder"][0]
        assert edited != branch["holder"]
        # Tried again with that input.
        assert await session.on() == "completed"
        assert USED["holder"] == [edited, edited]


async def test_a_client_cannot_choose_it(serve: Serve) -> None:
    async with serve(holding(None)) as server, peer(server.url) as one:
        for config in (
            {"stepwire_task_key": "x"},
            {"configurable": {"stepwire_task_key": "x"}},
            {"metadata": {"stepwire_began": "x 0"}},
        ):
            with pytest.raises(Refused) as refused:
                await one.call("query.start", query="x", config=config)
            assert "set by the server" in refused.value.detail
