// Microsoft's client of the Debug Adapter Protocol, for tests of adapters, steps through a graph.
// node debug_adapter.mjs STEPWIRE PROGRAM FILE RANK_LINE RANK_FIRST_LINE OTHER_LINE FAILURES
// FAILURES: JSON, a list of what else a launch is given and a pattern of why it fails.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { DebugClient } = createRequire(import.meta.url)("@vscode/debugadapter-testsupport");
const [stepwire, program, file, rank, rankFirst, other, failures] = process.argv.slice(2);

const client = new DebugClient(stepwire, "dap", "stepwire");
client.defaultTimeout = 60_000;
await client.start();

const capabilities = await client.initializeRequest();
assert.ok(capabilities.body.supportsStepBack);

// Events as they come: one may be there before it is waited for.
const stops = [];
const seen = new Map();
const waiting = [];
for (const name of ["initialized", "stopped", "continued", "terminated"]) {
  client.on(name, (event) => {
    seen.set(name, (seen.get(name) ?? 0) + 1);
    if (name === "stopped") stops.push(event.body);
    for (const wake of waiting.splice(0)) wake();
  });
}
const said = {};
client.on("output", ({ body }) => (said[body.category] = (said[body.category] ?? "") + body.output));
async function until(found) {
  while (!found()) await new Promise((wake) => waiting.push(wake));
}
async function standing(count) {
  await until(() => stops.length >= count);
  const found = {};
  for (const stop of stops.splice(0, count)) {
    const { stackFrames } = (await client.stackTraceRequest({ threadId: stop.threadId })).body;
    found[stackFrames[0].name] = { ...stop, frames: stackFrames };
  }
  return found;
}
async function state(frame) {
  const { scopes } = (await client.scopesRequest({ frameId: frame.id })).body;
  const reference = scopes.find((scope) => scope.name === "State").variablesReference;
  const { variables } = (await client.variablesRequest({ variablesReference: reference })).body;
  return { reference, ...Object.fromEntries(variables.map((one) => [one.name, one])) };
}

const launched = client.launchRequest({ program, query: "GLP-1" });
await until(() => seen.get("initialized"));
const lines = [rank, other].map((line) => ({ line: Number(line) }));
const dots = (await client.setBreakpointsRequest({ source: { path: file }, breakpoints: lines })).body.breakpoints;
assert.ok(dots.every((dot) => dot.verified));
assert.equal(dots[0].line, Number(rankFirst));
await client.configurationDoneRequest();
await launched;

// Two branches stand, one of them in a subgraph.
let at = await standing(2);
assert.deepEqual(Object.keys(at).sort(), ["other", "rank"]);
assert.deepEqual(at.rank.frames.map((frame) => frame.name), ["rank", "literature", "flow"]);
assert.equal(at.rank.frames[0].source.path, file);

// One is stepped, and the other one stands on.
await client.nextRequest({ threadId: at.other.threadId });
await until(() => seen.get("continued"));
let threads;
do threads = (await client.threadsRequest()).body.threads;
while (threads.length !== 1);
assert.equal(threads[0].name, "literature/rank");

// The state is edited where it stands.
const frames = (await client.stackTraceRequest({ threadId: at.rank.threadId })).body.stackFrames;
const shown = await state(frames[0]);
const facts = shown.facts.variablesReference;
await client.setVariableRequest({ variablesReference: facts, name: "year", value: "1999" });
await client.nextRequest({ threadId: at.rank.threadId });
at = await standing(1);
assert.match((await state(at.ask.frames[0])).said.value, /rank 1999/);

// Back, and on without the edit: the answer is the first one.
const facts_of = async (frame) => (await client.variablesRequest({ variablesReference: (await state(frame)).facts.variablesReference })).body.variables;
await client.stepBackRequest({ threadId: at.ask.threadId });
at = await standing(2);
assert.deepEqual(Object.keys(at).sort(), ["literature", "other"]);
assert.equal((await facts_of(at.literature.frames[0])).find((one) => one.name === "year").value, "2020");
await client.setBreakpointsRequest({ source: { path: file }, breakpoints: [] });
await client.continueRequest({ threadId: at.other.threadId });
await until(() => seen.get("terminated"));
assert.match(said.stdout, /"rank 2020"/);
assert.doesNotMatch(said.stdout, /rank 1999/);
await client.stop();

// A launch that fails tells why, and ends: each with an adapter of its own.
for (const [given, reason] of JSON.parse(failures)) {
  const failing = new DebugClient(stepwire, "dap", "stepwire");
  await failing.start();
  const terminated = new Promise((told) => failing.once("terminated", told));
  await failing.initializeRequest();
  await assert.rejects(failing.launchRequest({ query: "GLP-1", ...given }), (error) => {
    assert.match(error.message, new RegExp(reason));
    return true;
  });
  await terminated;
  await failing.stop();
  console.log(`refused: ${reason}`);
}
console.log("green");
