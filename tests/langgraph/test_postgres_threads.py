"""LangGraph's saver on PostgreSQL marks what a delta channel begins anew from: such a value is told by its bytes.

A user would lose: a thread with delta channels that goes to plain LangGraph, whose saver prunes threads by that mark.
"""

import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.serde.types import _DeltaSnapshot

from rpc.engine.langgraph.postgres_threads import is_delta_snapshot


@pytest.mark.parametrize("size", [0, 1, 2, 14, 300, 70_000])
def test_a_snapshot_is_told_from_other_values(size: int) -> None:
    kind, data = JsonPlusSerializer().dumps_typed(_DeltaSnapshot("x" * size))
    assert kind == "msgpack"
    assert is_delta_snapshot(data)


@pytest.mark.parametrize("value", [True, [1], {"a": 1}, {1, 2}, "text", ()])
def test_others_are_none(value: object) -> None:
    assert not is_delta_snapshot(JsonPlusSerializer().dumps_typed(value)[1])
