"""Places in the state or an input, as a person writes them."""

import ast
from functools import reduce

from rpc.dap.connection import DapError
from rpc.json_values import pointed


def pointer_of(expression: str) -> tuple[str, str]:
    """The root (`state`, `input`, `context` or `config`) and the JSON Pointer of a place. Raises `DapError`."""
    try:
        node = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise DapError(f"{expression!r} is no place: write it as `state['hits'][0]`") from error
    keys: list[str] = []
    while True:
        match node:
            case ast.Subscript(value=inner, slice=ast.Constant(value=str() | int() as key)):
                keys.append(str(key))
                node = inner
            case ast.Attribute(value=inner, attr=name):
                keys.append(name)
                node = inner
            case ast.Name(id="state" | "input" | "context" | "config" as root) if keys:
                return root, reduce(pointed, reversed(keys), "")
            case _:
                raise DapError(
                    f"{expression!r} cannot be set: a place is in `state` or `input`, as `state['hits'][0]`"
                )
