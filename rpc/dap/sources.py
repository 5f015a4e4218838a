"""Where a graph's nodes are written: lines of files to nodes, and back."""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from msgspec import Struct

from protocol.graphs import DescribeResult, GraphDrawing


class Node(Struct, frozen=True):
    """A node of a graph. `file`: absolute; None, with the lines 0, where Python cannot tell where it is written."""

    path: str
    name: str
    type: str
    file: str | None
    first_line: int
    last_line: int


class Sources:
    """The nodes of one graph, at all depths."""

    def __init__(self, described: DescribeResult) -> None:
        self.graph = described.graph
        self.root = described.root
        self.loaded_at = (
            None
            if described.loaded_at is None
            else datetime.fromisoformat(described.loaded_at).timestamp()
        )
        self.nodes: dict[str, Node] = {node.path: node for node in self._nodes(described)}

    def _nodes(self, drawing: DescribeResult | GraphDrawing) -> Iterator[Node]:
        for one in drawing.nodes:
            if one.type not in ("start", "end"):
                file, first, last = None, 0, 0
                if one.source is not None:
                    file = os.path.join(self.root or "", one.source.file)
                    first, last = one.source.first_line, one.source.last_line
                yield Node(one.path, one.id, one.type, file, first, last)
            if one.subgraph is not None:
                yield from self._nodes(one.subgraph)

    def files(self) -> list[str]:
        """The files that nodes are written in."""
        return list(dict.fromkeys(node.file for node in self.nodes.values() if node.file))

    def at(self, file: str, line: int) -> list[Node]:
        """The nodes whose function has this line; of functions in each other the innermost."""
        found = [node for node in self._in(file) if node.first_line <= line <= node.last_line]
        least = min((node.last_line - node.first_line for node in found), default=0)
        return [node for node in found if node.last_line - node.first_line == least]

    def between(self, file: str, line: int, end_line: int) -> list[int]:
        """The first lines of the nodes that have one of these lines."""
        found = [
            node.first_line
            for node in self._in(file)
            if node.first_line <= end_line and line <= node.last_line
        ]
        return sorted(set(found))

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
        nodes = [f"{one.path} ({one.first_line}-{one.last_line})" for one in self._in(file)]
        if not nodes:
            return f"graph {self.graph!r} has no node in this file"
        return f"no node has this line; there are {', '.join(nodes)}"

    def _in(self, file: str) -> Iterable[Node]:
        real = os.path.realpath(file)
        return [
            one for one in self.nodes.values() if one.file and os.path.realpath(one.file) == real
        ]


def source_of(file: str | None) -> Mapping[str, Any] | None:
    """A file as the protocol's `Source`."""
    return None if file is None else {"name": Path(file).name, "path": file}
