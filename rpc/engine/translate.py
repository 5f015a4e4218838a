"""LangGraph's stream as Stepwire's events."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage
from langgraph.types import StreamMode

from protocol.events import (
    EventBody,
    InputRequested,
    MessageDelta,
    NodeFailed,
    NodeFinished,
    NodeStarted,
    Progress,
    StateCheckpoint,
)
from protocol.values import Failure, Interrupt
from rpc.engine.namespaces import node_path, split, task_namespace
from rpc.engine.values import to_json

Namespace = tuple[str, ...]

STREAM_MODES: Sequence[StreamMode] = ["tasks", "custom", "messages", "checkpoints", "values"]

HIDDEN_NODES = frozenset({"__start__"})

STOP_MARK = "$stepwire.stop"
"""The value of the interrupt by which the gate stops a task; nobody is asked."""


def failure(error: BaseException, node: str | None = None) -> Failure:
    """An exception as clients see it: its type and message, never a traceback."""
    return Failure(type(error).__name__, str(to_json(str(error))), node)


class Translator:
    """One advance of one session: what the stream yields, as events.

    `starts` decides whether a task that LangGraph is about to start may be shown as started (the gate may
    stop it first).
    """

    def __init__(
        self,
        emit: Callable[[EventBody], None],
        after_checkpoint: str,
        starts: Callable[[Namespace, Any], bool] | None = None,
        known: Mapping[str, Interrupt] = MappingProxyType({}),
    ) -> None:
        self.emit = emit
        # Questions announced by earlier advances: they are not announced again.
        self.known = known
        # Checkpoints up to this one were announced by an earlier advance (ids are ordered by time).
        self.after_checkpoint = after_checkpoint
        self.starts = starts
        # Tasks under way in each (sub)graph, by its namespace: task id to name and start.
        self.running: dict[Namespace, dict[str, tuple[str, float]]] = {}
        # The graph's output so far.
        self.values: Any = None
        # Questions that nodes asked in this advance, by interrupt id.
        self.interrupts: dict[str, Interrupt] = {}
        # Whether the gate stopped a task in this advance.
        self.stopped = False
        # The task that raised, the innermost first.
        self.failed: str | None = None
        # Every mode's method.
        self.modes: dict[str, Callable[[Namespace, Any], None]] = {
            "tasks": self.task,
            "custom": self.custom,
            "messages": self.message,
            "checkpoints": self.checkpoint,
            "values": self.value,
        }
        # Progress of a graph with one running task is attributed to it; the last answer is kept.
        self.writer: tuple[Namespace, str | None, str, str | None] | None = None

    def take(self, namespace: Namespace, mode: str, data: Any) -> None:
        """One item of `astream(stream_mode=STREAM_MODES, subgraphs=True)`."""
        self.modes[mode](namespace, data)

    def custom(self, namespace: Namespace, data: Any) -> None:
        writer = self.writer
        if writer is None or writer[0] != namespace:
            writer = self.writer = (namespace, *self._writer(namespace))
        self.emit(Progress(to_json(data), writer[1], writer[2], writer[3]))

    def _writer(self, namespace: Namespace) -> tuple[str | None, str, str | None]:
        tasks = self.running.get(namespace, {})
        if len(tasks) != 1:
            return None, node_path(namespace), None
        ((task_id, (name, _)),) = tasks.items()
        return name, node_path(task_namespace(namespace, name, task_id)), task_id

    def task(self, namespace: Namespace, data: dict[str, Any]) -> None:
        name, task_id = data["name"], data["id"]
        if name in HIDDEN_NODES:
            return
        self.writer = None
        own = task_namespace(namespace, name, task_id)
        path = node_path(own)
        tasks = self.running.setdefault(namespace, {})
        if "triggers" in data:
            if self.starts is None or self.starts(own, data["input"]):
                tasks[task_id] = (name, time.perf_counter())
                self.emit(NodeStarted(name, path, task_id, list(data["triggers"])))
            return
        started = tasks.pop(task_id, None)
        self.running.pop(own, None)
        if data["error"] is not None:
            error = data["error"]
            if self.failed is None:
                self.failed = path
            if not isinstance(error, BaseException):
                self.emit(NodeFailed(name, path, task_id, Failure("Error", str(error), path)))
            else:
                self.emit(NodeFailed(name, path, task_id, failure(error, path)))
        elif data["interrupts"]:
            self._asked(name, path, task_id, data["interrupts"])
        else:
            took = None if started is None else round((time.perf_counter() - started[1]) * 1000, 3)
            self.emit(NodeFinished(name, path, task_id, to_json(data["result"]), took))

    def _asked(self, name: str, path: str, task_id: str, asked: Iterable[dict[str, Any]]) -> None:
        for one in asked:
            if one["value"] == STOP_MARK:
                self.stopped = True
            elif one["id"] not in self.interrupts:
                # The innermost task tells first; its parents repeat it.
                question = Interrupt(one["id"], to_json(one["value"]), path, task_id)
                self.interrupts[one["id"]] = question
                if one["id"] in self.known:
                    continue
                self.emit(InputRequested(one["id"], question.value, name, path, task_id))

    def message(self, _: Namespace, data: tuple[BaseMessage, dict[str, Any]]) -> None:
        message, metadata = data
        own = split(metadata.get("langgraph_checkpoint_ns", ""))
        piece = isinstance(message, AIMessageChunk)
        text = str(message.text)
        extra = _extra(message)
        if not text and extra is None and piece:
            return
        self.emit(
            MessageDelta(
                message.id,
                str(to_json(text)),
                _role(message),
                metadata.get("langgraph_node"),
                node_path(own) or None,
                piece,
                extra,
            )
        )

    def checkpoint(self, namespace: Namespace, data: dict[str, Any]) -> None:
        checkpoint_id = data["config"]["configurable"]["checkpoint_id"]
        if checkpoint_id <= self.after_checkpoint:
            return
        parent = data["parent_config"]
        self.emit(
            StateCheckpoint(
                checkpoint_id,
                parent["configurable"].get("checkpoint_id") if parent else None,
                node_path(namespace),
                data["metadata"].get("step", -1),
                data["metadata"].get("source", "loop"),
                [name for name in data["next"] if name not in HIDDEN_NODES],
            )
        )

    def value(self, namespace: Namespace, data: Any) -> None:
        if not namespace and not (isinstance(data, dict) and "__interrupt__" in data):
            self.values = data


def _role(message: BaseMessage) -> str:
    kind = message.type
    return kind.removesuffix("MessageChunk").lower() if kind.endswith("Chunk") else kind


def _extra(message: BaseMessage) -> Any:
    """The whole piece where it says more than its text."""
    more = (
        "tool_call_chunks",
        "tool_calls",
        "invalid_tool_calls",
        "usage_metadata",
        "additional_kwargs",
    )
    if isinstance(message.content, str) and not any(getattr(message, name, None) for name in more):
        return None
    return to_json(message)
