// The extension as an editor runs it: what it registers is called as VS Code calls it.

import assert from "node:assert/strict";
import * as fs from "node:fs";
import { type AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { WebSocketServer } from "ws";
import { debug, editor, Range, Uri, window } from "./editor";
import { activated, call, disposed, registered, session, tick } from "./support";

const SOURCE = `async def rank(state):
    best = state["hits"][0]
    return {"answer": best, "asked": state.query}

graph = builder.compile()
`;
const document = {
  uri: Uri.file("/home/ada/research.py"),
  languageId: "python",
  getText: () => SOURCE,
  lineAt: (line: number) => ({ text: SOURCE.split("\n")[line] ?? "" }),
};
const SESSION = { session_id: "s1", session_name: "first", graph: "research", status: "paused", query: "q" };
const CHECKPOINTS = [
  { checkpoint_id: "c2", path: "", step: 1, next: [], current: true, rewindable: true },
  { checkpoint_id: "c1", path: "literature", step: 0, next: ["rank"], current: false, rewindable: true },
  { checkpoint_id: "c0", path: "gone", step: 0, next: [], current: false, rewindable: false },
];

const DEBUGGERS: string[] = [];

const asked: [string, any][] = []; // eslint-disable-line
let server: WebSocketServer;

before(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.on("listening", resolve));
  server.on("connection", (socket) =>
    socket.on("message", (text) => {
      const { id, method, params } = JSON.parse(String(text));
      asked.push([method, params]);
      const results: Record<string, unknown> = {
        "session.watch": { cursor: "start" },
        "session.list": { sessions: [SESSION] },
        "debug.history": { checkpoints: CHECKPOINTS },
        "debug.detach": { debuggers: DEBUGGERS },
      };
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: results[method] ?? {} }));
    }),
  );
  editor.settings.set("url", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  activated();
});
after(() => {
  disposed();
  for (const socket of server.clients) socket.terminate();
  server.close();
});
beforeEach(() => {
  editor.answers.length = editor.shown.length = editor.started.length = asked.length = 0;
  window.activeTextEditor = undefined;
  debug.activeDebugSession = undefined;
});

test("the adapter is the command of the settings, that of the chosen interpreter or the folder's environment, or the one on the path", async () => {
  const made = async (within?: string, configuration = {}) => {
    const workspaceFolder = within === undefined ? undefined : { uri: Uri.file(within) };
    const { command, args } = await registered("adapter").createDebugAdapterDescriptor({ workspaceFolder, configuration });
    return [command, args];
  };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "stepwire-extension-"));
  const installed = (...parts: string[]) => {
    const file = path.join(folder, ...parts);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "");
    return file;
  };
  // VS Code's Python extension, with what is chosen in it, for a folder and for none.
  let chosen: string | undefined;
  const python = { environments: { getActiveEnvironmentPath: (of?: Uri) => ({ path: of?.fsPath === folder ? chosen : "python" }) } };
  try {
    assert.deepEqual(await made(), ["stepwire", ["dap"]]);
    assert.deepEqual(await made(folder), ["stepwire", ["dap"]]);
    const own = installed(".venv", "bin", "stepwire");
    assert.deepEqual(await made(folder), [own, ["dap"]]);
    editor.extensions.set("ms-python.python", { activate: async () => python });
    chosen = "python";
    assert.deepEqual([await made(folder), await made()], [[own, ["dap"]], ["stepwire", ["dap"]]]);
    // One in which it is not installed is not taken.
    chosen = installed("conda", "bin", "python");
    assert.deepEqual(await made(folder), [own, ["dap"]]);
    const its = installed("conda", "bin", "stepwire");
    assert.deepEqual(await made(folder), [its, ["dap"]]);
    assert.deepEqual(await made(folder, { python: "/else/python" }), [own, ["dap"]]);
    chosen = installed("windows", "python.exe");
    const script = installed("windows", "Scripts", "stepwire.exe");
    assert.deepEqual(await made(folder), [script, ["dap"]]);
    editor.settings.set("command", ["/venv/bin/python", "-m", "stepwire"]);
    assert.deepEqual(await made(folder), ["/venv/bin/python", ["-m", "stepwire", "dap"]]);
    editor.settings.delete("command");
    // One that is too old, or cannot begin, is as one that is not there.
    editor.extensions.set("ms-python.python", { activate: async () => ({}) });
    assert.deepEqual(await made(folder), [own, ["dap"]]);
    editor.extensions.set("ms-python.python", { activate: () => Promise.reject(new Error("it cannot begin")) });
    assert.deepEqual(await made(folder), [own, ["dap"]]);
  } finally {
    editor.settings.delete("command");
    editor.extensions.clear();
    fs.rmSync(folder, { recursive: true });
  }
});

test("above a compiled graph stands what debugs it", async () => {
  const [lens, ...more] = registered("lenses").provideCodeLenses(document);
  assert.deepEqual(more, []);
  assert.equal(lens.range.start.line, 4);
  assert.equal(lens.command.title, "Debug this graph");
  await call(lens.command.command, ...lens.command.arguments);
  assert.equal(editor.started[0].program, "/home/ada/research.py:graph");
  assert.equal(editor.started[0].request, "launch");
});

