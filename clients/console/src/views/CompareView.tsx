import { useEffect, useMemo, useState } from "react";

import { whenOf } from "../lib/format";
import { changedPointers } from "../model/tree";
import { answerPlace, contentOf } from "../model/flow";
import type { CheckpointSummary, InspectResult } from "../model/wire";
import { readerOf, useInspect } from "../stores/inspecting";
import { attempt } from "../stores/notices";
import { go } from "../stores/routing";
import type { OpenSession } from "../stores/session";
import { Differences } from "./CheckpointCard";
import { JsonTree } from "./JsonTree";
import { Markdown } from "./Markdown";

/** Two checkpoints side by side. */
export function CompareView({ open, left, right }: { open: OpenSession; left: CheckpointSummary; right: CheckpointSummary }) {
  const one = useInspect(open, null, left.checkpoint_id);
  const two = useInspect(open, null, right.checkpoint_id);
  const changed = useMemo(
    () => (one.result && two.result ? changedPointers(one.result.values, two.result.values) : new Set<string>()),
    [one.result, two.result],
  );
  return (
    <div className="compare">
      <div className="state-head">
        <button type="button" onClick={() => go({ other: null })}>
          Back to the line
        </button>
        <button type="button" onClick={() => go({ checkpoint: left.checkpoint_id, other: right.checkpoint_id })}>
          Swap
        </button>
        <span className="dim">the two outcomes side by side</span>
      </div>
      <div className="compare-scroll" tabIndex={0} role="group" aria-label="Comparison">
        <Differences open={open} checkpointId={right.checkpoint_id} otherId={left.checkpoint_id} title="What differs" />
        <div className="sides">
          <Side open={open} title="Before" checkpoint={left} result={one.result} failure={one.failure} changed={changed} />
          <Side open={open} title="Now" checkpoint={right} result={two.result} failure={two.failure} changed={changed} />
        </div>
      </div>
    </div>
  );
}

interface SideProps {
  open: OpenSession;
  title: string;
  checkpoint: CheckpointSummary;
  result: InspectResult | null;
  failure: string | null;
  changed: ReadonlySet<string>;
}

function Side({ open, title, checkpoint, result, failure, changed }: SideProps) {
  const answer = useAnswer(open, checkpoint.checkpoint_id, result);
  return (
    <section className="side" aria-label={title}>
      <h3>
        {title} <span className="dim">step {checkpoint.step} · {whenOf(checkpoint.created_at)}</span>
      </h3>
      {failure && <p className="bad">{failure}</p>}
      {answer !== null && (
        <div className="say answer">
          <Markdown text={answer} />
        </div>
      )}
      {result !== null && (
        <JsonTree
          label={`State ${title}`}
          value={result.values}
          changed={changed}
          reader={readerOf(open, null, checkpoint.checkpoint_id)}
        />
      )}
    </section>
  );
}

/** The answer that a checkpoint holds, however long it is; null where it has none, or before it is there. */
function useAnswer(open: OpenSession, checkpointId: string, result: InspectResult | null): string | null {
  const place = useMemo(() => (result === null ? null : answerPlace(result.values)), [result]);
  const [fetched, setFetched] = useState<string | null>(null);
  useEffect(() => {
    if (place === null || place.text !== null) return;
    let gone = false;
    void attempt(() => readerOf(open, null, checkpointId).whole(place.pointer)).then((value) => {
      if (!gone && value !== undefined) setFetched(contentOf(value));
    });
    return () => {
      gone = true;
    };
  }, [open, checkpointId, place]);
  return place === null ? null : (place.text ?? fetched);
}
