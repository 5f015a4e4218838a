"""Calls of LangGraph's SDK that say how a run is begun, and what becomes of it when its client leaves: as `calls.py`."""

import asyncio
import json
import uuid
from typing import Any

import httpx
import websockets
from langgraph_sdk.client import LangGraphClient

ROUTES = (
    "/threads/{thread}/runs/stream",
    "/threads/{thread}/runs/wait",
    "/runs/stream",
    "/runs/wait",
)
"""Those whose clients stay until the run is over."""

JOINED = ("stream", "join")
"""Of a run that is there, where others come and go."""

CANCELS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "": False}
"""What `cancel_on_disconnect` may say, and whether it is that the run ends."""

UNDER_WAY = ("pending", "running")


async def left(sdk: LangGraphClient, route: str, on_disconnect: str) -> dict[str, Any]:
    """Start a run, and go when its answer begins; the run, when it is over."""
    thread, mark = (await sdk.threads.create())["thread_id"], str(uuid.uuid4())
    asked = {
        "assistant_id": "slow",
        "input": {"seconds": seconds(on_disconnect == "cancel")},
        "on_disconnect": on_disconnect,
        # A threadless one's thread is there to be looked at.
        "on_completion": "keep",
        "metadata": {"left": mark},
    }
    base = str(sdk.http.client.base_url)
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60) as http:
        path = route.format(thread=thread)
        async with http.stream("POST", path, json=asked) as answer:
            assert answer.status_code == 200, await answer.aread()
            run_id = answer.headers["content-location"].rpartition("/")[2]
            if route.endswith("stream"):
                await anext(answer.aiter_lines())
    if not route.startswith("/threads"):
        (found,) = await sdk.threads.search(metadata={"left": mark})
        thread = found["thread_id"]
    return await over(sdk, thread, run_id)


def seconds(cancels: bool) -> int:
    """How long a run takes: where nothing but its client's going is to end it, long enough, however late that is seen."""
    return 60 if cancels else 1


async def left_joined(sdk: LangGraphClient, route: str, cancels: str) -> dict[str, Any]:
    """Join a run, and go when the answer begins; the run, when it is over."""
    thread = (await sdk.threads.create())["thread_id"]
    asked = {"seconds": seconds(CANCELS[cancels])}
    run_id = (await sdk.runs.create(thread, "slow", input=asked))["run_id"]
    base = str(sdk.http.client.base_url)
    path = f"/threads/{thread}/runs/{run_id}/{route}"
    params = {"cancel_on_disconnect": cancels} if cancels else {}
    async with (
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=60) as http,
        http.stream("GET", path, params=params) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
    return await over(sdk, thread, run_id)


async def left_events(sdk: LangGraphClient) -> dict[str, Any]:
    """Go from a thread's events when they begin: its run, when it is over, which is nobody's who reads there."""
    thread = (await sdk.threads.create())["thread_id"]
    base = str(sdk.http.client.base_url)
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60) as http:
        params = {"assistant_id": "slow", "input": {"seconds": 1}, "on_disconnect": "cancel"}
        wanted = {"channels": ["lifecycle", "values"]}
        async with http.stream("POST", f"/threads/{thread}/stream/events", json=wanted) as answer:
            assert answer.status_code == 200, await answer.aread()
            command = {"id": 1, "method": "run.start", "params": params}
            started = (await http.post(f"/threads/{thread}/commands", json=command)).json()
            await anext(answer.aiter_lines())
    return await over(sdk, thread, started["result"]["run_id"])


async def left_socket(sdk: LangGraphClient) -> dict[str, Any]:
    """The same over a WebSocket, by which the run was started: it is nobody's who leaves that."""
    thread = (await sdk.threads.create())["thread_id"]
    url = str(sdk.http.client.base_url).replace("http", "ws", 1).rstrip("/")
    async with websockets.connect(
        f"{url}/threads/{thread}/stream/events", proxy=None, max_size=None
    ) as socket:
        params = {"assistant_id": "slow", "input": {"seconds": 1}, "on_disconnect": "cancel"}
        for id, (method, given) in enumerate(
            (("subscription.subscribe", {"channels": ["lifecycle"]}), ("run.start", params)), 1
        ):
            await socket.send(json.dumps({"id": id, "method": method, "params": given}))
            while (answer := json.loads(await asyncio.wait_for(socket.recv(), 90))).get("id") != id:
                pass
    return await over(sdk, thread, answer["result"]["run_id"])


async def _started_while_asking(sdk: LangGraphClient) -> dict[str, Any]:
    """What a run of the agent streaming protocol is given while its thread asks."""
    found: dict[str, Any] = {}
    base = str(sdk.http.client.base_url)
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60) as http:
        for name, given in (
            ("input", {"query": "other"}),
            ("decisions", {"decisions": [{"type": "approve"}]}),
            ("text", "yes"),
            ("list", ["yes"]),
            ("nothing", None),
        ):
            for graph, asked in (("agent", {"query": "q"}), ("careful", {"log": ["x"]})):
                thread = (await sdk.threads.create())["thread_id"]
                await sdk.runs.wait(thread, graph, input=asked)
                params = {"assistant_id": graph, "input": given}
                command = {"id": 1, "method": "run.start", "params": params}
                answer = (await http.post(f"/threads/{thread}/commands", json=command)).json()
                await over(sdk, thread, answer["result"]["run_id"])
                then = await sdk.threads.get(thread)
                found[f"{graph}, {name}"] = [
                    then["status"],
                    then["values"],
                    len(then["interrupts"]),
                ]
    return found


