"""What a run tells, as Stepwire's events: taken in the call in which it happens, in whatever thread that is."""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

import msgspec
from langchain_core.messages import AIMessageChunk, BaseMessage
from langgraph.checkpoint.base import Checkpoint, CheckpointMetadata
from langgraph.constants import START

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
from protocol.values import Failure
from rpc.engine.gate.gate import Gate
from rpc.engine.gate.stops import STOP_MARK
from rpc.engine.langgraph.callbacks import PUSH, message_source
from rpc.engine.langgraph.names import tells_interrupts
from rpc.engine.langgraph.nesting import AnyGraph, graph_at
from rpc.engine.langgraph.next_nodes import next_nodes
from rpc.engine.langgraph.place import Place
from rpc.engine.langgraph.streaming import ended_well, result_of
from rpc.engine.values.to_json import to_json
from rpc.storage.records import Question
from rpc.storage.units import Draft

HIDDEN_NODES = frozenset({START})


def failure(error: BaseException, node: str | None = None) -> Failure:
    """An exception as clients see it: its type and message, never a traceback."""
    return Failure(type(error).__name__, str(to_json(str(error))), node)


class Writer(Protocol):
    """Where an advance's events go."""

    def emit(self, draft: Draft) -> None:
        """Put one event in line."""

    def wait_for_room(self) -> None:
        """In a node's own thread: wait while too much is in line."""


