"""The OpenAPI 3.1 document of the REST rows, the probes and `POST /rpc`."""

from functools import cache
from typing import Any

import msgspec

from protocol import PROTOCOL_VERSION, jsonrpc, schema
from protocol import errors as e
from protocol.errors import ErrorType
from protocol.events import EVENTS, EventType
from protocol.examples import EVENT_EXAMPLES, EVENT_HEADER
from protocol.feeds import FEEDS
from protocol.methods import METHODS
from protocol.rest import DOCS_PATH, PROBES, REST_ROWS, Probe, Problem, Row
from protocol.security import (
    COOKIE,
    REQUIREMENTS,
    SCHEMES,
    SESSION_PATH,
    BeginSession,
    BrowserSession,
)
from protocol.subscriptions import STREAM_EVENTS

Document = dict[str, Any]

_REQUEST_ERRORS = (
    e.INVALID_REQUEST,
    e.INVALID_PARAMS,
    e.UNAUTHORIZED,
    e.FORBIDDEN,
    e.RATE_LIMITED,
    e.OVERLOADED,
    e.INTERNAL_ERROR,
)
_BODY_ERRORS = (e.PARSE_ERROR, e.TOO_LARGE)


@cache
def build() -> Document:
    """The document. It is built once and shared: do not change it."""
    paths: dict[str, Document] = {}
    for row in REST_ROWS:
        paths.setdefault(row.path, {})[row.verb.lower()] = _operation(row)
    for probe in PROBES:
        paths[probe.path] = {"get": _probe(probe)}
    paths["/rpc"] = {"post": _rpc()}
    paths[SESSION_PATH] = {"post": _begin_session(), "delete": _end_session()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Stepwire",
            "version": PROTOCOL_VERSION,
            "description": (
                "The REST side of Stepwire: the same methods as on its WebSocket, for clients without one. "
                "Errors are problem documents (RFC 9457)."
            ),
            "contact": {"name": "Stepwire"},
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "This server."}],
        "tags": [
            {"name": "orchestrator", "description": "Queries, sessions and their events."},
            {"name": "debug", "description": "Breakpoints and steps, for sessions in debug mode."},
            {"name": "rpc", "description": "Every method, as JSON-RPC 2.0."},
            {"name": "credentials", "description": "A token in a cookie, for browsers."},
            {"name": "probes", "description": "Whether the server works."},
        ],
        "security": REQUIREMENTS,
        "paths": paths,
        "components": {"schemas": _components(paths), "securitySchemes": SCHEMES},
    }


def _components(paths: Document) -> dict[str, schema.Schema]:
    """What a body may leave out has no `default`: only so it is optional to those who generate a client."""
    return {
        name: schema.without_defaults(found) if name in _TAKEN else found
        for name, found in schema.reached(paths, {**jsonrpc.COMPONENTS, **_stream_events()}).items()
    }


_TAKEN = {
    *(method.params.__name__ for method in METHODS.values()),
    "BeginSession",
    "Breakpoint",
    "SubscribeOptions",
}
"""Schemas of what is taken; the others are of what is sent."""


def _stream_events() -> dict[str, schema.Schema]:
    """The events as a stream has them, each under the name of its Struct."""
    found: dict[str, schema.Schema] = {}
    for event in EVENTS.values():
        name = STREAM_EVENTS.get(event.name, event.name)
        found[f"{event.body.__name__}Event"] = {
            "title": f"{event.body.__name__}Event",
            "description": event.description,
            "type": "object",
            "properties": {
                "event": {
                    "const": name,
                    "type": "string",
                    "description": "Its name in the stream.",
                },
                "id": {"type": "string", "description": "Its `seq`."},
                "data": _as_text(_stream_data(event)),
            },
            "required": ["event", "id", "data"],
        }
    found["DoneEvent"] = {
        "title": "DoneEvent",
        "description": "The run is over, and all of it was sent: the last event, without an `id`.",
        "type": "object",
        "properties": {
            "event": {"const": "done", "type": "string", "description": "Its name in the stream."},
            "data": _as_text(
                {
                    "type": "object",
                    "properties": {
                        name: schema.components()["Session"]["properties"][name]
                        for name in ("session_id", "seq", "status")
                    },
                    "required": ["session_id", "seq", "status"],
                }
            ),
        },
        "required": ["event", "data"],
    }
    events = list(found)
    found["ChangeEvent"] = {
        "title": "ChangeEvent",
        "description": FEEDS["session.changed"].description,
        "type": "object",
        "properties": {
            "event": {
                "enum": ["created", "changed", "deleted"],
                "type": "string",
                "description": "What became of the session.",
            },
            "id": {"type": "string", "description": "The cursor behind it."},
            "data": _as_text(schema.ref(FEEDS["session.changed"].params)),
        },
        "required": ["event", "id", "data"],
    }
    found["StreamEvent"] = {
        "title": "StreamEvent",
        "description": "One event of the stream: its fields `event`, `id` and `data`, the last one JSON as text.",
        "oneOf": [{"$ref": schema.REF + name} for name in events],
    }
    return found


