"""Graphs that save in every way LangGraph has."""

import operator
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.channels.delta import DeltaChannel
from langgraph.graph import END, START, StateGraph, add_messages
from langgraph.types import Command, Send, interrupt


class State(TypedDict, total=False):
    """A chat, and what its parts found."""

    messages: Annotated[list[AnyMessage], add_messages]
    found: Annotated[list[str], operator.add]
    answer: str


def several(checkpointer: Any) -> Any:
    """Two calls of a subgraph by `Send`, then a question to a person, then an answer."""

    def find(state: Any) -> Any:
        return {"found": [f"about {state['topic']}"]}

    def check(state: Any) -> Any:
        return {"found": [f"checked {state['topic']}"]}

    class Topic(TypedDict, total=False):
        topic: str
        found: Annotated[list[str], operator.add]

    inner: Any = StateGraph(Topic)
    inner.add_sequence([find, check])
    inner.add_edge(START, "find")

    def plan(state: State) -> State:
        return {"messages": [AIMessage("two topics", id="plan")]}

    def ask(state: State) -> State:
        return {"answer": interrupt({"found": sorted(state["found"])})}

    def finish(state: State) -> Command[Any]:
        return Command(update={"messages": [AIMessage(state["answer"], id="end")]}, goto=END)

    outer: Any = StateGraph(State)
    outer.add_node("plan", plan)
    outer.add_node("search", inner.compile())
    outer.add_node("ask", ask)
    outer.add_node("finish", finish)
    outer.add_edge(START, "plan")
    outer.add_conditional_edges(
        "plan", lambda _: [Send("search", {"topic": topic}) for topic in "ab"], ["search"]
    )
    outer.add_edge("search", "ask")
    outer.add_edge("ask", "finish")
    return outer.compile(checkpointer=checkpointer)


def chat(checkpointer: Any) -> Any:
    """Answers a message with four of 1,000 characters."""

    def reply(state: State) -> State:
        number = len(state["messages"])
        return {
            "messages": [
                AIMessage(f"{number + part} ".ljust(1000, "x"), id=str(number + part))
                for part in range(4)
            ]
        }

    builder: Any = StateGraph(State)
    builder.add_node("reply", reply)
    builder.add_edge(START, "reply")
    builder.add_edge("reply", END)
    return builder.compile(checkpointer=checkpointer)


def extended(before: Any, writes: Any) -> Any:
    """A delta channel's reducer: all lists, one behind the other."""
    return [*before, *(one for write in writes for one in write)]


class Log(TypedDict, total=False):
    """A list of which only the additions are stored, and one that is not touched by each run."""

    lines: Annotated[list[str], DeltaChannel(extended, snapshot_frequency=4)]
    note: str


def logging(checkpointer: Any) -> Any:
    """Adds two lines."""

    def first(state: Log) -> Log:
        return {"lines": [f"first of {len(state['lines'])}"]}

    def second(state: Log) -> Log:
        return {"lines": [f"second of {len(state['lines'])}"], "note": str(len(state["lines"]))}

    builder: Any = StateGraph(Log)
    builder.add_sequence([first, second])
    builder.add_edge(START, "first")
    return builder.compile(checkpointer=checkpointer)


def human(text: str, number: int) -> HumanMessage:
    """A message of 1,000 characters with an id."""
    return HumanMessage(text.ljust(1000), id=f"h{number}")
