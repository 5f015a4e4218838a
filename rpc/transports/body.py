"""Bodies and frames as they come: how large, of what type, how deep. What every wire checks first."""

from typing import Any

from starlette.requests import Request

JSON_TYPES = ("application/json", "application/json-rpc", "application/jsonrequest")


class TooLarge(Exception):
    """The body is larger than taken."""


async def read_body(request: Request, limit_bytes: int) -> bytes:
    """The whole body. Raises `TooLarge` as soon as it is, without reading on."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit_bytes:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit_bytes:
            raise TooLarge
    return bytes(body)


def is_json(content_type: str | None) -> bool:
    """Whether a body of this type is JSON; a page of another origin cannot send that without asking."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    return kind in JSON_TYPES or (kind.startswith("application/") and kind.endswith("+json"))


def depth_exceeds(message: str | bytes, decoded: Any, limit: int) -> bool:
    """Whether a decoded message nests deeper than `limit`; cheap where it has few brackets."""
    text = message if isinstance(message, bytes) else message.encode()
    return text.count(b"[") + text.count(b"{") > limit and nests_deeper(decoded, limit)


def nests_deeper(decoded: Any, limit: int) -> bool:
    """Whether there are more than `limit` arrays and objects inside each other."""
    if not isinstance(decoded, dict | list):
        return False
    level = [decoded]
    for _ in range(limit):
        level = [
            child
            for value in level
            for child in (value.values() if isinstance(value, dict) else value)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
