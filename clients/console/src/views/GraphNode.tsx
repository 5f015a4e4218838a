import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { createContext, memo, useContext } from "react";

import { duration } from "../lib/format";
import { Store, useSelected } from "../lib/store";
import type { Placed } from "../model/graphLayout";
import { stateOf, type Tally, type TaskState } from "../model/tasks";
import type { Breakpoint } from "../model/wire";

/** What changes of a drawing by a click. */
export interface Picking {
  selected: Store<string | null>;
  breakpoints: Store<readonly Pick<Breakpoint, "node_name" | "enabled" | "log">[]>;
}

export const Picked = createContext<Picking>({ selected: new Store<string | null>(null), breakpoints: new Store<Breakpoint[]>([]) });

export interface NodeFacts extends Record<string, unknown> {
  placed: Placed;
  tally: Tally | undefined;
  foldable: boolean;
  /** A click on its name sets the breakpoint, as there is nothing to look at yet. */
  stopsAtClick: boolean;
  /** Nothing runs: what was entered and has not ended holds what stands or asks. */
  resting: boolean;
  onOpen: (path: string) => void;
  onFold: (path: string) => void;
  onBreak: (path: string) => void;
}

export type DrawnNode = Node<NodeFacts>;

type Shown = TaskState | "waiting" | "entered";

const WORDS: Record<Shown, string> = {
  entered: "rests inside",
  waiting: "waiting",
  running: "running",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
  standing: "standing",
  asking: "asks",
  released: "going on",
};

/** A node of the drawing: what it is called, and what it is doing. */
export const GraphNodeView = memo(function GraphNodeView({ data }: NodeProps<DrawnNode>) {
  const { placed, tally, foldable, stopsAtClick, resting, onOpen, onFold, onBreak } = data;
  const { node, open } = placed;
  const picked = useContext(Picked);
  const selected = useSelected(picked.selected, (path) => path === node.path);
  const breakpoint = useSelected(picked.breakpoints, (all) => markOf(all.findLast((one) => one.node_name === node.path) ?? all.findLast((one) => one.node_name === node.id)));
  const end = node.type === "start" || node.type === "end";
  const found = end ? "waiting" : stateOf(tally);
  const state = resting && found === "running" ? "entered" : found;
  const words = said(state, tally);
  return (
    <div className={`node n-${state}${end ? " n-end" : ""}${open ? " n-open" : ""}${selected ? " n-selected" : ""}`} data-path={node.path} data-state={state}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      {end ? (
        <span className="node-end">{node.type === "start" ? "start" : "end"}</span>
      ) : (
        <div className="node-head">
          <button
            type="button"
            className={`break b-${breakpoint}`}
            aria-pressed={breakpoint !== "none"}
            aria-label={`Breakpoint at ${node.path}`}
            title={breakpoint === "none" ? "Stop here" : "Do not stop here"}
            onClick={() => onBreak(node.path)}
          />
          <button type="button" className="node-name" aria-haspopup="dialog" aria-expanded={selected} title={stopsAtClick ? "Stop here, and say when" : "Look inside, or say when to stop here"} onClick={() => onOpen(node.path)}>
            <span className="name">{node.label || node.id}</span>
            <span className="words">{words}</span>
            <span className="hidden">{node.path}</span>
          </button>
          {foldable && (
            <button
              type="button"
              className="fold"
              aria-expanded={open}
              aria-label={`${open ? "Fold" : "Open"} ${node.path}`}
              onClick={() => onFold(node.path)}
            >
              {open ? "−" : "+"}
            </button>
          )}
        </div>
      )}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
});

function markOf(breakpoint: Pick<Breakpoint, "enabled" | "log"> | undefined): "none" | "on" | "off" | "log" {
  if (breakpoint === undefined) return "none";
  if (breakpoint.enabled === false) return "off";
  return (breakpoint.log ?? null) === null ? "on" : "log";
}

function said(state: Shown, tally: Tally | undefined): string {
  if (!tally) return WORDS.waiting;
  if (tally.total > 1) {
    const parts = (["asking", "standing", "running", "failed", "cancelled"] as const)
      .filter((one) => tally[one] > 0)
      .map((one) => `${tally[one]} ${one === "running" && state === "entered" ? WORDS.entered : WORDS[one]}`);
    return [`${tally.done}/${tally.total} done`, ...parts].join(" · ");
  }
  return state === "done" && tally.durationMs > 0 ? `${WORDS.done} · ${duration(tally.durationMs)}` : WORDS[state];
}
