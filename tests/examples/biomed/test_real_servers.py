"""Servers that others publish (`make mcp-servers`): what they serve, and their clean failure here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from examples.biomed.graph import Graph
from examples.biomed.settings import Settings

FOLDER = Path(__file__).parents[3] / ".mcp-servers"
SERVERS: dict[str, tuple[str, list[str], dict[str, str]]] = {
    "biomcp": (
        "biomcp/bin/biomcp",
        ["run"],
        {
            "pubmed_search": "article_searcher",
            "pubmed_get": "article_getter",
            "trials_search": "trial_searcher",
            "trials_get": "trial_getter",
        },
    ),
    "pubmedmcp": (
        "pubmedmcp/bin/autocleaneeg-pubmedmcp",
        [],
        {"pubmed_search": "search_pubmed", "pubmed_get": "get_pubmed_details"},
    ),
    "cyanheads": (
        "node/node_modules/.bin/pubmed-mcp-server",
        [],
        {"pubmed_search": "pubmed_search_articles", "pubmed_get": "pubmed_fetch_articles"},
    ),
}


@pytest.mark.parametrize("name", SERVERS)
async def test_it_serves_what_its_tools_say(
    graph_of: Callable[[Settings], Graph], settings: Settings, tmp_path: Path, name: str
) -> None:
    command, args, serves = SERVERS[name]
    if not (FOLDER / command).exists():
        pytest.skip("needs `make mcp-servers`")
    entry: dict[str, Any] = {"command": str(FOLDER / command), "args": args}
    file = tmp_path / "mcp.json"
    file.write_text(json.dumps({"mcpServers": {name: entry}}))
    configured = msgspec.structs.replace(settings, mcp_config=str(file))
    result = await graph_of(configured).ainvoke(
        {"query": "semaglutide for obesity"},
        context={"sources": ["literature"], "time_budget_ms": 15_000},  # type: ignore[arg-type]
    )
    (server,) = result["servers"]
    assert server["status"] == "used"
    assert server["serves"] == serves
    # Where its own service cannot be reached it is named; where it can, its results are used.
    assert all(f"MCP server {name}" in one["message"] for one in result["errors"])
    assert {one["via"] for one in result["citations"] if one["origin"] == "live"} <= {name}
