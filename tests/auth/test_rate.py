"""The limit on one client's requests: the same for every transport, and off where nobody set it."""

import time
from collections.abc import Iterator

import httpx
import pytest
from starlette.datastructures import Address

from protocol.errors import RATE_LIMITED, ProtocolError
from rpc.auth.rate import LOCAL, MAX_CLIENTS, RateLimit, client_address, rate_limit
from tests.support.peer import peer
from tests.support.server_process import ServerProcess

GRAPH = "tests/support/small_graphs.py:greeter"
BURST = 5


@pytest.fixture
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that takes one request a second, and five at once."""
    settings = {"rate_limit_per_second": 1, "rate_limit_burst": BURST}
    process = ServerProcess([GRAPH], tmp_path_factory.mktemp("data"), settings=settings).start()
    yield process
    process.close()


class Allowed:
    """How many may have been taken since it was made: a burst, and one more a second for who had to wait for a processor."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def __contains__(self, taken: int) -> bool:
        return BURST <= taken <= BURST + int(time.monotonic() - self.began)


def first_refused(answers: Iterator[httpx.Response]) -> tuple[int, httpx.Response]:
    """How many were taken before one was refused, and that one."""
    for taken, answer in enumerate(answers):
        if answer.status_code != 200 or "retry-after" in answer.headers:
            return taken, answer
    raise AssertionError("none was refused")


def test_rest_answers_429_and_says_when_to_try_again(limited: ServerProcess) -> None:
    with httpx.Client(base_url=limited.http_url, trust_env=False, timeout=60) as http:
        allowed = Allowed()
        taken, refused = first_refused(http.get("/v1/orchestrator/sessions") for _ in range(99))
        assert taken in allowed
        assert refused.status_code == 429
        assert refused.headers["retry-after"] in ("1", "2")
        problem = refused.json()
        assert problem["type"].endswith("#rate_limited")
        assert 0 < problem["retry_after_ms"] <= 2000
        # Who watches over the server is not counted.
        for path in ("/health", "/livez", "/readyz"):
            assert http.get(path).status_code != 429


async def test_a_socket_and_a_batch_are_counted_request_by_request(limited: ServerProcess) -> None:
    async with peer(limited.url) as client:
        batch = [{"jsonrpc": "2.0", "id": number, "method": "server.info"} for number in range(99)]
        allowed = Allowed()
        answers = await client.exchange(batch)
        failed = [answer["error"] for answer in answers if "error" in answer]
        assert failed
        assert len(batch) - len(failed) in allowed
        for error in failed:
            assert (error["code"], error["data"]["type"]) == (-32006, "rate_limited")
            assert error["data"]["retry_after_ms"] > 0
        # One address has one allowance, however it comes.
        async with httpx.AsyncClient(base_url=limited.http_url, trust_env=False) as http:
            taken = 0
            while (await http.get("/v1/orchestrator/sessions")).status_code == 200:
                taken += 1
            assert len(batch) - len(failed) + taken in allowed


async def test_what_does_not_exist_is_counted_too(limited: ServerProcess) -> None:
    """Whoever tries names must not have more tries than whoever calls."""
    async with peer(limited.url) as client:
        batch = [{"jsonrpc": "2.0", "id": number, "method": "no.such"} for number in range(99)]
        allowed = Allowed()
        answers = await client.exchange(batch)
    types = [answer["error"]["data"]["type"] for answer in answers]
    assert set(types) == {"method_not_found", "rate_limited"}
    assert types.count("method_not_found") in allowed


def test_a_post_of_json_rpc_keeps_200_and_says_when_to_try_again(limited: ServerProcess) -> None:
    """HTTP says that the message was taken, the error object that the call was not; a client's retries read the header."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "server.info"}
    with httpx.Client(base_url=limited.http_url, trust_env=False, timeout=60) as http:
        taken = http.post("/rpc", json=[call] * BURST)
        assert "retry-after" not in taken.headers
        for body in (call, [call] * 9):
            _, refused = first_refused(http.post("/rpc", json=body) for _ in range(99))
            assert refused.status_code == 200
            assert refused.headers["retry-after"] in ("1", "2")
            answers = refused.json() if isinstance(body, list) else [refused.json()]
            assert {one["error"]["data"]["type"] for one in answers if "error" in one} == {
                "rate_limited"
            }


def test_the_allowance_comes_back() -> None:
    limit = RateLimit(per_second=1, burst=1)
    limit.admit("one")
    with pytest.raises(ProtocolError) as caught:
        limit.admit("one")
    assert caught.value.error is RATE_LIMITED
    assert caught.value.retry_after_ms is not None
    assert 1 <= caught.value.retry_after_ms <= 1000
    # Nobody else waits for it.
    limit.admit("another")


def test_it_remembers_a_bounded_number_of_clients() -> None:
    limit = RateLimit(per_second=1, burst=1)
    for number in range(MAX_CLIENTS + 100):
        limit.admit(f"client {number}")
    assert len(limit.throttle._store._backend.get_client()) == MAX_CLIENTS  # type: ignore[attr-defined]


def test_it_is_off_where_nobody_set_it() -> None:
    assert rate_limit(0, BURST) is None


@pytest.mark.parametrize(
    ("host", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_who_a_request_counts_for(host: str, counted_as: str) -> None:
    assert client_address(Address(host, 1)) == counted_as


def test_a_unix_socket_has_no_address() -> None:
    assert client_address(None) == LOCAL
