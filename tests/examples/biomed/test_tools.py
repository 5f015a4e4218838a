"""The tools as any MCP client sees them: in process, over stdio, and another server in their place."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.shared.memory import create_connected_server_and_client_session
from mcp.types import CallToolResult, TextContent
from starlette.applications import Starlette

from examples.biomed.graph import Graph
from examples.biomed.settings import PACKAGE_DIR, Settings
from examples.biomed.tools import build_server
from tests.examples.biomed import swapped_server
from tests.examples.biomed.replay import Fault, Replay

TOOLS = {"pubmed_search", "pubmed_get", "trials_search", "trials_get", "documents_search"}
QUESTION = "GLP-1 receptor agonist trials"


def _text(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


class TestInProcess:
    async def test_five_tools_with_descriptions_and_schemas(self, settings: Settings) -> None:
        async with create_connected_server_and_client_session(build_server(settings)) as session:
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert set(tools) == TOOLS
        for tool in tools.values():
            assert tool.description
            assert "context" not in tool.inputSchema["properties"]
            assert tool.outputSchema
            assert "records" in tool.outputSchema["properties"]

    @pytest.mark.parametrize(
        ("name", "arguments", "first"),
        [
            ("pubmed_search", {"query": "semaglutide"}, "37952131"),
            ("pubmed_get", {"pmids": ["27295427"]}, "27295427"),
            ("trials_search", {"intervention": "semaglutide"}, "NCT03574597"),
            ("trials_get", {"nct_id": "NCT03574597"}, "NCT03574597"),
            ("documents_search", {"query": "hazard ratio"}, "reading-a-hazard-ratio.md"),
        ],
    )
    async def test_each_tool_answers_with_records(
        self, settings: Settings, name: str, arguments: dict[str, Any], first: str
    ) -> None:
        async with create_connected_server_and_client_session(build_server(settings)) as session:
            result = await session.call_tool(name, arguments)
        assert not result.isError
        assert result.structuredContent is not None
        assert result.structuredContent["records"][0]["id"] == first
        assert result.structuredContent["retrieved_at"]

    @pytest.mark.parametrize(
        ("name", "arguments", "field"),
        [
            ("pubmed_search", {"query": "x", "limit": 0}, "limit"),
            ("pubmed_search", {"query": "x", "date_from": "soon"}, "date_from"),
            ("trials_search", {"term": "x", "phases": ["9"]}, "phases"),
            ("trials_get", {"nct_id": "../../etc"}, "nct_id"),
        ],
    )
    async def test_bad_arguments_are_refused_by_name(
        self, settings: Settings, replay: Replay, name: str, arguments: dict[str, Any], field: str
    ) -> None:
        async with create_connected_server_and_client_session(build_server(settings)) as session:
            result = await session.call_tool(name, arguments)
        assert result.isError
        assert field in _text(result)
        assert replay.seen == []

    async def test_a_failure_is_an_error_with_its_kind(
        self, settings: Settings, replay: Replay
    ) -> None:
        replay.fail("studies", Fault(status=500), times=9)
        async with create_connected_server_and_client_session(build_server(settings)) as session:
            result = await session.call_tool("trials_search", {"term": "x"})
        assert result.isError
        assert "[http_error] ClinicalTrials.gov answered 500" in _text(result)

    async def test_progress_carries_partial_results(self, settings: Settings) -> None:
        messages: list[str | None] = []

        async def note(progress: float, total: float | None, message: str | None) -> None:
            messages.append(message)

        async with create_connected_server_and_client_session(build_server(settings)) as session:
            await session.call_tool(
                "pubmed_search", {"query": "semaglutide", "limit": 2}, progress_callback=note
            )
        (known,) = [json.loads(message or "") for message in messages]
        assert known["found"] == 12
        assert [one["id"] for one in known["partial"]] == ["37952131", "34170647"]

    def test_making_the_server_leaves_logging_alone(self, settings: Settings) -> None:
        root = logging.getLogger()
        before = (list(root.handlers), root.level)
        root.handlers.clear()
        try:
            build_server(settings)
            assert root.handlers == []
            assert root.level == before[1]
        finally:
            root.handlers[:] = before[0]


async def test_the_server_runs_by_its_folders_path(settings: Settings, tmp_path: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=[str(PACKAGE_DIR)],
        env={"BIOMED_TRIALS_URL": settings.trials_url, "BIOMED_CACHE_DIR": str(tmp_path)},
        cwd=tmp_path,
    )
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        assert {tool.name for tool in (await session.list_tools()).tools} == TOOLS
        result = await session.call_tool("trials_search", {"intervention": "semaglutide"})
    assert result.structuredContent is not None
    assert result.structuredContent["total"] == 12


@contextmanager
def _served(app: Starlette) -> Iterator[str]:
    """An application at an address of its own, in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join(60)


