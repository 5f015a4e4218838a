"""Whether what a server sends is what the protocol describes, to the last field."""

from functools import cache
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from protocol import jsonrpc, schema
from protocol.errors import ERRORS
from protocol.events import EVENTS, EventHeader
from protocol.feeds import FEEDS
from protocol.methods import METHODS

_CODES = {error.code: error for error in ERRORS}


@cache
def _validator(reference: str) -> Draft202012Validator:
    found = {**schema.components(), **jsonrpc.COMPONENTS}
    return Draft202012Validator({"components": {"schemas": found}, "$ref": schema.REF + reference})


def check_event(event: Any) -> None:
    """Raises `AssertionError` or `ValidationError` where it is not as described."""
    assert event.keys() == {"jsonrpc", "method", "params"}
    feed = FEEDS.get(event["method"])
    if feed is not None:
        _validator(feed.params.__name__).validate(event["params"])
        assert list(event["params"]) == [one.name for one in msgspec.structs.fields(feed.params)]
        return
    body = EVENTS[event["method"]].body
    _validator("EventHeader").validate(event["params"])
    _validator(body.__name__).validate(event["params"])
    header = [field.name for field in msgspec.structs.fields(EventHeader)]
    own = [
        field.name
        for field in msgspec.structs.fields(body)
        if field.default is not msgspec.UNSET or field.name in event["params"]
    ]
    assert list(event["params"]) == header + own, event["method"]


def check_response(response: Any, method: str | None) -> None:
    """`method`: of the request, where it is known."""
    _validator("RpcResponse").validate(response)
    assert ("result" in response) != ("error" in response)
    if "error" in response:
        error = response["error"]
        row = _CODES[error["code"]]
        assert (error["message"], error["data"]["type"]) == (row.message, row.type)
        assert error["data"].keys() <= {"type", "detail", "path", "retry_after_ms"}
        assert error["data"]["detail"]
        return
    kind = METHODS[method].result if method in METHODS else None
    if kind is not None:
        _validator(kind.__name__).validate(response["result"])
        described = {field.name for field in msgspec.structs.fields(kind)}
        assert response["result"].keys() == described, method
