import { useEffect, useRef, useState } from "react";

import { whenOf } from "../lib/format";
import type { Session } from "../model/wire";
import { tagsOf } from "../stores/asking";
import { attempt, tell } from "../stores/notices";
import { go } from "../stores/routing";
import { server } from "../stores/server";
import type { OpenSession } from "../stores/session";

/** A session's name and tags, and the end of it. */
export function SessionDetails({ open, record, onClose }: { open: OpenSession; record: Session; onClose: () => void }) {
  const [name, setName] = useState(record.session_name);
  const [tags, setTags] = useState(record.tags.join(", "));
  const [sure, setSure] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const save = async () => {
    const words = tagsOf(tags);
    const done = await attempt(() =>
      server.client.call("session.update", { session_id: open.id, session_name: name.trim() || null, tags: words }),
    );
    if (done === undefined) return;
    await open.refresh();
    onClose();
  };
  const remove = async () => {
    if (!sure) return setSure(true);
    if ((await attempt(() => server.client.call("session.delete", { session_id: open.id }))) === undefined) return;
    tell("The session was deleted.");
    go({ session: null });
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="details-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2 id="details-title">This session</h2>
        <label>
          Name
          <input value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label>
          Tags, with commas between
          <input value={tags} onChange={(event) => setTags(event.target.value)} />
        </label>
        <p className="dim mono">{record.session_id}</p>
        <p className="dim">
          Begun {whenOf(record.created_at)}, {record.runs} {record.runs === 1 ? "query" : "queries"}, {record.seq} events, graph {record.graph}.
        </p>
        <div className="buttons">
          <button type="submit" className="primary">
            Save
          </button>
          <button type="button" onClick={onClose}>
            Leave
          </button>
          <span className="grow" />
          <button type="button" className="danger" onClick={() => void remove()}>
            {sure ? "Delete it for good" : "Delete"}
          </button>
        </div>
      </form>
    </dialog>
  );
}
