"""How long nodes and runs may take: what the server, the graph and the query say. Decisions without I/O."""

from collections.abc import Mapping

from msgspec import Struct

from protocol.errors import INVALID_PARAMS, Limit, ProtocolError


class TimeLimits(Struct, frozen=True):
    """Seconds; 0 is no limit. `node`: of each attempt of a node's. `run`: of a run, while it runs."""

    node: float = 0.0
    run: float = 0.0


NAMES = {"node": "node_timeout_seconds", "run": "run_timeout_seconds"}
"""What settings and queries call them."""


class GraphLimits:
    """The limits of a server's graphs. `graphs`: those of some, by name; `others`: of the rest."""

    def __init__(self, others: TimeLimits, graphs: Mapping[str, TimeLimits]) -> None:
        self.others = others
        self.graphs = dict(graphs)

    def of(self, graph: str) -> TimeLimits:
        """What the server allows."""
        return self.graphs.get(graph, self.others)

    def check(self, graph: str, asked: TimeLimits) -> None:
        """A query may only ask for less. Raises `ProtocolError` (invalid params)."""
        allowed = self.of(graph)
        for field, name in NAMES.items():
            most, wanted = getattr(allowed, field), getattr(asked, field)
            if 0 < most < wanted:
                raise ProtocolError(
                    INVALID_PARAMS,
                    f"{wanted:g} s are more than the server allows for graph {graph!r}, which is {most:g}",
                    path=f"$.config.{name}",
                    limit=Limit(name, most),
                )

    def lowered(self, graph: str, asked: TimeLimits) -> TimeLimits:
        """What holds for a run: the lower of both."""
        allowed = self.of(graph)
        return TimeLimits(_lower(allowed.node, asked.node), _lower(allowed.run, asked.run))


def _lower(one: float, other: float) -> float:
    return min((limit for limit in (one, other) if limit > 0), default=0.0)
