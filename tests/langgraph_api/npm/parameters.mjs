// Every method of LangGraph's JavaScript SDK with each of its parameters; prints what each was answered, and which parameters no call has.
import { randomUUID } from "node:crypto";
import { Client } from "@langchain/langgraph-sdk";
import { elsewhere, rooms } from "./parameters_elsewhere.mjs";

const client = new Client({
  apiUrl: process.argv[2],
  apiKey: null,
  callerOptions: { maxRetries: 0 },
});
const found = {};
// `read`: what the SDK's own code looks for in what it is given; `made`: what was given.
const read = new Set();
const made = new Set();

// The names in a method's own text: it tells them nowhere else.
function parametersOf(method) {
  const text = method.toString();
  const inside = text.slice(text.indexOf("(") + 1, text.indexOf(") {"));
  return inside
    .split(",")
    .map((one) => one.split("=")[0].trim())
    .filter(Boolean);
}

function watched(name, options) {
  return new Proxy(options, {
    get(target, key) {
      if (typeof key === "string") read.add(`${name}(${key})`);
      return target[key];
    },
  });
}

// What the method gives; the status, where it is refused.
async function call(name, ...given) {
  const [room, method] = name.split(".");
  const owner = client[room];
  const parameters = parametersOf(owner[method]);
  const told = [];
  made.add(name);
  const passed = given.map((value, index) => {
    if (value === undefined) return value;
    const parameter = parameters[index];
    made.add(`${name}(${parameter})`);
    if (!["options", "payload", "query"].includes(parameter)) {
      told.push(parameter);
      return value;
    }
    for (const key of Object.keys(value)) {
      made.add(`${name}(${key})`);
      told.push(key);
    }
    return watched(name, value);
  });
  const place = `${Object.keys(found).length} ${name}(${told.join(", ")})`;
  // Those of the others keep their numbers where one is refused.
  found[place] = null;
  try {
    let answer = owner[method](...passed);
    if (Symbol.asyncIterator in answer) {
      const parts = [];
      for await (const part of answer) parts.push([part.event, part.data]);
      answer = parts;
    }
    found[place] = (await answer) ?? null;
  } catch (error) {
    found[place] = { status: error.status ?? error.name };
  }
  return found[place];
}

function leftOut() {
  const wanted = new Set(read);
  for (const room of Object.keys(client)) {
    if (rooms.includes(room)) {
      for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(client[room]))) {
        if (method === "constructor") continue;
        const name = `${room}.${method}`;
        wanted.add(name);
        for (const one of parametersOf(client[room][method])) wanted.add(`${name}(${one})`);
      }
    } else wanted.add(room);
  }
  const known = (one) => one in elsewhere || one.split("(")[0] in elsewhere;
  return [...wanted].filter((one) => !made.has(one) && !one.endsWith("(signal)") && !known(one));
}

async function assistants() {
  const metadata = { mark: randomUUID() };
  const assistantId = randomUUID();
  const own = { graphId: "slow", assistantId };
  const named = { name: "mine", description: "own", ifExists: "raise" };
  await call("assistants.create", { ...own, ...named, metadata, config: { tags: ["t"] } });
  await call("assistants.create", { ...own, ifExists: "do_nothing" });
  await call("assistants.create", { graphId: "slow", metadata, context: { a: 1 } });
  await call("assistants.get", assistantId, {});
  const other = { graphId: "nested", name: "other", description: "other" };
  await call("assistants.update", assistantId, other);
  await call("assistants.update", assistantId, { config: { tags: ["u"] }, metadata: { more: 1 } });
  await call("assistants.update", assistantId, { context: { b: 2 } });
  for (const xray of [false, true, 1]) await call("assistants.getGraph", assistantId, { xray });
  await call("assistants.getSchemas", assistantId, {});
  for (const given of [{ recurse: true }, { namespace: "deep" }, { namespace: "no", recurse: false }])
    await call("assistants.getSubgraphs", assistantId, given);
  await call("assistants.getVersions", assistantId, { metadata, limit: 2, offset: 1 });
  await call("assistants.setLatest", assistantId, 1, {});
  await call("assistants.setLatest", assistantId, 2);
  for (const given of [
    { graphId: "nested" },
    { name: "OTH" },
    { limit: 1 },
    { limit: 1, offset: 1 },
    { includePagination: true },
    { includePagination: true, limit: 1 },
    { sortBy: "name", sortOrder: "asc" },
    { sortBy: "created_at", sortOrder: "desc" },
    { select: ["name", "version"] },
  ])
    await call("assistants.search", { metadata, ...given });
  await call("assistants.count", { metadata, graphId: "nested", name: "other" });
  await call("assistants.delete", assistantId, { deleteThreads: true });
  await call("assistants.delete", assistantId, {});
}

