"""Values as people type them."""

from collections.abc import Iterable
from typing import Any

import click
import msgspec


def value_of(text: str) -> Any:
    """JSON where it is JSON, else the text itself: `yes`, `3`, `{"ok": true}`."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def mapping_of(parts: Iterable[str], option: str) -> dict[str, Any]:
    """One object from `key=value` pairs and whole JSON objects; later ones win.

    Raises `click.BadParameter`, which names `option`.
    """
    merged: dict[str, Any] = {}
    for part in parts:
        if part.lstrip().startswith("{"):
            try:
                merged |= msgspec.json.decode(part, type=dict[str, Any])
            except msgspec.DecodeError as error:
                raise click.BadParameter(f"not JSON: {error}", param_hint=option) from error
            continue
        key, separator, value = part.partition("=")
        if not separator or not key:
            raise click.BadParameter(
                f"{part!r} is neither key=value nor a JSON object", param_hint=option
            )
        merged[key] = value_of(value)
    return merged
