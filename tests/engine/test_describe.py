"""`graph.describe`: what a user sees of a graph before it runs."""

import itertools
import json
import operator
import random
import sys
import typing
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, wraps
from pathlib import Path
from typing import Annotated, Any, Literal

import click
import msgspec
import pytest
import typing_extensions
from jsonschema import Draft202012Validator
from langchain_core.messages import AnyMessage
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.func import entrypoint
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.message import add_messages
from langgraph.managed import RemainingSteps
from langgraph.prebuilt import ToolNode
from langgraph.types import Command, Send
from pydantic import BaseModel, Field

from protocol.graphs import DescribeResult, GraphDrawing, GraphNode
from rpc.engine.graphs.describe import describe, node_paths
from rpc.engine.graphs.layout import place
from rpc.engine.graphs.loading import LoadedGraph, open_graph
from rpc.engine.graphs.schemas import json_schema
from rpc.engine.graphs.source_lines import lines_of, shown_file

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]


class State(typing_extensions.TypedDict, total=False):
    text: str
    items: Annotated[list[str], operator.add]


def step(state: State) -> State:
    """Takes a step."""
    return {}


async def load(graph: object) -> LoadedGraph:
    async with AsyncExitStack() as stack:
        return await open_graph("g", graph, lambda _: InMemorySaver(), stack)


async def described(graph: object, depth: int | None = None, root: Path = ROOT) -> DescribeResult:
    return describe(await load(graph), depth, root)


def edges(drawing: DescribeResult | GraphDrawing) -> set[tuple[str, str, bool, str | None]]:
    return {(edge.source, edge.target, edge.conditional, edge.label) for edge in drawing.edges}


def node(result: DescribeResult, path: str) -> GraphNode:
    found: DescribeResult | GraphDrawing = result
    *outer, name = path.split("/")
    for part in outer:
        inner = next(item for item in found.nodes if item.id == part).subgraph
        assert inner is not None
        found = inner
    return next(item for item in found.nodes if item.id == name)


def builder(*names: str, state: Any = State) -> StateGraph[Any, Any, Any, Any]:
    made: StateGraph[Any, Any, Any, Any] = StateGraph(state)
    for name in names:
        made.add_node(name, step)
    return made


def nested() -> StateGraph[Any, Any, Any, Any]:
    """top → literature (plan → rank → deep (core)) → write."""
    deep = builder("core").add_edge(START, "core").compile()
    middle = builder("plan").add_node("deep", deep)
    middle.add_edge(START, "plan").add_edge("plan", "deep").add_edge("deep", END)
    top = builder("parse").add_node("literature", middle.compile()).add_node("write", step)
    top.add_edge(START, "parse").add_edge("parse", "literature")
    return top.add_edge("literature", "write").add_edge("write", END)


# Edges.


async def test_edges_that_are_certain_and_edges_that_are_chosen() -> None:
    def route(state: State) -> str:
        return "yes"

    def command(state: State) -> Command[Literal["b", "__end__"]]:
        return Command(goto="b")

    graph = builder("a", "b", "c").add_node("d", command)
    graph.add_edge(START, "a").add_edge("b", "d")
    graph.add_conditional_edges("a", route, {"yes": "b", "no": "c", True: END})
    result = await described(graph)
    assert edges(result) == {
        ("__start__", "a", False, None),
        ("a", "b", True, "yes"),
        ("a", "c", True, "no"),
        ("a", "__end__", True, "True"),
        ("b", "d", False, None),
        ("c", "__end__", False, None),
        ("d", "b", True, None),
        ("d", "__end__", True, None),
    }
    metadata = result.metadata
    assert (metadata.total_nodes, metadata.total_edges) == (6, 8)
    assert metadata.conditional_edges == 5
    assert metadata.has_cycle
    assert metadata.entry_points == ["a"]


async def test_every_label_of_an_edge_is_shown() -> None:
    graph = builder("a", "b").add_edge(START, "a")
    graph.add_conditional_edges("a", lambda s: 1, {1: "b", 2: "b", 3: END})
    assert ("a", "b", True, "1, 2") in edges(await described(graph))


