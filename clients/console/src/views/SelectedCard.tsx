import { memo, useCallback, type ReactNode } from "react";

import { type Store, useStore } from "../lib/store";
import type { DescribeResult } from "../model/wire";
import { type Draft, NodeCard } from "./NodeCard";

interface Props {
  description: DescribeResult;
  /** The node's path; null where none is. */
  selected: Store<string | null>;
  breakpoints: Store<readonly (Draft & { node_name?: string | null })[]>;
  /** A node's breakpoint is set, or taken away. */
  onChange: (path: string, breakpoint: Draft | null) => void;
  /** What stands below. */
  children: (path: string) => ReactNode;
}

/** The card of the node that is selected, where one is. */
export const SelectedCard = memo(function SelectedCard({ description, selected, breakpoints, onChange, children }: Props) {
  const path = useStore(selected);
  const stops = useStore(breakpoints);
  const close = useCallback(() => selected.set(null), [selected]);
  if (path === null) return null;
  return (
    <NodeCard
      key={path}
      path={path}
      description={description}
      breakpoint={stops.find((one) => one.node_name === path) ?? null}
      onChange={(breakpoint) => onChange(path, breakpoint)}
      onClose={close}
    >
      {children(path)}
    </NodeCard>
  );
});
