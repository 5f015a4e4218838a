import { memo, useCallback, useDeferredValue, useState } from "react";

import { duration } from "../lib/format";
import { Store, useStore } from "../lib/store";
import type { Tab } from "../model/route";
import { currentRun, titleOf } from "../model/session";
import { setBreakpoint, toggleBreakpoint } from "../stores/debugging";
import { go, route } from "../stores/routing";
import type { OpenSession } from "../stores/session";
import { DebugBar } from "./DebugBar";
import { EventsView } from "./EventsView";
import { FlowView } from "./FlowView";
import { GraphView } from "./GraphView";
import { HistoryView } from "./HistoryView";
import type { Draft } from "./NodeCard";
import { NodeTasks } from "./NodeTasks";
import { Questions } from "./Questions";
import { SelectedCard } from "./SelectedCard";
import { SessionDetails } from "./SessionDetails";
import { Standing } from "./Standing";
import { StateView } from "./StateView";
import { StatusChip } from "./StatusChip";
import { Tabs } from "./Tabs";
import { TimelineView } from "./TimelineView";
import { useDescription } from "./useDescription";
import { useNarrow } from "./useNarrow";

/** One session: its graph, and beside it what happens. */
export default memo(function SessionView({ open }: { open: OpenSession }) {
  const failure = useStore(open.failure);
  const record = useStore(open.record);
  const { deleted } = useStore(open.model);
  if (failure !== null || deleted)
    return (
      <div className="empty" role="alert">
        <h2>{deleted ? "This session was deleted" : "This session cannot be shown"}</h2>
        {failure !== null && <p>{failure}</p>}
        <p>
          <a href="#/">To the graph</a>
        </p>
      </div>
    );
  return record === null ? <p className="dim pad">Loading…</p> : <Shown open={open} graph={record.graph} />;
});

function Shown({ open, graph }: { open: OpenSession; graph: string }) {
  const model = useStore(open.model);
  const { tab } = useStore(route);
  // The tab answers at once; what is in it is drawn behind that.
  const shown = useDeferredValue(tab);
  const narrow = useNarrow();
  const drawing = narrow && shown === "graph";
  const { description, failure } = useDescription(graph);
  const [selected] = useState(() => new Store<string | null>(null));
  const [task, setTask] = useState<string | null>(null);
  const toggle = useCallback((path: string) => void toggleBreakpoint(open, path), [open]);
  const select = useCallback((path: string) => selected.set(path), [selected]);
  const change = useCallback((path: string, draft: Draft | null) => void setBreakpoint(open, path, draft), [open]);
  const tasksOf = useCallback((path: string) => <NodeTasks open={open} path={path} />, [open]);
  return (
    <div className="session">
      <Head open={open} />
      <div className={drawing ? "panes drawing" : "panes"}>
        <section id="graph-pane" className="pane pane-graph" aria-label="Graph">
          {description && (
            <GraphView description={description} run={currentRun(model)} breakpoints={open.breakpoints} selected={selected} onSelect={select} onBreak={toggle} />
          )}
          {description && (
            <SelectedCard description={description} selected={selected} breakpoints={open.breakpoints} onChange={change}>
              {tasksOf}
            </SelectedCard>
          )}
          {failure && <p className="dim pad">{failure}</p>}
        </section>
        <section className="pane pane-run" aria-label="Run">
          <Standing
            open={open}
            onLook={(id) => {
              setTask(id);
              go({ tab: "state" });
            }}
          />
          <Questions open={open} />
          <Tabs tab={tab} narrow={narrow} />
          <div className="tab-panel" role="tabpanel" id="panel" aria-labelledby={`tab-${shown === "graph" ? "flow" : shown}`} hidden={drawing}>
            <Panel tab={shown} open={open} task={task} onTask={setTask} />
          </div>
        </section>
      </div>
    </div>
  );
}

const Panel = memo(function Panel({ tab, open, task, onTask }: { tab: Tab; open: OpenSession; task: string | null; onTask: (task: string) => void }) {
  switch (tab) {
    case "events":
      return <EventsView open={open} />;
    case "timeline":
      return <TimelineView open={open} />;
    case "state":
      return <StateView open={open} taskId={task} onTask={onTask} />;
    case "history":
      return <HistoryView open={open} />;
    default:
      return <FlowView open={open} />;
  }
});

function Head({ open }: { open: OpenSession }) {
  const record = useStore(open.record);
  const model = useStore(open.model);
  const run = currentRun(model);
  const status = model.status ?? record?.status ?? "queued";
  const [details, setDetails] = useState(false);
  return (
    <div className="session-head" data-session={open.id}>
      <h2 className="ellipsis" title={record ? titleOf(record) : undefined}>
        {record ? titleOf(record) : ""}
      </h2>
      <span role="status" aria-label="Status">
        <StatusChip status={status} />
      </span>
      <span className="dim took">{duration(run?.durationMs)}</span>
      <button type="button" className="quiet" onClick={() => setDetails(true)}>
        Name and tags
      </button>
      {details && record && <SessionDetails open={open} record={record} onClose={() => setDetails(false)} />}
      <span className="grow" />
      <DebugBar open={open} />
    </div>
  );
}
