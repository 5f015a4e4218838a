import type { Json } from "./wire";

/** A line of a value shown as a tree. `pointer` is its JSON Pointer. */
export interface Line {
  pointer: string;
  name: string;
  depth: number;
  value: Json;
  /** `more` stands for members that were not fetched yet. */
  kind: "open" | "closed" | "leaf" | "more";
  /** How many members it has; of `more`, how many are missing. */
  length: number;
  /** Which of the members of what it is in it is, from 1 on, and how many those are. */
  place: number;
  of: number;
}

/** A value that a server cut, and as much of it as it showed. */
export interface CutValue {
  type: string;
  length: number;
  bytes: number;
  beginning?: Json;
  ref?: string;
}

export function cutOf(value: Json): CutValue | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const cut = value["$cut"];
  if (cut === undefined || cut === null || typeof cut !== "object" || Array.isArray(cut)) return null;
  return cut as unknown as CutValue;
}

/** Whether something of a value was cut, so that it cannot be put anywhere as it is. */
export function isCut(value: Json): boolean {
  if (value === null || typeof value !== "object") return false;
  return cutOf(value) !== null || Object.values(value).some(isCut);
}

/** Text that is longer than a line of a tree shows; it can be opened like what has members. */
export function isLong(value: Json): boolean {
  const cut = cutOf(value);
  if (cut) return cut.type === "string";
  return typeof value === "string" && (value.length > 300 || value.split("\n", 6).length > 5);
}

export const escape = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** The members of a value, by name; of a cut one those that are at hand. */
export function members(value: Json): [string, Json][] | null {
  const cut = cutOf(value);
  if (cut) return cut.beginning === undefined || typeof cut.beginning === "string" ? [] : members(cut.beginning);
  if (Array.isArray(value)) return value.map((one, at) => [String(at), one]);
  if (value !== null && typeof value === "object") return Object.entries(value);
  return null;
}

export function isBranch(value: Json): boolean {
  const cut = cutOf(value);
  if (cut) return cut.type === "object" || cut.type === "array";
  return value !== null && typeof value === "object";
}

export function lengthOf(value: Json): number {
  const cut = cutOf(value);
  if (cut) return cut.length;
  if (Array.isArray(value)) return value.length;
  return value !== null && typeof value === "object" ? Object.keys(value).length : 0;
}

/**
 * The lines of what is open of a value. `fetched` has, by pointer, the members that were asked for of a value that was cut. With a
 * `search`, only lines that have the text, what they are in, and what is in those whose name has it. `texts` are those that were
 * asked for, by pointer.
 */
export function linesOf(
  value: Json,
  open: ReadonlySet<string>,
  fetched: ReadonlyMap<string, [string, Json][]>,
  search = "",
  texts: ReadonlyMap<string, string> = new Map(),
): Line[] {
  const lines: Line[] = [];
  const wanted = search.trim().toLowerCase();
  const walk = (name: string, one: Json, pointer: string, depth: number, within: boolean, place: number, of: number): boolean => {
    const at = lines.length;
    const branch = isBranch(one);
    const named = within || name.toLowerCase().includes(wanted);
    let hit = named || (!branch && (texts.get(pointer) ?? textOf(one)).toLowerCase().includes(wanted));
    if (!branch) {
      if (hit) lines.push({ pointer, name, depth, value: one, kind: "leaf", length: 0, place, of });
      return hit;
    }
    const all = lengthOf(one);
    const opened = open.has(pointer) || wanted !== "";
    lines.push({ pointer, name, depth, value: one, kind: opened ? "open" : "closed", length: all, place, of });
    if (opened) {
      const inner = fetched.get(pointer) ?? members(one) ?? [];
      for (const [n, [key, member]] of inner.entries()) if (walk(key, member, `${pointer}/${escape(key)}`, depth + 1, named, n + 1, all)) hit = true;
      if (inner.length < all && (wanted === "" || hit))
        lines.push({ pointer: `${pointer}#more`, name: "", depth: depth + 1, value: null, kind: "more", length: all - inner.length, place: inner.length + 1, of: all });
    }
    if (!hit) lines.length = at;
    return hit;
  };
  const top: [string, Json][] = members(value) ?? [["", value]];
  for (const [n, [key, member]] of top.entries()) walk(key, member, `/${escape(key)}`, 0, false, n + 1, Math.max(top.length, lengthOf(value)));
  return lines;
}

/** What of a value was cut and is not at hand, in order: by pointer, how many members, or one text. */
export function notLoaded(
  value: Json,
  fetched: ReadonlyMap<string, [string, Json][]>,
  texts: ReadonlyMap<string, string>,
): { pointer: string; kind: "members" | "text"; count: number }[] {
  const found: { pointer: string; kind: "members" | "text"; count: number }[] = [];
  const walk = (one: Json, pointer: string): void => {
    const cut = cutOf(one);
    if (!isBranch(one)) {
      if (cut?.type === "string" && (texts.get(pointer)?.length ?? 0) < cut.length) found.push({ pointer, kind: "text", count: 1 });
      return;
    }
    const inner = fetched.get(pointer) ?? members(one) ?? [];
    for (const [key, member] of inner) walk(member, `${pointer}/${escape(key)}`);
    if (inner.length < lengthOf(one)) found.push({ pointer, kind: "members", count: lengthOf(one) - inner.length });
  };
  for (const [key, member] of members(value) ?? [["", value]]) walk(member, `/${escape(key)}`);
  return found;
}

/** What a leaf shows. */
export function textOf(value: Json): string {
  const cut = cutOf(value);
  if (cut) return typeof cut.beginning === "string" ? `${cut.beginning}…` : `${cut.type}, ${cut.bytes} bytes`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The value's type in a word, as the graph's author would call it. */
export function typeOf(value: Json): string {
  const cut = cutOf(value);
  if (cut) return cut.type;
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "object") {
    const object = value["$object"];
    if (object !== null && typeof object === "object" && !Array.isArray(object)) return String(object["type"]);
    for (const [key, word] of [["$bytes", "bytes"], ["$float", "number"], ["$array", "array"], ["$table", "table"]] as const)
      if (key in value) return word;
    return "object";
  }
  return typeof value;
}

/** The pointers of what differs between two values, and of what holds it. */
export function changedPointers(before: Json, after: Json): Set<string> {
  const found = new Set<string>();
  const walk = (a: Json | undefined, b: Json | undefined, pointer: string): boolean => {
    if (a === b) return false;
    const [left, right] = [a === undefined ? null : members(a), b === undefined ? null : members(b)];
    let changed = false;
    if (left && right && Array.isArray(a) === Array.isArray(b)) {
      const theirs = new Map(left);
      for (const [key, value] of right) if (walk(theirs.get(key), value, `${pointer}/${escape(key)}`)) changed = true;
      if (left.length !== right.length) changed = true;
      // Of what was cut there is only the beginning; how large it is tells of the rest.
      if (cutOf(a as Json)?.bytes !== cutOf(b as Json)?.bytes) changed = true;
    } else {
      changed = JSON.stringify(a) !== JSON.stringify(b);
    }
    if (changed) found.add(pointer);
    return changed;
  };
  walk(before, after, "");
  return found;
}
