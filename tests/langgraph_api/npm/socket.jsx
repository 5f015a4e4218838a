// A front end as people write them with `useStream` of `@langchain/react`, over a WebSocket.
import { createRoot } from "react-dom/client";
import { useState } from "react";
import { useStream } from "@langchain/react";

// Every frame that the page's sockets got and sent, for who tests.
window.frames_ = [];
class Told extends WebSocket {
  constructor(url) {
    super(url);
    this.addEventListener("message", (event) => window.frames_.push(JSON.parse(event.data)));
  }
}

function Page() {
  const [threadId, setThreadId] = useState(window.localStorage.getItem("thread"));
  const stream = useStream({
    apiUrl: window.location.origin,
    assistantId: ASSISTANT,
    transport: "websocket",
    webSocketFactory: (url) => new Told(url),
    threadId,
    onThreadId: (id) => {
      window.localStorage.setItem("thread", id);
      setThreadId(id);
    },
  });
  const ask = (content) => stream.submit({ messages: [{ type: "human", content }] });
  return (
    <main>
      <ol id="messages">
        {stream.messages.map((one, index) => <li key={one.id ?? index}>{one.type}: {one.text}</li>)}
      </ol>
      <ul id="tools">
        {stream.toolCalls.map((one) => <li key={one.id}>{one.name} {one.status} {JSON.stringify(one.output)} {one.error}</li>)}
      </ul>
      <p id="status">{stream.isLoading ? "loading" : "idle"}</p>
      <p id="interrupts">{stream.interrupts.length}</p>
      <p id="interrupt">{stream.interrupt ? JSON.stringify(stream.interrupt.value) : ""}</p>
      <p id="error">{stream.error ? String(stream.error.message ?? stream.error) : ""}</p>
      <button id="slowly" onClick={() => ask("a room please, slowly")}>slowly</button>
      <button id="ask" onClick={() => ask("a room please")}>ask</button>
      <button id="stop" onClick={() => stream.stop()}>stop</button>
      <button id="approve" onClick={() => stream.respond({ decisions: [{ type: "approve" }] })}>approve</button>
    </main>
  );
}

createRoot(document.getElementById("root")).render(<Page />);
