"""A project that was made for `langgraph dev`: `stepwire serve` in its folder is enough."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph_sdk import get_client
from langgraph_sdk.errors import NotFoundError, UnprocessableEntityError

from rpc.cli import project as projects
from rpc.cli.exits import CommandError
from rpc.client import Client, connect
from tests.langgraph_api.conftest import PROJECT
from tests.support.command import stepwire
from tests.support.server_process import ServerProcess


def test_its_folder_is_enough(served: ServerProcess) -> None:
    served.wait_for(
        "Stepwire serves agent, chat, nested, helper, clerk, slow, careful, spread, doubled, broken"
    )
    hello = httpx.get(f"{served.http_url}/hello", trust_env=False)
    assert hello.json() == {"project": "trials", "ready": True}
    assert httpx.get(f"{served.http_url}/nowhere", trust_env=False).status_code == 404
    # An address of the server's is none of the project's, whatever the verb.
    for verb, path, takes in (("PUT", "/threads", "POST"), ("GET", "/runs/wait", "POST")):
        refused = httpx.request(verb, f"{served.http_url}{path}", trust_env=False)
        assert (refused.status_code, refused.headers["allow"]) == (405, takes)
    (note,) = served.wait_for("note:")
    assert "memory_embedding" in note


def test_addresses_that_an_app_beside_does_not_get_are_told(tmp_path: Path) -> None:
    """Who has a route of his own at one of them would look for long why it is not asked. At LangGraph's addresses it is, as there."""
    folder = project(tmp_path, http={"app": "./own.py:app"})
    (folder / "own.py").write_text(OWN)
    process = ServerProcess([], tmp_path / "data", cwd=folder)
    process.start()
    try:
        (note,) = process.wait_for("note: `http.app`")
        assert "at /ok, /rpc: the server's own" in note
        for path in ("/mine/a", "/info", "/threads/of-mine"):
            assert httpx.get(f"{process.http_url}{path}", trust_env=False).json() == "mine"
        # Another verb is not the app's, and so LangGraph's.
        assert (
            httpx.post(f"{process.http_url}/threads/search", json={}, trust_env=False).json() == []
        )
    finally:
        process.close()


OWN = """
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


async def mine(request):
    return JSONResponse("mine")


paths = ("/mine/{name}", "/info", "/threads/{name}", "/ok", "/rpc")
app = Starlette(routes=[*(Route(one, mine) for one in paths), Route("/docs", mine, include_in_schema=False)])
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read"),
        ("{}", "names no graph"),
        ('{"graphs": {"a": "./a.ts:graph"}}', "JavaScript"),
        ('{"graphs": {"a": {"path": "./a.py:graph", "description": 3}}}', "description"),
        ('{"graphs": {"a": "./a.py:graph"}, "env": "no.env"}', "no.env"),
        ('{"graphs": {"a": "./a.py:graph"}, "dependencies": ["./no"]}', "./no"),
    ],
)
def test_what_is_wrong_with_one_is_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "langgraph.json").write_text(text)
    done = stepwire("serve", "--port", "0", "--data-dir", f"{tmp_path}/data", cwd=tmp_path)
    assert done.returncode == 2
    assert "langgraph.json" in done.stderr
    assert said in done.stderr


async def test_a_debugger_of_ours_steps_what_a_front_end_has_started(
    sdk: Any, served: ServerProcess
) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    asked = await sdk.runs.wait(thread, "agent", input={"query": "q"})
    assert "__interrupt__" in asked
    async with connect(served.url) as client:
        session = await client.call("session.get", session_id=thread)
        assert session["status"] == "waiting"
        await client.call("debug.attach", session_id=thread)
        looked = await client.call("debug.inspect", session_id=thread)
        assert looked["next"] == ["approve"]
        history = await client.call("debug.history", session_id=thread, limit=10)
        first = next(one for one in history["checkpoints"] if one["next"] == ["search"])
        await client.call("debug.rewind", session_id=thread, checkpoint_id=first["checkpoint_id"])
        await client.call("debug.step", session_id=thread)
        await _in_status(client, thread, "paused")
        await client.call("debug.continue", session_id=thread)
        await _in_status(client, thread, "waiting")
    state = await sdk.threads.get_state(thread)
    assert state["next"] == ["approve"]


async def _in_status(client: Client, session_id: str, status: str) -> None:
    """Wait for it: a call that moves a session is answered at once."""
    async with asyncio.timeout(60):
        while (await client.call("session.get", session_id=session_id))["status"] != status:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_webhook_is_told_of_the_end(sdk: Any, tmp_path: Path) -> None:
    """Where the operator lets it: this machine's own services are behind the server, not before it."""
    told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        told.set_result((head, json.loads(await reader.readexactly(length))))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/done"
    with pytest.raises(UnprocessableEntityError, match="webhook_hosts"):
        await sdk.runs.create(None, "slow", input={"seconds": 0}, webhook=url)
    folder = project(tmp_path, webhooks={"headers": {"x-from": "${{ env.LG_WEBHOOK_NAME }}"}})
    process = ServerProcess(
        ["--set", "webhook_hosts=127.0.0.1"],
        tmp_path / "data",
        cwd=folder,
        env={"LG_WEBHOOK_NAME": "trials"},
    )
    process.start()
    client = get_client(url=process.http_url, api_key=None)
    try:
        async with listening:
            run = await client.runs.create(None, "slow", input={"seconds": 0}, webhook=url)
            head, body = await asyncio.wait_for(told, 60)
    finally:
        await client.aclose()
        process.close()
    assert "x-from: trials" in head
    assert (body["run_id"], body["status"]) == (run["run_id"], "success")
    assert body["values"] == {"seconds": 0, "done": True}


