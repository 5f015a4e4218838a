"""Tokens: made by a command, carried in every way there is, ended while they are in use."""

import asyncio
import contextlib
import hashlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from rpc.auth.tokens import is_token, new_token
from rpc.client import connect as open_client
from rpc.client.errors import CannotConnect
from tests.support.peer import peer
from tests.support.server_process import ROOT, ServerProcess, clean_environment

GRAPHS = [f"tests/support/graphs.py:{name}" for name in ("flood", "asks", "hangs")]
CALL = {"jsonrpc": "2.0", "id": 1, "method": "session.list"}


def stepwire(*words: str, data_dir: Path, expect: int = 0) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, "-m", "rpc.cli", *words, "--data-dir", str(data_dir)],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    return done


def create(data_dir: Path, *words: str) -> str:
    """A token, as the command prints it: alone."""
    printed = stepwire("token", "create", *words, data_dir=data_dir).stdout
    assert re.fullmatch(r"stw_[0-9A-Za-z]{49}\n", printed)
    return printed.strip()


class World:
    def __init__(self, process: ServerProcess) -> None:
        self.process = process
        self.url, self.http_url = process.url, process.http_url
        self.alice = create(process.data_dir, "alice", "--scope", "debug")
        self.bob = create(process.data_dir, "bob-laptop", "--owner", "bob")

    def http(self, **more: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.http_url, trust_env=False, timeout=60, **more)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server that had no token when it started, and asks for one by now."""
    process = ServerProcess(GRAPHS, tmp_path_factory.mktemp("data")).start()
    try:
        before = httpx.get(f"{process.http_url}/v1/orchestrator/sessions", trust_env=False)
        assert before.status_code == 200
        world = World(process)
        for headers, status in (({}, 401), (bearer(world.alice), 200), (bearer(world.bob), 200)):
            # Who brings none is asked for one within seconds, or once somebody has brought one.
            for _ in range(600):
                found = httpx.get(
                    f"{process.http_url}/v1/orchestrator/sessions",
                    headers=headers,
                    trust_env=False,
                )
                if found.status_code == status:
                    break
                time.sleep(0.1)
            assert found.status_code == status
        yield world
    finally:
        process.close()


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def until(true: Callable[[], Any], seconds: float = 60.0) -> Any:
    for _ in range(int(seconds / 0.05)):
        if found := true():
            return found
        await asyncio.sleep(0.05)
    raise TimeoutError


async def test_each_carrier_says_who_calls(world: World) -> None:
    async with world.http() as http:
        for headers in (bearer(world.alice), {"x-api-key": world.alice}):
            for answer in (
                await http.get("/v1/orchestrator/sessions", headers=headers),
                await http.post("/rpc", json=CALL, headers=headers),
            ):
                assert answer.status_code == 200
    async with peer(world.url, additional_headers=bearer(world.alice)) as one:
        started = await one.call("query.start", query="3", graph="flood")
        found = await one.call("session.get", session_id=started["session_id"])
        assert found["owner"] == "alice"
    async with peer(world.url, additional_headers={"x-api-key": world.bob}) as one:
        assert (await one.call("session.list"))["total"] == 0


async def test_a_page_carries_it_as_a_subprotocol(world: World) -> None:
    """It cannot set headers. The server does not say the token back where it need not."""
    carried = f"stepwire.bearer.{world.bob}"
    for offered, chosen in (
        (["stepwire.v1", carried], "stepwire.v1"),
        ([carried, "stepwire.v1"], "stepwire.v1"),
        ([carried], carried),
    ):
        async with peer(world.url, subprotocols=offered) as one:
            assert one.socket.subprotocol == chosen
            assert (await one.call("session.list"))["total"] == 0
    async with connect(world.url, additional_headers=bearer(world.bob), proxy=None) as socket:
        assert socket.subprotocol is None


async def test_an_event_source_has_a_cookie(world: World) -> None:
    own = {"origin": world.http_url}
    async with world.http() as http:
        begun = await http.post("/v1/session", json={"token": world.alice}, headers=own)
        assert begun.json()["owner"] == "alice"
        cookie = begun.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Path=/" in cookie
        assert "Secure" not in cookie
        run = await http.post(
            "/v1/orchestrator/query", json={"query": "2", "graph": "flood"}, headers=own
        )
        assert run.status_code == 200
        # An EventSource sends no origin to its own server, but says which site asks.
        for site in ({"sec-fetch-site": "same-origin"}, {}):
            stream = await http.get(run.json()["stream_url"], headers=site)
            assert "event: done" in stream.text
        ended = await http.delete("/v1/session", headers=own)
        assert ended.status_code == 204
        gone = await http.get(
            "/v1/orchestrator/sessions", headers={"sec-fetch-site": "same-origin"}
        )
        assert gone.status_code == 401


async def test_another_sites_page_cannot_use_the_cookie(world: World) -> None:
    """Another port is the same site: its pages' requests have the cookie."""
    cookies = {"stepwire_token": world.alice}
    async with world.http(cookies=cookies) as http:
        for headers in (
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "cross-site", "content-type": "text/plain"},
        ):
            got = await http.get("/v1/orchestrator/sessions", headers=headers)
            assert got.status_code == 401, headers
            posted = await http.post("/v1/orchestrator/query", content="{}", headers=headers)
            assert posted.status_code == 401, headers
        # Nothing says whose page it is: what changes something is refused.
        assert (await http.post("/rpc", json=CALL)).status_code == 401
        assert (await http.post("/rpc", json=CALL, headers={"origin": "null"})).status_code in (
            401,
            403,
        )
    cookie = f"stepwire_token={world.alice}"
    with pytest.raises(InvalidStatus) as refused:
        await connect(
            world.url,
            additional_headers={"cookie": cookie, "sec-fetch-site": "same-site"},
            proxy=None,
        )
    assert refused.value.response.status_code == 401
    with pytest.raises(InvalidStatus) as hijack:
        await connect(
            world.url,
            additional_headers={"cookie": cookie},
            origin="http://evil.example",  # type: ignore[arg-type]
            proxy=None,
        )
    assert hijack.value.response.status_code == 403
    async with peer(world.url, additional_headers={"cookie": cookie}, origin=world.http_url) as one:
        await one.call("session.list")


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLW9mLWl0"