def _configured(settings: Settings, tmp_path: Path, servers: object) -> Settings:
    file = tmp_path / "mcp.json"
    file.write_text(servers if isinstance(servers, str) else json.dumps({"mcpServers": servers}))
    return msgspec.structs.replace(settings, mcp_config=str(file))


Make = Callable[[Settings], Graph]


class TestConfigured:
    async def test_our_own_server_over_stdio(
        self, graph_of: Make, settings: Settings, tmp_path: Path, replay: Replay
    ) -> None:
        env = {"BIOMED_TRIALS_URL": settings.trials_url, "BIOMED_CACHE_DIR": str(tmp_path)}
        ours = {"command": sys.executable, "args": [str(PACKAGE_DIR)], "env": env}
        configured = _configured(settings, tmp_path, {"biomed": ours})
        result = await graph_of(configured).ainvoke(
            {"query": QUESTION},
            context={"sources": ["trials"], "time_budget_ms": 60_000},  # type: ignore[arg-type]
        )
        assert result["errors"] == []
        assert {one["origin"] for one in result["citations"]} == {"live"}
        assert replay.requests("studies")

    async def test_another_server_takes_over_the_tools_it_has(
        self, graph_of: Make, settings: Settings, tmp_path: Path, replay: Replay
    ) -> None:
        other = {
            "command": sys.executable,
            "args": [str(Path(__file__).parent / "swapped_server.py")],
        }
        configured = _configured(settings, tmp_path, {"elsewhere": other})
        result = await graph_of(configured).ainvoke(
            {"query": QUESTION},
            context={"time_budget_ms": 60_000, "date_from": "2020"},  # type: ignore[arg-type]
        )
        literature = [one for one in result["citations"] if one["source"] == "literature"]
        assert [one["id"] for one in literature] == ["424242"]
        assert (literature[0]["as_of"], literature[0]["via"]) == ("2026-11-01", "elsewhere")
        assert "_From the MCP server elsewhere, 2026-11-01._" in result["answer"]
        assert "Found elsewhere" in result["answer"]
        assert "from PubMed" not in result["answer"]
        assert {one["via"] for one in result["citations"] if one not in literature} == {""}
        assert result["reports"]["literature"]["warnings"] == [
            "pubmed_search of this server does not take: date_from",
            "1 malformed results were left out",
        ]
        assert replay.requests("eutils") == []
        assert [(one["source"], one["kind"]) for one in result["errors"]] == [
            ("mcp:elsewhere", "tool_error")
        ]
        assert "no trials here" in result["errors"][0]["message"]
        trials = result["reports"]["trials"]
        assert (trials["status"], trials["origin"]) == ("answered", "live"), "ours in its place"
        assert trials["warnings"] == ["the MCP server elsewhere failed; asked without it"]
        assert "the MCP server elsewhere failed; asked without it" in result["answer"]
        assert result["reports"]["documents"]["status"] == "answered", "still ours, in process"

    async def test_another_server_is_reached_by_its_address(
        self, graph_of: Make, settings: Settings, tmp_path: Path, replay: Replay
    ) -> None:
        with _served(swapped_server.server.streamable_http_app()) as address:
            remote = {"type": "http", "url": f"{address}/mcp"}
            configured = _configured(settings, tmp_path, {"elsewhere": remote})
            result = await graph_of(configured).ainvoke(
                {"query": QUESTION},
                context={"sources": ["literature"], "time_budget_ms": 60_000},  # type: ignore[arg-type]
            )
        assert result["errors"] == []
        assert [one["id"] for one in result["citations"]] == ["424242"]
        assert replay.seen == []

    async def test_a_server_that_never_answers_costs_only_itself(
        self, graph_of: Make, settings: Settings, tmp_path: Path
    ) -> None:
        mute = {"command": sys.executable, "args": ["-c", "import sys; sys.stdin.read()"]}
        configured = _configured(settings, tmp_path, {"mute": mute})
        result = await graph_of(configured).ainvoke(
            {"query": QUESTION},
            context={"time_budget_ms": 8000},  # type: ignore[arg-type]
        )
        assert [(one["source"], one["kind"]) for one in result["errors"]] == [
            ("mcp:mute", "timeout")
        ]
        assert {one["origin"] for one in result["citations"]} <= {"live", "collection"}
        assert "MCP server mute" in result["answer"]

    @pytest.mark.parametrize(
        "servers",
        [
            "{broken",
            '{"tools": {}}',
            {"x": {"args": []}},
            {"x": {"command": "/no/such/command"}},
            {"x": {"command": "/bin/false"}},
            {"x": {"url": "http://127.0.0.1:1/mcp"}},
            {"x": {"command": "/bin/false", "tools": ["no", "object"]}},
        ],
    )
    async def test_a_configuration_that_does_not_work_is_said_and_ours_stand_in(
        self, graph_of: Make, settings: Settings, tmp_path: Path, servers: object
    ) -> None:
        configured = _configured(settings, tmp_path, servers)
        result = await graph_of(configured).ainvoke(
            {"query": QUESTION},
            context={"time_budget_ms": 60_000},  # type: ignore[arg-type]
        )
        (error,) = result["errors"]
        assert error["kind"] in ("not_configured", "unreachable")
        assert error["source"] == ("mcp:" if isinstance(servers, str) else "mcp:x")
        assert {one["status"] for one in result["reports"].values()} == {"answered"}
        assert str(tmp_path) not in result["answer"]

    async def test_a_disabled_entry_is_not_started(
        self, graph_of: Make, settings: Settings, tmp_path: Path
    ) -> None:
        mark = tmp_path / "started"
        code = f"open({str(mark)!r}, 'w')"
        off = {"command": sys.executable, "args": ["-c", code], "disabled": True}
        configured = _configured(settings, tmp_path, {"off": off})
        result = await graph_of(configured).ainvoke({"query": QUESTION})
        assert result["errors"] == []
        assert [one["status"] for one in result["servers"]] == ["disabled"]
        assert not mark.exists()

    def test_a_server_is_started_once_for_many_questions_and_loops(
        self, graph_of: Make, settings: Settings, tmp_path: Path
    ) -> None:
        mark = tmp_path / "starts"
        code = (
            f"open({str(mark)!r}, 'a').write('x'); import runpy, sys; "
            "runpy.run_path(sys.argv[1], run_name='__main__')"
        )
        script = str(Path(__file__).parent / "swapped_server.py")
        once = {"command": sys.executable, "args": ["-c", code, script]}
        broken = {"command": "/bin/false"}
        configured = _configured(settings, tmp_path, {"broken": broken, "once": once})
        for _ in range(2):
            result = asyncio.run(
                graph_of(configured).ainvoke(
                    {"query": QUESTION},
                    context={"sources": ["literature"], "time_budget_ms": 60_000},  # type: ignore[arg-type]
                )
            )
            assert [one["id"] for one in result["citations"]] == ["424242"]
            assert [one["source"] for one in result["errors"]] == ["mcp:broken"]
        assert mark.read_text() == "x"

    async def test_a_server_with_names_of_its_own_is_used(
        self, graph_of: Make, settings: Settings, tmp_path: Path, replay: Replay
    ) -> None:
        script = str(Path(__file__).parent / "foreign_server.py")
        configured = _configured(
            settings, tmp_path, {"theirs": {"command": sys.executable, "args": [script]}}
        )
        result = await graph_of(configured).ainvoke(
            {"query": "phase 3 trials of semaglutide for obesity since 2020"},
            context={"time_budget_ms": 60_000},  # type: ignore[arg-type]
        )
        assert result["errors"] == []
        theirs = {one["id"] for one in result["citations"] if one["via"] == "theirs"}
        assert theirs == {"31000001", "31000002", "NCT09000001"}
        (server,) = result["servers"]
        assert server["serves"] == {
            "pubmed_search": "article_searcher",
            "trials_search": "searchStudies",
        }
        assert replay.seen == []

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ("raise ValueError('quota used up')", "tool_error"),
            ("return 'I am not able to.'", "bad_data"),
            ("import time; time.sleep(60)", "timeout"),
            ("import os; os._exit(3)", "unreachable"),
        ],
    )
    async def test_ours_stands_in_where_a_servers_call_fails(
        self, graph_of: Make, settings: Settings, tmp_path: Path, body: str, kind: str
    ) -> None:
        code = (
            "from mcp.server.fastmcp import FastMCP; s = FastMCP('n', log_level='ERROR')\n"
            "@s.tool()\n"
            "def search_pubmed(term: str) -> str:\n"
            f"    'Search PubMed.'\n    {body}\n"
            "s.run('stdio')"
        )
        entry = {"command": sys.executable, "args": ["-c", code]}
        configured = _configured(settings, tmp_path, {"weak": entry})
        budget_ms = 16_000 if kind == "timeout" else 60_000
        result = await graph_of(configured).ainvoke(
            {"query": "semaglutide"},
            context={"sources": ["literature"], "time_budget_ms": budget_ms},  # type: ignore[arg-type]
        )
        assert [(one["source"], one["kind"]) for one in result["errors"]] == [("mcp:weak", kind)]
        assert "weak" in result["errors"][0]["message"]
        assert result["reports"]["literature"]["status"] == "answered"
        assert {(one["origin"], one["via"]) for one in result["citations"]} == {("live", "")}
        assert "mcp:weak" in result["answer"]

    def test_the_tools_command_shows_what_serves_what(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        script = str(Path(__file__).parent / "foreign_server.py")
        servers = {
            "theirs": {"command": sys.executable, "args": [script]},
            "broken": {"command": "/bin/false"},
        }
        configured = _configured(settings, tmp_path, servers)
        done = subprocess.run(
            [sys.executable, str(PACKAGE_DIR), "tools"],
            capture_output=True,
            text=True,
            env={**os.environ, "BIOMED_MCP_CONFIG": configured.mcp_config},
            check=True,
        )
        assert re.search(
            r"^pubmed_search +theirs: article_searcher \(by description\)$", done.stdout, re.M
        )
        assert re.search(r"^documents_search +in process$", done.stdout, re.M)
        assert re.search(r"^broken: failed; it ended", done.stdout, re.M)

    async def test_a_search_that_names_numbers_alone_is_followed_by_a_fetch(
        self, graph_of: Make, settings: Settings, tmp_path: Path, replay: Replay
    ) -> None:
        code = (
            "from mcp.server.fastmcp import FastMCP; s = FastMCP('n', log_level='ERROR')\n"
            "@s.tool()\n"
            "def search_pubmed(term: str) -> dict:\n"
            "    'Search PubMed.'\n"
            "    return {'pmids': ['37952131'], 'total': 1}\n"
            "s.run('stdio')"
        )
        entry = {"command": sys.executable, "args": ["-c", code]}
        configured = _configured(settings, tmp_path, {"numbers": entry})
        result = await graph_of(configured).ainvoke(
            {"query": "semaglutide"},
            context={"sources": ["literature"], "time_budget_ms": 60_000},  # type: ignore[arg-type]
        )
        assert [one["id"] for one in result["citations"]] == ["37952131"]
        assert replay.requests("esearch") == []
        assert replay.requests("efetch")
