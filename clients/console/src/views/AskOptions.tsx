import { useEffect, useMemo, useState } from "react";

import { useStore } from "../lib/store";
import { partial } from "../lib/validator";
import type { Json } from "../model/wire";
import { asking, change, wrongForm } from "../stores/asking";
import { SchemaForm } from "./SchemaForm";
import { useDescription } from "./useDescription";

/** The graph's input and its settings as forms made of their schemas. */
export default function AskOptions({ graph, takesText }: { graph: string; takesText: boolean }) {
  const given = useStore(asking);
  const { description, failure } = useDescription(graph);
  const [part, setPart] = useState<"input" | "config">("input");
  const wrong = useStore(wrongForm);
  useEffect(() => {
    if (wrong !== null) setPart(wrong.part);
  }, [wrong]);
  const { input, config } = useMemo(
    () => ({ input: partial(description?.schemas.input ?? null), config: partial(description?.schemas.config ?? null) }),
    [description],
  );
  if (description === null) return <p className="dim pad">{failure ?? "Loading…"}</p>;
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
          {takesText && (
            <label className="check">
              <input
                type="checkbox"
                checked={given.input !== null}
                onChange={(event) => change({ input: event.target.checked ? (given.text ? { query: given.text } : {}) : null })}
              />
              Ask with this form instead of a question
            </label>
          )}
          {given.input !== null && (
            <SchemaForm
              schema={input}
              value={given.input}
              checked={wrong !== null}
              onChange={(value) => change({ input: value as { [key: string]: Json } })}
            />
          )}
        </>
      ) : hasConfig ? (
        <SchemaForm
          schema={config}
          value={given.config}
          checked={wrong !== null}
          onChange={(value) => change({ config: value as { [key: string]: Json } })}
        />
      ) : (
        <p className="dim">This graph has no settings of its own.</p>
      )}
    </div>
  );
}
