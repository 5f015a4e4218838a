import type { Json, StoppedTask } from "./wire";

/** What a task is doing, in the words that the page shows. */
export type TaskState = "running" | "done" | "failed" | "cancelled" | "standing" | "asking" | "released";

/** One execution of a node. Times are milliseconds since 1970. */
export interface Task {
  id: string;
  path: string;
  node: string;
  parent: string | null;
  step: number | null;
  state: TaskState;
  startedAt: number;
  endedAt: number | null;
  durationMs: number | null;
  attempt: number;
  cached: boolean;
  startSeq: number;
  endSeq: number | null;
  error: string | null;
  /** From 0 to 1, where what it writes says so. */
  fraction: number | null;
  /** The last thing it wrote that reads as a text. */
  note: string | null;
  /** Why and with what it stands. */
  stop: StoppedTask | null;
  /** The session went back to before it: it is part of what was, and counts no more. */
  past: boolean;
}

/** Of tasks that ended, of checkpoints, of questions at most so many are kept: the newest. */
export const MOST_KEPT = 5000;

/** How many tasks of a node are in which state. */
export type Tally = Record<TaskState, number> & { total: number; durationMs: number };

const NONE: Tally = {
  running: 0,
  done: 0,
  failed: 0,
  cancelled: 0,
  standing: 0,
  asking: 0,
  released: 0,
  total: 0,
  durationMs: 0,
};

export function newTask(given: Partial<Task> & Pick<Task, "id" | "path" | "node">): Task {
  return {
    parent: null,
    step: null,
    state: "running",
    startedAt: 0,
    endedAt: null,
    durationMs: null,
    attempt: 1,
    cached: false,
    startSeq: 0,
    endSeq: null,
    error: null,
    fraction: null,
    note: null,
    stop: null,
    past: false,
    ...given,
  };
}

/** Whether a task is over. */
export function hasEnded({ state }: Task): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}

/** Put a task in the place of what it was, and count it; one that ended comes behind all others. Both maps are the caller's own. */
export function put(tasks: Map<string, Task>, nodes: Map<string, Tally>, task: Task): void {
  uncount(nodes, tasks.get(task.id));
  if (hasEnded(task)) tasks.delete(task.id);
  tasks.set(task.id, task);
  if (task.past) return;
  const tally = { ...(nodes.get(task.path) ?? NONE) };
  tally.total += 1;
  tally[task.state] += 1;
  tally.durationMs += task.durationMs ?? 0;
  nodes.set(task.path, tally);
}

/** A task that never ran is no more. */
export function drop(tasks: Map<string, Task>, nodes: Map<string, Tally>, task: Task): void {
  uncount(nodes, tasks.get(task.id));
  tasks.delete(task.id);
}

/** Leave out, of the tasks that ended, those that ended first; they stay counted. Which were left out. */
export function forget(tasks: Map<string, Task>): Task[] {
  if (tasks.size <= MOST_KEPT) return [];
  const ended = [...tasks.values()].filter(hasEnded);
  const old = ended.slice(0, Math.max(0, ended.length - MOST_KEPT));
  for (const task of old) tasks.delete(task.id);
  return old;
}

/** Leave out what was put first, of more than are kept. */
export function keepNewest<Key, Value>(map: Map<Key, Value>): void {
  for (const key of map.keys()) {
    if (map.size <= MOST_KEPT) return;
    map.delete(key);
  }
}

function uncount(nodes: Map<string, Tally>, task: Task | undefined): void {
  const tally = task === undefined || task.past ? undefined : nodes.get(task.path);
  if (task === undefined || tally === undefined) return;
  const left = { ...tally, total: tally.total - 1, durationMs: tally.durationMs - (task.durationMs ?? 0) };
  left[task.state] -= 1;
  if (left.total > 0) nodes.set(task.path, left);
  else nodes.delete(task.path);
}

/** What a node is doing on the whole: what needs a person first. */
export function stateOf(tally: Tally | undefined): TaskState | "waiting" {
  if (!tally) return "waiting";
  const order: TaskState[] = ["asking", "standing", "running", "released", "failed", "cancelled", "done"];
  return order.find((state) => tally[state] > 0) ?? "waiting";
}

const PAIRS: [string, string][] = [
  ["done", "total"],
  ["completed", "total"],
  ["current", "total"],
  ["finished", "total"],
  ["step", "steps"],
  ["n", "total"],
  ["index", "count"],
];

/** The fraction from 0 to 1 that a `progress` event's data carries; null where it carries none. */
export function fractionOf(data: Json): number | null {
  if (data === null || typeof data !== "object" || Array.isArray(data)) return null;
  for (const key of ["fraction", "progress", "ratio"]) {
    const value = data[key];
    if (typeof value === "number" && value >= 0 && value <= 1) return value;
    if (key === "progress" && typeof value === "number" && value > 1 && value <= 100) return value / 100;
  }
  for (const key of ["percent", "percentage", "pct"]) {
    const value = data[key];
    if (typeof value === "number" && value >= 0 && value <= 100) return value / 100;
  }
  for (const [part, whole] of PAIRS) {
    const [a, b] = [data[part], data[whole]];
    if (typeof a === "number" && typeof b === "number" && b > 0 && a >= 0 && a <= b) return a / b;
  }
  return null;
}

const WORDS = ["message", "text", "status", "label", "note", "title", "detail", "stage"];

/** What a `progress` event's data says, in a line. */
export function noteOf(data: Json): string {
  if (typeof data === "string") return data;
  if (data !== null && typeof data === "object" && !Array.isArray(data)) {
    for (const key of WORDS) {
      const value = data[key];
      if (typeof value === "string" && value) return value;
    }
    const parts = Object.entries(data)
      .slice(0, 4)
      .map(([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`);
    return parts.join(" · ").slice(0, 300);
  }
  return JSON.stringify(data).slice(0, 300);
}
