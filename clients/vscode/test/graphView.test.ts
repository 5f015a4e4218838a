// The drawing beside the editor, with the page's own script: what a person sees of it.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { debug, editor, FunctionBreakpoint, Location, Position, SourceBreakpoint, Uri } from "./editor";
import { activated, call, disposed, DRAWING, registered, session, tick, written } from "./support";

type Session = ReturnType<typeof session>;
const DARK = { __start__: "", literature: "", "literature/rank": "", "<b>": "", tools: "" };

const light = (one: Session, path: string, state: string) =>
  editor.custom.fire({ session: one, event: "stepwire/node", body: { path, state } });
const at = (line: number, enabled = true) =>
  new SourceBreakpoint(new Location(Uri.file("/home/ada/research.py"), new Position(line - 1, 0)), enabled);
const lines = () => (debug.breakpoints as SourceBreakpoint[]).map((one) => one.location.range.start.line + 1);

async function click(panel: { click(path: string): void }, path: string) {
  panel.click(path);
  await tick();
}

/** What an editor's tracker sees of an adapter: a request, and its answer. */
function requested(one: Session, command: string) {
  const tracker = registered("tracker").createDebugAdapterTracker(one);
  tracker.onWillReceiveMessage({ type: "request", command });
  return async (success = true) => {
    tracker.onDidSendMessage({ type: "response", command, success });
    await tick();
  };
}

async function shown(one: Session) {
  debug.activeDebugSession = one;
  await call("stepwire.showGraph");
  await tick();
  return editor.panels.at(-1);
}

before(activated);
after(disposed);
beforeEach(() => {
  for (const panel of editor.panels) panel.dispose();
  editor.shown.length = editor.panels.length = debug.breakpoints.length = 0;
  debug.activeDebugSession = undefined;
});

test("the drawing shows what runs", async () => {
  await call("stepwire.showGraph");
  assert.match(editor.shown[0][0], /Debug a graph first/);
  const one = session();
  light(one, "literature", "running");
  const panel = await shown(one);
  assert.equal(panel.title, "research");
  assert.match(panel.webview.html, /default-src 'none'/);
  assert.doesNotMatch(panel.webview.html, /<b>/);
  // What was told before it was opened is shown too.
  assert.deepEqual(panel.drawn(), { ...DARK, literature: "running" });
  light(one, "literature/rank", "stopped");
  light(one, "literature", "finished");
  light(one, "nowhere", "running");
  assert.deepEqual(panel.drawn(), { ...DARK, literature: "finished", "literature/rank": "stopped" });
  editor.ended.fire(one);
  assert.deepEqual(panel.drawn(), DARK);
  // Closed, it is made anew.
  panel.dispose();
  await shown(one);
  assert.equal(editor.panels.length, 2);
});

test("a click sets a dot, and another takes away those that are there", async () => {
  const panel = await shown(session());
  await click(panel, "literature/rank");
  const [dot] = debug.breakpoints as SourceBreakpoint[];
  assert.deepEqual([dot.location.uri.fsPath, lines()], ["/home/ada/research.py", [1]]);
  assert.deepEqual(panel.drawn(), { ...DARK, "literature/rank": "dotted" });
  await click(panel, "literature/rank");
  assert.deepEqual([debug.breakpoints, panel.drawn()], [[], DARK]);
  // A dot that was set in the source, anywhere in the function; one that is off is none.
  debug.addBreakpoints([at(3, false)]);
  assert.deepEqual(panel.drawn(), DARK);
  debug.addBreakpoints([at(3)]);
  assert.deepEqual(panel.drawn(), { ...DARK, "literature/rank": "dotted" });
  debug.removeBreakpoints(debug.breakpoints);
  // A node that is a graph has no function: its dot is by its path. The beginning has none.
  await click(panel, "literature");
  assert.deepEqual(debug.breakpoints, [new FunctionBreakpoint("literature")]);
  assert.deepEqual(panel.drawn(), { ...DARK, literature: "dotted" });
  await click(panel, "literature");
  await click(panel, "__start__");
  assert.deepEqual([debug.breakpoints, panel.drawn()], [[], DARK]);
});

test("a function breakpoint by name, path or pattern is a dot, wherever it was set", async () => {
  const panel = await shown(session());
  for (const [name, dots] of [
    ["rank", ["literature/rank"]],
    ["literature", ["literature"]],
    ["*/r?nk", ["literature/rank"]],
    ["*", ["literature", "literature/rank", "<b>", "tools"]],
    ["[!a]b>", ["<b>"]],
    ["[!<]b>", []],
    ["nothing", []],
  ] as [string, string[]][]) {
    // One that is off is none.
    debug.addBreakpoints([new FunctionBreakpoint(name, false)]);
    assert.deepEqual(panel.drawn(), DARK);
    debug.addBreakpoints([new FunctionBreakpoint(name)]);
    assert.deepEqual(panel.drawn(), { ...DARK, ...Object.fromEntries(dots.map((one) => [one, "dotted"])) }, name);
    debug.removeBreakpoints(debug.breakpoints);
  }
  debug.addBreakpoints([new FunctionBreakpoint("rank"), at(1)]);
  await click(panel, "literature/rank");
  assert.deepEqual(debug.breakpoints, []);
});

