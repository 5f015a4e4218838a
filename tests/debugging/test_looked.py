"""What is kept of a session that was looked at: read once, bounded, and given up where the session goes on."""

from typing import Any

import pytest

from rpc.engine.langgraph.place import TOP
from rpc.engine.thread.state import ThreadState
from rpc.sessions.debugging import looked
from rpc.sessions.debugging.looked import Looked, Recent
from tests.debugging import graphs
from tests.debugging.drive import connect, debug
from tests.support.in_process import Serve


def a_look(size: int) -> Looked:
    """At a state of about so many bytes."""
    raw = {"text": "x" * size}
    found = ThreadState(TOP, "1", None, "2026-01-01", 0, "loop", None, raw, (), [])
    graph: Any = None
    return Looked(graph, found, {})


async def kept(recent: Recent, key: str, make: Any = None) -> Looked | None:
    """What is kept under a key; None where nothing is."""

    async def made() -> Any:
        return make

    return await recent.get(key, made)


async def test_what_is_kept_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked, "KEPT_BYTES", 1000)
    recent = Recent()
    one, two = a_look(400), a_look(400)
    await kept(recent, "one", one)
    await kept(recent, "two", two)
    # How large a state is, is known once it was shown.
    assert recent.bytes == 0
    for each in (one, two):
        each.sizes(TOP)
    recent.trim()
    assert recent.bytes == 2 * 402
    assert await kept(recent, "one") is one
    three = a_look(300)
    three.sizes(TOP)
    await kept(recent, "three", three)
    assert await kept(recent, "two") is None, "it was asked for longest ago"
    assert await kept(recent, "one") is one
    assert await kept(recent, "three") is three
    # One that is too large alone takes all others with it, and is not kept either.
    large = a_look(2000)
    large.sizes(TOP)
    await kept(recent, "large", large)
    assert recent.bytes == 0


async def test_what_is_kept_is_bounded_in_number() -> None:
    recent = Recent()
    looks = {str(number): a_look(1) for number in range(looked.KEPT + 1)}
    for key, each in looks.items():
        await kept(recent, key, each)
    assert await kept(recent, "0") is None
    assert await kept(recent, "1") is looks["1"]


async def test_inputs_and_updates_count_too() -> None:
    one = a_look(10)
    one.as_json("sent", ["x" * 100])
    assert one.bytes == 104
    one.as_json("sent", ["x" * 100])
    assert one.bytes == 104, "made once"


async def test_last_updates_are_read_where_they_are_asked_for(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["c"])
        without = await session.call("inspect", updates=False)
        assert without["updates"] == []
        whole = await session.call("inspect")
        assert [one["path"] for one in whole["updates"]] == ["a", "b"]
        assert without == {**whole, "updates": []}
        # Who reads by page has seen them.
        for part in ({"count": 1}, {"start": 1}, {"value_path": ""}):
            assert (await session.call("inspect", **part))["updates"] == [], part
        assert await session.call("inspect", updates=False) == without
        # It is not kept once the session went on.
        await session.step()
        assert [one["path"] for one in (await session.call("inspect"))["updates"]] == [
            "a",
            "b",
            "c",
        ]
