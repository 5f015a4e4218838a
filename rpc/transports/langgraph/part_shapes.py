"""What parts of LangGraph's streams are made of: tasks, updates, checkpoints. Decisions without I/O."""

from collections.abc import Sequence
from typing import Any, Protocol

from msgspec import Struct

Part = tuple[str, Any]
"""The name of a part, and its data."""


class Values(Protocol):
    """The output of a (sub)graph at a checkpoint, or one of its channels; None where it cannot be read."""

    async def __call__(
        self, namespace: str, checkpoint_id: str, channel: str | None = None, /
    ) -> Any:
        """Of the (sub)graph at this namespace."""


class Saved(Protocol):
    """What checkpoints are, by the namespace of their (sub)graph."""

    async def parents(self, namespace: str, checkpoint_id: str) -> dict[str, str]:
        """Those that a subgraph's was saved below, by namespace."""

    async def at_step(self, namespace: str, step: int) -> str | None:
        """The id of the newest one of a superstep."""

    async def snapshot(self, namespace: str, checkpoint_id: str) -> dict[str, Any] | None:
        """The state that it holds, as LangGraph's API shows one; None where it cannot be read."""

    async def sent(self, namespace: str, checkpoint_id: str) -> dict[str, Any]:
        """What `Send` gave its tasks, by their id; none where it cannot be read."""


ENTERED = "__start__"
"""What makes a function's own task run, an `@entrypoint`'s, and the channel that has its input."""

PUSHED = "__pregel_push"
"""What made a task run that `Send` made, among its triggers."""

RETURNED = ("__return__", "__end__")
"""Where a function's result has what it returned: a task's, an `@entrypoint`'s."""


class Started(Struct):
    """A task as it was told to start. `holders`: it and those that hold it, the outermost first. `called`: a function called it, and it is in no graph of its own."""

    node: str
    path: str
    step: int | None
    triggers: list[str]
    holders: list[str]
    called: bool = False

    @property
    def place(self) -> str:
        """Its namespace."""
        return "|".join(self.holders)

    @property
    def around(self) -> str:
        """The namespace of the graph that it is in."""
        if len(self.holders) < 2:
            return ""
        return "|".join(self.holders[: -2 if self.called else -1])


def result(
    task_id: str,
    name: str,
    update: Any = None,
    *,
    error: dict[str, Any] | None = None,
    asked: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """What a task came to as the mode `tasks` has it. `asked`: the questions in it, where it asks."""
    return {
        "id": task_id,
        "name": name,
        "error": error,
        "result": update or {},
        "interrupts": list(asked),
    }


def saved(
    thread_id: str,
    around: str,
    event: dict[str, Any],
    before: str | None,
    values: Any,
    parents: dict[str, str],
    state: dict[str, Any] | None,
) -> dict[str, Any]:
    """A checkpoint as the mode `checkpoints` has it. `before`: the one before it, where its event does not say.

    `parents`: of a subgraph's, those that it is below, by namespace. `state`: what is known of it besides; None where that cannot be read.
    """

    def place(id: str | None) -> dict[str, Any] | None:
        if id is None:
            return None
        found: dict[str, Any] = {
            "checkpoint_ns": around,
            "thread_id": thread_id,
            "checkpoint_id": id,
        }
        if parents:
            found["checkpoint_map"] = {**parents, around: id}
        return found

    def config(id: str | None) -> dict[str, Any] | None:
        return None if id is None else {"configurable": place(id)}

    parent = event["parent_checkpoint_id"] or before
    return {
        "config": config(event["checkpoint_id"]),
        "parent_config": config(parent),
        "values": values,
        "metadata": {"source": event["source"], "step": event["step"], "parents": parents},
        "next": event["next"],
        "tasks": _coming(event["next"], state),
        "checkpoint": place(event["checkpoint_id"]),
        "parent_checkpoint": place(parent),
    }


def _coming(nodes: list[str], state: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The tasks that come next, before anything was told of them. They have no ids where the state cannot be read."""
    if state is None:
        return [{"name": name, "interrupts": [], "state": None} for name in nodes]
    return [
        {
            "id": one["id"],
            "name": one["name"],
            "interrupts": [],
            "state": _config(one["checkpoint"]),
        }
        for one in state["tasks"]
        if one["name"] in nodes
    ]


def _config(place: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if place is None else {"configurable": place}


def debugged(payload: dict[str, Any]) -> dict[str, Any]:
    """A checkpoint as the mode `debug` has it: where a task's subgraph will have its states stands in its `checkpoint`."""
    return {**payload, "tasks": [_debugged(one) for one in payload["tasks"]]}


def _debugged(task: dict[str, Any]) -> dict[str, Any]:
    state = task["state"]
    if state is None:
        return task
    kept = {name: value for name, value in task.items() if name != "state"}
    return {**kept, "checkpoint": state["configurable"]}


def went_on(state: dict[str, Any]) -> dict[str, Any]:
    """The checkpoint that a run goes on from, of the state there, as the mode `checkpoints` has it."""
    return {
        "config": _config(state["checkpoint"]),
        "parent_config": _config(state["parent_checkpoint"]),
        **{name: state[name] for name in ("values", "metadata", "next")},
        "tasks": [
            {
                "id": one["id"],
                "name": one["name"],
                "interrupts": one["interrupts"],
                "state": _config(one["checkpoint"]),
            }
            for one in state["tasks"]
        ],
        "checkpoint": state["checkpoint"],
        "parent_checkpoint": state["parent_checkpoint"],
    }


def updated(update: Any) -> Any:
    """A node's update as the mode `updates` has it: None where there was none, a list where it wrote to a channel more than once."""
    if not isinstance(update, dict):
        return update
    if not update:
        return None
    for name in RETURNED:
        if name in update:
            return update[name]
    several = {
        name: value["$writes"]
        for name, value in update.items()
        if isinstance(value, dict) and value.keys() == {"$writes"}
    }
    if not several:
        return update
    rows: list[dict[str, Any]] = []
    for name, value in update.items():
        for index, one in enumerate(several.get(name, [value])):
            while len(rows) <= index:
                rows.append({})
            rows[index][name] = one
    return rows
