import { useEffect, useState } from "react";

import { whenOf } from "../lib/format";
import { short } from "../model/describe";
import type { CheckpointSummary, DiffResult } from "../model/wire";
import { rewind } from "../stores/debugging";
import { readerOf, useInspect } from "../stores/inspecting";
import { said } from "../stores/notices";
import { go } from "../stores/routing";
import { server } from "../stores/server";
import type { OpenSession } from "../stores/session";
import { JsonTree } from "./JsonTree";

/** One checkpoint: what it changed, its state, and the ways from it. */
export function CheckpointCard({ open, checkpoint, others }: { open: OpenSession; checkpoint: CheckpointSummary; others: readonly CheckpointSummary[] }) {
  const { result, failure } = useInspect(open, null, checkpoint.checkpoint_id);
  const [busy, setBusy] = useState(false);
  const move = async (rerun: boolean, then: "flow" | "state") => {
    setBusy(true);
    const done = await rewind(open, checkpoint.checkpoint_id, rerun);
    setBusy(false);
    if (done) go({ tab: then, checkpoint: null, other: null });
  };
  return (
    <section className="checkpoint-card" aria-label="Checkpoint">
      <div className="buttons">
        <button type="button" className="primary" disabled={busy || !checkpoint.rewindable} onClick={() => void move(true, "flow")}>
          Run again from here
        </button>
        <button type="button" disabled={busy || !checkpoint.rewindable} onClick={() => void move(false, "state")}>
          Go back here and edit
        </button>
        <label>
          <span className="hidden">Compare with</span>
          <select value="" onChange={(event) => go({ other: event.target.value })}>
            <option value="" disabled>
              Compare with…
            </option>
            {others
              .filter((one) => one.checkpoint_id !== checkpoint.checkpoint_id && one.path === checkpoint.path)
              .map((one) => (
                <option key={one.checkpoint_id} value={one.checkpoint_id}>
                  step {one.step}, {whenOf(one.created_at)}
                </option>
              ))}
          </select>
        </label>
      </div>
      {!checkpoint.rewindable && <p className="dim">This checkpoint can be looked at, not gone back to.</p>}
      {checkpoint.error && <p className="bad">{checkpoint.error}</p>}
      {failure && <p className="bad">{failure}</p>}
      <Differences open={open} checkpointId={checkpoint.checkpoint_id} otherId={null} title="What it changed" />
      <h3>State</h3>
      {result !== null && (
        <JsonTree label="State of the checkpoint" value={result.values} reader={readerOf(open, null, checkpoint.checkpoint_id)} />
      )}
    </section>
  );
}

/** What differs from the parent, or from another checkpoint. */
export function Differences({ open, checkpointId, otherId, title }: { open: OpenSession; checkpointId: string; otherId: string | null; title: string }) {
  const [found, setFound] = useState<DiffResult | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    server.client
      .call("debug.diff", { session_id: open.id, checkpoint_id: checkpointId, ...(otherId === null ? {} : { other_checkpoint_id: otherId }) })
      .then((result) => !gone && setFound(result))
      .catch((error: unknown) => !gone && setFailure(said(error)));
    return () => {
      gone = true;
    };
  }, [open, checkpointId, otherId]);
  return (
    <>
      <h3>{title}</h3>
      {failure && <p className="bad">{failure}</p>}
      {found !== null && found.differences.length === 0 && <p className="dim">Nothing.</p>}
      {found !== null && found.differences.length > 0 && (
        <div className="diff-scroll" tabIndex={0} role="group" aria-label={title}>
          <table className="diff">
            <thead>
              <tr>
                <th>where</th>
                <th>before</th>
                <th>after</th>
              </tr>
            </thead>
            <tbody>
              {found.differences.map((one) => (
                <tr key={one.path} className={one.kind}>
                  <td className="mono">{one.path}</td>
                  <td>{one.kind === "added" ? <span className="dim">nothing</span> : <del>{short(one.before, 400)}</del>}</td>
                  <td>{one.kind === "removed" ? <span className="dim">nothing</span> : <ins>{short(one.after, 400)}</ins>}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {found.total > found.differences.length && <p className="dim">… and {found.total - found.differences.length} more.</p>}
        </div>
      )}
    </>
  );
}
