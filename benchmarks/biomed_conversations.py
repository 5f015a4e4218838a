"""Whether each question of a conversation gets the sentence that answers it, the follow-ups too: 14 conversations over 22 abstracts.

    python -m benchmarks.biomed_conversations [--each]

The abstracts are invented, of many designs, and written for it (``biomed_conversations_documents.jsonl``); so are the questions
(``biomed_conversations.jsonl``), each with a pattern of what has to be told before the strength of evidence. All served for mending: a figure of
what holds, and no measure of what nobody has seen.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent
DOCUMENTS = FOLDER / "biomed_conversations_documents.jsonl"
DAY = date(2026, 12, 1)

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


class Told(NamedTuple):
    """One question, and whether what is told first has what it has to."""

    question: str
    is_first: bool
    """Whether it begins the conversation."""
    head: str
    """What stands before the strength of evidence."""
    is_right: bool


async def answered(folder: Path) -> list[Told]:
    """Each question of each conversation, in order."""
    from langgraph.checkpoint.memory import InMemorySaver

    from examples.biomed.graph import build_graph
    from examples.biomed.options import QueryOptions
    from examples.biomed.settings import Settings

    settings = Settings(documents=str(DOCUMENTS), cache_dir=str(folder))
    graph = build_graph(lambda: settings, today=lambda: DAY)
    graph.checkpointer = InMemorySaver()
    options = QueryOptions(sources=["documents"], limit=5, time_budget_ms=60_000)
    found = []
    lines = (FOLDER / "biomed_conversations.jsonl").read_text("utf-8").splitlines()
    for place, line in enumerate(lines):
        for turn, one in enumerate(json.loads(line)["turns"]):
            config: Any = {"configurable": {"thread_id": str(place)}}
            result = await graph.ainvoke({"query": one["asked"]}, config, context=options)
            head = re.split(r"^## (?:Strength|Documents)", result["answer"], flags=re.MULTILINE)[0]
            # The heading is the question.
            head = head.partition("\n")[2].strip()
            is_right = re.search(one["told"], head) is not None
            found.append(Told(one["asked"], turn == 0, head, is_right))
    return found


def rows(found: list[Told]) -> list[Row]:
    """The share of first questions and of follow-ups that are answered."""
    result: list[Row] = []
    for what, is_first in (("first questions", True), ("follow-ups", False)):
        part = [one for one in found if one.is_first is is_first]
        share = 100 * sum(one.is_right for one in part) / max(1, len(part))
        result.append((f"conversations: {what} answered, of {len(part)}", share, "%", ""))
    return result


async def measure(folder: Path) -> list[Row]:
    """The figures."""
    return rows(await answered(folder))


def main() -> None:
    """Print the figures; with ``--each`` what is told to every question that is not answered."""
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(answered(Path(folder)))
    for what, value, unit, _ in rows(found):
        print(f"{what:60} {value:10.2f} {unit}")
    if "--each" in sys.argv:
        for one in found:
            if not one.is_right:
                print(f"\n{one.question}\n{one.head}")


if __name__ == "__main__":
    main()
