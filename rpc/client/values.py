"""Values that the server cut out of its frames, fetched again: page by page, part by part."""

from collections.abc import Awaitable, Callable
from typing import Any

Fetch = Callable[[str, int], Awaitable[dict[str, Any]]]
"""Asks for a page of a value: by its reference, from a place on. Gives a result of `session.value`."""


async def whole(value: Any, fetch: Fetch) -> Any:
    """`value` with everything that was cut out of it. Raises what `fetch` raises."""
    match value:
        case {"$cut": {"ref": str(ref)}} if len(value) == 1:
            return await _fetched(ref, fetch)
        case dict():
            return {name: await whole(item, fetch) for name, item in value.items()}
        case list():
            return [await whole(item, fetch) for item in value]
        case _:
            return value


async def _fetched(ref: str, fetch: Fetch) -> Any:
    parts: list[Any] = []
    kind, start = "null", 0
    while True:
        page = await fetch(ref, start)
        parts.append(page["value"])
        kind = page["type"]
        if page["next"] is None:
            break
        start = page["next"]
    match kind:
        case "string":
            return "".join(parts)
        case "array":
            return [await whole(item, fetch) for part in parts for item in part]
        case "object":
            return {name: await whole(item, fetch) for part in parts for name, item in part.items()}
        case _:
            return parts[0]
