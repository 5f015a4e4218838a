"""Answers that are cut off on purpose, so that their readers see that there is more: ASGI itself has no word for it."""

from collections.abc import Callable, MutableMapping
from typing import Any

EXTENSION = "stepwire.break_off"


def offer(scope: MutableMapping[str, Any], close: Callable[[], None]) -> None:
    """Let the answer to this request be cut off by `close`."""
    scope["extensions"] = {**(scope.get("extensions") or {}), EXTENSION: close}


def break_off(scope: MutableMapping[str, Any]) -> None:
    """Close the request's connection behind what was sent. Where another server serves the app, that does it, once its call returns."""
    close = (scope.get("extensions") or {}).get(EXTENSION)
    if close is not None:
        close()
