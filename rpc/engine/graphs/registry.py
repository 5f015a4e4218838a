"""The graphs a server serves, by name."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import (
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
    suppress,
)
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import anyio
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.store.base import BaseStore

from protocol.errors import GRAPH_NOT_FOUND, ProtocolError
from rpc.engine.checkpoints.binding import Graph
from rpc.engine.graphs.loading import LoadedGraph, open_graph
from rpc.engine.langgraph import kept_code
from rpc.suggest import did_you_mean

log = logging.getLogger("stepwire.engine")


class Graphs:
    """Loaded graphs in the order they were given; the first is the default unless one is named."""

    def __init__(self, loaded: Mapping[str, LoadedGraph], default: str | None) -> None:
        self.loaded = dict(loaded)
        self.default = default if default is not None else next(iter(self.loaded), None)
        # The folder that source files are given relative to: where the server was started.
        self.root = Path.cwd()

    def used(self) -> AbstractContextManager[None]:
        """Within, what these graphs' factories hold open stays so, also when others take their place."""
        return nullcontext()

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


class Generation:
    """Graphs that were loaded together: what their factories hold open stays so until no run uses it."""

    def __init__(self, loaded: dict[str, LoadedGraph]) -> None:
        self.loaded = loaded
        # Runs that use them.
        self.users = 0
        # Others are there in their place.
        self.replaced = False
        # Nobody needs them any more. Of the loop where they were opened; runs may be on another.
        self.over = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.lock = threading.Lock()

    @contextmanager
    def used(self) -> Iterator[None]:
        """Within, they stay open."""
        with self.lock:
            self.users += 1
        try:
            yield
        finally:
            with self.lock:
                self.users -= 1
                self._look()

    def replace(self) -> None:
        """Leave them as soon as no run uses them."""
        with self.lock:
            self.replaced = True
            self._look()

    def _look(self) -> None:
        if self.replaced and not self.users:
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self.over.set)


class OpenGraphs(Graphs):
    """Graphs that can be loaded anew, each generation by a task of its own: what a factory opens in a task is closed
    in the same."""

    def __init__(
        self,
        saver: Callable[[Graph], BaseCheckpointSaver[Any]],
        store: BaseStore | None,
        descriptions: Mapping[str, str],
    ) -> None:
        super().__init__({}, None)
        self.saver = saver
        self.store = store
        # What is said of graphs in place of their docstrings, by name.
        self.descriptions = descriptions
        self.generation = Generation({})
        self.owners: dict[Generation, asyncio.Task[None]] = {}

    async def load(self, targets: Mapping[str, Any], default: str | None) -> None:
        """Serve these from now on. Raises `GraphLoadError`, and then serves what it did before."""
        opened: asyncio.Future[Generation] = asyncio.get_running_loop().create_future()
        owner = asyncio.create_task(self._own(targets, opened), name="stepwire.graphs")
        try:
            both: set[asyncio.Future[Any]] = {owner, opened}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            owner.cancel()
            raise
        if not opened.done():
            await owner
        generation = opened.result()
        self.owners[generation] = owner
        before, self.generation = self.generation, generation
        self.loaded = generation.loaded
        self.default = default if default is not None else next(iter(self.loaded), None)
        before.replace()

    def used(self) -> AbstractContextManager[None]:
        return self.generation.used()

    async def _own(self, targets: Mapping[str, Any], opened: "asyncio.Future[Generation]") -> None:
        generation: Generation | None = None
        try:
            async with AsyncExitStack() as stack:
                loaded = {
                    name: await open_graph(name, target, self.saver, stack, self.store)
                    for name, target in targets.items()
                }
                for name in loaded.keys() & self.descriptions.keys():
                    loaded[name] = replace(loaded[name], description=self.descriptions[name])
                generation = Generation(loaded)
                opened.set_result(generation)
                await generation.over.wait()
        except Exception:
            if generation is None or not generation.replaced:
                raise
            log.exception("what a graph's factory had opened could not be closed")
        finally:
            if generation is not None:
                self.owners.pop(generation, None)
            # Nothing runs with them any more, or they could not be loaded.
            kept_code.forget()

    async def close(self) -> None:
        """Leave all that factories opened. Raises what the last ones do on leaving."""
        owners = dict(self.owners)
        for generation in owners:
            generation.over.set()
        for owner in owners.values():
            await owner


@asynccontextmanager
async def open_graphs(
    targets: Mapping[str, Any],
    default: str | None,
    saver: Callable[[Graph], BaseCheckpointSaver[Any]],
    store: BaseStore | None = None,
    descriptions: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[OpenGraphs]:
    """All graphs, opened; factories that are context managers are left on exit.

    `targets`: by name, `path/to/file.py:name`, `package.module:name`, or the object itself. `saver`: makes a
    graph's. `store`: of those that have none of their own. `descriptions`: by name, in place of docstrings. Raises `GraphLoadError`.
    """
    graphs = OpenGraphs(saver, store, descriptions)
    await graphs.load(targets, default)
    try:
        yield graphs
    finally:
        with anyio.CancelScope(shield=True):
            await graphs.close()
