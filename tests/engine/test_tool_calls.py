"""Tools that nodes call are told, each call with what it was given, said and returned."""

import os
from threading import Event
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.tools import tool
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, ToolRuntime
from langgraph.types import interrupt

from rpc.masking import MASK
from tests.engine.test_graph_kinds import told
from tests.support.in_process import Serve
from tests.support.peer import Story, peer
from tests.support.stream_rules import check_stream

KEY = "sk-0123456789abcdef"


@tool
async def search(what: str, runtime: ToolRuntime) -> str:
    """Search."""
    for page in (1, 2):
        runtime.emit_output_delta(f"page {page}")
    return f"{what} found"


@tool
def broken() -> str:
    """Fail."""
    raise ValueError("no such thing")


BROKEN = Event()  # It has failed, and LangGraph knows: a call that asks ends its node at once.


def of_a_failure(error: Exception) -> str:
    """What the model is told of a tool that failed, which is after a client is."""
    BROKEN.set()
    return str(error)


@tool
def approve(what: str) -> str:
    """Ask a person, when the call beside it has failed."""
    assert BROKEN.wait(60)
    return f"{what}: {interrupt('sure?')}"


@tool
def leak(runtime: ToolRuntime) -> str:
    """Say a secret, a letter at a time."""
    for letter in f"it is {KEY}, so":
        runtime.emit_output_delta(letter)
    return KEY


def calling(*calls: tuple[str, dict[str, Any]], nested: bool = False) -> Any:
    """An agent whose model calls these tools."""
    BROKEN.clear()

    async def model(state: MessagesState) -> dict[str, Any]:
        made: Any = [
            {"name": name, "args": args, "id": f"call-{name}", "type": "tool_call"}
            for name, args in calls
        ]
        return {"messages": [AIMessage("", tool_calls=made)]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(MessagesState)
    builder.add_node(model)
    tools = [search, broken, approve, leak, large]
    builder.add_node("tools", ToolNode(tools, handle_tool_errors=of_a_failure))
    builder.add_edge(START, "model")
    builder.add_edge("model", "tools")
    if not nested:
        return builder.compile()
    outer: StateGraph[Any, Any, Any, Any] = StateGraph(MessagesState)
    outer.add_node("team", builder.compile())
    outer.add_edge(START, "team")
    return outer.compile()


@tool
def large() -> str:
    """Return much."""
    return os.urandom(400_000).hex()


def tools_of(story: Story) -> list[tuple[str, Any]]:
    return [
        (
            event["method"],
            next(
                event["params"][name]
                for name in ("input", "delta", "output", "error")
                if name in event["params"]
            ),
        )
        for event in story.events
        if event["method"].startswith("tool.")
    ]


async def test_a_call_from_beginning_to_end(serve: Serve) -> None:
    story = await told(serve, calling(("search", {"what": "GLP-1"}), nested=True))
    assert [kind for kind, _ in tools_of(story)] == [
        "tool.started", "tool.output", "tool.output", "tool.finished",
    ]  # fmt: skip
    (_, given), (_, one), (_, two), (_, output) = tools_of(story)
    # Not what the node injects.
    assert (given, one, two) == ({"what": "GLP-1"}, "page 1", "page 2")
    assert (output["type"], output["content"]) == ("tool", "GLP-1 found")
    (started,) = story.of("tool.started")
    assert (started["tool"], started["tool_call_id"]) == ("search", "call-search")
    node = next(one for one in story.of("node.started") if one["node"] == "tools")
    assert (started["task_id"], started["path"]) == (node["task_id"], "team/tools")
    kinds = [event["method"] for event in story.events]
    ended = [event["params"].get("task_id") for event in story.events].index(
        node["task_id"], kinds.index("tool.finished") + 1
    )
    assert kinds[ended] == "node.finished"


async def test_one_that_fails_and_one_that_asks(serve: Serve) -> None:
    graph = calling(("broken", {}), ("approve", {"what": "it"}))
    async with serve(graph) as server, peer(server.url) as one:
        story = await one.run("x")
        assert story.status == "waiting"
        assert sorted(kind for kind, _ in tools_of(story)) == [
            "tool.failed", "tool.started", "tool.started",
        ]  # fmt: skip
        (failed,) = story.of("tool.failed")
        assert (failed["tool"], failed["error"]["message"]) == ("broken", "no such thing")
        assert await one.respond(story, "yes") == "completed"
        check_stream(story.events)
        finished = story.of("tool.finished")
        assert [one["output"]["content"] for one in finished] == ["it: yes"]


async def test_a_secret_is_in_no_piece(serve: Serve) -> None:
    config = {"configurable": {"api_key": KEY}}
    story = await told(serve, calling(("leak", {})), config=config)
    said = "".join(one["delta"] for one in story.of("tool.output"))
    assert said == f"it is {MASK}, so"
    assert KEY not in str(story.events)


async def test_one_that_returns_more_than_an_event_may_have(serve: Serve) -> None:
    """What counts is what the node writes: the run fails where that is too large, and not before."""

    async def node(state: MessagesState) -> dict[str, Any]:
        found = await large.ainvoke({})
        return {"messages": [AIMessage(str(len(found)))]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(MessagesState)
    builder.add_node(node)
    builder.add_edge(START, "node")
    async with (
        serve(builder.compile(), max_event_bytes=300_000) as server,
        peer(server.url) as one,
    ):
        story = await one.run("x")
        assert story.status == "completed"
        (finished,) = story.of("tool.finished")
        assert (finished["output"], finished["too_large"]) == (None, True)
        assert story.result["messages"][-1]["content"] == "800000"
