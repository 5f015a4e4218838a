"""`graph.*`: what graphs there are, and what one looks like."""

from protocol.graphs import DescribeParams, DescribeResult, GraphListResult, GraphSummary
from protocol.server import NoParams
from rpc.engine.graphs.describe import describe, node_paths
from rpc.engine.graphs.registry import Graphs
from rpc.methods.call import Call


class GraphMethods:
    """The handlers of `graph.*`."""

    def __init__(self, graphs: Graphs, *, show_root: bool) -> None:
        self.graphs = graphs
        self.show_root = show_root
        # Descriptions by graph and depth: a graph does not change while the server runs.
        self.described: dict[tuple[str, int | None], DescribeResult] = {}

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
        key = (loaded.name, params.depth)
        if key not in self.described:
            self.described[key] = describe(
                loaded, params.depth, self.graphs.root, show_root=self.show_root
            )
        return self.described[key]
