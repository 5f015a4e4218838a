"""A model's part beyond reading and writing: searching on with tools, asking back, summing up, and in time."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import anyio
import msgspec
import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.export import flow
from examples.biomed.graph import Graph, build_graph
from examples.biomed.model.evidence import summaries
from examples.biomed.model.second_round import checked
from examples.biomed.settings import Settings
from tests.examples.biomed.fake_model import Fake
from tests.examples.biomed.replay import Replay

QUESTION = "macular degeneration after kidney transplantation"
READ: dict[str, Any] = {"intent": "question"}
Calls = list[tuple[str, dict[str, Any]]]


class Tooled(BaseChatModel):
    """Calls tools in turn, round by round, and gives structured output; it notes what it was asked."""

    rounds: list[Calls] = []
    read: dict[str, Any] = READ
    text: str = "Semaglutide lowers weight [1]."
    asked: list[list[BaseMessage]] = []
    offered: list[list[str]] = []

    @property
    def _llm_type(self) -> str:
        return "tooled"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        kwargs.pop("tool_choice", None)
        names = [one["function"]["name"] if "function" in one else one["title"] for one in tools]
        return self.bind(names=names, **kwargs)

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        names = kwargs.get("names", [])
        self.offered.append(names)
        self.asked.append(messages)
        if "read_question" in names:
            message = _calling([("read_question", self.read)])
        elif names and self.rounds:
            message = _calling(self.rounds.pop(0))
        else:
            message = AIMessage(content=self.text if not names else "enough")
        return ChatResult(generations=[ChatGeneration(message=message)])


def _calling(calls: Calls) -> AIMessage:
    listed = [
        {"name": name, "args": args, "id": str(place), "type": "tool_call"}
        for place, (name, args) in enumerate(calls)
    ]
    return AIMessage(content="", tool_calls=listed)


def _tooled(*rounds: Calls, **more: Any) -> Tooled:
    return Tooled(rounds=list(rounds), asked=[], offered=[], **more)


def _graph(settings: Settings, chat: BaseChatModel, **compiled: Any) -> Graph:
    graph = build_graph(lambda: settings, model=lambda _: chat, today=lambda: date(2026, 11, 23))
    for name, value in compiled.items():
        setattr(graph, name, value)
    return graph


async def _ask(graph: Graph, query: str = QUESTION, **context: Any) -> dict[str, Any]:
    wanted: Any = {"sources": ["literature"], **context}
    result: dict[str, Any] = await graph.ainvoke({"query": query}, context=wanted)  # type: ignore[assignment]
    return result


def _adds_up(result: dict[str, Any]) -> None:
    """The log's numbers, where a thing was found twice and where a later round found more."""
    row = flow("literature", result["reports"]["literature"], result["citations"])
    identified, unread, duplicates, screened, ranked, off, cited = row
    assert min(row) >= 0
    assert identified == unread + duplicates + screened
    assert screened == ranked + off + cited
    assert cited == len(result["citations"])


def _by_model(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in result["searches"] if one.get("by") == "model"]


async def test_where_little_is_found_it_searches_on_and_every_call_is_told(
    settings: Settings, replay: Replay
) -> None:
    chat = _tooled([("pubmed_search", {"query": "macular AND semaglutide"})])
    result = await _ask(_graph(settings, chat))
    (search,) = _by_model(result)
    assert search["parameters"]["term"] == "macular AND semaglutide"
    assert (search["count"], search["service"]) == (12, "PubMed")
    assert len(result["citations"]) > 0
    assert all(one["origin"] == "live" for one in result["citations"])
    _adds_up(result)
    shown = str(chat.asked[2][-1].content)
    assert "[1] <quoted-" in shown, "what came back reached it, fenced"


async def test_its_rounds_and_calls_are_bounded(settings: Settings, replay: Replay) -> None:
    again: Calls = [("pubmed_search", {"query": f"macular and x{n}"}) for n in range(9)]
    chat = _tooled(*[[*again]] * 9)
    result = await _ask(_graph(settings, chat))
    terms = {one["parameters"]["term"] for one in _by_model(result)}
    assert len(terms) == 4
    assert len(_by_model(result)) == 12
    assert len(chat.rounds) == 6


PLANNED = '(semaglutide OR Wegovy) AND (obes* OR "Obesity"[mh])'


