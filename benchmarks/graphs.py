"""The graphs that are measured."""

import random
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, AnyMessage
from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages

EVENTS = 10_000
MESSAGES_A_TURN = 5
MESSAGE_BYTES = 1000

_letters = random.Random(0)
_WORDS = [
    "".join(_letters.choices("etaoinshrdlcumwfgypbvk", range(22, 0, -1), k=_letters.randint(2, 9)))
    for _ in range(5000)
]
_OFTEN = [1 / rank for rank in range(1, len(_WORDS) + 1)]
"""How often each comes, as in any language: the second half as often as the first, the third a third."""


class State(TypedDict, total=False):
    """A question, and how many nodes have seen it."""

    query: str
    seen: int


async def write(state: State) -> dict[str, Any]:
    """Write many stream events as fast as a node can."""
    writer = get_stream_writer()
    for number in range(EVENTS):
        writer({"number": number, "text": "a short piece of progress"})
    return {"seen": EVENTS}


async def step(state: State) -> dict[str, Any]:
    """Do next to nothing."""
    return {"seen": state.get("seen", 0) + 1}


class Chat(TypedDict):
    """A conversation."""

    messages: Annotated[list[AnyMessage], add_messages]


async def reply(state: Chat) -> dict[str, Any]:
    """All of a turn's messages but the question."""
    first = len(state["messages"])
    return {
        "messages": [AIMessage(message_text(first + index)) for index in range(MESSAGES_A_TURN - 1)]
    }


def message_text(number: int) -> str:
    """`MESSAGE_BYTES` of ASCII that no other message has, and that repeats itself no more than prose does."""
    words = random.Random(number).choices(_WORDS, _OFTEN, k=MESSAGE_BYTES // 3)
    return f"{number:<10}{' '.join(words)}"[:MESSAGE_BYTES]


def _stream() -> StateGraph[State, None, State, State]:
    builder = StateGraph(State)
    builder.add_node("write", write)
    builder.add_edge(START, "write")
    return builder


def six_nodes() -> StateGraph[State, None, State, State]:
    """Six nodes in a row, not compiled."""
    builder = StateGraph(State)
    names = ["one", "two", "three", "four", "five", "six"]
    for name in names:
        builder.add_node(name, step)
    for source, target in zip([START, *names], names, strict=False):
        builder.add_edge(source, target)
    return builder


def _chat() -> StateGraph[Chat, None, Chat, Chat]:
    builder = StateGraph(Chat)
    builder.add_node("reply", reply)
    builder.add_edge(START, "reply")
    return builder


stream = _stream().compile()
"""One node that writes `EVENTS` stream events."""

six = six_nodes().compile()
"""Six nodes in a row."""

chat = _chat().compile()
"""One node that answers a question with the rest of a turn's messages."""


RECORDS = 50_000


class Found(TypedDict, total=False):
    """A question, and what was found for it: some 50 MB."""

    query: str
    hits: list[dict[str, Any]]
    note: str


async def gather(state: Found) -> Found:
    """Find as much as a large search does."""
    return {"hits": [_record(number) for number in range(RECORDS)]}


async def note(state: Found) -> Found:
    """Do next to nothing."""
    return {"note": "read"}


def _record(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"Title of {number}",
        "abstract": f"words and words of number {number} " * 26,
        "authors": ["A. Author", "B. Author", "C. Author"],
        "scores": {"rank": number, "weight": number / 7, "reviewed": None},
    }


def _large() -> StateGraph[Found, None, Found, Found]:
    builder = StateGraph(Found)
    builder.add_node("gather", gather)
    builder.add_node("note", note)
    builder.add_edge(START, "gather")
    builder.add_edge("gather", "note")
    return builder


large = _large().compile()
"""One node that writes a state of 50 MB, and one behind it."""
