import { ConnectionLost, isRpcError, type Subscription } from "@stepwire/client";

import { Store } from "../lib/store";
import { EventLog, PIECE } from "../model/eventLog";
import { LookedAt } from "../model/lookedAt";
import { reduce } from "../model/reduce";
import { EMPTY, isOver, type SessionModel } from "../model/session";
import type { BreakpointState, Interrupt, Session, StepwireEvent } from "../model/wire";
import { said } from "./notices";
import { server } from "./server";
import { sessionList } from "./sessions";

/** Longest time for which events wait before they are shown. */
const FRAME_MS = 50;

/** A question of a run. `asked`: the event that asked it, 0 where that is not known yet. */
export interface Question extends Interrupt {
  asked: number;
}

/** One session that is open in the page: its events as they come, and what is asked for beside them. */
export class OpenSession {
  readonly model = new Store<SessionModel>(EMPTY);
  readonly log = new EventLog();
  readonly logged = new Store(0);
  readonly record = new Store<Session | null>(null);
  /**
   * What the run asks. The server tells it while the run rests; while it goes on with one answer these are those of before, so that what
   * is written of the others is not lost.
   */
  readonly questions = new Store<readonly Question[]>([]);
  readonly breakpoints = new Store<BreakpointState[]>([]);
  /** By which errors it stops; null before that is known. */
  readonly errors = new Store<boolean | string[] | null>(null);
  /** Why it cannot be shown. */
  readonly failure = new Store<string | null>(null);
  /** Whether all that was there when it was opened has been read. */
  readonly caughtUp = new Store(false);
  private subscription: Subscription | null = null;
  private pending: StepwireEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** What was looked at of its state, whichever view did. */
  readonly looked = new LookedAt();
  /** What is being written that is to be asked next. */
  readonly followUp = new Store("");
  closed = false;
  private head = 0;
  private asked = { breakpoints: -1, state: -1 };
  private readonly fetching = new Set<number>();
  /** What the record says that is asked is not yet in `questions`. */
  private behind = false;

  constructor(readonly id: string) {
    void this.open();
  }

  close(): void {
    this.closed = true;
    this.subscription?.close();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Get the session's record and breakpoints as they are now. */
  async refresh(): Promise<void> {
    const { versions } = this.model.get();
    const wantsBreakpoints = versions.breakpoints !== this.asked.breakpoints;
    this.asked = { breakpoints: versions.breakpoints, state: versions.state + versions.questions };
    try {
      const record = await server.client.call("session.get", { session_id: this.id });
      if (this.know(record)) sessionList.patch(record);
      // By which errors it stops is told by no event: another tab may have changed that.
      if (wantsBreakpoints || record.debug_mode) await this.lookAtStops();
    } catch (error) {
      // What the connection did not carry is asked for again with the next event, or the next connection.
      this.asked = { breakpoints: -1, state: -1 };
      if (isRpcError(error, "session_not_found")) this.failure.set(error.detail);
    }
  }

  /** Whether it is news: of two that were asked for one after the other the later may be here first. */
  private know(record: Session): boolean {
    if (record.seq < (this.record.get()?.seq ?? 0)) return false;
    this.record.set(record);
    this.behind = record.status === "waiting" || record.status === "paused";
    this.settle();
    return true;
  }

  /** Take over what the record says that is asked, once the events that ask it have been read: which asking it is, they say. */
  private settle(): void {
    const record = this.record.get();
    const { seq, status, asked } = this.model.get();
    if (!this.behind || record === null || seq < record.seq || !this.caughtUp.get() || isOver(status)) return;
    this.behind = false;
    const questions = record.interrupts.map((one) => ({ ...one, asked: asked.get(one.interrupt_id) ?? 0 }));
    // Where one has been asked anew since, the record is of before; the next is on its way.
    if (questions.every((one) => one.asked <= record.seq)) this.questions.set(questions);
  }

  /** Where and by which errors it stops. Throws `RpcError`, `ConnectionLost`. */
  async lookAtStops(): Promise<void> {
    const { breakpoints, errors } = await server.client.call("debug.breakpoints", { session_id: this.id });
    this.breakpoints.set(breakpoints);
    this.errors.set(errors ?? true);
  }

  /** See that the events about this one are at hand; the log says when they are. */
  async need(seq: number): Promise<void> {
    const piece = Math.floor(seq / PIECE);
    if (this.fetching.has(piece)) return;
    this.fetching.add(piece);
    try {
      const end = (piece + 1) * PIECE - 1;
      let after = Math.max(piece * PIECE - 1, this.log.first - 1, 0);
      // A page has fewer than were asked for where they are large.
      while (after < end) {
        const { events } = await server.client.call("session.events", { session_id: this.id, after, limit: end - after });
        if (events.length === 0) break;
        this.log.fill(events);
        after = events.at(-1)?.params.seq ?? end;
      }
      this.logged.update((value) => value + 1);
    } catch {
      // It is asked for again when it is looked at again.
    } finally {
      this.fetching.delete(piece);
    }
  }

  private async open(): Promise<void> {
    try {
      const record = await server.client.call("session.get", { session_id: this.id });
      this.know(record);
      this.head = record.seq;
      await this.follow(record.first_seq);
    } catch (error) {
      if (this.closed) return;
      if (isRpcError(error, "events_gone") && error.firstSeq !== null) return this.follow(error.firstSeq);
      if (!(error instanceof ConnectionLost) || server.asksToken.get() === null) this.failure.set(said(error));
    }
  }

  private async follow(first: number): Promise<void> {
    this.log.begin(first);
    if (first > 1) this.model.set({ ...EMPTY, seq: first - 1 });
    if (this.head === 0) this.caughtUp.set(true);
    this.subscription = server.client.events(this.id, { after: first - 1 });
    for await (const batch of this.subscription.batches()) {
      if (this.closed) return;
      this.pending.push(...batch);
      this.timer ??= setTimeout(() => this.flush(), document.hidden ? FRAME_MS * 10 : this.pending.length > 20 ? FRAME_MS : 16);
    }
    this.flush();
  }

  private flush(): void {
    this.timer = null;
    if (this.pending.length === 0) return;
    const events = this.pending;
    this.pending = [];
    this.log.add(events);
    const model = reduce(this.model.get(), events);
    this.model.set(model);
    if (isOver(model.status)) this.questions.set([]);
    this.logged.update((value) => value + 1);
    if (model.seq >= this.head) this.caughtUp.set(true);
    this.settle();
    const { breakpoints, state, questions } = model.versions;
    if (breakpoints !== this.asked.breakpoints || state + questions !== this.asked.state) void this.refresh();
  }
}
