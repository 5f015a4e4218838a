import type { GraphDrawing } from "./wire";

export interface Point {
  x: number;
  y: number;
}

/** A rectangle by its middle. */
export interface Box extends Point {
  width: number;
  height: number;
}

export interface Way {
  points: Point[];
  /** Where its label has its middle. */
  label: Point;
}

export const LABEL_HEIGHT = 16;

/** From the side of a node to the lane beside it, and what is kept free on both sides of a lane. */
const AWAY = 14;
const CLEAR = 6;
/** From a layer to the way along it. */
const ALONG = 8;

/** The ids of the edges that lead back to where they come from, those of a node to itself among them. */
export function backEdges({ nodes, edges }: Pick<GraphDrawing, "nodes" | "edges">): Set<string> {
  const found = new Set<string>();
  const leaving = new Map<string, typeof edges>();
  for (const edge of edges) leaving.set(edge.source, [...(leaving.get(edge.source) ?? []), edge]);
  const state = new Map<string, "entered" | "left">();
  const visit = (id: string) => {
    if (state.has(id)) return;
    state.set(id, "entered");
    for (const edge of leaving.get(id) ?? []) {
      if (state.get(edge.target) === "entered") found.add(edge.id);
      else visit(edge.target);
    }
    state.set(id, "left");
  };
  for (const node of nodes) if (node.type === "start") visit(node.id);
  for (const node of nodes) visit(node.id);
  return found;
}

/**
 * Leads edges back beside what stands between, each on a lane of its own: out of the side of its source and into that of its target,
 * or, where something stands at that side, along the layer. Neither covers a node or a label, and no lane
 * covers an upright part of `lines`; to cross them is no harm.
 */
export class Lanes {
  constructor(
    private readonly nodes: readonly Box[],
    private readonly labels: Box[],
    private readonly lines: Box[],
  ) {}

  /** The way of an edge from `source` up to `target`; `width` is its label's. */
  lead(source: Box, target: Box, width: number): Way {
    const [right, left] = [this.beside(source, target, width, 1), this.beside(source, target, width, -1)];
    const { points, x } = left.cost < right.cost ? left : right;
    const [from, to] = [points[1] as Point, points.at(-2) as Point];
    const label = { x, y: (from.y + to.y) / 2 };
    this.lines.push({ ...label, width: 1, height: Math.abs(from.y - to.y) });
    if (width > 0) this.labels.push({ ...label, width, height: LABEL_HEIGHT });
    return { points, label };
  }

  private beside(source: Box, target: Box, width: number, side: 1 | -1): { points: Point[]; x: number; cost: number } {
    const solid = [...this.nodes, ...this.labels];
    const [out, into] = [source.x + (side * source.width) / 2, target.x + (side * target.width) / 2];
    // One leaves above the middle and one comes in below it, so that both have room at a node.
    const [low, high] = source === target ? [source.y + source.height / 4, source.y - source.height / 4] : [source.y - CLEAR, target.y + CLEAR];
    let x = side * Math.max(side * out, side * into) + side * (AWAY + width / 2);
    for (;;) {
      const strip = { x, y: (low + high) / 2, width: width + 2 * CLEAR, height: Math.abs(low - high) };
      const inTheWay = [...solid, ...this.lines].filter((box) => meet(box, strip));
      if (inTheWay.length === 0) break;
      x = side * Math.max(...inTheWay.map((box) => side * box.x + box.width / 2)) + side * (CLEAR + 1 + width / 2);
    }
    const free = (box: Box, from: number, y: number) => {
      const stub = { x: (from + x) / 2, y, width: Math.abs(x - from), height: 2 * CLEAR };
      return !solid.some((one) => one !== box && meet(one, stub));
    };
    const begin: Point[] = free(source, out, low) ? [{ x: out, y: low }, { x, y: low }] : this.along(source, side, x, -1);
    const end: Point[] = free(target, into, high) ? [{ x: into, y: high }, { x, y: high }] : this.along(target, side, x, 1);
    return { points: [...begin, ...end.reverse()], x, cost: Math.abs(x - out) + Math.abs(x - into) + 100 * (begin.length + end.length) };
  }

  /** From above or below a node, past the layer that it is on, to a lane. */
  private along(box: Box, side: 1 | -1, x: number, down: 1 | -1): Point[] {
    const from = box.x + (side * box.width) / 4;
    const y = box.y + down * (layerOf(this.nodes, box.y) + ALONG);
    return [{ x: from, y: box.y + (down * box.height) / 2 }, { x: from, y }, { x, y }];
  }
}

const meet = (a: Box, b: Box): boolean => Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;

/** Half the height of the layer at `y`: what is on one layer has its middle there. 0 where none is. */
export function layerOf(boxes: readonly Box[], y: number): number {
  return Math.max(0, ...boxes.filter((box) => Math.abs(box.y - y) < 1).map((box) => box.height)) / 2;
}

const CORNER = 8;

/** A line through all points, its corners round. */
export function cornered(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return "";
  const parts = points.slice(1).map((corner, at) => {
    const next = points[at + 2];
    if (next === undefined) return `L${corner.x} ${corner.y}`;
    const [before, after] = [points[at] as Point, next].map((other) => {
      const length = Math.hypot(other.x - corner.x, other.y - corner.y);
      const part = length === 0 ? 0 : Math.min(CORNER, length / 2) / length;
      return `${corner.x + (other.x - corner.x) * part} ${corner.y + (other.y - corner.y) * part}`;
    });
    return `L${before}Q${corner.x} ${corner.y} ${after}`;
  });
  return `M${first.x} ${first.y}${parts.join("")}`;
}
