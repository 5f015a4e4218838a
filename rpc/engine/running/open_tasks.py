"""Which tasks were told as started and not yet as ended: every start has one end."""

import time
from collections.abc import Mapping

from msgspec import Struct

from protocol.events import NodeCancelled
from rpc.engine.langgraph.place import Place, is_task


class OpenTask(Struct):
    """A task whose start was told. `resting`: it asks, stands or holds one that does; else its body runs.

    `parent`: the id of the task that holds it, None in the top graph. `began`: on `time.perf_counter`; None where it was another process, or another advance.
    """

    place: Place
    step: int | None
    parent: str | None = None
    began: float | None = None
    attempt: int = 1
    resting: bool = False

    @property
    def took(self) -> float | None:
        """Milliseconds since its body began."""
        return None if self.began is None else round((time.perf_counter() - self.began) * 1000, 3)

    def cancelled(self) -> NodeCancelled:
        """The event that it has ended without an end of its own."""
        place = self.place
        return NodeCancelled(
            place.node, place.path, place.task_id, self.parent, self.step, self.took
        )


class OpenTasks:
    """Those of one session. `resting`: the steps of those that an earlier advance left, by namespace."""

    def __init__(self, resting: Mapping[str, int | None]) -> None:
        self._tasks: dict[str, OpenTask] = {}
        for namespace, step in resting.items():
            place = Place.of(namespace)
            self._tasks[place.task_id] = OpenTask(place, step, resting=True)
        for one in self._tasks.values():
            one.parent = self._parent(one.place)

    def get(self, task_id: str) -> OpenTask | None:
        """The open task of that id."""
        return self._tasks.get(task_id)

    def begin(self, place: Place, step: int | None, attempt: int = 1) -> OpenTask:
        """Its body begins."""
        found = OpenTask(place, step, self._parent(place), time.perf_counter(), attempt)
        self._tasks[place.task_id] = found
        return found

    def _parent(self, place: Place) -> str | None:
        holder = place.holder
        if holder.is_top:
            return None
        if is_task(holder.parts[-1]):
            return holder.task_id
        # A graph that keeps its own checkpoints does not name its task.
        names = holder.names
        return next(
            (one.place.task_id for one in self._tasks.values() if one.place.names == names), None
        )

    def end(self, task_id: str) -> OpenTask | None:
        """It has ended: the task as it was, or None where it was not open."""
        return self._tasks.pop(task_id, None)

    @property
    def under_way(self) -> list[Place]:
        """Where bodies run."""
        # Also asked for where it does not run.
        return [one.place for one in list(self._tasks.values()) if not one.resting]

    def rest(self) -> dict[str, int | None]:
        """The steps of all that are open, by namespace: what is kept of a session that rests."""
        return {one.place.namespace: one.step for one in self._tasks.values()}

    def cancelled(self) -> list[NodeCancelled]:
        """The events that end all that are open, the innermost first."""
        found = sorted(self._tasks.values(), key=lambda one: -one.place.depth)
        return [one.cancelled() for one in found]


def cancelled(resting: Mapping[str, int | None]) -> list[NodeCancelled]:
    """The ends of tasks that rested and will not go on."""
    return OpenTasks(resting).cancelled()
