"""A node and a run have limits of time: who is over is ended, says why, and takes nothing with it."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.peer import Peer, Refused, Story, peer
from tests.support.polling import until_true
from tests.support.probes import healthy
from tests.support.server_process import ServerProcess
from tests.support.stored_logs import check_logs

BAD = "tests/support/bad_graphs.py"
SLOW = "tests/support/slow_graphs.py"
SLOWS = ("hanging", "retrying", "asking", "own", "step", "outer", "functional", "rescued")
LIMITS = {
    # Long enough for what ends in time on a machine that has much to do.
    "rescued": {"node_timeout_seconds": 2.0},
    "asking": {"run_timeout_seconds": 5.0},
    "functional": {"node_timeout_seconds": 0, "run_timeout_seconds": 3.0},
}
SHORT = {"node_timeout_seconds": 1.0}
"""The limit of what must not end in time; what must has the server's."""


@contextmanager
def _serving(folder: Path, blocked_seconds: float) -> Iterator[ServerProcess]:
    process = ServerProcess(
        [f"{name}={BAD}:{name}" for name in ("on_loop", "threaded", "nested", "tools")]
        + [f"{name}={SLOW}:{name}" for name in SLOWS],
        folder / "data",
        settings={
            "synchronous": "normal",
            "blocked_seconds": blocked_seconds,
            "cancel_grace_seconds": 0.3,
            "shutdown_grace_seconds": 0.3,
            "node_timeout_seconds": 5,
            "run_timeout_seconds": 10,
            "graph_settings": json.dumps(LIMITS),
        },
        env={"FAULT_FOLDER": str(folder)},
    )
    process.start()
    yield process
    process.close()
    check_logs(process.data_dir)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of nodes that take too long, some of which hold their loop."""
    with _serving(Path(tmp_path_factory.mktemp("slow")), 0.3) as process:
        yield process


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The same, none of which holds its loop: what had no time on a busy machine is not begun anew elsewhere."""
    with _serving(Path(tmp_path_factory.mktemp("calm")), 60) as process:
        yield process


async def counts(server: ServerProcess) -> dict[str, int]:
    """What `/health` counts."""
    async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
        shown: dict[str, int] = (await healthy(http)).json()["counts"]
    return shown


def check(story: Story, path: str, seconds: float) -> None:
    """Its node was over its limit, by its event and by its run's."""
    assert story.status == "failed"
    for error in (story.failure, story.of("node.failed")[0]["error"]):
        assert (error["type"], error["node"]) == ("node_timeout", path), error
        assert repr(path) in error["message"]
        assert f"limit of {seconds:g} s (`node_timeout_seconds`)" in error["message"]
    ends = story.of("node.finished", "node.failed", "node.cancelled")
    assert len(ends) == len(story.of("node.started"))


@pytest.mark.parametrize(
    ("graph", "query", "path"),
    [
        ("on_loop", "await never", "node"),
        ("threaded", "block never", "node"),
        ("nested", "await never", "node/node"),
        ("tools", "block never", "node"),
        # What nothing on its loop can end.
        ("on_loop", "swallow never", "node"),
        ("on_loop", "block never", "node"),
        ("nested", "block never", "node/node"),
    ],
)
async def test_a_node_that_takes_too_long_fails(
    slow: ServerProcess, graph: str, query: str, path: str
) -> None:
    async with peer(slow.url) as one:
        failed = await one.run(query, graph=graph, config=SHORT)
        innermost = [e for e in failed.of("node.failed") if e["path"] == path]
        assert len(innermost) == 1
        check(failed, path, 1)
        assert (await one.run("fine", graph=graph)).status == "completed"


async def test_a_thread_that_was_left_is_counted_and_writes_nothing_more(
    calm: ServerProcess,
) -> None:
    folder = Path(calm.env["FAULT_FOLDER"])
    before = (await counts(calm))["node_threads_abandoned"]
    async with peer(calm.url) as one:
        # A thread that had not come so far by then is none that is left.
        (folder / "went in").unlink(missing_ok=True)
        for seconds in (0.2, 1, 5):
            failed = await one.run("x", graph="hanging", config={"node_timeout_seconds": seconds})
            check(failed, "node", seconds)
            if (folder / "went in").exists():
                break
        seq = failed.events[-1]["params"]["seq"]
        # A node is told as over before its thread is counted.
        async with asyncio.timeout(60):
            while (await counts(calm))["node_threads_abandoned"] != before + 1:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        (folder / "go").touch()
        await until_true((folder / "came back").exists)
        (folder / "go").unlink()
        (folder / "came back").unlink()
        assert (await one.call("session.get", session_id=failed.session_id))["seq"] == seq
        async with asyncio.timeout(60):
            while (await counts(calm))["node_threads_abandoned"] > before:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_a_retry_policy_tries_again(calm: ServerProcess) -> None:
    """As LangGraph's own limit: each attempt has its time, and its error is one that is tried again."""
    async with peer(calm.url) as one:
        story = await one.run("x", graph="retrying", config={"node_timeout_seconds": 3.0})
        assert story.status == "completed"
        assert story.result["said"] == "tried again"
        (failed,) = story.of("node.failed")
        assert failed["will_retry"]
        assert failed["error"]["type"] == "node_timeout"
        assert [e["attempt"] for e in story.of("node.started")] == [1, 2]


