"""JWTs (RFC 7519) of somebody else's: verified by PyJWT, with keys of an address, of a file, or with a secret of a file.

Which algorithms may be is said by the kind of key, never by the token: a public key is no secret of an HMAC, and `none` is
no algorithm.
"""

import hashlib
import logging
import ssl
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import msgspec

from rpc.auth.principals import LOCAL_OWNER, Principal
from rpc.auth.token_book import expired
from rpc.settings import Settings, SettingsError

if TYPE_CHECKING:
    from jwt import PyJWK

log = logging.getLogger("stepwire.auth")

ALGORITHMS = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("EdDSA",),
}
"""Those of a public key, by its type (RFC 7518, section 6.1)."""

SECRET_ALGORITHMS = ("HS256", "HS384", "HS512")

REFETCH_SECONDS = 60.0
"""How long an unknown key is not looked for again: whoever makes names up must not make this server ask for each."""

FETCH_SECONDS = 5.0
JWKS_BYTES = 1024 * 1024
MIN_SECRET_BYTES = 32
CACHED = 4096
"""Tokens whose signature need not be checked again, as long as they hold."""

CLAIMS_BYTES = 4096
"""How large the claims may be that are kept with a run; larger ones are left out."""

_OF_THE_TOKEN = frozenset(
    {"iss", "aud", "exp", "nbf", "iat", "jti", "nonce", "at_hash", "c_hash", "s_hash", "sid", "azp"}
)
"""Claims that are about the token, not about who has it."""


class Jwks:
    """The keys of an address, by their ids. They are fetched when an unknown one is asked for, at most once a minute."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys: dict[str | None, PyJWK] = {}
        self.fetched: float | None = None
        self.lock = anyio.Lock()

    async def key(self, kid: str | None) -> "PyJWK | None":
        """The key of an id; the only one where a token names none."""
        found = self._known(kid)
        if found is None:
            async with self.lock:
                found = self._known(kid)
                now = time.monotonic()
                if found is None and (
                    self.fetched is None or now - self.fetched >= REFETCH_SECONDS
                ):
                    self.fetched = now
                    await self._fetch()
                    found = self._known(kid)
        return found

    def _known(self, kid: str | None) -> "PyJWK | None":
        if kid is None:
            return next(iter(self.keys.values())) if len(self.keys) == 1 else None
        return self.keys.get(kid)

    async def _fetch(self) -> None:
        import jwt

        try:
            document = await anyio.to_thread.run_sync(_fetched, self.url)
            found: dict[str | None, PyJWK] = {}
            for one in document:
                if one.get("kty") not in ALGORITHMS or one.get("use", "sig") != "sig":
                    continue
                try:
                    found[one.get("kid")] = jwt.PyJWK(one)
                except jwt.PyJWTError as error:
                    log.warning("a key of %s is left out: %s", self.url, error)
        except (OSError, ValueError, AttributeError, TypeError) as error:
            # Those that are known stay good.
            log.error("the keys of JWTs cannot be had from %s: %s", self.url, error)
            return
        self.keys = found


def _fetched(url: str) -> list[dict[str, Any]]:
    """Raises `OSError`, `ValueError`."""
    opener = urllib.request.build_opener(
        _NoRedirect, urllib.request.HTTPSHandler(context=ssl.create_default_context())
    )
    with opener.open(url, timeout=FETCH_SECONDS) as answer:
        body = answer.read(JWKS_BYTES + 1)
    if len(body) > JWKS_BYTES:
        raise ValueError(f"over {JWKS_BYTES} bytes")
    document = msgspec.json.decode(body, type=dict[str, Any])
    keys: list[dict[str, Any]] = msgspec.convert(document.get("keys"), list[dict[str, Any]])
    return keys


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Keys come from the address that was named, and from no other."""

    def redirect_request(self, *_: Any) -> None:
        return None


