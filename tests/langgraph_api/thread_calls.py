"""Calls of LangGraph's API that say what a thread is, and of which graph: as `calls.py`."""

import uuid
from typing import Any

import httpx
from langgraph_sdk.client import LangGraphClient

NAMED = ("graph_id", "assistant_id", "am", "rm", "cm", "tm")
"""The metadata that are looked at: the last ones an assistant's, a run's, its config's, a thread's."""

NOW: Any = {"seconds": 0}


async def answers(sdk: LangGraphClient) -> dict[str, Any]:
    """Make the calls, in order."""
    base = str(sdk.http.client.base_url)
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60) as http:
        return {
            "said": await _said(sdk),
            "graphs": await _graphs(sdk),
            "few": await _few(sdk, http),
            "over": await _over(sdk, http),
            "tags": await _tags(sdk),
        }


async def _said(sdk: LangGraphClient) -> dict[str, Any]:
    """What a thread's metadata say once it has had a run, and by what it is found."""
    own = (await sdk.assistants.create("slow", metadata={"am": 1}))["assistant_id"]
    listed = await sdk.assistants.search(graph_id="slow", metadata={"created_by": "system"})
    ids = {own: "own", listed[0]["assistant_id"]: "the graph's"}
    found: dict[str, Any] = {}

    async def look(name: str, thread: str) -> None:
        for what, told in (
            ("thread", await sdk.threads.get(thread)),
            ("run", (await sdk.runs.list(thread))[0]),
        ):
            said = {one: told["metadata"].get(one) for one in NAMED}  # type: ignore[attr-defined]
            said["assistant_id"] = ids.get(said["assistant_id"], said["assistant_id"])
            if what == "run":
                # The run names its graph itself.
                said.pop("graph_id")
            found[f"{name}, {what}"] = said

    asked: Any = {"input": NOW, "metadata": {"rm": 1}, "config": {"metadata": {"cm": 1, "rm": 2}}}
    for name, given in (
        ("plain", {}),
        ("of another graph", {"graph_id": "nested", "metadata": {"tm": 1}}),
        ("named", {"metadata": {"assistant_id": "x", "tm": 1}}),
    ):
        thread = (await sdk.threads.create(**given))["thread_id"]  # type: ignore[arg-type]
        await sdk.runs.wait(thread, own, **asked)
        await look(name, thread)
        found[f"{name}, found"] = len(
            await sdk.threads.search(metadata={"assistant_id": own}, ids=[thread])
        )
        await sdk.runs.wait(thread, "slow", input=NOW)
        await look(f"{name}, again", thread)
    thread = str(uuid.uuid4())
    await sdk.runs.wait(thread, own, if_not_exists="create", **asked)
    await look("made by a run", thread)
    run = await sdk.runs.create(None, own, on_completion="keep", **asked)
    await sdk.runs.join(run["thread_id"], run["run_id"])
    await look("without a thread", run["thread_id"])
    return found


async def _graphs(sdk: LangGraphClient) -> dict[str, Any]:
    """A thread without a run is of the graph that its metadata say."""
    thread, found = (await sdk.threads.create())["thread_id"], {}
    for graph, values in (
        ("nested", {"query": "q"}),
        ("slow", {"seconds": 1}),
        ("agent", {"query": "other"}),
    ):
        await sdk.threads.update(thread, metadata={"graph_id": graph})
        await sdk.threads.update_state(thread, values)
        state = await sdk.threads.get_state(thread)
        found[graph] = {"values": state["values"], "next": state["next"]}
        history = await sdk.threads.get_history(thread)
        found[f"{graph}, history"] = [one["next"] for one in history]
    done = await sdk.runs.wait(thread, "slow", input=NOW)
    found["run"] = done
    return found


async def _few(sdk: LangGraphClient, http: httpx.AsyncClient) -> dict[str, Any]:
    """How many states are told where nobody says it."""
    thread, found = (await sdk.threads.create())["thread_id"], {}
    await sdk.runs.wait(thread, "slow", input=NOW)
    for name, body in (("none", {}), ("two", {"limit": 2})):
        answer = await http.post(f"/threads/{thread}/history", json=body)
        found[name] = [one["next"] for one in answer.json()]
    answer = await http.get(f"/threads/{thread}/history")
    found["GET"] = [one["next"] for one in answer.json()]
    return found


async def _over(sdk: LangGraphClient, http: httpx.AsyncClient) -> dict[str, Any]:
    """What cancelling a run does that is over: one that asks, that stands, that has ended, that has failed."""
    found: dict[str, Any] = {}
    for name, graph, given, more in (
        ("asks", "agent", {"query": "q"}, {}),
        ("stands", "agent", {"query": "q"}, {"interrupt_before": ["approve"]}),
        ("has ended", "slow", NOW, {}),
        ("has failed", "broken", NOW, {}),
    ):
        thread = (await sdk.threads.create())["thread_id"]
        run = await sdk.runs.create(thread, graph, input=given, **more)  # type: ignore[call-overload]
        await sdk.runs.join(thread, run["run_id"])
        for how in ("", "?wait=1", "?action=rollback"):
            path = f"/threads/{thread}/runs/{run['run_id']}/cancel{how}"
            found[f"{name}{how}"] = (await http.post(path)).status_code
        many = {"thread_id": thread, "run_ids": [run["run_id"]]}
        found[f"{name}, many"] = (await http.post("/runs/cancel", json=many)).status_code
        kept = await sdk.threads.get(thread)
        asked = [one["value"] for each in kept["interrupts"].values() for one in each]
        found[f"{name}, then"] = [kept["status"], kept["values"], asked]
    return found


async def _tags(sdk: LangGraphClient) -> dict[str, Any]:
    """What the metadata of messages say of tags."""
    found: dict[str, Any] = {}
    asked: Any = {"input": {"messages": [{"role": "user", "content": "hi", "id": "u"}]}}
    for tags in (["t"], []):
        for mode in ("messages-tuple", "messages"):
            parts = sdk.runs.stream(None, "chat", config={"tags": tags}, stream_mode=mode, **asked)  # type: ignore[call-overload]
            told: list[Any] = []
            async for part in parts:
                if part.event == "messages":
                    told.append(part.data[1].get("tags"))
                elif part.event == "messages/metadata":
                    told += [one["metadata"].get("tags") for one in part.data.values()]
            found[f"{mode} {tags}"] = told
    return found
