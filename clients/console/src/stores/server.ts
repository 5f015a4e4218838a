import { Client, isRpcError, Unauthorized, type ConnectionState } from "@stepwire/client";

import { Store } from "../lib/store";
import type { DescribeResult, GraphSummary, ServerInfoResult } from "../model/wire";

/** The path under which the app is mounted, without a slash at its end: this file comes from `BASE/orchestrator/ui/`. */
export const BASE = import.meta.env.DEV ? "" : new URL(/* @vite-ignore */ "../..", import.meta.url).pathname.replace(/\/$/, "");
const ADDRESS = `${location.origin}${BASE}/rpc`;
const TOKEN = "stepwire.token";

/** What the whole page has of its server: one client, and what it serves. */
export class Server {
  client: Client;
  readonly state: Store<ConnectionState>;
  /** Whether the server wants to know who calls, and why. */
  readonly asksToken = new Store<string | null>(null);
  readonly info = new Store<ServerInfoResult | null>(null);
  readonly graphs = new Store<GraphSummary[]>([]);
  readonly descriptions = new Store<ReadonlyMap<string, DescribeResult>>(new Map());
  /** Grows with each connection: what depends on one is made anew. */
  readonly epoch = new Store(0);
  private readonly describing = new Map<string, Promise<DescribeResult>>();

  constructor() {
    this.client = this.connected();
    this.state = new Store(this.client.state);
  }

  /** Say who calls, from now on; kept for this tab only. */
  sayToken(token: string): void {
    sessionStorage.setItem(TOKEN, token.trim());
    this.client.close();
    this.asksToken.set(null);
    this.client = this.connected();
    this.epoch.update((value) => value + 1);
  }

  /** What a graph looks like; whoever asks while it is asked for gets the same answer. Throws `RpcError`, `ConnectionLost`. */
  describe(graph: string): Promise<DescribeResult> {
    const known = this.descriptions.get().get(graph);
    if (known) return Promise.resolve(known);
    let asked = this.describing.get(graph);
    if (asked === undefined) {
      asked = this.askFor(graph).finally(() => this.describing.delete(graph));
      this.describing.set(graph, asked);
    }
    return asked;
  }

  private async askFor(graph: string): Promise<DescribeResult> {
    const found = await this.client.call("graph.describe", { graph });
    this.descriptions.update((all) => new Map(all).set(graph, found));
    return found;
  }

  private connected(): Client {
    const client = new Client(ADDRESS, { token: sessionStorage.getItem(TOKEN), heartbeatMs: 10_000 });
    client.onState((state) => {
      if (client !== this.client) return;
      this.state.set(state);
      if (state.error instanceof Unauthorized) this.asksToken.set(state.error.message);
      if (state.status === "open") void this.greet(client);
    });
    return client;
  }

  /** Ask who serves what: at first, and again where it may be another server. */
  private async greet(client: Client): Promise<void> {
    try {
      const [info, list] = await Promise.all([client.call("server.info"), client.call("graph.list")]);
      const before = this.info.get();
      if (before !== null && before.instance_id !== info.instance_id) this.descriptions.set(new Map());
      this.info.set(info);
      this.graphs.set(list.graphs);
    } catch (error) {
      if (isRpcError(error, "unauthorized")) this.asksToken.set(error.detail);
      // Else the connection broke; the next one asks again.
    }
  }
}

export const server = new Server();
