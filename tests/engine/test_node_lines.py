"""Which node a line of source is of."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial, wraps
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.func import entrypoint, task
from langgraph.graph import START, StateGraph
from langgraph.prebuilt import ToolNode

from rpc.engine.graphs.loading import LoadedGraph, open_graph
from rpc.engine.graphs.node_lines import nodes_at, place_of

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
FILE = HERE.relative_to(ROOT).as_posix()
TEXT = HERE.read_text(encoding="utf-8").splitlines()


class State(TypedDict, total=False):
    n: int


def line(mark: str) -> int:
    """The line of this file that ends with a mark."""
    return next(number for number, text in enumerate(TEXT, 1) if text.endswith(f"# {mark}"))


def wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def run(state: State) -> State:
        found: State = function(state)
        return found

    return run


def hidden(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(state: State) -> State:
        found: State = function(state)  # in the wrapper
        return found

    return run


@wrapped  # decorator
def decorated(state: State) -> State:  # decorated
    def inside() -> int:
        return 1  # nested

    return {"n": inside()}


@hidden
def unmarked(state: State) -> State:
    return {"n": 2}  # unmarked


def option(given: int, state: State) -> State:
    return {"n": given}  # partial


async def plain(state: State) -> State:
    return {}  # plain


class Scorer:
    def method(self, state: State) -> State:
        return {}  # method

    def __call__(self, state: State) -> State:
        return {}  # call


def first(state: State) -> State:
    return {}  # first of a chain


def second(state: State) -> State:
    return {}  # second of a chain


@tool
def search(text: str) -> str:
    """Searches."""
    return text  # tool


@tool
async def fetch(text: str) -> str:
    """Fetches."""
    return text  # other tool


@task
async def called(n: int) -> int:
    return n  # task


async def calls(state: State) -> State:
    return {"n": await called(1)}  # caller


def inner() -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("plain", plain)
    builder.add_edge(START, "plain")
    return builder.compile()


def helper() -> int:
    return 1  # no node


async def loaded(graph: Any = None) -> LoadedGraph:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    inner_graph = inner()

    async def calls_graph(state: State) -> State:
        await inner_graph.ainvoke({})  # calls a graph
        return {}

    middle: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    middle.add_node("deep", inner()).add_edge(START, "deep")
    nodes: dict[str, Any] = {
        "decorated": decorated,
        "unmarked": unmarked,
        "partial": partial(option, 1),
        "method": Scorer().method,
        "object": Scorer(),
        "lambda": lambda state: {},  # lambda
        "chain": RunnableLambda(first) | RunnableLambda(second),
        "tools": ToolNode([search, fetch]),
        "calls": calls,
        "calls graph": calls_graph,
        "sub": middle.compile(),
    }
    for name, node in nodes.items():
        builder.add_node(name, node)
        builder.add_edge(START, name)
    builder.add_node("both", hidden(first)).add_edge(START, "both")
    async with AsyncExitStack() as stack:
        made = builder.compile() if graph is None else graph
        return await open_graph("g", made, lambda _: InMemorySaver(), stack)


@pytest.mark.parametrize(
    ("mark", "paths"),
    [
        ("decorator", ["decorated"]),
        ("decorated", ["decorated"]),
        ("nested", ["decorated"]),
        ("unmarked", ["unmarked"]),
        # Two nodes share the wrapper.
        ("in the wrapper", ["unmarked", "both"]),
        ("partial", ["partial"]),
        ("method", ["method"]),
        ("call", ["object"]),
        ("lambda", ["lambda"]),
        # In a chain, and behind a wrapper that hides it.
        ("first of a chain", ["chain", "both"]),
        ("second of a chain", ["chain"]),
        ("tool", ["tools"]),
        ("other tool", ["tools"]),
        ("caller", ["calls"]),
        ("task", ["calls/called"]),
        ("calls a graph", ["calls graph"]),
        ("plain", ["calls graph/plain", "sub/deep/plain"]),
    ],
)
async def test_a_line_is_of_the_nodes_whose_function_has_it(mark: str, paths: list[str]) -> None:
    for file in (FILE, str(HERE), f"tests/../{FILE}"):
        found, (shown, begins) = nodes_at(await loaded(), file, line(mark), ROOT)
        assert [one.path for one in found] == paths
        assert shown == FILE
        assert begins <= line(mark)


async def test_a_link_to_the_file_is_the_file(tmp_path: Path) -> None:
    link = tmp_path / "linked.py"
    link.symlink_to(HERE)
    found, _ = nodes_at(await loaded(), str(link), line("partial"), ROOT)
    assert [one.path for one in found] == ["partial"]


async def test_a_line_of_no_node_names_the_nearest_with_their_lines() -> None:
    with pytest.raises(LookupError) as refused:
        nodes_at(await loaded(), FILE, line("no node"), ROOT)
    begins = line("task") - 2
    assert f"calls/called ({FILE}:{begins}-{begins + 2})" in str(refused.value)


@pytest.mark.parametrize("file", ["tests/engine/test_node_line.py", HERE.name, f"/x/{HERE.name}"])
async def test_a_file_that_holds_no_node_is_refused_with_those_that_do(file: str) -> None:
    with pytest.raises(LookupError) as refused:
        nodes_at(await loaded(), file, 1, ROOT)
    assert f"its nodes are in {FILE}" in str(refused.value)
    assert str(ROOT) not in str(refused.value)


async def test_the_place_of_a_node_is_where_its_function_begins() -> None:
    graph = await loaded()
    assert place_of(graph, "decorated", ROOT) == (FILE, line("decorator"))
    # By its name it is at two places of the graph, and written at one.
    assert place_of(graph, "plain", ROOT) == (FILE, line("plain") - 1)
    assert place_of(graph, "sub", ROOT) is None
    assert place_of(graph, "tools", ROOT) is None
    assert place_of(graph, "unknown", ROOT) is None


async def test_an_entrypoint_is_a_node_too() -> None:
    @entrypoint()
    async def flow(n: int) -> int:
        return await called(n)  # entrypoint

    graph = await loaded(flow)
    found, _ = nodes_at(graph, FILE, line("entrypoint"), ROOT)
    assert [one.path for one in found] == ["flow"]
    found, _ = nodes_at(graph, FILE, line("task"), ROOT)
    assert [one.path for one in found] == ["flow/called"]
