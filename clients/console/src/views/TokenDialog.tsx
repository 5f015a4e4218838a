import { useEffect, useRef, useState } from "react";

import { server } from "../stores/server";

/** Asks who calls, where the server wants to know; the answer is kept for this tab only. */
export function TokenDialog({ why }: { why: string }) {
  const [token, setToken] = useState("");
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="token-title" onCancel={(event) => event.preventDefault()}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim()) server.sayToken(token);
        }}
      >
        <h2 id="token-title">This server asks for a token</h2>
        <p className="dim">{why}</p>
        <label>
          Token
          <input type="password" autoComplete="off" value={token} onChange={(event) => setToken(event.target.value)} autoFocus />
        </label>
        <p className="dim">It is kept in this tab only, until you close it.</p>
        <div className="buttons">
          <button type="submit" className="primary" disabled={!token.trim()}>
            Go on
          </button>
        </div>
      </form>
    </dialog>
  );
}
