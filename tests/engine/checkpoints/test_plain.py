"""What a thread of plain LangGraph's tables becomes. A user would lose: values, or the order of their versions."""

import msgspec
import pytest
from langgraph.checkpoint.postgres.base import BasePostgresSaver

from rpc.engine.checkpoints.plain import from_rows
from rpc.engine.checkpoints.versions import from_plain, next_version, to_plain
from rpc.storage.thread_rows import ThreadCheckpoint, ThreadRows, ThreadWrite
from rpc.storage.units import PutValue


def test_versions_keep_their_order_and_come_back() -> None:
    """Those of here among those that plain LangGraph counts on with."""
    saver = BasePostgresSaver()
    ours = [next_version(None)]
    for _ in range(20):
        ours.append(next_version(ours[-1]))
    plain = [to_plain(version) for version in ours]
    assert sorted(plain) == plain
    assert [from_plain(version) for version in plain] == ours
    for _ in range(20):
        plain.append(saver.get_next_version(plain[-1], None))
    assert sorted(plain) == plain
    numbers = [from_plain(version) for version in plain]
    assert sorted(set(numbers)) == numbers
    assert to_plain("3.5") == "3.5"
    assert from_plain(7) == 7


def _checkpoint(version: int, values: str, parent: str | None = None) -> ThreadCheckpoint:
    body = (
        f'{{"v": {version}, "id": "2", "ts": "2026-01-01T00:00:00+00:00", "channel_versions": {{"c": "1.5"}},'
        f' "versions_seen": {{}}, "channel_values": {values}}}'
    )
    return ThreadCheckpoint("", "2", parent, body.encode(), b"{}")


def _values(thread: ThreadRows) -> dict[str, object]:
    return {
        row.channel: msgspec.msgpack.decode(row.data)
        for row in from_rows(thread, "t")
        if isinstance(row, PutValue)
    }


def test_a_large_float_is_no_integer() -> None:
    """PostgreSQL writes it without a point."""
    thread = ThreadRows([_checkpoint(4, '{"c": 1' + "0" * 300 + "}")], [], [])
    assert _values(thread) == {"c": 1e300}


def test_what_was_sent_is_looked_for_where_earlier_versions_kept_it() -> None:
    """Among the writes of the parent."""
    sent = [
        ThreadWrite("", "1", "t", "", n, "__pregel_tasks", "msgpack", msgspec.msgpack.encode(text))
        for n, text in enumerate(("a", "b"))
    ]
    old, new = (ThreadRows([_checkpoint(v, '{"c": 1}', "1")], [], sent) for v in (3, 4))
    assert _values(old) == {"c": 1, "__pregel_tasks": ["a", "b"]}
    assert _values(new) == {"c": 1}


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"v": 4, "channel_versions": {"c": "x"}}'])
def test_what_is_broken_is_named(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"checkpoint 9 is broken|invalid literal"):
        list(from_rows(ThreadRows([ThreadCheckpoint("", "9", None, body, b"{}")], [], []), "t"))
