// What a reader is handed, and when the server is asked: no order of frames and breaks loses, repeats or strands one.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventName, StepwireEvent } from "../src/protocol.js";
import { Subscription } from "../src/subscription.js";

const ROOM = 100;

function events(...seqs: number[]): StepwireEvent[] {
  return seqs.map((seq) => ({
    jsonrpc: "2.0",
    method: "progress",
    params: { session_id: "one", run_id: "run", seq, at: "", data: null, node: null, path: null, task_id: null },
  }));
}

function attached(types: EventName[] | null = null): Subscription {
  const subscription = new Subscription<EventName>("one", 0, types, ROOM);
  subscription.attaching();
  subscription.attached(0);
  return subscription;
}

async function taken(subscription: Subscription): Promise<number[]> {
  return ((await subscription.take()) ?? []).map((event) => event.params.seq);
}

test("what was seen before is left out", async () => {
  const subscription = attached();
  subscription.offer(events(1, 2), 1);
  subscription.offer(events(2, 3), 1);
  assert.deepEqual(await taken(subscription), [1, 2, 3]);
  assert.equal(subscription.seq, 3);
});

test("a gap is asked for again", async () => {
  const subscription = attached();
  subscription.offer(events(1), 1);
  subscription.offer(events(3, 4), 1);
  assert.equal(subscription.state, "detached");
  subscription.attaching();
  subscription.offer(events(4), 1);
  assert.equal(subscription.state, "attaching");
  subscription.offer(events(2, 3, 4), 1);
  assert.deepEqual(await taken(subscription), [1, 2, 3, 4]);
});

test("with types there are gaps", async () => {
  const subscription = attached(["progress"]);
  subscription.offer(events(3, 9), 1);
  assert.deepEqual(await taken(subscription), [3, 9]);
  assert.equal(subscription.state, "attached");
});

test("a slow reader is given up, and taken up again once it has caught up", async () => {
  const subscription = attached();
  let asked = 0;
  subscription.changed = () => (asked += 1);
  subscription.offer(events(1, 2), ROOM + 1);
  assert.equal(subscription.state, "full");
  subscription.parking();
  subscription.offer(events(3), 1);
  subscription.parked();
  assert.equal(subscription.state, "parked");
  assert.deepEqual(await taken(subscription), [1, 2]);
  assert.deepEqual([subscription.state, asked], ["detached", 1]);
});

test("a break while it is given up strands nobody", async () => {
  for (const step of ["full", "parking", "parked"] as const) {
    const subscription = attached();
    subscription.offer(events(1), ROOM + 1);
    if (step !== "full") subscription.parking();
    if (step === "parked") subscription.parked();
    subscription.disconnected();
    assert.equal(subscription.state, "parked");
    assert.deepEqual(await taken(subscription), [1]);
    assert.equal(subscription.needsServer, true);
  }
});

test("who reads all while it is being given up goes on", async () => {
  const subscription = attached();
  subscription.offer(events(1), ROOM + 1);
  subscription.parking();
  await taken(subscription);
  subscription.parked();
  assert.equal(subscription.needsServer, true);
});

test("what is there can be taken after a failure", async () => {
  const subscription = attached();
  subscription.offer(events(1), 1);
  subscription.fail(new Error("gone"));
  assert.deepEqual(await taken(subscription), [1]);
  await assert.rejects(subscription.take(), /gone/);
});

test("closing ends whoever waits, and tells once", async () => {
  const subscription = attached();
  let left = 0;
  subscription.left = () => (left += 1);
  const waiting = subscription.take();
  await assert.rejects(subscription.take(), /one reader/);
  subscription.close();
  subscription.close();
  assert.equal(await waiting, null);
  assert.equal(left, 1);
});