def _as_text(data: schema.Schema) -> schema.Schema:
    """JSON in a field that is a text, as all of a stream's are."""
    return {
        "description": "JSON.",
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": data,
    }


def _stream_data(event: EventType) -> schema.Schema:
    data = jsonrpc.params(event)
    if event.name != "session.status":
        return data
    at = schema.components()["EventHeader"]["properties"]["at"]
    return {"allOf": [*data["allOf"], {"type": "object", "properties": {"timestamp": at}}]}


def _operation(row: Row) -> Document:
    call = row.call
    own = _BODY_ERRORS if row.body else ()
    operation: Document = {
        "operationId": row.method,
        "summary": row.summary,
        "description": _description(row),
        "tags": ["debug" if "/debug/" in row.path else "orchestrator"],
        "x-scope": call.scope,
        "parameters": _parameters(row),
        "responses": {
            "200": _streamed(row) if row.stream else _result(row),
            **_problems((*call.errors, *_REQUEST_ERRORS, *own)),
        },
    }
    if row.stream and row.resumed_by == "after":
        operation["responses"]["204"] = {
            "description": (
                "`Last-Event-ID` was sent, the run is over, and nothing of it is left: a browser stops then."
            )
        }
    if row.body:
        operation["requestBody"] = _body(row)
        operation["responses"]["415"] = _not_json()
    return operation


def _description(row: Row) -> str:
    text = f"{row.summary} The method `{row.method}`."
    if row.call.description and not row.stream:
        text = f"{text} {row.call.description}"
    if row.stream and row.resumed_by == "cursor":
        return (
            f"{text} An event's `id` is the cursor behind its change: a reader that reconnects with `Last-Event-ID` (or "
            "`cursor`) gets the next one. The stream does not end by itself."
        )
    if row.stream:
        text = (
            f"{text} An event's `id` is its `seq`: a reader that reconnects with `Last-Event-ID` (or `after`) "
            "gets the next one. The stream ends after `done`."
        )
    return text


def _parameters(row: Row) -> list[Document]:
    fields = {name: (field, required) for name, field, required in schema.fields(row.call.params)}
    example = row.call.example[0]
    parameters = []
    for place, names in (("path", row.path_params), ("query", row.query)):
        for name in names:
            field, required = fields[name]
            parameter: Document = {
                "name": name,
                "in": place,
                "description": field["description"],
                # What the body may have instead is not required here.
                "required": required and not (row.body and place == "query"),
                "schema": _of_text(field),
            }
            if row.body and place == "query":
                # Its example and its default stand in the body's schema: tools send both, and given twice it is refused.
                parameter["schema"].pop("default", None)
            elif name in example:
                value = example[name]
                many = "items" in parameter["schema"] and not isinstance(value, list)
                parameter["example"] = [value] if many else value
            if "items" in parameter["schema"]:
                # One value a list, separated by commas: `types=progress,query.result`.
                parameter |= {"style": "form", "explode": False}
            parameters.append(parameter)
    if row.stream:
        parameters.append(
            {
                "name": "Last-Event-ID",
                "in": "header",
                "description": f"The last event's `id`, sent by browsers; it wins over `{row.resumed_by}`.",
                "required": False,
                "schema": {"type": "integer", "minimum": 0}
                if row.resumed_by == "after"
                else {"type": "string"},
            }
        )
    return parameters


