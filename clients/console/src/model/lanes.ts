import type { CheckpointSummary } from "./wire";

/** So many lanes are drawn. */
export const MOST_LANES = 8;

/** A checkpoint on the line of all: `lane` is counted from the left, 0 is where the session stands. */
export interface Laned {
  checkpoint: CheckpointSummary;
  lane: number;
  parentIndex: number | null;
  /** Whether another one of the same parent stands on another lane. */
  fork: boolean;
  /** The lanes that pass beside it, and those of the checkpoints that come from it. */
  passing: number[];
  children: number[];
}

/** Checkpoints, newest first, on lanes: each line from a tip to where it left another one has a lane of its own. */
export function lanesOf(checkpoints: readonly CheckpointSummary[]): { rows: Laned[]; lanes: number } {
  const index = new Map(checkpoints.map((one, at) => [one.checkpoint_id, at]));
  const lane = new Array<number>(checkpoints.length).fill(-1);
  const current = checkpoints.findIndex((one) => one.current);
  let lanes = 0;
  const follow = (from: number): void => {
    const own = lanes++;
    for (let at: number | undefined = from; at !== undefined && lane[at] === -1; ) {
      lane[at] = own;
      const parent: string | null | undefined = checkpoints[at]?.parent_checkpoint_id;
      at = parent ? index.get(parent) : undefined;
    }
  };
  if (current >= 0) {
    // What came behind where the session stands is on its lane too, as long as there is no fork.
    let tip = current;
    for (let at = current - 1; at >= 0; at--)
      if (checkpoints[at]?.parent_checkpoint_id === checkpoints[tip]?.checkpoint_id) tip = at;
    follow(tip);
  }
  checkpoints.forEach((_, at) => {
    if (lane[at] === -1) follow(at);
  });
  const children = new Map<string, number>();
  for (const one of checkpoints)
    if (one.parent_checkpoint_id) children.set(one.parent_checkpoint_id, (children.get(one.parent_checkpoint_id) ?? 0) + 1);
  const rows: Laned[] = checkpoints.map((checkpoint, at) => ({
    checkpoint,
    lane: lane[at] ?? 0,
    parentIndex: checkpoint.parent_checkpoint_id ? (index.get(checkpoint.parent_checkpoint_id) ?? null) : null,
    fork: (children.get(checkpoint.parent_checkpoint_id ?? "") ?? 0) > 1,
    passing: [],
    children: [],
  }));
  rows.forEach((row, at) => {
    if (row.parentIndex === null) return;
    rows[row.parentIndex]?.children.push(row.lane);
    if (row.lane < MOST_LANES) for (let between = at + 1; between < row.parentIndex; between++) rows[between]?.passing.push(row.lane);
  });
  return { rows, lanes };
}

/** The ends of all lines of the top graph, newest first; that where the session stands comes first. */
export function tipsOf(rows: readonly Laned[]): CheckpointSummary[] {
  const parents = new Set(rows.map(({ checkpoint }) => checkpoint.parent_checkpoint_id));
  const tips = rows.filter(({ checkpoint }) => checkpoint.path === "" && !parents.has(checkpoint.checkpoint_id));
  return tips.sort((a, b) => a.lane - b.lane).map(({ checkpoint }) => checkpoint);
}
