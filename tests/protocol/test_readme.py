"""Every message of `protocol/README.md` is sent and received as printed: a stranger's client will rely on it."""

import asyncio
import json
import os
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from protocol import generate
from protocol.errors import METHOD_NOT_FOUND, NOT_IN_DEBUG_MODE
from protocol.methods import METHODS
from tests.protocol.conformance import check_event, check_response
from tests.protocol.transcript import ANY, Scenario, Step, difference, filled, is_event, scenarios
from tests.support.peer import peer
from tests.support.server_process import ServerProcess

README = (generate.FOLDER / "README.md").read_text(encoding="utf-8")
SCENARIOS = scenarios(README)

DEADLINE_SECONDS = 60.0


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the README's own graph."""
    folder = tmp_path_factory.mktemp("readme")
    program, *_ = re.findall(r"(?ms)^```python\n(.*?)^```$", README)
    (folder / "graph.py").write_text(program, encoding="utf-8")
    server = ServerProcess([f"{folder}/graph.py:graph"], folder / "data")
    yield server.start().url
    server.close()


class Reader:
    """Plays a scenario: sends, and takes what arrives apart into responses and events."""

    def __init__(self, url: str) -> None:
        self.url = url
        # What the placeholders stand for.
        self.names: dict[str, Any] = {}
        # The method of each request, by its id.
        self.methods: dict[Any, str] = {}
        self.responses: deque[Any] = deque()
        self.events: deque[Any] = deque()

    async def play(self, scenario: Scenario) -> None:
        """Raises `AssertionError` with the line of the first message that is not as printed."""
        pieces: list[list[Step]] = [[]]
        for step in scenario.steps:
            if step.kind == "break":
                pieces.append([])
            else:
                pieces[-1].append(step)
        for piece in pieces:
            self.responses.clear()
            self.events.clear()
            async with connect(self.url) as socket:
                await self._piece(socket, piece)

    async def _piece(self, socket: ClientConnection, steps: list[Step]) -> None:
        skip = False
        for step in steps:
            if step.kind == "send":
                await self._send(socket, filled(step.message, self.names))
            elif step.kind == "skip":
                skip = True
            elif is_event(step.message):
                await self._expect(socket, self.events, step, skip=skip)
                skip = False
            else:
                response = await self._expect(socket, self.responses, step, skip=False)
                self._check_order(response)

    async def _send(self, socket: ClientConnection, message: Any) -> None:
        for request in message if isinstance(message, list) else [message]:
            if isinstance(request, dict) and "id" in request:
                self.methods[request["id"]] = request["method"]
        await socket.send(json.dumps(message))

    async def _expect(
        self, socket: ClientConnection, queue: deque[Any], step: Step, *, skip: bool
    ) -> Any:
        last = "nothing"
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                while True:
                    while not queue:
                        self._take(json.loads(await socket.recv()))
                    actual = queue.popleft()
                    names = dict(self.names)
                    wrong = difference(step.message, actual, names)
                    if wrong is None:
                        self.names = names
                        return actual
                    last = f"{wrong}\nin {json.dumps(actual, ensure_ascii=False)}"
                    assert skip, f"README.md, line {step.line}: {last}"
        except TimeoutError:
            raise AssertionError(
                f"README.md, line {step.line}: not received; last: {last}"
            ) from None

    def _take(self, message: Any) -> None:
        entries = message if isinstance(message, list) else [message]
        if is_event(message):
            for event in entries:
                check_event(event)
            self.events.extend(entries)
            return
        for response in entries:
            check_response(response, self.methods.get(response["id"]))
        self.responses.append(message)

    def _check_order(self, response: Any) -> None:
        """The answer to `query.start` is sent before its run's first event."""
        if isinstance(response, dict) and self.methods.get(response["id"]) == "query.start":
            run = response["result"]["run_id"]
            assert not [event for event in self.events if event["params"]["run_id"] == run]


async def post(url: str, scenario: Scenario) -> None:
    """Plays a scenario whose messages are sent by HTTP."""
    async with httpx.AsyncClient() as client:
        for sent, expected in zip(scenario.steps[::2], scenario.steps[1::2], strict=True):
            answer = await client.post(url.replace("ws://", "http://"), json=sent.message)
            assert answer.status_code == 200
            check_response(answer.json(), sent.message["method"])
            wrong = difference(expected.message, answer.json(), {})
            assert wrong is None, f"README.md, line {expected.line}: {wrong}"


