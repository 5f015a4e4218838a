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

/** `rest`: what else came with the question, which neither its prompt nor its form shows; undefined where that is nothing. */
export type Asked = { rest: Json | undefined } & (
  | { kind: "actions"; actions: Action[] }
  | { kind: "choice"; prompt: string | null; options: Json[] }
  | { kind: "form"; prompt: string | null; schema: Json }
  | { kind: "text"; prompt: string | null }
);

const PROMPTS = ["question", "prompt", "message", "text", "title"];
const OPTIONS = ["options", "choices", "suggestions"];
const SCHEMAS = ["schema", "response_schema", "json_schema"];
/** What a button shows of an option, or sends for it. */
const OF_OPTION: ReadonlySet<string> = new Set(["label", "title", "name", "value", "description"]);
/** What the form of an action shows, or goes by. */
const OF_ACTION: ReadonlySet<string> = new Set(["name", "action", "args", "arguments", "description"]);
const OF_CONFIG: ReadonlySet<string> = new Set(["action_name", "allowed_decisions"]);

const isObject = (value: Json | undefined): value is Members => value !== null && typeof value === "object" && !Array.isArray(value);

/** What an `interrupt()` value asks for, as far as it says so. */
export function askedOf(value: Json): Asked {
  const actions = actionsOf(value);
  if (actions.length > 0) return { kind: "actions", actions, rest: besideActions(value as Members) };
  if (typeof value === "string") return { kind: "text", prompt: value, rest: undefined };
  if (!isObject(value)) return { kind: "text", prompt: null, rest: value };
  const named = PROMPTS.find((key) => typeof value[key] === "string");
  const prompt = named === undefined ? null : (value[named] as string);
  for (const key of OPTIONS) {
    const options = value[key];
    if (Array.isArray(options) && options.length > 0 && options.length <= 20)
      return { kind: "choice", prompt, options, rest: without(value, named, options.every((one) => !isObject(one) || isOnly(one, OF_OPTION)) ? key : undefined) };
  }
  for (const key of SCHEMAS) {
    const schema = value[key];
    if (isObject(schema) && (schema["type"] !== undefined || schema["properties"] !== undefined))
      return { kind: "form", prompt, schema, rest: without(value, named, key) };
  }
  return { kind: "text", prompt, rest: without(value, named) };
}

const isOnly = (value: Members, known: ReadonlySet<string>): boolean => Object.keys(value).every((key) => known.has(key));

/** A value without some of its members; undefined where that leaves none. */
function without(value: Members, ...shown: (string | undefined)[]): Json | undefined {
  const left = Object.entries(value).filter(([key]) => !shown.includes(key));
  return left.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(left);
}

function besideActions(value: Members): Json | undefined {
  const all = (key: string, known: ReadonlySet<string>) => {
    const list = value[key];
    return Array.isArray(list) && list.every((one) => isObject(one) && isOnly(one, known)) ? key : undefined;
  };
  return without(value, all("action_requests", OF_ACTION), all("review_configs", OF_CONFIG));
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
      description: typeof request["description"] === "string" ? described(request["description"], name) : null,
      allowed: Array.isArray(allowed) ? (allowed as Decision[]) : ["approve", "edit", "reject"],
    };
  });
}

/** A description without the call itself, which LangChain's middleware writes below it, and which is shown by itself. */
function described(text: string, name: string): string | null {
  const call = text.lastIndexOf(`Tool: ${name}\nArgs: `);
  // What stands below it is more than it.
  const words = call < 0 || text.slice(call).trimEnd().split("\n").length > 2 ? text : text.slice(0, call).trimEnd();
  return words === "" ? null : words;
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

/** What an option is called, what is said of it, and what it stands for. */
export function optionOf(option: Json): { label: string; note: string | null; value: Json } {
  if (!isObject(option)) return { label: typeof option === "string" && option !== "" ? option : JSON.stringify(option), note: null, value: option };
  const label = option["label"] ?? option["title"] ?? option["name"] ?? option["value"];
  const note = option["description"];
  return {
    label: typeof label === "string" && label !== "" ? label : JSON.stringify(option),
    note: typeof note === "string" && note !== "" ? note : null,
    value: option["value"] ?? option,
  };
}
