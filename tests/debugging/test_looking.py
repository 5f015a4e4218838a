"""What `debug.inspect` and `debug.history` show, of a session that stands, has ended, or stood elsewhere."""

from collections import Counter, defaultdict
from typing import Any, TypedDict

import numpy
import pytest
from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.types import Send, interrupt

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import connect, debug, run
from tests.debugging.graphs import RAN, build, says
from tests.support.in_process import Serve

ARRAY = {
    "$array": {
        "type": "numpy.ndarray",
        "dtype": "int64",
        "shape": [2, 2],
        "data": [[0, 1], [2, 3]],
    }
}


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def test_values_next_tasks_updates_and_sizes(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y", "q"])
        found = await session.call("inspect")
        assert (found["status"], found["path"]) == ("paused", "")
        assert found["checkpoint_id"] == session.stop["checkpoint_id"]
        # What has ended of this superstep shows already.
        assert found["values"] == {"query": "q", "said": ["top", "side"]}
        assert found["sizes"] == {"query": 3, "said": 14}
        assert sorted(found["next"]) == ["left", "right"]
        tasks = {task["path"]: task for task in found["tasks"]}
        assert {path: task["status"] for path, task in tasks.items()} == {
            "left": "pending",
            "left/deeper": "pending",
            "left/deeper/y": "stopped",
            "right": "pending",
            "right/q": "stopped",
            "side": "finished",
        }
        assert tasks["left/deeper/y"]["input"] == {"query": "q", "said": ["left/deeper/x"]}
        assert tasks["left/deeper/y"]["reason"] == "breakpoint"
        updates = {one["path"]: one["update"] for one in found["updates"]}
        assert updates["top"] == {"said": ["top"]}
        assert updates["side"] == {"said": ["side"]}
        assert updates["left/w"] == {"said": ["left/w"]}
        assert updates["left/deeper/x"] == {"said": ["left/deeper/x"]}
        assert [task["path"] for task in found["stopped"]] == [
            task["path"] for task in session.stop["tasks"]
        ]


async def test_a_node_or_a_task_shows_its_own_graph(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y", "q"])
        by_node = await session.call("inspect", node_name="right/q")
        assert by_node["path"] == "right"
        assert by_node["values"] == {"query": "q", "said": ["right/p"]}
        assert by_node["next"] == ["q"]
        assert [task["path"] for task in by_node["tasks"]] == ["right/q"]
        by_task = await session.call("inspect", task_id=session.task("left/deeper/y"))
        assert by_task["path"] == "left/deeper"
        assert by_task["values"]["said"] == ["left/deeper/x"]
        with pytest.raises(RpcError) as refused:
            await session.call("inspect", task_id="nothing")
        assert refused.value.type == "node_not_found"


async def test_each_task_of_a_fan_out_has_its_own_input_also_after_going_back(serve: Serve) -> None:
    async with serve(graphs.fan_out(20)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["work"])
        found = await session.call("inspect")
        assert sorted(task["input"]["item"] for task in found["tasks"]) == list(range(20))
        here = found["checkpoint_id"]
        assert await session.on() == "completed"
        then = await session.call("inspect", checkpoint_id=here)
        assert sorted(task["input"]["item"] for task in then["tasks"]) == list(range(20))
        await session.rewind(here)
        assert sorted(task["input"]["item"] for task in session.stop["tasks"]) == list(range(20))
        (third,) = [t["task_id"] for t in session.stop["tasks"] if t["input"]["item"] == 3]
        await session.step(task_id=third)
        assert RAN["work 3"] == 2
        assert RAN["work 4"] == 1


async def test_tasks_that_a_function_calls_are_listed_while_they_stand(serve: Serve) -> None:
    async with serve(graphs.functional()) as server, connect(server.url) as client:
        session = await debug(client, input="q", breakpoints=["second"])
        found = await session.call("inspect", task_id=session.task("flow/second"))
        (task,) = found["tasks"]
        assert (task["path"], task["status"]) == ("flow/second", "stopped")
        assert "1q" in str(task["input"])


async def test_large_values_are_cut_and_fetched_by_path(serve: Serve) -> None:
    async def large(state: Any) -> Any:
        return {"said": ["x" * 100_000, "short"], "n": 7}

    graph = build(("large", "end"), large=large, end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["end"])
        found = await session.call("inspect")
        cut = {"type": "string", "length": 100_000, "bytes": 100_002, "beginning": "x" * 160}
        assert found["values"]["said"] == [{"$cut": cut}, "short"]
        assert found["values"]["n"] == 7
        assert found["sizes"]["said"] == 100_002 + len('[,"short"]')
        assert session.stop["tasks"][0]["input"]["said"][0]["$cut"]["bytes"] == 100_002
        (update,) = [one for one in found["updates"] if one["path"] == "large"]
        assert "$cut" in update["update"]["said"][0]
        whole = await session.call("inspect", value_path="/said/0")
        assert whole["values"] == "x" * 100_000
        assert whole["page"] == {
            "type": "string",
            "length": 100_000,
            "start": 0,
            "next_start": None,
        }
        assert await session.values(value_path="/said/1") == "short"
        assert (await session.values(value_path=""))["n"] == 7
        for path in ("/said/2", "/nothing", "/said/x", "/n/0"):
            with pytest.raises(RpcError) as refused:
                await session.call("inspect", value_path=path)
            assert refused.value.path == "$.value_path"


async def test_a_wide_value_is_cut_too(serve: Serve) -> None:
    async def wide(state: Any) -> Any:
        return {"said": [f"{number:050}" for number in range(5_000)]}

    graph = build(("wide", "end"), wide=wide, end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["end"])
        shown = (await session.values())["said"]["$cut"]
        assert len(str(shown)) < 40_000
        assert (shown["type"], shown["length"]) == ("array", 5_000)
        assert shown["beginning"][:2] == [f"{0:050}", f"{1:050}"]
        assert shown["bytes"] == 5_000 * 53 + 1
        assert len(await pages(session, "/said")) == 5_000


async def pages(session: Any, path: str, count: int | None = None) -> Any:
    """All of a value, page by page."""
    start: int | None = 0
    whole: Any = None
    while start is not None:
        found = await session.call("inspect", value_path=path, start=start, count=count)
        assert len(str(found)) < 512 * 1024
        part = found["values"]
        whole = part if whole is None else whole | part if isinstance(whole, dict) else whole + part
        assert found["page"]["start"] == start
        start = found["page"]["next_start"]
    assert len(whole) == found["page"]["length"]
    return whole


class Long:
    """An object that only its repr tells of."""

    def __repr__(self) -> str:
        return "".join(map(str, range(200_000)))


async def test_the_whole_repr_of_an_object_is_reached_from_its_event(serve: Serve) -> None:
    """Nobody who looks at an object ends at its 500th character."""

    async def writes(state: Any) -> Any:
        get_stream_writer()(Long())
        return {}

    async with (
        serve(build(state=Odd, writes=writes)) as server,
        connect(server.url) as client,
    ):
        session = await run(client)
        data = session.of("progress")[0]["data"]
        assert data["$object"]["type"] == f"{__name__}.Long"
        assert data["$object"]["repr"]["$cut"]["length"] == len(repr(Long()))
        assert await client.client.whole(session.id, data) == {
            "$object": {"type": f"{__name__}.Long", "repr": repr(Long())}
        }


async def test_everything_is_reached_page_by_page(serve: Serve) -> None:
    """Of 3,000 keys 512 were shown, and nothing said so; a value of 50 MB came in one answer."""
    keys = {f"key {number}": number for number in range(3_000)}
    text = "".join(map(chr, range(32, 0x3000))) * 50
    rows = [{"at": number, "text": "z" * 700} for number in range(1_000)]

    async def large(state: Any) -> Any:
        return {"anything": {"keys": keys, "text": text, "rows": rows, "few": [1, "2", None]}}

    async def end(state: Any) -> Any:
        return {}

    graph = build(("large", "end"), state=Odd, large=large, end=end)
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["end"])
        shown = (await session.values())["anything"]
        told = {name: shown[name]["$cut"] for name in ("keys", "text", "rows")}
        assert {name: (one["type"], one["length"]) for name, one in told.items()} == {
            "keys": ("object", 3_000),
            "text": ("string", len(text)),
            "rows": ("array", 1_000),
        }
        assert list(told["keys"]["beginning"].items())[:2] == [("key 0", 0), ("key 1", 1)]
        assert text.startswith(told["text"]["beginning"])
        assert told["rows"]["beginning"][0]["$cut"]["beginning"] == {"at": 0}
        assert shown["few"] == [1, "2", None]
        assert await pages(session, "/anything/keys", 700) == keys
        assert await pages(session, "/anything/text", 100_000) == text
        assert await pages(session, "/anything/text") == text
        assert await pages(session, "/anything/rows") == rows
        found = await session.call("inspect", value_path="/anything/rows", start=990, count=3)
        assert found["values"] == rows[990:993]
        assert found["page"]["next_start"] == 993
        past = await session.call("inspect", value_path="/anything/rows", start=5_000)
        assert (past["values"], past["page"]["next_start"]) == ([], None)
        number = await session.call("inspect", value_path="/anything/rows/7/at")
        assert (number["values"], number["page"]["type"]) == (7, "number")
        for params, path in (
            ({"value_path": "anything"}, "$.value_path"),
            ({"value_path": "/anything/rows/-1"}, "$.value_path"),
            ({"start": -1}, "$.start"),
            ({"count": 0}, "$.count"),
        ):
            with pytest.raises(RpcError) as refused:
                await session.call("inspect", **params)
            assert refused.value.path == path


class Odd(TypedDict, total=False):
    """Anything."""

    query: str
    anything: Any


class Keyed(dict[str, Any]):
    """A dict that is made in another way than dicts are."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(one=one, other=other)


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda: {"g": defaultdict(list, a=[1])}, {"g": {"a": [1]}}),
        (lambda: memoryview(b"abc"), {"$bytes": "YWJj"}),
        (lambda: Counter([("a", 2)]), {"('a', 2)": 1}),
        (lambda: Keyed(1, 2), {"one": 1, "other": 2}),
        (lambda: {1: "one", "1": "text"}, {"1": "text", "1 (int)": "one"}),
        (lambda: 2**80, {"$object": {"type": "builtins.int", "repr": str(2**80)}}),
        (lambda: numpy.arange(4).reshape(2, 2), ARRAY),
        (lambda: Uncopied(), {"$object": {"type": f"{__name__}.Uncopied", "repr": "uncopied"}}),
        (lambda: (one for one in ()), None),
    ],
)
async def test_a_question_may_hold_anything(serve: Serve, make: Any, shown: Any) -> None:
    """A sibling ends beside it, so that LangGraph tells of both in callbacks of its own."""

    async def ask(state: Any) -> Any:
        return {"anything": interrupt(make())}

    async def other(state: Any) -> Any:
        return {"query": "told"}

    graph = build(state=Odd, ask=ask, other=other)
    async with serve(graph) as server, connect(server.url) as client:
        session = await run(client)
        assert session.status == "waiting"
        (asked,) = session.of("input.requested")
        if shown is None:
            assert asked["value"]["$object"]["type"] == "builtins.generator"
        else:
            assert asked["value"] == shown
        assert await session.respond("answered") == "completed"
        assert session.result == {"query": "told", "anything": "answered"}


@pytest.mark.parametrize("debug_mode", [False, True])
@pytest.mark.parametrize(("asking", "size"), [(1, 3_000_000), (60, 20_000)])
async def test_large_questions_are_cut_and_had_whole(
    serve: Serve, asking: int, size: int, debug_mode: bool
) -> None:
    """One, or many together, that are larger than an answer may be."""

    async def ask(state: Any) -> Any:
        return {"said": [interrupt({"of": state["query"], "text": state["query"][0] * size})]}

    def each(state: Any) -> list[Send]:
        return [Send("ask", {"query": f"{number:02}"}) for number in range(asking)]

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(graphs.State)
    builder.add_node("ask", ask)
    builder.add_conditional_edges(START, each, ["ask"])
    async with serve(builder.compile()) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        if debug_mode:
            await session.on()
        assert session.status == "waiting"
        found = await session.call("inspect")
        assert len(found["interrupts"]) == asking
        for one in (found["interrupts"][0], found["interrupts"][-1]):
            assert "$cut" in str(one["value"])
            whole = await client.client.whole(session.id, one["value"])
            assert whole["text"] == whole["of"][0] * size
        answers = {one["interrupt_id"]: "answered" for one in found["interrupts"]}
        after = session.seq
        await client.call("query.respond", session_id=session.id, answers=answers)
        assert await session.rest(after=after) == "completed"
        assert session.result["said"] == ["answered"] * asking


async def test_a_large_error_leaves_the_session_to_be_looked_at(serve: Serve) -> None:
    """In debug mode it stands at the node that raised, without it has failed."""

    async def fail(state: Any) -> Any:
        raise RuntimeError("too long " * 300_000)

    async with serve(build(fail=fail)) as server, connect(server.url) as client:
        for session in (await run(client), await debug(client)):
            if session.status == "paused":
                assert await session.on() == "paused"
            found = await session.call("inspect")
            (task,) = found["tasks"]
            said = task["error"] or found["stopped"][0]["detail"]
            assert "too long too long" in said
            assert "node.failed" in said
            assert len(said) < 8192
            assert await session.call("history")


class Uncopied:
    """What can be neither copied nor stored."""

    def __deepcopy__(self, memo: Any) -> Any:
        raise RuntimeError("no copies")

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise RuntimeError("no pickles")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no comparing")

    def __repr__(self) -> str:
        return "uncopied"


async def test_finished_sessions_and_any_checkpoint(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        assert await session.on() == "completed"
        found = await session.call("inspect")
        assert (found["status"], found["next"], found["stopped"]) == ("completed", [], [])
        assert found["values"]["said"] == ["a", "b", "c", "d", "e", "f"]
        checkpoints = (await session.call("history"))["checkpoints"]
        assert [one["current"] for one in checkpoints] == [True] + [False] * (len(checkpoints) - 1)
        for one in checkpoints:
            then = await session.call("inspect", checkpoint_id=one["checkpoint_id"])
            assert then["next"] == one["next"]
            said = then["values"].get("said", [])
            assert len(said) == max(0, one["step"])
        with pytest.raises(RpcError) as refused:
            await session.call("inspect", checkpoint_id="0" * 36)
        assert refused.value.type == "checkpoint_not_found"


async def test_history_is_paged_newest_first(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        await session.on()
        whole = (await session.call("history"))["checkpoints"]
        assert [one["step"] for one in whole] == [6, 5, 4, 3, 2, 1, 0, -1]
        assert {one["run_id"] for one in whole} == {session.of("query.result")[0]["run_id"]}
        assert [one["parent_checkpoint_id"] for one in whole[:-1]] == [
            one["checkpoint_id"] for one in whole[1:]
        ]
        pages = []
        before: dict[str, Any] = {}
        while page := (await session.call("history", limit=3, **before))["checkpoints"]:
            pages += page
            before = {"before": page[-1]["checkpoint_id"]}
        assert pages == whole
        announced = {one["checkpoint_id"] for one in session.of("state.checkpoint")}
        assert announced == {one["checkpoint_id"] for one in whole}


async def test_looking_at_a_session_that_is_not_debugged_changes_nothing(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await run(client)
        assert session.status == "completed"
        before, seen = await client.call("session.get", session_id=session.id), len(session.events)
        assert (await session.values())["said"] == ["a", "b", "c", "d", "e", "f"]
        assert len((await session.call("history"))["checkpoints"]) == 8
        assert (await session.call("breakpoints"))["breakpoints"] == []
        assert await client.call("session.get", session_id=session.id) == before
        assert len(session.events) == seen
        again = await client.call("query.start", query="q", session_id=session.id)
        assert again["run_id"]
        assert await session.rest(after=seen) == "completed", "no stop at its entry"
