"""Pages of other origins: kept out unless they are let in, and then able to use the API."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.server_process import ServerProcess

GRAPH = "tests/support/small_graphs.py:greeter"
OURS = "https://app.example"
SESSIONS = "/v1/orchestrator/sessions"


@pytest.fixture(scope="module")
def open_to_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server that lets one origin in."""
    settings = {"allowed_origins": f"{OURS}/"}
    process = ServerProcess([GRAPH], tmp_path_factory.mktemp("data"), settings=settings).start()
    with httpx.Client(base_url=process.http_url, trust_env=False) as client:
        yield client
    process.close()


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server as it comes."""
    process = ServerProcess([GRAPH], tmp_path_factory.mktemp("data")).start()
    with httpx.Client(base_url=process.http_url, trust_env=False) as client:
        yield client
    process.close()


def preflight(client: httpx.Client, origin: str, verb: str, headers: str = "") -> httpx.Response:
    """What a browser asks before it sends."""
    asked = {"origin": origin, "access-control-request-method": verb}
    if headers:
        asked["access-control-request-headers"] = headers
    return client.options("/v1/orchestrator/query", headers=asked)


def allowed(response: httpx.Response) -> str | None:
    """Whose pages may read the answer."""
    return response.headers.get("access-control-allow-origin")


def test_a_page_of_an_allowed_origin_may_call_and_read(open_to_one: httpx.Client) -> None:
    asked = preflight(open_to_one, OURS, "POST", "content-type,last-event-id")
    assert asked.status_code == 200
    assert allowed(asked) == OURS
    assert "POST" in asked.headers["access-control-allow-methods"]
    response = open_to_one.post(
        "/v1/orchestrator/query", json={"query": "you"}, headers={"origin": OURS}
    )
    assert response.status_code == 200
    assert allowed(response) == OURS
    assert "origin" in response.headers["vary"].lower()
    # A page cannot see when to try again, unless it is told that it may.
    assert "retry-after" in response.headers["access-control-expose-headers"].lower()


def test_it_reads_errors_and_streams_too(open_to_one: httpx.Client) -> None:
    missing = open_to_one.get("/v1/orchestrator/session/nope", headers={"origin": OURS})
    assert (missing.status_code, allowed(missing)) == (404, OURS)
    url = open_to_one.post("/v1/orchestrator/query", json={"query": "you"}).json()["stream_url"]
    stream = open_to_one.get(url, headers={"origin": OURS})
    assert "event: done" in stream.text
    assert allowed(stream) == OURS


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_every_verb_that_is_served_is_allowed(open_to_one: httpx.Client, verb: str) -> None:
    """With headers that a project's own rules read, as front ends send them."""
    asked = preflight(open_to_one, OURS, verb, "content-type,prefer,x-api-key,x-auth-scheme,x-user")
    assert (asked.status_code, allowed(asked)) == (200, OURS)
    assert verb in asked.headers["access-control-allow-methods"]
    assert "x-user" in asked.headers["access-control-allow-headers"]


def test_a_page_reads_what_clients_of_langgraph_need(open_to_one: httpx.Client) -> None:
    """Which run it has begun, where it comes back to, and how a list goes on."""
    made = open_to_one.post(
        "/runs",
        json={"assistant_id": "greeter", "input": {"query": "you"}},
        headers={"origin": OURS},
    )
    assert made.status_code == 200, made.text
    exposed = made.headers["access-control-expose-headers"].lower()
    assert made.headers["content-location"]
    for name in ("location", "content-location", "x-pagination-total", "x-pagination-next"):
        assert name in [one.strip() for one in exposed.split(",")]


@pytest.mark.parametrize("verb", ["TRACE", "CONNECT"])
def test_verbs_that_are_not_served_are_not_allowed(open_to_one: httpx.Client, verb: str) -> None:
    assert preflight(open_to_one, OURS, verb).status_code == 400


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://app.example", "https://app.example.evil", "null"]
)
def test_any_other_origin_is_refused(open_to_one: httpx.Client, origin: str) -> None:
    for response in (
        open_to_one.get(SESSIONS, headers={"origin": origin}),
        preflight(open_to_one, origin, "POST"),
    ):
        assert response.status_code == 403
        assert response.headers["content-type"] == "application/problem+json"
        assert allowed(response) is None


def test_without_a_setting_there_is_no_cors(closed: httpx.Client) -> None:
    assert closed.get(SESSIONS, headers={"origin": OURS}).status_code == 403
    own = closed.get(SESSIONS, headers={"origin": str(closed.base_url).rstrip("/")})
    assert own.status_code == 200
    assert allowed(own) is None
    assert preflight(closed, OURS, "POST").status_code == 403
