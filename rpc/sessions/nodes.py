"""The nodes that serve one store: one, where that is a data directory."""

from collections.abc import Callable, Mapping
from typing import Protocol

from rpc.storage.cluster import GraphNames, NodeRow


class Nodes(Protocol):
    """Who serves beside whoever is asked."""

    async def all(self) -> list[NodeRow]:
        """All nodes, the oldest first. Raises `StorageError`."""

    async def names(self, graph: str) -> Mapping[str, GraphNames]:
        """What the code of that graph has on others that live and run it, by node. Raises `StorageError`."""


class OneNode:
    """`Nodes` of a server that is alone. `now`: it, as it is now."""

    def __init__(self, now: Callable[[], NodeRow]) -> None:
        self.now = now

    async def all(self) -> list[NodeRow]:
        return [self.now()]

    async def names(self, graph: str) -> Mapping[str, GraphNames]:
        return {}
