"""Whether the biomedical orchestrator's answers answer: direct answers, support, and refusals.

On the 500 questions with known sources, on forty in a clinician's words, and on questions outside biomedicine::

    python -m benchmarks.biomed_answers [--data FOLDER]

Thresholds were chosen on even questions of the set with sources and on an earlier list of questions outside
biomedicine; printed first are the figures of the odd ones, of which the former were not looked at; most of the latter were. ``asked.LONG``, ``measured.WHOLE`` and
the last step of ``speaking.SPEAKS`` were set with the total of the odd ones in view, and no single one of them. A second list of questions
outside biomedicine was written afterwards, and nothing was chosen on it.
A sentence is supported by the rule of ``biomed_support.supports``; fifty were judged by hand, see :mod:`benchmarks.biomed_judged`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks import (
    biomed_agreement,
    biomed_asking,
    biomed_judged,
    biomed_near_misses,
    biomed_off_topic,
    biomed_right_sentences,
    biomed_support,
)

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "pubmedqa"

OFF_TOPIC = """\
Who won the football world cup?
What is the capital of Australia?
How do I bake sourdough bread?
Best laptop for video editing under 1000 dollars
Who wrote Pride and Prejudice?
How does a blockchain reach consensus?
When did the Berlin Wall fall?
How do I change a bicycle tyre?
What is the exchange rate of the euro to the yen?
Which planet has the most moons?
How tall is Mount Everest?
Who painted the Mona Lisa?
What are the rules of chess castling?
How do I write a for loop in Rust?
Which airline flies from Oslo to Lima?
What is the plot of Hamlet?
How many strings does a cello have?
Who is the president of France?
How do I train a puppy to sit?
When does the next train to Paris leave?
Which team won the Super Bowl in 1999?
How do I remove red wine stains from a carpet?
Who invented the telephone?
What is the tallest building in Dubai?
How can I invest in index funds?
What is the speed of light?
Which programming language is the fastest?
Who directed the film Casablanca?
How do I grow tomatoes on a balcony?
What is the population of Brazil?
When was the Magna Carta signed?
What is the largest ocean?
How do I tie a bow tie?
Who sang Bohemian Rhapsody?
How do I register a trademark in Spain?
What is a good name for a sailing boat?
How far is the moon from the earth?
Which visa do I need for Japan?
How do I sharpen a kitchen knife?
What does a black hole look like?"""

MEANINGS = """\
What is a non-inferiority margin?
What does heterogeneity mean in a meta-analysis?
How does a Kaplan-Meier curve work?
How is a hazard ratio calculated?
What is intention-to-treat analysis?
Define number needed to treat
What is the difference between odds ratio and relative risk?
What is propensity score matching?
What is a confidence interval?
What does a p-value mean?
How do I read a forest plot?
What is a receiver operating characteristic curve?
What is multivariate analysis?
How do I interpret a kappa statistic?
What is the meaning of sensitivity?
What is a cohort study?"""
"""Asks what a method or a word means: the abstracts have the words in their findings, and none says it."""

CLINICIANS: list[dict[str, str]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "biomed_clinicians.jsonl").read_text("utf-8").splitlines()
]
"""Forty questions in a clinician's words, each with the PMID of the abstract that answers it; none of those is the source of one of the 500.

Written from the abstracts, all at once, before the rules of 30 November 2026 ("stands out", abbreviations) were; nothing was chosen on them.
"""

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


async def measure(data: Path, folder: Path) -> list[Row]:
    """The figures over the questions with a source, and over both lists outside biomedicine."""
    from examples.biomed.answer.answering import Found
    from examples.biomed.settings import Settings

    settings = Settings(documents=str(data / "corpus.jsonl"), cache_dir=str(folder))
    lines = (data / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    chosen_on, on_topic = questions[::2], questions[1::2]

    asked = partial(biomed_asking.asked, settings)

    def _is_direct(found: Found) -> bool:
        return bool(found.sentences) and not found.lost

    async def measured(questions: list[dict[str, str]], what: str) -> list[Row]:
        first_five = answered = noted = supported = quoted = misled = of_others = 0
        for one in questions:
            found, cited = await asked(one["question"])
            first_five += any(record["id"] == one["pmid"] for _, record in cited)
            answered += _is_direct(found)
            noted += bool(found.sentences and found.lost)
            # What is left is mostly beside the point: an honest answer is that nothing was found, or first whom it is not of.
            beside = (await asked(one["question"], without=one["pmid"]))[0]
            misled += _is_direct(beside)
            of_others += bool(found.lost) + bool(beside.lost)
            by_number = {citation["n"]: record for citation, record in cited}
            quoted += len(found.sentences)
            supported += sum(
                biomed_support.supports(each.text, by_number[each.n]) for each in found.sentences
            )
        of = len(questions)
        return [
            (f"right source in first five, of {of}{what}", 100 * first_five / of, "%", ">= 97"),
            (f"direct answer, of {of}{what}", 100 * answered / of, "%", ""),
            ("  without the right source", 100 * misled / of, "%", ""),
            (f"answer with a notice, of {of}{what}", 100 * noted / of, "%", ""),
            (
                "  answers that say first whom or what they are not on, in all",
                float(of_others),
                "",
                "",
            ),
            (
                f"  sentences their citation supports, of {quoted}",
                100 * supported / max(1, quoted),
                "%",
                ">= 95",
            ),
        ]

    refused = {}
    for name, each_list in (
        ("off-topic, an earlier list", OFF_TOPIC.splitlines()[1::2]),
        ("off-topic, a list nothing was chosen on", biomed_off_topic.questions()),
        ("meanings that no abstract says", MEANINGS.splitlines()),
    ):
        silent = [not (await asked(each))[0].speaking for each in each_list]
        refused[name] = (sum(silent), len(silent))
    return [
        *await measured(on_topic, ""),
        *await measured(chosen_on, ", where thresholds were chosen"),
        *await measured(CLINICIANS, " in a clinician's words"),
        *(
            (f"refused, {name} ({of})", 100 * count / of, "%", ">= 95")
            for name, (count, of) in refused.items()
        ),
        *await biomed_near_misses.measure(data, folder),
        *biomed_right_sentences.measure(),
        *biomed_agreement.measure(),
        *biomed_judged.rows(data),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    data = parser.parse_args().data
    if not data.is_dir():
        sys.exit(f"no data at {data}")
    with tempfile.TemporaryDirectory() as folder:
        for what, value, unit, bound in asyncio.run(measure(data, Path(folder))):
            print(f"{what:60} {value:10.2f} {unit:3} {bound}")


if __name__ == "__main__":
    main()
