// The client: what a program that uses a Stepwire server holds in its hand.

import { CannotConnect } from "./errors.js";
import { Link, type ConnectionState, type Options } from "./link.js";
import type { EventName, Json, MethodName, Methods, QueryStartParams, QueryStartResult, Session, Status, StepwireEvent } from "./protocol.js";
import { KEYED, LOOKS } from "./protocol.js";
import { Subscription } from "./subscription.js";
import { socketUrl } from "./url.js";
import { whole, type Page } from "./values.js";
import { Watch } from "./watch.js";

/** The statuses of sessions of which nothing runs. */
export const SETTLED: ReadonlySet<Status> = new Set(["paused", "waiting", "completed", "failed", "cancelled"]);

/** What a call may be given beside its params. */
export interface CallOptions {
  /** Gives up waiting for the answer; what was asked for may be carried out all the same. */
  signal?: AbortSignal;
}

/** A method's params; they may be left out where none is required. */
export type Args<M extends MethodName> = {} extends Methods[M]["params"]
  ? [params?: Methods[M]["params"], options?: CallOptions]
  : [params: Methods[M]["params"], options?: CallOptions];

/** A call of a batch. */
export type BatchCall = { [M in MethodName]: { method: M } & ({} extends Methods[M]["params"] ? { params?: Methods[M]["params"] } : { params: Methods[M]["params"] }) }[MethodName];

/** What became of each call of a batch, as `Promise.allSettled` says it. */
export type BatchResults<T extends readonly BatchCall[]> = {
  -readonly [I in keyof T]: PromiseSettledResult<T[I] extends { method: infer M extends MethodName } ? Methods[M]["result"] : never>;
};

/** Which events, from where on. */
export interface EventsOptions<E extends EventName = EventName> {
  /** The last event that is not wanted. Default: 0, all are. */
  after?: number;
  /** Only these; all where it is left out. */
  types?: readonly E[] | null;
  /** Closes the subscription. */
  signal?: AbortSignal;
}

/** What `start` and `run` take: a query, or the params of `query.start`. */
export type Start = string | Omit<QueryStartParams, "subscribe">;

/** Connect once. Throws `CannotConnect`, `Unauthorized` where that fails; later it reconnects by itself, as `Client` does. */
export async function connect(url: string | URL, options: Options = {}): Promise<Client> {
  const client = new Client(url, options);
  await client.opened();
  return client;
}

/**
 * Calls to one server, and its sessions' events. It connects at once, and again whenever the connection breaks: events go on
 * after the last one, calls that are safe to repeat are repeated (a key makes those that start or move something so),
 * others throw `ConnectionLost`. Every method throws `RpcError` when the server answers with an error.
 */
export class Client {
  private readonly link: Link;
  // Connections for second readers of a session: the server allows one a connection.
  private readonly extra = new Set<Link>();
  private readonly listeners = new Set<(state: ConnectionState) => void>();
  private readonly nudge = () => this.reconnect();

  /** `url`: the server's, `http://` or `ws://`, with or without `/rpc`. Throws a `TypeError` for what is none. */
  constructor(
    url: string | URL,
    private readonly options: Options = {},
  ) {
    const page = (globalThis as { location?: { href?: string } }).location?.href;
    this.link = new Link(socketUrl(url, page), options);
    this.link.onState = (state) => {
      for (const listener of [...this.listeners]) listener(state);
    };
    // A page that comes back to the network need not wait for the next attempt.
    if (typeof globalThis.addEventListener === "function") globalThis.addEventListener("online", this.nudge);
    void this.link.open();
  }

  /** Of the server's socket. */
  get url(): string {
    return this.link.url;
  }

  /** Where the connection is now. */
  get state(): ConnectionState {
    return this.link.state;
  }

