// What a reader has been handed of a session's events, and what must be asked of the server. Decisions without I/O: `link.ts`
// carries them out. Memory is bounded: past `bufferBytes` that its reader has not taken, a subscription is given up, and taken up
// again where it stopped once the reader has caught up. The server keeps the events, so nothing is lost.

import type { EventName, StepwireEvent } from "./protocol.js";

/** Where a subscription stands with the server. */
export type State =
  | "detached" // to be subscribed
  | "attaching" // subscribe was sent
  | "attached" // events come
  | "full" // to be unsubscribed, its reader is slow
  | "parking" // unsubscribe was sent
  | "parked"; // unsubscribed until its reader has caught up

/** What a reader waits with. */
interface Waiter<E extends EventName> {
  resolve(batch: StepwireEvent<E>[] | null): void;
  reject(error: Error): void;
}

/**
 * One reader of one session: each event once, in order. Iterate it (`for await (const event of subscription)`), or its `batches()`,
 * once. It ends behind `session.deleted` or by `close()`, and throws what ended it otherwise: `RpcError` (such as `events_gone`),
 * `ConnectionLost`.
 */
export class Subscription<E extends EventName = EventName> implements AsyncIterable<StepwireEvent<E>> {
  /** The server's last event when it was asked last: what has a higher number is news. */
  head = 0;
  /** The last event that was handed over: where to go on from. */
  seq: number;
  state: State = "detached";
  /** The last event in the buffer or handed over. */
  queued: number;
  private events: StepwireEvent<E>[] = [];
  private bytes = 0;
  private failure: Error | null = null;
  private ended = false;
  private waiter: Waiter<E> | null = null;
  /** Says to whoever keeps it that something must be asked of the server. */
  changed: () => void = () => {};
  /** Is called once, when its reader has gone. */
  left: () => void = () => {};

  constructor(
    readonly sessionId: string,
    after: number,
    readonly types: readonly E[] | null,
    private readonly bufferBytes: number,
  ) {
    this.queued = this.seq = after;
  }

  /** Whether something must be asked of the server. */
  get needsServer(): boolean {
    return this.state === "detached" || this.state === "full";
  }

  /** Whether no more events will come. */
  get over(): boolean {
    return this.ended || this.failure !== null;
  }

  /** Read no more. What waits for an event gets the end. */
  close(): void {
    if (this.ended) return;
    this.ended = true;
    this.events = [];
    this.waiter?.resolve(null);
    this.waiter = null;
    this.left();
  }

  /** All events that are there, at least one; waits for it. Null at the end. */
  async take(): Promise<StepwireEvent<E>[] | null> {
    if (this.events.length === 0) {
      if (this.ended) return null;
      if (this.failure !== null) throw this.failure;
      if (this.waiter !== null) throw new TypeError("a subscription has one reader");
      return new Promise((resolve, reject) => (this.waiter = { resolve, reject }));
    }
    return this.handed();
  }

  /** The events as they come, those that are there together at once. */
  async *batches(): AsyncGenerator<StepwireEvent<E>[], void, undefined> {
    try {
      for (let batch = await this.take(); batch !== null; batch = await this.take()) {
        yield batch;
        if (batch.at(-1)?.method === "session.deleted") return;
      }
    } finally {
      this.close();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StepwireEvent<E>, void, undefined> {
    for await (const batch of this.batches()) yield* batch;
  }

  /** Take what came for this session in a frame, `size` its bytes. */
  offer(events: readonly StepwireEvent[], size: number): void {
    if (this.over || (this.state !== "attaching" && this.state !== "attached")) return;
    let fresh = 0;
    for (const event of events) {
      const seq = event.params.seq;
      if (seq <= this.queued) continue;
      if (seq !== this.queued + 1 && this.types === null) {
        // A gap. While attaching, it is what an earlier subscription still had under way.
        if (this.state === "attached") this.state = "detached";
        break;
      }
      this.queued = seq;
      this.events.push(event as StepwireEvent<E>);
      fresh += 1;
    }
    if (fresh === 0) return;
    this.bytes += size;
    if (this.bytes > this.bufferBytes && this.state !== "detached") this.state = "full";
    if (this.waiter !== null) {
      const { resolve } = this.waiter;
      this.waiter = null;
      resolve(this.handed());
    }
  }

  /** Subscribe is being sent. */
  attaching(): void {
    this.state = "attaching";
  }

  /** Subscribe was answered. */
  attached(head: number): void {
    this.head = Math.max(this.head, head);
    if (this.state === "attaching") this.state = "attached";
  }

  /** Unsubscribe is being sent. */
  parking(): void {
    this.state = "parking";
  }

  /** Unsubscribe was answered. */
  parked(): void {
    if (this.state === "parking") this.state = this.events.length > 0 ? "parked" : "detached";
  }

  /** The connection is gone, and the server's side of this with it. */
  disconnected(): void {
    const slow = this.state === "full" || this.state === "parking" || this.state === "parked";
    this.state = slow && this.events.length > 0 ? "parked" : "detached";
  }

  /** No more events will come; those that are there can still be taken. */
  fail(error: Error): void {
    if (this.over) return;
    this.failure = error;
    this.waiter?.reject(error);
    this.waiter = null;
  }

  private handed(): StepwireEvent<E>[] {
    const events = this.events;
    this.events = [];
    this.bytes = 0;
    this.seq = this.queued;
    if (this.state === "parked") {
      this.state = "detached";
      this.changed();
    }
    return events;
  }
}
