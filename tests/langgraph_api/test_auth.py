"""A project's `langgraph_sdk.Auth`: who calls, and which threads they see, as LangGraph's server heeds it."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph_sdk import get_client
from langgraph_sdk.errors import ConflictError, NotFoundError, PermissionDeniedError

from tests.langgraph_api.conftest import PROJECT
from tests.support.server_process import ServerProcess

AUTH = """
from langgraph_sdk import Auth

auth = Auth()
USERS = {"ann-key": "ann", "bob-key": "bob", "root-key": "root"}


@auth.authenticate
async def who(authorization: str | None, path: str, method: str):
    token = (authorization or "").removeprefix("Bearer ")
    if token not in USERS:
        raise Auth.exceptions.HTTPException(status_code=401, detail="no such user")
    return {"identity": USERS[token], "display_name": USERS[token].title(), "team": "blue"}


@auth.on
async def deny(ctx, value):
    return ctx.user.identity == "root"


@auth.on.threads
async def own(ctx, value):
    if value.get("metadata", {}).get("secret"):
        raise Auth.exceptions.HTTPException(status_code=403, detail="no secrets here")
    value["metadata"]["team"] = ctx.user["team"]
    value["metadata"].setdefault("kind", "own")
    return {"team": ctx.user["team"], "kind": "own"}


@auth.on.assistants
async def look(ctx, value):
    return ctx.action in ("read", "search")


@auth.on.store
async def scoped(ctx, value):
    value["namespace"] = (ctx.user.identity, *(value["namespace"] or ()))
    if ctx.action == "put":
        value["value"] = {**value["value"], "by": ctx.user.identity}
    if ctx.action == "search":
        return {"kind": "open"} if value["query"] == "open" else None


@auth.on.threads.create_run
async def no_bombs(ctx, value):
    assert value["kwargs"]["input"] != {"seconds": 999}, "too long"
    value["metadata"].update(team=ctx.user["team"], kind="own", told=str(value["run_id"]))
    return {"team": ctx.user["team"], "kind": "own"}
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("project")
    (folder / "graphs.py").write_text((PROJECT / "graphs.py").read_text())
    (folder / "rules.py").write_text(AUTH)
    project = {"graphs": {"slow": "./graphs.py:slow"}, "auth": {"path": "./rules.py:auth"}}
    (folder / "langgraph.json").write_text(json.dumps(project))
    process = ServerProcess([], folder / "data", cwd=folder)
    process.start()
    yield process
    process.close()


def of(server: ServerProcess, name: str) -> Any:
    return get_client(url=server.http_url, api_key=f"{name}-key")


def test_nobody_is_let_in_whom_it_does_not_know(guarded: ServerProcess) -> None:
    for headers in ({}, {"x-api-key": "eve-key"}):
        got = httpx.post(f"{guarded.http_url}/threads", json={}, headers=headers, trust_env=False)
        assert got.status_code == 401
        assert "no such user" in got.json()["detail"]


async def test_what_a_handler_adds_and_asks_for(guarded: ServerProcess) -> None:
    ann, bob = of(guarded, "ann"), of(guarded, "bob")
    made = await ann.threads.create(metadata={"a": 1})
    thread = made["thread_id"]
    assert made["metadata"] == {"a": 1, "team": "blue", "kind": "own"}
    assert await ann.runs.wait(thread, "slow", input={"seconds": 0}) == {"seconds": 0, "done": True}
    assert [one["thread_id"] for one in await ann.threads.search()] == [thread]
    # Another kind is not what the filter asks for: it is not there.
    other = (await ann.threads.create(metadata={"kind": "other"}))["thread_id"]
    with pytest.raises(NotFoundError):
        await ann.threads.get(other)
    with pytest.raises(NotFoundError):
        await ann.runs.create(other, "slow", input={"seconds": 0})
    assert await ann.threads.count() == 1
    # Bob is of the same team; what is Ann's is not his all the same.
    with pytest.raises(NotFoundError):
        await bob.threads.get(thread)
    assert await bob.threads.search() == []
    with pytest.raises(PermissionDeniedError, match="no secrets"):
        await ann.threads.create(metadata={"secret": True})


async def test_what_is_not_allowed(guarded: ServerProcess) -> None:
    ann = of(guarded, "ann")
    assert len(await ann.assistants.search()) == 1
    with pytest.raises(PermissionDeniedError):
        await ann.assistants.create("slow")


