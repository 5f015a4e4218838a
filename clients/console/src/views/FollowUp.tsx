import { useState } from "react";

import { useStore } from "../lib/store";
import { isOver } from "../model/session";
import { attempt } from "../stores/notices";
import { server } from "../stores/server";
import type { OpenSession } from "../stores/session";

/** Asks another question in the same session. */
export function FollowUp({ open }: { open: OpenSession }) {
  const { status } = useStore(open.model);
  const text = useStore(open.followUp);
  const [busy, setBusy] = useState(false);
  if (!isOver(status)) return null;
  const send = async () => {
    if (!text.trim() || busy) return;
    setBusy(true);
    const started = await attempt(() => server.client.start({ query: text.trim(), session_id: open.id }));
    setBusy(false);
    if (started) open.followUp.set("");
  };
  return (
    <form
      className="follow-up"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        rows={1}
        aria-label="Ask another question in this session"
        placeholder="Ask another question in this session…"
        value={text}
        onChange={(event) => open.followUp.set(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <button type="submit" disabled={busy || !text.trim()}>
        Ask on
      </button>
    </form>
  );
}
