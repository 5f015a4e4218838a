"""The events of tasks, made of what is known of them."""

from typing import Any

import msgspec
from msgspec import UNSET

from protocol.events import NodeFailed, NodeFinished, NodeStarted
from protocol.values import Failure
from rpc.engine.langgraph.exits import raised
from rpc.engine.langgraph.streaming import Task
from rpc.engine.running import tracebacks
from rpc.engine.running.limits import LimitError
from rpc.engine.running.open_tasks import OpenTask
from rpc.engine.values.errors import error_text, error_type
from rpc.engine.values.to_json import to_json

MAX_INPUT_BYTES = 16 * 1024
"""Arguments of a call that are larger, as JSON, are not told: whoever hands a conversation from call to call would keep it as often."""

encode = msgspec.json.Encoder().encode


def failure(error: BaseException, node: str | None = None) -> Failure:
    """An exception as clients see it: its type, message and place, never a traceback."""
    own = raised(error)
    kind = own.code if isinstance(own, LimitError) else error_type(own)
    return Failure(kind, error_text(error), node, *tracebacks.place(own))


def node_started(task: Task, begun: OpenTask) -> NodeStarted:
    """The event that a task's body runs."""
    place = task.place
    return NodeStarted(
        place.node,
        place.path,
        place.task_id,
        begun.parent,
        task.step,
        list(task.triggers),
        begun.attempt,
        task.key,
        _given(task),
    )


def _given(task: Task) -> Any:
    """What a function's call was given, where it is to be told."""
    if task.arguments is None:
        return UNSET
    found = to_json(task.arguments)
    return found if len(encode(found)) <= MAX_INPUT_BYTES else UNSET


def node_finished(ended: OpenTask, result: Any, cached: bool = False) -> NodeFinished:
    """The event that a task ended well."""
    place = ended.place
    return NodeFinished(
        place.node,
        place.path,
        place.task_id,
        ended.parent,
        ended.step,
        to_json(result),
        ended.took,
        cached,
    )


def node_failed(ended: OpenTask, error: Failure, *, will_retry: bool = False) -> NodeFailed:
    """The event that a task failed."""
    place = ended.place
    return NodeFailed(
        place.node,
        place.path,
        place.task_id,
        error,
        ended.parent,
        ended.step,
        ended.took,
        ended.attempt,
        will_retry,
    )
