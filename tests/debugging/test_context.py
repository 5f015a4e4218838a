"""The run's runtime context at a stop: as the nodes have it, at every depth, for each kind of schema."""

from dataclasses import dataclass, field
from typing import Any, TypedDict

import pytest
from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime
from pydantic import BaseModel

from rpc.client import RpcError
from tests.debugging.drive import connect, debug
from tests.debugging.graphs import State, build, says
from tests.support.in_process import Serve


class Site(BaseModel):
    """In each context."""

    city: str
    beds: list[int]


@dataclass
class AsDataclass:
    """A context with a default."""

    model: str = "small"
    site: Site = field(default_factory=lambda: Site(city="Bonn", beds=[1, 2, 3]))
    api_key: str = ""


class AsModel(BaseModel):
    """A context that a model checks."""

    model: str = "small"
    site: Site = Site(city="Bonn", beds=[1, 2, 3])
    api_key: str = ""


class AsDict(TypedDict, total=False):
    """A context that stays a dict."""

    model: str
    site: Site
    api_key: str


KINDS = pytest.mark.parametrize("kind", [AsDataclass, AsModel, AsDict])

GIVEN = {"model": "large", "site": {"city": "Rom", "beds": [7, 8]}}

SEEN: list[Any] = []
"""What the nodes had."""


def _deep(kind: type[Any]) -> Any:
    """A node in a subgraph of a subgraph, which sees its context."""

    async def looks(state: State, runtime: Runtime[Any]) -> State:
        SEEN.append(runtime.context)
        return {"said": ["looks"]}

    def around(name: str, node: Any) -> Any:
        builder = StateGraph(State, context_schema=kind)
        builder.add_node(name, node)
        builder.add_edge(START, name)
        return builder.compile()

    return around("outer", around("inner", around("looks", looks)))


@KINDS
async def test_the_context_is_the_one_that_nodes_have_at_every_depth(
    serve: Serve, kind: type[Any]
) -> None:
    SEEN.clear()
    async with serve(_deep(kind)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["outer/inner/looks"], config=GIVEN)
        for which in (
            {},
            {"node_name": "outer"},
            {"node_name": "outer/inner/looks"},
            {"task_id": session.task("outer/inner/looks")},
        ):
            shown = (await session.call("inspect", **which))["context"]
            assert {name: shown[name] for name in GIVEN} == GIVEN, which
        assert await session.on() == "completed"
        (seen,) = SEEN
        had = seen if isinstance(seen, dict) else vars(seen)
        assert (had["model"], had["site"]) == ("large", Site(city="Rom", beds=[7, 8]))
        assert (await session.call("inspect"))["context"] == shown


@KINDS
async def test_the_context_is_read_by_page_with_its_types_and_without_secrets(
    serve: Serve, kind: type[Any]
) -> None:
    config = {**GIVEN, "api_key": "sk-4711-very-secret"}
    async with serve(_deep(kind)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["outer/inner/looks"], config=config)

        async def part(pointer: str, **page: int) -> Any:
            return await session.call("inspect", part="context", value_path=pointer, **page)

        whole = await session.call("inspect", part="context")
        assert whole["values"] == whole["context"]
        assert whole["context"]["api_key"] == "**********"
        of = {AsDict: "dict"}.get(kind, f"{kind.__module__}.{kind.__qualname__}")
        assert (whole["types"][""], whole["types"]["/model"]) == (of, "str")
        assert whole["types"]["/site"] == f"{__name__}.Site"
        beds = await part("/site/beds", start=1, count=5)
        assert (beds["values"], beds["types"]) == ([8], {"": "list", "/1": "int"})
        assert beds["page"] == {"type": "array", "length": 2, "start": 1, "next_start": None}
        hidden = await part("/api_key")
        assert (hidden["values"], hidden["types"]) == ("**********", {"": "str"})
        for wrong in ("/nothing", "/site/beds/9", "/api_key/0", "model"):
            with pytest.raises(RpcError) as refused:
                await part(wrong)
            assert (refused.value.type, refused.value.path) == ("invalid_params", "$.value_path")

        async def value(expression: str) -> Any:
            return (await session.call("evaluate", expression=expression))["value"]

        assert await value("context['site']['beds'][0] + len(state['query'])") == 8
        assert await value("config['model']") == "large"
        assert await value("[context['api_key'], config['api_key']]") == ["**********"] * 2


async def test_a_checkpoint_that_is_named_has_the_context_of_the_run_that_saved_it(
    serve: Serve,
) -> None:
    async with serve(_deep(AsModel)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[], stop_on_entry=True, config=GIVEN)
        first = (await session.call("inspect"))["checkpoint_id"]
        assert await session.on() == "completed"
        await client.call(
            "query.start",
            session_id=session.id,
            query="again",
            config={"model": "other"},
            stop_on_entry=True,
        )
        await session.until(lambda: len(session.of("debug.stopped")) == 2, "the second stop")
        now = await session.call("inspect")
        assert now["context"]["model"] == "other"
        then = await session.call("inspect", checkpoint_id=first)
        assert then["context"]["model"] == "large"
        for at, model in ((None, "other"), (first, "large")):
            where = {} if at is None else {"checkpoint_id": at}
            told = await session.call("evaluate", expression="context['model']", **where)
            assert told["value"] == model
            part = await session.call("inspect", part="context", value_path="/model", **where)
            assert part["values"] == model


async def test_a_graph_without_a_schema_has_no_context(serve: Serve) -> None:
    graph = build(("one", "two"), one=says("one"), two=says("two"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["two"])
        found = await session.call("inspect")
        assert found["context"] is None
        assert (await session.call("inspect", part="context"))["values"] is None
        assert (await session.call("evaluate", expression="context is None"))["value"] is True
