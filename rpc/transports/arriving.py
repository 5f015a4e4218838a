"""A request as it arrives, on any wire, made the `Call` that the bus takes."""

from starlette.requests import HTTPConnection

from rpc.auth.middleware import named_owner, principal_of
from rpc.auth.rate import client_address
from rpc.methods.call import Call, Subscriber
from rpc.telemetry.ids import request_id


def call_of(connection: HTTPConnection, wire: str, subscriber: Subscriber | None = None) -> Call:
    """`wire`: what it came by. `subscriber`: the connection, where it can be sent events."""
    return Call(
        subscriber,
        connection.scope.get("root_path", ""),
        client_address(connection.client),
        principal_of(connection.scope),
        named_owner(connection.scope),
        wire=wire,
        request_id=request_id(connection.headers.get("x-request-id")),
        trace=connection.headers.get("traceparent"),
    )
