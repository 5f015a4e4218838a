"""Headers that every answer has: what a browser must not do with it.

https://owasp.org/www-project-secure-headers/. A page that needs more says so itself, and is left as it is.
"""

from collections.abc import Iterable

from starlette.types import Message, Send

SAFE: tuple[tuple[bytes, bytes], ...] = (
    # It is nothing to run, whatever stands in it, and nothing to be shown inside another page.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    # Addresses have ids of sessions in them.
    (b"referrer-policy", b"no-referrer"),
)

_STARTS = ("http.response.start", "websocket.http.response.start")


def made_safe(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers with those of `SAFE` that are not among them."""
    given = list(headers)
    names = {name.lower() for name, _ in given}
    return [*given, *(one for one in SAFE if one[0] not in names)]


def safely(send: Send) -> Send:
    """Send answers with these headers."""

    async def sending(message: Message) -> None:
        if message["type"] in _STARTS:
            message = {**message, "headers": made_safe(message.get("headers", ()))}
        await send(message)

    return sending
