"""A project in the layout of LangGraph's template, an agent with tools and human approval: its folder, its front end, our debugger."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rpc.client import connect
from tests.langgraph_api.test_others import NPM
from tests.support.needs import needs
from tests.support.server_process import ServerProcess

TEMPLATE = Path(__file__).parent / "template"


@pytest.mark.timeout(240)
async def test_a_debugger_steps_through_an_agent_that_waits_for_approval(tmp_path: Path) -> None:
    """`stepwire serve` in the folder, the page that speaks to LangGraph's server, and a person at each of them."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    needs(chromium, "chromium")
    needs(shutil.which("node"), "node")
    needs((NPM / "node_modules").is_dir(), "make test-langgraph-api")
    folder = tmp_path / "visit-agent"
    shutil.copytree(TEMPLATE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(folder / ".env.example", folder / ".env")
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    server = ServerProcess([], tmp_path / "data", cwd=folder)
    server.start()
    page: asyncio.subprocess.Process | None = None
    try:
        page = await asyncio.create_subprocess_exec(
            "node", "approve.mjs", server.http_url, str(chromium), "agent",
            cwd=NPM, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert page.stdin is not None
        assert page.stdout is not None
        waits: Any = json.loads(await asyncio.wait_for(page.stdout.readline(), 120))
        (request,) = waits["interrupt"]["action_requests"]
        assert (request["name"], request["args"]) == ("book_visit", {"day": "Monday"})
        thread = waits["thread"]
        async with connect(server.url) as client, client.attach(thread) as debugger:
            await stepped(debugger)
        page.stdin.write(b"approve\n")
        await page.stdin.drain()
        booked: Any = json.loads(await asyncio.wait_for(page.stdout.readline(), 120))
        assert await page.wait() == 0
    finally:
        if page is not None and page.returncode is None:
            page.kill()
            await page.wait()
        server.close()
    said = "a trial of asthma in Basel: the visit on Monday is booked"
    assert booked["messages"].strip().endswith(f"ai: {said}")
    assert (booked["error"], booked["errors"]) == ("", [])
    changed = {
        path
        for path in folder.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and files.get(path) != path.read_bytes()
    }
    assert changed == set(), "the project's folder was changed"


async def stepped(debugger: Any) -> None:
    """Go back to before the first tool ran, and step to where the agent asks again."""
    assert await debugger.rest() == "waiting"
    (asked,) = debugger.tasks or (await debugger.inspect()).interrupts
    assert "tools" in str(asked)
    history = await debugger.history()
    first = [one for one in history if one.next == ["call_model"]][-1]
    await debugger.rewind(first.checkpoint_id)
    ran: list[list[str]] = []
    while (await debugger.step()) == "paused":
        ran.append([task.path for task in debugger.tasks])
    # The tool that finds a trial ran, and then the model again; the second tool asks.
    assert [node for nodes in ran for node in nodes] == ["tools", "call_model", "tools"]
    assert debugger.status == "waiting"
    seen = await debugger.inspect()
    (question,) = seen.interrupts
    assert question.value["action_requests"][0]["args"] == {"day": "Monday"}
    assert len(seen.values["messages"]) == 4
    # Else the answer would take it one step on, and it would stand before the model.
    await debugger.detach()
