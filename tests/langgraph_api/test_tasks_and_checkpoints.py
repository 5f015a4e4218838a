"""What streams tell of tasks and checkpoints. A user would lose: what a task was given, or where a state is that is to be gone back to."""

from typing import Any

import pytest
from langgraph_sdk.errors import NotFoundError

Part = tuple[str, Any]


async def streamed(sdk: Any, thread: str, graph: str, **asked: Any) -> list[Part]:
    """The parts of a run but its first, places without ids."""
    stream = sdk.runs.stream(thread, graph, **asked)
    parts = [(one.event, one.data) async for one in stream]
    return [(name.partition(":")[0], data) for name, data in parts[1:]]


async def new_thread(sdk: Any) -> str:
    return str((await sdk.threads.create())["thread_id"])


def begun(parts: list[Part]) -> list[Any]:
    """Each task that was begun, and what it was given."""
    return [[name, one["name"], one["input"]] for name, one in parts if "triggers" in one]


def asking(parts: list[Part]) -> list[Any]:
    """Each task that asks, or inside of which is asked, in their order."""
    return [
        [name, one["name"], [asked["value"] for asked in one["interrupts"]]]
        for name, one in parts
        if one.get("interrupts")
    ]


async def test_a_function_and_what_it_calls_are_told_with_what_they_were_given(sdk: Any) -> None:
    """Also of a run that goes on from another's."""
    thread = await new_thread(sdk)
    given = {"number": 2, "ask": True}
    parts = await streamed(sdk, thread, "doubled", input=given, stream_mode="tasks")
    assert begun(parts) == [["tasks", "doubled", given], ["tasks", "twice", [[2], {}]]]
    assert asking(parts) == [["tasks", "doubled", [{"made": 4}]]]
    answer = {"resume": "yes"}
    parts = await streamed(sdk, thread, "doubled", command=answer, stream_mode="tasks")
    assert begun(parts) == [["tasks", "doubled", given]]


@pytest.mark.parametrize("subgraphs", [True, False])
async def test_who_holds_a_task_that_asks_is_told_to_ask(sdk: Any, subgraphs: bool) -> None:
    """Also where nothing of the subgraph is told."""
    thread = await new_thread(sdk)
    inside = {"stream_mode": "tasks", "stream_subgraphs": subgraphs}
    parts = await streamed(sdk, thread, "careful", input={"log": ["x"]}, **inside)
    own = [["tasks|inside", "ask", ["Sure?"]]] if subgraphs else []
    assert asking(parts) == [*own, ["tasks", "inside", ["Sure?"]]]
    parts = await streamed(sdk, thread, "careful", command={"resume": "yes"}, **inside)
    assert asking(parts) == []
    if subgraphs:
        assert ["tasks|inside", "ask", {"log": ["x", "careful 36"]}] in begun(parts)


async def test_a_subgraphs_checkpoints_say_below_which_they_are(sdk: Any) -> None:
    """So that a client comes to a state inside from the part alone; a run that goes on begins with those it goes on from."""
    thread = await new_thread(sdk)
    inside = {"stream_mode": "checkpoints", "stream_subgraphs": True}
    parts = await streamed(sdk, thread, "careful", input={"log": ["x"]}, **inside)
    top = [one["checkpoint"]["checkpoint_id"] for name, one in parts if name == "checkpoints"]
    below = [one for name, one in parts if name == "checkpoints|inside"]
    assert len(below) == 3
    for one in below:
        place = one["checkpoint"]
        assert one["metadata"]["parents"] == {"": top[-1]}
        assert place["checkpoint_map"] == {
            "": top[-1],
            place["checkpoint_ns"]: place["checkpoint_id"],
        }
        found = await sdk.threads.get_state(thread, checkpoint=place)
        assert found["values"] == one["values"]
        assert found["metadata"]["checkpoint_ns"] == place["checkpoint_ns"]
        assert found["metadata"]["checkpoint_map"] == {"": top[-1]}
    parts = await streamed(sdk, thread, "careful", command={"resume": "yes"}, **inside)
    (_, first), (where, second), *_ = parts
    assert first["checkpoint"]["checkpoint_id"] == top[-1]
    assert [one["name"] for one in first["tasks"]] == ["inside"]
    assert where == "checkpoints|inside"
    assert second["checkpoint"] == below[-1]["checkpoint"]
    assert second["tasks"][0]["interrupts"][0]["value"] == "Sure?"


async def test_tasks_that_were_sent_are_told_with_what_they_were_given(sdk: Any) -> None:
    """Those of a graph, and those of a command, which its thread's state has not; also to who reads the run when others have gone on from there."""
    inside = {"stream_mode": "tasks", "stream_subgraphs": True}
    topics = [f"topic {number}" for number in range(30)]
    parts = await streamed(sdk, await new_thread(sdk), "spread", input={"topics": topics}, **inside)
    sent = [one for _, name, one in begun(parts) if name == "look"]
    assert sorted(one["topic"] for one in sent) == sorted(topics)
    thread = await new_thread(sdk)
    await sdk.runs.wait(thread, "agent", input={"query": "q"})
    send = {"node": "search", "input": {"query": "sent"}}
    asked = {"command": {"goto": send}, "stream_mode": "tasks"}
    parts = await streamed(sdk, thread, "agent", **asked)
    assert ["tasks", "search", {"query": "sent"}] in begun(parts)
    newest = (await sdk.runs.list(thread))[0]["run_id"]
    await sdk.runs.wait(thread, "agent", command={"resume": "yes"})
    joined = sdk.runs.join_stream(thread, newest, stream_mode="tasks", last_event_id="-1")
    again = [(one.event, one.data) async for one in joined]
    assert begun(again) == begun(parts)