test("F5 without a configuration debugs the file's graph, and asks what it shall be asked", async () => {
  const { resolveDebugConfiguration: resolve } = registered("configuration");
  window.activeTextEditor = { document };
  editor.answers.push("GLP-1");
  const config = await resolve({ uri: Uri.file("/home/ada") }, {});
  assert.deepEqual(
    [config.type, config.program, config.query, config.cwd],
    ["stepwire", "/home/ada/research.py:graph", "GLP-1", "/home/ada"],
  );
  // Who closes the box starts nothing.
  assert.equal(await resolve(undefined, {}), undefined);
  window.activeTextEditor = { document: { ...document, getText: () => "x = 1" } };
  editor.shown.length = 0;
  assert.equal(await resolve(undefined, {}), undefined);
  assert.match(editor.shown[0][0], /no compiled graph/);
  window.activeTextEditor = undefined;
  assert.equal(await resolve(undefined, {}), undefined);
  // Of several graphs it asks which one; who chooses none starts nothing.
  const several = { ...document, getText: () => `inner = a.compile()\n${SOURCE}` };
  window.activeTextEditor = { document: several };
  editor.shown.length = 0;
  assert.equal(await resolve(undefined, {}), undefined);
  assert.deepEqual(editor.shown[0][0], ["inner", "graph"]);
  editor.answers.push("graph", "GLP-1");
  assert.equal((await resolve(undefined, {})).program, "/home/ada/research.py:graph");
  window.activeTextEditor = undefined;
  // One that says all is asked nothing.
  const own = { type: "stepwire", request: "launch", program: "x.py:g", input: {}, cwd: "/else" };
  assert.deepEqual(await resolve({ uri: Uri.file("/home/ada") }, own), own);
});

test("from the palette the graph of the file that is open is debugged, as by F5", async () => {
  await call("stepwire.debugGraph");
  assert.match(editor.shown[0][0], /Open a Python file/);
  window.activeTextEditor = { document: { ...document, getText: () => "x = 1" } };
  await call("stepwire.debugGraph");
  assert.match(editor.shown[1][0], /no compiled graph/);
  // Of several graphs it asks which one; who chooses none starts nothing.
  window.activeTextEditor = { document: { ...document, getText: () => `inner = a.compile()\n${SOURCE}` } };
  await call("stepwire.debugGraph");
  assert.deepEqual([editor.shown[2][0], editor.started], [["inner", "graph"], []]);
  editor.answers.push("inner");
  await call("stepwire.debugGraph");
  window.activeTextEditor = { document };
  await call("stepwire.debugGraph");
  assert.deepEqual(
    editor.started.map(({ type, request, program }) => [type, request, program]),
    ["inner", "graph"].map((name) => ["stepwire", "launch", `/home/ada/research.py:${name}`]),
  );
});

test("beside the lines of the node that stands are the values that they name, and not beside another's", async () => {
  const source = `${SOURCE}\n\nasync def other(state):\n    return {"answer": state["query"]}\n`;
  const open = { ...document, lineAt: (line: number) => ({ text: source.split("\n")[line] ?? "" }) };
  const values = (stoppedLocation: Range, visible = new Range(0, 0, 20, 0)) =>
    registered("values")
      .provideInlineValues(open, visible, { stoppedLocation })
      .map((one: any) => [one.range.start.line, one.expression]); // eslint-disable-line
  const [best, query] = [[1, 'state["hits"][0]'], [2, "state.query"]];
  assert.deepEqual(values(new Range(0, 0, 2, 0)), [best, query]);
  assert.deepEqual(values(new Range(7, 0, 8, 0)), [[8, 'state["query"]']]);
  assert.deepEqual(values(new Range(0, 0, 2, 0), new Range(2, 0, 20, 0)), [query]);
  assert.deepEqual(values(new Range(0, 0, 2, 0), new Range(0, 0, 1, 0)), [best]);
  // A frame that does not say where it ends: the line it stands at, or the node's own lines where its graph is drawn.
  assert.deepEqual(values(new Range(1, 0, 1, 0)), [best]);
  debug.activeDebugSession = session();
  await call("stepwire.showGraph");
  assert.deepEqual(values(new Range(0, 0, 0, 0)), [best, query]);
  assert.deepEqual(values(new Range(8, 0, 8, 0)), [[8, 'state["query"]']]);
  // What the frame says counts first.
  assert.deepEqual(values(new Range(0, 0, 1, 0)), [best]);
});

