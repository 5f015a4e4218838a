"""What Prometheus reads, by its own parser: whether it is true, and tells of nobody."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from rpc.client import Client, RpcError, connect
from rpc.server import serving
from rpc.settings import Settings
from tests.support.command import stepwire

GRAPHS = {
    name: f"tests/support/graphs.py:{name}" for name in ("flood", "asks", "fails", "hangs")
} | {"blocks": "tests/support/logging_graphs.py:blocks"}

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


async def scraped(http: httpx.AsyncClient) -> Samples:
    """Every sample, by name and labels."""
    answer = await http.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def of(samples: Samples, name: str, **labels: str) -> float:
    """One sample; 0 where there is none."""
    return samples.get((name, tuple(sorted(labels.items()))), 0)


@asynccontextmanager
async def served(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """To a server with `GRAPHS`, of which two runs may execute at a time."""
    settings = Settings(
        port=0,
        graphs=GRAPHS,
        data_dir=str(tmp_path),
        max_running=2,
        max_batch_size=2,
        blocked_seconds=0.2,
        cancel_grace_seconds=0.1,
    )
    async with (
        serving(settings, GRAPHS) as address,
        httpx.AsyncClient(base_url=address.http_url, trust_env=False) as client,
    ):
        yield client


def url(http: httpx.AsyncClient) -> str:
    """Of the WebSocket."""
    return f"{str(http.base_url).replace('http', 'ws').rstrip('/')}/rpc"


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until it holds. Raises `AssertionError`, which says what never did."""
    ends = time.monotonic() + 60
    while not await condition():
        assert time.monotonic() < ends, f"it never was {condition.__name__}"
        await asyncio.sleep(0.02)


async def ran(client: Client, query: str, graph: str) -> str:
    """The session of a run that is over, or asks."""
    run = await client.start(query, graph=graph)
    async for _ in client.follow(run.session_id):
        pass
    return run.session_id


async def test_what_was_asked_and_what_ran_is_counted(tmp_path: Path) -> None:
    """Each number is one that an operator acts on."""
    async with served(tmp_path) as http:
        before = await scraped(http)
        assert of(before, "stepwire_connections_open") == 0
        async with connect(url(http)) as client:
            session = await ran(client, "3", "flood")
            await ran(client, "x", "fails")
            asked = await ran(client, "x", "asks")
            with pytest.raises(RpcError):
                await client.call("session.get", session_id="none")
            with pytest.raises(RpcError):
                await client.call("debug.rm -rf", session_id="none")
            with pytest.raises(RpcError):
                await client.call("session.get", nonsense=1)

            async def over() -> bool:
                seen = await scraped(http)
                return all(of(seen, "stepwire_runs_running", graph=graph) == 0 for graph in GRAPHS)

            # An end is told, and then the place is free.
            await eventually(over)
            seen = await scraped(http)
            assert of(seen, "stepwire_connections_open") == 1
            assert of(seen, "stepwire_connections_total") == 1
            assert of(seen, "stepwire_requests_total", method="query.start", outcome="ok") == 3
            get = {"method": "session.get"}
            for outcome in ("session_not_found", "invalid_params"):
                assert of(seen, "stepwire_requests_total", outcome=outcome, **get) == 1
            unknown = {"method": "(unknown)", "outcome": "method_not_found"}
            assert of(seen, "stepwire_requests_total", **unknown) == 1
            assert of(seen, "stepwire_request_seconds_count", method="query.start") == 3
            assert 0 < of(seen, "stepwire_request_seconds_sum", method="query.start") < 60
            for graph, status in (("flood", "completed"), ("fails", "failed"), ("asks", "waiting")):
                assert of(seen, "stepwire_runs_total", graph=graph, status=status) == 1
            assert of(seen, "stepwire_run_seconds_count", graph="flood") == 1
            assert 0 < of(seen, "stepwire_run_seconds_sum", graph="flood") < 1000
            assert of(seen, "stepwire_sessions", status="waiting") == 1
            told = (await client.session(session)).seq + (await client.session(asked)).seq
            assert of(seen, "stepwire_events_total") > told
            assert of(seen, "stepwire_event_bytes_total") > 1000
            commits = of(seen, "stepwire_commit_seconds_count")
            assert commits >= 6
            assert of(seen, "stepwire_commit_seconds_bucket", le="+Inf") == commits
            assert of(seen, "stepwire_commit_units_sum") >= commits
            assert of(seen, "stepwire_database_bytes") > 10_000
            assert of(seen, "process_resident_memory_bytes") > 10_000_000
        labels = {value for _, pairs in seen for _, value in pairs}
        assert not {label for label in labels if session in label or "rm -rf" in label}


