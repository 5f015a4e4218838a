"""Whether the biomedical orchestrator's answers answer: direct answers, support, and refusals.

On the 500 questions with known sources, and on questions outside biomedicine::

    python -m benchmarks.biomed_answers [--data FOLDER]

Thresholds were chosen on every fourth question of the set with sources and on an earlier list of questions outside
biomedicine; printed are the figures of the odd ones, of which the former were not looked at. Most of the questions outside biomedicine
were: their figure is no proof.
A sentence is supported by the rule of ``answering.supports``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from datetime import date
from pathlib import Path

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


async def _measure(data: Path, folder: Path) -> list[str]:
    from examples.biomed import answering, documents, entities
    from examples.biomed.citations import number
    from examples.biomed.settings import Settings

    settings = Settings(documents=str(data / "corpus.jsonl"), cache_dir=str(folder))
    lines = (data / "questions.jsonl").read_text("utf-8").splitlines()
    on_topic = [json.loads(line) for line in lines][1::2]
    off_topic = OFF_TOPIC.splitlines()[1::2]
    first_five = answered = supported = quoted = refused = 0
    for one in [*on_topic, *({"question": each, "pmid": ""} for each in off_topic)]:
        read = entities.parse(one["question"], date(2026, 11, 23))
        page = await documents.search(settings, one["question"], 5)
        cited = number({"documents": page["records"]})
        found = answering.find(read, cited)
        if not one["pmid"]:
            refused += not found.speaking
            continue
        first_five += any(record["id"] == one["pmid"] for _, record in cited)
        answered += bool(found.sentences)
        by_number = {citation["n"]: record for citation, record in cited}
        quoted += len(found.sentences)
        supported += sum(
            answering.supports(each.text, by_number[each.n]) for each in found.sentences
        )
    return [
        f"right source in first five: {first_five / len(on_topic):.1%} of {len(on_topic)}",
        f"direct answer: {answered / len(on_topic):.1%} of {len(on_topic)}",
        f"sentences supported by what they cite: {supported / max(1, quoted):.1%} of {quoted}",
        f"off-topic refused: {refused / len(off_topic):.1%} of {len(off_topic)} (at least 95 %)",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    data = parser.parse_args().data
    if not data.is_dir():
        sys.exit(f"no data at {data}")
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(asyncio.run(_measure(data, Path(folder)))))


if __name__ == "__main__":
    main()
