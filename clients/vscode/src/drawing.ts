// A graph as SVG: the nodes and edges of `graph.describe`, where it put them; and which lines are whose.

import * as path from "node:path";

/** Where a function is written: a file, relative to the graph's root or absolute, and its lines from 1. */
export interface Written {
  file: string;
  first_line: number;
  last_line: number;
}

export interface GraphNode {
  id: string;
  path: string;
  type: string;
  label: string;
  position: { x: number; y: number };
  width: number;
  height: number;
  subgraph: Drawing | null;
}

export interface Drawing {
  nodes: GraphNode[];
  edges: { source: string; target: string; conditional: boolean; label: string | null }[];
  layout: { width: number; height: number };
}

export interface Described extends Drawing {
  graph: string;
  root: string | null;
  /** The functions of all nodes, of one with several its own first; and those that nodes call as tasks, by paths of their own. */
  functions: (Written & { path: string })[];
}

/** Where a function's file is, absolute. */
export function fileOf({ file }: Written, { root }: Described): string {
  return path.resolve(root ?? "", file);
}

/** The functions that have a line, from 1; of functions in each other the innermost: as the adapter reads it. */
export function functionsAt(described: Described, file: string, line: number): Described["functions"] {
  const there = described.functions.filter(
    (one) => one.first_line <= line && line <= one.last_line && fileOf(one, described) === file,
  );
  const least = Math.min(...there.map((one) => one.last_line - one.first_line));
  return there.filter((one) => one.last_line - one.first_line === least);
}

/** Text as it may stand in SVG. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** All nodes, those inside others behind them. */
export function nodesOf(drawing: Drawing): GraphNode[] {
  return drawing.nodes.flatMap((node) => [node, ...(node.subgraph === null ? [] : nodesOf(node.subgraph))]);
}

/** The paths of the nodes that a function breakpoint means: one with that path, or else all by that name or pattern. */
export function matching(drawing: Drawing, name: string): string[] {
  const nodes = nodesOf(drawing).filter((node) => !isEdge(node));
  if (nodes.some((node) => node.path === name)) return [name];
  const pattern = /[*?[]/.test(name) ? patternOf(name) : undefined;
  return nodes.filter((node) => node.id === name || pattern?.test(node.path)).map((node) => node.path);
}

/** Whether a node is a graph's beginning or end, where nothing stops. */
export function isEdge(node: GraphNode): boolean {
  return node.type === "start" || node.type === "end";
}

/** What a shell's pattern matches, slashes too: as the adapter reads it. */
function patternOf(text: string): RegExp {
  const source = text.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (part, not: string | undefined, inside: string | undefined) => {
    if (inside !== undefined) return `[${not ? "^" : ""}${inside.replace(/[\\\]^[]/g, "\\$&")}]`;
    if (part === "*") return "[\\s\\S]*";
    return part === "?" ? "[\\s\\S]" : part.replace(/[.+^${}()|[\]\\/]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "u");
}

/** One graph as SVG, each subgraph below it. A node's element has its path as `data-path`. */
export function svgOf(drawing: Drawing, title: string): string {
  const at = new Map(drawing.nodes.map((node) => [node.id, node]));
  const edges = drawing.edges.map((edge) => {
    const [from, to] = [at.get(edge.source), at.get(edge.target)];
    if (from === undefined || to === undefined) return "";
    const [x1, y1] = [from.position.x, from.position.y + from.height / 2];
    const [x2, y2] = [to.position.x, to.position.y - to.height / 2];
    const bend = y2 > y1 ? (y2 - y1) / 2 : 60;
    const curve = `M${x1},${y1} C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`;
    const label =
      edge.label === null ? "" : `<text class="edge" x="${(x1 + x2) / 2}" y="${(y1 + y2) / 2}">${escaped(edge.label)}</text>`;
    return `<path class="edge${edge.conditional ? " conditional" : ""}" d="${curve}" marker-end="url(#arrow)"/>${label}`;
  });
  const boxes = drawing.nodes.map((node) => {
    const [x, y] = [node.position.x - node.width / 2, node.position.y - node.height / 2];
    return (
      `<g class="node ${escaped(node.type)}" data-path="${escaped(node.path)}" tabindex="0">` +
      `<rect x="${x}" y="${y}" width="${node.width}" height="${node.height}" rx="6"/>` +
      `<circle class="dot" cx="${x}" cy="${y}" r="6"/>` +
      `<text x="${node.position.x}" y="${node.position.y}">${escaped(node.label)}</text></g>`
    );
  });
  const { width, height } = drawing.layout;
  const inside = drawing.nodes
    .filter((node) => node.subgraph !== null)
    .map((node) => svgOf(node.subgraph as Drawing, node.path));
  return (
    `<section><h2>${escaped(title)}</h2><svg viewBox="-10 -10 ${width + 20} ${height + 20}" width="${width + 20}">` +
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
    `<path d="M0,0 L8,4 L0,8 z"/></marker></defs>${edges.join("")}${boxes.join("")}</svg></section>${inside.join("")}`
  );
}
