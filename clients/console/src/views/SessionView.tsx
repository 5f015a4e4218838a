import { useCallback, useState } from "react";

import { duration } from "../lib/format";
import { useStore } from "../lib/store";
import { currentRun, isOver } from "../model/session";
import { TABS, type Tab } from "../model/route";
import { attempt } from "../stores/notices";
import { go, route } from "../stores/routing";
import { server } from "../stores/server";
import type { OpenSession } from "../stores/session";
import { EventsView } from "./EventsView";
import { FlowView } from "./FlowView";
import { GraphView } from "./GraphView";
import { titleOf } from "./SessionsPane";
import { StatusChip } from "./StatusChip";
import { useDescription } from "./useDescription";

const NAMES: Record<Tab, string> = {
  graph: "Graph",
  flow: "Answer",
  events: "Events",
  timeline: "Timeline",
  state: "State",
  history: "History",
};

/** One session: its graph, and beside it what happens. */
export function SessionView({ open }: { open: OpenSession }) {
  const failure = useStore(open.failure);
  const record = useStore(open.record);
  if (failure !== null)
    return (
      <div className="empty" role="alert">
        <h2>This session cannot be shown</h2>
        <p>{failure}</p>
      </div>
    );
  return record === null ? (
    <p className="dim pad">Loading…</p>
  ) : (
    <Shown open={open} graph={record.graph} />
  );
}

function Shown({ open, graph }: { open: OpenSession; graph: string }) {
  const model = useStore(open.model);
  const breakpoints = useStore(open.breakpoints);
  const { tab } = useStore(route);
  const { description, failure } = useDescription(graph);
  const [selected, setSelected] = useState<string | null>(null);
  const run = currentRun(model);
  const toggle = useCallback((_: string) => undefined, []);
  return (
    <div className="session">
      <Head open={open} />
      <div className="panes">
        <section className="pane pane-graph" aria-label="Graph">
          {description && (
            <GraphView description={description} run={run} breakpoints={breakpoints} selected={selected} onSelect={setSelected} onBreak={toggle} />
          )}
          {failure && <p className="dim pad">{failure}</p>}
        </section>
        <section className="pane pane-run" aria-label="Run">
          <Tabs tab={tab} />
          <div className="tab-panel" role="tabpanel" id="panel" aria-labelledby={`tab-${tab}`}>
            {tab === "events" ? <EventsView open={open} /> : <FlowView open={open} />}
          </div>
        </section>
      </div>
    </div>
  );
}

function Head({ open }: { open: OpenSession }) {
  const record = useStore(open.record);
  const model = useStore(open.model);
  const run = currentRun(model);
  const status = model.status ?? record?.status ?? "queued";
  return (
    <div className="session-head">
      <h2 className="ellipsis">{record ? titleOf(record) : ""}</h2>
      <span role="status" aria-label="Status">
        <StatusChip status={status} />
      </span>
      <span className="dim">{duration(run?.durationMs)}</span>
      <span className="grow" />
      {!isOver(status) && (
        <button type="button" onClick={() => void attempt(() => server.client.call("query.cancel", { session_id: open.id }))}>
          Cancel
        </button>
      )}
    </div>
  );
}

function Tabs({ tab }: { tab: Tab }) {
  return (
    <div
      className="tabs"
      role="tablist"
      aria-label="What to see"
      onKeyDown={(event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (by === undefined) return;
        const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] as Tab;
        go({ tab: next });
        document.getElementById(`tab-${next}`)?.focus();
      }}
    >
      {TABS.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`tab-${one}`}
          aria-selected={one === tab}
          aria-controls="panel"
          tabIndex={one === tab ? 0 : -1}
          onClick={() => go({ tab: one })}
        >
          {NAMES[one]}
        </button>
      ))}
    </div>
  );
}
