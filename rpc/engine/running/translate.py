"""What a run tells, as Stepwire's events: taken in the call in which it happens, in whatever thread that is."""

import asyncio
import concurrent.futures
import logging
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import MappingProxyType
from typing import Any, Literal

from langgraph.checkpoint.base import Checkpoint, CheckpointMetadata
from langgraph.constants import START
from langgraph.errors import GraphBubbleUp, GraphInterrupt, ParentCommand
from langgraph.types import Interrupt

from protocol.events import (
    DebugLog,
    InputRequested,
    NodeFinished,
    StateCheckpoint,
)
from protocol.values import Failure
from rpc.engine.checkpoints.encoding import UnserializableError
from rpc.engine.gate.gate import Gate
from rpc.engine.gate.messages import NothingKept, StopAfter, StopBefore
from rpc.engine.gate.stops import is_stop
from rpc.engine.langgraph.names import tells_interrupts
from rpc.engine.langgraph.nesting import AnyGraph, graph_at
from rpc.engine.langgraph.next_nodes import next_nodes
from rpc.engine.langgraph.place import Place
from rpc.engine.langgraph.streaming import Task, ended_well, result_of
from rpc.engine.langgraph.time_limits import ran_over
from rpc.engine.running import tracebacks
from rpc.engine.running.limits import EventTooLarge, NodeTimeout
from rpc.engine.running.open_tasks import OpenTask, OpenTasks
from rpc.engine.running.streamed import Drafting, Streamed, Writer
from rpc.engine.running.task_events import failure, node_failed, node_finished, node_started
from rpc.engine.running.tool_events import ToolEvents
from rpc.engine.values.to_json import to_json
from rpc.storage.records import Question
from rpc.storage.units import Draft
from rpc.telemetry import tracing

log = logging.getLogger("stepwire.engine")

HIDDEN_NODES = frozenset({START})

CANCELLED = (asyncio.CancelledError, concurrent.futures.CancelledError)
"""What a task ends with that was cancelled; a node's own `CancelledError` comes as another."""

KEPT_ERRORS = 16
"""How many errors of nodes are kept to tell whose the run's own is: those before were caught."""


