"""Calls of LangGraph's SDK on graphs of other shapes, and such as are refused: as `calls.py`."""

import uuid
from typing import Any

import httpx
from langgraph_sdk.client import LangGraphClient

PAGE = ("x-pagination-total", "x-pagination-next")


async def _new(sdk: LangGraphClient) -> str:
    return (await sdk.threads.create())["thread_id"]


async def _edited_inside(sdk: LangGraphClient) -> dict[str, Any]:
    """A subgraph's state is edited while it asks."""
    found: dict[str, Any] = {}
    thread = await _new(sdk)
    found["wait"] = await sdk.runs.wait(thread, "careful", input={"log": []})
    (held,) = (await sdk.threads.get_state(thread, subgraphs=True))["tasks"]
    inside = {
        "thread_id": thread,
        "checkpoint_ns": held["state"]["checkpoint"]["checkpoint_ns"],  # type: ignore[index]
    }
    made = await sdk.threads.update_state(
        thread,
        {"log": ["edited"]},
        checkpoint=inside,  # type: ignore[arg-type]
    )
    place = {**inside, "checkpoint_id": made["checkpoint"]["checkpoint_id"]}
    found["place"] = {name: made["checkpoint"][name] == place[name] for name in place}  # type: ignore[literal-required]
    there = await sdk.threads.get_state(thread, checkpoint=inside)  # type: ignore[arg-type]
    found["inside"] = {"values": there["values"], "next": there["next"]}
    found["outside"] = (await sdk.threads.get_state(thread))["values"]
    states = await sdk.threads.get_history(thread, checkpoint=inside)  # type: ignore[arg-type]
    found["history"] = [one["values"] for one in states]
    found["resumed"] = await sdk.runs.wait(thread, "careful", command={"resume": "yes"})
    return found


async def _edited_outside(sdk: LangGraphClient) -> dict[str, Any]:
    """The thread's own state is; then its question is answered, as before the edit."""
    found: dict[str, Any] = {}
    thread = await _new(sdk)
    await sdk.runs.wait(thread, "agent", input={"query": "q"})
    await sdk.threads.update_state(thread, {"found": 8}, as_node="search")
    found["resumed"] = await sdk.runs.wait(thread, "agent", command={"resume": "yes"})
    found["next"] = (await sdk.threads.get_state(thread))["next"]
    found["again"] = await sdk.runs.wait(thread, "agent", command={"resume": "no"})
    return found


async def _function(sdk: LangGraphClient) -> dict[str, Any]:
    """A graph that is a function."""
    found: dict[str, Any] = {}
    for name, more in (("alone", {}), ("asks", {"ask": True})):
        thread = await _new(sdk)
        asked = {"number": 2, **more}
        streamed = sdk.runs.stream(thread, "doubled", input=asked, stream_mode="updates")
        found[name] = [[part.event, part.data] async for part in streamed]
        found[f"{name}, values"] = (await sdk.threads.get(thread))["values"]
    found["resumed"] = [
        [part.event, part.data]
        async for part in sdk.runs.stream(
            thread, "doubled", command={"resume": "yes"}, stream_mode="updates"
        )
    ]
    found["resumed, values"] = (await sdk.threads.get(thread))["values"]
    return found


