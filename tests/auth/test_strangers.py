"""Two owners on one server: neither can notice the other, in any method and any REST row."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
import pytest_asyncio

from protocol import langgraph
from protocol.methods import METHODS, Method
from protocol.principals import SCOPES, Scope
from protocol.rest import REST_ROWS, Row
from rpc.settings import Settings
from tests.auth.people import as_peer, by_header, headers_of, held, shown
from tests.support import graphs
from tests.support.in_process import Served, served
from tests.support.peer import Peer
from tests.support.probes import healthy

NUMBERS = count(1000)
NOBODYS = "0123456789a0123456789abcdef"
OF_SESSIONS = [
    method for method in METHODS.values() if "session_id" in method.params.__struct_fields__
]
ENDLESS = [
    row for row in REST_ROWS if row.stream and "session_id" not in row.call.params.__struct_fields__
]
"""Streams of no session: what they give comes later."""
OTHERS = set(METHODS) - {method.name for method in OF_SESSIONS}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Served, dict[str, str]]]:
    """A server on which alice has a session that is over, one that asks, and one that stands."""
    folder = Path(tmp_path_factory.mktemp("data"))
    settings = Settings(data_dir=str(folder), synchronous="normal", shutdown_grace_seconds=0.1)
    targets = {"flood": graphs.flood, "asks": graphs.asks}
    async with held(served(targets, settings, by_header)) as server:
        async with as_peer(server.url, "alice") as alice:
            over = await alice.run("one", graph="flood", session_name="semaglutide")
            asks = await alice.run("two", graph="asks")
            stands = await alice.run("three", graph="flood", debug_mode=True)
        yield (
            server,
            {"over": over.session_id, "asks": asks.session_id, "stands": stands.session_id},
        )


def params_of(method: Method, session_id: str) -> dict[str, Any]:
    return {**method.example[0], "session_id": session_id}


async def refusal(one: Peer, method: str, params: dict[str, Any]) -> Any:
    """The answer, whatever events come before it."""
    number = next(NUMBERS)
    await one.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})

    def found() -> Any:
        return next((f for f in one.frames if isinstance(f, dict) and f.get("id") == number), None)

    answer = await one.until(found, f"the answer of {method}")
    return {name: value for name, value in answer.items() if name != "id"}


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("method", OF_SESSIONS, ids=lambda method: method.name)
async def test_a_strangers_session_is_as_one_that_is_not_there(
    world: tuple[Served, dict[str, str]], method: Method
) -> None:
    server, sessions = world
    async with as_peer(server.url, "bob") as bob:
        there_is_none = await refusal(bob, method.name, params_of(method, NOBODYS))
        assert "error" in there_is_none
        for session_id in sessions.values():
            answer = await refusal(bob, method.name, params_of(method, session_id))
            assert shown(answer, session_id) == shown(there_is_none, NOBODYS)
        assert not [frame for frame in bob.frames if "method" in frame]
    # And it is there all the same.
    async with as_peer(server.url, "alice") as alice:
        for session_id in sessions.values():
            assert (await alice.call("session.get", session_id=session_id))["owner"] == "alice"


@pytest.mark.parametrize(
    "row",
    [row for row in REST_ROWS if row not in ENDLESS],
    ids=lambda row: f"{row.verb} {row.path}",
)
async def test_so_it_is_in_every_rest_row(world: tuple[Served, dict[str, str]], row: Row) -> None:
    server, sessions = world
    async with httpx.AsyncClient(
        base_url=server.http_url, headers=headers_of("bob"), trust_env=False
    ) as http:

        async def ask(session_id: str) -> tuple[int, str]:
            example = {**row.call.example[0], "session_id": session_id}
            path = row.path.replace("{session_id}", session_id)
            body = {name: value for name, value in example.items() if name in row.body_params}
            query = {
                name: value
                for name, value in example.items()
                if name in row.query and not row.body and not isinstance(value, list)
            }
            answer = await http.request(
                row.verb, path, params=query, json=body if row.body else None
            )
            return answer.status_code, shown(answer.text, session_id)

        if "session_id" not in row.call.params.__struct_fields__:
            text = (await ask(NOBODYS))[1]
            assert not [one for one in sessions.values() if one in text]
            return
        none = await ask(NOBODYS)
        assert none[0] == 404
        for session_id in sessions.values():
            assert await ask(session_id) == none


LANGGRAPH = [row for row in langgraph.ROWS if "{thread_id}" in row.path]
BODIES: dict[str, Any] = {
    "runs.create": {"assistant_id": "flood", "input": {"query": "x"}},
    "threads.updateState": {"values": {"query": "x"}},
}


@pytest.mark.parametrize("row", LANGGRAPH, ids=lambda row: f"{row.verb} {row.path}")
async def test_so_it_is_in_every_row_of_langgraphs_api(
    world: tuple[Served, dict[str, str]], row: langgraph.Row
) -> None:
    server, sessions = world
    async with httpx.AsyncClient(
        base_url=server.http_url, headers=headers_of("bob"), trust_env=False
    ) as http:

        async def ask(session_id: str, run_id: str) -> tuple[int, str]:
            names = {"thread_id": session_id, "run_id": run_id, "checkpoint_id": NOBODYS}
            body = None if row.verb in ("GET", "DELETE") else BODIES.get(row.method, {})
            answer = await http.request(row.verb, row.path.format(**names), json=body)
            return answer.status_code, shown(answer.text, session_id, run_id)

        none = await ask(NOBODYS, NOBODYS)
        assert none[0] == 404
        async with as_peer(server.url, "alice") as alice:
            for session_id in sessions.values():
                run_id = (await alice.call("session.get", session_id=session_id))["run_id"]
                assert await ask(session_id, run_id) == none


async def test_an_id_that_one_chooses_tells_nothing_but_that_it_is_taken(
    world: tuple[Served, dict[str, str]],
) -> None:
    """Whose it is, how it is and what is in it are not told, and ids are UUIDs: no name of a chat can be tried."""
    server, sessions = world
    async with (
        httpx.AsyncClient(
            base_url=server.http_url, headers=headers_of("bob"), trust_env=False
        ) as bob,
        httpx.AsyncClient(
            base_url=server.http_url, headers=headers_of("alice"), trust_env=False
        ) as alice,
    ):
        own = (await bob.post("/threads", json={})).json()["thread_id"]
        taken = await bob.post("/threads", json={"thread_id": own})
        run = {"assistant_id": "flood", "input": {"query": "x"}, "if_not_exists": "create"}
        for session_id in sessions.values():
            for more in ({}, {"if_exists": "do_nothing"}, {"metadata": {"a": 1}}):
                answer = await bob.post("/threads", json={"thread_id": session_id, **more})
                assert (answer.status_code, shown(answer.text, session_id)) == (
                    taken.status_code,
                    shown(taken.text, own),
                )
            assert (await bob.post(f"/threads/{session_id}/runs", json=run)).status_code == 409
        for name in ("chat", "alice", "1", "x" * 500):
            answer = await bob.post("/threads", json={"thread_id": name})
            assert (answer.status_code, answer.json()["path"]) == (422, "$.thread_id")
        made = await alice.post("/assistants", json={"graph_id": "flood", "name": "hers"})
        id = made.json()["assistant_id"]
        own = (await bob.post("/assistants", json={"graph_id": "flood"})).json()["assistant_id"]
        taken = await bob.post("/assistants", json={"graph_id": "flood", "assistant_id": own})
        for more in ({}, {"if_exists": "do_nothing"}):
            answer = await bob.post(
                "/assistants", json={"graph_id": "flood", "assistant_id": id, "name": "his", **more}
            )
            assert (answer.status_code, shown(answer.text, id)) == (
                taken.status_code,
                shown(taken.text, own),
            )
        assert (await alice.get(f"/assistants/{id}")).json()["name"] == "hers"
        for thread in (await bob.post("/threads/search", json={})).json():
            await bob.delete(f"/threads/{thread['thread_id']}")


async def test_nothing_of_others_is_in_langgraphs_lists(
    world: tuple[Served, dict[str, str]],
) -> None:
    """Nor can they be removed or cancelled in bulk."""
    server, sessions = world
    ids = list(sessions.values())
    async with httpx.AsyncClient(
        base_url=server.http_url, headers=headers_of("bob"), trust_env=False
    ) as http:
        for path, body in (
            ("/threads/search", {}),
            ("/threads/count", {}),
            ("/threads/prune", {"thread_ids": ids}),
            ("/runs/cancel", {"thread_id": ids[0], "run_ids": [NOBODYS]}),
            ("/runs/cancel", {"status": "all"}),
            ("/store/items/search", {"namespace_prefix": []}),
            ("/store/namespaces", {}),
            ("/assistants/search", {}),
        ):
            answer = await http.post(path, json=body)
            assert answer.status_code < 500, path
            assert "alice" not in answer.text, path
            if "thread_id" not in str(body):
                assert not [one for one in ids if one in answer.text], path
        assert (await http.post("/threads/search", json={})).json() == []
        assert (await http.post("/threads/count", json={})).json() == 0
    async with as_peer(server.url, "alice") as alice:
        statuses = [(await alice.call("session.get", session_id=one))["status"] for one in ids]
        assert statuses == ["failed", "waiting", "paused"]


async def test_lists_counts_and_searches_are_of_ones_own(
    world: tuple[Served, dict[str, str]],
) -> None:
    server, sessions = world
    async with as_peer(server.url, "bob") as bob, as_peer(server.url, "alice") as alice:
        for asked in (
            {},
            {"search": "semaglutide"},
            {"search": "se"},
            {"status": "waiting"},
            {"status": ["waiting", "paused"], "search": "tw"},
            {"graph": "flood"},
            {"id_prefix": sessions["over"][:8]},
            {"id_prefix": sessions["over"]},
        ):
            page = await bob.call("session.list", **asked)
            assert (page["sessions"], page["total"]) == ([], 0), asked
            hers = await alice.call("session.list", **asked)
            assert hers["total"] > 0, asked
        assert (await bob.call("server.info"))["active_sessions"] == 0


async def test_methods_that_are_of_no_session_tell_nothing_of_others(
    world: tuple[Served, dict[str, str]],
) -> None:
    server, sessions = world
    async with as_peer(server.url, "bob") as bob:
        for name in sorted(OTHERS):
            text = str(await refusal(bob, name, dict(METHODS[name].example[0])))
            assert not [one for one in (*sessions.values(), "alice") if one in text], name


async def test_a_feed_is_of_ones_own(world: tuple[Served, dict[str, str]]) -> None:
    """What is made, changed and deleted is told to its owner alone, live and afterwards, on each wire; nobody reads on at another's place."""
    server, _ = world
    assert [row.path for row in ENDLESS] == ["/v1/orchestrator/sessions/changes"]
    async with (
        as_peer(server.url, "erin") as erin,
        as_peer(server.url, "frank") as frank,
        httpx.AsyncClient(
            base_url=server.http_url, headers=headers_of("frank"), trust_env=False
        ) as http,
        http.stream("GET", ENDLESS[0].path) as stream,
    ):
        hers = (await erin.call("session.watch"))["cursor"]
        start = (await frank.call("session.watch"))["cursor"]
        secret = await erin.run("tell me", graph="flood", session_name="erin's own")
        await erin.call("session.update", session_id=secret.session_id, session_name="renamed")
        await erin.call("session.delete", session_id=secret.session_id)
        own = await frank.run("mine", graph="asks")

        def told() -> list[str]:
            changes = [f for f in frank.frames if f.get("method") == "session.changed"]
            return [change["params"]["session_id"] for change in changes]

        await frank.until(lambda: own.session_id in told(), "his own change")
        assert set(told()) == {own.session_id}
        async for line in stream.aiter_lines():
            assert secret.session_id not in line
            if own.session_id in line:
                break
        page = await frank.call("session.changes", cursor=start)
        assert {one["session_id"] for one in page["changes"]} == {own.session_id}
        answer = await refusal(frank, "session.changes", {"cursor": hers})
        assert secret.session_id not in str(answer)
        assert "erin" not in str([*frank.frames, page, answer])