class JwtVerifier:
    """Who calls by a JWT, as the settings say."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        url = settings.jwt_jwks_url
        self.jwks = None if url is None else Jwks(url)
        # Of a file: its key, and the algorithms that it may be used with.
        self.static: tuple[Any, tuple[str, ...]] | None = None
        # By digest, the one that was used longest ago first.
        self.good: OrderedDict[bytes, Principal] = OrderedDict()

    def open(self) -> None:
        """Read the file of the key. Raises `SettingsError`."""
        settings = self.settings
        name = settings.jwt_public_key_file or settings.jwt_secret_file
        if name is None:
            return
        try:
            text = Path(name).read_bytes()
        except OSError as error:
            raise SettingsError(f"the JWTs' key: cannot read {name}: {error.strerror}") from error
        if settings.jwt_secret_file is not None:
            secret = text.strip()
            if len(secret) < MIN_SECRET_BYTES:
                raise SettingsError(
                    f"the JWTs' secret in {name} has under {MIN_SECRET_BYTES} bytes: it could be guessed"
                )
            self.static = (secret, SECRET_ALGORITHMS)
            return
        from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        try:
            key = load_pem_public_key(text)
        except ValueError as error:
            raise SettingsError(f"the JWTs' key in {name} is no public key in PEM") from error
        match key:
            case rsa.RSAPublicKey():
                kind = "RSA"
            case ec.EllipticCurvePublicKey():
                kind = "EC"
            case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
                kind = "OKP"
            case _:
                raise SettingsError(f"the JWTs' key in {name} is of no kind that is known here")
        self.static = (key, ALGORITHMS[kind])

    def is_proven(self, token: str) -> bool:
        """Whether it was good before, and has not ended."""
        return self._kept(_digest(token)) is not None

    async def principal(self, token: str) -> Principal | None:
        """Who calls with it; None where it is not good."""
        digest = _digest(token)
        kept = self._kept(digest)
        if kept is not None:
            self.good.move_to_end(digest)
            return kept
        claims = await self._claims(token)
        found = None if claims is None else self._principal(claims)
        if found is not None:
            self.good[digest] = found
            if len(self.good) > CACHED:
                self.good.popitem(last=False)
        return found

    def _kept(self, digest: bytes) -> Principal | None:
        kept = self.good.get(digest)
        return None if kept is None or expired(kept.expires_at, time.time()) else kept

    async def _claims(self, token: str) -> Mapping[str, Any] | None:
        import jwt

        settings = self.settings
        try:
            header = jwt.get_unverified_header(token)
            if "crit" in header:
                # Nothing that must be understood is (RFC 7515, section 4.1.11).
                return None
            key, algorithms = await self._key(header)
            if key is None:
                return None
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(algorithms),
                audience=settings.jwt_audience,
                issuer=settings.jwt_issuer,
                leeway=settings.jwt_leeway_seconds,
                options={"require": ["exp", "iss", "aud", settings.jwt_owner_claim]},
            )
        except (
            jwt.PyJWTError,
            ValueError,
            TypeError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ) as error:
            # Whatever a stranger can write into one.
            log.info("a JWT is refused: %s", type(error).__name__)
            return None
        return claims

    async def _key(self, header: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
        if self.jwks is None:
            return self.static or (None, ())
        kid = header.get("kid")
        found = await self.jwks.key(kid if isinstance(kid, str) else None)
        if found is None:
            return None, ()
        return found.key, ALGORITHMS.get(found.key_type or "", ())

    def _principal(self, claims: Mapping[str, Any]) -> Principal | None:
        settings = self.settings
        owner = claims.get(settings.jwt_owner_claim)
        if owner == LOCAL_OWNER:
            log.warning("a JWT of the owner %r is refused: that is this server's own", owner)
            return None
        kept = {
            name: value
            for name, value in claims.items()
            if name not in _OF_THE_TOKEN and name != settings.jwt_scope_claim
        }
        if len(msgspec.json.encode(kept)) > CLAIMS_BYTES:
            kept = {}
        name = claims.get("name") or claims.get("email")
        try:
            return Principal(
                owner,  # type: ignore[arg-type]
                scopes_of(claims, settings),
                name if isinstance(name, str) else None,
                float(claims["exp"]) + settings.jwt_leeway_seconds,
                kept,
                source="jwt",
            )
        except (ValueError, TypeError) as error:
            log.warning("a JWT is refused: its claim %r: %s", settings.jwt_owner_claim, error)
            return None


def scopes_of(claims: Mapping[str, Any], settings: Settings) -> tuple[str, ...]:
    """The scopes of a claim that is a list, or a text with spaces (RFC 8693, section 4.2); those of the settings without it."""
    given = claims.get(settings.jwt_scope_claim)
    if given is None:
        return tuple(settings.jwt_default_scopes)
    names = given.split() if isinstance(given, str) else given if isinstance(given, list) else []
    prefix = settings.jwt_scope_prefix
    return tuple(
        one.removeprefix(prefix) for one in names if isinstance(one, str) and one.startswith(prefix)
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
