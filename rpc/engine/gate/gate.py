"""The gate: a callback handler that stops single tasks, at any depth, before their bodies run.

LangChain calls it at the start of every node's task, also in subgraphs and in subgraphs that a function
calls. Raising `GraphInterrupt` there stops that one task; its siblings go on and their updates are kept. The
next advance comes to every unfinished task again: those that stand are stopped again, those let go pass, and
those inside which nothing may go are not entered. Nothing is held in memory meanwhile: what the gate must
know is a `DebugState`.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langgraph.errors import GraphBubbleUp, GraphInterrupt, ParentCommand
from langgraph.types import Interrupt
from msgspec import Struct

from protocol.events import StoppedTask
from protocol.values import Interrupt as Question
from rpc.engine.gate.breakpoints import Breakpoints
from rpc.engine.gate.holding import holds, is_below, stopped_inside
from rpc.engine.gate.stepping import Namespace, is_later, stops_after, stops_by_step
from rpc.engine.gate.stops import PUSH, STOP_MARK, silence, stopped_task
from rpc.engine.langgraph.failures import ends_run
from rpc.engine.langgraph.namespaces import SEPARATOR, node_path, split, task_id
from rpc.engine.langgraph.nesting import AnyGraph, is_subgraph, keeps_checkpoints
from rpc.storage.records import DebugState


class Verdict(Enum):
    """What becomes of a task that is about to run."""

    GOES = "goes"
    STANDS = "stands"
    HELD = "not entered, all that is left inside stands or asks"


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

    `state`: where the session stands. `waiting`: questions that are not being answered, by the namespace of
    the task that asks; those tasks are held, so that they do not run again. `answered`: namespaces of the
    tasks whose question is being answered. `debugging`: False holds the waiting tasks and does nothing else.
    """

    raise_error = True
    run_inline = True

    def __init__(
        self,
        graph: AnyGraph,
        state: DebugState,
        *,
        waiting: Mapping[str, Question] = MappingProxyType({}),
        answered: Iterable[str] = (),
        debugging: bool = True,
    ) -> None:
        self.graph = graph
        self.state = state
        self.waiting = dict(waiting)
        # Those that may go where others of their kind stand.
        self.going = {*state.released, *answered}
        self.debugging = debugging
        self.lock = threading.Lock()
        self.breakpoints = Breakpoints(state)
        # Tasks that went in an earlier advance and have not ended.
        self.entered = set(state.entered)
        # Tasks that stay as they are, unless they are let go.
        self.resting = {*state.stopped, *waiting} - self.going
        # Tasks behind which an `after` breakpoint stops, by namespace: their superstep where known.
        self.after: dict[Namespace, int | None] = {split(one): None for one in state.after}
        # Of these, those behind which something stopped now.
        self.told: set[Namespace] = set()
        # `debug.pause`: every new task stops.
        self.pausing = state.pausing
        # Every new task is the run's first.
        self.entry = state.entry
        # What was decided in this advance.
        self.verdicts: dict[str, Verdict] = {}
        # The tasks that were stopped in this advance, those that ask included.
        self.stands: dict[str, StoppedTask] = {}
        self.fresh: list[str] = []
        self.ended: set[str] = set()
        # Namespaces of the tasks, by their id.
        self.places: dict[str, str] = {}
        # Each task's superstep in its graph.
        self.steps: dict[Namespace, int] = {}
        # Tasks that a function calls (`@task`).
        self.called: set[Namespace] = set()
        # Tasks by the id of LangChain's run.
        self.runs: dict[UUID, tuple[str, Any]] = {}
        # Errors that became stops, by task.
        self.failures: dict[str, BaseException] = {}
        # How often each task raised: it may be tried again.
        self.raised: dict[Namespace, int] = {}
        # What the tasks that raised or asked had been given, by task.
        self.inputs: dict[str, Any] = {}
        # Called with the namespace of every task just decided, from any thread.
        self.on_decision: Callable[[str], object] = _nobody

    # What the engine tells

    def decision(self, namespace: str) -> bool | None:
        """Whether a task goes (True), stands (False), or has not started (None)."""
        verdict = self.verdicts.get(namespace)
        return None if verdict is None else verdict is Verdict.GOES

    def shown_before(self, namespace: str) -> bool:
        """Whether a task is a subgraph's that an earlier advance entered: it has no body to start again."""
        return (
            self.debugging
            and namespace in self.entered
            and is_subgraph(self.graph, split(namespace))
        )

    def result(self, *, broke_off: bool = False) -> GateResult:
        """Where the session stands after the advance; `broke_off`: it did not come to all its tasks."""
        with self.lock:
            held = self._held

            def kept(ns: str) -> bool:
                return ns not in self.verdicts and (
                    broke_off or any(is_below(ns, one) for one in held)
                )

            stopped = {ns: task for ns, task in self.stands.items() if task.reason != "interrupt"}
            stopped |= {ns: task for ns, task in self.state.stopped.items() if kept(ns)}
            # Entered again by the next advance, and not to be stopped again: what holds a task that stands
            # or asks, or was cut off.
            went = (ns for ns, verdict in self.verdicts.items() if verdict is Verdict.GOES)
            entered = [ns for ns in went if ns not in self.ended]
            entered += [*held, *(ns for ns in self.entered if kept(ns))]
            return GateResult(
                stopped,
                entered,
                [SEPARATOR.join(one) for one in self.after if one not in self.told],
                self.breakpoints.hits,
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
        namespace = metadata.get("langgraph_checkpoint_ns")
        if not namespace:
            return
        if parent_run_id in self.runs and self.runs[parent_run_id][0] == namespace:
            # A runnable inside the node's body that has the node's name.
            return
        task = split(namespace)
        step = metadata.get("langgraph_step")
        with self.lock:
            if PUSH in metadata.get("langgraph_triggers", ()):
                self.breakpoints.pushed.add(task)
                if metadata.get("langgraph_path", (None,))[-1] is True:
                    self.called.add(task)
            verdict = self.verdicts.get(namespace)
            if verdict is None:
                verdict = self.verdicts[namespace] = self._verdict(task, namespace, inputs, step)
            self.steps[task] = step if step is not None else 0
            self.places[task_id(task)] = namespace
            if verdict is Verdict.GOES:
                self.runs[run_id] = (namespace, inputs)
        self.on_decision(namespace)
        if verdict is not Verdict.GOES:
            raise self._interrupt(namespace)

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A node's body ended."""
        with self.lock:
            found = self.runs.pop(run_id, None)
            if found is None:
                return
            namespace, inputs = found
            if not self._stopped_inside(namespace):
                self._end(namespace, inputs)
                return
        # A function caught the interrupt of a task inside: what it made of that does not count.
        raise self._interrupt(namespace)

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """A node's body raised: stop there, its siblings untouched, where that would end the run."""
        with self.lock:
            found = self.runs.pop(run_id, None)
            if found is None:
                return
            namespace, inputs = found
            task = split(namespace)
            if isinstance(error, ParentCommand):
                self._end(namespace, inputs)
                return
            self.inputs[namespace] = inputs
            if isinstance(error, GraphBubbleUp) or not self.debugging:
                return
            self.raised[task] = self.raised.get(task, 0) + 1
            if not ends_run(self.graph, task, error, self.raised):
                return
            self.verdicts[namespace] = Verdict.STANDS
            self.stands[namespace] = stopped_task(
                task, "failure", inputs, f"{type(error).__name__}: {error}"
            )
            self.fresh.append(namespace)
            self.failures[namespace] = error
        self.on_decision(namespace)
        raise self._interrupt(namespace)

    # What is at rest

    def _interrupt(self, namespace: str) -> GraphInterrupt:
        """Stops a task. A question that stays open stays the task's, so that LangGraph keeps it."""
        inside = [namespace] if namespace in self.stands else self._stopped_inside(namespace)
        return GraphInterrupt(
            tuple(
                Interrupt(STOP_MARK, one)
                if one not in self.waiting
                else Interrupt(self.waiting[one].value, self.waiting[one].interrupt_id)
                for one in inside
            )
        )

    def _stopped_inside(self, namespace: str) -> list[str]:
        return stopped_inside(namespace, self._held, self.resting, self.stands)

    @property
    def _held(self) -> list[str]:
        return [ns for ns, verdict in self.verdicts.items() if verdict is Verdict.HELD]

    def _end(self, namespace: str, inputs: Any) -> None:
        self.ended.add(namespace)
        task = split(namespace)
        if self.debugging and self.breakpoints.reached("after", task, namespace, inputs)[0]:
            self.after[task] = self.steps.get(task)

    # Decisions

    def _verdict(self, task: Namespace, namespace: str, inputs: Any, step: int | None) -> Verdict:
        if holds(namespace, self.resting, self.going, self.entered):
            return Verdict.HELD
        stop = self._stop(task, namespace, inputs, step)
        if stop is None:
            return Verdict.GOES
        self.stands[namespace] = stop
        return Verdict.STANDS

    def _stop(
        self, task: Namespace, namespace: str, inputs: Any, step: int | None
    ) -> StoppedTask | None:
        if namespace in self.waiting:
            return stopped_task(task, "interrupt", inputs)
        if namespace in self.going or namespace in self.entered:
            return None
        if (before := self.state.stopped.get(namespace)) is not None:
            # It has not run: its input may have been edited.
            return stopped_task(task, before.reason, inputs, before.detail)
        if not self.debugging or not keeps_checkpoints(self.graph, task):
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
        hit, detail = self.breakpoints.reached("before", task, namespace, inputs)
        if hit:
            return "breakpoint", detail
        if self.pausing:
            return "pause", None
        if self.entry:
            return "entry", None
        behind = [
            one
            for one, ended_step in self.after.items()
            if is_later(task, step, one, ended_step, self.steps, called=task in self.called)
        ]
        if stops_after(task, behind):
            self.told.update(behind)
            return "breakpoint", "after " + ", ".join(node_path(one) for one in behind)
        if stops_by_step(task, self.state.stepping):
            return "step", None
        return None, None


def _nobody(_: str) -> None:
    pass


silence(Gate.__name__)
