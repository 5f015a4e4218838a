"""A server that hangs, or answers what nobody can read, costs one question its time and not each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from examples.biomed.errors import SourceError
from examples.biomed.graph import Graph
from examples.biomed.settings import Settings
from examples.biomed.tool_servers import running
from examples.biomed.tool_servers.client import read_configuration
from examples.biomed.tool_servers.configuration import Server
from examples.biomed.tool_servers.pool import Pool
from examples.biomed.tool_servers.rest import ERRORS, REST_S, WHOLE, Rests
from examples.biomed.tool_servers.running import RunningServer
from examples.biomed.tool_servers.survey import survey

Make = Callable[[Settings], Graph]
LATE, UNREAD = SourceError("timeout", "no answer"), SourceError("bad_data", "no records")


def _mute(name: str = "mute") -> Server:
    code = "import sys; sys.stdin.read()"
    connection = {"transport": "stdio", "command": sys.executable, "args": ["-c", code]}
    return Server(name=name, connection=connection)


def test_what_hung_rests_as_a_whole_and_for_a_while() -> None:
    now = [100.0]
    rests = Rests(lambda: now[0])
    rests.note("search", LATE, 3.0)
    failure = rests.of(WHOLE, 3.0)
    assert failure is not None
    assert failure.kind == "timeout"
    assert "not asked again before" in failure.message
    assert rests.of(WHOLE, 30.0) is None, "who can wait far longer tries"
    now[0] += REST_S + 1
    assert rests.of(WHOLE, 3.0) is None


def test_of_what_cannot_be_read_the_tool_rests() -> None:
    rests = Rests(lambda: 0.0)
    rests.note("search", UNREAD, 3.0)
    assert rests.of(WHOLE, 3.0) is None
    assert rests.of("get", 3.0) is None
    assert rests.of("search", 30.0) is not None
    rests.answered("search")
    assert rests.of("search", 3.0) is None


@pytest.mark.parametrize("kind", ["tool_error", "invalid_request", "not_found"])
def test_what_one_question_got_wrong_holds_for_no_other(kind: Any) -> None:
    rests = Rests(lambda: 0.0)
    rests.note("search", SourceError(kind, "quota"), 3.0)
    assert rests.of("search", 3.0) is rests.of(WHOLE, 3.0) is None


def test_a_tool_that_fails_each_time_rests_and_is_tried_again() -> None:
    now = [100.0]
    rests = Rests(lambda: now[0])
    failure = SourceError("tool_error", "quota")
    for _ in range(ERRORS):
        assert rests.of("search", 3.0) is None
        rests.note("search", failure, 3.0)
    why = rests.of("search", 30.0)
    assert why is not None
    assert (why.kind, "quota; not asked again before" in why.message) == ("tool_error", True)
    assert rests.of("get", 3.0) is rests.of(WHOLE, 3.0) is None, "its others are asked"
    now[0] += REST_S + 1
    assert rests.of("search", 3.0) is None
    rests.note("search", failure, 3.0)
    assert rests.of("search", 3.0) is not None, "the one try that failed too"


def test_failures_with_answers_between_are_the_questions() -> None:
    rests = Rests(lambda: 0.0)
    for _ in range(ERRORS):
        rests.note("search", SourceError("tool_error", "quota"), 3.0)
        rests.answered("search")
        rests.note("search", SourceError("not_found", "none"), 3.0)
    assert rests.of("search", 3.0) is None


async def test_a_tool_that_fails_for_each_question_is_named_and_not_asked(
    graph_of: Make, settings: Settings, tmp_path: Path
) -> None:
    calls, file = tmp_path / "calls", tmp_path / "mcp.json"
    code = (
        "from mcp.server.fastmcp import FastMCP; s = FastMCP('n', log_level='ERROR')\n"
        "@s.tool()\n"
        "def search_pubmed(term: str) -> str:\n"
        f"    'Search PubMed.'\n    open({str(calls)!r}, 'a').write('x')\n    raise ValueError('quota exceeded')\n"
        "s.run('stdio')"
    )
    entry = {"command": sys.executable, "args": ["-c", code]}
    file.write_bytes(msgspec.json.encode({"mcpServers": {"weak": entry}}))
    configured = msgspec.structs.replace(settings, mcp_config=str(file))
    await survey(read_configuration(configured), 600)
    graph = graph_of(configured)
    said = []
    for question in ("semaglutide", "tirzepatide", "liraglutide", "dulaglutide", "exenatide"):
        result = await graph.ainvoke({"query": question}, context={"sources": ["literature"]})  # type: ignore[arg-type]
        assert [one["source"] for one in result["errors"]] == ["mcp:weak"]
        said.append(result["errors"][0]["message"])
    assert calls.read_text() == "x" * ERRORS
    assert all("not asked again before" in one for one in said[ERRORS:])


@pytest.mark.parametrize(
    ("body", "kind", "budget_ms"),
    [("import time; time.sleep(600)", "timeout", 12_000), ("return 'I am not able to.'", "bad_data", 60_000)],
)  # fmt: skip
async def test_the_next_question_does_not_ask_it_and_says_so(
    graph_of: Make, settings: Settings, tmp_path: Path, body: str, kind: str, budget_ms: int
) -> None:
    calls = tmp_path / "calls"
    code = (
        "from mcp.server.fastmcp import FastMCP; s = FastMCP('n', log_level='ERROR')\n"
        "@s.tool()\n"
        "def search_pubmed(term: str) -> str:\n"
        f"    'Search PubMed.'\n    open({str(calls)!r}, 'a').write('x')\n    {body}\n"
        "s.run('stdio')"
    )
    file = tmp_path / "mcp.json"
    entry = {"command": sys.executable, "args": ["-c", code]}
    file.write_bytes(msgspec.json.encode({"mcpServers": {"weak": entry}}))
    configured = msgspec.structs.replace(settings, mcp_config=str(file))
    await survey(read_configuration(configured), 600)  # it runs when the first question comes
    graph = graph_of(configured)
    said = []
    for question in ("semaglutide", "tirzepatide"):
        result = await graph.ainvoke(
            {"query": question},
            context={"sources": ["literature"], "time_budget_ms": budget_ms},  # type: ignore[arg-type]
        )
        assert [(one["source"], one["kind"]) for one in result["errors"]] == [("mcp:weak", kind)]
        assert result["reports"]["literature"]["status"] == "answered"
        said.append(result["errors"][0]["message"])
    assert calls.read_text() == "x"
    assert "not asked again" not in said[0]
    assert "MCP server weak" in said[1]
    assert "not asked again before" in said[1]


async def test_a_start_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [10.0]
    monkeypatch.setattr(running, "time", SimpleNamespace(monotonic=lambda: now[0]))
    server = RunningServer(_mute())
    try:
        assert server.worth_waiting_s(2.0) == 2.0
        now[0] += 1.5
        assert server.worth_waiting_s(2.0) == 0.5
        now[0] += 1.5
        assert server.worth_waiting_s(2.0) == 0.0
        assert server.worth_waiting_s(24.0) == 21.0, "who has more time has the rest of it"
    finally:
        await server.close()


async def test_what_never_became_ready_is_tried_again_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "START_S", 0.2)
    monkeypatch.setattr(running, "RETRY_S", 0)
    pool = Pool()
    try:
        first = (await pool.started([_mute()], 600))["mute"]
        assert isinstance(first, SourceError)
        assert first.kind == "timeout"
        again = (await pool.started([_mute()], 600))["mute"]
        assert isinstance(again, SourceError)
        assert "is being tried again" in again.message
    finally:
        pool.close()
