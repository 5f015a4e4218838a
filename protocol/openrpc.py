"""The OpenRPC 1.3 document of the methods, as `rpc.discover` serves it.

OpenRPC has no place for what a server sends unasked: the events stand in `x-events`, each with the schema of
its notification's params, and what is of no one session in `x-feeds`.
"""

from functools import cache
from typing import Any

from protocol import PROTOCOL_VERSION, jsonrpc, schema
from protocol.errors import ERRORS, GENERAL, ErrorData, ErrorType
from protocol.events import EVENTS, EventType
from protocol.feeds import FEEDS
from protocol.methods import METHODS, Method
from protocol.security import of_a_socket
from protocol.sessions import TRANSITIONS

Document = dict[str, Any]


@cache
def build() -> Document:
    """The document. It is built once and shared: do not change it."""
    methods = schema.single_types([_method(method) for method in METHODS.values()])
    events = schema.single_types([_event(event) for event in EVENTS.values()])
    feeds = [
        {
            "name": feed.name,
            "description": feed.description,
            "params": schema.ref(feed.params),
            "example": {"jsonrpc": "2.0", "method": feed.name, "params": feed.example},
        }
        for feed in FEEDS.values()
    ]
    return {
        "openrpc": "1.3.2",
        "info": {
            "title": "Stepwire",
            "version": PROTOCOL_VERSION,
            "description": (
                "LangGraph orchestrations over one WebSocket that speaks JSON-RPC 2.0. Events arrive as "
                "notifications, see `x-events`."
            ),
            "license": {"name": "MIT"},
        },
        "servers": [
            {
                "name": "websocket",
                "url": "ws://127.0.0.1:8000/rpc",
                "summary": "Text frames, both ways: calls and events.",
            },
            {
                "name": "http",
                "url": "http://127.0.0.1:8000/rpc",
                "summary": "`POST` of one call or batch; no events.",
            },
        ],
        "methods": methods,
        "components": {
            "schemas": schema.single_types(
                schema.acyclic(schema.reached([methods, events, feeds, schema.ref(ErrorData)], {}))
            ),
            "errors": {error.type: _error(error) for error in ERRORS},
        },
        "x-events": events,
        # OpenRPC has no place for these: as AsyncAPI names them.
        "x-security": of_a_socket(),
        "x-feeds": feeds,
        "x-transitions": {status: sorted(after) for status, after in TRANSITIONS.items()},
    }


def _method(method: Method) -> Document:
    params, result = method.example
    return {
        "name": method.name,
        "summary": method.summary,
        "description": method.description or method.summary,
        "tags": [{"name": method.name.partition(".")[0]}],
        "x-scope": method.scope,
        "paramStructure": "either",
        "params": [
            {
                "name": name,
                "description": field["description"],
                "required": required,
                "schema": field,
            }
            for name, field, required in schema.fields(method.params)
        ],
        "result": _result(method),
        "errors": [
            {"$ref": f"#/components/errors/{error.type}"}
            for error in ERRORS
            if error in method.errors or error in GENERAL
        ],
        "examples": [
            {
                "name": method.name,
                "description": method.summary,
                "params": [{"name": name, "value": value} for name, value in params.items()],
                "result": {"name": "result", "value": result},
            }
        ],
    }


def _result(method: Method) -> Document:
    if method.result is None:
        return {
            "name": "document",
            "description": "An OpenRPC document.",
            "schema": {
                "type": "object",
                "additionalProperties": True,
                "required": ["openrpc", "info", "methods"],
            },
        }
    return {
        "name": "result",
        "description": schema.summary(method.result),
        "schema": schema.ref(method.result),
    }


def _error(error: ErrorType) -> Document:
    return {
        "code": error.code,
        "message": error.message,
        "data": {"type": error.type, "detail": error.description},
    }


def _event(event: EventType) -> Document:
    return {
        "name": event.name,
        "description": event.description,
        "params": jsonrpc.params(event),
        "example": jsonrpc.event_example(event),
    }
