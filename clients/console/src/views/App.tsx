import { Suspense, useCallback, useEffect, useState } from "react";

import { later, settled } from "../lib/later";
import { useSelected, useStore } from "../lib/store";
import { asking, graphOf } from "../stores/asking";
import { route } from "../stores/routing";
import { server } from "../stores/server";
import { OpenSession } from "../stores/session";
import { AskBar } from "./AskBar";
import { Boundary } from "./Boundary";
import { ConnectionLine } from "./ConnectionLine";
import { Home } from "./Home";
import { Notices } from "./Notices";
import { TokenDialog } from "./TokenDialog";

const SessionsPane = later(() => import("./SessionsPane"));
const SessionView = later(() => import("./SessionView"), settled);

export function App() {
  const { session } = useStore(route);
  const epoch = useStore(server.epoch);
  const asksToken = useStore(server.asksToken);
  useStore(server.graphs);
  const graph = useSelected(asking, graphOf);
  const [listOpen, setListOpen] = useState(false);
  const open = useOpened(session, epoch);
  const toggleList = useCallback(() => setListOpen((was) => !was), []);
  const leave = useCallback(() => setListOpen(false), []);
  return (
    <>
      <a className="skip" href="#main" onClick={skip}>
        Skip to the run
      </a>
      <AskBar onList={toggleList} listOpen={listOpen} />
      <ConnectionLine />
      <div className="columns">
        <Boundary>
          <Suspense fallback={<aside className={listOpen ? "sessions shown" : "sessions"} />}>
            <SessionsPane shown={listOpen} onLeave={leave} />
          </Suspense>
        </Boundary>
        <main id="main" tabIndex={-1}>
          <Boundary key={session ?? "home"}>
            <Suspense fallback={<p className="dim pad">Loading…</p>}>
              {open === null ? <Home graph={graph} /> : <SessionView key={open.id + epoch} open={open} />}
            </Suspense>
          </Boundary>
        </main>
      </div>
      <Notices />
      {asksToken !== null && <TokenDialog why={asksToken} />}
    </>
  );
}

function skip(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** The session that the address names, followed as long as it does. */
function useOpened(id: string | null, epoch: number): OpenSession | null {
  const [open, setOpen] = useState<OpenSession | null>(null);
  useEffect(() => {
    if (id === null) {
      setOpen(null);
      return;
    }
    const session = new OpenSession(id);
    setOpen(session);
    return () => session.close();
  }, [id, epoch]);
  return open !== null && open.id === id ? open : null;
}
