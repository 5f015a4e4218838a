"""Whether the sentence that answers is the one that is quoted: abstracts written for it, each with the sentence that is right.

    python -m benchmarks.biomed_right_sentences [--each]

The question goes to one abstract that has several sentences near it: of another time, arm, subgroup, age, dose or outcome than is
asked about, of the background beside the conclusion, or that calls the outcome by another name. Right is what the line says: the first
quoted sentence begins with ``right``, and what is said before it matches ``note``; where ``right`` is empty, nothing is quoted, or it
is said first what is lost (``tells``). A line of kind ``size`` asks how many took part. The rules were written with the even lines in
view, counted from 0; of the odd ones 25 of 31 were right when they were first looked at, and what the others had in common was mended.
Of one the line itself was: "acidosis", told of who asks for lactic acidosis, is the wider outcome, and answers with a note.
"""

from __future__ import annotations

import argparse
import json
import re
from datetime import date
from pathlib import Path

QUESTIONS: list[dict[str, str]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "biomed_right_sentences.jsonl")
    .read_text("utf-8")
    .splitlines()
]

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


def quoted(one: dict[str, str]) -> tuple[str, str, str]:
    """The first quoted sentence, what is said before it, and what is lost."""
    from examples.biomed import entities
    from examples.biomed.answer import answering
    from examples.biomed.answer.participants import took_part
    from examples.biomed.citations import number
    from examples.biomed.records import Record

    if one["kind"] == "size":
        return str(took_part(one["text"])), "", ""
    record = Record(
        type="article",
        id="1",
        title=one["title"],
        url="",
        year=None,
        text=one["text"],
    )
    found = answering.find(
        entities.parse(one["question"], date(2026, 11, 23)), number({"literature": [record]})
    )
    first = found.sentences[0].text if found.sentences else ""
    return first, found.of_others, " ".join(found.lost)


def is_right(one: dict[str, str], first: str, note: str, lost: str) -> bool:
    """Whether the line's own word for right holds."""
    if one["kind"] == "size":
        return first == one["right"]
    if one["right"]:
        is_noted = re.search(one.get("note", ""), note, re.IGNORECASE) is not None
        return first.startswith(one["right"]) and is_noted and not lost
    tells = one.get("tells", "")
    return not first or bool(tells and re.search(tells, lost, re.IGNORECASE))


def measure() -> list[Row]:
    """The share of either half that is right."""
    rows: list[Row] = []
    for name, part in (
        ("the rules were written with", QUESTIONS[::2]),
        ("looked at afterwards", QUESTIONS[1::2]),
    ):
        right = sum(is_right(one, *quoted(one)) for one in part)
        what = f"right sentence or refusal, of {len(part)} {name}"
        rows.append((what, 100 * right / len(part), "%", ">= 90"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", action="store_true", help="print each question, too")
    given = parser.parse_args()
    for what, value, unit, bound in measure():
        print(f"{what:60} {value:10.2f} {unit:3} {bound}")
    for place, one in enumerate(QUESTIONS if given.each else ()):
        said = quoted(one)
        outcome = "right" if is_right(one, *said) else "wrong"
        print(f"{place:3} {outcome} {one['kind']:10} {one.get('question', '')[:70]} | {said}")


if __name__ == "__main__":
    main()
