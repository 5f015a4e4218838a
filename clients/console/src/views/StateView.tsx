import { useRef, useState } from "react";

import { bytes } from "../lib/format";
import { useStore } from "../lib/store";
import { edit } from "../stores/debugging";
import { readerOf, useInspect } from "../stores/inspecting";
import type { OpenSession } from "../stores/session";
import { JsonTree } from "./JsonTree";

/** What is chosen where it is no task. */
const WHOLE = "";

const graphOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** The state as it is now, where it may be searched and edited. */
export function StateView({ open, taskId, onTask }: { open: OpenSession; taskId: string | null; onTask: (taskId: string) => void }) {
  const { stopped, status } = useStore(open.model);
  const [search, setSearch] = useState("");
  const tasks = stopped?.tasks ?? [];
  // Where nobody chose, or what was chosen went on: what is inside of a subgraph is not in the state of the whole graph yet.
  const graph = useRef<string | null>(null);
  const inside = tasks.filter((one) => one.path.includes("/"));
  const standing = tasks.find((one) => one.task_id === taskId) ?? inside.find((one) => graphOf(one.path) === graph.current) ?? inside[0];
  const chosen = taskId === WHOLE ? null : (standing?.task_id ?? null);
  graph.current = chosen === null || standing === undefined ? null : graphOf(standing.path);
  const { result, changed, failure, again } = useInspect(open, chosen, null);
  const editable = status !== "running" && status !== "queued" && status !== null;
  const size = result === null ? 0 : Object.values(result.sizes).reduce((sum, one) => sum + one, 0);
  return (
    <div className="state">
      <div className="state-head">
        <label>
          <span className="hidden">Which state</span>
          <select value={chosen ?? WHOLE} onChange={(event) => onTask(event.target.value)}>
            <option value={WHOLE}>the whole graph</option>
            {tasks.map((one) => (
              <option key={one.task_id} value={one.task_id}>
                where {one.path} stands
              </option>
            ))}
          </select>
        </label>
        <input type="search" aria-label="Search the state" placeholder="Search the state" value={search} onChange={(event) => setSearch(event.target.value)} />
        <span className="dim">
          {size > 0 && bytes(size)}
          {result !== null && result.next.length > 0 && ` · next: ${result.next.join(", ")}`}
        </span>
      </div>
      {failure && <p className="bad pad">{failure}</p>}
      {result?.error && <p className="bad pad">{result.error}</p>}
      {result !== null && (
        <JsonTree
          // What is open stays so from stop to stop.
          key={result.path}
          label="State"
          value={result.values}
          changed={changed}
          search={search}
          reader={readerOf(open, chosen, null)}
          onEdit={
            editable
              ? async (pointer, value) => {
                  const done = await edit(open, pointer, value, chosen);
                  if (done) again();
                  return done;
                }
              : undefined
          }
        />
      )}
      <p className="dim hint">{editable ? "Double-click a value, or press Enter on it, to change it." : "It runs: stop it to change a value."}</p>
    </div>
  );
}