async def _refused(http: httpx.AsyncClient, thread: str) -> dict[str, Any]:
    """How each field that is wrong is answered: its status."""
    run = {"assistant_id": "slow", "input": {"seconds": 0}}
    own = f"/threads/{thread}/runs"
    item = {"namespace": ["a"], "key": "k", "value": {}}
    calls: list[tuple[str, str, dict[str, Any]]] = [
        *(("POST", "/assistants/search", one) for one in (
            {"limit": 0}, {"limit": 1001}, {"offset": -1}, {"sort_by": "no"}, {"sort_order": "up"}, {"select": ["no"]}, {"graph_id": "no"},
        )),
        *(("POST", "/threads/search", one) for one in (
            {"limit": 0}, {"limit": 1001}, {"sort_by": "no"}, {"status": "no"}, {"select": ["no"]}, {"ids": []},
            {"extract": {"a b": "metadata.i"}}, {"extract": {"a": "no.i"}}, {"extract": {f"a{i}": "metadata.i" for i in range(11)}},
        )),
        ("POST", "/assistants", {"graph_id": "slow", "if_exists": "no"}),
        ("POST", "/threads", {"if_exists": "no"}),
        *(("POST", f"/threads/{thread}/history", {"limit": one}) for one in (0, -1, 1001)),
        *(("POST", own, {**run, **one}) for one in (
            {"multitask_strategy": "no"}, {"durability": "no"}, {"if_not_exists": "no"},
            {"stream_mode": "no"}, {"command": {"goto": 3}}, {"command": {"update": 3}}, {"after_seconds": "x"},
        )),
        ("POST", "/runs", {**run, "on_completion": "no"}),
        ("POST", f"{own}/wait", {**run, "on_disconnect": "no"}),
        ("GET", f"{own}?select=no", {}),
    ]  # fmt: skip
    found: dict[str, Any] = {}
    for verb, path, body in calls:
        answer = await http.request(verb, path, json=body or None)
        found[f"{verb} {path.replace(thread, 'one')} {body}"] = answer.status_code
    # Each server has a status of its own for these; that they are refused is the same.
    await http.put("/store/items", json=item)
    for body in ({"namespace": ["langgraph"]}, {"namespace": []}, {"namespace": ["a.b"]}):
        answer = await http.put("/store/items", json={**item, **body})
        found[f"put {body}"] = 400 <= answer.status_code < 500
    wrong = {"namespace_prefix": ["a"], "filter": {"n": {"$no": 1}}}
    answer = await http.post("/store/items/search", json=wrong)
    found["search $no"] = 400 <= answer.status_code < 500
    return found


async def _pages(sdk: LangGraphClient, http: httpx.AsyncClient) -> dict[str, Any]:
    """Where a list goes on."""
    mark, found = {"mark": str(uuid.uuid4())}, {}
    for number in range(3):
        await sdk.assistants.create("slow", name=f"{number}", metadata=mark)
        await sdk.threads.create(metadata=mark)
    for kind in ("assistants", "threads"):
        for page in ({"limit": 2}, {"limit": 2, "offset": 2}, {"limit": 3}, {"offset": 5}):
            answer = await http.post(f"/{kind}/search", json={"metadata": mark, **page})
            told = [answer.headers.get(name) for name in PAGE]
            found[f"{kind} {page}"] = [len(answer.json()), *told]
    first = await sdk.assistants.search(metadata=mark, limit=2, response_format="object")
    found["first"] = [len(first["assistants"]), first["next"]]
    return found


async def _settings(sdk: LangGraphClient, http: httpx.AsyncClient) -> dict[str, Any]:
    """An assistant's settings, which clients read from either place; and how deep its graph is drawn."""
    found: dict[str, Any] = {}
    given: Any
    for given in ({"context": {"a": 1}}, {"config": {"configurable": {"b": 2}, "tags": ["t"]}}):
        made = await sdk.assistants.create("slow", **given)
        found[str(given)] = {name: made[name] for name in ("config", "context")}  # type: ignore[literal-required]
    both = {"graph_id": "slow", "context": {"a": 1}, "config": {"configurable": {"a": 1}}}
    found["both"] = 400 <= (await http.post("/assistants", json=both)).status_code < 500
    drawn = (
        f"/assistants/{(await sdk.assistants.search(graph_id='careful'))[0]['assistant_id']}/graph"
    )
    for xray in ("0", "1", "true", "false"):
        answer = await http.get(drawn, params={"xray": xray})
        nodes = answer.json()["nodes"] if answer.status_code == 200 else []
        found[f"xray {xray}"] = [answer.status_code, *(one["id"] for one in nodes)]
    return found


async def answers(sdk: LangGraphClient) -> dict[str, Any]:
    """Make the calls."""
    thread = await _new(sdk)
    base = str(sdk.http.client.base_url)
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60) as http:
        found = {
            "refused": await _refused(http, thread),
            "pages": await _pages(sdk, http),
            "settings": await _settings(sdk, http),
        }
    failing = sdk.runs.stream(None, "broken", input={"seconds": 1}, stream_mode="tasks")
    return {
        **found,
        "inside": await _edited_inside(sdk),
        "outside": await _edited_outside(sdk),
        "function": await _function(sdk),
        "tasks, fails": [[part.event, part.data] async for part in failing],
    }
