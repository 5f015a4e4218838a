"""Credentials made up at random, in every way that carries some: nobody is let in, and nothing breaks."""

import base64
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jwt
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from protocol.rest import CREDENTIALS
from rpc.auth.tokens import new_token
from tests.auth.test_jwts import AUDIENCE, EC, ISSUER, OTHER, PEM, RSA, SECRET
from tests.auth.test_tokens import create
from tests.support.server_process import ServerProcess

SESSIONS = "/v1/orchestrator/sessions"
REFUSED = {400, 401, 429, 431}
EXAMPLES = 120


class World:
    """A server with a token, which takes JWTs too. Each request comes from another address: none waits for another's failures."""

    def __init__(self, process: ServerProcess, token: str) -> None:
        self.process = process
        self.token = token
        self.asked = 0

    def ask(self, head: bytes, body: bytes = b"", address: int | None = None) -> tuple[int, bytes]:
        """The status and the answer to a request that is written by hand."""
        self.asked += 1
        number = 256 + self.asked if address is None else address
        here = f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"
        where = ("127.0.0.1", self.process.port)
        with socket.create_connection(where, 60, source_address=(here, 0)) as wire:
            wire.sendall(head + b"\r\n" + body)
            answer = b""
            while part := wire.recv(65536):
                answer += part
        found = re.match(rb"HTTP/1\.1 (\d{3})", answer)
        assert found is not None, (head, answer)
        return int(found[1]), answer


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("data")
    key = tmp_path_factory.mktemp("keys") / "key.pem"
    key.write_bytes(PEM)
    token = create(folder, "alice")
    process = ServerProcess(
        ["tests/support/small_graphs.py:greeter"],
        folder,
        settings={
            "jwt_issuer": ISSUER,
            "jwt_audience": AUDIENCE,
            "jwt_public_key_file": str(key),
            "log_level": "debug",
        },
    ).start()
    yield World(process, token)
    try:
        # Whatever came, nothing of ours broke, and nothing of a stranger's stands at the beginning of a line.
        assert not process.said("Traceback")
        assert not process.said(token)
        assert "\x1b" not in process.output
    finally:
        process.close()


def get(path: str, *headers: bytes) -> bytes:
    lines = [f"GET {path} HTTP/1.1".encode("latin-1"), b"Host: 127.0.0.1", b"Connection: close"]
    return b"\r\n".join([*lines, *headers]) + b"\r\n"


def by_header(credential: bytes) -> bytes:
    return get(SESSIONS, b"Authorization: Bearer " + credential)


def by_api_key(credential: bytes) -> bytes:
    return get(SESSIONS, b"X-Api-Key: " + credential)


def by_cookie(credential: bytes) -> bytes:
    return get(SESSIONS, b"Sec-Fetch-Site: same-origin", b"Cookie: stepwire_token=" + credential)


def by_subprotocol(credential: bytes) -> bytes:
    return get(
        "/rpc",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        b"Sec-WebSocket-Protocol: stepwire.v1, stepwire.bearer." + credential,
    )