@pytest.mark.parametrize(
    "query",
    [
        "token={}",
        "access_token={}",
        "api_key={}",
        "apiKey=short",
        "x={}",
        "a=1&Authorization={}",
        "jwt=short",
        "bearer=short",
        "X-Auth-Token=short",
        f"x={JWT}",
        f"a=1&{JWT}",
    ],
)
async def test_a_token_in_an_address_is_refused_everywhere(world: World, query: str) -> None:
    """Addresses are logged; also a good token is not taken there, nor beside one in a header."""
    where = query.format(world.alice)
    async with world.http(headers=bearer(world.alice)) as http:
        for path in ("/v1/orchestrator/sessions", "/health", "/livez", "/orchestrator/docs", "/no"):
            answer = await http.get(f"{path}?{where}")
            assert answer.status_code == 400, path
            assert world.alice not in answer.text
            assert JWT not in answer.text
        assert (await http.post(f"/rpc?{where}", json=CALL)).status_code == 400
        assert (await http.post(f"/v1/session?{where}")).status_code == 400
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"{world.url}?{where}", proxy=None)
    assert refused.value.response.status_code == 400
    assert not world.process.said(world.alice)
    assert not world.process.said(JWT)


async def test_a_token_in_a_path_is_refused(world: World) -> None:
    async with world.http(headers=bearer(world.alice)) as http:
        for token in (world.alice, JWT):
            answer = await http.get(f"/v1/orchestrator/session/{token}")
            assert answer.status_code == 400
            assert token not in answer.text


