// LangGraph's JavaScript SDK against the endpoints; prints what each was answered.
import { Client } from "@langchain/langgraph-sdk";

const client = new Client({ apiUrl: process.argv[2], apiKey: null });
const found = {};

async function parts(stream) {
  const all = [];
  for await (const part of stream) all.push([part.event, part.data]);
  return all;
}

async function status(call) {
  try {
    await call;
    return null;
  } catch (error) {
    return error.status ?? String(error);
  }
}

const [assistant] = await client.assistants.search({ graphId: "agent" });
found.assistant = assistant;
found.graph = await client.assistants.getGraph(assistant.assistant_id);
found.schemas = await client.assistants.getSchemas(assistant.assistant_id);
found.subgraphs = await client.assistants.getSubgraphs(
  (await client.assistants.search({ graphId: "nested" }))[0].assistant_id,
);
const own = await client.assistants.create({ graphId: "agent", name: "mine" });
found.updated = await client.assistants.update(own.assistant_id, { name: "other" });
found.versions = (await client.assistants.getVersions(own.assistant_id)).map((one) => one.version);
await client.assistants.delete(own.assistant_id);
found.made = own;
found.countedOwn = await client.assistants.count({ graphId: "agent" });
found.gone = await status(client.assistants.get(own.assistant_id));

const thread = await client.threads.create({ metadata: { js: true } });
const id = thread.thread_id;
found.created = thread;
let told = null;
found.stream = await parts(
  client.runs.stream(id, "agent", {
    input: { query: "q" },
    streamMode: ["values", "updates", "custom"],
    onRunCreated: (run) => (told = run),
  }),
);
found.told = told;
found.waits = await client.threads.get(id);
found.state = await client.threads.getState(id);
found.resumed = await client.runs.wait(id, "agent", { command: { resume: "yes" } });
found.runs = (await client.runs.list(id)).map((run) => run.status);
found.history = (await client.threads.getHistory(id, { limit: 2 })).map((one) => one.metadata.step);
found.searched = (await client.threads.search({ metadata: { js: true } })).map((one) => one.thread_id);
found.counted = await client.threads.count({ metadata: { js: true } });
found.patched = (await client.threads.update(id, { metadata: { more: 1 } })).metadata;
found.wholeHistory = await client.threads.getHistory(id);
found.thread = await client.threads.get(id);
found.run = (await client.runs.list(id))[0];
found.edited = await client.threads.updateState(id, { values: { answer: "x" }, asNode: "search" });
found.copied = (await client.threads.copy(id)).thread_id !== id;
const chat = (await client.threads.create()).thread_id;
found.tokens = (
  await parts(
    client.runs.stream(chat, "chat", {
      input: { messages: [{ type: "human", content: "hi" }] },
      streamMode: "messages-tuple",
    }),
  )
)
  .filter(([name]) => name === "messages")
  .map(([, [message]]) => message.content);
found.everyMode = await parts(
  client.runs.stream(null, "nested", {
    input: { query: "q" },
    streamMode: ["values", "updates", "tasks"],
  }),
);
found.messages = await parts(
  client.runs.stream(chat, "chat", {
    input: { messages: [{ type: "human", content: "hi", id: "again" }] },
    streamMode: "messages",
  }),
);
found.stateless = await client.runs.wait(null, "slow", { input: { seconds: 0 } });
found.batch = (
  await client.runs.createBatch([1, 2].map(() => ({ assistantId: "slow", input: { seconds: 0 } })))
).length;
const run = await client.runs.create(chat, "slow", { input: { seconds: 0 } }).catch((error) => error.status);
found.otherGraph = run;
const slow = (await client.threads.create()).thread_id;
const first = await client.runs.create(slow, "slow", { input: { seconds: 60 } });
found.rejected = await status(
  client.runs.create(slow, "slow", { input: {}, multitaskStrategy: "reject" }),
);
await client.runs.cancel(slow, first.run_id, true);
found.cancelled = (await client.runs.get(slow, first.run_id)).status;
const second = await client.runs.create(slow, "slow", { input: { seconds: 0 } });
found.joined = await client.runs.join(slow, second.run_id);
found.replayed = (
  await parts(client.runs.joinStream(slow, second.run_id, { lastEventId: "-1", streamMode: "updates" }))
).map(([name]) => name);
await client.runs.delete(slow, second.run_id);
found.deleted = await status(client.runs.get(slow, second.run_id));
await client.store.putItem(["js", "b"], "k", { v: 1 });
found.item = (await client.store.getItem(["js", "b"], "k")).value;
found.items = (await client.store.searchItems(["js"])).items.length;
found.namespaces = await client.store.listNamespaces({ prefix: ["js"] });
await client.store.deleteItem(["js", "b"], "k");
await client.threads.delete(id);
found.noThread = await status(client.threads.get(id));
found.cron = await status(client.crons.create("agent", { schedule: "* * * * *", input: {} }));
console.log(JSON.stringify(found));