async def test_what_it_plans_is_searched_for_before_the_rules_widen(
    settings: Settings, replay: Replay
) -> None:
    chat = _tooled(read={**READ, "queries": [PLANNED]})
    result = await _ask(_graph(settings, chat), "semaglutide for obesity")
    made = result["searches"]
    assert [one.get("by") for one in made] == [None, "model"]
    assert made[1]["parameters"]["term"] == PLANNED
    assert made[1]["count"] > 0
    assert result["entities"]["planned"] == [PLANNED]
    assert result["reports"]["literature"]["duplicates"] > 0, "nothing is listed twice"
    _adds_up(result)
    assert not [one for one in result["errors"] if one["source"] == "model"]


async def test_where_the_rules_and_its_plan_find_nothing_the_rules_widen_and_it_searches_on(
    settings: Settings, replay: Replay
) -> None:
    planned = "macula* AND degeneration AND kidney AND transplant*"
    chat = _tooled([("pubmed_search", {"query": "macular"})], read={**READ, "queries": [planned]})
    made = (await _ask(_graph(settings, chat)))["searches"]
    kinds = [(one.get("by"), bool(one.get("widened"))) for one in made]
    assert kinds[0:2] == [(None, False), ("model", False)]
    assert (None, True) in kinds[2:]
    assert kinds[-1] == ("model", False)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("obesity AND diet", "it does not ask for 'semaglutide'"),
        ("semaglutide AND diabetes AND obesity", "it asks for 'diabetes', which the question"),
        ("semaglutide AND obesity AND NCT00000001", "NCT00000001 is not in the question"),
        ("semaglutide AND obesity AND 2019[dp]", "2019 is not in the question"),
        ("semaglutide AND (obesity", "left open"),
        ("semaglutide AND obesity AND " + "x" * 1000, "longer than 1000 characters"),
    ],
)
async def test_a_plan_of_its_that_the_question_does_not_bear_out_is_not_searched_for(
    settings: Settings, query: str, reason: str
) -> None:
    chat = _tooled(read={**READ, "queries": [query, "semaglutide AND obes* NOT diabetes"]})
    result = await _ask(_graph(settings, chat), "semaglutide for obesity without diabetes")
    assert [one["parameters"]["term"] for one in _by_model(result)] == [
        "semaglutide AND obes* NOT diabetes"
    ]
    (told,) = [one["message"] for one in result["errors"] if one["source"] == "model"]
    assert reason in told


TRIALS_PLANNED = {"condition": "obesity OR overweight", "intervention": "semaglutide OR Wegovy"}


async def test_it_plans_for_the_registry_too_within_the_questions_filters(
    settings: Settings, replay: Replay
) -> None:
    chat = _tooled(read={**READ, "trial_searches": [TRIALS_PLANNED]})
    result = await _ask(
        _graph(settings, chat), "recruiting trials of semaglutide for obesity", sources=["trials"]
    )
    own, planned = result["searches"][:2]
    assert (own.get("by"), planned["by"]) == (None, "model")
    assert planned["parameters"]["query.cond"] == "obesity OR overweight"
    assert planned["parameters"]["query.intr"] == "semaglutide OR Wegovy"
    assert planned["parameters"]["filter.overallStatus"] == "RECRUITING"
    assert result["reports"]["trials"]["duplicates"] > 0, "nothing is listed twice"


@pytest.mark.parametrize(
    ("search", "reason"),
    [
        ({"condition": "obesity"}, "it does not ask for 'semaglutide'"),
        ({"intervention": "semaglutide", "condition": "obesity AND (gout"}, "left open"),
        (
            {"intervention": "semaglutide", "condition": "obesity", "term": "NCT00000001"},
            "NCT00000001 is not",
        ),
        (
            {"intervention": "semaglutide", "condition": "obesity", "term": "diabetes"},
            "it asks for 'diabetes'",
        ),
        ({"drug": "semaglutide"}, "there is no such field"),
    ],
)
async def test_a_search_of_the_registry_that_the_question_does_not_bear_out_is_not_made(
    settings: Settings, search: dict[str, str], reason: str
) -> None:
    chat = _tooled(read={**READ, "trial_searches": [search]})
    question = "semaglutide for obesity without diabetes"
    result = await _ask(_graph(settings, chat), question, sources=["trials"])
    assert _by_model(result) == []
    assert reason in " ".join(
        one["message"] for one in result["errors"] if one["source"] == "model"
    )


