"""How much one owner may have and ask for: each over-run says which limit that was, and is nobody else's."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langgraph.config import get_store, get_stream_writer

from rpc.sessions.quotas import WINDOW_SECONDS, wait_ms
from tests.auth.people import as_peer, by_header, headers_of
from tests.support import small_graphs
from tests.support.in_process import Serve, Served
from tests.support.peer import Peer, Refused, peer
from tests.support.polling import until_true

GRAPHS = {
    "greeter": small_graphs.greeter,
    "waiting": small_graphs.waiting,
    "filling": small_graphs.filling,
}


async def remember(state: Any) -> Any:
    """Remembers a long text under the query."""
    await get_store().aput(("notes",), state["query"], {"text": "x" * 100_000})
    return {}


def remember_plainly(state: Any) -> Any:
    """As `remember`, in a thread."""
    get_store().put(("notes",), state["query"], {"text": "x" * 100_000})
    return {}


async def write_on(state: small_graphs.State) -> small_graphs.State:
    """Writes until somebody ends it."""
    writer = get_stream_writer()
    while True:
        writer("x" * 10_000)
        await asyncio.sleep(0.001)


async def large_event(state: small_graphs.State) -> small_graphs.State:
    """Writes an event of as many bytes as the query says, and goes on whatever becomes of that."""
    with suppress(RuntimeError):
        get_stream_writer()("x" * int(state["query"]))
    return {"said": ["written"]}


async def large_update(state: small_graphs.State) -> small_graphs.State:
    """Ends with as many bytes as the query says."""
    return {"said": ["x" * int(state["query"])]}


@asynccontextmanager
async def two(server: Served) -> AsyncIterator[tuple[Peer, Peer]]:
    """Alice and bob, each on a socket."""
    async with as_peer(server.url, "alice") as alice, as_peer(server.url, "bob") as bob:
        yield alice, bob


async def over(one: Peer, method: str = "query.start", /, **params: Any) -> dict[str, Any]:
    """What a call is refused with."""
    answer = await one.answer(method, params)
    error: dict[str, Any] = answer["error"]["data"]
    return error


async def test_queries_a_minute(serve: Serve) -> None:
    """Of an owner's, on whatever wire, over restarts; a repeated request is none, and deleting gives nothing back."""
    async with (
        serve(GRAPHS, by_header, max_queries_per_minute=3) as server,
        two(server) as (alice, bob),
    ):
        started = await alice.run("1", idempotency_key="k")
        await alice.call("query.start", query="1", idempotency_key="k")
        await alice.run("2", session_id=started.session_id)
        await alice.run("3")
        await alice.call("session.delete", session_id=started.session_id)
        assert (await bob.run("1")).status == "completed"
    async with serve(GRAPHS, by_header, max_queries_per_minute=3) as server:
        async with two(server) as (alice, bob):
            error = await over(alice, query="4")
            assert error["type"] == "rate_limited"
            assert error["limit"] == {"name": "max_queries_per_minute", "value": 3}
            assert 0 < error["retry_after_ms"] <= WINDOW_SECONDS * 1000
            assert (await alice.call("session.list"))["total"] == 1
            await bob.run("2")
            await bob.run("3")
            assert (await over(bob, query="4"))["type"] == "rate_limited"
        async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
            answer = await http.post(
                "/v1/orchestrator/query", json={"query": "4"}, headers=headers_of("alice")
            )
            assert answer.status_code == 429
            assert 0 < int(answer.headers["retry-after"]) <= WINDOW_SECONDS


@settings(deadline=None)
@given(
    counts=st.dictionaries(st.integers(0, 59), st.integers(1, 5), min_size=1),
    limit=st.integers(1, 20),
    fraction=st.floats(0, 0.999),
)
def test_who_waits_as_long_as_told_is_let_in(
    counts: dict[int, int], limit: int, fraction: float
) -> None:
    """And no earlier than he must be: a moment before there were too many still."""
    now = 1059 + fraction
    started = [(1000 + second, count) for second, count in sorted(counts.items())]
    waits = wait_ms(started, 0, limit, now)

    def counted(at: float) -> int:
        return sum(count for second, count in started if second > int(at) - WINDOW_SECONDS)

    if waits == 0:
        assert counted(now) < limit
    else:
        assert counted(now + waits / 1000) < limit
        assert counted(now + waits / 1000 - 0.01) >= limit