async def test_literal_and_listed_destinations_have_no_label() -> None:
    def route(state: State) -> Literal["b", "c"]:
        return "b"

    graph = builder("a", "b", "c").add_conditional_edges(START, route)
    graph.add_conditional_edges("b", lambda s: "c", ["c", END])
    result = await described(graph)
    assert ("__start__", "b", True, None) in edges(result)
    assert ("b", "__end__", True, None) in edges(result)
    assert result.metadata.entry_points == ["b", "c"]


async def test_destinations_given_to_add_node() -> None:
    graph = builder("b")
    graph.add_node("a", lambda s: Command(goto="b"), destinations={"b": "go on", END: "stop"})
    graph.add_edge(START, "a")
    found = edges(await described(graph))
    assert {("a", "b", True, "go on"), ("a", "__end__", True, "stop")} <= found


async def test_a_fan_out_without_declared_destinations_is_drawn() -> None:
    """`get_graph()` leaves these out, and the node stands alone."""
    graph = builder("plan", "work", "join").add_edge(START, "plan")
    graph.add_conditional_edges("plan", lambda s: [Send("work", s)])
    graph.add_edge("work", "join")
    assert edges(await described(graph)) == {
        ("__start__", "plan", False, None),
        ("plan", "work", True, None),
        ("work", "join", False, None),
        ("join", "__end__", False, None),
    }


async def test_a_function_that_may_lead_anywhere() -> None:
    graph = builder("a", "b", "c").add_edge(START, "a").add_edge("a", "b").add_edge("a", "c")
    graph.add_conditional_edges("b", lambda s: "a")
    found = edges(await described(graph))
    assert {(target, chosen) for source, target, chosen, _ in found if source == "b"} == {
        ("a", True),
        ("c", True),
        ("__end__", True),
    }


async def test_an_agent_whose_loop_declares_nothing_can_end() -> None:
    graph = builder("agent", "tools").add_edge(START, "agent").add_edge("tools", "agent")
    graph.add_conditional_edges("agent", lambda s: "tools")
    assert edges(await described(graph)) == {
        ("__start__", "agent", False, None),
        ("agent", "tools", True, None),
        ("agent", "__end__", True, None),
        ("tools", "agent", False, None),
    }


async def test_a_join_waits_for_both() -> None:
    graph = builder("a", "b", "c").add_edge(START, "a").add_edge(START, "b")
    graph.add_edge(["a", "b"], "c")
    found = edges(await described(graph))
    assert {("a", "c", False, None), ("b", "c", False, None)} <= found


@pytest.mark.parametrize("make", [nested, lambda: builder("a").add_edge(START, "a")])
async def test_edges_agree_with_langgraphs_own_drawing(make: Callable[[], Any]) -> None:
    graph = make().compile()
    own = {(edge.source, edge.target, edge.conditional) for edge in graph.get_graph().edges}
    ours = (await described(graph)).edges
    assert {(edge.source, edge.target, edge.conditional) for edge in ours} == own


async def test_an_error_handler_hangs_on_its_node() -> None:
    graph: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    graph.add_node("a", step, error_handler=lambda state: {})
    graph.add_edge(START, "a")
    result = await described(graph)
    assert ("a", "__error_handler__a", True, "error") in edges(result)
    assert node(result, "__error_handler__a").label == "A: on error"


async def test_a_graph_that_never_ends_has_no_end() -> None:
    graph = builder("a", "b").add_edge(START, "a").add_edge("a", "b").add_edge("b", "a")
    result = await described(graph)
    assert [item.id for item in result.nodes] == ["__start__", "a", "b"]
    assert result.metadata.has_cycle


# Nodes.


