"""Fifty sentences of answers, judged by hand: whether the cited article bears them out, and whether they answer.

``biomed_judged.jsonl`` has a line each: ``question``, ``citation`` (a PMID of the abstracts), ``sentence`` (how it begins: the
abstracts are no part of this project), ``supported`` (read on its own, with its citation, a reader finds that the article says
this), ``answers`` (``yes``, ``part``: it bears on the question, ``no``) and the ``reason``. They are what the rules answered when they were judged,
to every seventh of the 250 questions that no threshold was chosen on, first and last sentence in turn, and to five more; judged by who wrote the
rules, in one reading, with the sentences around them. What was seen there and put right afterwards is in the
rules; the judgements are not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".jsonl")

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


def judgements() -> list[dict[str, Any]]:
    """All of them, in order."""
    return [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def rows(data: Path) -> list[Row]:
    """The shares, and how far the rule of ``answering.supports`` agrees with the hand.

    The rule is also asked about the same sentences with the next sentence's article as citation: there it has to say no.
    """
    from examples.biomed import answering

    lines = (data / "corpus.jsonl").read_text("utf-8").splitlines()
    texts = {one["pmid"]: one["abstract"] for one in map(json.loads, lines)}
    judged = judgements()

    def by_rule(sentence: str, pmid: str) -> bool:
        record: Any = {
            "type": "article",
            "id": pmid,
            "title": "",
            "year": None,
            "text": texts[pmid],
        }
        return answering.supports(sentence, record)

    whole = [_whole(one["sentence"], texts[one["citation"]]) for one in judged]
    told = [by_rule(text, one["citation"]) for text, one in zip(whole, judged, strict=True)]
    others = [one["citation"] for one in judged]
    others = [*others[25:], *others[:25]]
    misled = sum(
        by_rule(text, other)
        for text, other, one in zip(whole, others, judged, strict=True)
        if other != one["citation"]
    )
    count = len(judged)
    agreed = sum(rule == one["supported"] for rule, one in zip(told, judged, strict=True))
    answers = [one["answers"] for one in judged]
    return [
        (
            f"by hand, of {count}: supported by their citation",
            100 * sum(one["supported"] for one in judged) / count,
            "%",
            ">= 95",
        ),
        (f"by hand, of {count}: answer the question", 100 * answers.count("yes") / count, "%", ""),
        (
            f"by hand, of {count}: answer it or bear on it",
            100 * (count - answers.count("no")) / count,
            "%",
            "",
        ),
        ("the rule agrees with the hand on support", 100 * agreed / count, "%", ""),
        ("the rule misled by another article's text", 100 * misled / count, "%", "<= 5"),
    ]


def _whole(beginning: str, text: str) -> str:
    from examples.biomed.sentences import sentences

    return next(one for one in sentences(text) if beginning in one)