async def test_sessions_of_one_owner(serve: Serve) -> None:
    """So many, however many are asked for at once; a follow-up makes none, and deleting one makes room."""
    async with (
        serve(GRAPHS, by_header, max_sessions_per_owner=2) as server,
        two(server) as (alice, bob),
    ):
        answers = await asyncio.gather(
            *(alice.answer("query.start", {"query": str(n)}) for n in range(8))
        )
        made = [one["result"]["session_id"] for one in answers if "result" in one]
        errors = [one["error"]["data"] for one in answers if "error" in one]
        assert (len(made), len(errors)) == (2, 6)
        assert {one["type"] for one in errors} == {"quota_exceeded"}
        assert errors[0]["limit"] == {"name": "max_sessions_per_owner", "value": 2}
        # Waiting does not help.
        assert "retry_after_ms" not in errors[0]
        await asyncio.gather(*map(alice.settled, made))
        assert (await alice.run("again", session_id=made[0])).status == "completed"
        assert (await bob.run("1")).status == "completed"
    async with (
        serve(GRAPHS, by_header, max_sessions_per_owner=2) as server,
        httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http,
    ):
        mine = headers_of("alice")
        answer = await http.post("/v1/orchestrator/query", json={"query": "x"}, headers=mine)
        assert answer.status_code == 403
        assert answer.json()["limit"] == {"name": "max_sessions_per_owner", "value": 2}
        gone = await http.delete(f"/v1/orchestrator/session/{made[0]}", headers=mine)
        assert gone.status_code == 200
        answer = await http.post("/v1/orchestrator/query", json={"query": "x"}, headers=mine)
        assert answer.status_code in (200, 201, 202)
        # Of bob's, an admin makes for him what he may.
        admin = headers_of("root", "admin", **{"stepwire-owner": "bob"})
        statuses = [
            (await http.post("/v1/orchestrator/query", json={"query": "x"}, headers=admin))
            for _ in range(2)
        ]
        assert [one.status_code == 403 for one in statuses] == [False, True]


async def test_threads_of_langgraphs_clients_are_sessions_too(serve: Serve) -> None:
    """Made without a query, or copied: on no wire there is a way around."""
    async with (
        serve(GRAPHS, by_header, max_sessions_per_owner=2) as server,
        httpx.AsyncClient(
            base_url=server.http_url, headers=headers_of("alice"), trust_env=False
        ) as http,
    ):
        made = await http.post("/threads", json={})
        assert made.status_code == 200, made.text
        assert (await http.post(f"/threads/{made.json()['thread_id']}/copy")).status_code == 200
        for path in ("/threads", f"/threads/{made.json()['thread_id']}/copy"):
            refused = await http.post(path, json={})
            assert refused.status_code == 403
            assert "max_sessions_per_owner" in refused.text or "2 sessions" in refused.text
        assert (await http.post("/threads/count", json={})).json() == 2
        bob = await http.post("/threads", json={}, headers=headers_of("bob"))
        assert bob.status_code == 200


async def test_stored_bytes_of_one_owner(serve: Serve) -> None:
    """Past them nothing is started, until something is deleted; and others go on."""
    settings: dict[str, Any] = {"max_stored_bytes_per_owner": 300_000}
    async with serve(GRAPHS, by_header, **settings) as server, two(server) as (alice, bob):
        full = await alice.run("40", graph="filling")
        error = await over(alice, query="1")
        assert error["type"] == "quota_exceeded"
        assert error["limit"] == {"name": "max_stored_bytes_per_owner", "value": 300_000}
        assert (await bob.run("1")).status == "completed"
    async with serve(GRAPHS, by_header, **settings) as server, two(server) as (alice, bob):
        error = await over(alice, query="1", session_id=full.session_id)
        assert error["type"] == "quota_exceeded"
        await alice.call("session.delete", session_id=full.session_id)
        assert (await alice.run("1")).status == "completed"


@pytest.mark.parametrize("put", [remember, remember_plainly])
async def test_memories_of_one_owner(serve: Serve, put: Any) -> None:
    """A graph that remembers whatever it is told is no way around the limits; others remember on, and deleting makes room."""
    graphs = {**GRAPHS, "put": small_graphs.chain(put)}
    settings: dict[str, Any] = {"max_memory_bytes_per_owner": 250_000}
    async with serve(graphs, by_header, **settings) as server, two(server) as (alice, bob):
        for key in ("1", "2"):
            assert (await alice.run(key, graph="put")).status == "completed"
        full = await alice.run("3", graph="put")
        assert full.failure["type"] == "quota_exceeded"
        assert "max_memory_bytes_per_owner" in full.failure["message"]
        assert (await bob.run("1", graph="put")).status == "completed"
        assert (await alice.run("1")).status == "completed"
    # A restart counts what is there.
    async with serve(graphs, by_header, **settings) as server, two(server) as (alice, bob):
        async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
            item = {"namespace": ["notes"], "key": "4", "value": {"text": "x" * 100_000}}
            refused = await http.put("/store/items", json=item, headers=headers_of("alice"))
            assert refused.status_code == 403
            kept = await http.put("/store/items", json=item, headers=headers_of("bob"))
            assert kept.status_code == 204
            first = {"namespace": ["notes"], "key": "1"}
            await http.request("DELETE", "/store/items", json=first, headers=headers_of("alice"))
        assert (await alice.run("5", graph="put")).status == "completed"
        assert (await alice.run("6", graph="put")).failure["type"] == "quota_exceeded"


