"""What models put around their answers reaches nobody: thoughts, fences, references of their own; and a service without structured output still reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables import RunnableLambda

from examples.biomed.citations import number
from examples.biomed.graph import build_graph
from examples.biomed.model.claims import CONTRARY, doubts
from examples.biomed.model.wrapping import Unwrapping, unwrapped, without_references
from examples.biomed.options import QueryOptions
from examples.biomed.records import Record
from examples.biomed.settings import Settings

SAID = "Semaglutide reduced body weight in adults with obesity [1]."
READ = '{"intent": "evidence", "drugs": ["semaglutide"], "phases": "three"}'


@pytest.mark.parametrize("length", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "answer", "is_taken_back"),
    [
        (SAID, SAID, False),
        (f"<think>It may be [7].</think>\n\n{SAID}", SAID, False),
        (f"<thinking>a<think>b</think>c</thinking>{SAID}", SAID, False),
        (f"It may be [7].\n</think>\n{SAID}", SAID, True),
        (f"```markdown\n{SAID}\n```\n", SAID, False),
        (f"```\n{SAID}\n\n```json\n[]\n```\n\nend", f"{SAID}\n\n```json\n[]\n```\n\nend", False),
        ("x < 3 and <b>y</b>", "x < 3 and <b>y</b>", False),
        ("<think>It never ends", "", False),
    ],
)
def test_of_a_text_in_pieces_the_answer_is_given_out(
    text: str, answer: str, is_taken_back: bool, length: int
) -> None:
    wrapping = Unwrapping()
    given: list[str] = []
    for start in range(0, len(text), length):
        piece = wrapping.feed(text[start : start + length])
        if wrapping.is_taken_back and "</think>" not in text[:start]:
            given = []
        given.append(piece)
    given.append(wrapping.close())
    assert "".join(given).strip().endswith(answer)
    assert is_taken_back or "".join(given).strip() == answer
    assert wrapping.is_taken_back == is_taken_back
    assert unwrapped(text).strip() == answer


def test_a_list_of_references_of_its_own_is_left_out() -> None:
    text = f"{SAID}\n\n## References\n\n1. Doe J. Made up. 2020.\n2. Roe R. Made up, too.\n"
    assert without_references(text) == SAID
    assert without_references(f"{SAID}\n\n**Sources:**\n- Doe J. 2020.\n\nSo much.").endswith("So much.")  # fmt: skip
    for other in (SAID, f"{SAID}\n\n## Harms\n\n- Nausea [1].\n", "Sources disagree [1][2]."):
        assert without_references(other) == other


class Model(GenericFakeChatModel):
    """Thinks aloud, and is served by somebody who knows no structured output."""

    written: str
    structured: bool = True

    def with_structured_output(self, *args: Any, **kwargs: Any) -> Any:
        if not self.structured:
            raise NotImplementedError

        def refuse(messages: object) -> None:
            error = RuntimeError("response_format is not supported")
            error.status_code = 400  # type: ignore[attr-defined]
            raise error

        return RunnableLambda(refuse)

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        reads = "Results:" not in str(messages[-1].content)
        text = f"<think>Is it {{x}}?</think>{READ}" if reads else self.written
        for word in text.split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(content=f"{word} "))


async def _asked(
    tmp_path: Path, written: str, **known: Any
) -> tuple[dict[str, Any], list[str], str]:
    documents = tmp_path / "documents.jsonl"
    record = {"id": "d", "title": "Semaglutide in adults with obesity", "text": "CONCLUSIONS: Semaglutide reduced body weight in adults with obesity."}  # fmt: skip
    documents.write_bytes(msgspec.json.encode(record))
    settings = Settings(documents=str(documents), cache_dir=str(tmp_path / "cache"))
    model = Model(messages=iter([AIMessage(content="")]), written=written, **known)
    graph = build_graph(lambda: settings, model=lambda _: model, today=lambda: date(2026, 12, 1))
    result: dict[str, Any] = {}
    why: list[str] = []
    streamed = ""
    events: AsyncIterator[Any] = graph.astream(
        {"query": "Does semaglutide reduce body weight in adults with obesity?"},
        context=QueryOptions(sources=["documents"], second_round=False),
        stream_mode=["custom", "values", "messages"],
    )
    async for mode, part in events:
        if mode == "messages":
            streamed += part[0].text
        elif mode == "values":
            result = part
        elif part.get("retracted"):
            why.append(part["reason"])
    return result, why, streamed


async def test_its_thoughts_are_neither_streamed_nor_in_the_answer(tmp_path: Path) -> None:
    result, why, streamed = await _asked(tmp_path, f"<think>It may cure [1].</think>{SAID}")
    assert (result["written_by"], why) == ("model", [])
    assert "cure" not in result["answer"] + streamed
    assert SAID in streamed


async def test_thoughts_that_only_end_are_taken_back(tmp_path: Path) -> None:
    result, why, _ = await _asked(tmp_path, f"It may cure [1]. </think> {SAID}")
    assert (result["written_by"], why) == ("model", ["what came before it were the model's thoughts"])  # fmt: skip
    assert "cure" not in result["answer"]
    assert SAID in result["answer"]


async def test_references_of_its_own_are_taken_back(tmp_path: Path) -> None:
    result, why, _ = await _asked(tmp_path, f"{SAID}\n\n## References\n1. Doe J. Made up.\n")
    assert why == ["its list of references is the model's own"]
    assert "Made up" not in result["answer"]


@pytest.mark.parametrize("structured", [True, False])
async def test_without_structured_output_the_text_is_read(tmp_path: Path, structured: bool) -> None:
    result, _, _ = await _asked(tmp_path, SAID, structured=structured)
    assert [one["message"] for one in result["errors"] if one["source"] == "model"] == [
        "the model's phases has not the form that was asked for; left out"
    ]


async def test_an_empty_text_is_told_as_one(tmp_path: Path) -> None:
    result, why, _ = await _asked(tmp_path, "")
    assert (result["written_by"], len(why)) == ("rules", 1)


def test_a_comparator_that_the_source_has_not_hides_no_contradiction() -> None:
    record = Record(type="document", id="d", title="Semaglutide in obesity", url="", year=2021, text="CONCLUSIONS: Semaglutide reduced body weight in 40 adults with obesity.")  # fmt: skip
    (doubt,) = doubts(
        "Semaglutide did not reduce body weight compared with placebo [1].",
        number({"documents": [record]}),
    )
    assert doubt.why == CONTRARY
