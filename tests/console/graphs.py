"""Graphs that the console's tests ask: each shows one thing that the page must show."""

import asyncio
import operator
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.types import Send, interrupt


class Found(TypedDict, total=False):
    query: str
    found: Annotated[list[str], operator.add]
    answer: str


async def _search(state: Found) -> Found:
    """Looks through five pages."""
    write = get_stream_writer()
    for page in range(5):
        write({"done": page + 1, "total": 5, "message": f"page {page + 1} of 5"})
        await asyncio.sleep(0.02)
    return {"found": [f"a trial of {state['query']}"]}


async def _rank(state: Found) -> Found:
    """Puts the best first."""
    return {"found": [f"{len(state['found'])} ranked"]}


async def _web(state: Found) -> Found:
    """Asks the web."""
    await asyncio.sleep(0.05)
    return {"found": ["a page of the web"]}


async def _write(state: Found) -> Found:
    """Writes the answer."""
    lines = "\n".join(f"- {one}" for one in state["found"])
    return {
        "answer": f"**{state['query']}**: see [1](https://example.org/1)\n\n{lines}\n\n<img src=x onerror=alert(1)>"
    }


def _research() -> Any:
    literature = StateGraph(Found)
    literature.add_node("search", _search)
    literature.add_node("rank", _rank)
    literature.add_edge(START, "search")
    literature.add_edge("search", "rank")
    literature.add_edge("rank", END)
    builder = StateGraph(Found)
    builder.add_node("literature", literature.compile())
    builder.add_node("web", _web)
    builder.add_node("write", _write)
    builder.add_edge(START, "literature")
    builder.add_edge(START, "web")
    builder.add_edge(["literature", "web"], "write")
    builder.add_edge("write", END)
    return builder.compile()


research = _research()
"""Two branches side by side, one of them a subgraph; then an answer in Markdown."""


class Chat(TypedDict, total=False):
    messages: Annotated[list[AnyMessage], add_messages]


WORDS = " ".join(f"word{number}" for number in range(60))


class _Speaker(FakeListChatModel):
    """Says its words; asked to `speak until PATH`, it goes on in their middle until that file is there."""

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **options: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        _, _, path = messages[0].text.partition(" until ")
        for number, word in enumerate(WORDS.split()):
            while number == 10 and path and not await asyncio.to_thread(Path(path).exists):
                yield ChatGenerationChunk(message=AIMessageChunk("and "))
                await asyncio.sleep(0.02)
            yield ChatGenerationChunk(message=AIMessageChunk(f"{word} "))
            await asyncio.sleep(0.01)


_model = _Speaker(responses=[WORDS])


async def _call(state: Chat) -> Chat:
    """Calls a tool."""
    calls = [{"name": "lookup", "args": {"term": "GLP-1"}, "id": "call-1"}]
    return {
        "messages": [
            AIMessage("", tool_calls=calls, id="asks-tool"),
            ToolMessage("42 trials", tool_call_id="call-1", name="lookup", id="tool-says"),
        ]
    }


async def _talk(state: Chat) -> Chat:
    """Speaks for half a second, or until it is let end."""
    return {"messages": [await _model.ainvoke(state["messages"])]}


def _chat() -> Any:
    builder = StateGraph(Chat)
    builder.add_node("call", _call)
    builder.add_node("talk", _talk)
    builder.add_edge(START, "call")
    builder.add_edge("call", "talk")
    builder.add_edge("talk", END)
    return builder.compile()


talk = _chat()
"""A tool call, and tokens that flow."""


async def _each(state: Found) -> Found:
    await asyncio.sleep(0.02)
    return {"found": [state["query"]]}


def _fan() -> Any:
    builder = StateGraph(Found)
    builder.add_node("each", _each)
    builder.add_node("write", _write)
    builder.add_conditional_edges(
        START, lambda state: [Send("each", {"query": f"part {n}"}) for n in range(6)], ["each"]
    )
    builder.add_edge("each", "write")
    builder.add_edge("write", END)
    return builder.compile()


fan = _fan()
"""Six tasks of one node."""


async def _mail(state: Found) -> Found:
    verdict = interrupt(
        {
            "action_requests": [
                {"name": "send_mail", "args": {"to": "ada@example.org"}, "description": "Send it?"}
            ],
            "review_configs": [
                {"action_name": "send_mail", "allowed_decisions": ["approve", "edit", "reject"]}
            ],
        }
    )
    return {"answer": str(verdict["decisions"])}


async def _left(state: Found) -> Found:
    """Asked to `paint until PATH`, it takes its answer until that file is there."""
    side = interrupt({"question": "Which side?", "options": ["left", "right"]})
    _, _, path = state["query"].partition(" until ")
    while path and not await asyncio.to_thread(Path(path).exists):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return {"found": [side]}


async def _twice(state: Found) -> Found:
    name = interrupt("Who are you?")
    return {"answer": f"{name} from {interrupt('Where are you from?')}"}


async def _right(state: Found) -> Found:
    return {"found": [interrupt("What colour?")]}


