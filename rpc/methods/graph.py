"""`graph.*`: what graphs there are, and what one looks like."""

from weakref import WeakKeyDictionary

import msgspec

from protocol.graphs import DescribeParams, DescribeResult, GraphListResult, GraphSummary
from protocol.server import NoParams
from rpc.engine.graphs.describe import describe, node_paths
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.graphs.registry import Graphs
from rpc.events.encoding import timestamp
from rpc.methods.call import Call


class GraphMethods:
    """The handlers of `graph.*`."""

    def __init__(self, graphs: Graphs, *, show_root: bool) -> None:
        self.graphs = graphs
        self.show_root = show_root
        # Descriptions by depth, for as long as the graph is served.
        self.described: WeakKeyDictionary[LoadedGraph, dict[int | None, DescribeResult]] = (
            WeakKeyDictionary()
        )

    async def list(self, _: Call, __: NoParams) -> GraphListResult:
        return GraphListResult(
            [
                GraphSummary(
                    name=loaded.name,
                    description=loaded.description,
                    nodes=sum("/" not in path for path in node_paths(loaded)),
                    default=loaded.name == self.graphs.default,
                    source=loaded.source,
                )
                for loaded in self.graphs.loaded.values()
            ]
        )

    async def describe(self, _: Call, params: DescribeParams) -> DescribeResult:
        loaded = self.graphs.get(params.graph)
        known = self.described.setdefault(loaded, {})
        if params.depth not in known:
            described = describe(loaded, params.depth, self.graphs.root, show_root=self.show_root)
            known[params.depth] = msgspec.structs.replace(
                described, loaded_at=timestamp(loaded.loaded_at)
            )
        return known[params.depth]
