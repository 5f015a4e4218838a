// The server whose sessions are shown: one client, made anew when the settings name another server or token.

import { Client, type Args, type Methods, type MethodName, type Session, type SessionChanged } from "@stepwire/client";
import { WebSocket } from "ws";

export type { Session };

/** How long a call waits for a server that does not answer. */
const PATIENCE_MS = 10_000;

/** A server's sessions, and that they change. */
export class Server {
  private client: Client | null = null;
  private key = "";

  /** `changed` is called whenever some session is another, or the server comes or goes. */
  constructor(private readonly changed: (changes: SessionChanged[]) => void) {}

  /** Speak to this server from here on. */
  use(url: string, token: string): Client {
    const key = JSON.stringify([url, token]);
    if (this.client !== null && key === this.key && this.client.state.status !== "closed") return this.client;
    this.close();
    // VS Code's own Node may be older than its WebSocket.
    const client = new Client(url, { token: token === "" ? null : token, WebSocket });
    this.client = client;
    this.key = key;
    client.onState(({ status }) => {
      if (status === "open" || status === "closed") this.changed([]);
    });
    void this.watch(client);
    return client;
  }

  /** Calls a method. Throws with the server's words where it refuses, or does not answer. */
  call<M extends MethodName>(client: Client, method: M, params: Methods[M]["params"]): Promise<Methods[M]["result"]> {
    const options = { signal: AbortSignal.timeout(PATIENCE_MS) };
    return client.call(method, ...([params, options] as unknown as Args<M>));
  }

  close(): void {
    this.client?.close();
    this.client = null;
  }

  private async watch(client: Client): Promise<void> {
    const over = () => client.state.status === "closed";
    while (!over()) {
      try {
        for await (const changes of client.watch()) this.changed(changes);
      } catch {
        // The server cannot say what happened since: all of it is read anew. Where it is gone for good, that is shown.
        this.changed([]);
        if (!over()) await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    }
  }
}