test("a node that asks opens a box, whose answer goes back", async () => {
  const one = session();
  editor.answers.push("yes");
  editor.custom.fire({ session: one, event: "stepwire/asks", body: { text: "Go on?", interruptId: "i1" } });
  await tick();
  assert.equal(editor.shown[0][0].prompt, "Go on?");
  assert.deepEqual(one.requests, [["stepwire/respond", { interruptId: "i1", text: "yes" }]]);
  // A closed box answers nothing; another debugger's events are not ours.
  editor.custom.fire({ session: one, event: "stepwire/asks", body: { text: "Again?", interruptId: "i2" } });
  editor.custom.fire({ session: session("python"), event: "stepwire/asks", body: {} });
  await tick();
  assert.equal(one.requests.length, 1);
  assert.equal(editor.shown.length, 2);
  // It can be opened again.
  debug.activeDebugSession = one;
  editor.answers.push("no");
  call("stepwire.respond");
  await tick();
  assert.deepEqual(one.requests[1], ["stepwire/respond", { interruptId: undefined, text: "no" }]);
});

test("of nodes that ask at once each is asked when the one before is answered", async () => {
  const [one, gone] = [session(), session()];
  const asks = (of: unknown, number: number) =>
    editor.custom.fire({ session: of, event: "stepwire/asks", body: { text: `Question ${number}?`, interruptId: `i${number}` } });
  const prompts = () => editor.shown.map(([given]) => given.prompt ?? given);
  const answers: ((answer?: string) => void)[] = [];
  for (const _ of [1, 2, 3, 4]) editor.answers.push(new Promise((resolve) => answers.push(resolve)));
  asks(one, 1);
  asks(one, 2);
  asks(gone, 3);
  asks(one, 4);
  await tick();
  assert.deepEqual(prompts(), ["Question 1?"]);
  answers[0]("first");
  await tick();
  assert.deepEqual(prompts(), ["Question 1?", "Question 2?"]);
  assert.deepEqual(one.requests, [["stepwire/respond", { interruptId: "i1", text: "first" }]]);
  // One that cannot be answered any more says so, and keeps none from being asked.
  one.customRequest = () => Promise.reject(new Error("it is answered"));
  answers[1]("second");
  await tick();
  assert.deepEqual(prompts().slice(2), ["it is answered", "Question 3?"]);
  // What an ended session asks is closed, or not asked at all.
  asks(gone, 5);
  editor.ended.fire(gone);
  await tick();
  assert.deepEqual(prompts().slice(4), ["Question 4?"]);
  answers[3]();
  await tick();
  assert.deepEqual([prompts().length, gone.requests], [5, []]);
});

test("the tree lists a server's sessions: one is debugged, goes back, and is deleted", { timeout: 20_000 }, async () => {
  const tree = registered("sessions");
  const [item, ...more] = await tree.getChildren();
  assert.deepEqual(more, []);
  assert.deepEqual([item.label, item.description, item.iconPath.id], ["first", "research, paused", "debug-pause"]);
  await call("stepwire.attach", item);
  assert.deepEqual(
    [editor.started[0].request, editor.started[0].sessionId, editor.started[0].url],
    ["attach", "s1", editor.settings.get("url")],
  );
  // The editor debugs it then, and the list does not.
  const LIST = { session_id: "s1", debugger_id: "Code, list of sessions 0123abcd" };
  const debugging = () => asked.filter(([method]) => method === "debug.attach" || method === "debug.detach");
  assert.deepEqual(debugging(), [["debug.detach", LIST]]);
  // Where that could not begin, the list goes on.
  editor.begins = false;
  await call("stepwire.attach", item);
  editor.begins = true;
  assert.equal(debugging().length, 1);
  // Only what can be gone back to is offered; who chooses nothing moves nothing.
  let drawn = 0;
  tree.onDidChangeTreeData(() => drawn++);
  await call("stepwire.rewind", item);
  assert.deepEqual(editor.shown[0][0].map((one: { detail: string }) => one.detail), ["c2", "c1"]);
  assert.ok(!asked.some(([method]) => method === "debug.rewind"));
  editor.answers.push(editor.shown[0][0][1]);
  await call("stepwire.rewind", item);
  const moved = asked.filter(([method]) => /^debug\.(attach|rewind)$/.test(method));
  assert.deepEqual(moved.map(([method]) => method), ["debug.attach", "debug.rewind"]);
  assert.deepEqual([moved[1][1].session_id, moved[1][1].checkpoint_id], ["s1", "c1"]);
  assert.deepEqual(moved[0][1], LIST);
  assert.ok(drawn > 0);
  // Left to who debugs it beside the list, or let go.
  for (const [others, said] of [[["ann", ""], "ann, a client that gave no name still"], [[], "nobody debugs it any more"]] as const) {
    DEBUGGERS.splice(0, DEBUGGERS.length, ...others);
    await call("stepwire.detach", item);
    assert.deepEqual(debugging().at(-1), ["debug.detach", LIST]);
    assert.match(editor.shown.at(-1)![0], new RegExp(`^first: .*${said}$`));
  }
  // Deleted only by who is sure.
  await call("stepwire.delete", item);
  assert.ok(!asked.some(([method]) => method === "session.delete"));
  editor.answers.push("Delete");
  await call("stepwire.delete", item);
  const [, gone] = asked.find(([method]) => method === "session.delete") ?? [];
  assert.equal(gone.session_id, "s1");
});
