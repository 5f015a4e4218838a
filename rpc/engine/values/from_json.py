"""JSON values of a client's as Python values: tagged forms that can be read are, and those for people are refused."""

import base64
import binascii
from typing import Any

FOR_PEOPLE = ("$cut", "$object", "$array", "$table")
"""Tags of forms that only show a value: what they stand for is not in them."""


class PlaceholderError(ValueError):
    """A value has a form in it that cannot be sent back. `path`: where, from the value."""

    def __init__(self, tag: str, path: tuple[str | int, ...]) -> None:
        super().__init__(
            f"`{tag}` only shows what was there and cannot be written back: edit what you mean alone, by its `value_path`"
        )
        self.path = path


def from_json(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    """`value` with `$bytes` and `$float` read. Raises `PlaceholderError`."""
    if isinstance(value, list):
        return [from_json(item, (*path, index)) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((tag, inner),) = value.items()
        if tag in FOR_PEOPLE:
            raise PlaceholderError(tag, path)
        if tag == "$bytes" and isinstance(inner, str):
            try:
                return base64.b64decode(inner, validate=True)
            except binascii.Error:
                return value
        if tag == "$float" and inner in ("NaN", "Infinity", "-Infinity"):
            return float(inner)
    return {key: from_json(item, (*path, key)) for key, item in value.items()}
