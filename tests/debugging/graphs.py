"""Graphs with every shape the debugger must stop in. Each body says that it ran: `Ran`.

`RAN` is the test's own count; where the environment names a file (`STEPWIRE_TEST_RAN`), every start is a line of it,
for servers in processes of their own.
"""

import asyncio
import itertools
import operator
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, RetryPolicy, Send, interrupt

from tests.support.events import Event

Compiled = CompiledStateGraph[Any, Any, Any, Any]
Body = Callable[[Any], Any]

RAN: Counter[str] = Counter()
"""How often each body was started, by path."""


def ran(path: str) -> None:
    """A body starts."""
    RAN[path] += 1
    file = os.environ.get("RAN_FILE")
    if file is not None:
        with Path(file).open("a") as lines:
            lines.write(path + "\n")


class State(TypedDict, total=False):
    """A query, and what the nodes said."""

    query: str
    said: Annotated[list[str], operator.add]
    n: int


class Given(TypedDict):
    """What a subgraph is given."""

    query: str


class Said(TypedDict, total=False):
    """What a subgraph gives back."""

    said: Annotated[list[str], operator.add]


def says(path: str, **update: Any) -> Body:
    """A body that says its name."""

    async def body(state: State) -> dict[str, Any]:
        ran(path)
        return {"said": [path], **update}

    return body


def says_in_thread(path: str) -> Body:
    """The same, sync: LangGraph runs it in a thread."""

    def body(state: State) -> dict[str, Any]:
        ran(path)
        return {"said": [path]}

    return body


def asks(path: str) -> Body:
    """A body that counts before and after it asks."""

    async def body(state: State) -> dict[str, Any]:
        ran(path)
        return {"said": [f"{path}={interrupt(path)}"]}

    return body


def build(
    *edges: tuple[str, str], state: Any = State, inner: bool = False, **nodes: Any
) -> Compiled:
    """A graph of `nodes` (bodies, graphs, or (body, options)) and `edges`; `START` and `END` are added.

    `inner`: a subgraph, which gives back only what its own nodes said.
    """
    builder: StateGraph[Any, Any, Any, Any] = (
        StateGraph(state, input_schema=Given, output_schema=Said) if inner else StateGraph(state)
    )
    for name, body in nodes.items():
        if isinstance(body, tuple):
            builder.add_node(name, body[0], **body[1])
        else:
            builder.add_node(name, body)
    for one, other in edges:
        builder.add_edge(one, other)
    behind = {other for _, other in edges}
    before = {one for one, _ in edges}
    for name in nodes:
        if name not in behind:
            builder.add_edge(START, name)
        if name not in before:
            builder.add_edge(name, END)
    return builder.compile()


def line(prefix: str, *names: str, make: Callable[[str], Body] = says) -> Compiled:
    """Nodes in a row, their paths below `prefix`; with one it is a subgraph."""
    nodes = {name: make(f"{prefix}{name}") for name in names}
    return build(*itertools.pairwise(names), inner=bool(prefix), **nodes)


def six() -> Compiled:
    """Six nodes in a row."""
    return line("", "a", "b", "c", "d", "e", "f")


def deep() -> Compiled:
    """Three branches side by side: `left/deeper/{x,y}` two deep, `right/{p,q}`, and a plain `side`; then `join`."""
    deeper = line("left/deeper/", "x", "y")
    left = build(("w", "deeper"), inner=True, w=says("left/w"), deeper=deeper)
    right = line("right/", "p", "q")
    edges = (("top", "left"), ("top", "right"), ("top", "side"))
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name, body in (("top", says("top")), ("side", says("side")), ("join", says("join"))):
        builder.add_node(name, body)
    builder.add_node("left", left)
    builder.add_node("right", right)
    builder.add_edge(START, "top")
    for one, other in edges:
        builder.add_edge(one, other)
    builder.add_edge(["left", "right", "side"], "join")
    builder.add_edge("join", END)
    return builder.compile()


DEEP = ("left", "left/deeper", "right")


def calling(*, sync: bool, catches: bool = False) -> Compiled:
    """`call` is a function that calls a subgraph of `one`, `two`; beside it `side`; then `end`."""
    make = says_in_thread if sync else says
    inner = line("call/", "one", "two", make=make)

    def in_thread(state: State) -> dict[str, Any]:
        ran("call")
        try:
            return {"said": inner.invoke({"query": state["query"]})["said"]}
        except Exception as error:
            if not catches:
                raise
            return {"said": [f"caught {type(error).__name__}"]}

    async def on_loop(state: State) -> dict[str, Any]:
        ran("call")
        try:
            found = await inner.ainvoke({"query": state["query"]})
            return {"said": found["said"]}
        except Exception as error:
            if not catches:
                raise
            return {"said": [f"caught {type(error).__name__}"]}

    return build(
        ("call", "end"),
        ("side", "end"),
        call=in_thread if sync else on_loop,
        side=make("side"),
        end=make("end"),
    )


