"""Servers as strangers write them: what acts is never called by itself, what a tool asks for is said to it, and what it answers is read."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.types import CallToolResult, ImageContent, ResourceLink, TextContent, Tool, ToolAnnotations
from pydantic import AnyUrl

from examples.biomed.errors import SourceError
from examples.biomed.model.searching_on import further_tools
from examples.biomed.tool_servers import configuration
from examples.biomed.tool_servers.acting import acts
from examples.biomed.tool_servers.arguments import adapt
from examples.biomed.tool_servers.capabilities import choose
from examples.biomed.tool_servers.client import _texts, unknown_names
from examples.biomed.tool_servers.configuration import Server
from examples.biomed.tool_servers.pool import pool
from examples.biomed.tool_servers.results import read
from examples.biomed.tool_servers.running import RunningServer
from examples.biomed.tool_servers.stdio import LastLines, stdio_session
from examples.biomed.tool_servers.survey import survey

TEXT = {"type": "string"}


def _tool(name: str, description: str = "", required: list[str] = [], **properties: Any) -> Tool:  # noqa: B006
    schema = {"type": "object", "properties": properties, "required": required}
    return Tool(name=name, description=description, inputSchema=schema)


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("submit_trial", "Submit a clinical trial for search indexing."),
        ("delete_article", "Deletes an article."),
        ("updateStudy", "Update and retrieve a study."),
        ("send_search_results", "Search articles and mail them."),
        ("articles", "Sends articles that a PubMed search finds to a colleague."),
    ],
)
def test_a_tool_that_acts_serves_nothing(name: str, description: str) -> None:
    tool = _tool(name, description, query=TEXT, pmid=TEXT, nct_id=TEXT)
    assert acts(tool)
    assert choose([tool])[0] == {}


@pytest.mark.parametrize(
    "name", ["search_reports", "text_search", "get_posts", "article_getter", "trials_search", "fetchReport"]
)  # fmt: skip
def test_a_tool_that_reads_does_not_act(name: str) -> None:
    assert not acts(_tool(name, "Finds what is asked for."))


def test_annotations_come_before_names() -> None:
    safe = _tool("run_query", "Run a search.").model_copy(update={"annotations": ToolAnnotations(readOnlyHint=True)})  # fmt: skip
    harmful = _tool("search_articles", "Search.").model_copy(update={"annotations": ToolAnnotations(destructiveHint=True)})  # fmt: skip
    assert (acts(safe), acts(harmful)) == (False, True)


def test_pubmeds_own_names_are_known() -> None:
    mapped, _ = choose(
        [
            _tool(
                "esearch", "Search PubMed for articles.", ["term"], term=TEXT, retmax={"type": "string"}
            ),
            _tool("efetch", "Fetch PubMed articles.", ["id"], id=TEXT),
        ]
    )  # fmt: skip
    assert {name: one.tool for name, one in mapped.items()} == {
        "pubmed_search": "esearch",
        "pubmed_get": "efetch",
    }


def test_a_name_that_its_description_contradicts_is_not_believed() -> None:
    tool = _tool("search_pubmed", "Search studies on ClinicalTrials.gov.", query=TEXT)
    assert "pubmed_search" not in choose([tool])[0]


def test_what_is_the_same_for_every_search_is_said() -> None:
    tool = _tool(
        "search_papers",
        "Search papers in PubMed.",
        ["query", "db", "sort"],
        query=TEXT,
        db={"type": "string", "enum": ["pmc", "pubmed"]},
        sort={"type": "string", "enum": ["date", "relevance"]},
        retmax=TEXT,
        include_abstract={"type": "boolean", "default": False},
    )
    assert choose([tool])[0]["pubmed_search"].tool == "search_papers"
    calls, lost = adapt("pubmed_search", {"query": "a", "limit": 5}, tool.inputSchema, "PubMed")
    assert (calls, lost) == (
        [{"query": "a", "db": "pubmed", "sort": "relevance", "retmax": "5", "include_abstract": True}],
        [],
    )  # fmt: skip


def test_what_only_the_operator_knows_is_given_in_the_settings(tmp_path: Path) -> None:
    tool = _tool("search_pubmed", "Search PubMed.", ["query", "tenant"], query=TEXT, tenant=TEXT)
    assert choose([tool])[0] == {}
    file = tmp_path / "servers.json"
    entry = {"command": "x", "values": {"pubmed_search": {"tenant": "t1"}}}
    file.write_text(json.dumps({"mcpServers": {"s": entry}}))
    (server,) = configuration.read(str(file)).servers
    assert choose([tool], server.tools, server.values)[0]["pubmed_search"].tool == "search_pubmed"
    calls, _ = adapt(
        "pubmed_search", {"query": "a"}, tool.inputSchema, values=server.values["pubmed_search"]
    )
    assert calls == [{"query": "a", "tenant": "t1"}]


def test_a_schema_that_names_nothing_gets_what_ours_takes() -> None:
    calls, lost = adapt(
        "pubmed_search", {"query": "a", "limit": 3, "words": "w"}, {"type": "object"}
    )
    assert (calls, lost) == ([{"query": "a", "limit": 3}], [])


def test_of_a_query_in_brackets_the_words_are_whole_names() -> None:
    tool = _tool("find_articles", "Find articles.", ["q"], q=TEXT)
    query = '(body weight OR "Body Weight"[mh] OR (body* AND (weight* OR bmi))) AND (obesity OR obes*) NOT ("Child"[mh] NOT "x"[ti])'
    assert adapt("pubmed_search", {"query": query}, tool.inputSchema)[0] == [
        {"q": "body weight obesity"}
    ]


MEDLINE = """\
PMID- 31000001
DP  - 2021 Mar 18
TI  - Semaglutide in adults with overweight or
      obesity.
