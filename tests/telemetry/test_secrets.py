"""Keys that a query's `config` brings reach the graph, and nothing that anybody reads."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.load.dump import dumps
from websockets.asyncio.client import connect as websocket

from protocol.events import MessageDelta
from rpc.client import Client, connect
from rpc.engine.langgraph.declared_types import serializer
from rpc.engine.running.deltas import Deltas
from rpc.masking import MASK, masked, names_secret, scrubbed, secrets_in
from rpc.storage.packing import unpacked
from tests.support.command import stepwire
from tests.support.server_process import ServerProcess

KEY = 'sk-"4711"-\u00fc-geheim'
PASSWORD = "pw-of-the-account"
CONFIG = {
    "openai_api_key": KEY,
    "configurable": {"proxy": {"headers": {"Authorization": "Bearer abcdefgh12345"}}},
    "max_tokens": 4096,
}


@pytest.mark.parametrize(
    "name",
    [
        "api_key",
        "apiKey",
        "OPENAI_API_KEY",
        "x-api-key",
        "apikey",
        "token",
        "accessToken",
        "auth_token",
        "password",
        "db_password",
        "passwd",
        "secret",
        "client_secret",
        "clientSecret",
        "authorization",
        "Authorization",
        "proxy-authorization",
        "private_key",
        "credentials",
        "cookie",
        "secret_key",
        "aws_secret_access_key",
        "connection_string",
        "token2",
        "bearer",
        "user_jwt",
    ],
)
def test_names_of_secrets(name: str) -> None:
    """One that is not known is shown."""
    assert names_secret(name)
    assert masked({"a": [{name: {"deep": "value"}}]}) == {"a": [{name: MASK}]}


@pytest.mark.parametrize(
    "name",
    [
        "max_tokens",
        "token_count",
        "tokens",
        "tokenizer",
        "key",
        "keys",
        "keyword",
        "primary_key",
        "author",
        "authors",
        "auth_mode",
        "passage",
        "secretary",
        "pinned",
        "jwt_issuer",
        "monkey",
        "thread_id",
        "model",
    ],
)
def test_other_names(name: str) -> None:
    """A setting that is masked cannot be checked by who set it."""
    assert not names_secret(name)


def test_what_is_no_text_and_what_is_short() -> None:
    """That there is none must be seen; a short one is a word of every text."""
    assert masked({"token": None, "secret": False, "password": 123456}) == {
        "token": None,
        "secret": False,
        "password": MASK,
    }
    assert secrets_in(
        {"token": "short", "password": ["long enough"], "n": {"secret": 12345678}}
    ) == ("long enough",)


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose graph is given a key."""
    process = ServerProcess(
        [
            "keys=tests/support/logging_graphs.py:keys",
            "speaking=tests/support/logging_graphs.py:speaking",
        ],
        tmp_path_factory.mktemp("data"),
        settings={"log_format": "json", "log_level": "debug"},
    )
    yield process.start()
    process.close()


def holds(text: str | bytes) -> bool:
    """Whether somebody could read one of the secrets in it, as it is or in JSON."""
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    forms = [
        one
        for key in (KEY, "abcdefgh12345", PASSWORD)
        for one in (key, msgspec.json.encode(key).decode()[1:-1], repr(key)[1:-1])
    ]
    return any(one in text for one in forms)


async def ran(client: Client, query: str, **options: Any) -> str:
    """A session that has come to rest."""
    run = await client.start(query, config=CONFIG, **options)
    async for _ in client.follow(run.session_id):
        pass
    return run.session_id


ENDS = re.compile(r'"event":"(completed|failed|interrupted)"')


