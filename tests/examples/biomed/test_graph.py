"""The whole way from a question to a cited answer, over real HTTP to the replay server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from examples.biomed import catalogue
from examples.biomed.graph import Graph
from examples.biomed.settings import Settings
from tests.examples.biomed.replay import Fault, Replay

QUESTION = "GLP-1 receptor agonist trials"
Make = Callable[[Settings], Graph]


TIME: dict[str, Any] = {"time_budget_ms": 60_000}
"""What a source gets unless a test says otherwise: on a busy machine the default may be too little."""


async def _ask(graph: Graph, query: str = QUESTION, **context: Any) -> dict[str, Any]:
    return await graph.ainvoke({"query": query}, context=TIME | context)  # type: ignore[arg-type]


def _pairs() -> set[tuple[str, str]]:
    trials = catalogue.load().trials
    return {("article", one.publication.pmid) for one in trials} | {
        ("trial", one.nct_id) for one in trials
    }


class TestOffline:
    async def test_at_least_ten_citations_are_the_catalogues(
        self, graph_of: Make, offline: Settings
    ) -> None:
        result = await _ask(graph_of(offline))
        cited = [one for one in result["citations"] if one["source"] != "documents"]
        assert len(cited) >= 10
        facts = {
            **{one.publication.pmid: one.publication.year for one in catalogue.load().trials},
            **{one.nct_id: one.publication.year for one in catalogue.load().trials},
        }
        for one in cited:
            assert (one["type"], one["id"]) in _pairs()
            assert one["year"] == facts[one["id"]]
            assert one["id"] in one["url"]
            assert (one["origin"], one["as_of"]) == ("catalogue", "2026-11-23")

    async def test_the_answer_says_what_was_not_reachable_and_that_it_is_not_live(
        self, graph_of: Make, offline: Settings
    ) -> None:
        result = await _ask(graph_of(offline))
        notice = result["answer"].split("\n## ")[0]
        assert "PubMed could not be reached" in notice
        assert "ClinicalTrials.gov could not be reached" in notice
        assert notice.count("This is not a live answer") == 2
        assert "2026-11-23" in notice
        assert {(one["source"], one["kind"]) for one in result["errors"]} == {
            ("literature", "unreachable"),
            ("trials", "unreachable"),
        }
        assert result["reports"]["literature"]["status"] == "fallback"

    async def test_the_same_question_gives_the_same_answer(
        self, graph_of: Make, offline: Settings
    ) -> None:
        graph = graph_of(offline)
        first, second = await _ask(graph), await _ask(graph)
        assert first["answer"] == second["answer"]
        assert first["citations"] == second["citations"]
        assert first["quality"] == second["quality"]

    async def test_the_catalogue_does_not_answer_another_question(
        self, graph_of: Make, offline: Settings
    ) -> None:
        result = await _ask(graph_of(offline), "pembrolizumab for melanoma", sources=["trials"])
        assert result["citations"] == []
        assert "contributes nothing" in result["answer"]
        assert result["reports"]["trials"]["status"] == "failed"

    async def test_a_date_is_not_a_start_date_where_the_catalogue_has_none(
        self, graph_of: Make, offline: Settings
    ) -> None:
        result = await _ask(graph_of(offline), date_from="2023", sources=["trials"])
        assert {one["year"] for one in result["citations"]} == {2023, 2024}
        assert "no start dates in the catalogue" in result["answer"]
        asked = await _ask(graph_of(offline), f"{QUESTION} since 2023", sources=["trials"])
        assert "no start dates in the catalogue" in asked["answer"]
        undated = await _ask(graph_of(offline))
        assert "no start dates" not in undated["answer"]

    async def test_an_unwritable_cache_does_not_fail_a_query(
        self, graph_of: Make, offline: Settings, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("in the way")
        blocked = msgspec.structs.replace(offline, cache_dir=str(tmp_path / "file" / "cache"))
        result = await _ask(graph_of(blocked))
        assert len(result["citations"]) >= 10
        assert result["reports"]["documents"]["status"] == "answered"


class TestReplayed:
    async def test_the_question_is_answered_from_the_hosts(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        result = await _ask(graph_of(settings))
        assert result["errors"] == []
        origins = {one["source"]: one["origin"] for one in result["citations"]}
        assert origins == {"literature": "live", "trials": "live", "documents": "collection"}
        assert "not a live answer" not in result["answer"]
        assert [one.path.rsplit("/", 1)[1] for one in replay.requests("eutils")] == [
            "esearch.fcgi",
            "esummary.fcgi",
            "efetch.fcgi",
        ]

    async def test_the_result_is_plain_json_with_every_part(
        self, graph_of: Make, settings: Settings
    ) -> None:
        result = await _ask(graph_of(settings))
        assert json.loads(json.dumps(result)) == result
        assert [one["n"] for one in result["citations"]] == list(
            range(1, len(result["citations"]) + 1)
        )
        assert set(result["quality"]) == {
            "completeness",
            "recency",
            "authority",
            "relevance",
            "overall",
        }
        assert all(0 <= score <= 1 for score in result["quality"].values())
        assert {"parse", "route", "literature/rank", "trials/search", "synthesize"} <= set(
            result["nodes_run"]
        )
        assert {"literature", "trials", "documents"} <= set(result["latencies_ms"])
        assert result["written_by"] == "rules"

    async def test_every_number_in_the_answer_is_a_citation(
        self, graph_of: Make, settings: Settings
    ) -> None:
        result = await _ask(graph_of(settings))
        numbers = {int(one) for one in re.findall(r"(?<!\\)\[(\d+)\](?!\()", result["answer"])}
        assert numbers == {one["n"] for one in result["citations"]}

    async def test_filters_reach_both_hosts(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        await _ask(
            graph_of(settings),
            date_from="2020-02",
            date_to="2024",
            phases=["PHASE3"],
            statuses=["COMPLETED"],
            limits={"trials": 3},
        )
        esearch = replay.requests("esearch")[0].params
        assert (esearch["mindate"], esearch["maxdate"]) == ("2020/02/01", "2024/12/31")
        assert '"clinical trial, phase iii"[pt]' in esearch["term"]
        studies = replay.requests("studies")[0].params
        assert studies["filter.overallStatus"] == "COMPLETED"
        assert studies["filter.advanced"] == (
            "AREA[Phase](PHASE3) AND AREA[StartDate]RANGE[2020-02-01,2024-12-31]"
        )
        assert studies["pageSize"] == "3"

    async def test_only_the_sources_asked_for_run(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        result = await _ask(graph_of(settings), sources=["trials"], limit=4)
        assert replay.requests("eutils") == []
        assert {one["source"] for one in result["citations"]} == {"trials"}
        assert len(result["citations"]) == 4
        assert not any(node.startswith("literature") for node in result["nodes_run"])

    async def test_an_nct_number_is_looked_up(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        result = await _ask(graph_of(settings), "What came out of NCT03574597?")
        assert [one.path for one in replay.requests("/studies/")] == ["/api/v2/studies/NCT03574597"]
        assert [one["id"] for one in result["citations"] if one["source"] == "trials"] == [
            "NCT03574597"
        ]
        assert "NCT03574597[si]" in replay.requests("esearch")[0].params["term"]

    async def test_a_search_that_finds_nothing_is_widened_once(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        replay.fail("esearch", Fault(body=b'{"esearchresult": {"count": "0", "idlist": []}}'))
        result = await _ask(
            graph_of(settings), "semaglutide and retinopathy", sources=["literature"]
        )
        first, second = replay.requests("esearch")
        assert first.params["term"] == "semaglutide AND retinopath*"
        assert second.params["term"] == "semaglutide"
        assert len(result["citations"]) == 10
        assert "searched without 'retinopathy'" in result["answer"]
        replay.reset()
        await _ask(graph_of(settings), "semaglutide and retinopathy", sources=["literature"])
        assert replay.seen == []

    async def test_a_pmid_is_looked_up_and_no_trial_searched(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        result = await _ask(graph_of(settings), "PMID 37952131")
        assert replay.requests("studies") == []
        assert "37952131" in [one["id"] for one in result["citations"]]

    async def test_the_real_captures_are_cited(
        self, graph_of: Make, settings: Settings, shared_data: Path
    ) -> None:
        result = await _ask(
            graph_of(settings), "Phelan-McDermid syndrome", sources=["trials"], limit=8
        )
        ids = {one["id"] for one in result["citations"]}
        assert "NCT02710084" in ids
        assert "NCT05187377" in ids, "the second page"
        assert len(ids) == 8


class TestFailures:
    async def test_a_slow_source_is_named_and_the_others_answer(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        replay.fail("studies", Fault(hang=True), times=3)
        # The others must have done their work in it on a busy machine; the host would be waited for much longer.
        result = await _ask(graph_of(settings), time_budget_ms=4000)
        assert [(one["source"], one["kind"]) for one in result["errors"]] == [("trials", "timeout")]
        assert "ClinicalTrials.gov did not answer in time" in result["answer"]
        assert result["reports"]["literature"]["origin"] == "live"
        assert result["reports"]["trials"]["origin"] == "catalogue"
        assert result["latencies_ms"]["trials"] < settings.http_timeout_ms

    async def test_broken_xml_costs_the_abstracts_only(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        replay.fail("efetch", Fault(body=b"<PubmedArticleSet><Pub"))
        result = await _ask(graph_of(settings), sources=["literature"])
        report = result["reports"]["literature"]
        assert report["kept"] == 10
        assert "abstracts are missing" in report["warnings"][0]
        assert {one["origin"] for one in result["citations"]} == {"live"}

    async def test_a_failing_host_is_in_errors_with_its_kind(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        replay.fail("esearch", Fault(status=500), times=3)
        replay.fail("studies", Fault(body=b"{not json"))
        result = await _ask(graph_of(settings))
        assert {(one["source"], one["kind"]) for one in result["errors"]} == {
            ("literature", "http_error"),
            ("trials", "bad_data"),
        }
        assert "PubMed answered with an error" in result["answer"]

    @pytest.mark.parametrize(
        ("context", "field"),
        [
            ({"time_budget_ms": 1}, "time_budget_ms"),
            ({"sources": ["news"]}, "sources"),
            ({"limits": {"trials": 0}}, "limits"),
            ({"date_from": "soon"}, "date_from"),
            ({"phases": ["PHASE9"]}, "phases"),
            ({"fetch_policy": "never"}, "fetch_policy"),
            ({"colour": "red"}, "colour"),
        ],
    )
    async def test_a_bad_option_is_refused_by_name(
        self, graph_of: Make, offline: Settings, context: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(ValidationError, match=field):
            await _ask(graph_of(offline), **context)

    async def test_an_empty_question_is_refused(self, graph_of: Make, offline: Settings) -> None:
        with pytest.raises(ValueError, match="query should not be empty"):
            await _ask(graph_of(offline), "  ")


class TestCaching:
    async def test_cache_first_asks_the_hosts_once(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        graph = graph_of(settings)
        first = await _ask(graph)
        replay.reset()
        second = await _ask(graph)
        assert replay.seen == []
        assert first["cache"]["literature"] == {"hits": 0, "misses": 1}
        assert second["cache"]["literature"] == {"hits": 1, "misses": 0}
        assert {one["origin"] for one in second["citations"]} == {"cache", "collection"}
        assert [one["id"] for one in first["citations"]] == [
            one["id"] for one in second["citations"]
        ]

    async def test_network_only_does_not_read_the_cache(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        graph = graph_of(settings)
        await _ask(graph)
        replay.reset()
        result = await _ask(graph, fetch_policy="network_only")
        assert replay.requests("esearch")
        assert result["cache"]["literature"] == {"hits": 0, "misses": 0}

    async def test_cache_then_network_shows_the_cache_and_takes_the_network(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        graph = graph_of(settings)
        await _ask(graph)
        replay.reset()
        seen = []
        async for event in graph.astream(
            {"query": QUESTION},
            context=TIME | {"fetch_policy": "cache_then_network", "sources": ["literature"]},  # type: ignore[arg-type]
            stream_mode="custom",
            subgraphs=True,
        ):
            seen.append(event[1])
        origins = [event["origin"] for event in seen if event.get("origin")]
        assert origins[0] == "cache"
        assert origins[-1] == "live"
        assert replay.requests("esearch")

    async def test_cache_then_network_keeps_the_cache_where_the_network_fails(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        graph = graph_of(settings)
        await _ask(graph)
        replay.fail("esearch", Fault(status=503), times=3)
        result = await _ask(graph, fetch_policy="cache_then_network", sources=["literature"])
        assert {one["origin"] for one in result["citations"]} == {"cache"}
        assert result["errors"][0]["kind"] == "http_error"
        assert "taken from the cache" in result["answer"]

    async def test_failures_are_not_cached(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        graph = graph_of(settings)
        replay.fail("esearch", Fault(status=500), times=3)
        await _ask(graph, sources=["literature"])
        result = await _ask(graph, sources=["literature"])
        assert {one["origin"] for one in result["citations"]} == {"live"}

    async def test_incomplete_answers_are_not_cached(
        self, graph_of: Make, settings: Settings, replay: Replay
    ) -> None:
        graph = graph_of(settings)
        replay.fail("efetch", Fault(body=b"<broken"))
        await _ask(graph, sources=["literature"])
        result = await _ask(graph, sources=["literature"])
        assert result["cache"]["literature"] == {"hits": 0, "misses": 1}
        assert result["reports"]["literature"]["warnings"] == []


class TestProgress:
    async def test_each_source_tells_what_it_found_as_it_comes(
        self, graph_of: Make, settings: Settings
    ) -> None:
        events = [
            event
            async for _, event in graph_of(settings).astream(
                {"query": QUESTION}, stream_mode="custom", subgraphs=True
            )
        ]
        for source in ("literature", "trials", "documents"):
            own = [event for event in events if event.get("source") == source]
            assert [own[0]["stage"], own[-1]["stage"]] == ["plan", "rank"]
            assert own[-1]["kept"] > 0
            assert own[-1]["found"] >= own[-1]["kept"]
            assert {"id", "title"} <= set(own[-1]["partial"][0])
        early = [event for event in events if event.get("partial") and "kept" not in event]
        assert early, "partial results before the source is done"