async def test_without_one_a_socket_is_refused(world: World) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(world.url, proxy=None)
    response = refused.value.response
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer ")
    # A page is told no status.
    async with connect(
        world.url,
        origin=world.http_url,  # type: ignore[arg-type]
        subprotocols=["stepwire.v1", "stepwire.bearer.nonsense"],  # type: ignore[list-item]
        proxy=None,
    ) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    assert "token" in closed.value.rcvd.reason


def taken(world: World, token: str) -> bool:
    """Whether who has it is let in."""
    answer = httpx.get(
        f"{world.http_url}/v1/orchestrator/sessions", headers=bearer(token), trust_env=False
    )
    return answer.status_code == 200


async def ends_what_is_open(
    world: World, token: str, reason: str, end: Callable[[], None] | None = None
) -> None:
    """Open what can be, have the token end, and see all of it end with this reason.

    Raises `ConnectionError` where it ended before all was open.
    """
    async with (
        peer(world.url, additional_headers=bearer(world.bob)) as other,
        contextlib.AsyncExitStack() as open_with_it,
    ):
        try:
            one = await open_with_it.enter_async_context(
                peer(world.url, additional_headers=bearer(token))
            )
            run = await one.call("query.start", query="x", graph="asks")
        except (AssertionError, ConnectionClosed, InvalidStatus) as error:
            raise ConnectionError from error
        http = await open_with_it.enter_async_context(world.http(headers=bearer(token)))
        async with http.stream("GET", run["stream_url"]) as stream:
            if stream.status_code == 401:
                raise ConnectionError
            if end is not None:
                end()
            text = (await asyncio.wait_for(stream.aread(), 60)).decode()
        last = text.strip().split("\n\n")[-1]
        assert last.startswith("event: error\n")
        assert reason in last
        assert json.loads(last.split("data: ", 1)[1])["type"].endswith("#unauthorized")
        await until(lambda: one.socket.close_code)
        assert one.socket.close_code == 4401
        assert reason in (one.socket.close_reason or "")
        assert not taken(world, token)
        await other.call("session.list")


async def test_a_token_that_is_revoked_ends_what_is_open_with_it(world: World) -> None:
    """Within seconds, with a reason; what others have open stays."""
    folder = world.process.data_dir
    token = create(folder, "erin")
    await until(lambda: taken(world, token))

    def revoke() -> None:
        assert "erin" in stepwire("token", "revoke", "erin", data_dir=folder).stdout

    await ends_what_is_open(world, token, "revoked", revoke)


FOLLOWING = {
    "POST /threads/{thread}/runs/stream": {"assistant_id": "hangs", "input": {"query": "x"}},
    "POST /threads/{thread}/runs/wait": {"assistant_id": "hangs", "input": {"query": "x"}},
    "GET /threads/{thread}/runs/{run}/stream": None,
    "GET /threads/{thread}/runs/{run}/join": None,
    "GET /threads/{thread}/stream": None,
    "POST /threads/{thread}/stream/events": {"channels": ["lifecycle"]},
    "POST /runs/stream": {"assistant_id": "hangs", "input": {"query": "x"}},
    "POST /runs/wait": {"assistant_id": "hangs", "input": {"query": "x"}},
    "GET /v1/orchestrator/sessions/changes": None,
}
"""All that stays open beside a session's events: what it is asked with."""


