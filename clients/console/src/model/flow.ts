import { cutOf, escape } from "./tree";
import type { Json } from "./wire";

export interface ToolCall {
  id: string | null;
  name: string;
  args: Json;
}

/** What a run said, in the order in which a person reads it. `key` is the same for one item as it grows. */
export type FlowItem =
  | { kind: "question"; key: string; seq: number; value: Json }
  | {
      kind: "message";
      key: string;
      seq: number;
      role: Role;
      text: string;
      path: string | null;
      calls: ToolCall[];
      toolName: string | null;
      open: boolean;
    }
  | { kind: "progress"; key: string; seq: number; path: string; note: string; fraction: number | null; count: number }
  | { kind: "asked"; key: string; seq: number; path: string | null; value: Json }
  | { kind: "note"; key: string; seq: number; tone: "info" | "warn" | "bad"; text: string }
  | { kind: "result"; key: string; seq: number; value: Json; durationMs: number }
  | { kind: "failed"; key: string; seq: number; text: string; where: string | null };

export type Role = "human" | "ai" | "tool" | "system";

/** Of very long runs the newest are kept; all of it is in the events. */
export const MOST_ITEMS = 600;
export const MOST_CHARACTERS = 200_000;

export function roleOf(type: string): Role {
  if (type.startsWith("Human") || type === "human" || type === "user") return "human";
  if (type.startsWith("Tool") || type === "tool") return "tool";
  if (type.startsWith("System") || type === "system") return "system";
  return "ai";
}

/** The tool calls of a message as LangChain gives it: whole ones. */
export function callsOf(message: Json): ToolCall[] {
  if (message === null || typeof message !== "object" || Array.isArray(message)) return [];
  const calls = message["tool_calls"];
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((one) => {
    if (one === null || typeof one !== "object" || Array.isArray(one)) return [];
    const name = one["name"];
    if (typeof name !== "string" || !name) return [];
    return [{ id: typeof one["id"] === "string" ? one["id"] : null, name, args: one["args"] ?? null }];
  });
}

/** The text of a message's content, be it a text or a list of blocks. */
export function textOf(content: Json | undefined): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((block) => {
      if (typeof block === "string") return block;
      if (block !== null && typeof block === "object" && !Array.isArray(block)) {
        const text = block["text"];
        return typeof text === "string" ? text : "";
      }
      return "";
    })
    .join("");
}

/** The newest items, and none but the newest. */
export function bounded(flow: FlowItem[]): FlowItem[] {
  return flow.length > MOST_ITEMS * 1.2 ? flow.slice(-MOST_ITEMS) : flow;
}

const ANSWER_KEYS = ["answer", "output", "result", "response", "report", "summary", "text", "final", "content"];

/** Where the text of a run's result is that a person wants to read first: at a JSON Pointer. Its text is null where it was cut. */
export interface AnswerPlace {
  pointer: string;
  text: string | null;
}

/** The text of a run's result that a person wants to read first; null where it has none. */
export function answerPlace(result: Json, pointer = ""): AnswerPlace | null {
  if (typeof result === "string") return result ? { pointer, text: result } : null;
  if (result === null || typeof result !== "object" || Array.isArray(result)) return null;
  const cut = cutOf(result);
  if (cut) return cut.type === "string" ? { pointer, text: null } : null;
  for (const key of ANSWER_KEYS) {
    const found = answerPlace(result[key] ?? null, `${pointer}/${escape(key)}`);
    if (found) return found;
  }
  const messages = result["messages"] ?? null;
  const of = cutOf(messages);
  if (of) return of.type === "array" && of.length > 0 ? { pointer: `${pointer}/messages/${of.length - 1}`, text: null } : null;
  if (!Array.isArray(messages) || messages.length === 0) return null;
  const at = `${pointer}/messages/${messages.length - 1}`;
  const last = messages.at(-1) as Json;
  if (cutOf(last)) return { pointer: at, text: null };
  const text = contentOf(last);
  return text ? { pointer: at, text } : null;
}

/** The text of a message, or of what is text already. */
export function contentOf(message: Json): string {
  if (typeof message === "string") return message;
  return message !== null && typeof message === "object" && !Array.isArray(message) ? textOf(message["content"]) : "";
}

/** The text of a run's result that a person wants to read first; null where it has none, or it was cut. */
export const answerOf = (result: Json): string | null => answerPlace(result)?.text ?? null;
