"""Works around LangGraph 1.2: a subgraph compiled with `checkpointer=False` fails where durability is `sync`.

Its loop awaits `_put_checkpoint_fut` after every superstep, which is only set where a checkpoint is saved
(`langgraph/pregel/main.py`). Here every loop has one from the start, already done.
"""

from collections.abc import Generator

from langgraph.pregel._loop import AsyncPregelLoop, SyncPregelLoop


class _Saved:
    """Nothing to wait for: as a future of either kind."""

    def result(self) -> None:
        """At once."""

    def __await__(self) -> Generator[None, None, None]:
        return
        yield


def repair() -> None:
    """Give LangGraph's loops the attribute they miss; nothing where they have it."""
    for loop in (AsyncPregelLoop, SyncPregelLoop):
        if not hasattr(loop, "_put_checkpoint_fut"):
            loop._put_checkpoint_fut = _Saved()  # type: ignore[assignment]
