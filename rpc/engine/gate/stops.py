"""What the gate stops tasks with, and how a stopped task is told."""

import logging
from typing import Any

from langgraph.errors import GraphBubbleUp

from protocol.events import StoppedTask
from rpc.engine.langgraph.place import Place
from rpc.engine.values.cut import cut
from rpc.engine.values.to_json import to_json

STOP_MARK = "$stepwire.stop"
"""The value of the interrupt by which the gate stops a task; nobody is asked."""


def stopped_task(task: Place, reason: Any, inputs: Any, detail: str | None = None) -> StoppedTask:
    return StoppedTask(task.node, task.path, task.task_id, reason, cut(to_json(inputs)), detail)


def silence(handler: str) -> None:
    """Keep libraries from logging the stops of the callback handler of this name as errors."""
    logging.getLogger("langchain_core.callbacks.manager").addFilter(_Raised(handler))
    logging.getLogger("asyncio").addFilter(_not_retrieved)


class _Raised(logging.Filter):
    """LangChain warns of every exception a handler raises."""

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args if isinstance(record.args, tuple) else ()
        return self.name not in arguments


def _not_retrieved(record: logging.LogRecord) -> bool:
    """asyncio complains of futures nobody awaited: those of a stopped function's other calls."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, GraphBubbleUp)