async def test_two_owners_use_one_key(world: tuple[Served, dict[str, str]]) -> None:
    """The key of another is as if nobody had used it: other params are no conflict, the same ones no repeat."""
    server, _ = world
    started = {}
    async with as_peer(server.url, "carol") as carol, as_peer(server.url, "dave") as dave:
        for one, who in ((carol, "carol"), (dave, "dave")):
            run = await one.call("query.start", query=who, graph="asks", idempotency_key="k")
            again = await one.call("query.start", query=who, graph="asks", idempotency_key="k")
            assert (again["session_id"], again["run_id"]) == (run["session_id"], run["run_id"])
            started[who] = run["session_id"]
        assert started["carol"] != started["dave"]
        for one, who in ((carol, "carol"), (dave, "dave")):
            page = await one.call("session.list")
            assert [row["session_id"] for row in page["sessions"]] == [started[who]]


async def test_who_says_nothing_is_let_in_nowhere(world: tuple[Served, dict[str, str]]) -> None:
    server, sessions = world
    async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
        for row in REST_ROWS:
            path = row.path.replace("{session_id}", sessions["over"])
            answer = await http.request(row.verb, path)
            assert answer.status_code == 401, row
            assert answer.headers["www-authenticate"].startswith("Bearer ")
            assert answer.json()["type"].endswith("#unauthorized")
        posted = await http.post("/rpc", json={"jsonrpc": "2.0", "id": 1, "method": "server.info"})
        assert posted.status_code == 401
        assert posted.json()["error"]["data"]["type"] == "unauthorized"
        # Load balancers need not, and are told nothing.
        health = await healthy(http)
        assert (health.status_code, health.json()["active_sessions"]) == (200, None)
        hers = await healthy(http, headers_of("alice"))
        assert hers.json()["active_sessions"] == 0


