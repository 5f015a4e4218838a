import { ConnectionLost, RpcError } from "@stepwire/client";

import { Store } from "../lib/store";

export interface Notice {
  id: number;
  tone: "info" | "bad";
  text: string;
}

/** What a person is told in passing. */
export const notices = new Store<Notice[]>([]);
let last = 0;

export function tell(text: string, tone: Notice["tone"] = "info"): void {
  const notice = { id: ++last, tone, text };
  notices.update((all) => [...all.slice(-3), notice]);
  setTimeout(() => dismiss(notice.id), tone === "bad" ? 12_000 : 5_000);
}

export function dismiss(id: number): void {
  notices.update((all) => all.filter((one) => one.id !== id));
}

/** What went wrong, for a person. */
export function said(error: unknown): string {
  if (error instanceof RpcError) return error.detail;
  if (error instanceof ConnectionLost) return `The server was not reached: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** Do what may fail, and say so where it does. */
export async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    tell(said(error), "bad");
    return undefined;
  }
}
