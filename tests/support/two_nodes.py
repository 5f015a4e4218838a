"""`stepwire serve`, but two nodes of one database behind a round-robin proxy: what stands for one server in tests.

`python -m tests.support.two_nodes serve …`; the database is named by TWO_NODES_DATABASE.
"""

import asyncio
import os
import re
import shutil
import signal
import sys
from contextlib import suppress

from tests.support.balancer import balanced

NODES = 2

ADDRESSES = re.compile(r"(?:wss?|https?)://\S+:(\d+)/")


def arguments() -> tuple[list[str], int]:
    """Those of each node, and the port that was asked for."""
    given = sys.argv[1:]
    at = given.index("--port")
    port = int(given[at + 1])
    given[at + 1] = "0"
    return [*given, "--database", os.environ["TWO_NODES_DATABASE"]], port


async def started(given: list[str]) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "rpc.cli", *given]
    if shutil.which("setpriv") is not None:
        # It ends with this process, however that ends.
        command = ["setpriv", "--pdeathsig", "KILL", *command]
    return await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )


async def told(process: asyncio.subprocess.Process, ready: "asyncio.Future[int]") -> None:
    """Pass on what it prints; its port, once it says so."""
    assert process.stdout is not None
    async for line in process.stdout:
        text = line.decode(errors="replace")
        found = ADDRESSES.search(text)
        if found is not None and not ready.done() and "health" in text:
            ready.set_result(int(found[1]))
        if found is None or (ready.done() and "health" not in text):
            print(text, end="", flush=True)
    if not ready.done():
        ready.set_exception(RuntimeError("a node ended"))


async def main() -> int:
    given, port = arguments()
    loop = asyncio.get_running_loop()
    nodes = []
    ports = []
    telling = []
    for _ in range(NODES):
        node = await started(given)
        ready: asyncio.Future[int] = loop.create_future()
        telling.append(asyncio.create_task(told(node, ready)))
        nodes.append(node)
        try:
            ports.append(await ready)
        except RuntimeError:
            for each in nodes:
                with suppress(ProcessLookupError):
                    each.kill()
            return await node.wait()

    def pass_on(number: int) -> None:
        for each in nodes:
            with suppress(ProcessLookupError):
                each.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, pass_on, number)
    async with balanced(ports, port) as where:
        print(f"Stepwire serves by two nodes\n  RPC     ws://127.0.0.1:{where}/rpc", flush=True)
        codes = [await each.wait() for each in nodes]
        await asyncio.gather(*telling)
    return max(codes)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