async def test_tasks_that_come_next_have_the_ids_that_they_run_under(sdk: Any) -> None:
    """A client knows each by it from the moment that it is due, at every depth, and where its subgraph's states will be."""
    inside = {"stream_mode": ["tasks", "checkpoints"], "stream_subgraphs": True}
    for graph, given in (("spread", {"topics": ["a", "b"]}), ("doubled", {"number": 2})):
        thread = await new_thread(sdk)
        parts = await streamed(sdk, thread, graph, input=given, **inside)
        ran = {one["id"]: one["name"] for _, one in parts if "triggers" in one}
        due = {one["id"]: one for _, data in parts if "next" in data for one in data["tasks"]}
        calls = {id for id, name in ran.items() if name == "twice"}
        assert {id: one["name"] for id, one in due.items()} == {
            id: name for id, name in ran.items() if id not in calls
        }
        for id, one in due.items():
            where = {"thread_id": thread, "checkpoint_ns": f"{one['name']}:{id}"}
            assert one["state"] == ({"configurable": where} if one["name"] == "inside" else None)
            assert one["interrupts"] == []


async def test_a_function_that_is_answered_begins_without_a_value(sdk: Any) -> None:
    """It has given out nothing yet, and says so as a graph says its state."""
    thread = await new_thread(sdk)
    await sdk.runs.wait(thread, "doubled", input={"number": 2, "ask": True})
    asked = {"command": {"resume": "yes"}, "stream_mode": "values"}
    parts = await streamed(sdk, thread, "doubled", **asked)
    assert parts == [("values", None), ("values", {"made": 4, "said": "yes"})]


async def test_a_run_from_an_earlier_state_begins_with_that(sdk: Any) -> None:
    """And its tasks are told with what it has: not with what its thread came to since. Also where nothing comes after it."""
    thread = await new_thread(sdk)
    await sdk.runs.wait(thread, "nested", input={"query": "q"})
    states = await sdk.threads.get_history(thread)
    await sdk.runs.wait(thread, "nested", input={"query": "other"})
    for state in states:
        place = state["checkpoint_id"]
        parts = await streamed(
            sdk, thread, "nested", input=None, checkpoint_id=place, stream_mode=["values", "tasks"]
        )
        values = [data for name, data in parts if name == "values"]
        assert values[0] == state["values"]
        assert values[-1] == {"query": "q", "found": 1, "answer": "q: 1!"}
        given = [data for _, _, data in begun(parts)]
        assert all(one["query"] == "q" for one in given)
        ran = [name for _, name, _ in begun(parts)]
        after = {"deep": ["deep", "finish"], "finish": ["finish"], "__start__": ["deep", "finish"]}
        assert ran == (after[state["next"][0]] if state["next"] else [])


async def test_a_run_that_has_nothing_to_do_tells_its_state(sdk: Any) -> None:
    """A client that waits for values has them."""
    thread = await new_thread(sdk)
    done = await sdk.runs.wait(thread, "nested", input={"query": "q"})
    parts = await streamed(sdk, thread, "nested", input=None, stream_mode="values")
    assert parts == [("values", done)]


async def test_versions_that_are_not_there(sdk: Any) -> None:
    made = await sdk.assistants.create("slow", metadata={"x": 1})
    id = made["assistant_id"]
    for call in (
        sdk.assistants.set_latest(id, 7),
        sdk.assistants.get_versions(id, metadata={"x": 2}),
        sdk.assistants.get_versions(id, offset=1),
    ):
        with pytest.raises(NotFoundError):
            await call
    assert len(await sdk.assistants.get_versions(id, metadata={"x": 1})) == 1


async def test_a_run_that_was_to_begin_earlier_begins_now(sdk: Any) -> None:
    done = await sdk.runs.wait(None, "slow", input={"seconds": 0}, after_seconds=-3)
    assert done == {"seconds": 0, "done": True}


async def test_a_run_that_stops_says_that_nobody_asks(sdk: Any) -> None:
    """As the last of its updates: a client that knows breakpoints by it shows none otherwise."""
    for stop, last in (
        ({"interrupt_before": ["finish"]}, {"__interrupt__": []}),
        ({"interrupt_after": "*"}, {"__interrupt__": []}),
        ({}, {"finish": {"answer": "q: 1!"}}),
    ):
        thread = await new_thread(sdk)
        asked = {"input": {"query": "q"}, "stream_mode": "updates", **stop}
        parts = await streamed(sdk, thread, "nested", **asked)
        assert parts[-1] == ("updates", last)
        (run,) = await sdk.runs.list(thread)
        assert run["kwargs"]["interrupt_after"] == stop.get("interrupt_after")
