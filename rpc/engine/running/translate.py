"""LangGraph's stream as Stepwire's events."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec
from langchain_core.messages import AIMessageChunk, BaseMessage
from langgraph.types import StreamMode

from protocol.events import (
    DebugLog,
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
from rpc.engine.gate.gate import Gate
from rpc.engine.gate.stops import PUSH, STOP_MARK
from rpc.engine.langgraph.namespaces import SEPARATOR, node_path, split, task_namespace
from rpc.engine.langgraph.namespaces import task_id as task_id_of
from rpc.engine.values.to_json import to_json

Namespace = tuple[str, ...]

STREAM_MODES: Sequence[StreamMode] = ["tasks", "custom", "messages", "checkpoints", "values"]

HIDDEN_NODES = frozenset({"__start__"})


def failure(error: BaseException, node: str | None = None) -> Failure:
    """An exception as clients see it: its type and message, never a traceback."""
    return Failure(type(error).__name__, str(to_json(str(error))), node)


class Translator:
    """One advance of one session: what the stream yields, as events.

    `gate`: who may stop a task that LangGraph is about to start; it is shown as started only when let go.
    """

    def __init__(
        self,
        emit: Callable[[EventBody], None],
        after_checkpoint: str,
        gate: Gate | None = None,
        known: Mapping[str, Interrupt] = MappingProxyType({}),
        finished: Collection[str] = frozenset(),
    ) -> None:
        self.emit = emit
        # Tasks that ended in earlier advances: LangGraph announces them again, and does not run them.
        self.finished = finished
        # Questions announced by earlier advances: they are not announced again.
        self.known = known
        # Checkpoints up to this one were announced by an earlier advance (ids are ordered by time).
        self.after_checkpoint = after_checkpoint
        self.gate = gate
        # Tasks under way in each (sub)graph, by its namespace: task id to name and start.
        self.running: dict[Namespace, dict[str, tuple[str, float]]] = {}
        # The graph's output so far.
        self.values: Any = None
        # Questions that nodes asked in this advance, by interrupt id.
        self.interrupts: dict[str, Interrupt] = {}
        # The namespaces of the tasks that ask, by interrupt id.
        self.asking: dict[str, str] = {}
        # The top graph's newest checkpoint.
        self.checkpoint_id: str | None = None
        # Whether the gate stopped a task in this advance.
        self.stopped = False
        # The task that raised, the innermost first.
        self.failed: Namespace | None = None
        # Tasks that LangGraph announced and the gate has not decided on, by their id: their graph's
        # namespace and their `node.started`.
        self.undecided: dict[str, tuple[Namespace, NodeStarted]] = {}
        # Namespaces of tasks that functions call, by their id: LangGraph names them as if beside those.
        self.called: dict[str, Namespace] = {}
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
        """The node, path and task that must have written: what all running tasks agree on."""
        tasks = self.running.get(namespace, {})
        names = {name for name, _ in tasks.values()}
        if len(names) != 1:
            return None, node_path(namespace), None
        (name,) = names
        task_id = next(iter(tasks)) if len(tasks) == 1 else None
        return name, node_path(task_namespace(namespace, name, task_id or "")), task_id

    def task(self, namespace: Namespace, data: dict[str, Any]) -> None:
        name, task_id = data["name"], data["id"]
        if name in HIDDEN_NODES or (task_id in self.finished and "triggers" in data):
            return
        self.writer = None
        tasks = self.running.setdefault(namespace, {})
        if "triggers" in data:
            own = self._place(namespace, name, task_id, data["triggers"])
            started = NodeStarted(name, node_path(own), task_id, list(data["triggers"]))
            if self.gate is None:
                self._start(namespace, started)
            else:
                self.undecided[task_id] = (namespace, started)
                self.decided(SEPARATOR.join(own))
            return
        if task_id in self.undecided and self.gate is not None and task_id in self.gate.places:
            # It ended before the loop came to tell that it had started.
            self.decided(self.gate.places[task_id])
        self.undecided.pop(task_id, None)
        own = self.called.get(task_id) or task_namespace(namespace, name, task_id)
        path = node_path(own)
        began = tasks.pop(task_id, None)
        self.running.pop(own, None)
        if data["error"] is not None:
            error = data["error"]
            if self.failed is None:
                self.failed = own
            if not isinstance(error, BaseException):
                self.emit(NodeFailed(name, path, task_id, Failure("Error", str(error), path)))
            else:
                self.emit(NodeFailed(name, path, task_id, failure(error, path)))
        elif data["interrupts"]:
            self._asked(own, name, task_id, data["interrupts"])
        else:
            took = None if began is None else round((time.perf_counter() - began[1]) * 1000, 3)
            self.emit(NodeFinished(name, path, task_id, to_json(data["result"]), took))
            self._logged(SEPARATOR.join(own), name, path, task_id)

    def decided(self, namespace: str) -> None:
        """The gate may have decided on a task: show it as started if it goes."""
        task = task_id_of(split(namespace))
        if self.gate is None or task not in self.undecided:
            return
        goes = self.gate.decision(namespace)
        if goes is None:
            return
        graph, started = self.undecided.pop(task)
        if (path := node_path(split(namespace))) != started.path:
            self.called[task] = split(namespace)
            started = msgspec.structs.replace(started, path=path)
        self._logged(namespace, started.node, path, task)
        if goes or namespace in self.gate.failures:
            self._start(graph, started, again=self.gate.shown_before(namespace))

    def _start(self, graph: Namespace, started: NodeStarted, *, again: bool = False) -> None:
        tasks = self.running.setdefault(graph, {})
        tasks[started.task_id] = (started.node, time.perf_counter())
        if not again:
            self.emit(started)

    def _logged(self, namespace: str, name: str, path: str, task: str) -> None:
        """Tell what log points wrote."""
        if self.gate is not None:
            for text in self.gate.breakpoints.logs.pop(namespace, ()):
                self.emit(DebugLog(name, path, task, text))

    def _place(self, graph: Namespace, name: str, task: str, triggers: Sequence[str]) -> Namespace:
        """The namespace of a task that starts. A function's call is below its function where that is clear."""
        if self.gate is not None and task in self.gate.places:
            return split(self.gate.places[task])
        if PUSH in triggers:
            callers = [
                (caller, caller_id)
                for caller_id, (caller, _) in self.running.get(graph, {}).items()
                if caller_id not in self.called
            ]
            if len(callers) == 1 and name != callers[0][0]:
                own = (*task_namespace(graph, *callers[0]), f"{name}:{task}")
                self.called[task] = own
                return own
        return task_namespace(graph, name, task)

    @property
    def under_way(self) -> list[str]:
        """Namespaces of the tasks that have started and not ended."""
        return [
            SEPARATOR.join(self.called.get(task) or task_namespace(graph, name, task))
            for graph, tasks in self.running.items()
            for task, (name, _) in tasks.items()
        ]

    def _asked(
        self, own: Namespace, name: str, task_id: str, asked: Iterable[dict[str, Any]]
    ) -> None:
        path = node_path(own)
        error = None if self.gate is None else self.gate.failures.get(SEPARATOR.join(own))
        if error is not None:
            self.emit(NodeFailed(name, path, task_id, failure(error, path)))
        for one in asked:
            if one["value"] == STOP_MARK:
                self.stopped = True
            elif one["id"] not in self.interrupts:
                # The innermost task tells first; its parents repeat it.
                known = self.known.get(one["id"])
                question = known or Interrupt(one["id"], to_json(one["value"]), path, task_id)
                self.interrupts[one["id"]] = question
                self.asking[one["id"]] = SEPARATOR.join(own)
                if known is None:
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
        if not namespace:
            self.checkpoint_id = checkpoint_id
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
