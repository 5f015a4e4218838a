"""With a model: it reads and writes, its tokens stream, and it still cannot make a citation."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk

from examples.biomed.errors import SourceError
from examples.biomed.graph import Graph, build_graph
from examples.biomed.model.llm_reading import refuse_a_cut
from examples.biomed.settings import Settings

QUESTION = "GLP-1 receptor agonist trials"
PARSED = (
    '```json\n{"intent": "trials", "drugs": ["semaglutide"], "phases": ["PHASE3", "PHASE9"]}\n```'
)
WRITTEN = (
    "Semaglutide lowers risk [1]. It also cures everything [77], says PMID 99999999 "
    "and [this](https://evil.test). Two agree [1, 2].\nSee NCT99999999."
)


class Notes:
    """What the model was asked."""

    def __init__(self) -> None:
        self.prompts: list[list[BaseMessage]] = []


class Scripted(GenericFakeChatModel):
    """Answers in turn, and notes what it was asked."""

    notes: Any

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> Any:
        self.notes.prompts.append(messages)
        return super()._generate(messages, *args, **kwargs)


class Broken(GenericFakeChatModel):
    """Fails on its way."""

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        raise RuntimeError("secret detail")
        yield


def _graph(settings: Settings, *answers: str, notes: Notes | None = None) -> Graph:
    messages = iter([AIMessage(content=answer) for answer in answers])
    chat = Scripted(messages=messages, notes=notes or Notes())
    return _with(settings, lambda _: chat)


def _with(settings: Settings, model: Callable[[Settings], BaseChatModel | None]) -> Graph:
    return build_graph(lambda: settings, model=model, today=lambda: date(2026, 11, 23))


async def test_it_reads_the_question_and_writes_the_text(offline: Settings) -> None:
    notes = Notes()
    result = await _graph(offline, PARSED, WRITTEN, notes=notes).ainvoke({"query": QUESTION})
    assert result["written_by"] == "model"
    assert result["entities"]["drugs"] == ["semaglutide"]
    assert result["entities"]["phases"] == ["PHASE3"]
    assert "Semaglutide lowers risk [1]." in result["answer"]
    assert "Two agree [1][2]." in result["answer"]
    results_shown = str(notes.prompts[1][1].content)
    assert results_shown.startswith(f"Question: {QUESTION}")
    assert "[1] " in results_shown


async def test_it_cannot_cite_what_no_source_found(offline: Settings) -> None:
    result = await _graph(offline, PARSED, WRITTEN).ainvoke({"query": QUESTION})
    for invented in ("[77]", "99999999", "evil.test"):
        assert invented not in result["answer"]
    known = {record["id"] for record in result["citations"]}
    assert "99999999" not in known
    assert result["answer"].count("## References") == 1


async def test_the_notices_stay_with_a_models_text(offline: Settings) -> None:
    result = await _graph(offline, PARSED, WRITTEN).ainvoke({"query": QUESTION})
    assert "PubMed could not be reached" in result["answer"]
    assert "not a live answer" in result["answer"]


async def test_its_tokens_stream_and_only_the_guarded_ones(offline: Settings) -> None:
    tokens = []
    async for _, (message, metadata) in _graph(offline, PARSED, WRITTEN).astream(
        {"query": QUESTION}, stream_mode="messages", subgraphs=True
    ):
        assert metadata["langgraph_node"] == "synthesize"
        tokens.append(message.text)
    assert len(tokens) > 2
    streamed = "".join(tokens)
    notices, _, written = streamed.partition("Semaglutide lowers risk [1].")
    assert written
    assert notices.count("This is not a live answer") == 2, "said before the first word"
    for invented in ("[77]", "99999999", "evil.test", "intent"):
        assert invented not in streamed


@pytest.mark.parametrize("answer", ["I do not know", "{broken", '{"date_from": "soon"}', ""])
async def test_an_unusable_reading_leaves_it_to_the_rules(offline: Settings, answer: str) -> None:
    result = await _graph(offline, answer or " ", WRITTEN).ainvoke({"query": QUESTION})
    assert result["entities"]["drug_classes"] == ["GLP-1 receptor agonist"]
    assert [one["source"] for one in result["errors"] if one["kind"] == "bad_data"] == ["model"]
    assert result["written_by"] == "model"


async def test_numbers_of_records_are_only_read_from_the_question(offline: Settings) -> None:
    parsed = '{"intent": "lookup", "nct_ids": ["NCT99999999"], "pmids": ["1"]}'
    result = await _graph(offline, parsed, WRITTEN).ainvoke({"query": QUESTION})
    assert result["entities"]["nct_ids"] == []
    assert result["entities"]["pmids"] == []


async def test_a_text_without_citations_is_replaced_by_the_rules(offline: Settings) -> None:
    result = await _graph(offline, PARSED, "All is well [99].").ainvoke({"query": QUESTION})
    assert result["written_by"] == "rules"
    assert "All is well" not in result["answer"]
    assert "cited none of the results" in result["errors"][-1]["message"]


async def test_a_failing_model_costs_nothing_but_itself(offline: Settings) -> None:
    graph = _with(offline, lambda _: Broken(messages=iter([])))
    result = await graph.ainvoke({"query": QUESTION})
    assert result["written_by"] == "rules"
    assert len(result["citations"]) >= 10
    assert "model" in {one["source"] for one in result["errors"]}
    assert "secret detail" not in str(result)


async def test_a_model_that_is_not_there_is_said(offline: Settings) -> None:
    named = msgspec.structs.replace(offline, model="nobody:nothing")
    result = await build_graph(lambda: named).ainvoke({"query": QUESTION})
    assert ("model", "not_configured") in {(one["source"], one["kind"]) for one in result["errors"]}
    assert result["written_by"] == "rules"


async def test_the_notices_are_in_the_answer_once(offline: Settings) -> None:
    result = await _graph(offline, PARSED, WRITTEN).ainvoke({"query": QUESTION})
    assert result["answer"].count("This is not a live answer") == 2


async def test_whatever_a_providers_package_raises_the_rules_answer(
    offline: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class MissingKey(Exception):
        """As some providers' packages have, derived from no standard error."""

    def refuse(name: str) -> None:
        raise MissingKey("set the key; it is now 'hush'")

    package = ModuleType("langchain.chat_models")
    package.init_chat_model = refuse  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "langchain", ModuleType("langchain"))
    monkeypatch.setitem(sys.modules, "langchain.chat_models", package)
    named = msgspec.structs.replace(offline, model="some:model")
    result = await build_graph(lambda: named).ainvoke({"query": QUESTION})
    assert result["written_by"] == "rules"
    assert len(result["citations"]) >= 10
    reasons = [one["message"] for one in result["errors"] if one["source"] == "model"]
    assert reasons == ["model: MissingKey"] * 2


