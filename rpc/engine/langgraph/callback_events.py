"""What LangChain's callbacks tell of a run, as `astream_events` (version 2) has it.

LangChain makes these events in a callback handler, and reads them from a queue of its own; here each is given to whoever listens, in the call in
which it happens. The handler is one of those that make models stream, and nodes tell their output (`on_chain_stream`).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from langchain_core.runnables import RunnableConfig
from langchain_core.tracers.event_stream import _AstreamEventsCallbackHandler
from langgraph.constants import TAG_HIDDEN

OURS = "stepwire_"
"""How the names begin of what the server keeps in a run's metadata for itself."""


class CallbackEvents(_AstreamEventsCallbackHandler):
    """A callback handler that gives each event of a run to `tell`, in whatever thread it happens. `root`: the run's own id there."""

    def __init__(self, tell: Callable[[dict[str, Any]], None], root: str) -> None:
        super().__init__(exclude_tags=[TAG_HIDDEN])
        self.tell = tell
        self.root = root

    def _send(self, event: Any, event_type: str) -> None:
        if not self.root_event_filter.include_event(event, event_type):
            return
        if event["run_id"] == self.root and event["event"].endswith("_end"):
            # Its input is in the first event.
            event["data"].pop("input", None)
        metadata = {key: one for key, one in event["metadata"].items() if not key.startswith(OURS)}
        self.tell({**event, "metadata": metadata})


def told(
    config: RunnableConfig, tell: Callable[[dict[str, Any]], None], run_id: str, name: str
) -> RunnableConfig:
    """`config` of a run whose callbacks are told. `name`: what it is called in them where its config does not say."""
    handlers: Any = config.get("callbacks") or []
    return {
        "run_name": name,
        **config,
        "run_id": UUID(run_id),
        "callbacks": [*handlers, CallbackEvents(tell, run_id)],
    }
