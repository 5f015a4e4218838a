"""LangGraph's Python SDK against every endpoint."""

import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from langgraph_sdk.errors import ConflictError, NotFoundError, UnprocessableEntityError

from tests.support.server_process import ServerProcess

AGENT_ID = "fe096781-5601-53d2-b2f6-0d3403f7e9ca"
"""Of the graph `agent`, as LangGraph's server derives it."""


async def parts_of(stream: Any) -> list[tuple[str, Any]]:
    return [(part.event, part.data) async for part in stream]


async def test_every_graph_has_its_assistant(sdk: Any) -> None:
    found = await sdk.assistants.search(graph_id="agent")
    assert [one["assistant_id"] for one in found] == [AGENT_ID]
    assert await sdk.assistants.get(AGENT_ID) == found[0]
    assert found[0]["metadata"] == {"created_by": "system"}
    graph = await sdk.assistants.get_graph(AGENT_ID)
    assert [node["id"] for node in graph["nodes"]] == ["__start__", "search", "approve", "__end__"]
    assert {"source": "search", "target": "approve"} in graph["edges"]
    schemas = await sdk.assistants.get_schemas(AGENT_ID)
    assert schemas["graph_id"] == "agent"
    assert set(schemas["state_schema"]["properties"]) == {"query", "found", "answer", "log"}
    nested = (await sdk.assistants.search(graph_id="nested"))[0]
    assert list(await sdk.assistants.get_subgraphs(nested["assistant_id"])) == ["deep"]


async def test_an_assistant_of_ones_own(sdk: Any) -> None:
    made = await sdk.assistants.create("agent", name="mine", metadata={"x": 1})
    id = made["assistant_id"]
    assert (made["version"], made["name"]) == (1, "mine")
    changed = await sdk.assistants.update(id, name="other", metadata={"y": 2})
    assert (changed["version"], changed["metadata"]) == (2, {"x": 1, "y": 2})
    assert [one["version"] for one in await sdk.assistants.get_versions(id)] == [2, 1]
    assert (await sdk.assistants.set_latest(id, 1))["name"] == "mine"
    assert await sdk.assistants.count(metadata={"x": 1}) == 1
    thread = await sdk.threads.create()
    run = await sdk.runs.create(thread["thread_id"], id, input={"query": "q"})
    assert run["assistant_id"] == id
    await sdk.runs.join(thread["thread_id"], run["run_id"])
    with pytest.raises(ConflictError):
        await sdk.assistants.create("agent", assistant_id=id)
    same = await sdk.assistants.create("agent", assistant_id=id, if_exists="do_nothing")
    assert same["assistant_id"] == id
    await sdk.assistants.delete(id)
    with pytest.raises(NotFoundError):
        await sdk.assistants.get(id)
    with pytest.raises(ConflictError):
        await sdk.assistants.delete(AGENT_ID)


async def test_a_thread_before_any_run(sdk: Any) -> None:
    id = str(uuid.uuid4())
    made = await sdk.threads.create(thread_id=id, metadata={"a": 1})
    assert (made["thread_id"], made["status"], made["values"]) == (id, "idle", None)
    with pytest.raises(ConflictError):
        await sdk.threads.create(thread_id=id)
    again = await sdk.threads.create(thread_id=id, if_exists="do_nothing", metadata={"a": 2})
    assert again["metadata"] == {"a": 1}
    assert (await sdk.threads.update(id, metadata={"b": 2}))["metadata"] == {"a": 1, "b": 2}
    assert (await sdk.threads.get_state(id))["values"] == {}
    assert await sdk.threads.get_history(id) == []
    assert [one["thread_id"] for one in await sdk.threads.search(metadata={"b": 2})] == [id]
    assert await sdk.threads.count(metadata={"b": 2}) == 1
    await sdk.threads.delete(id)
    with pytest.raises(NotFoundError):
        await sdk.threads.get(id)


