"""Nodes that ask a person, beside tasks that stand and beside each other: no body runs once more than it must."""

from typing import Any

import pytest
from langgraph.func import entrypoint, task
from langgraph.types import interrupt

from tests.debugging import graphs
from tests.debugging.drive import Debugged, connect, debug, run
from tests.debugging.graphs import RAN, asks, build, ran, says
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


def question(session: Debugged, path: str) -> str:
    """The id of the question that a node asked last."""
    asked = [one for one in session.of("input.requested") if one["path"] == path]
    found: str = asked[-1]["interrupt_id"]
    return found


async def test_a_waiting_node_does_not_run_again_when_a_sibling_is_stepped(serve: Serve) -> None:
    async with serve(graphs.asking(1)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["one"])
        assert session.standing == ["?ask0", "side/one"]
        assert session.status == "paused"
        assert [one["path"] for one in session.of("input.requested")] == ["ask0"]
        await session.step()
        assert session.standing == ["?ask0", "side/two"]
        assert await session.step() == "waiting"
        assert RAN == {"ask0": 1, "side/one": 1, "side/two": 1}
        assert await session.respond("yes") == "completed"
        assert RAN == {"ask0": 2, "side/one": 1, "side/two": 1, "join": 1}
        assert session.result["said"] == ["ask0=yes", "side/one", "side/two", "join"]
        assert len(session.of("input.requested")) == 1
        session.check(RAN, ("side",))


async def test_a_question_is_answered_while_a_sibling_stands(serve: Serve) -> None:
    async with serve(graphs.asking(2)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["two"])
        assert session.standing == ["?ask0", "?ask1", "side/two"]
        assert await session.respond("b", question(session, "ask1")) == "paused"
        assert session.standing == ["?ask0", "side/two"]
        resumed = session.of("debug.resumed")[-1]
        assert resumed["action"] == "respond"
        assert resumed["task_ids"] == [
            one["task_id"] for one in session.of("input.requested") if one["path"] == "ask1"
        ]
        assert RAN == {"ask0": 1, "ask1": 2, "side/one": 1}
        assert await session.on() == "waiting"
        assert RAN["ask0"] == 1
        assert await session.respond("a") == "completed"
        assert RAN == {"ask0": 2, "ask1": 2, "side/one": 1, "side/two": 1, "join": 1}
        assert session.result["said"] == ["ask0=a", "ask1=b", "side/one", "side/two", "join"]
        session.check(RAN, ("side",))


async def test_without_debugging_an_answer_runs_no_other_node_that_asks(serve: Serve) -> None:
    async with serve(graphs.asking(4)) as server, connect(server.url) as client:
        session = await run(client)
        assert session.status == "waiting"
        for number in (2, 0, 3):
            assert await session.respond(number, question(session, f"ask{number}")) == "waiting"
            assert RAN[f"ask{number}"] == 2
            assert RAN["ask1"] == 1
        assert await session.respond(1) == "completed"
        assert {RAN[f"ask{number}"] for number in range(4)} == {2}
        assert session.result["said"] == [
            "ask0=0",
            "ask1=1",
            "ask2=2",
            "ask3=3",
            "side/one",
            "side/two",
            "join",
        ]


