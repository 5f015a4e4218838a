"""JSON Schemas (2020-12) of the protocol's Structs, as msgspec makes them, in the form people read.

Params are described as a server takes them: closed, defaults optional. Results and events are described as a
server sends them: every field is there, and a later server may add some.
"""

import inspect
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from protocol.errors import ErrorData
from protocol.events import EVENTS, EventHeader
from protocol.feeds import FEEDS
from protocol.methods import METHODS
from protocol.rest import Health, Liveness, Problem
from protocol.security import BeginSession, BrowserSession
from protocol.sessions import STATUSES
from protocol.subscriptions import STREAM_NAMES
from protocol.values import META

Schema = dict[str, Any]

REF = "#/components/schemas/"
"""Where OpenRPC, OpenAPI and AsyncAPI documents keep their schemas."""


def ref(kind: type[Struct]) -> Schema:
    """A reference to a Struct's schema."""
    return {"$ref": REF + kind.__name__}


@cache
def components() -> dict[str, Schema]:
    """The schema of every Struct on the wire, by its name, sorted."""
    inputs = _schemas([*(method.params for method in METHODS.values()), BeginSession])
    outputs = _schemas(
        [method.result for method in METHODS.values() if method.result]
        + [event.body for event in EVENTS.values()]
        + [feed.params for feed in FEEDS.values()]
        + [EventHeader, Health, Liveness, BrowserSession]
    )
    sometimes = {event.body.__name__: _unset(event.body) for event in EVENTS.values()}
    for name, schema in outputs.items():
        left_out = sometimes.get(name, ())
        schema["required"] = [field for field in schema["properties"] if field not in left_out]
        for field in schema["properties"].values():
            field.pop("default", None)
    for method in METHODS.values():
        inputs[method.params.__name__]["properties"][META] = _META
    # Of an error, only the fields that say something are sent.
    optional = _schemas([ErrorData, Problem])
    found = {**optional, **outputs, **inputs}
    if len(found) != len(optional) + len(outputs) + len(inputs):
        raise ValueError(
            "a Struct is both taken and sent: its schema cannot be both closed and open"
        )
    shown = {name: _with_names(_readable(found[name])) for name in found}
    shown |= {name: {"title": name, **schema} for name, schema in _NAMED.items()}
    return {name: shown[name] for name in sorted(shown)}


_NAMED: dict[str, Schema] = {
    "Status": {
        "description": "Where a session, or its run, is.",
        "type": "string",
        "enum": list(STATUSES),
    },
    "EventFilter": {
        "description": "An event's type, or the name that a stream has for it.",
        "type": "string",
        "enum": [*EVENTS, *STREAM_NAMES],
    },
}
"""What many fields are, under a name of its own: each generator would make up others."""


