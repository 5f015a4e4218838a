import { expect, test } from "vitest";

import { reduce } from "../src/model/reduce";
import { currentRun, EMPTY } from "../src/model/session";
import { MOST_KEPT, stateOf } from "../src/model/tasks";
import { timelineOf } from "../src/model/timeline";
import type { StoppedTask } from "../src/model/wire";
import { node, stream } from "./events";

const START = { attempt: 1, triggers: [], task_key: "k" };
const END = { update: {}, duration_ms: 50, cached: false };
const stood = (path: string, task: string, reason: StoppedTask["reason"] = "breakpoint"): StoppedTask => ({
  ...node(path, task),
  reason,
  input: {},
  detail: null,
});

function begun() {
  const event = stream();
  return {
    event,
    first: [
      event("session.status", { status: "queued", previous: null, query: "why?" }),
      event("session.status", { status: "running", previous: "queued" }),
    ],
  };
}

test("a run from its question to its result", () => {
  const { event, first } = begun();
  const model = reduce(EMPTY, [
    ...first,
    event("node.started", { ...node("search", "t1"), ...START }),
    event("progress", { data: { done: 1, total: 4, message: "page 1" }, node: "search", path: "search", task_id: "t1" }),
    event("node.finished", { ...node("search", "t1"), ...END }),
    event("query.result", { result: { answer: "so" }, duration_ms: 90, usage: null }),
    event("session.status", { status: "completed", previous: "running" }),
  ]);
  const run = currentRun(model);
  expect(model.status).toBe("completed");
  expect(run?.flow.map((item) => item.kind)).toEqual(["question", "progress", "result"]);
  expect(run?.nodes.get("search")).toMatchObject({ done: 1, running: 0, total: 1, durationMs: 50 });
  expect(run?.tasks.get("t1")).toMatchObject({ fraction: 0.25, note: "page 1", state: "done" });
});

test("what comes twice counts once, and the model given stays as it is", () => {
  const { event, first } = begun();
  const started = event("node.started", { ...node("search", "t1"), ...START });
  const before = reduce(EMPTY, first);
  const after = reduce(before, [first[1] as (typeof first)[0], started, started]);
  expect(after.seq).toBe(3);
  expect(currentRun(after)?.nodes.get("search")?.total).toBe(1);
  expect(currentRun(before)?.tasks.size).toBe(0);
  expect(reduce(after, [started])).toBe(after);
});

test("in whatever pieces events come, the model is the same", () => {
  const { event, first } = begun();
  const all = [
    ...first,
    event("node.started", { ...node("a", "t1"), ...START }),
    event("message.delta", { message_id: "m", delta: "Hel", role: "AIMessageChunk", node: "a", path: "a", partial: true, message: {} }),
    event("message.delta", { message_id: "m", delta: "lo", role: "AIMessageChunk", node: "a", path: "a", partial: true, message: {} }),
    event("node.finished", { ...node("a", "t1"), ...END }),
    event("debug.stopped", { reason: "breakpoint", tasks: [stood("b", "t2")], checkpoint_id: "c", detail: null }),
  ];
  const whole = reduce(EMPTY, all);
  const single = all.reduce((model, one) => reduce(model, [one]), EMPTY);
  expect(single).toEqual(whole);
  expect(currentRun(whole)?.flow).toContainEqual(expect.objectContaining({ kind: "message", text: "Hello", open: false }));
});

test("what stands is what the last stop says", () => {
  const { event, first } = begun();
  const paused = reduce(EMPTY, [
    ...first,
    event("debug.stopped", { reason: "breakpoint", tasks: [stood("a", "t1"), stood("b", "t2")], checkpoint_id: "c", detail: null }),
    event("session.status", { status: "paused", previous: "running" }),
  ]);
  expect(stateOf(currentRun(paused)?.nodes.get("a"))).toBe("standing");
  const stepped = reduce(paused, [
    event("debug.resumed", { action: "step", task_ids: ["t1"], checkpoint_id: null }),
    event("session.status", { status: "running", previous: "paused" }),
    event("node.started", { ...node("a", "t1"), ...START }),
    event("node.finished", { ...node("a", "t1"), ...END }),
    event("debug.stopped", { reason: "step", tasks: [stood("b", "t2", "breakpoint")], checkpoint_id: "c", detail: null }),
  ]);
  expect(stateOf(currentRun(stepped)?.nodes.get("a"))).toBe("done");
  expect(stateOf(currentRun(stepped)?.nodes.get("b"))).toBe("standing");
  const over = reduce(stepped, [event("session.status", { status: "cancelled", previous: "paused" })]);
  expect(currentRun(over)?.nodes.get("b")).toBeUndefined();
  expect(over.stopped).toBeNull();
});

