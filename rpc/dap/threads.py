"""Tasks as threads: what runs or stands, one thread each.

A task that holds others (its node is a subgraph, or calls one) is no thread: it is in the call stack of those inside it.
What comes after a task in its graph goes on in its thread, so that stepping through a row of nodes stays in one.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from protocol.events import StoppedTask

Event = tuple[str, dict[str, Any]]


class Task:
    """A task that runs or stands. `thread`: its number; None where it holds others. `stop`: how it stands.

    `stands`: how often it stood, this time included.
    """

    __slots__ = ("name", "parent", "path", "stands", "stop", "task_id", "thread")

    def __init__(self, task_id: str, name: str, path: str, parent: str | None) -> None:
        self.task_id = task_id
        self.name = name
        self.path = path
        self.parent = parent
        self.thread: int | None = None
        self.stop: StoppedTask | None = None
        self.stands = 0


class Threads:
    """The tasks of a session, and their threads. What it returns are events for the client."""

    def __init__(self) -> None:
        self.tasks: dict[str, Task] = {}
        # Threads whose task has ended, by the task that holds the graph: the next one there goes on in it.
        self._free: dict[str | None, list[int]] = {}
        self._last = 0

    def __iter__(self) -> Iterator[Task]:
        """Those with a thread, by its number."""
        found = [task for task in self.tasks.values() if task.thread is not None]
        return iter(sorted(found, key=lambda task: task.thread or 0))

    def of(self, thread: int) -> Task | None:
        """The task of a thread."""
        return next((task for task in self if task.thread == thread), None)

    def title(self, task: Task) -> str:
        """A thread's name: the path, with a number where several tasks share it."""
        same = [one.task_id for one in self if one.path == task.path]
        return task.path if len(same) == 1 else f"{task.path} #{same.index(task.task_id) + 1}"

    def begin(self, task_id: str, name: str, path: str, parent: str | None) -> list[Event]:
        """A task runs or stands, that may be known already."""
        if task_id in self.tasks:
            return []
        task = self.tasks[task_id] = Task(task_id, name, path, parent)
        holder = None if parent is None else self.tasks.get(parent)
        if holder is not None and holder.thread is not None:
            # It goes on in there.
            task.thread, holder.thread, holder.stop = holder.thread, None, None
            return []
        free = self._free.get(parent)
        if free:
            task.thread = free.pop(0)
            return []
        self._last += 1
        task.thread = self._last
        return [_told(task.thread, "started")]

    def end(self, task_id: str) -> list[Event]:
        """A task is over."""
        task = self.tasks.pop(task_id, None)
        if task is None:
            return []
        # What it held is over with it.
        freed = self._free.pop(task_id, [])
        for inner in [one for one in self.tasks.values() if one.parent == task_id]:
            self.end(inner.task_id)
            freed += self._free.pop(task_id, [])
        if task.thread is not None:
            freed.append(task.thread)
        self._free.setdefault(task.parent, []).extend(freed[:1])
        return [_told(one, "exited") for one in freed[1:]]

    def stand(self, tasks: Iterable[StoppedTask]) -> tuple[list[Event], list[Task]]:
        """What stands now, all of it; those of it that did not stand before."""
        standing = {one.task_id: one for one in tasks}
        events: list[Event] = []
        for one in standing.values():
            events += self.begin(one.task_id, one.node, one.path, one.parent_task_id)
        # Nothing runs by now: what does not stand is over, as after a rewind.
        for task in [one for one in self if one.task_id not in standing]:
            events += self.end(task.task_id)
        fresh = []
        for task in self.tasks.values():
            stop = standing.get(task.task_id)
            if stop is not None and task.stop is None:
                fresh.append(task)
                task.stands += 1
            task.stop = stop
        return [*events, *self.settle()], fresh

    def go(self, task_ids: Iterable[str]) -> list[Task]:
        """These tasks go on, or all that stand; those that did stand."""
        chosen = set(task_ids)
        gone = [
            task
            for task in self.tasks.values()
            if task.stop is not None and (not chosen or task.task_id in chosen)
        ]
        for task in gone:
            task.stop = None
        return gone

    def settle(self) -> list[Event]:
        """Nothing runs: what has ended is not followed by anything."""
        freed = [one for threads in self._free.values() for one in threads]
        self._free.clear()
        return [_told(one, "exited") for one in sorted(freed)]

    def clear(self) -> list[Event]:
        """Nothing runs or stands any more."""
        exited = [_told(task.thread, "exited") for task in self if task.thread is not None]
        self.tasks.clear()
        return [*self.settle(), *exited]


def _told(thread: int, reason: str) -> Event:
    return "thread", {"reason": reason, "threadId": thread}
