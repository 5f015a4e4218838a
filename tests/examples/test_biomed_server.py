"""The orchestrator behind a real server, asked as a user does: by the command, and over the socket."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from examples.biomed import catalogue
from rpc.client import Event, RpcError, connect
from tests.conftest import StartServer
from tests.examples.biomed.replay import Fault, Replay
from tests.support.command import stepwire
from tests.support.free_port import kept_port
from tests.support.server_process import ServerProcess

BIOMED = "biomed=examples/biomed/graph.py:graph"
QUESTION = "GLP-1 receptor agonist trials"
SOURCES = ("literature", "trials", "documents")
FAST = {
    "BIOMED_NCBI_REQUESTS_PER_SECOND": "1000",
    "BIOMED_HTTP_BACKOFF_MS": "1",
    "BIOMED_HTTP_TIMEOUT_MS": "60000",
    "BIOMED_TIME_BUDGET_MS": "60000",
}
BUDGET_MS = 4000
"""Of a question of which a host never answers: what is asked beside that must have done its work in it on a busy machine."""


def _ask(server: ServerProcess, *options: str) -> dict[str, Any]:
    """`stepwire ask --json`: the session it prints. A minute is its time unless the options say another."""
    minute = ("--config", "time_budget_ms=60000")
    done = stepwire("ask", "--json", "--url", server.url, *minute, *options, QUESTION)
    assert done.returncode == 0, done.stderr
    session: dict[str, Any] = json.loads(done.stdout)
    assert session["status"] == "completed"
    return session


async def _events(server: ServerProcess, **options: Any) -> list[Event]:
    async with connect(server.url) as client:
        return [event async for event in client.run(QUESTION, **options)]


def _progress(events: list[Event], path: str) -> list[dict[str, Any]]:
    return [
        event.data["data"]
        for event in events
        if event.type == "progress" and event.data["path"] == path
    ]


def _numbers(answer: str) -> set[int]:
    return {int(one) for one in re.findall(r"(?<!\\)\[(\d+)\](?!\()", answer)}


@pytest.fixture(scope="module")
def silent() -> Iterator[str]:
    """An address that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="module")
