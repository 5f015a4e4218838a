"""Messages, and their pieces, as the parts of LangGraph's streams. Decisions without I/O."""

from collections.abc import Set
from typing import Any

from rpc.transports.langgraph.messages import joined, message_of
from rpc.transports.langgraph.part_shapes import Part, Started


class MessageParts:
    """Makes those of one run. `modes`: those wanted. `about`: what each one's metadata says of the run. `subgraphs`: those of subgraphs too."""

    def __init__(self, modes: Set[str], about: dict[str, Any], *, subgraphs: bool) -> None:
        self.modes = modes
        self.about = about
        self.subgraphs = subgraphs
        # What of a message was said, by its id.
        self.said: dict[str, dict[str, Any]] = {}

    def of(self, event: dict[str, Any], task: Started | None) -> list[Part]:
        """The parts that a `message.delta` is, of a task."""
        around = "" if task is None else task.around
        if around and not self.subgraphs:
            return []
        parts: list[Part] = []
        metadata = self._metadata(task)
        if "tags" in event:
            metadata = {**metadata, "tags": event["tags"]}
        piece = message_of(event)
        if "messages-tuple" in self.modes:
            name = f"messages|{around}" if around else "messages"
            return [(name, [piece, metadata])]
        if "messages" not in self.modes:
            return parts
        id = str(event["message_id"])
        if id not in self.said:
            parts.append(("messages/metadata", {id: {"metadata": metadata}}))
        whole = joined(self.said.get(id), piece)
        self.said[id] = whole
        name = "messages/partial" if event["partial"] else "messages/complete"
        return [*parts, (name, [whole])]

    def _metadata(self, task: Started | None) -> dict[str, Any]:
        if task is None:
            return self.about
        return {
            **self.about,
            "langgraph_step": task.step,
            "langgraph_node": task.node,
            "langgraph_triggers": task.triggers,
            "langgraph_path": ["__pregel_pull", task.node],
            "langgraph_checkpoint_ns": task.place,
            "checkpoint_ns": task.place,
        }
