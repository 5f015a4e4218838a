"""What the gate stops tasks with, and how a stopped task is told."""

from typing import Any

from rpc.engine.langgraph.place import Place
from rpc.engine.values.cut import cut
from rpc.engine.values.to_json import to_json
from rpc.storage.records import StoppedTask

STOP_MARK = "$stepwire.stop"
"""The value of the interrupt by which the gate stops a task; nobody is asked."""


def is_stop(value: Any) -> bool:
    """Whether an interrupt's value is the gate's. What a graph asks may compare as it likes: it is not asked to."""
    return type(value) is str and value == STOP_MARK


def stopped_task(task: Place, reason: Any, inputs: Any, detail: str | None = None) -> StoppedTask:
    """`task` as it stands for a reason, before what it will get."""
    shown, holder = cut(to_json(inputs)), task.holder.task_id or None
    return StoppedTask(task.node, task.path, task.task_id, reason, shown, detail, holder)
