"""An answer of HTTP to what never becomes a request: a problem document (RFC 9457), written by hand."""

from http import HTTPStatus

import msgspec

from protocol.errors import (
    INVALID_REQUEST,
    OVERLOADED,
    RATE_LIMITED,
    TOO_LARGE,
    Limit,
    ProtocolError,
)
from protocol.rest import problem
from rpc.auth.headers import SAFE

_KINDS = {408: INVALID_REQUEST, 413: TOO_LARGE, 414: TOO_LARGE, 431: TOO_LARGE, 429: RATE_LIMITED}
_KINDS[503] = OVERLOADED


class Refusal(Exception):
    """A request that is not taken. `status`: of HTTP. `detail`: for a person. `limit`: the one that it is over."""

    def __init__(
        self,
        status: int,
        detail: str,
        retry_after_ms: int | None = None,
        limit: Limit | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.retry_after_ms = retry_after_ms
        self.limit = limit

    def answer(self) -> bytes:
        """All of it, as it is sent; the connection ends behind it."""
        error = ProtocolError(
            _KINDS.get(self.status, INVALID_REQUEST),
            self.detail,
            retry_after_ms=self.retry_after_ms,
            limit=self.limit,
        )
        document = msgspec.structs.replace(problem(error), status=self.status)
        body = msgspec.json.encode(document)
        phrase = HTTPStatus(self.status).phrase
        head = [
            f"HTTP/1.1 {self.status} {phrase}",
            "content-type: application/problem+json",
            f"content-length: {len(body)}",
            "cache-control: no-store",
            "connection: close",
            *(f"{name.decode()}: {value.decode()}" for name, value in SAFE),
        ]
        if self.retry_after_ms is not None:
            head.append(f"retry-after: {-(-self.retry_after_ms // 1000)}")
        return "\r\n".join(head).encode("ascii") + b"\r\n\r\n" + body
