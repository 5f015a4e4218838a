"""The judge: what is known of an advance's tasks, and what becomes of each. Without LangChain, lock or I/O."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from langgraph.errors import GraphBubbleUp
from msgspec import Struct

from rpc.engine.gate.breakpoints import Breakpoints
from rpc.engine.gate.holding import holds, stopped_inside
from rpc.engine.gate.stepping import is_later, stops_after, stops_by_step
from rpc.engine.gate.stops import STOP_MARK, stopped_task
from rpc.engine.langgraph.callbacks import TaskStart
from rpc.engine.langgraph.exits import raised
from rpc.engine.langgraph.failures import ends_run, is_one_of
from rpc.engine.langgraph.names import is_start
from rpc.engine.langgraph.nesting import (
    AnyGraph,
    is_subgraph,
    stops_after_itself,
)
from rpc.engine.langgraph.place import Place
from rpc.engine.values.errors import error_text, error_type
from rpc.storage.records import DebugState, Question, Stepping, StoppedTask


class Verdict(Enum):
    """What becomes of a task that is about to run."""

    GOES = "goes"
    STANDS = "stands"
    HELD = "not entered, all that is left inside stands or asks"


class GateResult(Struct, frozen=True):
    """What an advance left behind: a `DebugState`'s parts, and whether anything new stopped.

    `fresh`: the tasks that stopped just now. `entry`: the run's first task has not come yet. `changes`: of `after`, what data
    breakpoints say. `passes`: of tasks that have not ended, how many of their errors were told as stops and did not end the run.
    """

    stopped: dict[Place, StoppedTask]
    entered: list[Place]
    after: list[Place]
    hits: dict[str, int]
    fresh: list[Place]
    entry: bool
    changes: dict[Place, str] = {}
    passes: dict[Place, int] = {}


class Judge:
    """One advance's. Its gate holds a lock around every use of it; the parameters are the gate's."""

    def __init__(
        self,
        graph: AnyGraph,
        state: DebugState,
        waiting: Mapping[Place, Question],
        answered: Iterable[Place],
        debugging: bool,
    ) -> None:
        self.graph = graph
        self.debugging = debugging
        self.waiting = dict(waiting)
        self.breakpoints = Breakpoints(state)
        self.stepping = state.stepping
        # Those that may go where others of their kind stand.
        self.released = set(map(Place.of, state.released))
        self.going = {*self.released, *answered}
        # Tasks that went in an earlier advance and have not ended.
        self.entered = set(map(Place.of, state.entered))
        # Tasks that an earlier advance stopped.
        self.stood = {Place.of(one): task for one, task in state.stopped.items()}
        # Tasks that stay as they are, unless they are let go.
        self.resting = {*self.stood, *waiting} - self.going
        # Tasks behind which an `after` breakpoint stops: their superstep where known.
        self.after: dict[Place, int | None] = {Place.of(one): None for one in state.after}
        # What data breakpoints say of some of these.
        self.changes: dict[Place, str] = {
            Place.of(one): said for one, said in state.changes.items()
        }
        # Of these, those behind which something stopped now.
        self.told: set[Place] = set()
        # Of these, those behind which a graph stops of itself that was met on the way.
        self.own_after: set[Place] = set()
        # Tasks before which their graph was compiled to stop.
        self.before: set[Place] = set()
        # Graphs that keep no checkpoints: nothing stops in them, since it could not go on.
        self.unkept: set[Place] = set()
        # The tasks that stood when the debugger left.
        self.stood_at_detach: set[Place] = set()
        # `debug.pause`: every new task stops.
        self.pausing = state.pausing
        # Every new task is the run's first.
        self.entry = state.entry
        # What was decided in this advance.
        self.verdicts: dict[Place, Verdict] = {}
        # The tasks that were stopped in this advance, those that ask included.
        self.stands: dict[Place, StoppedTask] = {}
        self.fresh: list[Place] = []
        self.ended: set[Place] = set()
        # The tasks by their id.
        self.places: dict[str, Place] = {}
        # Each task's superstep in its graph.
        self.steps: dict[Place, int] = {}
        # Tasks that a function calls (`@task`).
        self.called: set[Place] = set()
        # Errors that became stops, by task.
        self.failures: dict[Place, BaseException] = {}
        # The exception types to stop by, None for all; and the tasks whose errors were others.
        self.errors: Sequence[str] | None = state.errors
        self.let_fail: set[Place] = set()
        # Those to stop by where something retries, handles or may catch the error; and how many of a task's were told so: as
        # many it raises again when it runs again, and then what is around it gets its turn.
        self.raised_errors: Sequence[str] | None = state.raised
        self.passes: dict[Place, int] = {Place.of(one): n for one, n in state.passes.items()}
        # Errors that were let pass, with the task that raised each: those around it raise the same.
        self.let_pass: list[tuple[BaseException, Place]] = []
        # How often each task raised: it may be tried again.
        self.raised: dict[Place, int] = {}
        # What the tasks that raised, asked, or ended in the newest superstep of their graph had been given, by task; those of
        # the last kind, and that superstep, by graph.
        self.inputs: dict[Place, Any] = {}
        self.ending: dict[Place, list[Place]] = {}
        self.latest: dict[Place, int | None] = {}

    # What it is told

    def detach(self) -> None:
        """Stop by nothing any more that a debugger wanted; where it has left before, nothing is to be done."""
        if not self.debugging:
            return
        self.debugging = self.pausing = self.entry = False
        self.stepping = Stepping()
        stands = {one for one, task in self.stands.items() if task.reason != "interrupt"}
        self.stood_at_detach = {*stands, *self.stood}
        own = {one for one in self.after if self._stops_itself_after(one)}
        self.after = {one: step for one, step in self.after.items() if one in own}
        self.changes = {}

    def stop_after(self, tasks: Mapping[Place, int | None]) -> None:
        """The graph of these tasks, which have ended, was compiled to stop after them."""
        self.after.update(tasks)
        self.own_after.update(tasks)

    def _stops_itself_after(self, task: Place) -> bool:
        return task in self.own_after or stops_after_itself(self.graph, task)

    # What happens to tasks

    def starts(self, start: TaskStart, inputs: Any) -> Verdict:
        """A task is about to run."""
        task = start.place
        if start.pushed:
            self.breakpoints.pushed.add(task)
        if start.called:
            self.called.add(task)
        verdict = self.verdicts.get(task)
        if verdict is None:
            verdict = self.verdicts[task] = self._verdict(task, inputs, start.step)
        if self.latest.get(task.graph) != start.step:
            self.latest[task.graph] = start.step
            for one in self.ending.pop(task.graph, ()):
                self.inputs.pop(one, None)
        self.steps[task] = start.step if start.step is not None else 0
        self.places[task.task_id] = task
        return verdict

    def ends(self, task: Place, inputs: Any) -> None:
        """A task has ended."""
        self.ended.add(task)
        if is_start(task.node) or not self.debugging:
            return
        # What it wrote may be refused yet.
        self.inputs[task] = inputs
        self.ending.setdefault(task.graph, []).append(task)
        if self.breakpoints.reached("after", task, inputs)[0]:
            self.after[task] = self.steps.get(task)

    def changed(
        self,
        graph: Place,
        channel: str,
        tasks: Sequence[Place],
        state: Callable[[], Mapping[str, Any]],
    ) -> None:
        """The superstep of these tasks, which has ended, made another value of a channel of their graph."""
        if not self.debugging or any(graph.is_within(one) for one in self.unkept):
            return
        said = self.breakpoints.changed(graph, channel, tasks, state)
        if said is None:
            return
        for task in tasks:
            self.after[task] = self.steps.get(task)
            known = self.changes.get(task)
            self.changes[task] = said if known is None else f"{known}; {said}"

    def had_ended(self, task: Place) -> None:
        """A task ended in an advance that was cut off: what stops behind it has not stopped yet."""
        if is_start(task.node):
            return
        hit = self.debugging and self.breakpoints.reached("after", task, None)[0]
        if hit or self._stops_itself_after(task):
            self.after[task] = None

    def passed(self, tasks: Iterable[Place]) -> bool:
        """Whether one of these tasks was let go before."""
        return any(task in self.going or task in self.entered for task in tasks)

    def asks(self, task: Place, inputs: Any) -> None:
        """A task asks a person, or one inside it was stopped."""
        self.inputs[task] = inputs

    def fails(self, task: Place, inputs: Any, error: BaseException) -> bool:
        """A task raised; whether it is stopped there: because that would end the run, or since all such errors stop."""
        self.inputs[task] = inputs
        if not self.debugging or is_start(task.node):
            return False
        self.raised[task] = self.raised.get(task, 0) + 1
        ends = ends_run(self.graph, task, error, self.raised)
        if ends and self.errors is not None and not is_one_of(error, self.errors):
            self.let_fail.add(task)
            return False
        if not ends:
            if not self._stops_raised(task, error):
                self.let_pass.append((error, task))
                return False
            self.passes[task] = self.raised[task]
        self.verdicts[task] = Verdict.STANDS
        reason = "failure" if ends else "raised"
        self.stands[task] = stopped_task(
            task, reason, inputs, f"{error_type(raised(error))}: {error_text(error)}"
        )
        self.fresh.append(task)
        self.failures[task] = error
        return True

    def _stops_raised(self, task: Place, error: BaseException) -> bool:
        """Whether an error stops that something retries, handles or may catch."""
        if not isinstance(error, Exception) or isinstance(error, GraphBubbleUp):
            return False
        if self.raised[task] <= self.passes.get(task, 0):
            # It was told of, and let go.
            return False
        if any(error is one and inner.is_inside(task) for one, inner in self.let_pass):
            return False
        return self.raised_errors is None or is_one_of(error, self.raised_errors)

    # What is at rest

    def marks(self, task: Place) -> list[tuple[Any, str]]:
        """The interrupts that stop a task. A question that stays open stays the task's: LangGraph keeps it."""
        inside = [task] if task in self.stands else self.stopped_inside(task)
        return [
            (STOP_MARK, one.namespace)
            if one not in self.waiting
            else (self.waiting[one].value, self.waiting[one].interrupt_id)
            for one in inside
        ]

    def stopped_inside(self, task: Place) -> list[Place]:
        """The tasks inside this one that stand or ask."""
        return stopped_inside(task, self._held, self.resting, self.stands)

    def shown_before(self, task: Place) -> bool:
        """Whether a task is a subgraph's that an earlier advance entered: it has no body to start again."""
        return self.debugging and task in self.entered and is_subgraph(self.graph, task)

    def result(self, *, broke_off: bool) -> GateResult:
        """Where the session stands after the advance; `broke_off`: it did not come to all its tasks."""
        held = self._held

        def kept(task: Place) -> bool:
            return task not in self.verdicts and (
                broke_off or any(task.is_inside(one) for one in held)
            )

        stopped = {one: task for one, task in self.stands.items() if task.reason != "interrupt"}
        stopped |= {one: task for one, task in self.stood.items() if kept(one)}
        # Entered again by the next advance, and not to be stopped again: what holds a task that stands
        # or asks, or was cut off.
        went = (one for one, verdict in self.verdicts.items() if verdict is Verdict.GOES)
        entered = [one for one in went if one not in self.ended]
        entered += [*held, *(one for one in self.entered if kept(one))]
        left = [one for one in self.after if one not in self.told]
        return GateResult(
            stopped,
            entered,
            left,
            dict(self.breakpoints.hits),
            [one for one in self.fresh if one in stopped],
            self.entry and all(is_start(one.node) for one in self.verdicts),
            {one: self.changes[one] for one in left if one in self.changes},
            {one: number for one, number in self.passes.items() if one not in self.ended},
        )

    @property
    def _held(self) -> list[Place]:
        return [one for one, verdict in self.verdicts.items() if verdict is Verdict.HELD]

    # Decisions

    def _verdict(self, task: Place, inputs: Any, step: int | None) -> Verdict:
        if holds(task, self.resting, self.going, self.entered):
            return Verdict.HELD
        stop = self._stop(task, inputs, step)
        if stop is None:
            return Verdict.GOES
        self.stands[task] = stop
        return Verdict.STANDS

    def _stop(self, task: Place, inputs: Any, step: int | None) -> StoppedTask | None:
        if task in self.waiting:
            return stopped_task(task, "interrupt", inputs)
        if task in self.going or task in self.entered:
            return None
        if (before := self.stood.get(task)) is not None:
            # It has not run: its input may have been edited.
            return stopped_task(task, before.reason, inputs, before.detail)
        if is_start(task.node) or any(task.is_inside(one) for one in self.unkept):
            return None
        reason, detail = self._reason(task, inputs, step)
        if reason is None:
            return None
        self.fresh.append(task)
        return stopped_task(task, reason, inputs, detail)

    def _reason(self, task: Place, inputs: Any, step: int | None) -> tuple[Any, str | None]:
        """Why a new task stops: the first reason there is, breakpoints and log points looked at first."""
        hit, detail = False, None
        if self.debugging:
            hit, detail = self.breakpoints.reached("before", task, inputs)
        behind = [
            one
            for one, ended_step in self.after.items()
            if is_later(task, step, one, ended_step, self.steps, called=task in self.called)
        ]
        # Whatever it stops for: the session stands behind them then.
        stops_behind = stops_after(task, behind)
        if stops_behind:
            self.told.update(behind)
        changed = "; ".join(
            dict.fromkeys(self.changes[one] for one in behind if one in self.changes)
        )
        changed = changed if stops_behind else ""
        if hit or task in self.before:
            return "breakpoint", "; ".join(filter(None, (detail, changed))) or None
        if changed:
            return "change", changed
        if self.debugging and self.pausing:
            return "pause", None
        if self.debugging and self.entry:
            return "entry", None
        if stops_behind:
            return "breakpoint", "after " + ", ".join(one.path for one in behind)
        if self.debugging and stops_by_step(task, self.stepping):
            return "step", None
        return None, None