async def test_what_runs_and_what_waits_is_seen(tmp_path: Path) -> None:
    """Before a server is full, not after."""
    async with served(tmp_path) as http, connect(url(http)) as client:
        ids = [(await client.start("x", graph="hangs")).session_id for _ in range(3)]
        for session_id in ids:
            await client.call("session.subscribe", session_id=session_id)

        async def full() -> bool:
            seen = await scraped(http)
            return (
                of(seen, "stepwire_runs_running", graph="hangs") == 2
                and of(seen, "stepwire_runs_queued") == 1
                and of(seen, "stepwire_subscriptions") == 3
            )

        await eventually(full)
        for session_id in ids:
            await client.cancel(session_id)

        async def over() -> bool:
            return of(await scraped(http), "stepwire_runs_running", graph="hangs") == 0

        await eventually(over)
        seen = await scraped(http)
        assert of(seen, "stepwire_runs_total", graph="hangs", status="cancelled") == 3


async def test_over_runs_of_limits_are_seen(tmp_path: Path) -> None:
    """Who is refused may not be who complains."""
    async with served(tmp_path) as http:
        call = {"jsonrpc": "2.0", "id": 1, "method": "graph.list"}
        await http.post("/rpc", json=[call] * 3)
        await http.post("/rpc", json=[call] * 2)
        seen = await scraped(http)
        assert of(seen, "stepwire_rejected_total", limit="max_batch_size") == 1
        assert of(seen, "stepwire_requests_total", method="(unknown)", outcome="too_large") == 1
        assert of(seen, "stepwire_requests_total", method="graph.list", outcome="ok") == 2


async def test_a_node_that_blocks_and_a_thread_that_does_not_return_are_seen(
    tmp_path: Path,
) -> None:
    """Both are faults of a graph that slow everybody."""
    until_loop, until_thread = tmp_path / "loop", tmp_path / "thread"
    async with served(tmp_path / "data") as http, connect(url(http)) as client:
        run = await client.start(f"loop {until_loop}", graph="blocks")

        async def blocked() -> bool:
            return of(await scraped(http), "stepwire_graph_loops_blocked") == 1

        await eventually(blocked)
        await client.cancel(run.session_id)
        until_loop.touch()
        run = await client.start(f"thread {until_thread}", graph="blocks")
        # It is in its thread: before, nothing would be left there.
        async for event in client.events(run.session_id, types=["progress"]):
            assert event.type == "progress"
            break
        await client.cancel(run.session_id)

        async def abandoned() -> bool:
            return of(await scraped(http), "stepwire_node_threads_abandoned") == 1

        await eventually(abandoned)
        until_thread.touch()


async def test_two_servers_of_a_process_count_apart_and_off_is_off(tmp_path: Path) -> None:
    """Prometheus' own registry would be one for both, and refuse the second."""
    one = Settings(port=0, data_dir=str(tmp_path / "one"))
    two = Settings(port=0, data_dir=str(tmp_path / "two"))
    off = Settings(port=0, data_dir=str(tmp_path / "off"), metrics="off")
    graphs = {"flood": GRAPHS["flood"]}
    async with serving(one, graphs) as a, serving(two, graphs) as b, serving(off, graphs) as c:
        async with connect(a.rpc_url) as client:
            await ran(client, "1", "flood")
        counts = []
        for address in (a, b):
            async with httpx.AsyncClient(base_url=address.http_url, trust_env=False) as http:
                counts.append(of(await scraped(http), "stepwire_events_total"))
        assert counts[0] > 0
        assert counts[1] == 0
        async with httpx.AsyncClient(base_url=c.http_url, trust_env=False) as http:
            assert (await http.get("/metrics")).status_code == 404


async def test_what_never_becomes_a_request_is_seen(tmp_path: Path) -> None:
    """A server that is full, and somebody who tries tokens: neither has a method."""
    settings = Settings(
        port=0,
        data_dir=str(tmp_path),
        max_connections=3,
        auth="required",
    )
    graphs = {"flood": GRAPHS["flood"]}
    made = stepwire("token", "create", "me", "--scope", "admin", "--data-dir", str(tmp_path))
    headers = {"authorization": f"Bearer {made.stdout.strip()}"}
    async with (
        serving(settings, graphs) as address,
        # It keeps its connection: for another one there may be no place.
        httpx.AsyncClient(
            base_url=address.http_url, trust_env=False, limits=httpx.Limits(keepalive_expiry=None)
        ) as http,
    ):
        wrong = {"authorization": "Bearer sw_wrong"}
        assert (await http.get("/v1/orchestrator/sessions", headers=wrong)).status_code == 401
        assert (await http.get("/metrics", headers=wrong)).status_code == 401
        http.headers.update(headers)
        others = []
        for _ in range(4):
            others.append(await asyncio.open_connection(address.host, address.port))
        refused = await others[-1][0].read(1000)
        assert b" 503 " in refused
        for _, writer in others:
            writer.close()
        seen = await scraped(http)
        unauthorized = {"method": "(unknown)", "outcome": "unauthorized"}
        assert of(seen, "stepwire_requests_total", **unauthorized) == 2
        assert of(seen, "stepwire_rejected_total", limit="max_connections") >= 1
