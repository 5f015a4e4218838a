import { expect, test } from "vitest";

import { linked } from "../src/model/citations";
import { short } from "../src/model/describe";
import { EventLog, PIECE } from "../src/model/eventLog";
import { answerOf, answerPlace, contentOf } from "../src/model/flow";
import { curve, layOut, type Placed, type Point } from "../src/model/graphLayout";
import { lanesOf, tipsOf } from "../src/model/lanes";
import { LookedAt } from "../src/model/lookedAt";
import { askedOf, decisions, optionOf } from "../src/model/questions";
import { format, parse } from "../src/model/route";
import { fractionOf, newTask } from "../src/model/tasks";
import { timelineOf } from "../src/model/timeline";
import { changedPointers, isCut, isLong, linesOf } from "../src/model/tree";
import type { CheckpointSummary, GraphNode, Json } from "../src/model/wire";
import { stream } from "./events";

test.each(["#/", "#/session/a", "#/session/a/events", "#/session/a/graph", "#/session/a/event/7", "#/session/a/checkpoint/c", "#/session/a/compare/c/d"])(
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

test("a search shows what has the text, what that is in, and what is in those whose name has it", () => {
  const value = { found: [{ title: "one" }, { title: "two" }], other: { three: 3 }, big: { $cut: { type: "array", length: 500, bytes: 9, beginning: ["two"] } } };
  const found = (text: string) => linesOf(value, new Set(), new Map(), text).map((line) => line.pointer);
  expect(found("one")).toEqual(["/found", "/found/0", "/found/0/title"]);
  expect(found("OTHER")).toEqual(["/other", "/other/three"]);
  expect(found("two")).toEqual(["/found", "/found/1", "/found/1/title", "/big", "/big/0", "/big#more"]);
  expect(found("nothing of it")).toEqual([]);
});

test("what was cut is known at any depth, and what is longer than a line", () => {
  const cut = { $cut: { type: "string", length: 9000, bytes: 9002, beginning: "a" } };
  expect([isCut(cut), isCut({ a: [cut] }), isCut({ a: ["$cut"] })]).toEqual([true, true, false]);
  expect([cut, "a".repeat(301), "1\n2\n3\n4\n5\n6", "short", 7, { a: cut }].map(isLong)).toEqual([true, true, true, false, false, false]);
});

test("what changed is marked, and what holds it", () => {
  expect(changedPointers({ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } })).toEqual(new Set(["/a/c", "/a", ""]));
  expect(changedPointers({ a: 1 }, { a: 1 }).size).toBe(0);
  // Of what was cut only the beginning is there.
  const cut = (bytes: number) => ({ $cut: { type: "array", length: 500, bytes, beginning: [7] } });
  expect(changedPointers({ a: cut(9) }, { a: cut(10) })).toEqual(new Set(["/a", ""]));
});

