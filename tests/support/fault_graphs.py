"""Graphs for tests that kill their server: their nodes say what they did in a journal that outlives it."""

import asyncio
import operator
import os
import time
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langgraph.config import get_store, get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send, interrupt

FOLDER = Path(os.environ["FAULT_FOLDER"])
"""Where the journal is, and the files that let held nodes go."""


class State(TypedDict, total=False):
    query: str
    n: int
    said: Annotated[list[str], operator.add]


def note(text: str) -> None:
    """Write a line that a crash does not take back."""
    with (FOLDER / "journal").open("a") as journal:
        journal.write(f"{text}\n")


async def held(*names: str) -> None:
    """Say that this node stands here, and stand until one of these files is there."""
    get_stream_writer()({"held": names[0]})
    while not any((FOLDER / name).exists() for name in names):  # noqa: ASYNC110
        await asyncio.sleep(0.005)


async def first(state: State) -> State:
    note(f"first {state['query']}")
    get_stream_writer()("first")
    return {"n": 0, "said": ["first"]}


async def loop(state: State) -> State:
    """Ten times; the fifth time it is held, until `go` or its query's own file is there."""
    n = state["n"] + 1
    note(f"loop {n} {state['query']}")
    for number in range(20):
        get_stream_writer()({"n": n, "number": number})
    if n == 5:
        await held("go", f"go {state['query']}")
    return {"n": n, "said": [f"loop {n}"]}


def looping() -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node(first)
    builder.add_node(loop)
    builder.add_edge(START, "first")
    builder.add_edge("first", "loop")
    builder.add_conditional_edges("loop", lambda state: END if state["n"] >= 10 else "loop")
    return builder.compile()


async def form(state: State) -> State:
    """Asks twice, and does something after each answer."""
    name = interrupt("name?")
    note(f"answer {name}")
    await held("go")
    age = interrupt("age?")
    note(f"answer {age}")
    return {"said": [f"{name} {age}"]}


def asking() -> Any:
    """`form` beside a node that is done long before, inside a subgraph."""
    inner: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    inner.add_node(form)
    inner.add_edge(START, "form")
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("inner", inner.compile())
    builder.add_node("first", first)
    builder.add_node("last", lambda state: {"said": ["last"]})
    builder.add_conditional_edges(
        START,
        lambda s: [Send("inner", {"query": s["query"]}), Send("first", s)],
        ["inner", "first"],
    )
    builder.add_edge("inner", "last")
    builder.add_edge("first", "last")
    return builder.compile()


async def quick(state: State) -> State:
    get_stream_writer()("quick")
    return {"said": [f"quick {state['query']}"]}


async def ask(state: State) -> State:
    answer = interrupt("sure?")
    note(f"answer {answer}")
    return {"said": [f"{answer}"]}


def several() -> Any:
    """A few supersteps with a question between, nothing of it held."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_sequence([("one", quick), ("ask", ask), ("two", quick)])
    builder.add_edge(START, "one")
    return builder.compile()


def blocks(state: State) -> State:
    """A plain function that does not return while its file is missing."""
    get_stream_writer()({"held": "thread"})
    while not (FOLDER / "thread").exists():
        time.sleep(0.01)
    return {"said": ["blocked"]}


def blocking() -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_sequence([("one", quick), ("blocks", blocks), ("two", quick)])
    builder.add_edge(START, "one")
    return builder.compile()


async def turn(state: State) -> State:
    n = state.get("n", 0) + 1
    get_stream_writer()(n)
    await asyncio.sleep(0.05)
    return {"n": n}


def turning() -> Any:
    """Comes to no end by itself."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node(turn)
    builder.add_edge(START, "turn")
    builder.add_edge("turn", "turn")
    return builder.compile().with_config(recursion_limit=1_000_000)


def step(number: int) -> Any:
    async def body(state: State) -> State:
        note(f"step {number} {state['query']}")
        for part in range(5):
            get_stream_writer()({"step": number, "part": part})
            await asyncio.sleep(0.02)
        return {"said": [f"step {number}"]}

    return body


def steps() -> Any:
    """Six supersteps of a tenth of a second."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_sequence([(f"step{number}", step(number)) for number in range(6)])
    builder.add_edge(START, "step0")
    return builder.compile()


async def remember(state: State) -> State:
    """Keeps what comes behind `put`, or `hold`, which is held then; says what is kept, of `held` by that."""
    store = get_store()
    what, _, text = state["query"].partition(" ")
    key = "held" if what in ("hold", "held") else "k"
    if what in ("put", "hold"):
        await store.aput(("notes",), key, {"text": text})
    if what == "hold":
        await held("go")
    found = await store.aget(("notes",), key)
    return {"said": [found.value["text"] if found else "nothing"]}


def remember_in_thread(state: State) -> State:
    """The same, of a plain function."""
    store = get_store()
    what, _, text = state["query"].partition(" ")
    if what == "put":
        store.put(("notes",), "k", {"text": text})
    found = store.get(("notes",), "held" if what == "held" else "k")
    return {"said": [found.value["text"] if found else "nothing"]}


async def remember_late(state: State) -> State:
    """Stands, then keeps which process it is of; `after`: once its run is over. `plain`: as a plain function does."""
    store, what = get_store(), state["query"]
    who = {"pid": os.getpid()}

    async def put() -> None:
        while not (FOLDER / "go").exists():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        if what == "plain":
            await asyncio.to_thread(store.put, ("late",), "who", who)
        else:
            await store.aput(("late",), "who", who)

    if what == "after":
        TASKS.add(asyncio.create_task(put()))
    elif what != "look":
        get_stream_writer()({"held": "go"})
        await put()
    found = await store.aget(("late",), "who")
    return {"said": [str(found.value["pid"]) if found else "nothing"]}


TASKS: set[Any] = set()
"""What goes on when its run is over."""


def remembering_late() -> Any:
    return StateGraph(State).add_node("node", remember_late).add_edge(START, "node").compile()


def remembering() -> Any:
    return StateGraph(State).add_node("node", remember).add_edge(START, "node").compile()


def remembering_in_thread() -> Any:
    return StateGraph(State).add_node("node", remember_in_thread).add_edge(START, "node").compile()
