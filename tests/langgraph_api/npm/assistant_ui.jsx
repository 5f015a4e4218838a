// A chat as people write one with assistant-ui: its runtime for LangGraph, its list of threads, its parts of a page.
import { createRoot } from "react-dom/client";
import { createAssistantStream } from "assistant-stream";
import {
  ActionBarPrimitive,
  AssistantRuntimeProvider,
  ComposerPrimitive,
  MessagePrimitive,
  ThreadListItemPrimitive,
  ThreadListPrimitive,
  ThreadPrimitive,
  useAuiState,
} from "@assistant-ui/react";
import {
  unstable_createLangGraphStream,
  useLangGraphInterruptState,
  useLangGraphRuntime,
  useLangGraphSendCommand,
} from "@assistant-ui/react-langgraph";
import { Client } from "@langchain/langgraph-sdk";

const client = new Client({ apiUrl: API_URL });
const stream = unstable_createLangGraphStream({ client, assistantId: ASSISTANT });

const listed = (one) => ({ status: "regular", remoteId: one.thread_id, externalId: one.thread_id, title: one.metadata?.title });
const threads = {
  list: async () => ({ threads: (await client.threads.search({ metadata: { page: "assistant-ui" }, limit: 50 })).map(listed) }),
  fetch: async (id) => listed(await client.threads.get(id)),
  initialize: async () => {
    const { thread_id } = await client.threads.create({ metadata: { page: "assistant-ui" } });
    return { remoteId: thread_id, externalId: thread_id };
  },
  rename: (id, title) => client.threads.update(id, { metadata: { title } }),
  archive: async () => {},
  unarchive: async () => {},
  delete: (id) => client.threads.delete(id),
  generateTitle: async (id, messages) => {
    const title = messages[0].content[0].text;
    await client.threads.update(id, { metadata: { title } });
    return createAssistantStream((controller) => controller.appendText(title));
  },
};

async function load(id) {
  const state = await client.threads.getState(id);
  return { messages: state.values.messages ?? [], interrupts: state.tasks[0]?.interrupts };
}

// The state that a message was the next to.
async function getCheckpointId(id, before) {
  for (const state of await client.threads.getHistory(id, { limit: 100 })) {
    const messages = state.values.messages ?? [];
    if (messages.length === before.length && messages.every((one, index) => one.id === before[index].id)) {
      return state.checkpoint.checkpoint_id;
    }
  }
  return null;
}

const Tool = ({ toolName, args, result }) => <p className="tool">{toolName} {JSON.stringify(args)} {JSON.stringify(result)}</p>;

const Text = ({ text }) => <span>{text}</span>;

const Message = () => (
  <MessagePrimitive.Root>
    <Role />: <MessagePrimitive.Parts components={{ Text, tools: { Fallback: Tool } }} />
    <MessagePrimitive.Error />
    <ActionBarPrimitive.Reload className="again">again</ActionBarPrimitive.Reload>
  </MessagePrimitive.Root>
);

const Role = () => <b>{useAuiState((state) => state.message.role)}</b>;

function Approval() {
  const interrupt = useLangGraphInterruptState();
  const send = useLangGraphSendCommand();
  return (
    <div>
      <p id="interrupt">{interrupt ? JSON.stringify(interrupt.value) : ""}</p>
      <button id="approve" onClick={() => send({ resume: { decisions: [{ type: "approve" }] } })}>approve</button>
    </div>
  );
}

const Status = () => <p id="status">{useAuiState((state) => (state.thread.isRunning ? "running" : "idle"))}</p>;

const Listed = () => (
  <ThreadListItemPrimitive.Root>
    <ThreadListItemPrimitive.Trigger>
      <ThreadListItemPrimitive.Title fallback="untitled" />
    </ThreadListItemPrimitive.Trigger>
  </ThreadListItemPrimitive.Root>
);

function Page() {
  const runtime = useLangGraphRuntime({
    unstable_allowCancellation: true,
    unstable_threadListAdapter: threads,
    stream,
    load,
    getCheckpointId,
  });
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <ThreadListPrimitive.Root id="threads">
        <ThreadListPrimitive.New id="new">new</ThreadListPrimitive.New>
        <ThreadListPrimitive.Items components={{ ThreadListItem: Listed }} />
      </ThreadListPrimitive.Root>
      <ThreadPrimitive.Root>
        <div id="messages">
          <ThreadPrimitive.Messages components={{ Message }} />
        </div>
        <Approval />
        <Status />
        <ComposerPrimitive.Root>
          <ComposerPrimitive.Input id="input" />
          <ComposerPrimitive.Send id="send">send</ComposerPrimitive.Send>
          <ComposerPrimitive.Cancel id="stop">stop</ComposerPrimitive.Cancel>
        </ComposerPrimitive.Root>
      </ThreadPrimitive.Root>
    </AssistantRuntimeProvider>
  );
}

createRoot(document.getElementById("root")).render(<Page />);