async def test_memories_of_ones_own(guarded: ServerProcess) -> None:
    ann = of(guarded, "ann")
    await ann.store.put_item(["notes"], "k", {"v": 1})
    item = await ann.store.get_item(["notes"], "k")
    # What a handler makes of a request holds, whatever of it.
    assert (item["namespace"], item["value"]) == (["ann", "notes"], {"v": 1, "by": "ann"})
    found = await ann.store.search_items(["notes"])
    assert [one["key"] for one in found["items"]] == ["k"]
    await ann.store.put_item(["notes"], "o", {"kind": "open"})
    # A filter that it gives is one of the search's.
    found = await ann.store.search_items(["notes"], query="open")
    assert [one["key"] for one in found["items"]] == ["o"]
    found = await ann.store.search_items(["notes"], query="open", filter={"by": "bob"})
    assert found["items"] == []
    listed = await ann.store.list_namespaces()
    assert listed["namespaces"] == [["ann", "notes"]]
    assert (await of(guarded, "bob").store.list_namespaces())["namespaces"] == []
    await ann.store.delete_item(["notes"], "o")
    assert await ann.store.get_item(["notes"], "o") is None


async def test_what_a_run_is_asked_with(guarded: ServerProcess) -> None:
    ann = of(guarded, "ann")
    thread = (await ann.threads.create())["thread_id"]
    with pytest.raises(PermissionDeniedError, match="too long"):
        await ann.runs.create(thread, "slow", input={"seconds": 999})
    assert await ann.runs.wait(thread, "slow", input={"seconds": 0})
    # The id that a rule was told is the run's, so that it may keep a record of its own.
    made = [await ann.runs.create(thread, "slow", input={"seconds": 0}) for _ in range(2)]
    assert [one["metadata"]["told"] for one in made] == [one["run_id"] for one in made]


async def test_many_threads_at_once_are_those_of_the_filter(guarded: ServerProcess) -> None:
    """Cancelled, pruned, made again: each where a filter asks for others."""
    ann = of(guarded, "ann")
    mine = (await ann.threads.create())["thread_id"]
    other = (await ann.threads.create(metadata={"kind": "other"}))["thread_id"]
    with pytest.raises(ConflictError):
        await ann.threads.create(thread_id=other, if_exists="do_nothing")
    assert (await ann.threads.create(thread_id=mine, if_exists="do_nothing"))["thread_id"] == mine
    assert await ann.threads.prune([mine, other]) == {"pruned_count": 1}
    root = of(guarded, "root")
    with pytest.raises(NotFoundError):
        await ann.threads.get(mine)
    # It is there still: whoever asks for its id is refused.
    with pytest.raises(ConflictError):
        await root.threads.create(thread_id=other)
    assert (await root.threads.create(thread_id=mine))["thread_id"] == mine


async def test_runs_of_other_threads_are_not_cancelled(guarded: ServerProcess) -> None:
    """The rule asks for a kind: that of the first thread is another one by then."""
    ann = of(guarded, "ann")
    kept = (await ann.threads.create(metadata={"kind": "other"}))["thread_id"]
    ended = (await ann.threads.create())["thread_id"]
    run = (await ann.runs.create(ended, "slow", input={"seconds": 998}))["run_id"]
    sleeping = {"graph": "slow", "input": {"seconds": 998}, "session_id": kept}
    rpc = {"jsonrpc": "2.0", "id": 1, "method": "query.start", "params": sleeping}
    async with httpx.AsyncClient(
        base_url=guarded.http_url, headers={"x-api-key": "ann-key"}, trust_env=False, timeout=60
    ) as http:
        started = (await http.post("/rpc", json=rpc)).json()
        assert started["result"]["session_id"] == kept, started
        await ann.runs.cancel_many(status="all")
        async with asyncio.timeout(90):
            while (await ann.runs.get(ended, run))["status"] in ("pending", "running"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        asked = {**rpc, "method": "session.get", "params": {"session_id": kept}}
        there = (await http.post("/rpc", json=asked)).json()
        assert there["result"]["status"] in ("queued", "running")
        await http.post("/rpc", json={**asked, "method": "query.cancel"})


SEARCHED = """
from langgraph_sdk import Auth

auth = Auth()


@auth.authenticate
async def who(authorization: str | None):
    return {"identity": "ann"}


@auth.on.threads.search
async def none(ctx, value):
    return False
"""


async def test_who_may_search_no_threads_lists_no_runs(tmp_path: Path) -> None:
    """A thread's runs are a list too."""
    (tmp_path / "graphs.py").write_text((PROJECT / "graphs.py").read_text())
    (tmp_path / "rules.py").write_text(SEARCHED)
    project = {"graphs": {"slow": "./graphs.py:slow"}, "auth": {"path": "./rules.py:auth"}}
    (tmp_path / "langgraph.json").write_text(json.dumps(project))
    process = ServerProcess([], tmp_path / "data", cwd=tmp_path).start()
    try:
        ann = of(process, "ann")
        thread = (await ann.threads.create())["thread_id"]
        run = await ann.runs.create(thread, "slow", input={"seconds": 0})
        await ann.runs.join(thread, run["run_id"])
        assert (await ann.runs.get(thread, run["run_id"]))["run_id"] == run["run_id"]
        with pytest.raises(PermissionDeniedError):
            await ann.runs.list(thread)
    finally:
        process.close()
