"""The same calls of LangGraph's SDK, at any server: what each was answered, by name."""

import json
import re
from collections.abc import AsyncIterator, Awaitable
from typing import Any

from langgraph_sdk.client import LangGraphClient

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)?")


def plain(value: Any, known: dict[str, str] | None = None) -> Any:
    """A value in which ids are numbered in the order they are met, and times are none."""
    known = {} if known is None else known
    match value:
        case dict():
            return {plain(name, known): plain(one, known) for name, one in value.items()}
        case list():
            return [plain(one, known) for one in value]
        case str():
            text = _TIME.sub("<time>", value)
            return _ID.sub(lambda found: known.setdefault(found[0], "<id>"), text)
    return value


async def _parts(stream: AsyncIterator[Any]) -> Any:
    return [[part.event, part.data] async for part in stream]


async def _joined(sdk: LangGraphClient) -> Any:
    """Two runs of a thread, as who follows the thread sees them, up to the second one's end."""
    thread = (await sdk.threads.create())["thread_id"]
    found: list[Any] = []
    # Not the SDK's own iterator, which does not say when it is connected.
    async with sdk.http.client.stream("GET", f"/threads/{thread}/stream", timeout=60) as answer:
        lines = answer.aiter_lines()
        for modes in ("values", "updates"):
            done = len(found)
            await sdk.runs.create(thread, "slow", input={"seconds": 0.2}, stream_mode=modes)  # type: ignore[arg-type]
            name = ""
            async for line in lines:
                field, _, text = line.partition(": ")
                if field == "event":
                    name = text
                elif field == "data":
                    found.append([name, json.loads(text)])
                    if "run_done" in text and len(found) > done + 1:
                        break
    return found


async def _refused(call: Awaitable[Any]) -> Any:
    try:
        await call
    except Exception as error:
        # Its status is what a client acts on; each server says why in its own words.
        response = getattr(error, "response", None)
        return {"status": None if response is None else response.status_code}
    return "not refused"