async def test_edits_and_rewinds_are_no_way_around(serve: Serve) -> None:
    """Whoever may edit could keep whatever they like in the state of a session that stands."""
    async with serve(GRAPHS, by_header, max_stored_bytes_per_owner=300_000) as server:
        async with as_peer(server.url, "alice") as alice:
            stands = await alice.run("x", debug_mode=True)
            mine = {"session_id": stands.session_id}
            errors: list[str] = []
            for number in range(8):
                values = {"query": f"{number}" * 100_000}
                answer = await alice.answer("debug.setState", {**mine, "values": values})
                if "error" in answer:
                    errors.append(answer["error"]["data"]["type"])
            assert set(errors) == {"quota_exceeded"}
            assert len(errors) >= 4
            back = (await alice.call("debug.history", **mine))["checkpoints"][-1]["checkpoint_id"]
            assert (await over(alice, "debug.rewind", **mine, checkpoint_id=back))[
                "type"
            ] == "quota_exceeded"
        async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
            answer = await http.post(
                f"/threads/{stands.session_id}/state",
                json={"values": {"query": "y"}},
                headers=headers_of("alice"),
            )
            assert answer.status_code == 403


async def test_a_run_that_writes_on_is_ended(serve: Serve) -> None:
    """A limit that holds only where something starts would be none; it can go on once there is room."""
    graphs = {"on": small_graphs.chain(write_on), **GRAPHS}
    settings: dict[str, Any] = {"max_stored_bytes_per_owner": 300_000}
    async with serve(graphs, by_header, **settings) as server, two(server) as (alice, bob):
        begun = await bob.call("query.start", query="x", graph="waiting")
        await bob.event(begun["session_id"], "node.started")
        story = await alice.run("x", graph="on")
        assert story.status == "failed"
        assert story.failure["type"] == "quota_exceeded"
        assert "max_stored_bytes_per_owner" in story.failure["message"]
        got = await bob.call("session.get", session_id=begun["session_id"])
        assert got["status"] == "running"


async def test_runs_at_once_of_one_owner(serve: Serve) -> None:
    """Further ones stand in line, beside places that are free for others."""
    settings: dict[str, Any] = {"max_running": 4, "max_running_per_owner": 1}
    async with serve(GRAPHS, by_header, **settings) as server, two(server) as (alice, bob):
        started = [
            (await alice.call("query.start", query="x", graph="waiting"))["session_id"]
            for _ in range(3)
        ]
        await alice.event(started[0], "node.started")
        mine = await bob.call("query.start", query="x", graph="waiting")
        await bob.event(mine["session_id"], "node.started")
        listed = await alice.call("session.list")
        assert [one["status"] for one in listed["sessions"]] == ["queued", "queued", "running"]
        await alice.call("query.cancel", session_id=started[0])
        await alice.event(started[1], "node.started")
        listed = await alice.call("session.list")
        assert [one["status"] for one in listed["sessions"]] == ["queued", "running", "cancelled"]


async def test_runs_that_are_recovered_are_their_owners(serve: Serve) -> None:
    """After a restart nobody has more places than before."""
    settings: dict[str, Any] = {"max_running": 4, "max_running_per_owner": 1}
    async with serve(GRAPHS, by_header, **settings) as server, two(server) as (alice, bob):
        for one in (alice, alice, bob):
            started = await one.call("query.start", query="x", graph="waiting")
        await bob.event(started["session_id"], "node.started")
    async with serve(GRAPHS, by_header, **settings) as server, two(server) as (alice, bob):
        await server.core.recover()
        await bob.call("session.subscribe", session_id=started["session_id"])
        await bob.event(started["session_id"], "node.started", 2)
        slots = server.core.sessions.executor.slots  # type: ignore[attr-defined]
        await until_true(lambda: slots.taken == {"owner alice": 1, "owner bob": 1})


