"""A server that asks nobody who they are: for its own machine, and for nobody else."""

from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection
from starlette.routing import Mount
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from rpc.app import StepwireApp, create_app
from rpc.auth.tokens import digest, new_token
from rpc.listening import bind
from rpc.server import check_exposed, serving
from rpc.settings import Settings
from rpc.startup import StartupError
from rpc.storage.sqlite.tokens import TokenFile
from rpc.storage.tokens import TokenRecord
from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.probes import healthy

SESSIONS = "/v1/orchestrator/sessions"


def settings(folder: Path, **more: object) -> Settings:
    return Settings(data_dir=str(folder), synchronous="normal", **more)  # type: ignore[arg-type]


def asked(app: StepwireApp, client: tuple[str, int], **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=client)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)


@pytest.mark.parametrize(
    "header",
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"],
)
async def test_what_a_proxy_passed_on_is_from_somebody_else(serve: Serve, header: str) -> None:
    """On this machine too: it would let everybody in."""
    async with serve(small_graphs.greeter) as server:
        async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
            assert (await http.get(SESSIONS)).status_code == 200
            answer = await http.get(SESSIONS, headers={header: "127.0.0.1"})
            assert answer.status_code == 401
            assert "stepwire token create" in answer.json()["detail"]
            health = await healthy(http, {header: "127.0.0.1"})
            assert (health.status_code, health.json()["active_sessions"]) == (200, None)
        with pytest.raises(InvalidStatus) as refused:
            await connect(server.url, additional_headers={header: "127.0.0.1"}, proxy=None)
        assert refused.value.response.status_code == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.8.9.1", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("testclient", 200),
        ("192.0.2.7", 401),
        ("::ffff:192.0.2.7", 401),
        ("2001:db8::1", 401),
        ("", 401),
    ],
)
async def test_a_mounted_app_decides_by_its_peer(tmp_path: Path, host: str, status: int) -> None:
    app = create_app(small_graphs.greeter, settings(tmp_path))
    async with app.lifespan(), asked(app, (host, 5)) as http:
        assert (await http.get(SESSIONS)).status_code == status


async def test_who_insists_lets_everybody_in(tmp_path: Path) -> None:
    app = create_app(small_graphs.greeter, settings(tmp_path, insecure_no_auth=True))
    async with app.lifespan(), asked(app, ("192.0.2.7", 5), via="x") as http:
        assert (await http.get(SESSIONS)).status_code == 200


async def test_required_lets_nobody_in_without(tmp_path: Path) -> None:
    app = create_app(small_graphs.greeter, settings(tmp_path, auth="required"))
    async with app.lifespan(), asked(app, ("127.0.0.1", 5)) as http:
        assert (await http.get(SESSIONS)).status_code == 401


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
async def test_an_open_address_is_refused_at_start(tmp_path: Path, host: str) -> None:
    """With a sentence that says how to get in, and how to insist."""
    given = settings(tmp_path, host=host, port=0)
    try:
        listener = bind(given)
    except StartupError:
        pytest.skip("this machine has no IPv6")
    with pytest.raises(StartupError) as refused:
        async with serving(given, small_graphs.greeter, listener):
            pass
    for said in ("stepwire token create", str(tmp_path), "--insecure-no-auth"):
        assert said in str(refused.value)
    # Off is no authentication, whatever tokens there are.
    token = new_token()
    TokenFile(tmp_path).add(TokenRecord("x", "x", "x", ["read"], digest(token), 0))
    for more, refuses in (({}, False), ({"auth": "off"}, True), ({"auth": "required"}, False)):
        app = create_app(small_graphs.greeter, settings(tmp_path, host=host, **more))
        if refuses:
            with pytest.raises(StartupError):
                check_exposed(host, app.settings, app)
        else:
            check_exposed(host, app.settings, app)
    app = create_app(small_graphs.greeter, settings(tmp_path, auth="off", insecure_no_auth=True))
    check_exposed(host, app.settings, app)
    assert not ip_address(host).is_loopback


class _Backend(AuthenticationBackend):
    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, SimpleUser] | None:
        who = conn.headers.get("x-user")
        if who is None:
            return None
        scopes = ["authenticated", *conn.headers.get("x-may", "").split()]
        return AuthCredentials(scopes), SimpleUser(who)


async def test_the_parent_app_says_who_calls_where_it_is_asked(tmp_path: Path) -> None:
    app = create_app(small_graphs.greeter, settings(tmp_path), parent_user=True)
    parent = Starlette(
        routes=[Mount("/in", app)],
        middleware=[Middleware(AuthenticationMiddleware, backend=_Backend())],
    )
    async with (
        app.lifespan(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(parent, client=("127.0.0.1", 5)),
            base_url="http://127.0.0.1/in",
        ) as http,
    ):
        assert (await http.get(SESSIONS)).status_code == 401
        alice = {"x-user": "alice"}
        started = await http.post("/v1/orchestrator/query", json={"query": "x"}, headers=alice)
        assert started.status_code == 200
        listed = await http.get(SESSIONS, headers=alice)
        assert [row["owner"] for row in listed.json()["sessions"]] == ["alice"]
        assert (await http.get(SESSIONS, headers={"x-user": "bob"})).json()["total"] == 0
        reader = {"x-user": "alice", "x-may": "read"}
        assert (
            await http.post("/v1/orchestrator/query", json={"query": "x"}, headers=reader)
        ).status_code == 403
