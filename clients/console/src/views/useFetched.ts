import { useEffect, useRef, useState } from "react";

import { changedPointers, notLoaded } from "../model/tree";
import type { Json } from "../model/wire";
import { attempt } from "../stores/notices";
import type { Reader } from "../stores/inspecting";

type Members = [string, Json][];

export interface Fetched {
  /** By pointer: the members that were asked for of values that were cut. */
  members: ReadonlyMap<string, Members>;
  /** By pointer: the texts that were asked for. */
  texts: ReadonlyMap<string, string>;
  /** The pointers of what is another value among them than it was. */
  changed: ReadonlySet<string>;
  more: (pointer: string) => Promise<void>;
  text: (pointer: string) => Promise<void>;
  /** Asks for all that is missing, a piece after the other, until `stop`. */
  all: () => Promise<void>;
  stop: () => void;
  /** Whether `all` is at it. */
  busy: boolean;
}

/** After so many pieces what came is shown. */
const SHOWN_EACH = 25;

/** What was fetched of a value that was cut. With another value it is fetched anew, so that it shows what is so now. */
export function useFetched(value: Json, reader: Reader | undefined): Fetched {
  const [members, setMembers] = useState<ReadonlyMap<string, Members>>(new Map());
  const [texts, setTexts] = useState<ReadonlyMap<string, string>>(new Map());
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const shown = useRef(value);
  const more = async (pointer: string) => {
    const known = members.get(pointer) ?? [];
    const found = await attempt(async () => reader?.members(pointer, known.length));
    if (found) setMembers((before) => new Map(before).set(pointer, [...known, ...found]));
  };
  const text = async (pointer: string) => {
    const found = await attempt(async () => reader?.text(pointer));
    if (found !== undefined) setTexts((before) => new Map(before).set(pointer, found));
  };
  const [busy, setBusy] = useState(false);
  const loading = useRef<symbol | null>(null);
  const stop = () => {
    loading.current = null;
    setBusy(false);
  };
  const all = async () => {
    if (reader === undefined) return;
    const mine = (loading.current = Symbol());
    setBusy(true);
    const read = { members: new Map(members), texts: new Map(texts) };
    const show = () => {
      setMembers(new Map(read.members));
      setTexts(new Map(read.texts));
    };
    const piece = async (pointer: string, kind: "members" | "text"): Promise<number> => {
      if (kind === "text") {
        read.texts.set(pointer, await reader.text(pointer));
        return 0;
      }
      const known = read.members.get(pointer) ?? [];
      const page = await reader.members(pointer, known.length);
      read.members.set(pointer, [...known, ...page]);
      return page.length;
    };
    // What does not grow by asking is not asked for again.
    const done = new Set<string>();
    const missing = () => notLoaded(value, read.members, read.texts).filter((one) => !done.has(one.pointer));
    await attempt(async () => {
      let pieces = 0;
      for (let left = missing(); left.length > 0; left = missing())
        for (const { pointer, kind, count } of left) {
          let wanted = count;
          while (wanted > 0) {
            const came = await piece(pointer, kind);
            if (loading.current !== mine) return;
            wanted = came === 0 ? 0 : wanted - came;
            if (++pieces % SHOWN_EACH === 0) show();
          }
          done.add(pointer);
        }
    });
    if (loading.current !== mine) return;
    show();
    stop();
  };
  useEffect(
    () => () => {
      loading.current = null;
      setBusy(false);
    },
    [value],
  );
  useEffect(() => {
    if (shown.current === value || reader === undefined) return;
    shown.current = value;
    let gone = false;
    const again = async () => {
      const marks = new Set<string>();
      const next = new Map<string, Members>();
      for (const [pointer, known] of members) {
        const found: Members = [];
        while (found.length < known.length) {
          const page = await reader.members(pointer, found.length);
          if (page.length === 0) break;
          found.push(...page);
        }
        next.set(pointer, found);
        for (const inner of changedPointers(Object.fromEntries(known), Object.fromEntries(found))) if (inner) marks.add(`${pointer}${inner}`);
      }
      const read = new Map<string, string>();
      for (const pointer of texts.keys()) read.set(pointer, await reader.text(pointer));
      if (gone) return;
      setMembers(next);
      setTexts(read);
      setChanged(marks);
    };
    // What is not there any more is not shown open any more.
    again().catch(() => {
      if (gone) return;
      setMembers(new Map());
      setTexts(new Map());
    });
    return () => {
      gone = true;
    };
    // Only another value is a reason to ask again.
  }, [value]);
  return { members, texts, changed, more, text, all, stop, busy };
}
