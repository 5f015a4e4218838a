// A front end as people write them with LangGraph's `useStream`.
import { createRoot } from "react-dom/client";
import { useEffect, useState } from "react";
import { Client } from "@langchain/langgraph-sdk";
import { useStream } from "@langchain/langgraph-sdk/react";

const apiUrl = API_URL;
const client = new Client({ apiUrl });

function Threads({ at }) {
  const [threads, setThreads] = useState([]);
  useEffect(() => {
    client.threads.search({ metadata: { graph_id: ASSISTANT }, limit: 20 }).then(setThreads);
  }, [at]);
  return <ul id="threads">{threads.map((one) => <li key={one.thread_id}>{one.status}</li>)}</ul>;
}

function Page() {
  const [threadId, setThreadId] = useState(window.localStorage.getItem("thread"));
  const [name, setName] = useState("");
  const stream = useStream({
    apiUrl,
    assistantId: ASSISTANT,
    messagesKey: "messages",
    threadId,
    onThreadId: (id) => {
      window.localStorage.setItem("thread", id);
      setThreadId(id);
    },
    reconnectOnMount: true,
    fetchStateHistory: true,
  });
  const ask = (content, options) => stream.submit({ messages: [{ type: "human", content }] }, { streamResumable: true, ...options });
  return (
    <main>
      <ol id="messages">
        {stream.messages.map((one, index) => <li key={one.id ?? index}>{one.type}: {String(one.content)}</li>)}
      </ol>
      <p id="status">{stream.isLoading ? "loading" : "idle"}</p>
      <p id="interrupt">{stream.interrupt ? JSON.stringify(stream.interrupt.value) : ""}</p>
      <p id="error">{stream.error ? String(stream.error.message ?? stream.error) : ""}</p>
      <button id="ask" onClick={() => ask("a room please")}>ask</button>
      <button id="slowly" onClick={() => ask("a room please, slowly")}>slowly</button>
      <button
        id="approve"
        onClick={() => stream.submit(undefined, { command: { resume: { decisions: [{ type: "approve" }] } } })}
      >
        approve
      </button>
      <button id="stop" onClick={() => stream.stop()}>stop</button>
      <button id="join" onClick={() => stream.joinStream(...JSON.parse(window.localStorage.getItem("join")))}>join</button>
      <button
        id="branch"
        onClick={() => {
          const first = stream.messages[0];
          const parent = stream.getMessagesMetadata(first)?.firstSeenState?.parent_checkpoint;
          ask("another room", { checkpoint: parent });
        }}
      >
        branch
      </button>
      <button
        id="rename"
        onClick={() =>
          client.threads.update(threadId, { metadata: { name: "mine" } }).then((one) => setName(one.metadata.name))
        }
      >
        rename
      </button>
      <p id="name">{name}</p>
      <Threads at={`${threadId} ${stream.isLoading}`} />
    </main>
  );
}

createRoot(document.getElementById("root")).render(<Page />);
