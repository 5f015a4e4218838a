"""The AsyncAPI 3.0 document of the WebSocket: what the server receives, answers, and sends unasked."""

from functools import cache
from typing import Any

from protocol import PROTOCOL_VERSION, jsonrpc, schema
from protocol.events import EVENTS, EventType
from protocol.feeds import FEEDS
from protocol.methods import METHODS, Method
from protocol.security import of_a_socket

Document = dict[str, Any]

_MODELS = frozenset({"enum", "const", "anyOf", "allOf", "oneOf", "properties"})
"""What becomes a type of its own in generated code has one of these, or several types."""

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
    for feed in FEEDS.values():
        messages[feed.name] = {
            "name": feed.name,
            "title": feed.name,
            "summary": feed.description,
            "payload": jsonrpc.feed(feed),
            "examples": [
                {
                    "name": feed.name,
                    "payload": {"jsonrpc": "2.0", "method": feed.name, "params": feed.example},
                }
            ],
        }
    operations["changes"] = {
        "action": "send",
        "channel": _CHANNEL,
        "summary": "What `session.watch` asks for.",
        "description": "In the order of the changes, each once. With `batch`, a frame is an array of them.",
        "messages": [_in_channel(name) for name in FEEDS],
    }
    schemas = schema.reached(messages, jsonrpc.COMPONENTS)
    _name_all(messages, schemas)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Stepwire",
            "version": PROTOCOL_VERSION,
            "description": "LangGraph orchestrations over one WebSocket that speaks JSON-RPC 2.0.",
            "contact": {"name": "Stepwire"},
            "license": {"name": "MIT"},
            "tags": [{"name": "json-rpc"}, {"name": "langgraph"}],
        },
        "defaultContentType": "application/json",
        "servers": {
            "local": {
                "host": "127.0.0.1:8000",
                "protocol": "ws",
                "description": (
                    "A server as `stepwire serve` starts it: it asks nobody who they are until there is a token, and then for one of these."
                ),
                "security": [
                    {"$ref": f"#/components/securitySchemes/{name}"} for name in of_a_socket()
                ],
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
            "schemas": schemas,
            "securitySchemes": of_a_socket(),
        },
    }


def _name_all(messages: dict[str, Document], schemas: dict[str, schema.Schema]) -> None:
    """Give what becomes a type a name, as a component: else it is called by a number in generated code."""
    named: dict[str, schema.Schema] = {}

    def inside(found: schema.Schema, name: str) -> schema.Schema:
        kept = dict(found)
        if "properties" in found:
            kept["properties"] = {
                key: apart(one, name + _capital(key)) for key, one in found["properties"].items()
            }
        for key in ("items", "additionalProperties"):
            if isinstance(found.get(key), dict):
                kept[key] = apart(found[key], f"{name}Item")
        for key in ("anyOf", "allOf", "oneOf"):
            if key in found:
                kept[key] = [
                    apart(one, f"{name}{number}") for number, one in enumerate(found[key], 1)
                ]
        return kept

    def apart(found: schema.Schema, name: str) -> schema.Schema:
        if "$ref" in found:
            return found
        if not _MODELS & found.keys() and isinstance(found.get("type"), str):
            return inside(found, name)
        made = {"title": name, **inside(found, name)}
        made["title"] = name
        if name in schemas or (name in named and named[name] != made):
            raise ValueError(f"two schemas would be called {name}")
        named[name] = made
        return {"$ref": schema.REF + name}

    for name, found in list(schemas.items()):
        schemas[name] = inside(found, name)
    for name, message in messages.items():
        words = "".join(map(_capital, name.replace(".", "_").split("_")))
        message["payload"] = apart(
            message["payload"], f"{words}Notification" if name in EVENTS or name in FEEDS else words
        )
    schemas |= named
    for name in sorted(schemas):
        schemas[name] = schemas.pop(name)


def _capital(word: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in word.split("_"))


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
