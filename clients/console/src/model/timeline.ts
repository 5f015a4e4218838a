import type { Task } from "./tasks";

/** A task's bar: times are milliseconds since 1970, `row` is counted from above. */
export interface Bar {
  task: Task;
  from: number;
  to: number;
  row: number;
}

export interface Timeline {
  bars: Bar[];
  /** How many tasks it was given of which there is no bar, as they are older. */
  left: number;
  rows: number;
  from: number;
  to: number;
}

/** At most so many bars; of more, the newest. */
const MOST_BARS = 4000;

/** The tasks as bars: what is inside of a task is below it, what runs side by side is on rows of its own. */
export function timelineOf(tasks: Iterable<Task>, now: number): Timeline {
  const all = [...tasks].filter((task) => task.startedAt > 0 && task.startSeq > 0).sort((a, b) => a.startSeq - b.startSeq);
  const started = all.slice(-MOST_BARS);
  const left = all.length - started.length;
  const ids = new Set(started.map((task) => task.id));
  const children = new Map<string | null, Task[]>();
  for (const task of started) {
    const parent = task.parent !== null && ids.has(task.parent) ? task.parent : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(task);
    else children.set(parent, [task]);
  }
  const bars: Bar[] = [];
  const rows = pack(children, null, 0, now, bars);
  const from = Math.min(...bars.map((bar) => bar.from));
  const to = Math.max(...bars.map((bar) => bar.to));
  return bars.length ? { bars, left, rows, from, to: Math.max(to, from + 1) } : { bars, left, rows: 0, from: now, to: now + 1 };
}

/** Put a task's children from a row on; how many rows they take. */
function pack(children: Map<string | null, Task[]>, parent: string | null, row: number, now: number, bars: Bar[]): number {
  // Which block is on a row, by the time at which it ends.
  const busy: number[] = [];
  for (const task of (children.get(parent) ?? []).sort((a, b) => a.startedAt - b.startedAt || a.startSeq - b.startSeq)) {
    const own: Bar[] = [];
    const height = 1 + (children.has(task.id) ? pack(children, task.id, 0, now, own) : 0);
    const to = Math.max(task.endedAt ?? now, task.startedAt, ...own.map((bar) => bar.to));
    let at = 0;
    while (!free(busy, at, height, task.startedAt)) at += 1;
    for (let line = at; line < at + height; line++) busy[line] = to;
    bars.push({ task, from: task.startedAt, to, row: row + at });
    for (const bar of own) bars.push({ ...bar, row: bar.row + row + at + 1 });
  }
  return busy.length;
}

function free(busy: number[], at: number, height: number, from: number): boolean {
  for (let line = at; line < at + height; line++) if ((busy[line] ?? 0) > from) return false;
  return true;
}
