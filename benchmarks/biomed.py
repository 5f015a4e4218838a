"""How good and how fast the biomedical orchestrator is: its index, queries, answers, tools, a whole question offline.

Prints one line a figure. The abstracts are expected in ``../shared/data`` beside the checkout::

    python -m benchmarks.biomed [--data FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import (
    biomed_answers,
    biomed_asked,
    biomed_conversations,
    biomed_kind_answers,
    biomed_kinds,
)

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = REPOSITORY.parent / "shared" / "data"
QUESTION = "GLP-1 receptor agonist trials"

PUBLISHED = {
    "biomcp": ("biomcp/bin/biomcp", "run"),
    "pubmedmcp": ("pubmedmcp/bin/autocleaneeg-pubmedmcp",),
    "cyanheads": ("node/node_modules/.bin/pubmed-mcp-server",),
    "clinicaltrials": ("clinicaltrials/bin/clinicaltrials-mcp",),
}

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


def measure_documents(data: Path, folder: Path) -> list[Row]:
    """Index and search the 1,000 abstracts; recall of the right one among the first five."""
    from examples.biomed.services.documents import DocumentIndex

    questions = [
        json.loads(line) for line in (data / "questions.jsonl").read_text("utf-8").splitlines()
    ]
    started = time.perf_counter()
    index = DocumentIndex(data / "corpus.jsonl", folder / "index.sqlite3")
    index.refresh()
    index_s = time.perf_counter() - started
    hits, times_ms = 0, []
    for question in questions:
        started = time.perf_counter()
        _, records = index.search(question["question"], 5)
        times_ms.append((time.perf_counter() - started) * 1000)
        hits += question["pmid"] in [record["id"] for record in records]
    index.close()
    started = time.perf_counter()
    again = DocumentIndex(data / "corpus.jsonl", folder / "index.sqlite3")
    again.refresh()
    reopen_ms = (time.perf_counter() - started) * 1000
    again.close()
    return [
        ("index 1,000 abstracts", index_s, "s", "< 5"),
        ("open the kept index", reopen_ms, "ms", ""),
        ("search, median", statistics.median(times_ms), "ms", "< 20"),
        ("search, 99th percentile", statistics.quantiles(times_ms, n=100)[98], "ms", ""),
        ("right abstract among first 5", 100 * hits / len(questions), "%", ">= 97"),
    ]


async def measure_questions(folder: Path) -> list[Row]:
    """Whole questions with every live host refusing: first (imports included) and later ones."""
    from examples.biomed.graph import build_graph
    from examples.biomed.settings import Settings

    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = Settings(
        pubmed_url=f"http://127.0.0.1:{port}",
        trials_url=f"http://127.0.0.1:{port}",
        cache_dir=str(folder),
    )
    graph = build_graph(lambda: settings)
    times_ms, citations = [], 0
    for _ in range(8):
        started = time.perf_counter()
        result: dict[str, Any] = await graph.ainvoke({"query": QUESTION})
        times_ms.append((time.perf_counter() - started) * 1000)
        citations = len(result["citations"])
    return [
        ("question offline, first", times_ms[0], "ms", "< 8000"),
        ("question offline, median of the next 7", statistics.median(times_ms[1:]), "ms", ""),
        ("citations of it", float(citations), "", ">= 10"),
    ]


def measure_queries(data: Path) -> list[Row]:
    """Whether PubMed queries find their abstracts, and whether common names are known."""
    from benchmarks import biomed_queries

    lines = (data / "questions.jsonl").read_text("utf-8").splitlines()
    found = biomed_queries.measure([json.loads(line) for line in lines], data)
    return [*biomed_queries.rows(found), *biomed_queries.recall()]


async def measure_servers(folder: Path) -> list[Row]:
    """Configured MCP servers that are used, or named as failed: one of ours, one that cannot start, one that is no server."""
    from examples.biomed.tool_servers.configuration import read
    from examples.biomed.tool_servers.survey import survey

    entries = {
        "ours": {"command": sys.executable, "args": [str(REPOSITORY / "examples" / "biomed")]},
        "missing": {"command": str(folder / "no-such-server")},
        "silent": {"command": sys.executable, "args": ["-c", "pass"]},
    }
    # Other people's, where `make mcp-servers` has installed them.
    for name, (command, *args) in PUBLISHED.items():
        if (place := REPOSITORY / ".mcp-servers" / command).exists():
            entries[name] = {"command": str(place), "args": args}
    file = folder / "servers.json"
    file.write_text(json.dumps({"mcpServers": entries}))
    served = await survey(read(str(file)), 60)
    told = sum(one.status == "used" or bool(one.reason) for one in served.states)
    each: list[Row] = [
        (f"  {one.name}: {one.status}", float(len(one.serves)), "served", "")
        for one in served.states
    ]
    return [
        (f"MCP servers used or named as failed, of {len(entries)}", float(told), "", "all"),
        *each,
    ]


def measure_import() -> Row:
    """Loading the graph's module, LangGraph itself not counted: the processor's time, whatever else the machine does."""
    import langgraph.graph
    import langgraph.runtime  # noqa: F401

    started = time.process_time()
    import examples.biomed.graph  # noqa: F401

    return (
        "import graph.py, processor time",
        (time.process_time() - started) * 1000,
        "ms",
        "< 1000",
    )


def main(*, short: bool = False, data: Path = DATA) -> None:
    """Measure and print. `short` changes nothing: it takes seconds."""
    data = data / "pubmedqa"
    sys.path.insert(0, str(REPOSITORY))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [measure_import()]
        if data.is_dir():
            rows += measure_documents(data, folder)
            rows += measure_queries(data)
            rows += asyncio.run(biomed_answers.measure(data, folder / "answers"))
            rows += asyncio.run(biomed_asked.measure(data, folder / "answers"))
            answers = asyncio.run(biomed_kind_answers.measure(data, folder / "kinds"))
            rows += biomed_kind_answers.rows(answers)
        else:
            print(f"no abstracts in {data.parent.name}: the document figures are left out")
        rows += biomed_kinds.rows()
        rows += asyncio.run(biomed_conversations.measure(folder / "conversations"))
        rows += asyncio.run(measure_questions(folder))
        rows += asyncio.run(measure_servers(folder))
    for what, value, unit, bound in rows:
        print(f"{what:60} {value:10.2f} {unit:3} {bound}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Figures of the biomedical orchestrator.")
    parser.add_argument("--data", type=Path, default=DATA)
    main(data=parser.parse_args().data)
