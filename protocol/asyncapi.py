"""The AsyncAPI 3.0 document of the WebSocket: what the server receives, answers, and sends unasked."""

from functools import cache
from typing import Any

from protocol import PROTOCOL_VERSION, jsonrpc, schema
from protocol.events import EVENTS, EventType
from protocol.methods import METHODS, Method

Document = dict[str, Any]

_CHANNEL = {"$ref": "#/channels/rpc"}


@cache
def build() -> Document:
    """The document. It is built once and shared: do not change it."""
    messages: dict[str, Document] = {}
    operations: dict[str, Document] = {}
    for method in METHODS.values():
        messages[f"{method.name}.request"] = _request(method)
        messages[f"{method.name}.response"] = _response(method)
        operations[method.name] = {
            "action": "receive",
            "channel": _CHANNEL,
            "summary": method.summary,
            "description": method.description or method.summary,
            "messages": [_in_channel(f"{method.name}.request")],
            "reply": {"channel": _CHANNEL, "messages": [_in_channel(f"{method.name}.response")]},
        }
    for event in EVENTS.values():
        messages[event.name] = _event(event)
    operations["events"] = {
        "action": "send",
        "channel": _CHANNEL,
        "summary": "The events of the sessions this connection subscribed to.",
        "description": (
            "Each session's in the order of `seq`, from `after + 1` on, each once. With `batch`, a frame is "
            "an array of them."
        ),
        "messages": [_in_channel(name) for name in EVENTS],
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Stepwire",
            "version": PROTOCOL_VERSION,
            "description": "LangGraph orchestrations over one WebSocket that speaks JSON-RPC 2.0.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "local": {
                "host": "127.0.0.1:8000",
                "protocol": "ws",
                "description": "A server as `stepwire serve` starts it.",
            }
        },
        "channels": {
            "rpc": {
                "address": "/rpc",
                "title": "JSON-RPC 2.0",
                "description": "Text frames; each is a request, a response, a notification, or a batch.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": operations,
        "components": {
            "messages": messages,
            "schemas": schema.reached(messages, jsonrpc.COMPONENTS),
        },
    }


def _in_channel(name: str) -> Document:
    return {"$ref": f"#/channels/rpc/messages/{name}"}


def _request(method: Method) -> Document:
    example = {"jsonrpc": "2.0", "method": method.name, "params": method.example[0], "id": 1}
    return {
        "name": f"{method.name}.request",
        "title": f"Call of {method.name}",
        "summary": method.summary,
        "payload": jsonrpc.call(method),
        "examples": [{"name": method.name, "payload": example}],
    }


def _response(method: Method) -> Document:
    example = {"jsonrpc": "2.0", "result": method.example[1], "id": 1}
    return {
        "name": f"{method.name}.response",
        "title": f"Answer of {method.name}",
        "summary": schema.summary(method.result) if method.result else method.summary,
        "payload": jsonrpc.answer(method),
        "examples": [{"name": method.name, "payload": example}],
    }


def _event(event: EventType) -> Document:
    return {
        "name": event.name,
        "title": event.name,
        "summary": event.description,
        "payload": jsonrpc.notification(event),
        "examples": [{"name": event.name, "payload": jsonrpc.event_example(event)}],
    }