async def test_nodes_have_type_label_and_docstring() -> None:
    @tool
    def search(query: str) -> str:
        """Searches."""
        return ""

    inner = builder("core").add_edge(START, "core").compile()
    graph = builder("fetch_papers").add_node("sub-graph", inner)
    graph.add_node("tools", ToolNode([search]), metadata={"cost": 3, "at": datetime(2026, 1, 2)})
    graph.add_node("last", step, defer=True)
    graph.add_edge(START, "fetch_papers").add_edge("fetch_papers", "sub-graph")
    graph.add_edge("sub-graph", "tools").add_edge("tools", "last")
    result = await described(graph)
    seen = {item.id: (item.type, item.label, item.data.description) for item in result.nodes}
    assert seen == {
        "__start__": ("start", "Start", ""),
        "fetch_papers": ("node", "Fetch papers", "Takes a step."),
        "sub-graph": ("subgraph", "Sub graph", ""),
        "tools": ("tool", "Tools", "Tools: search"),
        "last": ("node", "Last", "Takes a step."),
        "__end__": ("end", "End", ""),
    }
    assert node(result, "tools").data.metadata == {"cost": 3, "at": "2026-01-02T00:00:00"}
    assert node(result, "last").data.deferred
    assert not node(result, "tools").data.deferred


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        """Not this text."""
        return function(*args, **kwargs)

    return wrapper


@logged
def decorated(state: State) -> State:
    """Decorated."""
    return {}
    raise AssertionError(state)


async def asynchronous(state: State) -> State:
    """Asynchronous."""
    return {}


def with_option(option: int, state: State) -> State:
    """With an option."""
    return {}


class Scorer:
    """Scores."""

    def __call__(self, state: State) -> State:
        return {}

    def method(self, state: State) -> State:
        """A method."""
        return {}


class AsyncScorer(Scorer):
    async def __call__(self, state: State) -> State:  # type: ignore[override]
        """Scores later."""
        return {}


@dataclass
class Weighted:
    weight: int = 1

    def __call__(self, state: State) -> State:
        return {}


undocumented = lambda state: (  # noqa: E731
    {}
)


def generator(state: State) -> Any:
    """Yields."""
    yield {}


def lines(first: str, last: str) -> tuple[int, int]:
    """Where two pieces of text first stand in this file."""
    text = HERE.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(text, 1) if line.startswith(first))
    return start, next(n for n, line in enumerate(text, 1) if n >= start and line.startswith(last))


@pytest.mark.parametrize(
    ("function", "doc", "is_async", "place"),
    [
        (step, "Takes a step.", False, ("def step", "    return {}")),
        (asynchronous, "Asynchronous.", True, ("async def asynchronous", "    return {}")),
        # It starts at its decorator, and no instruction is left of its last line.
        (decorated, "Decorated.", False, ("@logged", "    raise AssertionError")),
        (partial(with_option, 1), "With an option.", False, ("def with_option", "    return {}")),
        (partial(asynchronous), "Asynchronous.", True, ("async def asynch", "    return {}")),
        (Scorer(), "Scores.", False, ("    def __call__", "        return {}")),
        (Scorer().method, "A method.", False, ("    def method", "        return {}")),
        (AsyncScorer(), "Scores later.", True, ("    async def __call__", "        return {}")),
        (undocumented, "", False, ("undocumented = ", ")")),
        (RunnableLambda(step), "Takes a step.", False, ("def step", "    return {}")),
        (RunnableLambda(asynchronous), "Asynchronous.", True, ("async def a", "    return {}")),
        (
            RunnableLambda(step).with_config(tags=["x"]),
            "Takes a step.",
            False,
            ("def step", "    return {}"),
        ),
        (
            RunnableLambda(step) | RunnableLambda(dict),
            "Takes a step.",
            False,
            ("def step", "    return {}"),
        ),
        (generator, "Yields.", False, ("def generator", "    yield {}")),
    ],
)
async def test_where_a_nodes_function_is_written(
    function: Any, doc: str, is_async: bool, place: tuple[str, str]
) -> None:
    graph = builder().add_node("n", function).add_edge(START, "n")
    found = node(await described(graph), "n")
    assert found.source is not None
    assert found.source.file == "tests/engine/test_describe.py"
    assert (found.source.first_line, found.source.last_line) == lines(*place)
    assert (found.data.description, found.data.is_async) == (doc, is_async)


