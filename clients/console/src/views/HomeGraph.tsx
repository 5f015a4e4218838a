import { memo, useCallback, useEffect, useState } from "react";

import { sayDrawn } from "../lib/later";
import { Store } from "../lib/store";
import type { DescribeResult } from "../model/wire";
import { plannedOf, togglePlanned } from "../stores/asking";
import { GraphView } from "./GraphView";
import type { Draft } from "./NodeCard";
import { SelectedCard } from "./SelectedCard";

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
  const change = useCallback(
    (path: string, breakpoint: Draft | null) => {
      const planned = plannedOf(graph);
      const others = planned.get().filter((one) => one.node_name !== path);
      planned.set(breakpoint === null ? others : [...others, { ...breakpoint, node_name: path }]);
    },
    [graph],
  );
  return (
    <>
      <GraphView
        description={description}
        run={undefined}
        stopsAtClick
        breakpoints={plannedOf(graph)}
        selected={selected}
        onSelect={open}
        onBreak={toggle}
      />
      <SelectedCard description={description} selected={selected} breakpoints={plannedOf(graph)} onChange={change}>
        {stopsHere}
      </SelectedCard>
    </>
  );
});

const stopsHere = () => <p className="dim">The next question stops here.</p>;
