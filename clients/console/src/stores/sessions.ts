import { Store } from "../lib/store";
import type { Session, SessionListParams, Status } from "../model/wire";
import { said } from "./notices";
import { server } from "./server";

export interface Filter {
  search: string;
  status: Status | "";
  graph: string;
}

export interface Listed {
  sessions: Session[];
  total: number;
  more: boolean;
  cursor: string | null;
  loading: boolean;
  failure: string | null;
}

const NOTHING: Listed = { sessions: [], total: 0, more: false, cursor: null, loading: true, failure: null };
const PAGE = 60;
const POLL_MS = 3000;

/** The list of sessions: as many pages of it as were scrolled to, kept as they are now. */
export class SessionList {
  readonly filter = new Store<Filter>({ search: "", status: "", graph: "" });
  readonly listed = new Store<Listed>(NOTHING);
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  setFilter(change: Partial<Filter>): void {
    this.filter.update((before) => ({ ...before, ...change }));
    this.soon(change.search === undefined ? 0 : 150);
  }

  /** Ask anew in a moment. */
  soon(ms = 250): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.load(), ms);
  }

  /** Keep the list as it is on the server, until the result is called. */
  follow(): () => void {
    const look = () => {
      if (server.state.get().status === "open" && !document.hidden) void this.load();
    };
    const stop = server.state.subscribe(look);
    const timer = setInterval(look, POLL_MS);
    look();
    return () => {
      stop();
      clearInterval(timer);
    };
  }

  /** The first pages, as many rows as are shown. */
  async load(): Promise<void> {
    const mine = ++this.asked;
    const shown = Math.max(PAGE, Math.min(this.listed.get().sessions.length, 300));
    try {
      const page = await server.client.call("session.list", { ...this.params(), limit: shown });
      if (mine !== this.asked) return;
      this.listed.set({
        sessions: page.sessions,
        total: page.total,
        more: page.next_cursor !== null,
        cursor: page.next_cursor,
        loading: false,
        failure: null,
      });
    } catch (error) {
      if (mine === this.asked) this.listed.update((before) => ({ ...before, loading: false, failure: said(error) }));
    }
  }

  /** A session as it is now, where it is among those shown. */
  patch(session: Session): void {
    this.listed.update((before) => {
      const at = before.sessions.findIndex((one) => one.session_id === session.session_id);
      if (at < 0) return before;
      return { ...before, sessions: before.sessions.with(at, session) };
    });
  }

  /** One page more. */
  async more(): Promise<void> {
    const { cursor, loading } = this.listed.get();
    if (cursor === null || loading) return;
    const mine = ++this.asked;
    this.listed.update((before) => ({ ...before, loading: true }));
    try {
      const page = await server.client.call("session.list", { ...this.params(), limit: PAGE, cursor });
      if (mine !== this.asked) return;
      this.listed.update((before) => {
        const known = new Set(before.sessions.map((one) => one.session_id));
        const fresh = page.sessions.filter((one) => !known.has(one.session_id));
        return { ...before, sessions: [...before.sessions, ...fresh], more: page.next_cursor !== null, cursor: page.next_cursor, loading: false };
      });
    } catch (error) {
      if (mine === this.asked) this.listed.update((before) => ({ ...before, loading: false, failure: said(error) }));
    }
  }

  private params(): SessionListParams {
    const { search, status, graph } = this.filter.get();
    return {
      ...(search.trim() ? { search: search.trim() } : {}),
      ...(status ? { status } : {}),
      ...(graph ? { graph } : {}),
    };
  }
}

export const sessionList = new SessionList();