async def test_texts_that_no_author_wrote_do_not_show() -> None:
    graph = builder().add_node("n", Weighted()).add_node("dict", {"text": RunnableLambda(len)})
    graph.add_edge(START, "n").add_edge("n", "dict")
    result = await described(graph)
    assert node(result, "n").data.description == ""
    assert (node(result, "dict").data.description, node(result, "dict").source) == ("", None)


async def test_a_function_that_calls_a_graph_is_opened_and_has_lines() -> None:
    inner = builder("core").add_edge(START, "core").compile()

    def calls(state: State) -> Any:
        """Calls a graph."""
        return inner.invoke(state)

    graph = builder().add_node("calls", calls).add_edge(START, "calls")
    loaded = await load(graph)
    assert node_paths(loaded) == ["calls", "calls/core"]
    found = node(describe(loaded, None, ROOT), "calls")
    assert (found.type, found.data.description) == ("subgraph", "Calls a graph.")
    assert found.source is not None


def test_files_outside_the_folder_do_not_show_the_servers_directories(tmp_path: Path) -> None:
    lines = lines_of(click.echo)
    assert lines is not None
    assert shown_file(lines.file, tmp_path) == "click/utils.py"
    assert shown_file(str(tmp_path / "a/b/c.py"), tmp_path / "a") == "b/c.py"
    assert shown_file(str(tmp_path / "a/b/c.py"), tmp_path / "x") == "b/c.py"


async def test_a_script_elsewhere_shows_its_name_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "elsewhere_graph.py").write_text(
        "from langgraph.graph import StateGraph\n"
        "def say(state): ...\n"
        "graph = StateGraph(dict).add_node('say', say).set_entry_point('say')\n"
    )
    loaded = await load(f"{tmp_path}/elsewhere_graph.py:graph")
    result = describe(loaded, None, ROOT, show_root=False)
    source = node(result, "say").source
    assert source is not None
    assert source.file == "elsewhere_graph.py"
    assert str(tmp_path) not in msgspec.json.encode(result).decode()
    # Where folders may be shown, a debugger finds the file.
    (function,) = describe(loaded, None, ROOT).functions
    assert function.file == f"{tmp_path}/elsewhere_graph.py"


# Subgraphs and paths.


async def test_paths_reach_into_subgraphs() -> None:
    assert node_paths(await load(nested())) == [
        "parse",
        "literature",
        "literature/plan",
        "literature/deep",
        "literature/deep/core",
        "write",
    ]


async def test_depth_opens_subgraphs() -> None:
    loaded = await load(nested())

    def opened(depth: int | None) -> tuple[int, int]:
        metadata = describe(loaded, depth, ROOT).metadata
        return metadata.nodes_shown, metadata.depth

    assert [opened(depth) for depth in (0, 1, 2, 99, None)] == [
        (5, 3),
        (9, 3),
        (12, 3),
        (12, 3),
        (12, 3),
    ]
    closed = node(describe(loaded, 0, ROOT), "literature")
    assert (closed.type, closed.subgraph) == ("subgraph", None)
    assert node(describe(loaded, None, ROOT), "literature/deep/core").path == "literature/deep/core"


async def test_a_subgraph_without_checkpoints_is_drawn() -> None:
    inner = builder("core").add_edge(START, "core").compile(checkpointer=False)
    loaded = await load(builder().add_node("sub", inner).add_edge(START, "sub"))
    assert node(describe(loaded, None, ROOT), "sub/core").type == "node"


async def test_the_functional_api() -> None:
    @entrypoint()
    async def flow(numbers: list[int]) -> dict[str, int]:
        """Adds."""
        return {"sum": sum(numbers)}

    result = await described(flow)
    assert edges(result) == {
        ("__start__", "flow", False, None),
        ("flow", "__end__", False, None),
    }
    assert node(result, "flow").data.description == result.description == "Adds."
    assert node(result, "flow").data.is_async
    assert result.schemas.input["type"] == "array"
    assert result.schemas.output["type"] == "object"


