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


async def _closed(sdk: LangGraphClient) -> dict[str, Any]:
    """Nothing is to come next; and what is no state's is given beside what is."""
    found: dict[str, Any] = {}
    given: dict[str, Any]
    for graph, given in (("agent", {"query": "q"}), ("careful", {"log": ["x"]})):
        thread = await _new(sdk)
        await sdk.runs.wait(thread, graph, input=given)
        await sdk.threads.update_state(thread, None, as_node="__end__")
        found[graph] = await sdk.threads.get_state(thread)
        found[f"{graph}, again"] = await sdk.runs.wait(thread, graph, input=given)
        history = await sdk.threads.get_history(thread)
        found[f"{graph}, history"] = [one["metadata"]["step"] for one in history]  # type: ignore[index]
    thread = await _new(sdk)
    await sdk.runs.wait(thread, "agent", input={"query": "q"})
    await sdk.threads.update_state(thread, {"found": 8, "no": 1}, as_node="search")
    found["more"] = await sdk.threads.get_state(thread)
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


async def _tasks(sdk: LangGraphClient) -> dict[str, Any]:
    """What is told of tasks and checkpoints, at every depth: from the beginning, and where a run goes on from another's."""
    found: dict[str, Any] = {}
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        ("nested", {"query": "q"}),
        ("careful", {"log": ["x"]}),
        ("doubled", {"number": 2, "ask": True}),
        ("spread", {"topics": ["a"]}),
    )
    for graph, given in asked:
        for mode in ("values", "tasks", "checkpoints", "debug"):
            thread = await _new(sdk)
            inside: Any = {"stream_mode": mode, "stream_subgraphs": True}
            streamed = sdk.runs.stream(thread, graph, input=given, **inside)
            found[f"{graph}, {mode}"] = [[part.event, part.data] async for part in streamed]
            # A function's call whose result was kept is told there to begin, and not here.
            if graph == "careful" or (graph == "doubled" and mode in ("values", "checkpoints")):
                answer: Any = {"resume": "yes"}
                streamed = sdk.runs.stream(thread, graph, command=answer, **inside)
                parts = [[part.event, part.data] async for part in streamed]
                found[f"{graph}, {mode}, resumed"] = parts
    thread = await _new(sdk)
    streamed = sdk.runs.stream(thread, "careful", input={"log": []}, stream_mode="tasks")
    found["outside"] = [[part.event, part.data] async for part in streamed]
    (held,) = (await sdk.threads.get_state(thread, subgraphs=True))["tasks"]
    found["state"] = held["state"]
    place: Any = {"checkpoint_ns": f"{held['name']}:{held['id']}"}
    found["state of a place"] = await sdk.threads.get_state(thread, checkpoint=place)
    found["history of a place"] = await sdk.threads.get_history(thread, checkpoint=place)
    found["history"] = await sdk.threads.get_history(thread)
    return found


async def _versions(http: httpx.AsyncClient) -> dict[str, Any]:
    """Versions of an assistant that are not there; and a run that is to have begun already."""
    body: dict[str, Any] = {"graph_id": "slow", "metadata": {"x": 1}}
    own = f"/assistants/{(await http.post('/assistants', json=body)).json()['assistant_id']}"
    found: dict[str, Any] = {}
    for path, body in (
        ("latest", {"version": 7}),
        ("versions", {"metadata": {"x": 2}}),
        ("versions", {"offset": 5}),
        ("versions", {"metadata": {"x": 1}}),
    ):
        answer = await http.post(f"{own}/{path}", json=body)
        found[f"{path} {body}"] = answer.status_code
    body = {"assistant_id": "slow", "input": {"seconds": 0}, "after_seconds": -3}
    answer = await http.post("/runs/wait", json=body)
    found["begun already"] = [answer.status_code, answer.json()]
    return found


