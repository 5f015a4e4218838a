"""Traces, as a collector gets them: one from a client's span to each node, whatever happens to the server meanwhile."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect as websocket

from rpc.client import connect
from tests.conftest import StartServer
from tests.support.collector import Collector
from tests.support.server_process import ROOT, clean_environment

LOGS = "logs=tests/support/logging_graphs.py:logs"
ASKS = "asks=tests/support/graphs.py:asks"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CLIENT = "00f067aa0ba902b7"
OTHER = "1111111111111111"


def traceparent(span: str) -> str:
    """As a client of ours would send it."""
    return f"00-{TRACE}-{span}-01"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as found:
        yield found


async def test_a_trace_goes_from_the_client_to_each_node(
    server: StartServer, collector: Collector
) -> None:
    """By the call itself, else by the socket's handshake, else by the request's header."""
    process = server(LOGS, env=collector.env, settings={"log_format": "json"})
    headers = {"traceparent": traceparent(OTHER)}
    async with websocket(process.url, additional_headers=headers, proxy=None) as socket:
        for id, meta in ((1, {"_meta": {"traceparent": traceparent(CLIENT)}}), (2, {})):
            call = {"method": "query.start", "params": {"query": "break", **meta}}
            await socket.send(json.dumps({"jsonrpc": "2.0", "id": id, **call}))
            while "query.failed" not in str(await socket.recv()):
                pass
    first, second = collector.wait("query.start", 2)
    assert (first.trace, first.parent) == (TRACE, CLIENT)
    assert (second.trace, second.parent) == (TRACE, OTHER)
    assert first.service == "stepwire"
    runs = {run.parent: run for run in collector.wait("run logs", 2)}
    run = runs[first.id]
    assert run.trace == TRACE
    assert run.attributes["stepwire.run_id"] == first.attributes["stepwire.run_id"]
    mine = {}
    for name in ("plain", "sub", "inside", "breaks"):
        mine[name] = next(
            one
            for one in collector.wait(name, 2)
            if one.attributes["stepwire.run_id"] == run.attributes["stepwire.run_id"]
        )
    assert {name: one.parent for name, one in mine.items()} == {
        "plain": run.id,
        "sub": run.id,
        "inside": mine["sub"].id,
        "breaks": run.id,
    }
    assert mine["inside"].attributes["stepwire.node"] == "sub/inside"
    # That it failed, and how; what it said may be of a patient.
    assert mine["breaks"].failed
    assert mine["breaks"].attributes["error.type"] == "ValueError"
    assert b"it broke" not in collector.raw
    assert not mine["plain"].failed

    request = urllib.request.Request(
        f"{process.http_url}/v1/orchestrator/session/none",
        headers={"traceparent": traceparent(CLIENT)},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with pytest.raises(urllib.error.HTTPError):
        opener.open(request, timeout=60)
    (get,) = collector.wait("session.get")
    assert (get.trace, get.parent, get.failed) == (TRACE, CLIENT, True)
    assert get.attributes["error.type"] == "session_not_found"

    # A line of the log leads to its span.
    logged = [json.loads(line) for line in process.said('"theirs"')]
    assert {line["trace_id"] for line in logged} == {TRACE}
    assert mine["inside"].id in {line["span_id"] for line in logged}


async def test_a_run_goes_on_with_its_trace_after_a_restart(
    server: StartServer, collector: Collector
) -> None:
    """A trace that ends at a crash would end where it gets interesting."""
    process = server(ASKS, "hangs=tests/support/graphs.py:hangs", env=collector.env)
    async with connect(process.url) as client:
        meta = {"traceparent": traceparent(CLIENT)}
        hangs = await client.call("query.start", query="x", graph="hangs", _meta=meta)
        asks = await client.call("query.start", query="x", graph="asks", _meta=meta)
        async for event in client.events(asks["session_id"], types=["input.requested"]):
            assert event.type == "input.requested"
            break
        async for event in client.events(hangs["session_id"], types=["progress"]):
            assert event.type == "progress"
            break
        starts = collector.wait("query.start", 2)
        collector.wait("run asks")
        process.kill9()
    process.restart()
    async with connect(process.url) as client:
        await client.respond(asks["session_id"], "red")
        # Its second one: it has gone on. One that is cancelled before has no second span.
        told = client.events(hangs["session_id"], types=["progress"])
        for _ in range(2):
            assert (await anext(told)).type == "progress"
        await client.cancel(hangs["session_id"])
    recovered = collector.wait("run hangs")[-1]
    assert recovered.attributes["stepwire.recovery"] == "restart"
    assert (recovered.trace, recovered.parent) == (TRACE, starts[0].id)
    (answer,) = collector.wait("query.respond")
    assert answer.trace != TRACE
    before, after = collector.wait("run asks", 2)
    assert (after.trace, after.parent) == (TRACE, starts[1].id)
    # Who set it going again is another trace's: a link leads there.
    assert after.links == [answer.id]
    assert not before.failed
    assert collector.wait("ask")[0].attributes["stepwire.rests"] is True


def test_nothing_of_it_is_loaded_where_nobody_asks() -> None:
    """It takes a quarter of a second, and threads."""
    code = (
        "import sys, asyncio, tempfile\n"
        "from rpc.core import open_core\n"
        "from rpc.settings import Settings\n"
        "async def main():\n"
        "    with tempfile.TemporaryDirectory() as folder:\n"
        "        settings = Settings(data_dir=folder)\n"
        "        async with open_core(settings, {'g': 'examples/minimal.py:graph'}):\n"
        "            print([m for m in sys.modules if m.startswith(('opentelemetry.exporter', 'prometheus_client', 'rpc.telemetry.otel'))])\n"
        "asyncio.run(main())\n"
    )
    env = {k: v for k, v in clean_environment().items() if not k.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_what_cannot_be_traced_is_said(server: StartServer) -> None:
    """A variable that is not heeded would be looked for in vain."""
    process = server(
        env={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    )
    assert process.said("no traces are made: the protocol of OTLP is 'grpc'; http/protobuf can be")
    with pytest.raises(
        RuntimeError, match="no traces can be made: OTEL_TRACES_EXPORTER is 'zipkin'"
    ):
        server(env={"OTEL_TRACES_EXPORTER": "zipkin"}, settings={"tracing": "on"})