test("marks stay until something else changes, in each graph by itself", () => {
  const looked = new LookedAt();
  const at = (path: string, a: number, b = 0) => [...looked.at({ path, values: { a, b } })];
  expect(at("", 1)).toEqual([]);
  expect(at("sub", 7)).toEqual([]);
  expect(at("", 2)).toEqual(["/a", ""]);
  expect(at("", 2)).toEqual(["/a", ""]);
  expect(at("", 2, 3)).toEqual(["/b", ""]);
  expect(at("sub", 7)).toEqual([]);
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

const CALL = { name: "mail", args: { to: "a" } };
const WITH_SCHEMA = [{ action_name: "mail", args_schema: { type: "object" } }];

test.each([
  ["Who?", "text", undefined],
  [{ question: "Who?" }, "text", undefined],
  [{ question: "Who?", draft: "Ada" }, "text", { draft: "Ada" }],
  [["a", "b"], "text", ["a", "b"]],
  [{}, "text", {}],
  [{ question: "Which?", options: ["left", 2, null] }, "choice", undefined],
  [{ options: [{ label: "Left", value: "l", description: "of the road" }] }, "choice", undefined],
  [{ question: "Which?", title: "Sides", options: ["left"] }, "choice", { title: "Sides" }],
  [{ question: "Which?", options: [{ label: "Left", cost: 3 }] }, "choice", { options: [{ label: "Left", cost: 3 }] }],
  [{ prompt: "Fill it", schema: { type: "object" } }, "form", undefined],
  [{ prompt: "Fill it", schema: { type: "object" }, found: [] }, "form", { found: [] }],
  [{ action_requests: [CALL], review_configs: [{ action_name: "mail", allowed_decisions: ["approve"] }] }, "actions", undefined],
  [{ action_requests: [CALL], thread: "t" }, "actions", { thread: "t" }],
  [{ action_requests: [{ ...CALL, risk: "high" }] }, "actions", { action_requests: [{ ...CALL, risk: "high" }] }],
  [{ action_requests: [CALL], review_configs: WITH_SCHEMA }, "actions", { review_configs: WITH_SCHEMA }],
])("of the question %j, which is %s, its form leaves %j to be shown", (value, kind, rest) => {
  const asked = askedOf(value as Json);
  expect([asked.kind, asked.rest]).toEqual([kind, rest]);
});

test.each([
  ["Tool execution requires approval\n\nTool: mail\nArgs: {'to': 'a'}", "Tool execution requires approval"],
  ["Tool: mail\nArgs: {'to': 'a'}", null],
  ["Is it right?\n\nTool: mail\nArgs: {'to': 'a'}\nBy: Ada", "Is it right?\n\nTool: mail\nArgs: {'to': 'a'}\nBy: Ada"],
  ["Tool: other\nArgs: {}", "Tool: other\nArgs: {}"],
])("of an action's description %j is shown %j, beside the call itself", (description, shown) => {
  const asked = askedOf({ action_requests: [{ ...CALL, description }] });
  expect(asked.kind === "actions" && asked.actions.map((one) => one.description)).toEqual([shown]);
});

test("an option's button has its name and what is said of it, also where that is empty", () => {
  expect(optionOf({ label: "Left", description: "of the road", value: 1 })).toEqual({ label: "Left", note: "of the road", value: 1 });
  expect([optionOf("").label, optionOf(null).label, optionOf({ label: "" }).label]).toEqual(['""', "null", '{"label":""}']);
});

test.each([
  ["", '""'],
  [" \n", '" \\n"'],
  [[], "[]"],
  [{}, "{}"],
  [null, "null"],
  [0, "0"],
  [false, "false"],
  ["a", "a"],
  [{ a: [], b: {}, c: "", d: [1], e: { f: 1 } }, 'a: [], b: {}, c: "", d: [1], e: {…}'],
])("%j in a few words is %s", (value, words) => expect(short(value as Json)).toBe(words));

test.each([
  [{ answer: "yes" }, "yes"],
  [{ messages: [{ type: "ai", content: [{ type: "text", text: "hi" }] }] }, "hi"],
  [{ rows: [] }, null],
])("the answer in %j", (result, answer) => expect(answerOf(result)).toBe(answer));

const LONG = { $cut: { type: "string", length: 9000, bytes: 9002, beginning: "# The" } };

test.each([
  [{ query: "q", answer: "yes" }, { pointer: "/answer", text: "yes" }],
  [{ answer: LONG }, { pointer: "/answer", text: null }],
  [{ report: { text: LONG } }, { pointer: "/report/text", text: null }],
  [{ messages: [{ content: "a" }, LONG] }, { pointer: "/messages/1", text: null }],
  [{ messages: { $cut: { type: "array", length: 40, bytes: 9000 } } }, { pointer: "/messages/39", text: null }],
  [{ rows: LONG }, null],
])("where the answer in %j is", (result, place) => expect(answerPlace(result)).toEqual(place));

test("the text of a message that was fetched, or of a text", () => {
  expect([contentOf("a"), contentOf({ content: [{ type: "text", text: "b" }] }), contentOf(null)]).toEqual(["a", "b", ""]);
});

test("an edge is led around what stands in its way, also inside of an open subgraph", () => {
  const node = (id: string, path: string, subgraph: GraphNode["subgraph"] = null) =>
    ({ id, path, type: "node", label: id, position: { x: 0, y: 0 }, subgraph }) as GraphNode;
  const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target, type: "direct", conditional: false, label: null });
  const names = ["a", "b", "c", "d"];
  // Past b and c to d, and back from c to a.
  const edges = [edge("a", "b"), edge("b", "c"), edge("c", "d"), edge("a", "d"), edge("c", "a")];
  const inner = { nodes: names.map((name) => node(name, `sub/${name}`)), edges } as unknown as GraphNode["subgraph"];
  const drawn = layOut({ nodes: [node("first", "first"), node("sub", "sub", inner)], edges: [edge("first", "sub")] } as never, new Set(["sub"]));
  const at = new Map(drawn.nodes.map((one) => [one.node.path, one]));
  const box = (path: string) => {
    const one = at.get(path);
    const holder = one?.parent ? at.get(one.parent) : undefined;
    const [x, y] = [(one?.x ?? 0) + (holder?.x ?? 0), (one?.y ?? 0) + (holder?.y ?? 0)];
    return { left: x, top: y, right: x + (one?.width ?? 0), bottom: y + (one?.height ?? 0) };
  };
  expect(drawn.edges).toHaveLength(6);
  for (const { source, target, points } of drawn.edges) {
    expect(points.length).toBeGreaterThan(1);
    // Each has a direction, which is its arrow's.
    points.slice(1).forEach((one, at) => expect(one, `${source} to ${target}`).not.toEqual(points[at]));
    const [first, last] = [points[0], points.at(-1)] as [{ x: number; y: number }, { x: number; y: number }];
    for (const [end, path] of [[first, source], [last, target]] as const) {
      const { left, top, right, bottom } = box(path);
      expect(end.x >= left - 1 && end.x <= right + 1 && end.y >= top - 1 && end.y <= bottom + 1, `${path} of ${source} to ${target}`).toBe(true);
    }
    const inTheWay = names.map((name) => `sub/${name}`).filter((path) => path !== source && path !== target && source !== "first");
    const way = points.slice(1).flatMap((to, at) => {
      const from = points[at] as { x: number; y: number };
      return Array.from({ length: 20 }, (_, part) => ({ x: from.x + ((to.x - from.x) * part) / 20, y: from.y + ((to.y - from.y) * part) / 20 }));
    });
    for (const path of inTheWay)
      for (const { x, y } of way) {
        const { left, top, right, bottom } = box(path);
        expect(x > left && x < right && y > top && y < bottom, `${source} to ${target} through ${path}`).toBe(false);
      }
  }
  expect(curve([{ x: 0, y: 0 }, { x: 0, y: 2 }, { x: 4, y: 6 }])).toBe("M0 0L0 2C0 4 4 4 4 6");
  expect(curve([{ x: 0, y: 0 }])).toBe("");
});