  /** Be told each new state, until the result is called. */
  onState(listener: (state: ConnectionState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Once it is open. Throws what the first attempt failed with. */
  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (state: ConnectionState) => {
        if (state.status === "connecting" && state.error === null) return;
        stop();
        if (state.status === "open") resolve();
        else {
          const error = state.error ?? new CannotConnect(`cannot connect to ${this.url}`);
          this.close();
          reject(error);
        }
      };
      const stop = this.onState(look);
      look(this.state);
    });
  }

  /** Try again now, where the next attempt is waited for. */
  reconnect(): void {
    for (const link of [this.link, ...this.extra]) link.nudge();
  }

  /** Close all connections. Runs go on: a session belongs to the server. */
  close(): void {
    if (typeof globalThis.removeEventListener === "function") globalThis.removeEventListener("online", this.nudge);
    for (const link of [this.link, ...this.extra]) link.close();
  }

  /** Any method's result. For events use `events` and `run`: those of a `subscribe` of your own have no reader here. */
  call<M extends MethodName>(method: M, ...[params, options]: Args<M>): Promise<Methods[M]["result"]> {
    const prepared = request(method, params);
    return this.link.call(method, prepared.params, { ...prepared, signal: options?.signal }) as Promise<Methods[M]["result"]>;
  }

  /** Several calls in one message; one that fails spoils no other. */
  async batch<const T extends readonly BatchCall[]>(calls: T): Promise<BatchResults<T>> {
    const requests = calls.map((one) => ({ method: one.method, ...request(one.method, one.params) }));
    return (await Promise.allSettled(this.link.batch(requests))) as BatchResults<T>;
  }

  /** A call that is carried out and never answered, not even with an error. */
  notify<M extends MethodName>(method: M, ...[params]: Args<M>): void {
    this.link.notify(method, params ?? {});
  }

  /** Start a query (or the params of `query.start`) without reading its events. */
  start(query: Start, options?: CallOptions): Promise<QueryStartResult> {
    return this.call("query.start", started(query), options);
  }

  /**
   * Start a query and give its events until it is over, asks, or is stopped by the debugger. The last one is then a
   * `session.status`. After an answer or a step, `follow` gives what comes next.
   */
  async *run(query: Start): AsyncGenerator<StepwireEvent, void, undefined> {
    const params = started(query);
    if (params.session_id != null) {
      // Somebody may be reading this session here already: let `follow` find a connection.
      const { session_id, run_id, seq } = await this.call("query.start", params);
      yield* this.follow(session_id, { after: seq, runId: run_id });
      return;
    }
    const { link } = this;
    let subscription: Subscription | null = null;
    // One round trip: the server subscribes this connection, and answers before the first event.
    const prepared = request("query.start", { ...params, subscribe: { batch: true } });
    const arrived = (result: unknown, sends: number) => {
      const { session_id, seq } = result as QueryStartResult;
      subscription = this.subscription(session_id, seq, null);
      if (sends === 1) subscription.state = "attached";
      link.subscriptions.add(subscription);
    };
    const { run_id } = (await link.call("query.start", prepared.params, { ...prepared, arrived })) as QueryStartResult;
    for await (const event of subscription as unknown as Subscription) {
      yield event;
      if (settles(event, run_id)) return;
    }
  }

  /**
   * A session's events until a run (`runId`, or any) is over, asks, or is stopped. Of a session that rests: those up to now,
   * none where there are none after `after`.
   */
  async *follow(sessionId: string, { after = 0, runId = null }: { after?: number; runId?: string | null } = {}): AsyncGenerator<StepwireEvent, void, undefined> {
    const record = await this.session(sessionId);
    const rests = SETTLED.has(record.status) || (runId !== null && record.run_id !== runId);
    if (rests && record.seq <= after) return;
    for await (const event of this.events(sessionId, { after })) {
      yield event;
      if (settles(event, runId) || (rests && event.params.seq >= record.seq)) return;
    }
  }

  /**
   * A session's events from `after + 1` on, each once and in order, over any number of reconnects: iterate the result, or its
   * `batches()`. Ends if the session is deleted, or by `close()`.
   */
  events<E extends EventName = EventName>(sessionId: string, { after = 0, types = null, signal }: EventsOptions<E> = {}): Subscription<E> {
    const subscription = this.subscription(sessionId, after, types);
    const { link, left } = this.linkFor(this.link.subscriptions.has(sessionId));
    link.subscriptions.add(subscription, left);
    closes(signal, subscription);
    return subscription;
  }

  /**
   * Each change of the sessions that the caller may see, over any number of reconnects: from `cursor` on, or from now. To show a list,
   * wait until it has `started()`, then `session.list`, and take what comes over the rows that there are.
   */
  watch({ cursor = null, signal }: { cursor?: string | null; signal?: AbortSignal } = {}): Watch {
    const watch = new Watch(cursor);
    const { link, left } = this.linkFor(this.link.watch !== null);
    link.watching(watch, left);
    closes(signal, watch);
    return watch;
  }

  /** One session with its result; `whole`: with what was cut out of that, however large it is. */
  async session(sessionId: string, options: { whole?: boolean } = {}): Promise<Session> {
    const found = await this.call("session.get", { session_id: sessionId });
    if (options.whole) found.result = await this.whole(sessionId, found.result);
    return found;
  }

  /** A value of one of the session's events or answers, with all that was cut out of it (`$cut`). */
  whole(sessionId: string, value: Json): Promise<Json> {
    return whole(value, (ref, start) => this.call("session.value", { session_id: sessionId, ref, start }) as Promise<Page>);
  }

  /** A connection of its own, where what is here is taken; `left` ends it. */
  private linkFor(another: boolean): { link: Link; left: () => void } {
    if (!another) return { link: this.link, left: () => {} };
    const link = new Link(this.link.url, this.options);
    this.extra.add(link);
    void link.open();
    const left = () => {
      this.extra.delete(link);
      link.close();
    };
    return { link, left };
  }

  private subscription<E extends EventName>(sessionId: string, after: number, types: readonly E[] | null): Subscription<E> {
    return new Subscription(sessionId, after, types, this.options.bufferBytes ?? 4 * 1024 * 1024);
  }
}

/** What is sent, and whether it may be sent again: a look, or a call with a key by which the server knows it again. */
function request(method: MethodName, given: object | undefined): { params: object; repeatable: boolean } {
  const params: Record<string, unknown> = { ...given };
  if (method === "query.start") params["subscribe"] ??= false;
  if (KEYED.has(method)) params["idempotency_key"] ??= key();
  return { params, repeatable: LOOKS.has(method) || KEYED.has(method) };
}

function closes(signal: AbortSignal | undefined, reader: { close(): void }): void {
  if (signal?.aborted) reader.close();
  else signal?.addEventListener("abort", () => reader.close(), { once: true });
}

function started(query: Start): QueryStartParams {
  return typeof query === "string" ? { query } : query;
}

/** A key that no other call has. */
function key(): string {
  // Pages that came by plain http have no `randomUUID`.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function settles(event: StepwireEvent, runId: string | null): boolean {
  return event.method === "session.status" && (runId === null || event.params.run_id === runId) && SETTLED.has(event.params.status);
}

