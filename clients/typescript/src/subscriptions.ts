// The readers of one connection: each is handed its events, and the server is asked for what they need.

import { ConnectionLost, RpcError } from "./errors.js";
import type { EventName, StepwireEvent, SubscribeResult } from "./protocol.js";
import type { Subscription } from "./subscription.js";

/** A call of the server, on the connection that is open. Throws `RpcError`, `ConnectionLost`. */
export type Ask = (method: "session.subscribe" | "session.unsubscribe", params: object) => Promise<unknown>;

/** One a session; the server allows one a connection. */
export class Subscriptions {
  private readonly bySession = new Map<string, Subscription<EventName>>();
  private failure: ConnectionLost | null = null;
  private ask: Ask | null = null;
  private readonly turns = new Map<string, Promise<void>>();

  /** Whether one to the session is here. */
  has(sessionId: string): boolean {
    return this.bySession.has(sessionId);
  }

  /** Whether somebody reads anything. */
  get busy(): boolean {
    return this.bySession.size > 0;
  }

  /** Keep it subscribed until its reader leaves; `left` is called then. */
  add<E extends EventName>(given: Subscription<E>, left?: () => void): void {
    const subscription = given as unknown as Subscription<EventName>;
    this.bySession.set(subscription.sessionId, subscription);
    subscription.changed = () => void this.adjust(subscription);
    subscription.left = () => {
      this.leave(subscription);
      left?.();
    };
    if (this.failure !== null) subscription.fail(this.failure);
    else if (subscription.over) subscription.left();
    else void this.adjust(subscription);
  }

  /** Give the events of a frame of `size` bytes to their readers. */
  handOver(events: readonly StepwireEvent[], size: number): void {
    const groups = new Map<string, StepwireEvent[]>();
    for (const event of events) {
      const group = groups.get(event.params.session_id);
      if (group === undefined) groups.set(event.params.session_id, [event]);
      else group.push(event);
    }
    for (const [sessionId, group] of groups) {
      const subscription = this.bySession.get(sessionId);
      if (subscription === undefined) continue;
      subscription.offer(group, (size * group.length) / events.length);
      if (subscription.needsServer) void this.adjust(subscription);
    }
  }

  /** There is a connection: ask it for what is needed. */
  connected(ask: Ask): void {
    this.ask = ask;
    for (const subscription of this.bySession.values()) void this.adjust(subscription);
  }

  /** The connection is gone, and the server's side of all with it. */
  disconnected(): void {
    this.ask = null;
    for (const subscription of this.bySession.values()) subscription.disconnected();
  }

  /** There will be no connection. */
  fail(error: ConnectionLost): void {
    this.failure = error;
    for (const subscription of this.bySession.values()) subscription.fail(error);
  }

  private leave(subscription: Subscription<EventName>): void {
    const { sessionId } = subscription;
    if (this.bySession.get(sessionId) !== subscription) return;
    this.bySession.delete(sessionId);
    void this.inTurn(sessionId, async () => {
      // Whoever reads it since then has subscribed in its place, or will.
      if (this.ask !== null && !this.has(sessionId)) await unsubscribe(this.ask, sessionId);
    });
  }

  /** Ask for what a subscription needs. */
  private adjust(subscription: Subscription<EventName>): Promise<void> {
    return this.inTurn(subscription.sessionId, async () => {
      while (this.ask !== null && subscription.needsServer && this.bySession.get(subscription.sessionId) === subscription) {
        await this.settle(this.ask, subscription);
      }
    });
  }

  private async settle(ask: Ask, subscription: Subscription<EventName>): Promise<void> {
    const { sessionId, types } = subscription;
    if (subscription.state === "full") {
      subscription.parking();
      await unsubscribe(ask, sessionId);
      if (this.ask === ask) subscription.parked();
      return;
    }
    subscription.attaching();
    const params = { session_id: sessionId, after: subscription.queued, types, batch: true };
    try {
      const { seq } = (await ask("session.subscribe", params)) as SubscribeResult;
      if (this.ask === ask) subscription.attached(seq);
    } catch (error) {
      // What the connection did not carry is asked for anew on the next one.
      if (!(error instanceof RpcError)) return;
      if (this.bySession.get(sessionId) === subscription) this.bySession.delete(sessionId);
      subscription.fail(error);
    }
  }

  /** The server carries out calls side by side: those of one session wait for each other here. */
  private inTurn(sessionId: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.turns.get(sessionId) ?? Promise.resolve()).then(work);
    this.turns.set(sessionId, turn);
    return turn.finally(() => {
      if (this.turns.get(sessionId) === turn) this.turns.delete(sessionId);
    });
  }
}

async function unsubscribe(ask: Ask, sessionId: string): Promise<void> {
  try {
    await ask("session.unsubscribe", { session_id: sessionId });
  } catch (error) {
    // A session that is gone, or a connection that is: nothing comes of it either way.
    if (!(error instanceof RpcError || error instanceof ConnectionLost)) throw error;
  }
}
