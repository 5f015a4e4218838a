"""What is changed in LangGraph and around it while a core is open, and put back when the last one closes."""

import gc
import logging
import threading
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager

from langgraph.errors import GraphBubbleUp
from langgraph.pregel._loop import AsyncPregelLoop, SyncPregelLoop

from rpc.engine.langgraph.checkpoint_ids import ids_in_order
from rpc.engine.langgraph.owned_cache import caches_owned
from rpc.engine.langgraph.stored_arrays import arrays_stored
from rpc.engine.langgraph.watching import watched

CALLBACKS_LOGGER = "langchain_core.callbacks.manager"
"""Where LangChain warns of every exception that a callback handler raises."""

FUTURE = "_put_checkpoint_fut"
"""What LangGraph's loops await after every superstep where durability is `sync`."""


@contextmanager
def adapted(handler: str) -> Iterator[None]:
    """LangGraph as the engine needs it. Several may be open at once, in any order, in any threads.

    `handler`: the name of the class of callback handlers that stop tasks; nobody logs that as an error.
    """
    with _changed(), _silenced(handler):
        yield


_lock = threading.Lock()
_open = 0
"""How many `_changed` are open; guarded by `_lock`, as what the first did and the last undoes is."""
_changes = ExitStack()


@contextmanager
def _changed() -> Iterator[None]:
    """What is changed in LangGraph's own classes, once however many are open."""
    global _open
    with _lock:
        _open += 1
        if _open == 1:
            _changes.enter_context(_repaired())
            _changes.enter_context(watched())
            _changes.enter_context(caches_owned())
            _changes.enter_context(arrays_stored())
            _changes.enter_context(ids_in_order())
    try:
        yield
    finally:
        with _lock:
            _open -= 1
            if _open == 0:
                _changes.close()


@contextmanager
def _repaired() -> Iterator[None]:
    """Works around LangGraph 1.2: a subgraph compiled with `checkpointer=False` fails in sync durability.

    Its loop awaits a future which is only there where a checkpoint is saved (`langgraph/pregel/main.py`).
    Here every loop has one from the start, already done.
    """
    for loop in (AsyncPregelLoop, SyncPregelLoop):
        setattr(loop, FUTURE, _Saved())
    try:
        yield
    finally:
        for loop in (AsyncPregelLoop, SyncPregelLoop):
            delattr(loop, FUTURE)


class _Saved:
    """Nothing to wait for: as a future of either kind."""

    def result(self) -> None:
        """At once."""

    def __await__(self) -> Generator[None, None, None]:
        return
        yield


@contextmanager
def _silenced(handler: str) -> Iterator[None]:
    """Two libraries log the stop of a task as an error; those messages are left out, and no other."""
    callbacks, futures = logging.getLogger(CALLBACKS_LOGGER), logging.getLogger("asyncio")
    # Objects of this opening alone, so that each takes away its own.
    raised, retrieved = _Raised(handler), _NotRetrieved()
    callbacks.addFilter(raised)
    futures.addFilter(retrieved)
    try:
        yield
    finally:
        if raised.any:
            # A future complains when it is collected, and an error keeps its futures until the next cycle.
            gc.collect()
        callbacks.removeFilter(raised)
        futures.removeFilter(retrieved)


class _Raised(logging.Filter):
    """LangChain's warning of what a handler raised."""

    def __init__(self, handler: str) -> None:
        super().__init__()
        self.handler = handler
        # Whether it raised anything.
        self.any = False

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args if isinstance(record.args, tuple) else ()
        ours = self.handler in arguments
        self.any = self.any or ours
        return not ours


class _NotRetrieved(logging.Filter):
    """asyncio's of futures that nobody awaited: those of a stopped function's other calls."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, GraphBubbleUp)
