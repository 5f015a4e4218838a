"""What it costs that a server asks who calls: cheap calls with a token, beside those of a server that asks nobody::

python -m benchmarks authentication
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from benchmarks.client import Ordinary, connected
from benchmarks.pairs import in_turn, show
from benchmarks.serving import ROOT, served

CALLS = 100
ROUNDS = 60
SHORT = 10
CALL = {"jsonrpc": "2.0", "id": 1, "method": "graph.list"}


async def _over_socket(client: Ordinary) -> float:
    begun = time.perf_counter()
    for _ in range(CALLS):
        await client.call("graph.list")
    return (time.perf_counter() - begun) / CALLS * 1000


async def _over_http(client: httpx.AsyncClient) -> float:
    begun = time.perf_counter()
    for _ in range(CALLS):
        (await client.post("/rpc", json=CALL)).raise_for_status()
    return (time.perf_counter() - begun) / CALLS * 1000


def token_of(folder: Path, name: str, scope: str = "run") -> str:
    """A new token of a data directory."""
    words = ("token", "create", name, "--scope", scope, "--data-dir", str(folder))
    made = subprocess.run(
        [sys.executable, "-m", "rpc.cli", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return made.stdout.strip()


async def measure(rounds: int) -> None:
    """Both servers in turn, on both wires."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        headers = {"Authorization": f"Bearer {token_of(folder, 'a')}"}
        open_one, asking = stack.enter_context(served()), stack.enter_context(served(folder))
        async with connected(open_one.url) as one, connected(asking.url, headers) as other:
            found = await in_turn(lambda: _over_socket(one), lambda: _over_socket(other), rounds)
        show("a call on a socket, asked nothing", found.first, "ms")
        show("  with a token", found.second, "ms")
        show("  ratio", found.ratio, "", "≤ 1.05")
        async with (
            httpx.AsyncClient(base_url=open_one.http_url, trust_env=False) as plain,
            httpx.AsyncClient(base_url=asking.http_url, headers=headers, trust_env=False) as known,
        ):
            found = await in_turn(lambda: _over_http(plain), lambda: _over_http(known), rounds)
        show("a call by POST, asked nothing", found.first, "ms")
        show("  with a token", found.second, "ms")
        show("  ratio", found.ratio, "", "≤ 1.05")


def main(*, short: bool) -> None:
    """Measure, and print."""
    asyncio.run(measure(SHORT if short else ROUNDS))
