"""The gate: a callback handler that stops single tasks, at any depth, before their bodies run.

LangChain calls it at the start of every node's task, also in subgraphs and in subgraphs that a function
calls. Raising `GraphInterrupt` there stops that one task; its siblings go on and their updates are kept. The
next advance comes to every unfinished task again: those that stand are stopped again, those let go pass, and
those inside which nothing may go are not entered. Nothing is held in memory meanwhile: what the gate must
know is a `DebugState`.

It is here that threads and event loop meet: whoever tells the gate something, or asks it, waits for its lock.
What it knows and how it decides is in `judge.py`.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langgraph.errors import GraphBubbleUp, GraphInterrupt, ParentCommand

from rpc.engine.gate.judge import GateResult, Judge, Verdict
from rpc.engine.gate.messages import (
    Detach,
    Ended,
    Entered,
    Message,
    NothingKept,
    Pause,
    SetBreakpoints,
    SetErrors,
    SetGiven,
    StopAfter,
    StopBefore,
)
from rpc.engine.langgraph.callbacks import interrupt, task_start
from rpc.engine.langgraph.exits import NodeExitedError, ends_process
from rpc.engine.langgraph.nesting import AnyGraph, keeps_its_own
from rpc.engine.langgraph.place import Place
from rpc.storage.records import DebugState, Question, Stepping


class Gate(BaseCallbackHandler):
    """One advance's gate. Thread-safe: sync graphs call it from their threads.

    `state`: where the session stands. `waiting`: questions that are not being answered, by the task that
    asks; those tasks are held, so that they do not run again. `answered`: the tasks whose question is being
    answered. `debugging`: False holds the waiting tasks, stops where the graph was compiled to, and does nothing else.
    """

    raise_error = True
    run_inline = True

    def __init__(
        self,
        graph: AnyGraph,
        state: DebugState,
        *,
        waiting: Mapping[Place, Question] = MappingProxyType({}),
        answered: Iterable[Place] = (),
        debugging: bool = True,
    ) -> None:
        self._lock = threading.Lock()
        self._judge = Judge(graph, state, waiting, answered, debugging)
        # Tasks that run, with their inputs, by the id of LangChain's run.
        self._runs: dict[UUID, tuple[Place, Any]] = {}
        # Called with every task just decided, from any thread.
        self._listener: Callable[[Place], object] = _nobody

    # What it is told

    def tell(self, message: Message) -> None:
        """Heed this from the next task on."""
        with self._lock:
            match message:
                case SetBreakpoints(breakpoints):
                    self._judge.breakpoints.all = list(breakpoints)
                case SetErrors(errors, raised):
                    self._judge.errors, self._judge.raised_errors = errors, raised
                case Pause():
                    self._judge.pausing = True
                case Detach():
                    self._judge.detach()
                case SetGiven(given):
                    self._judge.breakpoints.given.update(given)
                case Entered(tasks):
                    self._judge.entered.update(tasks)
                case StopBefore(tasks):
                    self._judge.before.update(tasks)
                case StopAfter(after):
                    self._judge.stop_after(after)
                case NothingKept(graphs):
                    self._judge.unkept.update(graphs)
                case Ended(tasks):
                    for task in tasks:
                        self._judge.had_ended(task)

    def watch(self, namespace: str, values: Mapping[str, Any]) -> None:
        """The state of a (sub)graph, as its checkpoint was read or saved: conditions see it."""
        with self._lock:
            self._judge.breakpoints.values[Place.of(namespace)] = values

    def changed(
        self,
        graph: Place,
        channel: str,
        tasks: Sequence[Place],
        state: Callable[[], Mapping[str, Any]],
    ) -> None:
        """A superstep of these tasks has ended, and a channel of their graph has another value; `state`: gives all values now."""
        with self._lock:
            self._judge.changed(graph, channel, tasks, state)

    def watched(self, graph: Place) -> Collection[str]:
        """The channels of a (sub)graph of which `changed` is to be told."""
        if not self._judge.debugging:
            return ()
        with self._lock:
            return self._judge.breakpoints.watched(graph)

    def attend(self, listener: Callable[[Place], object]) -> None:
        """Call `listener` with every task as it is decided on, from any thread."""
        with self._lock:
            self._listener = listener

    # What it is asked

    @property
    def debugging(self) -> bool:
        """Whether it may stop tasks, and not only hold those that wait."""
        return self._judge.debugging

    @property
    def stepping(self) -> Stepping:
        """The step that it was made for."""
        with self._lock:
            return self._judge.stepping

    @property
    def stood_at_detach(self) -> Collection[Place]:
        """The tasks that stood when the debugger left, and are to go on."""
        with self._lock:
            return frozenset(self._judge.stood_at_detach)

    def passed(self, tasks: Iterable[Place]) -> bool:
        """Whether one of these tasks was let go before this advance."""
        with self._lock:
            return self._judge.passed(tasks)

    def decision(self, task: Place) -> bool | None:
        """Whether a task goes (True), stands (False), or has not started (None)."""
        with self._lock:
            verdict = self._judge.verdicts.get(task)
        return None if verdict is None else verdict is Verdict.GOES

    def place_of(self, task_id: str) -> Place | None:
        """The place of the task of this id, once it was decided on."""
        with self._lock:
            return self._judge.places.get(task_id)

    def failure(self, task: Place) -> BaseException | None:
        """The error that became the task's stop."""
        with self._lock:
            return self._judge.failures.get(task)

    def let_fail(self, task: Place) -> bool:
        """Whether the task's error was not one to stop by."""
        with self._lock:
            return task in self._judge.let_fail

    def runs(self, graph: AnyGraph) -> None:
        """The graph is that of one run, which was made after the gate."""
        with self._lock:
            self._judge.graph = graph

    def input_of(self, task: Place) -> Any:
        """What a task that raised, asked, or has just ended had been given; None for any other."""
        with self._lock:
            return self._judge.inputs.get(task)

    def shown_before(self, task: Place) -> bool:
        """Whether a task is a subgraph's that an earlier advance entered: it has no body to start again."""
        with self._lock:
            return self._judge.shown_before(task)

    def begins_anew(self, task: Place) -> bool:
        """Whether a task stood before its body until now, whose graph has checkpoints of earlier runs."""
        with self._lock:
            judge = self._judge
            stood = task in judge.released and task not in judge.entered
            return stood and keeps_its_own(judge.graph, task)

    def take_logs(self, task: Place) -> list[str]:
        """What log points wrote at the task and nobody took yet."""
        with self._lock:
            return self._judge.breakpoints.logs.pop(task, [])

    def hits(self) -> dict[str, int]:
        """How often each breakpoint's place was reached in the session, by `when:node_name`."""
        with self._lock:
            return dict(self._judge.breakpoints.hits)

    def questions(self) -> list[Question]:
        """The questions that it holds open."""
        with self._lock:
            return list(self._judge.waiting.values())

    def result(self, *, broke_off: bool = False) -> GateResult:
        """Where the session stands after the advance; `broke_off`: it did not come to all its tasks."""
        with self._lock:
            return self._judge.result(broke_off=broke_off)

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
        start = task_start(metadata, kwargs.get("name"))
        if start is None:
            return
        task = start.place
        with self._lock:
            if parent_run_id in self._runs and self._runs[parent_run_id][0] == task:
                # A runnable inside the node's body that has the node's name.
                return
            goes = self._judge.starts(start, inputs) is Verdict.GOES
            if goes:
                self._runs[run_id] = (task, inputs)
        self._listener(task)
        if not goes:
            raise self._interrupt(task)

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A node's body ended."""
        with self._lock:
            found = self._runs.pop(run_id, None)
            if found is None:
                return
            task, inputs = found
            if not self._judge.stopped_inside(task):
                self._judge.ends(task, inputs)
                return
        # A function caught the interrupt of a task inside: what it made of that does not count.
        raise self._interrupt(task)

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """A node's body raised: stop there, its siblings untouched, where that would end the run."""
        if ends_process(error):
            error = NodeExitedError(error)
        with self._lock:
            found = self._runs.pop(run_id, None)
            if found is None:
                return
            task, inputs = found
            if isinstance(error, ParentCommand):
                self._judge.ends(task, inputs)
                return
            if isinstance(error, GraphBubbleUp):
                self._judge.asks(task, inputs)
                return
            if not self._judge.fails(task, inputs, error):
                return
        self._listener(task)
        raise self._interrupt(task)

    def _interrupt(self, task: Place) -> GraphInterrupt:
        with self._lock:
            return interrupt(self._judge.marks(task))


def _nobody(_: Place) -> None:
    pass