async def _refused(http: httpx.AsyncClient, thread: str) -> dict[str, Any]:
    """How each field that is wrong is answered: its status."""
    run = {"assistant_id": "slow", "input": {"seconds": 0}}
    own = f"/threads/{thread}/runs"
    item = {"namespace": ["a"], "key": "k", "value": {}}
    calls: list[tuple[str, str, dict[str, Any]]] = [
        *(("POST", "/assistants/search", one) for one in (
            {"limit": 0}, {"limit": 1001}, {"offset": -1}, {"sort_by": "no"}, {"sort_order": "up"}, {"sort_order": "ASC"}, {"select": ["no"]}, {"graph_id": "no"},
        )),
        *(("POST", "/threads/search", one) for one in (
            {"limit": 0}, {"limit": 1001}, {"sort_by": "no"}, {"sort_order": "DESC"}, {"status": "no"}, {"select": ["no"]}, {"ids": []},
            {"extract": {"a b": "metadata.i"}}, {"extract": {"a": "no.i"}}, {"extract": {f"a{i}": "metadata.i" for i in range(11)}},
        )),
        ("POST", "/assistants", {"graph_id": "slow", "if_exists": "no"}),
        ("POST", "/threads", {"if_exists": "no"}),
        *(("POST", f"/threads/{thread}/history", {"limit": one}) for one in (0, -1, 1001)),
        *(("POST", own, {**run, **one}) for one in (
            {"multitask_strategy": "no"}, {"durability": "no"}, {"if_not_exists": "no"},
            {"stream_mode": "no"}, {"stream_mode": "[no"}, {"stream_mode": "[]"}, {"command": {"goto": 3}}, {"command": {"update": 3}}, {"after_seconds": "x"},
        )),
        ("POST", "/runs", {**run, "on_completion": "no"}),
        ("POST", "/runs/wait", {**run, "assistant_id": str(uuid.UUID(int=7))}),
        ("POST", f"{own}/wait", {**run, "on_disconnect": "no"}),
        ("GET", f"{own}?select=no", {}),
    ]  # fmt: skip
    found: dict[str, Any] = {}
    for verb, path, body in calls:
        answer = await http.request(verb, path, json=body or None)
        found[f"{verb} {path.replace(thread, 'one')} {body}"] = answer.status_code
    found["no batch"] = (await http.post("/runs/batch", json=[])).status_code
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
    (*_, oldest) = await sdk.threads.search(metadata=mark)
    # The clock has gone on when it is changed, and again when the next one is made.
    for _ in range(2):
        await sdk.runs.wait(None, "slow", input={"seconds": 0.1})
        await sdk.threads.update(oldest["thread_id"], metadata={"name": "changed"})
        await sdk.runs.wait(None, "slow", input={"seconds": 0.1})
        await sdk.threads.create(metadata={**mark, "name": "made"})
    for sort in ({}, {"sort_by": "created_at"}, {"sort_by": "updated_at", "sort_order": "asc"}):
        listed = await sdk.threads.search(metadata=mark, **sort)  # type: ignore[arg-type]
        found[f"order {sort}"] = [one["metadata"].get("name") for one in listed]
    first = await sdk.assistants.search(metadata=mark, limit=2, response_format="object")
    found["first"] = [len(first["assistants"]), first["next"]]
    return found


LISTS = (
    ("/threads/search", {}), ("/threads/count", {}), ("/assistants/search", {}), ("/assistants/count", {}), ("/assistants/{own}/versions", {}),
    ("/threads/{thread}/history", {}), ("/store/items/search", {"namespace_prefix": ["{mark}"]}), ("/store/namespaces", {"prefix": ["{mark}"]}),
)  # fmt: skip
"""What lists: by `limit` and `offset`, or counts."""

BOUNDS: tuple[dict[str, Any], ...] = (
    {"limit": 0}, {"limit": 1000}, {"limit": 1001}, {"limit": 2**31}, {"limit": 2**53 - 1}, {"limit": "2"}, {"limit": 1.5}, {"limit": True},
    {"offset": 5}, {"offset": 2**31}, {"offset": 2**53 - 1}, {"offset": "1"}, {"offset": 1.5}, {"limit": 1, "offset": 1},
)  # fmt: skip


