"""A model's sentence is held against what its source says: which way, of which arm, whether at all, and whether it names one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from examples.biomed.citations import number
from examples.biomed.graph import build_graph
from examples.biomed.model.claims import CONTRARY, NOT_FOUND, UNCITED, claims, doubts
from examples.biomed.settings import Settings
from tests.examples.biomed.fake_model import READ, Fake

VITAMIN: dict[str, Any] = {
    "type": "article",
    "id": "1",
    "title": "Effect of long-term vitamin D3 supplementation on depression: a randomized trial",
    "year": 2020,
    "url": "https://x/1",
    "text": (
        "To test whether vitamin D3 reduces the incidence of depression. Adults were randomized to vitamin D3 or placebo. "
        "Vitamin D3 did not reduce the incidence of depression compared with placebo. "
        "Serum calcium rose with vitamin D3 but kidney stones did not differ between the groups."
    ),
}
APIXABAN: dict[str, Any] = {
    "type": "article",
    "id": "2",
    "title": "Apixaban versus warfarin in patients with atrial fibrillation",
    "year": 2011,
    "url": "https://x/2",
    "text": (
        "We compared apixaban with warfarin in patients with atrial fibrillation. Apixaban lowered strokes more than warfarin. "
        "Major bleeding was less frequent with apixaban than with warfarin. Mortality was lower in the apixaban group."
    ),
}
CITED = number({"literature": [VITAMIN, APIXABAN]})


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Vitamin D3 reduced the incidence of depression [1].", CONTRARY),
        ("Vitamin D3 lowered the incidence of depression. [1]", CONTRARY),
        ("The incidence of depression was reduced by vitamin D3 [1].", CONTRARY),
        ("Vitamin D3 cures depression [1].", CONTRARY),
        ("Serum calcium did not rise with vitamin D3 [1].", CONTRARY),
        ("Serum calcium fell with vitamin D3 [1].", CONTRARY),
        ("Warfarin lowered strokes more than apixaban [2].", CONTRARY),
        ("Apixaban lowered strokes less than warfarin [2].", CONTRARY),
        ("Major bleeding was less frequent with warfarin than with apixaban [2].", CONTRARY),
        ("Apixaban raised mortality [2].", CONTRARY),
        ("Aspirin reduced hip fractures in nuns [1].", NOT_FOUND),
        ("Aspirin cures cancer in every patient.", UNCITED),
        ("The results show that aspirin cures cancer.", UNCITED),
        ("Semaglutide is safe.", UNCITED),
    ],
)
def test_what_no_source_bears_out_is_told_with_its_reason(sentence: str, why: str) -> None:
    assert [tuple(one) for one in doubts(sentence, CITED)] == [(sentence, why)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Vitamin D3 did not reduce the incidence of depression [1].",
        "Vitamin D3 made no significant difference to the incidence of depression [1].",
        "The incidence of depression was not lowered by vitamin D3 [1].",
        "Serum calcium was raised by vitamin D3 [1].",
        "Vitamin D3 increased serum calcium, but kidney stones were similar [1].",
        "There was no significant difference in kidney stones between the groups [1].",
        "Apixaban reduced strokes more than warfarin [2].",
        "Strokes were lowered more by apixaban than by warfarin [2].",
        "Warfarin lowered strokes less than apixaban [2].",
        "Major bleeding was more frequent with warfarin than with apixaban [2].",
        "Compared with warfarin, apixaban lowered strokes [2].",
        "Mortality fell with apixaban [2].",
        "Apixaban was compared with warfarin [2].",
    ],
)
def test_a_true_sentence_in_other_words_stays(sentence: str) -> None:
    assert doubts(sentence, CITED) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "## Effects on weight",
        "**Safety**",
        "The evidence is limited.",
        "The results do not answer whether aspirin prevents cancer.",
        "No trial in children was found.",
        "More research is needed.",
        "These are the main findings:",
        "Is it safe?",
        "Ask a doctor before stopping a medicine.",
    ],
)
def test_what_claims_nothing_needs_no_source(sentence: str) -> None:
    assert not claims(sentence)
    assert doubts(sentence, CITED) == []


def test_sentences_do_not_run_into_each_other() -> None:
    text = "## Depression\n\n- Vitamin D3 did not reduce depression. [1] Aspirin cures cancer in dogs.\n"
    (one,) = doubts(text, CITED)
    assert one == ("Aspirin cures cancer in dogs.", UNCITED)


async def test_the_answer_marks_them_and_drops_nothing(
    offline: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Semaglutide lowers risk [1]. Aspirin cures cancer in every patient. The evidence is limited."
    monkeypatch.setattr("tests.examples.biomed.fake_model.WRITTEN", text)
    graph = build_graph(
        lambda: offline,
        model=lambda _: Fake(messages=iter([AIMessage(content=READ)])),
        today=lambda: date(2026, 11, 23),
    )
    result = await graph.ainvoke({"query": "GLP-1 receptor agonist trials"})
    assert (
        f"Aspirin cures cancer in every patient. _({UNCITED})_ The evidence is limited."
        in result["answer"]
    )
    assert f"The evidence is limited. _({UNCITED})_" not in result["answer"]