def fan_out(count: int = 20) -> Compiled:
    """`split` sends `count` tasks of `work`; then `join`."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)

    async def work(state: dict[str, Any]) -> dict[str, Any]:
        ran(f"work {state['item']}")
        return {"said": [f"work {state['item']}"]}

    builder.add_node("split", says("split"))
    builder.add_node("work", work)
    builder.add_node("join", says("join"))
    builder.add_edge(START, "split")
    builder.add_conditional_edges(
        "split", lambda _: [Send("work", {"item": item}) for item in range(count)], ["work"]
    )
    builder.add_edge("work", "join")
    builder.add_edge("join", END)
    return builder.compile()


def cycle(times: int = 4) -> Compiled:
    """`turn` counts to `times`, `check` sends it back."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)

    async def turn(state: State) -> dict[str, Any]:
        ran("turn")
        return {"n": state.get("n", 0) + 1}

    builder.add_node("turn", turn)
    builder.add_node("check", says("check"))
    builder.add_edge(START, "turn")
    builder.add_edge("turn", "check")
    builder.add_conditional_edges(
        "check", lambda state: "turn" if state["n"] < times else END, ["turn", END]
    )
    return builder.compile()


def asking(count: int = 2) -> Compiled:
    """`count` nodes that ask, beside `side` of `one` and `two`; then `join`."""
    names = [f"ask{number}" for number in range(count)]
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name in names:
        builder.add_node(name, asks(name))
        builder.add_edge(START, name)
    builder.add_node("side", line("side/", "one", "two"))
    builder.add_node("join", says("join"))
    builder.add_edge(START, "side")
    builder.add_edge([*names, "side"], "join")
    builder.add_edge("join", END)
    return builder.compile()


def commanding() -> Compiled:
    """`pick` goes to `left` or `right` by `Command(goto=…)`, as the state's `n` says."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)

    async def pick(state: State) -> Command[Any]:
        ran("pick")
        return Command(update={"said": ["pick"]}, goto="left" if state.get("n") else "right")

    builder.add_node("pick", pick, destinations=("left", "right"))
    builder.add_node("left", says("left"))
    builder.add_node("right", says("right"))
    builder.add_edge(START, "pick")
    return builder.compile()


def functional() -> Any:
    """An entrypoint that calls `first`, then `second` and `third` side by side."""

    @task
    async def first(text: str) -> str:
        ran("flow/first")
        return f"1{text}"

    @task
    async def second(text: str) -> str:
        ran("flow/second")
        return f"2{text}"

    @task
    async def third(text: str) -> str:
        ran("flow/third")
        return f"3{text}"

    @entrypoint()
    async def flow(query: str) -> list[str]:
        ran("flow")
        start = await first(query)
        futures = [second(start), third(start)]
        return [start, *[await one for one in futures]]

    return flow


class Flaky:
    """Fails the first `times` times."""

    def __init__(self, path: str, times: int = 1, error: type[Exception] = ValueError) -> None:
        self.path = path
        self.times = times
        self.error = error

    async def __call__(self, state: State) -> dict[str, Any]:
        ran(self.path)
        if RAN[self.path] <= self.times and state.get("query") != "mended":
            raise self.error(f"{self.path} no. {RAN[self.path]}")
        return {"said": [self.path]}


def retried(times: int, attempts: int) -> Compiled:
    """`flaky` is tried `attempts` times and fails `times` times; `side` beside it; then `end`."""
    policy = RetryPolicy(
        max_attempts=attempts, initial_interval=0.001, jitter=False, retry_on=ValueError
    )
    return build(
        ("flaky", "end"),
        ("side", "end"),
        flaky=(Flaky("flaky", times), {"retry_policy": policy}),
        side=says("side"),
        end=says("end"),
    )


def gated(*, inner: bool = False) -> tuple[Compiled, Event]:
    """`a`, `b`, `c`; `b` says that it is there, and waits for the event."""
    event = Event()

    async def wait(state: State) -> dict[str, Any]:
        ran("b")
        get_stream_writer()("here")
        await event.wait()
        return {"said": ["b"]}

    graph = build(("a", "b"), ("b", "c"), inner=inner, a=says("a"), b=wait, c=says("c"))
    return graph, event


def flag() -> None:
    """Wait until the file exists that the environment names."""
    while not Path(os.environ["FLAG_FILE"]).exists():
        time.sleep(0.005)


def runs(path: str) -> int:
    """How often a body was started, in all processes."""
    return Path(os.environ["RAN_FILE"]).read_text().split().count(path)


def waits() -> Compiled:
    """`wait` waits for a file; beside it `side`; then `end`."""

    async def wait(state: State) -> dict[str, Any]:
        ran("wait")
        get_stream_writer()("here")
        await asyncio.to_thread(flag)
        return {"said": ["wait"]}

    return build(("wait", "end"), ("side", "end"), wait=wait, side=says("side"), end=says("end"))


def answering() -> Compiled:
    """`ask` asks, and so does `slow`, which waits for a file before it does so again; then `end`."""

    async def slow(state: State) -> dict[str, Any]:
        ran("slow")
        if runs("slow") > 1:
            get_stream_writer()("here")
            await asyncio.to_thread(flag)
        return {"said": [f"slow={interrupt('slow')}"]}

    return build(("ask", "end"), ("slow", "end"), ask=asks("ask"), slow=slow, end=says("end"))


# For servers in processes of their own.
served_deep = deep()
served_waiting = waits()
served_answering = answering()
served_asking = asking(2)
