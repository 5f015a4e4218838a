import { memo, useCallback, useEffect, useState } from "react";

import { sayDrawn } from "../lib/later";
import { Store, useStore } from "../lib/store";
import type { DescribeResult } from "../model/wire";
import { plannedOf, togglePlanned } from "../stores/asking";
import { GraphView } from "./GraphView";
import { NodeCard } from "./NodeCard";

/** The graph that is about to be asked. A click on a node says that the next query stops there, and opens when and how. */
export default memo(function HomeGraph({ description }: { description: DescribeResult }) {
  const { graph } = description;
  useEffect(sayDrawn, []);
  const [selected] = useState(() => new Store<string | null>(null));
  const toggle = useCallback((path: string) => togglePlanned(graph, path), [graph]);
  const open = useCallback(
    (path: string) => {
      if (!plannedOf(graph).get().some((one) => one.node_name === path)) togglePlanned(graph, path);
      selected.set(path);
    },
    [graph, selected],
  );
  return (
    <>
      <GraphView description={description} run={undefined} breakpoints={plannedOf(graph)} selected={selected} onSelect={open} onBreak={toggle} />
      <HomeCard description={description} selected={selected} />
    </>
  );
});

/** The card of the node that is selected, where one is. */
function HomeCard({ description, selected }: { description: DescribeResult; selected: Store<string | null> }) {
  const planned = plannedOf(description.graph);
  const path = useStore(selected);
  const breakpoints = useStore(planned);
  const close = useCallback(() => selected.set(null), [selected]);
  if (path === null) return null;
  return (
    <NodeCard
      key={path}
      path={path}
      description={description}
      breakpoint={breakpoints.find((one) => one.node_name === path) ?? null}
      onChange={(breakpoint) => {
        const others = breakpoints.filter((one) => one.node_name !== path);
        planned.set(breakpoint === null ? others : [...others, { ...breakpoint, node_name: path }]);
      }}
      onClose={close}
    >
      <p className="dim">The next question stops here.</p>
    </NodeCard>
  );
}
