import { useState } from "react";

import { useStore } from "../lib/store";
import type { Json } from "../model/wire";
import { asking, change } from "../stores/asking";
import { SchemaForm } from "./SchemaForm";
import { useDescription } from "./useDescription";

/** The graph's input and its settings as forms made of their schemas. */
export default function AskOptions({ graph }: { graph: string }) {
  const given = useStore(asking);
  const { description, failure } = useDescription(graph);
  const [part, setPart] = useState<"input" | "config">("input");
  if (description === null) return <p className="dim pad">{failure ?? "Loading…"}</p>;
  const { input, config } = description.schemas;
  const hasConfig = config !== null && typeof config === "object" && Object.keys((config as { properties?: object }).properties ?? {}).length > 0;
  return (
    <div className="options">
      <div className="options-head">
        <button type="button" aria-pressed={part === "input"} onClick={() => setPart("input")}>
          Input
        </button>
        <button type="button" aria-pressed={part === "config"} onClick={() => setPart("config")}>
          Settings
        </button>
        <label className="inline">
          Name of the session
          <input value={given.name} onChange={(event) => change({ name: event.target.value })} placeholder="none" />
        </label>
        <label className="inline">
          Its tags, with commas between
          <input value={given.tags} onChange={(event) => change({ tags: event.target.value })} placeholder="none" />
        </label>
      </div>
      {part === "input" ? (
        <>
          <label className="check">
            <input
              type="checkbox"
              checked={given.input !== null}
              onChange={(event) => change({ input: event.target.checked ? (given.text ? { query: given.text } : {}) : null })}
            />
            Ask with this form instead of a question
          </label>
          {given.input !== null && (
            <SchemaForm schema={input} value={given.input} onChange={(value) => change({ input: value as { [key: string]: Json } })} />
          )}
        </>
      ) : hasConfig ? (
        <SchemaForm schema={config} value={given.config} onChange={(value) => change({ config: value as { [key: string]: Json } })} />
      ) : (
        <p className="dim">This graph has no settings of its own.</p>
      )}
    </div>
  );
}
