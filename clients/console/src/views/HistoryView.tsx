import { useMemo, useState } from "react";

import { clockOf } from "../lib/format";
import { useStore } from "../lib/store";
import { lanesOf, MOST_LANES, tipsOf, type Laned } from "../model/lanes";
import { useHistory } from "../stores/history";
import { go, route } from "../stores/routing";
import type { OpenSession } from "../stores/session";
import { CheckpointCard } from "./CheckpointCard";
import { CompareView } from "./CompareView";

const LANE = 16;
const ROW = 34;
const SOURCES: Record<string, string> = { input: "the input", loop: "step", update: "edit", fork: "went back" };

/** All checkpoints as a line, with a branch where the session went back. */
export function HistoryView({ open }: { open: OpenSession }) {
  const [all, setAll] = useState(false);
  const { checkpoints, more, failure, loadMore, lookForOutcomes } = useHistory(open, all);
  const { checkpoint, other } = useStore(route);
  const { rows, lanes } = useMemo(() => lanesOf(checkpoints), [checkpoints]);
  const tips = useMemo(() => tipsOf(rows), [rows]);
  const picked = checkpoints.find((one) => one.checkpoint_id === checkpoint) ?? null;
  const compared = checkpoints.find((one) => one.checkpoint_id === other) ?? null;
  if (picked !== null && compared !== null) return <CompareView open={open} left={compared} right={picked} />;
  return (
    <div className="history">
      <div className="state-head">
        <label className="check">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          Subgraphs too
        </label>
        {tips.length > 1 && tips[0] && tips[1] && (
          <button type="button" onClick={() => go({ checkpoint: tips[0]?.checkpoint_id ?? null, other: tips[1]?.checkpoint_id ?? null })}>
            Compare the outcomes
          </button>
        )}
        <span className="dim">
          {checkpoints.length} {checkpoints.length === 1 ? "checkpoint" : "checkpoints"}
          {more && "; older ones are not looked at"}
        </span>
        {more && tips.length < 2 && (
          <button type="button" className="link" onClick={lookForOutcomes}>
            Look for older outcomes
          </button>
        )}
      </div>
      {failure && <p className="bad pad">{failure}</p>}
      <div className="history-columns">
        <ol className="checkpoints" aria-label="Checkpoints, newest first">
          {rows.map((row) => (
            <li key={row.checkpoint.checkpoint_id}>
              <Lines row={row} lanes={lanes} />
              <button
                type="button"
                className="checkpoint"
                aria-current={row.checkpoint.checkpoint_id === checkpoint ? "true" : undefined}
                onClick={() => go({ checkpoint: row.checkpoint.checkpoint_id, other: null })}
              >
                <span className="ellipsis">
                  <b>{nameOf(row)}</b>
                  <span className="dim"> {nextOf(row)}</span>
                </span>
                {row.checkpoint.current && <span className="chip">here</span>}
                {row.checkpoint.error && <span className="chip s-failed">stuck</span>}
                <time className="dim" dateTime={row.checkpoint.created_at}>
                  {clockOf(row.checkpoint.created_at)}
                </time>
              </button>
            </li>
          ))}
          {more && (
            <li>
              <button type="button" className="link pad" onClick={loadMore}>
                Older ones
              </button>
            </li>
          )}
        </ol>
        {picked === null ? (
          <p className="dim pad">Choose a checkpoint to look at its state, to go back to it, or to run again from there.</p>
        ) : (
          <CheckpointCard key={picked.checkpoint_id} open={open} checkpoint={picked} others={checkpoints} />
        )}
      </div>
    </div>
  );
}

function nameOf({ checkpoint }: Laned): string {
  const source = SOURCES[checkpoint.source] ?? checkpoint.source;
  const where = checkpoint.path === "" ? "" : `${checkpoint.path}: `;
  return `${where}${checkpoint.source === "loop" ? `${source} ${checkpoint.step}` : source}`;
}

function nextOf({ checkpoint: { next, source } }: Laned): string {
  if (next.length > 0) return `next: ${next.join(", ")}`;
  return source === "input" ? "before anything ran" : "the end";
}

/** The line's piece beside one row: its dot, and the lines that pass. */
function Lines({ row, lanes }: { row: Laned; lanes: number }) {
  const x = (lane: number) => 12 + lane * LANE;
  const own = x(row.lane);
  const pieces = row.passing.map((lane) => `M${x(lane)} 0V${ROW}`);
  // From the dot down; to another lane only where the parent is.
  if (row.parentIndex !== null) pieces.push(`M${own} ${ROW / 2}V${ROW}`);
  for (const lane of row.children)
    pieces.push(lane === row.lane ? `M${own} 0V${ROW / 2}` : `M${x(lane)} 0C${x(lane)} ${ROW / 2} ${x(lane)} ${ROW / 2} ${own} ${ROW / 2}`);
  return (
    <svg width={24 + Math.min(lanes, MOST_LANES) * LANE - LANE} height={ROW} aria-hidden="true" className="lines">
      <path d={pieces.join("")} />
      <circle cx={x(row.lane)} cy={ROW / 2} r={row.checkpoint.current ? 5.5 : 4} className={row.checkpoint.current ? "here" : ""} />
    </svg>
  );
}
