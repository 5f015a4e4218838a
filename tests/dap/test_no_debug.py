"""An editor's "run without debugging": `noDebug` of `launch` and `attach`."""

from pathlib import Path

import pytest

from rpc.client import connect
from tests.dap.conftest import FLOW
from tests.dap.editor import editor
from tests.support.server_process import ServerProcess


@pytest.mark.parametrize("launches", [True, False])
async def test_nothing_stops_what_is_run_without_debugging(
    flow: ServerProcess, tmp_path: Path, launches: bool
) -> None:
    """Neither breakpoints nor the entry nor a failure; breakpoints are answered as ever."""
    async with editor() as one:
        where = {"cwd": str(tmp_path)} if launches else {"url": flow.http_url}
        (found,) = await one.launch(
            f"{FLOW}:graph" if launches else "",
            attach=not launches,
            query="fails",
            noDebug=True,
            stopOnEntry=True,
            functions=["other"],
            **where,
        )
        assert [each["verified"] for each in found] == [True]
        assert (await one.event("exited"))["exitCode"] == 1
        assert one.of("stopped") == []
        assert "is no attribute" not in one.said()


async def test_a_session_that_is_followed_without_debugging_stays_as_it_is(
    flow: ServerProcess,
) -> None:
    async with editor() as one, connect(flow.url) as client:
        session = (await client.start("asks")).session_id
        await one.launch(
            "", attach=True, url=flow.http_url, sessionId=session, noDebug=True, functions=["other"]
        )
        await one.event("stepwire/asks")
        assert not (await client.session(session)).debug_mode
        await one.ask("evaluate", expression='respond "yes"', context="repl")
        await one.event("output", lambda body: "told yes" in body["output"])
        await one.ask("disconnect", terminateDebuggee=False)
        assert not (await client.session(session)).debug_mode
