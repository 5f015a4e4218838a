"""An editor as the specification of the Debug Adapter Protocol describes it, over the adapter's standard streams."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.support.server_process import ROOT, clean_environment

DEADLINE_SECONDS = 120.0
LIMIT_BYTES = 64 * 1024 * 1024


class RefusedError(Exception):
    """The adapter answered with `success: false`."""


class Editor:
    """One adapter process and its client, by the process's standard streams or by those of a connection to it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None,
    ) -> None:
        self.process = process
        if streams is None:
            assert process.stdout is not None
            assert process.stdin is not None
            streams = process.stdout, process.stdin
        self.reader, self.writer = streams
        self.events: list[dict[str, Any]] = []
        self._seq = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())
        # Events before this one have been waited for.
        self._seen = 0

    def send(self, command: str, **arguments: Any) -> "asyncio.Future[dict[str, Any]]":
        """A request; its response comes later."""
        self._seq += 1
        message = {"seq": self._seq, "type": "request", "command": command, "arguments": arguments}
        body = json.dumps(message).encode()
        self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        answer = asyncio.get_running_loop().create_future()
        self._answers[self._seq] = answer
        return answer

    @property
    def last(self) -> int:
        """The number of the last request."""
        return self._seq

    async def ask(self, command: str, **arguments: Any) -> Any:
        """A request's body. Raises `RefusedError`."""
        return await self.answer(self.send(command, **arguments))

    async def answer(self, future: "asyncio.Future[dict[str, Any]]") -> Any:
        """The body of a response. Raises `RefusedError`."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            response = await future
        if not response["success"]:
            raise RefusedError(response["message"])
        return response["body"]

    async def event(
        self, name: str, found: Callable[[dict[str, Any]], bool] = lambda _: True
    ) -> dict[str, Any]:
        """The next event of that name, past those that were waited for."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while True:
                for index in range(self._seen, len(self.events)):
                    one = self.events[index]
                    if one["event"] == name and found(one.get("body", {})):
                        self._seen = index + 1
                        body: dict[str, Any] = one.get("body", {})
                        return body
                if self._reader.done():
                    raise AssertionError(f"the adapter ended before {name!r}: {self.events[-5:]}")
                self._news.clear()
                await self._news.wait()

    def of(self, name: str) -> list[dict[str, Any]]:
        """The bodies of all events of that name so far."""
        return [one.get("body", {}) for one in self.events if one["event"] == name]

    def said(self, category: str | None = None) -> str:
        """What is in the debug console."""
        return "".join(
            one["output"] for one in self.of("output") if category in (None, one["category"])
        )

    async def launch(
        self,
        program: str,
        *,
        breakpoints: dict[str, list[Any]] | None = None,
        functions: list[Any] | None = None,
        filters: list[str] | None = None,
        attach: bool = False,
        supports: tuple[str, ...] = ("supportsInvalidatedEvent",),
        **arguments: Any,
    ) -> list[list[dict[str, Any]]]:
        """From `initialize` to the running session; what the breakpoints became, file by file, then by name.

        `supports`: what the editor says that it can do.
        """
        given = {"adapterID": "stepwire", **dict.fromkeys(supports, True)}
        await self.ask("initialize", **given)
        if attach:
            launched = self.send("attach", **arguments)
        else:
            launched = self.send("launch", program=program, **arguments)
        ready = asyncio.create_task(self.event("initialized"))
        await asyncio.wait({ready, launched}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            await self.answer(launched)
        await ready
        found = []
        for path, lines in (breakpoints or {}).items():
            wanted = [one if isinstance(one, dict) else {"line": one} for one in lines]
            answer = await self.ask("setBreakpoints", source={"path": path}, breakpoints=wanted)
            found.append(answer["breakpoints"])
        if functions is not None:
            named = [one if isinstance(one, dict) else {"name": one} for one in functions]
            answer = await self.ask("setFunctionBreakpoints", breakpoints=named)
            found.append(answer["breakpoints"])
        await self.ask(
            "setExceptionBreakpoints", filters=["unhandled"] if filters is None else filters
        )
        await self.ask("configurationDone")
        await self.answer(launched)
        return found

    async def stopped(self, reason: str | None = None) -> tuple[int, str]:
        """The next stop: the thread, and the path of its innermost frame."""
        body = await self.event("stopped")
        if reason is not None:
            assert body["reason"] == reason, body
        return body["threadId"], (await self.frames(body["threadId"]))[0]["name"]

    async def frames(self, thread: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.ask("stackTrace", threadId=thread))["stackFrames"]
        return found

    async def threads(self) -> dict[str, int]:
        """Numbers of the threads, by name."""
        return {one["name"]: one["id"] for one in (await self.ask("threads"))["threads"]}

    async def scope(self, frame: int, name: str) -> int:
        """The reference of a scope."""
        scopes = (await self.ask("scopes", frameId=frame))["scopes"]
        return next(one["variablesReference"] for one in scopes if one["name"] == name)

    async def inside(self, reference: int, **page: int) -> dict[str, dict[str, Any]]:
        """The variables there, by name."""
        found = await self.ask("variables", variablesReference=reference, **page)
        return {one["name"]: one for one in found["variables"]}

    async def state(self, thread: int, level: int = 0) -> dict[str, str]:
        """The state that a frame shows, each value as it reads."""
        frame = (await self.frames(thread))[level]["id"]
        found = await self.inside(await self.scope(frame, "State"))
        return {name: one["value"] for name, one in found.items()}

    async def closed(self) -> None:
        """Once the adapter has closed its end."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            await self._reader

    async def _read(self) -> None:
        while line := await self.reader.readline():
            length = int(line.partition(b":")[2])
            await self.reader.readline()
            message = json.loads(await self.reader.readexactly(length))
            if message["type"] == "event":
                self.events.append(message)
            else:
                self._answers[message["request_seq"]].set_result(message)
            self._news.set()
        self._news.set()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(RefusedError("the adapter has ended"))
                answer.exception()


async def adapter(*options: str, **environment: str) -> asyncio.subprocess.Process:
    """The adapter's process."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rpc.cli", "dap", *options,
        cwd=ROOT,
        env={**clean_environment(), **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LIMIT_BYTES,
    )  # fmt: skip


@asynccontextmanager
async def editor(*, killed: bool = False, **environment: str) -> AsyncIterator[Editor]:
    """An adapter as an editor starts it, with more of an `environment`; it must have ended by itself when its input did.

    `killed`: the test has ended it by force.
    """
    process = await adapter(**environment)
    one = Editor(process)
    try:
        yield one
    finally:
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(DEADLINE_SECONDS):
            assert await process.wait() == (-signal.SIGKILL if killed else 0)
        await one.closed()
