import { bounded, callsOf, MOST_CHARACTERS, roleOf, textOf, type FlowItem } from "./flow";
import { isOver, newRun, type Run, type SessionModel } from "./session";
import { drop, forget, fractionOf, hasEnded, keepNewest, newTask, noteOf, put, type Task } from "./tasks";
import type { EventHeader, Failure, Json, MessageDelta, StepwireEvent, StoppedTask } from "./wire";

/**
 * The session after these events, which follow those in it without a gap. Those that it has seen are passed over, so that
 * what comes twice counts once. The model that was given stays as it is.
 */
export function reduce(model: SessionModel, events: readonly StepwireEvent[]): SessionModel {
  const fresh = events.filter((event) => event.params.seq > model.seq);
  if (fresh.length === 0) return model;
  const asks = fresh.some((event) => event.method === "input.requested");
  const asked = asks ? new Map(model.asked) : model.asked;
  const draft: Draft = { ...model, runs: [...model.runs], versions: { ...model.versions }, asked: asked as Map<string, number> };
  const own = new Set<string>();
  for (const event of fresh) {
    if (event.params.seq <= draft.seq && event.method !== "session.deleted") continue;
    draft.seq = Math.max(draft.seq, event.params.seq);
    apply(draft, runOf(draft, own, event.params), event);
  }
  for (const run of draft.runs) if (own.has(run.id)) bound(run);
  if (asks) keepNewest(draft.asked);
  return draft;
}

/** A model that a batch may change; `asked` only where the batch asks. */
type Draft = SessionModel & { asked: Map<string, number> };

/** A run keeps so much, however long it is: what is older is the server's to tell. */
function bound(run: Run): void {
  run.flow = bounded(run.flow);
  keepNewest(run.checkpoints);
  const old = forget(run.tasks);
  if (old.length === 0) return;
  const seq = old.reduce((last, task) => Math.max(last, task.endSeq ?? 0), run.left.seq);
  run.left = { tasks: run.left.tasks + old.length, seq };
}

/** The event's run, as a copy that this batch may change. */
function runOf(draft: Draft, own: Set<string>, { run_id, seq }: EventHeader): Run {
  const at = draft.runs.findLastIndex((run) => run.id === run_id);
  if (at < 0) {
    const run = newRun(run_id, seq);
    draft.runs.push(run);
    own.add(run_id);
    return run;
  }
  const found = draft.runs[at] as Run;
  if (own.has(run_id)) return found;
  own.add(run_id);
  const copy = { ...found, tasks: new Map(found.tasks), nodes: new Map(found.nodes), flow: [...found.flow], checkpoints: new Map(found.checkpoints) };
  draft.runs[at] = copy;
  return copy;
}

const time = (at: string): number => Date.parse(at);

