import { useEffect, useRef, useState } from "react";

import { changedPointers } from "../model/tree";
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
}

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
  return { members, texts, changed, more, text };
}
