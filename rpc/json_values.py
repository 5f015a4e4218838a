"""JSON values: the type of one, the place of one in another (JSON Pointer, RFC 6901), one of one's own."""

from typing import Any, Literal

import msgspec

JsonType = Literal["object", "array", "string", "number", "boolean", "null"]


def json_type(value: Any) -> JsonType:
    """The name of a JSON value's type."""
    match value:
        case dict():
            return "object"
        case list():
            return "array"
        case str():
            return "string"
        case bool():
            return "boolean"
        case None:
            return "null"
        case _:
            return "number"


def copied(value: Any) -> Any:
    """The same value, for somebody who may change it."""
    return msgspec.json.decode(msgspec.json.encode(value))


def pointed(pointer: str, key: Any) -> str:
    """The pointer of a member of what `pointer` names: of this name, or at this position."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def within(value: Any, pointer: str) -> Any:
    """The JSON value at a pointer in another. Raises `LookupError`."""
    for name in names_in(pointer):
        if isinstance(value, list):
            if not (name.isascii() and name.isdigit()):
                raise LookupError(name)
            value = value[int(name)]
        elif isinstance(value, dict):
            value = value[name]
        else:
            raise LookupError(name)
    return value


def names_in(pointer: str) -> list[str]:
    """The names and positions on a pointer's way, from the outside."""
    return [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]
