"""The breakpoint before: where, on the way to here, the session would have stopped.

What counts is what stops: all enabled breakpoints of the session, whoever set them, and no log points. They are looked for in the
graph that goes back, then at the node that holds it, and so on outwards, no further than the run's first step.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any, Literal

from langgraph.constants import START
from msgspec import Struct

from rpc.engine.checkpoints.encoding import sharing_values
from rpc.engine.gate.conditions import Condition, ConditionError
from rpc.engine.gate.stepping import key
from rpc.engine.langgraph.place import TOP, Place
from rpc.engine.thread import again, look
from rpc.engine.thread.config import Graph
from rpc.engine.thread.state import TaskState, ThreadState
from rpc.engine.values.to_json import to_json
from rpc.sessions.debugging import seeking
from rpc.sessions.debugging.seeking import Run
from rpc.storage.records import Breakpoint, SessionRecord, StoppedTask

Reason = Literal["breakpoint", "change", "entry"]


class Found(Struct, frozen=True, eq=False):
    """Where to go back to: a checkpoint, or before a task that is to begin again. `reason` and `detail`: of the stop there.

    `nodes`: whose tasks stand for that reason, of those that come next there; None: all do.
    """

    target: str | Run
    reason: Reason
    detail: str | None = None
    nodes: frozenset[str] | None = None

    def of(self, stopped: Mapping[str, StoppedTask], graph: Place) -> list[str]:
        """Which of the tasks that stand (by namespace) do so for it, in the graph that went back."""
        return [
            ns
            for ns, one in stopped.items()
            if Place.of(ns).graph == graph and (self.nodes is None or one.node in self.nodes)
        ]


class Met(Struct, frozen=True, eq=False):
    """A breakpoint that a run came to, before (or behind) a task in a state of its graph. `node`: before which it then stops."""

    state: ThreadState
    task: TaskState | None
    reason: Reason = "breakpoint"
    detail: str | None = None
    node: str | None = None


class Counted(Struct, frozen=True, eq=False):
    """A place where a breakpoint with a hit count stops, if it was met there often enough; `newer`: how often since."""

    moment: int
    newer: int
    found: Found


class WayBack:
    """Looks back in one session. `given`: the names of the run's config and context in expressions.

    `newest`: the newest checkpoint of each graph that the session was in. Raises `ProtocolError`, `StorageError`.
    """

    def __init__(
        self,
        graph: Graph,
        record: SessionRecord,
        given: Mapping[str, Any],
        newest: Mapping[Place, str],
    ) -> None:
        self.graph = graph
        self.record = record
        self.given = given
        self.newest = newest
        self.stopping = [one for one in record.debug.breakpoints if one.enabled and one.log is None]
        # How many places were looked at, and how often each breakpoint with a hit count was met there.
        self._moments = 0
        self._met: dict[str, int] = {}
        self._counted: dict[str, list[Counted]] = {}
        # The newest place at which one without stops, and when it was looked at.
        self._nearest: tuple[int, Found] | None = None

    async def start(self) -> Found:
        """The run's first step."""
        found = await seeking.now(self.graph, self.record)
        first = None
        with sharing_values():
            async for one in again.line(self.graph, self.record.id, TOP, found.checkpoint_id):
                first = one.checkpoint_id
        if first is None:
            raise seeking.nothing_before()
        return Found(first, "entry")

    async def breakpoint_before(self, task_id: str | None) -> Found:
        """The breakpoint before, of a task's graph and those around it; the run's first step where there is none."""
        found = await seeking.now(self.graph, self.record)
        place = seeking.graph_of(found, self.record, task_id)
        holder: TaskState | None = None
        moved, first = not place.is_top, None
        with sharing_values():
            while True:
                state = found.at(place)
                if state is not None and state.place == place:
                    newer: ThreadState | None = None
                    async for step, before in self._steps(place, state.checkpoint_id):
                        if newer is not None:
                            moved, first = True, step.checkpoint_id
                            met = await self._passed(step, before, newer)
                            await self._look(met, step.checkpoint_id)
                        elif holder is not None:
                            first = step.checkpoint_id
                            met = self._before(holder, step, before)
                            await self._look(met, seeking.run_at(found, holder))
                        if self._is_known:
                            break
                        newer = step
                if self._is_known or (holder := seeking.holder_of(found, place)) is None:
                    break
                place = holder.place.graph
        if (stop := self._chosen()) is not None:
            return stop
        if not moved or first is None:
            raise seeking.nothing_before()
        return Found(first, "entry")

    # What was met

    async def _passed(
        self, step: ThreadState, before: ThreadState | None, newer: ThreadState
    ) -> dict[str, list[Met]]:
        """By breakpoint, where a step met it: before its tasks, behind those of the step before, and inside of them."""
        met = {key(one): _here(one, step, before) for one in self.stopping}
        for task in step.tasks:
            for place in self.newest:
                if not place.is_within(task.place) or task.node == START:
                    continue
                inside = [one for one in self.stopping if self._may_meet(one, place)]
                if not inside:
                    continue
                # One that keeps its own checkpoints has those of other steps too.
                between = (step.checkpoint_id, newer.checkpoint_id)
                own = place.parts[: len(task.place.parts)] != task.place.parts
                async for inner, earlier in self._steps(place, self.newest[place]):
                    if own and not between[0] < inner.checkpoint_id < between[1]:
                        continue
                    for one in inside:
                        met[key(one)] += [
                            _outside(each, task) for each in _here(one, inner, earlier)
                        ]
        return met

    def _before(
        self, holder: TaskState, step: ThreadState, before: ThreadState | None
    ) -> dict[str, list[Met]]:
        """Likewise, of the step in which the task runs that holds what goes back: before that task."""
        return {
            key(one): [
                each
                for each in _here(one, step, before)
                if each.node is None or (each.task and each.task.task_id == holder.task_id)
            ]
            for one in self.stopping
        }

    def _may_meet(self, one: Breakpoint, place: Place) -> bool:
        """Whether a breakpoint may be of something in the graph at a place."""
        if one.channel is not None:
            return one.node_name == place.path
        own = look.graph_at(self.graph, place)
        if own is None or one.node_name in own.nodes:
            return True
        return one.node_name.startswith(f"{place.path}/")

    async def _look(self, met: Mapping[str, Sequence[Met]], target: str | Run) -> None:
        """See whether the session would have stopped there."""
        self._moments += 1
        stops: list[Met] = []
        for one in self.stopping:
            for each in met[key(one)]:
                said = await self._stops(one, each)
                if (one.hit_count or 1) > 1:
                    newer = self._met[key(one)] = self._met.get(key(one), 0) + 1
                    if said is not None:
                        counted = Counted(self._moments, newer - 1, _found(target, [said]))
                        self._counted.setdefault(key(one), []).append(counted)
                elif said is not None:
                    stops.append(said)
        if stops and self._nearest is None:
            self._nearest = (self._moments, _found(target, stops))

    async def _stops(self, one: Breakpoint, met: Met) -> Met | None:
        """What was met, if its condition is true there, or has no value: a run stops there too, and says so."""
        if one.condition is None:
            return met
        values = met.state.values
        names: dict[str, Any] = {"state": values, "input": values, **self.given}
        if met.task is not None:
            sent: Mapping[str, Any] = {}
            if met.task.sent is not None:
                sent = await look.sent_values(self.graph, self.record.id, met.state)
            names["input"] = to_json(look.input_of(self.graph, met.state, met.task, sent))
        try:
            return met if Condition(one.condition).value(names) else None
        except ConditionError as error:
            said = "; ".join(filter(None, (met.detail, str(error))))
            return Met(met.state, met.task, met.reason, said, met.node)

    @property
    def _is_known(self) -> bool:
        """Whether nothing that is further back can matter: what is to be counted has not been met since."""
        return self._nearest is not None and not any(self._counted.values())

    def _chosen(self) -> Found | None:
        """The newest place at which the session would have stopped."""
        hits = {key(one): one.hit_count or 1 for one in self.stopping}
        places = [
            (each.moment, each.found)
            for name, counted in self._counted.items()
            for each in counted
            if self._met[name] - each.newer >= hits[name]
        ]
        if self._nearest is not None:
            places.append(self._nearest)
        return min(places, key=lambda one: one[0])[1] if places else None

    async def _steps(
        self, place: Place, checkpoint_id: str
    ) -> AsyncIterator[tuple[ThreadState, ThreadState | None]]:
        """The states on the way to a checkpoint, the newest first, each with the one before it."""
        newer: ThreadState | None = None
        async for one in again.line(self.graph, self.record.id, place, checkpoint_id):
            if newer is not None:
                yield newer, one
            newer = one
        if newer is not None:
            yield newer, None


