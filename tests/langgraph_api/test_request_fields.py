"""Fields of requests, beside those that a run cannot do without. A user would lose: what a field asks for, where it is passed over in silence."""

import asyncio
import sqlite3
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from langgraph_sdk.errors import NotFoundError, UnprocessableEntityError

from tests.langgraph_api import run_calls
from tests.support.server_process import ServerProcess

LONG = 3600
"""Seconds: longer than any test."""


async def status_of(sdk: Any, thread: str, run: str, *wanted: str) -> None:
    """Wait until the run has it."""
    async with asyncio.timeout(120):
        while (await sdk.runs.get(thread, run))["status"] not in wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def new_thread(sdk: Any, **more: Any) -> str:
    return str((await sdk.threads.create(**more))["thread_id"])


async def test_stops_after_nodes(sdk: Any) -> None:
    """`interrupt_after`: one, and all."""
    for after, stops in (
        (["deep"], [["finish"]]),
        ("*", [["finish"], []]),
        (["finish"], [[]]),
    ):
        thread = await new_thread(sdk)
        given: Any = {"query": "q"}
        for following in stops:
            await sdk.runs.wait(thread, "nested", input=given, interrupt_after=after)
            assert (await sdk.threads.get_state(thread))["next"] == following
            given = None
        done = await sdk.runs.wait(thread, "nested", input=None)
        assert done["answer"] == "q: 1!"


async def test_every_state_is_kept_whatever_durability_is_asked_for(sdk: Any) -> None:
    """`durability` and `checkpoint_during`; what is LangSmith's is taken and means nothing."""
    for more in (
        {},
        {"durability": "sync"},
        {"durability": "async"},
        {"durability": "exit"},
        {"checkpoint_during": False},
        {"langsmith_tracer": {"project_name": "p"}},
    ):
        thread = await new_thread(sdk)
        body = {"assistant_id": "nested", "input": {"query": "q"}, **more}
        done = await sdk.http.post(f"/threads/{thread}/runs/wait", json=body)
        assert done["answer"] == "q: 1!"
        history = await sdk.threads.get_history(thread, limit=100)
        assert [one["metadata"]["step"] for one in history] == [2, 1, 0, -1], more


@pytest.mark.parametrize("route", run_calls.ROUTES)
async def test_who_started_a_run_may_end_it_by_going(sdk: Any, route: str) -> None:
    """`on_disconnect`, of each way to stay until it is over."""
    for what, ends in (("cancel", "interrupted"), ("continue", "success")):
        assert (await run_calls.left(sdk, route, what))["status"] == ends


@pytest.mark.parametrize("route", run_calls.JOINED)
async def test_who_joins_may_end_the_run_by_going(sdk: Any, route: str) -> None:
    """`cancel_on_disconnect`; without it the run goes on."""
    for said, cancels in run_calls.CANCELS.items():
        ends = "interrupted" if cancels else "success"
        assert (await run_calls.left_joined(sdk, route, said))["status"] == ends


async def test_who_reads_a_threads_events_ends_nothing_by_going(sdk: Any) -> None:
    assert (await run_calls.left_events(sdk))["status"] == "success"