test("an edge that leads back covers no node and no label, wherever what it leaves stands", () => {
  const node = (id: string, type = "node", subgraph: GraphNode["subgraph"] = null, path = id) =>
    ({ id, path, type, label: id, position: { x: 0, y: 0 }, subgraph }) as GraphNode;
  const edge = (source: string, target: string, label: string | null = null) => ({ id: `${source}-${target}`, source, target, type: "direct", conditional: false, label });
  const inner = { nodes: ["x", "y"].map((id) => node(id, "node", null, `sub/${id}`)), edges: [edge("x", "y"), edge("y", "x")] } as unknown as GraphNode["subgraph"];
  const middle = ["one", "two", "three", "sub"];
  const nodes = [node("start", "start"), ...["parse", "clarify", "route", "one", "two", "three"].map((id) => node(id)), node("sub", "node", inner), node("write"), node("end", "end")];
  const edges = [
    edge("start", "parse"),
    edge("parse", "clarify", "it is unclear"),
    edge("parse", "route", "it is clear"),
    edge("clarify", "parse", "asked again"),
    ...middle.flatMap((id) => [edge("route", id), edge(id, "write")]),
    edge("write", "end", "done"),
    edge("write", "route", "more is wanted"),
    ...middle.map((id) => edge(id, "parse")),
    edge("two", "two", "itself"),
  ];
  const drawn = layOut({ nodes, edges } as never, new Set(["sub"]));
  const back = drawn.edges.filter((one) => one.back);
  expect(back.map((one) => one.edge.id).sort()).toEqual(["clarify-parse", "one-parse", "sub-parse", "three-parse", "two-parse", "two-two", "write-route", "y-x"]);
  const at = new Map(drawn.nodes.map((one) => [one.node.path, one]));
  const boxOf = (one: Placed) => {
    const holder = one.parent === null ? undefined : at.get(one.parent);
    const [left, top] = [one.x + (holder?.x ?? 0), one.y + (holder?.y ?? 0)];
    return { name: one.node.path, left, top, right: left + one.width, bottom: top + one.height };
  };
  const boxes = drawn.nodes.map(boxOf);
  const labels = drawn.edges.flatMap(({ edge: { id, label: text }, label }) => {
    if (text === null || label === null) return [];
    const half = text.length * 3;
    return [{ name: id, left: label.x - half, top: label.y - 8, right: label.x + half, bottom: label.y + 8 }];
  });
  const within = ({ x, y }: Point, one: (typeof boxes)[number]) => x > one.left + 0.5 && x < one.right - 0.5 && y > one.top + 0.5 && y < one.bottom - 0.5;
  for (const { source, edge: { id }, points } of back) {
    // Upright and level alone.
    points.slice(1).forEach((to, n) => expect(to.x === points[n]?.x || to.y === points[n]?.y, id).toBe(true));
    const way = points.slice(1).flatMap((to, n) => {
      const from = points[n] as Point;
      return Array.from({ length: 40 }, (_, part) => ({ x: from.x + ((to.x - from.x) * part) / 40, y: from.y + ((to.y - from.y) * part) / 40 }));
    });
    const others = [...boxes.filter((one) => !source.startsWith(`${one.name}/`)), ...labels.filter((one) => one.name !== id)];
    expect(others.filter((one) => way.some((place) => within(place, one))).map((one) => one.name), id).toEqual([]);
    for (const { x, y } of points) expect(x >= 0 && y >= 0 && x <= drawn.width && y <= drawn.height, id).toBe(true);
  }
  const overlap = (a: (typeof boxes)[number], b: (typeof boxes)[number]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  labels.forEach((one, n) => {
    expect([...boxes, ...labels.slice(n + 1)].filter((other) => overlap(one, other)).map((other) => other.name), one.name).toEqual([]);
  });
});

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
