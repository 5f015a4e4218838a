"""The documentation in a real browser: without the internet, wide and narrow, also under a prefix; and it calls."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from protocol import openapi
from protocol.errors import ERRORS
from protocol.events import EVENTS
from protocol.methods import METHODS
from protocol.rest import DOCS_PATH
from rpc import Settings, create_app
from tests.support import chromium, small_graphs
from tests.support.chromium import Page
from tests.support.in_process import listening
from tests.support.needs import needs

SECTIONS = ("methods", "rest", "events", "errors")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@asynccontextmanager
async def mounted(tmp_path: Path) -> AsyncIterator[str]:
    """A server whose app is mounted under a prefix; the address of its documentation."""
    app = create_app(small_graphs.greeter, Settings(data_dir=str(tmp_path)))
    outer = Starlette(routes=[Mount("/inner", app)])
    async with app.lifespan(), listening(outer) as authority:
        try:
            yield f"http://{authority}/inner{DOCS_PATH}"
        finally:
            app.stop()


async def opened(page: Page, url: str, section: str) -> None:
    """Open a section of the page, filled."""
    await page.go("about:blank")
    await page.go(f"{url}#{section}")
    await page.until(
        f"document.querySelectorAll('details.entry').length === {len(METHODS) + len(EVENTS)}"
    )
    if section == "rest":
        operations = sum(map(len, openapi.build()["paths"].values()))
        await page.until(f"document.querySelectorAll('.opblock').length === {operations}")
        await page.until("!document.getElementById('swagger').ariaBusy")


async def test_it_shows_everything_and_calls_under_a_prefix_without_the_internet(
    tmp_path: Path,
) -> None:
    needs(chromium.find(), "Chromium")
    async with mounted(tmp_path) as url, chromium.open_page() as page:
        await opened(page, url, "methods")
        names = await page.run(
            "[...document.querySelectorAll('#methods details.entry')].map((entry) => entry.id)"
        )
        assert names == list(METHODS)

        # Call a method: the result, and the events of the run it starts.
        await page.run("document.getElementById('query.start').open = true")
        await page.until("document.querySelector('[id=\"query.start\"] form')")
        await page.run("document.querySelector('[id=\"query.start\"] form button').click()")
        lines = "[...document.querySelectorAll('#console li')].map((line) => line.textContent)"
        await page.until(f"{lines}.some((line) => line.includes('query.result'))")
        shown = await page.run("document.querySelector('[id=\"query.start\"] form').textContent")
        assert '"stream_url": "/inner/v1/orchestrator/stream/' in shown
        # The next call is about the session that was just started.
        await page.run("document.getElementById('session.get').open = true")
        await page.until("document.querySelector('[id=\"session.get\"] form')")
        await page.run("document.querySelector('[id=\"session.get\"] form button').click()")
        found = "document.querySelector('[id=\"session.get\"] form').textContent"
        await page.until(f"{found}.includes('Result')")
        assert "hello GLP-1" in await page.run(found)

        # Call a REST row with Swagger UI.
        await opened(page, url, "rest")
        await page.run(
            "document.querySelector('[id$=\"-health\"] .opblock-summary-control').click()"
        )
        body = "document.querySelector('.opblock-body').innerText"
        # Its example is there once it knows the operation: then it takes the click.
        await page.until(f'{body}.includes(\'"service": "stepwire"\')')
        await page.run("document.querySelector('.opblock-body .execute').click()")
        await page.until(f"{body}.includes('Server response')")
        assert '"uptime_ms"' in await page.run(body)

        names = "performance.getEntriesByType('resource').map((one) => one.name)"
        origin = url.partition("/inner")[0]
        assert {name.startswith(origin) for name in await page.run(names)} == {True}
    assert page.console == []


VISIBLE = "[...document.querySelectorAll('main > section')].filter((one) => !one.hidden).map((one) => one.id)"


async def seen(page: Page, section: str) -> None:
    """Wait until it is the section that shows, and its link says so; and that no other one does."""
    await page.until(f"{VISIBLE}.join() === '{section}'")
    assert await page.run("document.querySelector('nav [aria-current]').hash") == f"#{section}"
    assert await page.run("location.hash") == f"#{section}"


@pytest.mark.parametrize("first", SECTIONS)
async def test_each_tab_leads_to_each_other(tmp_path: Path, first: str) -> None:
    """In whatever order: also when the REST tab, with its library, has been looked at."""
    needs(chromium.find(), "Chromium")
    order = [*SECTIONS[SECTIONS.index(first) :], *SECTIONS[: SECTIONS.index(first)]]
    async with mounted(tmp_path) as url, chromium.open_page() as page:
        await opened(page, url, first)
        await seen(page, first)
        walk = [to for other in order[1:] for to in (other, first)] + order[1:] + order[::-1]
        before = first
        for section in walk:
            await page.click(f"nav a[href='#{section}']")
            await seen(page, section)
            if section == "rest":
                await page.until("document.querySelectorAll('.opblock').length > 0")
                await page.until("!document.getElementById('swagger').ariaBusy")
            if section != before:
                await page.run("history.back()")
                await seen(page, before)
                await page.run("history.forward()")
                await seen(page, section)
            before = section
        # A link in a method's description, and one of Swagger UI's own places.
        await page.click("nav a[href='#methods']")
        await page.click("[id='session.get'] > summary")
        await page.click("[id='session.get'] a[href='#session_not_found']")
        await page.until(f"{VISIBLE}.join() === 'errors'")
        await page.click("nav a[href='#rest']")
        for block in ("[id$='-health']", "#swagger [id$='.get']"):
            await page.click(f"{block} .opblock-summary-path")
            await page.until(f"document.querySelector(\"{block}\").classList.contains('is-open')")
            await seen(page, "rest")
    assert page.console == []


async def test_the_examples_of_a_rest_row_start_anew_and_use_the_last_ids(tmp_path: Path) -> None:
    needs(chromium.find(), "Chromium")
    async with mounted(tmp_path) as url, chromium.open_page() as page:
        await opened(page, url, "rest")
        start, get = "#swagger [id$='.start']", "#swagger [id$='.get']"
        field = f'document.querySelector("{get} input").value'
        ids = []
        for _ in range(2):
            if not ids:
                await page.click(f"{start} .opblock-summary-path")
                body = f'document.querySelector("{start} textarea").value'
                await page.until(f"{body}.includes('GLP-1')")
            await page.click(f"{start} .execute")
            shown = f'document.querySelector("{start} .live-responses-table").innerText'
            await page.until(
                f"{shown}.includes('session_id') && !{json.dumps(ids)}.some((id) => {shown}.includes(id))"
            )
            ids.append(re.findall(r'"session_id": "([\w-]+)"', await page.run(shown))[0])
            if len(ids) == 1:
                # Filled before it is looked at first, and when it has been.
                await page.click(f"{get} .opblock-summary-path")
            await page.until(f"{field} === '{ids[-1]}'")
        await page.click(f"{get} .execute")
        shown = f'document.querySelector("{get} .live-responses-table").innerText'
        await page.until(f"{shown}.includes('{ids[1]}')")
        # A body that is looked at only now has them too.
        await page.click("#swagger [id$='rpc-rpc'] .opblock-summary-path")
        await page.until(
            f"document.querySelector(\"#swagger [id$='rpc-rpc'] textarea\")?.value.includes('{ids[1]}')"
        )
        # What the other tab starts is meant next, and what a person typed stays.
        await page.click("nav a[href='#methods']")
        await page.click("[id='query.start'] > summary")
        await page.click("[id='query.start'] form button")
        result = "document.querySelector(\"[id='query.start'] form pre\").innerText"
        await page.until(f"{result}.includes('session_id')")
        third = json.loads(await page.run(result))["session_id"]
        assert third not in ids
        await page.until(f"{field} === '{third}'")
        await page.click("nav a[href='#rest']")
        await page.click(f"{get} input")
        await page.send("Input.insertText", text="mine")
        await page.until(f"{field}.includes('mine')")
        await page.click(f"{start} .execute")
        shown = f'document.querySelector("{start} .live-responses-table").innerText'
        await page.until(f"!{json.dumps(ids)}.some((id) => {shown}.includes(id))")
        assert "mine" in await page.run(field)


async def test_the_examples_of_methods_are_of_what_there_is(tmp_path: Path) -> None:
    """Every method that looks answers its own example, once a query was started here."""
    needs(chromium.find(), "Chromium")
    async with mounted(tmp_path) as url, chromium.open_page() as page:
        await opened(page, url, "methods")
        names = ["query.start", *(name for name, method in METHODS.items() if method.looks)]
        for name in names:
            await page.run(f"document.getElementById('{name}').open = true")
            await page.click(f"[id='{name}'] form button")
            await page.until(f"document.querySelector(\"[id='{name}'] form [aria-live] h4\")")
            said = await page.run(f"document.querySelector(\"[id='{name}'] form\").innerText")
            assert "\nError\n" not in said, (name, said)
            if name == "query.start":
                lines = "document.querySelector('#console ol').innerText"
                await page.until(f"{lines}.includes('query.result')")
        # A graph's ends are no nodes to stop at.
        await page.run("document.getElementById('debug.setBreakpoint').open = true")
        area = "document.querySelector(\"[id='debug.setBreakpoint'] textarea\").value"
        await page.until(f"{area}.includes('node_name')")
        assert json.loads(await page.run(area))["node_name"] == "hello"


@pytest.mark.parametrize("width", [1280, 400])
async def test_nothing_is_wider_than_the_window(tmp_path: Path, width: int) -> None:
    needs(chromium.find(), "Chromium")
    async with mounted(tmp_path) as url, chromium.open_page() as page:
        await page.size(width, 900)
        for section in SECTIONS:
            await opened(page, url, section)
            await page.run(
                "for (const entry of document.querySelectorAll('details.entry')) entry.open = true"
            )
            await page.until(f"!document.getElementById('{section}').hidden")
            assert await page.run("innerWidth") == width
            assert await page.run(OVERFLOW) <= 0, section
    assert page.console == []


async def test_a_problems_type_leads_to_the_errors_row(tmp_path: Path) -> None:
    needs(chromium.find(), "Chromium")
    async with mounted(tmp_path) as url, chromium.open_page() as page:
        for error in (ERRORS[0], ERRORS[-1]):
            await opened(page, url, error.type)
            seen = f"document.getElementById('{error.type}').getBoundingClientRect()"
            await page.until(
                f"{seen}.height > 0 && {seen}.top >= 0 && {seen}.bottom <= innerHeight"
            )
        rows = "[...document.querySelectorAll('#errors tr[id]')].map((row) => row.id)"
        assert await page.run(rows) == [error.type for error in ERRORS]
