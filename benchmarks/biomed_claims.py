"""Whether a model's sentence is rightly held against the passage that it cites: false marks and misses.

    python -m benchmarks.biomed_claims [--each]

81 sentences on 27 passages in the style of abstracts, three on each, written by hand for this and labelled with whether the passage says so:
paraphrases by other names, rounded numbers, "did not differ" for "no significant difference", swapped arms, denials, a "may" that became
"does". The rules were mended with the first of each two passages in view; the figures of the second ones are what is to be believed. A
false mark is a supported sentence that :func:`examples.biomed.model.claims.doubts` marks, a miss an unsupported one that it lets pass.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

SENTENCES: list[dict[str, str | bool]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "biomed_claims.jsonl").read_text("utf-8").splitlines()
]
EACH = 3
"""Sentences on one passage."""

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""
Judged = tuple[dict[str, str | bool], str]
"""A sentence with why it is marked; empty where it is not."""


def halves() -> tuple[list[Judged], list[Judged]]:
    """Every sentence as it is judged: those on the passages that were looked at, and those on the others."""
    from examples.biomed.citations import number
    from examples.biomed.model.claims import doubts

    found: tuple[list[Judged], list[Judged]] = ([], [])
    for place, one in enumerate(SENTENCES):
        record = {
            "type": "article",
            "id": "1",
            "title": "A study",
            "year": 2019,
            "text": one["passage"],
        }
        marked = doubts(f"{str(one['sentence'])[:-1]} [1].", number({"literature": [record]}))
        found[place // EACH % 2].append((one, marked[0].why if marked else ""))
    return found


def rows() -> list[Row]:
    """False marks and misses of either half."""
    found: list[Row] = []
    for name, half in zip(("looked at", "held"), halves(), strict=True):
        for what, is_supported in (("false marks", True), ("misses", False)):
            own = [bool(why) for one, why in half if one["supported"] is is_supported]
            wrong = sum(own) if is_supported else len(own) - sum(own)
            found.append(
                (f"claims, {name}: {what}, of {len(own)}", 100 * wrong / len(own), "%", "<= 10")
            )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--each", action="store_true", help="print what of the first half is judged wrongly, too"
    )
    each = parser.parse_args().each
    for what, value, unit, bound in rows():
        print(f"{what:60} {value:10.2f} {unit:3} {bound}")
    for one, why in halves()[0] if each else ():
        if bool(why) is one["supported"]:
            print(f"{'marked: ' + why if why else 'missed'}: {one['sentence']}")


if __name__ == "__main__":
    main()
