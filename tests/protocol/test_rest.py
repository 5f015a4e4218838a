"""The table of REST rows: a row that does not fit its method would lose or refuse what a client sends."""

import msgspec
import pytest

from protocol.errors import ERRORS, INVALID_PARAMS, RATE_LIMITED, ProtocolError
from protocol.events import EVENTS
from protocol.methods import METHODS
from protocol.rest import PROBES, REST_ROWS, Row, problem
from protocol.subscriptions import STREAM_EVENTS

# Only a socket can have these.
SOCKET_ONLY = {"session.subscribe": {"batch"}, "session.watch": {"batch"}}


@pytest.mark.parametrize("row", REST_ROWS, ids=lambda row: f"{row.verb} {row.path}")
def test_every_param_has_one_place(row: Row) -> None:
    assert row.method in METHODS
    fields = [field.name for field in msgspec.structs.fields(row.call.params)]
    placed = [*row.path_params, *(row.body_params if row.body else row.query)]
    assert set(row.query) <= set(placed)
    assert sorted(placed) == sorted(set(fields) - SOCKET_ONLY.get(row.method, set()))


def test_no_request_is_two_rows() -> None:
    requests = [(row.verb, row.path) for row in REST_ROWS]
    requests += [("GET", probe.path) for probe in PROBES]
    assert len(requests) == len(set(requests))


def test_streamed_events_exist() -> None:
    assert STREAM_EVENTS.keys() <= EVENTS.keys()


def test_an_error_says_the_same_as_on_the_socket() -> None:
    error = ProtocolError(INVALID_PARAMS, "Expected `int`", path="$.after")
    assert msgspec.to_builtins(problem(error)) == {
        "type": "/orchestrator/docs#invalid_params",
        "title": "Invalid params",
        "status": 422,
        "detail": "Expected `int` - at `$.after`",
        "code": -32602,
        "path": "$.after",
    }


def test_a_retry_is_announced() -> None:
    error = ProtocolError(RATE_LIMITED, "slower", retry_after_ms=1500)
    assert problem(error).retry_after_ms == 1500


def test_errors_of_the_table_are_told_apart() -> None:
    assert len({error.code for error in ERRORS}) == len(ERRORS)
    assert len({error.type for error in ERRORS}) == len(ERRORS)