test("going back takes what came after out of the counts, not out of the past", () => {
  const { event, first } = begun();
  const done = reduce(EMPTY, [
    ...first,
    event("node.started", { ...node("a", "t1"), ...START }),
    event("node.finished", { ...node("a", "t1"), ...END }),
    event("state.checkpoint", { checkpoint_id: "c1", parent_checkpoint_id: null, path: "", step: 1, source: "loop", next: ["b"] }),
    event("node.started", { ...node("b", "t2"), ...START }),
    event("node.finished", { ...node("b", "t2"), ...END }),
  ]);
  const back = reduce(done, [
    event("debug.changed", { action: "rewind", checkpoint_id: "c9", source_checkpoint_id: "c1", path: "", values: {}, removed: [], as_node: null, task_id: null }),
  ]);
  const run = currentRun(back);
  expect(run?.nodes.get("a")?.done).toBe(1);
  expect(run?.nodes.get("b")).toBeUndefined();
  expect(run?.tasks.get("t2")?.past).toBe(true);
});

test("100,000 events of tasks and checkpoints: counts are exact, the newest are kept, what was given is not changed", { timeout: 120_000 }, () => {
  const { event, first } = begun();
  let model = reduce(EMPTY, first);
  const started = (at: number) => event("node.started", { ...node("each", `t${at}`), ...START });
  const finished = (at: number) => event("node.finished", { ...node("each", `t${at}`), ...END });
  const tasks = 33_332;
  // One is there from the first to the last.
  model = reduce(model, [event("node.started", { ...node("outer", "outer"), ...START })]);
  for (let at = 0; at < tasks; at += 100) {
    const batch = [];
    for (let one = at; one < Math.min(at + 100, tasks); one++)
      batch.push(started(one), finished(one), event("state.checkpoint", { checkpoint_id: `c${one}`, path: "" }));
    const before = currentRun(model);
    const sizes = [before?.tasks.size, before?.checkpoints.size, before?.nodes.get("each")?.total];
    model = reduce(model, batch);
    expect([before?.tasks.size, before?.checkpoints.size, before?.nodes.get("each")?.total]).toEqual(sizes);
    expect(currentRun(model)?.tasks.size).toBeLessThanOrEqual(MOST_KEPT + 1);
    expect(currentRun(model)?.checkpoints.size).toBeLessThanOrEqual(MOST_KEPT);
  }
  const run = currentRun(model);
  expect(model.seq).toBe(99_999);
  expect(run?.nodes.get("each")).toMatchObject({ done: tasks, running: 0, total: tasks, durationMs: tasks * 50 });
  expect(run?.nodes.get("outer")).toMatchObject({ running: 1, total: 1 });
  expect(run?.left.tasks).toBe(tasks - MOST_KEPT);
  expect(run?.tasks.has(`t${tasks - MOST_KEPT}`)).toBe(true);
  expect(run?.tasks.has(`t${tasks - MOST_KEPT - 1}`)).toBe(false);
  expect(run?.tasks.get("outer")?.state).toBe("running");
  expect(run?.checkpoints.has(`c${tasks - 1}`)).toBe(true);
  const line = timelineOf(run?.tasks.values() ?? [], 0);
  expect(line.bars.length + line.left).toBe(MOST_KEPT + 1);
  // What ended last is kept, though it began first.
  const ended = currentRun(reduce(model, [event("node.finished", { ...node("outer", "outer"), ...END })]));
  expect(ended?.tasks.get("outer")).toMatchObject({ state: "done", startSeq: 3, endSeq: 100_000 });
  expect(ended?.tasks.size).toBe(MOST_KEPT);
});

test("going back to what is kept counts rightly; to before what is not kept, only what is kept is counted, and it is said", { timeout: 60_000 }, () => {
  const { event, first } = begun();
  const events = [...first];
  for (let at = 0; at < MOST_KEPT + 10; at++)
    events.push(
      event("node.started", { ...node("each", `t${at}`), ...START }),
      event("node.finished", { ...node("each", `t${at}`), ...END }),
      event("state.checkpoint", { checkpoint_id: `c${at}`, path: "" }),
    );
  const model = reduce(EMPTY, events);
  const goBack = (to: string) =>
    currentRun(reduce(model, [event("debug.changed", { action: "rewind", source_checkpoint_id: to, checkpoint_id: "new", path: "" })]));
  const near = goBack(`c${MOST_KEPT}`);
  expect(near?.nodes.get("each")).toMatchObject({ done: MOST_KEPT + 1, total: MOST_KEPT + 1 });
  expect(near?.uncounted).toBe(false);
  const far = goBack("c1");
  expect(far?.nodes.get("each")).toBeUndefined();
  expect(far?.uncounted).toBe(true);
});

test("of questions the newest are known, each by the event that asked it last", () => {
  const { event, first } = begun();
  const asks = (id: string) => event("input.requested", { interrupt_id: id, value: null, path: "a", task_id: null });
  const early = asks("again");
  const many = Array.from({ length: MOST_KEPT }, (_, at) => asks(`q${at}`));
  const late = asks("again");
  const before = reduce(EMPTY, [...first, early]);
  const model = reduce(before, [...many, late]);
  expect(before.asked.size).toBe(1);
  expect(model.asked.size).toBe(MOST_KEPT);
  expect(model.asked.get("again")).toBe(late.params.seq);
  expect(model.asked.has("q0")).toBe(false);
});
