"""A run's events as the parts of LangGraph's streams, mode by mode. Decisions without I/O, but for values that are asked for.

What our events do not carry, whole states, is read from checkpoints where a reader wants it.
"""

from collections.abc import Collection
from typing import Any

from rpc.engine.langgraph.names import INTERRUPT
from rpc.transports.langgraph.message_parts import MessageParts
from rpc.transports.langgraph.part_events import OVER
from rpc.transports.langgraph.part_shapes import (
    ENTERED,
    PUSHED,
    Part,
    Saved,
    Started,
    Values,
    debugged,
    result,
    saved,
    updated,
    went_on,
)


class Parts:
    """Makes the parts of one run. `modes`: those wanted. `about`: what each message's metadata says of the run."""

    def __init__(
        self,
        modes: Collection[str],
        values: Values,
        stored: Saved,
        about: dict[str, Any],
        *,
        subgraphs: bool,
        came_from: str | None,
        thread_id: str,
    ) -> None:
        self.modes = set(modes)
        self.values = values
        self.stored = stored
        self.about = about
        self.subgraphs = subgraphs
        self.came_from = came_from
        self.thread_id = thread_id
        self.started: dict[str, Started] = {}
        # The newest task of each path.
        self.at: dict[str, Started] = {}
        self.messages = MessageParts(self.modes, about, subgraphs=subgraphs)
        self.over: str | None = None
        # The newest checkpoint of each graph, by its namespace.
        self.newest: dict[str, str] = {} if came_from is None else {"": came_from}
        self.steps: dict[str, int] = {}
        # The questions that were asked below each task, the innermost first.
        self.asked: dict[str, list[dict[str, Any]]] = {}
        # Where something was written since the last state, by namespace: by a node, or as input.
        self.wrote: set[str] = set()
        self.goes_on = False
        # What `Send` gave the tasks of the checkpoint that was looked at last, its namespace and id.
        self.sent: dict[str, Any] = {}
        self.sent_at = ("", "")

    async def of(self, kind: str, event: dict[str, Any]) -> list[Part]:
        """The parts that an event is."""
        match kind:
            case "session.status":
                return await self._status(event)
            case "node.started":
                return await self._started(event)
            case "node.finished":
                return self._finished(event)
            case "node.failed":
                return self._failed(event)
            case "progress":
                name = self.custom(event["task_id"], event["path"])
                return [] if name is None else [(name, event["data"])]
            case "callback":
                return self._named("events", "", event["data"])
            case "message.delta":
                return self.messages.of(event, self.at.get(event["path"] or ""))
            case "state.checkpoint":
                return await self._checkpoint(event)
            case "input.requested":
                return await self._asks(event)
            case "query.failed":
                error = event["error"]
                return [("error", {"error": error["type"], "message": error["message"]})]
        return []

    def custom(self, task_id: str | None, path: str | None) -> str | None:
        """The name of a part with what a task wrote; None where such parts are not wanted. Those of subgraphs always are."""
        if "custom" not in self.modes:
            return None
        task = self.started.get(task_id or "") or self.at.get(path or "")
        around = "" if task is None or not self.subgraphs else task.around
        return f"custom|{around}" if around else "custom"

    def _named(self, mode: str, around: str, data: Any) -> list[Part]:
        """A part of a mode, where it is wanted. `around`: the graph it is of."""
        if mode not in self.modes or (around and not self.subgraphs):
            return []
        return [(f"{mode}|{around}" if around else mode, data)]

    async def _status(self, event: dict[str, Any]) -> list[Part]:
        if event["status"] in OVER:
            self.over = event["status"]
        if event["status"] == "waiting":
            return self._holders(event)
        if event["status"] == "paused":
            # Nobody asks: it stands before or after a node.
            return self._named("updates", "", {INTERRUPT: []})
        if event["status"] == "running" and not self.steps and self.came_from is not None:
            self.goes_on = True
        elif event["status"] == "completed" and self.goes_on:
            # Nothing was to be done.
            self.goes_on = False
            return await self._went_on(event, "", self.came_from)
        return []

    async def _started(self, event: dict[str, Any]) -> list[Part]:
        holder = self.started.get(event["parent_task_id"] or "")
        holders = [] if holder is None else holder.holders
        task = Started(
            event["node"],
            event["path"],
            event["step"],
            event["triggers"],
            [*holders, f"{event['node']}:{event['task_id']}"],
        )
        # What holds it has no state where it is a function, and no graph.
        task.called = bool(holders) and PUSHED in task.triggers and task.around not in self.newest
        self.started[event["task_id"]] = task
        self.at[task.path] = task
        parts: list[Part] = []
        if self.goes_on:
            self.goes_on = False
            parts += await self._went_on(event, "", self.came_from, task)
        if task.around and self.subgraphs and not task.called and task.around not in self.newest:
            parts += await self._inside(event, task)
        if not self.modes & {"tasks", "debug"} or (task.around and not self.subgraphs):
            return parts
        newest = self.newest.get(task.around)
        # A call's event tells what it was given.
        given = event.get("input")
        if newest is not None and PUSHED not in task.triggers:
            channel = ENTERED if task.triggers == [ENTERED] else None
            given = await self.values(task.around, newest, channel)
        elif newest is not None and not task.called:
            given = (await self._sent(task.around, newest)).get(event["task_id"])
        payload = {
            "id": event["task_id"],
            "name": task.node,
            "input": given,
            "triggers": task.triggers,
            "metadata": self.about,
        }
        return [*parts, *self._debug("task", "tasks", task.around, task.step, event, payload)]

    async def _sent(self, around: str, id: str) -> dict[str, Any]:
        """What `Send` gave the tasks of a checkpoint, by their id; it is read once for all of them."""
        if self.sent_at != (around, id):
            self.sent = await self.stored.sent(around, id)
            self.sent_at = (around, id)
        return self.sent

    def _debug(
        self,
        kind: str,
        mode: str,
        around: str,
        step: int | None,
        event: dict[str, Any],
        payload: dict[str, Any],
    ) -> list[Part]:
        inside = debugged(payload) if kind == "checkpoint" else payload
        whole = {"step": step, "timestamp": event["at"], "type": kind, "payload": inside}
        return [*self._named(mode, around, payload), *self._named("debug", around, whole)]

    def _finished(self, event: dict[str, Any]) -> list[Part]:
        task = self.started.get(event["task_id"])
        around = "" if task is None else task.around
        update = event["update"]
        if update and not (task is not None and task.called):
            self.wrote.add(around)
        shown = updated(update)
        payload = result(event["task_id"], event["node"], update)
        return [
            *self._named("updates", around, {event["node"]: shown}),
            *self._debug("task_result", "tasks", around, event["step"], event, payload),
        ]

    def _failed(self, event: dict[str, Any]) -> list[Part]:
        if event["will_retry"]:
            return []
        task = self.started.get(event["task_id"])
        around = "" if task is None else task.around
        error = {"error": event["error"]["type"], "message": event["error"]["message"]}
        payload = result(event["task_id"], event["node"], error=error)
        return self._debug("task_result", "tasks", around, event["step"], event, payload)

    async def _checkpoint(self, event: dict[str, Any]) -> list[Part]:
        path, id = event["path"], event["checkpoint_id"]
        holder = self.at.get(path)
        around = "" if not path else "" if holder is None else holder.place
        if path and holder is None:
            return []
        before = self.newest.get(around)
        self.newest[around] = id
        self.steps[around] = event["step"]
        begins, self.goes_on = self.goes_on, False
        parts: list[Part] = []
        if event["source"] == "input":
            self.wrote.add(around)
        elif event["source"] == "fork" and begins:
            # An earlier state, before anything of its own was told.
            self.wrote.add(around)
            parts += await self._state(around, id)
        elif event["source"] == "loop" and around in self.wrote:
            self.wrote.discard(around)
            parts += await self._state(around, id)
        if self.modes & {"checkpoints", "debug"} and (not around or self.subgraphs):
            payload = await self._saved(around, event, before)
            parts += self._debug("checkpoint", "checkpoints", around, event["step"], event, payload)
        return parts

    async def _inside(self, event: dict[str, Any], task: Started) -> list[Part]:
        """A subgraph goes on that an earlier run was in."""
        if task.step is None or not self.modes & {"values", "tasks", "debug", "checkpoints"}:
            return []
        found = await self.stored.at_step(task.around, task.step - 1)
        if found is None:
            return []
        self.newest[task.around] = found
        return await self._went_on(event, task.around, found, task)

    async def _went_on(
        self, event: dict[str, Any], around: str, id: str | None, first: Started | None = None
    ) -> list[Part]:
        """The state that a graph goes on from, which another run saved. `first`: the first of its tasks, where it has any."""
        if id is None:
            return []
        parts = await self._state(around, id)
        if not parts and first is not None and first.triggers == [ENTERED]:
            # A function that has given out nothing yet.
            parts = self._named("values", around, None)
        if self.modes & {"checkpoints", "debug"} and (not around or self.subgraphs):
            found = await self.stored.snapshot(around, id)
            if found is not None:
                step = found["metadata"].get("step")
                payload = went_on(found)
                parts += self._debug("checkpoint", "checkpoints", around, step, event, payload)
        return parts

    async def _state(self, around: str, id: str) -> list[Part]:
        if "values" not in self.modes or (around and not self.subgraphs):
            return []
        found = await self.values(around, id)
        return [] if found is None else self._named("values", around, found)

    async def _saved(
        self, around: str, event: dict[str, Any], before: str | None
    ) -> dict[str, Any]:
        values = await self.values(around, event["checkpoint_id"])
        parents = await self.stored.parents(around, event["checkpoint_id"]) if around else {}
        state = None
        if event["next"]:
            state = await self.stored.snapshot(around, event["checkpoint_id"])
        return saved(self.thread_id, around, event, before, values, parents, state)

    async def _asks(self, event: dict[str, Any]) -> list[Part]:
        task = self.started.get(event["task_id"] or "")
        around = "" if task is None else task.around
        asked = [{"value": event["value"], "id": event["interrupt_id"]}]
        parts: list[Part] = []
        places = [around] if around and self.subgraphs else []
        for place in [*places, ""]:
            parts += self._named("updates", place, {INTERRUPT: asked})
            if "values" in self.modes:
                newest = self.newest.get(place)
                found = None if newest is None else await self.values(place, newest)
                state = found if isinstance(found, dict) else {}
                parts += self._named("values", place, {**state, INTERRUPT: asked})
        if task is None:
            return parts
        for holder in reversed(task.holders[:-1]):
            self.asked.setdefault(holder.rpartition(":")[2], []).extend(asked)
        return [*parts, *self._asked(task, event["task_id"], event, asked)]

    def _asked(
        self, task: Started, task_id: str, event: dict[str, Any], asked: list[dict[str, Any]]
    ) -> list[Part]:
        """The result of a task that asks, or inside of which is asked."""
        payload = result(task_id, task.node, asked=asked)
        return self._debug("task_result", "tasks", task.around, task.step, event, payload)

    def _holders(self, event: dict[str, Any]) -> list[Part]:
        """What is told of those inside of which is asked, once nothing of them runs: the innermost first."""
        asked, self.asked = self.asked, {}
        inside = [(self.started[id], id) for id in asked if id in self.started]
        inside.sort(key=lambda one: -len(one[0].holders))
        return [part for task, id in inside for part in self._asked(task, id, event, asked[id])]