async def test_a_run_that_asks_and_is_answered(sdk: Any) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    stream = sdk.runs.stream(
        thread, "agent", input={"query": "q"}, stream_mode=["values", "updates", "custom"]
    )
    parts = await parts_of(stream)
    assert parts[0][0] == "metadata"
    (asked,) = parts[-1][1].pop("__interrupt__")
    assert asked["value"] == {"question": "Send it?"}
    assert parts[1:-2] == [
        ("values", {"query": "q", "log": []}),
        ("custom", {"searching": "q"}),
        ("updates", {"search": {"found": 3, "log": ["searched"]}}),
        ("values", {"query": "q", "found": 3, "log": ["searched"]}),
    ]
    assert parts[-2] == ("updates", {"__interrupt__": [asked]})
    assert parts[-1] == ("values", {"query": "q", "found": 3, "log": ["searched"]})
    waits = await sdk.threads.get(thread)
    assert waits["status"] == "interrupted"
    ((task_id, questions),) = waits["interrupts"].items()
    assert questions == [{"id": asked["id"], "value": {"question": "Send it?"}}]
    state = await sdk.threads.get_state(thread)
    assert (state["next"], state["tasks"][0]["id"]) == (["approve"], task_id)
    resumed = await parts_of(
        sdk.runs.stream(
            thread, "agent", command={"resume": "yes"}, stream_mode=["values", "updates"]
        )
    )
    end = {"query": "q", "found": 3, "answer": "3 trials, yes", "log": ["searched", "approved"]}
    assert resumed[1:] == [
        ("values", {"query": "q", "found": 3, "log": ["searched"]}),
        ("updates", {"approve": {"answer": "3 trials, yes", "log": ["approved"]}}),
        ("values", end),
    ]
    over = await sdk.threads.get(thread)
    assert (over["status"], over["values"], over["interrupts"]) == ("idle", end, {})
    runs = await sdk.runs.list(thread)
    assert [run["run_id"] for run in runs] == [resumed[0][1]["run_id"], parts[0][1]["run_id"]]
    history = await sdk.threads.get_history(thread, limit=3)
    assert [one["metadata"]["step"] for one in history] == [2, 1, 0]
    assert history[1]["tasks"][0]["interrupts"] == questions


async def test_the_tokens_of_a_message(sdk: Any) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    asked = {"messages": [{"role": "user", "content": "hi", "id": "h1"}]}
    parts = await parts_of(
        sdk.runs.stream(thread, "chat", input=asked, stream_mode="messages-tuple")
    )
    pieces = [data for name, data in parts if name == "messages"]
    assert "".join(piece["content"] for piece, _ in pieces) == "one two three"
    assert {piece["type"] for piece, _ in pieces} == {"AIMessageChunk"}
    assert {metadata["langgraph_node"] for _, metadata in pieces} == {"respond"}
    again = {"messages": [{"role": "user", "content": "hi", "id": "h2"}]}
    parts = await parts_of(
        sdk.runs.stream(thread, "chat", input=again, stream_mode=["messages", "values"])
    )
    names = [name for name, _ in parts]
    assert names[:3] == ["metadata", "values", "messages/metadata"]
    partial = [data[0]["content"] for name, data in parts if name == "messages/partial"]
    assert partial == ["one", "one ", "one two", "one two ", "one two three"]
    assert names[-1] == "values"
    assert [one["id"] for one in parts[1][1]["messages"]] == ["h1", "run-fixed", "h2"]


async def test_what_subgraphs_do(sdk: Any) -> None:
    stream = sdk.runs.stream(
        None,
        "nested",
        input={"query": "q"},
        stream_mode=["values", "updates"],
        stream_subgraphs=True,
    )
    found = [(name.partition(":")[0], data) for name, data in await parts_of(stream)]
    assert found[1:] == [
        ("values", {"query": "q"}),
        ("values|deep", {"query": "q"}),
        ("updates|deep", {"inner_a": {"found": 1}}),
        ("values|deep", {"query": "q", "found": 1}),
        ("updates|deep", {"inner_b": {"answer": "q: 1"}}),
        ("values|deep", {"query": "q", "found": 1, "answer": "q: 1"}),
        ("updates", {"deep": {"query": "q", "found": 1, "answer": "q: 1"}}),
        ("values", {"query": "q", "found": 1, "answer": "q: 1"}),
        ("updates", {"finish": {"answer": "q: 1!"}}),
        ("values", {"query": "q", "found": 1, "answer": "q: 1!"}),
    ]


async def test_a_run_that_fails(sdk: Any) -> None:
    parts = await parts_of(sdk.runs.stream(None, "broken", input={"seconds": 1}))
    assert parts[-1] == ("error", {"error": "ValueError", "message": "this is wrong"})
    with pytest.raises(Exception, match="this is wrong"):
        await sdk.runs.wait(None, "broken", input={"seconds": 1})