def _asking() -> Any:
    builder = StateGraph(Found)
    builder.add_node("left", _left)
    builder.add_node("right", _right)
    builder.add_node("write", _write)
    builder.add_edge(START, "left")
    builder.add_edge(START, "right")
    builder.add_edge(["left", "right"], "write")
    return builder.compile()


def _alone(name: str, node: Any, state: Any = Found, **options: Any) -> Any:
    builder = StateGraph(state, **options)
    builder.add_node(name, node)
    builder.add_edge(START, name)
    return builder.compile()


async def _flood(state: Found) -> Found:
    write = get_stream_writer()
    count = int(state["query"])
    for number in range(count):
        write({"number": number, "text": "x" * 80})
        if number % 50 == 0:
            await asyncio.sleep(0)
    return {"answer": f"wrote {count}"}


class Many(TypedDict, total=False):
    query: str
    done: Annotated[int, operator.add]
    answer: str


async def _one(state: Many) -> Many:
    return {"done": 1}


async def _plan(state: Many) -> Many:
    return {"answer": f"{state.get('done', 0)} done"}


def _more(state: Many) -> list[Send] | str:
    left = int(state["query"]) - state.get("done", 0)
    return [Send("one", {"query": ""})] * min(left, 500) if left > 0 else END


def _many() -> Any:
    builder = StateGraph(Many)
    builder.add_node("plan", _plan)
    builder.add_node("one", _one)
    builder.add_edge(START, "plan")
    builder.add_conditional_edges("plan", _more, ["one", END])
    builder.add_edge("one", "plan")
    return builder.compile()


async def _raise(state: Found) -> Found:
    raise ValueError(f"no {state['query']}")


class Large(TypedDict, total=False):
    query: str
    rows: list[Any]
    answer: str


async def _fill(state: Large) -> Large:
    row = {"text": "x" * 960, "tags": ["one", "two"]}
    return {
        "rows": [{"number": n, **row} for n in range(int(state["query"]) * 1000)],
        "answer": "full",
    }


class Long(TypedDict, total=False):
    query: str
    report: str
    rows: list[str]
    answer: str


async def _gather(state: Long) -> Long:
    words = "\n".join(f"line {n} of a long report" for n in range(1000))
    return {
        "report": f"the first word\n{words}\nthe last word",
        "rows": [f"row {n} {'x' * 60}" for n in range(400)],
    }


async def _tell(state: Long) -> Long:
    return {"answer": f"{len(state['rows'])} rows; {state['report']}"}


def _long() -> Any:
    builder = StateGraph(Long)
    builder.add_node("gather", _gather)
    builder.add_node("tell", _tell)
    builder.add_edge(START, "gather")
    builder.add_edge("gather", "tell")
    builder.add_edge("tell", END)
    return builder.compile()


class Settings(TypedDict, total=False):
    tone: str
    depth: int


class Form(TypedDict, total=False):
    title: str
    count: int
    answer: str


async def _fill_in(state: Form) -> Form:
    return {"answer": f"{state.get('count', 0)} × {state.get('title', '')}"}


class Fields(TypedDict, total=False):
    query: str
    text: str
    rows: list[str]
    facts: dict[str, str]


NUMBERS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]


async def _fields(state: Fields) -> Fields:
    asked = {name: {"type": "string", "title": name.title()} for name in NUMBERS}
    interrupt({"prompt": "Fill it in", "schema": {"type": "object", "properties": asked}})
    return {"text": "", "rows": [], "facts": {}}


async def _circle(state: Found) -> Found:
    await asyncio.sleep(0.1)
    return {"found": ["round"]}


def _circling() -> Any:
    builder = StateGraph(Found)
    builder.add_node("circle", _circle)
    builder.add_edge(START, "circle")
    builder.add_conditional_edges(
        "circle", lambda state: END if len(state["found"]) > 1200 else "circle", ["circle", END]
    )
    return builder.compile().with_config(recursion_limit=1300)


async def _round(state: Many) -> Many:
    return {"done": 1}


def _rounds() -> Any:
    builder = StateGraph(Many)
    builder.add_node("round", _round)
    builder.add_edge(START, "round")
    builder.add_conditional_edges(
        "round",
        lambda state: "round" if state["done"] < int(state["query"]) else END,
        ["round", END],
    )
    return builder.compile().with_config(recursion_limit=1000)


rounds = _rounds()
"""Goes round as often as the query says."""
circle = _circling()
"""Goes round for two minutes."""
mail = _alone("mail", _mail)
"""LangChain's payload for a person in the loop."""
asking = _asking()
"""Two questions at once."""
twice = _alone("ask", _twice)
"""A node that asks one after the other."""
flood = _alone("flood", _flood)
"""As many events as the query says."""
many = _many()
"""As many tasks of one node as the query says, 500 side by side."""
fails = _alone("fail", _raise)
"""Raises."""
large = _alone("fill", _fill, Large)
"""A state of as many megabytes as the query says."""
long = _long()
"""Values of which a server sends the beginning."""
fields = _alone("fields", _fields, Fields)
"""A question with a form of eight fields; then values that are empty."""
form = _alone("fill_in", _fill_in, Form, context_schema=Settings)
"""An input without a question, and settings of its own."""
