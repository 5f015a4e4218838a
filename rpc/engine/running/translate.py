"""LangGraph's stream as Stepwire's events."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec
from langchain_core.messages import AIMessageChunk, BaseMessage
from langgraph.constants import START
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
from rpc.engine.gate.stops import STOP_MARK
from rpc.engine.langgraph.callbacks import PUSH, message_source
from rpc.engine.langgraph.names import tells_interrupts
from rpc.engine.langgraph.place import Place
from rpc.engine.values.to_json import to_json

STREAM_MODES: Sequence[StreamMode] = ["tasks", "custom", "messages", "checkpoints", "values"]

HIDDEN_NODES = frozenset({START})


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
        # Tasks under way in each (sub)graph: task id to name and start.
        self.running: dict[Place, dict[str, tuple[str, float]]] = {}
        # The graph's output so far.
        self.values: Any = None
        # Questions that nodes asked in this advance, by interrupt id.
        self.interrupts: dict[str, Interrupt] = {}
        # The tasks that ask, by interrupt id.
        self.asking: dict[str, Place] = {}
        # The top graph's newest checkpoint.
        self.checkpoint_id: str | None = None
        # Whether the gate stopped a task in this advance.
        self.stopped = False
        # The task that raised, the innermost first.
        self.failed: Place | None = None
        # Tasks that LangGraph announced and the gate has not decided on, by their id: their graph
        # and their `node.started`.
        self.undecided: dict[str, tuple[Place, NodeStarted]] = {}
        # Tasks that functions call, by their id: LangGraph names them as if beside those.
        self.called: dict[str, Place] = {}
        # Every mode's method.
        self.modes: dict[str, Callable[[Place, Any], None]] = {
            "tasks": self.task,
            "custom": self.custom,
            "messages": self.message,
            "checkpoints": self.checkpoint,
            "values": self.value,
        }
        # Progress of a graph with one running task is attributed to it; the last answer is kept.
        self.writer: tuple[Place, str | None, str, str | None] | None = None

    def take(self, graph: Place, mode: str, data: Any) -> None:
        """One item of `astream(stream_mode=STREAM_MODES, subgraphs=True)`."""
        self.modes[mode](graph, data)

    def custom(self, graph: Place, data: Any) -> None:
        writer = self.writer
        if writer is None or writer[0] != graph:
            writer = self.writer = (graph, *self._writer(graph))
        self.emit(Progress(to_json(data), writer[1], writer[2], writer[3]))

    def _writer(self, graph: Place) -> tuple[str | None, str, str | None]:
        """The node, path and task that must have written: what all running tasks agree on."""
        tasks = self.running.get(graph, {})
        names = {name for name, _ in tasks.values()}
        if len(names) != 1:
            return None, graph.path, None
        (name,) = names
        task_id = next(iter(tasks)) if len(tasks) == 1 else None
        return name, graph.task(name, task_id or "").path, task_id

    def task(self, graph: Place, data: dict[str, Any]) -> None:
        name, task_id = data["name"], data["id"]
        if name in HIDDEN_NODES or (task_id in self.finished and "triggers" in data):
            return
        self.writer = None
        tasks = self.running.setdefault(graph, {})
        if "triggers" in data:
            own = self._place(graph, name, task_id, data["triggers"])
            started = NodeStarted(name, own.path, task_id, list(data["triggers"]))
            if self.gate is None:
                self._start(graph, started)
            else:
                self.undecided[task_id] = (graph, started)
                self.decided(own)
            return
        if task_id in self.undecided and self.gate is not None:
            # It may have ended before the loop came to tell that it had started.
            place = self.gate.place_of(task_id)
            if place is not None:
                self.decided(place)
        self.undecided.pop(task_id, None)
        own = self.called.get(task_id) or graph.task(name, task_id)
        path = own.path
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
            self._logged(own, name)

    def decided(self, task: Place) -> None:
        """The gate may have decided on a task: show it as started if it goes."""
        if self.gate is None or task.task_id not in self.undecided:
            return
        goes = self.gate.decision(task)
        if goes is None:
            return
        graph, started = self.undecided.pop(task.task_id)
        if task.path != started.path:
            self.called[task.task_id] = task
            started = msgspec.structs.replace(started, path=task.path)
        self._logged(task, started.node)
        if goes or self.gate.failure(task) is not None:
            self._start(graph, started, again=self.gate.shown_before(task))

    def _start(self, graph: Place, started: NodeStarted, *, again: bool = False) -> None:
        tasks = self.running.setdefault(graph, {})
        tasks[started.task_id] = (started.node, time.perf_counter())
        if not again:
            self.emit(started)

    def _logged(self, task: Place, name: str) -> None:
        """Tell what log points wrote."""
        if self.gate is not None:
            for text in self.gate.take_logs(task):
                self.emit(DebugLog(name, task.path, task.task_id, text))

    def _place(self, graph: Place, name: str, task: str, triggers: Sequence[str]) -> Place:
        """The place of a task that starts. A function's call is below its function where that is clear."""
        known = None if self.gate is None else self.gate.place_of(task)
        if known is not None:
            return known
        if PUSH in triggers:
            callers = [
                (caller, caller_id)
                for caller_id, (caller, _) in self.running.get(graph, {}).items()
                if caller_id not in self.called
            ]
            if len(callers) == 1 and name != callers[0][0]:
                own = graph.task(*callers[0]).task(name, task)
                self.called[task] = own
                return own
        return graph.task(name, task)

    @property
    def under_way(self) -> list[Place]:
        """The tasks that have started and not ended."""
        return [
            self.called.get(task) or graph.task(name, task)
            for graph, tasks in self.running.items()
            for task, (name, _) in tasks.items()
        ]

    def _asked(self, own: Place, name: str, task_id: str, asked: Iterable[dict[str, Any]]) -> None:
        path = own.path
        error = None if self.gate is None else self.gate.failure(own)
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
                self.asking[one["id"]] = own
                if known is None:
                    self.emit(InputRequested(one["id"], question.value, name, path, task_id))

    def message(self, _: Place, data: tuple[BaseMessage, dict[str, Any]]) -> None:
        message, metadata = data
        node, own = message_source(metadata)
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
                node,
                own.path or None,
                piece,
                extra,
            )
        )

    def checkpoint(self, graph: Place, data: dict[str, Any]) -> None:
        checkpoint_id = data["config"]["configurable"]["checkpoint_id"]
        if graph.is_top:
            self.checkpoint_id = checkpoint_id
        if checkpoint_id <= self.after_checkpoint:
            return
        parent = data["parent_config"]
        self.emit(
            StateCheckpoint(
                checkpoint_id,
                parent["configurable"].get("checkpoint_id") if parent else None,
                graph.path,
                data["metadata"].get("step", -1),
                data["metadata"].get("source", "loop"),
                [name for name in data["next"] if name not in HIDDEN_NODES],
            )
        )

    def value(self, graph: Place, data: Any) -> None:
        if graph.is_top and not tells_interrupts(data):
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