async def test_a_state_that_nothing_goes_on_from_is_shown(sdk: Any) -> None:
    """Nodes beside each other wrote what does not go together: the run fails, and its thread can still be looked at."""
    thread = (await sdk.threads.create())["thread_id"]
    send = {"goto": {"node": "search", "input": {"query": "sent"}}}
    with pytest.raises(Exception, match="InvalidUpdateError"):
        await sdk.runs.wait(thread, "agent", command={"update": {"query": "q"}, **send})
    assert (await sdk.threads.get(thread))["status"] == "error"
    state = await sdk.threads.get_state(thread, subgraphs=True)
    assert (state["values"], state["next"]) == ({"query": "q", "log": []}, ["search", "search"])
    history = await sdk.threads.get_history(thread)
    assert history[0]["checkpoint"] == state["checkpoint"]
    at = await sdk.threads.get_state(thread, checkpoint=state["checkpoint"])
    assert at["values"] == state["values"]


@pytest.mark.parametrize("stateless", [False, True])
async def test_a_run_that_is_made_is_pending(sdk: Any, stateless: bool) -> None:
    """As with LangGraph's server, also where there is a place for it at once."""
    thread = None if stateless else (await sdk.threads.create())["thread_id"]
    made = await sdk.runs.create(
        thread, "slow", input={"seconds": 0}, **({"on_completion": "keep"} if stateless else {})
    )
    assert (made["status"], made["updated_at"]) == ("pending", made["created_at"])
    await sdk.runs.join(made["thread_id"], made["run_id"])
    assert (await sdk.runs.get(made["thread_id"], made["run_id"]))["status"] == "success"


async def test_a_busy_thread(sdk: Any) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    first = await sdk.runs.create(thread, "slow", input={"seconds": 60}, metadata={"m": 1})
    with pytest.raises(ConflictError):
        await sdk.runs.create(thread, "slow", input={"seconds": 0}, multitask_strategy="reject")
    line = [await sdk.runs.create(thread, "slow", input={"seconds": 0}) for _ in range(2)]
    assert [one["status"] for one in line] == ["pending", "pending"]
    await sdk.runs.cancel(thread, line[0]["run_id"])
    await sdk.runs.cancel(thread, first["run_id"], wait=True)
    assert await sdk.runs.join(thread, line[1]["run_id"]) == {"seconds": 0, "done": True}
    runs = await sdk.runs.list(thread)
    assert {one["run_id"]: one["status"] for one in runs} == {
        first["run_id"]: "interrupted",
        line[0]["run_id"]: "interrupted",
        line[1]["run_id"]: "success",
    }
    assert (await sdk.runs.get(thread, first["run_id"]))["metadata"]["m"] == 1


@pytest.mark.parametrize(("strategy", "left"), [("interrupt", 2), ("rollback", 1)])
async def test_a_run_that_takes_anothers_place(sdk: Any, strategy: str, left: int) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    first = await sdk.runs.create(thread, "slow", input={"seconds": 60})
    async for part in sdk.runs.join_stream(
        thread, first["run_id"], stream_mode="tasks", last_event_id="-1"
    ):
        if part.event == "tasks":
            break
    done = await sdk.runs.wait(thread, "slow", input={"seconds": 0}, multitask_strategy=strategy)
    assert done == {"seconds": 0, "done": True}
    runs = await sdk.runs.list(thread)
    assert len(runs) == left
    history = await sdk.threads.get_history(thread, limit=100)
    of_first = [one for one in history if one["metadata"].get("run_id") == first["run_id"]]
    assert bool(of_first) == (strategy == "interrupt")


async def test_a_state_that_is_edited(sdk: Any) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(thread, "agent", input={"query": "q"})
    made = await sdk.threads.update_state(thread, {"found": 9}, as_node="search")
    state = await sdk.threads.get_state(thread)
    assert state["checkpoint"] == made["checkpoint"]
    assert (state["values"]["found"], state["next"]) == (9, ["approve"])
    assert state["metadata"]["source"] == "update"
    asked = await sdk.runs.wait(thread, "agent", input=None)
    assert asked["__interrupt__"][0]["value"] == {"question": "Send it?"}
    done = await sdk.runs.wait(thread, "agent", command={"resume": "no"})
    assert done["answer"] == "9 trials, no"