async def test_the_same_graph_is_described_the_same() -> None:
    first, second = [msgspec.json.encode(await described(nested())) for _ in range(2)]
    assert first == second
    assert msgspec.convert(json.loads(first), DescribeResult).graph == "g"


async def test_mermaid_shows_subgraphs_and_choices() -> None:
    graph = nested()
    graph.add_conditional_edges("parse", lambda s: "go", {"go": "write"})
    text = (await described(graph)).mermaid
    assert "subgraph literature" in text
    assert "subgraph deep" in text
    assert "parse -. &nbsp;go&nbsp; .-> write" in text
    assert "parse --> literature" in text


async def test_mermaid_bears_two_subgraphs_of_one_name() -> None:
    inner = builder("core").add_edge(START, "core")
    outer = builder().add_node("same", inner.compile()).add_edge(START, "same").compile()
    top = builder().add_node("same", outer).add_edge(START, "same")
    assert "same(same)" in (await described(top)).mermaid


# Layout.


def assert_apart(sizes: dict[str, tuple[float, float]], placed: Any) -> None:
    assert placed.centres.keys() == sizes.keys()
    boxes = [
        (x - sizes[n][0] / 2, y - sizes[n][1] / 2, x + sizes[n][0] / 2, y + sizes[n][1] / 2)
        for n, (x, y) in placed.centres.items()
    ]
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= placed.width
        assert bottom <= placed.height
    for one, other in itertools.combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize("seed", range(60))
def test_no_boxes_overlap(seed: int) -> None:
    """Cycles, loops, lone nodes and separate parts, of any sizes."""
    chance = random.Random(seed)
    names = [f"n{number}" for number in range(chance.randint(1, 20))]
    sizes = {name: (chance.uniform(80, 400), 40.0) for name in names}
    pairs = [(chance.choice(names), chance.choice(names)) for _ in range(chance.randint(0, 50))]
    placed = place(sizes, pairs)
    assert_apart(sizes, placed)
    assert place(sizes, pairs) == placed


def test_no_boxes_overlap_where_the_library_lets_them() -> None:
    wide = {2: 1200.0, 3: 400.0, 6: 400.0, 8: 1200.0, 9: 400.0, 10: 400.0}
    sizes = {f"n{number}": (wide.get(number, 80.0), 40.0) for number in (*range(7), *range(8, 11))}
    pairs = {0: [9, 3, 10, 1, 8], 1: [2, 3, 4], 3: [10, 8, 6], 8: [10], 6: [10]}
    placed = place(sizes, [(f"n{a}", f"n{b}") for a, targets in pairs.items() for b in targets])
    assert_apart(sizes, placed)


def test_edges_run_downwards_but_those_that_close_a_cycle() -> None:
    sizes = dict.fromkeys("abcde", (80.0, 40.0))
    y = {
        name: centre[1]
        for name, centre in place(
            sizes, [("a", "b"), ("b", "c"), ("c", "b"), ("a", "d"), ("d", "e"), ("c", "e")]
        ).centres.items()
    }
    assert y["a"] < y["b"] < y["c"] < y["e"]
    assert y["a"] < y["d"] < y["e"]


def test_a_graph_where_anything_leads_anywhere_is_placed() -> None:
    """What tries every order would not end."""
    names = [f"n{number}" for number in range(60)]
    sizes = dict.fromkeys(names, (80.0, 40.0))
    placed = place(sizes, list(itertools.product(names, names)))
    assert_apart(sizes, placed)


async def test_the_drawing_runs_from_start_to_end() -> None:
    drawing = await described(nested())
    y = [item.position.y for item in drawing.nodes]
    assert y == sorted(y)
    assert len(set(y)) == 5
    assert drawing.layout.direction == "top-to-bottom"


# Schemas.


class Opaque:
    pass


class Paper(typing.TypedDict):
    title: str
    cites: "list[Paper]"


