import { useEffect, useRef, useState } from "react";

import { useStore } from "../lib/store";
import { changedPointers } from "../model/tree";
import type { InspectResult, Json } from "../model/wire";
import { said } from "./notices";
import { server } from "./server";
import type { OpenSession } from "./session";

const PAGE = 200;

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
  const before = useRef<{ key: string; values: Json } | null>(null);
  useEffect(() => {
    let gone = false;
    const look = async () => {
      try {
        const found = await server.client.call("debug.inspect", {
          session_id: open.id,
          ...(taskId ? { task_id: taskId } : {}),
          ...(checkpointId ? { checkpoint_id: checkpointId } : {}),
        });
        if (gone) return;
        const key = `${found.path}`;
        if (before.current?.key === key) {
          const pointers = changedPointers(before.current.values, found.values);
          if (pointers.size > 0) setChanged(pointers);
        } else {
          setChanged(new Set());
        }
        before.current = { key, values: found.values };
        setResult(found);
        setFailure(null);
      } catch (error) {
        if (!gone) setFailure(said(error));
      }
    };
    const timer = setTimeout(() => void look(), result === null ? 0 : 150);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
    // `result` only says whether this is the first look.
  }, [open, taskId, checkpointId, version, asked]);
  return { result, changed, failure, again: () => setAsked((value) => value + 1) };
}

/** Some members of a value of the state that was cut. Throws `RpcError`, `ConnectionLost`. */
export async function fetchMembers(
  open: OpenSession,
  where: { taskId: string | null; checkpointId: string | null },
  pointer: string,
  start: number,
): Promise<{ members: [string, Json][] }> {
  const { values } = await server.client.call("debug.inspect", {
    session_id: open.id,
    value_path: pointer,
    start,
    count: PAGE,
    ...(where.taskId ? { task_id: where.taskId } : {}),
    ...(where.checkpointId ? { checkpoint_id: where.checkpointId } : {}),
  });
  const members: [string, Json][] = Array.isArray(values)
    ? values.map((value, at) => [String(start + at), value])
    : values !== null && typeof values === "object"
      ? Object.entries(values)
      : [["", values]];
  return { members };
}
