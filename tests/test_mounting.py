"""Stepwire as a library: its app inside another's, under a prefix, with the one line that runs it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from rpc import Settings, StartupError, create_app
from tests.support import small_graphs
from tests.support.in_process import listening
from tests.support.peer import peer
from tests.support.stream_rules import check_stream

PREFIX = "/agents/v2"
CALL = {"jsonrpc": "2.0", "method": "query.start", "params": ["x"], "id": 1}


def stepwire(folder: Path, **settings: Any) -> Any:
    given = {"data_dir": str(folder), "synchronous": "normal", **settings}
    return create_app(small_graphs.greeter, Settings(**given))


async def own_page(_: Request) -> PlainTextResponse:
    return PlainTextResponse("the parent's own")


def in_fastapi(app: Any) -> Any:
    parent = FastAPI(lifespan=app.lifespan)
    parent.get("/own", response_class=PlainTextResponse)(lambda: "the parent's own")
    parent.mount(PREFIX, app)
    return parent


def in_starlette(app: Any) -> Any:
    return Starlette(
        routes=[Route("/own", own_page), Mount(PREFIX, app)],
        lifespan=app.lifespan,
    )


def in_a_lifespan_of_its_own(app: Any) -> Any:
    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        async with app.lifespan():
            yield

    return FastAPI(lifespan=lifespan, routes=[Route("/own", own_page), Mount(PREFIX, app)])


def by_itself(app: Any) -> Any:
    return app


@pytest.fixture
def client() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, verify=False)


@pytest.mark.parametrize("mount", [in_fastapi, in_starlette, in_a_lifespan_of_its_own])
async def test_mounted_under_a_prefix(
    tmp_path: Path, mount: Any, client: httpx.AsyncClient
) -> None:
    """A team with an app of its own adds agents to it: all transports work, and URLs lead back there."""
    parent = mount(stepwire(tmp_path))
    async with listening(parent, lifespan="on") as where, client:
        base = f"http://{where}{PREFIX}"
        assert (await client.get(f"http://{where}/own")).text == "the parent's own"
        async with peer(f"ws://{where}{PREFIX}/rpc") as one:
            story = await one.run("world")
            assert story.result["said"] == ["hello world"]
            check_stream(story.events)
            started = await one.call("query.start", query="y")
            path = f"{PREFIX}/v1/orchestrator/stream/{started['session_id']}"
            assert started["stream_url"] == path
            await one.settled(started["session_id"])
        async with client.stream("GET", f"http://{where}{started['stream_url']}") as stream:
            assert stream.status_code == 200
            assert stream.headers["content-type"].startswith("text/event-stream")
            async for line in stream.aiter_lines():
                if line.startswith("id:"):
                    assert line.removeprefix("id:").strip() == "1"
                    break
        answer = (await client.post(f"{base}/rpc", json=CALL)).json()["result"]
        assert answer["stream_url"].startswith(PREFIX)
        assert (await client.get(f"{base}/health")).status_code == 200
        assert (await client.get(f"http://{where}/rpc")).status_code == 404


async def test_the_parents_end_is_its_end(tmp_path: Path) -> None:
    """The data directory is let go when the parent stops: the next start finds the sessions again."""
    for number in range(1, 3):
        app = stepwire(tmp_path)
        async with (
            listening(in_fastapi(app), lifespan="on") as where,
            peer(f"ws://{where}{PREFIX}/rpc") as one,
        ):
            await one.run("x")
            assert (await one.call("session.list"))["total"] == number
        assert app.core is None


@pytest.mark.parametrize("mount", [in_fastapi, by_itself])
async def test_an_app_that_nobody_runs_says_so(
    tmp_path: Path, mount: Any, client: httpx.AsyncClient
) -> None:
    """The one line was forgotten: every transport answers 503 and names it, instead of a bare 500."""
    parent = mount(stepwire(tmp_path))
    prefix = "" if mount is by_itself else PREFIX
    async with listening(parent, lifespan="off") as where, client:
        base = f"http://{where}{prefix}"
        for response in (
            await client.post(f"{base}/rpc", json=CALL),
            await client.get(f"{base}/v1/orchestrator/sessions"),
        ):
            assert response.status_code == 503
            assert "lifespan=stepwire.lifespan" in response.json()["detail"]
        assert (await client.get(f"{base}/health")).status_code == 503
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://{where}{prefix}/rpc", proxy=None):
                pass
        assert refused.value.response.status_code == 503
        assert b"lifespan=stepwire.lifespan" in refused.value.response.body
    assert os.listdir(tmp_path) == []


async def test_what_fails_on_start_is_the_parents_to_see(tmp_path: Path) -> None:
    """Two apps on one data directory, or one app run twice: an exception with a message, as it is."""
    app = stepwire(tmp_path)
    async with app.lifespan():
        with pytest.raises(StartupError, match="running already"):
            async with app.lifespan():
                pass
        with pytest.raises(StartupError, match="another server"):
            async with stepwire(tmp_path).lifespan():
                pass
    with pytest.raises(KeyError, match="mine"):
        async with app.lifespan():
            raise KeyError("mine")
    async with app.lifespan():
        assert app.core is not None


async def test_two_apps_side_by_side(tmp_path: Path) -> None:
    """One process may serve two sets of graphs, each with its own data and address."""
    one_app, other_app = stepwire(tmp_path / "a"), stepwire(tmp_path / "b")

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        async with one_app.lifespan(), other_app.lifespan():
            yield

    parent = Starlette(routes=[Mount("/a", one_app), Mount("/b", other_app)], lifespan=lifespan)
    async with (
        listening(parent, lifespan="on") as where,
        peer(f"ws://{where}/a/rpc") as one,
        peer(f"ws://{where}/b/rpc") as other,
    ):
        await one.run("x")
        assert (await one.call("session.list"))["total"] == 1
        assert (await other.call("session.list"))["total"] == 0
