// Vercel's AI SDK: its transport for LangGraph's server, as `useChat` calls it, and its adapter on a stream of LangChain's events.
import { LangSmithDeploymentTransport, toUIMessageStream } from "@ai-sdk/langchain";
import { Client } from "@langchain/langgraph-sdk";
import { readUIMessageStream } from "ai";

const [url] = process.argv.slice(2);

const said = (id, role, text) => ({ id, role, parts: [{ type: "text", text }] });

/** What a page would show in the end, and the kinds of chunks that it was made of. */
async function shown(stream) {
  const kinds = [];
  const seen = new TransformStream({
    transform(chunk, controller) {
      kinds.push(chunk.type);
      controller.enqueue(chunk);
    },
  });
  let last;
  for await (const message of readUIMessageStream({ stream: stream.pipeThrough(seen) })) last = message;
  return { message: last, kinds };
}

async function ask(graphId, messages) {
  const transport = new LangSmithDeploymentTransport({ url, graphId });
  return shown(
    await transport.sendMessages({
      trigger: "submit-message",
      chatId: "chat",
      messageId: undefined,
      messages,
      abortSignal: undefined,
    }),
  );
}

const found = {};
found.chat = await ask("chat", [said("1", "user", "hi"), said("2", "assistant", "yes?"), said("3", "user", "count")]);
found.tools = await ask("clerk", [said("1", "user", "a room")]);
found.asks = await ask("helper", [said("1", "user", "a room")]);
const client = new Client({ apiUrl: url });
async function* events() {
  const input = { messages: [{ role: "user", content: "hi" }] };
  for await (const part of client.runs.stream(null, "chat", { input, streamMode: "events" }))
    if (part.event === "events") yield part.data;
}
found.events = await shown(toUIMessageStream(events()));
console.log(JSON.stringify(found));
