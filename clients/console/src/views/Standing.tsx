import { useEffect, useState } from "react";

import { useStore } from "../lib/store";
import { short } from "../model/describe";
import { isOver } from "../model/session";
import type { Status } from "../model/wire";
import { goOn, step } from "../stores/debugging";
import type { OpenSession } from "../stores/session";
import { StatusChip } from "./StatusChip";

const WHY: Record<string, string> = {
  breakpoint: "at a breakpoint",
  entry: "at the start",
  failure: "at a failure",
  pause: "paused",
  step: "after a step",
  interrupt: "asks a person",
  rewind: "went back",
  restart: "begins again",
  edit: "edited",
};

/**
 * Every branch that stands, each with its own buttons. A session that is debugged keeps the place while none does, so that
 * nothing moves when it stops; one that had ended before it was looked at needs none.
 */
export function Standing({ open, onLook }: { open: OpenSession; onLook: (taskId: string) => void }) {
  const { stopped, status } = useStore(open.model);
  const record = useStore(open.record);
  // Until all events are here the model's status is one that it had.
  const caughtUp = useStore(open.caughtUp);
  const now = (caughtUp ? status : null) ?? record?.status ?? null;
  const moving = now !== null && !isOver(now);
  const [watched, setWatched] = useState(moving ? open : null);
  useEffect(() => {
    if (moving) setWatched(open);
  }, [open, moving]);
  if (stopped === null || status !== "paused")
    return record?.debug_mode && now !== null && (moving || watched === open) ? (
      <section className="standing kept none" aria-label="Where it stands">
        <p>{moves(now)}</p>
      </section>
    ) : null;
  return (
    <section className={record?.debug_mode ? "standing kept" : "standing"} aria-label="Where it stands">
      {stopped.detail && <p className="bad">{stopped.detail}</p>}
      {stopped.tasks.length === 0 && <p>It stands at its end ({WHY[stopped.reason] ?? stopped.reason}).</p>}
      {stopped.tasks.map((task) => (
        <div className="stand" key={task.task_id}>
          <StatusChip status={task.reason === "interrupt" ? "asking" : "standing"} />
          <button type="button" className="link mono" onClick={() => onLook(task.task_id)} title="Look at its state">
            {task.path}
          </button>
          <span className="dim">{WHY[task.reason] ?? task.reason}</span>
          <span className="dim ellipsis grow">{task.detail ?? short(task.input)}</span>
          {task.reason !== "interrupt" && (
            <span className="buttons">
              <button type="button" aria-label={`Step over ${task.path}`} onClick={() => void step(open, "over", task.task_id)}>
                Over
              </button>
              <button type="button" aria-label={`Step into ${task.path}`} onClick={() => void step(open, "into", task.task_id)}>
                Into
              </button>
              <button type="button" aria-label={`Step out of ${task.path}`} onClick={() => void step(open, "out", task.task_id)}>
                Out
              </button>
              <button type="button" aria-label={`Continue ${task.path}`} onClick={() => void goOn(open, task.task_id)}>
                Continue
              </button>
            </span>
          )}
        </div>
      ))}
    </section>
  );
}

/** What a session does that does not stand. */
function moves(status: Status): string {
  if (isOver(status)) return "It has ended: nothing stands.";
  return status === "waiting" ? "It waits for an answer." : "It runs until it is stopped.";
}