@pytest.mark.parametrize("debug_mode", [False, True], ids=["plain", "debugged"])
async def test_a_question_inside_a_function_s_subgraph_holds_the_function(
    serve: Serve, debug_mode: bool
) -> None:
    inner = build(("before", "ask"), inner=True, before=says("call/before"), ask=asks("call/ask"))

    async def call(state: Any) -> Any:
        graphs.ran("call")
        return {"said": (await inner.ainvoke({"query": "q"}))["said"]}

    graph = build(("call", "end"), ("ask", "end"), call=call, ask=asks("ask"), end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        if debug_mode:
            assert await session.on() == "waiting"
        assert RAN == {"call": 1, "call/before": 1, "call/ask": 1, "ask": 1}
        assert await session.respond("top", question(session, "ask")) == "waiting"
        assert RAN == {"call": 1, "call/before": 1, "call/ask": 1, "ask": 2}
        assert await session.respond("deep") == "completed"
        assert RAN == {"call": 2, "call/before": 1, "call/ask": 2, "ask": 2, "end": 1}
        assert session.result["said"] == ["ask=top", "call/before", "call/ask=deep", "end"] or (
            session.result["said"] == ["call/before", "call/ask=deep", "ask=top", "end"]
        )


async def test_questions_two_deep_beside_a_stop_two_deep(serve: Serve) -> None:
    deeper = build(inner=True, ask=asks("left/deeper/ask"), stand=says("left/deeper/stand"))
    left = build(inner=True, deeper=deeper)
    right = build(inner=True, ask=asks("right/ask"))
    graph = build(("left", "end"), ("right", "end"), left=left, right=right, end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["stand"])
        assert session.standing == ["?left/deeper/ask", "?right/ask", "left/deeper/stand"]
        assert await session.respond("r", question(session, "right/ask")) == "paused"
        assert RAN == {"left/deeper/ask": 1, "right/ask": 2}
        assert await session.step() == "waiting"
        assert RAN == {"left/deeper/ask": 1, "right/ask": 2, "left/deeper/stand": 1}
        assert await session.respond("l") == "completed"
        assert RAN["left/deeper/ask"] == 2
        assert session.result["said"] == [
            "left/deeper/ask=l", "left/deeper/stand", "right/ask=r", "end"
        ]  # fmt: skip


async def test_a_node_that_asks_twice_while_a_sibling_stands(serve: Serve) -> None:
    async def twice(state: Any) -> Any:
        graphs.ran("twice")
        first = graphs.interrupt("first?")
        second = graphs.interrupt("second?")
        return {"said": [f"{first} {second}"]}

    graph = build(
        ("twice", "end"), ("side", "end"), twice=twice, side=says("side"), end=says("end")
    )
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["side"])
        assert session.standing == ["?twice", "side"]
        assert await session.respond("A") == "paused"
        assert [one["value"] for one in session.of("input.requested")] == ["first?", "second?"]
        assert await session.step() == "waiting"
        assert RAN["twice"] == 2
        assert await session.respond("B") == "completed"
        assert session.result["said"] == ["side", "A B", "end"] or (
            session.result["said"] == ["A B", "side", "end"]
        )
        session.check(RAN)


async def test_a_released_node_that_asks_is_stopped_before_it_and_waits_behind(
    serve: Serve,
) -> None:
    graph = build(("ask", "end"), ask=asks("ask"), end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["ask"])
        assert session.standing == ["ask"]
        assert RAN["ask"] == 0
        assert await session.step() == "waiting"
        # The step goes on behind the answer.
        assert await session.respond(1) == "paused"
        assert (session.standing, session.stop["reason"]) == (["end"], "step")
        assert RAN["ask"] == 2
        assert await session.on() == "completed"


async def test_a_step_goes_on_behind_what_the_calling_function_asks(serve: Serve) -> None:
    """The stepped task itself has ended by then."""

    @task
    async def part(number: int) -> int:
        ran("flow/part")
        return number

    @entrypoint()
    async def flow(query: str) -> Any:
        first = await part(1)
        answer = interrupt({"of": first})
        return await part(answer)

    async with serve(flow) as server, connect(server.url) as client:
        session = await debug(client, input="q")
        await session.step("into")
        assert session.standing == ["flow/part"]
        assert await session.step("into") == "waiting"
        assert await session.respond(2) == "paused"
        assert (session.standing, RAN["flow/part"]) == (["flow/part"], 1)
        assert await session.step("out") == "completed"
        assert session.result == 2


async def test_editing_as_another_node_takes_the_question_back(serve: Serve) -> None:
    graph = build(
        ("first", "ask"), ("ask", "end"), first=says("first"), ask=asks("ask"), end=says("end")
    )
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client)
        await session.on()
        assert session.status == "waiting"
        await session.edit({"said": ["instead"]}, as_node="ask")
        found = await session.call("inspect")
        assert (found["status"], found["interrupts"], found["next"]) == ("paused", [], ["end"])
        assert await session.on() == "completed"
        assert session.result["said"] == ["first", "instead", "end"]
        assert RAN == {"first": 1, "ask": 1, "end": 1}