class Translator(Streamed):
    """One advance of one session, the listener of its run. Thread-safe: what it knows is guarded by its lock.

    `session_id`: for the log. `top`: the graph. `draft`: makes an event of a body. `tasks`: which were told as started, also by advances before.
    `gate`: who may stop a task that LangGraph is about to run; it is shown as started only when let go.
    """

    def __init__(
        self,
        session_id: str,
        top: AnyGraph,
        writer: Writer,
        draft: Drafting,
        tasks: OpenTasks,
        gate: Gate | None = None,
        known: Mapping[str, Question] = MappingProxyType({}),
        *,
        node_seconds: float = 0.0,
        secrets: Sequence[str] = (),
    ) -> None:
        super().__init__(writer, draft, secrets)
        self.session_id = session_id
        self.top = top
        self.tasks = tasks
        # Namespaces of graphs whose tasks save what they write: their end is told with that, in one transaction.
        self.durable: Collection[str] = ()
        # Questions announced by earlier advances: they are not announced again.
        self.known = known
        self.gate = gate
        self.node_seconds = node_seconds
        # Tasks that are about to run, and the gate has not decided on, by their id.
        self.undecided: dict[str, Task] = {}
        # Tasks that are to be tried again, with the number of that attempt, by their id.
        self.retrying: dict[str, tuple[Task, int]] = {}
        # Tasks that ended, whose writes are about to be saved: their `node.finished`, by their id.
        self.held: dict[str, tuple[OpenTask, NodeFinished]] = {}
        # Tasks whose `node.finished` was told with their writes, before their end was.
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
        # What nodes raised, with the task that did, the innermost first.
        self.raised: deque[tuple[BaseException, Place]] = deque(maxlen=KEPT_ERRORS)
        # Without a gate: a graph stopped of itself, behind these tasks where any; with their supersteps.
        self.unheeded: dict[Place, int | None] | None = None

    def around(self, task: Task) -> AbstractContextManager[object]:
        if task.hidden:
            return _NOTHING
        place = task.place
        return tracing.node(place.node, place.path, place.task_id, task.step, _rests)

    def calls(self) -> ToolEvents:
        """What is told of tools that nodes call."""
        writer, draft = self.writer, self.draft
        return ToolEvents(
            lambda body: writer.emit(draft(body)), writer.wait_for_room, self.lost, self.failure,
            self.lock, self.deltas.secrets,
        )  # fmt: skip

    # What the run tells

    def starts(self, task: Task) -> None:
        """Its body is about to run, unless the gate stops it."""
        if task.hidden:
            return
        self.writer.wait_for_room()
        with self.lock:
            if self.gate is None:
                self._start(task)
            else:
                self.undecided[task.task_id] = task
                self._decided(task.place)

    def begins_anew(self, task: Task) -> bool:
        """Whether nothing inside it is there to go on from."""
        return self.gate is not None and self.gate.begins_anew(task.place)

    def tries_again(self, task: Task, error: Exception) -> None:
        """Its body raised, and will run again."""
        with self.lock:
            ended = self.tasks.end(task.task_id)
            if ended is not None:
                self.retrying[task.task_id] = task, ended.attempt + 1
                self._failed(ended, error, will_retry=True)

    def started_again(self, task_id: str) -> None:
        """The body of such a task runs again."""
        with self.lock:
            if (again := self.retrying.pop(task_id, None)) is not None:
                self._start(*again)

    def ended(
        self, task: Task, error: BaseException | None, writes: Sequence[tuple[str, Any]]
    ) -> None:
        """Its body ended, or was ended."""
        with self.lock:
            if self.deltas.held:
                self.messages_over(task.task_id)
            if task.task_id in self.undecided:
                # It ended without its decision having been told.
                self._decided(task.place)
                self.undecided.pop(task.task_id, None)
            if isinstance(error, GraphInterrupt):
                self._asked(task, error.args[0] if error.args else ())
            elif task.hidden:
                return
            elif isinstance(error, ParentCommand):
                self._finished(task, error.args[0].update, kept=False)
            elif isinstance(error, GraphBubbleUp):
                # The run was drained: it is entered again.
                return
            elif isinstance(error, CANCELLED):
                if (cut := self.tasks.end(task.task_id)) is not None:
                    self.emit(cut.cancelled())
            elif error is not None:
                self._raised(task, error)
            else:
                self._finished(task, result_of(writes))

    def was_cached(self, task: Task, writes: Sequence[tuple[str, Any]]) -> None:
        """Its body does not run: what it wrote in an earlier run is about to be saved."""
        with self.lock:
            if task.hidden or self.tasks.get(task.task_id) is not None:
                # One that runs already tells its own end.
                return
            self._start(task)
            self._finished(task, result_of(writes), cached=True)

    def stops(self, when: Literal["before", "after"], tasks: Sequence[Task]) -> bool:
        """The graph of these tasks stops before or after them, of itself: the gate does it, where there is one."""
        if self.gate is not None:
            places = {task.place: task.step for task in tasks}
            self.gate.tell(StopBefore(list(places)) if when == "before" else StopAfter(places))
            return True
        with self.lock:
            self.unheeded = self.unheeded or {}
            if when == "after":
                self.unheeded |= {task.place: task.step for task in tasks}
        return False

    def keeps_nothing(self, graphs: Collection[Place]) -> None:
        """These graphs keep no checkpoints: nothing stops in them."""
        if self.gate is not None:
            self.gate.tell(NothingKept(graphs))

    @property
    def watching(self) -> bool:
        """Whether any graph may have data breakpoints."""
        return self.gate is not None

    def watches(self, graph: Place) -> Collection[str]:
        """The channels of a graph that have data breakpoints."""
        return () if self.gate is None else self.gate.watched(graph)

    def changed(
        self, graph: Place, channel: str, tasks: Sequence[Task], state: Callable[[], dict[str, Any]]
    ) -> None:
        """A superstep has ended, and made another value of such a channel."""
        if self.gate is None:
            return
        self.gate.changed(graph, channel, [task.place for task in tasks], state)
        with self.lock:
            for task in tasks:
                for body in self._logs(task.task_id):
                    self.emit(body)

    def value(self, data: Any) -> None:
        """The top graph's output so far."""
        if not tells_interrupts(data):
            self.values = data

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
            held, body = self.held.pop(task_id, (None, None))
            if held is None or body is None:
                ended = self.tasks.end(task_id)
                if ended is None:
                    return []
                body = node_finished(ended, result_of(writes))
                self.told.add(task_id)
            else:
                ended = held
            return [self._end(ended, body), *map(self.draft, self._logs(task_id))]

    def _end(self, ended: OpenTask, body: NodeFinished) -> Draft:
        """The event of a task's end: where that is too large, the task has failed."""
        try:
            return self.draft(body)
        except EventTooLarge as error:
            self.raised.append((error, ended.place))
            self.lost(error)
            return self.draft(node_failed(ended, self.failure(error, ended.place.path)))

    def refused(self, task_id: str, error: UnserializableError) -> UnserializableError:
        """What a task wrote cannot be stored: it has failed. The error that says whose it is, which ends the run."""
        with self.lock:
            ended, _ = self.held.pop(task_id, (self.tasks.end(task_id), None))
            if ended is None:
                return error
            text = f"what {ended.place.path!r} wrote is refused: {error}"
            named = UnserializableError(error.channel, text)
            self.raised.append((named, ended.place))
            self.fault = self.fault or named
            self._failed(ended, named)
            return named

    def seen(self, namespace: str, values: Mapping[str, Any]) -> None:
        """The state of a (sub)graph, as its checkpoint is read or saved: conditions see it."""
        if self.gate is not None:
            self.gate.watch(namespace, values)

    # What the gate decides

    def decision(self, task: Place) -> None:
        """The gate has decided on a task."""
        with self.lock:
            self._decided(task)

    def _decided(self, task: Place) -> None:
        """The gate may have decided on a task: show it as started if it goes."""
        if self.gate is None or task.task_id not in self.undecided:
            return
        goes = self.gate.decision(task)
        if goes is None:
            return
        decided = self.undecided.pop(task.task_id)
        for body in self._logs(task.task_id):
            self.emit(body)
        if goes or self.gate.failure(task) is not None:
            self._start(decided)

    # Events of tasks

    def _start(self, task: Task, attempt: int = 1) -> None:
        place = task.place
        known = self.tasks.get(place.task_id)
        # A subgraph has no body that would start again.
        goes_on = known is not None and self.gate is not None and self.gate.shown_before(place)
        if known is not None and not known.resting and not goes_on:
            # It was cut off, and is entered anew.
            self.emit(known.cancelled())
        begun = self.tasks.begin(place, task.step, attempt)
        if not goes_on:
            # Many nodes say something at once, or are done.
            self.emit(node_started(task, begun), patient=True)

    def _finished(
        self, task: Task, result: Any, *, cached: bool = False, kept: bool = True
    ) -> None:
        """It ended well. `kept`: what it wrote is its own, and saved as such."""
        if task.task_id in self.told:
            self.told.discard(task.task_id)
            return
        ended = self.tasks.end(task.task_id)
        if ended is None:
            return
        body = node_finished(ended, result, cached)
        if kept and task.graph.namespace in self.durable:
            self.held[task.task_id] = ended, body
            return
        self.writer.emit(self._end(ended, body))
        for log in self._logs(task.task_id):
            self.emit(log)

    def _raised(self, task: Task, error: BaseException) -> None:
        self.raised.append((error, task.place))
        self.held.pop(task.task_id, None)
        if (ended := self.tasks.end(task.task_id)) is not None:
            self._failed(ended, error)

    def _failed(self, ended: OpenTask, error: BaseException, *, will_retry: bool = False) -> None:
        told = self.failure(error, ended.place.path)
        self.emit(node_failed(ended, told, will_retry=will_retry))

    def _asked(self, task: Task, asked: Sequence[Interrupt]) -> None:
        """A body was ended by a question, or by a stop of the gate's."""
        own = task.place
        error = None if self.gate is None else self.gate.failure(own)
        if error is not None:
            if (ended := self.tasks.end(own.task_id)) is not None:
                self._failed(ended, error)
                log.error(
                    "session %s stopped at an error in %s\n%s",
                    self.session_id,
                    own.path,
                    tracebacks.told(error),
                )
        elif asked and (resting := self.tasks.get(own.task_id)) is not None:
            # Without a question, a graph inside stopped of itself, and is entered again at once.
            resting.resting = True
        for one in asked:
            if is_stop(one.value):
                self.stopped = True
            elif one.id not in self.interrupts:
                # The innermost task tells first; its parents repeat it.
                known = self.known.get(one.id)
                question = known or Question(one.id, to_json(one.value), own.path, own.task_id)
                self.interrupts[one.id] = question
                self.asking[one.id] = own
                if known is None:
                    body = InputRequested(one.id, question.value, own.node, own.path, own.task_id)
                    self.emit(body)

    def _logs(self, task_id: str) -> list[DebugLog]:
        """What log points wrote at a task."""
        place = None if self.gate is None else self.gate.place_of(task_id)
        if self.gate is None or place is None:
            return []
        texts = self.gate.take_logs(place)
        return [DebugLog(place.node, place.path, task_id, text) for text in texts]

    def failure(self, error: BaseException, path: str | None) -> Failure:
        """An error as clients see it."""
        if self.node_seconds and path is not None and ran_over(error, self.node_seconds):
            return failure(NodeTimeout(path, self.node_seconds), path)
        return failure(error, path)

    def over(self) -> None:
        """Nothing is run any more."""
        self.messages_over()
        if self.gate is not None:
            self.gate.attend(_nobody)

    def failed(self, error: BaseException) -> Place | None:
        """The task that raised this error, the innermost one; None where no node did."""
        return next((place for raised, place in self.raised if raised is error), None)


_NOTHING = nullcontext()


def _nobody(_: Place) -> None:
    """Listens to a gate whose advance is over."""


def _rests(error: BaseException) -> bool:
    """Whether a body's end is none: it asks, or the debugger stopped it."""
    return isinstance(error, GraphBubbleUp)