function apply(draft: Draft, run: Run, event: StepwireEvent): void {
  const { seq, at } = event.params;
  const versions = draft.versions;
  switch (event.method) {
    case "session.status": {
      const { status, query, input } = event.params;
      draft.status = run.status = status;
      versions.state += 1;
      versions.questions += 1;
      draft.expiresAt = null;
      const asked = query ?? input;
      if (asked !== undefined) {
        run.question = asked;
        run.flow.push({ kind: "question", key: `q${seq}`, seq, value: asked });
      }
      if (status === "running" && run.startedAt === null) run.startedAt = time(at);
      if (status === "running") {
        draft.stopped = null;
        run.endedAt = null;
      }
      if (isOver(status)) {
        run.endedAt = time(at);
        draft.stopped = null;
        settle(run, time(at));
        if (status === "cancelled") note(run, seq, "warn", "The run was cancelled.");
      }
      break;
    }
    case "node.started": {
      const { task_id, path, node, parent_task_id, step, attempt } = event.params;
      const before = run.tasks.get(task_id);
      const again = before !== undefined && before.startSeq > 0 && !before.past;
      const task = newTask({
        id: task_id,
        path,
        node,
        parent: parent_task_id,
        step,
        attempt,
        startedAt: again ? before.startedAt : time(at),
        startSeq: again ? before.startSeq : seq,
      });
      put(run.tasks, run.nodes, task);
      break;
    }
    case "node.finished": {
      const { duration_ms, cached, path, node, task_id, parent_task_id, step } = event.params;
      end(run, { id: task_id, path, node, parent: parent_task_id, step }, seq, at, {
        state: "done",
        durationMs: duration_ms,
        cached,
      });
      close(run, path);
      break;
    }
    case "node.failed": {
      const { duration_ms, error, will_retry, path, node, task_id, parent_task_id, step } = event.params;
      end(run, { id: task_id, path, node, parent: parent_task_id, step }, seq, at, {
        state: "failed",
        durationMs: duration_ms,
        error: told(error),
      });
      if (will_retry) note(run, seq, "warn", `${path} failed and is tried again: ${told(error)}`);
      close(run, path);
      break;
    }
    case "node.cancelled": {
      const { duration_ms, path, node, task_id, parent_task_id, step } = event.params;
      end(run, { id: task_id, path, node, parent: parent_task_id, step }, seq, at, {
        state: "cancelled",
        durationMs: duration_ms,
      });
      close(run, path);
      break;
    }
    case "node.blocked":
      note(run, seq, "warn", `${event.params.path ?? "A node"} has held the event loop for ${event.params.blocked_ms} ms.`);
      break;
    case "progress":
      progress(run, seq, event.params.path ?? "", event.params.task_id, event.params.data);
      break;
    case "message.delta":
      message(run, seq, event.params);
      break;
    case "state.checkpoint":
      versions.checkpoints += 1;
      if (event.params.path !== "") break;
      draft.checkpointId = event.params.checkpoint_id;
      run.checkpoints.set(event.params.checkpoint_id, seq);
      break;
    case "debug.stopped": {
      const { reason, tasks, checkpoint_id, detail } = event.params;
      draft.stopped = { reason, tasks, checkpointId: checkpoint_id, detail, seq };
      versions.state += 1;
      stand(run, tasks, at, seq);
      break;
    }
    case "debug.resumed": {
      draft.stopped = null;
      versions.state += 1;
      const released = new Set(event.params.task_ids);
      for (const task of run.tasks.values())
        if (task.state === "standing" && (released.size === 0 || released.has(task.id)))
          put(run.tasks, run.nodes, { ...task, state: "released", stop: null });
      break;
    }
    case "debug.changed":
      versions.state += 1;
      versions.checkpoints += 1;
      if (event.params.action !== "set_state" && event.params.source_checkpoint_id !== event.params.checkpoint_id)
        back(run, event.params.source_checkpoint_id, event.params.path);
      note(
        run,
        seq,
        "info",
        event.params.action === "rewind"
          ? "Went back to an earlier checkpoint."
          : event.params.action === "restart"
            ? "A node begins again."
            : `The state was edited: ${keys(event.params.values)}`,
      );
      break;
    case "debug.breakpoint":
      versions.breakpoints += 1;
      break;
    case "debug.log":
      note(run, seq, "info", `${event.params.path}: ${event.params.text}`);
      break;
    case "input.requested": {
      const { interrupt_id, value, path, task_id } = event.params;
      versions.questions += 1;
      draft.asked.delete(interrupt_id);
      draft.asked.set(interrupt_id, seq);
      run.flow.push({ kind: "asked", key: interrupt_id + seq, seq, path, value });
      const task = task_id === null ? undefined : run.tasks.get(task_id);
      if (task) put(run.tasks, run.nodes, { ...task, state: "asking" });
      break;
    }
    case "query.result":
      run.result = event.params.result;
      run.durationMs = event.params.duration_ms;
      run.usage = event.params.usage;
      run.flow.push({ kind: "result", key: `r${seq}`, seq, value: event.params.result, durationMs: event.params.duration_ms });
      break;
    case "query.failed":
      run.error = event.params.error;
      run.durationMs = event.params.duration_ms;
      run.usage = event.params.usage;
      run.flow.push({ kind: "failed", key: `f${seq}`, seq, text: told(event.params.error), where: placeOf(event.params.error) });
      break;
    case "session.recovered":
      note(run, seq, "warn", RECOVERED[event.params.reason] ?? "The run goes on from its last checkpoint.");
      break;
    case "session.expiring":
      draft.expiresAt = event.params.removed_at;
      break;
    case "session.deleted":
      draft.deleted = true;
      break;
  }
}

const RECOVERED: Record<string, string> = {
  restart: "The server was restarted; the run goes on from its last checkpoint.",
  storage: "The server's disk failed; the run goes on from its last checkpoint.",
  blocked: "Another run held the event loop; this one goes on elsewhere.",
  reload: "The graph was loaded anew; the run goes on with it.",
  resume: "The failed run goes on from its last checkpoint.",
};

export function told(error: Failure): string {
  return error.message ? `${error.type}: ${error.message}` : error.type;
}

function placeOf(error: Failure): string | null {
  const line = error.file === null ? null : `${error.file}:${error.line ?? "?"}`;
  return [error.node, line].filter(Boolean).join(" · ") || null;
}

function keys(values: Json): string {
  return values !== null && typeof values === "object" ? Object.keys(values).join(", ") : "";
}

function note(run: Run, seq: number, tone: "info" | "warn" | "bad", text: string): void {
  run.flow.push({ kind: "note", key: `n${seq}`, seq, tone, text });
}

function end(
  run: Run,
  named: Pick<Task, "id" | "path" | "node" | "parent" | "step">,
  seq: number,
  at: string,
  outcome: Partial<Task>,
): void {
  const before = run.tasks.get(named.id) ?? newTask({ ...named, startedAt: time(at), startSeq: seq });
  put(run.tasks, run.nodes, { ...before, endedAt: time(at), endSeq: seq, stop: null, ...outcome });
}

