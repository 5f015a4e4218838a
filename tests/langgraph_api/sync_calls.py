"""Every method of LangGraph's synchronous SDK, with each of its parameters: as `calls.py`."""

import inspect
import uuid
from collections.abc import Callable
from typing import Any

from langgraph_sdk.client import SyncLangGraphClient

ROOMS = ("assistants", "threads", "runs", "store")

ELSEWHERE = {
    "threads.stream": "of the agent streaming protocol: `test_agent_protocol.py`",
    "threads.join_stream": "it never ends: `calls.py`, `test_python_sdk.py`",
    "runs.cancel_many(status)": "of all threads, also those of other tests: `test_request_fields.py`",
    "runs.create(webhook)": "`test_webhooks.py`",
    "runs.wait(webhook)": "the same",
    "runs.stream(webhook)": "the same",
    "runs.stream(feedback_keys)": "of an account of LangSmith's: `test_agent_commands.py`",
    "runs.create(langsmith_tracing)": "of an account of LangSmith's: `test_request_fields.py`",
    "runs.wait(langsmith_tracing)": "the same",
    "runs.stream(langsmith_tracing)": "the same",
}
"""What is not called here, and why."""


class Calls:
    """Makes the calls at one server. `found`: what each was answered, by its number and name; `made`: what was called with what."""

    def __init__(self, sdk: SyncLangGraphClient) -> None:
        self.sdk = sdk
        self.found: dict[str, Any] = {}
        self.made: set[str] = set()

    def __call__(self, name: str, /, *args: Any, **more: Any) -> Any:
        """What the method gives; the status, where it is refused."""
        room, _, method = name.partition(".")
        call = getattr(getattr(self.sdk, room), method)
        bound = inspect.signature(call).bind(*args, **more)
        self.made |= {name, *(f"{name}({one})" for one in bound.arguments)}
        told = f"{len(self.found)} {name}({', '.join(bound.arguments)})"
        try:
            made = call(*args, **more)
            if inspect.isgenerator(made) or hasattr(made, "__next__"):
                made = [_part(one) for one in made]
        except Exception as error:
            response = getattr(error, "response", None)
            self.found[told] = {"status": getattr(response, "status_code", repr(error))}
            return self.found[told]
        self.found[told] = made
        return made

    def left_out(self) -> set[str]:
        """The methods and parameters that no call has."""
        wanted: set[str] = set()
        for room in ROOMS:
            for method, call in inspect.getmembers(getattr(self.sdk, room), callable):
                if not method.startswith("_"):
                    name = f"{room}.{method}"
                    given = set(inspect.signature(call).parameters) - {"headers", "params"}
                    wanted |= {name, *(f"{name}({one})" for one in given)}
        return {
            one
            for one in wanted - self.made
            if one not in ELSEWHERE and one.partition("(")[0] not in ELSEWHERE
        }


def _part(one: Any) -> Any:
    return dict(one) if isinstance(one, dict) else [one.event, one.data]


def _assistants(call: Calls) -> None:
    mark = {"mark": str(uuid.uuid4())}
    id = str(uuid.uuid4())
    more = {"if_exists": "raise", "name": "mine", "description": "own"}
    call("assistants.create", "slow", {"tags": ["t"]}, metadata=mark, assistant_id=id, **more)
    call("assistants.create", "slow", assistant_id=id, if_exists="do_nothing")
    call("assistants.create", "slow", context={"a": 1}, metadata=mark)
    call("assistants.get", id)
    call("assistants.update", id, graph_id="nested", name="other", description="other")
    call("assistants.update", id, config={"tags": ["u"]}, metadata={"more": 1})
    call("assistants.update", id, context={"b": 2})
    for xray in (False, True, 1):
        call("assistants.get_graph", id, xray=xray)
    call("assistants.get_schemas", id)
    for given in ({"recurse": True}, {"namespace": "deep"}, {"namespace": "no"}):
        call("assistants.get_subgraphs", id, **given)
    call("assistants.get_versions", id, metadata=mark, limit=2, offset=1)
    call("assistants.set_latest", id, 1)
    call("assistants.set_latest", id, version=2)
    for given in (
        {"graph_id": "nested"}, {"name": "OTH"}, {"limit": 1}, {"limit": 1, "offset": 1}, {"response_format": "object"},
        {"sort_by": "name", "sort_order": "asc"}, {"sort_by": "created_at", "sort_order": "desc"}, {"select": ["name", "version"]},
    ):  # fmt: skip
        call("assistants.search", metadata=mark, **given)
    call("assistants.count", metadata=mark, graph_id="nested", name="other")
    call("assistants.delete", id, delete_threads=True)
    call("assistants.delete", id)


