"""Which channels of a graph's state have another value after a superstep than before it.

Borrowed: a loop's `channels`, `tasks` with their `writes`, and the versions of its `checkpoint` (`langgraph/pregel/_loop.py`). A channel's version
grows with every write, so it cannot tell another value from the same one again: a subgraph writes all that it shares
with the graph above. Values are compared as what JSON says of them, by a digest, since a node may change one in its place.
"""

from collections.abc import Collection
from hashlib import blake2b
from typing import Any

from langgraph.errors import EmptyChannelError
from langgraph.pregel._loop import PregelLoop

from rpc.engine.langgraph.names import is_internal
from rpc.engine.langgraph.place import Place
from rpc.engine.langgraph.streaming import Tap, tap_in, told_of
from rpc.engine.values.to_json import encode, to_json

KNOWN = "stepwire_channels"
"""The attribute of a loop of ours for what the watched channels held: by channel the version and a digest."""


def note(loop: PregelLoop) -> None:
    """A superstep is about to run: remember what the watched channels hold."""
    _, _, watched = _watched(loop)
    if not watched:
        return
    known = vars(loop).setdefault(KNOWN, {})
    for channel in watched:
        version = loop.checkpoint["channel_versions"].get(channel)
        if channel in loop.channels and known.get(channel, (_NONE,))[0] != version:
            known[channel] = version, _digest(loop, channel)


def tell(loop: PregelLoop) -> None:
    """A superstep has ended: tell the run's listener of watched channels that nodes have changed."""
    tap, graph, watched = _watched(loop)
    if not watched or tap is None:
        return
    known = vars(loop).setdefault(KNOWN, {})

    def state() -> dict[str, Any]:
        names = [name for name in loop.channels if not is_internal(name)]
        values = {name: _value(loop, name) for name in names}
        return {name: to_json(value) for name, value in values.items() if value is not _NONE}

    for channel in watched:
        tasks = [
            told
            for task in loop.tasks.values()
            if any(name == channel for name, _ in task.writes)
            and not (told := told_of(tap, task)).hidden
        ]
        if channel not in loop.channels or not tasks:
            continue
        before = known.get(channel, (None, None))[1]
        now = _digest(loop, channel)
        known[channel] = loop.checkpoint["channel_versions"].get(channel), now
        if before != now:
            tap.listener.changed(graph, channel, tasks, state)


def _watched(loop: PregelLoop) -> tuple[Tap | None, Place, Collection[str]]:
    tap = tap_in(loop.manager)
    first = next(iter(loop.tasks.values()), None)
    if tap is None or first is None or not tap.listener.watching:
        return None, Place(), ()
    graph = told_of(tap, first).place.graph
    return tap, graph, tap.listener.watches(graph)


class _None:
    """What a channel without a value holds."""


_NONE = _None()


def _value(loop: PregelLoop, channel: str) -> Any:
    try:
        return loop.channels[channel].get()
    except EmptyChannelError:
        return _NONE


def _digest(loop: PregelLoop, channel: str) -> bytes:
    value = _value(loop, channel)
    return b"" if value is _NONE else blake2b(encode(to_json(value)), digest_size=16).digest()