async def answers(sdk: LangGraphClient) -> dict[str, Any]:
    """Make the calls, in order."""
    found: dict[str, Any] = {}
    agent = (await sdk.assistants.search(graph_id="agent"))[0]
    agent_id = agent["assistant_id"]
    found["assistants.search"] = agent
    graphs = await sdk.assistants.search(metadata={"created_by": "system"}, limit=100)
    found["graphs"] = {one["graph_id"]: one["name"] for one in graphs}
    found["described"] = [one["description"] for one in graphs if one["graph_id"] == "broken"]
    found["assistants.get"] = await sdk.assistants.get(agent_id)
    found["assistants.get_graph"] = await sdk.assistants.get_graph(agent_id)
    found["assistants.get_schemas"] = await sdk.assistants.get_schemas(agent_id)
    nested = (await sdk.assistants.search(graph_id="nested"))[0]["assistant_id"]
    found["assistants.get_subgraphs"] = await sdk.assistants.get_subgraphs(nested)
    made = await sdk.assistants.create("agent", name="mine", metadata={"x": 1})
    own = made["assistant_id"]
    found["assistants.create"] = made
    found["assistants.update"] = await sdk.assistants.update(own, name="other", metadata={"y": 2})
    found["assistants.get_versions"] = await sdk.assistants.get_versions(own)
    found["assistants.set_latest"] = await sdk.assistants.set_latest(own, 1)
    found["assistants.count"] = await sdk.assistants.count(metadata={"x": 1})
    found["assistants.delete"] = await sdk.assistants.delete(own)
    found["assistants.get, gone"] = await _refused(sdk.assistants.get(own))

    made_thread = await sdk.threads.create(metadata={"a": 1})
    thread = made_thread["thread_id"]
    found["threads.create"] = made_thread
    found["threads.create, again"] = await _refused(sdk.threads.create(thread_id=thread))
    found["threads.get_state, empty"] = await sdk.threads.get_state(thread)
    found["threads.get_history, empty"] = await sdk.threads.get_history(thread)
    found["runs.stream"] = await _parts(
        sdk.runs.stream(
            thread,
            "agent",
            input={"query": "q"},
            stream_mode=["values", "updates", "custom", "tasks", "checkpoints", "debug"],
        )
    )
    found["threads.get, asks"] = await sdk.threads.get(thread)
    found["threads.get_state, asks"] = await sdk.threads.get_state(thread)
    found["runs.list"] = await sdk.runs.list(thread)
    found["runs.stream, resumed"] = await _parts(
        sdk.runs.stream(
            thread,
            "agent",
            command={"resume": "yes"},
            stream_mode=["values", "updates", "custom", "tasks"],
        )
    )
    found["threads.get"] = await sdk.threads.get(thread)
    found["threads.get_history"] = await sdk.threads.get_history(thread)
    found["threads.search"] = await sdk.threads.search(metadata={"a": 1})
    found["threads.search, selected"] = await sdk.threads.search(
        metadata={"a": 1}, select=["thread_id", "status"]
    )
    found["threads.count"] = await sdk.threads.count(metadata={"a": 1})
    found["threads.update"] = await sdk.threads.update(thread, metadata={"b": 2})
    found["threads.update_state"] = await sdk.threads.update_state(
        thread, {"answer": "other"}, as_node="search"
    )
    found["threads.get_state, edited"] = await sdk.threads.get_state(thread)
    found["threads.copy"] = await sdk.threads.copy(thread)
    told = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(told, "agent", input={"query": "q"})
    found["runs.wait, command"] = await sdk.runs.wait(
        told, "agent", command={"resume": "yes", "update": {"found": 8}}
    )
    found["runs.wait, command alone"] = await sdk.runs.wait(
        told, "agent", command={"update": {"query": "other"}, "goto": "search"}
    )

    chat = (await sdk.threads.create())["thread_id"]
    for name, mode in (("messages-tuple", "messages-tuple"), ("messages", ["messages", "values"])):
        asked = {"messages": [{"role": "user", "content": "hi", "id": name}]}
        found[f"runs.stream, {name}"] = await _parts(
            sdk.runs.stream(chat, "chat", input=asked, stream_mode=mode)  # type: ignore[arg-type]
        )
    for mode in ("values", "updates"):
        found[f"runs.stream, subgraphs, {mode}"] = await _parts(
            sdk.runs.stream(
                None,
                "nested",
                input={"query": "q"},
                stream_mode=mode,  # type: ignore[arg-type]
                stream_subgraphs=True,
            )
        )
    for graph, asked in (
        ("agent", {"query": "q"}),
        ("chat", {"messages": [{"role": "user", "content": "hi", "id": "events"}]}),
        ("nested", {"query": "q"}),
    ):
        found[f"runs.stream, events, {graph}"] = await _parts(
            sdk.runs.stream(
                None,
                graph,
                input=asked,
                # How callbacks and what subgraphs tell are told between each other is another there.
                stream_mode=["events"] if graph == "nested" else ["events", "updates"],  # type: ignore[arg-type]
                stream_subgraphs=True,
                config={"run_name": f"the {graph}"},  # type: ignore[typeddict-unknown-key]
            )
        )
    found["threads.join_stream"] = await _joined(sdk)
    found["runs.stream, fails"] = await _parts(
        sdk.runs.stream(None, "broken", input={"seconds": 1}, stream_mode=["values", "updates"])
    )
    found["runs.wait"] = await sdk.runs.wait(None, "slow", input={"seconds": 0})
    found["runs.wait, fails"] = await sdk.runs.wait(
        None, "broken", input={"seconds": 0}, raise_error=False
    )
    slow = (await sdk.threads.create())["thread_id"]
    run = await sdk.runs.create(slow, "slow", input={"seconds": 30}, metadata={"m": 1})
    found["runs.create"] = run
    for url in ("http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]/x", "/x", "ftp://a/b"):
        refused = sdk.runs.create(None, "slow", input={"seconds": 0}, webhook=url)
        found[f"runs.create, webhook {url}"] = await _refused(refused)
    rejected = sdk.runs.create(slow, "slow", input={}, multitask_strategy="reject")
    found["runs.create, rejected"] = await _refused(rejected)
    second = await sdk.runs.create(slow, "slow", input={"seconds": 0})
    await sdk.runs.cancel(slow, run["run_id"], wait=True)
    found["runs.join"] = await sdk.runs.join(slow, second["run_id"])
    found["runs.get, cancelled"] = await sdk.runs.get(slow, run["run_id"])
    found["threads.get, after cancel"] = await sdk.threads.get(slow)
    found["runs.delete"] = await sdk.runs.delete(slow, second["run_id"])
    found["runs.get, gone"] = await _refused(sdk.runs.get(slow, second["run_id"]))
    found["runs.wait, stopped before"] = await sdk.runs.wait(
        slow, "slow", input={"seconds": 0}, interrupt_before=["wait"]
    )
    found["threads.get_state, stopped"] = (await sdk.threads.get_state(slow))["next"]
    found["runs.wait, goes on"] = await sdk.runs.wait(slow, "slow", input=None)
    found["runs.create, no assistant"] = await _refused(sdk.runs.create(None, "nothing", input={}))

    await sdk.store.put_item(["a", "b"], "k", {"v": 1})
    found["store.get_item"] = await sdk.store.get_item(["a", "b"], "k")
    found["store.search_items"] = await sdk.store.search_items(["a"])
    found["store.list_namespaces"] = await sdk.store.list_namespaces(prefix=["a"])
    await sdk.store.delete_item(["a", "b"], "k")
    found["store.get_item, gone"] = await sdk.store.get_item(["a", "b"], "k")
    found["threads.delete"] = await sdk.threads.delete(thread)
    found["threads.get, gone"] = await _refused(sdk.threads.get(thread))
    return found


def differences(theirs: Any, ours: Any, path: str = "") -> list[str]:
    """Where two values differ, as paths with what is there."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        found = []
        for name in [*theirs, *(one for one in ours if one not in theirs)]:
            place = f"{path}.{name}"
            if name not in ours:
                found.append(f"{place}: not here")
            elif name not in theirs:
                found.append(f"{place}: only here")
            else:
                found += differences(theirs[name], ours[name], place)
        return found
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        return [
            one
            for index, (left, right) in enumerate(zip(theirs, ours, strict=True))
            for one in differences(left, right, f"{path}[{index}]")
        ]
    return [] if theirs == ours else [f"{path}: {theirs!r} there, {ours!r} here"]
