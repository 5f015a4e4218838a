"""Whether a breakpoint of a node stops now: its condition, its hit count, or what it logs instead."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rpc.engine.gate.conditions import Condition, ConditionError, LogText
from rpc.engine.gate.stepping import at, key
from rpc.engine.langgraph.names import is_internal
from rpc.engine.langgraph.place import Place
from rpc.engine.values.to_json import to_json
from rpc.storage.records import Breakpoint, DebugState


class Breakpoints:
    """A session's breakpoints during one advance. The gate's lock guards it."""

    def __init__(self, state: DebugState) -> None:
        # What the run was given beside its input, once that is told: `config` and `context`, as JSON.
        self.given: dict[str, Any] = {"config": {}, "context": None}
        self.all = list(state.breakpoints)
        # How often each one's place was reached in the session, by `when:node_name`.
        self.hits = dict(state.hits)
        # What log points of a task wrote, until it is told.
        self.logs: dict[Place, list[str]] = {}
        # The newest values of each (sub)graph, as its checkpoint was read or saved.
        self.values: dict[Place, Mapping[str, Any]] = {}
        # Tasks that `Send` or a function's call made: their input is their own, not their graph's state.
        self.pushed: set[Place] = set()

    def reached(self, when: str, task: Place, inputs: Any) -> tuple[bool, str | None]:
        """A task got to where breakpoints of its node may be: (whether one stops, what else to say)."""
        stops, detail = False, None
        for one in at(self.all, when, task):
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
                    self.logs.setdefault(task, []).append(text)
                    continue
            except ConditionError as error:
                detail = str(error)
            stops = True
        return stops, detail

    def watched(self, graph: Place) -> set[str]:
        """The channels of a (sub)graph that have data breakpoints."""
        return {
            one.channel
            for one in self.all
            if one.channel is not None and one.enabled and one.node_name == graph.path
        }

    def changed(
        self,
        graph: Place,
        channel: str,
        tasks: Sequence[Place],
        state: Callable[[], Mapping[str, Any]],
    ) -> str | None:
        """A channel has another value, by these tasks: what a stop there says, None where none stops.

        `state`: gives the (sub)graph's values as they are now, which its expressions see as `state`, and as `input`.
        """
        said: str | None = None
        for one in self.all:
            if (one.channel, one.node_name) != (channel, graph.path) or not one.enabled:
                continue
            count = self.hits[key(one)] = self.hits.get(key(one), 0) + 1
            of = f" of {graph.path}" if graph.path else ""
            detail = f"{channel}{of} changed, by {', '.join(task.path for task in tasks)}"
            names: dict[str, Any] = {}
            if one.condition is not None or one.log is not None:
                values = state()
                names = {"state": values, "input": values, **self.given}
            try:
                if one.condition is not None and not Condition(one.condition).value(names):
                    continue
                if one.hit_count is not None and count < one.hit_count:
                    continue
                if one.log is not None:
                    text = LogText(one.log).fill(names)
                    self.logs.setdefault(tasks[0], []).append(text)
                    continue
            except ConditionError as error:
                detail = f"{detail}; {error}"
            said = detail
        return said

    def _scope(self, task: Place, inputs: Any) -> dict[str, Any]:
        """What an expression sees: the values of the task's graph, the task's input, the run's config and context."""
        given = to_json(inputs)
        values = self.values.get(task.graph)
        if values is None:
            return {"state": given, "input": given, **self.given}
        state = to_json({name: value for name, value in values.items() if not is_internal(name)})
        if task not in self.pushed and isinstance(given, dict):
            # The task's input is its graph's state as it is now, edits in place included.
            state |= given
        return {"state": state, "input": given, **self.given}


def compiled(breakpoints: Iterable[Breakpoint]) -> None:
    """Refuse what does not compile. Raises `ConditionError`."""
    for one in breakpoints:
        if one.condition is not None:
            Condition(one.condition)
        if one.log is not None:
            LogText(one.log)