class OldState(typing.TypedDict):
    """Kept."""

    text: str
    papers: dict[str, list[Paper]]
    messages: Annotated[list[AnyMessage], add_messages]
    opaque: Opaque
    maybe: Opaque | None
    when: typing_extensions.NotRequired[datetime]
    callback: Callable[[int], int]
    left: RemainingSteps


class Model(BaseModel):
    model_config = {"arbitrary_types_allowed": True}
    text: str = Field(description="The text.")
    opaque: Opaque | None = None
    number: float = float("nan")
    of_bytes: bytes = b"\xff"


@dataclass
class Data:
    text: str
    opaque: Opaque
    numbers: list[int] = field(default_factory=list)


class Hooked:
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        raise RuntimeError("no")


class WithHook(typing_extensions.TypedDict):
    text: str
    hooked: Hooked


class Missing(typing_extensions.TypedDict):
    text: str
    unknown: "OnlyForTypeCheckers"  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (OldState, "TypedDict"),
        (MessagesState, "TypedDict"),
        (Model, "BaseModel"),
        (Data, "dataclass"),
        (WithHook, "TypedDict"),
    ],
)
async def test_schemas_of_odd_states_say_what_they_can(kind: Any, name: str) -> None:
    result = await described(builder("a", state=kind).add_edge(START, "a"))
    assert result.metadata.state_type == name
    for schema in (result.schemas.input, result.schemas.state, result.schemas.output):
        Draft202012Validator.check_schema(json.loads(msgspec.json.encode(schema)))
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        field_name = "messages" if kind is MessagesState else "text"
        assert schema["properties"][field_name]["type"] in ("string", "array")


async def test_a_typing_typeddict_is_described_field_by_field() -> None:
    """Pydantic refuses these before Python 3.12."""
    schema = (await described(builder("a", state=OldState).add_edge(START, "a"))).schemas.input
    assert schema["title"] == "OldState"
    assert schema["description"] == "Kept."
    assert "left" not in schema["properties"]
    assert set(schema["required"]) == {*schema["properties"]} - {"when"}
    validator = Draft202012Validator(schema)
    good = {"text": "", "papers": {}, "messages": [], "opaque": 1, "maybe": 2, "callback": 3}
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "text": 1})
    assert not validator.is_valid({**good, "papers": {"a": [{"title": 3, "cites": []}]}})
    assert validator.is_valid({**good, "papers": {"a": [{"title": "x", "cites": []}]}})


async def test_what_pydantic_says_of_a_field_is_kept() -> None:
    schema = (await described(builder("a", state=Model).add_edge(START, "a"))).schemas.state
    assert schema["properties"]["text"]["description"] == "The text."


@pytest.mark.parametrize("kind", [Missing, Hooked, Opaque, list[Hooked], "Nothing", 3, None])
def test_a_type_that_cannot_be_described_allows_anything(kind: Any) -> None:
    schema = json_schema(kind, "State")
    Draft202012Validator.check_schema(schema)
    if kind is Missing:
        assert schema["properties"]["text"]["type"] == "string"


async def test_input_and_output_schemas_may_differ_and_context_is_the_config() -> None:
    class In(typing_extensions.TypedDict):
        question: str

    class Out(typing_extensions.TypedDict):
        answer: str

    class Whole(In, Out):
        notes: list[str]

    @dataclass
    class Context:
        model: str = "small"

    graph: Any = StateGraph(Whole, Context, input_schema=In, output_schema=Out)
    schemas = (await described(graph.add_node("a", step).add_edge(START, "a"))).schemas
    assert list(schemas.input["properties"]) == ["question"]
    assert list(schemas.output["properties"]) == ["answer"]
    assert {*schemas.state["properties"]} == {"question", "answer", "notes"}
    assert schemas.config["properties"]["model"]["default"] == "small"
    assert (await described(nested())).schemas.config is None


async def test_a_state_that_is_one_value() -> None:
    result = await described(builder("a", state=Annotated[list, operator.add]).add_edge(START, "a"))
    assert result.schemas.input["type"] == "array"
    assert result.metadata.state_type == "list"