@asynccontextmanager
async def debugging(url: str) -> AsyncIterator[None]:
    """Skips where the server has no debugger."""
    request = {"jsonrpc": "2.0", "id": 1, "method": "debug.breakpoints", "params": ["none"]}
    async with connect(url) as socket:
        await socket.send(json.dumps(request))
        answer = json.loads(await socket.recv())
    if answer["error"]["code"] == METHOD_NOT_FOUND.code:
        pytest.skip("this server has no debug.* methods")
    yield


async def nothing_runs(url: str) -> None:
    """What another scenario left running would be told of in one that watches all sessions."""
    async with peer(url) as one:
        while (await one.call("session.list", status=["queued", "running"]))["total"]:
            pass


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: f"line {scenario.line}")
async def test_a_scenario_runs_as_printed(url: str, scenario: Scenario) -> None:
    await nothing_runs(url)
    if scenario.kind == "post":
        await post(url, scenario)
    elif scenario.kind == "debug":
        async with debugging(url):
            await Reader(url).play(scenario)
    else:
        await Reader(url).play(scenario)


def test_every_block_is_found() -> None:
    assert README.count("\n```stepwire") >= len(SCENARIOS) >= 6
    assert sum(len(scenario.steps) for scenario in SCENARIOS) == len(
        re.findall(r"(?m)^(-->|<--|---) ", README)
    )


def test_links_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"(?m)^#+ (.*)$", README)
    }
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if target.startswith("#"):
            assert target[1:] in headings, target
        elif not target.startswith("https://"):
            assert (generate.FOLDER / Path(target)).is_file(), target


def test_the_tests_that_it_names_are_there() -> None:
    """A promise whose test was renamed or removed would be one that nothing holds to."""
    root = generate.FOLDER.parent
    functions: dict[Path, set[str]] = {}
    for folder, folders, files in os.walk(root / "tests"):
        if "node_modules" in folders:
            folders.remove("node_modules")
        for name in files:
            if name.startswith("test_") and name.endswith(".py"):
                file = Path(folder, name)
                found = re.findall(r"(?m)^(?:async )?def (test_\w+)", file.read_text("utf-8"))
                functions[file.relative_to(root)] = set(found)
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", README)
    assert len(named) > 40
    for file, function in named:
        assert Path(file) in functions, file
        assert not function or function in functions[Path(file)], f"{file}::{function}"
    everywhere = set().union(*functions.values())
    for function in re.findall(r"`(test_[a-z_0-9]+)`", README):
        assert function in everywhere, function


def named(pattern: str) -> set[str]:
    """The methods that a passage of the prose names."""
    (passage,) = re.findall(pattern, README, re.DOTALL)
    return set(re.findall(r"`((?:query|session|debug)\.\w+)`", passage))


def test_the_prose_names_the_methods_that_the_tables_do() -> None:
    fields = {name: set(method.params.__struct_fields__) for name, method in METHODS.items()}
    keyed = {name for name, of in fields.items() if "idempotency_key" in of} - {"query.start"}
    assert named(r"A call that moves a session \((.*?)\) may carry") == keyed
    placed = {name for name, of in fields.items() if "expected_checkpoint_id" in of}
    assert placed == {name for name in keyed if name.startswith("debug.")}
    always = {
        name
        for name, method in METHODS.items()
        if name.startswith("debug.") and NOT_IN_DEBUG_MODE not in method.errors
    }
    looks = named(r"except those that only look and change nothing, at any time: (.*?)\.\n")
    assert looks == always - {"debug.attach", "debug.detach"}


def test_a_wrong_message_is_noticed() -> None:
    names: dict[str, Any] = {}
    expected = {"id": 1, "result": {"session_id": "<session>", "seq": ANY}}
    assert difference(expected, {"id": 1, "result": {"session_id": "a", "seq": 3}}, names) is None
    assert names == {"<session>": "a"}
    assert difference(expected, {"id": 1, "result": {"session_id": "b", "seq": 3}}, names)
    assert difference(expected, {"id": 1, "result": {"session_id": "a"}}, names)
    surplus = {"id": 1, "result": {"session_id": "a", "seq": 3, "more": 1}}
    assert difference(expected, surplus, names)
    assert difference(True, 1, names)
    assert difference({ANY: ANY}, {"any": "thing"}, names) is None
