"""`debug.setState`: through the reducers, as a node, in subgraphs, and checked against the schema."""

from typing import Any

import pytest

from rpc.client import RpcError
from tests.debugging import graphs, states
from tests.debugging.drive import connect, debug, follow
from tests.debugging.graphs import RAN
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


@pytest.mark.parametrize("schema", [states.Typed, states.Model, states.Data])
async def test_edits_go_through_the_reducers_and_are_checked(serve: Serve, schema: Any) -> None:
    async with serve(states.counting(schema)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["two"])
        before = session.stop["checkpoint_id"]
        result = await session.edit({"n": 40, "said": ["edited"]})
        assert result == {"checkpoint_id": before}, "in place: the same tasks stand"
        found = await session.call("inspect")
        assert found["values"]["n"] == 40
        assert found["values"]["said"] == ["one", "edited"]
        assert found["stopped"][0]["input"]["n"] == 40
        told = session.of("debug.changed")[-1]
        assert (told["action"], told["checkpoint_id"], told["path"]) == ("set_state", before, "")
        assert told["values"] == {"n": 40, "said": ["one", "edited"]}
        assert not session.of("debug.resumed"), "nothing went on"
        for values, path, says in (
            ({"n": "many"}, "$.values.n", "integer"),
            ({"said": [1]}, "$.values.said.0", "string"),
            ({"sad": []}, "$.values.sad", "did you mean 'said'"),
            ({"other": 1}, "$.values.other", "the state has no 'other'"),
        ):
            with pytest.raises(RpcError) as refused:
                await session.call("setState", values=values)
            assert refused.value.code == -32602
            assert refused.value.path == path
            assert says in refused.value.detail
        assert await session.on() == "completed"
        assert session.result["n"] == 42
        assert session.result["said"] == ["one", "edited", "two", "three"]


async def test_two_edits_add_up_and_the_last_wins_where_nothing_reduces(serve: Serve) -> None:
    async with serve(states.counting(states.Typed)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["two"])
        with_reducer = {"said": ["x"], "n": 10}
        await session.edit(with_reducer)
        await session.edit({"said": ["y"], "n": 20})
        found = await session.values()
        assert (found["n"], found["said"]) == (20, ["one", "x", "y"])
        assert await session.on() == "completed"
        assert (session.result["n"], session.result["said"]) == (
            22,
            ["one", "x", "y", "two", "three"],
        )


async def test_a_reducer_is_passed_by_overwriting(serve: Serve) -> None:
    async with serve(states.counting(states.Typed)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["two"])
        await session.edit({"said": ["gone"]})
        await session.edit({"said": {"__overwrite__": ["new"]}})
        assert (await session.values())["said"] == ["new"]
        with pytest.raises(RpcError) as refused:
            await session.call("setState", values={"said": {"__overwrite__": [1]}})
        assert refused.value.path == "$.values.said.0"
        await session.edit({"said": ["more"]})
        assert (await session.values())["said"] == ["new", "more"]
        assert await session.on() == "completed"
        assert session.result["said"] == ["new", "more", "two", "three"]


async def test_as_a_node_makes_what_follows_it_run_next(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["b"])
        before = session.stop["checkpoint_id"]
        result = await session.edit({"said": ["instead"]}, as_node="d")
        assert result["checkpoint_id"] != before
        assert (session.status, session.standing) == ("paused", ["e"])
        assert session.stop["checkpoint_id"] == result["checkpoint_id"]
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "instead", "e", "f"]
        assert RAN == {"a": 1, "e": 1, "f": 1}
        with pytest.raises(RpcError) as refused:
            await session.call("setState", values={}, as_node="x")
        assert refused.value.type == "node_not_found"


async def test_as_the_last_node_the_session_ends(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["b"])
        await session.edit({"said": ["end"]}, as_node="f")
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "end"]


async def test_a_subgraph_s_state_is_edited_in_place_and_as_one_of_its_nodes(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y", "right/q"])
        await session.edit({"said": ["deep"]}, as_node="left/deeper/")
        assert session.standing == ["left/deeper/y", "right/q"]
        assert (await session.values(node_name="left/deeper/y"))["said"] == [
            "left/deeper/x",
            "deep",
        ]
        assert (await session.values())["said"] == ["top", "side"]
        await session.edit({"said": ["as p"]}, as_node="right/q")
        assert session.standing == ["left/deeper/y", "right"], "right has still to end"
        changed, told = session.of("debug.changed")[-1], session.of("state.checkpoint")[-1]
        assert (told["path"], told["checkpoint_id"]) == ("right", changed["checkpoint_id"])
        assert await session.on() == "completed"
        assert session.result["said"] == [
            "top", "left/w", "left/deeper/x", "deep", "left/deeper/y", "right/p", "as p", "side",
            "join",
        ]  # fmt: skip
        assert RAN["right/q"] == 0
        assert RAN["right/p"] == RAN["left/deeper/x"] == 1
        with pytest.raises(RpcError) as refused:
            await session.call("setState", values={"said": []}, as_node="left/deeper/")
        assert refused.value.type == "node_not_found", "the session is not inside it any more"


async def test_the_parent_s_state_is_edited_while_a_subgraph_stands(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y"])
        await session.edit({"said": ["from above"]})
        assert session.standing == ["left/deeper/y"]
        assert await session.on() == "completed"
        assert session.result["said"][:2] == ["top", "from above"]
        assert RAN["left/deeper/x"] == RAN["side"] == 1


async def test_an_ended_session_is_edited_and_goes_on(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        assert await session.on() == "completed"
        await session.edit({"said": ["more"]}, as_node="d")
        assert (session.status, session.standing) == ("paused", ["e"])
        assert await session.on() == "completed"
        assert session.result["said"][-3:] == ["more", "e", "f"]


async def test_messages_are_given_as_objects(serve: Serve) -> None:
    async with serve(states.chat()) as server, connect(server.url) as client:
        session = await debug(client, query="hello", breakpoints=["again"])
        message = {"role": "user", "content": "edited"}
        await session.edit({"messages": [message]})
        found = await session.values()
        assert [(one["type"], one["content"]) for one in found["messages"]] == [
            ("human", "hello"),
            ("ai", "re: hello"),
            ("human", "edited"),
        ]
        assert await session.on() == "completed"
        assert session.result["messages"][-1]["content"] == "re: edited"


async def test_a_running_session_is_not_edited(serve: Serve) -> None:
    graph, gate = graphs.gated()
    async with serve(graph) as server, connect(server.url) as client:
        log = [{"node_name": "a", "log": "-"}]
        started = await client.call("query.start", query="q", debug_mode=True, breakpoints=log)
        session = await follow(client, started["session_id"])
        await session.event("progress")
        for method, params in (
            ("setState", {"values": {"n": 1}}),
            ("rewind", {"checkpoint_id": "x"}),
            ("step", {}),
            ("continue", {}),
        ):
            with pytest.raises(RpcError) as refused:
                await session.call(method, **params)
            assert refused.value.type == "wrong_state"
        gate.set()
        assert await session.rest() == "completed"
