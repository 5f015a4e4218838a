"""Place a graph's nodes on a plane: a layered (Sugiyama) layout, top to bottom.

K. Sugiyama, S. Tagawa, M. Toda, "Methods for Visual Understanding of Hierarchical System Structures",
IEEE Trans. SMC 11 (1981). The layers, the order within them and the coordinates are `grandalf`'s; cycles,
components and what overlaps are taken care of here, since it leaves them to its caller.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

ALGORITHM = "sugiyama"
LAYER_GAP = 60.0
"""Pixels between the boxes of two layers."""
NODE_GAP = 40.0
"""Pixels between the boxes of one layer, and between components."""
MARGIN = 20.0
"""Pixels around the whole drawing."""
MAX_ROUTED = 300
"""Edges past which long ones get no room of their own: that takes seconds and shows nothing."""


class Placed(NamedTuple):
    """Where the boxes are, in pixels, y downwards; the upper left corner is (0, 0)."""

    # The centre of each box.
    centres: dict[str, tuple[float, float]]
    # Of the whole drawing, margins included.
    width: float
    height: float


def place(sizes: Mapping[str, tuple[float, float]], edges: Sequence[tuple[str, str]]) -> Placed:
    """Positions for boxes of the given sizes (width, height, in pixels), joined by the edges.

    Deterministic: the same boxes and edges in the same order give the same positions. No two boxes
    overlap. Edges run downwards, except those that close a cycle. Parts that no edge joins stand side
    by side. The order of `sizes` is the order in which cycles are opened: put the start first.
    """
    downward = _without_cycles(list(sizes), edges)
    if len(downward) > MAX_ROUTED:
        downward = _without_shortcuts(list(sizes), downward)
    centres: dict[str, tuple[float, float]] = {}
    left, height = MARGIN, 0.0
    for names in _components(list(sizes), downward):
        layers = _layers(names, sizes, [edge for edge in downward if edge[0] in names])
        spread = [box for layer in layers for box in layer]
        shift = left - min(x - sizes[name][0] / 2 for name, x, _ in spread)
        for name, x, y in spread:
            centres[name] = (round(x + shift, 2), round(y + MARGIN, 2))
        left = NODE_GAP + max(centres[name][0] + sizes[name][0] / 2 for name in names)
        height = max(height, *(centres[name][1] + sizes[name][1] / 2 for name in names))
    width = left - NODE_GAP + MARGIN if centres else 2 * MARGIN
    return Placed(centres, round(width, 2), round(max(height, MARGIN) + MARGIN, 2))


def _layers(
    names: set[str],
    sizes: Mapping[str, tuple[float, float]],
    edges: Sequence[tuple[str, str]],
) -> list[list[tuple[str, float, float]]]:
    """One component's boxes (name, x, y of the centre), layer by layer, without overlaps."""
    ordered = [name for name in sizes if name in names]
    if len(ordered) == 1:
        return [[(ordered[0], 0.0, sizes[ordered[0]][1] / 2)]]
    # Here, and not above: a server draws nothing before it is asked.
    from grandalf.graphs import Edge, Vertex, graph_core  # type: ignore[import-untyped]
    from grandalf.layouts import SugiyamaLayout, VertexViewer  # type: ignore[import-untyped]

    vertices = {name: Vertex(name) for name in ordered}
    for name, vertex in vertices.items():
        vertex.view = VertexViewer(*sizes[name])
    targets = {target for _, target in edges}
    core = graph_core(
        list(vertices.values()), [Edge(vertices[left], vertices[right]) for left, right in edges]
    )
    layout = SugiyamaLayout(core)
    layout.xspace, layout.yspace = NODE_GAP, LAYER_GAP
    layout.init_all(
        roots=[vertices[name] for name in ordered if name not in targets], inverted_edges=[]
    )
    layout.draw(3)
    by_y: dict[float, list[tuple[str, float, float]]] = {}
    for name in ordered:
        x, y = vertices[name].view.xy
        by_y.setdefault(y, []).append((name, float(x), float(y)))
    return [_spread(by_y[y], sizes) for y in sorted(by_y)]


def _spread(
    layer: list[tuple[str, float, float]], sizes: Mapping[str, tuple[float, float]]
) -> list[tuple[str, float, float]]:
    """The layer's boxes moved to the right where they would touch.

    The library takes the middle of four alignments, each free of overlaps; the middle need not be.
    """
    spread: list[tuple[str, float, float]] = []
    free_from = float("-inf")
    for name, x, y in sorted(layer, key=lambda box: box[1]):
        half = sizes[name][0] / 2
        x = max(x, free_from + half)
        free_from = x + half + NODE_GAP
        spread.append((name, x, y))
    return spread


def _without_cycles(
    names: Sequence[str], edges: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The edges without loops and repeats, those that close a cycle turned round.

    A depth-first search meets a node that it has not left yet exactly where an edge closes a cycle.
    """
    following: dict[str, list[str]] = {name: [] for name in names}
    for source, target in edges:
        if source != target and target not in following[source]:
            following[source].append(target)
    entered: set[str] = set()
    open_nodes: set[str] = set()
    kept: dict[tuple[str, str], None] = {}
    for name in names:
        if name in entered:
            continue
        entered.add(name)
        open_nodes.add(name)
        stack = [(name, iter(following[name]))]
        while stack:
            source, targets = stack[-1]
            for target in targets:
                if target in open_nodes:
                    kept[target, source] = None
                    continue
                kept[source, target] = None
                if target not in entered:
                    entered.add(target)
                    open_nodes.add(target)
                    stack.append((target, iter(following[target])))
                    break
            else:
                open_nodes.discard(source)
                stack.pop()
    return list(kept)


def _without_shortcuts(
    names: Sequence[str], edges: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The edges (without cycles) whose target no other path leads to: the layers stay the same."""
    following: dict[str, list[str]] = {name: [] for name in names}
    missing = dict.fromkeys(names, 0)
    for source, target in edges:
        following[source].append(target)
        missing[target] += 1
    order = [name for name in names if not missing[name]]
    for name in order:
        for target in following[name]:
            missing[target] -= 1
            if not missing[target]:
                order.append(target)
    rank = {name: number for number, name in enumerate(order)}
    # What each node leads to, as the bits of ranks.
    reached: dict[str, int] = {}
    kept: set[tuple[str, str]] = set()
    for name in reversed(order):
        covered = 0
        for target in sorted(following[name], key=rank.__getitem__):
            if not covered >> rank[target] & 1:
                kept.add((name, target))
            covered |= reached[target] | 1 << rank[target]
        reached[name] = covered
    return [edge for edge in edges if edge in kept]


def _components(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[set[str]]:
    """The parts that edges hold together, in the order of their first nodes."""
    joined: dict[str, list[str]] = {name: [] for name in names}
    for source, target in edges:
        joined[source].append(target)
        joined[target].append(source)
    found: list[set[str]] = []
    seen: set[str] = set()
    for name in names:
        if name in seen:
            continue
        part, waiting = {name}, [name]
        while waiting:
            for other in joined[waiting.pop()]:
                if other not in part:
                    part.add(other)
                    waiting.append(other)
        seen |= part
        found.append(part)
    return found
