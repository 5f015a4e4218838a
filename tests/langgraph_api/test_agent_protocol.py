"""The agent streaming protocol, as LangGraph's SDK speaks it: over Server-Sent Events and over a WebSocket."""

import asyncio
from typing import Any

import pytest
import websockets
from msgspec import json

from rpc.transports.langgraph.subscriptions import begins, subscription
from tests.support.server_process import ServerProcess


@pytest.mark.parametrize("transport", ["sse", "websocket"])
async def test_a_run_asks_and_is_answered(sdk: Any, transport: Any) -> None:
    async with asyncio.timeout(120):
        async with sdk.threads.stream(assistant_id="helper", transport=transport) as thread:
            said: list[Any] = []

            async def read() -> None:
                said.extend([message async for message in thread.messages])

            reading = asyncio.create_task(read())
            await thread.run.start(input={"messages": [{"role": "user", "content": "hi"}]})
            while not thread.interrupted:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            (asked,) = thread.interrupts
            assert asked["value"]["action_requests"][0]["name"] == "book"
            await reading
            assert [str(await one.text) for one in said] == ["shall I book the room for you"]
            await thread.run.respond({"decisions": [{"type": "approve"}]})
            done = await thread.output
    assert done["booked"] is True


@pytest.mark.parametrize("transport", ["sse", "websocket"])
async def test_values_and_what_fails(sdk: Any, transport: Any) -> None:
    async with asyncio.timeout(120):
        async with sdk.threads.stream(assistant_id="nested", transport=transport) as thread:
            await thread.run.start(input={"query": "q"})
            values = [one async for one in thread.values]
            assert values[-1] == {"query": "q", "found": 1, "answer": "q: 1!"}
        async with sdk.threads.stream(assistant_id="broken", transport=transport) as thread:
            await thread.run.start(input={"seconds": 0})
            with pytest.raises(Exception, match="wrong"):
                await thread.output


@pytest.mark.parametrize("transport", ["sse", "websocket"])
async def test_calls_of_tools(sdk: Any, transport: Any) -> None:
    """With what they were given, said meanwhile, and returned; one that fails says why."""
    async with asyncio.timeout(120):
        async with sdk.threads.stream(assistant_id="clerk", transport=transport) as thread:
            calls: list[Any] = []

            async def read() -> None:
                # Each is filled while the next ones are read.
                calls.extend([call async for call in thread.tool_calls])

            reading = asyncio.create_task(read())
            await thread.run.start(input={"messages": [{"role": "user", "content": "hi"}]})
            await thread.output
            await reading
            found, failed = calls
            assert (found.name, found.input) == ("look_up", {"room": 7})
            assert [one async for one in found.deltas] == ["asking the desk"]
            assert (await found.output)["content"] == "room 7 is free"
            assert (failed.name, failed.input) == ("reserve", {"room": 7})
            with pytest.raises(RuntimeError, match="room 7 is taken"):
                await failed.output


async def test_a_socket_that_comes_back(sdk: Any, served: ServerProcess) -> None:
    """What was missed is told, once; `since` and namespaces leave out the rest."""
    thread = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(thread, "nested", input={"query": "q"})
    url = f"ws://127.0.0.1:{served.port}/threads/{thread}/stream/events"

    async def told(params: dict[str, Any]) -> list[dict[str, Any]]:
        async with websockets.connect(url, proxy=None) as socket:
            command = {"id": 1, "method": "subscription.subscribe", "params": params}
            await socket.send(json.encode(command).decode())
            events: list[dict[str, Any]] = []
            while not events or events[-1]["params"]["data"].get("event") != "completed":
                message = json.decode(await asyncio.wait_for(socket.recv(), 60))
                if message["type"] == "event":
                    events.append(message)
            return events

    whole = await told({"channels": ["lifecycle", "values"]})
    again = await told({"channels": ["lifecycle", "values"], "since": whole[2]["seq"]})
    assert again[0] == whole[3]
    assert len({one["event_id"] for one in whole}) == len(whole)
    inside = await told({"channels": ["lifecycle", "values"], "namespaces": [["deep"]]})
    assert {one["params"]["namespace"][0].partition(":")[0] for one in inside} == {"deep"}


async def test_a_subgraph_inside_of_which_is_asked_stops_and_goes_on(
    sdk: Any, served: ServerProcess
) -> None:
    """A front end that shows who works would show it at work for as long as nobody answers; so would one that reads it all later."""
    thread = (await sdk.threads.create())["thread_id"]
    url = f"ws://127.0.0.1:{served.port}/threads/{thread}/stream/events"

    async def told(socket: Any, last: str) -> list[list[str]]:
        subscribed = {"id": 1, "method": "subscription.subscribe"}
        params = {"channels": ["lifecycle"]}
        await socket.send(json.encode({**subscribed, "params": params}).decode())
        found: list[list[str]] = []
        while not found or found[-1] != ["", last]:
            message = json.decode(await asyncio.wait_for(socket.recv(), 60))
            if message["type"] == "event":
                place = "|".join(message["params"]["namespace"]).partition(":")[0]
                found.append([place, message["params"]["data"]["event"]])
        return found

    asked = [["", "running"], ["inside", "started"], ["inside", "interrupted"], ["", "interrupted"]]
    await sdk.runs.wait(thread, "careful", input={"log": ["x"]})
    async with websockets.connect(url, proxy=None) as socket:
        assert await told(socket, "interrupted") == asked
    await sdk.runs.wait(thread, "careful", command={"resume": "yes"})
    went_on = [["", "running"], ["inside", "started"], ["inside", "completed"], ["", "completed"]]
    async with websockets.connect(url, proxy=None) as socket:
        assert await told(socket, "completed") == [*asked, *went_on]