class Translator:
    """One advance of one session. Thread-safe: what it knows is guarded by its lock.

    `top`: the graph. `draft`: makes an event of a body. `gate`: who may stop a task that LangGraph is about to start;
    it is shown as started only when let go. `durable`: whether the tasks of the graph of a namespace save what they
    write; `node.finished` of those is told with that, in one transaction.
    """

    def __init__(
        self,
        top: AnyGraph,
        writer: Writer,
        draft: Callable[[EventBody], Draft],
        gate: Gate | None = None,
        known: Mapping[str, Question] = MappingProxyType({}),
        finished: Collection[str] = frozenset(),
    ) -> None:
        self.top = top
        self.writer = writer
        self.draft = draft
        self.lock = threading.RLock()
        # Namespaces of graphs whose tasks save what they write.
        self.durable: Collection[str] = ()
        # Tasks that ended in earlier advances: LangGraph announces them again, and does not run them.
        self.finished = finished
        # Questions announced by earlier advances: they are not announced again.
        self.known = known
        self.gate = gate
        # Tasks under way in each (sub)graph, by its place: task id to name and start.
        self.running: dict[Place, dict[str, tuple[str, float]]] = {}
        # Tasks that ended, whose writes are about to be saved: their `node.finished`.
        self.held: dict[str, tuple[Place, NodeFinished]] = {}
        # Tasks whose `node.finished` was told with their writes, before the stream told of their end.
        self.told: set[str] = set()
        # The graph's output so far.
        self.values: Any = None
        # Questions that nodes asked in this advance, by interrupt id.
        self.interrupts: dict[str, Question] = {}
        # The tasks that ask, by interrupt id.
        self.asking: dict[str, Place] = {}
        # The top graph's newest checkpoint.
        self.checkpoint_id: str | None = None
        # Whether the gate stopped a task in this advance.
        self.stopped = False
        # The task that raised, the innermost first.
        self.failed: Place | None = None
        # Tasks that LangGraph announced and the gate has not decided on, by their id: their graph's place and
        # their `node.started`.
        self.undecided: dict[str, tuple[Place, NodeStarted]] = {}
        # Places of tasks that functions call, by their id: LangGraph names them as if beside those.
        self.called: dict[str, Place] = {}

    def emit(self, body: EventBody) -> None:
        self.writer.emit(self.draft(body))

    # What the stream tells

    def wrote(self, task: Place, data: Any) -> None:
        """A node wrote to its stream writer."""
        self.writer.wait_for_room()
        body = to_json(data)
        with self.lock:
            own = self.called.get(task.task_id, task)
            self.emit(Progress(body, own.node, own.path, own.task_id))

    def take(self, graph: Place, data: Mapping[str, Any]) -> None:
        """A task starts, or has ended."""
        with self.lock:
            self.task(graph, data)

    def task(self, graph: Place, data: Mapping[str, Any]) -> None:
        name, task_id = data["name"], data["id"]
        if name in HIDDEN_NODES or (task_id in self.finished and "triggers" in data):
            return
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
            # It ended without its decision having been told.
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
            self._ended(graph, own, began, data["result"])

    def _ended(
        self, graph: Place, own: Place, began: tuple[str, float] | None, result: Any
    ) -> None:
        if own.task_id in self.told:
            self.told.discard(own.task_id)
            return
        body = _finished(own, began, result)
        if graph.namespace in self.durable:
            self.held[own.task_id] = own, body
            return
        self.emit(body)
        self._logged(own, own.node)

    # What is saved

    def checkpoint_saved(
        self,
        namespace: str,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        parent_id: str | None,
    ) -> list[Draft]:
        """The event that tells of a checkpoint, to be committed with it."""
        place = Place.of(namespace)
        graph = graph_at(self.top, place)
        names = [name for name in next_nodes(graph, checkpoint) if name not in HIDDEN_NODES]
        with self.lock:
            if place.is_top:
                self.checkpoint_id = checkpoint["id"]
            body = StateCheckpoint(
                checkpoint["id"],
                parent_id,
                place.path,
                metadata.get("step", -1),
                metadata.get("source", "loop"),
                names,
            )
            return [self.draft(body)]

    def task_wrote(
        self, namespace: str, task_id: str, task_path: str, writes: Sequence[tuple[str, Any]]
    ) -> list[Draft]:
        """The events that tell of a task's end, to be committed with what it wrote."""
        if not ended_well(writes):
            return []
        with self.lock:
            own, body = self.held.pop(task_id, (None, None))
            if own is None or body is None:
                graph = Place.of(namespace)
                began = self.running.get(graph, {}).get(task_id)
                if began is None or task_id in self.told:
                    return []
                own = self.called.get(task_id) or graph.task(began[0], task_id)
                body = _finished(own, began, result_of(writes))
                self.told.add(task_id)
            return [self.draft(body), *map(self.draft, self._logs(own, own.node))]

    def seen(self, namespace: str, values: Mapping[str, Any]) -> None:
        """The state of a (sub)graph, as its checkpoint is read or saved: conditions see it."""
        if self.gate is not None:
            self.gate.watch(namespace, values)

    # What the gate decides

    def decision(self, task: Place) -> None:
        """The gate has decided on a task."""
        with self.lock:
            self.decided(task)

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
        for body in self._logs(task, name):
            self.emit(body)

    def _logs(self, task: Place, name: str) -> list[DebugLog]:
        texts = [] if self.gate is None else self.gate.take_logs(task)
        return [DebugLog(name, task.path, task.task_id, text) for text in texts]

    def _place(self, graph: Place, name: str, task: str, triggers: Sequence[str]) -> Place:
        """The place of a task that starts. A function's call is below its function where that is clear."""
        known = None if self.gate is None else self.gate.place_of(task)
        if known is not None:
            return known
        holder = graph_at(self.top, graph)
        sent = holder is not None and name in holder.nodes
        # What `Send` makes is of a node, beside its siblings; what a function calls is of none.
        if PUSH in triggers and not sent:
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
                question = known or Question(one["id"], to_json(one["value"]), path, task_id)
                self.interrupts[one["id"]] = question
                self.asking[one["id"]] = own
                if known is None:
                    self.emit(InputRequested(one["id"], question.value, name, path, task_id))

    def message(self, message: BaseMessage, metadata: Mapping[str, Any]) -> None:
        """A chat model's message, or a piece of one."""
        self.writer.wait_for_room()
        node, own = message_source(metadata)
        piece = isinstance(message, AIMessageChunk)
        text = str(message.text)
        extra = _extra(message)
        if not text and extra is None and piece:
            return
        body = MessageDelta(
            message.id,
            str(to_json(text)),
            _role(message),
            node,
            own.path or None,
            piece,
            extra,
        )
        with self.lock:
            self.emit(body)

    def value(self, data: Any) -> None:
        """The top graph's output so far."""
        if not tells_interrupts(data):
            self.values = data


def _finished(own: Place, began: tuple[str, float] | None, result: Any) -> NodeFinished:
    took = None if began is None else round((time.perf_counter() - began[1]) * 1000, 3)
    return NodeFinished(own.node, own.path, own.task_id, to_json(result), took)


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
