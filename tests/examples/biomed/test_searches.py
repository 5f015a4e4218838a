"""A search can be repeated and reported: what was asked, what the service said, how many came and stayed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from examples.biomed.export import flow, prisma, ris
from examples.biomed.graph import Graph
from examples.biomed.services.pubmed import PubMed, said
from examples.biomed.settings import Settings
from tests.examples.biomed.replay import Fault, Replay

Make = Callable[[Settings], Graph]
EXAMPLE = Path(__file__).parents[3] / "examples" / "biomed"
NOTHING = b'{"esearchresult": {"count": "0", "idlist": []}}'


async def _ask(graph: Graph, query: str, **context: Any) -> dict[str, Any]:
    result: dict[str, Any] = await graph.ainvoke({"query": query}, context=context)  # type: ignore[arg-type]
    return result


async def test_each_search_is_told_as_it_was_sent(
    graph_of: Make, settings: Settings, replay: Replay
) -> None:
    result = await _ask(
        graph_of(settings), "phase 3 trials of semaglutide in obesity since 2020", limit=4
    )
    by_source = {one["source"]: one for one in result["searches"]}
    assert set(by_source) == {"literature", "trials", "documents"}
    sent = replay.requests("esearch")[0].params
    literature = by_source["literature"]
    assert literature["service"] == "PubMed"
    assert {name: sent[name] for name in literature["parameters"]} == literature["parameters"]
    assert literature["parameters"]["term"].startswith('"clinical trial, phase iii"[pt] AND ')
    assert literature["parameters"]["mindate"] == "2020/01/01"
    assert (literature["count"], literature["returned"]) == (12, 4)
    assert literature["translation"] == '"glp 1 receptor agonist"[Title/Abstract]'
    trials = by_source["trials"]["parameters"]
    assert trials["query.intr"] == "semaglutide"
    assert trials["filter.advanced"] == (
        "AREA[Phase](PHASE3) AND AREA[StartDate]RANGE[2020-01-01,MAX]"
    )
    assert by_source["trials"]["origin"] == "live"
    assert by_source["trials"]["at"]


async def test_a_cached_search_is_told_with_its_own_day(
    graph_of: Make, settings: Settings, replay: Replay
) -> None:
    graph = graph_of(settings)
    first = await _ask(graph, "semaglutide", sources=["trials"])
    second = await _ask(graph, "semaglutide", sources=["trials"])
    (live,), (cached,) = first["searches"], second["searches"]
    assert (live["origin"], cached["origin"]) == ("live", "cache")
    assert {**cached, "origin": "live"} == live


async def test_the_words_of_a_phrase_are_searched_for_apart_where_few_articles_have_them_together(
    graph_of: Make, settings: Settings, replay: Replay
) -> None:
    question = "nurse staffing and semaglutide"
    enough = await _ask(graph_of(settings), question, sources=["literature"])
    (together,) = enough["searches"]
    assert together["parameters"]["term"].startswith("(nurs* AND staff*) AND ")
    assert enough["reports"]["literature"]["warnings"] == []

    one = b'{"esearchresult": {"count": "1", "idlist": ["33567185"]}}'
    replay.fail("esearch", Fault(body=one))
    few = await _ask(
        graph_of(settings), question, sources=["literature"], fetch_policy="network_only"
    )
    together, apart = few["searches"]
    assert together["returned"] == 1
    assert apart["parameters"]["term"].startswith("(nurs* OR staff*) AND ")
    assert apart["widened"] == "that the words stand together of 'nurse staffing'"
    (warning,) = few["reports"]["literature"]["warnings"]
    assert warning == f"only 1 found for all of it; searched without {apart['widened']}"


async def test_wider_searches_and_failures_are_told(
    graph_of: Make, settings: Settings, replay: Replay
) -> None:
    replay.fail("esearch", Fault(body=NOTHING))
    replay.fail("studies", Fault(status=400))
    result = await _ask(
        graph_of(settings), "semaglutide and retinopathy", sources=["literature", "trials"]
    )
    literature = [one for one in result["searches"] if one["source"] == "literature"]
    assert [one["count"] for one in literature] == [0, 12]
    assert literature[1]["widened"] == "'retinopathy'"
    failed, stand_in = [one for one in result["searches"] if one["source"] == "trials"]
    assert failed["error"].startswith("invalid_request: ")
    assert failed["parameters"]["intervention"] == "semaglutide"
    assert stand_in["origin"] == "catalogue"
    log = prisma(result)
    assert "without 'retinopathy'" in log
    assert "**not answered**: invalid_request" in log


async def test_a_follow_up_has_its_own_searches_alone(graph_of: Make, settings: Settings) -> None:
    from langgraph.checkpoint.memory import InMemorySaver

    graph = graph_of(settings)
    graph.checkpointer = InMemorySaver()
    config: Any = {"configurable": {"thread_id": "1"}}
    context: Any = {"sources": ["trials"]}
    for query in ("semaglutide", "liraglutide"):
        result = await graph.ainvoke({"query": query}, config, context=context)
        assert [one["parameters"]["query.intr"] for one in result["searches"]] == [query]


async def test_pubmeds_spelling_is_asked_for_where_nothing_is_found(
    settings: Settings, replay: Replay
) -> None:
    async with PubMed(settings) as pubmed:
        page = await pubmed.search("zz", words="semaglootide", limit=3, timeout_ms=60_000)
    assert [one["parameters"]["term"] for one in page["searched"]] == ["zz", "semaglutide"]
    assert len(page["records"]) == 3
    assert "PubMed spells it 'semaglutide'" in page["warnings"][0]


@pytest.mark.parametrize("fault", [Fault(status=500), Fault(body=b"<broken")])
async def test_a_failing_spelling_costs_nothing(
    settings: Settings, replay: Replay, fault: Fault
) -> None:
    replay.fail("espell", *[fault] * 3)
    async with PubMed(settings) as pubmed:
        page = await pubmed.search("zz", words="semaglootide", limit=3, timeout_ms=60_000)
    assert (page["total"], page["warnings"]) == (0, [])


def test_what_pubmed_says_is_kept() -> None:
    assert said(
        {
            "errorlist": {"phrasesnotfound": ["xyz"], "fieldsnotfound": []},
            "warninglist": {"quotedphrasesnotfound": ['"a b"'], "outputmessages": ["No items."]},
        }
    ) == ["phrase not found: xyz", 'quoted phrase not found: "a b"', "PubMed says: No items."]
    assert said({"errorlist": 3}) == []


async def test_references_are_written_as_ris(graph_of: Make, settings: Settings) -> None:
    result = await _ask(graph_of(settings), "semaglutide", limit=3)
    entries = ris(result).split("ER  - \r\n\r\n")[:-1]
    assert len(entries) == len(result["citations"])
    first = entries[0].splitlines()
    assert first[0] == "TY  - JOUR"
    assert "AU  - Lincoff, A.M." in first
    assert "AU  - Example Study Group" in first
    assert "DO  - 10.5555/example.37952131" in first
    assert "AN  - 37952131" in first
    assert "TY  - DBASE" in "".join(entries)


async def test_the_flow_adds_up(graph_of: Make, settings: Settings) -> None:
    result = await _ask(graph_of(settings), "semaglutide", limit=4)
    for source, report in result["reports"].items():
        identified, unread, duplicates, screened, ranked, off, cited = flow(
            source, report, result["citations"]
        )
        assert identified == unread + duplicates + ranked + off + cited
        assert screened == ranked + off + cited
        assert cited == sum(one["source"] == source for one in result["citations"])
    assert flow("literature", result["reports"]["literature"], result["citations"])[0] == 12
    assert "| literature | 12 | 8 | 0 | 4 |" in prisma(result)


def _read(text: str) -> list[dict[str, list[str]]]:
    """RIS as its description has it: a tag, two spaces, a hyphen, a space; TY first, ER last, lines ended by CR LF."""
    entries: list[dict[str, list[str]]] = []
    for line in text.split("\r\n"):
        if not line:
            continue
        match = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        assert match, line
        tag, value = match.groups()
        if tag == "TY":
            entries.append({})
        elif tag == "ER":
            assert not value
            entries[-1]["ER"] = [""]
            continue
        assert "ER" not in entries[-1], "nothing after the end"
        entries[-1].setdefault(tag, []).append(value)
    return entries


def _citation(**more: Any) -> dict[str, Any]:
    return {
        "type": "article",
        "id": "1",
        "title": "T",
        "origin": "live",
        "source": "literature",
        **more,
    }


def test_ris_is_read_back_as_it_was_whatever_is_in_it() -> None:
    citations = [
        _citation(
            title="Two\nlines\r\nER  - \u2028and\x85more – naïve “quoted” 糖尿病",
            authors=[
                "Lincoff AM",
                "Müller ÖB",
                "Smith JA Jr",
                "de la Cruz-Núñez M",
                "SELECT Study Group UK",
                "Plato",
            ],
            journal="N Engl J Med",
            doi="https://doi.org/10.1056/NEJMoa2307563",
            year=2023,
            url="https://pubmed.ncbi.nlm.nih.gov/1/",
            as_of="2026-11-23T10:00:00+00:00",
        ),
        _citation(type="trial", id="NCT00000001", origin="catalogue", year=None, authors=[]),
        _citation(type="document", id="notes/a b.md", title="  ", doi="", via="theirs"),
    ]
    article, trial, document = _read(ris({"citations": citations}))
    assert article == {
        "TY": ["JOUR"],
        "AU": [
            "Lincoff, A.M.",
            "Müller, Ö.B.",
            "Smith, J.A., Jr",
            "de la Cruz-Núñez, M.",
            "SELECT Study Group UK",
            "Plato",
        ],
        "TI": ["Two lines ER - and more – naïve “quoted” 糖尿病"],
        "T2": ["N Engl J Med"],
        "PY": ["2023"],
        "DO": ["10.1056/NEJMoa2307563"],
        "AN": ["1"],
        "DB": ["PubMed"],
        "UR": ["https://pubmed.ncbi.nlm.nih.gov/1/"],
        "Y2": ["2026/11/23"],
        "ER": [""],
    }
    assert (trial["TY"], trial["AN"], trial["DB"]) == (
        ["DBASE"],
        ["NCT00000001"],
        ["ClinicalTrials.gov"],
    )
    assert "PY" not in trial
    assert trial["N1"] == ["not live: from a bundled catalogue"]
    assert (document["TY"], document["DP"]) == (["GEN"], ["theirs"])
    assert "TI" not in document


def _adds_up(result: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """The numbers of each source, each row and the last one adding up."""
    citations = result["citations"]
    rows = {name: flow(name, report, citations) for name, report in result["reports"].items()}
    for name, row in rows.items():
        identified, unread, duplicates, screened, ranked, off, cited = row
        assert min(row) >= 0, (name, row)
        assert identified == unread + duplicates + screened
        assert screened == ranked + off + cited
        assert cited == sum(one["source"] == name for one in citations)
    told = [line for line in prisma(result).splitlines() if line.startswith("| ")]
    numbers = [[int(cell) for cell in re.findall(r"\b\d+\b", line)] for line in told[1:]]
    assert numbers[-1] == [sum(column) for column in zip(*numbers[:-1], strict=True)]
    return rows


async def test_the_flow_adds_up_where_nothing_is_found(
    graph_of: Make, settings: Settings, replay: Replay
) -> None:
    replay.fail("esearch", *[Fault(body=NOTHING)] * 9)
    replay.fail("studies", *[Fault(body=b'{"studies": [], "totalCount": 0}')] * 9)
    rows = _adds_up(
        await _ask(graph_of(settings), "zoster vaccine", sources=["literature", "trials"])
    )
    assert rows == {"literature": (0,) * 7, "trials": (0,) * 7}


async def test_the_flow_adds_up_where_a_source_is_down(
    graph_of: Make, settings: Settings, replay: Replay
) -> None:
    replay.fail("studies", *[Fault(status=500)] * 9)
    result = await _ask(graph_of(settings), "zoster vaccine", sources=["literature", "trials"])
    assert _adds_up(result)["trials"] == (0,) * 7
    assert "**not answered**" in prisma(result)
    down = await _ask(
        graph_of(settings), "semaglutide", sources=["trials"], fetch_policy="network_only"
    )
    assert _adds_up(down)["trials"][3] > 0, "the catalogue's"


def test_the_command_exports_a_result(tmp_path: Path) -> None:
    citation = {
        "type": "article",
        "id": "1",
        "title": "T",
        "origin": "live",
        "source": "literature",
    }
    file = tmp_path / "result.json"
    file.write_text(json.dumps({"result": {"query": "q", "citations": [citation]}}))
    run = subprocess.run(
        [sys.executable, str(EXAMPLE), "ris", str(file)],
        capture_output=True,
        text=True,
        timeout=140,
    )
    assert run.stdout.startswith("TY  - JOUR\n")
    wrong = subprocess.run(
        [sys.executable, str(EXAMPLE), "prisma", "-"],
        input="{}",
        capture_output=True,
        text=True,
        timeout=140,
    )
    assert wrong.returncode == 1
    assert "has no citations" in wrong.stderr
