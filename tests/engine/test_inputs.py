"""What a query gives a graph: its input and its settings, and what no graph may be given."""

from dataclasses import dataclass
from typing import Annotated, Any, NotRequired, TypedDict

import pydantic
import pytest
from langgraph.func import entrypoint
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.pregel import Pregel

from protocol.errors import ProtocolError
from rpc.engine.graphs.inputs import check_input, graph_input, run_config
from tests.support.small_graphs import State, chain


def graph_of(state: Any, **schemas: Any) -> Pregel[Any, Any, Any, Any]:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(state, **schemas)
    builder.add_node("node", lambda state: {})
    builder.add_edge(START, "node")
    return builder.compile()


class Both(TypedDict, total=False):
    messages: list[Any]
    query: str


class Topic(TypedDict):
    topic: str
    depth: NotRequired[int]


@dataclass
class DataQuery:
    query: str


class ModelQuery(pydantic.BaseModel):
    query: str


@entrypoint()
async def one_value(given: str) -> str:
    """A graph whose input is one value."""
    return given


@pytest.mark.parametrize(
    ("graph", "given"),
    [
        (graph_of(State), {"query": "x"}),
        (graph_of(Both), {"query": "x"}),
        (graph_of(DataQuery), {"query": "x"}),
        (graph_of(ModelQuery), {"query": "x"}),
        (graph_of(MessagesState), {"messages": [{"role": "user", "content": "x"}]}),
        (graph_of(Topic, input_schema=State), {"query": "x"}),
        (one_value, "x"),
    ],
)
def test_a_query_goes_where_the_graph_takes_it(graph: Any, given: Any) -> None:
    """A client asks in words; where they go is the graph's business: `query`, `messages`, or all of it."""
    assert graph_input(graph, "x") == given


def test_a_graph_without_a_place_for_a_query_says_what_it_takes() -> None:
    """The client learns the keys to give as `input` instead."""
    with pytest.raises(ProtocolError) as refused:
        graph_input(graph_of(Topic), "x")
    assert refused.value.path == "$.query"
    assert "depth, topic" in refused.value.detail


@pytest.mark.parametrize("value", [5, "x", [1], None, True, 1.5])
def test_an_input_that_is_no_object(value: Any) -> None:
    """What can only fail is refused before a session is made of it."""
    with pytest.raises(ProtocolError) as refused:
        check_input(graph_of(Topic), value)
    assert refused.value.path == "$.input"
    assert "topic" in refused.value.detail


def test_an_input_with_none_of_the_keys() -> None:
    """A graph given nothing it knows would end at once, with an empty result."""
    with pytest.raises(ProtocolError):
        check_input(graph_of(Topic), {"tropic": "x"})
    check_input(graph_of(Topic), {"topic": "x", "more": 1})
    check_input(one_value, 5)


@pytest.mark.parametrize(
    "key",
    [
        "thread_id",
        "checkpoint_id",
        "checkpoint_ns",
        "checkpoint_map",
        "__pregel_resuming",
        "langgraph_auth_user",
        "langgraph_auth_user_id",
        "langgraph_auth_permissions",
        "langgraph_request_id",
    ],
)
@pytest.mark.parametrize("nested", [False, True])
def test_keys_that_steer_the_thread_are_refused(key: str, nested: bool) -> None:
    """A client that sets `thread_id` would read and write another session's state."""
    config: dict[str, Any] = {key: "x"}
    with pytest.raises(ProtocolError) as refused:
        run_config(graph_of(State), {"configurable": config} if nested else config)
    assert refused.value.path == f"$.config.{key}"


def test_langgraphs_own_settings_are_checked() -> None:
    """They are passed on as LangGraph's, and a wrong one is refused before the run."""
    graph = graph_of(State)
    given = run_config(
        graph,
        {
            "recursion_limit": 9,
            "tags": ["a"],
            "metadata": {"k": 1},
            "run_name": "n",
            "mine": 2,
        },
    )
    assert given.langgraph == {
        "recursion_limit": 9,
        "tags": ["a"],
        "metadata": {"k": 1},
        "run_name": "n",
    }
    assert given.configurable == {"mine": 2}
    for wrong in (
        {"recursion_limit": 0},
        {"recursion_limit": True},
        {"recursion_limit": 2.5},
        {"max_concurrency": "2"},
        {"tags": "a"},
        {"run_name": 3},
        {"metadata": []},
        {"configurable": 5},
    ):
        with pytest.raises(ProtocolError) as refused:
            run_config(graph, wrong)
        assert refused.value.path == f"$.config.{next(iter(wrong))}"


class TypedContext(TypedDict, total=False):
    tone: str
    length: int


@dataclass
class DataContext:
    tone: str = "plain"
    length: int = 3


class ModelContext(pydantic.BaseModel):
    tone: str = "plain"
    length: int = 3


@pytest.mark.parametrize("schema", [TypedContext, DataContext, ModelContext])
def test_the_graphs_context_is_made_and_checked(schema: Any) -> None:
    """A setting reaches the graph as its schema has it; a wrong one is named by path, unknown ones too."""
    graph = graph_of(State, context_schema=schema)
    context = run_config(graph, {"tone": "warm", "length": 5}).context
    found = context if isinstance(context, dict) else vars(context)
    assert found == {"tone": "warm", "length": 5}
    if schema is not TypedContext:
        assert run_config(graph, None).context == schema()
    with pytest.raises(ProtocolError) as refused:
        run_config(graph, {"length": "long"})
    assert refused.value.path == "$.config.length"
    with pytest.raises(ProtocolError) as refused:
        run_config(graph, {"tune": "warm"})
    assert refused.value.path == "$.config.tune"
    assert "'tone'" in refused.value.detail


class Inner(TypedDict):
    size: int
    name: str


class RequiredContext(TypedDict):
    tone: str
    length: Annotated[int, "in words"]
    inner: Inner
    several: list[Inner] | None
    itself: "RequiredContext"


def test_no_field_of_a_typed_dict_context_must_be_given() -> None:
    """LangGraph asks for none, and graphs read them with `get`; what is given is checked all the same."""
    graph = graph_of(State, context_schema=RequiredContext)
    for given in (
        {},
        {"tone": "warm"},
        {"inner": {"name": "x"}, "several": [{"size": 1}, {}]},
        {"itself": {"anything": 1}},
    ):
        assert run_config(graph, given).context == given
    for wrong, path in (
        ({"length": "long"}, "$.config.length"),
        ({"inner": {"size": "x"}}, "$.config.inner.size"),
        ({"several": [{"size": "x"}]}, "$.config.several[0].size"),
    ):
        with pytest.raises(ProtocolError) as refused:
            run_config(graph, wrong)
        assert refused.value.path == path


def test_a_graph_that_only_runs_needs_no_settings() -> None:
    """Most queries have no `config` at all."""
    given = run_config(chain(lambda_node), None)
    assert (given.langgraph, given.configurable, given.context) == ({}, {}, None)


async def lambda_node(state: State) -> State:
    return {}


def test_a_refused_setting_is_named_in_the_words_for_a_person() -> None:
    """Who reads only the sentence, on a terminal, must learn which setting was wrong."""

    @dataclass
    class Context:
        limit: int = 3

    builder: Any = StateGraph(State, Context)
    builder.add_node("node", lambda state: {})
    builder.add_edge(START, "node")
    for config, path in (({"limit": "many"}, "$.config.limit"), ({"limits": 1}, "$.config.limits")):
        with pytest.raises(ProtocolError) as raised:
            run_config(builder.compile(), config)
        assert raised.value.path == path
        assert f"`{path}`" in raised.value.detail