def by_body(credential: bytes) -> bytes:
    body = json.dumps({"token": credential.decode("latin-1")}).encode()
    lines = [
        b"POST /v1/session HTTP/1.1",
        b"Host: 127.0.0.1",
        b"Connection: close",
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(body),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


CARRIERS: list[Callable[[bytes], bytes]] = [
    by_header,
    by_api_key,
    by_cookie,
    by_subprotocol,
    by_body,
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["none", "HS256", "RS256", "ES256", "\ud800", "\0", "a\r\nb", 10**400, -1]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed(head: Any, claims: Any, key: Any, algorithm: str) -> bytes:
    """A JWT of whatever is in it, signed as it should be."""
    text = f"{part(head)}.{part(claims)}".encode()
    method = jwt.get_algorithm_by_name(algorithm)
    signature = method.sign(text, method.prepare_key(key))
    return text + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")


def good() -> dict[str, Any]:
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "exp": int(time.time()) + 600}


def _not(right: Any) -> SearchStrategy[Any]:
    return JSON.filter(
        lambda value: value != right and right not in (value if isinstance(value, list) else ())
    )


WRONG_CLAIMS = st.one_of(
    st.fixed_dictionaries({"iss": _not(ISSUER)}),
    st.fixed_dictionaries({"aud": _not(AUDIENCE)}),
    st.fixed_dictionaries(
        {
            "sub": JSON.filter(lambda value: not isinstance(value, str))
            | st.sampled_from(["", " a", "*", "local", "x" * 201, "a\nb", "\ud800"])
        }
    ),
    st.fixed_dictionaries(
        {
            "exp": st.integers(max_value=1_700_000_000)
            | JSON.filter(lambda value: not isinstance(value, int | float | str | bool))
        }
    ),
    st.fixed_dictionaries({"nbf": st.integers(min_value=4_000_000_000)}),
)
"""One of them keeps a JWT that is signed with the right key from being good."""


@st.composite
def jwts(draw: st.DrawFn) -> bytes:
    """One that must not be let in, whatever is in it."""
    head = {
        "alg": "RS256",
        "typ": "JWT",
        **draw(
            st.dictionaries(
                st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "jku", "x5u", "zip", "b64"]),
                JSON,
                max_size=3,
            )
        ),
    }
    claims = draw(
        st.one_of(
            JSON,
            st.dictionaries(st.text(max_size=5), JSON, max_size=3).map(
                lambda more: {**good(), **more}
            ),
        )
    )
    match draw(st.integers(0, 5)):
        case 0:
            return signed({"alg": "RS256"}, {**good(), **draw(WRONG_CLAIMS)}, RSA, "RS256")
        case 1:
            return signed(head, claims, OTHER, "RS256")
        case 2:
            return signed(head, claims, EC, "ES256")
        case 3:
            return signed({**head, "alg": "HS256"}, claims, SECRET, "HS256")
        case 4:
            return f"{part(head | {'alg': draw(st.sampled_from(['none', 'None', 'NONE', '', 'nOnE']))})}.{part(claims)}.".encode()
        case _:
            one = signed({"alg": "RS256"}, good(), RSA, "RS256")
            place = draw(st.integers(0, len(one) - 2))
            # The last character has bits that are not part of the signature.
            other = draw(st.sampled_from([c for c in b"Ab0_-.~" if c != one[place]]))
            return one[:place] + bytes([other]) + one[place + 1 :]


@st.composite
def tokens(draw: st.DrawFn) -> bytes:
    """Like one of ours, and none."""
    one = new_token().encode()
    match draw(st.integers(0, 3)):
        case 0:
            return one
        case 1:
            place = draw(st.integers(0, len(one) - 1))
            return one[:place] + draw(st.binary(min_size=1, max_size=3)) + one[place + 1 :]
        case 2:
            return one * draw(st.integers(2, 400))
        case _:
            return b"stw_" + draw(st.binary(max_size=60))


NONSENSE = st.one_of(
    st.binary(min_size=1, max_size=200),
    st.text(min_size=1, max_size=50).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.integers(1, 200_000).map(lambda size: b"a" * size),
    st.sampled_from(
        [
            b"\r\nX-Evil: 1",
            b"\r\n\r\nGET / HTTP/1.1",
            b"\x1b[31mred",
            b"a\0b",
            b"a b c",
            b'"',
            b"a; b=c",
            b"\xff\xfe",
            b"..",
            b"Bearer x",
            b"\x85",
        ]
    ),
)
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@FUZZ
@given(credential=st.one_of(jwts(), tokens(), NONSENSE), carrier=st.sampled_from(CARRIERS))
@example(credential=b"a" * 7000, carrier=by_header)
@example(credential=b"a" * 300_000, carrier=by_cookie)
def test_nobody_is_let_in(
    world: World, credential: bytes, carrier: Callable[[bytes], bytes]
) -> None:
    status, answer = world.ask(carrier(credential))
    allowed = REFUSED | ({413} if carrier is by_body else set())
    assert status in allowed, answer
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"x-evil" not in head.lower()
    assert b"Traceback" not in body
    assert b'File "' not in body
    if status == 401:
        assert b"www-authenticate: bearer" in head.lower()


