"""Graphs whose factory is called for each run: who looks at a session, or moves it, needs that of its run."""

import dataclasses
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from rpc.engine.graphs.inputs import run_config
from rpc.engine.graphs.loading import FactoryFailed, LoadedGraph
from rpc.json_values import copied
from rpc.storage.records import RunRecord

KEPT = 64
"""How many runs' graphs are kept; a further one is made anew when it is asked for."""

OnGraph = Callable[
    [Callable[[], Coroutine[Any, Any, LoadedGraph]]], Coroutine[Any, Any, LoadedGraph]
]
"""Runs what calls code of the graph's."""


class OwnGraphs:
    """The graphs of the runs that were looked at last.

    What a factory holds open for its graph is left as soon as that is made: no node runs in it.
    """

    def __init__(self) -> None:
        # By the run's id, each with the graph that it was made of: another one has been loaded in its place since.
        self.made: OrderedDict[str, tuple[LoadedGraph, LoadedGraph]] = OrderedDict()

    async def of(self, loaded: LoadedGraph, run: RunRecord, on_graph: OnGraph) -> LoadedGraph:
        """`loaded` with the graph that its factory makes for the run; as it is where that fails."""
        known = self.made.get(run.id)
        if known is not None and known[0] is loaded:
            self.made.move_to_end(run.id)
            return known[1]

        async def make() -> LoadedGraph:
            config = run_config(loaded.graph, copied(run.config))
            async with loaded.for_run(
                run.session_id, run.id, config, run.owner, run.caller
            ) as graph:
                return dataclasses.replace(loaded, graph=graph)

        try:
            made = await on_graph(make)
        except FactoryFailed:
            return loaded
        self.made[run.id] = loaded, made
        while len(self.made) > KEPT:
            self.made.popitem(last=False)
        return made
