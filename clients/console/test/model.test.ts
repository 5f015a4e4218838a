import { expect, test } from "vitest";

import { linked } from "../src/model/citations";
import { EventLog, PIECE } from "../src/model/eventLog";
import { answerOf } from "../src/model/flow";
import { layOut } from "../src/model/graphLayout";
import { lanesOf, tipsOf } from "../src/model/lanes";
import { askedOf, decisions } from "../src/model/questions";
import { format, parse } from "../src/model/route";
import { fractionOf, newTask } from "../src/model/tasks";
import { timelineOf } from "../src/model/timeline";
import { changedPointers, linesOf } from "../src/model/tree";
import type { CheckpointSummary, GraphNode } from "../src/model/wire";
import { stream } from "./events";

test.each(["#/", "#/session/a", "#/session/a/events", "#/session/a/event/7", "#/session/a/checkpoint/c", "#/session/a/compare/c/d"])(
  "the address %s is the same after a reload",
  (hash) => expect(format(parse(hash))).toBe(hash),
);

test.each([
  [{ done: 1, total: 4 }, 0.25],
  [{ fraction: 0.5 }, 0.5],
  [{ percent: 30 }, 0.3],
  [{ progress: 60 }, 0.6],
  [{ done: 5, total: 4 }, null],
  ["text", null],
])("the fraction of %j", (data, fraction) => expect(fractionOf(data)).toBe(fraction));

test("the log keeps every type, and of the events the pieces looked at last", () => {
  const event = stream();
  const log = new EventLog();
  log.add(Array.from({ length: PIECE * 20 }, (_, at) => (at % 2 ? event("progress", { data: at }) : event("debug.log", { text: "" }))));
  expect(log.count).toBe(PIECE * 20);
  expect(log.at(1)).toBeUndefined();
  expect(log.at(PIECE * 20 - 1)).toBeDefined();
  expect(log.typeOf(2)).toBe("progress");
  expect(log.numbers(new Set(["progress"])).slice(0, 3)).toEqual(new Uint32Array([2, 4, 6]));
});

test("bars: inside is below, side by side is apart, one after another share a row", () => {
  const task = (id: string, from: number, to: number, parent: string | null = null) =>
    newTask({ id, path: id, node: id, parent, startedAt: from, endedAt: to, startSeq: from, state: "done" });
  const { bars, rows } = timelineOf([task("a", 1, 10), task("in", 2, 5, "a"), task("b", 3, 9), task("c", 11, 12)], 20);
  const row = Object.fromEntries(bars.map((bar) => [bar.task.id, bar.row]));
  expect(row).toEqual({ a: 0, in: 1, b: 2, c: 0 });
  expect(rows).toBe(3);
});

test("a line of checkpoints forks where the session went back", () => {
  const one = (id: string, parent: string | null, current = false) =>
    ({ checkpoint_id: id, parent_checkpoint_id: parent, current, path: "" }) as CheckpointSummary;
  const { rows, lanes } = lanesOf([one("f2", "f1", true), one("f1", "b"), one("d", "c"), one("c", "b"), one("b", "a"), one("a", null)]);
  expect(lanes).toBe(2);
  expect(rows.map((row) => row.lane)).toEqual([0, 0, 1, 1, 0, 0]);
  expect(tipsOf(rows).map((tip) => tip.checkpoint_id)).toEqual(["f2", "d"]);
});

test("a value as lines: what is closed is one, what was cut can be asked for", () => {
  const value = { a: [1, 2], big: { $cut: { type: "array", length: 500, bytes: 9, beginning: [7] } } };
  expect(linesOf(value, new Set(), new Map()).map((line) => line.kind)).toEqual(["closed", "closed"]);
  const lines = linesOf(value, new Set(["/a", "/big"]), new Map());
  expect(lines.map((line) => line.kind)).toEqual(["open", "leaf", "leaf", "open", "leaf", "more"]);
  expect(lines.at(-1)?.length).toBe(499);
  expect(linesOf(value, new Set(), new Map(), "2").map((line) => line.pointer)).toEqual(["/a", "/a/1"]);
});

test("what changed is marked, and what holds it", () => {
  expect(changedPointers({ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } })).toEqual(new Set(["/a/c", "/a", ""]));
  expect(changedPointers({ a: 1 }, { a: 1 }).size).toBe(0);
});

test("the payload of LangChain's middleware, and the answer that it takes", () => {
  const asked = askedOf({
    action_requests: [{ name: "mail", args: { to: "a" }, description: "?" }],
    review_configs: [{ action_name: "mail", allowed_decisions: ["approve", "reject"] }],
  });
  expect(asked).toMatchObject({ kind: "actions", actions: [{ name: "mail", allowed: ["approve", "reject"] }] });
  if (asked.kind !== "actions") return;
  expect(decisions(asked.actions, [{ type: "edit", args: { to: "b" } }])).toEqual({
    decisions: [{ type: "edit", edited_action: { name: "mail", args: { to: "b" } } }],
  });
});

test.each([
  [{ answer: "yes" }, "yes"],
  [{ messages: [{ type: "ai", content: [{ type: "text", text: "hi" }] }] }, "hi"],
  [{ rows: [] }, null],
])("the answer in %j", (result, answer) => expect(answerOf(result)).toBe(answer));

test("an open subgraph is drawn inside of its node", () => {
  const node = (id: string, path: string, subgraph: GraphNode["subgraph"] = null) =>
    ({ id, path, type: "node", label: id, position: { x: 0, y: 0 }, subgraph }) as GraphNode;
  const inner = { nodes: [node("x", "sub/x")], edges: [] } as unknown as GraphNode["subgraph"];
  const drawing = { nodes: [node("sub", "sub", inner), node("end", "end")], edges: [{ id: "e", source: "sub", target: "end", type: "direct", conditional: false, label: null }] };
  const [sub, x] = layOut(drawing as never, new Set(["sub"])).nodes;
  expect(x?.parent).toBe("sub");
  expect((x?.x ?? 0) + (x?.width ?? 0)).toBeLessThanOrEqual(sub?.width ?? 0);
  expect((x?.y ?? 0) + (x?.height ?? 0)).toBeLessThanOrEqual(sub?.height ?? 0);
  expect(layOut(drawing as never, new Set()).nodes).toHaveLength(2);
});

test("citations lead to where their references lead", () => {
  const text = "So it is [1][2], not [3].\n\n1. A [paper](https://a.example/1)\n2. B <https://b.example>";
  expect(linked(text)).toContain("[\\[1\\]](https://a.example/1)");
  expect(linked(text)).toContain("[\\[2\\]](https://b.example)");
  expect(linked(text)).toContain("not [3].");
  expect(linked("a[0] and [1]")).toBe("a[0] and [1]");
});
