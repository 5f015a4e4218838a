"""Where a task or a (sub)graph is: LangGraph's checkpoint namespaces, and the node paths clients use.

A namespace is `sub:<task>|rank:<task>`, the top graph's is empty. As a path this is `sub/rank`. A number without a colon
tells the graphs apart that one task calls, and is no node. A name without a colon is a node whose graph keeps its own
checkpoints (`checkpointer=True`), whichever task it is in: `sub|rank:<task>`.
"""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

SEPARATOR = "|"

CACHED = 4096
"""How many namespaces are kept as they were read: a run meets each of its own many times."""


class Place(Struct, frozen=True, cache_hash=True):
    """The place of a task, or of the (sub)graph in it, by the parts of its namespace.

    Stored and on the wire it is a string, `namespace`; `Place.of` reads it.
    """

    parts: tuple[str, ...] = ()

    @staticmethod
    def of(namespace: str) -> "Place":
        """The place of a namespace as LangGraph writes it."""
        return _read(namespace)

    @property
    def namespace(self) -> str:
        """As LangGraph writes it."""
        return SEPARATOR.join(self.parts)

    @property
    def is_top(self) -> bool:
        """Whether it is the top graph's."""
        return not self.parts

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the nodes, from the top."""
        return _names(self)

    @property
    def path(self) -> str:
        """The names of the nodes, joined by `/`."""
        return _path(self)

    @property
    def node(self) -> str:
        """The name of the node of the task; '' for the top graph."""
        names = _names(self)
        return names[-1] if names else ""

    @property
    def task_id(self) -> str:
        """The id of the task, or of the task that holds the graph; '' for the top graph."""
        for part in reversed(self.parts):
            if is_task(part):
                return part.partition(":")[2]
        return ""

    @property
    def depth(self) -> int:
        """How many tasks deep it is, itself included: 0 for the top graph."""
        return sum(map(is_node, self.parts))

    @property
    def graph(self) -> "Place":
        """The graph that holds the task. One of several that a function calls is told from the others."""
        return Place(self.parts[:-1])

    @property
    def holder(self) -> "Place":
        """The task in whose graph the task is, or the top: what a function calls is one graph to it."""
        holder = self.graph
        while holder.parts and not is_node(holder.parts[-1]):
            holder = holder.graph
        return holder

    def task(self, name: str, task_id: str) -> "Place":
        """The place of a task of this graph."""
        return Place((*self.parts, f"{name}:{task_id}"))

    def is_within(self, outer: "Place") -> bool:
        """Whether it is `outer` or inside it."""
        own = self.parts[: len(outer.parts)]
        if own == outer.parts or len(own) < len(outer.parts):
            return own == outer.parts
        # A graph that keeps its own checkpoints is in the task of its node, which its place does not name.
        return all(map(_is_same, own, outer.parts))

    def is_inside(self, outer: "Place") -> bool:
        """Whether it is inside `outer`, and not the same."""
        return len(self.parts) > len(outer.parts) and self.is_within(outer)

    def towards(self, inner: "Place") -> "Place":
        """The task of this graph that is `inner` or holds it."""
        return Place(inner.parts[: len(self.parts) + 1])

    def from_top(self) -> Iterator["Place"]:
        """The places on the way to it, itself the last, the top graph's left out."""
        for depth in range(1, len(self.parts) + 1):
            yield Place(self.parts[:depth])


TOP = Place()
"""The top graph's place."""


def is_node(part: str) -> bool:
    """Whether a part of a namespace names a node, with its task or without."""
    return ":" in part or not part.isdigit()


def _is_same(part: str, outer: str) -> bool:
    return part == outer or (":" not in part and outer.startswith(f"{part}:"))


def is_task(part: str) -> bool:
    """Whether a part of a namespace names a task; else it numbers the graphs that one task calls."""
    return ":" in part


@lru_cache(CACHED)
def _read(namespace: str) -> Place:
    return Place(tuple(namespace.split(SEPARATOR))) if namespace else TOP


@lru_cache(CACHED)
def _path(place: Place) -> str:
    return "/".join(place.names)


@lru_cache(CACHED)
def _names(place: Place) -> tuple[str, ...]:
    return tuple([part.partition(":")[0] for part in place.parts if is_node(part)])
