import dagre from "@dagrejs/dagre";

import { backEdges, cornered, LABEL_HEIGHT, Lanes, layerOf, type Box, type Point } from "./backEdges";
import type { GraphDrawing, GraphEdge, GraphNode } from "./wire";

export type { Point };

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

/** An edge, and the points that lead it around what stands in its way; none where no layout was found. */
export interface DrawnEdge {
  id: string;
  source: string;
  target: string;
  edge: GraphEdge;
  points: readonly Point[];
  /** Where its label has its middle; null where no layout was found. */
  label: Point | null;
  /** Whether it leads back, beside what stands between. */
  back: boolean;
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
      // Whole numbers: what a browser says of an element's size is that.
      graph.setNode(node.id, { width: Math.ceil(Math.max(drawn.width, NODE_WIDTH)), height: Math.ceil(drawn.height) + TITLE });
    } else if (node.type === "start" || node.type === "end") {
      graph.setNode(node.id, { width: END_WIDTH, height: END_HEIGHT });
    } else {
      graph.setNode(node.id, { width: NODE_WIDTH, height: NODE_HEIGHT });
    }
  }
  // Those that lead back are led by themselves: they say nothing of what is above what.
  const back = backEdges(drawing);
  const known = drawing.edges.filter((edge) => graph.hasNode(edge.source) && graph.hasNode(edge.target));
  for (const edge of known)
    if (!back.has(edge.id)) graph.setEdge(edge.source, edge.target, edge.label ? { width: edge.label.length * LETTER, height: LABEL_HEIGHT } : {}, edge.id);
  let laid = true;
  try {
    dagre.layout(graph);
  } catch {
    // The server's own positions are there for that.
    laid = false;
  }
  const ways = laid ? led(graph, known, back) : new Map<string, Way>();
  const reach = [...ways.values()].flatMap(({ points, label, half }) => [...points.map(({ x }) => x), label.x - half, label.x + half]);
  // Beside the outermost nodes there may be ways too.
  const aside = Math.max(0, PAD - Math.min(PAD, ...reach));
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
      x: cx - box.width / 2 + aside,
      y: cy - box.height / 2 + below,
      width: box.width,
      height: box.height,
      open: drawn !== undefined,
    });
    if (drawn) {
      const { x, y } = nodes.at(-1) as Placed;
      nodes.push(...drawn.nodes);
      edges.push(...drawn.edges.map((edge) => ({ ...edge, ...moved(edge, x, y) })));
    }
  }
  const path = new Map(drawing.nodes.map((node) => [node.id, node.path]));
  for (const edge of drawing.edges) {
    const [source, target] = [path.get(edge.source), path.get(edge.target)];
    if (source === undefined || target === undefined) continue;
    const way = ways.get(edge.id) ?? { points: [], label: null };
    edges.push({ id: `${parent?.path ?? ""}:${edge.id}`, source, target, edge, back: back.has(edge.id), ...moved(way, aside, below) });
  }
  const size = graph.graph();
  // Also where it could not be laid out.
  const own = nodes.filter((one) => one.parent === (parent?.path ?? null));
  const width = Math.max(size.width ?? 0, ...reach.map((x) => x + PAD), ...own.map(({ x, width }) => x - aside + width)) + aside;
  return { nodes, edges, width, height: Math.max(size.height ?? 0, ...own.map(({ y, height }) => y - below + height)) };
}

/** A way, and half the width of its label. */
interface Way {
  points: Point[];
  label: Point;
  half: number;
}

/** The ways of all edges: those of the layers, and beside these those that lead back. */
function led(graph: InstanceType<typeof dagre.graphlib.Graph>, edges: readonly GraphEdge[], back: ReadonlySet<string>): Map<string, Way> {
  const boxes = new Map(graph.nodes().map((id) => [id, graph.node(id) as Box]));
  const box = (id: string) => boxes.get(id) as Box;
  const ways = new Map<string, Way>();
  const half = ({ label }: GraphEdge) => ((label?.length ?? 0) * LETTER) / 2;
  for (const edge of edges) if (!back.has(edge.id)) ways.set(edge.id, { ...down(graph, [...boxes.values()], edge), half: half(edge) });
  const labels = [...ways.values()].filter(({ half }) => half > 0).map(({ label, half }) => ({ ...label, width: 2 * half, height: LABEL_HEIGHT }));
  const lines = [...ways.values()].flatMap(({ points }) =>
    points.slice(1).flatMap((to, at): Box[] => {
      const from = points[at] as Point;
      return from.x === to.x ? [{ x: to.x, y: (from.y + to.y) / 2, width: 1, height: Math.abs(to.y - from.y) }] : [];
    }),
  );
  const lanes = new Lanes([...boxes.values()], labels, lines);
  const length = (edge: GraphEdge) => box(edge.source).y - box(edge.target).y;
  // What is long leads around what is short.
  for (const edge of edges.filter(({ id }) => back.has(id)).sort((a, b) => length(a) - length(b)))
    ways.set(edge.id, { ...lanes.lead(box(edge.source), box(edge.target), 2 * half(edge)), half: half(edge) });
  return ways;
}

/** The way of an edge: from below its source to above its target, past what stands between, however high that is, and through its label. */
function down(graph: InstanceType<typeof dagre.graphlib.Graph>, boxes: readonly Box[], edge: GraphEdge): { points: Point[]; label: Point } {
  const { points, x, y } = graph.edge(edge.source, edge.target, edge.id) as { points: Point[] } & Partial<Point>;
  const [source, target] = [graph.node(edge.source), graph.node(edge.target)] as [Box, Box];
  const layer = (y: number) => layerOf(boxes, y);
  const middle = points[Math.floor(points.length / 2)] as Point;
  const label = edge.label === null || x === undefined || y === undefined ? middle : { x, y };
  const between = points.slice(1, -1).flatMap((one) => {
    const half = layer(one.y);
    if (half > 0) return [{ x: one.x, y: one.y - half }, { x: one.x, y: one.y + half }];
    return edge.label !== null && one.y === label.y ? [label] : [];
  });
  const way = [
    { x: source.x, y: source.y + source.height / 2 },
    { x: source.x, y: source.y + layer(source.y) },
    ...between,
    { x: target.x, y: target.y - layer(target.y) },
    { x: target.x, y: target.y - target.height / 2 },
  ];
  // A way of no length has no direction for its arrow.
  return { points: way.filter(({ x, y }, at) => at === 0 || x !== way[at - 1]?.x || y !== way[at - 1]?.y), label };
}

function moved<Label extends Point | null>({ points, label }: { points: readonly Point[]; label: Label }, x: number, y: number): { points: Point[]; label: Point | null } {
  const move = (one: Point): Point => ({ x: one.x + x, y: one.y + y });
  return { points: points.map(move), label: label === null ? null : move(label) };
}

/** An edge as a path of SVG. */
export function pathOf({ points, back }: Pick<DrawnEdge, "points" | "back">): string {
  return back ? cornered(points) : curve(points);
}

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