async def test_whatever_is_open_ends_with_its_token(world: World) -> None:
    """Of LangGraph's clients too, and the feed: by a reason, as an error in their own words."""
    folder = world.process.data_dir
    token = create(folder, "gina")
    again = {**bearer(create(folder, "gina-2", "--owner", "gina"))}
    async with contextlib.AsyncExitStack() as stack:
        http = await stack.enter_async_context(world.http(headers=bearer(token)))
        answers: dict[str, httpx.Response] = {}
        for name, body in FOLLOWING.items():
            thread = (await http.post("/threads", json={})).json()["thread_id"]
            run = ""
            if "{run}" in name:
                begun = {"assistant_id": "hangs", "input": {"query": "x"}}
                run = (await http.post(f"/threads/{thread}/runs", json=begun)).json()["run_id"]
            verb, _, path = name.format(thread=thread, run=run).partition(" ")
            answers[name] = await stack.enter_async_context(
                http.stream(verb, path, json=body, timeout=60)
            )
            assert answers[name].status_code == 200, name
        thread = (await http.post("/threads", json={})).json()["thread_id"]
        url = f"{world.url.removesuffix('/rpc')}/threads/{thread}/stream/events"
        socket = await stack.enter_async_context(
            # As a page opens it, which must be answered one of the subprotocols.
            connect(
                url,
                subprotocols=["stepwire.v1", f"stepwire.bearer.{token}"],  # type: ignore[list-item]
                proxy=None,
            )
        )
        assert socket.subprotocol == "stepwire.v1"
        stepwire("token", "revoke", "gina", data_dir=folder)
        for name, answer in answers.items():
            last = (await asyncio.wait_for(answer.aread(), 60)).decode().strip()
            assert "the token was revoked" in last, name
            assert "unauthorized" in last, name
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 60)
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4401, "the token was revoked")
    async with world.http(headers=again) as http:
        # The runs are none of a connection's.
        found = (await http.post("/threads/search", json={"limit": 100})).json()
        busy = [one["thread_id"] for one in found if one["status"] == "busy"]
        assert len(busy) >= 4
        for one in busy:
            cancel = {"method": "query.cancel", "params": {"session_id": one}}
            await http.post("/rpc", json={"jsonrpc": "2.0", "id": 1, **cancel})


async def test_a_token_that_expires_ends_what_is_open_with_it(world: World) -> None:
    """As one that is revoked; on a busy machine one needs a longer life to be used at all."""
    for seconds in (3, 15, 60):
        token = create(world.process.data_dir, f"frank{seconds}", "--expires", f"{seconds}s")
        try:
            await until(lambda token=token: taken(world, token), seconds)
        except TimeoutError:
            continue
        with contextlib.suppress(ConnectionError):
            await ends_what_is_open(world, token, "expired")
            return
    raise AssertionError("no token lived long enough to open anything")


async def test_the_list_shows_use_and_no_token(world: World) -> None:
    folder = world.process.data_dir
    told = json.loads(stepwire("token", "list", "--json", data_dir=folder).stdout)["tokens"]
    rows = {row["name"]: row for row in told}
    assert rows["alice"]["scopes"] == ["read", "run", "debug"]
    assert (rows["bob-laptop"]["owner"], rows["bob-laptop"]["state"]) == ("bob", "works")
    text = stepwire("token", "list", data_dir=folder).stdout
    assert "bob-laptop" in text
    kept = b"".join(file.read_bytes() for file in folder.glob("tokens.db*"))
    for token in (world.alice, world.bob):
        assert token not in text
        assert token.encode() not in kept
        assert token[4:47].encode() not in kept
        assert hashlib.sha256(token.encode()).digest() in kept


def test_a_command_that_is_wrong_says_so(world: World) -> None:
    folder = world.process.data_dir
    for words, said in (
        (["create", "alice"], "already"),
        (["create", "x", "--expires", "soon"], "30d"),
        (["create", "x", "--owner", "*"], "owner"),
        (["create", "x\n"], "control"),
        (["create", "x", "--scope", "all"], "read"),
    ):
        assert said in stepwire("token", *words, data_dir=folder, expect=2).stderr
    missing = stepwire("token", "revoke", "nobody", data_dir=folder, expect=6)
    assert "nobody" in missing.stderr


async def test_use_is_shown_once_the_server_has_written_it(tmp_path: Path) -> None:
    """And a server all of whose tokens are revoked lets nobody in."""
    token = create(tmp_path, "only")
    process = ServerProcess(GRAPHS[:1], tmp_path).start()
    try:
        async with peer(process.url, additional_headers=bearer(token)) as one:
            await one.call("session.list")
        process.stop()
        (row,) = json.loads(stepwire("token", "list", "--json", data_dir=tmp_path).stdout)["tokens"]
        assert row["used_at"] is not None
        stepwire("token", "revoke", row["id"], data_dir=tmp_path)
        process.restart()
        async with httpx.AsyncClient(base_url=process.http_url, trust_env=False) as http:
            for headers in ({}, bearer(token)):
                answer = await http.get("/v1/orchestrator/sessions", headers=headers)
                assert answer.status_code == 401
    finally:
        process.close()