async def test_an_event_that_is_too_large(serve: Serve) -> None:
    """Its node has failed, also where it does not heed that; what is in the log is whole, and the server goes on."""
    graphs = {
        "event": small_graphs.chain(large_event, small_graphs.hello),
        "update": small_graphs.chain(large_update, small_graphs.hello),
    }
    async with (
        serve(graphs, by_header, max_event_bytes=100_000) as server,
        as_peer(server.url, "alice") as alice,
    ):
        for graph, node in (("event", "large_event"), ("update", "large_update")):
            story = await alice.run("200000", graph=graph)
            assert story.status == "failed", graph
            assert story.failure["type"] == "event_too_large"
            assert "max_event_bytes" in story.failure["message"]
            assert "100000" in story.failure["message"]
            started = story.paths("node.started")
            assert started == [node]
            ends = story.of("node.failed", "node.finished", "node.cancelled")
            assert [one["path"] for one in ends] == [node]
            assert (await alice.run("1000", graph=graph)).status == "completed"


async def test_a_result_that_is_too_large(serve: Serve) -> None:
    """The run has failed by it, and says so; the state that the graph came to is there to be looked at."""
    graph = small_graphs.chain(large_update)
    async with (
        serve(graph, by_header, max_result_bytes=10_000) as server,
        as_peer(server.url, "alice") as alice,
    ):
        story = await alice.run("20000")
        assert story.status == "failed"
        assert story.failure["type"] == "result_too_large"
        assert "max_result_bytes" in story.failure["message"]
        assert story.of("query.result") == []
        found = await alice.call("debug.inspect", session_id=story.session_id)
        assert found["values"]["said"][0]["$cut"]["length"] == 20_000
        assert (await alice.run("5000")).status == "completed"


async def test_what_holds_is_shown(serve: Serve) -> None:
    """To each what holds for them: where nobody says who they are, only what was set does."""
    names = (
        "max_queries_per_minute",
        "max_sessions_per_owner",
        "max_stored_bytes_per_owner",
        "max_memory_bytes_per_owner",
    )
    async with serve(GRAPHS, by_header) as server, as_peer(server.url, "alice") as alice:
        limits = (await alice.call("server.info"))["limits"]
        assert [limits[name] for name in names] == [600, 100_000, 10 * 1024**3, 1024**3]
        assert limits["recover_limit"] == 3
        assert limits["max_event_bytes"] == limits["max_result_bytes"] == 256 * 1024**2
    async with serve(GRAPHS) as server, peer(server.url) as one:
        limits = (await one.call("server.info"))["limits"]
        assert [limits[name] for name in names] == [0, 0, 0, 0]
    async with serve(GRAPHS, max_sessions_per_owner=1) as server, peer(server.url) as one:
        assert (await one.call("server.info"))["limits"]["max_sessions_per_owner"] == 1
        await one.run("x")
        with pytest.raises(Refused) as refused:
            await one.call("query.start", query="y")
        assert refused.value.type == "quota_exceeded"


async def test_what_is_refused_is_counted_by_its_limit(serve: Serve) -> None:
    """An operator sees who to give more."""
    async with serve(GRAPHS, by_header, max_sessions_per_owner=1) as server:
        async with as_peer(server.url, "alice") as alice:
            await alice.run("x")
            await over(alice, query="y")
        async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
            text = (await http.get("/metrics", headers=headers_of("root", "admin"))).text
            assert 'limit="max_sessions_per_owner"} 1.0' in text


async def taken_before_the_limit(one: Peer) -> int:
    """How many of its calls were answered before one was refused for its rate."""
    for taken in range(99):
        answer = await one.answer("server.info", {})
        if "error" in answer:
            assert answer["error"]["data"]["type"] == "rate_limited"
            return taken
    raise AssertionError("none was refused")


async def test_rates_are_an_owners_from_wherever(serve: Serve) -> None:
    """Two owners behind one address do not take each other's, and one behind two has one."""
    settings: dict[str, Any] = {"rate_limit_per_second": 1, "rate_limit_burst": 4}
    async with serve(GRAPHS, by_header, **settings) as server:
        async with two(server) as (alice, bob):
            began = time.monotonic()
            taken = await taken_before_the_limit(alice)
            assert taken >= 4
            assert (await bob.call("server.info"))["name"] == "stepwire"
        options = headers_of("alice")
        async with peer(
            server.url, local_addr=("127.0.0.2", 0), additional_headers=options
        ) as again:
            taken += await taken_before_the_limit(again)
        # One a second comes back.
        assert taken <= 4 + (time.monotonic() - began)
