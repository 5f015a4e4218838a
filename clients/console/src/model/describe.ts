import { duration } from "../lib/format";
import { told } from "./reduce";
import { noteOf } from "./tasks";
import type { Json, StepwireEvent } from "./wire";

/** An event in a line. */
export function describe(event: StepwireEvent): string {
  switch (event.method) {
    case "session.status":
      return event.params.query === undefined ? event.params.status : `${event.params.status}: ${event.params.query}`;
    case "node.started":
      return event.params.attempt > 1 ? `${event.params.path}, attempt ${event.params.attempt}` : event.params.path;
    case "node.finished":
      return `${event.params.path} · ${event.params.cached ? "cached" : duration(event.params.duration_ms)} · ${short(event.params.update)}`;
    case "node.failed":
      return `${event.params.path} · ${told(event.params.error)}${event.params.will_retry ? " · is tried again" : ""}`;
    case "node.cancelled":
      return event.params.path;
    case "node.blocked":
      return `${event.params.path ?? "a node"} holds the loop`;
    case "progress":
      return `${event.params.path ?? ""} · ${noteOf(event.params.data)}`;
    case "message.delta":
      return `${event.params.path ?? ""} · ${event.params.role} · ${event.params.delta}`;
    case "tool.started":
      return `${event.params.path} · ${event.params.tool} · ${short(event.params.input)}`;
    case "tool.output":
      return `${event.params.path} · ${event.params.tool} · ${short(event.params.delta)}`;
    case "tool.finished":
      return `${event.params.path} · ${event.params.tool} · ${short(event.params.output)}`;
    case "tool.failed":
      return `${event.params.path} · ${event.params.tool} · ${told(event.params.error)}`;
    case "state.checkpoint":
      return `${event.params.path || "graph"} · step ${event.params.step}${event.params.next.length ? ` · next ${event.params.next.join(", ")}` : ""}`;
    case "debug.stopped":
      return `${event.params.reason}: ${event.params.tasks.map((task) => task.path).join(", ")}`;
    case "debug.resumed":
      return event.params.action;
    case "debug.changed":
      return `${event.params.action} · ${short(event.params.values)}`;
    case "debug.breakpoint":
      return `${event.params.change} · ${event.params.node_name}`;
    case "debug.log":
      return `${event.params.path} · ${event.params.text}`;
    case "input.requested":
      return `${event.params.path ?? ""} · ${short(event.params.value)}`;
    case "query.result":
      return `${duration(event.params.duration_ms)} · ${short(event.params.result)}`;
    case "query.failed":
      return told(event.params.error);
    case "session.recovered":
      return event.params.reason;
    case "session.expiring":
      return event.params.removed_at;
    case "session.deleted":
      return event.params.reason;
    default:
      return "";
  }
}

/** A text as it is; one that nobody would see, as an empty one is, in quotes. */
export const seen = (text: string): string => (text.trim() === "" ? JSON.stringify(text) : text);

/** A value in a few words; no more of a large one is looked at than is shown. */
export function short(value: Json, most = 160): string {
  if (typeof value === "string") return seen(value.slice(0, most));
  if (value === null || typeof value !== "object") return String(value);
  const parts: string[] = [];
  let length = 0;
  for (const [key, one] of Object.entries(value)) {
    const text = one !== null && typeof one === "object" ? inside(one) : JSON.stringify(one).slice(0, 60);
    parts.push(Array.isArray(value) ? text : `${key}: ${text}`);
    length += text.length + key.length;
    if (length > most) break;
  }
  if (parts.length === 0) return Array.isArray(value) ? "[]" : "{}";
  return parts.join(", ").slice(0, most);
}

/** A value inside of one that is told of: whether there is something, and how much. */
function inside(value: { [key: string]: Json } | Json[]): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[${value.length}]`;
  return Object.keys(value).length === 0 ? "{}" : "{…}";
}