async def test_a_new_token_works_at_once(tmp_path: Path) -> None:
    """Its first use is its bearer's, on a server that asked nobody until then, and on one that knows others."""
    process = ServerProcess(GRAPHS[:1], tmp_path).start()
    try:
        async with httpx.AsyncClient(
            base_url=process.http_url, trust_env=False, timeout=60
        ) as http:
            ada = create(tmp_path, "ada")
            # As the console gives it: in the body.
            begun = await http.post("/v1/session", json={"token": ada})
            assert (begun.status_code, begun.json()["owner"]) == (200, "ada")
            http.cookies.clear()
            for name in ("ada", "bert", "cleo"):
                token = ada if name == "ada" else create(tmp_path, name)
                async with peer(process.url, additional_headers=bearer(token)) as one:
                    started = await one.call("query.start", query="1", graph="flood")
                    found = await one.call("session.get", session_id=started["session_id"])
                assert found["owner"] == name
            assert (await http.get("/v1/orchestrator/sessions")).status_code == 401
    finally:
        process.close()


async def test_who_guesses_is_slowed(tmp_path: Path) -> None:
    """An address that fails too often waits; who was let in before is let in meanwhile."""
    token = create(tmp_path, "alice")
    process = ServerProcess(GRAPHS[:1], tmp_path).start()
    try:
        async with httpx.AsyncClient(base_url=process.http_url, trust_env=False) as http:
            path = "/v1/orchestrator/sessions"
            assert (await http.get(path, headers=bearer(token))).status_code == 200
            # One more a second may fail: who needs as long for each is slowed a little later.
            failed = 0
            while failed < 1000:
                slowed = await http.get(path, headers=bearer(new_token()))
                if slowed.status_code != 401:
                    break
                failed += 1
            assert failed >= 20
            assert slowed.status_code == 429
            assert int(slowed.headers["retry-after"]) >= 1
            assert slowed.json()["retry_after_ms"] > 0
            assert slowed.json()["limit"] == {"name": "max_failed_attempts", "value": 20}
            assert (await http.get(path, headers=bearer(token))).status_code == 200
    finally:
        process.close()


def test_a_token_is_known_by_its_look() -> None:
    found = {new_token() for _ in range(200)}
    assert len(found) == 200
    assert all(map(is_token, found))
    token = found.pop()
    for position in range(4, len(token)):
        other = "A" if token[position] != "A" else "B"
        assert not is_token(token[:position] + other + token[position + 1 :])
    for text in ("", "stw_", token[:-1], token + "0", token.upper(), f" {token}", token + "\n"):
        assert not is_token(text)


async def test_the_client_and_the_command_say_who_calls(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By an argument, a variable or a file; without one the error says which there are."""
    async with open_client(world.url, token=world.alice) as client:
        assert (await client.call("session.list", limit=1))["limit"] == 1
    monkeypatch.setenv("STEPWIRE_TOKEN", world.bob)
    async with open_client(world.url) as client:
        assert (await client.call("session.list"))["total"] == 0
    with pytest.raises(CannotConnect, match="401"):
        async with open_client(world.url, headers={"x-api-key": new_token()}):
            pass
    with pytest.raises(CannotConnect) as refused:
        async with open_client(world.url, token="a\r\nx-evil: 1"):
            pass
    assert "evil" not in str(refused.value)
    file = tmp_path / "token"
    file.write_text(f"{world.bob}\n")
    command = [sys.executable, "-m", "rpc.cli", "sessions", "--url", world.url, "--json"]

    def ran(*more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*command, *more],
            cwd=ROOT,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    assert json.loads(ran("--token-file", str(file)).stdout)["total"] == 0
    without = ran()
    assert without.returncode != 0
    assert "--token-file" in without.stderr
