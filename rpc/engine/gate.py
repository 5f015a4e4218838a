"""The gate: a callback handler that stops single tasks, at any depth, before their bodies run.

LangChain calls it at the start of every node's task, also in subgraphs and in subgraphs that a function
calls. Raising `GraphInterrupt` there stops that one task; its siblings go on and their updates are kept. The
next advance enters every unfinished task again: those that stand are stopped again, those let go pass.
Nothing is held in memory meanwhile: what the gate must know is a `DebugState`.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langgraph.errors import GraphBubbleUp, GraphInterrupt
from langgraph.pregel import Pregel
from langgraph.types import Interrupt
from msgspec import Struct

from protocol.debugging import Breakpoint
from protocol.events import StoppedTask
from rpc.engine.conditions import Condition, ConditionError, LogText
from rpc.engine.cut import cut
from rpc.engine.namespaces import SEPARATOR, node_path, split, task_id
from rpc.engine.stepping import Namespace, at, key, stops_after, stops_by_step
from rpc.engine.values import to_json
from rpc.storage.records import DebugState

STOP_MARK = "$stepwire.stop"
"""The value of the interrupt by which the gate stops a task; nobody is asked."""


class GateResult(Struct, frozen=True):
    """What an advance left behind: a `DebugState`'s parts, and whether anything new stopped.

    `fresh`: namespaces of the tasks that stopped just now.
    """

    stopped: dict[str, StoppedTask]
    entered: list[str]
    after: list[str]
    hits: dict[str, int]
    fresh: list[str]


class Gate(BaseCallbackHandler):
    """One advance's gate. Thread-safe: sync graphs call it from their threads.

    `state`: where the session stands. `waiting`: ids of tasks that ask a person and are not being answered;
    they are held, so that they do not run again. `answered`: ids of tasks whose question is being answered.
    `debugging`: False holds the waiting tasks and does nothing else.
    """

    raise_error = True
    run_inline = True

    def __init__(
        self,
        graph: Pregel[Any, Any, Any, Any],
        state: DebugState,
        *,
        waiting: Iterable[str] = (),
        answered: Iterable[str] = (),
        debugging: bool = True,
    ) -> None:
        self.graph = graph
        self.state = state
        self.waiting = frozenset(waiting)
        self.answered = frozenset(answered)
        self.debugging = debugging
        self.lock = threading.Lock()
        self.breakpoints = list(state.breakpoints)
        self.hits = dict(state.hits)
        self.released = set(state.released)
        self.entered = set(state.entered)
        # Tasks behind which an `after` breakpoint stops, by namespace: their superstep where known.
        self.after: dict[Namespace, int | None] = {split(one): None for one in state.after}
        # `debug.pause`: every new task stops.
        self.pausing = False
        # Every new task is the run's first.
        self.entry = state.entry
        # What was decided in this advance: None is "go".
        self.decided: dict[str, StoppedTask | None] = {}
        self.fresh: list[str] = []
        self.ended: set[str] = set()
        # Each task's superstep in its graph.
        self.steps: dict[Namespace, int] = {}
        # Tasks that `Send` made: their input is their own, not their graph's state.
        self.sent: set[Namespace] = set()
        # Tasks by the id of LangChain's run.
        self.runs: dict[UUID, tuple[str, Any]] = {}
        # The newest values of each (sub)graph, by its namespace.
        self.values: dict[str, Mapping[str, Any]] = {}
        # What log points wrote, by task, until it is told.
        self.logs: dict[str, list[str]] = {}
        # Errors that became stops, by task.
        self.failures: dict[str, BaseException] = {}
        # What the tasks that raised had been given, by task.
        self.inputs: dict[str, Any] = {}
        # Called with the namespace of every task just decided, from any thread.
        self.on_decision: Callable[[str], object] = _nobody

    # What the engine tells

    def watch(self, namespace: str, values: Mapping[str, Any]) -> None:
        """The state of a (sub)graph, as its checkpoint was read or saved."""
        self.values[namespace] = values

    def decision(self, namespace: str) -> bool | None:
        """Whether a task goes (True), stands (False), or has not started (None)."""
        if namespace not in self.decided:
            return None
        return self.decided[namespace] is None

    def is_subgraph(self, namespace: Namespace) -> bool:
        """Whether a task's node is a compiled graph, whose entering runs no body of its own."""
        node = self._node(namespace)
        return node is not None and isinstance(node.bound, Pregel)

    def result(self) -> GateResult:
        """Where the session stands after the advance."""
        with self.lock:
            stopped = {ns: task for ns, task in self.decided.items() if task is not None}
            # Entered again by the next advance, and not to be stopped again: what holds a stopped or an
            # asking task, or was cut off.
            entered = [
                ns for ns, task in self.decided.items() if task is None and ns not in self.ended
            ]
            return GateResult(
                stopped,
                entered,
                [SEPARATOR.join(one) for one in self.after],
                self.hits,
                [ns for ns in self.fresh if ns in stopped],
            )

    # What LangChain calls

    def on_chain_start(
        self,
        serialized: dict[str, Any],
        inputs: Any,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """A node's task starts: let it go, or stop it."""
        if not metadata or metadata.get("langgraph_node") != kwargs.get("name"):
            return
        if parent_run_id in self.runs and self.runs[parent_run_id][0] == metadata.get(
            "langgraph_checkpoint_ns"
        ):
            # A runnable inside the node's body that has the node's name.
            return
        namespace = metadata.get("langgraph_checkpoint_ns")
        if not namespace:
            return
        step = metadata.get("langgraph_step")
        with self.lock:
            if "__pregel_push" in metadata.get("langgraph_triggers", ()):
                self.sent.add(split(namespace))
            if namespace not in self.decided:
                stop = self._decide(split(namespace), namespace, inputs, step)
                self.decided[namespace] = stop
            stop = self.decided[namespace]
            self.runs[run_id] = (namespace, inputs)
            self.steps[split(namespace)] = step if step is not None else 0
        self.on_decision(namespace)
        if stop is not None:
            raise GraphInterrupt((Interrupt(value=STOP_MARK, id=namespace),))

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A node's body ended."""
        with self.lock:
            found = self.runs.pop(run_id, None)
            if found is None:
                return
            namespace, inputs = found
            self.ended.add(namespace)
            if self.debugging:
                self._ended(split(namespace), inputs)

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """A node's body raised: stop there, its siblings untouched, where that is what would happen."""
        with self.lock:
            found = self.runs.pop(run_id, None)
            if found is None or not self.debugging:
                return
            namespace, inputs = found
            self.inputs[namespace] = inputs
            if not self._stops_on(split(namespace), error):
                return
            self.decided[namespace] = stopped_task(
                split(namespace), "failure", inputs, f"{type(error).__name__}: {error}"
            )
            self.fresh.append(namespace)
            self.failures[namespace] = error
        self.on_decision(namespace)
        raise GraphInterrupt((Interrupt(value=STOP_MARK, id=namespace),))

    # Decisions

    def _decide(
        self, task: Namespace, namespace: str, inputs: Any, step: int | None
    ) -> StoppedTask | None:
        number = task_id(task)
        if number in self.waiting:
            return stopped_task(task, "interrupt", inputs)
        if namespace in self.released | self.entered or number in self.answered:
            return None
        if (before := self.state.stopped.get(namespace)) is not None:
            # It has not run: its input may have been edited.
            return stopped_task(task, before.reason, inputs, before.detail)
        if not self.debugging:
            return None
        reason, detail = self._reason(task, namespace, inputs, step)
        if reason is None:
            return None
        self.fresh.append(namespace)
        return stopped_task(task, reason, inputs, detail)

    def _reason(
        self, task: Namespace, namespace: str, inputs: Any, step: int | None
    ) -> tuple[Any, str | None]:
        """Why a new task stops: the first reason there is, breakpoints and log points looked at first."""
        hit, detail = self._hit("before", task, namespace, inputs)
        if hit:
            return "breakpoint", detail
        if self.pausing:
            return "pause", None
        if self.entry:
            return "entry", None
        behind = [
            one for one, at_step in self.after.items() if self._later(task, one, step, at_step)
        ]
        if stops_after(task, behind):
            for one in behind:
                del self.after[one]
            return "breakpoint", "after " + ", ".join(node_path(one) for one in behind)
        if stops_by_step(task, self.state.stepping):
            return "step", None
        return None, None

    def _later(
        self, task: Namespace, ended: Namespace, step: int | None, ended_step: int | None
    ) -> bool:
        """Whether `task` is of a later superstep than `ended`, or than the task that held it."""
        level = len(task)
        if len(ended) < level:
            return False
        holder = ended[:level]
        known = self.steps.get(holder, ended_step if holder == ended else None)
        return known is None or step is None or step > known

    def _ended(self, task: Namespace, inputs: Any) -> None:
        hit, _ = self._hit("after", task, SEPARATOR.join(task), inputs)
        if hit:
            self.after[task] = self.steps.get(task)

    def _hit(
        self, when: str, task: Namespace, namespace: str, inputs: Any
    ) -> tuple[bool, str | None]:
        """Count, and ask the breakpoints of the task's node; (stops, why)."""
        stops, detail = False, None
        for one in at(self.breakpoints, when, task):
            count = self.hits[key(one)] = self.hits.get(key(one), 0) + 1
            try:
                if one.condition is not None and not Condition(one.condition).value(
                    self._scope(task, inputs)
                ):
                    continue
                if one.hit_count is not None and count < one.hit_count:
                    continue
                if one.log is not None:
                    text = LogText(one.log).fill(self._scope(task, inputs))
                    self.logs.setdefault(namespace, []).append(text)
                    continue
            except ConditionError as error:
                detail = str(error)
            stops = True
        return stops, detail

    def _scope(self, task: Namespace, inputs: Any) -> dict[str, Any]:
        """What an expression sees: the values of the task's graph, and the task's input."""
        given = to_json(inputs)
        values = self.values.get(SEPARATOR.join(task[:-1]))
        if values is None:
            return {"state": given, "input": given}
        state = to_json({name: value for name, value in values.items() if not _internal(name)})
        if task not in self.sent and isinstance(given, dict):
            # The task's input is its graph's state as it is now, edits in place included.
            state |= given
        return {"state": state, "input": given}

    def _stops_on(self, task: Namespace, error: BaseException) -> bool:
        """Whether this error ends the run: nothing between it and the top retries, handles or catches it."""
        if isinstance(error, GraphBubbleUp) or not isinstance(error, Exception):
            return False
        for depth in range(1, len(task) + 1):
            node = self._node(task[:depth])
            if node is None or node.retry_policy:
                return False
            if depth < len(task) and not isinstance(node.bound, Pregel):
                return False
            graph = self._graph(task[: depth - 1])
            if (
                graph is None
                or graph.retry_policy
                or getattr(graph, "node_error_handler_map", None)
            ):
                return False
        return True

    def _graph(self, namespace: Namespace) -> Pregel[Any, Any, Any, Any] | None:
        graph: Any = self.graph
        for part in namespace:
            node = graph.nodes.get(part.partition(":")[0])
            if node is None or not isinstance(node.bound, Pregel):
                return None
            graph = node.bound
        return graph  # type: ignore[no-any-return]

    def _node(self, namespace: Namespace) -> Any:
        graph = self._graph(namespace[:-1])
        return None if graph is None else graph.nodes.get(namespace[-1].partition(":")[0])


def stopped_task(
    task: Namespace, reason: Any, inputs: Any, detail: str | None = None
) -> StoppedTask:
    path = node_path(task)
    return StoppedTask(
        path.rpartition("/")[2], path, task_id(task), reason, cut(to_json(inputs)), detail
    )


def _internal(channel: str) -> bool:
    return channel.startswith(("__", "branch:", "join:"))


def _nobody(_: str) -> None:
    pass


class _Silence(logging.Filter):
    """LangChain warns of every exception a handler raises; the gate's are not errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args if isinstance(record.args, tuple) else ()
        return Gate.__name__ not in arguments


logging.getLogger("langchain_core.callbacks.manager").addFilter(_Silence())


def compiled(breakpoints: Iterable[Breakpoint]) -> None:
    """Refuse what does not compile. Raises `ConditionError`."""
    for one in breakpoints:
        if one.condition is not None:
            Condition(one.condition)
        if one.log is not None:
            LogText(one.log)
