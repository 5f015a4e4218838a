"""A thread's events as the agent streaming protocol has them (`langchain_protocol`). Decisions, but for values that are read."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Any

from rpc.engine.langgraph.names import INTERRUPT
from rpc.transports.langgraph.agent_messages import Saying
from rpc.transports.langgraph.messages import message_of
from rpc.transports.langgraph.part_shapes import Part
from rpc.transports.langgraph.parts import Parts

ROOM = 64
"""How many events of the protocol one of ours may become: `seq` is ours times this, and their place."""

STATUSES = {
    "running": "running",
    "completed": "completed",
    "failed": "failed",
    "waiting": "interrupted",
    "paused": "interrupted",
    "cancelled": "interrupted",
}
"""What a run's status is called there."""

CUT = {"cancelled": "the run was cancelled", "failed": "what said it has failed"}
"""Why a message that was being said has no end, by what became of the run."""


def tool_event(kind: str, event: dict[str, Any]) -> dict[str, Any]:
    """A call of a tool, as the protocol's channel `tools` has it."""
    data: dict[str, Any] = {"tool_call_id": event["tool_call_id"]}
    match kind:
        case "tool.started":
            return {
                "event": "tool-started",
                **data,
                "tool_name": event["tool"],
                "input": event["input"],
            }
        case "tool.output":
            return {"event": "tool-output-delta", **data, "delta": event["delta"]}
        case "tool.finished":
            return {"event": "tool-finished", **data, "output": event["output"]}
    return {"event": "tool-error", **data, "message": event["error"]["message"]}


def checkpoint_event(event: dict[str, Any], before: str | None) -> dict[str, Any]:
    """A checkpoint, as the protocol's channel `checkpoints` has it. `before`: the one before it, where its event does not say."""
    parent = event["parent_checkpoint_id"] or before
    data = {"id": event["checkpoint_id"], "step": event["step"], "source": event["source"]}
    return data if parent is None else {**data, "parent_id": parent}


def _graph_at(parts: Parts, event: dict[str, Any]) -> str:
    """The namespace of the graph that an event is of by its path."""
    holder = parts.at.get(event.get("path") or "")
    return "" if holder is None else holder.place


def _graph_of(place: str) -> str:
    """What the (sub)graph of a namespace is called: the node that holds it."""
    return place.rpartition("|")[2].partition(":")[0]


