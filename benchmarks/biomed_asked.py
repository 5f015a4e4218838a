"""Whether who asks in their own words gets the sentence that answers: as a clinician at the bedside asks, and as a lay person does.

    python -m benchmarks.biomed_asked [--data FOLDER] [--each] [--spoil]

110 of those abstracts that neither the 500 questions with known sources nor ``biomed_clinicians.jsonl`` are about were drawn
(``random.Random(20261130).sample`` of their PMIDs as sorted strings, 125 of 460, and of the first 120 those ten left out that nobody would
ask about: plants, rats, examinations). For each, one question was written by who had read it, as one would ask who had not, before any of
them was asked. Thirty more name a disease, a medicine or a procedure of these abstracts, or nearly, and no abstract answers them.
The whole collection is searched.

A line: ``pmid`` (None where nothing answers), ``who`` asks, ``kind`` of question, ``right``: patterns, one of which a sentence that answers
matches; ``wrong``: those of a sentence near it that answers something else; ``tells``, where nothing answers: a pattern of what has to be
told first as not found, if anything is quoted.

Even lines are the *developed* set, for mending: ``--each`` prints each of its questions and what was quoted. Odd ones are the *held*
set: only its numbers are looked at. ``--spoil`` prints its questions, too; who has seen them has spoilt it, and has to write another.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

from benchmarks import biomed_asking

if TYPE_CHECKING:
    from examples.biomed.answer.answering import Found
    from examples.biomed.answer.speaking import Cited

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "pubmedqa"
SETS = ("developed", "held")

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


class Line(TypedDict):
    """One question."""

    pmid: str | None
    question: str
    who: Literal["clinician", "lay"]
    kind: str
    right: list[str]
    wrong: list[str]
    tells: str


Outcome = Literal[
    "right first",
    "right later",
    "other source",
    "other sentence",
    "refused",
    "told",
    "answered",
]
"""The sentence that answers is quoted first; it is, after others; only other sources are quoted; only other sentences of the source that answers
(and others); nothing is quoted. Where nothing answers: it is told first what was not found; it is not."""


class Answered(NamedTuple):
    """What was made of a question."""

    line: Line
    outcome: Outcome
    found: Found
    cited: Cited
    ids: list[str]
    """The PMIDs that the sentences are of, in their order."""


def questions(name: str) -> list[Line]:
    """The lines of one of :data:`SETS`."""
    file = Path(__file__).parent / f"biomed_asked_{name}.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def is_right(line: Line, sentence: str) -> bool:
    """Whether a sentence of the source that answers answers."""
    return _matches(line["right"], sentence) and not _matches(line["wrong"], sentence)


def _matches(patterns: list[str], text: str) -> bool:
    return any(re.search(one, text, re.IGNORECASE) for one in patterns)


def outcome_of(line: Line, quoted: list[tuple[str, str]], lost: str) -> Outcome:
    """What the quoted sentences come to, each with the PMID it is of; `lost` is what is told first as not found."""
    if not quoted:
        return "refused"
    if line["pmid"] is None:
        return "told" if lost and _matches([line["tells"]], lost) else "answered"
    right = [pmid == line["pmid"] and is_right(line, text) for pmid, text in quoted]
    if any(right):
        return "right first" if right[0] else "right later"
    is_of_it = any(pmid == line["pmid"] for pmid, _ in quoted)
    return "other sentence" if is_of_it else "other source"


def _is_found(one: Answered) -> bool:
    return any(record["id"] == one.line["pmid"] for _, record in one.cited)


async def answered(name: str, data: Path, folder: Path) -> list[Answered]:
    """Each question of a set with what was made of it."""
    from examples.biomed.settings import Settings

    settings = Settings(documents=str(data / "corpus.jsonl"), cache_dir=str(folder))
    results = []
    for line in questions(name):
        found, cited = await biomed_asking.asked(settings, line["question"])
        of = {citation["n"]: record["id"] for citation, record in cited}
        ids = [of[one.n] for one in found.sentences]
        quoted = list(zip(ids, (one.text for one in found.sentences), strict=True))
        outcome = outcome_of(line, quoted, " ".join(found.lost))
        results.append(Answered(line, outcome, found, cited, ids))
    return results


def rows(name: str, results: list[Answered]) -> list[Row]:
    """The figures of a set."""
    answerable = [one for one in results if one.line["pmid"] is not None]
    of = max(1, len(answerable))
    others = [one for one in results if one.line["pmid"] is None]

    def share(what: str, of: list[Answered], *outcomes: Outcome) -> Row:
        count = sum(one.outcome in outcomes for one in of)
        return (what, 100 * count / max(1, len(of)), "%", "")

    right = [one for one in answerable if one.outcome in ("right first", "right later")]
    named = [
        one.ids[0] == one.line["pmid"] and _matches(one.line["wrong"], one.found.sentences[0].text)
        for one in answerable
        if one.ids
    ]
    return [
        share(
            f"asked in own words, {name}: right sentence first, of {len(answerable)}",
            answerable,
            "right first",
        ),
        *(
            share(f"    of the {len(part)} of a {who}", part, "right first")
            for who in ("clinician", "lay person")
            if (part := [one for one in answerable if who.startswith(one.line["who"])])
        ),
        ("  right source in first five", 100 * sum(map(_is_found, answerable)) / of, "%", ""),
        share("  right sentence quoted at all", answerable, "right first", "right later"),
        share("  another source in its place", answerable, "other source"),
        share("  another sentence of the right source in its place", answerable, "other sentence"),
        share("  refused though answerable", answerable, "refused"),
        share_of_nearest(answerable),
        (
            "  the sentence that answers is shown: quoted, as the nearest or in the list",
            100 * sum(map(is_shown, answerable)) / of,
            "%",
            "",
        ),
        ("  a sentence first that is written down as wrong", float(sum(named)), "", ""),
        (
            "  right, but told first that something was not found",
            float(sum(bool(one.found.lost) for one in right)),
            "",
            "",
        ),
        share(
            f"  nothing answers: refused or told first, of {len(others)}", others, "refused", "told"
        ),
    ]


def share_of_nearest(answerable: list[Answered]) -> Row:
    """Of those that have no answer and are shown the nearest finding, how many are shown the sentence that answers."""
    shown = sum(one.found.nearest is not None for one in answerable)
    what = f"    right, of the {shown} that are shown the nearest finding"
    return what, 100 * sum(map(_is_nearest, answerable)) / max(1, shown), "%", ""


def _is_nearest(one: Answered) -> bool:
    near = one.found.nearest
    return (
        near is not None
        and near.result[1] == one.line["pmid"]
        and any(is_right(one.line, text) for text in near.sentences)
    )


def is_shown(one: Answered) -> bool:
    """Whether who reads the whole answer reads the sentence that answers."""
    from examples.biomed import entities
    from examples.biomed.answer.nearest import worth_listing
    from examples.biomed.records import identity_of

    if one.outcome in ("right first", "right later") or _is_nearest(one):
        return True
    read = entities.parse(one.line["question"], biomed_asking.TODAY)
    listed = {citation["n"] for citation, _ in one.cited}
    if not one.found.speaking:
        listed = set(worth_listing(read, one.cited, one.found.nearest))
    return any(
        citation["n"] in listed
        and record["id"] == one.line["pmid"]
        and is_right(one.line, one.found.stated.get(identity_of(record), ""))
        for citation, record in one.cited
    )


async def measure(data: Path, folder: Path) -> list[Row]:
    """The figures of both sets."""
    return [row for name in SETS for row in rows(name, await answered(name, data, folder))]


def _print_each(results: list[Answered]) -> None:
    for line, outcome, found, cited, ids in results:
        print(f"\n{outcome}: {line['question']} ({line['who']}, {line['kind']})")
        places = [citation["n"] for citation, record in cited if record["id"] == line["pmid"]]
        if line["pmid"] is not None:
            place = f"source {places[0]} of those found" if places else "not among those found"
            print(f"    right: {line['pmid']}, {place}; {' or '.join(line['right'])}")
        if found.lost:
            print(f"    told first: {'; '.join(found.lost)}")
        for one, pmid in zip(found.sentences, ids, strict=True):
            mark = "+" if pmid == line["pmid"] and is_right(line, one.text) else "-"
            print(f"    {mark} {pmid}: {one.text}")
        if found.unsaid:
            print(f"    not found: {'; '.join(found.unsaid)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--each", action="store_true", help="print each developed question, too")
    parser.add_argument("--spoil", action="store_true", help="print each held one: spoils the set")
    given = parser.parse_args()
    if not given.data.is_dir():
        sys.exit(f"no data at {given.data}")
    shown = {"developed": given.each, "held": given.spoil}
    with tempfile.TemporaryDirectory() as folder:
        for name in SETS:
            results = asyncio.run(answered(name, given.data, Path(folder)))
            for what, value, unit, bound in rows(name, results):
                print(f"{what:60} {value:10.2f} {unit:3} {bound}")
            if shown[name]:
                _print_each(results)


if __name__ == "__main__":
    main()
