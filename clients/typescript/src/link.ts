// One connection that outlives its sockets: its calls in flight, its subscriptions, its reconnects.

import { Calls } from "./calls.js";
import { CannotConnect, ConnectionLost, RpcError, Unauthorized } from "./errors.js";
import type { Incoming, RpcFailure, RpcSuccess, StepwireEvent, WatchResult } from "./protocol.js";
import { openSocket, Refused, type OpenSocket, type SocketConstructor } from "./socket.js";
import { Subscriptions } from "./subscriptions.js";
import type { Watch } from "./watch.js";

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
const ANSWER_MS = 10_000;

/** How a client connects. */
export interface Options {
  /** Says who calls, where the server asks for it; a function is asked before each attempt. */
  token?: string | null | (() => string | null | Promise<string | null>);
  /** The constructor of sockets, where there is no global `WebSocket`: `import { WebSocket } from "ws"`. */
  WebSocket?: SocketConstructor;
  /** How long one attempt to connect may take. Default: 10,000. */
  openTimeoutMs?: number;
  /** How long to try again after the connection broke; null for ever, 0 not at all. Default: null. */
  reconnectMs?: number | null;
  /** After how long a silence the server is asked whether it is there; 0 for never. Default: 20,000. */
  heartbeatMs?: number;
  /** Of one subscription's events that wait for their reader. Default: 4 MiB. */
  bufferBytes?: number;
}

/** Where the connection is. A value of its own with each change. */
export interface ConnectionState {
  /** `connecting`: an attempt is under way. `waiting`: until the next one. `closed`: for good. */
  readonly status: "connecting" | "open" | "waiting" | "closed";
  /** How many attempts failed since it was open. */
  readonly attempt: number;
  /** When the next attempt is, in milliseconds since 1970; null where none is waited for. */
  readonly retryAt: number | null;
  /** Why it is not open, where that is known. */
  readonly error: Error | null;
}

/** Calls and subscriptions over one socket at a time. */
export class Link {
  readonly subscriptions = new Subscriptions();
  state: ConnectionState = { status: "connecting", attempt: 0, retryAt: null, error: null };
  /** Is told each new state. */
  onState: (state: ConnectionState) => void = () => {};
  /** Who is told of all sessions' changes; the server has one a connection. */
  watch: Watch | null = null;
  private readonly calls = new Calls();
  private readonly outbox: string[] = [];
  private socket: OpenSocket | null = null;
  private failure: ConnectionLost | null = null;
  private brokeAt = Date.now();
  private heardAt = 0;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private pulse: ReturnType<typeof setTimeout> | null = null;

  constructor(
    readonly url: string,
    readonly options: Options,
  ) {}

  /** The first attempt. Never throws: `state` tells what became of it. */
  async open(): Promise<void> {
    await this.attempt();
  }

  /** Close the socket; what still waits gets `ConnectionLost`. */
  close(): void {
    this.fail(new ConnectionLost("the client was closed"));
  }

  /** Try again now, where the next attempt is waited for; else see whether the server is there. */
  nudge(): void {
    if (this.retry !== null) {
      clearTimeout(this.retry);
      this.retry = null;
      void this.attempt();
    } else if (this.socket !== null && Date.now() - this.heardAt > 1_000) {
      this.ask(this.socket);
    }
  }

  /** The call's result. Throws `RpcError`, `ConnectionLost`, the signal's reason. */
  call(
    method: string,
    params: object,
    options: { repeatable: boolean; arrived?: (result: unknown, sends: number) => void; signal?: AbortSignal | undefined },
  ): Promise<unknown> {
    if (this.failure !== null) return Promise.reject(this.failure);
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const { call, answer } = this.calls.begin(method, params, options.repeatable, options.arrived);
    if (signal !== undefined) {
      const abort = () => {
        this.calls.end(call);
        call.reject(signal.reason as Error);
      };
      signal.addEventListener("abort", abort, { once: true });
      const done = () => signal.removeEventListener("abort", abort);
      answer.then(done, done);
    }
    if (this.socket !== null) {
      call.sends += 1;
      this.socket.send(call.message);
    }
    return answer;
  }

  /** Several calls in one frame; each has an answer of its own. */
  batch(requests: readonly { method: string; params: object; repeatable: boolean }[]): Promise<unknown>[] {
    if (this.failure !== null) return requests.map(() => Promise.reject(this.failure as Error));
    const begun = requests.map((one) => this.calls.begin(one.method, one.params, one.repeatable));
    if (this.socket !== null && begun.length > 0) {
      const frame = `[${begun.map(({ call }) => call.message).join(",")}]`;
      for (const { call } of begun) {
        Object.assign(call, { batch: begun.length, size: frame.length });
        call.sends += 1;
      }
      this.socket.send(frame);
    }
    return begun.map(({ answer }) => answer);
  }

  /** A call that nobody answers. Throws `ConnectionLost` where there will be no connection. */
  notify(method: string, params: object): void {
    if (this.failure !== null) throw this.failure;
    const message = JSON.stringify({ jsonrpc: "2.0", method, params });
    if (this.socket !== null) this.socket.send(message);
    else this.outbox.push(message);
  }

  private async attempt(): Promise<void> {
    if (this.failure !== null) return;
    this.become({ status: "connecting", retryAt: null });
    const { options } = this;
    try {
      const constructor = options.WebSocket ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
      if (constructor === undefined) throw new Refused("there is no WebSocket here: give one as the option `WebSocket`", true);
      const token = typeof options.token === "function" ? await options.token() : options.token;
      let socket: OpenSocket | null = null;
      socket = await openSocket(this.url, token, constructor, options.openTimeoutMs ?? 10_000, {
        text: (frame) => this.heard(frame),
        closed: (why) => this.broke(socket, why),
      });
      // It was closed meanwhile.
      if (this.failure !== null) socket.drop(1000);
      else this.use(socket);
    } catch (error) {
      const why = error instanceof Error ? error : new CannotConnect(String(error));
      this.again(why, why instanceof Unauthorized || (why instanceof Refused && why.final) || why instanceof TypeError);
    }
  }

