"""Whether near misses are refused or told: 68 questions that a known source nearly answers, one facet of them changed.

    python -m benchmarks.biomed_near_misses [--data FOLDER] [--each]

Each was made of a question whose abstract is among the 1,000, or of the bundled catalogue's trials, by putting other people, another
outcome, another disease, another procedure or another medicine in the place of its own. An honest answer to it says that nothing was
found, or says first whom its results are not of (``lost``, by the words of ``tells``). The rules were written with
the even ones of the first 52, counted from 0, in view; the odd ones were not looked at before the rules stood: then 23 of 26 were refused or told, and what the
three had in common with others was mended. The last 16 were written after that: 14 of 16 at first, and mended so
("older children" are no older people, "the cost of treatment of sarcoma" is a cost).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import tempfile
from pathlib import Path

from benchmarks import biomed_asking

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "pubmedqa"
QUESTIONS: list[dict[str, str]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "biomed_near_misses.jsonl").read_text("utf-8").splitlines()
]
"""``near``: the PMID of the abstract that is near, or ``catalogue``; ``facet``, ``asked``: what was changed, and to what."""

FIRST = 52
"""Those that were written at once, before the rules."""

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


async def outcomes(data: Path, folder: Path) -> list[tuple[dict[str, str], str]]:
    """Each question with ``refused``, ``told`` or ``answered``."""
    from examples.biomed import catalogue, entities
    from examples.biomed.answer import answering
    from examples.biomed.citations import number
    from examples.biomed.options import QueryOptions
    from examples.biomed.settings import Settings

    settings = Settings(documents=str(data / "corpus.jsonl"), cache_dir=str(folder))
    options = QueryOptions().as_state()
    found = []
    for one in QUESTIONS:
        question = one["question"]
        if one["near"] == "catalogue":
            read = entities.parse(question, biomed_asking.TODAY)
            results = {
                "literature": catalogue.search("literature", question, read, options),
                "trials": catalogue.search("trials", question, read, options),
            }
            said = answering.find(read, number(results))
        else:
            said, _ = await biomed_asking.asked(settings, question)
        if not said.sentences:
            found.append((one, "refused"))
            continue
        tells = one["tells"] and re.search(one["tells"], " ".join(said.lost), re.IGNORECASE)
        found.append((one, "told" if tells else "answered"))
    return found


async def measure(data: Path, folder: Path) -> list[Row]:
    """The share of either half that is refused or told."""
    found = await outcomes(data, folder)
    rows: list[Row] = []
    first, last = found[:FIRST], found[FIRST:]
    for name, part in (
        ("the rules were written with", first[::2]),
        ("looked at afterwards", first[1::2]),
        ("written afterwards", last),
    ):
        honest = sum(outcome != "answered" for _, outcome in part)
        what = f"near misses refused or told, of {len(part)} {name}"
        rows.append((what, 100 * honest / len(part), "%", ">= 90"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--each", action="store_true", help="print each question, too")
    given = parser.parse_args()
    if not given.data.is_dir():
        sys.exit(f"no data at {given.data}")
    with tempfile.TemporaryDirectory() as folder:
        for what, value, unit, bound in asyncio.run(measure(given.data, Path(folder))):
            print(f"{what:60} {value:10.2f} {unit:3} {bound}")
        if given.each:
            for one, outcome in asyncio.run(outcomes(given.data, Path(folder))):
                print(f"{outcome:9} {one['facet']:13} {one['question']}")


if __name__ == "__main__":
    main()
