import { memo, useCallback, useState } from "react";

import { useStore } from "../lib/store";
import { plan, planned } from "../stores/asking";
import { server } from "../stores/server";
import { GraphView } from "./GraphView";
import { NodeCard } from "./NodeCard";
import { useDescription } from "./useDescription";

/** Before anything is asked: the graph, where it may be told to stop. */
export const Home = memo(function Home({ graph }: { graph: string }) {
  const { description, failure } = useDescription(graph);
  const breakpoints = useStore(planned).get(graph) ?? [];
  const info = useStore(server.info);
  const [selected, setSelected] = useState<string | null>(null);
  const toggle = useCallback(
    (path: string) => {
      const before = planned.get().get(graph) ?? [];
      const without = before.filter((one) => one.node_name !== path);
      plan(graph, without.length === before.length ? [...before, { node_name: path, enabled: true }] : without);
    },
    [graph],
  );
  return (
    <div className="home">
      <div className="home-text">
        <h2>{graph || "Stepwire"}</h2>
        <p>{description?.description || "Ask a question above, and watch the graph answer it."}</p>
        <p className="dim">
          Click the dot of a node to stop there, then <b>Debug</b>. Press <kbd>/</kbd> to write a question.
          {info && (
            <>
              {" "}
              Stepwire {info.version}, LangGraph {info.langgraph_version}. <a href={`${server.client.url.replace(/^ws/, "http").replace(/\/rpc$/, "")}/orchestrator/docs`}>API</a>
            </>
          )}
        </p>
        {failure && <p className="bad">{failure}</p>}
      </div>
      <div className="home-graph">
        {description && (
          <GraphView
            key={description.graph}
            description={description}
            run={undefined}
            breakpoints={breakpoints.map((one) => ({ node_name: one.node_name ?? "", enabled: one.enabled ?? true, log: one.log ?? null }))}
            selected={selected}
            onSelect={setSelected}
            onBreak={toggle}
          />
        )}
        {description && selected !== null && (
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
          />
        )}
      </div>
    </div>
  );
});
