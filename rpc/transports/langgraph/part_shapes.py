"""What parts of LangGraph's streams are made of: tasks, updates, checkpoints. Decisions without I/O."""

from typing import Any

from msgspec import Struct

Part = tuple[str, Any]
"""The name of a part, and its data."""


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
        return "|".join(self.holders[: -2 if self.called else -1])


def saved(
    thread_id: str, around: str, event: dict[str, Any], before: str | None, values: Any
) -> dict[str, Any]:
    """A checkpoint as the mode `checkpoints` has it. `before`: the one before it, where its event does not say."""

    def place(id: str | None) -> dict[str, Any] | None:
        if id is None:
            return None
        return {"checkpoint_ns": around, "thread_id": thread_id, "checkpoint_id": id}

    def config(id: str | None) -> dict[str, Any] | None:
        return None if id is None else {"configurable": place(id)}

    parent = event["parent_checkpoint_id"] or before
    return {
        "config": config(event["checkpoint_id"]),
        "parent_config": config(parent),
        "values": values,
        "metadata": {"source": event["source"], "step": event["step"], "parents": {}},
        "next": event["next"],
        "tasks": [{"name": name, "interrupts": [], "state": None} for name in event["next"]],
        "checkpoint": place(event["checkpoint_id"]),
        "parent_checkpoint": place(parent),
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