class Cut(GenericFakeChatModel):
    """Stops at its limit of tokens."""

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        text = AIMessageChunk(content="Semaglutide lowers [1]. ")
        yield ChatGenerationChunk(message=text)
        yield ChatGenerationChunk(
            message=AIMessageChunk(content="", response_metadata={"finish_reason": "length"})
        )


class Torn(GenericFakeChatModel):
    """Reads well, and loses its connection while it writes."""

    how: str

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        if "Results:" not in str(messages[-1].content):
            yield ChatGenerationChunk(message=AIMessageChunk(content=PARSED))
            return
        yield ChatGenerationChunk(message=AIMessageChunk(content="Semaglutide lowers risk [1]. "))
        yield ChatGenerationChunk(message=AIMessageChunk(content="It also lowers the ri"))
        if self.how == "raises":
            raise ConnectionError("secret detail")
        if self.how == "told":
            end = AIMessageChunk(content="", response_metadata={"finish_reason": "stop"})
            yield ChatGenerationChunk(message=end)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("raises", "the model failed: ConnectionError"),
        ("ends", "cut off: it ends within a sentence"),
    ],
)
async def test_a_torn_stream_is_an_error_and_taken_back(
    offline: Settings, how: str, reason: str
) -> None:
    graph = _with(offline, lambda _: Torn(messages=iter([]), how=how))
    result, events = await _watched(graph)
    assert result["written_by"] == "rules"
    assert "lowers the ri" not in result["answer"]
    assert [one["message"] for one in result["errors"] if reason in one["message"]]
    (retracted,) = [one for one in events if one.get("retracted")]
    assert reason in retracted["reason"]
    assert retracted["replacement"] is None


async def test_a_text_that_the_provider_ended_itself_is_whole(offline: Settings) -> None:
    graph = _with(offline, lambda _: Torn(messages=iter([]), how="told"))
    result, _ = await _watched(graph)
    assert result["written_by"] == "model"


async def _watched(graph: Graph) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    events: list[dict[str, Any]] = []
    result: dict[str, Any] = {}
    async for mode, part in graph.astream({"query": QUESTION}, stream_mode=["custom", "values"]):
        if mode == "custom":
            events.append(part)  # type: ignore[arg-type]
        else:
            result = part  # type: ignore[assignment]
    return result, events


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        ("trials of semaglutide since 2020", "2020", "2020"),
        ("trials of semaglutide since 2020", "2012", "2020"),
        ("trials of semaglutide in the last 5 years", "1980", "2021"),
        ("trials of semaglutide", "2015", None),
    ],
)
async def test_a_date_that_the_question_does_not_have_is_not_searched_for(
    offline: Settings, question: str, given: str, kept: str | None
) -> None:
    read = f'{{"intent": "trials", "date_from": "{given}"}}'
    result = await _graph(offline, read, WRITTEN).ainvoke({"query": question})
    assert result["entities"]["date_from"] == kept
    told = [one["message"] for one in result["errors"] if "date_from" in one["message"]]
    assert bool(told) == (given != kept)