async def test_what_is_refused(served: ServerProcess) -> None:
    url = f"ws://127.0.0.1:{served.port}/threads/0199e0c2-a4b6-7d10-8000-00000000aaaa/stream/events"
    async with websockets.connect(url, proxy=None) as socket:
        for sent, error in (
            ("{", "invalid_argument"),
            ("{}", "invalid_argument"),
            ('{"id": 1, "method": "nope"}', "unknown_command"),
            (
                '{"id": 1, "method": "subscription.subscribe", "params": {"channels": ["x"]}}',
                "invalid_argument",
            ),
            (
                '{"id": 1, "method": "subscription.unsubscribe", "params": {}}',
                "no_such_subscription",
            ),
            (
                '{"id": 1, "method": "input.respond", "params": {"interrupt_id": "x"}}',
                "no_such_interrupt",
            ),
        ):
            await socket.send(sent)
            answer = json.decode(await asyncio.wait_for(socket.recv(), 60))
            assert (answer["type"], answer["error"]) == ("error", error)


async def test_a_late_subscription_is_shown_what_is_kept_no_more(
    served: ServerProcess, sdk: Any
) -> None:
    """A socket keeps little of what it told; who subscribes later sees all of it, as who was there from the start."""
    thread = (await sdk.threads.create())["thread_id"]
    url = f"ws://127.0.0.1:{served.port}/threads/{thread}/stream/events"
    ask = {"assistant_id": "agent", "input": {"query": "x" * 400_000}}

    async def send(socket: Any, number: int, method: str, params: Any) -> None:
        command = {"id": number, "method": method, "params": params}
        await socket.send(json.encode(command).decode())

    async def heard(socket: Any) -> Any:
        return json.decode(await asyncio.wait_for(socket.recv(), 60))

    async with websockets.connect(url, proxy=None, max_size=None) as socket:
        await send(socket, 1, "subscription.subscribe", {"channels": ["lifecycle"]})
        await send(socket, 2, "run.start", ask)
        status = ""
        while status != "interrupted":
            message = await heard(socket)
            if message.get("method") == "lifecycle":
                status = message["params"]["data"]["event"]
        # Now all is told that there is, and it was more than is kept.
        await send(socket, 3, "subscription.subscribe", {"channels": ["values", "tasks"]})
        while (answer := await heard(socket)).get("id") != 3:
            pass
        late = [await heard(socket) for _ in range(answer["result"]["replayed_events"])]
    assert sum(len(json.encode(one)) for one in late) > 1024 * 1024
    async with websockets.connect(url, proxy=None, max_size=None) as socket:
        await send(socket, 1, "subscription.subscribe", {"channels": ["values", "tasks"]})
        seen: list[Any] = []
        while len(seen) < len(late):
            message = await heard(socket)
            if message["type"] == "event":
                seen.append(message)
    assert [one["event_id"] for one in seen] == [one["event_id"] for one in late]


def test_which_events_are_wanted() -> None:
    assert begins(["deep:1", "a:2"], ["deep"])
    assert not begins(["deep:1"], ["deep:2"])
    event = {"seq": 3, "method": "values", "params": {"namespace": ["deep:1", "a:2"], "data": {}}}
    assert subscription({"channels": ["values"], "namespaces": [["deep"]]}).wants(event)
    assert not subscription({"channels": ["values"], "namespaces": [["deep"]], "depth": 0}).wants(
        event
    )
    assert not subscription({"channels": ["values"], "since": 3}).wants(event)
    for wrong in ({}, {"channels": ["x"]}, {"channels": ["values"], "since": True}):
        with pytest.raises(ValueError, match=r"channel|since"):
            subscription(wrong)


async def test_a_message_that_was_cut_off_is_not_told_as_finished(sdk: Any) -> None:
    """A client keeps a finished message on its page; one that the run was cancelled in the middle of is in no state."""
    async with asyncio.timeout(120):
        async with sdk.threads.stream(assistant_id="helper") as thread:
            said = thread.subscribe(["messages", "lifecycle"])
            asked = {"role": "user", "content": "slowly"}
            run = await thread.run.start(input={"messages": [asked]})
            told: list[str] = []
            async for event in said:
                data = event["params"]["data"]
                told.append(data["event"])
                if data["event"] == "content-block-delta" and told.count(data["event"]) == 1:
                    await sdk.runs.cancel(thread.thread_id, run["run_id"])
                if data["event"] == "interrupted":
                    break
    assert told[-2:] == ["error", "interrupted"]
    assert "message-finish" not in told