def _with_names(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_with_names(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    for name, named in _NAMED.items():
        if schema.get("enum") == named["enum"]:
            about = {key: value for key, value in schema.items() if key not in ("enum", "type")}
            return {**about, "$ref": REF + name}
    return {key: _with_names(value) for key, value in schema.items()}


def fields(kind: type[Struct]) -> Iterator[tuple[str, Schema, bool]]:
    """The name, schema and need of each field of a params or result Struct, in its order."""
    schema = components()[kind.__name__]
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        if name != META:
            yield name, field, name in required


def summary(kind: type[Struct]) -> str:
    """The Struct's docstring on one line."""
    return " ".join((kind.__doc__ or "").split())


def reached(document: Any, more: dict[str, Schema]) -> dict[str, Schema]:
    """Those of `components` and `more` that `document` refers to, also by way of others, sorted."""
    found = {**components(), **more}
    names: set[str] = set()
    todo = [document]
    while todo:
        for name in re.findall(re.escape(REF) + r"(\w+)", msgspec.json.encode(todo.pop()).decode()):
            if name not in names:
                names.add(name)
                todo.append(found[name])
    return {name: found[name] for name in sorted(names)}


def acyclic(found: dict[str, Schema]) -> dict[str, Schema]:
    """The schemas without cycles, for tools that put each in the place of its references for ever.

    Where one is reached from within itself, it is a free object there; the description says of what shape.
    """
    done: set[str] = set()
    kept = dict(found)

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in done:
            return
        kept[name] = _cut(found[name], (*above, name))
        for inner in _referred(kept[name]):
            visit(inner, (*above, name))
        done.add(name)

    for name in found:
        visit(name, ())
    reached_now = {inner for name in kept for inner in _referred(kept[name])}
    return {
        name: one
        for name, one in kept.items()
        # What only a cycle led to is shown nowhere.
        if name in reached_now or name not in {i for n in found for i in _referred(found[n])}
    }


def _cut(schema: Any, above: tuple[str, ...]) -> Any:
    if isinstance(schema, list):
        return [_cut(one, above) for one in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref", "")).removeprefix(REF)
    if name in above:
        about = f"{schema.get('description', '')} Of the shape of `{name}`.".strip()
        return {"description": about, "type": "object", "additionalProperties": True}
    return {key: _cut(value, above) for key, value in schema.items()}


def _referred(schema: Any) -> set[str]:
    text = msgspec.json.encode(schema).decode()
    return set(re.findall(re.escape(REF) + r"(\w+)", text))


def single_types(schema: Any) -> Any:
    """The same, each `type` one name: several are choices, as older generators want them."""
    if isinstance(schema, list):
        return [single_types(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: single_types(value) for key, value in schema.items()}
    kinds = found.get("type")
    if not isinstance(kinds, list) or "anyOf" in found:
        return found
    notes = {
        key: found[key] for key in ("title", "description", "examples", "default") if key in found
    }
    rules = {key: value for key, value in found.items() if key not in notes and key != "type"}
    choices = [{"type": kind} if kind == "null" else {"type": kind, **rules} for kind in kinds]
    return {**notes, "anyOf": choices}


def without_defaults(schema: Any) -> Any:
    """The same, defaults in words: generators take a field that has one for a field that must be there."""
    if isinstance(schema, list):
        return [without_defaults(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: without_defaults(value) for key, value in schema.items() if key != "default"}
    default = schema.get("default")
    if "description" in schema and "default" in schema and default not in (None, []):
        said = msgspec.json.encode(default).decode()
        found["description"] = f"{schema['description']} Default: `{said}`."
    return found


def _unset(kind: type[Struct]) -> set[str]:
    """The fields that are left out where they say nothing."""
    return {field.name for field in msgspec.structs.fields(kind) if field.default is msgspec.UNSET}


_META = {
    "description": "For whoever stands between client and server; ignored here.",
    "type": "object",
    "additionalProperties": True,
}


def _schemas(kinds: list[type[Any]]) -> dict[str, Schema]:
    _, found = msgspec.json.schema_components(kinds, ref_template=REF + "{name}")
    return found


def _readable(schema: Schema) -> Schema:
    """`schema` with what msgspec puts inside a nullable's `anyOf` where a reader looks for it."""
    schema = dict(schema)
    if isinstance(schema.get("description"), str):
        # Python 3.13 takes a docstring's indentation away, earlier ones keep it.
        schema["description"] = inspect.cleandoc(schema["description"])
    if "properties" in schema:
        schema["properties"] = {
            name: _readable(field) for name, field in schema["properties"].items()
        }
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            schema[key] = _readable(schema[key])
    if "anyOf" in schema:
        options = [_readable(option) for option in schema["anyOf"]]
        schema["anyOf"] = options
        if len(options) == 2 and options[1] == _NULL:
            schema = _nullable(schema, options[0])
    if "enum" in schema:
        # A closed set of texts is also a type, which older tools ask for.
        schema["type"] = "string"
        if set(schema["enum"]) == set(STATUSES):
            schema["enum"] = list(STATUSES)
    kinds = schema.get("type")
    free = "object" in ([kinds] if isinstance(kinds, str) else kinds or ())
    if free and "properties" not in schema:
        # Said, since some generators take silence for an object without members.
        schema.setdefault("additionalProperties", True)
    if schema.get("type") == "array":
        schema.setdefault("items", {})
    if schema.get("required") == []:
        del schema["required"]
    order = {key: place for place, key in enumerate(_ORDER)}
    return dict(sorted(schema.items(), key=lambda item: order.get(item[0], len(order))))


_NULL = {"type": "null"}
_ORDER = (
    "title",
    "description",
    "type",
    "enum",
    "$ref",
    "anyOf",
    "items",
    "properties",
    "required",
)


def _nullable(outer: Schema, inner: Schema) -> Schema:
    """`inner` or null, in as few words as JSON Schema has for it; what `outer` says wins."""
    notes = {key: value for key, value in outer.items() if key != "anyOf"}
    about = {key: value for key, value in inner.items() if key in ("description", "examples")}
    rules = {key: value for key, value in inner.items() if key not in about}
    if "enum" not in rules and isinstance(rules.get("type"), str):
        return {**about, **notes, **rules, "type": [rules["type"], "null"]}
    return {**about, **notes, "anyOf": [rules, _NULL]}
