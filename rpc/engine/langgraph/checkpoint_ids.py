"""Ids of checkpoints: the newest of a thread has the largest, whatever the clock says.

LangGraph finds the newest checkpoint by its id, a UUID of version 6 (RFC 9562, section 5.6) whose time is this process's clock, or one more
than the last it made. Clocks of two machines are apart, and one that was wrong is set back: what was saved last would be older than
what was saved before, and lost to whoever reads the thread next. So no id is made here that is smaller than one that was read.

Changed: `uuid6` where checkpoints are made (`langgraph.pregel._checkpoint`, `langgraph.checkpoint.base`). Borrowed: the time of its last id
(`langgraph.checkpoint.base.id._last_v6_timestamp`), and its `UUID`, which reads that of any.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from langgraph.checkpoint import base
from langgraph.checkpoint.base import id as ids
from langgraph.pregel import _checkpoint

LAST = "_last_v6_timestamp"

LATEST = 2**60 - 2**56
"""In 100 ns since 1582: ids of the year 5000 are nobody's clock, and none could come after the last."""

_lock = threading.Lock()


def later_than(checkpoint_id: str) -> None:
    """All ids that are made from here on are larger than this one; nothing of one that LangGraph did not make."""
    try:
        found = ids.UUID(checkpoint_id)
    except ValueError:
        return
    if found.version != 6 or found.time > LATEST:
        return
    with _lock:
        vars(ids)[LAST] = max(vars(ids)[LAST] or 0, found.time)


@contextmanager
def ids_in_order() -> Iterator[None]:
    """Whoever makes an id waits for who makes another, while this is open."""
    made = ids.uuid6

    def uuid6(*given: Any, **named: Any) -> Any:
        with _lock:
            return made(*given, **named)

    changed = (base, _checkpoint)
    for module in changed:
        vars(module)["uuid6"] = uuid6
    try:
        yield
    finally:
        for module in changed:
            vars(module)["uuid6"] = made