async function threads() {
  const metadata = { mark: randomUUID() };
  const threadId = randomUUID();
  const supersteps = [{ updates: [{ values: { query: "q" }, asNode: "__start__" }] }];
  await call("threads.create", { metadata, threadId, ifExists: "raise" });
  await call("threads.create", { threadId, ifExists: "raise" });
  await call("threads.create", { threadId, ifExists: "do_nothing", ttl: 90 });
  await call("threads.create", { metadata, graphId: "agent", supersteps });
  await call("threads.get", threadId, {});
  await call("threads.update", threadId, { metadata: { more: 1 }, ttl: { ttl: 90, strategy: "delete" } });
  await call("threads.update", threadId, { metadata: { more: 2 }, returnMinimal: true });
  await call("threads.get", threadId, { include: ["ttl"] });
  await call("threads.patchState", threadId, { more: 3 }, {});
  await call("threads.patchState", { configurable: { thread_id: threadId } }, { more: 4 });
  await call("runs.wait", threadId, "agent", { input: { query: "q" } });
  await call("threads.getState", threadId, undefined, { subgraphs: true });
  await call("threads.getState", threadId, undefined, { select: ["values", "next"] });
  const select = ["checkpoint", "values"];
  const history = await call("threads.getHistory", threadId, { limit: 2, select });
  const checkpoint = history.at(-1).checkpoint;
  const checkpointId = checkpoint.checkpoint_id;
  await call("threads.getState", threadId, checkpoint, { subgraphs: true });
  await call("threads.getState", threadId, checkpointId, { subgraphs: true });
  await call("threads.getState", threadId, randomUUID());
  await call("threads.getHistory", threadId, { before: { configurable: checkpoint } });
  await call("threads.getHistory", threadId, { metadata: { step: 0 } });
  await call("threads.getHistory", threadId, { checkpoint: { checkpoint_ns: "" } });
  await call("threads.updateState", threadId, { values: { found: 4 }, asNode: "search", checkpoint });
  await call("threads.updateState", threadId, { values: { found: 5 }, checkpointId });
  await call("threads.updateState", threadId, { values: null });
  await call("threads.copy", threadId, {});
  for (const given of [
    { values: { query: "q" } },
    { values: { query: "no" } },
    { ids: [threadId] },
    { status: "idle" },
    { status: "interrupted" },
    { limit: 1 },
    { limit: 1, offset: 1 },
    { sortBy: "status", sortOrder: "asc" },
    { sortBy: "thread_id" },
    { sortBy: "state_updated_at" },
    { select: ["thread_id", "values"] },
    { extract: { q: "values.query", no: "values.a[0]" }, select: ["status"] },
  ])
    await call("threads.search", { metadata, ...given });
  await call("threads.count", { metadata, values: { query: "q" }, status: "idle" });
  await call("threads.prune", [threadId], { strategy: "keep_latest" });
  await call("threads.getHistory", threadId, { limit: 100, select: ["next"] });
  await call("threads.prune", [threadId, randomUUID()], {});
  await call("threads.get", threadId);
  await call("threads.delete", threadId, {});
}

const fresh = async () => (await client.threads.create()).thread_id;

