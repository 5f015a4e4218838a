"""Values that cannot be stored or shown: the run says so by node and key, and loses nothing else."""

import operator
from collections import Counter, defaultdict
from typing import Annotated, Any, TypedDict

import pytest
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphInterrupt
from langgraph.func import entrypoint, task
from langgraph.graph import START, StateGraph
from langgraph.types import Interrupt, interrupt

from tests.debugging.drive import connect, debug, follow, run
from tests.support.in_process import Serve
from tests.support.stream_rules import check_stream


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[Any], operator.add]
    value: Any
    given: list[Any]


class Own(dict[str, Any]):
    """A dict with a constructor of its own."""

    def __init__(self, wanted: int) -> None:
        super().__init__(wanted=wanted)


class Opaque:
    """Something that no serialiser knows."""

    def __repr__(self) -> str:
        return "<opaque>"


class Unshowable:
    def __repr__(self) -> str:
        raise ValueError("no repr")


def graph_of(**nodes: Any) -> Any:
    """The nodes one after another."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name, node in nodes.items():
        builder.add_node(name, node)
    for source, target in zip((START, *nodes), nodes, strict=False):
        builder.add_edge(source, target)
    return builder.compile()


ODD: dict[str, Any] = {
    "defaultdict": {"g": defaultdict(list)},
    "memoryview": memoryview(b"abc"),
    "counter": Counter("aab"),
    "own dict": Own(1),
    "opaque": {"deep": [Opaque()]},
    "no repr": [Unshowable()],
    "function": len,
    "generator": (one for one in ()),
    "lone surrogate": "\ud800",
    "large number": 2**80,
}


@pytest.mark.parametrize("debug_mode", [False, True])
@pytest.mark.parametrize("odd", ODD)
async def test_a_question_of_any_value_waits_and_is_answered(
    serve: Serve, odd: str, debug_mode: bool
) -> None:
    async def asks(state: State) -> State:
        return {"said": [interrupt(ODD[odd])]}

    async def beside(state: State) -> State:
        return {"said": ["beside"]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for node in (asks, beside):
        builder.add_node(node.__name__, node)
        builder.add_edge(START, node.__name__)
    async with serve(builder.compile()) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        if debug_mode:
            await session.on()
        assert session.status == "waiting"
        (question,) = session.of("input.requested")
        assert question["value"] is not None
        await session.respond("yes")
        assert session.status == "completed"
        assert sorted(session.result["said"]) == ["beside", "yes"]
        check_stream(session.events)


@pytest.mark.parametrize("debug_mode", [False, True])
@pytest.mark.parametrize("value", [Opaque(), {"deep": [Opaque()]}, 2**80, len])
async def test_an_update_that_cannot_be_stored_fails_its_node_and_names_the_key(
    serve: Serve, value: Any, debug_mode: bool
) -> None:
    async def makes(state: State) -> State:
        return {"value": value, "said": ["made"]}

    async def after(state: State) -> State:
        return {"said": ["after"]}

    graph = graph_of(makes=makes, after=after)
    async with serve(graph) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        if debug_mode:
            await session.on()
            assert (session.status, session.standing) == ("paused", ["makes"])
            assert (
                session.stop["tasks"][0]["input"]["query"]
                == session.of("session.status")[0]["query"]
            )
            error = session.of("node.failed")[-1]["error"]
        else:
            assert session.status == "failed"
            error = session.of("query.failed")[-1]["error"]
        assert error["node"] == "makes"
        assert "makes" in error["message"]
        assert "value" in error["message"]
        assert "serialise" in error["message"]
        assert not session.of("node.finished")
        assert {one["node"] for one in session.of("node.started")} == {"makes"}
        check_stream(session.events) if not debug_mode else session.check()


async def test_a_call_whose_result_cannot_be_stored_fails_and_is_named(serve: Serve) -> None:
    @task
    async def search(text: str) -> Any:
        return Opaque()

    @entrypoint()
    async def flow(query: str) -> str:
        await search(query)
        return "done"

    async with serve(flow) as server, connect(server.url) as client:
        session = await follow(client, (await client.client.start(input="x")).session_id)
        assert await session.rest() == "failed"
        assert "search" in session.of("query.failed")[-1]["error"]["message"]
        assert "search" not in {one["node"] for one in session.of("node.finished")}
        check_stream(session.events)


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


class Blank(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")

    def __repr__(self) -> str:
        raise RuntimeError("no text")


class Covered(Exception):
    @property
    def __cause__(self) -> Any:  # type: ignore[override]
        raise RuntimeError("no cause")


class OfNameless(type):
    def __getattribute__(cls, name: str) -> Any:
        if name in ("__name__", "__qualname__", "__module__"):
            raise RuntimeError("no name")
        return super().__getattribute__(name)


class Nameless(Exception, metaclass=OfNameless):
    pass


class Ringed(Exception):
    """Each of two is the other's cause."""

    def __init__(self) -> None:
        other = ValueError("other")
        other.__cause__ = self
        self.__cause__ = other

    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize("debug_mode", [False, True])
