"""The graphs a server serves, by name."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.store.base import BaseStore

from protocol.errors import GRAPH_NOT_FOUND, ProtocolError
from rpc.engine.checkpoints.binding import Graph
from rpc.engine.graphs.loading import LoadedGraph, open_graph
from rpc.suggest import did_you_mean


class Graphs:
    """Loaded graphs in the order they were given; the first is the default unless one is named."""

    def __init__(self, loaded: Mapping[str, LoadedGraph], default: str | None) -> None:
        self.loaded = dict(loaded)
        self.default = default if default is not None else next(iter(self.loaded), None)
        # The folder that source files are given relative to: where the server was started.
        self.root = Path.cwd()

    def find(self, name: str) -> LoadedGraph | None:
        """The graph of that name."""
        return self.loaded.get(name)

    def get(self, name: str | None) -> LoadedGraph:
        """The graph of that name, or the default. Raises `ProtocolError` (graph not found)."""
        wanted = self.default if name is None else name
        if wanted is not None and (found := self.loaded.get(wanted)) is not None:
            return found
        if wanted is None:
            raise ProtocolError(GRAPH_NOT_FOUND, "this server serves no graph")
        raise ProtocolError(
            GRAPH_NOT_FOUND,
            f"there is no graph {wanted!r}; {did_you_mean(wanted, self.loaded)}"
            f"the server has: {', '.join(self.loaded) or 'none'}",
        )


@asynccontextmanager
async def open_graphs(
    targets: Mapping[str, Any],
    default: str | None,
    saver: Callable[[Graph], BaseCheckpointSaver[Any]],
    store: BaseStore | None = None,
) -> AsyncIterator[Graphs]:
    """All graphs, opened; factories that are context managers are left on exit.

    `targets`: by name, `path/to/file.py:name`, `package.module:name`, or the object itself. `saver`: makes a
    graph's. `store`: of those that have none of their own. Raises `GraphLoadError`.
    """
    async with AsyncExitStack() as stack:
        loaded = {
            name: await open_graph(name, target, saver, stack, store)
            for name, target in targets.items()
        }
        yield Graphs(loaded, default)