AB  - Weight fell.
AU  - Doe J
AU  - Roe R
LID - 10.1000/xyz [doi]
JT  - The journal

PMID- 31000002
TI  - Another.
"""
RIS = "TY  - JOUR\nTI  - Semaglutide in adults with overweight or obesity.\nAB  - Weight fell.\nAU  - Doe J\nAU  - Roe R\nPY  - 2021\nDO  - 10.1000/xyz\nJO  - The journal\nAN  - 31000001\nER  - \n"


@pytest.mark.parametrize("text", [MEDLINE, RIS])
def test_text_in_tags_is_read(text: str) -> None:
    first, *_ = read("pubmed_search", None, [text])["records"]
    assert (first["id"], first["title"], first["year"], first["text"]) == (
        "31000001",
        "Semaglutide in adults with overweight or obesity.",
        2021,
        "Weight fell.",
    )
    assert (first["authors"], first["doi"], first["journal"]) == (
        ["Doe J", "Roe R"],
        "10.1000/xyz",
        "The journal",
    )


@pytest.mark.parametrize(
    "text",
    [
        'pmid,title,year\n31000001,"Semaglutide, once a week",2021\n31000002,Another,2020\n',
        "PMID\tTitle\tYear\n31000001\tSemaglutide, once a week\t2021\n31000002\tAnother\t2020\n",
        "| PMID | Title | Year |\n|---|---|---|\n| 31000001 | Semaglutide, once a week | 2021 |\n| 31000002 | Another | 2020 |\n",
    ],
)
def test_a_table_is_read(text: str) -> None:
    found = read("pubmed_search", None, [text])["records"]
    assert [(one["id"], one["title"], one["year"]) for one in found] == [
        ("31000001", "Semaglutide, once a week", 2021),
        ("31000002", "Another", 2020),
    ]


def test_each_block_of_text_is_a_record() -> None:
    texts = [
        json.dumps({"pmid": "31000001", "title": "A"}),
        json.dumps({"pmid": "31000002", "title": "B"}),
        "2 results",
    ]
    found = read("pubmed_search", None, texts)
    assert ([one["id"] for one in found["records"]], found["total"]) == (
        ["31000001", "31000002"],
        2,
    )


def test_pubmeds_summary_and_a_year_behind_the_journal_are_read() -> None:
    summary = {"result": {"uids": ["31000001"], "31000001": {"uid": "31000001", "title": "T", "pubdate": "2021 Mar", "articleids": [{"idtype": "pubmed", "value": "31000001"}, {"idtype": "doi", "value": "10.1000/xyz"}]}}}  # fmt: skip
    (record,) = read("pubmed_search", summary, [])["records"]
    assert (record["doi"], record["year"]) == ("10.1000/xyz", 2021)
    (record,) = read("pubmed_search", None, ["PMID: 31000001\nTitle: T\nJournal: N Engl J Med (2021)\n"])["records"]  # fmt: skip
    assert (record["journal"], record["year"]) == ("N Engl J Med", 2021)


def test_a_link_is_read_and_an_image_is_not() -> None:
    link = ResourceLink(type="resource_link", uri=AnyUrl("pubmed://31000001"), name="Semaglutide")
    (record,) = read("pubmed_search", None, _texts(CallToolResult(content=[link])))["records"]
    assert (record["id"], record["title"]) == ("31000001", "Semaglutide")
    image = ImageContent(type="image", data="aGk=", mimeType="image/png")
    assert _texts(CallToolResult(content=[image, TextContent(type="text", text="")])) == []


def test_one_part_that_failed_leaves_the_others() -> None:
    good = json.dumps({"pmid": "31000001", "title": "A"})
    failed = json.dumps({"error": "page 2: timeout"})
    assert len(read("pubmed_search", None, [good, failed])["records"]) == 1
    with pytest.raises(SourceError, match="page 2"):
        read("pubmed_search", None, [failed])


SERVER = '''
import sys
sys.stdout.buffer.write("d\\u00e9marr\\u00e9\\n".encode("latin-1"))
sys.stdout.flush()
from mcp.server.fastmcp import FastMCP
server = FastMCP("s")

@server.tool()
def search_genes(query: str) -> str:
    """Search genes."""
    return query

@server.tool()
def send_email(to: str, text: str) -> str:
    """Send an email."""
    return to

@server.tool()
def delete_note(name: str) -> str:
    """Delete a note."""
    return name

server.run()
'''


async def test_a_model_is_offered_what_reads_and_what_the_operator_allows(tmp_path: Path) -> None:
    script, file = tmp_path / "server.py", tmp_path / "servers.json"
    script.write_text(SERVER, "utf-8")
    entry = {"command": sys.executable, "args": [str(script)], "offer": ["send_email"]}
    file.write_text(json.dumps({"mcpServers": {"s": entry}}))
    served = await survey(configuration.read(str(file)), 60)
    assert [tool for _, tool in further_tools(served).values()] == ["search_genes", "send_email"]


COUNTED = """
import os, sys
from mcp.server.fastmcp import FastMCP
server = FastMCP("s")

