import type { Json } from "./wire";

type Members = { [key: string]: Json };

/** A tool call that LangChain's human-in-the-loop middleware wants decided. */
export interface Action {
  name: string;
  args: Json;
  description: string | null;
  allowed: Decision[];
}

export type Decision = "approve" | "edit" | "reject" | "respond";

export type Asked =
  | { kind: "actions"; actions: Action[] }
  | { kind: "choice"; prompt: string | null; options: Json[] }
  | { kind: "form"; prompt: string | null; schema: Json }
  | { kind: "text"; prompt: string | null };

const isObject = (value: Json | undefined): value is Members => value !== null && typeof value === "object" && !Array.isArray(value);

/** What an `interrupt()` value asks for, as far as it says so. */
export function askedOf(value: Json): Asked {
  const actions = actionsOf(value);
  if (actions.length > 0) return { kind: "actions", actions };
  if (!isObject(value)) return { kind: "text", prompt: typeof value === "string" ? value : null };
  const prompt = ["question", "prompt", "message", "text", "title"].map((key) => value[key]).find((one) => typeof one === "string") as string | undefined;
  for (const key of ["options", "choices", "suggestions"]) {
    const options = value[key];
    if (Array.isArray(options) && options.length > 0 && options.length <= 20) return { kind: "choice", prompt: prompt ?? null, options };
  }
  for (const key of ["schema", "response_schema", "json_schema"]) {
    const schema = value[key];
    if (isObject(schema) && (schema["type"] !== undefined || schema["properties"] !== undefined)) return { kind: "form", prompt: prompt ?? null, schema };
  }
  return { kind: "text", prompt: prompt ?? null };
}

function actionsOf(value: Json): Action[] {
  if (!isObject(value) || !Array.isArray(value["action_requests"])) return [];
  const configs = Array.isArray(value["review_configs"]) ? value["review_configs"].filter(isObject) : [];
  return value["action_requests"].filter(isObject).map((request, at) => {
    const name = String(request["name"] ?? request["action"] ?? "");
    const config = configs.find((one) => one["action_name"] === name) ?? configs[at];
    const allowed = config?.["allowed_decisions"];
    return {
      name,
      args: request["args"] ?? request["arguments"] ?? {},
      description: typeof request["description"] === "string" ? request["description"] : null,
      allowed: Array.isArray(allowed) ? (allowed as Decision[]) : ["approve", "edit", "reject"],
    };
  });
}

/** What a person decided of one action. */
export interface Decided {
  type: Decision;
  args?: Json;
  message?: string;
}

/** The answer that the middleware takes. */
export function decisions(actions: readonly Action[], decided: readonly Decided[]): Json {
  return {
    decisions: decided.map(({ type, args, message }, at): Json => {
      if (type === "edit") return { type, edited_action: { name: actions[at]?.name ?? "", args: args ?? {} } };
      if (type === "approve") return { type };
      return message ? { type, message } : { type };
    }),
  };
}

/** What an option is called, and what it stands for. */
export function optionOf(option: Json): { label: string; value: Json } {
  if (!isObject(option)) return { label: typeof option === "string" ? option : JSON.stringify(option), value: option };
  const label = option["label"] ?? option["title"] ?? option["name"] ?? option["value"];
  return { label: typeof label === "string" ? label : JSON.stringify(option), value: option["value"] ?? option };
}
