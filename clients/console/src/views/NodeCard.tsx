import { useEffect, useRef, useState, type ReactNode } from "react";

import { nodeAt } from "../model/graphLayout";
import type { Breakpoint, DescribeResult } from "../model/wire";

type Draft = Pick<Breakpoint, "enabled" | "condition" | "hit_count" | "log" | "when">;

interface Props {
  path: string;
  description: DescribeResult;
  breakpoint: (Draft & { hits?: number }) | null;
  /** Set it, or take it away. */
  onChange: (breakpoint: Draft | null) => void;
  onClose: () => void;
  children?: ReactNode;
}

/** What a node is, and whether and when to stop there. */
export function NodeCard({ path, description, breakpoint, onChange, onClose, children }: Props) {
  const node = nodeAt(description.nodes, path);
  const card = useRef<HTMLElement>(null);
  const [draft, setDraft] = useState({ condition: breakpoint?.condition ?? "", hits: breakpoint?.hit_count?.toString() ?? "", log: breakpoint?.log ?? "" });
  useEffect(() => {
    const before = document.activeElement;
    card.current?.focus();
    return () => {
      if (before instanceof HTMLElement && document.contains(before)) before.focus();
    };
  }, []);
  const save = (change: Partial<Draft> = {}) =>
    onChange({
      enabled: breakpoint?.enabled ?? true,
      when: breakpoint?.when ?? "before",
      condition: draft.condition.trim() || null,
      hit_count: Number.parseInt(draft.hits, 10) || null,
      log: draft.log.trim() || null,
      ...change,
    });
  const saveText = () => {
    if (breakpoint !== null) save();
  };
  return (
    <section
      ref={card}
      className="card node-card"
      tabIndex={-1}
      aria-label={`Node ${path}`}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div className="card-head">
        <h3>{path}</h3>
        <button type="button" className="icon" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </div>
      {node?.data.description && <p>{node.data.description}</p>}
      {node?.source && (
        <p className="dim mono">
          {node.source.file}:{node.source.first_line}
        </p>
      )}
      <label className="check">
        <input type="checkbox" checked={breakpoint !== null} onChange={(event) => (event.target.checked ? save({ enabled: true }) : onChange(null))} />
        Stop here{breakpoint?.hits ? ` (reached ${breakpoint.hits}×)` : ""}
      </label>
      {breakpoint !== null && (
        <form
          className="fields"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <label className="check">
            <input type="checkbox" checked={breakpoint.enabled ?? true} onChange={(event) => save({ enabled: event.target.checked })} />
            Enabled
          </label>
          <label>
            When
            <select value={breakpoint.when ?? "before"} onChange={(event) => save({ when: event.target.value as "before" | "after" })}>
              <option value="before">before it runs</option>
              <option value="after">after it has run</option>
            </select>
          </label>
          <label>
            Only if
            <input
              className="mono"
              value={draft.condition}
              placeholder="state.found > 3"
              onChange={(event) => setDraft({ ...draft, condition: event.target.value })}
              onBlur={saveText}
            />
          </label>
          <label>
            From which time on
            <input
              type="number"
              min={1}
              value={draft.hits}
              placeholder="1"
              onChange={(event) => setDraft({ ...draft, hits: event.target.value })}
              onBlur={saveText}
            />
          </label>
          <label>
            Log instead of stopping
            <input
              className="mono"
              value={draft.log}
              placeholder="found {state.found}"
              onChange={(event) => setDraft({ ...draft, log: event.target.value })}
              onBlur={saveText}
            />
          </label>
        </form>
      )}
      {children}
    </section>
  );
}
