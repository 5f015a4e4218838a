"""`EventSource` in a real browser, on the example's own page: no event lost while the server dies and returns."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.clients.conftest import ROOT
from tests.support import chromium
from tests.support.chromium import Page
from tests.support.needs import needs
from tests.support.polling import until_true
from tests.support.server_process import ServerProcess

TABLE = Path("/proc/net/tcp")
NUMBERS = (
    "[...document.querySelectorAll('#events li')].map((line) => Number(line.dataset.seq)).reverse()"
)

HELD = """
import asyncio
from pathlib import Path
from types import SimpleNamespace

import examples.launch

async def held(_):
    while not Path(__file__).with_name("go").exists():
        await asyncio.sleep(0.01)

examples.launch.asyncio = SimpleNamespace(sleep=held)
graph = examples.launch.graph
"""
"""The example, whose countdown stands until the file `go` is there: it runs still when a browser has seen that it does."""


@pytest.fixture
def browser() -> None:
    """There must be one."""
    needs(chromium.find(), "Chromium")


@asynccontextmanager
async def example_pages() -> AsyncIterator[str]:
    """`examples/` as its page says to serve it; the origin."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-u",
        *("-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(ROOT / "examples")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        line = (await process.stdout.readline()).decode()
        yield f"http://127.0.0.1:{line.split(' port ')[1].split()[0]}"
    finally:
        process.kill()
        await process.wait()


async def stop_and_go(server: ServerProcess, page: Page) -> None:
    """Kill the server, see the browser notice, and start it again."""
    await asyncio.to_thread(server.kill9)
    await page.until("document.getElementById('state').textContent === 'reconnecting…'")
    await asyncio.to_thread(server.restart)


async def test_no_event_is_lost_while_the_server_is_killed_and_restarted(
    browser: None, tmp_path: Path
) -> None:
    async with example_pages() as origin, chromium.open_page() as page:
        (tmp_path / "held.py").write_text(HELD)
        server = ServerProcess(
            [f"launch={tmp_path}/held.py:graph"],
            tmp_path / "data",
            settings={"allowed_origins": origin},
        )
        try:
            await asyncio.to_thread(server.start)
            await page.go(f"{origin}/sse.html?api={quote(server.http_url)}")
            await page.run("document.querySelector('#ask button').click()")
            # Once while the countdown runs, once while it asks.
            await page.until(f"{NUMBERS}.length > 8")
            await stop_and_go(server, page)
            (tmp_path / "go").touch()
            await page.until("!document.getElementById('question').hidden")
            await stop_and_go(server, page)
            await page.run("document.querySelector('#question button').click()")
            await page.until("document.getElementById('state').textContent === 'completed, done'")
            numbers = await page.run(NUMBERS)
            assert numbers == list(range(1, len(numbers) + 1))
            said = await page.run("document.getElementById('events').textContent")
            assert "session.recovered" in said
            assert "in orbit" in await page.run("document.getElementById('answer').textContent")
        finally:
            server.close()
    complaints = [line for line in page.console if "net::ERR" not in line]
    assert complaints == []


async def test_the_page_says_when_its_session_is_deleted(browser: None, tmp_path: Path) -> None:
    async with example_pages() as origin, chromium.open_page() as page:
        server = ServerProcess(
            ["examples/launch.py:graph"], tmp_path, settings={"allowed_origins": origin}
        )
        try:
            await asyncio.to_thread(server.start)
            await page.go(f"{origin}/sse.html?api={quote(server.http_url)}")
            await page.run("document.querySelector('#ask button').click()")
            await page.until("!document.getElementById('question').hidden")
            async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
                found = (await http.get("/v1/orchestrator/sessions")).json()["sessions"]
                await http.delete(f"/v1/orchestrator/session/{found[0]['session_id']}")
            await page.until("document.getElementById('state').textContent === 'there is no more'")
            assert await page.run("document.getElementById('question').hidden")
            assert "session.deleted" in await page.run(
                "document.getElementById('events').textContent"
            )
        finally:
            server.close()


async def test_closing_the_tab_lets_the_server_stop_its_reader(
    browser: None, tmp_path: Path
) -> None:
    needs(sys.platform == "linux", f"{TABLE}, where Linux lists connections")
    server = ServerProcess(["examples/launch.py:graph"], tmp_path)
    try:
        await asyncio.to_thread(server.start)
        async with chromium.open_page() as page:
            await page.go(f"{server.http_url}/orchestrator/docs")
            await page.run(
                "fetch('/v1/orchestrator/query', {method: 'POST', body: '{\"query\": \"Apollo\"}',"
                " headers: {'content-type': 'application/json'}}).then((answer) => answer.json())"
                ".then(({stream_url}) => { window.source = new EventSource(stream_url); })"
            )
            await page.until("window.source.readyState === 1")
            assert _connections(server) >= 1
        await until_true(lambda: _connections(server) == 0)
    finally:
        server.close()


async def test_a_page_that_does_not_close_its_stream_stops_asking_once_the_run_is_over(
    browser: None, tmp_path: Path
) -> None:
    server = ServerProcess(["tests/support/small_graphs.py:greeter"], tmp_path)
    try:
        await asyncio.to_thread(server.start)
        async with chromium.open_page() as page:
            await page.go(f"{server.http_url}/orchestrator/docs")
            await page.run(
                "fetch('/v1/orchestrator/query', {method: 'POST', body: '{\"query\": \"you\"}',"
                " headers: {'content-type': 'application/json'}}).then((answer) => answer.json())"
                ".then(({stream_url}) => { window.done = 0; window.source = new EventSource(stream_url);"
                " source.addEventListener('done', () => done++); })"
            )
            await page.until("source.readyState === EventSource.CLOSED")
            assert await page.run("done") == 1
    finally:
        server.close()


def _connections(server: ServerProcess) -> int:
    """Connections that the server holds open, as Linux tells it."""
    port, established = f":{server.port:04X}", "01"
    rows = [line.split() for line in TABLE.read_text().splitlines()[1:]]
    return sum(1 for row in rows if row[1].endswith(port) and row[3] == established)


def test_the_page_is_short_and_has_no_library() -> None:
    text = (ROOT / "examples" / "sse.html").read_text()
    assert len(text.splitlines()) < 100
    assert "src=" not in text
