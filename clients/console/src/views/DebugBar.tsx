import { useEffect } from "react";

import { useStore } from "../lib/store";
import { isOver } from "../model/session";
import { attachTo, breakOnError, detach, goOn, pause, step } from "../stores/debugging";
import { attempt } from "../stores/notices";
import { server } from "../stores/server";
import type { OpenSession } from "../stores/session";

/** Stop it, step it, let it go on: by buttons and by the keys that debuggers have. */
export function DebugBar({ open }: { open: OpenSession }) {
  const model = useStore(open.model);
  const record = useStore(open.record);
  const status = model.status ?? record?.status ?? "queued";
  const paused = status === "paused";
  const debugged = record?.debug_mode ?? false;
  const ours = paused || (debugged && !isOver(status));
  const running = status === "running" || status === "queued";
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = { F5: () => goOn(open), F10: () => step(open, "over"), F11: () => step(open, event.shiftKey ? "out" : "into") }[event.key];
      // Of a session that is debugged the keys are its own, also between two stops; else they are the browser's.
      if (action === undefined || !ours || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      if (paused) void action();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [open, ours, paused]);
  return (
    <div className="debug-bar" role="toolbar" aria-label="Debugger">
      {ours && !running && (
        <Move name="Continue" keys="F5" does={paused ? () => void goOn(open) : null} primary />
      )}
      {running && (
        <button type="button" className="first" title="Stop at the next step" onClick={() => void pause(open)}>
          Pause
        </button>
      )}
      {ours && (
        <>
          <Move name="Step over" keys="F10" does={paused ? () => void step(open, "over") : null} />
          <Move name="Into" keys="F11" does={paused ? () => void step(open, "into") : null} />
          <Move name="Out" keys="Shift+F11" does={paused ? () => void step(open, "out") : null} />
        </>
      )}
      {debugged && !isOver(status) && <OnError open={open} />}
      {!debugged && !isOver(status) && (
        <button type="button" onClick={() => void attachTo(open)}>
          Attach debugger
        </button>
      )}
      {debugged && !isOver(status) && (
        <button type="button" className="later" onClick={() => void detach(open)}>
          Detach
        </button>
      )}
      {status === "failed" && (
        <button type="button" onClick={() => void attempt(() => server.client.call("query.resume", { session_id: open.id }))}>
          Try again
        </button>
      )}
      {!isOver(status) && (
        <button type="button" className="danger" onClick={() => void attempt(() => server.client.call("query.cancel", { session_id: open.id }))}>
          Cancel
        </button>
      )}
    </div>
  );
}

/** A button of the debugger. It is there while the session is debugged, and does something where it stands (`does` is null where it does not). */
function Move({ name, keys, does, primary = false }: { name: string; keys: string; does: (() => void) | null; primary?: boolean }) {
  return (
    <button type="button" className={primary ? "first primary" : undefined} title={keys} aria-keyshortcuts={keys} aria-disabled={does === null} onClick={() => does?.()}>
      {name}
    </button>
  );
}

function OnError({ open }: { open: OpenSession }) {
  const errors = useStore(open.errors);
  const on = errors !== false;
  return (
    <label className="check later" title="Stop where a node raises, before the run fails">
      <input type="checkbox" checked={on} disabled={errors === null} onChange={(event) => void breakOnError(open, event.target.checked)} />
      Stop on errors{Array.isArray(errors) && ` (${errors.join(", ")})`}
    </label>
  );
}
