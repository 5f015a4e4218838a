"""One client of the adapter: its requests in order, the answers and events to it.

Requests are carried out one after the other, as they came: a breakpoint that was set before a step counts for it. What takes
its time (a launch waits for the client's configuration) is answered later. `cancel` goes before all others.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from rpc.client.errors import ClientError
from rpc.dap.arguments import mistake
from rpc.dap.counting import Counting
from rpc.dap.framing import framed, read_message

log = logging.getLogger("stepwire.dap")

Body = dict[str, Any]
Handler = Callable[[Body], Awaitable[Body | None]]


class DapError(Exception):
    """A request that cannot be carried out. `shown`: whether the message is for the person at the editor."""

    def __init__(self, text: str, *, shown: bool = True) -> None:
        super().__init__(text)
        self.shown = shown


class Later(Exception):
    """Raised by a handler whose answer comes later. `work`: makes it."""

    def __init__(self, work: Awaitable[Body | None]) -> None:
        self.work = work


class Connection:
    """Sends to one client, and serves its requests. `write`: sends bytes."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._seq = 0
        # What is being carried out, and what is answered later, by the request's number; cancelled by it.
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._later: dict[int, asyncio.Task[None]] = {}
        self._cancelled: set[int] = set()
        # How the client counts lines and columns.
        self._counting = Counting({})
        # No more requests are read.
        self.ended = asyncio.Event()

    def event(self, name: str, body: Mapping[str, Any] | None = None) -> None:
        """Tell the client of something."""
        message: Body = {"type": "event", "event": name}
        if body is not None:
            message["body"] = self._counting.written(name, dict(body))
        self._send(message)

    def output(self, text: str, category: str = "console", **more: Any) -> None:
        """Write into the client's debug console, as it is."""
        self.event("output", {"category": category, "output": text, **more})

    async def serve(self, reader: asyncio.StreamReader, handlers: Mapping[str, Handler]) -> None:
        """Until the stream ends, or `ended` is set. Raises `FramingError`."""
        queue: asyncio.Queue[Body] = asyncio.Queue()
        working = asyncio.create_task(self._work(queue, handlers))
        ending = asyncio.create_task(self.ended.wait())
        try:
            while not self.ended.is_set():
                reading = asyncio.create_task(read_message(reader))
                await asyncio.wait({reading, ending}, return_when=asyncio.FIRST_COMPLETED)
                if not reading.done():
                    reading.cancel()
                    break
                try:
                    message = reading.result()
                except OSError:
                    # The client broke the connection off.
                    break
                if message is None:
                    break
                if message.get("type") != "request":
                    continue
                if message.get("command") == "cancel":
                    self._cancel(message)
                else:
                    queue.put_nowait(message)
        finally:
            for task in (working, ending, *self._tasks.values(), *self._later.values()):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _work(self, queue: asyncio.Queue[Body], handlers: Mapping[str, Handler]) -> None:
        while True:
            request = await queue.get()
            seq = request.get("seq", 0)
            if seq in self._cancelled:
                self._refuse(request, "cancelled", shown=False)
                continue
            task = asyncio.create_task(self._handle(request, handlers))
            self._tasks[seq] = task
            await asyncio.wait({task})
            self._tasks.pop(seq, None)

    async def _handle(self, request: Body, handlers: Mapping[str, Handler]) -> None:
        command = request.get("command")
        arguments = request.get("arguments") or {}
        handler = handlers.get(command) if isinstance(command, str) else None
        if handler is None:
            self._refuse(request, f"this adapter does not serve the request {command!r}")
            return
        if not isinstance(arguments, dict):
            self._refuse(request, f"the `arguments` of {command!r} are an object")
            return
        if (wrong := mistake(str(command), arguments)) is not None:
            self._refuse(request, wrong)
            return
        if command == "initialize":
            self._counting = Counting(arguments)
        given = self._counting.read(str(command), arguments)
        try:
            await self._answered(request, handler(given))
        except Later as later:
            seq = request.get("seq", 0)
            task = asyncio.create_task(self._answered(request, later.work))
            self._later[seq] = task
            task.add_done_callback(lambda _: self._later.pop(seq, None))

    async def _answered(self, request: Body, work: Awaitable[Body | None]) -> None:
        try:
            body = await work
        except Later:
            raise
        except asyncio.CancelledError:
            self._refuse(request, "cancelled", shown=False)
            raise
        except (DapError, ClientError, LookupError) as error:
            self._refuse(request, _told(error), shown=getattr(error, "shown", True))
        except Exception as error:
            # The border of a request: a fault of ours is logged, and ends nothing else.
            log.exception("%s failed", request.get("command"))
            self._refuse(request, f"{type(error).__name__}: {error}")
        else:
            body = self._counting.written(request.get("command", ""), body or {})
            self._respond(request, True, body)

    def _cancel(self, request: Body) -> None:
        arguments = request.get("arguments")
        seq = arguments.get("requestId") if isinstance(arguments, dict) else None
        if isinstance(seq, int):
            self._cancelled.add(seq)
            for tasks in (self._tasks, self._later):
                if (task := tasks.get(seq)) is not None:
                    task.cancel()
        self._respond(request, True, {})

    def _respond(self, request: Body, success: bool, body: Body, message: str = "") -> None:
        answer: Body = {
            "type": "response",
            "request_seq": request.get("seq", 0),
            "command": request.get("command", ""),
            "success": success,
            "body": body,
        }
        if message:
            answer["message"] = message
        self._send(answer)

    def _refuse(self, request: Body, text: str, *, shown: bool = True) -> None:
        error = {"id": 1, "format": text, "showUser": shown}
        self._respond(request, False, {"error": error}, text)

    def _send(self, message: Body) -> None:
        self._seq += 1
        self._write(framed({"seq": self._seq, **message}))


def _told(error: Exception) -> str:
    if isinstance(error, LookupError) and error.args:
        return str(error.args[0])
    return getattr(error, "detail", "") or str(error)
