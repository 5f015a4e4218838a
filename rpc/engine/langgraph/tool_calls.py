"""What LangChain tells a callback handler of a tool's call, and how the tool itself tells its output in pieces.

LangChain calls the handler where a tool starts and ends, in the task that calls it. While the tool runs, a context variable of LangGraph's
(`langgraph/pregel/_tools.py`) has the function that `ToolRuntime.emit_output_delta` gives its pieces to.
"""

from collections.abc import Callable
from contextlib import suppress
from contextvars import Token
from typing import Any, Protocol
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langgraph.constants import TAG_NOSTREAM
from langgraph.errors import GraphBubbleUp
from langgraph.pregel._tools import _tool_call_writer
from msgspec import Struct

from rpc.engine.langgraph.place import Place


class ToolCall(Struct, frozen=True):
    """A tool's call, in the task at `place`. `id`: the one that the model gave it, or one of its own."""

    id: str
    tool: str
    place: Place


class ToolListener(Protocol):
    """Who is told of tools' calls, in whatever thread it happens."""

    def starts(self, call: ToolCall, given: Any) -> None:
        """The tool is called. `given`: its arguments by name, or a text, without what the node injects."""

    def says(self, call: ToolCall, delta: Any) -> None:
        """A piece of its output."""

    def returned(self, call: ToolCall, output: Any) -> None:
        """It has ended well."""

    def raised(self, call: ToolCall, error: BaseException) -> None:
        """It has not."""


class ToolTap(BaseCallbackHandler):
    """The part of a callback handler that tells of tools."""

    run_inline = True
    calls: ToolListener

    def __init__(self) -> None:
        self.under_way: dict[UUID, tuple[ToolCall, Token[Callable[[Any], None] | None]]] = {}

    def on_tool_start(
        self,
        serialized: dict[str, Any] | None,
        input_str: str,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        inputs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        namespace = (metadata or {}).get("langgraph_checkpoint_ns")
        if not namespace or TAG_NOSTREAM in (tags or ()):
            return
        name = (serialized or {}).get("name") or kwargs.get("name") or ""
        call = ToolCall(kwargs.get("tool_call_id") or str(run_id), name, Place.of(namespace))

        def write(delta: Any) -> None:
            self.calls.says(call, delta)

        self.under_way[run_id] = call, _tool_call_writer.set(write)
        self.calls.starts(call, input_str if inputs is None else inputs)

    def on_tool_end(
        self, output: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **kwargs: Any
    ) -> Any:
        if (call := self._over(run_id)) is not None:
            self.calls.returned(call, output)

    def on_tool_error(
        self,
        error: BaseException,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        **kwargs: Any,
    ) -> Any:
        call = self._over(run_id)
        # One that asks, or stands, is called again.
        if call is not None and not isinstance(error, GraphBubbleUp):
            self.calls.raised(call, error)

    def _over(self, run_id: UUID) -> ToolCall | None:
        call, token = self.under_way.pop(run_id, (None, None))
        if token is not None:
            # It may end in another context than it began in, whose end is near then.
            with suppress(ValueError):
                _tool_call_writer.reset(token)
        return call
