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

export interface Drawn {
  nodes: Placed[];
  edges: { id: string; source: string; target: string; edge: GraphEdge }[];
  width: number;
  height: number;
}

export const NODE_WIDTH = 176;
export const NODE_HEIGHT = 52;
const END_WIDTH = 76;
const END_HEIGHT = 26;
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
    if (graph.hasNode(edge.source) && graph.hasNode(edge.target)) graph.setEdge(edge.source, edge.target, {}, edge.id);
  let laid = true;
  try {
    dagre.layout(graph);
  } catch {
    // The server's own positions are there for that.
    laid = false;
  }
  const nodes: Placed[] = [];
  const edges: Drawn["edges"] = [];
  for (const node of drawing.nodes) {
    const box = graph.node(node.id) as { x: number; y: number; width: number; height: number };
    const [cx, cy] = laid ? [box.x, box.y] : [node.position.x, node.position.y];
    const drawn = inner.get(node.id);
    nodes.push({
      node,
      parent: parent?.path ?? null,
      x: cx - box.width / 2,
      y: cy - box.height / 2 + (parent ? TITLE - PAD : 0),
      width: box.width,
      height: box.height,
      open: drawn !== undefined,
    });
    if (drawn) {
      nodes.push(...drawn.nodes);
      edges.push(...drawn.edges);
    }
  }
  const path = new Map(drawing.nodes.map((node) => [node.id, node.path]));
  for (const edge of drawing.edges) {
    const [source, target] = [path.get(edge.source), path.get(edge.target)];
    if (source !== undefined && target !== undefined)
      edges.push({ id: `${parent?.path ?? ""}:${edge.id}`, source, target, edge });
  }
  const size = graph.graph();
  return { nodes, edges, width: size.width ?? 0, height: size.height ?? 0 };
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
