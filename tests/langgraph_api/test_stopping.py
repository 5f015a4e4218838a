"""A server that stops keeps nobody: what is open is cut off, and who comes back to the next one misses nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from msgspec import json

from tests.langgraph_api.sdk import sdk_at
from tests.support.polling import until_true
from tests.support.server_process import ServerProcess

GRAPH = "gated=tests/langgraph_api/graphs.py:gated"


class Following:
    """A stream that is read until it is over, however that comes."""

    def __init__(self, http: httpx.AsyncClient, verb: str, path: str, **more: Any) -> None:
        self.began = asyncio.Event()
        self.ids: list[str] = []
        self.text = ""
        self.location: str | None = None
        self.torn = False
        self.task = asyncio.create_task(self._read(http, verb, path, more))

    async def _read(self, http: httpx.AsyncClient, verb: str, path: str, more: Any) -> None:
        try:
            async with http.stream(verb, path, **more) as answer:
                answer.raise_for_status()
                self.location = answer.headers.get("location")
                self.began.set()
                async for line in answer.aiter_lines():
                    self.text += line + "\n"
                    if line.startswith("id: "):
                        self.ids.append(line[4:])
        except httpx.RemoteProtocolError:
            self.torn = True


@pytest.mark.timeout(240)
async def test_what_is_open_is_cut_off_and_can_be_gone_on_with(tmp_path: Path) -> None:
    file = tmp_path / "go"
    # Who waited for the run's end would wait as long as this.
    process = ServerProcess([GRAPH], tmp_path / "data", settings={"shutdown_grace_seconds": 300})
    process.start()
    try:
        async with (
            sdk_at(process) as sdk,
            httpx.AsyncClient(base_url=process.http_url, trust_env=False, timeout=120) as http,
        ):
            thread = (await sdk.threads.create())["thread_id"]
            body = {
                "assistant_id": "gated",
                "input": {"file": str(file)},
                "stream_mode": ["values", "tasks"],
                # The server's end is not the client's.
                "on_disconnect": "cancel",
            }
            first = Following(http, "POST", f"/threads/{thread}/runs/stream", json=body)
            await first.began.wait()
            (run,) = await sdk.runs.list(thread)
            of_run = f"/threads/{thread}/runs/{run['run_id']}"
            streams = [
                first,
                Following(http, "GET", f"{of_run}/join"),
                Following(http, "GET", f"{of_run}/stream"),
                Following(http, "GET", f"/threads/{thread}/stream"),
                Following(
                    http,
                    "POST",
                    f"/threads/{thread}/stream/events",
                    json={"channels": ["lifecycle"]},
                ),
            ]
            url = f"ws://127.0.0.1:{process.port}/threads/{thread}/stream/events"
            async with websockets.connect(url, proxy=None) as socket:
                await socket.send('{"id": 1, "method": "agent.getTree"}')
                tree = json.decode(await socket.recv())
                assert tree["result"]["tree"]["status"] == "running"
                for one in streams:
                    await one.began.wait()
                # Where it is gone on from.
                await until_true(lambda: bool(first.ids))
                stopping = asyncio.create_task(asyncio.to_thread(process.stop))
                await asyncio.gather(*(one.task for one in streams))
                await socket.wait_closed()
                assert socket.close_code == 1012
            assert [one.torn for one in streams] == [True] * len(streams)
            # All went while the run was under way, and its node may end in the server's grace.
            assert not stopping.done()
            file.touch()
            assert await stopping == 0
            assert "ASGI" not in process.output
            process.restart()
            rest = Following(
                http,
                "GET",
                first.location or "",
                headers={"last-event-id": first.ids[-1]},
                params={"stream_mode": ["values", "tasks"]},
            )
            await rest.task
            assert not rest.torn
            whole = [part async for part in whole_run(sdk, thread, run["run_id"])]
            assert [*first.ids, *rest.ids] == [part.id for part in whole]
            assert (await sdk.runs.get(thread, run["run_id"]))["status"] == "success"
            assert whole[-1].data == {"file": str(file), "done": True}
    finally:
        process.close()


def whole_run(sdk: Any, thread: str, run_id: str) -> AsyncIterator[Any]:
    """All parts of a run that is over."""
    found: AsyncIterator[Any] = sdk.runs.join_stream(
        thread, run_id, stream_mode=["values", "tasks"], last_event_id="-1"
    )
    return found
