"""Somebody else's MCP server: names, arguments and results are none of ours."""

from __future__ import annotations

import json

from mcp.server.fastmcp import FastMCP

server = FastMCP("theirs", log_level="ERROR")


@server.tool()
def think(thought: str) -> str:
    """REQUIRED FIRST STEP before any search of articles or trials."""
    return thought


@server.tool()
def article_searcher(
    chemicals: list[str] | str | None = None,
    keywords: list[str] | str | None = None,
    page_size: int = 10,
) -> str:
    """Search PubMed for research articles. Keywords support OR with '|'."""
    if not keywords:
        raise ValueError("nothing to search for")
    return (
        "# Record 1\nPmid: 31000001\nTitle: Semaglutide in adults with obesity\n"
        "Journal: A Journal\nDate: 2021-03-02\nAuthors: Doe J, Roe R\n"
        "Abstract: Weight fell by 14.9 percent.\n\n"
        "# Record 2\nPmid: 31000002\nTitle: Another article\nDate: 2020\n"
    )


@server.tool(structured_output=False)
def searchStudies(query: str, filterPhase: list[str] | None = None, pageSize: int = 10) -> str:
    """Search clinical trials on ClinicalTrials.gov."""
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT09000001", "briefTitle": f"A study: {query}"},
            "statusModule": {
                "overallStatus": "RECRUITING",
                "startDateStruct": {"date": "2024-05"},
            },
            "designModule": {"phases": filterPhase or [], "enrollmentInfo": {"count": 120}},
        }
    }
    return json.dumps({"totalCount": 41, "studies": [study]})


@server.tool()
def trial_outcomes_getter(nct_id: str) -> str:
    """Fetch outcome measures for a clinical trial."""
    return nct_id


if __name__ == "__main__":
    server.run("stdio")
