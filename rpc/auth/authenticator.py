"""The one place that says who calls: by a token, by what an app says itself, or by being on this machine."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Protocol, runtime_checkable

import anyio.to_thread
import msgspec
from starlette.datastructures import Address, Headers
from starlette.types import Scope

from protocol.errors import INTERNAL_ERROR, ProtocolError
from rpc.auth.credentials import Given, brought, check_url, credentials, forwarded
from rpc.auth.failures import Failures
from rpc.auth.jwts import JwtVerifier
from rpc.auth.principals import LOCAL, Principal, unauthorized
from rpc.auth.rate import LOCAL as NO_ADDRESS
from rpc.auth.rate import client_address
from rpc.auth.token_book import TokenBook, expired
from rpc.auth.tokens import PREFIX, is_token
from rpc.settings import Settings
from rpc.storage.tokens import kept

log = logging.getLogger("stepwire.auth")

LOOK_SECONDS = 1.0
"""How often it is looked whether tokens were made, revoked or ran out."""

WRITE_SECONDS = 30.0
"""How often it is written when tokens were used last."""


@runtime_checkable
class OfScope(Protocol):
    """One that looks at more of a request than its headers."""

    async def of_scope(self, scope: Scope, headers: Mapping[str, str]) -> Principal | None:
        """Who calls. Raises `ProtocolError`."""


OwnAuthenticate = OfScope | Callable[[Mapping[str, str]], Awaitable[Principal | None]]
"""An app's own: from a request's headers, in lower case, to who calls; None for nobody."""

Ends = Callable[[str], None]
"""Ends a connection, for a reason."""


class Authenticator:
    """Says who calls one app.

    `own`: asked about everything but tokens of ours, where it is given. `parent`: whether the app that this one is mounted in
    says who calls, as Starlette's `AuthenticationMiddleware` does.
    """

    def __init__(
        self,
        settings: Settings,
        own: OwnAuthenticate | None = None,
        *,
        parent: bool = False,
    ) -> None:
        self.settings = settings
        self.own = own
        self.parent = parent
        self.jwt = jwt_verifier(settings)
        self.book = TokenBook(kept(settings.data_dir, settings.database))
        self.failures = Failures(settings.max_failed_attempts)
        # Open connections, by anything: whose they are, and how they are ended.
        self.open: dict[object, tuple[Principal, Ends]] = {}

    @property
    def on(self) -> bool:
        """Whether who calls has to say who that is."""
        if self.settings.auth == "off":
            return False
        others = self.own is not None or self.parent or self.jwt is not None
        return self.settings.auth == "required" or others or self.book.any

    async def __call__(self, scope: Scope) -> Principal | None:
        """Who calls; None where nobody has said so and somebody must.

        Raises `ProtocolError`: invalid request for credentials in the address, unauthorized for ones that are not good, rate
        limited for who has tried too many.
        """
        check_url(scope)
        if not (self.on or await self.asks(brought(scope))):
            return self._on_this_machine(scope)
        given = credentials(scope)
        if given is not None:
            return await self.verify(scope, given)
        if self.own is not None:
            return await self._asked(self.own, scope, None)
        return _of_parent(scope) if self.parent else None

    async def verify(self, scope: Scope, given: Given) -> Principal:
        """Who calls with a token. Raises `ProtocolError`: unauthorized, rate limited."""
        token = given.token
        ours = token.startswith(PREFIX)
        if ours:
            known = self.book.principal(token, proven=True)
            if known is not None:
                return known
        client = scope.get("client")
        address = client_address(None if client is None else Address(*client[:2]))
        if ours or self.jwt is None or not self.jwt.is_proven(token):
            self.failures.check(address)
        principal: Principal | None = None
        if ours:
            principal = await self._looked_up(token) if is_token(token) else None
        else:
            if self.own is not None:
                principal = await self._asked(self.own, scope, given)
            if principal is None and self.jwt is not None:
                principal = await self.jwt.principal(token)
            if principal is None and self.parent:
                principal = _of_parent(scope)
        if principal is None:
            self.failures.failed(address)
            raise unauthorized("the token is not good: unknown, expired or revoked", invalid=True)
        return principal

    async def asks(self, given: Iterable[Given]) -> bool:
        """Whether who calls has to say who that is, now that somebody brings these tokens.

        The first token of a server is so known from its first use on: until then who brings it would be the local principal.
        """
        if (
            not self.on
            and self.settings.auth != "off"
            and any(is_token(one.token) for one in given)
        ):
            await anyio.to_thread.run_sync(self.book.refresh)
        return self.on

    async def _looked_up(self, token: str) -> Principal | None:
        """Who calls with one of our tokens; one that was made since they were read last is known too."""
        known = self.book.principal(token)
        if known is None:
            await anyio.to_thread.run_sync(self.book.refresh)
            known = self.book.principal(token)
        return known

    def _on_this_machine(self, scope: Scope) -> Principal:
        """The local principal. Raises `ProtocolError` (unauthorized) for who comes from elsewhere."""
        if self.settings.insecure_no_auth or (
            _is_near(scope.get("client")) and not forwarded(scope)
        ):
            return LOCAL
        what = "a request that a proxy passed on" if forwarded(scope) else "another machine"
        raise unauthorized(
            f"this server asks nobody who they are, and so answers direct connections from its own machine only, not {what}; "
            "`stepwire token create` makes a token, which lets its bearer in from anywhere"
        )

    async def _asked(
        self, own: OwnAuthenticate, scope: Scope, given: Given | None
    ) -> Principal | None:
        headers = dict(Headers(scope=scope))
        if given is not None:
            # However it was carried: to them it is a header.
            headers.setdefault("authorization", f"Bearer {given.token}")
        try:
            found: Any = await (
                own.of_scope(scope, headers) if isinstance(own, OfScope) else own(headers)
            )
        except ProtocolError:
            raise
        except Exception as error:
            log.exception("the app's `authenticate` failed")
            raise ProtocolError(
                INTERNAL_ERROR, "who calls could not be found out; the server's log has the cause"
            ) from error
        if found is not None and not isinstance(found, Principal):
            log.error("the app's `authenticate` gave %s, not a Principal", type(found).__name__)
            raise ProtocolError(INTERNAL_ERROR, "who calls could not be found out")
        if isinstance(found, Principal) and found.source in ("token", "local"):
            return msgspec.structs.replace(found, source="own")
        return found

    # Connections that last

    def watch(self, principal: Principal, ends: Ends) -> Callable[[], None]:
        """Call `ends` once the principal is let in no more; the result stops that."""
        key = object()
        self.open[key] = (principal, ends)
        return lambda: self.open.pop(key, None) and None

    def lapsed(self, principal: Principal) -> str | None:
        """Why a principal is let in no more; None if they are."""
        if principal.source == "local":
            return "this server asks who calls now" if self.on else None
        if expired(principal.expires_at, time.time()):
            return "the token has expired"
        return self.book.ended(principal.credential) if principal.source == "token" else None

    def end_lapsed(self) -> None:
        """End the connections of those who are let in no more."""
        for key, (principal, ends) in list(self.open.items()):
            why = self.lapsed(principal)
            if why is not None:
                self.open.pop(key, None)
                ends(why)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Within, it knows what tokens there are. Raises `StorageError`, `SettingsError`."""
        if self.jwt is not None:
            self.jwt.open()
        await anyio.to_thread.run_sync(self.book.read)
        task = asyncio.create_task(self._look(), name="stepwire.auth")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            self.book.write_used()
            self.book.file.close()

    async def _look(self) -> None:
        written = time.monotonic()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await anyio.to_thread.run_sync(self.book.refresh)
            self.end_lapsed()
            if time.monotonic() - written > WRITE_SECONDS:
                written = time.monotonic()
                await anyio.to_thread.run_sync(self.book.write_used)