def _collection(settings: Settings, folder: Path) -> Settings:
    file = folder / "documents.jsonl"
    texts = ["Semaglutide in obesity.", "Wegovy lowers body weight.", "A note on gardening."]
    lines = [
        json.dumps({"id": f"d{n}", "title": text, "text": text}) for n, text in enumerate(texts)
    ]
    file.write_text("\n".join(lines))
    return msgspec.structs.replace(settings, documents=str(file))


async def test_it_plans_for_the_documents_too(settings: Settings, tmp_path: Path) -> None:
    planned = ["semaglutide Wegovy body weight", "gardening tips"]
    chat = _tooled(read={**READ, "document_queries": planned})
    graph = _graph(_collection(settings, tmp_path), chat)
    result = await _ask(graph, "semaglutide", sources=["documents"], second_round=False)
    assert [one["parameters"]["query"] for one in _by_model(result)] == planned[:1]
    assert {one["id"] for one in result["citations"]} >= {"d0", "d1"}
    assert "'gardening tips': it does not ask for 'semaglutide'" in str(result["errors"])


async def test_where_the_documents_have_little_it_searches_on_in_them(
    settings: Settings, tmp_path: Path
) -> None:
    chat = _tooled([("documents_search", {"query": "Wegovy semaglutide weight"})])
    graph = _graph(_collection(settings, tmp_path), chat)
    result = await _ask(graph, "semaglutide", sources=["documents"])
    assert [one["parameters"]["query"] for one in _by_model(result)] == [
        "Wegovy semaglutide weight"
    ]
    assert {one["id"] for one in result["citations"]} >= {"d0", "d1"}


async def test_a_plan_that_is_no_list_voids_the_plan_alone(settings: Settings) -> None:
    chat = _tooled(read={"intent": "review", "queries": "semaglutide"})
    result = await _ask(_graph(settings, chat), "semaglutide")
    assert result["entities"]["intent"] == "review"
    assert result["entities"]["planned"] == []
    assert any("the model's queries" in one["message"] for one in result["errors"])


async def test_where_enough_is_found_it_is_not_asked_to(settings: Settings) -> None:
    chat = _tooled([("pubmed_search", {"query": "semaglutide"})])
    assert _by_model(await _ask(_graph(settings, chat), "semaglutide")) == []
    assert _by_model(await _ask(_graph(settings, chat), second_round=False)) == []
    assert len(chat.rounds) == 1


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("pubmed_get", {"pmids": ["12345678"]}, "a number that nothing has named"),
        ("pubmed_search", {"query": "football"}, "shares no word"),
        ("pubmed_search", {"query": "12345678[pmid] OR macular"}, "is named by nothing"),
        ("pubmed_search", {"query": " "}, "nothing to search for"),
        ("trials_get", {"nct_id": "NCT00000001"}, "a number that nothing has named"),
    ],
)
def test_what_it_invents_is_not_searched_for(
    name: str, arguments: dict[str, Any], reason: str
) -> None:
    found = parse(QUESTION, date(2026, 11, 23))
    call, told = checked(name, arguments, QUESTION, found, QUESTION)
    assert call is None
    assert reason in told


def test_a_date_of_its_own_is_left_out_and_the_questions_stays() -> None:
    found = parse("retinal damage since 2020", date(2026, 11, 23))
    arguments = {"query": "retinal", "date_from": "1999"}
    call, _ = checked("pubmed_search", arguments, "retinal damage since 2020", found, "")
    assert call is not None
    assert call["arguments"] == {"query": "retinal", "date_from": "2020"}


async def test_a_refused_call_is_told_to_it_and_to_the_reader(settings: Settings) -> None:
    chat = _tooled([("pubmed_get", {"pmids": ["99999999"]}), ("no_tool", {})])
    result = await _ask(_graph(settings, chat))
    warnings = " ".join(result["reports"]["literature"]["warnings"])
    assert "pubmed_get: a number that nothing has named" in warnings
    assert "no_tool: there is no such tool" in warnings
    assert "refused" in str(chat.asked[2][-2].content)
    assert _by_model(result) == []


