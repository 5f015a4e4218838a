"""What a query string of LangGraph's API says, as params of the kinds that a method takes. Decisions without I/O."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import msgspec

from protocol.langgraph import METHODS, Row

TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def query_kinds(row: Row) -> Mapping[str, str]:
    """What of a query string is a param, and of which kind."""
    return _kinds(row.method)


@cache
def _kinds(method: str) -> Mapping[str, str]:
    """By name. To look at a method's params takes longer than to answer most requests: it is done once."""
    info = msgspec.inspect.type_info(METHODS[method].params)
    assert isinstance(info, msgspec.inspect.StructType)
    kinds = {field.name: _kind(field.type) for field in info.fields if field.name != "session_id"}
    return MappingProxyType(kinds)


def _kind(of: msgspec.inspect.Type) -> str:
    match of:
        case msgspec.inspect.UnionType(types=options):
            found = {_kind(one) for one in options}
            return next((kind for kind in ("list", "bool", "int") if kind in found), "text")
        case msgspec.inspect.IntType():
            return "int"
        case msgspec.inspect.BoolType():
            return "bool"
        case msgspec.inspect.ListType():
            return "list"
    return "text"


def value_of(given: list[str], kind: str, name: str) -> Any:
    """A param of a query string's values."""
    text = given[-1]
    if name in ("stream_mode", "stream_modes"):
        return text if len(given) == 1 else given
    if name == "namespace":
        return text
    if kind == "list":
        return given
    if kind in ("int", "bool") and text.lstrip("-").isdigit():
        number = int(text)
        # `xray` is a truth or a depth: 1 is one deep.
        truth = kind == "bool" and number in (0, 1) and name != "xray"
        return bool(number) if truth else number
    return TRUTHS.get(text.lower(), text) if kind == "bool" else text
