import { useDeferredValue, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";

import { nodeAt } from "../model/graphLayout";
import type { Breakpoint, DescribeResult } from "../model/wire";
import { Prose } from "./Prose";

/** A breakpoint as it is set. */
export type Draft = Pick<Breakpoint, "enabled" | "condition" | "hit_count" | "log" | "when">;

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
  const stop = useRef<HTMLInputElement>(null);
  // What was clicked answers first; when and how it stops follows with the next picture.
  const whole = useDeferredValue(true, false);
  const [draft, setDraft] = useState({ condition: breakpoint?.condition ?? "", hits: breakpoint?.hit_count?.toString() ?? "", log: breakpoint?.log ?? "" });
  useEffect(() => {
    const before = document.activeElement;
    stop.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && document.contains(before)) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    // What had the focus may be gone, as a button is that is not for what happens now.
    const key = (event: KeyboardEvent) => event.key === "Escape" && onClose();
    const press = (event: PointerEvent) => event.target instanceof Element && event.target.closest(".react-flow__pane") && onClose();
    addEventListener("keydown", key);
    addEventListener("pointerdown", press);
    return () => {
      removeEventListener("keydown", key);
      removeEventListener("pointerdown", press);
    };
  }, [onClose]);
  useLayoutEffect(() => {
    // Where its node goes, it goes too: a drawing is fitted into its pane, moved and folded while a card is open.
    const [own, pane] = [card.current, card.current?.parentElement];
    if (!own || !pane) return;
    const follow = () => place(own, pane, path);
    // Both tell it before the picture in which that is so; sizes also at first, when all has been laid out anyway.
    const sizes = new ResizeObserver(follow);
    for (const one of [own, pane]) sizes.observe(one);
    const places = new MutationObserver(follow);
    const drawing = pane.querySelector(".react-flow__viewport");
    if (drawing) places.observe(drawing, { attributeFilter: ["style"], childList: true, subtree: true });
    return () => {
      sizes.disconnect();
      places.disconnect();
    };
  }, [path]);
  const save = (change: Partial<Draft> = {}) =>
    onChange({
      enabled: breakpoint?.enabled ?? true,
      when: breakpoint?.when ?? "before",
      condition: draft.condition.trim() || null,
      hit_count: Number.parseInt(draft.hits, 10) || null,
      log: draft.log.trim() || null,
      ...change,
    });
  // Whoever writes down when to stop wants to stop.
  const saveText = () => {
    const given = { condition: draft.condition.trim() || null, hit_count: Number.parseInt(draft.hits, 10) || null, log: draft.log.trim() || null };
    const known = { condition: breakpoint?.condition ?? null, hit_count: breakpoint?.hit_count ?? null, log: breakpoint?.log ?? null };
    if (JSON.stringify(given) !== JSON.stringify(known)) save();
  };
  return (
    <section
      ref={card}
      className="card node-card"
      role="dialog"
      tabIndex={-1}
      aria-label={`Node ${path}`}
    >
      <div className="card-head">
        <h3>{path}</h3>
        <button type="button" className="icon" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </div>
      {node?.data.description && (
        <p>
          <Prose text={node.data.description} />
        </p>
      )}
      {node?.source && (
        <p className="dim mono">
          {node.source.file}:{node.source.first_line}
        </p>
      )}
      <label className="check">
        <input ref={stop} type="checkbox" checked={breakpoint !== null} onChange={(event) => (event.target.checked ? save({ enabled: true }) : onChange(null))} />
        Stop here{breakpoint?.hits ? ` (reached ${breakpoint.hits}×)` : ""}
      </label>
      {whole && (
        <form
          className="fields"
          onSubmit={(event) => event.preventDefault()}
          onKeyDown={(event) => {
            // A form of several fields is not sent by Enter alone.
            if (event.key === "Enter" && event.target instanceof HTMLInputElement && !event.nativeEvent.isComposing) save();
          }}
        >
          {breakpoint !== null && (
            <label className="check">
              <input type="checkbox" checked={breakpoint.enabled ?? true} onChange={(event) => save({ enabled: event.target.checked })} />
              Enabled
            </label>
          )}
          <label>
            When
            <select value={breakpoint?.when ?? "before"} onChange={(event) => save({ when: event.target.value as "before" | "after" })}>
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
      {whole && children}
    </section>
  );
}

const GAP = 10;

/** Put the card beside its node, or where there is no room for that on the other side of the pane. */
function place(card: HTMLElement, pane: HTMLElement, path: string): void {
  const node = pane.querySelector(`.node[data-path="${CSS.escape(path)}"] > .node-head`);
  if (!node) return;
  const [within, beside] = [pane.getBoundingClientRect(), node.getBoundingClientRect()];
  const right = beside.right - within.left + GAP;
  const left = beside.left - within.left - GAP - card.offsetWidth;
  const end = within.width - card.offsetWidth - GAP;
  const other = (beside.left + beside.right) / 2 - within.left > within.width / 2 ? GAP : end;
  const x = right <= end ? right : left >= GAP ? left : Math.max(GAP, other);
  const y = Math.max(GAP, Math.min(beside.top - within.top, within.height - card.offsetHeight - GAP));
  Object.assign(card.style, { left: `${x}px`, right: "auto", top: `${y}px` });
}