def _threads(call: Calls) -> None:
    mark = {"mark": str(uuid.uuid4())}
    id = str(uuid.uuid4())
    steps = [{"updates": [{"values": {"query": "q"}, "as_node": "__start__"}]}]
    call("threads.create", metadata=mark, thread_id=id, if_exists="raise")
    call("threads.create", thread_id=id, if_exists="raise")
    call("threads.create", thread_id=id, if_exists="do_nothing", ttl=90)
    call("threads.create", metadata=mark, graph_id="agent", supersteps=steps)
    call("threads.get", id)
    call("threads.update", id, metadata={"more": 1}, ttl={"ttl": 90, "strategy": "delete"})
    call("threads.update", id, metadata={"more": 2}, return_minimal=True)
    call("threads.get", id, include=["ttl"])
    call("runs.wait", id, "agent", input={"query": "q"})
    call("threads.get_state", id, subgraphs=True)
    call("threads.get_state", id, select=["values", "next"])
    history = call("threads.get_history", id, limit=2, select=["checkpoint", "values"])
    place = history[-1]["checkpoint"]
    call("threads.get_state", id, place)
    call("threads.get_state", id, checkpoint_id=place["checkpoint_id"])
    call("threads.get_history", id, before=place["checkpoint_id"])
    call("threads.get_history", id, before=place)
    call("threads.get_history", id, metadata={"step": 0}, checkpoint={"checkpoint_ns": ""})
    call("threads.update_state", id, {"found": 4}, as_node="search", checkpoint=place)
    call("threads.update_state", id, {"found": 5}, checkpoint_id=place["checkpoint_id"])
    call("threads.update_state", id, None)
    call("threads.update_state", id, [{"found": 6}, {"found": 7}])
    call("threads.copy", id)
    for given in (
        {"values": {"query": "q"}}, {"values": {"query": "no"}}, {"ids": [id]}, {"status": "idle"}, {"status": "interrupted"}, {"limit": 1},
        {"limit": 1, "offset": 1}, {"sort_by": "status", "sort_order": "asc"}, {"sort_by": "thread_id"}, {"sort_by": "state_updated_at"},
        {"select": ["thread_id", "values"]}, {"extract": {"q": "values.query", "no": "values.a[0]"}, "select": ["status"]},
    ):  # fmt: skip
        call("threads.search", metadata=mark, **given)
    call("threads.count", metadata=mark, values={"query": "q"}, status="idle")
    call("threads.prune", [id], strategy="keep_latest")
    call("threads.get_history", id, limit=100, select=["next"])
    call("threads.prune", thread_ids=[id, str(uuid.uuid4())], strategy="delete")
    call("threads.get", id)
    call("threads.delete", id)


