"""JSON Schemas of JSON-RPC 2.0's own objects: requests, responses, errors, and events as notifications."""

from protocol.events import EventHeader, EventType
from protocol.examples import EVENT_HEADER
from protocol.feeds import FeedType
from protocol.methods import METHODS, Method
from protocol.schema import REF, Schema, ref

_VERSION = {"const": "2.0", "description": "The version of JSON-RPC."}
_ID = {"type": ["string", "number", "null"], "description": "The request's."}

ERROR: Schema = {
    "title": "RpcError",
    "description": "Why a call has no result.",
    "type": "object",
    "properties": {
        "code": {"type": "integer", "description": "The error's code in the table of errors."},
        "message": {"type": "string", "description": "The error's message in that table."},
        "data": {"$ref": REF + "ErrorData", "description": "What was wrong."},
    },
    "required": ["code", "message", "data"],
}

REQUEST: Schema = {
    "title": "RpcRequest",
    "description": "A call, or a notification where `id` is left out.",
    "type": "object",
    "properties": {
        "jsonrpc": _VERSION,
        "method": {"type": "string", "description": "A method's name.", "examples": [*METHODS]},
        "params": {
            "description": "By name, or by position.",
            "anyOf": [
                {"type": "object", "additionalProperties": True},
                {"type": "array", "items": {}},
            ],
        },
        "id": _ID,
    },
    "required": ["jsonrpc", "method"],
}

RESPONSE: Schema = {
    "title": "RpcResponse",
    "description": "`result` or `error`, never both.",
    "type": "object",
    "properties": {
        "jsonrpc": _VERSION,
        "result": {"description": "The method's result."},
        "error": {"$ref": REF + "RpcError"},
        "id": {**_ID, "description": "The request's; null where it could not be read."},
    },
    "required": ["jsonrpc", "id"],
}

COMPONENTS: dict[str, Schema] = {
    "RpcError": ERROR,
    "RpcRequest": REQUEST,
    "RpcResponse": RESPONSE,
}


def call(method: Method) -> Schema:
    """A request of `method`, its params by name."""
    return {
        **REQUEST,
        "title": f"{method.name} request",
        "description": method.summary,
        "properties": {
            "jsonrpc": _VERSION,
            "method": {"const": method.name, "description": "The method's name."},
            "params": ref(method.params),
            "id": _ID,
        },
    }


def answer(method: Method) -> Schema:
    """A response to `method`."""
    free = {"type": "object", "additionalProperties": True}
    result = ref(method.result) if method.result else free
    return {
        **RESPONSE,
        "title": f"{method.name} response",
        "properties": {**RESPONSE["properties"], "result": result},
    }


def params(event: EventType) -> Schema:
    """The params of an event: the header's fields, then its own."""
    return {"allOf": [ref(EventHeader), ref(event.body)]}


def notification(event: EventType) -> Schema:
    """An event as it is sent."""
    return {
        "title": event.name,
        "description": event.description,
        "type": "object",
        "properties": {
            "jsonrpc": _VERSION,
            "method": {"const": event.name, "description": "The event's type."},
            "params": params(event),
        },
        "required": ["jsonrpc", "method", "params"],
    }


def feed(feed: FeedType) -> Schema:
    """A notification of a feed as it is sent."""
    return {
        "title": feed.name,
        "description": feed.description,
        "type": "object",
        "properties": {
            "jsonrpc": _VERSION,
            "method": {"const": feed.name, "description": "What is told."},
            "params": ref(feed.params),
        },
        "required": ["jsonrpc", "method", "params"],
    }


def event_example(event: EventType) -> dict[str, object]:
    """The event's example as it is sent."""
    return {
        "jsonrpc": "2.0",
        "method": event.name,
        "params": {**EVENT_HEADER, **event.example},
    }