async function begun() {
  const input = { query: "q" };
  const thread = await fresh();
  await call("runs.wait", thread, "agent", { input });
  const checkpoint = (await client.threads.getHistory(thread)).at(-1).checkpoint;
  for (const given of [
    { metadata: { a: 1 } },
    { config: { tags: ["t"], recursion_limit: 9, configurable: { x: 1 } } },
    { context: { x: 1 } },
    { checkpointDuring: true },
    { interruptBefore: ["approve"] },
    { interruptAfter: "*" },
    { multitaskStrategy: "enqueue" },
    { afterSeconds: 0 },
    { durability: "async" },
    { ifNotExists: "create" },
    { checkpoint },
    { checkpointId: checkpoint.checkpoint_id },
    { strictResume: true },
    { onRunCreated: () => {} },
  ]) {
    const back = "checkpoint" in given || "checkpointId" in given;
    const one = back ? thread : await fresh();
    await call("runs.wait", one, "agent", { input, ...given });
    await call("runs.stream", one, "agent", { input, streamMode: "updates", ...given });
    const run = await call("runs.create", one, "agent", { input, ...given });
    if (run.run_id) await call("runs.join", one, run.run_id, {});
  }
  for (const strictResume of [true, false]) {
    const [one, command] = [await fresh(), { resume: "yes" }];
    await call("runs.wait", one, "agent", { command, strictResume });
    await call("runs.stream", one, "agent", { command, strictResume });
    await call("runs.create", one, "agent", { command, strictResume });
  }
  for (const given of [
    { streamSubgraphs: true },
    { streamResumable: true },
    { onDisconnect: "cancel" },
    { streamNamespaces: ["deep"], streamSubgraphs: true },
    { streamIdleReconnect: 60_000 },
  ])
    await call("runs.stream", await fresh(), "nested", {
      input,
      streamMode: ["values", "updates"],
      ...given,
    });
  for (const onCompletion of ["keep", "delete", "complete"]) {
    await call("runs.stream", null, "nested", { input, onCompletion, streamMode: "values" });
    await call("runs.wait", null, "nested", { input, onCompletion, onDisconnect: "continue" });
    await call("runs.create", null, "nested", { input, onCompletion });
  }
  for (const raiseError of [true, false])
    await call("runs.wait", null, "broken", { input: { seconds: 1 }, raiseError });
}

async function run() {
  const input = { query: "q" };
  let thread = await fresh();
  const modes = { streamMode: ["values", "tasks"], streamSubgraphs: true, streamResumable: true };
  let { run_id: id } = await call("runs.create", thread, "nested", { input, ...modes });
  await call("runs.join", thread, id, { cancelOnDisconnect: true });
  await call("runs.get", thread, id, {});
  for (const given of [
    { streamMode: "values", lastEventId: "-1" },
    { streamMode: ["values", "tasks"], lastEventId: "-1" },
    { lastEventId: "-1", streamNamespaces: ["deep"] },
    { cancelOnDisconnect: true, checkpointId: randomUUID(), streamIdleReconnect: "auto" },
  ])
    await call("runs.joinStream", thread, id, given);
  await call("runs.joinStream", null, id, { lastEventId: "-1", streamMode: "values" });
  for (const given of [
    { limit: 1 },
    { offset: 1 },
    { status: "success" },
    { status: "error" },
    { select: ["run_id", "status"] },
  ])
    await call("runs.list", thread, given);
  await call("runs.createBatch", [{ assistantId: "nested", input }], {});
  const long = { input: { seconds: 600 } };
  for (const action of ["interrupt", "rollback"]) {
    thread = await fresh();
    id = (await call("runs.create", thread, "slow", long)).run_id;
    await call("runs.cancel", thread, id, true, action, {});
  }
  id = (await call("runs.create", thread, "slow", long)).run_id;
  await call("runs.cancel", thread, id, true, "interrupt", { reason: "taken" });
  id = (await call("runs.create", thread, "slow", long)).run_id;
  await call("runs.cancelMany", { threadId: thread, runIds: [id], action: "interrupt" });
  await call("runs.cancelMany", { threadId: thread, runIds: [randomUUID()] });
  thread = await fresh();
  id = (await call("runs.create", thread, "nested", { input })).run_id;
  await call("runs.join", thread, id);
  await call("runs.delete", thread, id, {});
  await call("runs.get", thread, id);
}

async function store() {
  const top = randomUUID();
  for (const index of [0, 1, 2])
    await call("store.putItem", [top, `n${index}`], `k${index}`, { n: index }, { index: false });
  await call("store.putItem", [top, "n0"], "kept", { n: 9 }, { ttl: 60 });
  await call("store.getItem", [top, "n0"], "k0", { refreshTtl: true });
  await call("store.getItem", [top, "n0"], "none");
  for (const given of [
    { filter: { n: { $gte: 1 } } },
    { filter: { n: 1 } },
    { limit: 1 },
    { limit: 2, offset: 1 },
    { refreshTtl: false },
    { query: "one" },
  ])
    await call("store.searchItems", [top], given);
  for (const given of [
    {},
    { suffix: ["n1"] },
    { maxDepth: 1 },
    { limit: 1 },
    { limit: 2, offset: 1 },
  ])
    await call("store.listNamespaces", { prefix: [top], ...given });
  await call("store.deleteItem", [top, "n0"], "k0", {});
  await call("store.getItem", [top, "n0"], "k0");
}

await assistants();
await threads();
await begun();
await run();
await store();
console.log(JSON.stringify({ found, leftOut: leftOut() }));
