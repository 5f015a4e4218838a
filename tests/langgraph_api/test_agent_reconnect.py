"""`subscription.reconnect`: a client goes on over another socket. It would lose: an event, or trust in that none comes twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.langgraph_api.agent_sockets import agent_socket, is_status
from tests.langgraph_api.sdk import sdk_at
from tests.support.server_process import ServerProcess

GATED = "gated=tests/langgraph_api/graphs.py:gated"


async def reconnect(process: ServerProcess, thread: str, **params: Any) -> Any:
    """The answer over a socket of its own."""
    async with agent_socket(process, thread) as client:
        return await client.call("subscription.reconnect", **params)


async def test_each_place_is_gone_on_from_exactly(sdk: Any, served: ServerProcess) -> None:
    """Wherever a client was cut off, and with a run since that it did not see the beginning of."""
    thread = (await sdk.threads.create())["thread_id"]
    async with agent_socket(served, thread) as first:
        names = [
            await first.subscribe("lifecycle", "values"),
            await first.subscribe("tasks", namespaces=[[]], depth=0),
        ]
        started = await first.call("run.start", assistant_id="agent", input={"query": "q"})
        await first.until(is_status("interrupted"))
    run = started["result"]["run_id"]
    done = await sdk.runs.wait(thread, "agent", command={"resume": "yes"})
    assert done["answer"] == "3 trials, yes"
    async with agent_socket(served, thread) as fresh:
        await fresh.subscribe("lifecycle", "values", "tasks")
        await fresh.until(is_status("completed"))
    whole = fresh.events
    assert whole[: len(first.events)] == first.events
    for seen in range(len(whole)):
        async with agent_socket(served, thread) as again:
            answer = await again.call(
                "subscription.reconnect",
                run_id=run,
                last_event_id=whole[seen]["event_id"],
                subscriptions=names,
            )
            missed = whole[seen + 1 :]
            assert answer["result"] == {
                "restored": True,
                "missed_events": len(missed),
                "current_namespaces": [{"namespace": [], "status": "completed"}],
            }
            if missed:
                await again.until(lambda event, last=missed[-1]: event == last)
            # What comes after it came before this answer.
            await again.call("agent.getTree")
            assert again.events == missed
    assert len(whole) > 10


async def test_nothing_is_told_twice_that_the_socket_had_told(
    sdk: Any, served: ServerProcess
) -> None:
    """One that lives on is asked to restore what it has, beside a subscription that it has not."""
    thread = (await sdk.threads.create())["thread_id"]
    async with agent_socket(served, thread) as first:
        names = [await first.subscribe("values"), await first.subscribe("lifecycle")]
        started = await first.call("run.start", assistant_id="nested", input={"query": "q"})
        run = started["result"]["run_id"]
        await first.until(is_status("completed"))
    whole = first.events
    async with agent_socket(served, thread) as again:
        for _ in range(2):
            answer = await again.call("subscription.reconnect", run_id=run, subscriptions=names[1:])
        assert answer["result"]["missed_events"] == 0
        answer = await again.call("subscription.reconnect", run_id=run, subscriptions=names)
        values = [one for one in whole if one["method"] == "values"]
        assert answer["result"]["missed_events"] == len(values)
        await again.until(lambda _: set(first.ids) <= set(again.ids))
        # What comes after it came before this answer.
        await again.call("agent.getTree")
        assert sorted(again.ids) == sorted(first.ids)
        # They can be let go of by the ids that they have had all the time.
        for name in names:
            gone = await again.call("subscription.unsubscribe", subscription_id=name)
            assert gone["type"] == "success"


@pytest.mark.timeout(240)
async def test_a_run_that_goes_on_over_a_restart(tmp_path: Path) -> None:
    """The next server restores what was subscribed to at the one before it."""
    file = tmp_path / "go"
    process = ServerProcess([GATED], tmp_path / "data", settings={"shutdown_grace_seconds": 0})
    await asyncio.to_thread(process.start)
    try:
        async with sdk_at(process) as sdk:
            thread = (await sdk.threads.create())["thread_id"]
            async with agent_socket(process, thread) as first:
                name = await first.subscribe("lifecycle", "values", "tasks")
                started = await first.call(
                    "run.start", assistant_id="gated", input={"file": str(file)}
                )
                await first.until(lambda event: event["method"] == "tasks")
            await asyncio.to_thread(process.stop)
            await asyncio.to_thread(process.restart)
            async with agent_socket(process, thread) as again:
                answer = await again.call(
                    "subscription.reconnect",
                    run_id=started["result"]["run_id"],
                    last_event_id=first.ids[-1],
                    subscriptions=[name],
                )
                assert answer["result"]["restored"] is True
                file.touch()
                await again.until(is_status("completed"))
            async with agent_socket(process, thread) as fresh:
                await fresh.subscribe("lifecycle", "values", "tasks")
                await fresh.until(is_status("completed"))
            assert [*first.events, *again.events] == fresh.events
    finally:
        await asyncio.to_thread(process.close)


async def test_the_shape_that_langgraphs_server_takes(sdk: Any, served: ServerProcess) -> None:
    """What is wanted is named again, with `since`, under the id that it had."""
    thread = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(thread, "nested", input={"query": "q"})
    async with agent_socket(served, thread) as fresh:
        await fresh.subscribe("values")
        await fresh.until(lambda event: event["params"]["data"].get("answer") == "q: 1!")
    seen, *missed = fresh.events
    async with agent_socket(served, thread) as again:
        wanted = {"channels": ["values"], "since": seen["seq"], "subscription_id": "mine"}
        answer = (await again.call("subscription.reconnect", **wanted))["result"]
        assert (answer["subscription_id"], answer["replayed_events"]) == ("mine", len(missed))
        assert answer["restored"] is True
        await again.until(lambda event: event == missed[-1])
        assert again.events == missed
        gone = await again.call("subscription.unsubscribe", subscription_id="mine")
        assert gone["type"] == "success"


async def test_what_cannot_be_restored_is_said(sdk: Any, served: ServerProcess) -> None:
    """A client then subscribes anew; nothing is restored by half."""
    thread = (await sdk.threads.create())["thread_id"]
    run = (await sdk.runs.create(thread, "slow", input={"seconds": 0}))["run_id"]
    await sdk.runs.join(thread, run)
    other = (await sdk.threads.create())["thread_id"]
    async with agent_socket(served, thread) as client:
        name = await client.subscribe("lifecycle")
        await client.until(is_status("completed"))
        last = client.events[-1]["seq"] // 64
    for params in (
        {"subscriptions": [name, "never-was"]},
        {"subscriptions": [name, "x.e30"]},
        {"subscriptions": [name], "last_event_id": f"{last + 1000}-0"},
        {"subscriptions": []},
        {},
    ):
        async with agent_socket(served, thread) as client:
            answer = await client.call("subscription.reconnect", run_id=run, **params)
            result = answer["result"]
            assert (result["restored"], result["missed_events"]) == (False, 0), params
            gone = await client.call("subscription.unsubscribe", subscription_id=name)
            assert gone["error"] == "no_such_subscription"
    for params, error in (
        ({"subscriptions": [name]}, "invalid_argument"),
        ({"run_id": run, "subscriptions": name}, "invalid_argument"),
        ({"run_id": run, "subscriptions": [1]}, "invalid_argument"),
        ({"run_id": run, "subscriptions": [name], "last_event_id": "7"}, "invalid_argument"),
        ({"run_id": run, "subscriptions": [name], "last_event_id": 7}, "invalid_argument"),
        ({"channels": ["values"]}, "invalid_argument"),
        ({"channels": [["values"]], "since": 1}, "invalid_argument"),
        ({"run_id": other, "subscriptions": [name]}, "no_such_run"),
    ):
        answer = await reconnect(served, thread, **params)
        assert (answer["type"], answer["error"]) == ("error", error), (params, answer)
    # A run of another thread is none of this one's.
    answer = await reconnect(served, other, run_id=run, subscriptions=[name])
    assert answer["error"] == "no_such_run"


@pytest.fixture
async def forgetting(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server that keeps no old events."""
    settings = {
        "event_max_age_seconds": 0.001,
        "cleanup_interval_seconds": 0.1,
        "max_subscriptions": 2,
    }
    process = ServerProcess([GATED], tmp_path / "data", settings=settings)
    await asyncio.to_thread(process.start)
    yield process
    await asyncio.to_thread(process.close)