test("a dot in any of a node's functions is the node's", async () => {
  const panel = await shown(session());
  for (const line of [20, 24, 30, 39]) {
    debug.addBreakpoints([at(line)]);
    assert.deepEqual(panel.drawn(), { ...DARK, tools: "dotted" }, `line ${line}`);
    await click(panel, "tools");
    assert.deepEqual([debug.breakpoints, panel.drawn()], [[], DARK]);
  }
  // A line of a function inside another is the inner one's; one between them is nobody's.
  debug.addBreakpoints([at(34), at(27)]);
  assert.deepEqual(panel.drawn(), DARK);
  // A click sets one at the first of them.
  await click(panel, "tools");
  assert.deepEqual(lines(), [34, 27, 20]);
});

test("hidden and shown again, the drawing is as if it had been seen all the time", async () => {
  const one = session();
  const panel = await shown(one);
  light(one, "literature", "running");
  panel.hide();
  light(one, "literature", "finished");
  light(one, "<b>", "stopped");
  debug.addBreakpoints([at(9)]);
  panel.reveal();
  await tick();
  assert.deepEqual(panel.drawn(), { ...DARK, literature: "finished", "<b>": "dotted stopped" });
  // What ended or was taken away meanwhile is not there; the command brings it to the front.
  panel.hide();
  debug.removeBreakpoints(debug.breakpoints);
  light(one, "<b>", "running");
  await shown(one);
  assert.deepEqual([editor.panels.length, panel.drawn()], [1, { ...DARK, literature: "finished", "<b>": "running" }]);
  panel.hide();
  editor.ended.fire(one);
  panel.reveal();
  await tick();
  assert.deepEqual(panel.drawn(), DARK);
});

test("a session that begins is drawn with the code as it is now", async () => {
  const [one, next] = [session(), session()];
  const panel = await shown(one);
  light(one, "<b>", "finished");
  editor.ended.fire(one);
  next.graph = { ...DRAWING, graph: "edited", functions: [written("literature/rank", 4, 6)] };
  light(next, "literature/rank", "stopped");
  debug.addBreakpoints([at(5)]);
  await requested(next, "launch")();
  assert.equal(panel.title, "edited");
  assert.deepEqual(panel.drawn(), { ...DARK, "literature/rank": "dotted stopped" });
  await click(panel, "literature/rank");
  await click(panel, "literature/rank");
  assert.deepEqual(lines(), [4]);
  // The same session, restarted: what ran before runs no more.
  next.graph = { ...DRAWING, graph: "again" };
  light(next, "tools", "running");
  const answer = requested(next, "restart");
  light(next, "<b>", "running");
  await answer();
  assert.equal(panel.title, "again");
  assert.deepEqual(panel.drawn(), { ...DARK, "<b>": "running" });
  // One that could not begin, or has ended by then, changes nothing; nor does another answer.
  next.graph = { ...DRAWING, graph: "not asked for" };
  await requested(next, "restart")(false);
  await requested(next, "continue")();
  next.customRequest = () => Promise.reject(new Error("the debugging has ended"));
  await requested(next, "restart")();
  assert.equal(panel.title, "again");
  // Where nothing is drawn nothing is asked for.
  panel.dispose();
  const last = session();
  await requested(last, "attach")();
  assert.deepEqual([last.requests, editor.panels.length], [[], 1]);
});

test("the drawing is one session's, whatever others do", async () => {
  const [one, other] = [session(), session()];
  other.graph = { ...DRAWING, graph: "other" };
  const panel = await shown(one);
  await requested(other, "launch")();
  light(one, "literature", "running");
  light(other, "literature", "failed");
  light(other, "<b>", "running");
  assert.deepEqual([panel.title, panel.drawn()], ["research", { ...DARK, literature: "running" }]);
  // The other one is shown by command, with what it did before.
  await shown(other);
  assert.deepEqual([panel.title, panel.drawn()], ["other", { ...DARK, literature: "failed", "<b>": "running" }]);
  // So is one of the same graph.
  const same = session();
  await shown(same);
  light(same, "tools", "running");
  await shown(one);
  assert.deepEqual(panel.drawn(), { ...DARK, literature: "running" });
  editor.ended.fire(other);
  assert.deepEqual(panel.drawn(), { ...DARK, literature: "running" });
  // The next one is drawn when its own has ended, not one whose end came before its drawing.
  editor.ended.fire(one);
  const [late, next] = [session(), session()];
  let described = (_: unknown): void => {};
  late.customRequest = () => new Promise((resolve) => (described = resolve));
  await requested(late, "launch")();
  editor.ended.fire(late);
  described({ ...DRAWING, graph: "late" });
  await tick();
  assert.equal(panel.title, "research");
  next.graph = { ...DRAWING, graph: "next" };
  await requested(next, "launch")();
  assert.deepEqual([panel.title, panel.drawn()], ["next", DARK]);
});