async def test_an_error_handler_is_asked(calm: ServerProcess) -> None:
    async with peer(calm.url) as one:
        story = await one.run("x", graph="rescued")
        assert story.status == "completed"
        assert story.result["said"] == "rescued"


@pytest.mark.parametrize(
    ("graph", "query", "named"),
    [
        ("hanging", "x", "'node'"),
        ("outer", "x", "'node/node'"),
        ("own", "x", None),
        ("step", "x", None),
        ("on_loop", "swallow never", "'node'"),
        ("on_loop", "block never", "'node'"),
    ],
)
async def test_a_run_that_takes_too_long_fails(
    slow: ServerProcess, graph: str, query: str, named: str | None
) -> None:
    """Also where LangGraph's own limits are shorter, which then say so themselves."""
    async with peer(slow.url) as one:
        limit = 8.0 if named is None else 2.0
        story = await one.run(query, graph=graph, config={"run_timeout_seconds": limit})
        assert story.status == "failed"
        error = story.failure
        if named is None:
            assert error["type"] in ("NodeTimeoutError", "TimeoutError")
            return
        assert error["type"] == "run_timeout"
        assert "limit of 2 s (`run_timeout_seconds`)" in error["message"]
        assert error["message"].endswith(f"running then: {named}")
        starts, ends = story.of("node.started"), story.of("node.cancelled")
        assert [e["path"] for e in ends] == [e["path"] for e in reversed(starts)]


async def test_time_that_a_person_takes_does_not_count(calm: ServerProcess) -> None:
    """A run of 5 s waits for longer, and what it ran before counts."""
    async with peer(calm.url) as one:
        story = await one.run("x", graph="asking")
        again = await one.run("x", graph="asking")
        asked = time.monotonic()
        await until_true(lambda: time.monotonic() - asked > 5.1)
        # 0.3 s before the question, and again with the answer.
        assert await one.respond(story, 0) == "completed"
        assert await one.respond(again, 4.5) == "failed"
        assert again.failure["type"] == "run_timeout"


async def test_a_function_graph_has_limits_too(calm: ServerProcess) -> None:
    async with peer(calm.url) as one:
        story = await one.run(input="x", graph="functional")
        assert story.failure["type"] == "run_timeout"
        limits = {"node_timeout_seconds": 0.2, "run_timeout_seconds": 2.5}
        story = await one.run(input="x", graph="functional", config=limits)
        assert story.failure["type"] == "node_timeout"


@pytest.mark.parametrize("key", ["node_timeout_seconds", "run_timeout_seconds"])
async def test_a_client_may_only_ask_for_less(calm: ServerProcess, key: str) -> None:
    async with peer(calm.url) as one:
        for value, said in (
            (11, "more than the server allows for graph 'hanging'"),
            (0, "> 0"),
            ("5", "Expected `float`"),
            (None, "Expected `float`"),
        ):
            with pytest.raises(Refused) as refused:
                await one.call("query.start", query="x", graph="hanging", config={key: value})
            assert refused.value.type == "invalid_params"
            assert refused.value.path == f"$.config.{key}"
            assert said in refused.value.detail, refused.value.detail


async def _debugged(one: Peer) -> Any:
    story = await one.run("await never", graph="on_loop", config=SHORT, debug_mode=True)
    asked = time.monotonic()
    await until_true(lambda: time.monotonic() - asked > 1.1)
    await one.call("debug.continue", session_id=story.session_id)
    await one.until(lambda: len(one.of(story.session_id, "debug.stopped")) == 2, "the failure")
    return one.of(story.session_id, "debug.stopped")[1]["params"]


async def test_a_node_that_stands_has_its_time_still(calm: ServerProcess) -> None:
    """And one that was over stands in the debugger as at any error."""
    async with peer(calm.url) as one:
        stopped = await _debugged(one)
        assert stopped["reason"] == "failure"
        assert "limit of 1 s" in stopped["detail"]