async def by_langgraphs_api(
    http: httpx.AsyncClient, thread: str, run: str | None, runs: int = 1
) -> list[bytes]:
    """All that it tells of a thread: its states, and its run again from the beginning. `runs`: how many it has."""
    here = f"/threads/{thread}"
    read = [
        (await http.request(verb, path, json=body)).content
        for verb, path, body in (
            ("GET", here, None),
            ("GET", f"{here}/state", None),
            ("POST", f"{here}/history", {"limit": 1000}),
            ("POST", "/threads/search", {"limit": 100}),
            ("GET", f"{here}/runs", None),
            ("GET", f"{here}/runs/{run}/join", None),
        )
    ]
    modes = [f"stream_mode={mode}" for mode in ("values", "updates", "tasks", "checkpoints")]
    stream = f"{here}/runs/{run}/stream?{'&'.join(modes)}"
    read.append((await http.get(stream, headers={"last-event-id": "-1"})).content)
    assert b"event: values" in read[-1]
    channels = {"channels": ["values", "updates", "tasks", "lifecycle", "input", "checkpoints"]}
    async with http.stream("POST", f"{here}/stream/events", json=channels) as events:
        async for line in events.aiter_lines():
            read.append(line.encode())
            runs -= '"namespace":[]' in line and ENDS.search(line) is not None
            if not runs:
                break
    copy = (await http.post(f"{here}/copy")).json()["thread_id"]
    read.append((await http.get(f"/threads/{copy}/state")).content)
    read.append((await http.post(f"/threads/{copy}/history", json={"limit": 1000})).content)
    await http.delete(f"/threads/{copy}")
    return read


async def test_a_later_run_tells_nothing_of_an_earlier_ones(keyed: ServerProcess) -> None:
    """What it copied into the state is there still, whoever asks next and with what."""
    read: list[str | bytes] = []
    async with connect(keyed.url) as client:
        session = await ran(client, "tell")
        other = {"openai_api_key": "sk-another-one"}
        for config in ({}, other, {}):
            run = await client.start("again", session_id=session, config=config)
            async for event in client.follow(session, after=run.seq, run_id=run.run_id):
                read.append(msgspec.json.encode(event.data))
        for method, more in (
            ("session.get", {}),
            ("session.runs", {}),
            ("session.events", {}),
            ("debug.inspect", {}),
            ("debug.history", {"values": True}),
            ("debug.evaluate", {"expression": "state"}),
        ):
            answer = await client.call(method, session_id=session, **more)
            read.append(msgspec.json.encode(answer))
    async with httpx.AsyncClient(base_url=keyed.http_url, trust_env=False, timeout=60) as http:
        read += await by_langgraphs_api(http, session, run.run_id, 4)
    assert MASK in str(read)
    assert not [one for one in read if holds(one) or "sk-another-one" in str(one)]


@pytest.mark.parametrize("query", ["tell", "break", "ask"])
async def test_nobody_is_told(keyed: ServerProcess, query: str) -> None:
    """Over no wire, in no method, in no line of the log, though the node does what it can."""
    read: list[str | bytes] = []
    async with connect(keyed.url) as client:
        log_point = {"node_name": "uses", "log": "{config}"}
        options: dict[str, Any] = {"debug_mode": True, "breakpoints": [log_point]}
        session = await ran(client, query, **({} if query == "break" else options))
        if query == "break":
            await client.call("debug.attach", session_id=session)
        while (now := await client.session(session)).status == "paused":
            await client.call("debug.continue", session_id=session)
            async for _ in client.follow(session, after=now.seq, run_id=now.run_id):
                pass
        status = now.status
        assert status == {"tell": "completed", "break": "failed", "ask": "waiting"}[query]
        for method, more in (
            ("session.get", {}),
            ("session.runs", {}),
            ("session.events", {}),
            ("debug.inspect", {}),
            ("debug.history", {"values": True}),
            ("debug.evaluate", {"expression": "state"}),
        ):
            answer = await client.call(method, session_id=session, **more)
            read.append(msgspec.json.encode(answer))
        read.append(msgspec.json.encode(await client.call("session.list")))
        shown = (await client.session(session)).config
        assert shown["openai_api_key"] == MASK
        assert shown["configurable"]["proxy"]["headers"]["Authorization"] == MASK
        assert shown["max_tokens"] == 4096
    async with websocket(keyed.url, proxy=None) as socket:
        call = {"method": "session.subscribe", "params": {"session_id": session}}
        await socket.send(msgspec.json.encode({"jsonrpc": "2.0", "id": 1, **call}).decode())
        last = ""
        while '"method"' not in last or f'"seq":{now.seq},' not in last:
            last = str(await socket.recv())
            read.append(last)
    async with httpx.AsyncClient(base_url=keyed.http_url, trust_env=False, timeout=60) as http:
        read.append((await http.get(f"/v1/orchestrator/session/{session}")).content)
        if query != "ask":
            read.append((await http.get(f"/v1/orchestrator/stream/{session}")).content)
        read += await by_langgraphs_api(http, session, now.run_id)
    assert MASK in str(read)
    assert not [one for one in read if holds(one)]
    assert f"the key is {MASK}" in keyed.output
    assert not [line for line in keyed.output.splitlines() if holds(line)]