async def _bounds(sdk: LangGraphClient, http: httpx.AsyncClient) -> dict[str, Any]:
    """How many of a list are given: where none are asked for, more than there are, or what is no number."""
    mark, found = str(uuid.uuid4()), {}
    said = {"mark": mark}
    for number in range(3):
        made = await sdk.assistants.create("slow", name=f"{number}", metadata=said)
        await sdk.store.put_item([mark, f"{number}"], "k", {"n": number})
        thread = (await sdk.threads.create(metadata=said))["thread_id"]
    for _ in range(2):
        await sdk.runs.wait(thread, "slow", input={"seconds": 0})
    names = {"own": made["assistant_id"], "thread": thread}
    for path, body in LISTS:
        given: dict[str, Any] = {
            name: [one.format(mark=mark) for one in labels] for name, labels in body.items()
        }
        if path.endswith(("search", "count")) and not body:
            given["metadata"] = said
        for bound in BOUNDS:
            answer = await http.post(path.format(**names), json={**given, **bound})
            found[f"{path} {bound}"] = _many(answer)
    for query in ("limit=0", "limit=1", "limit=2147483648", "offset=1", "offset=5", "limit=1&limit=2", "status=success", "status=no", "status="):  # fmt: skip
        found[f"runs {query}"] = _many(await http.get(f"/threads/{thread}/runs?{query}"))
    return found


def _many(answer: httpx.Response) -> list[Any]:
    """The status; how many, or which number; and where the list goes on."""
    # Each has a status of its own for what is no number.
    if answer.status_code >= 400:
        return [answer.status_code if answer.status_code != 500 else 422]
    given = answer.json()
    if isinstance(given, dict):
        (given,) = given.values()
    return [
        answer.status_code,
        given if isinstance(given, int) else len(given),
        *(answer.headers.get(name) for name in PAGE),
    ]


async def _slashes(http: httpx.AsyncClient) -> dict[str, Any]:
    """Where an address leads that ends with a slash; and that one comes there with body and query."""
    found: dict[str, Any] = {}
    for verb, path in (
        ("POST", "/threads/"), ("GET", "/threads/"), ("POST", "/threads/search/"), ("POST", "/assistants/search/"), ("GET", "/assistants/a/"),
        ("POST", "/runs/wait/"), ("PUT", "/store/items/"), ("GET", "/store/items/?key=a%20b&namespace=n"), ("DELETE", "/threads/a%20%C3%A9/"),
        ("GET", "/ok/"), ("GET", "/info/"), ("GET", "/nowhere/"),
    ):  # fmt: skip
        answer = await http.request(verb, path)
        where = answer.headers.get("location")
        base = str(http.base_url).rstrip("/")
        found[f"{verb} {path}"] = [answer.status_code, where and where.removeprefix(base)]
    body = {"assistant_id": "slow", "input": {"seconds": 0}}
    answer = await http.post("/runs/wait/", json=body, follow_redirects=True)
    found["followed"] = [answer.status_code, answer.json()]
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


async def _titles(sdk: LangGraphClient) -> dict[str, Any]:
    """What the schemas of a function are called."""
    id = (await sdk.assistants.search(graph_id="doubled"))[0]["assistant_id"]
    found = await sdk.assistants.get_schemas(id)
    return {name: (one or {}).get("title") for name, one in found.items() if name != "graph_id"}  # type: ignore[attr-defined]


async def answers(sdk: LangGraphClient) -> dict[str, Any]:
    """Make the calls."""
    thread = await _new(sdk)
    base = str(sdk.http.client.base_url)
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60) as http:
        found = {
            "refused": await _refused(http, thread),
            "pages": await _pages(sdk, http),
            "bounds": await _bounds(sdk, http),
            "slashes": await _slashes(http),
            "settings": await _settings(sdk, http),
            "versions": await _versions(http),
        }
    failing = sdk.runs.stream(None, "broken", input={"seconds": 1}, stream_mode="tasks")
    return {
        **found,
        "inside": await _edited_inside(sdk),
        "outside": await _edited_outside(sdk),
        "closed": await _closed(sdk),
        "function": await _function(sdk),
        "inside and below": await _tasks(sdk),
        "titles": await _titles(sdk),
        "tasks, fails": [[part.event, part.data] async for part in failing],
    }
