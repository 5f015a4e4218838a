// The calls that have no answer yet, and what becomes of them when the connection breaks. No I/O.

import { ConnectionLost, RpcError } from "./errors.js";
import type { RpcFailure } from "./protocol.js";

/** How often one call is sent at most: one whose very sending breaks the connection must end. */
const MOST_SENDS = 5;

/** A call without an answer yet. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly message: string;
  /** Whether it may be sent again when the connection broke under it. */
  readonly repeatable: boolean;
  /** Is told the result and how often the call was sent, before any later frame is looked at. */
  readonly arrived: ((result: unknown, sends: number) => void) | undefined;
  /** How many requests the message it went out in had, and its size. */
  batch: number;
  size: number;
  sends: number;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** All of one connection's, by id. */
export class Calls {
  private readonly waiting = new Map<number, Call>();
  private lastId = 0;

  /** Those without an answer, in the order they were made. */
  all(): Call[] {
    return [...this.waiting.values()];
  }

  /** A new call and its answer; `end` it where nobody waits for that any more. */
  begin(
    method: string,
    params: object,
    repeatable: boolean,
    arrived?: (result: unknown, sends: number) => void,
  ): { call: Call; answer: Promise<unknown> } {
    const id = ++this.lastId;
    let resolve!: (result: unknown) => void;
    let reject!: (error: Error) => void;
    const answer = new Promise<unknown>((yes, no) => ([resolve, reject] = [yes, no]));
    const message = JSON.stringify({ jsonrpc: "2.0", id, method, params });
    const call = { id, method, message, repeatable, arrived, batch: 1, size: message.length, sends: 0, resolve, reject };
    this.waiting.set(id, call);
    return { call, answer };
  }

  end(call: Call): void {
    this.waiting.delete(call.id);
  }

  /** A response with a result came. */
  answered(id: number, result: unknown): void {
    const call = this.taken(id);
    if (call === undefined) return;
    try {
      call.arrived?.(result, call.sends);
    } catch (error) {
      call.reject(error as Error);
      return;
    }
    call.resolve(result);
  }

  /** A response with an error came; without an id it is of a message that the server did not read, or could not. */
  refused({ id, error }: RpcFailure): void {
    if (typeof id === "number") {
      this.taken(id)?.reject(new RpcError(error));
      return;
    }
    const sent = this.all().filter((call) => call.sends > 0);
    for (const call of guilty(sent, error.data?.limit ?? null)) this.taken(call.id)?.reject(new RpcError(error));
  }

  /** The connection broke: those that may be sent again wait for the next one, others are lost. */
  disconnected(): void {
    for (const call of this.all()) {
      if (call.sends === 0 || (call.repeatable && call.sends < MOST_SENDS)) continue;
      this.taken(call.id)?.reject(new ConnectionLost(`the connection broke during ${call.method}`));
    }
  }

  /** There will be no connection. */
  fail(error: ConnectionLost): void {
    for (const call of this.all()) this.taken(call.id)?.reject(error);
  }

  private taken(id: number): Call | undefined {
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    return call;
  }
}

/** Whose message an error without an id is about: those past the limit that it names, else the largest. */
function guilty(sent: Call[], limit: { name: string; value: number } | null): Call[] {
  if (limit?.name === "max_batch_size") return sent.filter((call) => call.batch > limit.value);
  const past = limit?.name === "max_message_bytes" ? sent.filter((call) => call.size * 3 > limit.value) : [];
  const largest = Math.max(...(past.length > 0 ? past : sent).map((call) => call.size));
  return sent.filter((call) => call.size === largest);
}
