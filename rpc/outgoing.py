"""Addresses that a caller names for the server to call: which may be called, and calls of them.

Whoever may start a run may name one, and the server stands where its callers do not: beside databases, machines' metadata and its own loopback.
So only public addresses are called, unless the operator allows others. A name is looked up once, each of its addresses is checked, and the
connection goes to that address: who answers a second look-up otherwise has gained nothing. Redirects are not followed.
"""

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

import anyio
from msgspec import Struct

SECONDS = 10.0
"""How long a call may take, from the look-up of the name to the answer."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(ValueError):
    """An address that may not be called; why, for who named it."""


class Policy(Struct, frozen=True):
    """What may be called. `allowed`: hosts that may be at addresses that are not public: names, `*.domain`, addresses, networks, or `*`.

    `domains`: where any are named, only these hosts. `ports`: likewise. `loopback`: this machine may be called.
    `headers`: sent with each call. `fields`: where any are named, only these of what is told are. `off`: none is made.
    """

    allowed: Sequence[str] = ()
    domains: Sequence[str] = ()
    ports: Sequence[int] = ()
    https: bool = False
    max_length: int = 4096
    loopback: bool = False
    headers: Mapping[str, str] = {}
    fields: Sequence[str] = ()
    off: bool = False


def check(url: str, policy: Policy) -> SplitResult:
    """What can be said of an address without looking its name up. Raises `Refused`."""
    if len(url) > policy.max_length:
        raise Refused(f"it is longer than {policy.max_length} characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused(f"it is no address: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise Refused("it is no address such as https://host/path")
    if parts.username is not None or parts.password is not None:
        raise Refused("it has a user or password in it, which would be shown with the run")
    if policy.https and parts.scheme != "https":
        raise Refused("it must be https")
    if policy.ports and (port or _default(parts.scheme)) not in policy.ports:
        raise Refused(f"its port is none of {', '.join(map(str, policy.ports))}")
    if policy.domains and not any(_named(host, one) for one in policy.domains):
        raise Refused(f"its host is none of {', '.join(policy.domains)}")
    literal = _literal(host)
    if literal is not None:
        _check_address(host, literal, policy)
    elif _is_local(host) and not _allows(host, None, policy) and not policy.loopback:
        raise Refused(_not_public(host))
    return parts


async def resolve(url: str, policy: Policy) -> tuple[SplitResult, str]:
    """An address's parts, and the network address to connect to. Raises `Refused`, `OSError`."""
    parts = check(url, policy)
    host = parts.hostname or ""
    literal = _literal(host)
    if literal is not None:
        return parts, str(literal)
    try:
        found = await anyio.getaddrinfo(
            host, parts.port or _default(parts.scheme), type=socket.SOCK_STREAM
        )
    except UnicodeError as error:
        raise Refused(f"{host!r} is no name of a host") from error
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    for one in addresses:
        # One that is not public among several is no mistake of a public name's.
        _check_address(host, one, policy)
    if not addresses:
        raise OSError(f"{host} has no address")
    return parts, str(addresses[0])


async def post(url: str, body: Any, policy: Policy) -> int:
    """Send a JSON value; the status of the answer, whose body is not read. Raises `Refused`, `OSError`."""
    if policy.off:
        return 204
    # Here: a server whose callers name none needs it not.
    import httpx

    try:
        with anyio.fail_after(SECONDS):
            parts, address = await resolve(url, policy)
            host = parts.hostname or ""
            shown = f"[{host}]" if ":" in host else host
            headers = {
                **policy.headers,
                "host": shown if parts.port is None else f"{shown}:{parts.port}",
            }
            async with (
                httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client,
                client.stream(
                    "POST",
                    httpx.URL(url).copy_with(host=address),
                    json=body,
                    headers=headers,
                    # The certificate is that of the name.
                    extensions={"sni_hostname": host},
                ) as answer,
            ):
                return answer.status_code
    except TimeoutError:
        raise OSError(f"no answer within {SECONDS:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(str(error) or type(error).__name__) from error


def public(address: Address) -> bool:
    """Whether an address is one of the internet's, and none behind it."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None:
            return False
        if inner is not None:
            return public(inner)
    return address.is_global and not address.is_multicast


def _check_address(host: str, address: Address, policy: Policy) -> None:
    if public(address) or _allows(host, address, policy):
        return
    if policy.loopback and address.is_loopback:
        return
    raise Refused(_not_public(host))


def _not_public(host: str) -> str:
    return f"{host} is at an address that is not public, and the setting `webhook_hosts` does not allow it"


def _allows(host: str, address: Address | None, policy: Policy) -> bool:
    return any(one == "*" or _named(host, one) or _within(address, one) for one in policy.allowed)


def _named(host: str, pattern: str) -> bool:
    wanted = pattern.strip().lower()
    if wanted.startswith("*."):
        return host.endswith(wanted[1:])
    return host == wanted


def _within(address: Address | None, network: str) -> bool:
    try:
        return address is not None and address in ipaddress.ip_network(network, strict=False)
    except (ValueError, TypeError):
        # A name.
        return False


def _is_local(host: str) -> bool:
    bare = host.rstrip(".")
    return bare == "localhost" or bare.endswith(".localhost")


def _literal(host: str) -> Address | None:
    """The address that a host is, also as `inet_aton` reads it (`127.1`, `0x7f000001`); None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _default(scheme: str) -> int:
    return 443 if scheme == "https" else 80
