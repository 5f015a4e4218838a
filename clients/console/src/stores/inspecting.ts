import { useEffect, useRef, useState } from "react";

import { useStore } from "../lib/store";
import { Throttle } from "../lib/throttle";
import { escape, isCut } from "../model/tree";
import type { InspectResult, Json } from "../model/wire";
import { said } from "./notices";
import { server } from "./server";
import type { OpenSession } from "./session";

const PAGE = 200;
/** Shortest time between two looks at a state that changes. */
const LOOK_MS = 150;

export interface Looked {
  result: InspectResult | null;
  /** What is another value than it was when the session stood before. */
  changed: ReadonlySet<string>;
  failure: string | null;
  again: () => void;
}

/** What a session's state is: now (asked for anew as it changes), or at a checkpoint. */
export function useInspect(open: OpenSession, taskId: string | null, checkpointId: string | null): Looked {
  const { versions } = useStore(open.model);
  const version = checkpointId === null ? versions.state + versions.checkpoints : 0;
  const [result, setResult] = useState<InspectResult | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState(0);
  const throttle = useRef<Throttle | null>(null);
  useEffect(() => {
    const look = async () => {
      try {
        const found = await server.client.call("debug.inspect", {
          session_id: open.id,
          ...(taskId ? { task_id: taskId } : {}),
          ...(checkpointId ? { checkpoint_id: checkpointId } : {}),
        });
        if (mine.stopped) return;
        if (checkpointId === null) setChanged(open.looked.at(found));
        setResult(found);
        setFailure(null);
      } catch (error) {
        if (!mine.stopped) setFailure(said(error));
      }
    };
    const mine = new Throttle(look, LOOK_MS);
    throttle.current = mine;
    return () => mine.stop();
  }, [open, taskId, checkpointId]);
  useEffect(() => throttle.current?.ask(), [open, taskId, checkpointId, version, asked]);
  return { result, changed, failure, again: () => setAsked((value) => value + 1) };
}

/** Largest text that is fetched to be read, in characters. */
export const MOST_TEXT = 100_000;
/** Largest value that is fetched to be edited, in bytes of JSON. */
export const MOST_EDITED = 1_000_000;

/** What gives more of a value that a server cut. Its methods throw `RpcError`, `ConnectionLost`. */
export interface Reader {
  /** Some members of the value at a JSON Pointer, from the nth on. */
  members(pointer: string, start: number): Promise<[string, Json][]>;
  /** As much of a text as a person reads. */
  text(pointer: string): Promise<string>;
  /** The value with all that was cut out of it. */
  whole(pointer: string): Promise<Json>;
}

/** Reads the state of a session: what a task gets, or what it is at a checkpoint; now, where neither is named. */
export function readerOf(open: OpenSession, taskId: string | null, checkpointId: string | null): Reader {
  const page = (pointer: string, start: number, count: number | null) =>
    server.client.call("debug.inspect", {
      session_id: open.id,
      value_path: pointer,
      start,
      ...(count === null ? {} : { count }),
      ...(taskId ? { task_id: taskId } : {}),
      ...(checkpointId ? { checkpoint_id: checkpointId } : {}),
    });
  const text = async (pointer: string, most: number) => {
    let found = "";
    for (let start: number | null = 0; start !== null && found.length < most; ) {
      const { values, page: told }: InspectResult = await page(pointer, start, null);
      found += String(values);
      start = told?.next_start ?? null;
    }
    return found;
  };
  const whole = async (pointer: string): Promise<Json> => {
    const first = await page(pointer, 0, null);
    if (typeof first.values === "string") return first.page?.next_start ? text(pointer, Infinity) : first.values;
    const found: [string, Json][] = [];
    for (let one: InspectResult = first; ; one = await page(pointer, one.page?.next_start ?? 0, null)) {
      for (const [key, value] of membersOf(one)) found.push([key, isCut(value) ? await whole(`${pointer}/${escape(key)}`) : value]);
      if ((one.page?.next_start ?? null) === null) break;
    }
    if (Array.isArray(first.values)) return found.map(([, value]) => value);
    return first.values !== null && typeof first.values === "object" ? Object.fromEntries(found) : first.values;
  };
  return { members: async (pointer, start) => membersOf(await page(pointer, start, PAGE)), text: (pointer) => text(pointer, MOST_TEXT), whole };
}

function membersOf({ values, page }: InspectResult): [string, Json][] {
  if (Array.isArray(values)) return values.map((value, at) => [String((page?.start ?? 0) + at), value]);
  return values !== null && typeof values === "object" ? Object.entries(values) : [["", values]];
}
