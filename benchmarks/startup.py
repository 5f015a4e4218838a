"""From `stepwire serve` to the first answer (of `server.info`), beside the import of what it stands on.

Both from compiled files, as a program that has run before is::

    python -m benchmarks startup
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.pairs import in_turn, show
from benchmarks.serving import ROOT

ROUNDS = 15
IMPORTS = "import langgraph.graph, starlette, uvicorn"
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
CALL = b'{"jsonrpc":"2.0","id":1,"method":"server.info"}'


async def measure(rounds: int) -> None:
    """The figure."""
    pairs = await in_turn(
        lambda: asyncio.to_thread(imported), lambda: asyncio.to_thread(answered), rounds
    )
    show(f'python -c "{IMPORTS}"', pairs.first, "s")
    show("server start to its first answer", pairs.second, "s")
    show(f"  ratio, median of {rounds} pairs", pairs.ratio, "", "<= 1.3")


def imported() -> float:
    """Seconds from the start of a process to its end."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], cwd=ROOT, env=COMPILED, check=True)
    return time.perf_counter() - begun


def answered() -> float:
    """Seconds from the start of a server to its first answer, at a client that is waiting for it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "rpc.cli", "serve", "--port", str(port)]
        command += ["--data-dir", str(Path(folder, "data")), "six=benchmarks.graphs:six"]
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=COMPILED, stdout=subprocess.DEVNULL)
        try:
            while True:
                try:
                    connection = socket.create_connection(("127.0.0.1", port))
                    break
                except ConnectionRefusedError:
                    if process.poll() is not None:
                        raise RuntimeError("the server did not start") from None
                    time.sleep(0.002)
            with connection:
                head = f"POST /rpc HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                head += f"Content-Type: application/json\r\nContent-Length: {len(CALL)}\r\n\r\n"
                connection.sendall(head.encode() + CALL)
                assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
                return time.perf_counter() - begun
        finally:
            process.terminate()
            process.wait(30)


def main(*, short: bool = False) -> None:
    """Measure and print."""
    asyncio.run(measure(3 if short else ROUNDS))


if __name__ == "__main__":
    main()