async def test_a_model_without_tools_names_other_queries(
    settings: Settings, replay: Replay
) -> None:
    class Plain(Tooled):
        def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
            raise NotImplementedError

        def with_structured_output(self, schema: Any, **kwargs: Any) -> Any:
            raise NotImplementedError

        def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
            said = str(messages[-1].content)
            text = '{"intent": "question"}'
            if "queries" in said:
                text = '{"queries": ["macular AND liraglutide"]}'
            elif "Results:" in said:
                text = self.text
            return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    result = await _ask(_graph(settings, Plain()))
    assert [one["parameters"]["term"] for one in _by_model(result)] == ["macular AND liraglutide"]
    assert result["citations"]


async def test_other_tools_of_a_configured_server_are_its_too(
    settings: Settings, tmp_path: Path
) -> None:
    code = (
        "from mcp.server.fastmcp import FastMCP; s = FastMCP('n', log_level='ERROR')\n"
        "@s.tool()\n"
        "def mesh_lookup(name: str) -> str:\n"
        "    'Look a MeSH heading up.'\n"
        "    return 'heading of ' + name + ' [1]'\n"
        "s.run('stdio')"
    )
    file = tmp_path / "mcp.json"
    entry = {"command": sys.executable, "args": ["-c", code]}
    file.write_text(json.dumps({"mcpServers": {"theirs": entry}}))
    configured = msgspec.structs.replace(settings, mcp_config=str(file))
    chat = _tooled([("theirs__mesh_lookup", {"name": "eyes"})])
    graph = _graph(configured, chat)
    # A starting server is waited for within the sources' time.
    result = await _ask(graph, time_budget_ms=60_000)
    assert "theirs__mesh_lookup" in chat.offered[1]
    assert "heading of eyes (their 1)" in str(chat.asked[2][-1].content)
    (search,) = _by_model(result)
    assert (search["via"], search["tool"]) == ("theirs", "mesh_lookup")
    assert search["parameters"] == {"name": "eyes"}


async def test_the_question_is_read_by_structured_output(settings: Settings) -> None:
    chat = _tooled(read={"intent": "review", "drugs": ["semaglutide"], "phases": "three"})
    result = await _ask(_graph(settings, chat), "semaglutide")
    assert chat.offered[0] == ["read_question"]
    assert result["entities"]["intent"] == "review"
    assert any("the model's phases" in one["message"] for one in result["errors"])


class TestAskingBack:
    async def test_a_vague_question_is_asked_back_once_and_then_answered(
        self, settings: Settings, graph_of: Callable[[Settings], Graph]
    ) -> None:
        graph = graph_of(settings)
        graph.checkpointer = InMemorySaver()
        config: Any = {"configurable": {"thread_id": "1"}}
        context: Any = {"clarify": True, "sources": ["trials"]}
        stopped = await graph.ainvoke({"query": "does it help?"}, config, context=context)
        (interrupt,) = stopped["__interrupt__"]
        assert interrupt.value["about"] == "does it help?"
        assert "Which disease" in interrupt.value["question"]
        answer: Any = Command(resume="semaglutide in obesity")
        result = await graph.ainvoke(answer, config, context=context)
        assert result["query"] == "does it help, semaglutide in obesity"
        assert result["entities"]["drugs"] == ["semaglutide"]
        assert result["citations"]
        assert result["nodes_run"][0] == "parse"

    async def test_an_empty_answer_goes_on_with_what_there_is(
        self, settings: Settings, graph_of: Callable[[Settings], Graph]
    ) -> None:
        graph = graph_of(settings)
        graph.checkpointer = InMemorySaver()
        config: Any = {"configurable": {"thread_id": "1"}}
        context: Any = {"clarify": True, "sources": ["documents"]}
        await graph.ainvoke({"query": "does it help?"}, config, context=context)
        result = await graph.ainvoke(Command(resume={"answer": ""}), config, context=context)
        assert result["query"] == "does it help?"
        assert "__interrupt__" not in result

    async def test_nobody_is_asked_who_did_not_wish_it(
        self, settings: Settings, graph_of: Callable[[Settings], Graph]
    ) -> None:
        graph = graph_of(settings)
        graph.checkpointer = InMemorySaver()
        config: Any = {"configurable": {"thread_id": "1"}}
        assert "__interrupt__" not in await graph.ainvoke({"query": "does it help?"}, config)
        clear = {"query": "does semaglutide help in obesity?"}
        context: Any = {"clarify": True}
        assert "__interrupt__" not in await graph.ainvoke(clear, config, context=context)

    async def test_a_model_words_the_question_back(self, settings: Settings) -> None:
        chat = _tooled(read={"intent": "question", "unclear": "Which of the two eyes?"})
        graph = _graph(settings, chat, checkpointer=InMemorySaver())
        config: Any = {"configurable": {"thread_id": "1"}}
        context: Any = {"clarify": True, "sources": ["documents"]}
        stopped = await graph.ainvoke({"query": QUESTION}, config, context=context)
        assert stopped["__interrupt__"][0].value["question"] == "Which of the two eyes?"


