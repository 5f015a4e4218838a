"""Where a graph's nodes are written: lines of files to nodes, and back."""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from msgspec import Struct

from protocol.graphs import DescribeResult, GraphDrawing, GraphNode

Lines = tuple[str, int, int]
"""A file, absolute, and the first and last line of a function in it."""


class Node(Struct, frozen=True):
    """A node of a graph, or a function that one calls as a task (`type` is `task`).

    `places`: of the functions that it runs, its own one first; none where Python cannot tell where they are written.
    """

    path: str
    name: str
    type: str
    places: tuple[Lines, ...]

    @property
    def file(self) -> str | None:
        """The file of its own function; None, with the lines 0, where there is none."""
        return self.places[0][0] if self.places else None

    @property
    def first_line(self) -> int:
        """Where its own function begins."""
        return self.places[0][1] if self.places else 0

    @property
    def last_line(self) -> int:
        """Where its own function ends."""
        return self.places[0][2] if self.places else 0


class Sources:
    """The nodes of one graph, at all depths."""

    def __init__(self, described: DescribeResult) -> None:
        self.graph = described.graph
        self.loaded_at = (
            None
            if described.loaded_at is None
            else datetime.fromisoformat(described.loaded_at).timestamp()
        )
        places: dict[str, list[Lines]] = {}
        for one in described.functions:
            file = os.path.join(described.root or "", one.file)
            places.setdefault(one.path, []).append((file, one.first_line, one.last_line))
        self.nodes: dict[str, Node] = {
            one.path: Node(one.path, one.id, one.type, tuple(places.get(one.path, ())))
            for one in _nodes(described)
        }
        for one in described.functions:
            if one.is_task:
                name = one.path.rpartition("/")[2]
                self.nodes[one.path] = Node(one.path, name, "task", tuple(places[one.path]))

    def files(self) -> list[str]:
        """The files that nodes are written in."""
        return list(dict.fromkeys(one[0] for node in self.nodes.values() for one in node.places))

    def at(self, file: str, line: int) -> list[Node]:
        """The nodes that have a function with this line; of functions in each other the innermost."""
        found = [
            (last - first, node) for node, first, last in self._in(file) if first <= line <= last
        ]
        least = min((length for length, _ in found), default=0)
        return list({node.path: node for length, node in found if length == least}.values())

    def between(self, file: str, line: int, end_line: int) -> list[int]:
        """The first lines of the functions that have one of these lines."""
        return sorted(
            {first for _, first, last in self._in(file) if first <= end_line and line <= last}
        )

    def matching(self, pattern: str) -> list[str]:
        """The paths of the nodes that a name, a path or a pattern (`*/rank`) means."""
        if pattern in self.nodes:
            return [pattern]
        return [
            path
            for path, node in self.nodes.items()
            if node.name == pattern
            or (any(sign in pattern for sign in "*?[") and fnmatchcase(path, pattern))
        ]

    def names(self, path: str) -> list[str]:
        """The paths of the nodes on the way to one, the outermost first, itself the last. A name may have a slash in it."""
        slashes = [i for i, letter in enumerate(path) if letter == "/"]
        known = [path[:i] for i in slashes if path[:i] in self.nodes]
        # What a function calls is in no drawing: there each slash is one.
        below = len(known[-1]) if known else 0
        if path not in self.nodes:
            known += [path[:i] for i in slashes if i > below]
        return [*known, path]

    def changed(self, file: str) -> bool:
        """Whether a file was written since the graph was loaded."""
        if self.loaded_at is None:
            return False
        try:
            return os.stat(file).st_mtime > self.loaded_at
        except OSError:
            return True

    def near(self, file: str) -> str:
        """For a person: the nodes in a file, with their lines."""
        nodes = [f"{node.path} ({first}-{last})" for node, first, last in self._in(file)]
        if not nodes:
            return f"graph {self.graph!r} has no node in this file"
        return f"no node has this line; there are {', '.join(nodes)}"

    def _in(self, file: str) -> list[tuple[Node, int, int]]:
        """The functions in a file: of which node, and from where to where."""
        real = os.path.realpath(file)
        return [
            (node, first, last)
            for node in self.nodes.values()
            for place, first, last in node.places
            if os.path.realpath(place) == real
        ]


def _nodes(drawing: DescribeResult | GraphDrawing) -> Iterator[GraphNode]:
    for one in drawing.nodes:
        if one.type not in ("start", "end"):
            yield one
        if one.subgraph is not None:
            yield from _nodes(one.subgraph)


def source_of(file: str | None) -> Mapping[str, Any] | None:
    """A file as the protocol's `Source`."""
    return None if file is None else {"name": Path(file).name, "path": file}
