"""Servers that others publish (`make mcp-servers`), each a process that is pointed to the stand-in by its environment."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from examples.biomed.graph import Graph
from examples.biomed.settings import Settings
from tests.examples.biomed.replay import Fault
from tests.mcp_servers.stand_in import HOOKS, Proxy, Services
from tests.support.needs import needs

FOLDER = Path(__file__).parents[2] / ".mcp-servers"
BUDGET_MS = 60_000
"""A server may take tens of seconds to start where others are busy."""


@dataclass
class Published:
    """A server, what of it serves us, and which requests of its own show that it was asked."""

    command: str
    args: list[str] = field(default_factory=list)
    serves: dict[str, str] = field(default_factory=dict)
    asks: dict[str, str] = field(default_factory=dict)
    """By capability, part of the path that it asks."""
    faulty: str = "esearch"
    """What the stand-in's answer is called that its literature search needs first."""


SERVERS = {
    "biomcp": Published(
        "biomcp/bin/biomcp",
        ["run"],
        {
            "pubmed_search": "article_searcher",
            "pubmed_get": "article_getter",
            "trials_search": "trial_searcher",
            "trials_get": "trial_getter",
        },
        {"pubmed_search": "pubtator3-api/search", "trials_search": "api/v2/studies"},
        "pubtator",
    ),
    "pubmedmcp": Published(
        "pubmedmcp/bin/autocleaneeg-pubmedmcp",
        [],
        {"pubmed_search": "search_pubmed", "pubmed_get": "get_pubmed_details"},
        {"pubmed_search": "esearch"},
    ),
    "cyanheads": Published(
        "node/node_modules/.bin/pubmed-mcp-server",
        [],
        {"pubmed_search": "pubmed_search_articles", "pubmed_get": "pubmed_fetch_articles"},
        {"pubmed_search": "esearch"},
    ),
}
CLINICALTRIALS = "clinicaltrials/bin/clinicaltrials-mcp"


def _entry(
    command: str, args: list[str], replay: Services, proxy: Proxy, home: Path
) -> dict[str, Any]:
    needs((FOLDER / command).exists(), "other people's MCP servers: `make mcp-servers`")
    env = {
        "HTTPS_PROXY": proxy.url,
        "SSL_CERT_FILE": str(proxy.authority),
        "PYTHONPATH": str(HOOKS),
        "NODE_OPTIONS": f"--require {HOOKS / 'fetch.cjs'}",
        "STAND_IN": replay.url,
        # What it keeps of an answer would spare the next test the question.
        "XDG_CACHE_HOME": str(home),
        "HOME": str(home),
        "NCBI_MAX_RETRIES": "0",
    }
    return {"command": str(FOLDER / command), "args": args, "env": env}


def _configured(settings: Settings, tmp_path: Path, **entries: dict[str, Any]) -> Settings:
    file = tmp_path / "mcp.json"
    file.write_text(json.dumps({"mcpServers": entries}))
    return msgspec.structs.replace(settings, mcp_config=str(file))


async def _ask(graph: Graph, query: str, *sources: str) -> dict[str, Any]:
    context: Any = {"sources": list(sources), "time_budget_ms": BUDGET_MS}
    result: dict[str, Any] = await graph.ainvoke({"query": query}, context=context)  # type: ignore[assignment]
    return result


@pytest.mark.parametrize("name", SERVERS)
async def test_its_results_are_the_answers(
    graph_of: Callable[[Settings], Graph],
    settings: Settings,
    replay: Services,
    proxy: Proxy,
    tmp_path: Path,
    name: str,
) -> None:
    published = SERVERS[name]
    entry = _entry(published.command, published.args, replay, proxy, tmp_path)
    graph = graph_of(_configured(settings, tmp_path, **{name: entry}))
    sources = ["literature"] + ["trials"] * ("trials_search" in published.serves)
    result = await _ask(graph, "semaglutide for obesity", *sources)
    (server,) = result["servers"]
    assert (server["status"], server["serves"]) == ("used", published.serves)
    assert result["errors"] == []
    for source, capability in (("literature", "pubmed_search"), ("trials", "trials_search")):
        if source not in sources:
            continue
        assert result["reports"][source]["via"] == name
        assert result["reports"][source]["kept"] >= 3
        assert replay.requests(published.asks[capability])
    cited = result["citations"]
    assert {one["via"] for one in cited} == {name}
    assert {"33567185", "34170647"} & {one["id"] for one in cited}
    assert all(one["title"] and one["year"] for one in cited if one["type"] == "article")


@pytest.mark.parametrize("name", SERVERS)
async def test_where_its_service_fails_it_is_named_and_ours_answers(
    graph_of: Callable[[Settings], Graph],
    settings: Settings,
    replay: Services,
    proxy: Proxy,
    tmp_path: Path,
    name: str,
) -> None:
    published = SERVERS[name]
    entry = _entry(published.command, published.args, replay, proxy, tmp_path)
    # A request that is refused as wrong is tried again by none of them.
    replay.fail(published.faulty, Fault(400, b"{}"))
    result = await _ask(
        graph_of(_configured(settings, tmp_path, **{name: entry})), "semaglutide", "literature"
    )
    assert any(f"MCP server {name}" in one["message"] for one in result["errors"])
    assert result["citations"]
    assert {one["via"] for one in result["citations"]} == {""}
    assert {one["origin"] for one in result["citations"]} == {"live"}


def _is_new_enough(python: Path) -> bool:
    code = "import sys; print(sys.version_info >= (3, 12))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip() == "True"


async def test_a_server_for_another_python_is_named_as_failed(
    graph_of: Callable[[Settings], Graph],
    settings: Settings,
    replay: Services,
    proxy: Proxy,
    tmp_path: Path,
) -> None:
    """It is written for Python 3.12: older ones cannot read it, and it ends at once. With a newer one it serves."""
    entry = _entry(CLINICALTRIALS, [], replay, proxy, tmp_path)
    result = await _ask(
        graph_of(_configured(settings, tmp_path, registry=entry)), "semaglutide", "trials"
    )
    (server,) = result["servers"]
    assert result["citations"]
    if _is_new_enough(FOLDER / "clinicaltrials" / "bin" / "python"):
        assert server["status"] == "used"
        assert {one["via"] for one in result["citations"]} == {"registry"}
        return
    assert server["status"] == "failed"
    assert server["reason"]
    assert any("MCP server registry" in one["message"] for one in result["errors"])
    assert {one["via"] for one in result["citations"]} == {""}