def offline(silent: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server for which PubMed is silent and ClinicalTrials.gov refuses connections."""
    folder = tmp_path_factory.mktemp("offline")
    with kept_port() as refused:
        env = {
            **FAST,
            "BIOMED_PUBMED_URL": silent,
            "BIOMED_TRIALS_URL": f"http://127.0.0.1:{refused}",
            "BIOMED_CACHE_DIR": str(folder / "cache"),
        }
        process = ServerProcess([BIOMED], folder / "data", env=env)
        yield process.start()
        process.close()


@pytest.fixture(scope="module")
def in_time(offline: ServerProcess) -> dict[str, Any]:
    """The session of a question there."""
    return _ask(offline, "--config", f"time_budget_ms={BUDGET_MS}")


@pytest.fixture(scope="module")
def hosts() -> Iterator[Replay]:
    with Replay() as replay:
        yield replay


@pytest.fixture(scope="module")
def _online(hosts: Replay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("online")
    env = {**FAST, **hosts.environment, "BIOMED_CACHE_DIR": str(folder / "cache")}
    graphs = [BIOMED, "faked=tests/examples/biomed/fake_model.py:graph"]
    process = ServerProcess(graphs, folder / "data", env=env)
    yield process.start()
    process.close()


@pytest.fixture
def online(_online: ServerProcess, hosts: Replay) -> ServerProcess:
    """A server with the replay server in place of the live hosts, which have no faults and were not asked."""
    hosts.reset()
    return _online


class TestOffline:
    def test_the_question_is_answered_from_the_catalogue_in_time(
        self, in_time: dict[str, Any]
    ) -> None:
        result = in_time["result"]
        trials = catalogue.load().trials
        facts = {
            ("article", one.publication.pmid): (one.publication.title, one.publication.year)
            for one in trials
        }
        names = {one.nct_id: one.acronym for one in trials}
        cited = [one for one in result["citations"] if one["source"] != "documents"]
        assert len(cited) >= 10
        for one in cited:
            assert (one["origin"], one["as_of"]) == ("catalogue", "2026-11-23")
            assert one["id"] in one["url"]
            if one["type"] == "article":
                assert (one["title"], one["year"]) == facts["article", one["id"]]
            else:
                assert one["title"].startswith(f"{names[one['id']]}: ")
        assert _numbers(result["answer"]) == {one["n"] for one in result["citations"]}
        # And not when a silent host is given up otherwise.
        assert in_time["duration_ms"] < int(FAST["BIOMED_HTTP_TIMEOUT_MS"])

    def test_what_was_not_reachable_is_named_with_its_reason(self, in_time: dict[str, Any]) -> None:
        result = in_time["result"]
        notices = result["answer"].partition("\n## ")[0]
        assert "**PubMed did not answer in time.** This is not a live answer" in notices
        assert "**ClinicalTrials.gov could not be reached.** This is not a live answer" in notices
        assert {(one["source"], one["kind"]) for one in result["errors"]} == {
            ("literature", "timeout"),
            ("trials", "unreachable"),
        }
        assert {name: one["status"] for name, one in result["reports"].items()} == {
            "literature": "fallback",
            "trials": "fallback",
            "documents": "answered",
        }

    async def test_progress_from_the_catalogue_says_so(self, offline: ServerProcess) -> None:
        events = await _events(offline, config={"time_budget_ms": BUDGET_MS, "sources": ["trials"]})
        shown = [one for one in _progress(events, "trials/search") if one.get("partial")]
        assert shown
        assert {one["origin"] for one in shown} == {"catalogue"}


class TestReplayed:
    def test_the_same_question_is_answered_from_the_hosts(
        self, online: ServerProcess, hosts: Replay
    ) -> None:
        result = _ask(online, "--config", "fetch_policy=network_only")["result"]
        assert {(one["source"], one["origin"]) for one in result["citations"]} == {
            ("literature", "live"),
            ("trials", "live"),
            ("documents", "collection"),
        }
        assert result["errors"] == []
        assert "not a live answer" not in result["answer"]
        assert hosts.requests("efetch")
        assert hosts.requests("studies")

    def test_the_structured_result_has_every_part(self, online: ServerProcess) -> None:
        result = _ask(online)["result"]
        assert result["citations"][0] == {
            "n": 1,
            "type": "article",
            "id": "37952131",
            "title": "Semaglutide and Cardiovascular Outcomes in Obesity without Diabetes.",
            "authors": ["Lincoff AM", "Example Study Group"],
            "journal": "N Engl J Med",
            "doi": "10.5555/example.37952131",
            "year": 2023,
            "url": "https://pubmed.ncbi.nlm.nih.gov/37952131/",
            "source": "literature",
            "origin": result["citations"][0]["origin"],
            "as_of": result["citations"][0]["as_of"],
            "via": "",
        }
        assert set(result["quality"]) == {
            "completeness",
            "recency",
            "authority",
            "relevance",
            "overall",
        }
        steps = {f"{source}/{step}" for source in SOURCES for step in ("plan", "search", "rank")}
        assert set(result["nodes_run"]) == {"parse", "route", "synthesize"} | steps
        assert set(result["latencies_ms"]) == set(result["nodes_run"]) | set(SOURCES)
        assert set(result["cache"]) == set(SOURCES)
        assert result["entities"]["drug_classes"] == ["GLP-1 receptor agonist"]

    def test_options_of_the_command_reach_the_hosts(
        self, online: ServerProcess, hosts: Replay
    ) -> None:
        options = ['{"sources": ["trials"], "phases": ["PHASE3"], "limits": {"trials": 2}}']
        options += ["fetch_policy=network_only", "date_from=2018"]
        result = _ask(online, *(part for one in options for part in ("--config", one)))["result"]
        assert len(result["citations"]) == 2
        assert hosts.requests("eutils") == []
        assert hosts.requests("studies")[0].params["filter.advanced"] == (
            "AREA[Phase](PHASE3) AND AREA[StartDate]RANGE[2018-01-01,MAX]"
        )

    async def test_each_source_tells_its_progress_at_its_own_path(
        self, online: ServerProcess
    ) -> None:
        events = await _events(
            online, config={"fetch_policy": "network_only", "time_budget_ms": 60_000}
        )
        assert _progress(events, "parse") == [
            {"stage": "parse", "intent": "trials", "message": "asks for trials"}
        ]
        for source in SOURCES:
            for step in ("plan", "search", "rank"):
                written = _progress(events, f"{source}/{step}")
                assert written, f"{source}/{step}"
                assert {(one["source"], one["stage"]) for one in written} == {(source, step)}
            (*_, found), (ranked,) = (
                _progress(events, f"{source}/{step}") for step in ("search", "rank")
            )
            assert found["status"] == "answered"
            assert found["message"] == f"{found['found']} found"
            assert ranked["message"] == f"keeps the best {ranked['kept']} of {found['found']}"
            assert 0 < ranked["kept"] <= found["found"]
            assert found["elapsed_ms"] > 0

    async def test_partial_results_come_before_their_source_is_done(
        self, online: ServerProcess, hosts: Replay
    ) -> None:
        # PubMed has told the titles and never gives the abstracts.
        hosts.fail("efetch", Fault(hang=True), times=9)
        config = {"fetch_policy": "network_only", "time_budget_ms": 60_000}
        async with connect(online.url) as client:
            async for event in client.run(QUESTION, config=config):
                told = event.data.get("data", {}) if event.type == "progress" else {}
                if told.get("partial") and event.data["path"] == "literature/search":
                    break
            # Its source is still being asked.
            assert "status" not in told
            assert (len(told["partial"]), told["found"]) == (10, 12)
            assert (await client.cancel(event.session_id)).status == "cancelled"

    @pytest.mark.parametrize(
        ("config", "path"),
        [
            ({"time_budget_ms": 1}, "$.config.time_budget_ms"),
            ({"sources": ["trials", "news"]}, "$.config.sources.1"),
            ({"limits": {"trials": 0}}, "$.config.limits.trials"),
            ({"date_from": "soon"}, "$.config.date_from"),
            ({"date_from": "2024", "date_to": "2023"}, "$.config.date_to"),
            ({"phases": ["PHASE9"]}, "$.config.phases.0"),
            ({"statuses": "COMPLETED"}, "$.config.statuses"),
            ({"fetch_policy": "never"}, "$.config.fetch_policy"),
            ({"colour": "red"}, "$.config.colour"),
        ],
    )
    async def test_a_wrong_option_is_refused_at_its_path(
        self, online: ServerProcess, config: dict[str, Any], path: str
    ) -> None:
        async with connect(online.url) as client:
            before = (await client.sessions()).total
            with pytest.raises(RpcError) as caught:
                await client.start(QUESTION, config=config)
            assert (caught.value.code, caught.value.data["path"]) == (-32602, path)
            assert (await client.sessions()).total == before

    async def test_a_models_tokens_arrive_as_they_come_and_guarded(
        self, online: ServerProcess, hosts: Replay
    ) -> None:
        hosts.fail("studies", Fault(status=500), times=9)
        config = {"fetch_policy": "network_only", "time_budget_ms": 60_000}
        events = await _events(online, graph="faked", config=config)
        deltas = [event.data for event in events if event.type == "message.delta"]
        assert {one["path"] for one in deltas} == {"synthesize"}
        assert len(deltas) > 2
        streamed = "".join(one["delta"] for one in deltas)
        notice, _, written = streamed.partition("\n\n")
        assert notice.startswith("> **ClinicalTrials.gov answered with an error.**")
        assert "not a live answer" in notice
        assert written.startswith("Semaglutide lowers risk [1].")
        (result,) = [event.data["result"] for event in events if event.type == "query.result"]
        # Its sentences are not found in what they cite: what was streamed is taken back for what says so.
        (taken,) = [
            event.data["data"]
            for event in events
            if event.type == "progress" and event.data["data"].get("retracted")
        ]
        assert taken["replacement"] in result["answer"]
        assert taken["replacement"].startswith("Semaglutide lowers risk [1]")
        assert taken["replacement"] != written.strip()
        assert result["written_by"] == "model"
        for invented in ("[99]", "NCT99999999"):
            assert invented not in streamed + result["answer"]


def test_documents_that_change_between_two_starts_are_found(
    server: StartServer, tmp_path: Path, hosts: Replay
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "note.md").write_text("# A note\n\nGLP-1 receptor agonist trials, in Markdown.\n")
    (folder / "plain.txt").write_text("Trials of a GLP-1 receptor agonist, in plain text.\n")
    (folder / "lines.jsonl").write_text(
        '{"pmid": "7", "text": "A GLP-1 receptor agonist in a line.", "year": 2001}\n'
    )
    env = {
        **FAST,
        **hosts.environment,
        "BIOMED_DOCUMENTS": str(folder),
        "BIOMED_CACHE_DIR": str(tmp_path / "cache"),
    }
    process = server(BIOMED, env=env)

    def documents() -> set[str]:
        result = _ask(process, "--config", 'sources=["documents"]')["result"]
        return {one["id"] for one in result["citations"]}

    assert documents() == {"note.md", "plain.txt", "7"}
    process.stop()
    (folder / "plain.txt").unlink()
    (folder / "note.md").write_text("# A note\n\nNow about something else.\n")
    (folder / "new.md").write_text("# New\n\nAnother GLP-1 receptor agonist.\n")
    process.restart()
    assert documents() == {"new.md", "7"}
    assert len(list((tmp_path / "cache").glob("documents-*.sqlite3"))) == 1
