// The extension as an editor runs it, and the sessions that it debugs.

import { activate } from "../src/extension";
import { editor, Uri } from "./editor";

const layout = { width: 100, height: 200 };
const node = (path: string, subgraph: unknown = null) => ({
  id: path.split("/").at(-1), path, type: "node", label: path, position: { x: 50, y: 50 }, width: 80, height: 30, subgraph,
});

/** Where a function is written. */
export const written = (path: string, first_line: number, last_line: number, is_task = false) => ({
  path, file: "research.py", first_line, last_line, is_task,
});

/** A subgraph, a node whose name is to be escaped, and one with two tools, in the second of which a task is written. */
export const DRAWING = {
  graph: "research", root: "/home/ada", edges: [], layout,
  nodes: [
    { ...node("__start__"), type: "start" },
    node("literature", { nodes: [node("literature/rank")], edges: [], layout }),
    node("<b>"),
    node("tools"),
  ],
  functions: [
    written("literature/rank", 1, 3),
    written("<b>", 9, 11),
    written("tools", 20, 24),
    written("tools", 30, 39),
    written("tools/fetch", 33, 35, true),
  ],
};

let sessions = 0;
const context = { subscriptions: [] as { dispose(): void }[], extensionUri: Uri.file("/extension") };

export const activated = () => activate(context as never);
export const disposed = () => {
  for (const one of context.subscriptions) one.dispose();
};

/** A session of the debugger, with what it was asked, and its graph. */
export function session(type = "stepwire") {
  const requests: [string, unknown][] = [];
  const made = {
    id: `session ${++sessions}`,
    type,
    requests,
    graph: DRAWING as object,
    customRequest: async (name: string, given: unknown): Promise<unknown> => (requests.push([name, given]), made.graph),
  };
  return made;
}

export const registered = (name: string) => editor.registered.get(name);
export const call = (name: string, ...given: unknown[]) => registered(name)(...given);
/** All that waits for nothing but its turn has had it. */
export const tick = () => new Promise((resolve) => setImmediate(resolve));