async def test_many_runs_are_cancelled_at_once(sdk: Any) -> None:
    """By their ids, and by their status; others are left."""
    threads = [await new_thread(sdk) for _ in range(2)]
    runs = {
        (thread, number): (await sdk.runs.create(threads[thread], "slow", input={"seconds": LONG}))[
            "run_id"
        ]
        for thread in range(2)
        for number in range(3)
    }
    for thread in range(2):
        await status_of(sdk, threads[thread], runs[thread, 0], "running")
    await sdk.runs.cancel_many(thread_id=threads[0], run_ids=[runs[0, 2]])
    await status_of(sdk, threads[0], runs[0, 2], "interrupted")
    found = {one["run_id"]: one["status"] for one in await sdk.runs.list(threads[0])}
    assert (found[runs[0, 0]], found[runs[0, 1]]) == ("running", "pending")
    await sdk.runs.cancel_many(thread_id=threads[0], status="pending")
    await status_of(sdk, threads[0], runs[0, 1], "interrupted")
    assert (await sdk.runs.get(threads[0], runs[0, 0]))["status"] == "running"
    found = {one["run_id"]: one["status"] for one in await sdk.runs.list(threads[1])}
    assert list(found.values()).count("pending") == 2
    await sdk.runs.cancel_many(status="all", thread_id=threads[1], action="rollback")
    async with asyncio.timeout(120):
        while await sdk.runs.list(threads[1]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await sdk.runs.cancel(threads[0], runs[0, 0], wait=True)


async def test_who_says_not_which_runs_cancels_none(sdk: Any) -> None:
    """A body that is empty, or names none, would take all that runs."""
    thread = (await sdk.threads.create())["thread_id"]
    run = await sdk.runs.create(thread, "slow", input={"seconds": 600})
    await status_of(sdk, thread, run["run_id"], "running")
    for body, status in (
        ({}, 422),
        ({"action": "rollback"}, 422),
        ({"thread_id": thread, "run_ids": []}, 404),
    ):
        assert (await sdk.http.client.post("/runs/cancel", json=body)).status_code == status
        assert (await sdk.runs.get(thread, run["run_id"]))["status"] == "running"
    await sdk.runs.cancel(thread, run["run_id"], wait=True)


async def test_a_run_says_what_was_asked_for_where_its_thread_is_busy(sdk: Any) -> None:
    """A front end lists those in line by it."""
    for strategy in ("reject", "interrupt", "rollback", "enqueue", None):
        thread = (await sdk.threads.create())["thread_id"]
        asked = {"input": {"seconds": 0}, "multitask_strategy": strategy}
        made = await sdk.runs.create(thread, "slow", **asked)
        assert made["multitask_strategy"] == (strategy or "enqueue")
        await sdk.runs.join(thread, made["run_id"])
        (listed,) = await sdk.runs.list(thread)
        assert listed["multitask_strategy"] == (strategy or "enqueue")


async def test_runs_that_are_not_there_cannot_be_cancelled(sdk: Any) -> None:
    """One is told so; a run that was taken back while somebody waited has nothing to tell."""
    thread = await new_thread(sdk)
    run = await sdk.runs.create(thread, "slow", input={"seconds": LONG})
    with pytest.raises(NotFoundError):
        await sdk.runs.cancel_many(thread_id=thread, run_ids=[str(uuid.uuid4())])
    where = f"/threads/{thread}/runs/{run['run_id']}/cancel"
    assert await sdk.http.post(f"{where}?wait=1&action=rollback", json=None) == {}
    with pytest.raises(NotFoundError):
        await sdk.runs.cancel_many(thread_id=thread, run_ids=[run["run_id"]])
    assert await sdk.runs.list(thread) == []


async def test_a_run_that_is_over_is_not_cancelled(sdk: Any) -> None:
    """Whoever stops it a moment too late would take the question away that was just asked."""
    for graph, given, more in (
        ("agent", {"query": "q"}, {}),
        ("agent", {"query": "q"}, {"interrupt_before": ["approve"]}),
        ("slow", {"seconds": 0}, {}),
        ("broken", {"seconds": 0}, {}),
    ):
        thread = await new_thread(sdk)
        run = (await sdk.runs.create(thread, graph, input=given, **more))["run_id"]
        await sdk.runs.join(thread, run)
        before = await sdk.threads.get(thread)
        for wait, action in ((False, "interrupt"), (True, "interrupt"), (False, "rollback")):
            # With `wait` the SDK raises as its client does.
            with pytest.raises((NotFoundError, httpx.HTTPStatusError)) as refused:
                await sdk.runs.cancel(thread, run, wait=wait, action=action)
            assert refused.value.response.status_code == 404
        with pytest.raises(NotFoundError):
            await sdk.runs.cancel_many(thread_id=thread, run_ids=[run])
        assert await sdk.threads.get(thread) == before
        if before["interrupts"]:
            await sdk.runs.wait(thread, graph, command={"resume": "yes"})
            assert (await sdk.threads.get(thread))["status"] == "idle"


async def test_lists_are_in_the_order_of_letters_whatever_their_case(sdk: Any) -> None:
    mark = {"mark": str(uuid.uuid4())}
    for name in ("b", "A", "C"):
        await sdk.assistants.create("slow", name=name, metadata=mark)
    found = await sdk.assistants.search(metadata=mark, sort_by="name", sort_order="asc")
    assert [one["name"] for one in found] == ["A", "b", "C"]


async def test_each_run_of_a_batch_waits_as_it_says(sdk: Any) -> None:
    """`after_seconds` of each entry is its own."""
    mark = str(uuid.uuid4())
    before = datetime.now(UTC)
    waits = [LONG, 1.5, None]
    made = await sdk.runs.create_batch(
        [
            {
                "assistant_id": "slow",
                "input": {"seconds": 0},
                "on_completion": "keep",
                "metadata": {"batch": mark, "number": number},
                **({} if seconds is None else {"after_seconds": seconds}),
            }
            for number, seconds in enumerate(waits)
        ]
    )
    assert [one["metadata"]["number"] for one in made] == [0, 1, 2]
    late, soon, now = made
    for one in (soon, now):
        done = await sdk.runs.join(one["thread_id"], one["run_id"])
        assert done == {"seconds": 0, "done": True}
    assert (await sdk.runs.get(late["thread_id"], late["run_id"]))["status"] == "pending"
    # Times are told in milliseconds.
    ended = (await sdk.runs.get(soon["thread_id"], soon["run_id"]))["updated_at"]
    least = timedelta(seconds=1.5, milliseconds=-1)
    assert datetime.fromisoformat(ended) - before >= least
    await sdk.runs.cancel(late["thread_id"], late["run_id"], wait=True)


async def test_a_thread_that_is_made_with_states(sdk: Any) -> None:
    """`supersteps`: as if nodes had given them."""
    steps = [
        {"updates": [{"values": {"query": "q"}, "as_node": "__start__"}]},
        {"updates": [{"values": {"found": 9, "log": ["made"]}, "as_node": "search"}]},
    ]
    thread = await new_thread(sdk, graph_id="agent", supersteps=steps)
    state = await sdk.threads.get_state(thread)
    assert (state["values"], state["next"]) == (
        {"query": "q", "found": 9, "log": ["made"]},
        ["approve"],
    )
    assert "__interrupt__" in await sdk.runs.wait(thread, "agent", input=None)
    done = await sdk.runs.wait(thread, "agent", command={"resume": "yes"})
    assert done["answer"] == "9 trials, yes"
    wrong = {"updates": [{"values": None, "as_node": "search", "command": {"goto": "approve"}}]}
    with pytest.raises(UnprocessableEntityError, match="supersteps"):
        await new_thread(sdk, graph_id="agent", supersteps=[wrong])
    for other in ([{"updates": [1]}], [{"updates": 1}]):
        with pytest.raises(UnprocessableEntityError, match="supersteps"):
            await sdk.http.post("/threads", json={"supersteps": other})


async def test_states_are_found_and_cut(sdk: Any) -> None:
    """By checkpoint, before one, by metadata; `select`, also of one value."""
    thread = await new_thread(sdk)
    await sdk.runs.wait(thread, "agent", input={"query": "q"}, metadata={"round": 1})
    await sdk.runs.wait(thread, "agent", command={"resume": "yes"}, metadata={"round": 2})
    history = await sdk.threads.get_history(thread, limit=100)
    assert [one["metadata"]["step"] for one in history] == [2, 1, 0, -1]
    second = history[1]
    by_id = await sdk.threads.get_state(thread, checkpoint_id=second["checkpoint"]["checkpoint_id"])
    by_place = await sdk.threads.get_state(thread, checkpoint=second["checkpoint"])
    for found in (by_id, by_place):
        assert (found["checkpoint"], found["values"]) == (second["checkpoint"], second["values"])
    before = await sdk.threads.get_history(thread, before=second["checkpoint"], limit=1)
    assert [one["checkpoint"] for one in before] == [history[2]["checkpoint"]]
    of_round = await sdk.threads.get_history(thread, metadata={"round": 2}, limit=100)
    assert [one["metadata"]["step"] for one in of_round] == [2]
    cut = await sdk.threads.get_history(thread, select=["next", "values.log", "values.no"])
    assert [(list(one), one["values"]) for one in cut] == [
        (["next", "values"], {"log": one["values"]["log"]} if one["values"] else {})
        for one in history
    ]
    for place in ({}, {"checkpoint": second["checkpoint"]}, {"checkpoint_id": by_id["checkpoint"]["checkpoint_id"]}):  # fmt: skip
        state = await sdk.threads.get_state(thread, select=["values.query"], **place)
        assert state == {"values": {"query": "q"}}
    whole = await sdk.threads.get_state(thread, select=["values", "values.query", "next"])
    assert whole == {"values": history[0]["values"], "next": []}
    with pytest.raises(UnprocessableEntityError, match="nothing"):
        await sdk.threads.get_state(thread, select=["nothing"])


async def test_threads_are_found_by_what_is_in_them(sdk: Any) -> None:
    """`values`, `status`, `select` and `extract`, in order, by page."""
    mark = str(uuid.uuid4())
    asks = [await new_thread(sdk, metadata={"mark": mark}) for _ in range(3)]
    for index, thread in enumerate(asks):
        await sdk.runs.wait(thread, "agent", input={"query": f"{mark} {index % 2}"})
    over = asks.pop()
    await sdk.runs.wait(over, "agent", command={"resume": "yes"})
    of_mark = {"metadata": {"mark": mark}}
    even = await sdk.threads.search(values={"query": f"{mark} 0"}, sort_order="asc", **of_mark)
    assert [one["thread_id"] for one in even] == [asks[0], over]
    waits = await sdk.threads.search(status="interrupted", **of_mark)
    assert {one["thread_id"] for one in waits} == set(asks)
    assert await sdk.threads.count(status="interrupted", **of_mark) == 2
    found = await sdk.threads.search(
        select=["thread_id"],
        extract={"said": "values.log[-1]", "none": "values.no.such"},
        sort_by="created_at",
        sort_order="asc",
        limit=2,
        offset=1,
        **of_mark,
    )
    assert found == [
        {"thread_id": asks[1], "extracted": {"said": "searched", "none": None}},
        {"thread_id": over, "extracted": {"said": "approved", "none": None}},
    ]


async def test_runs_are_listed_by_status_and_page(sdk: Any) -> None:
    thread = await new_thread(sdk)
    runs = []
    for graph_input in ({"seconds": 0}, {"seconds": 0}, {"seconds": LONG}):
        run = await sdk.runs.create(thread, "slow", input=graph_input)
        runs.append(run["run_id"])
        if graph_input["seconds"] == 0:
            await sdk.runs.join(thread, run["run_id"])
    done = await sdk.runs.list(thread, status="success", select=["run_id", "status"])
    assert done == [{"run_id": one, "status": "success"} for one in reversed(runs[:2])]
    page = await sdk.runs.list(thread, limit=1, offset=1)
    assert [one["run_id"] for one in page] == [runs[1]]
    await sdk.runs.cancel(thread, runs[2], wait=True)


async def test_an_assistant_has_its_settings_in_its_runs(sdk: Any) -> None:
    """`config` of an assistant is that of its runs; what a run says goes before."""
    made = await sdk.assistants.create(
        "slow",
        config={"tags": ["mine"], "configurable": {"tone": "dry", "size": 1}},
        description="A careful one",
    )
    id = made["assistant_id"]
    assert made["description"] == "A careful one"
    thread = await new_thread(sdk)
    run = await sdk.runs.create(
        thread, id, input={"seconds": 0}, config={"configurable": {"size": 2}}
    )
    await sdk.runs.join(thread, run["run_id"])
    config = (await sdk.runs.get(thread, run["run_id"]))["kwargs"]["config"]
    assert {name: config["configurable"][name] for name in ("tone", "size")} == {
        "tone": "dry",
        "size": 2,
    }
    assert "mine" in config["tags"]
    await sdk.assistants.delete(id, delete_threads=True)
    assert await sdk.threads.search(ids=[thread]) == []


async def test_a_reader_says_whether_a_memory_is_renewed(sdk: Any, served: ServerProcess) -> None:
    """`refresh_ttl`, of one and of many."""

    def expires() -> str | None:
        """When it does, as it is stored: a time that is renewed is written otherwise. None where it is on a database of its own."""
        file = served.data_dir / "memory.db"
        if not file.exists():
            return None
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            ((found,),) = opened.execute("SELECT expires_at FROM store WHERE prefix = 'times'")
        return str(found)

    for refresh in (True, False):
        for many in (True, False):
            await sdk.store.put_item(["times"], "k", {"v": 1}, ttl=60)
            before = expires()
            if many:
                found = await sdk.store.search_items(["times"], refresh_ttl=refresh)
                values = [one["value"] for one in found["items"]]
            else:
                one = await sdk.store.get_item(["times"], "k", refresh_ttl=refresh)
                values = [one["value"]]
            assert values == [{"v": 1}]
            assert before is None or (expires() != before) == refresh


def test_an_index_that_does_not_hold_is_told(served: ServerProcess) -> None:
    """`store.index` of `langgraph.json`."""
    (told,) = served.wait_for("`store.index` of langgraph.json")
    assert "memory_embedding" in told


async def test_a_list_of_stream_modes_that_is_none_is_refused(sdk: Any) -> None:
    """Both SDKs send a list of them as JSON in the query of a run that is joined; in a body a text is one mode."""
    thread = await new_thread(sdk)
    run = (await sdk.runs.create(thread, "slow", input={"seconds": 0}))["run_id"]
    http = sdk.http.client
    for given, status in (
        ("[", 422),
        ("[]", 200),
        ('["no"]', 422),
        ("[1]", 422),
        ('["values"]', 200),
    ):
        joined = await http.get(
            f"/threads/{thread}/runs/{run}/stream", params={"stream_mode": given}
        )
        assert (given, joined.status_code) == (given, status)
        body = {"assistant_id": "slow", "input": {"seconds": 0}, "stream_mode": given}
        assert (await http.post("/runs/stream", json=body)).status_code == 422


async def test_messages_say_the_tags_of_who_speaks(sdk: Any) -> None:
    """By them a page shows one model's tokens and not another's."""
    asked = {"input": {"messages": [{"role": "user", "content": "hi", "id": "u"}]}}
    for tags in (["writes", "loud"], None):
        config = {} if tags is None else {"config": {"tags": tags}}
        seen: dict[str, list[Any]] = {"messages": [], "messages/metadata": []}
        async for part in sdk.runs.stream(
            None, "chat", stream_mode=["messages-tuple"], **asked, **config
        ):
            if part.event == "messages":
                seen[part.event].append(part.data[1].get("tags"))
        async for part in sdk.runs.stream(
            None, "chat", stream_mode=["messages"], **asked, **config
        ):
            if part.event == "messages/metadata":
                seen[part.event] += [one["metadata"].get("tags") for one in part.data.values()]
        for found in seen.values():
            assert found
            assert {None if one is None else tuple(sorted(one)) for one in found} == {
                None if tags is None else ("loud", "writes")
            }


async def test_a_config_whose_parts_are_none_is_refused(sdk: Any) -> None:
    http = sdk.http.client
    for name in ("configurable", "metadata"):
        for wrong in (3, "x", [1]):
            config = {"config": {name: wrong}}
            body = {"assistant_id": "slow", "input": {"seconds": 0}, **config}
            answer = await http.post("/runs/wait", json=body)
            assert (answer.status_code, answer.json()["path"]) == (422, f"$.config.{name}")
            answer = await http.post("/assistants", json={"graph_id": "slow", **config})
            assert (answer.status_code, answer.json()["path"]) == (422, f"$.config.{name}")