class TestSummaries:
    RECORD: dict[str, Any] = {
        "type": "article",
        "id": "1",
        "title": "Semaglutide in obesity",
        "year": 2021,
        "text": "Mean weight fell by 14.9 percent with semaglutide against 2.4 percent with placebo.",
    }

    async def test_what_a_result_does_not_bear_out_is_dropped(self) -> None:
        said = "Mean weight fell by 14.9 percent with semaglutide. Hair grew by 50 percent in dogs."
        found, failures = await summaries(
            _tooled(text=said), "q", number({"literature": [self.RECORD]}), 5000
        )
        assert found == {1: "Mean weight fell by 14.9 percent with semaglutide."}
        assert failures == []

    async def test_nothing_said_is_nothing_and_all_invented_leaves_the_text(self) -> None:
        cited = number({"literature": [self.RECORD]})
        assert (await summaries(_tooled(text="NONE"), "q", cited, 5000))[0] == {1: ""}
        assert (await summaries(_tooled(text="Dogs fly in 7 of 8."), "q", cited, 5000))[0] == {}

    async def test_the_answer_is_written_from_them(self, settings: Settings) -> None:
        chat = _tooled(text="NONE")
        result = await _ask(_graph(settings, chat), "semaglutide", limit=2, summarize=True)
        told = [str(one[-1].content) for one in chat.asked]
        assert sum("Result to summarise:" in one for one in told) == 2
        assert "Made for tests" not in next(one for one in told if "\n\nResults:\n" in one)
        assert result["written_by"] == "rules", "NONE cites nothing"


class Silent(Tooled):
    """Never answers."""

    async def _agenerate(self, *args: Any, **kwargs: Any) -> ChatResult:
        await anyio.sleep_forever()
        raise AssertionError


async def test_the_time_of_a_question_that_sets_none_includes_the_model_too(
    offline: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def told(delay: float, **options: Any) -> Any:
        waits.append(delay)
        return fail_after(delay, **options)

    fail_after = anyio.fail_after
    monkeypatch.setattr(anyio, "fail_after", told)
    short = msgspec.structs.replace(offline, time_budget_ms=1000, model_timeout_ms=2000)
    result = await _ask(_graph(short, Silent()), "semaglutide", sources=None)
    assert result["written_by"] == "rules"
    assert waits[0] <= 0.6, "a fifth is for reading it"
    assert waits[0] + waits[-1] <= 3, "the sources' time and the model's, and no more"


async def test_results_are_summarised_side_by_side() -> None:
    """Each summary here ends only once all have begun."""
    begun, together = 0, 12
    all_begun = anyio.Event()

    class Waiting(Fake):
        async def _astream(self, messages: Any, *args: Any, **kwargs: Any) -> Any:
            nonlocal begun
            begun += 1
            if begun == together:
                all_begun.set()
            await all_begun.wait()
            yield ChatGenerationChunk(message=AIMessageChunk(content="NONE"))

    records: Any = [
        {"type": "article", "id": str(n), "title": "Statins", "text": "Statins fell.", "year": 2019}
        for n in range(1, together + 1)
    ]
    found, failures = await summaries(
        Waiting(messages=iter([])), "statins", number({"literature": records}), 60_000
    )
    assert (len(found), failures) == (together, [])


async def test_the_time_of_a_question_includes_the_model(
    offline: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def told(delay: float, **options: Any) -> Any:
        waits.append(delay)
        return fail_after(delay, **options)

    fail_after = anyio.fail_after
    monkeypatch.setattr(anyio, "fail_after", told)
    result = await _ask(_graph(offline, Silent()), "semaglutide", sources=None, time_budget_ms=4000)
    assert result["written_by"] == "rules"
    kinds = [one["kind"] for one in result["errors"] if one["source"] == "model"]
    assert kinds == ["timeout", "timeout"]
    assert waits[0] <= 0.8, "a fifth is for reading it"
    assert waits[0] + waits[-1] <= 4, "all of it is within the time of the question"
