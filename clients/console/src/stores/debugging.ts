import { isRpcError } from "@stepwire/client";

import { isOver } from "../model/session";
import type { Breakpoint, Json, StepParams } from "../model/wire";
import { attempt, tell } from "./notices";
import { server } from "./server";
import type { OpenSession } from "./session";

type Draft = Pick<Breakpoint, "enabled" | "condition" | "hit_count" | "log" | "when">;

/** See that the session may be debugged. Throws `RpcError`, `ConnectionLost`. */
export async function attach(open: OpenSession): Promise<void> {
  if (open.record.get()?.debug_mode) return;
  await server.client.call("debug.attach", { session_id: open.id });
  await open.refresh();
}

export function attachTo(open: OpenSession): Promise<void> {
  return attempt(() => attach(open)).then(() => undefined);
}

export async function detach(open: OpenSession): Promise<void> {
  await attempt(() => server.client.call("debug.detach", { session_id: open.id }));
  await open.refresh();
}

/** Set a node's breakpoint as it is in `draft`, or take it away. */
export async function setBreakpoint(open: OpenSession, path: string, draft: Draft | null): Promise<void> {
  await attempt(async () => {
    await attach(open);
    const before = open.breakpoints.get().find((one) => one.node_name === path);
    const when = before?.when ?? "before";
    if (before !== undefined && (draft === null || (draft.when ?? "before") !== when))
      await server.client.call("debug.removeBreakpoint", { session_id: open.id, node_name: path, when });
    if (draft !== null)
      await server.client.call("debug.setBreakpoint", { session_id: open.id, node_name: path, ...draft });
    await open.lookAtStops();
  });
}

export function toggleBreakpoint(open: OpenSession, path: string): Promise<void> {
  const there = open.breakpoints.get().some((one) => one.node_name === path);
  return setBreakpoint(open, path, there ? null : { enabled: true });
}

/** A step of one task that stands, or of all. */
export async function step(open: OpenSession, mode: StepParams["mode"], taskId: string | null = null): Promise<void> {
  await attempt(() => server.client.call("debug.step", { session_id: open.id, mode: mode ?? "over", ...(taskId ? { task_id: taskId } : {}) }));
}

export async function runTo(open: OpenSession, path: string): Promise<void> {
  await attempt(() => server.client.call("debug.step", { session_id: open.id, node_name: path }));
}

export async function goOn(open: OpenSession, taskId: string | null = null): Promise<void> {
  await attempt(() => server.client.call("debug.continue", { session_id: open.id, ...(taskId ? { task_id: taskId } : {}) }));
}

export async function pause(open: OpenSession): Promise<void> {
  await attempt(async () => {
    await attach(open);
    await server.client.call("debug.pause", { session_id: open.id });
  });
}

export async function breakOnError(open: OpenSession, errors: boolean | string[]): Promise<void> {
  const before = open.errors.get();
  open.errors.set(errors);
  const done = await attempt(async () => {
    await attach(open);
    await server.client.call("debug.breakOnError", { session_id: open.id, errors });
    return true;
  });
  if (!done) open.errors.set(before);
}

/** Put a value in the place of one; of what a task is given, where one is named. Says whether it was taken. */
export async function edit(open: OpenSession, pointer: string, value: Json, taskId: string | null): Promise<boolean> {
  const done = await attempt(async () => {
    await attach(open);
    await server.client.call("debug.setState", {
      session_id: open.id,
      value_path: pointer,
      value,
      ...(taskId ? { task_id: taskId } : {}),
    });
    return true;
  });
  return done ?? false;
}

/** Go back to a checkpoint, and run from there at once or stand there. */
export async function rewind(open: OpenSession, checkpointId: string, rerun: boolean): Promise<boolean> {
  const done = await attempt(async () => {
    await attach(open);
    await server.client.call("debug.rewind", { session_id: open.id, checkpoint_id: checkpointId, rerun });
    return true;
  });
  return done ?? false;
}

/**
 * Run one node again, to its end; what ran or stands beside it stays as it is. A node of a subgraph that the session is not inside
 * any more is come to anew from the node of the top graph that holds it: what is before it in there runs again too.
 */
export async function again(open: OpenSession, path: string, taskId: string | null = null): Promise<void> {
  await attempt(async () => {
    await attach(open);
    try {
      await server.client.call("debug.restartNode", { session_id: open.id, ...(taskId ? { task_id: taskId } : { node_name: path }), run: true });
    } catch (error) {
      const top = path.split("/")[0] as string;
      if (taskId !== null || top === path || !isRpcError(error, "node_not_found")) throw error;
      tell(`${top} is entered anew: what comes before ${path} in there runs again too.`);
      const { task_id } = await server.client.call("debug.restartNode", { session_id: open.id, node_name: top });
      // All that comes behind this is of the step.
      const { seq } = await server.client.call("session.get", { session_id: open.id });
      await server.client.call("debug.step", { session_id: open.id, node_name: path, task_id });
      const task = await standing(open, path, seq);
      if (task !== null) await server.client.call("debug.step", { session_id: open.id, mode: "over", task_id: task });
    }
  });
}

/** The task of a node that stands behind an event; null where the session comes to rest without it, or to its end. */
function standing(open: OpenSession, path: string, since: number): Promise<string | null> {
  return new Promise((resolve) => {
    const look = () => {
      const { status, seq, stopped } = open.model.get();
      const rests = stopped !== null && stopped.seq > since;
      if (!rests && !(isOver(status) && seq > since) && !open.closed) return;
      stop();
      resolve(rests ? (stopped.tasks.find((task) => task.path === path)?.task_id ?? null) : null);
    };
    const stop = open.model.subscribe(look);
    look();
  });
}
