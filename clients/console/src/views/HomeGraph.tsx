import { memo, useCallback, useEffect, useMemo, useState } from "react";

import { sayDrawn } from "../lib/later";
import { useStore } from "../lib/store";
import type { DescribeResult } from "../model/wire";
import { plan, planned, togglePlanned } from "../stores/asking";
import { GraphView } from "./GraphView";
import { NodeCard } from "./NodeCard";

const NONE: never[] = [];

/** The graph that is about to be asked. A click on a node says that the next query stops there, and opens when and how. */
export default memo(function HomeGraph({ description }: { description: DescribeResult }) {
  const { graph } = description;
  useEffect(sayDrawn, []);
  const breakpoints = useStore(planned).get(graph) ?? NONE;
  const marks = useMemo(
    () => breakpoints.map((one) => ({ node_name: one.node_name ?? "", enabled: one.enabled ?? true, log: one.log ?? null })),
    [breakpoints],
  );
  const [selected, setSelected] = useState<string | null>(null);
  const toggle = useCallback((path: string) => togglePlanned(graph, path), [graph]);
  const open = useCallback(
    (path: string) => {
      if (!(planned.get().get(graph) ?? []).some((one) => one.node_name === path)) togglePlanned(graph, path);
      setSelected(path);
    },
    [graph],
  );
  return (
    <>
      <GraphView description={description} run={undefined} breakpoints={marks} selected={selected} onSelect={open} onBreak={toggle} />
      {selected !== null && (
        <NodeCard
          key={selected}
          path={selected}
          description={description}
          breakpoint={breakpoints.find((one) => one.node_name === selected) ?? null}
          onChange={(breakpoint) => {
            const others = breakpoints.filter((one) => one.node_name !== selected);
            plan(graph, breakpoint === null ? others : [...others, { ...breakpoint, node_name: selected }]);
          }}
          onClose={() => setSelected(null)}
        >
          <p className="dim">The next question stops here.</p>
        </NodeCard>
      )}
    </>
  );
});
