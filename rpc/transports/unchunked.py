"""HTTP/1.0 readers, such as a proxy as it comes, get a body that ends with the connection (RFC 9112, section 6.3).

Uvicorn sends what has no length in chunks, whoever reads; a reader of HTTP/1.0 takes their lengths for data.
"""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle


class UnchunkedProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP, which sends nothing in chunks to who cannot read them."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if cycle.scope["http_version"] == "1.0":
            cycle.send = _unchunked(cycle)  # type: ignore[method-assign]
        super()._start_asgi_task(cycle, app)


def _unchunked(cycle: RequestResponseCycle) -> Any:
    send = cycle.send
    without_length = False

    async def unchunked(message: Any) -> None:
        nonlocal without_length
        if message["type"] == "http.response.start":
            names = [name.lower() for name, _ in message.get("headers", [])]
            without_length = b"content-length" not in names
            if without_length:
                cycle.chunked_encoding = False
        elif without_length:
            # As long as it is: the connection's end is the body's.
            cycle.expected_content_length = len(message.get("body", b""))
        await send(message)

    return unchunked
