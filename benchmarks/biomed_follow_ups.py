"""Whether a session's last question is read after the right topic: 157 sessions of two to five questions, over as many topics.

    python -m benchmarks.biomed_follow_ups [--each]

Each says what the whole question that is searched for should have, what it should no longer have, and what should be read from it
(``biomed_follow_ups.jsonl``). The rules were written with the ones of the set ``first`` in view. Those of ``afterwards`` were written with
them, and looked at when the rules stood: then 23 of 32 were right, and what the others had in common was mended. Those of ``last`` were
written after that: 31 of 32. Those of ``later`` were written before the rules for what else may come of a topic and for what is let go: then
8 of 20 were right, and what the others had in common was mended. Those of ``short``, of short questions after one another, were written before the
rules for a question that does not say of what it asks: then 21 of 40 were right; they were looked at while the rules were made.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

SESSIONS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "biomed_follow_ups.jsonl").read_text("utf-8").splitlines()
]
"""``asked``: the questions, in order; ``has``, ``has_not``: words of the whole question; ``read``: fields of its entities."""
SETS = ("first", "afterwards", "last", "later", "short")
DAY = date(2026, 11, 23)


class Outcome(NamedTuple):
    """A session, how its last question was read, and what of that is wrong."""

    session: dict[str, Any]
    query: str
    wrong: list[str]


def outcomes(name: str) -> list[Outcome]:
    """The sessions of one set."""
    return [_outcome(one) for one in SESSIONS if one["set"] == name]


def _outcome(session: dict[str, Any]) -> Outcome:
    from examples.biomed.entities import parse
    from examples.biomed.follow_ups.conversation import Turn, turn

    last = Turn("", "", [])
    for one in session["asked"]:
        last = turn(one, last.topic, last.follow_ups, lambda text: parse(text, DAY), last.aside)
    query = last.query.lower()
    read: Any = parse(last.query, DAY)
    wrong = [
        *(f"lost {one!r}" for one in session["has"] if one.lower() not in query),
        *(f"kept {one!r}" for one in session["has_not"] if one.lower() in query),
        *(
            f"{key} is {read[key]!r}"
            for key, value in session["read"].items()
            if read[key] != value
        ),
    ]
    return Outcome(session, last.query, wrong)


def main() -> None:
    """Print the share of each set that is read rightly."""
    for name in SETS:
        found = outcomes(name)
        right = sum(not one.wrong for one in found)
        print(f"follow-ups read rightly, {name}, of {len(found)}: {right / len(found):.1%}")
        for one in found if "--each" in sys.argv else ():
            print("  wrong" if one.wrong else "  right", " | ".join(one.session["asked"]))
            print(f"        {one.query}", *one.wrong, sep="; ")


if __name__ == "__main__":
    main()
