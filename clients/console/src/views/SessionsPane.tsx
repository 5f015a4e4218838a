import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, useState } from "react";

import { ago, number } from "../lib/format";
import { useStore } from "../lib/store";
import { titleOf } from "../model/session";
import type { Session, Status } from "../model/wire";
import { go, route } from "../stores/routing";
import { server } from "../stores/server";
import { sessionList } from "../stores/sessions";
import { StatusChip } from "./StatusChip";

const STATUSES: Status[] = ["idle", "queued", "running", "paused", "waiting", "completed", "failed", "cancelled"];

/** All sessions, as they are now. */
export default memo(function SessionsPane({ shown, onLeave }: { shown: boolean; onLeave: () => void }) {
  const listed = useStore(sessionList.listed);
  const filter = useStore(sessionList.filter);
  const graphs = useStore(server.graphs);
  const { session } = useStore(route);
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: listed.sessions.length, getScrollElement: () => scroller.current, estimateSize: () => 54, overscan: 8 });
  useEffect(() => sessionList.follow(), []);
  const items = rows.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (listed.more && lastShown >= listed.sessions.length - 10) void sessionList.more();
  }, [lastShown, listed.more, listed.sessions.length]);
  return (
    <aside id="sessions" className={shown ? "sessions shown" : "sessions"} aria-label="Sessions">
      <div className="filters">
        <input
          type="search"
          aria-label="Search sessions"
          placeholder="Search sessions"
          value={filter.search}
          onChange={(event) => sessionList.setFilter({ search: event.target.value })}
        />
        <select
          aria-label="Status"
          value={filter.status}
          onChange={(event) => sessionList.setFilter({ status: event.target.value as Status | "" })}
        >
          <option value="">any status</option>
          {STATUSES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
        {graphs.length > 1 && (
          <select aria-label="Of which graph" value={filter.graph} onChange={(event) => sessionList.setFilter({ graph: event.target.value })}>
            <option value="">any graph</option>
            {graphs.map((one) => (
              <option key={one.name}>{one.name}</option>
            ))}
          </select>
        )}
        <input type="search" className="tag-filter" aria-label="With the tag" placeholder="Tag" value={filter.tag} onChange={(event) => sessionList.setFilter({ tag: event.target.value })} />
      </div>
      <p className="dim count" role="status">
        {listed.failure ?? (listed.loading && listed.sessions.length === 0 ? "Loading…" : countOf(listed.total, listed.more, Object.values(filter).some(Boolean)))}
      </p>
      <div ref={scroller} className="scroll" tabIndex={-1}>
        <ul className="virtual" style={{ height: rows.getTotalSize() }}>
          {items.map((item) => {
            const one = listed.sessions[item.index];
            return one === undefined ? null : (
              <li key={one.session_id} style={{ transform: `translateY(${item.start}px)` }} ref={rows.measureElement} data-index={item.index}>
                <Row session={one} now={now} current={one.session_id === session} onOpen={onLeave} />
              </li>
            );
          })}
        </ul>
      </div>
    </aside>
  );
});

function Row({ session, now, current, onOpen }: { session: Session; now: number; current: boolean; onOpen: () => void }) {
  return (
    <a
      className="session-row"
      href={`#/session/${session.session_id}`}
      aria-current={current ? "page" : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go({ session: session.session_id, tab: "flow", event: null, checkpoint: null, other: null });
        onOpen();
      }}
    >
      <span className="title">{titleOf(session)}</span>
      {session.tags.length > 0 && <span className="tags ellipsis">{session.tags.join(" · ")}</span>}
      <span className="meta">
        <StatusChip status={session.status} />
        <span className="dim">{session.graph}</span>
        <time className="dim" dateTime={session.created_at}>
          {ago(session.created_at, now)}
        </time>
      </span>
    </a>
  );
}

function countOf(total: number, more: boolean, filtered: boolean): string {
  if (total === 0) return filtered ? "No sessions are like that" : "No sessions yet";
  return `${number(total)}${more && total >= 10_000 ? " or more" : ""} ${total === 1 ? "session" : "sessions"}`;
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
