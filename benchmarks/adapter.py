"""What the debug adapter costs an editor: a step, and a look into a state of 50 MB.

The editor is here, the adapter another process (`stepwire dap`), the server a third with its disk. Prints one line a figure::

    python -m benchmarks.adapter
"""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvloop

from benchmarks.serving import ROOT, served
from rpc.dap.framing import framed, read_message

SESSIONS = 20
LOOKS = 5

STREAM_BYTES = 64 * 1024 * 1024
"""What a message of the adapter may have: more than any has."""


class Editor:
    """Asks one adapter, and waits for its events."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input, self._output = process.stdin, process.stdout
        self._seq = 0
        # Events that nobody waited for yet.
        self._events: list[dict[str, Any]] = []

    async def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """A request's body."""
        number = self.send(command, **arguments)
        while True:
            message = await self._read()
            if message["type"] == "response" and message["request_seq"] == number:
                if not message["success"]:
                    raise RuntimeError(message["message"])
                return dict(message["body"])

    def send(self, command: str, **arguments: Any) -> int:
        """A request, whose response nobody waits for; its number."""
        self._seq += 1
        message = {"seq": self._seq, "type": "request", "command": command, "arguments": arguments}
        self._input.write(framed(message))
        return self._seq

    async def event(self, *names: str) -> dict[str, Any]:
        """The next event of these names."""
        while True:
            for index, one in enumerate(self._events):
                if one["event"] in names:
                    del self._events[: index + 1]
                    return one
            await self._read()

    async def _read(self) -> dict[str, Any]:
        message = await read_message(self._output)
        if message is None:
            raise RuntimeError("the adapter has ended")
        if message["type"] == "event":
            self._events.append(message)
        return message


@asynccontextmanager
async def debugged(url: str, graph: str, breakpoints: list[str]) -> AsyncIterator[Editor]:
    """A session of a graph, debugged through an adapter from its beginning; it stops at its first node without breakpoints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rpc.cli", "dap",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=STREAM_BYTES,
    )  # fmt: skip
    try:
        editor = Editor(process)
        await editor.ask("initialize", adapterID="stepwire")
        more = {"stopOnEntry": not breakpoints}
        editor.send("attach", url=url, graph=graph, query="go", **more)
        await editor.event("initialized")
        named = [{"name": name} for name in breakpoints]
        await editor.ask("setFunctionBreakpoints", breakpoints=named)
        await editor.ask("configurationDone")
        yield editor
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def measure(sessions: int, looks: int) -> None:
    """All figures."""
    with served(graphs=("six", "large")) as server:
        await _steps(server.http_url, sessions)
        await _looks(server.http_url, looks)


async def _steps(url: str, sessions: int) -> None:
    """From F10 (`next`) to the `stopped` event before the next node."""
    times_ms: list[float] = []
    for index in range(sessions + 1):
        async with debugged(url, "six", []) as editor:
            stopped = await editor.event("stopped")
            while stopped["event"] == "stopped":
                thread = stopped["body"]["threadId"]
                begun = time.perf_counter()
                editor.send("next", threadId=thread)
                stopped = await editor.event("stopped", "exited")
                if index and stopped["event"] == "stopped":
                    times_ms.append((time.perf_counter() - begun) * 1000)
    worst = statistics.quantiles(times_ms, n=20)[-1]
    print(f"F10 to stopped on six nodes, median   {statistics.median(times_ms):8.2f} ms   (<= 25)")
    print(f"  its 95th percentile of {len(times_ms):<12} {worst:8.2f} ms")


async def _looks(url: str, looks: int) -> None:
    """Frames, scopes, the state's variables and a page of the largest: the first time at a stop, and from then on."""
    first_s: list[float] = []
    later_ms: list[float] = []
    for _ in range(looks):
        async with debugged(url, "large", ["note"]) as editor:
            thread = (await editor.event("stopped"))["body"]["threadId"]
            first_s.append(await _look(editor, thread))
            later_ms += [await _look(editor, thread) * 1000 for _ in range(4)]
            editor.send("disconnect", terminateDebuggee=True)
    print(f"first look into 50 MB, median         {statistics.median(first_s):8.2f} s    (<= 2)")
    print(f"  further ones                        {statistics.median(later_ms):8.2f} ms   (<= 100)")


async def _look(editor: Editor, thread: int) -> float:
    begun = time.perf_counter()
    frames = (await editor.ask("stackTrace", threadId=thread))["stackFrames"]
    scopes = (await editor.ask("scopes", frameId=frames[0]["id"]))["scopes"]
    state = await editor.ask("variables", variablesReference=scopes[0]["variablesReference"])
    hits = next(one for one in state["variables"] if one["name"] == "hits")
    assert hits["indexedVariables"] > 0
    page = await editor.ask("variables", variablesReference=hits["variablesReference"], count=100)
    assert len(page["variables"]) == 100
    return time.perf_counter() - begun


def main(*, short: bool = False) -> None:
    """Measure and print."""
    uvloop.run(measure(2, 1) if short else measure(SESSIONS, LOOKS))


if __name__ == "__main__":
    main()
