"""JWTs of another service: what is good is let in as its owner, and whatever else there is, is not."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rpc.auth import jwts
from rpc.auth.jwts import JwtVerifier
from rpc.settings import Settings, SettingsError, check
from tests.support import small_graphs
from tests.support.in_process import Serve

ISSUER, AUDIENCE = "https://login.example", "stepwire"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
SECRET = b"0123456789abcdef0123456789abcdef-x"
PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    found = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "alice",
        "exp": now + 300,
        "scope": "run openid",
        "email": "alice@example.com",
        **changes,
    }
    return {name: value for name, value in found.items() if value is not None}


def signed(key: Any = RSA, algorithm: str = "RS256", kid: str | None = "one", **of: Any) -> str:
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(claims(**of), key, algorithm, headers)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def by_file(folder: Path, content: bytes = PEM, **more: Any) -> JwtVerifier:
    file = folder / "key"
    file.write_bytes(content)
    name = "jwt_secret_file" if content == SECRET else "jwt_public_key_file"
    settings = Settings(jwt_issuer=ISSUER, jwt_audience=AUDIENCE, **{name: str(file)}, **more)
    check(settings)
    verifier = JwtVerifier(settings)
    verifier.open()
    return verifier


async def test_a_good_one_is_its_owners(tmp_path: Path) -> None:
    verifier = by_file(tmp_path)
    now = int(time.time())
    token = signed(exp=now + 300)
    assert not verifier.is_proven(token)
    found = await verifier.principal(token)
    assert found is not None
    assert (found.owner, found.may("run"), found.may("debug")) == ("alice", True, False)
    assert found.claims == {"sub": "alice", "email": "alice@example.com"}
    assert found.expires_at is not None
    # With a little time for clocks that are apart.
    assert 0 < found.expires_at - (now + 300) <= 31
    assert verifier.is_proven(token)
    assert await verifier.principal(token) == found


def bad() -> dict[str, str]:
    now = int(time.time())
    good = signed()
    head, body, signature = good.split(".")
    none = part({"alg": "none", "typ": "JWT"})
    return {
        "alg none": f"{none}.{body}.",
        "alg none with a signature": f"{none}.{body}.{signature}",
        "alg None": f"{part({'alg': 'None'})}.{body}.",
        "no alg": f"{part({'typ': 'JWT'})}.{body}.{signature}",
        "the public key as a secret": forged(),
        "another algorithm said": f"{part({'alg': 'ES256', 'kid': 'one'})}.{body}.{signature}",
        "another key": signed(OTHER),
        "another type of key": signed(EC, "ES256"),
        "expired": signed(exp=now - 40),
        "in the future": signed(nbf=now + 400),
        "made in the future": signed(iat=now + 400),
        "never ends": signed(exp=None),
        "ends in infinity": f"{head}.{part({**claims(), 'exp': float('inf')})}.{signature}",
        "for another": signed(aud="other"),
        "for nobody": signed(aud=None),
        "for many others": signed(aud=["a", "b"]),
        "of another": signed(iss="https://evil.example"),
        "of nobody": signed(iss=None),
        "no owner": signed(sub=None),
        "an owner with a space": signed(sub=" alice"),
        "an owner of control characters": signed(sub="ali\nce"),
        "everybody": signed(sub="*"),
        "the server's own": signed(sub="local"),
        "an owner that is too long": signed(sub="x" * 300),
        "must be understood": jwt.encode(claims(), RSA, "RS256", {"crit": ["x"], "x": 1}),
        "no signature": f"{head}.{body}.",
        "another body": f"{head}.{part(claims(sub='root'))}.{signature}",
        "no body": f"{head}..{signature}",
        "a list": f"{head}.{part([1])}.{signature}",
        "deep": f"{head}.{base64.urlsafe_b64encode(b'[' * 5000).decode()}.{signature}",
        "two parts": f"{head}.{body}",
        "five parts": f"{good}.{good}",
        "nothing": "",
        "dots": "..",
        "unicode": "é.ü.漢",
        "nul": "a\0.b.c",
        "huge": "a" * 200_000,
        "a number for a kid": f"{part({'alg': 'RS256', 'kid': 7})}.{body}.{signature}",
    }


def forged() -> str:
    """Signed with the public key's text as if that were a secret: what a careless server takes."""
    import hashlib
    import hmac

    text = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'one'})}.{part(claims(sub='root'))}"
    signature = hmac.new(PEM, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


async def test_whatever_is_wrong_with_one_it_is_not_taken(tmp_path: Path) -> None:
    verifier = by_file(tmp_path)
    for what, token in bad().items():
        assert await verifier.principal(token) is None, what
        assert not verifier.is_proven(token), what
    assert await verifier.principal(signed()) is not None


async def test_over_the_wire_they_are_401(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(PEM)
    async with (
        serve(
            small_graphs.greeter,
            jwt_issuer=ISSUER,
            jwt_audience=AUDIENCE,
            jwt_public_key_file=str(file),
        ) as server,
        httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http,
    ):
        path = "/v1/orchestrator/sessions"
        good = {"authorization": f"Bearer {signed()}"}
        assert (await http.get(path, headers=good)).status_code == 200
        codes = set()
        for token in bad().values():
            if not (token.isascii() and token.isprintable() and 0 < len(token) < 10_000):
                continue
            answer = await http.get(path, headers={"authorization": f"Bearer {token}"})
            codes.add(answer.status_code)
        assert codes <= {401, 429}
        assert (await http.get(path, headers=good)).status_code == 200


async def test_a_secret_is_no_public_key(tmp_path: Path) -> None:
    verifier = by_file(tmp_path, SECRET)
    assert await verifier.principal(signed(SECRET, "HS256")) is not None
    assert await verifier.principal(signed(SECRET + b"-other-and-long-enough", "HS256")) is None
    assert await verifier.principal(signed(RSA, "RS256")) is None
    (tmp_path / "short").write_bytes(b"short")
    guessed = JwtVerifier(Settings(jwt_secret_file=str(tmp_path / "short")))
    with pytest.raises(SettingsError, match="32 bytes"):
        guessed.open()


async def test_scopes_are_what_the_settings_say(tmp_path: Path) -> None:
    prefixed = by_file(tmp_path, jwt_scope_prefix="stepwire:", jwt_default_scopes=["read"])
    for scope, may in (
        ("stepwire:debug other", "debug"),
        (["stepwire:run"], "run"),
        ("admin", None),
        ({"admin": True}, None),
        (None, "read"),
    ):
        found = await prefixed.principal(signed(scope=scope))
        assert found is not None
        assert sorted(found.scopes) == sorted(("read", "run", "debug")[: _count(may)])


def _count(may: str | None) -> int:
    return 0 if may is None else ("read", "run", "debug").index(may) + 1


def test_settings_that_would_take_anybodys_are_refused() -> None:
    for wrong in (
        {"jwt_public_key_file": "k"},
        {"jwt_public_key_file": "k", "jwt_issuer": ISSUER},
        {"jwt_jwks_url": "http://login.example/keys", "jwt_issuer": "i", "jwt_audience": "a"},
        {
            "jwt_jwks_url": "https://x/",
            "jwt_secret_file": "k",
            "jwt_issuer": "i",
            "jwt_audience": "a",
        },
        {"jwt_default_scopes": ["all"]},
    ):
        with pytest.raises(SettingsError):
            check(Settings(**wrong))


@pytest.fixture
def keys() -> Iterator[tuple[str, dict[str, Any], list[str]]]:
    """An address of keys, what it has by id, and the requests that came."""
    held: dict[str, Any] = {"one": RSA}
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            found = []
            for kid, key in held.items():
                kind = jwt.algorithms.RSAAlgorithm if key is not EC else jwt.algorithms.ECAlgorithm
                one = json.loads(kind.to_jwk(key.public_key()))
                found.append({**one, "kid": kid, "use": "sig"})
            secret = base64.urlsafe_b64encode(SECRET).decode()
            found.append({"kty": "oct", "kid": "secret", "k": secret})
            body = json.dumps({"keys": found}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/keys", held, asked
    server.shutdown()
    server.server_close()


async def test_keys_of_an_address_are_fetched_when_one_is_unknown(
    keys: tuple[str, dict[str, Any], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And at most once a minute: names that somebody makes up cost its owner nothing."""
    url, held, asked = keys
    settings = Settings(jwt_jwks_url=url, jwt_issuer=ISSUER, jwt_audience=AUDIENCE)
    check(settings)
    verifier = JwtVerifier(settings)
    assert await verifier.principal(signed()) is not None
    assert await verifier.principal(signed(sub="bob")) is not None
    assert await verifier.principal(signed(kid=None)) is not None
    assert len(asked) == 1
    held["two"] = EC
    for number in range(5):
        assert await verifier.principal(signed(kid=f"made-up-{number}")) is None
        assert await verifier.principal(signed(SECRET, "HS256", "secret")) is None
    assert len(asked) == 1
    monkeypatch.setattr(jwts, "REFETCH_SECONDS", 0.0)
    assert await verifier.principal(signed(EC, "ES256", "two")) is not None
    assert len(asked) == 2
    # One of another's type is no key for it.
    assert await verifier.principal(signed(EC, "ES256", "one")) is None
    assert await verifier.principal(signed(OTHER, "RS256", "two")) is None