def _of_text(field: schema.Schema) -> schema.Schema:
    """The schema of a value written as text: null cannot be said, it is left out."""
    field = {key: value for key, value in field.items() if key != "description"}
    if isinstance(field.get("type"), list):
        field["type"] = next(kind for kind in field["type"] if kind != "null")
    if "anyOf" in field:
        options = [option for option in field.pop("anyOf") if option != {"type": "null"}]
        # One or more: a list of one is written as that one is.
        field |= next((option for option in options if "items" in option), options[0])
    if "default" in field and field["default"] is None:
        del field["default"]
    return field


def _body(row: Row) -> Document:
    params = row.call.params
    whole = schema.components()[params.__name__]
    names = row.body_params
    found = schema.ref(params)
    if row.path_params or row.query:
        found = {
            **whole,
            "title": f"{params.__name__}Body",
            "properties": schema.without_defaults(
                {name: whole["properties"][name] for name in names}
            ),
            "required": [
                name
                for name in whole.get("required", ())
                if name in names and name not in row.query
            ],
        }
        if not found["required"]:
            del found["required"]
    example = {name: value for name, value in row.call.example[0].items() if name in names}
    return {
        # What is required may all be in the query string, or in the path.
        "required": not row.query and (not row.path_params or "required" in found),
        "content": {"application/json": {"schema": found, "example": example}},
    }


def _result(row: Row) -> Document:
    result = row.call.result
    assert result is not None
    return {
        "description": schema.summary(result),
        "content": {
            "application/json": {"schema": schema.ref(result), "example": row.call.example[1]}
        },
    }


def _streamed(row: Row) -> Document:
    return _events() if row.resumed_by == "after" else _changes()


def _changes() -> Document:
    feed = FEEDS["session.changed"]
    return {
        "description": (
            "The changes: `event` is `created`, `changed` or `deleted`, `data` the params of `session.changed`, `id` their `cursor`."
        ),
        "content": {
            "text/event-stream": {
                "schema": {"$ref": schema.REF + "ChangeEvent"},
                "example": {
                    "event": feed.example["change"],
                    "id": feed.example["cursor"],
                    "data": msgspec.json.encode(feed.example).decode(),
                },
            }
        },
    }


def _events() -> Document:
    named = ", ".join(f"`{old}` is `{new}`" for old, new in STREAM_EVENTS.items())
    data = {**EVENT_HEADER, **EVENT_EXAMPLES["progress"]}
    return {
        "description": (
            f"The events, such as `id: {data['seq']}`, `event: progress`, `data: …`, an empty line. `data` is a notification's `params`, `event` its method, except that {named}; "
            "`done` is the last: close the stream then. Of a session that was deleted, `session.deleted` is."
        ),
        "content": {
            "text/event-stream": {
                # OpenAPI 3.1 cannot say that a body is many of something: the schema is of each event.
                "schema": {"$ref": schema.REF + "StreamEvent"},
                "example": {
                    "event": "progress",
                    "id": str(data["seq"]),
                    "data": msgspec.json.encode(data).decode(),
                },
            }
        },
    }


def _problems(errors: tuple[ErrorType, ...]) -> Document:
    """A response for each HTTP status, naming the errors that have it."""
    by_status: dict[int, list[ErrorType]] = {}
    for error in dict.fromkeys(errors):
        by_status.setdefault(error.http_status, []).append(error)
    return {str(status): _problem(by_status[status]) for status in sorted(by_status)}


def _problem(errors: list[ErrorType]) -> Document:
    first = errors[0]
    response: Document = {
        "description": " ".join(f"`{error.type}`: {error.description}" for error in errors),
        "content": {
            "application/problem+json": {
                "schema": schema.ref(Problem),
                "example": {
                    "type": f"{DOCS_PATH}#{first.type}",
                    "title": first.message,
                    "status": first.http_status,
                    "detail": first.description,
                    "code": first.code,
                },
            }
        },
    }
    if first.http_status in (429, 503):
        response["headers"] = _retry_after()
    if first is e.UNAUTHORIZED:
        response["headers"] = {
            "WWW-Authenticate": {
                "description": "Which scheme is taken (RFC 6750).",
                "schema": {"type": "string"},
                "example": 'Bearer realm="stepwire"',
            }
        }
    return response


def _retry_after(when: str = "") -> Document:
    return {
        "Retry-After": {
            "description": f"Seconds until trying again makes sense{when}.",
            "schema": {"type": "integer", "minimum": 1},
        }
    }


