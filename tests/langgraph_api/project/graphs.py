"""Graphs of a project that was made for LangGraph's own server."""

import asyncio
import operator
from typing import Annotated, Any, TypedDict

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.tools import tool
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, ToolRuntime
from langgraph.types import interrupt


class State(TypedDict, total=False):
    query: str
    found: int
    answer: str
    log: Annotated[list[str], operator.add]


async def search(state: State) -> State:
    """Searches the literature."""
    get_stream_writer()({"searching": state.get("query")})
    return {"found": 3, "log": ["searched"]}


async def approve(state: State) -> State:
    """Asks a person whether to send what was found."""
    verdict = interrupt({"question": "Send it?"})
    return {"answer": f"{state['found']} trials, {verdict}", "log": ["approved"]}


builder = StateGraph(State)
builder.add_node(search)
builder.add_node(approve)
builder.add_edge(START, "search")
builder.add_edge("search", "approve")
builder.add_edge("approve", END)
agent = builder.compile()


async def respond(state: MessagesState) -> dict[str, Any]:
    model = GenericFakeChatModel(messages=iter([AIMessage("one two three", id="run-fixed")]))
    said = [chunk async for chunk in model.astream(state["messages"])]
    whole = said[0]
    for one in said[1:]:
        whole = whole + one
    return {"messages": [AIMessage(whole.content, id=whole.id)]}


chatting = StateGraph(MessagesState)
chatting.add_node("respond", respond)
chatting.add_edge(START, "respond")
chat = chatting.compile()


class Outer(TypedDict, total=False):
    query: str
    found: int
    answer: str


async def inner_a(state: Outer) -> Outer:
    return {"found": 1}


async def inner_b(state: Outer) -> Outer:
    return {"answer": f"{state['query']}: {state['found']}"}


inner = StateGraph(Outer)
inner.add_node("inner_a", inner_a)
inner.add_node("inner_b", inner_b)
inner.add_edge(START, "inner_a")
inner.add_edge("inner_a", "inner_b")


async def finish(state: Outer) -> Outer:
    return {"answer": state["answer"] + "!"}


outer = StateGraph(Outer)
outer.add_node("deep", inner.compile())
outer.add_node("finish", finish)
outer.add_edge(START, "deep")
outer.add_edge("deep", "finish")
nested = outer.compile()


class Slow(TypedDict, total=False):
    seconds: float
    done: bool


async def wait(state: Slow) -> Slow:
    await asyncio.sleep(state.get("seconds", 0.1))
    return {"done": True}


slowly = StateGraph(Slow)
slowly.add_node("wait", wait)
slowly.add_edge(START, "wait")
slow = slowly.compile()


async def fail(state: Slow) -> Slow:
    raise ValueError("this is wrong")


failing = StateGraph(Slow)
failing.add_node("fail", fail)
failing.add_edge(START, "fail")
broken = failing.compile()


class Booking(MessagesState, total=False):
    booked: bool


async def offer(state: Booking) -> dict[str, Any]:
    """Answers in tokens, slowly enough that somebody can leave and come back."""
    model = GenericFakeChatModel(messages=iter([AIMessage("shall I book the room for you")]))
    pause = 1 if "slowly" in str(state["messages"][-1].content) else 0.1
    whole = None
    async for chunk in model.astream(state["messages"]):
        await asyncio.sleep(pause)
        whole = chunk if whole is None else whole + chunk
    assert whole is not None
    return {"messages": [AIMessage(whole.content, id=whole.id)]}


async def book(state: Booking) -> dict[str, Any]:
    """Asks a person, as front ends for human approval expect it."""
    request = {"action_requests": [{"name": "book", "args": {"room": 7}}], "review_configs": []}
    answer = interrupt(request)
    decision = answer["decisions"][0]["type"] if isinstance(answer, dict) else answer
    return {"messages": [AIMessage(f"booked: {decision}")], "booked": decision == "approve"}


booking = StateGraph(Booking)
booking.add_node(offer)
booking.add_node(book)
booking.add_edge(START, "offer")
booking.add_edge("offer", "book")
helper = booking.compile()


@tool
async def look_up(room: int, runtime: ToolRuntime) -> str:
    """Looks a room up."""
    runtime.emit_output_delta("asking the desk")
    return f"room {room} is free"


@tool
async def reserve(room: int) -> str:
    """Reserves a room, which does not work."""
    raise ValueError(f"room {room} is taken")


async def clerk_says(state: MessagesState) -> dict[str, Any]:
    """Calls a tool, then one that fails, and says so."""
    done = [one for one in state["messages"] if one.type == "tool"]
    if len(done) == 2:
        return {"messages": [AIMessage("it is taken after all")]}
    name = ("look_up", "reserve")[len(done)]
    call = {"name": name, "args": {"room": 7}, "id": f"call-{name}", "type": "tool_call"}
    return {"messages": [AIMessage("", tool_calls=[call])]}


desk = StateGraph(MessagesState)
desk.add_node("clerk_says", clerk_says)
desk.add_node("tools", ToolNode([look_up, reserve], handle_tool_errors=True))
desk.add_edge(START, "clerk_says")
desk.add_conditional_edges(
    "clerk_says",
    lambda state: "tools" if getattr(state["messages"][-1], "tool_calls", None) else END,
    ["tools", END],
)
desk.add_edge("tools", "clerk_says")
clerk = desk.compile()
