"""Whether an answer tells rightly that its two sources agree or do not: 40 pairs, of which 16 disagree, 12 agree, and 12 are not comparable.

    python -m benchmarks.biomed_agreement [--each]

Each pair was written for it, after known trials, before the rule that compares sources though the question names no outcome. The rule was
written with the even ones, counted from 0, in view; of the odd ones 13 of 20 were right and three were told falsely when they were first looked at
(10 and none before the rule), and what they had in common was mended: the subject of "improved pain" is no outcome, "stable angina" is no
finding, "in-hospital" ends no name. To say nothing of a pair that agrees is a miss; to say it of one that does not, or is of two outcomes, is false.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

PAIRS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "biomed_agreement.jsonl").read_text("utf-8").splitlines()
]
"""``expected``: agree, disagree, or neither where nothing is to be said; ``sources``: a title and a text each."""

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


def told(pair: dict[str, Any]) -> str:
    """What the answer to a pair's question says of agreement: agree, disagree, neither."""
    from examples.biomed.answer import answering
    from examples.biomed.answer.strength import strength
    from examples.biomed.citations import number
    from examples.biomed.entities import parse

    cited = number(
        {
            "documents": [
                {"type": "document", "id": f"{n}.md", "year": 2015 + n, **one}
                for n, one in enumerate(pair["sources"])
            ]
        }
    )
    found = answering.find(parse(pair["question"], date(2026, 11, 30)), cited)
    said = strength(found, cited) if found.sentences else ""
    if "The sources do not agree." in said:
        return "disagree"
    return "agree" if "The sources agree:" in said else "neither"


def measure() -> list[Row]:
    """The share of either half that is told rightly, and how many are told falsely."""
    rows: list[Row] = []
    for name, part in (
        ("the rule was written with", PAIRS[::2]),
        ("looked at afterwards", PAIRS[1::2]),
    ):
        said = [(one["expected"], told(one)) for one in part]
        right = sum(expected == got for expected, got in said)
        wrong = sum(got not in (expected, "neither") for expected, got in said)
        of = f"of {len(part)} pairs {name}"
        rows.append((f"agreement told rightly, {of}", 100 * right / len(part), "%", ">= 80"))
        rows.append((f"agreement told falsely, {of}", float(wrong), "", "<= 1"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", action="store_true", help="print each pair, too")
    given = parser.parse_args()
    for what, value, unit, bound in measure():
        print(f"{what:60} {value:10.2f} {unit:3} {bound}")
    if given.each:
        for one in PAIRS:
            print(f"{one['expected']:9} {told(one):9} {one['question']}")


if __name__ == "__main__":
    main()
