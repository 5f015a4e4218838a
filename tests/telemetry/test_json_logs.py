"""What a program that collects logs reads: an object a line, who and what each is of, and a line for each request."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from protocol.queries import QueryStartResult
from rpc.client import Client, connect
from tests.support.command import stepwire
from tests.support.server_process import ServerProcess
from tests.support.sse import whole


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that logs JSON; what it printed is all JSON."""
    process = ServerProcess(
        ["logs=tests/support/logging_graphs.py:logs"],
        tmp_path_factory.mktemp("data"),
        settings={"log_format": "json"},
    )
    yield process.start()
    process.stop()
    for line in process.lines:
        json.loads(line)


def lines(server: ServerProcess) -> list[dict[str, Any]]:
    """All of its lines."""
    return [json.loads(line) for line in server.output.splitlines()]


def requests(server: ServerProcess, **members: Any) -> list[dict[str, Any]]:
    """The lines of requests with these members."""
    found = [line for line in lines(server) if line["logger"] == "stepwire.requests"]
    return [line for line in found if members.items() <= line.items()]


def open_(server: ServerProcess, path: str, body: Any = None, **headers: str) -> bytes:
    """What a path answers."""
    request = urllib.request.Request(
        server.http_url + path,
        None if body is None else json.dumps(body).encode(),
        {"content-type": "application/json", **headers},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as response:
        return bytes(response.read())


async def ran(client: Client, query: str) -> QueryStartResult:
    """A run that is over."""
    run = await client.start(query, graph="logs")
    async for _ in client.follow(run.session_id):
        pass
    return run


async def test_what_a_node_logs_says_whose_run_it_is(logged: ServerProcess) -> None:
    """Without that, nobody can tell the lines of two runs apart."""
    async with connect(logged.url) as client:
        run = await ran(client, "who\x1b[2J")
    plain, inside = [
        line
        for line in lines(logged)
        if line["logger"] == "theirs" and line["session_id"] == run.session_id
    ]
    assert plain["message"] == "plain says\n\x1b[31mwho\x1b[2J\x85"
    assert (plain["level"], plain["node"], inside["node"]) == ("warning", "plain", "sub/inside")
    assert plain["patients"] == 3
    assert "object object" in plain["lock"]
    begun = requests(logged, method="query.start", session_id=run.session_id)[0]
    for line in (plain, inside):
        assert line["run_id"] == begun["run_id"]
        assert line["graph"] == "logs"
        # By whom it was asked for.
        assert line["request_id"] == begun["request_id"]


async def test_no_control_character_reaches_who_reads_the_lines(logged: ServerProcess) -> None:
    """A terminal obeys them, and some readers end a line at them."""
    async with connect(logged.url) as client:
        await ran(client, "\x9b2J\u2028\u202e\x7f")
    text = logged.output
    assert not [c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
    assert not {"\u2028", "\u202e"} & set(text)


async def test_an_error_is_one_line_with_its_traceback(logged: ServerProcess) -> None:
    """Also a warning of Python's, and what a thread of the user's raises."""
    async with connect(logged.url) as client:
        run = await ran(client, "break")
    mine = [line for line in lines(logged) if line.get("session_id") == run.session_id]
    failed = next(line for line in mine if line["level"] == "error")
    assert failed["logger"] == "stepwire.sessions"
    assert 'raise ValueError("it broke")' in failed["message"]
    thrown = next(line for line in lines(logged) if line["level"] == "critical")
    assert "ZeroDivisionError" in thrown["exception"]
    warned = next(line for line in lines(logged) if line["logger"] == "py.warnings")
    assert "it is about to break" in warned["message"]


async def test_each_request_has_one_line(logged: ServerProcess) -> None:
    """Over every wire, answered or refused."""
    async with connect(logged.url) as client:
        run = await ran(client, "go")
        begun = requests(logged, method="query.start", session_id=run.session_id)
    assert len(begun) == 1
    assert begun[0]["wire"] == "websocket"
    assert begun[0]["outcome"] == "ok"
    assert begun[0]["client"] == "127.0.0.1"
    assert begun[0]["ms"] > 0
    assert begun[0]["bytes"] > 50

    session = f"/v1/orchestrator/session/{run.session_id}"
    open_(logged, session, **{"x-request-id": "from-proxy-7"})
    (read,) = requests(logged, request_id="from-proxy-7")
    assert (read["wire"], read["method"]) == ("rest", "session.get")
    assert read["session_id"] == run.session_id

    # What a client says that it is called must not write into the log.
    open_(logged, session, **{"x-request-id": 'x"} {"level": "error'})
    assert requests(logged, method="session.get")[-1]["request_id"].isalnum()

    call = {"jsonrpc": "2.0", "id": 1, "method": "no\nsuch" + "x" * 5000}
    open_(logged, "/rpc", call)
    (unknown,) = requests(logged, outcome="method_not_found")
    assert unknown["wire"] == "http"
    assert unknown["method"] == ("no\nsuch" + "x" * 100)[:100]
    open_(logged, "/rpc", [{"jsonrpc": "2.0", "id": 1, "method": "server.info"}, 7])
    assert requests(logged, wire="http", method="server.info")
    assert requests(logged, wire="http", outcome="invalid_request")[0]["method"] is None

    with httpx.Client(base_url=logged.http_url, trust_env=False) as http:
        events = whole(http, run.session_id)
    (stream,) = requests(logged, wire="sse")
    assert stream["session_id"] == run.session_id
    assert stream["events"] == len(events) - 1
    assert stream["bytes"] > 500


async def test_people_are_told_of_requests_only_when_they_ask(tmp_path: Any) -> None:
    """A terminal that scrolls with every call hides what matters."""
    for level, wanted in (("info", False), ("debug", True)):
        process = ServerProcess(
            ["examples/minimal.py:graph"], tmp_path / level, settings={"log_level": level}
        ).start()
        try:
            open_(process, "/v1/orchestrator/sessions")
            assert bool(process.said("session.list over rest by 127.0.0.1: ok in ")) is wanted
        finally:
            process.close()


def test_a_server_that_cannot_start_says_so_in_json(tmp_path: Path) -> None:
    """What starts servers reads nothing else."""
    where = ("--port", "0", "--data-dir", str(tmp_path))
    done = stepwire("serve", "nowhere.py:graph", *where, "--log-format", "json")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["level"] == "critical"
    assert "nowhere.py" in json.loads(line)["message"]
