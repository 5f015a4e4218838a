// What a TypeScript client does with the declarations; compiled by test_typescript.py, never run.

import type {
  DebugStoppedEvent,
  EventFilter,
  EventName,
  Incoming,
  Methods,
  RpcRequest,
  RpcResponse,
  Status,
  StepwireEvent,
} from "../../protocol/stepwire";

const start: RpcRequest<"query.start"> = {
  jsonrpc: "2.0",
  id: 1,
  method: "query.start",
  params: { query: "GLP-1", breakpoints: ["rank", { node_name: "rank", when: "after" }] },
};
const byPosition: RpcRequest = { jsonrpc: "2.0", id: "a", method: "query.cancel", params: ["s"] };
const withoutParams: RpcRequest = { jsonrpc: "2.0", id: 2, method: "server.info" };

// @ts-expect-error A method that does not exist.
const unknown: RpcRequest = { jsonrpc: "2.0", id: 3, method: "query.begin", params: {} };
// @ts-expect-error A required param is missing.
const missing: RpcRequest = { jsonrpc: "2.0", id: 4, method: "query.cancel", params: {} };
// @ts-expect-error A param that does not exist.
const surplus: Methods["query.cancel"]["params"] = { session_id: "s", force: true };

function show(event: StepwireEvent): string {
  const { seq, session_id } = event.params;
  switch (event.method) {
    case "progress":
      return `${session_id} ${seq} ${JSON.stringify(event.params.data)}`;
    case "session.status":
      // @ts-expect-error Not a status.
      if (event.params.status === "done") return "";
      return event.params.status;
    case "query.failed":
      return event.params.error.message;
    default:
      return event.method;
  }
}

function status(response: RpcResponse<"query.respond">): string {
  if ("error" in response) {
    switch (response.error.code) {
      case -32001: {
        const name: "wrong_state" = response.error.data.type;
        return `${name}: ${response.error.data.detail}`;
      }
      default:
        return response.error.message;
    }
  }
  return response.result.status;
}

function take(frame: Incoming): number {
  return Array.isArray(frame) ? frame.length : 1;
}

export { byPosition, missing, show, start, status, surplus, take, unknown, withoutParams };

// Names that fields have in common.
const state: Status = "waiting";
const types: EventFilter[] = ["progress", "result", "query.result"];
const listed = (page: Methods["session.events"]["result"]): StepwireEvent[] => page.events;
const sent = (info: Methods["server.info"]["result"]): EventName[] => info.events;
const stopped = (event: DebugStoppedEvent): string[] => event.params.tasks.map((task) => task.path);
// @ts-expect-error Not an event, nor a stream's name for one.
const wrong: EventFilter = "results";
export { listed, sent, state, stopped, types, wrong };