def project(tmp_path: Path, **keys: Any) -> Path:
    """A folder with the project's graphs, and a file with these keys."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "graphs.py").write_text((PROJECT / "graphs.py").read_text())
    given = {"dependencies": ["."], "graphs": {"slow": "./graphs.py:slow"}, **keys}
    (folder / "langgraph.json").write_text(json.dumps(given))
    return folder


def test_each_key_that_does_not_hold_is_told(tmp_path: Path) -> None:
    """Nothing that somebody wrote into the file is passed over in silence: also a key that nobody knows."""
    keys = {
        "http": {
            "cors": {"allow_origins": ["*", "http://localhost:3000"], "allow_methods": ["GET"]},
            "logging_headers": {"includes": ["x-*"]},
            "disable_mcp": True,
        },
        "auth": {"cache": {"ttl_seconds": 1}},
        "encryption": {"path": "./a.py:b"},
        "python_version": "3.12",
        "wonder": True,
    }
    process = ServerProcess([], tmp_path / "data", cwd=project(tmp_path, **keys))
    process.start()
    try:
        process.said("Stepwire serves")
        told = [line for line in process.output.splitlines() if line.startswith("note:")]
        allowed = {
            origin: httpx.get(
                f"{process.http_url}/ok", headers={"origin": origin}, trust_env=False
            ).status_code
            for origin in ("http://localhost:3000", "http://localhost:4000")
        }
    finally:
        process.close()
    named = {line.split("`")[1] for line in told}
    assert named == {
        "http.cors.allow_origins", "http.logging_headers", "auth.cache", "encryption", "wonder",
    }  # fmt: skip
    assert allowed == {"http://localhost:3000": 200, "http://localhost:4000": 403}


async def test_an_edit_of_a_front_end_is_told_to_a_debugger(
    sdk: Any, served: ServerProcess
) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(thread, "agent", input={"query": "q"})
    made = await sdk.threads.update_state(thread, {"found": 9}, as_node="search")
    async with connect(served.url) as client:
        found = await client.call(
            "session.events", session_id=thread, types=["debug.changed", "state.checkpoint"]
        )
    changed, saved = [one["params"] for one in found["events"]][-2:]
    assert (changed["values"], changed["as_node"]) == ({"found": 9}, "search")
    assert saved["checkpoint_id"] == made["checkpoint_id"]
    assert (saved["source"], saved["step"], saved["next"]) == ("update", 2, ["approve"])


async def test_one_id_is_made_once(sdk: Any) -> None:
    id = "01a22200-0000-7000-8000-00000000000a"
    made = await asyncio.gather(
        *(sdk.threads.create(thread_id=id) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(one, dict) for one in made) == 1
    assert {type(one).__name__ for one in made} == {"dict", "ConflictError"}


async def test_how_long_a_project_keeps_things(tmp_path: Path) -> None:
    """`checkpointer.ttl` and `store.ttl` hold as for LangGraph's server; what somebody has set for this server goes before."""
    shutil.copy(PROJECT / "graphs.py", tmp_path / "graphs.py")
    given = {
        "graphs": {"slow": "./graphs.py:slow"},
        "checkpointer": {
            "ttl": {"strategy": "delete", "default_ttl": 0.25, "sweep_interval_minutes": 0.01}
        },
        "store": {"ttl": {"default_ttl": 0.25, "refresh_on_read": False}},
    }
    (tmp_path / "langgraph.json").write_text(json.dumps(given))
    process = ServerProcess([], tmp_path / "data", cwd=tmp_path)
    process.start()
    sdk = get_client(url=process.http_url, api_key=None)
    try:
        assert "does not hold here" not in process.output
        thread = (await sdk.threads.create())["thread_id"]
        await sdk.runs.wait(thread, "slow", input={"seconds": 0})
        await sdk.store.put_item(["notes"], "short", {"v": 1})
        await sdk.store.put_item(["notes"], "long", {"v": 2}, ttl=60)
        assert (await sdk.store.get_item(["notes"], "short"))["value"] == {"v": 1}
        async with asyncio.timeout(60):
            while await _there(sdk.threads.get(thread)):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            while await sdk.store.get_item(["notes"], "short"):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        found = await sdk.store.search_items(["notes"])
        assert [one["key"] for one in found["items"]] == ["long"]
    finally:
        await sdk.aclose()
        process.close()


async def _there(asked: Any) -> bool:
    try:
        await asked
    except NotFoundError:
        return False
    return True


def test_a_wrong_time_to_keep_things(tmp_path: Path) -> None:
    for wrong, said in (
        ({"checkpointer": {"ttl": {"strategy": "forget", "default_ttl": 1}}}, "keep_latest"),
        ({"store": {"ttl": {"default_ttl": "1h"}}}, "store.ttl.default_ttl"),
        ({"checkpointer": {"ttl": 5}}, "checkpointer.ttl"),
    ):
        file = tmp_path / "langgraph.json"
        file.write_text(json.dumps({"graphs": {"slow": "./graphs.py:slow"}, **wrong}))
        with pytest.raises(CommandError, match=said):
            projects.read(file)