/** When a run is over, nothing of it stands or runs. */
function settle(run: Run, at: number): void {
  for (const task of [...run.tasks.values()]) {
    if (hasEnded(task)) continue;
    if (task.startSeq === 0) drop(run.tasks, run.nodes, task);
    else put(run.tasks, run.nodes, { ...task, state: "cancelled", endedAt: at, stop: null });
  }
}

/** These tasks stand, and no others. */
function stand(run: Run, stopped: StoppedTask[], at: string, seq: number): void {
  const ids = new Set(stopped.map((one) => one.task_id));
  for (const task of [...run.tasks.values()]) {
    if ((task.state !== "standing" && task.state !== "released") || ids.has(task.id)) continue;
    if (task.startSeq === 0) drop(run.tasks, run.nodes, task);
    else put(run.tasks, run.nodes, { ...task, state: "done", stop: null });
  }
  for (const one of stopped) {
    const before =
      run.tasks.get(one.task_id) ??
      newTask({ id: one.task_id, path: one.path, node: one.node, parent: one.parent_task_id, startedAt: time(at), startSeq: 0 });
    const state = one.reason === "interrupt" ? "asking" : "standing";
    put(run.tasks, run.nodes, { ...before, state, stop: one, endSeq: before.endSeq ?? seq });
  }
}

/** The session went back: what came after that checkpoint counts no more. */
function back(run: Run, checkpoint: string | null, path: string): void {
  const since = checkpoint === null ? 0 : (run.checkpoints.get(checkpoint) ?? 0);
  for (const task of [...run.tasks.values()]) {
    if (path !== "" && !task.path.startsWith(`${path}/`)) continue;
    if (task.endSeq !== null && task.endSeq <= since && task.state === "done") continue;
    if (task.startSeq === 0) drop(run.tasks, run.nodes, task);
    else put(run.tasks, run.nodes, { ...task, past: true });
  }
  if (since < run.left.seq) recount(run, path);
}

/** How many of those that are not kept count no more is not known: in there, only those that are kept are counted. */
function recount(run: Run, path: string): void {
  const inside = (one: string) => path === "" || one.startsWith(`${path}/`);
  const total = () => [...run.nodes.values()].reduce((sum, tally) => sum + tally.total, 0);
  const before = total();
  for (const one of [...run.nodes.keys()]) if (inside(one)) run.nodes.delete(one);
  for (const task of [...run.tasks.values()]) {
    if (task.past || !inside(task.path)) continue;
    run.tasks.delete(task.id);
    put(run.tasks, run.nodes, task);
  }
  if (total() !== before) run.uncounted = true;
}

function progress(run: Run, seq: number, path: string, taskId: string | null, data: Json): void {
  const fraction = fractionOf(data);
  const text = noteOf(data);
  const task = taskId === null ? undefined : run.tasks.get(taskId);
  if (task) run.tasks.set(task.id, { ...task, fraction: fraction ?? task.fraction, note: text });
  const key = `p${taskId ?? path}`;
  // One line a task, wherever it is; it is looked for among the newest.
  const at = run.flow.findLastIndex((item) => item.key === key);
  const before = at < 0 ? undefined : run.flow[at];
  if (before?.kind === "progress")
    run.flow[at] = { ...before, note: text, fraction: fraction ?? before.fraction, count: before.count + 1 };
  else run.flow.push({ kind: "progress", key, seq, path, note: text, fraction, count: 1 });
}

function message(run: Run, seq: number, given: MessageDelta): void {
  const role = roleOf(given.role);
  const whole = given.message !== null && typeof given.message === "object" && !Array.isArray(given.message) ? given.message : {};
  const calls = callsOf(given.message);
  const toolName = role === "tool" && typeof whole["name"] === "string" ? whole["name"] : null;
  const key = `m${given.message_id ?? `${given.path ?? ""}#${given.partial ? "" : seq}`}`;
  const at = run.flow.findLastIndex((item) => item.key === key);
  const before = at < 0 ? undefined : run.flow[at];
  if (before?.kind !== "message") {
    const text = given.delta || (given.partial ? "" : textOf(whole["content"]));
    run.flow.push({ kind: "message", key, seq, role, text, path: given.path, calls, toolName, open: given.partial });
    return;
  }
  const item: FlowItem = { ...before, calls: calls.length ? calls : before.calls, open: given.partial };
  if (given.partial) item.text = clipped(before.text + given.delta);
  else item.text = textOf(whole["content"]) || given.delta || before.text;
  run.flow[at] = item;
}

function clipped(text: string): string {
  return text.length > MOST_CHARACTERS ? `… ${text.slice(-MOST_CHARACTERS / 2)}` : text;
}

/** A node that ended writes no more. */
function close(run: Run, path: string): void {
  for (let at = run.flow.length - 1; at >= 0 && at > run.flow.length - 50; at--) {
    const item = run.flow[at] as FlowItem;
    if (item.kind === "message" && item.open && item.path === path) run.flow[at] = { ...item, open: false };
  }
}
