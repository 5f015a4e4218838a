"""The TypeScript declarations of the protocol: every Struct, method, event and error, with their comments."""

import json
import textwrap
from collections.abc import Iterable, Iterator
from functools import cache

from protocol import PROTOCOL_VERSION, schema
from protocol.errors import ERRORS
from protocol.events import EVENTS
from protocol.feeds import FEEDS
from protocol.methods import METHODS
from protocol.schema import REF, Schema
from protocol.subscriptions import STREAM_NAMES

_HEADER = f"""\
/* Stepwire, protocol {PROTOCOL_VERSION}. Made by `python -m protocol.generate`: do not edit. */

/** Any JSON value; what JSON cannot say is a `Tagged` object. */
export type Json = null | boolean | number | string | Json[] | {{ [key: string]: Json }};

/** The forms of Python values that JSON cannot say. */
export type Tagged =
  | {{ $bytes: string }}
  | {{ $float: "NaN" | "Infinity" | "-Infinity" }}
  | {{ $object: {{ type: string; repr: string }} }}
  | {{ $cut: Cut }};

/** What stands in the place of a value that was cut; `session.value` gives it by its `ref`, where it has one. */
export interface Cut {{
  bytes: number;
  type: string;
  length?: number | null;
  ref?: string;
}}

"""

_FOOTER = """\
export type MethodName = keyof Methods;
export type EventName = keyof Events;
export type FeedName = keyof Feeds;
export type ErrorName = keyof ErrorCodes;

/** A call's identifier, chosen by the client. */
export type Id = string | number;

type Params<M extends MethodName> = {} extends Methods[M]["params"]
  ? { params?: Methods[M]["params"] | Json[] }
  : { params: Methods[M]["params"] | Json[] };

/** A call; params by position are an array in the order of the fields. */
export type RpcRequest<M extends MethodName = MethodName> = M extends MethodName
  ? { jsonrpc: "2.0"; method: M; id: Id } & Params<M>
  : never;

/** The answer to a call. */
export interface RpcSuccess<M extends MethodName = MethodName> {
  jsonrpc: "2.0";
  result: Methods[M]["result"];
  id: Id;
}

/** The answer to a call that failed; `id` is null where the call's could not be read. */
export interface RpcFailure {
  jsonrpc: "2.0";
  error: RpcError;
  id: Id | null;
}

/** An error: switch on `code`, and the compiler knows `data.type`. */
export type RpcError = {
  [E in ErrorName]: {
    code: ErrorCodes[E];
    message: string;
    data: ErrorData & { type: E };
  };
}[ErrorName];

/** A change as it arrives, of no one session: switch on `method`. */
export type StepwireNotice<F extends FeedName = FeedName> = F extends FeedName
  ? { jsonrpc: "2.0"; method: F; params: Feeds[F] }
  : never;

export type RpcResponse<M extends MethodName = MethodName> = RpcSuccess<M> | RpcFailure;

/** An event as it arrives: switch on `method`. */
export type StepwireEvent<E extends EventName = EventName> = E extends EventName
  ? { jsonrpc: "2.0"; method: E; params: EventHeader & Events[E] }
  : never;

/** What a frame from the server holds. */
export type Incoming =
  | RpcResponse
  | StepwireEvent
  | StepwireNotice
  | Array<RpcResponse | StepwireEvent | StepwireNotice>;

/* Each event as it arrives. */
"""


@cache
def build() -> str:
    """The declaration file's text."""
    parts = [_HEADER]
    parts += [_interface(name, found) for name, found in schema.components().items()]
    parts.append(
        _map(
            "Methods",
            "Params and result of every method.",
            (
                (
                    method.name,
                    method.summary,
                    f"{{ params: {method.params.__name__}; "
                    f"result: {method.result.__name__ if method.result else 'Json'} }}",
                )
                for method in METHODS.values()
            ),
        )
    )
    parts.append(
        _map(
            "Events",
            "Every event's own fields; `EventHeader` stands before them.",
            ((event.name, event.description, event.body.__name__) for event in EVENTS.values()),
        )
    )
    parts.append(
        _map(
            "Feeds",
            "The params of what is sent to who watches.",
            ((feed.name, feed.description, feed.params.__name__) for feed in FEEDS.values()),
        )
    )
    parts.append(
        _map(
            "ErrorCodes",
            "Every error's code, by the name in its `data.type`.",
            ((error.type, error.description, str(error.code)) for error in ERRORS),
        )
    )
    parts.append(_FOOTER)
    parts += [
        f"export type {event.body.__name__}Event = StepwireEvent<{json.dumps(event.name)}>;\n"
        for event in EVENTS.values()
    ]
    return "".join(parts)