@pytest.mark.parametrize("kind", [Mute, Blank, Ringed])
async def test_an_exception_without_a_text_keeps_its_type(
    serve: Serve, kind: type[Exception], debug_mode: bool
) -> None:
    async def breaks(state: State) -> State:
        raise kind

    async with serve(graph_of(breaks=breaks)) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        if debug_mode:
            await session.on()
            assert (session.status, session.standing) == ("paused", ["breaks"])
        else:
            assert session.status == "failed"
            assert session.of("query.failed")[-1]["error"]["type"] == kind.__name__
        (failed,) = session.of("node.failed")
        assert failed["error"]["type"] == kind.__name__
        assert "RuntimeError" in failed["error"]["message"]


@pytest.mark.parametrize("kind", ["Covered", "Nameless"])
async def test_an_exception_that_cannot_be_looked_at_ends_its_run_and_nothing_else(
    serve: Serve, kind: str
) -> None:
    """Python itself cannot write these: a server that tries ends with them."""

    async def breaks(state: State) -> State:
        raise globals()[kind]("here")

    async with serve(graph_of(breaks=breaks)) as server, connect(server.url) as client:
        for _ in range(2):
            session = await run(client)
            assert session.status == "failed"
            (failed,) = session.of("node.failed")
            error = {"type": kind, "message": "here"}
            assert failed["error"].items() >= error.items()
            assert failed["error"]["file"].endswith("test_odd_values.py")
            assert session.of("query.failed")[-1]["error"].items() >= error.items()


QUESTIONS: dict[str, Any] = {
    "nothing": (),
    "an empty list": ([],),
    "a text": ("sure?",),
    "a number": (5,),
    "one that is in no tuple": (Interrupt("sure?"),),
}


@pytest.mark.parametrize("debug_mode", [False, True])
@pytest.mark.parametrize("given", QUESTIONS)
async def test_a_question_raised_by_hand_that_nobody_can_answer_is_no_end(
    serve: Serve, given: str, debug_mode: bool
) -> None:
    """`completed` without the node's update would say that all is well."""

    def asks(state: State) -> State:
        raise GraphInterrupt(*QUESTIONS[given])

    async with serve(graph_of(asks=asks)) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        if debug_mode:
            await session.on()
            assert (session.status, session.standing) == ("paused", ["asks"])
        else:
            assert session.status == "failed"
        (failed,) = session.of("node.failed")
        assert failed["error"]["type"] == "NothingAskedError"
        assert "call `interrupt(value)`" in failed["error"]["message"]
        assert failed["error"]["line"] == asks.__code__.co_firstlineno + 1
        # It can be looked at, as any that failed.
        assert (await client.call("debug.inspect", session_id=session.id))["values"]["query"] == "q"


async def test_a_question_raised_by_hand_with_its_interrupt_waits(serve: Serve) -> None:
    def asks(state: State) -> State:
        raise GraphInterrupt((Interrupt("sure?", id="0" * 32),))

    async with serve(graph_of(asks=asks)) as server, connect(server.url) as client:
        session = await run(client)
        assert session.status == "waiting"
        assert session.of("input.requested")[-1]["value"] == "sure?"


async def test_what_a_node_changes_of_what_it_was_given_is_its_own(serve: Serve) -> None:
    """Nodes that change their input in place, as they may in LangGraph: the query stays what was asked."""

    async def change(state: Any, config: RunnableConfig) -> Any:
        state["given"].append(AIMessage("mine"))
        config["configurable"]["tones"].append(AIMessage("warm"))
        answer = interrupt("what?")
        answer["more"].append(AIMessage("yours"))
        return {"value": [len(state["given"]), len(answer["more"])], "given": state["given"]}

    config = {"configurable": {"tones": ["cold"]}}
    given = {"query": "q", "given": ["first", {"deep": [1]}]}
    async with serve(graph_of(change=change)) as server, connect(server.url) as client:
        started = await client.client.start(None, input=given, config=config)
        session = await follow(client, started.session_id)
        assert await session.rest() == "waiting"
        assert await session.respond({"more": ["and"]}) == "completed"
        assert session.result["value"] == [3, 2]
        (asked,) = (await client.call("session.runs", session_id=session.id))["runs"]
        assert asked["query"] == given
        assert (await client.call("session.get", session_id=session.id))["config"] == config


async def test_progress_of_any_value_is_told(serve: Serve) -> None:
    from langgraph.config import get_stream_writer

    async def writes(state: State) -> State:
        for value in ODD.values():
            get_stream_writer()(value)
        return {"said": ["wrote"]}

    async with serve(graph_of(writes=writes)) as server, connect(server.url) as client:
        session = await run(client)
        assert session.status == "completed"
        assert len(session.of("progress")) == len(ODD)
