// The changes of all sessions, on their way to one reader. Decisions without I/O: `link.ts` asks the server.

import type { SessionChanged } from "./protocol.js";

/**
 * The sessions' changes: iterate it once, for those that are there together at a time. Of several changes of one session that wait for
 * their reader the last is kept. It ends by `close()`, and throws what ended it otherwise: `RpcError` of the type `events_gone`
 * (list anew, and watch without a cursor), `ConnectionLost`.
 */
export class Watch implements AsyncIterable<SessionChanged[]> {
  /** The place behind what was handed over: keep it to go on from there. Null before the server has said where that is. */
  cursor: string | null;
  /** The place behind what has come: where to go on from after a reconnect. */
  reached: string | null;
  /** Is called once, when its reader has gone. */
  left: () => void = () => {};
  private readonly changes = new Map<string, SessionChanged>();
  private failure: Error | null = null;
  private ended = false;
  private waiter: { resolve(changes: SessionChanged[] | null): void; reject(error: Error): void } | null = null;
  private readonly beginning: Promise<string>;
  private begin!: (cursor: string) => void;
  private refuse!: (error: Error) => void;

  constructor(cursor: string | null) {
    this.cursor = this.reached = cursor;
    this.beginning = new Promise((resolve, reject) => ([this.begin, this.refuse] = [resolve, reject]));
    this.beginning.catch(() => {});
  }

  /** Whether no more will come. */
  get over(): boolean {
    return this.ended || this.failure !== null;
  }

  /** Once the server watches: what is listed from then on misses nothing that is not told. The cursor it began at. */
  started(): Promise<string> {
    return this.beginning;
  }

  /** The server watches. */
  begun(cursor: string): void {
    this.reached ??= cursor;
    this.cursor ??= cursor;
    this.begin(cursor);
  }

  /** A change came. */
  offer(change: SessionChanged): void {
    if (this.over) return;
    this.reached = change.cursor;
    const before = this.changes.get(change.session_id);
    this.changes.delete(change.session_id);
    const created = before?.change === "created" && change.change === "changed";
    this.changes.set(change.session_id, created ? { ...change, change: "created" } : change);
    if (this.waiter === null) return;
    // Those of the same frame are handed over together.
    const { waiter } = this;
    this.waiter = null;
    queueMicrotask(() => waiter.resolve(this.over && this.changes.size === 0 ? null : this.handed()));
  }

  /** All changes that are there, at least one; waits for it. Null at the end. */
  async take(): Promise<SessionChanged[] | null> {
    if (this.ended) return null;
    if (this.changes.size > 0) return this.handed();
    if (this.failure !== null) throw this.failure;
    if (this.waiter !== null) throw new TypeError("a watch has one reader");
    return new Promise((resolve, reject) => (this.waiter = { resolve, reject }));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SessionChanged[], void, undefined> {
    try {
      for (let changes = await this.take(); changes !== null; changes = await this.take()) yield changes;
    } finally {
      this.close();
    }
  }

  /** Read no more. */
  close(): void {
    if (this.ended) return;
    this.ended = true;
    this.changes.clear();
    this.waiter?.resolve(null);
    this.waiter = null;
    this.refuse(new DOMException("it was closed", "AbortError"));
    this.left();
  }

  /** No more will come; what is there can still be taken. */
  fail(error: Error): void {
    if (this.over) return;
    this.failure = error;
    this.refuse(error);
    this.waiter?.reject(error);
    this.waiter = null;
  }

  private handed(): SessionChanged[] {
    const changes = [...this.changes.values()];
    this.changes.clear();
    this.cursor = this.reached;
    return changes;
  }
}