async def test_every_method_has_a_rule_and_it_holds(world: tuple[Served, dict[str, str]]) -> None:
    """A new method without one does not get past here."""
    server, _ = world
    for method in METHODS.values():
        assert method.scope in get_args(Scope), method.name
        # What changes something is not allowed to who may only look.
        assert method.looks == (method.scope == "read"), method.name
    for scope in SCOPES[:3]:
        async with as_peer(server.url, "alice", scope) as alice:
            for method in METHODS.values():
                params = dict(method.example[0])
                if "session_id" in params:
                    params = params_of(method, NOBODYS)
                answer = await refusal(alice, method.name, params)
                refused = answer.get("error", {}).get("data", {}).get("type") == "forbidden"
                wants_debug = method.name == "query.start" and (
                    params.get("debug_mode") or params.get("breakpoints")
                )
                allowed = SCOPES.index("debug" if wants_debug else method.scope)
                assert refused == (SCOPES.index(scope) < allowed), (method.name, scope)


async def test_a_debugged_query_needs_more_than_a_query(
    world: tuple[Served, dict[str, str]],
) -> None:
    server, _ = world
    async with as_peer(server.url, "erin", "run") as erin:
        for more in ({"debug_mode": True}, {"breakpoints": ["ask"]}, {"debugger_id": "one"}):
            answer = await refusal(erin, "query.start", {"query": "x", **more})
            assert answer["error"]["data"]["type"] == "forbidden"
            assert "`debug`" in answer["error"]["data"]["detail"]
        assert (await erin.call("session.list"))["total"] == 0
    async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
        answer = await http.post(
            "/v1/orchestrator/query",
            json={"query": "x", "debug_mode": True},
            headers=headers_of("erin", "run"),
        )
        assert answer.status_code == 403
        assert 'scope="debug"' in answer.headers["www-authenticate"]