async def test_a_branch_from_an_earlier_state(sdk: Any) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    for text in ("a", "b"):
        await sdk.runs.wait(
            thread, "chat", input={"messages": [{"role": "user", "content": text, "id": text}]}
        )
    history = await sdk.threads.get_history(thread, limit=100)
    before = next(
        one
        for one in history
        if [m["id"] for m in one["values"].get("messages", [])] == ["a", "run-fixed"]
        and not one["next"]
    )
    branch = await sdk.runs.wait(
        thread,
        "chat",
        input={"messages": [{"role": "user", "content": "c", "id": "c"}]},
        checkpoint=before["checkpoint"],
    )
    assert [one["id"] for one in branch["messages"]] == ["a", "run-fixed", "c"]
    assert (await sdk.threads.get_state(thread, checkpoint=before["checkpoint"]))[
        "values"
    ] == before["values"]


async def test_stops_before_and_after_nodes(sdk: Any) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(thread, "nested", input={"query": "q"}, interrupt_before=["finish"])
    assert (await sdk.threads.get_state(thread))["next"] == ["finish"]
    assert (await sdk.threads.get(thread))["status"] == "interrupted"
    assert (await sdk.runs.wait(thread, "nested", input=None))["answer"] == "q: 1!"


async def test_a_stream_that_is_joined_again(sdk: Any) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    run = await sdk.runs.create(
        thread, "chat", input={"messages": [{"role": "user", "content": "a"}]}
    )
    await sdk.runs.join(thread, run["run_id"])
    modes = ["updates", "messages-tuple"]
    whole = [
        (part.id, part.event)
        async for part in sdk.runs.join_stream(
            thread, run["run_id"], stream_mode=modes, last_event_id="-1"
        )
    ]
    assert [name for _, name in whole] == ["metadata", *["messages"] * 5, "updates"]
    rest = [
        (part.id, part.event)
        async for part in sdk.runs.join_stream(
            thread, run["run_id"], stream_mode=modes, last_event_id=whole[3][0]
        )
    ]
    assert rest == whole[4:]


