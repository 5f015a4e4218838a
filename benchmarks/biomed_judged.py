"""Sentences of answers, judged by hand in five rounds: whether the cited article bears them out, and whether they answer.

``biomed_judged.jsonl`` begins with a line a round: ``date``, ``commit``, ``seed`` (of the order that ``random.Random(seed).shuffle`` gives the
250 questions that no threshold was chosen on) and what was ``drawn``. Then a line a sentence: ``round``, ``question``, ``citation`` (a PMID of
the abstracts), ``sentence`` (how it begins: the abstracts are no part of this project), ``supported`` (read on its own, with its citation, a
reader finds that the article says this), ``answers`` (``yes``, ``part``: it bears on the question, ``no``) and the ``reason``. ``first`` is an earlier
choice of sentences, ``before`` and ``after`` the two sides of a change of it, each on questions of its own; those of ``after`` were not seen before; ``anew`` are others again, after sources had to be about the question in one place;
``clinicians`` are those of the forty questions of :mod:`benchmarks.biomed_answers` that nothing was chosen on. Judged
by who wrote the rules, in one reading. The abstracts of the set come without their conclusions: an answer can quote results only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".jsonl")

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


def judgements(of: str = "") -> list[dict[str, Any]]:
    """All of them, or those of one round, in order."""
    return [one for one in _lines() if "sentence" in one and of in ("", one["round"])]


def rounds() -> list[dict[str, Any]]:
    """When and how each round was drawn."""
    return [one for one in _lines() if "sentence" not in one]


def _lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def rows(data: Path) -> list[Row]:
    """The shares, and how far the rule of ``biomed_support.supports`` agrees with the hand.

    The rule is also asked about the same sentences with the next sentence's article as citation: there it has to say no.
    """
    from benchmarks import biomed_support

    lines = (data / "corpus.jsonl").read_text("utf-8").splitlines()
    texts = {one["pmid"]: one["abstract"] for one in map(json.loads, lines)}
    # Those sentences are found again that are still parted as they were.
    judged = [one for one in judgements() if _whole(one["sentence"], texts[one["citation"]])]

    def by_rule(sentence: str, pmid: str) -> bool:
        record: Any = {
            "type": "article",
            "id": pmid,
            "title": "",
            "year": None,
            "text": texts[pmid],
        }
        return biomed_support.supports(sentence, record)

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
    return [
        *(row for one in rounds() for row in _shares(one["round"])),
        ("the rule agrees with the hand on support", 100 * agreed / count, "%", ""),
        ("the rule misled by another article's text", 100 * misled / count, "%", "<= 5"),
    ]


def _shares(of: str) -> list[Row]:
    judged = judgements(of)
    count = len(judged)
    answers = [one["answers"] for one in judged]
    supported = sum(one["supported"] for one in judged)
    return [
        (f"by hand, {of}, of {count}: supported", 100 * supported / count, "%", ">= 95"),
        (f"by hand, {of}: answer the question", 100 * answers.count("yes") / count, "%", ""),
        (
            f"by hand, {of}: answer it or bear on it",
            100 * (count - answers.count("no")) / count,
            "%",
            "",
        ),
    ]


def _whole(beginning: str, text: str) -> str:
    from examples.biomed.sentences import sentences

    return next((one for one in sentences(text) if beginning in one), "")
