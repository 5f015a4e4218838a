"""Another MCP server, as a user would swap in: its own two tools, over stdio.

Its results are text, not structured content, and one of them is not what it should be.
"""

from __future__ import annotations

import json

from mcp.server.fastmcp import FastMCP

server = FastMCP("elsewhere", log_level="ERROR")


@server.tool(structured_output=False)
def pubmed_search(query: str, limit: int = 10) -> str:
    """Search elsewhere. Knows no dates."""
    records = [
        {
            "type": "article",
            "id": "424242",
            "title": f"Found elsewhere: {query[:20]}",
            "year": 2025,
        },
        {"type": "article", "id": "not a pmid", "title": "Made up"},
    ]
    return json.dumps({"total": 2, "records": records, "retrieved_at": "2026-11-01"})


@server.tool(structured_output=False)
def trials_search(condition: str = "", limit: int = 10) -> str:
    """Always fails."""
    raise RuntimeError("no trials here")


if __name__ == "__main__":
    server.run("stdio")