async def test_an_admin_names_whose_sessions_are_meant(
    world: tuple[Served, dict[str, str]],
) -> None:
    """Not by accident: without a name they are the admin's own."""
    server, sessions = world
    mine = set(sessions.values())

    def ids(page: dict[str, Any]) -> set[str]:
        return {row["session_id"] for row in page["sessions"]}

    async with as_peer(server.url, "root", "admin") as root:
        assert (await root.call("session.list"))["total"] == 0
        # A session that an admin starts for somebody is theirs.
        started = await root.call("query.start", query="x", graph="asks", _meta={"owner": "frank"})
        hers = await root.call("session.list", _meta={"owner": "alice"})
        assert ids(hers) >= mine
        everybodys = await root.call("session.list", _meta={"owner": "*"}, limit=1000)
        assert ids(everybodys) > mine
        for meta in ({"owner": "alice"}, {"owner": "*"}):
            found = await root.call("session.get", session_id=sessions["over"], _meta=meta)
            assert found["owner"] == "alice"
        answer = await refusal(
            root, "session.get", {"session_id": sessions["over"], "_meta": {"owner": "bob"}}
        )
        assert answer["error"]["data"]["type"] == "session_not_found"
        # One message of a batch does not speak for the others.
        get = {"session_id": sessions["over"]}
        batch = await root.exchange(
            [
                {"jsonrpc": "2.0", "id": 1, "method": "session.get", "params": get},
                {
                    "jsonrpc": "2.0",
                    "id": 2,
                    "method": "session.get",
                    "params": {**get, "_meta": {"owner": "alice"}},
                },
            ]
        )
        assert {one["id"]: "result" in one for one in batch} == {1: False, 2: True}
        answer = await refusal(root, "query.start", {"query": "x", "_meta": {"owner": "*"}})
        assert answer["error"]["data"]["type"] == "invalid_params"
    async with as_peer(server.url, "frank") as frank:
        assert (await frank.call("session.list"))["sessions"][0]["session_id"] == started[
            "session_id"
        ]
    async with as_peer(server.url, "root", "admin", **{"stepwire-owner": "alice"}) as root:
        assert ids(await root.call("session.list")) >= mine


async def test_who_is_no_admin_may_name_nobody_else(
    world: tuple[Served, dict[str, str]],
) -> None:
    server, sessions = world
    async with as_peer(server.url, "bob") as bob:
        for owner in ("alice", "*", "nobody"):
            answer = await refusal(
                bob, "session.get", {"session_id": sessions["over"], "_meta": {"owner": owner}}
            )
            assert answer["error"]["data"]["type"] == "forbidden"
            assert owner not in answer["error"]["data"]["detail"].replace("another owner", "")
        assert (await bob.call("session.list", _meta={"owner": "bob"}))["total"] == 0
    async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
        answer = await http.get(
            "/v1/orchestrator/sessions", headers=headers_of("bob", **{"stepwire-owner": "alice"})
        )
        assert answer.status_code == 403
