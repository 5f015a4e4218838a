"""A real browser: Debian's Chromium, headless, driven over its DevTools protocol.

https://chromedevtools.github.io/devtools-protocol/ is all that is needed of it: a page, its console, what an
expression is in it. No package does that smaller.
"""

import asyncio
import base64
import itertools
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--remote-debugging-port=0",
    # There is nothing but this machine: what needs the internet fails.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
START_SECONDS = 120.0
CALL_SECONDS = 120.0


def find() -> str | None:
    """The browser's program; None where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Page:
    """One tab. `console` is what its scripts, or the browser about them, complained of."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.session: str | None = None
        self.console: list[str] = []
        self.ids = itertools.count(1)
        self.calls: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.loaded = asyncio.Event()

    async def read(self) -> None:
        """Take what the browser sends until it ends."""
        async for text in self.socket:
            message = json.loads(text)
            if (call := self.calls.pop(message.get("id"), None)) is not None:
                call.set_result(message)
                continue
            params = message.get("params", {})
            match message.get("method"):
                case "Page.loadEventFired":
                    self.loaded.set()
                case "Runtime.exceptionThrown":
                    details = params["exceptionDetails"]
                    self.console.append(
                        details.get("exception", {}).get("description", details["text"])
                    )
                case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning"):
                    self.console.append(
                        " ".join(str(arg.get("value", arg)) for arg in params["args"])
                    )
                case "Log.entryAdded" if params["entry"]["level"] in ("error", "warning"):
                    self.console.append(params["entry"]["text"])

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """A DevTools call's result. Raises `RuntimeError` where it fails."""
        number = next(self.ids)
        call = self.calls[number] = asyncio.get_running_loop().create_future()
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self.session is not None:
            message["sessionId"] = self.session
        await self.socket.send(json.dumps(message))
        answer = await asyncio.wait_for(call, CALL_SECONDS)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    async def go(self, url: str) -> None:
        """Open an address and wait until it has loaded."""
        self.loaded.clear()
        await self.send("Page.navigate", url=url)
        await asyncio.wait_for(self.loaded.wait(), CALL_SECONDS)

    async def run(self, expression: str) -> Any:
        """What an expression is; of a promise what it becomes. Raises `RuntimeError` where it throws."""
        answer = await self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    async def until(self, expression: str) -> Any:
        """Wait until an expression is true in the page; what it is then."""
        return await self.run(
            "new Promise((resolve, reject) => { const end = Date.now() + 60000; const look = () => {"
            f" const found = (() => {{ try {{ return {expression}; }} catch (_) {{ return null; }} }})();"
            " if (found) resolve(found instanceof Node ? true : found);"
            f" else if (Date.now() > end) reject(new Error({json.dumps(expression)}));"
            " else setTimeout(look, 20); }; look(); })"
        )

    async def click(self, selector: str) -> None:
        """Click on an element as a person does: where it is, with the mouse."""
        box = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        await self.until(f"{box}.width > 0")
        await self.run(
            f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})"
        )
        x, y = await self.run(
            f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])({box})"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.send(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
            )

    async def size(self, width: int, height: int) -> None:
        """Make the window so large, in pixels."""
        await self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    async def picture(self, file: Path) -> None:
        """What the window shows, as PNG."""
        answer = await self.send("Page.captureScreenshot", format="png")
        await asyncio.to_thread(file.write_bytes, base64.b64decode(answer["data"]))


@asynccontextmanager
async def open_page() -> AsyncIterator[Page]:
    """A tab in a browser of its own, with an empty profile. Raises `RuntimeError` if it does not start."""
    async with open_pages(1) as (page,):
        yield page


@asynccontextmanager
async def open_pages(count: int) -> AsyncIterator[list[Page]]:
    """Tabs of one browser that share nothing: each has cookies of its own, as another person's window. Raises `RuntimeError`."""
    program = find()
    if program is None:
        raise RuntimeError("there is no Chromium")
    with tempfile.TemporaryDirectory(prefix="stepwire-chromium-") as profile:
        process = await asyncio.create_subprocess_exec(
            program,
            *FLAGS,
            f"--user-data-dir={profile}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        try:
            url = await asyncio.wait_for(_address(process.stderr), START_SECONDS)
            draining = asyncio.create_task(_drain(process.stderr))
            try:
                async with AsyncExitStack() as stack:
                    yield [await stack.enter_async_context(_tab(url)) for _ in range(count)]
            finally:
                draining.cancel()
        finally:
            process.kill()
            await process.wait()


@asynccontextmanager
async def _tab(url: str) -> AsyncIterator[Page]:
    """A tab in a context of its own. `url`: the browser's."""
    # A browser that has much to do answers no ping.
    async with connect(
        url, max_size=None, proxy=None, open_timeout=START_SECONDS, ping_interval=None
    ) as socket:
        page = Page(socket)
        reading = asyncio.create_task(page.read())
        try:
            context = (await page.send("Target.createBrowserContext"))["browserContextId"]
            target = await page.send(
                "Target.createTarget", url="about:blank", browserContextId=context
            )
            attached = await page.send(
                "Target.attachToTarget", targetId=target["targetId"], flatten=True
            )
            page.session = attached["sessionId"]
            for domain in ("Page", "Runtime", "Log"):
                await page.send(f"{domain}.enable")
            yield page
        finally:
            reading.cancel()


async def _address(lines: asyncio.StreamReader) -> str:
    said = []
    while line := (await lines.readline()).decode(errors="replace"):
        said.append(line)
        if "DevTools listening on " in line:
            return line.split("DevTools listening on ", 1)[1].strip()
    raise RuntimeError("Chromium ended:\n" + "".join(said))


async def _drain(lines: asyncio.StreamReader) -> None:
    while await lines.readline():
        pass