@cache
def build_module() -> str:
    """The same types as a module of the TypeScript client, with what its code needs to know of the tables."""
    keyed = [
        name
        for name, method in METHODS.items()
        if "idempotency_key" in method.params.__struct_fields__
    ]
    looking = [name for name, method in METHODS.items() if method.looks]
    codes = {error.type: error.code for error in ERRORS}
    return f"""{build()}
/** The version that this is of. */
export const PROTOCOL_VERSION = {json.dumps(PROTOCOL_VERSION)};

/** Every method. */
export const METHOD_NAMES: readonly MethodName[] = {_lines(list(METHODS))};

/** Every event's type. */
export const EVENT_NAMES: readonly EventName[] = {_lines(list(EVENTS))};

/** Every error's code. */
export const ERROR_CODES: Readonly<ErrorCodes> = {_lines(codes)};

/** Methods that change nothing: one whose answer was lost may be called again. */
export const LOOKS: ReadonlySet<MethodName> = new Set<MethodName>({_lines(looking)});

/** Methods that take an `idempotency_key`: called again with it, they do nothing. */
export const KEYED: ReadonlySet<MethodName> = new Set<MethodName>({_lines(keyed)});
"""


def _lines(value: object) -> str:
    return json.dumps(value, indent=2)


_ALIASES = {
    "EventFilter": "EventName | " + " | ".join(json.dumps(name) for name in STREAM_NAMES),
}
"""What TypeScript can say in fewer words."""

_KNOWN = {
    ("EventsResult", "events"): "StepwireEvent[]",
    ("ServerInfoResult", "events"): "EventName[]",
    ("ServerInfoResult", "methods"): "MethodName[]",
}
"""Fields whose JSON Schema says less than TypeScript can."""


def _interface(name: str, found: Schema) -> str:
    if "properties" not in found:
        kind = _ALIASES.get(name) or _type(found)
        return "\n".join([*_comment(found["description"], ""), f"export type {name} = {kind};\n\n"])
    required = found.get("required", ())
    lines = [*_comment(found.get("description", ""), ""), f"export interface {name} {{"]
    if not found["properties"]:
        lines.append("  [key: string]: never;")
    for field, about in found["properties"].items():
        lines += _comment(_about(about), "  ")
        kind = _KNOWN.get((name, field)) or _type(about)
        lines.append(f"  {field}{'' if field in required else '?'}: {kind};")
    return "\n".join([*lines, "}"]) + "\n\n"


def _map(name: str, about: str, rows: Iterable[tuple[str, str, str]]) -> str:
    lines = [*_comment(about, ""), f"export interface {name} {{"]
    for key, comment, kind in rows:
        lines += _comment(comment, "  ")
        lines.append(f"  {json.dumps(key)}: {kind};")
    return "\n".join([*lines, "}"]) + "\n\n"


def _about(found: Schema) -> str:
    text = str(found.get("description", ""))
    default = found.get("default")
    return text if default in (None, []) else f"{text} Default: `{json.dumps(default)}`."


def _comment(text: str, indent: str) -> Iterator[str]:
    lines = textwrap.wrap(text.replace("*/", "*\\/"), 96 - len(indent))
    if len(lines) == 1:
        yield f"{indent}/** {lines[0]} */"
    elif lines:
        yield f"{indent}/**"
        yield from (f"{indent} * {line}" for line in lines)
        yield f"{indent} */"


_PLAIN = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def _type(found: Schema) -> str:
    if "$ref" in found:
        return str(found["$ref"]).removeprefix(REF)
    if "anyOf" in found:
        return " | ".join(_type(option) for option in found["anyOf"])
    if "enum" in found:
        return " | ".join(json.dumps(value) for value in found["enum"])
    kinds = found.get("type")
    if kinds is None:
        return "Json"
    return " | ".join(_kind(kind, found) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _kind(kind: str, found: Schema) -> str:
    if kind == "array":
        item = _type(found.get("items", {}))
        return f"({item})[]" if " " in item else f"{item}[]"
    if kind == "object":
        values = found.get("additionalProperties")
        return f"{{ [key: string]: {_type(values) if isinstance(values, dict) else 'Json'} }}"
    return _PLAIN[kind]
