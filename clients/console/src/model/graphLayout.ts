import dagre from "@dagrejs/dagre";

import type { GraphDrawing, GraphEdge, GraphNode } from "./wire";

/** A node where it is drawn: `x` and `y` are its upper left corner, inside of its parent. */
export interface Placed {
  node: GraphNode;
  parent: string | null;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Whether its subgraph is open, and drawn inside of it. */
  open: boolean;
}

export interface Point {
  x: number;
  y: number;
}

/** An edge, and the points that lead it around what stands in its way; none where no layout was found. */
export interface DrawnEdge {
  id: string;
  source: string;
  target: string;
  edge: GraphEdge;
  points: readonly Point[];
}

export interface Drawn {
  nodes: Placed[];
  edges: DrawnEdge[];
  width: number;
  height: number;
}

export const NODE_WIDTH = 176;
export const NODE_HEIGHT = 52;
const END_WIDTH = 76;
const END_HEIGHT = 26;
const LETTER = 6;
const LABEL_HEIGHT = 16;
const TITLE = 44;
const PAD = 14;

/** The graph laid out by layers, its open subgraphs inside of their nodes. Parents come before what is in them. */
export function layOut(drawing: Pick<GraphDrawing, "nodes" | "edges">, open: ReadonlySet<string>): Drawn {
  return level(drawing, open, null);
}

function level(drawing: Pick<GraphDrawing, "nodes" | "edges">, open: ReadonlySet<string>, parent: GraphNode | null): Drawn {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 26, ranksep: 34, marginx: PAD, marginy: PAD });
  graph.setDefaultEdgeLabel(() => ({}));
  const inner = new Map<string, Drawn>();
  for (const node of drawing.nodes) {
    if (node.subgraph && open.has(node.path)) {
      const drawn = level(node.subgraph, open, node);
      inner.set(node.id, drawn);
      graph.setNode(node.id, { width: Math.max(drawn.width, NODE_WIDTH), height: drawn.height + TITLE });
    } else if (node.type === "start" || node.type === "end") {
      graph.setNode(node.id, { width: END_WIDTH, height: END_HEIGHT });
    } else {
      graph.setNode(node.id, { width: NODE_WIDTH, height: NODE_HEIGHT });
    }
  }
  for (const edge of drawing.edges)
    if (graph.hasNode(edge.source) && graph.hasNode(edge.target)) graph.setEdge(edge.source, edge.target, edge.label ? { width: edge.label.length * LETTER, height: LABEL_HEIGHT } : {}, edge.id);
  let laid = true;
  try {
    dagre.layout(graph);
  } catch {
    // The server's own positions are there for that.
    laid = false;
  }
  const nodes: Placed[] = [];
  const edges: DrawnEdge[] = [];
  const below = parent ? TITLE - PAD : 0;
  for (const node of drawing.nodes) {
    const box = graph.node(node.id) as { x: number; y: number; width: number; height: number };
    const [cx, cy] = laid ? [box.x, box.y] : [node.position.x, node.position.y];
    const drawn = inner.get(node.id);
    nodes.push({
      node,
      parent: parent?.path ?? null,
      x: cx - box.width / 2,
      y: cy - box.height / 2 + below,
      width: box.width,
      height: box.height,
      open: drawn !== undefined,
    });
    if (drawn) {
      const { x, y } = nodes.at(-1) as Placed;
      nodes.push(...drawn.nodes);
      edges.push(...drawn.edges.map((edge) => ({ ...edge, points: moved(edge.points, x, y) })));
    }
  }
  const path = new Map(drawing.nodes.map((node) => [node.id, node.path]));
  for (const edge of drawing.edges) {
    const [source, target] = [path.get(edge.source), path.get(edge.target)];
    if (source === undefined || target === undefined) continue;
    edges.push({ id: `${parent?.path ?? ""}:${edge.id}`, source, target, edge, points: laid ? moved(led(graph, edge), 0, below) : [] });
  }
  const size = graph.graph();
  return { nodes, edges, width: size.width ?? 0, height: size.height ?? 0 };
}

/** The points of an edge: from below its source to above its target, and past what stands between, however high that is. */
function led(graph: InstanceType<typeof dagre.graphlib.Graph>, edge: GraphEdge): Point[] {
  const { points } = graph.edge(edge.source, edge.target, edge.id) as { points: Point[] };
  const boxes = graph.nodes().map((id) => graph.node(id) as Point & { width: number; height: number });
  const [source, target] = [graph.node(edge.source), graph.node(edge.target)] as [(typeof boxes)[number], (typeof boxes)[number]];
  if (edge.source === edge.target) return points;
  // What is on one layer has its middle there.
  const layer = (y: number) => Math.max(0, ...boxes.filter((box) => Math.abs(box.y - y) < 1).map((box) => box.height)) / 2;
  const past = points.slice(1, -1).filter(({ y }) => layer(y) > 0);
  const between = past.flatMap(({ x, y }) => [{ x, y: y - layer(y) }, { x, y: y + layer(y) }]);
  if (target.y > source.y) {
    const down = [
      { x: source.x, y: source.y + source.height / 2 },
      { x: source.x, y: source.y + layer(source.y) },
      ...between,
      { x: target.x, y: target.y - layer(target.y) },
      { x: target.x, y: target.y - target.height / 2 },
    ];
    // A way of no length has no direction for its arrow.
    return down.filter(({ x, y }, at) => at === 0 || x !== down[at - 1]?.x || y !== down[at - 1]?.y);
  }
  // Back, beside the edge that leads here.
  const [first, last] = [points[0] as Point, points.at(-1) as Point];
  return [first, ...(past.length ? between.sort((a, b) => b.y - a.y) : points.slice(1, -1)), last];
}

const moved = (points: readonly Point[], x: number, y: number): Point[] => points.map((one) => ({ x: one.x + x, y: one.y + y }));

/** A line through all points that leaves and reaches each of them upright. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined || rest.length === 0) return "";
  const parts = rest.map(({ x, y }, at) => {
    const from = points[at] as Point;
    const middle = (from.y + y) / 2;
    return from.x === x ? `L${x} ${y}` : `C${from.x} ${middle} ${x} ${middle} ${x} ${y}`;
  });
  return `M${first.x} ${first.y}${parts.join("")}`;
}

/** The paths of all nodes that are graphs. */
export function subgraphs(nodes: readonly GraphNode[]): string[] {
  return nodes.flatMap((node) => (node.subgraph ? [node.path, ...subgraphs(node.subgraph.nodes)] : []));
}

/** The node at a path. */
export function nodeAt(nodes: readonly GraphNode[], path: string): GraphNode | null {
  for (const node of nodes) {
    if (node.path === path) return node;
    if (node.subgraph && path.startsWith(`${node.path}/`)) return nodeAt(node.subgraph.nodes, path);
  }
  return null;
}