async def test_a_threads_stream_goes_on_where_it_was_left(sdk: Any) -> None:
    """Who follows a thread and comes back misses no part of any of its runs, and gets none twice."""
    thread = (await sdk.threads.create())["thread_id"]
    for modes in ("updates", ["values", "updates"]):
        run = await sdk.runs.create(thread, "slow", input={"seconds": 0}, stream_mode=modes)
        await sdk.runs.join(thread, run["run_id"])

    async def parts(last: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        async for part in await sdk.threads.join_stream(thread, last_event_id=last):
            found.append((part.id, part.event))
            if "run_done" in str(part.data) and part.data["run_id"] == run["run_id"]:
                break
        return found

    whole = await parts("-1")
    names = [name for _, name in whole]
    second = ["metadata", "values", "updates", "values", "metadata"]
    assert names == ["metadata", "updates", "metadata", *second]
    for index, (id, _) in enumerate(whole[:-1]):
        assert await parts(id) == whole[index + 1 :]


async def test_callbacks_are_told_of_a_run_that_was_started_so(sdk: Any) -> None:
    """`events` is a stream of its own, can be joined again, and is refused with a reason where nothing was kept."""
    thread = (await sdk.threads.create())["thread_id"]
    asked = {"messages": [{"role": "user", "content": "a"}]}
    told = await parts_of(sdk.runs.stream(thread, "chat", input=asked, stream_mode="events"))
    names = [part["event"] for name, part in told if name == "events"]
    assert names[0] == "on_chain_start"
    assert names.count("on_chat_model_stream") >= 3
    assert names[-1] == "on_chain_end"
    assert "stepwire_" not in str([part["metadata"] for name, part in told if name == "events"])
    run_id = told[0][1]["run_id"]
    again = sdk.runs.join_stream(thread, run_id, stream_mode="events", last_event_id="-1")
    assert await parts_of(again) == told
    plain = await sdk.runs.create(thread, "chat", input=asked)
    with pytest.raises(UnprocessableEntityError, match="not started with"):
        await parts_of(sdk.runs.join_stream(thread, plain["run_id"], stream_mode="events"))


async def test_copies_and_pruning(sdk: Any) -> None:
    thread = (await sdk.threads.create(metadata={"a": 1}))["thread_id"]
    await sdk.runs.wait(thread, "slow", input={"seconds": 0})
    copy = await sdk.threads.copy(thread)
    assert copy["thread_id"] != thread
    assert copy["values"] == {"seconds": 0, "done": True}
    assert len(await sdk.threads.get_history(copy["thread_id"])) == len(
        await sdk.threads.get_history(thread)
    )
    await sdk.threads.prune([thread], strategy="keep_latest")
    assert len(await sdk.threads.get_history(thread)) == 1
    assert await sdk.threads.prune([thread, copy["thread_id"]]) == {"pruned_count": 2}
    with pytest.raises(NotFoundError):
        await sdk.threads.get(thread)


async def test_runs_without_a_thread(sdk: Any) -> None:
    assert await sdk.runs.wait(None, "slow", input={"seconds": 0}) == {"seconds": 0, "done": True}
    batch = await sdk.runs.create_batch(
        [
            {
                "assistant_id": "slow",
                "input": {"seconds": 0},
                "on_completion": "keep",
                "metadata": {"batch": 7},
            }
        ]
        * 2
    )
    assert len(batch) == 2
    assert await sdk.threads.count(metadata={"batch": 7}) == 2


async def test_a_run_that_begins_later(sdk: Any) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    late = await sdk.runs.create(thread, "slow", input={"seconds": 0}, after_seconds=3600)
    assert (await sdk.runs.get(thread, late["run_id"]))["status"] == "pending"
    await sdk.runs.cancel(thread, late["run_id"], wait=True)
    began = time.monotonic()
    run = await sdk.runs.create(thread, "slow", input={"seconds": 0}, after_seconds=2)
    assert await sdk.runs.join(thread, run["run_id"]) == {"seconds": 0, "done": True}
    # The server counts whole milliseconds.
    assert time.monotonic() - began > 1.99


@pytest.mark.parametrize("path", ["/runs", "/runs/wait", "/runs/stream"])
@pytest.mark.parametrize("threadless", [True, False])
async def test_every_way_to_start_a_run_can_be_told_to_wait(
    sdk: Any, path: str, threadless: bool
) -> None:
    """`after_seconds`: it has not begun before, and then it is whole."""
    thread = (await sdk.threads.create())["thread_id"]
    mark = str(uuid.uuid4())
    asked = {
        "assistant_id": "slow",
        "input": {"seconds": 0},
        "after_seconds": 1.5,
        "on_completion": "keep",
        "metadata": {"later": mark},
    }
    if not threadless:
        path = f"/threads/{thread}{path}"
    before = datetime.now(UTC)
    await sdk.http.client.post(path, json=asked, timeout=90)
    if threadless:
        (found,) = await sdk.threads.search(metadata={"later": mark})
        thread = found["thread_id"]
    (run,) = await sdk.runs.list(thread)
    assert await sdk.runs.join(thread, run["run_id"]) == {"seconds": 0, "done": True}
    run = await sdk.runs.get(thread, run["run_id"])
    assert run["status"] == "success"
    # Times are told in milliseconds.
    ended = datetime.fromisoformat(run["updated_at"])
    assert ended - before >= timedelta(seconds=1.5, milliseconds=-1)


async def test_what_a_command_says_is_shown_where_nothing_else_was_done(sdk: Any) -> None:
    """A node that asks again saves no state; what was told beside is in all that is shown."""
    thread = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(thread, "agent", input={"query": "q"})
    told = {"update": {"query": "other", "log": ["told"]}}
    asks = await sdk.runs.wait(thread, "agent", command=told)
    shown = (await sdk.threads.get(thread))["values"]
    state = (await sdk.threads.get_state(thread))["values"]
    (found,) = await sdk.threads.search(ids=[thread])
    for values in (asks, shown, state, found["values"]):
        assert (values["query"], values["log"]) == ("other", ["searched", "told"])
    assert asks["__interrupt__"][0]["value"] == {"question": "Send it?"}
    done = await sdk.runs.wait(thread, "agent", command={"resume": "yes"})
    assert (done["query"], done["log"]) == ("other", ["searched", "told", "approved"])


async def test_a_run_is_removed(sdk: Any) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    run = await sdk.runs.create(thread, "slow", input={"seconds": 0})
    await sdk.runs.join(thread, run["run_id"])
    await sdk.runs.delete(thread, run["run_id"])
    assert await sdk.runs.list(thread) == []
    with pytest.raises(NotFoundError):
        await sdk.runs.get(thread, run["run_id"])


async def test_what_is_remembered(sdk: Any) -> None:
    await sdk.store.put_item(["a", "b"], "k", {"v": 1})
    assert (await sdk.store.get_item(["a", "b"], "k"))["value"] == {"v": 1}
    found = await sdk.store.search_items(["a"], filter={"v": 1})
    assert [one["key"] for one in found["items"]] == ["k"]
    assert (await sdk.store.list_namespaces(prefix=["a"]))["namespaces"] == [["a", "b"]]
    await sdk.store.delete_item(["a", "b"], "k")
    assert (await sdk.store.search_items(["a"]))["items"] == []


ITEM: Any = {"namespace": ["odd"], "key": "k", "value": {"v": 1}}
UNKEPT: list[tuple[str, str, Any, str]] = [
    ("PUT", "items", {**ITEM, "value": {"v": 10**30}}, "$.value"),
    ("PUT", "items", {**ITEM, "value": {"v": -(2**63) - 1}}, "$.value"),
    ("PUT", "items", {**ITEM, "namespace": ["odd", "\0"]}, "$.namespace"),
    ("PUT", "items", {**ITEM, "ttl": 1e300}, "$.ttl"),
    ("POST", "items/search", {"namespace_prefix": [""]}, "$.namespace_prefix"),
    ("POST", "items/search", {"namespace_prefix": ["a.b"]}, "$.namespace_prefix"),
    ("POST", "items/search", {"namespace_prefix": ["\0"]}, "$.namespace_prefix"),
    ("POST", "items/search", {"namespace_prefix": [], "offset": 10**20}, "$.offset"),
    ("POST", "namespaces", {"prefix": [""]}, "$.prefix"),
    ("POST", "namespaces", {"suffix": ["a."]}, "$.suffix"),
    ("POST", "namespaces", {"max_depth": 10**20}, "$.max_depth"),
    *(
        ("POST", "items/search", {"namespace_prefix": ["odd"], "filter": {name: wanted}}, f"$.filter.{name}")
        for name, wanted in {
            "w": {"$eq": 1, "b": 2}, "x": {"a": [{"$no": 1}]}, "y": 10**30,
        }.items()
    ),
]  # fmt: skip
"""What LangGraph's stores raise for."""


@pytest.mark.parametrize(("verb", "path", "body", "where"), UNKEPT)
def test_what_no_memory_takes_is_refused_and_no_fault(
    served: ServerProcess, verb: str, path: str, body: Any, where: str
) -> None:
    answer = httpx.request(verb, f"{served.http_url}/store/{path}", json=body, timeout=60)
    assert (answer.status_code, answer.json()["path"]) == (422, where), answer.text


async def test_items_are_found_by_what_is_in_their_objects(sdk: Any) -> None:
    space = str(uuid.uuid4())
    values: dict[str, Any] = {
        "one": {"o": {"a": 1, "b": [9, {"c": "x"}]}},
        "two": {"a b": {"n": 10}},
    }
    for key, value in values.items():
        await sdk.store.put_item([space], key, value)
    for wanted, keys in (
        ({"o": {"a": 1}}, ["one"]),
        ({"o": {"b": [9, {"c": "x"}]}}, ["one"]),
        ({"o": {"a": 2}}, []),
        ({"a b": {"n": {"$gt": 9}}}, ["two"]),
    ):
        found = await sdk.store.search_items([space], filter=wanted)
        assert [one["key"] for one in found["items"]] == keys, wanted


async def test_what_is_refused(sdk: Any) -> None:
    with pytest.raises(UnprocessableEntityError, match="nothing"):
        await sdk.runs.create(None, "nothing", input={})
    with pytest.raises(NotFoundError):
        await sdk.runs.create(str(uuid.uuid4()), "slow", input={"seconds": 0})
    made = str(uuid.uuid4())
    done = await sdk.runs.wait(made, "slow", input={"seconds": 0}, if_not_exists="create")
    assert done == {"seconds": 0, "done": True}
    with pytest.raises(httpx.HTTPStatusError) as refused:
        await sdk.crons.create("slow", schedule="* * * * *", input={})
    assert refused.value.response.status_code == 501
    assert "POST /runs" in refused.value.response.json()["detail"]