async def test_a_result_reaches_it_whole(settings: Settings, tmp_path: Path) -> None:
    """Not its first 1,500 characters: what it concludes stands at its end."""
    text = "Semaglutide was studied. " + "Much was measured here. " * 200 + "CONCLUSION: it works."
    file = tmp_path / "notes.jsonl"
    file.write_text(json.dumps({"id": "1", "title": "Semaglutide", "text": text}))
    notes = Notes()
    configured = msgspec.structs.replace(settings, documents=str(file))
    graph = _graph(configured, PARSED, WRITTEN, notes=notes)
    context: Any = {"sources": ["documents"]}
    await graph.ainvoke({"query": "semaglutide"}, context=context)
    assert "CONCLUSION: it works." in str(notes.prompts[-1][-1].content)


async def test_a_cut_text_is_an_error_and_taken_back(offline: Settings) -> None:
    graph = _with(offline, lambda _: Cut(messages=iter([])))
    events = []
    result: dict[str, Any] = {}
    async for mode, part in graph.astream({"query": QUESTION}, stream_mode=["custom", "values"]):
        if mode == "custom":
            events.append(part)
        else:
            result = part  # type: ignore[assignment]
    assert result["written_by"] == "rules"
    reasons = [one["message"] for one in result["errors"] if one["source"] == "model"]
    assert reasons == ["the model's text was cut off: length"] * 2
    (retracted,) = [one for one in events if one.get("retracted")]  # type: ignore[attr-defined]
    assert "cut off" in retracted["reason"]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"finish_reason": "length"}, "cut off: length"),
        ({"stop_reason": "max_tokens"}, "cut off: max_tokens"),
        ({"finish_reason": "MAX_TOKENS"}, "cut off: max_tokens"),
        ({"finish_reason": "FinishReason.MAX_TOKENS"}, "cut off: max_tokens"),
        ({"stopReason": "max_tokens"}, "cut off: max_tokens"),
        ({"done_reason": "length"}, "cut off: length"),
        ({"finish_reason": "model_length"}, "cut off: model_length"),
        ({"status": "incomplete"}, "cut off: incomplete"),
        ({"stop_reason": "model_context_window_exceeded"}, "cut off: model_context"),
        ({"finish_reason": "content_filter"}, "withheld: content_filter"),
        ({"finish_reason": "SAFETY"}, "withheld: safety"),
        ({"finish_reason": "RECITATION"}, "withheld: recitation"),
        ({"finish_reason": "PROHIBITED_CONTENT"}, "withheld: prohibited_content"),
        ({"stop_reason": "refusal"}, "withheld: refusal"),
        ({"stopReason": "guardrail_intervened"}, "withheld: guardrail"),
    ],
)
def test_however_a_provider_names_it_a_cut_text_is_refused(
    told: dict[str, str], reason: str
) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        refuse_a_cut(AIMessageChunk(content="It lowers", response_metadata=told))
    assert caught.value.kind == "bad_data"


@pytest.mark.parametrize(
    "told",
    [
        {"finish_reason": "stop"}, {"stop_reason": "end_turn"}, {"finish_reason": "STOP"},
        {"finish_reason": "tool_calls"}, {"stop_reason": "tool_use"}, {"status": "completed"}, {"done_reason": "stop"},
    ],
)  # fmt: skip
def test_an_end_that_is_one_is_told_and_nothing_else(told: dict[str, str]) -> None:
    assert refuse_a_cut(AIMessageChunk(content="It lowers.", response_metadata=told)) is True
    assert refuse_a_cut(AIMessageChunk(content="It lowers.")) is False


def test_a_refusal_in_a_message_of_its_own_is_no_answer() -> None:
    with pytest.raises(SourceError, match="withheld: refusal"):
        refuse_a_cut(AIMessageChunk(content="", additional_kwargs={"refusal": "I cannot."}))


async def test_a_bad_field_voids_that_field_alone(offline: Settings) -> None:
    parsed = '{"intent": "review", "phases": "three", "date_from": "soon", "drugs": ["aspirin"]}'
    result = await _graph(offline, parsed, WRITTEN).ainvoke({"query": QUESTION})
    assert result["entities"]["intent"] == "review"
    assert result["entities"]["drugs"] == [], "nobody asked for aspirin"
    voided = " ".join(one["message"] for one in result["errors"] if one["source"] == "model")
    for name in ("phases", "date_from", "drugs"):
        assert f"the model's {name} " in voided


async def test_a_sentence_its_source_does_not_support_is_marked(offline: Settings) -> None:
    text = "Aspirin cures baldness in 97 of 100 cats [1]."
    result = await _graph(offline, PARSED, text).ainvoke({"query": QUESTION})
    assert f"{text} _(not found in the source it cites)_" in result["answer"]
