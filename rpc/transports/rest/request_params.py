"""How a REST request becomes a method's params: a decision without I/O."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec

from protocol.errors import INVALID_PARAMS, INVALID_REQUEST, ProtocolError
from protocol.rest import Row
from rpc.auth.credentials import names_credential

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,19})", re.ASCII)
_BOOLEANS = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}


def request_params(
    row: Row, path: Mapping[str, str], query: Iterable[tuple[str, str]], body: Any = None
) -> dict[str, Any]:
    """The params by name; their values are checked by `convert_params`, as everyone's.

    `query`: the pairs of the query string, decoded. `body`: the decoded JSON, for a row that takes one.
    Raises `ProtocolError`: invalid params for one in the wrong place, in two, or given twice; invalid request for
    credentials in the query string.
    """
    fields = row.call.params.__struct_fields__
    params: dict[str, Any] = dict(path)
    for name, text in query:
        if names_credential(name):
            raise ProtocolError(
                INVALID_REQUEST,
                f"`{name}` in the query string: addresses are logged, so credentials are not taken there",
            )
        if name not in fields:
            continue
        if name not in row.query and name not in row.path_params:
            raise _invalid(name, f"`{name}` is not a param of the query string here")
        if name in params:
            raise _invalid(name, f"`{name}` is given twice")
        params[name] = _value(text, _kinds(row).get(name, "text"))
    if row.body:
        if not isinstance(body, dict):
            raise _invalid(None, "the body must be a JSON object")
        for name, value in body.items():
            if name in row.path_params:
                raise _invalid(name, f"`{name}` belongs in the path, not in the body")
            if name in params:
                raise _invalid(name, f"`{name}` is given twice")
            params[name] = value
    return params


def _invalid(name: str | None, detail: str) -> ProtocolError:
    return ProtocolError(INVALID_PARAMS, detail, path="$" if name is None else f"$.{name}")


def _value(text: str, kind: str) -> Any:
    """The value that `text` says; text that does not say one of its kind is left for the check to refuse."""
    match kind:
        case "integer" if _INTEGER.fullmatch(text):
            return int(text)
        case "boolean":
            # Python's clients write True.
            return _BOOLEANS.get(text.lower(), text)
        case "list":
            return text.split(",") if text else []
        case "one or more" if "," in text:
            return text.split(",")
        case _:
            return text


@cache
def _kinds(row: Row) -> dict[str, str]:
    """What each param of the query string is: `integer`, `boolean`, `list`, `one or more` or `text`."""
    info = msgspec.inspect.type_info(row.call.params)
    assert isinstance(info, msgspec.inspect.StructType)
    return {field.name: _kind(field.type) for field in info.fields if field.name in row.query}


def _is_null(of: msgspec.inspect.Type) -> bool:
    return isinstance(of, msgspec.inspect.NoneType)


def _kind(of: msgspec.inspect.Type) -> str:
    match of:
        case msgspec.inspect.Metadata(type=inner):
            return _kind(inner)
        case msgspec.inspect.UnionType(types=options):
            found = [_kind(option) for option in options if not _is_null(option)]
            if "text" in found and "list" in found:
                return "one or more"
            return next((kind for kind in found if kind != "text"), "text")
        case msgspec.inspect.IntType():
            return "integer"
        case msgspec.inspect.BoolType():
            return "boolean"
        case msgspec.inspect.ListType():
            return "list"
        case _:
            return "text"
