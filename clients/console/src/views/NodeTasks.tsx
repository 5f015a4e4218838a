import { duration } from "../lib/format";
import { useStore } from "../lib/store";
import { currentRun, isOver } from "../model/session";
import { again, runTo } from "../stores/debugging";
import { go } from "../stores/routing";
import type { OpenSession } from "../stores/session";
import { StatusChip } from "./StatusChip";

const MOST = 50;

/** What a node has done in this run, and what it may be told to do. */
export function NodeTasks({ open, path }: { open: OpenSession; path: string }) {
  const model = useStore(open.model);
  const run = currentRun(model);
  const tasks = [...(run?.tasks.values() ?? [])].filter((task) => task.path === path).sort((a, b) => a.startSeq - b.startSeq);
  const shown = tasks.slice(-MOST);
  // Those that the session went back to before are no part of the count.
  const counted = Math.max(run?.nodes.get(path)?.total ?? 0, tasks.filter((task) => !task.past).length);
  const left = counted - shown.filter((task) => !task.past).length;
  const isResting = model.status === "paused" || isOver(model.status);
  return (
    <>
      <div className="buttons">
        {model.status === "paused" && (
          <button type="button" onClick={() => void runTo(open, path)}>
            Run up to here
          </button>
        )}
        {isResting && (tasks.length > 0 || counted > 0) && (
          <button type="button" onClick={() => void again(open, path)}>
            Run this node again
          </button>
        )}
      </div>
      {tasks.length > 0 && (
        <ul className="tasks" aria-label="Its tasks">
          {shown.map((task) => (
            <li key={task.id}>
              <StatusChip status={task.state} />
              <span className="dim">{duration(task.durationMs)}</span>
              {task.note && <span className="dim ellipsis">{task.note}</span>}
              {task.error && <span className="bad ellipsis">{task.error}</span>}
              <span className="grow" />
              {tasks.length > 1 && isResting && (
                <button type="button" className="link" onClick={() => void again(open, path, task.id)}>
                  Run again
                </button>
              )}
              {task.startSeq > 0 && (
                <button type="button" className="link seq" onClick={() => go({ tab: "events", event: task.startSeq })}>
                  #{task.startSeq}
                </button>
              )}
              {task.endSeq !== null && task.endSeq > 0 && (
                <button type="button" className="link seq" onClick={() => go({ tab: "events", event: task.endSeq })}>
                  #{task.endSeq}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {left > 0 && (
        <p className="dim">
          {left} older {left === 1 ? "one is" : "ones are"} left out; the events have them.
        </p>
      )}
      {run?.uncounted && <p className="dim">The session went back to before tasks that are left out: they are not counted.</p>}
    </>
  );
}
