"""What follows a run's end, where the store or the run's own state fails. A user would lose: the server, with everybody's sessions."""

import logging
import signal
from pathlib import Path
from typing import Any

import anyio
import pytest

from rpc.clock import now_ms
from rpc.core import Core, open_core
from rpc.methods.langgraph import webhooks
from rpc.sessions.aftermath import Aftermath
from rpc.settings import Settings
from rpc.storage.records import RunOptions, RunRecord
from rpc.storage.units import PutRun
from tests.cluster.conftest import Cluster
from tests.storage.made import made, run
from tests.support.polling import until_true
from tests.support.small_graphs import greeter

HOOK = "https://hook.example.org/"


@pytest.fixture(autouse=True)
def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers' own look for what is due comes later: these have one that the test holds."""
    monkeypatch.setattr("rpc.sessions.aftermath.LOOK_SECONDS", 3600.0)


async def over(core: Core, id: str = "r") -> None:
    """A run that is over, and has a webhook."""
    for status, ended_at in (("running", None), ("completed", now_ms())):
        options = RunOptions(webhook=HOOK)
        session_id = f"s{id}"
        found = run(id, session_id, status=status, ended_at=ended_at, options=options)
        unit = made(session_id, PutRun(found), status=status, graph="greeter", run_id=id, runs=1)
        await core.sessions.events.commit(unit)


async def test_a_webhook_waits_for_a_database_that_is_away(
    cluster: Cluster, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The server stays, says so, and tells it when the database is back."""
    caplog.set_level(logging.WARNING, "stepwire.sessions")
    told: list[Any] = []

    async def post(url: str, body: Any) -> int:
        told.append((url, body["run_id"], body["status"]))
        return 204

    def waits() -> bool:
        return any("waits for the store" in one.getMessage() for one in caplog.records)

    settings = Settings(data_dir=str(tmp_path / "node"), database=cluster.database)
    async with (
        open_core(settings, {"greeter": greeter}) as core,
        anyio.create_task_group() as group,
    ):
        await over(core)
        body = webhooks.told(core.langgraph_threads)
        cluster.postgres.stop(signal.SIGQUIT)
        try:
            Aftermath(group, core.sessions, post, body, "node", alone=False).ended("r")
            await until_true(waits)
        finally:
            cluster.postgres.start()
        await until_true(lambda: bool(told))
    assert told == [(HOOK, "r", "success")]


async def test_a_node_that_stops_leaves_it_to_the_others_at_once(
    cluster: Cluster, tmp_path: Path
) -> None:
    """Nobody waits until it must have done what it has not."""
    told: list[str] = []
    begun = anyio.Event()

    async def hangs(url: str, body: Any) -> int:
        begun.set()
        await anyio.sleep_forever()
        raise AssertionError

    async def post(url: str, body: Any) -> int:
        told.append(body["run_id"])
        return 204

    settings = Settings(data_dir=str(tmp_path / "node"), database=cluster.database)
    async with open_core(settings, {"greeter": greeter}) as core:
        await over(core)
        body = webhooks.told(core.langgraph_threads)
        async with anyio.create_task_group() as group:
            Aftermath(group, core.sessions, hangs, body, "node", alone=False).ended("r")
            await begun.wait()
            group.cancel_scope.cancel()
        async with anyio.create_task_group() as group:
            Aftermath(group, core.sessions, post, body, "other", alone=False).ended("r")
            await until_true(lambda: bool(told))
    assert told == ["r"]


async def test_a_state_that_cannot_be_told_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is its own run's fault, is logged, and the next webhook is told."""
    told: list[str] = []

    async def post(url: str, body: Any) -> int:
        told.append(body)
        return 204

    async def body(found: RunRecord) -> Any:
        if not told:
            told.append("tried")
            raise TypeError("this state cannot be shown")
        return found.id

    settings = Settings(data_dir=str(tmp_path), synchronous="off")
    async with (
        open_core(settings, {"greeter": greeter}) as core,
        anyio.create_task_group() as group,
    ):
        await over(core)
        aftermath = Aftermath(group, core.sessions, post, body, "node", alone=False)
        aftermath.ended("r")
        await until_true(lambda: "what follows its end is left out" in caplog.text)
        await over(core, "next")
        aftermath.ended("next")
        await until_true(lambda: told == ["tried", "next"])
