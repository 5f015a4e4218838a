"""A name server that says nothing holds nobody: not the question, not the other source, not the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import anyio
import pytest

from examples.biomed.services.lookup import look_up

ROOT = Path(__file__).parents[3]

# The resolver is the system's: a silent one is had by replacing it, in a process of its own.
# The budget is the local source's too, which must have done its work in it on a busy machine.
STUCK = """
import asyncio, socket, threading
asked = set()
def never(host, *_, **__):
    asked.add(host)
    threading.Event().wait()
socket.getaddrinfo = never
from examples.biomed.graph import graph
result = asyncio.run(graph.ainvoke({"query": "GLP-1 receptor agonist trials"}, context={"time_budget_ms": 4000}))
print(len(result["citations"]), sorted((one["source"], one["kind"]) for one in result["errors"]))
print(sorted(asked))
"""


def test_a_process_ends_although_the_resolver_never_does(tmp_path: Path) -> None:
    environment = {**os.environ, "BIOMED_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", STUCK],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "23 [('literature', 'timeout'), ('trials', 'timeout')]",
        "['clinicaltrials.gov', 'eutils.ncbi.nlm.nih.gov']",
    ]


async def test_a_known_name_and_an_unknown_one() -> None:
    await look_up("http://localhost:1/path")
    await look_up("http://127.0.0.1/")
    with pytest.raises(OSError, match=r".") as caught:
        await look_up("http://host.invalid/")
    assert caught.value.strerror
    with pytest.raises(OSError, match="bad name"):
        await look_up(f"http://{'a' * 64}.example/")


async def test_where_a_proxy_is_set_the_name_is_the_proxys_to_find(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    await look_up("http://host.invalid/")
    monkeypatch.setenv("no_proxy", "host.invalid")
    with pytest.raises(OSError, match=r"."):
        await look_up("http://host.invalid/")


async def test_one_thread_waits_for_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    release = threading.Event()

    def resolve(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        release.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with anyio.move_on_after(0) as gave_up:
        await look_up("http://slow.example/")
    assert gave_up.cancelled_caught
    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(look_up, "http://slow.example/")
        await anyio.lowlevel.checkpoint()
        release.set()
    assert asked == ["slow.example"]