def _is_near(client: tuple[str, int] | None) -> bool:
    """Whether a peer is on this machine. What has no address is not known to be; a name is no socket's, but this process's."""
    if client is None or not client[0] or client[0] == NO_ADDRESS:
        return False
    return _is_here(client[0])


@lru_cache(1024)
def _is_here(host: str) -> bool:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return True
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _of_parent(scope: Scope) -> Principal | None:
    """Who the app says calls that this one is mounted in (https://www.starlette.io/authentication/)."""
    user = scope.get("user")
    if user is None or not getattr(user, "is_authenticated", False):
        return None
    try:
        owner = user.identity
    except (AttributeError, NotImplementedError):
        owner = getattr(user, "display_name", None)
    auth = scope.get("auth")
    try:
        principal = Principal(
            owner,
            tuple(getattr(auth, "scopes", ())),
            getattr(user, "display_name", None),
            source="parent",
        )
    except ValueError as error:
        raise unauthorized(f"the app's user is no owner: {error}") from error
    # Starlette's own scope says only that somebody is known.
    return principal if principal.scopes else msgspec.structs.replace(principal, scopes=("run",))


def jwt_verifier(settings: Settings) -> JwtVerifier | None:
    """What verifies JWTs; None where the settings have no key for them."""
    named = (settings.jwt_jwks_url, settings.jwt_public_key_file, settings.jwt_secret_file)
    return JwtVerifier(settings) if any(one is not None for one in named) else None
