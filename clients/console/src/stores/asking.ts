import { Store } from "../lib/store";
import type { Breakpoint, Json, QueryStartParams } from "../model/wire";
import { attempt } from "./notices";
import { go } from "./routing";
import { server } from "./server";
import { sessionList } from "./sessions";

/** What is about to be asked. */
export interface Asking {
  graph: string;
  text: string;
  /** The input's form, where it is used in the place of the text. */
  input: { [key: string]: Json } | null;
  config: { [key: string]: Json };
  name: string;
  /** As they are written: with commas between. */
  tags: string;
  busy: boolean;
}

export const asking = new Store<Asking>({ graph: "", text: "", input: null, config: {}, name: "", tags: "", busy: false });
/** The form with a field that was wrong when it was to be asked; a new object with each try. */
export const wrongForm = new Store<{ part: "input" | "config" } | null>(null);
const planned = new Map<string, Store<readonly Breakpoint[]>>();

/** Where the next query of a graph is to stop. */
export function plannedOf(graph: string): Store<readonly Breakpoint[]> {
  let found = planned.get(graph);
  if (found === undefined) planned.set(graph, (found = new Store<readonly Breakpoint[]>([])));
  return found;
}

export function change(part: Partial<Asking>): void {
  asking.update((before) => ({ ...before, ...part }));
}

/** The graph that is chosen; the server's default where none is. */
export function graphOf({ graph }: Asking): string {
  const graphs = server.graphs.get();
  if (graphs.some((one) => one.name === graph)) return graph;
  return (graphs.find((one) => one.default) ?? graphs[0])?.name ?? "";
}

/** Tags as a person writes them: with commas between, each once. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(",").map((one) => one.trim()).filter(Boolean))];
}

/** Stop at a node, or do not any more. */
export function togglePlanned(graph: string, path: string): void {
  plannedOf(graph).update((before) => {
    const without = before.filter((one) => one.node_name !== path);
    return without.length === before.length ? [...before, { node_name: path, enabled: true }] : without;
  });
}

/** Ask it in a new session, and go there. */
export async function ask(debug: boolean): Promise<void> {
  const given = asking.get();
  if (given.busy || (given.input === null && !given.text.trim())) return;
  const graph = graphOf(given);
  const breakpoints = plannedOf(graph).get();
  const stops = debug || breakpoints.length > 0;
  const tags = tagsOf(given.tags);
  const params: QueryStartParams = {
    graph,
    ...(given.input === null ? { query: given.text.trim() } : { input: given.input }),
    ...(Object.keys(given.config).length ? { config: given.config } : {}),
    ...(given.name.trim() ? { session_name: given.name.trim() } : {}),
    ...(tags.length ? { tags } : {}),
    ...(stops ? { debug_mode: true, breakpoints: [...breakpoints] } : {}),
  };
  change({ busy: true });
  const wrong = await wrongOf(graph, given);
  if (wrong !== null) {
    change({ busy: false });
    return wrongForm.set({ part: wrong });
  }
  const started = await attempt(() => server.client.start(params));
  change({ busy: false });
  if (started === undefined) return;
  change({ text: "", name: "", tags: "" });
  wrongForm.set(null);
  sessionList.soon(0);
  go({ session: started.session_id, tab: "flow", event: null, checkpoint: null, other: null });
}

/** Which of the forms has a field that its schema does not take. */
async function wrongOf(graph: string, { input, config }: Asking): Promise<"input" | "config" | null> {
  const described = server.descriptions.get().get(graph);
  if (described === undefined || (input === null && Object.keys(config).length === 0)) return null;
  const { fits, partial } = await import("../lib/validator");
  if (input !== null && !fits(partial(described.schemas.input), input)) return "input";
  return Object.keys(config).length > 0 && !fits(partial(described.schemas.config), config) ? "config" : null;
}