async def over(sdk: LangGraphClient, thread: str, run_id: str) -> dict[str, Any]:
    """A run, when it is over."""
    async with asyncio.timeout(90):
        while (found := await sdk.runs.get(thread, run_id))["status"] in UNDER_WAY:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return dict(found)


async def answers(sdk: LangGraphClient) -> dict[str, Any]:
    """Make the calls, in order."""
    found: dict[str, Any] = {}
    for route in ROUTES:
        for what in ("cancel", "continue"):
            run = await left(sdk, route, what)
            found[f"{route}, {what}"] = {"status": run["status"]}
    for route in JOINED:
        for cancels in CANCELS:
            run = await left_joined(sdk, route, cancels)
            found[f"{route}, {cancels}"] = {"status": run["status"]}
    found["events"] = {"status": (await left_events(sdk))["status"]}
    found["socket"] = {"status": (await left_socket(sdk))["status"]}
    found |= await _started_while_asking(sdk)
    asked: dict[str, Any] = {"input": {"query": "q"}}
    for name, command in {
        "answer and goto": {"resume": "yes", "goto": "search"},
        "answer, update and goto": {"resume": "yes", "update": {"found": 9}, "goto": "search"},
        "update and goto": {"update": {"query": "other"}, "goto": "search"},
        "update": {"update": {"query": "other"}},
        "goto": {"goto": "approve"},
        "two": {"goto": ["search", "approve"]},
        "send": {"goto": {"node": "search", "input": {"query": "sent"}}},
    }.items():
        thread = (await sdk.threads.create())["thread_id"]
        await sdk.runs.wait(thread, "agent", **asked)
        found[name] = await sdk.runs.wait(thread, "agent", command=command, raise_error=False)  # type: ignore[arg-type]
        found[f"{name}, thread"] = (await sdk.threads.get(thread))["values"]
        state = await sdk.threads.get_state(thread)
        found[f"{name}, state"] = {"values": state["values"], "next": state["next"]}
        if "resume" in command:
            continue
        for where, id in (("empty", (await sdk.threads.create())["thread_id"]), ("none", None)):
            found[f"{name}, {where}"] = await sdk.runs.wait(
                id,
                "agent",
                command=command,
                raise_error=False,  # type: ignore[arg-type]
            )
            if id is not None and name != "send":
                state = await sdk.threads.get_state(id)
                found[f"{name}, {where}, state"] = {
                    "values": state["values"],
                    "next": state["next"],
                }
    found |= await _answered_earlier(sdk)
    thread = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(thread, "nested", input={"query": "q"})
    states = await sdk.threads.get_history(thread)
    await sdk.runs.wait(thread, "nested", input={"query": "other"})
    # From an earlier state; from the newest, after which nothing comes.
    places: list[tuple[str, Any]] = [
        (f"from {one['next']}", {"checkpoint_id": one["checkpoint"]["checkpoint_id"]})
        for one in states
    ]
    for name, place in [*places, ("nothing", {})]:
        modes: Any = {"stream_mode": ["values", "updates"], **place}
        parts = sdk.runs.stream(thread, "nested", input=None, **modes)
        found[name] = [[part.event, part.data] async for part in parts]
    # Of one node, so that its parts have one order.
    thread = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(thread, "agent", **asked)
    streamed = sdk.runs.stream(
        thread, "agent", command={"update": {"query": "other"}}, stream_mode=["values", "updates"]
    )
    found["update, streamed"] = [[part.event, part.data] async for part in streamed]
    return found


async def _answered_earlier(sdk: LangGraphClient) -> dict[str, Any]:
    """Questions of other branches than the newest are answered, from their checkpoints: where that asks, and where it is over."""
    found: dict[str, Any] = {}
    for graph, given, other in (
        ("agent", {"query": "q"}, {"query": "other"}),
        ("careful", {"log": ["x"]}, {"log": ["y"]}),
    ):
        for name, answered in (("asks", False), ("is over", True)):
            thread = (await sdk.threads.create())["thread_id"]
            await sdk.runs.wait(thread, graph, input=given)
            states = await sdk.threads.get_history(thread)
            first, last = states[-1]["checkpoint"], states[0]["checkpoint"]
            await sdk.runs.wait(thread, graph, input=other, checkpoint=first)
            if answered:
                await sdk.runs.wait(thread, graph, command={"resume": "newest"})
            for place in (last, (await sdk.threads.get_state(thread))["checkpoint"]):
                # Each SDK and hook names the place in its own way.
                for where in ({"checkpoint": place}, {"checkpoint_id": place["checkpoint_id"]}):
                    asked: Any = {"command": {"resume": "no"}, "raise_error": False, **where}
                    done = await sdk.runs.wait(thread, graph, **asked)
                    which = f"{graph}, {name}, {'earlier' if place is last else 'newest'}, {next(iter(where))}"
                    found[which] = done
                    state = await sdk.threads.get_state(thread)
                    found[f"{which}, state"] = [state["values"], state["next"]]
    return found
