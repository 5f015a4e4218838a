import { useEffect, useState } from "react";

import { useStore } from "../lib/store";
import { server } from "../stores/server";

/** A quiet line while the server cannot be reached; nothing at all while it can. */
export function ConnectionLine() {
  const state = useStore(server.state);
  const known = useStore(server.info) !== null;
  const asksToken = useStore(server.asksToken);
  const [late, setLate] = useState(false);
  const open = state.status === "open";
  useEffect(() => {
    setLate(false);
    if (open) return;
    // What heals at once is not worth a word.
    const timer = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(timer);
  }, [open]);
  const shown = !open && late && asksToken === null;
  return (
    <div className="connection" role="status" data-state={state.status}>
      {shown && (
        <p>
          {state.attempt >= 3 ? "The server does not answer. This page goes on by itself once it does." : known ? "The connection broke; it is being made again." : "Connecting…"}{" "}
          <button type="button" className="link" onClick={() => server.client.reconnect()}>
            Try now
          </button>
        </p>
      )}
    </div>
  );
}
