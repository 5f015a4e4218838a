"""How long threads are kept of which a client says it. A user would lose: a thread too early, or a promise that it is gone."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph_sdk.errors import NotFoundError, UnprocessableEntityError

from tests.langgraph_api.conftest import PROJECT
from tests.langgraph_api.sdk import sdk_at
from tests.support.server_process import ServerProcess

SOON = 0.0001
"""Minutes: as good as now."""


GATED = f"gated={Path(__file__).with_name('graphs.py')}:gated"


@pytest.fixture
async def sweeping(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server that looks for what is old all the time. `param`: its graphs, where these are not the project's."""
    settings = {"cleanup_interval_seconds": 0.1}
    graphs = getattr(request, "param", [])
    process = ServerProcess(graphs, tmp_path / "data", cwd=PROJECT, settings=settings)
    await asyncio.to_thread(process.start)
    yield process
    await asyncio.to_thread(process.close)


async def until(found: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(120):
        while not await found():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def gone(sdk: Any, thread: str) -> bool:
    try:
        await sdk.threads.get(thread)
    except NotFoundError:
        return True
    return False


async def test_a_thread_says_how_long_it_is_kept(sdk: Any) -> None:
    """Who asks for it is told; from when it was said last, and as it was said last."""
    before = datetime.now(UTC)
    made = await sdk.threads.create(ttl=90)
    thread = made["thread_id"]
    assert "ttl" not in made
    assert "ttl" not in await sdk.threads.get(thread)
    told = (await sdk.threads.get(thread, include=["ttl"]))["ttl"]
    assert (told["strategy"], told["ttl_minutes"]) == ("delete", 90)
    expires = datetime.fromisoformat(told["expires_at"])
    # Times are told in milliseconds.
    margin = timedelta(milliseconds=1)
    late = datetime.now(UTC) + timedelta(minutes=90)
    assert before + timedelta(minutes=90) - margin <= expires <= late
    await sdk.threads.update(thread, metadata={"a": 1})
    assert (await sdk.threads.get(thread, include=["ttl"]))["ttl"] == told
    changed = await sdk.threads.update(
        thread, metadata={}, ttl={"ttl": 0.5, "strategy": "keep_latest"}
    )
    assert changed["metadata"] == {"a": 1}
    told = (await sdk.threads.get(thread, include=["ttl"]))["ttl"]
    assert (told["strategy"], told["ttl_minutes"]) == ("keep_latest", 0.5)
    plain = await sdk.threads.create()
    assert "ttl" not in await sdk.threads.get(plain["thread_id"], include=["ttl"])
    # One that is there already is kept as it was said when it was made.
    await sdk.threads.create(thread_id=thread, if_exists="do_nothing", ttl=7)
    assert (await sdk.threads.get(thread, include=["ttl"]))["ttl"] == told
    copy = await sdk.threads.copy(thread)
    assert "ttl" not in await sdk.threads.get(copy["thread_id"], include=["ttl"])


@pytest.mark.parametrize(
    "ttl", [{"ttl": 0}, {"ttl": -1}, {"ttl": 1e12}, {}, {"ttl": 1, "strategy": "forget"}, {"ttl": "1"}]
)  # fmt: skip
async def test_a_time_that_cannot_be_is_refused(sdk: Any, ttl: dict[str, Any]) -> None:
    """It must not be taken for another one; nothing is made or changed."""
    id = "01a22200-0000-7000-8000-00000000770a"
    made = await sdk.threads.create()
    # Not the SDK's own calls, which leave out what is empty.
    with pytest.raises(UnprocessableEntityError, match="ttl"):
        await sdk.http.post("/threads", json={"thread_id": id, "ttl": ttl})
    with pytest.raises(UnprocessableEntityError, match="ttl"):
        await sdk.http.patch(f"/threads/{made['thread_id']}", json={"metadata": {}, "ttl": ttl})
    assert await gone(sdk, id)
    assert "ttl" not in await sdk.threads.get(made["thread_id"], include=["ttl"])


async def test_a_thread_whose_time_is_over_is_removed(sweeping: ServerProcess) -> None:
    """One that asks too, and one that was made before a restart; others stay."""
    async with sdk_at(sweeping) as sdk:
        kept = (await sdk.threads.create())["thread_id"]
        longer = (await sdk.threads.create(ttl=600))["thread_id"]
        for thread in (kept, longer):
            await sdk.runs.wait(thread, "slow", input={"seconds": 0})
        asks = (await sdk.threads.create())["thread_id"]
        await sdk.runs.wait(asks, "agent", input={"query": "q"})
        await sdk.threads.update(asks, metadata={}, ttl=SOON)
        unused = (await sdk.threads.create(ttl=SOON))["thread_id"]
        for thread in (asks, unused):
            await until(lambda thread=thread: gone(sdk, thread))
        await sdk.threads.update(longer, metadata={}, ttl=0.02)
        await asyncio.to_thread(sweeping.stop)
        await asyncio.to_thread(sweeping.start)
        await until(lambda: gone(sdk, longer))
        assert (await sdk.threads.get(kept))["values"] == {"seconds": 0, "done": True}


@pytest.mark.parametrize("sweeping", [[GATED]], indirect=True)
async def test_a_thread_that_runs_is_left_until_it_rests(
    sweeping: ServerProcess, tmp_path: Path
) -> None:
    """Who waits for its run gets all of it."""
    file = tmp_path / "go"
    async with sdk_at(sweeping) as sdk:
        thread = (await sdk.threads.create(ttl=600))["thread_id"]
        run = await sdk.runs.create(thread, "gated", input={"file": str(file)})
        await sdk.threads.update(thread, metadata={}, ttl=SOON)
        base = sweeping.http_url
        join = f"/threads/{thread}/runs/{run['run_id']}/join"
        # Its head comes when it waits for the run.
        async with (
            httpx.AsyncClient(base_url=base, trust_env=False, timeout=120) as http,
            http.stream("GET", join) as answer,
        ):
            file.touch()
            assert json.loads(await answer.aread()) == {"file": str(file), "done": True}
        await until(lambda: gone(sdk, thread))


async def test_only_the_latest_state_is_kept(sweeping: ServerProcess) -> None:
    """`keep_latest`: the thread goes on, and its older states go again after as long."""
    async with sdk_at(sweeping) as sdk:
        thread = (await sdk.threads.create())["thread_id"]
        await sdk.runs.wait(thread, "agent", input={"query": "q"})
        assert len(await sdk.threads.get_history(thread, limit=100)) > 1
        latest = await sdk.threads.get_state(thread)
        await sdk.threads.update(thread, metadata={}, ttl={"ttl": SOON, "strategy": "keep_latest"})

        async def one_left() -> bool:
            return len(await sdk.threads.get_history(thread, limit=100)) == 1

        await until(one_left)
        left = await sdk.threads.get_state(thread)
        assert (left["checkpoint"], left["values"]) == (latest["checkpoint"], latest["values"])
        done = await sdk.runs.wait(thread, "agent", command={"resume": "yes"})
        assert done["answer"] == "3 trials, yes"
        await until(one_left)
        told = (await sdk.threads.get(thread, include=["ttl"]))["ttl"]
        assert (told["strategy"], told["ttl_minutes"]) == ("keep_latest", SOON)


async def test_who_needs_no_answer_gets_none(sdk: Any, served: ServerProcess) -> None:
    """`Prefer: return=minimal`, which the SDK sends as `return_minimal`: what was said holds."""
    thread = (await sdk.threads.create())["thread_id"]
    assert await sdk.threads.update(thread, metadata={"a": 1}, return_minimal=True) is None
    assert (await sdk.threads.get(thread))["metadata"] == {"a": 1}
    async with httpx.AsyncClient(base_url=served.http_url, trust_env=False) as http:
        for preferred, status in (
            ("respond-async, return=minimal", 204),
            ("return=representation", 200),
        ):
            answer = await http.patch(
                f"/threads/{thread}", json={"metadata": {"b": 2}}, headers={"prefer": preferred}
            )
            assert answer.status_code == status
            assert bool(answer.content) == (status == 200)
