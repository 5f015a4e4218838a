// One WebSocket at a time, of a browser, of Node, or of a library.

import { CannotConnect, Unauthorized } from "./errors.js";
import { postUrl, subprotocols } from "./url.js";

/** What is used of a WebSocket. */
export interface SocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Of `ws`: without the closing handshake. */
  terminate?(): void;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
}

/** `WebSocket` of browsers and of Node from 22 on; that of the package `ws` for older ones. */
export type SocketConstructor = new (url: string, protocols?: string[]) => SocketLike;

/** By this code a server closes the socket of who may not call (any more). */
export const UNAUTHORIZED_CLOSE = 4401;

/** What a connection tells. `closed` is the last. */
export interface SocketEvents {
  text(frame: string): void;
  closed(why: Error): void;
}

/** An open connection. */
export interface OpenSocket {
  send(text: string): void;
  /** Leave it: nothing is told any more. */
  drop(code?: number): void;
}

/** One attempt. Throws `CannotConnect`, `Unauthorized`. */
export async function openSocket(
  url: string,
  token: string | null | undefined,
  constructor: SocketConstructor,
  timeoutMs: number,
  events: SocketEvents,
): Promise<OpenSocket> {
  const offered = subprotocols(token);
  try {
    return await opened(url, offered, constructor, timeoutMs, events);
  } catch (error) {
    // A handshake that was refused tells a page nothing; a call may.
    if (error instanceof Unauthorized) throw error;
    throw (await refusal(url, token, timeoutMs)) ?? error;
  }
}

function opened(
  url: string,
  offered: string[],
  constructor: SocketConstructor,
  timeoutMs: number,
  events: SocketEvents,
): Promise<OpenSocket> {
  return new Promise((resolve, reject) => {
    const socket = offered.length > 0 ? new constructor(url, offered) : new constructor(url);
    let open = false;
    let said = "";
    const drop = (code?: number) => {
      clearTimeout(timer);
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.onerror = () => {};
      try {
        // Whoever does not answer would be waited for.
        if (code === undefined && socket.terminate !== undefined) socket.terminate();
        else socket.close(code);
      } catch {
        // It was never open, or is closed: some constructors throw then.
      }
    };
    const fail = (why: Error) => {
      drop();
      if (open) events.closed(why);
      else reject(why);
    };
    const timer = setTimeout(() => fail(new CannotConnect(`no answer from ${url} in ${timeoutMs} ms`)), timeoutMs);
    socket.onopen = () => {
      clearTimeout(timer);
      open = true;
      resolve({ send: (text) => socket.send(text), drop });
    };
    socket.onmessage = (event: { data: unknown }) => {
      if (typeof event.data === "string") events.text(event.data);
    };
    socket.onerror = (event: { message?: string }) => {
      said = event.message ?? "";
    };
    socket.onclose = (event: { code?: number; reason?: string }) => {
      const reason = event.reason ?? "";
      if (event.code === UNAUTHORIZED_CLOSE) fail(new Unauthorized(reason || "the server wants to know who calls"));
      else if (open) fail(new CannotConnect(`the connection to ${url} broke (${event.code}${reason && `: ${reason}`})`));
      else fail(new CannotConnect(`cannot connect to ${url}${said && `: ${said}`}`));
    };
  });
}

/** Why a server does not let us in, where it answers a call at all. */
async function refusal(url: string, token: string | null | undefined, timeoutMs: number): Promise<Error | null> {
  if (typeof fetch !== "function") return null;
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token) headers["authorization"] = `Bearer ${token.trim()}`;
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), timeoutMs);
  try {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "graph.list" });
    const answer = await fetch(postUrl(url), { method: "POST", headers, body, signal: aborter.signal });
    if (answer.ok) return null;
    const said = (await answer.json().catch(() => null)) as { detail?: string; error?: { data?: { detail?: string } } } | null;
    const why = said?.detail ?? said?.error?.data?.detail ?? answer.statusText;
    if (answer.status === 401) return new Unauthorized(why);
    return new Refused(`${url} answered ${answer.status}: ${why}`, answer.status === 403);
  } catch {
    // It does not answer, or may not be read from here: the socket's own failure says as much.
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** The server answered, and does not let us in. `final`: trying again is of no use. */
export class Refused extends CannotConnect {
  override name = "Refused";

  constructor(
    message: string,
    readonly final: boolean,
  ) {
    super(message);
  }
}