@server.tool()
def search_pubmed(query: str) -> dict:
    \"\"\"Search PubMed.\"\"\"
    return {"articles": [{"pmid": str(os.getpid()), "title": "T"}]}

server.run()
"""


async def test_a_server_that_ended_between_two_calls_is_started_again(tmp_path: Path) -> None:
    script = tmp_path / "server.py"
    script.write_text(COUNTED, "utf-8")
    entry = Server(
        name="s",
        connection={"transport": "stdio", "command": sys.executable, "args": [str(script)]},
    )

    async def process() -> int:
        running = (await pool().started([entry], 60))["s"]
        assert isinstance(running, RunningServer)
        answer = await pool().call(running, "search_pubmed", {"query": "a"})
        return int(read("pubmed_search", None, _texts(answer))["records"][0]["id"])

    first = await process()
    os.kill(first, signal.SIGKILL)
    second = first
    with anyio.fail_after(60):
        while second == first:
            # Until its end is known here, a call may have been on its way to it: that one fails.
            with suppress(SourceError):
                second = await process()
    assert second != first
    assert await process() == second


def test_a_server_that_never_answers_is_not_left_running(tmp_path: Path) -> None:
    script, pid = tmp_path / "server.py", tmp_path / "pid"
    script.write_text(
        f"import os, pathlib, time\npathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\nwhile True: time.sleep(1)\n"
    )
    program = f"""
import asyncio, pathlib, sys
from examples.biomed.tool_servers.configuration import Server
from examples.biomed.tool_servers.pool import pool

async def main():
    entry = Server(name="s", connection={{"transport": "stdio", "command": sys.executable, "args": [{str(script)!r}]}})
    while not pathlib.Path({str(pid)!r}).exists():
        await pool().started([entry], 0.1)

asyncio.run(main())
"""
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True, timeout=60)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{not json", "no JSON object: JSON is malformed"),
        ('{"tools": {}}', "no mcpServers object; it has tools"),
        ('{"mcpServers": {"s": {"command": "x", "args": "a"}}}', r"Expected `array`, got `str` - at `\$.args`"),
        ('{"mcpServers": {"s": {"url": "http://x", "type": "pigeon"}}}', "its type is pigeon; there are http,"),
        ('{"mcpServers": {"s": {"command": "x", "values": [1]}}}', "Expected `object`, got `array`"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_file_is_said(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "servers.json"
    file.write_text(text)
    (failure,) = configuration.read(str(file)).failures.values()
    assert re.search(said, failure.message)


def test_a_parameter_that_the_tool_has_not_is_named() -> None:
    tool = _tool("s", "", query=TEXT)
    server = Server(name="s", connection={}, arguments={"pubmed_search": {"query": "words"}})
    assert unknown_names(tool.inputSchema, server, "pubmed_search") == ["words"]


async def test_a_line_in_another_encoding_ends_no_session(tmp_path: Path) -> None:
    script = tmp_path / "server.py"
    script.write_text(SERVER, "utf-8")
    lines = LastLines()
    async with stdio_session({"command": sys.executable, "args": [str(script)]}, lines) as session:
        await session.initialize()
        assert len((await session.list_tools()).tools) == 3
    lines.close()
