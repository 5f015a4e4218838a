import { isRpcError } from "@stepwire/client";

import { Store } from "../lib/store";
import type { Session, SessionChanged, SessionListParams, Status } from "../model/wire";
import { said } from "./notices";
import { server } from "./server";

export interface Filter {
  search: string;
  status: Status | "";
  graph: string;
  tag: string;
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
const AGAIN_MS = 1000;
const RECOUNT_MS = 500;

/** The list of sessions: as many pages of it as were scrolled to, kept as they are now. */
export class SessionList {
  readonly filter = new Store<Filter>({ search: "", status: "", graph: "", tag: "" });
  readonly listed = new Store<Listed>(NOTHING);
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private due = 0;
  private counting: ReturnType<typeof setTimeout> | null = null;

  setFilter(change: Partial<Filter>): void {
    this.filter.update((before) => ({ ...before, ...change }));
    this.soon(change.search === undefined && change.tag === undefined ? 0 : 150);
  }

  /** Ask anew, after so long at the latest: sessions that go on changing do not put it off. */
  soon(ms = 250): void {
    const due = Date.now() + ms;
    if (this.timer !== null) {
      if (this.due <= due) return;
      clearTimeout(this.timer);
    }
    this.due = due;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.load();
    }, ms);
  }

  /** Ask in a moment how many there are; the rows stay as they are. */
  private countSoon(): void {
    this.counting ??= setTimeout(() => {
      this.counting = null;
      void this.count();
    }, RECOUNT_MS);
  }

  private async count(): Promise<void> {
    const mine = this.asked;
    try {
      const { total } = await server.client.call("session.list", { ...this.params(), limit: 1 });
      if (mine === this.asked) this.listed.update((before) => ({ ...before, total }));
    } catch {
      // The list that is asked for next has its number.
    }
  }

  /** Keep the list as it is on the server, whoever changes it, until the result is called. */
  follow(): () => void {
    const aborter = new AbortController();
    void this.watch(aborter.signal);
    return () => aborter.abort();
  }

  private async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const watch = server.client.watch({ signal });
        await watch.started();
        // What changes while the list is asked for comes behind it.
        await this.load();
        for await (const changes of watch) this.apply(changes);
      } catch (error) {
        // Too old a place: the list is asked for anew. Else there is no connection, and there may be another client soon.
        if (!isRpcError(error, "events_gone")) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  /** Take what the server says has changed. */
  private apply(changes: readonly SessionChanged[]): void {
    const searched = this.filter.get().search.trim() !== "" || this.filter.get().tag.trim() !== "";
    let uncounted = false;
    this.listed.update((before) => {
      const rows = new Map(before.sessions.map((one) => [one.session_id, one]));
      let { total } = before;
      const fresh: Session[] = [];
      for (const { change, session_id, session } of changes) {
        const there = rows.has(session_id);
        if (change === "deleted" || session === null || !this.fits(session)) {
          if (there) total -= 1;
          // One that was not scrolled to may have been among those counted.
          else uncounted ||= before.more && (change === "deleted" || this.filter.get().status !== "");
          rows.delete(session_id);
        } else if (there) {
          rows.set(session_id, session);
        } else if (!searched && (change === "created" || this.filter.get().status !== "")) {
          fresh.unshift(session);
          total += 1;
        }
      }
      const sessions = [...fresh, ...rows.values()].sort((a, b) => (a.created_at === b.created_at ? 0 : a.created_at < b.created_at ? 1 : -1));
      return { ...before, sessions, total };
    });
    if (uncounted) this.countSoon();
    // Whether a new one has the text that is searched for, the server knows.
    if (searched && changes.some((one) => one.change !== "deleted")) this.soon(500);
  }

  private fits(session: Session): boolean {
    const { status, graph } = this.filter.get();
    return (!status || session.status === status) && (!graph || session.graph === graph);
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
    const { search, status, graph, tag } = this.filter.get();
    return {
      ...(tag.trim() ? { tags: [tag.trim()] } : {}),
      ...(search.trim() ? { search: search.trim() } : {}),
      ...(status ? { status } : {}),
      ...(graph ? { graph } : {}),
    };
  }
}

export const sessionList = new SessionList();
