"""What LangChain's callbacks tell of tools, beside LangGraph's own mode `tools`."""

from typing import Annotated, Any, get_type_hints

from langchain_core.messages import AIMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import InjectedState, ToolNode, ToolRuntime
from langgraph.types import Command, interrupt

from rpc.engine.langgraph.tool_calls import ToolCall, ToolTap


@tool
async def search(what: str, runtime: ToolRuntime, state: Annotated[Any, InjectedState]) -> str:
    """Search."""
    runtime.emit_output_delta("page 1")
    return f"{what} found"


@tool
def fail() -> str:
    """Fail."""
    raise ValueError("no such thing")


@tool
def ask() -> str:
    """Ask a person."""
    return str(interrupt("sure?"))


async def model(state: MessagesState) -> dict[str, Any]:
    # Those that run beside one that asks are cut off at any moment.
    names = ("ask",) if len(state["messages"]) > 1 else ("search", "fail")
    calls: Any = [
        {"name": name, "args": {"what": "x"} if name == "search" else {}, "id": f"call-{name}"}
        for name in names
    ]
    return {"messages": [AIMessage("", tool_calls=calls)]}


def graph() -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(MessagesState)
    builder.add_node(model)
    builder.add_node("tools", ToolNode([search, fail, ask], handle_tool_errors=True))
    builder.add_edge(START, "model")
    builder.add_edge("model", "tools")
    builder.add_conditional_edges(
        "tools", lambda state: END if len(state["messages"]) > 3 else "model"
    )
    return builder.compile(checkpointer=InMemorySaver())


class Heard:
    def __init__(self) -> None:
        self.told: list[tuple[str, ToolCall, Any]] = []

    def starts(self, call: ToolCall, given: Any) -> None:
        self.told.append(("tool-started", call, given))

    def says(self, call: ToolCall, delta: Any) -> None:
        self.told.append(("tool-output-delta", call, delta))

    def returned(self, call: ToolCall, output: Any) -> None:
        self.told.append(("tool-finished", call, output.content))

    def raised(self, call: ToolCall, error: BaseException) -> None:
        self.told.append(("tool-error", call, str(error)))


class Tap(ToolTap):
    def __init__(self) -> None:
        super().__init__()
        self.calls = Heard()


async def test_the_calls_are_those_of_the_mode_tools() -> None:
    """One that asks is called again, and is not told as failed."""
    tap = Tap()
    ours: Any = {"configurable": {"thread_id": "t"}, "callbacks": [tap]}
    theirs: list[Any] = []
    for told, config in ((None, ours), (theirs, {"configurable": {"thread_id": "t"}})):
        one = graph()
        for given in ({"messages": []}, Command(resume="yes")):
            stream = one.astream(given, config, stream_mode="values" if told is None else "tools")
            async for part in stream:
                if told is not None:
                    told.append(part)
    assert isinstance(tap.calls, Heard)

    def shown(part: Any) -> Any:
        names = ("input", "delta", "message")
        output = getattr(part.get("output"), "content", None)
        given = [output, *(part[name] for name in names if name in part)]
        return part["event"], part["tool_call_id"], next(one for one in given if one is not None)

    found = [(kind, call.id, data) for kind, call, data in tap.calls.told]
    # Tools of one message run beside each other.
    assert sorted(map(str, found)) == sorted(str(shown(part)) for part in theirs)
    started = next(call for kind, call, _ in tap.calls.told if kind == "tool-started")
    assert (started.place.path, started.tool) == ("tools", "search")
    assert [kind for kind, call, _ in tap.calls.told if call.id == "call-ask"] == [
        "tool-started", "tool-started", "tool-finished",
    ]  # fmt: skip
    assert not tap.under_way, "a call is never over"
    assert "runtime" in get_type_hints(search.coroutine), "what is injected is not hidden any more"