def _runs(call: Calls) -> None:
    new: Callable[[], str] = lambda: str(call.sdk.threads.create()["thread_id"])  # noqa: E731
    made: list[Any] = []
    thread = new()
    asked = {"input": {"query": "q"}}
    call("runs.wait", thread, "agent", **asked)
    place = call.sdk.threads.get_history(thread)[-1]["checkpoint"]
    each: tuple[dict[str, Any], ...] = (
        {"metadata": {"a": 1}}, {"config": {"tags": ["t"], "recursion_limit": 9, "configurable": {"x": 1}}}, {"context": {"x": 1}},
        {"checkpoint_during": True}, {"interrupt_before": ["approve"]}, {"interrupt_after": "*"}, {"multitask_strategy": "enqueue"},
        {"after_seconds": 0}, {"durability": "async"}, {"if_not_exists": "create"}, {"checkpoint": place},
        {"checkpoint_id": place["checkpoint_id"]}, {"strict_resume": True}, {"on_run_created": made.append},
    )  # fmt: skip
    for given in each:
        # Back to where it begins.
        one = thread if "checkpoint" in given or "checkpoint_id" in given else new()
        call("runs.wait", one, "agent", **asked, **given)
        call("runs.stream", one, "agent", stream_mode="updates", **asked, **given)
        run = call("runs.create", one, "agent", **asked, **given)
        if "run_id" in run:
            call("runs.join", one, run["run_id"])
    for strict in (True, False):
        one = new()
        answer = {"resume": "yes"}
        call("runs.wait", one, "agent", command=answer, strict_resume=strict)
        call("runs.stream", one, "agent", command=answer, strict_resume=strict)
        call("runs.create", one, "agent", command=answer, strict_resume=strict)
    for given in (
        {"stream_subgraphs": True},
        {"stream_resumable": True},
        {"on_disconnect": "cancel"},
        {"version": "v2"},
        {"version": "v1"},
    ):
        call("runs.stream", new(), "nested", stream_mode=["values", "updates"], **asked, **given)
    for given in ({"on_completion": "keep"}, {"on_completion": "delete"}):
        call("runs.stream", None, "nested", stream_mode="values", **asked, **given)
        call("runs.wait", None, "nested", on_disconnect="continue", **asked, **given)
        call("runs.create", None, "nested", **asked, **given)
    for given in ({"raise_error": True}, {"raise_error": False}):
        call("runs.wait", None, "broken", input={"seconds": 1}, **given)
    modes = {"stream_mode": ["values", "tasks"], "stream_subgraphs": True, "stream_resumable": True}
    thread = new()
    run = call("runs.create", thread, "nested", **asked, **modes)
    call("runs.join", thread, run["run_id"])
    call("runs.get", thread, run["run_id"])
    call("runs.join_stream", thread, run["run_id"], stream_mode="values", last_event_id="-1")
    call("runs.join_stream", thread, run["run_id"], cancel_on_disconnect=True)
    for given in (
        {"limit": 1},
        {"offset": 1},
        {"status": "success"},
        {"status": "error"},
        {"select": ["run_id", "status"]},
    ):
        call("runs.list", thread, **given)
    call("runs.create_batch", [{"assistant_id": "nested", **asked, "on_completion": "keep"}])
    long = {"input": {"seconds": 600}}
    for action in ("interrupt", "rollback"):
        thread = new()
        run = call("runs.create", thread, "slow", **long)
        call("runs.cancel", thread, run["run_id"], wait=True, action=action)
    run = call("runs.create", thread, "slow", **long)
    call("runs.cancel_many", thread_id=thread, run_ids=[run["run_id"]], action="interrupt")
    call("runs.cancel_many", thread_id=thread, run_ids=[str(uuid.uuid4())])
    thread = new()
    run = call("runs.create", thread, "nested", **asked)
    call("runs.join", thread, run["run_id"])
    call("runs.delete", thread, run["run_id"])
    call("runs.get", thread, run["run_id"])


def _store(call: Calls) -> None:
    top = str(uuid.uuid4())
    for index in range(3):
        call("store.put_item", [top, f"n{index}"], f"k{index}", {"n": index}, index=False)
    call("store.put_item", [top, "n0"], "kept", {"n": 9}, ttl=60)
    within = {"n": 8, "o": {"a": 1, "b": [2, {"c": 3}]}, "a.b": {"d": 1}}
    call("store.put_item", [top, "n1"], "within", within)
    call("store.get_item", [top, "n0"], "k0", refresh_ttl=True)
    call("store.get_item", [top, "n0"], "none")
    for given in (
        {"filter": {"n": {"$gte": 1}}},
        {"filter": {"n": 1}},
        {"filter": {"o": {"a": 1}}},
        {"filter": {"o": {"b": [{"$gt": 1}, {}]}}},
        {"filter": {"o": {"a": {"$ne": 1}}}},
        {"filter": {"a.b": {"": None}}},
        {"limit": 1},
        {"limit": 2, "offset": 1},
        {"refresh_ttl": False},
    ):
        call("store.search_items", [top], **given)
    call("store.search_items", [top], query="one")
    for given in (
        {},
        {"suffix": ["n1"]},
        {"max_depth": 1},
        {"limit": 1},
        {"limit": 2, "offset": 1},
    ):
        call("store.list_namespaces", [top], **given)
    call("store.delete_item", [top, "n0"], "k0")
    call("store.delete_item", [top, "n0"], key="k0")
    call("store.get_item", [top, "n0"], "k0")


def answers(sdk: SyncLangGraphClient) -> Calls:
    """Make the calls, in order."""
    call = Calls(sdk)
    _assistants(call)
    _threads(call)
    _runs(call)
    _store(call)
    return call
