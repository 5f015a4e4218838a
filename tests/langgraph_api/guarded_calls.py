"""Calls of several people at a project with rules of its own: what each is answered, and what the rules were told. As `calls.py`."""

import asyncio
import uuid
from typing import Any

import httpx

RED, BLUE = "ann-red", "ann-blue"
"""One owner's keys: what blue may not see of red's is the rules' doing, on both servers."""

NOW: dict[str, Any] = {"assistant_id": "slow", "input": {"seconds": 0}}


class Calls:
    """Makes the calls at one server. `found`: what each was answered, and which fields the rules were told; by name."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.found: dict[str, Any] = {}

    async def __call__(
        self, name: str, key: str | None, verb: str, path: str, body: Any = None, wanted: Any = None
    ) -> Any:
        """What is answered. `wanted`: makes of it what is compared; its status alone where None."""
        headers = {} if key is None else {"x-api-key": key}
        answer = await self.http.request(verb, path, json=body, headers=headers)
        told = (await self.http.get("/seen", headers={"x-api-key": RED})).json()
        if answer.status_code >= 400:
            # Each has words of its own.
            self.found[name] = {"status": answer.status_code}
            return {}
        given = answer.json() if answer.content.strip() else None
        self.found[name] = {
            "status": answer.status_code,
            "answer": None if wanted is None else wanted(given),
        }
        rules: dict[str, Any] = {}
        for resource, action, fields, kwargs in told:
            rule = rules.setdefault(f"{resource}.{action}", {"fields": {}, "kwargs": {}})
            rule["fields"] |= fields
            rule["kwargs"] |= dict.fromkeys(kwargs)
        self.found[f"{name}, rules"] = rules
        return given


def whole(given: Any) -> Any:
    return given


def parts(given: Any) -> Any:
    """Of which part each of a list is."""
    return sorted(str(one["metadata"].get("part")) for one in given)


async def _nobody(call: Calls) -> None:
    """Who is let in, and where everybody is."""
    for name, key in (("nobody", None), ("barred", "barred"), ("broke", "broke"), ("lost", "lost"), ("slower", "slower"), ("later", "later")):  # fmt: skip
        await call(f"{name}, threads", key, "POST", "/threads", {})
        await call(f"{name}, login", key, "GET", "/login", wanted=whole)
    await call("nobody, ok", None, "GET", "/ok", wanted=lambda one: one["ok"])
    await call("nobody, info", None, "GET", "/info")


async def _threads(call: Calls) -> None:
    made = await call(
        "create", RED, "POST", "/threads", {"metadata": {"a": 1}}, lambda one: one["metadata"]
    )
    thread = made["thread_id"]
    await call("create, refused", RED, "POST", "/threads", {"metadata": {"status": 409}})
    await call("create, not allowed", "ann-reader", "POST", "/threads", {})
    own = f"/threads/{thread}"
    asked = {"assistant_id": "agent", "input": {"query": "q"}}
    each: tuple[tuple[str, str, str, Any], ...] = (
        ("get", "GET", own, None), ("patch", "PATCH", own, {"metadata": {"b": 1}}), ("runs", "GET", f"{own}/runs", None),
        ("wait", "POST", f"{own}/runs/wait", asked), ("state", "GET", f"{own}/state", None), ("history", "POST", f"{own}/history", {}),
        ("edit", "POST", f"{own}/state", {"values": {"found": 4}}), ("search", "POST", "/threads/search", {}),
        ("count", "POST", "/threads/count", {}), ("delete", "DELETE", own, None),
    )  # fmt: skip
    for name, verb, path, body in each:
        listed = {"search": parts, "count": whole}.get(name)
        await call(f"{name}, other's", BLUE, verb, path, body, listed)
        if name == "delete":
            await call("copy", RED, "POST", f"{own}/copy", {}, lambda one: one["metadata"])
        await call(f"{name}, own", RED, verb, path, body, listed)
    none = str(uuid.uuid4())
    await call("made by a run", RED, "POST", f"/threads/{none}/runs/wait", {**NOW, "if_not_exists": "create"}, whole)  # fmt: skip
    await call(
        "made by a run, got", RED, "GET", f"/threads/{none}", None, lambda one: one["metadata"]
    )
    sleeping = {"assistant_id": "slow", "input": {"seconds": 60}}
    run = (await call("run", RED, "POST", f"/threads/{none}/runs", sleeping))["run_id"]
    at = f"/threads/{none}/runs/{run}"
    await call("cancel, other's", BLUE, "POST", f"{at}/cancel")
    await call("run, other's", BLUE, "GET", at)
    await call(
        "cancel many, other's", BLUE, "POST", "/runs/cancel", {"thread_id": none, "run_ids": [run]}
    )
    await call("cancel", RED, "POST", f"{at}/cancel?wait=1")
    await call("delete run", RED, "DELETE", at)


async def _assistants(call: Calls) -> None:
    body = {"graph_id": "slow", "metadata": {"z": 1}}
    made = await call(
        "assistant", RED, "POST", "/assistants", body, lambda one: [one["metadata"], one["name"]]
    )
    own = f"/assistants/{made['assistant_id']}"
    each: tuple[tuple[str, str, str, Any], ...] = (
        ("get", "GET", own, None), ("graph", "GET", f"{own}/graph", None), ("schemas", "GET", f"{own}/schemas", None),
        ("patch", "PATCH", own, {"name": "other"}), ("versions", "POST", f"{own}/versions", {}), ("latest", "POST", f"{own}/latest", {"version": 1}),
        ("wait", "POST", "/runs/wait", {**NOW, "assistant_id": made["assistant_id"]}), ("search", "POST", "/assistants/search", {"graph_id": "slow"}),
        ("count", "POST", "/assistants/count", {"graph_id": "slow"}), ("delete", "DELETE", own, None),
    )  # fmt: skip
    for name, verb, path, body in each:
        listed = {"search": parts, "count": whole}.get(name)
        for whose, key in (("other's", BLUE), ("own", RED)):
            await call(f"assistant {name}, {whose}", key, verb, path, body, listed)


async def _memories(call: Calls) -> None:
    item = {"namespace": ["red", "n"], "key": "k"}
    keys = lambda given: [[one["namespace"], one["key"]] for one in given["items"]]  # noqa: E731
    each: tuple[tuple[str, str, str, Any, Any], ...] = (
        ("put", "PUT", "/store/items", {**item, "value": {"v": 1}}, None), ("get", "GET", "/store/items?namespace=red.n&key=k", None, lambda one: one["value"]),
        ("search", "POST", "/store/items/search", {"namespace_prefix": ["n"]}, keys), ("all", "POST", "/store/items/search", {"namespace_prefix": []}, keys),
        ("namespaces", "POST", "/store/namespaces", {}, whole), ("some", "POST", "/store/namespaces", {"prefix": ["n"], "suffix": ["n"], "max_depth": 2}, whole),
        ("delete", "DELETE", "/store/items", item, None),
    )  # fmt: skip
    for name, verb, path, body, wanted in each:
        for whose, key in (("other's", BLUE), ("own", RED)):
            await call(f"store {name}, {whose}", key, verb, path, body, wanted)


async def _graphs(call: Calls) -> None:
    """Graphs that are made in other ways, what is said of them, and what a rule puts into their config."""
    listed = await call("graphs", RED, "POST", "/assistants/search", {"limit": 100}, lambda all: {one["graph_id"]: one["name"] for one in all})  # fmt: skip
    (slow,) = [one for one in listed if one["graph_id"] == "slow"]
    call.found["described"] = slow["description"]
    for graph in sorted(one["graph_id"] for one in listed):
        if graph not in ("agent", "slow"):
            body = {"assistant_id": graph, "input": {"query": "q"}}
            await call(f"graph {graph}", RED, "POST", "/runs/wait", body, whole)
            id = next(one["assistant_id"] for one in listed if one["graph_id"] == graph)
            await call(f"graph {graph}, drawn", RED, "GET", f"/assistants/{id}/graph", None, whole)


async def answers(url: str) -> dict[str, Any]:
    """Make the calls, in order."""
    # Their server leaves a connection on which it has failed.
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60, limits=limits) as http:
        call = Calls(http)
        for each in (_nobody, _threads, _assistants, _memories, _graphs):
            await each(call)
        return call.found


def both(there: str, here: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """At both servers at once."""

    async def made() -> Any:
        return await asyncio.gather(answers(there), answers(here))

    return asyncio.run(made())