@pytest.mark.parametrize("size", [1, 3, 7, 200])
async def test_a_model_says_it_piece_by_piece(keyed: ServerProcess, size: int) -> None:
    """Whoever puts the pieces together reads no more of it than in one; and all else that was said."""
    async with connect(keyed.url) as client:
        run = await client.start(str(size), graph="speaking", config=CONFIG)
        events = [event async for event in client.follow(run.session_id)]
    pieces = [event.data["delta"] for event in events if event.type == "message.delta"]
    assert "".join(pieces) == f"so s sk it is {MASK}{MASK}, or sk-"
    assert not [event for event in events if holds(msgspec.json.encode(event.data))]
    if size == 1:
        # Each is told as it comes, but where a secret may begin.
        assert pieces[:3] == ["s", "o", " "] or pieces[:2] == ["so", " "]
    # Before its node's end.
    kinds = [event.type for event in events]
    last = len(kinds) - 1 - kinds[::-1].index("message.delta")
    assert last < kinds.index("node.finished")


@settings(deadline=None)
@given(
    text=st.text("abc", max_size=40), cuts=st.lists(st.integers(1, 5), min_size=1), data=st.data()
)
def test_pieces_are_told_as_the_whole_would_be(
    text: str, cuts: list[int], data: st.DataObject
) -> None:
    """Whatever is cut where: nothing is lost, nothing is told that is hidden in the whole."""
    secrets = tuple(data.draw(st.lists(st.text("abc", min_size=2, max_size=6), max_size=1)))
    deltas, told, at = Deltas(secrets), [], 0
    while at < len(text):
        size = cuts[len(told) % len(cuts)]
        told.append(deltas.told("t", MessageDelta("m", text[at : at + size]), last=False))
        at += size
    held = [rest.delta for rest in deltas.over("t")]
    assert not deltas.held
    assert "".join([*told, *held]) == scrubbed(text, secrets)


async def test_the_store_has_it_where_the_run_goes_on_from_and_nowhere_else(
    keyed: ServerProcess,
) -> None:
    """A backup is read by more people than the server."""
    async with connect(keyed.url) as client:
        session = await ran(client, "quiet")
        refused = dict(CONFIG, recursion_limit="x" + KEY)
        with pytest.raises(Exception, match="recursion_limit") as caught:
            await client.start("x", config=refused)
        assert not holds(str(caught.value))
    found = set()
    with closing(sqlite3.connect(keyed.data_dir / "stepwire.db")) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            key = next((one for one in ("session_id", "thread_id") if one in columns), None)
            if key is None:
                continue
            for row in database.execute(f"SELECT * FROM {table} WHERE {key} = ?", (session,)):
                for column, value in zip(columns, row, strict=True):
                    whole = unpacked(value) if isinstance(value, bytes) else value
                    if isinstance(whole, str | bytes) and holds(whole):
                        found.add((table, column))
    # What resumes it needs its config; what the graph keeps in its state is the graph's, and never shown.
    assert ("runs", "record") in found
    assert found <= {("runs", "record"), ("channel_values", "data"), ("task_writes", "data")}


def test_a_checkpoint_makes_and_calls_nothing_that_is_not_allowed(tmp_path: Path) -> None:
    """Who can write to the database must not run code by it."""
    mark = tmp_path / "ran"
    pickled = b"cos\nsystem\n(S'touch %s'\ntR." % str(mark).encode()
    with pytest.raises(NotImplementedError):
        serializer().loads_typed(("pickle", pickled))
    called = {"lc": 2, "type": "constructor", "id": ["os", "system"], "args": [f"touch {mark}"]}
    serializer().loads_typed(("json", dumps(called).encode()))
    assert not mark.exists()


def test_settings_that_are_no_secrets_are_shown() -> None:
    """`auth` says whether callers are asked who they are."""
    shown_settings = json.loads(stepwire("config", "--json").stdout)
    assert shown_settings["auth"]["value"] == "auto"
    assert MASK not in {
        one["value"] for one in shown_settings.values() if isinstance(one["value"], str)
    }