  private use(socket: OpenSocket): void {
    this.socket = socket;
    this.heardAt = Date.now();
    for (const message of this.outbox.splice(0)) socket.send(message);
    for (const call of this.calls.all()) {
      call.sends += 1;
      socket.send(call.message);
    }
    this.become({ status: "open", attempt: 0, retryAt: null, error: null });
    // What a subscription needs is decided anew on the next connection.
    this.subscriptions.connected((method, params) => this.call(method, params, { repeatable: false }));
    this.askToWatch();
    this.beat();
  }

  /** Have a reader told of all sessions' changes until it leaves; `left` is called then. */
  watching(watch: Watch, left: () => void): void {
    this.watch = watch;
    watch.left = () => {
      if (this.watch === watch) {
        this.watch = null;
        if (this.socket !== null) this.call("session.unwatch", {}, { repeatable: false }).catch(() => {});
      }
      left();
    };
    if (this.failure !== null) watch.fail(this.failure);
    else this.askToWatch();
  }

  private askToWatch(): void {
    const { watch } = this;
    if (watch === null || watch.over || this.socket === null) return;
    const arrived = (result: unknown) => watch.begun((result as WatchResult).cursor);
    this.call("session.watch", { cursor: watch.reached, batch: true }, { repeatable: false, arrived }).catch((error: Error) => {
      // What the connection did not carry is asked for anew on the next one.
      if (error instanceof RpcError) watch.fail(error);
    });
  }

  private heard(frame: string): void {
    this.heardAt = Date.now();
    let incoming: Incoming;
    try {
      incoming = JSON.parse(frame) as Incoming;
    } catch {
      this.fail(new ConnectionLost(`${this.url} sent what is no message of the protocol`));
      return;
    }
    const events: StepwireEvent[] = [];
    for (const message of Array.isArray(incoming) ? incoming : [incoming]) {
      if ("method" in message) {
        // Other notifications may come from later servers.
        const { params } = message as { params?: { session_id?: unknown; seq?: unknown } };
        if (message.method === "session.changed") this.watch?.offer(message.params);
        else if (typeof params?.session_id === "string" && typeof params.seq === "number") events.push(message);
      } else if ("error" in message) this.calls.refused(message as RpcFailure);
      else if (typeof message.id === "number") this.calls.answered(message.id, (message as RpcSuccess).result);
    }
    if (events.length > 0) this.subscriptions.handOver(events, frame.length);
  }

  private broke(socket: OpenSocket | null, why: Error): void {
    if (this.socket !== socket || socket === null) return;
    this.gone();
    this.again(why, why instanceof Unauthorized);
  }

  /** There is no socket any more. */
  private gone(): void {
    this.socket = null;
    this.brokeAt = Date.now();
    if (this.pulse !== null) clearTimeout(this.pulse);
    this.pulse = null;
    this.calls.disconnected();
    this.subscriptions.disconnected();
  }

  /** Try again later; `final`: never. */
  private again(why: Error, final: boolean): void {
    if (this.failure !== null) return;
    const attempt = this.state.status === "open" ? 0 : this.state.attempt + 1;
    const patience = this.options.reconnectMs ?? null;
    const left = patience === null ? Infinity : this.brokeAt + patience - Date.now();
    if (final || left <= 0) {
      this.fail(why instanceof ConnectionLost ? why : new CannotConnect(why.message));
      return;
    }
    // Growing, random pauses: the clients of a server that comes back do not come all at once.
    const pause = Math.min(left, Math.random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt));
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.attempt();
    }, pause);
    this.become({ status: "waiting", attempt, retryAt: Date.now() + pause, error: why });
  }

  private fail(error: ConnectionLost): void {
    if (this.failure !== null) return;
    this.failure = error;
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
    const { socket } = this;
    if (socket !== null) {
      this.gone();
      socket.drop(1000);
    }
    this.calls.fail(error);
    this.subscriptions.fail(error);
    this.watch?.fail(error);
    this.become({ status: "closed", retryAt: null, error });
  }

  /** A network that breaks in silence is noticed by asking. */
  private beat(): void {
    const every = this.options.heartbeatMs ?? 20_000;
    const { socket } = this;
    if (every <= 0 || socket === null) return;
    const wait = Math.max(0, this.heardAt + every - Date.now());
    this.pulse = unheld(setTimeout(() => (wait === 0 ? this.ask(socket) : this.beat()), wait));
  }

  private ask(socket: OpenSocket): void {
    if (this.socket !== socket) return;
    if (this.pulse !== null) clearTimeout(this.pulse);
    const asked = Date.now();
    this.call("graph.list", {}, { repeatable: false }).catch(() => {});
    const look = () => {
      if (this.heardAt >= asked) {
        this.beat();
        return;
      }
      socket.drop();
      this.broke(socket, new CannotConnect(`${this.url} was silent for ${Date.now() - this.heardAt} ms`));
    };
    this.pulse = unheld(setTimeout(look, Math.min(this.options.heartbeatMs || ANSWER_MS, ANSWER_MS)));
  }

  private become(change: Partial<ConnectionState>): void {
    this.state = { ...this.state, ...change };
    this.onState(this.state);
  }
}

/** A timer that keeps no process of Node alive. */
function unheld<T>(timer: T): T {
  (timer as { unref?: () => void }).unref?.();
  return timer;
}
