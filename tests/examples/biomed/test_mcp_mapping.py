"""Other people's tools: which is chosen for what, how it is asked, and how its answer is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mcp.types import Tool

from examples.biomed.errors import SourceError
from examples.biomed.tool_servers.arguments import adapt
from examples.biomed.tool_servers.capabilities import choose
from examples.biomed.tool_servers.results import pmids, read


def _tool(name: str, description: str, required: list[str] = [], **properties: Any) -> Tool:  # noqa: B006
    schema = {"type": "object", "properties": properties, "required": required}
    return Tool(name=name, description=description, inputSchema=schema)


TEXT = {"type": "string"}
LIST = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]}


@pytest.mark.parametrize(
    ("tool", "capability"),
    [
        (_tool("pubmed_search_articles", "Search PubMed.", query=TEXT), "pubmed_search"),
        (
            _tool("searchPubmed", "Find papers.", term=TEXT, retmax={"type": "integer"}),
            "pubmed_search",
        ),
        (_tool("article_getter", "Fetch an article.", ["pmid"], pmid=TEXT), "pubmed_get"),
        (_tool("clinicaltrials_search_studies", "Searches studies.", query=TEXT), "trials_search"),
        (_tool("trial_getter", "Fetch a clinical trial.", ["nct_id"], nct_id=TEXT), "trials_get"),
        (_tool("search_notes", "Search the notes.", query=TEXT), "documents_search"),
    ],
)
def test_a_tool_is_chosen_by_what_it_says(tool: Tool, capability: str) -> None:
    mapped, wrong = choose([tool])
    assert {name: one.tool for name, one in mapped.items()} == {capability: tool.name}
    assert wrong == []


@pytest.mark.parametrize(
    "tool",
    [
        _tool("drug_getter", "Get drug information. Use with articles.", drug_id=TEXT),
        _tool("trial_outcomes_getter", "Fetch outcomes of a trial.", nct_id=TEXT),
        _tool("pubmed_spell_check", "Search PubMed for spelling.", query=TEXT),
        _tool("openfda_label_searcher", "Search FDA labels.", query=TEXT),
        _tool("article_search", "Search articles.", ["tenant"], query=TEXT, tenant=TEXT),
        _tool("think", "Required before any search of articles or trials.", thought=TEXT),
    ],
)
def test_a_tool_for_something_else_is_not(tool: Tool) -> None:
    assert choose([tool])[0] == {}


def test_settings_come_first_and_are_checked() -> None:
    tools = [_tool("pubmed_search", "Search.", query=TEXT), _tool("odd", "Anything.", words=TEXT)]
    mapped, wrong = choose(tools, {"pubmed_search": "odd", "trials_get": "none", "fly": "odd"})
    assert (mapped["pubmed_search"].tool, mapped["pubmed_search"].by) == ("odd", "settings")
    assert len(wrong) == 2
    assert "no tool none" in wrong[0]
    assert choose(tools, {"pubmed_search": ""})[0] == {}


PUBMED_XML = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>31000001</PMID><Article><ArticleTitle>Semaglutide"
    "</ArticleTitle><Abstract><AbstractText>Weight fell.</AbstractText></Abstract></Article></MedlineCitation>"
    "</PubmedArticle></PubmedArticleSet>"
)


@pytest.mark.parametrize(
    "text",
    [
        PUBMED_XML,
        "Retrieved:\n" + PUBMED_XML,
        json.dumps({"count": 1, "format": "xml", "content": PUBMED_XML}),
        json.dumps([{"article": {"raw": PUBMED_XML}}]),
    ],
)
def test_pubmeds_own_xml_is_read_wherever_it_stands(text: str) -> None:
    found = read("pubmed_get", None, [text])
    assert [(one["id"], one["title"], one["text"]) for one in found["records"]] == [
        ("31000001", "Semaglutide", "Weight fell.")
    ]


def test_broken_xml_of_pubmeds_is_an_error() -> None:
    with pytest.raises(SourceError, match="broken XML"):
        read("pubmed_get", None, [PUBMED_XML.replace("</Article>", "")])


def test_arguments_take_the_tools_form() -> None:
    dates = {"type": "object", "properties": {"minDate": {**TEXT, "description": "YYYY/MM/DD"}}}
    tool = _tool(
        "s", "PubMed", query=TEXT, maxResults={"type": "integer", "maximum": 20}, dateRange=dates
    )
    given = {"query": "a[tiab] AND b", "limit": 50, "date_from": "2020", "timeout_ms": 9}
    assert adapt("pubmed_search", given, tool.inputSchema, "PubMed") == (
        [{"query": "a[tiab] AND b", "maxResults": 20, "dateRange": {"minDate": "2020/01/01"}}],
        [],
    )


def test_a_query_becomes_words_where_words_are_asked_for() -> None:
    tool = _tool("s", "", keywords=LIST)
    given = {
        "query": '(semaglutide OR "ozempic") AND obesity[tiab] NOT diabetes',
        "date_to": "2021",
    }
    assert adapt("pubmed_search", given, tool.inputSchema) == (
        [{"keywords": ["semaglutide", "obesity"]}],
        ["date_to"],
    )


def test_identifiers_one_at_a_time() -> None:
    tool = _tool("g", "", ["pmid"], pmid={"type": "integer"})
    calls, _ = adapt("pubmed_get", {"pmids": ["1", "22"]}, tool.inputSchema)
    assert calls == [{"pmid": 1}, {"pmid": 22}]


def test_what_has_no_place_goes_into_the_free_words() -> None:
    phase = {"anyOf": [{"enum": ["Phase 3", "Phase 2"], "type": "string"}, {"type": "null"}]}
    tool = _tool("s", "", query=TEXT, phase=phase)
    given = {"condition": "obesity", "intervention": "a OR b", "phases": ["PHASE3"]}
    assert adapt("trials_search", given, tool.inputSchema) == (
        [{"phase": "Phase 3", "query": "obesity AND (a OR b)"}],
        [],
    )


@pytest.mark.parametrize(
    ("structured", "texts"),
    [
        (
            {
                "articles": [
                    {"pmid": "77", "title": "T", "authors": [{"lastName": "Doe", "initials": "J"}]}
                ]
            },
            [],
        ),
        (
            {
                "result": '{"data": {"items": [{"PMID": 77, "articleTitle": "T", "authors": "Doe J"}]}}'
            },
            [],
        ),
        (None, ['[{"uid": "77", "title": "T", "author": ["Doe J"]}]']),
        (None, ["## 1. T\n**PMID:** 77\n**Authors:** Doe J\n"]),
        (None, ["PMID: 77\nTitle: T\nAuthors: Doe J\n"]),
        ({"77": {"title": "T", "authors": [{"name": "Doe J"}]}}, []),
    ],
)
def test_an_article_is_read_from_any_form(structured: object, texts: list[str]) -> None:
    (record,) = read("pubmed_search", structured, texts)["records"]
    assert (record["type"], record["id"], record["title"]) == ("article", "77", "T")
    assert record["authors"] == ["Doe J"]


def test_a_trial_is_read_from_labelled_text() -> None:
    text = "Nct Number: NCT00000009\nStudy Title: T\nStudy Status: Active, not recruiting\nPhases: PHASE2\n"
    (record,) = read("trials_search", None, [text])["records"]
    assert (record["id"], record["status"]) == ("NCT00000009", "ACTIVE_NOT_RECRUITING")
    assert record["phases"] == ["PHASE2"]


def test_nothing_found_is_no_failure_and_an_error_is_one() -> None:
    assert read("pubmed_search", {"articles": [], "total": 0}, [])["records"] == []
    assert read("pubmed_search", None, ["No articles found."])["records"] == []
    with pytest.raises(SourceError, match="tool_error"):
        read("pubmed_search", None, ["Error: 503 upstream"])
    with pytest.raises(SourceError, match="no such host"):
        read("pubmed_search", {"error": "no such host"}, [])
    with pytest.raises(SourceError, match="bad_data"):
        read("pubmed_search", None, ["What a lovely day."])


@pytest.mark.parametrize(
    ("structured", "texts"),
    [
        ({"pmids": ["31000001", "31000002"], "totalFound": 2}, []),
        (None, ['{"esearchresult": {"idlist": ["31000001", "31000002"]}}']),
        (None, ["Found 2 articles. PMIDs: 31000001, 31000002"]),
    ],
)
def test_articles_named_by_number_alone_are_read(structured: object, texts: list[str]) -> None:
    assert pmids(structured, texts) == ["31000001", "31000002"]