@FUZZ
@given(
    name=st.sampled_from(sorted(CREDENTIALS)),
    upper=st.booleans(),
    value=st.one_of(jwts(), tokens(), NONSENSE.filter(lambda value: len(value) < 5000)),
    path=st.sampled_from([SESSIONS, "/rpc", "/health", "/orchestrator/docs", "/v1/session", "/no"]),
)
def test_in_an_address_none_is_taken(
    world: World, name: str, upper: bool, value: bytes, path: str
) -> None:
    """Whatever it is, under whatever name of one: 400, also where anybody may look."""
    query = f"a=1&{name.upper() if upper else name}={quote(value)}"
    status, answer = world.ask(get(f"{path}?{query}"))
    assert status in (400, 414, 431), answer


def test_a_good_one_in_an_address_is_refused_wherever_it_stands(world: World) -> None:
    """Percent-encoded too; and it is in no log, which the end of this module looks at."""
    hidden = "".join(f"%{ord(one):02x}" for one in world.token)
    for where in (
        f"?x={world.token}",
        f"?{world.token}",
        f"/{world.token}",
        f"?x={hidden}",
        f"/{hidden}",
    ):
        status, answer = world.ask(get(SESSIONS + where))
        assert status == 400, where
        assert world.token.encode() not in answer


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.__name__)
def test_however_one_guesses_it_is_slowed(world: World, carrier: Callable[[bytes], bytes]) -> None:
    """By address, on each way, for tokens and JWTs alike; a good one from elsewhere is let in meanwhile."""
    address = 10 + CARRIERS.index(carrier)
    made = [new_token().encode(), signed({"alg": "RS256"}, good(), OTHER, "RS256")]
    # One more a second may fail: who needs as long for each is slowed a little later.
    for failed in range(1000):
        status, _ = world.ask(carrier(made[failed % 2]), address=address)
        if status == 429:
            break
        assert status == 401
    assert failed >= 20
    assert status == 429
    assert world.ask(by_header(world.token.encode()))[0] == 200


def test_what_a_stranger_writes_begins_no_line_of_the_log(world: World) -> None:
    """Paths, headers, methods and ids are shown as they can stand in a line: no terminal obeys them, no line is made up."""
    fake = "FAKE 2026-01-01 ERROR the server was taken over"
    raw, quoted = f"x\n{fake}\r\x1b[2J", quote(f"x\n{fake}\r\x1b[2J")
    for header in ("X-Request-Id", "Origin", "User-Agent", "Referer", "Host", "Stepwire-Owner"):
        world.ask(get(SESSIONS, f"{header}: x\x1b[2J{fake}".encode()))
    world.ask(get(f"/{quoted}"))
    world.ask(get(f"{SESSIONS}?{quoted}=1"))
    authorized = f"Authorization: Bearer {world.token}".encode()
    for call in (
        {"method": raw},
        {"method": "session.get", "params": {"session_id": raw}},
        {"method": "query.start", "params": {"query": raw, "graph": raw}},
        {"method": "session.list", "params": {"_meta": {"owner": raw, "traceparent": raw}}},
    ):
        body = json.dumps({"jsonrpc": "2.0", "id": raw, **call}).encode()
        head = get(
            "/rpc", authorized, b"Content-Type: application/json", b"Content-Length: %d" % len(body)
        )
        world.ask(head.replace(b"GET", b"POST", 1), body)
    lines = world.process.output.splitlines()
    assert lines
    assert not [line for line in lines if line.startswith("FAKE")]
    assert not [line for line in lines if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", line)]
