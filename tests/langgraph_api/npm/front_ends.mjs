// The calls that agent-chat-ui and deep-agents-ui make, in their order and with their options.
import { Client } from "@langchain/langgraph-sdk";

const [url] = process.argv.slice(2);
const client = new Client({ apiUrl: url });
const found = {};

/** As `useStream` sends a `submit`. */
async function submit(thread, assistant, input, options = {}) {
  const { streamMode = [], ...others } = options;
  const parts = [];
  const stream = client.runs.stream(thread, assistant, {
    input,
    multitaskStrategy: undefined,
    streamMode: [...new Set([...streamMode, "values", "messages-tuple", "updates", "custom"])],
    onDisconnect: "continue",
    ...others,
  });
  for await (const part of stream) parts.push(part);
  const values = parts.filter((one) => one.event === "values");
  return { kinds: [...new Set(parts.map((one) => one.event.split("|")[0]))].sort(), last: values.at(-1)?.data };
}

const chosen = { streamMode: ["values"], streamSubgraphs: true, streamResumable: true };
const told = (state) => state.messages.map((one) => `${one.type}: ${typeof one.content === "string" ? one.content : one.content[0].text}`);
const human = (text) => ({ id: crypto.randomUUID(), type: "human", content: [{ type: "text", text }] });

// agent-chat-ui
found.info = (await fetch(`${url}/info`, { headers: { "X-Api-Key": "none" } })).status;
const { thread_id: thread } = await client.threads.create({});
const asked = await submit(thread, "helper", { messages: [human("a room")], context: undefined }, chosen);
found.asked = told(asked.last);
found.kinds = asked.kinds;
found.interrupt = asked.last.__interrupt__[0].value;
const [newest] = await client.threads.getHistory(thread, { limit: 10 });
found.history = { next: newest.next, asks: newest.tasks[0].interrupts.length, checkpoint: typeof newest.checkpoint.checkpoint_id };
const listed = await client.threads.search({ metadata: { graph_id: "helper" }, limit: 100 });
found.listed = listed.map((one) => [one.thread_id === thread, one.status, told(one.values).length]);
// An empty input beside the answer.
const approved = await submit(thread, "helper", {}, { command: { resume: { decisions: [{ type: "approve" }] } } });
found.approved = told(approved.last);
const states = await client.threads.getHistory(thread, { limit: 100 });
const first = states.findLast((one) => one.values.messages?.length === 1);
// A message that is edited, and an answer that is made anew.
const edited = await submit(thread, "helper", { messages: [{ type: "human", content: "another room" }] }, { checkpoint: first.parent_checkpoint, ...chosen });
found.edited = told(edited.last);
const again = await submit(thread, "helper", undefined, { checkpoint: first.checkpoint, ...chosen });
found.regenerated = told(again.last);
// Marked as resolved.
await submit(thread, "helper", {}, { command: { goto: "__end__" } });
const resolved = await client.threads.getState(thread);
found.resolved = { next: resolved.next, status: (await client.threads.get(thread)).status };

// deep-agents-ui
const assistants = await client.assistants.search({ graphId: "clerk", limit: 100 });
const assistant = assistants.find((one) => one.metadata?.created_by === "system");
found.assistant = (await client.assistants.get(assistant.assistant_id)).graph_id;
const { thread_id: other } = await client.threads.create({});
const clerk = assistant.assistant_id;
const config = { ...assistant.config, recursion_limit: 100 };
const stopped = await submit(other, clerk, { messages: [{ id: crypto.randomUUID(), type: "human", content: "hi" }] }, { config, interruptBefore: ["tools"] });
found.stopped = [told(stopped.last).length, (await client.threads.getState(other)).next];
const stepped = await submit(other, clerk, undefined, { config, interruptAfter: ["tools"] });
found.stepped = [told(stepped.last).length, (await client.threads.getState(other)).next];
const went = await submit(other, clerk, undefined, { config });
found.went = told(went.last).at(-1);
await client.threads.updateState(other, { values: { messages: [{ type: "human", content: "a note" }] } });
found.noted = told((await client.threads.getState(other)).values).at(-1);
const { thread_id: third } = await client.threads.create({});
await submit(third, "helper", { messages: [{ type: "human", content: "a room" }] }, { config });
await submit(third, "helper", null, { command: { goto: "__end__", update: null } });
found.ended = (await client.threads.getState(third)).next;
const search = { limit: 20, offset: 0, sortBy: "updated_at", sortOrder: "desc" };
found.page = (await client.threads.search({ ...search, metadata: { assistant_id: clerk } })).map((one) => one.thread_id === other);
found.idle = (await client.threads.search({ ...search, status: "interrupted" })).map((one) => one.thread_id === third);
console.log(JSON.stringify(found));
