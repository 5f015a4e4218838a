"""PubMed over real HTTP: own fixtures, real captures, and answers that are not what they should be."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from examples.biomed.errors import SourceError
from examples.biomed.records import Record, SearchPage
from examples.biomed.services.pubmed import PubMed
from examples.biomed.services.pubmed_xml import parse_articles
from examples.biomed.settings import Settings
from tests.examples.biomed.replay import FIXTURES, Fault, Replay

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>
<ArticleTitle>&c;</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"""
FILE_ENTITY = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>
<ArticleTitle>&f;</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"""


async def _search(settings: Settings, **options: object) -> SearchPage:
    async with PubMed(settings) as pubmed:
        return await pubmed.search(
            "semaglutide",
            **{"limit": 5, "timeout_ms": 60_000, **options},  # type: ignore[arg-type]
        )


async def test_search_gives_complete_records_in_pubmeds_order(settings: Settings) -> None:
    page = await _search(settings)
    assert page["total"] == 12
    assert [record["id"] for record in page["records"]][:2] == ["37952131", "34170647"]
    first = page["records"][0]
    assert first["title"] == "Semaglutide and Cardiovascular Outcomes in Obesity without Diabetes."
    assert first["year"] == 2023
    assert first["authors"] == ["Lincoff AM", "Example Study Group"]
    assert first["journal"] == "N Engl J Med"
    assert first["doi"] == "10.5555/example.37952131"
    assert first["text"].startswith("BACKGROUND: Made for tests: semaglutide")
    assert "p<0.05" in first["text"]
    assert "Randomized Controlled Trial" in first["publication_types"]
    assert first["url"] == "https://pubmed.ncbi.nlm.nih.gov/37952131/"
    assert page["records"][1]["year"] == 2021, "a MedlineDate"


async def test_ncbis_parameters_are_sent(settings: Settings, replay: Replay) -> None:
    polite = msgspec.structs.replace(
        settings, ncbi_tool="our-tool", ncbi_email="dev@example.org", ncbi_api_key="secret"
    )
    await _search(polite, date_from="2021")
    assert len(replay.seen) == 3
    for seen in replay.seen:
        assert seen.params["tool"] == "our-tool"
        assert seen.params["email"] == "dev@example.org"
        assert seen.params["api_key"] == "secret"
        assert seen.params["db"] == "pubmed"
    dates = replay.seen[0].params
    assert (dates["mindate"], dates["maxdate"]) == ("2021/01/01", "3000/12/31")


async def test_descriptions_are_reported_before_the_abstracts(
    settings: Settings, replay: Replay
) -> None:
    reports: list[tuple[int, int, int]] = []

    async def report(total: int, records: object) -> None:
        assert isinstance(records, list)
        reports.append((total, len(records), len(replay.requests("efetch"))))

    await _search(settings, report=report)
    assert reports == [(12, 5, 0)]


async def test_nothing_found_is_an_empty_page(settings: Settings, replay: Replay) -> None:
    async with PubMed(settings) as pubmed:
        page = await pubmed.search("zzz", limit=5, timeout_ms=60_000)
    assert (page["total"], page["records"]) == (0, [])
    assert replay.requests("esummary") == []


@pytest.mark.parametrize(
    "body",
    [
        b"{broken",
        b"[]",
        b"\xff\xfe",
        b"",
        b'{"esearchresult": 5}',
        b'{"esearchresult": {"ERROR": "Search Backend failed"}}',
        b'{"error": "API rate limit exceeded"}',
    ],
)
async def test_a_broken_search_answer_is_an_error(
    settings: Settings, replay: Replay, body: bytes
) -> None:
    replay.fail("esearch", Fault(body=body))
    with pytest.raises(SourceError) as caught:
        await _search(settings)
    assert caught.value.kind in ("bad_data", "http_error")


async def test_an_article_pubmed_cannot_describe_is_left_out(
    settings: Settings, replay: Replay
) -> None:
    body = b'{"result": {"37952131": {"error": "cannot get document summary"}, "34170647": 3}}'
    replay.fail("esummary", Fault(body=body))
    assert (await _search(settings))["records"] == []


@pytest.mark.parametrize(
    "body", [BOMB, FILE_ENTITY, b"<PubmedArticleSet><Pub", b"", b"plain", b"\x00\x01"]
)
async def test_unsafe_and_broken_xml_costs_the_abstracts_only(
    settings: Settings, replay: Replay, body: bytes
) -> None:
    replay.fail("efetch", Fault(body=body))
    page = await _search(settings)
    assert len(page["records"]) == 5
    assert not any(record.get("text") for record in page["records"])
    assert "[bad_data]" in page["warnings"][0]


@pytest.mark.parametrize("body", [BOMB, FILE_ENTITY])
def test_entities_are_never_expanded(body: bytes) -> None:
    with pytest.raises(SourceError, match="unsafe XML refused"):
        parse_articles(body)


async def test_get_keeps_the_order_and_names_what_is_missing(settings: Settings) -> None:
    async with PubMed(settings) as pubmed:
        page = await pubmed.get(["34170647", "999999", "37952131"], timeout_ms=60_000)
    assert [record["id"] for record in page["records"]] == ["34170647", "37952131"]
    assert page["warnings"] == ["PubMed has no article 999999"]


@pytest.mark.parametrize("pmids", [[], ["0"], ["12 OR 1=1"], ["37952131", "x"]])
async def test_only_pmids_are_fetched(settings: Settings, replay: Replay, pmids: list[str]) -> None:
    async with PubMed(settings) as pubmed:
        with pytest.raises(SourceError) as caught:
            await pubmed.get(pmids, timeout_ms=60_000)
    assert caught.value.kind == "invalid_request"
    assert replay.seen == []


async def test_the_real_capture_comes_through(settings: Settings, shared_data: Path) -> None:
    async with PubMed(settings) as pubmed:
        page = await pubmed.get(["11748933", "11700088"], timeout_ms=60_000)
    first, second = page["records"]
    assert first["title"].startswith("Is cryopreservation a homogeneous process?")
    assert (first["year"], first["journal"]) == (2001, "Cryobiology")
    assert first["authors"][0] == "Taddei AR"
    assert "Sperm Motility" in first["keywords"]
    assert first["doi"] == "10.1006/cryo.2001.2328"
    assert "P < 0.001" in first["text"]
    assert second["id"] == "11700088"


def test_an_article_without_pmid_or_title_is_left_out() -> None:
    body = (FIXTURES / "efetch_glp1.xml").read_bytes()
    records: list[Record] = parse_articles(body.replace(b">37952131</PMID>", b"></PMID>"))
    assert len(records) == 11