def _here(one: Breakpoint, step: ThreadState, before: ThreadState | None) -> list[Met]:
    """Where a step of a graph met a breakpoint of that graph; `before`: the step before."""
    if one.channel is not None:
        return _changed(one.node_name, one.channel, step, before)
    if one.when == "before":
        return [
            Met(step, task, node=node)
            for task, node, path in _tasks(step)
            if one.node_name in (path, node)
        ]
    if before is None or step.source == "update":
        return []
    return [
        Met(before, task, detail=f"after {path}")
        for task, node, path in _tasks(before)
        if one.node_name in (path, node)
    ]


def _tasks(state: ThreadState) -> Iterable[tuple[TaskState | None, str, str]]:
    """The tasks of a state, with their nodes and paths. Of a graph that only a function knows, the nodes alone are known."""
    if state.tasks:
        return [(one, one.node, one.place.path) for one in state.tasks if one.node != START]
    return [(None, node, state.place.task(node, "-").path) for node in state.next_nodes]


def _changed(path: str, channel: str, step: ThreadState, before: ThreadState | None) -> list[Met]:
    """Whether nodes have given a channel another value in the step before."""
    if path != step.place.path or before is None:
        return []
    wrote = [
        name
        for task, _, name in _tasks(before)
        if task is None or (isinstance(task.result, Mapping) and channel in task.result)
    ]
    if not wrote or _value(step, channel) == _value(before, channel):
        return []
    of = f" of {path}" if path else ""
    return [Met(step, None, "change", f"{channel}{of} changed, by {', '.join(wrote)}")]


def _value(state: ThreadState, channel: str) -> tuple[Any, ...]:
    """What a channel holds, as JSON; empty where it has no value."""
    raw = state.raw if isinstance(state.raw, Mapping) else {"value": state.raw}
    return (to_json(raw[channel]),) if channel in raw else ()


def _outside(met: Met, holder: TaskState) -> Met:
    """What was met in a graph that has ended, as a stop before the task that held it."""
    said = met.detail
    if met.reason == "breakpoint" and met.task is not None:
        said = f"{met.task.place.path} ran in it"
    return Met(met.state, met.task, met.reason, said, holder.node)


def _found(target: str | Run, stops: Sequence[Met]) -> Found:
    """A stop there, by the first reason there is: breakpoints of nodes count before those of data, as in a run."""
    reason: Reason = "breakpoint" if any(one.reason == "breakpoint" for one in stops) else "change"
    chosen = [one for one in stops if one.reason == reason]
    nodes = frozenset(one.node for one in chosen if one.node is not None)
    said = "; ".join(dict.fromkeys(one.detail for one in stops if one.detail is not None))
    whole = any(one.node is None for one in chosen)
    return Found(target, reason, said or None, None if whole else nodes)