async def test_events_that_are_gone_are_not_passed_over_in_silence(
    forgetting: ServerProcess, tmp_path: Path
) -> None:
    """A client reads the state in their place."""
    (tmp_path / "go").touch()
    asked = {"file": str(tmp_path / "go")}
    async with sdk_at(forgetting) as sdk:
        thread = (await sdk.threads.create())["thread_id"]
        async with agent_socket(forgetting, thread) as client:
            name = await client.subscribe("values")
            started = await client.call("run.start", assistant_id="gated", input=asked)
            run = started["result"]["run_id"]
            await client.until(lambda event: event["params"]["data"].get("done") is True)
        full = await reconnect(
            forgetting, thread, run_id=run, subscriptions=[name, f"1{name}", f"2{name}"]
        )
        assert (full["error"], "limit" in full["message"]) == ("invalid_argument", True)
        seen = client.events[0]
        typed = {"run_id": run, "subscriptions": [name], "last_event_id": seen["event_id"]}
        async with asyncio.timeout(120):
            while (await reconnect(forgetting, thread, **typed))["result"]["restored"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        described = {"channels": ["values"], "since": seen["seq"]}
        answer = await reconnect(forgetting, thread, **described)
        assert (answer["error"], answer["since"]) == ("resume_gap", seen["seq"])
        assert answer["min_available_seq"] > seen["seq"]