class AgentEvents:
    """Makes the protocol's events of a session's. `parts`: makes those of a run, given its id, or None for one that is gone."""

    def __init__(self, parts: Callable[[str], Awaitable[Parts | None]]) -> None:
        self.parts = parts
        self.runs: dict[str, Parts | None] = {}
        # The tasks whose graphs were told as started, by namespace.
        self.inside: set[str] = set()
        # Why runs failed, by id.
        self.errors: dict[str, str] = {}
        # Messages that are being said, by id: where, and their text and tool calls so far.
        self.saying: dict[str, Saying] = {}

    async def of(self, kind: str, event: dict[str, Any]) -> list[dict[str, Any]]:
        """What an event becomes."""
        run_id = event["run_id"]
        if run_id is None:
            return []
        if run_id not in self.runs:
            self.runs[run_id] = await self.parts(run_id)
        parts = self.runs[run_id]
        if parts is None:
            return []
        if kind == "query.failed":
            error = event["error"]
            self.errors[run_id] = f"{error['type']}: {error['message']}"
        made: list[tuple[str, str, Any]] = []
        if kind == "session.status" and event["status"] in STATUSES:
            status = STATUSES[event["status"]]
            told = {"event": status, "graph_name": parts.about["graph_id"]}
            if status == "failed" and run_id in self.errors:
                told["error"] = self.errors[run_id]
            made.append(("lifecycle", "", told))
            if parts.over is None and status != "running":
                cut = CUT.get(event["status"])
                made = [*self._said_all(cut=cut), *self._left(status), *made]
        if kind == "message.delta":
            made += self._message(parts, event)
        elif kind.startswith("tool."):
            made.append(("tools", self._place(parts, event), tool_event(kind, event)))
        else:
            before = parts.newest.get(_graph_at(parts, event))
            found = self._around(parts, kind, event, await parts.of(kind, event), before)
            # What is told of tasks as a run ends comes before its end.
            made = [*found, *made] if kind == "session.status" else [*made, *found]
        if kind == "input.requested":
            asked = event["value"]
            # The protocol's types call it `payload`, the Python SDK reads `value`.
            data = {"interrupt_id": event["interrupt_id"], "payload": asked, "value": asked}
            made.append(("input.requested", self._place(parts, event), data))
        at = int(datetime.fromisoformat(event["at"]).timestamp() * 1000)
        return [
            {
                "type": "event",
                "event_id": f"{event['seq']}-{index}",
                "seq": event["seq"] * ROOM + min(index, ROOM - 1),
                "method": method,
                "params": {
                    "namespace": place.split("|") if place else [],
                    "timestamp": at,
                    "data": data,
                },
            }
            for index, (method, place, data) in enumerate(made)
        ]

    def _place(self, parts: Parts, event: dict[str, Any]) -> str:
        task = parts.started.get(event.get("task_id") or "")
        return "" if task is None else task.around

    def _around(
        self,
        parts: Parts,
        kind: str,
        event: dict[str, Any],
        found: Collection[Part],
        parent_id: str | None,
    ) -> list[tuple[str, str, Any]]:
        made: list[tuple[str, str, Any]] = []
        if kind in ("node.finished", "node.failed"):
            task = parts.started.get(event["task_id"])
            cut = CUT["failed"] if kind == "node.failed" else None
            made += self._said_all(None if task is None else task.path, cut)
            if task is not None and task.place in self.inside:
                self.inside.discard(task.place)
                ended = "completed" if kind == "node.finished" else "failed"
                made.append(("lifecycle", task.place, {"event": ended, "graph_name": task.node}))
        if kind == "state.checkpoint" and event["path"]:
            holder = parts.at.get(event["path"])
            if holder is not None:
                made += self._entered(holder.place)
        if kind == "node.started":
            # Of a subgraph that goes on there is no new state before its first task.
            task = parts.started[event["task_id"]]
            if task.around and not task.called:
                made += self._entered(task.around)
        if kind == "state.checkpoint" and (not event["path"] or event["path"] in parts.at):
            # Before the values that it has: a client takes both as one.
            made.append(
                ("checkpoints", _graph_at(parts, event), checkpoint_event(event, parent_id))
            )
        for name, data in found:
            method, _, place = name.partition("|")
            if isinstance(data, dict) and INTERRUPT in data:
                # The protocol tells questions by an event of their own.
                data = {key: value for key, value in data.items() if key != INTERRUPT}
                if method == "updates":
                    continue
            if method == "error":
                continue
            if method == "updates":
                ((node, values),) = data.items()
                data = {"node": node, "values": values or {}}
            if method == "custom":
                label = data.get("name") if isinstance(data, dict) else None
                data = {"payload": data, **({"name": label} if isinstance(label, str) else {})}
            made.append((method, place, data))
        return made

    def _entered(self, place: str) -> list[tuple[str, str, Any]]:
        """A subgraph begins, or goes on after it was asked inside of it; nothing where that was told."""
        if place in self.inside:
            return []
        self.inside.add(place)
        return [("lifecycle", place, {"event": "started", "graph_name": _graph_of(place)})]

    def _left(self, status: str) -> list[tuple[str, str, Any]]:
        """The subgraphs that a run was in when it ended as `status` says: the innermost first."""
        inside = sorted(self.inside, key=lambda place: (-place.count("|"), place))
        self.inside.clear()
        return [
            ("lifecycle", place, {"event": status, "graph_name": _graph_of(place)})
            for place in inside
        ]

    # Messages

    def _message(self, parts: Parts, event: dict[str, Any]) -> list[tuple[str, str, Any]]:
        task = parts.at.get(event["path"] or "")
        place = "" if task is None else task.around
        id = str(event["message_id"])
        piece = message_of(event)
        made: list[tuple[str, str, Any]] = []
        saying = self.saying.get(id)
        if saying is None:
            saying = self.saying[id] = Saying(place, event["path"] or "")
            role = {"human": "user"}.get(event["role"], event["role"])
            start = {"event": "message-start", "role": role, "id": id}
            if piece.get("tool_call_id"):
                start["tool_call_id"] = piece["tool_call_id"]
            made.append(("messages", place, start))
        elif not event["partial"]:
            # The whole of what was said in pieces.
            return []
        made += [("messages", place, one) for one in saying.take(event["delta"], piece)]
        if not event["partial"]:
            made += self._said(id)
        return made

    def _said_all(
        self, path: str | None = None, cut: str | None = None
    ) -> list[tuple[str, str, Any]]:
        """The ends of messages: of all, or of the task at `path`. `cut`: why they are none."""
        ids = [id for id, one in self.saying.items() if path is None or one.path == path]
        return [event for id in ids for event in self._said(id, cut)]

    def _said(self, id: str, cut: str | None = None) -> list[tuple[str, str, Any]]:
        saying = self.saying.pop(id)
        return [("messages", saying.place, one) for one in saying.finish(cut)]