def _not_json() -> Document:
    """What a body of another type gets: an error of HTTP, with the nearest of the table."""
    response = _problem([e.INVALID_REQUEST])
    response["description"] = "The body's content type is not JSON."
    example = response["content"]["application/problem+json"]["example"]
    example |= {"status": 415, "detail": "send the body as application/json, not text/plain"}
    return response


def _probe(probe: Probe) -> Document:
    content = {"application/json": {"schema": schema.ref(probe.answer)}}
    responses: Document = {"200": {"description": "It is.", "content": content}}
    if probe.failing:
        responses["503"] = {"description": "It is not; `detail` says why.", "content": content}
    return {
        "operationId": probe.path.strip("/"),
        "summary": probe.summary,
        "description": probe.summary,
        "tags": ["probes"],
        "security": [],
        "responses": responses,
    }


def _begin_session() -> Document:
    """A token becomes a cookie."""
    owner = {"owner": "alice", "scopes": ["read", "run"], "expires_at": None}
    set_cookie = {
        "description": "HttpOnly and SameSite=Strict; Secure over https.",
        "schema": {"type": "string"},
        "example": f"{COOKIE}=stw_…; HttpOnly; Path=/; SameSite=strict",
    }
    return {
        "operationId": "session.begin",
        "summary": "Put a token into a cookie, for an `EventSource`.",
        "description": (
            "A browser's `EventSource` can set no header: its page sends the token once, as a header or in the body, and its requests "
            "carry the cookie from then on. It ends with the token."
        ),
        "tags": ["credentials"],
        "security": [{name: []} for name in SCHEMES if name != "cookie"] + [{}],
        "requestBody": {
            "required": False,
            "content": {
                "application/json": {
                    "schema": schema.ref(BeginSession),
                    "example": {"token": "stw_…"},
                }
            },
        },
        "responses": {
            "200": {
                "description": schema.summary(BrowserSession),
                "headers": {"Set-Cookie": set_cookie},
                "content": {
                    "application/json": {"schema": schema.ref(BrowserSession), "example": owner}
                },
            },
            **_problems(
                (
                    e.INVALID_REQUEST,
                    e.PARSE_ERROR,
                    e.INVALID_PARAMS,
                    e.UNAUTHORIZED,
                    e.FORBIDDEN,
                    e.RATE_LIMITED,
                    e.INTERNAL_ERROR,
                )
            ),
            "415": _not_json(),
        },
    }


def _end_session() -> Document:
    return {
        "operationId": "session.end",
        "summary": "Take the cookie back.",
        "description": "The browser forgets the cookie; the token stays good.",
        "tags": ["credentials"],
        "security": [],
        "responses": {
            "204": {"description": "It is gone."},
            **_problems((e.INVALID_REQUEST, e.FORBIDDEN)),
        },
    }


def _rpc() -> Document:
    params, result = METHODS["session.get"].example

    def one_or_batch(name: str) -> schema.Schema:
        single = {"$ref": schema.REF + name}
        return {"anyOf": [single, {"type": "array", "items": single, "minItems": 1}]}

    return {
        "operationId": "rpc",
        "summary": "Call any method.",
        "description": (
            "One JSON-RPC 2.0 call or batch. The HTTP status says only whether the server took it: errors of "
            "calls are in the response. No events are sent here."
        ),
        "tags": ["rpc"],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": one_or_batch("RpcRequest"),
                    "example": {
                        "jsonrpc": "2.0",
                        "method": "session.get",
                        "params": params,
                        "id": 1,
                    },
                }
            },
        },
        "responses": {
            "200": {
                "description": "The response, or those of the batch's calls, refused ones included.",
                "headers": _retry_after(
                    ", where a call was refused as `rate_limited` or `overloaded`"
                ),
                "content": {
                    "application/json": {
                        "schema": one_or_batch("RpcResponse"),
                        "example": {"jsonrpc": "2.0", "result": result, "id": 1},
                    }
                },
            },
            "204": {"description": "Only notifications were sent: there is nothing to answer."},
            **_problems(
                (e.INVALID_REQUEST, e.UNAUTHORIZED, e.FORBIDDEN, e.RATE_LIMITED, e.OVERLOADED)
            ),
            "413": {
                "description": e.TOO_LARGE.description,
                "content": {"application/json": {"schema": {"$ref": schema.REF + "RpcResponse"}}},
            },
            "415": _not_json(),
        },
    }
